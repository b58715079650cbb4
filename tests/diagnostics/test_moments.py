"""Means and spreads against numpy in float64, at scales where float32 squares are lost."""

import numpy as np
import pytest

from coursekit.diagnostics import mean_and_std, spread_between_samples
from coursekit.diagnostics.moments import moments

SCALES = [1e-37, 1e-30, 1e-19, 1e-12, 1.0, 1e12, 1e19, 1e30, 1e37]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_they_agree_with_numpy_in_float64_at_any_scale(scale, dtype):
    rng = np.random.default_rng(0)
    values = ((rng.standard_normal((60, 30)) + rng.standard_normal(30)) * scale).astype(dtype)
    exact = values.astype(np.float64) / scale  # near 1, so that numpy's own squares are safe
    mean, std = mean_and_std(values)
    np.testing.assert_allclose(mean / scale, exact.mean(), rtol=1e-4)
    np.testing.assert_allclose(std / scale, exact.std(), rtol=1e-5)
    between = np.sqrt(exact.var(axis=0).mean())
    np.testing.assert_allclose(spread_between_samples(values) / scale, between, rtol=1e-5)
    expected = exact.mean(), exact.std(), between
    np.testing.assert_allclose(np.array(moments(values)) / scale, expected, rtol=1e-4)


def test_by_hand():
    # Mean 6; squared distances 16, 4, 4, 1, 1, 1, 9 and 36 sum to 72; 72 / 8 = 9.
    assert mean_and_std(np.array([[2, 4, 4, 5], [5, 7, 9, 12]])) == (6, 3)
    # Column variances 0, 1 and 4 over two samples: their mean is 5/3.
    values = np.array([[7.0, 1, 10], [7, 3, 14]])
    assert spread_between_samples(values) == pytest.approx(np.sqrt(5 / 3))


def test_differences_between_units_do_not_tell_samples_apart():
    values = np.tile(np.array([[-1.0, 1.0, 5.0]], np.float32), (10, 1))
    assert spread_between_samples(values) == 0
    assert mean_and_std(values)[1] > 2


def test_a_spread_small_beside_its_mean():
    values = np.array([1000, 1001] * 500, np.float32)
    np.testing.assert_allclose(mean_and_std(values), (1000.5, 0.5), rtol=1e-6)


@pytest.mark.parametrize("apart", [1e-7, 3e-8, 0])
def test_samples_that_differ_by_the_rounding_of_their_mean(apart):
    # Around 0.5 a float32 is known to 3e-8, and a unit's mean over many samples is off by about as much.
    # Where samples differ by that little, this must not count as spread between them.
    rng = np.random.default_rng(0)
    values = rng.uniform(0.4, 0.6, 40) + apart * rng.standard_normal((5000, 40))
    values = values.astype(np.float32)
    exact = values.astype(np.float64)
    between = np.sqrt(exact.var(axis=0).mean())
    np.testing.assert_allclose(spread_between_samples(values), between, rtol=1e-4, atol=1e-12)
    np.testing.assert_allclose(mean_and_std(values)[1], exact.std(), rtol=1e-5)


def test_a_sum_beyond_float32_still_has_a_mean():
    values = np.array([3e38, 3e38, 3e38, 2e38], np.float32)
    mean, std = mean_and_std(values)
    np.testing.assert_allclose(mean, 2.75e38, rtol=1e-6)
    np.testing.assert_allclose(std, 1e38 * np.sqrt(3) / 4, rtol=1e-6)


@pytest.mark.parametrize("value", [0.0, 0.5, -3.25])
def test_equal_values_have_no_spread(value):
    assert mean_and_std(np.full((4, 5), value, np.float32)) == (value, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_entries_that_are_not_finite_give_nan(bad, dtype):
    values = np.array([[1, 2], [bad, 3]], dtype)
    assert np.isnan(mean_and_std(values)).all()
    assert np.isnan(spread_between_samples(values))


def test_they_refuse():
    with pytest.raises(ValueError, match="values is empty"):
        mean_and_std(np.array([]))
    with pytest.raises(TypeError, match="real numbers"):
        mean_and_std(np.array([1j]))
    with pytest.raises(ValueError, match="2 axes"):
        spread_between_samples(np.zeros(3))
