"""Numbers above 0, below 1; and `is_finite`: every bad entry is found, however large the good ones are."""

import math
import re

import numpy as np
import pytest

from coursekit.nn.checks import below_one, float_array, is_finite, positive


def test_above_nought_means_above_nought():
    assert positive("rate", 5e-324) == 5e-324
    assert isinstance(positive("rate", np.float32(2)), float)
    for bad in (0, 0.0, -0.0, -1e-9, math.nan, math.inf):
        with pytest.raises(ValueError, match=r"^rate must be"):
            positive("rate", bad)
    for bad in (True, "1", None, 1j):
        with pytest.raises(TypeError, match="rate must be a number"):
            positive("rate", bad)


def test_below_one_means_nought_to_below_one():
    assert below_one("p", 0) == 0
    assert below_one("p", np.nextafter(1, 0)) < 1
    for bad in (1, 1.0, 1 + 1e-9, -1e-9, math.nan, math.inf):
        with pytest.raises(ValueError, match=r"^p must be"):
            below_one("p", bad)
    with pytest.raises(TypeError, match="p must be a number"):
        below_one("p", False)


@pytest.mark.parametrize(
    ("check", "bad", "sentence"),
    [(positive, 0.0, "rate must be above 0{}; got 0."), (below_one, 1.0, "rate must be below 1{}; got 1.")],
)
def test_the_edge_says_why_if_there_is_a_reason(check, bad, sentence):
    for why, said in (((), ""), (("no step would be tried",), ", or no step would be tried")):
        with pytest.raises(ValueError, match=f"^{re.escape(sentence.format(said))}$"):
            check("rate", bad, *why)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("size", [1, 7, 30_000])
def test_one_bad_entry_is_found_wherever_it_stands(dtype, bad, size):
    for place in {0, size // 2, size - 1}:
        values = np.ones(size, dtype)
        assert is_finite(values)
        values[place] = bad
        assert not is_finite(values)


def test_bad_entries_of_both_signs_do_not_cancel():
    assert not is_finite(np.float32([np.inf, -np.inf]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_entries_whose_squares_overflow_are_finite(dtype):
    values = np.full((3, 4), np.finfo(dtype).max, dtype)
    values[1] *= -1
    assert is_finite(values)
    values[2, 3] = np.nan
    assert not is_finite(values)


def test_views_and_whole_numbers():
    values = np.ones((6, 6), np.float32)
    values[0, 1] = np.nan
    assert is_finite(values[::2, ::2])
    assert not is_finite(values[:, 1:3].T)
    assert is_finite(np.array([2**62, -(2**62)]))


def test_whole_numbers_are_kept_or_refused():
    """2²⁴ is the last that float32 tells from its neighbours, 2⁵³ the last of float64."""
    assert float_array("x", np.array([2**24, -(2**24)])).dtype == np.float32
    wide = float_array("x", np.array([2**24 + 1, 2**53]))
    assert wide.dtype == np.float64
    assert wide.astype(int).tolist() == [2**24 + 1, 2**53]
    for numbers in ([2**53 + 1], [-(2**53) - 1], np.array([2**63 + 5], np.uint64), [-(2**63)]):
        with pytest.raises(ValueError, match=r"x holds whole numbers beyond 2⁵³.*take an offset off"):
            float_array("x", numbers)
