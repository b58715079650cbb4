"""A layer without parameters that subtracts a mean; which mean decides whether samples stay apart."""

import numpy as np

from coursekit import nn
from coursekit.nn import checks

OVER = ("batch", "row")


class Centring(nn.Block):
    r"""Subtract the mean: of all numbers of the batch, or of each row by itself.

    With ``over="batch"`` a sample's output depends on the other samples of its batch, in prediction too.
    Backward, since every entry takes part in its mean: :math:`\partial C/\partial x = \delta - \bar\delta`,
    with the mean over the same entries.

    Parameters
    ----------
    over : str
        "batch" or "row".
    """

    def __init__(self, over: str = "row"):
        super().__init__()
        self.over = checks.one_of("over", over, OVER)

    def _less_its_mean(self, a):
        axis = None if self.over == "batch" else tuple(range(1, a.ndim))
        return a - a.mean(axis=axis, keepdims=True)

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return x less its mean, x of shape (N, …). Both modes are the same."""
        return self._less_its_mean(checks.float_array("x", x))

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dC/dx, of the shape of dy."""
        return self._less_its_mean(checks.float_array("dy", dy))
