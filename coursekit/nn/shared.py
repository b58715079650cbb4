"""One layer's parameters at a second place of a net."""

import copy

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block


class Shared(Block):
    r"""A second place for a layer: the same arrays W, b, …, and a memory of its own for backward.

    With :math:`h_1 = f(x; W)` and :math:`h_2 = f(h_1; W)` the loss depends on W twice, so by the chain rule
    :math:`\partial C/\partial W` is the sum over both places. The net does the adding: its `params` name a
    shared array once, by its first place, and its `grads` hold the sum there. So an optimizer moves it
    once a step, and it is saved once.

    Parameters
    ----------
    layer : Block
        A single layer such as ``Dense(8)``; it usually stands earlier in the same net. It draws the
        parameters; to `initialize` the second place does nothing.

    Raises
    ------
    TypeError
        If `layer` is no single layer.

    Examples
    --------
    ``hidden = Dense(8)`` and then ``Sequential(hidden, Tanh(), Shared(hidden), Tanh(), Dense(10))``.
    """

    def __init__(self, layer: Block):
        if not isinstance(layer, Block) or list(layer.leaves().values()) != [layer]:
            raise TypeError(f"Shared takes a single layer such as a Dense; got {layer!r}.")
        if isinstance(layer, Shared):
            raise TypeError("Shared takes the layer itself, not another Shared of it.")
        self.layer = layer
        self.grads: dict[str, np.ndarray] = {}
        self._place: Block | None = None

    @property
    def params(self) -> dict[str, np.ndarray]:  # type: ignore[override]  # the layer's, read-only
        """The layer's own parameters."""
        return self.layer.params

    @property
    def buffers(self) -> dict[str, np.ndarray]:  # type: ignore[override]  # the layer's, read-only
        """The layer's own buffers."""
        return self.layer.buffers

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Do what the layer does.

        Raises
        ------
        RuntimeError
            If the layer has no parameters, or none as yet.
        """
        if not self.layer.params:
            raise RuntimeError(
                f"{self.layer!r} has no parameters to share yet: it has to be initialized, and to stand "
                "before its Shared place or know its sizes."
            )
        place = copy.copy(self.layer)  # the same dictionaries of arrays, another memory of x
        place.grads = {}
        for watched in ("forward", "backward"):  # what watches the layer has not come to watch this place
            vars(place).pop(watched, None)
        y = place.forward(x, training=training)
        self._place = place
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill `grads` with this place's part of the sum; return dC/dx."""
        place = checks.after_forward(self, self._place)
        dx = place.backward(dy)
        self.grads = place.grads
        return dx

    def __repr__(self) -> str:
        return f"Shared({self.layer!r})"
