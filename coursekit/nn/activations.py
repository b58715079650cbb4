"""Activation functions: the same number-to-number map at every unit."""

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block


def sigmoid(z: np.ndarray) -> np.ndarray:
    r"""Return :math:`\sigma(z) = 1 / (1 + e^{-z})`, any shape, to full precision at any z.

    Far to the left :math:`e^{-z}` becomes inf, and 1 / inf is the right answer, 0. The equal
    :math:`(1 + \tanh(z / 2)) / 2` would lose all digits there: it is 0 from z = -17 on in float32.
    """
    z = checks.float_array("z", z)
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


class Activation(Block):
    """A block without parameters that maps each entry by itself; x and y have any same shape."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: np.ndarray | None = None

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dC/dx = dC/dy * f'(x), the shape of x."""
        kept = checks.after_forward(self, self._kept)
        return checks.same_shape("dy", dy, kept.shape) * self._slope(kept)

    @staticmethod
    def _slope(kept: np.ndarray) -> np.ndarray:
        """Return f'(x) from what `forward` kept."""
        raise NotImplementedError


class Tanh(Activation):
    r""":math:`y = \tanh(x)` in (-1, 1); :math:`y' = 1 - y^2`, which dies where |y| nears 1."""

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return tanh(x)."""
        self._kept = np.tanh(checks.float_array("x", x))
        return self._kept

    @staticmethod
    def _slope(y):
        return 1 - y * y


class Sigmoid(Activation):
    r""":math:`y = 1 / (1 + e^{-x})` in (0, 1); :math:`y' = y (1 - y)`, never more than 1/4."""

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return the sigmoid of x."""
        self._kept = sigmoid(checks.float_array("x", x))
        return self._kept

    @staticmethod
    def _slope(y):
        return y * (1 - y)


class ReLU(Activation):
    r""":math:`y = \max(x, 0)`; the slope is 1 where x > 0, else 0 (at the kink too)."""

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return max(x, 0)."""
        x = checks.float_array("x", x)
        self._kept = np.maximum(x, x.dtype.type(0))
        return self._kept

    @staticmethod
    def _slope(y):
        return y > 0


class LeakyReLU(Activation):
    r""":math:`y = x` where x > 0, else :math:`a x` with a small slope a (Maas et al. 2013).

    Parameters
    ----------
    slope : float
        a, from 0 to 1.
    """

    def __init__(self, slope: float = 0.01):
        super().__init__()
        self.slope = checks.finite("slope", slope, low=0, high=1)

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return x where it is positive, else slope * x."""
        x = checks.float_array("x", x)
        self._kept = x
        # For 0 <= a <= 1 the larger of x and a x is the right one on both sides.
        return np.maximum(x, x * x.dtype.type(self.slope))

    def _slope(self, x):
        return np.where(x > 0, x.dtype.type(1), x.dtype.type(self.slope))

    def __repr__(self) -> str:
        return f"LeakyReLU({self.slope:g})"


class Identity(Activation):
    """y = x: a deep net of these is a product of matrices, and shows what the weights alone do."""

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return x."""
        self._kept = checks.float_array("x", x)
        return self._kept

    @staticmethod
    def _slope(x):
        return x.dtype.type(1)
