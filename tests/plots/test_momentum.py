"""The map shows the factors, the point lies where the controls say, the walk is the result's."""

import numpy as np
import pytest

from coursekit.experiments.momentum import STEEPEST, factor_per_step, momentum_report
from coursekit.plots.momentum import MomentumMap
from coursekit.plots.style import PREDICTED
from tests.plots.reading import data, legend, line, panel

MAP, WALK = "How fast is each pair of η and β?", "Does a walk do what the map says?"


@pytest.fixture
def picture():
    shown = MomentumMap(momentum_report(0.1, 0.9, 300.0))
    shown.update(momentum_report(1.0, 0.3, 20.0))
    return shown


def test_the_tiles_are_the_factors_of_their_middles(picture):
    (tiles,) = panel(picture, MAP).collections
    corners = np.asarray(tiles.get_coordinates())
    values = np.asarray(tiles.get_array()).reshape(101, 101)
    for i, j in ((0, 0), (50, 80), (100, 3)):
        rate = np.sqrt(corners[i, j, 0] * corners[i, j + 1, 0])
        beta = (corners[i, j, 1] + corners[i + 1, j, 1]) / 2
        expected = factor_per_step(rate, beta, (STEEPEST / 20, STEEPEST))
        assert values[i, j] == pytest.approx(float(expected))


def test_point_and_star(picture):
    ax = panel(picture, MAP)
    assert data(line(ax, marker="o")) == ([1.0], [0.3])
    rate, beta, _ = momentum_report(1.0, 0.3, 20.0).best
    assert data(line(ax, marker="*")) == ([rate], [beta])


def test_limit_and_critical_curves(picture):
    ax = panel(picture, MAP)
    rate, beta = map(np.array, data(line(ax, color=PREDICTED, linewidth=2)))
    np.testing.assert_allclose(rate, 2 * (1 + beta) / STEEPEST)
    for dashes, curvature in (("--", STEEPEST / 20), (":", STEEPEST)):
        rate, beta = map(np.array, data(line(ax, color="white", linestyle=dashes)))
        shown = np.isfinite(beta)
        np.testing.assert_allclose(beta[shown], (1 - np.sqrt(rate[shown] * curvature)) ** 2)
        # on it both solutions of a step are equal: (1 + β − ηλ)² = 4 β
        np.testing.assert_allclose((1 + beta - rate * curvature)[shown] ** 2, 4 * beta[shown], atol=1e-9)


def test_walk_and_prediction(picture):
    result, ax = momentum_report(1.0, 0.3, 20.0), panel(picture, WALK)
    named = legend(ax)
    steps, walked = data(line(ax, color=named["the walk"].get_color()))
    assert steps == list(range(301))
    np.testing.assert_allclose(walked, np.clip(result.distance, 1e-10, 1e6))
    _, predicted = map(np.array, data(line(ax, color=named["the factor of the map"].get_color())))
    inside = (predicted > 1e-9) & (predicted < 1e5)
    ratios = predicted[1:][inside[1:]] / predicted[:-1][inside[1:]]
    np.testing.assert_allclose(ratios, result.predicted)
    assert predicted[100] == pytest.approx(result.distance[100])


def test_nothing_left_is_drawn_without_a_line_of_the_past():
    picture = MomentumMap(momentum_report(1 / STEEPEST, 0.0, 1.0))
    _, walked = data(line(panel(picture, WALK), linewidth=2))
    assert walked[-1] == 1e-10


def test_the_map_changes_with_the_condition_alone(picture):
    assert not picture.move(momentum_report(3.0, 0.8, 20.0))
    assert picture.move(momentum_report(3.0, 0.8, 30.0))
