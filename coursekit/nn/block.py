"""`Block`, the thing every layer is, and `Sequential`, a chain of them."""

import numpy as np

from coursekit.nn import checks
from coursekit.nn.initializers import Initializer, get
from coursekit.nn.named_arrays import NamedArrays
from coursekit.nn.snapshot import unchanged_if_refused


class Block:
    """A piece of a network: a forward pass, its hand-written backward pass, and its parameters.

    Attributes
    ----------
    params : dict of str to ndarray
        What an optimizer changes ("W", "b", "gamma", "beta"). Empty until the sizes are known.
    grads : dict of str to ndarray
        dC/d(parameter) under the same names, filled by `backward`.
    buffers : dict of str to ndarray
        What the layer remembers but no optimizer touches, such as running statistics.
    rng : numpy.random.Generator or None
        What `forward` draws from, if it draws at all, as dropout does.
    learns : bool
        Whether a layer of this kind has parameters, once its sizes are known.

    Notes
    -----
    Layers keep what `backward` needs, and do not copy it: the array that came in, or the one that went
    out. So write into neither between a forward pass and its backward pass.
    """

    rng: np.random.Generator | None = None
    learns: bool = False

    def __init__(self):
        self.params: dict[str, np.ndarray] = {}
        self.grads: dict[str, np.ndarray] = {}
        self.buffers: dict[str, np.ndarray] = {}

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> "Block":
        """Choose how weights are drawn; a block without weights has nothing to do.

        Parameters
        ----------
        scheme : str or Initializer
            A name from `initializers.SCHEMES`, or an initializer such as `initializers.normal(0.01)`.
        rng : numpy.random.Generator
            Where the draws come from.

        Returns
        -------
        Block
            The block itself, so that calls can be chained.
        """
        get(scheme)
        checks.generator(rng)
        return self

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return the output for the batch `x`; `training` chooses the mode."""
        raise NotImplementedError(f"{type(self).__name__} has to define forward(x, *, training).")

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Take dC/dy, fill `grads`, return dC/dx."""
        raise NotImplementedError(f"{type(self).__name__} has to define backward(dy).")

    def fill_grads(self, dy: np.ndarray) -> None:
        """Fill `grads` as `backward` does, for a first layer: nobody needs dC/dx of the data.

        A layer may leave that product out; this one does not.
        """
        self.backward(dy)

    def _has_own_backward(self, cls: type) -> bool:
        """Whether `backward` is another than that of `cls`, whose shortcuts then do not hold."""
        return getattr(self.backward, "__func__", None) is not cls.backward

    def leaves(self) -> dict[str, "Block"]:
        """Return the blocks that own parameters or buffers, by the prefix of their names."""
        return {"": self}

    def __call__(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Do the same as `forward`."""
        return self.forward(x, training=training)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Sequential(Block):
    """Blocks one after another: y = f_L(... f_2(f_1(x))).

    Parameters
    ----------
    *layers : Block
        At least one. ``net.layers[i]`` is the i-th; its "W" is ``net.params["i.W"]``.

    Raises
    ------
    TypeError
        If a layer is no Block.
    ValueError
        If there is none, or one stands in two places (backward needs what each forward kept).
    """

    def __init__(self, *layers: Block):
        if not layers:
            raise ValueError("Sequential needs at least one layer, such as Dense(10).")
        for position, layer in enumerate(layers):
            if not isinstance(layer, Block):
                raise TypeError(f"layer {position} must be a Block such as Dense(10); got {layer!r}.")
        leaves = [leaf for layer in layers for leaf in layer.leaves().values()]
        if len({id(leaf) for leaf in leaves}) < len(leaves):
            raise ValueError(
                "the same layer object stands in two places: make a new one for each, or share its "
                "parameters with Shared(layer)."
            )
        self.layers = list(layers)

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> "Sequential":
        """Initialize every layer; layers of unknown size draw at the first forward, in order."""
        scheme = get(scheme)
        for layer in self.layers:
            layer.initialize(scheme, rng)
        return self

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Pass `x` through all layers and return the last output.

        If a layer refuses, all layers are put back: sizes, parameters, running statistics, generators.
        """
        checks.flag("training", training)
        with unchanged_if_refused(self):
            for layer in self.layers:
                x = layer.forward(x, training=training)
        return x

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Pass dC/dy back through all layers, last first, and return dC/dx.

        If a layer refuses, all `grads` are put back.
        """
        with unchanged_if_refused(self):
            for layer in reversed(self.layers):
                dy = layer.backward(dy)
        return dy

    def fill_grads(self, dy: np.ndarray) -> None:
        """Fill all `grads`; stop at the first layer with parameters, whose dC/dx nobody needs."""
        if self._has_own_backward(Sequential):
            return super().fill_grads(dy)
        first = next((i for i, layer in enumerate(self.layers) if layer.params), 0)
        with unchanged_if_refused(self):
            for layer in reversed(self.layers[first + 1 :]):
                dy = layer.backward(dy)
            self.layers[first].fill_grads(dy)

    def leaves(self) -> dict[str, Block]:
        """Return every layer that owns parameters, under "0.", "1.", "2.0." and so on."""
        return {
            f"{position}.{prefix}": leaf
            for position, layer in enumerate(self.layers)
            for prefix, leaf in layer.leaves().items()
        }

    def _collect(self, kind: str) -> NamedArrays:
        named = {}
        for prefix, leaf in self.leaves().items():
            for name, array in getattr(leaf, kind).items():
                named.setdefault(id(array), (prefix + name, array))
        return NamedArrays(dict(named.values()))

    @property
    def params(self) -> NamedArrays:
        """All parameters by name; the arrays are the layers' own, so writing into one takes effect.

        An array that stands in several places (see `Shared`) has the name of its first.
        """
        return self._collect("params")

    @property
    def grads(self) -> NamedArrays:
        """All gradients, under the names of `params`: for a shared array, the sum over its places."""
        parts = {}
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
    def buffers(self) -> NamedArrays:
        """All buffers by name."""
        return self._collect("buffers")

    def __repr__(self) -> str:
        return "Sequential(\n" + "".join(f"  {layer!r},\n" for layer in self.layers) + ")"
