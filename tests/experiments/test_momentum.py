"""The factor per step: against a step's matrix, against the walk, and against what is known of it."""

import dataclasses
import math

import numpy as np
import pytest

from coursekit.experiments.momentum import (
    STEEPEST,
    diagnose_momentum,
    factor_per_step,
    momentum_report,
    rate_map,
)


def radius(rate, momentum, curvature):
    """The largest absolute eigenvalue of the step on (w, v), made by NumPy."""
    step = np.array([[1 - rate * curvature, -rate * momentum], [curvature, momentum]])
    return np.abs(np.linalg.eigvals(step)).max()


@pytest.mark.parametrize("rate", [0.01, 0.5, 1.3, 2.4, 4.0, 10.0])
@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
def test_the_factor_is_the_spectral_radius(rate, momentum):
    curvatures = (0.05, 0.8)
    expected = max(radius(rate, momentum, c) for c in curvatures)
    assert factor_per_step(np.array(rate), np.array(momentum), curvatures) == pytest.approx(expected)


def test_a_map_at_once_is_its_points():
    rates, momenta = np.geomspace(0.01, 10, 7), np.linspace(0, 0.9, 5)
    made = factor_per_step(rates, momenta[:, None], (0.03, 0.9))
    assert made.shape == (5, 7)
    for i, j in ((0, 6), (3, 2), (4, 5)):
        expected = max(radius(rates[j], momenta[i], c) for c in (0.03, 0.9))
        assert made[i, j] == pytest.approx(expected)


@pytest.mark.parametrize("values", [(1.0, 0.0, 20.0), (0.2, 0.5, 5.0), (2.9, 0.3, 30.0), (1.0, 0.9, 100.0)])
def test_the_walk_does_what_is_predicted(values):
    report = momentum_report(*values)
    assert report.measured == pytest.approx(report.predicted, abs=0.01)


@pytest.mark.parametrize("momentum", [0.0, 0.4, 0.8])
def test_the_limit_is_where_the_factor_passes_1(momentum):
    limit = momentum_report(1.0, momentum, 20.0).limit
    assert limit == pytest.approx(2 * (1 + momentum) / STEEPEST)
    for share, below in ((0.999, True), (1.001, False)):
        report = momentum_report(share * limit, momentum, 20.0)
        # In the slow direction nothing is unstable before.
        assert (report.predicted < 1) is below


def test_the_best_point_is_the_best_of_the_map():
    report = momentum_report(1.0, 0.0, 25.0)
    rate, momentum, factor = report.best
    assert factor == pytest.approx((5 - 1) / (5 + 1))  # (√κ − 1)/(√κ + 1)
    assert factor_per_step(np.array(rate), np.array(momentum), report.curvatures) == pytest.approx(factor)
    rates, momenta = np.geomspace(0.01, 10, 300), np.linspace(0, 0.99, 300)
    assert factor_per_step(rates, momenta[:, None], report.curvatures).min() >= factor - 1e-9


def test_by_hand():
    # κ = 1, η = 0.5/λ, β = 0: each step halves w; the distance counts this w and the one before.
    report = momentum_report(0.5 / STEEPEST, 0.0, 1.0)
    np.testing.assert_allclose(report.distance[1:4], math.sqrt(2.5) * 0.5 ** np.arange(3))
    assert report.distance[0] == pytest.approx(math.sqrt(2))
    assert report.predicted == pytest.approx(0.5)


def test_it_ends_where_nothing_is_left_or_too_much():
    assert len(momentum_report(1.0, 0.0, 20.0).distance) == 301
    far, near = momentum_report(10.0, 0.0, 20.0), momentum_report(1 / STEEPEST, 0.0, 1.0)
    assert 1e30 <= far.distance[-1] < 1e32
    assert near.distance[-1] < 1e-15
    assert near.predicted == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((1.0, 0.0, 20.0), "At η = 1 and β = 0.00 a step multiplies what is left by 0.958"),
        ((1.0, 0.0, 20.0), "the best point, η = 3.2 and β = 0.40, has 0.635, or 6 steps."),
        ((1.0, 0.0, 20.0), "Without momentum the best is 0.905, or 24 steps."),
        ((3.0, 0.0, 20.0), "It diverges: the limit at this β is 2(1 + β)/λ_max = 2.39."),
        ((4.0, 0.5, 20.0), "2(1 + β)/λ_max = 3.59."),
        ((1.0, 0.0, 1.0), "has 0.000, or 1 step. Without"),
    ],
)
def test_the_sentence_carries_the_numbers(values, said):
    assert said in diagnose_momentum(momentum_report(*values))


@pytest.mark.parametrize("condition", [1.0, 4.0, 90.0])
def test_the_map_holds_the_factors_of_the_middles_of_its_tiles(condition):
    made = momentum_report(1.0, 0.0, condition).map
    assert made is rate_map(condition)
    assert (made.rates.shape, made.momenta.shape, made.factors.shape) == ((102,), (102,), (101, 101))
    assert made.rates[[0, -1]] == pytest.approx([0.01, 10])
    assert made.momenta[[0, -1]] == pytest.approx([0, 0.99])
    for i, j in ((0, 0), (30, 95), (100, 60)):
        rate = math.sqrt(made.rates[j] * made.rates[j + 1])
        beta = (made.momenta[i] + made.momenta[i + 1]) / 2
        expected = max(radius(rate, beta, c) for c in (STEEPEST / condition, STEEPEST))
        assert made.factors[i, j] == pytest.approx(expected, rel=1e-6)


def test_the_lines_of_the_map_lie_where_the_factor_is_1_and_where_both_solutions_are_equal():
    made = rate_map(25.0)
    for rate, beta in made.limit.T[::30]:
        assert radius(rate, beta, STEEPEST) == pytest.approx(1)
    for places, curvature in zip(made.critical, (STEEPEST / 25, STEEPEST), strict=True):
        rate, beta = places[:, np.isfinite(places[1])]
        assert len(rate) > 300
        np.testing.assert_allclose((1 + beta - rate * curvature) ** 2, 4 * beta, atol=1e-9)


def test_it_refuses_and_is_frozen():
    for bad, sentence in [
        ((-1.0, 0.0, 5.0), "rate must be"),
        ((0.0, 0.0, 5.0), "rate must be above 0"),
        ((1.0, 1.0, 5.0), "momentum must be below 1"),
        ((1.0, 0.5, 0.5), "condition must be"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            momentum_report(*bad)
    with pytest.raises(dataclasses.FrozenInstanceError):
        momentum_report(1.0, 0.0, 5.0).rate = 0
