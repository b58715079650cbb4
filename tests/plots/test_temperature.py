"""The picture of a temperature shows its result, read back from its artists."""

import dataclasses

import numpy as np
import pytest

from coursekit.experiments.temperature import temper
from coursekit.plots.style import FLAT_COLOUR, GREY
from coursekit.plots.temperature import TemperaturePicture
from tests.plots.reading import data, line, lines, panel, panel_over, words

RESULT = temper(2.0, 1, 0)


def loss(picture):
    return panel(picture, "Loss: it swings")


def reliable(picture):
    return panel(picture, "As right as it is sure?")


def moved():
    picture = TemperaturePicture(temper(0.5, 1, 1))
    picture.update(RESULT)
    return picture


def test_the_loss_and_its_best():
    ax = loss(moved())
    x, y = data(line(ax, color=GREY, linestyle="-"))
    np.testing.assert_array_equal(x, RESULT.temperatures)
    np.testing.assert_array_equal(y, RESULT.losses)
    assert data(line(ax, marker="o")) == ([2.0], [RESULT.loss])
    assert data(line(ax, linestyle="--"))[0] == [RESULT.best[0]] * 2
    assert words(ax) == [f" best T = {RESULT.best[0]:.2g}, loss {RESULT.best[1]:.2f} "]
    assert (ax.get_xscale(), ax.get_ylim()) == ("log", (0, 4))


def test_a_loss_beyond_the_border_is_marked_there():
    picture = TemperaturePicture(dataclasses.replace(RESULT, loss=7.0))
    assert data(line(loss(picture), marker="^")) == ([2.0], [4.0])
    assert data(line(loss(picture), marker="o")) == ([], [])
    picture.update(RESULT)
    assert data(line(loss(picture), marker="^")) == ([], [])


def test_the_accuracy_is_a_flat_line():
    ax = panel_over(moved(), "temperature T")
    assert set(data(line(ax, color=GREY))[1]) == {RESULT.accuracy}
    assert data(line(ax, marker="o")) == ([2.0], [RESULT.accuracy])
    assert words(ax) == [f"{100 * RESULT.accuracy:.0f} % right, at every T"]


def test_the_reliability_diagram():
    ax = reliable(moved())
    heights = [bar.get_height() for bar in ax.patches]
    np.testing.assert_array_equal(heights, np.nan_to_num(RESULT.right))
    assert [bar.get_x() for bar in ax.patches] == pytest.approx(np.arange(10) / 10)
    assert data(line(ax, linestyle="--")) == ([0, 1], [0, 1])
    gaps = [data(gap) for gap in lines(ax, color=FLAT_COLOUR)]
    for k, (x, y) in enumerate(gaps):
        if RESULT.counts[k]:
            assert (x, y) == ([RESULT.confidence[k]] * 2, [RESULT.right[k], RESULT.confidence[k]])
        else:
            assert (x, y) == ([], [])


def test_the_shares_of_images():
    ax = panel_over(moved(), "how sure: the largest probability of an image")
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], RESULT.counts / 2000)
    assert words(ax) == [f"sure by {100 * RESULT.mean_confidence:.0f} % on average"]
    assert not TemperaturePicture(RESULT).move(RESULT)
