"""One nudge: the curve, the slope, and what a wrong backward pass misses."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.experiments import diagnose_perturbation, perturb
from coursekit.experiments.perturbation import (
    BACKWARDS,
    EPS,
    FEATURES,
    SAMPLES,
    example,
    input_gradient,
    losses,
)
from coursekit.nn.batch_norm_graph import batch_norm_graph

ENTRIES = [(i, k) for i in range(1, SAMPLES + 1) for k in range(1, FEATURES + 1)]


def loss_of_layer(batch, x):
    layer = nn.BatchNorm(eps=EPS)
    layer.forward(x)
    layer.params["gamma"][...], layer.params["beta"][...] = batch["gamma"], batch["beta"]
    return (batch["dy"] * layer.forward(x, training=True)).sum()


@pytest.mark.parametrize(("sample", "feature"), ENTRIES)
def test_the_change_of_the_loss_is_the_layer_s(sample, feature):
    p, batch = perturb(sample, feature, 0.7), example("random")
    moved = batch["x"].copy()
    moved[sample - 1, feature - 1] += 0.7
    change = loss_of_layer(batch, moved) - loss_of_layer(batch, batch["x"])
    assert p.measured == pytest.approx(change, rel=1e-9)
    assert p.predicted == pytest.approx(0.7 * p.slope, rel=1e-15)


@pytest.mark.parametrize(("sample", "feature"), ENTRIES)
def test_the_complete_slope_is_a_tangent_and_the_wrong_ones_are_not(sample, feature):
    powers = {}
    for backward in BACKWARDS:
        p = perturb(sample, feature, 1e-3, backward=backward)
        near = [perturb(sample, feature, t, backward=backward) for t in (1e-4, 2e-4)]
        one, two = (abs(q.measured - q.predicted) for q in near)
        powers[backward] = np.log2(two / one)
        at = np.abs(p.nudges - 1e-3).argmin()
        assert p.gaps[at] == pytest.approx(abs(p.measured - p.predicted), rel=1e-6)
        ratio = p.measured / p.predicted
        if backward == "complete":
            assert ratio == pytest.approx(1, abs=0.01)
        else:
            assert abs(ratio - 1) > 0.15
    assert powers["complete"] == pytest.approx(2, abs=0.05)
    assert powers["no_variance_path"] == pytest.approx(1, abs=0.05)
    assert powers["constant_statistics"] == pytest.approx(1, abs=0.05)


def test_gradients_of_the_three_backward_passes():
    batch = example("random")
    graph = batch_norm_graph(**batch, eps=EPS)
    s, x_hat, dy = graph.std.value, graph.x_hat.value, batch["dy"]
    direct = batch["gamma"] * dy / s
    np.testing.assert_allclose(input_gradient(graph, "constant_statistics"), direct, rtol=1e-12)
    np.testing.assert_allclose(
        input_gradient(graph, "no_variance_path"), direct - direct.mean(axis=0), rtol=1e-12
    )
    third = batch["gamma"] / s * x_hat * (dy * x_hat).mean(axis=0)
    np.testing.assert_allclose(
        input_gradient(graph, "complete"), direct - direct.mean(axis=0) - third, rtol=1e-11
    )


def test_all_ones_make_the_loss_a_constant():
    for sample, feature in ENTRIES:
        p = perturb(sample, feature, 1.0, "ones")
        assert np.abs(p.change).max() < 1e-12
        assert p.slope == pytest.approx(0, abs=1e-12)
        assert perturb(sample, feature, 1.0, "ones", "no_variance_path").slope == pytest.approx(
            0, abs=1e-12
        )
        assert abs(perturb(sample, feature, 1.0, "ones", "constant_statistics").slope) > 0.1


def test_losses_by_hand():
    """x = (0, 0, 3), ε = 1/4: x̂ = (-2/3, -2/3, 4/3); with γ = 3 and δ = (1, 0, -2): C = -2 - 8."""
    x, dy = np.array([0.0, 0.0, 3.0]), np.array([1.0, 0.0, -2.0])
    assert losses(x, 3.0, dy, 0.25) == pytest.approx(-10)
    np.testing.assert_allclose(losses(np.stack([x, x + 5]), 3.0, dy, 0.25), [-10, -10])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((1, 1, 1e-3), "Slope and loss agree"),
        ((4, 1, 1.0), "bends away from its tangent"),
        ((1, 1, 0.01, "random", "no_variance_path"), "The line is no tangent"),
        ((1, 1, 0.01, "random", "constant_statistics"), "The line is no tangent"),
        ((1, 1, 0.01, "ones"), "The check is passed."),
        ((1, 1, 0.01, "ones", "no_variance_path"), "and this backward pass is wrong"),
        ((1, 1, 0.01, "ones", "constant_statistics"), "Even this check fails it"),
    ],
)
def test_the_diagnosis_of_known_cases(arguments, words):
    assert words in diagnose_perturbation(perturb(*arguments))


def test_the_diagnosis_has_the_ratio():
    p = perturb(2, 1, 0.5)
    text = diagnose_perturbation(p)
    assert f"{p.measured:.2g}".replace("-", "−") in text
    assert f"{p.predicted:.2g}".replace("-", "−") in text


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((7, 1, 0.1), ValueError, "there are 6 samples"),
        ((1, 3, 0.1), ValueError, "there are 6 samples and 2 features"),
        ((0, 1, 0.1), ValueError, "sample must be 1 or more"),
        ((1, 1.5, 0.1), TypeError, "feature must be a whole number"),
        ((1, 1, np.inf), ValueError, "nudge must be a finite number"),
        ((1, 1, 0.1, "zeros"), ValueError, "upstream must be one of"),
        ((1, 1, 0.1, "random", "guess"), ValueError, "must be one of 'complete'"),
    ],
)
def test_wrong_input_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        perturb(*arguments)
