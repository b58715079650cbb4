"""Local response normalization (Krizhevsky, Sutskever & Hinton 2012)."""

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block


class LocalResponseNorm(Block):
    r"""Divide each activation by a power of the squares around it, over neighbouring channels.

    .. math:: b_i = \frac{a_i}{s_i^\beta}, \qquad s_i = k + \alpha \sum_{j \in W(i)} a_j^2

    a_i is channel i at one pixel of one sample, and W(i) are the `size` channels round i, cut off at the
    first and the last: from i - size // 2 to i + (size - 1) // 2. Nothing is learned, the mean stays
    where it is, and both modes are the same.

    Parameters
    ----------
    size : int
        Number of channels in the window, n in the paper.
    alpha, beta, k : float
        The constants; the paper's values are the defaults. alpha and beta are at least 0, k is above 0.

    Notes
    -----
    x is (N, C) or (N, C, H, W). Source: Krizhevsky et al. 2012, section 3.3. PyTorch's layer of the same
    name divides alpha by `size`: its ``alpha = size * 1e-4`` is the 1e-4 of the paper and of this layer.

    Backward, with :math:`\delta = \partial C / \partial b`, the sum over all windows that a_m stands in:
    :math:`\partial C/\partial a_m = \delta_m / s_m^\beta - 2 \alpha \beta\, a_m \sum_{i: m \in W(i)}
    \delta_i b_i / s_i`.
    """

    def __init__(self, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0):
        super().__init__()
        self.size = checks.positive_int("size", size)
        self.alpha = checks.finite("alpha", alpha, low=0)
        self.beta = checks.finite("beta", beta, low=0)
        self.k = checks.positive("k", k, "silent channels would be divided by 0")
        self._kept: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None = None

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return b, the shape of x. Both modes are the same.

        Raises
        ------
        ValueError
            If x has fewer than two axes.
        """
        x = checks.float_array("x", x)
        if x.ndim < 2:
            raise ValueError(f"LocalResponseNorm needs (N, C) or (N, C, H, W); x has the shape {x.shape}.")
        s = self.k + self.alpha * self._window_sum(x * x, before=self.size // 2)
        power = s**-self.beta
        y = x * power
        self._kept = x, s, power, y
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dC/dx, the shape of x."""
        x, s, power, y = checks.after_forward(self, self._kept)
        dy = checks.same_shape("dy", dy, x.shape)
        # m stands in W(i) for the i from m - (size - 1) // 2 on: the window, mirrored.
        shared = self._window_sum(dy * y / s, before=(self.size - 1) // 2)
        return dy * power - 2 * self.alpha * self.beta * x * shared

    def _window_sum(self, values, before):
        """Sum `size` neighbouring channels, from `before` channels ahead of each; nothing lies outside."""
        channels = values.shape[1]
        padding = [(0, 0)] * values.ndim
        padding[1] = (before, self.size - 1 - before)
        padded = np.pad(values, padding)
        return sum(padded[:, first : first + channels] for first in range(self.size))

    def __repr__(self) -> str:
        return f"LocalResponseNorm({self.size}, alpha={self.alpha:g}, beta={self.beta:g}, k={self.k:g})"
