"""`Composite`, a block made of blocks: what `Sequential` and blocks of your own have in common."""

import functools
from collections.abc import Callable, Iterator
from typing import Any, Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer, get
from coursekit.nn.named_arrays import NamedArrays
from coursekit.nn.snapshot import unchanged_if_refused


class Composite(Block):
    """A block made of other blocks, which it finds among its attributes.

    A subclass makes its parts in ``__init__`` and says in `forward` and `backward` how they are joined.
    Parameters by name, gradients, buffers, initialization, saving and optimizers then work as for a layer:
    the "W" of the attribute ``body`` is ``net.params["body.W"]``. Parts may also stand in a list or a dict.

    If a part refuses, in a forward or a backward pass, all parts are put back: sizes, parameters, running
    statistics, generators.

    Examples
    --------
    A residual block, y = x + f(x)::

        class Residual(nn.Composite):
            def __init__(self, body):
                self.body = body

            def forward(self, x, *, training=False):
                return x + self.body.forward(x, training=training)

            def backward(self, dy):
                return dy + self.body.backward(dy)
    """

    def __init__(self):
        """Make no arrays: those of the parts are the block's."""

    def __init_subclass__(cls, **more: object):
        super().__init_subclass__(**more)
        for name in ("forward", "backward", "fill_grads"):
            if name in vars(cls):
                setattr(cls, name, _all_or_nothing(vars(cls)[name]))

    def parts(self) -> dict[str, Block]:
        """Return the blocks that it is made of, by the names that their arrays' names begin with."""
        return dict(_blocks_among(vars(self)))

    def blocks(self) -> Iterator[Block]:
        """Yield the block itself and every block inside it."""
        yield self
        for part in self.parts().values():
            yield from part.blocks()

    def leaves(self) -> dict[str, Block]:
        """Return the layers at the bottom of it, by the prefix of their names: "0.", "body.1." and so on.

        Raises
        ------
        ValueError
            If one stands in two places: `backward` needs what each forward pass kept.
        """
        leaves = {
            f"{name}.{prefix}": leaf
            for name, part in self.parts().items()
            for prefix, leaf in part.leaves().items()
        }
        if len({id(leaf) for leaf in leaves.values()}) < len(leaves):
            raise ValueError(
                "the same layer object stands in two places: make a new one for each, or share its "
                "parameters with Shared(layer)."
            )
        return leaves

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> Self:
        """Initialize every part; layers of unknown size draw at the first forward, in order."""
        scheme, rng = get(scheme), checks.generator(rng)
        for part in self.parts().values():
            part.initialize(scheme, rng)
        return self

    def _collect(self, kind: str) -> NamedArrays:
        named: dict[int, tuple[str, np.ndarray]] = {}
        for prefix, leaf in self.leaves().items():
            for name, array in getattr(leaf, kind).items():
                named.setdefault(id(array), (prefix + name, array))
        return NamedArrays(dict(named.values()))

    @property
    def params(self) -> NamedArrays:  # type: ignore[override]  # made of its parts, read-only
        """All parameters by name; the arrays are the layers' own, so writing into one takes effect.

        An array that stands in several places (see `Shared`) has the name of its first.
        """
        return self._collect("params")

    @property
    def grads(self) -> NamedArrays:  # type: ignore[override]  # made of its parts, read-only
        """All gradients, under the names of `params`: for a shared array, the sum over its places."""
        parts: dict[int, tuple[str, list[Any]]] = {}  # None: no gradient yet
        for prefix, leaf in self.leaves().items():
            for name, array in leaf.params.items():
                _, found = parts.setdefault(id(array), (prefix + name, []))
                found.append(leaf.grads.get(name))
        return NamedArrays(
            {
                name: sum(found[1:], start=found[0])
                for name, found in parts.values()
                if not any(gradient is None for gradient in found)
            }
        )

    @property
    def buffers(self) -> NamedArrays:  # type: ignore[override]  # made of its parts, read-only
        """All buffers by name."""
        return self._collect("buffers")

    def __repr__(self) -> str:
        inside = "".join(f"  {name}: {part!r},\n" for name, part in self.parts().items())
        return f"{type(self).__name__}(\n{inside})"


def _blocks_among(named):
    """Yield name and block for each block among the values, also of lists and dicts there."""
    for name, value in named.items():
        if isinstance(value, Block):
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}.{key}", block) for key, block in _blocks_among(value))
        elif isinstance(value, list | tuple):
            inside = _blocks_among(dict(enumerate(value)))
            yield from ((f"{name}.{key}", block) for key, block in inside)


def _all_or_nothing(method: Callable) -> Callable:
    """Return a pass that puts all parts back if one of them refuses."""

    @functools.wraps(method)
    def guarded(self, *args, **kwargs):
        with unchanged_if_refused(self):
            return method(self, *args, **kwargs)

    return guarded
