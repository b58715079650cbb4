"""Watch any net at work: be told of every layer's passes, however deep it stands inside other blocks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from coursekit import nn

# Called with a layer, what went into its pass and what came out of it.
Seen = Callable[[nn.Block, np.ndarray, np.ndarray], None]


@contextmanager
def watching(net: nn.Block, *, forward: Seen | None = None, backward: Seen | None = None) -> Iterator[None]:
    """Tell of each pass of each layer of `net` for the length of a ``with`` block.

    Parameters
    ----------
    net : Block
        A layer or a net; the layers at its bottom (`leaves`) are watched, in whatever blocks they stand.
    forward : callable, optional
        Called with the layer, x and y after each forward pass.
    backward : callable, optional
        Called with the layer, dC/dy and dC/dx after each backward pass.

    Notes
    -----
    An attribute of an object hides the method of its class: while the layer is watched, its `forward` is a
    function that calls the method and then tells of it. So layers need no code for being watched.
    """
    leaves = list(net.leaves().values())
    for leaf in leaves:
        for name, seen in (("forward", forward), ("backward", backward)):
            if seen is not None:
                setattr(leaf, name, _told(leaf, getattr(leaf, name), seen))
    try:
        yield
    finally:
        for leaf in leaves:
            for name in ("forward", "backward"):
                vars(leaf).pop(name, None)


def _told(leaf, method, seen):
    def told(given, **mode):
        out = method(given, **mode)
        seen(leaf, given, out)
        return out

    return told
