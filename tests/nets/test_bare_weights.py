"""Weights without a layer: an optimizer steps them, and nobody else's array moves."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.nets import BareWeights


def test_an_optimizer_steps_them_by_the_gradient_that_is_given():
    start = np.ones(2)
    net = BareWeights(start)
    net.grads["W"] = np.array([1.0, -4.0])
    nn.SGD(0.5, weight_decay=0.2).step(net)
    # 1 − 0.5 (1 + 0.2) and 1 − 0.5 (−4 + 0.2).
    np.testing.assert_allclose(net.params["W"], [0.4, 2.9])
    np.testing.assert_array_equal(start, [1, 1])


def test_what_are_no_weights_is_refused():
    with pytest.raises((TypeError, ValueError), match="w must"):
        BareWeights(np.array(["a"]))
    with pytest.raises(NotImplementedError):
        BareWeights(np.ones(2)).forward(np.ones((1, 2)))
