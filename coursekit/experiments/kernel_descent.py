"""A kernel that nobody wrote: gradient descent finds the edge detector from what it does."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_mnist
from coursekit.nn import checks

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
IMAGES = 32


@dataclass(frozen=True)
class KernelDescent:
    """How a kernel came to be.

    Attributes
    ----------
    kernels : ndarray, shape (T + 1, 3, 3)
        Before the first step, and after each.
    losses : ndarray, shape (T,)
        Half the mean squared difference of the feature maps, before each step.
    target : ndarray, shape (3, 3)
        The kernel that made the wanted feature maps.
    """

    kernels: np.ndarray
    losses: np.ndarray
    target: np.ndarray

    @property
    def distance(self) -> float:
        """The largest difference of the last kernel from the target."""
        return float(np.abs(self.kernels[-1] - self.target).max())


def learn_kernel(steps: int, rng: np.random.Generator, rate: float = 1.0) -> KernelDescent:
    """Show a convolution photographs and their edges, and let SGD with momentum 0.9 find its kernel.

    Parameters
    ----------
    steps : int
        Each on all of 32 photographs.
    rng : numpy.random.Generator
        Draws the first kernel from N(0, 1).
    rate : float
        η.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    checks.positive_int("steps", steps)
    x = fashion_mnist().x_train[:IMAGES].astype(np.float64)
    layer = nn.Conv2D(1, 3, in_channels=1, bias=False)
    layer.initialize(nn.initializers.normal(1.0), checks.generator(rng))
    first = layer.params["W"].copy()
    layer.params["W"][0, 0] = SOBEL
    wanted = layer.forward(x)
    layer.params["W"][...] = first
    optimizer, kernels, losses = nn.SGD(rate, momentum=0.9), [first[0, 0].copy()], []
    for _ in range(steps):
        error = layer.forward(x) - wanted
        losses.append(0.5 * float(np.mean(error**2)))
        layer.backward(error / error.size)
        optimizer.step(layer)
        kernels.append(layer.params["W"][0, 0].copy())
    return KernelDescent(np.array(kernels, dtype=float), np.array(losses), SOBEL.astype(float))


@lru_cache(maxsize=1)
def learned_kernel() -> np.ndarray:
    """Return the kernel after 40 steps from a fixed start, shape (3, 3). Made once and kept."""
    kernel = learn_kernel(40, np.random.default_rng(0)).kernels[-1]
    kernel.flags.writeable = False
    return kernel
