"""The statistics of batch norm: how far those of a small batch scatter, and what others would give."""

import copy

import numpy as np

from coursekit import nn
from coursekit.nn import checks


def noise_of_means(
    x: np.ndarray, sizes: tuple[int, ...], rng: np.random.Generator, batches: int = 200
) -> np.ndarray:
    r"""Return how far the mean of a batch lies from the mean of all, in spreads of the feature.

    .. math:: \mathrm{noise}(B) = \frac1K \sum_k \frac{\mathrm{std}(\mu_B^{(k)})}{\mathrm{std}(x_k)}

    the numerator over many random batches of B samples. Theory says 1/√B.

    Parameters
    ----------
    x : ndarray, shape (N, K)
        Features; those that never vary are left out.
    sizes : tuple of int
        The batch sizes B.
    rng : numpy.random.Generator
        Draws the batches, samples independent of each other.
    batches : int
        How many of each size.

    Returns
    -------
    ndarray, shape (len(sizes),)
    """
    x, rng = checks.float_array("x", x, ndim=2), checks.generator(rng)
    spread = x.std(axis=0)
    x, spread = x[:, spread > 0], spread[spread > 0]
    noise = []
    for size in sizes:
        chosen = rng.integers(len(x), size=(checks.positive_int("batches", batches), size))
        noise.append((x[chosen].mean(axis=1).std(axis=0) / spread).mean())
    return np.array(noise)


def with_statistics_of(net: nn.Block, x: np.ndarray) -> nn.Block:
    """Return a copy of `net` whose batch norms hold the statistics of the batch `x`, and no others.

    Parameters and the net itself stay as they are; no labels are needed. For test images from another
    source this is "adaptive batch normalization" (Li et al. 2016).
    """
    net = copy.deepcopy(net)
    norms = [layer for layer in net.leaves().values() if isinstance(layer, nn.BatchNorm)]
    kept = [layer.momentum for layer in norms]
    for layer in norms:
        layer.momentum = 0.0  # forget at once
    net.forward(x, training=True)
    for layer, momentum in zip(norms, kept, strict=True):
        layer.momentum = momentum
    return net
