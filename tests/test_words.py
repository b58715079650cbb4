"""Numbers in words: few digits, a minus that is a minus, and no "−0"."""

import math

import pytest

from coursekit.words import (
    narrow,
    number,
    power_of_e,
    probability,
    short,
    short_loss,
    tiny,
    two_decimals,
    whole_percent,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.001, "0"), (1, "1"), (-2.5, "−2.5"), (1 / 3, "0.33"), (-12.346, "−12.35"), (100, "100")],
)
def test_short_numbers(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.001, "0.00"), (-1.5, "−1.50"), (99.99, "99.99"), (484, "484"), (1600, "1,600"), (-123.4, "−123")],
)
def test_a_narrow_cell_holds_six_characters(value, text):
    assert narrow(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0.00"), (-0.004, "0.00"), (-1 / 3, "−0.33"), (2, "2.00"), (-10.001, "−10.00")]
)
def test_two_decimals_are_always_there(value, text):
    assert two_decimals(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0999, "0.1"), (0.01234, "0.012"), (0.00316, "0.0032"), (0.000316, "0.0003")]
)
def test_little_does_not_read_nought(value, text):
    assert tiny(value) == text
    assert len(text) <= 6


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (0.614, "61 %"), (0.999, "100 %"), (math.nan, "nan %")]
)
def test_a_whole_percent(share, text):
    assert whole_percent(share) == text


def test_rounding_noise_is_nought_if_asked():
    assert number(-9e-13, noise=1e-12) == number(0.0) == "0"
    assert number(-2e-12, noise=1e-12) == "−2e−12"
    assert number(math.nan, noise=1) == "nan"


@pytest.mark.parametrize(
    ("p", "text"),
    [
        *((0.0, "0 exactly"), (1.0, "1 exactly"), (0.5, "0.500"), (1 - 6e-8, "1 − 6·10⁻⁸")),
        *((2e-9, "2.0·10⁻⁹"), (0.0012, "0.001"), (math.nan, "nan")),
    ],
)
def test_a_probability_near_an_end_is_told_from_the_end(p, text):
    assert probability(p) == text


@pytest.mark.parametrize(
    ("value", "text"), [(math.inf, "inf"), (0.0, "0"), (7.389, "7.39"), (22026.5, "22,000")]
)
def test_a_power_of_e(value, text):
    assert power_of_e(value) == text


@pytest.mark.parametrize(
    ("loss", "text"),
    [(math.inf, "inf"), (math.nan, "nan"), (0.0, "0"), (1.349, "1.35"), (4.4e-4, "0.0004")],
)
def test_a_loss(loss, text):
    assert short_loss(loss) == text
