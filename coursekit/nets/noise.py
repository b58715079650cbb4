"""Batch norm whose work is undone at once: noise that shifts and scales anew at every step."""

import numpy as np

from coursekit import nn
from coursekit.nn import checks

SHIFT, SCALE = 0.5, 0.25


class ShiftingNoise(nn.Block):
    r"""Make activations drift on purpose: :math:`y_{ik} = s_{ik} x_{ik} + m_{ik}` in training.

    At every step each unit k draws a new mean shift from U(-1/2, 1/2) and a new mean scale from
    U(1, 5/4); around them each sample i draws its own, m with the same half width and s with a standard
    deviation of 1/4. So after a batch norm the distribution that the next layer sees is neither centred nor
    of spread 1, and changes from step to step. The experiment of Santurkar et al. 2018, section 2.1; the
    sizes of the noise are this course's. In prediction y = x.

    Parameters
    ----------
    rng : numpy.random.Generator
    strength : float
        Multiplies the four widths: with 2 the shift comes from U(-1, 1), and so on; with 0 there is none.
    """

    def __init__(self, rng: np.random.Generator, strength: float = 1.0):
        super().__init__()
        self.rng: np.random.Generator = checks.generator(rng)
        self.strength = checks.finite("strength", strength, low=0)
        self._scale: np.ndarray | None = None

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return s x + m with fresh s and m in training, x otherwise; x is (N, K)."""
        x = checks.float_array("x", x, ndim=2)
        self._scale = np.ones_like(x)
        if not training:
            return x
        rng, units = self.rng, x.shape[1]
        m, s = self.strength * SHIFT, self.strength * SCALE
        shift = rng.uniform(-m, m, units) + rng.uniform(-m, m, x.shape)
        scale = rng.uniform(1, 1 + s, units) + s * rng.standard_normal(x.shape)
        self._scale = scale.astype(x.dtype)
        return self._scale * x + shift.astype(x.dtype)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dC/dx = s · dC/dy."""
        return self._scale * checks.same_shape("dy", dy, checks.after_forward(self, self._scale).shape)


def noisy_batch_norm(rng: np.random.Generator, strength: float = 1.0) -> nn.Sequential:
    """Return a batch norm with `ShiftingNoise` behind it."""
    return nn.Sequential(nn.BatchNorm(), ShiftingNoise(rng, strength))
