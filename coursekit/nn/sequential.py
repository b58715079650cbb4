"""`Sequential`, blocks one after another."""

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.composite import Composite


class Sequential(Composite):
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
        self.layers = list(layers)
        self.leaves()  # refuses a layer that stands in two places

    def parts(self) -> dict[str, Block]:
        """Return the layers under "0", "1" and so on."""
        return {str(position): layer for position, layer in enumerate(self.layers)}

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Pass `x` through all layers and return the last output."""
        checks.flag("training", training)
        for layer in self.layers:
            x = layer.forward(x, training=training)
        return x

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Pass dC/dy back through all layers, last first, and return dC/dx."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def fill_grads(self, dy: np.ndarray) -> None:
        """Fill all `grads`; stop at the first layer with parameters, whose dC/dx nobody needs."""
        if self._has_own_backward(Sequential):
            return super().fill_grads(dy)
        first = next((i for i, layer in enumerate(self.layers) if layer.params), 0)
        for layer in reversed(self.layers[first + 1 :]):
            dy = layer.backward(dy)
        self.layers[first].fill_grads(dy)

    def __repr__(self) -> str:
        return "Sequential(\n" + "".join(f"  {layer!r},\n" for layer in self.layers) + ")"
