"""Lesson 07's measurements against what theory gives, and against the other case."""

import numpy as np
import pytest

from coursekit import claims, nn
from coursekit.claims.lesson_07 import examples
from coursekit.claims.lesson_07.input_gradient import largest_cosine_with_x_hat
from coursekit.claims.lesson_07.layer_weights import shrinks_with_weights
from coursekit.claims.lesson_07.removed_terms import removed_from_random

BY_NAME = {claim.name: claim for claim in claims.ALL if claim.lesson == "07"}
SEEDS = (20, 21, 22)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_that_theory_gives(seed):
    # Random δ spread evenly over n directions, of which two are removed.
    for n in (4, 20, 50):
        assert removed_from_random(seed, n) == pytest.approx(1, abs=0.12)
    # 1/s is 1/(a s) once v is large beside ε.
    for scale in (3.0, 10.0, 100.0):
        assert shrinks_with_weights(seed, scale) == pytest.approx(1, abs=1e-3)
    # Weights so small that s = √ε: the gradient of W stops growing, so a times it falls with a.
    tiny = [shrinks_with_weights(seed, scale) for scale in (1e-5, 1e-6)]
    assert tiny[0] / tiny[1] == pytest.approx(10, rel=0.02)
    assert BY_NAME["bn_dx_not_orthogonal"].measure(seed) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_other_case_fails_the_claim(seed):
    def fails(name, value):
        assert not BY_NAME[name].supported_by(value), (name, value)

    fails("bn_ones_check_is_blind", BY_NAME["bn_random_check_sees"].measure(seed))
    fails("bn_random_check_sees", BY_NAME["bn_ones_check_is_blind"].measure(seed))
    fails("bn_dx_orthogonal", largest_cosine_with_x_hat(seed, 1.0))
    fails("bn_weight_gradient_shrinks", shrinks_with_weights(seed, 1e-3))
    fails("bn_weight_gradient_tiny_weights", shrinks_with_weights(seed, 10.0))


def test_constant_statistics_differ_only_on_the_way_back():
    given = examples.batch(0)
    layer, constant = examples.layer_of(given), examples.ConstantStatistics(eps=examples.EPS)
    constant.forward(given["x"])
    for name in ("gamma", "beta"):
        constant.params[name][...] = given[name]
    y = [one.forward(given["x"], training=True) for one in (layer, constant)]
    dx = [one.backward(given["dy"]) for one in (layer, constant)]
    np.testing.assert_array_equal(*y)
    np.testing.assert_array_equal(layer.grads["gamma"], constant.grads["gamma"])
    s = np.sqrt(given["x"].var(axis=0) + examples.EPS)
    np.testing.assert_allclose(dx[1], given["gamma"] * given["dy"] / s, rtol=1e-12)
    assert np.abs(dx[0] - dx[1]).max() > 0.01


def test_the_complete_gradient_leaves_the_biases_alone():
    loss, bias = examples.train(20, nn.BatchNorm)
    assert loss < 0.2
    assert bias < 1e-6
