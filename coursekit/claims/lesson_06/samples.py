"""What lesson 06's claims measure: sums of 100 wide units, and raw pixels."""

import numpy as np

from coursekit import datasets


def wide_sums(seed: int, samples: int = 500) -> np.ndarray:
    """Return pre-activations of 100 units with N(0, 1²) weights on images, float64, (samples, 100)."""
    x, _ = datasets.fashion_samples(samples)
    return (x @ np.random.default_rng(seed).standard_normal((784, 100))).astype(np.float64)


def pixels(seed: int, images: int = 64) -> np.ndarray:
    """Return images drawn at random from the training set, (images, 1, 28, 28), float64."""
    x = datasets.fashion_mnist().x_train
    chosen = np.random.default_rng(seed).choice(len(x), images, replace=False)
    return x[chosen].astype(np.float64)
