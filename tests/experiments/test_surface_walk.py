"""A ball on a surface: on a bowl its way is known, and a ball that leaves the plane is told of."""

import numpy as np
import pytest

from coursekit.diagnostics.surface import Surface
from coursekit.experiments.surface_walk import START, walk


def surface(function, reach=2.0, points=51, done=1.0):
    along = np.linspace(-reach, reach, points)
    b, a = np.meshgrid(along, along, indexing="ij")
    losses = function(a, b)
    return Surface(reach, losses, losses[::5, ::5], done)


def test_on_a_slope_every_step_is_the_same():
    """Linear in a and b: differences and interpolation are exact, also at the border."""
    way = walk(surface(lambda a, b: 9 + 2 * a - 3 * b), 0.01, 7)
    np.testing.assert_allclose(way.a, 2 * START[0] - 0.02 * np.arange(8))
    np.testing.assert_allclose(way.b, 2 * START[1] + 0.03 * np.arange(8))
    np.testing.assert_allclose(way.losses, 9 + 2 * np.array(way.a) - 3 * np.array(way.b))
    assert (way.steps, way.left_at) == (7, None)


@pytest.mark.parametrize("points", [11, 51])
def test_in_a_bowl_it_shrinks_by_one_minus_rate_times_curvature(points):
    """Central differences of a square are exact, and so is their interpolation: slopes are linear."""
    way = walk(surface(lambda a, b: a**2 / 2 + 3 * b**2 / 2, points=points), 0.1, 10)
    np.testing.assert_allclose(way.a, 1.5 * 0.9 ** np.arange(11), rtol=1e-9)
    np.testing.assert_allclose(way.b, -1.1 * 0.7 ** np.arange(11), rtol=1e-9)


def test_above_the_limit_of_two_over_the_curvature_it_leaves():
    bowl = surface(lambda a, b: a**2 / 2 + 3 * b**2 / 2)
    assert walk(bowl, 0.6, 30).left_at is None  # below 2/3
    gone = walk(bowl, 0.8, 30)  # b grows by -1.4 a step: -1.1, 1.54, -2.156
    assert gone.left_at == 2
    assert gone.steps == 2
    assert gone.b[-1] == -2.0, "last seen at the border"
    # Between the last place inside and the one outside, a goes along in proportion.
    a = [1.5 * 0.2, 1.5 * 0.2**2]
    assert gone.a[-1] == pytest.approx(a[0] + (2 + 1.54) / (2.156 + 1.54) * (a[1] - a[0]))


def test_along_one_axis_it_leaves_straight():
    """As over a unit that is dead: its weights have no slope at all."""
    gone = walk(surface(lambda a, b: 9 + 20 * b), 0.1, 5)
    assert (gone.a, gone.b, gone.left_at) == ((1.5, 1.5), (-1.1, -2.0), 1)
    corner = walk(surface(lambda a, b: -30 * a + 20 * b), 0.1, 5)  # a leaves before b does
    assert corner.a[-1] == 2
    assert corner.b[-1] == pytest.approx(-1.1 - 2 * 0.5 / 3)


def test_where_the_loss_is_no_number_it_is_gone():
    way = walk(surface(lambda a, b: np.where(a > 1, np.inf, a)), 0.1, 5)
    assert (way.left_at, way.steps) == (1, 0)


def test_no_steps_and_no_rate():
    flat = surface(lambda a, b: 0 * a + 4)
    assert walk(flat, 1.0, 0).a == (1.5,)
    assert walk(flat, 1.0, 3).losses == (4.0,) * 4
    with pytest.raises(ValueError, match="rate"):
        walk(flat, -1.0, 3)


def test_a_surface_that_is_not_finished_is_walked_on_its_coarse_grid():
    whole = surface(lambda a, b: a**2 / 2 + b)
    half = whole.losses.copy()
    half[10:] = np.nan
    way = walk(Surface(2.0, half, whole.coarse, 0.5), 0.1, 4)
    assert np.isfinite(way.losses).all()
    np.testing.assert_allclose(way.b, -1.1 - 0.1 * np.arange(5))
