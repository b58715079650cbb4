"""A small CNN, trained in a moment: its filters and their feature maps on a chosen image."""

from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.nets import small_cnn
from coursekit.training import fit

FILTERS = 8


@lru_cache(maxsize=2)
def trained_cnn(any_size: bool = False) -> nn.Sequential:
    """Return a CNN of 8 and 16 filters after two passes over 2,000 photographs. Made once and kept.

    It takes images whose grey values are standardized as `fashion_split` does it.
    """
    data, rng = fashion_split(2000, 1000, flat=False), np.random.default_rng(0)
    net = small_cnn((FILTERS, 16), any_size=any_size).initialize("he_normal", rng)
    optimizer = nn.SGD(0.02, momentum=0.9)
    for _ in fit(net, data.x_train, data.y_train, optimizer, epochs=2, batch_size=32, rng=rng):
        pass
    return net


def trained_filters() -> np.ndarray:
    """Return the filters of its first convolution, shape (8, 3, 3)."""
    return trained_cnn().params["0.W"][:, 0].astype(float)
