"""Weights without a layer, to watch an optimizer alone."""

import numpy as np

from coursekit import nn
from coursekit.nn import checks


class BareWeights(nn.Block):
    """Nothing but weights; whoever steps them writes their gradient, `grads["W"]`, by hand.

    Parameters
    ----------
    w : ndarray of float
        Where they start, in any shape; ``params["W"]`` is a copy.
    """

    learns = True

    def __init__(self, w: np.ndarray):
        super().__init__()
        self.params["W"] = checks.float_array("w", w).copy()
