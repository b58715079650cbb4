"""`Block`, the thing that every layer and every net is."""

import copy
from collections.abc import Iterator
from typing import Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.initializers import Initializer, get


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

    def __init__(self) -> None:
        self.params: dict[str, np.ndarray] = {}
        self.grads: dict[str, np.ndarray] = {}
        self.buffers: dict[str, np.ndarray] = {}

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> Self:
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

    def _has_own_backward(self, cls: type["Block"]) -> bool:
        """Whether `backward` is another than that of `cls`, whose shortcuts then do not hold."""
        return getattr(self.backward, "__func__", None) is not cls.backward

    def leaves(self) -> dict[str, "Block"]:
        """Return its layers by the prefix of their arrays' names; a single layer is its own leaf."""
        return {"": self}

    def blocks(self) -> Iterator["Block"]:
        """Yield the block itself and every block inside it."""
        yield self

    def astype(self, dtype: np.dtype | type) -> Self:
        """Return a copy of the block whose parameters, gradients and buffers are of another float type.

        An array that stands in several places (see `Shared`) is one array in the copy too.

        Parameters
        ----------
        dtype : dtype
            ``np.float64``, for measurements that take differences, or ``np.float32``.

        Raises
        ------
        TypeError
            If it is no float type.
        """
        if np.dtype(dtype).kind != "f":
            raise TypeError(f"dtype must be a float type such as np.float64; got {dtype!r}.")
        made = copy.deepcopy(self)
        for leaf in made.leaves().values():
            # Of a shared layer these are the same dicts at each of its places.
            for arrays in (leaf.params, leaf.grads, leaf.buffers):
                arrays.update({name: array.astype(dtype, copy=False) for name, array in arrays.items()})
        return made

    def __call__(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Do the same as `forward`."""
        return self.forward(x, training=training)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
