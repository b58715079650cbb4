"""What lesson 05's claims share: one journey through a fresh deep net, and the spreads on its way."""

from collections.abc import Sequence

import numpy as np

from coursekit import datasets, nn
from coursekit.diagnostics import Trace, trace
from coursekit.nets import deep_net
from coursekit.nn.initializers import Scheme


def run(
    activation: str,
    scheme: Scheme,
    seed: int,
    *,
    depth: int = 10,
    width: int = 500,
    batch_norm: bool = False,
    gradients: bool = False,
    images: int = 500,
) -> Trace:
    """Send images through a fresh deep net; with gradients, back again."""
    x, labels = datasets.fashion_samples(images)
    net = deep_net(activation, depth, width, norm=nn.BatchNorm if batch_norm else None)
    net.initialize(scheme, np.random.default_rng(seed))
    return trace(net, x, labels if gradients else None)


def stds(signals: Sequence[np.ndarray]) -> np.ndarray:
    """Return the standard deviation of each layer's signal."""
    return np.array([a.std(dtype=np.float64) for a in signals])


def mean_squares(signals: Sequence[np.ndarray]) -> np.ndarray:
    """Return E[a²] of each layer's signal."""
    return np.array([np.square(a, dtype=np.float64).mean() for a in signals])


def ratio(values: Sequence[float] | np.ndarray) -> float:
    """Return largest over smallest."""
    return max(values) / min(values)
