"""Values and slopes of activations against their formulas and their difference quotients."""

import dataclasses
import math

import numpy as np
import pytest

from coursekit.experiments import activation_curves
from coursekit.nets import ACTIVATIONS

AT = {
    "tanh": [(0, 0, 1), (0.5, 0.46212, 0.78645), (2.5, 0.98661, 0.02659)],
    "sigmoid": [(0, 0.5, 0.25), (2.5, 0.92414, 0.07010)],
    "relu": [(-1, 0, 0), (2, 2, 1)],
    "leaky_relu": [(-1, -0.01, 0.01), (2, 2, 1)],
    "identity": [(-3, -3, 1)],
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_by_hand_at_some_points(name):
    curves = activation_curves((name,))
    for s, value, slope in AT[name]:
        i = int(np.argmin(np.abs(curves.s - s)))
        assert curves.s[i] == pytest.approx(s, abs=1e-9)
        assert (curves.values[0, i], curves.slopes[0, i]) == pytest.approx((value, slope), abs=1e-5)


def test_the_slope_is_the_difference_quotient():
    curves = activation_curves(("tanh", "sigmoid"), limit=3)
    assert (curves.s[0], curves.s[-1]) == (-3, 3)
    quotient = np.gradient(curves.values, curves.s, axis=1)
    np.testing.assert_allclose(curves.slopes[:, 1:-1], quotient[:, 1:-1], atol=1e-4)


def test_flat_begins_where_the_course_says():
    tanh, sigmoid, relu = activation_curves().flat
    s = activation_curves().s
    np.testing.assert_array_equal(tanh, np.abs(s) > math.atanh(0.97))
    np.testing.assert_array_equal(sigmoid, np.abs(s) > 2 * math.atanh(0.97))
    np.testing.assert_array_equal(relu, s <= 0)


def test_it_refuses_and_is_frozen():
    for bad, sentence in [
        (((),), "name at least one"),
        ((("softmax",),), "name must be one of 'tanh'"),
        ((("tanh",), -1), "limit must be a finite number"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            activation_curves(*bad)
    with pytest.raises(dataclasses.FrozenInstanceError):
        activation_curves().s = None
