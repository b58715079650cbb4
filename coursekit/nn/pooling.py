"""Pooling: a window becomes one number, each channel by itself."""

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.windows import output_size, pair, windows


class Pool2D(Block):
    """What the two poolings share: where the windows stand.

    OH is ``output_size(H, size, stride)``, and OW likewise: a rest of the image in which no window fits
    is dropped, and has the gradient zero.
    """

    def __init__(self, size: int | tuple[int, int], stride: int | tuple[int, int] | None = None):
        super().__init__()
        self.size = pair("size", size)
        self.stride = self.size if stride is None else pair("stride", stride)
        self._x: np.ndarray | None = None

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return y, shape (N, C, OH, OW), for x of shape (N, C, H, W). Both modes are the same.

        Raises
        ------
        ValueError
            If x is not (N, C, H, W), or the window is larger than the image.
        """
        x = checks.float_array("x", x, ndim=4)
        self._output_shape(x)
        self._x = x
        return self._pool(windows(x, self.size, self.stride))

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Take dC/dy, shape (N, C, OH, OW); return dC/dx, the shape of x."""
        x = checks.after_forward(self, self._x)
        dy = checks.same_shape("dy", dy, self._output_shape(x))
        dx = np.zeros(x.shape, dy.dtype)
        seen = windows(x, self.size, self.stride)
        self._spread(dy, seen, windows(dx, self.size, self.stride, writeable=True))
        return dx

    def _pool(self, seen: np.ndarray) -> np.ndarray:
        """Return one number for each window, (N, C, OH, OW), from (N, C, OH, OW, size, size)."""
        raise NotImplementedError

    def _spread(self, dy: np.ndarray, seen: np.ndarray, d_seen: np.ndarray) -> None:
        """Add to each window of the gradient what its number sends back."""
        raise NotImplementedError

    def _output_shape(self, x):
        sizes = zip(x.shape[2:], self.size, self.stride, strict=True)
        return *x.shape[:2], *(output_size(*size) for size in sizes)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(size={self.size}, stride={self.stride})"


class MaxPool2D(Pool2D):
    r"""The largest number of each window: :math:`y_{n,c,p,q} = \max_{i,j} x_{n, c, s p + i, s q + j}`.

    Backward, a window's whole gradient goes to its largest pixel; of equals, to the first, row by row.

    Parameters
    ----------
    size : int or (int, int)
        Height and width of the window, in pixels.
    stride : int or (int, int), optional
        s, from one window to the next. Left out, it is `size`: the windows touch and do not overlap.

    Notes
    -----
    Shapes: x (N, C, H, W), y (N, C, OH, OW), with OH and OW from `output_size`: the rest of an image in
    which no window fits is dropped.
    """

    def _pool(self, seen):
        y = seen[..., 0, 0].copy()
        for i, j in np.ndindex(self.size):
            np.maximum(y, seen[..., i, j], out=y)
        return y

    def _spread(self, dy, seen, d_seen):
        y = self._pool(seen)
        unclaimed = np.ones(y.shape, bool)
        for i, j in np.ndindex(self.size):
            largest = unclaimed & (seen[..., i, j] == y)
            d_seen[..., i, j] += largest * dy
            unclaimed &= ~largest


class AvgPool2D(Pool2D):
    r"""The mean of each window: :math:`y_{n,c,p,q} = \frac1k \sum_{i,j} x_{n, c, s p + i, s q + j}`.

    k is the number of pixels in a window. Backward, each of them gets 1/k of the window's gradient.

    Parameters
    ----------
    size : int or (int, int)
        Height and width of the window, in pixels.
    stride : int or (int, int), optional
        s, from one window to the next. Left out, it is `size`: the windows touch and do not overlap.

    Notes
    -----
    Shapes: x (N, C, H, W), y (N, C, OH, OW), with OH and OW from `output_size`: the rest of an image in
    which no window fits is dropped.
    """

    def _pool(self, seen):
        y = np.zeros(seen.shape[:4], seen.dtype)
        for i, j in np.ndindex(self.size):
            y += seen[..., i, j]
        y /= self.size[0] * self.size[1]
        return y

    def _spread(self, dy, seen, d_seen):
        share = dy / (self.size[0] * self.size[1])
        for i, j in np.ndindex(self.size):
            d_seen[..., i, j] += share
