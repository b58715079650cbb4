"""From images to rows of numbers, as a dense layer takes them."""

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block


class Flatten(Block):
    """Each sample becomes one row: (N, C, H, W) → (N, C · H · W), channel by channel, row by row.

    Any number of axes from two on is accepted; only the first is kept. Where NumPy can, the output is a
    view of the input.
    """

    def __init__(self):
        super().__init__()
        self._shape = None

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return x as (N, C · H · W). Both modes are the same.

        Raises
        ------
        ValueError
            If x has fewer than two axes.
        """
        x = checks.float_array("x", x)
        if x.ndim < 2:
            raise ValueError(
                f"Flatten needs x with two axes or more, (N, C, H, W); its shape is {x.shape}."
            )
        self._shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Take dC/dy, shape (N, C · H · W); return it in the shape of x."""
        n, *rest = checks.after_forward(self, self._shape)
        return checks.same_shape("dy", dy, (n, int(np.prod(rest)))).reshape(n, *rest)
