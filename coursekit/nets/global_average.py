"""Global average pooling: each feature map becomes one number, whatever its size."""

import numpy as np

from coursekit import nn
from coursekit.nn import checks


class GlobalAverage(nn.Block):
    r"""The mean of each channel: :math:`y_{n,c} = \frac{1}{HW} \sum_{p,q} x_{n,c,p,q}`.

    Backward, each of the H · W pixels gets 1/(HW) of its channel's gradient.

    Notes
    -----
    Shapes: x (N, C, H, W) with any H and W, y (N, C). Lin, Chen & Yan 2014, "Network in network",
    section 3.2.
    """

    def __init__(self) -> None:
        super().__init__()
        self._x: np.ndarray | None = None

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return y, shape (N, C); ValueError if x is not (N, C, H, W). Both modes are the same."""
        self._x = checks.float_array("x", x, ndim=4)
        return self._x.mean(axis=(2, 3))

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Take dC/dy, shape (N, C); return dC/dx, the shape of x."""
        x = checks.after_forward(self, self._x)
        dy = checks.same_shape("dy", dy, x.shape[:2])
        share = dy / (x.shape[2] * x.shape[3])
        return np.broadcast_to(share[:, :, None, None], x.shape).copy()

    def __repr__(self) -> str:
        return "GlobalAverage()"
