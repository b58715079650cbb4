"""Two prepared features: curvatures by formula, surfaces by the loss itself, walks step by step."""

import dataclasses
import time

import numpy as np
import pytest

from coursekit.experiments.preprocessing import (
    METHODS,
    START,
    diagnose_preparation,
    linear_problem,
    prepared_problem,
    steps_to,
    surface_of,
    two_features,
)


@pytest.mark.parametrize(
    ("ratio", "correlation", "mean"), [(5.0, 0.0, 0.0), (3.0, 0.8, 1.5), (1.0, -0.5, 0)]
)
def test_the_features_are_what_was_asked_for(ratio, correlation, mean):
    x = two_features(ratio, correlation, mean)
    s1, s2 = x.std(axis=0)
    assert s2 / s1 == pytest.approx(ratio)
    assert s1 * s2 == pytest.approx(1)
    assert np.corrcoef(x.T)[0, 1] == pytest.approx(correlation, abs=1e-12)
    np.testing.assert_allclose(x.mean(axis=0), [mean * s1, mean * s2], atol=1e-12)
    far = two_features(ratio, correlation, mean, outlier=True)
    assert (far != x).any(axis=1).sum() == 1


def test_conditions_by_formula():
    # uncorrelated: the squares of the spreads; standardized: (1 + ρ)/(1 − ρ); a mean m adds m² to one.
    assert prepared_problem("raw", 0.1, ratio=5.0).condition == pytest.approx(25)
    assert prepared_problem("standardized", 0.1, ratio=5.0).condition == pytest.approx(1)
    assert prepared_problem("standardized", 0.1, correlation=0.8).condition == pytest.approx(9)
    assert prepared_problem(
        "whitened", 0.1, ratio=9.0, correlation=0.8, mean=2.0
    ).condition == pytest.approx(1)
    assert prepared_problem("raw", 0.1, ratio=1.0, mean=2.0).condition == pytest.approx(1 + 2 * 4)
    assert prepared_problem("centred", 0.1, ratio=1.0, mean=2.0).condition == pytest.approx(1)
    raw, turned = (prepared_problem(m, 0.1, ratio=4.0, correlation=0.5) for m in ("raw", "pca"))
    assert turned.condition == pytest.approx(raw.condition)
    assert abs(turned.problem.hessian[0, 1]) < 1e-12


@pytest.mark.parametrize("method", METHODS)
def test_the_surface_is_the_loss(method):
    p = prepared_problem(method, 0.1, ratio=3.0, correlation=0.4, mean=0.7)
    along = np.linspace(-1.5, 1.5, 101)
    for row, column in ((0, 0), (13, 77), (100, 50)):
        w = p.problem.best + np.array([along[column], along[row]])
        loss = 0.5 * np.mean((p.problem.x @ w - p.problem.targets) ** 2)
        assert p.surface[row, column] == pytest.approx(loss - p.problem.lowest)


def test_a_surface_takes_a_moment():
    problem = prepared_problem("raw", 0.1).problem
    start = time.perf_counter()
    assert surface_of(problem).shape == (101, 101)
    assert time.perf_counter() - start < 0.02


def test_the_path_is_gradient_descent():
    p = prepared_problem("standardized", 0.3, correlation=0.6, mean=1.0)
    w = p.problem.best + START
    for at in p.path[:20] + p.problem.best:
        np.testing.assert_allclose(at, w, atol=1e-10)
        w = w - 0.3 * p.problem.x.T @ (p.problem.x @ w - p.problem.targets) / 100


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.39])
def test_steps_are_counted_as_if_taken(rate):
    p = prepared_problem("raw", rate)
    w, taken = np.array(START), 0
    first = w @ p.problem.hessian @ w
    while w @ p.problem.hessian @ w > 1e-3 * first:
        w, taken = w - rate * p.problem.hessian @ w, taken + 1
    assert p.steps == taken


def test_the_limit_is_where_walks_turn():
    limit = prepared_problem("raw", 0.1).limit
    assert limit == pytest.approx(0.4)
    below, above = (prepared_problem("raw", share * limit) for share in (0.99, 1.01))
    assert (below.diverged, above.diverged) == (False, True)
    assert below.steps
    assert above.steps is None
    assert np.abs(above.path[-1]).max() > np.abs(above.path[0]).max()
    assert len(prepared_problem("raw", 10.0).path) < 61


def test_the_best_rate_needs_the_fewest_steps_in_the_long_run():
    best = prepared_problem("raw", 9.0, best=True)
    assert best.rate == best.best_rate == pytest.approx(2 / 5.2)
    factors = [np.abs(1 - f * best.rate * best.problem.curvatures).max() for f in (1, 0.8, 0.97, 1.03)]
    assert min(factors) == factors[0] == pytest.approx(24 / 26)  # (κ − 1)/(κ + 1)
    assert prepared_problem("whitened", 9.0, best=True).steps == 1
    assert steps_to(np.eye(2), 1.0, START) == 1


@pytest.mark.parametrize(
    ("method", "rate", "more", "said"),
    [
        ("raw", 0.1, {}, "spreads 0.45 and 2.2, correlation 0. λ_max = 5, so 2/λ_max = 0.4; κ = 25."),
        ("raw", 0.1, {}, "a thousandth of the loss is left after 100 steps."),
        ("standardized", 1.0, {"correlation": 0.8}, "correlation 0.8."),
        ("whitened", 1.0, {}, "left after 1 step."),
        ("raw", 1.0, {}, "Diverged (×)."),
        ("raw", 0.4, {}, "at the limit"),
        ("min_max", 1.0, {}, "Features put between 0 and 1"),
    ],
)
def test_the_sentence(method, rate, more, said):
    assert said in diagnose_preparation(prepared_problem(method, rate, **more))


def test_it_refuses_and_is_frozen():
    for bad, sentence in [
        ({"method": "magic"}, "method"),
        ({"rate": 0.0}, "rate"),
        ({"ratio": 0.5}, "ratio"),
        ({"correlation": 1.0}, "correlation"),
        ({"turn": np.inf}, "turn"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            prepared_problem(**{"method": "raw", "rate": 0.1, **bad})
    with pytest.raises(dataclasses.FrozenInstanceError):
        prepared_problem("raw", 0.1).rate = 1


def test_a_problem_of_ones_own():
    x = np.array([[1.0, 0.0], [0.0, 2.0]])
    problem = linear_problem(x, np.array([1.0, -2.0]))
    np.testing.assert_allclose(problem.best, [1, -1])
    assert problem.lowest == pytest.approx(0)
