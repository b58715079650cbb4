"""Squares and curves hold the numbers of the result."""

import numpy as np
import pytest

from coursekit.experiments.shift import NETS, Shift
from coursekit.plots.shift import COLOURS, CURVES, SQUARES, ShiftPicture
from tests.plots.reading import data, line, panel


def made(shift, seed):
    rng = np.random.default_rng(seed)
    image, one, two = rng.random((3, 28, 28))
    return Shift(shift, False, image, one, two, rng.random((3, 9)))


@pytest.fixture
def picture():
    return ShiftPicture(made(2, 0))


def test_squares_and_curves(picture):
    result = made(5, 1)
    assert not picture.move(result)
    for title, values in zip(SQUARES, (result.image, result.feature_map, result.moved_map), strict=True):
        np.testing.assert_array_equal(panel(picture, title).images[0].get_array(), values)
    ax = panel(picture, CURVES)
    for name, shares in zip(NETS, result.accuracies, strict=True):
        assert data(line(ax, color=COLOURS[name], linewidth=2)) == (list(range(9)), shares.tolist())
        assert data(line(ax, color=COLOURS[name], marker="o")) == ([5], [shares[5]])
    assert data(line(ax, linestyle=":"))[0] == [5, 5]


def test_both_maps_have_one_scale(picture):
    maps = [panel(picture, title).images[0].get_clim() for title in SQUARES[1:]]
    assert maps[0] == maps[1]
