"""count_in_bins against numpy.histogram, and by hand on the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.diagnostics import Histograms, count_in_bins
from coursekit.diagnostics.histogram import SIZE_EDGES, count_sizes

FAR = (1e38, -1e38, 3.4e38, -3.4e38, 1e5, -1e5)


def away_from_edges(values, low, high, bins):
    """Keep values whose bin no rounding can change: several float steps away from the next edge."""
    position = (values.astype(np.float64) - low) / (high - low) * bins
    reach = bins * (1 + max(abs(low), abs(high)) / (high - low))
    slack = 8 * np.finfo(values.dtype).eps * reach
    return values[(np.abs(position - np.round(position)) > slack) | (np.abs(position) > 2 * reach)]


@settings(deadline=None, max_examples=150)
@given(
    dtype=st.sampled_from([np.float32, np.float64]),
    size=st.integers(1, 301),
    seed=st.integers(0, 2**32 - 1),
    low=st.floats(-10, 10),
    width=st.floats(0.1, 20),
    bins=st.integers(1, 254),
    far=st.lists(st.sampled_from(FAR), max_size=3),
)
def test_it_equals_numpy_away_from_edges(dtype, size, seed, low, width, bins, far):
    high = low + width
    draws = np.random.default_rng(seed).uniform(low - width, high + width, size)
    values = away_from_edges(np.concatenate([draws, far]).astype(dtype), low, high, bins)
    if values.size == 0:
        return
    counts, below, above = count_in_bins(values, low, high, bins)
    exact = values.astype(np.float64)
    np.testing.assert_array_equal(counts, np.histogram(exact, bins, (low, high))[0])
    assert (below, above) == ((exact < low).sum(), (exact > high).sum())


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=40),
    st.integers(1, 254),
)
def test_nothing_is_lost_whatever_the_values(values, bins):
    counts, below, above = count_in_bins(np.array(values, np.float32), -1.02, 1.02, bins)
    assert counts.shape == (bins,)
    assert counts.sum() + below + above == len(values)


@pytest.mark.parametrize("size", [100_000, 100_001])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_many_values_in_one_bin_do_not_wrap_around(dtype, size):
    counts, below, above = count_in_bins(np.full((1, size), 0.3, dtype), 0, 1, 2)
    assert (counts.tolist(), below, above) == ([size, 0], 0, 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_bin_holds_its_left_edge_and_not_its_right(dtype):
    values = np.array([[0, 1, 2, 3], [4, -0.25, 3.75, 1]], dtype)
    counts, below, above = count_in_bins(values, 0, 4, 4)
    assert (counts.tolist(), below, above) == ([1, 2, 1, 2], 1, 1)


def test_the_values_are_left_as_they_were():
    values = np.array([0.5, 7, -7], np.float32)
    count_in_bins(values, 0, 1, 3)
    assert values.tolist() == [0.5, 7, -7]


def test_bins_narrower_than_a_float32_can_divide_by():
    values = np.array([-3e-40, 1e-40, 1e-40, 5e-40], np.float32)
    counts, below, above = count_in_bins(values, -4e-40, 4e-40, 4)
    assert (counts.tolist(), below, above) == ([1, 0, 2, 0], 0, 1)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (([0.1, np.nan], 0, 1, 2), ValueError, "values hold nan"),
        (([np.nan], 0, 1, 2), ValueError, "values hold nan"),
        (([], 0, 1, 2), ValueError, "values is empty"),
        (([0.1], 1, 1, 2), ValueError, "low must be below high"),
        (([0.1], 2, 1, 2), ValueError, "low must be below high"),
        (([0.1], 0, 1, 255), ValueError, "at most 254"),
        (([0.1], 0, 1, 0), ValueError, "bins must be 1 or more"),
        (([0.1], 0, 1, 2.0), TypeError, "whole number"),
        (([0.1], np.nan, 1, 2), ValueError, "low must be a finite number"),
        (([0.1], 0, np.inf, 2), ValueError, "high must be a finite number"),
        (([0.1], -1e308, 1e308, 2), ValueError, "a width that floats can hold"),
        ((["a"], 0, 1, 2), TypeError, "real numbers"),
    ],
)
def test_it_refuses(call, error, sentence):
    values, *rest = call
    with pytest.raises(error, match=sentence):
        count_in_bins(np.array(values), *rest)


def test_totals_and_shares_by_hand():
    histograms = Histograms(
        np.array([0.0, 1, 2]), np.array([[1, 2], [0, 0]]), np.array([3, 0]), np.array([4, 0])
    )
    assert histograms.total.tolist() == [10, 0]
    assert histograms.shares().tolist() == [[0.1, 0.2], [0, 0]]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_sizes_fall_into_powers_of_two(dtype):
    values = np.array([0, 1, -1.5, 2, -3.5, 0.25, -0.0, 0.75, 1000], dtype)
    counts, below, above = count_sizes(values)
    assert (below, above) == (2, 0)
    expected = np.histogram(np.abs(values[values != 0]).astype(np.float64), SIZE_EDGES)[0]
    np.testing.assert_array_equal(counts, expected)
    assert counts[126:128].tolist() == [2, 2]  # [1, 2) and [2, 4)


def test_sizes_at_the_ends_of_the_floats():
    tiny, huge = np.float32(2.0**-126), np.finfo(np.float32).max
    counts, below, above = count_sizes(np.array([tiny, tiny / 2, -huge, 0], np.float32))
    assert (counts[0], counts[-1], below, above) == (1, 1, 2, 0)
    counts, below, above = count_sizes(np.array([1e-300, -1e300, 2.0**-126, 2.0**127, 0.0]))
    assert (counts[0], counts[-1], below, above) == (1, 1, 2, 1)
    many = np.random.default_rng(0).standard_normal((301, 7), dtype=np.float32)
    counts, below, above = count_sizes(many)
    np.testing.assert_array_equal(counts, np.histogram(np.abs(many.astype(np.float64)), SIZE_EDGES)[0])
    assert counts.sum() + below + above == many.size


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_sizes_of_what_is_no_number_are_refused(bad):
    with pytest.raises(ValueError, match="nan or inf"):
        count_sizes(np.array([1.0, bad]))
