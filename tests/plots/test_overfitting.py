"""The picture of overfitting shows the numbers of its result."""

import dataclasses

import numpy as np
import pytest

from coursekit.experiments.overfitting import Overfitting, Run
from coursekit.plots.overfitting import OverfittingCurves
from coursekit.plots.style import BLUE, GREY, VERMILION
from tests.plots.reading import data, line, lines, panel, text, words

LOSS, RIGHT = "Does it learn, or remember?", "And the answers?"
CHOSEN = Run(
    *map(np.array, ((2.0, 1.0, 0.5, 0.2), (2.0, 0.9, 0.6, 0.8), (0.1, 0.5, 0.9, 1.0), (0.4, 0.5, 0.6, 0.7)))
)
PLAIN = Run(
    *map(
        np.array, ((2.0, 0.9, 0.3, 0.02), (2.0, 0.8, 1.0, 1.5), (0.1, 0.6, 0.9, 1.0), (0.4, 0.6, 0.6, 0.6))
    )
)
RESULT = Overfitting(CHOSEN, PLAIN, 250, 55050, 0.01, 0.5, 1.0)


@pytest.fixture
def picture():
    return OverfittingCurves(RESULT)


def test_the_curves(picture):
    loss, right = panel(picture, LOSS), panel(picture, RIGHT)
    for ax, training, validation in (
        (loss, CHOSEN.training, CHOSEN.validation),
        (right, CHOSEN.right_training, CHOSEN.right),
    ):
        assert data(line(ax, color=BLUE, marker="None"))[1] == training.tolist()
        assert data(line(ax, color=VERMILION, marker="None"))[1] == validation.tolist()
    assert data(line(loss, color=GREY, linestyle="--"))[1] == PLAIN.training.tolist()
    assert data(line(loss, color=GREY, linestyle="-"))[1] == PLAIN.validation.tolist()
    assert data(line(loss, color=BLUE, marker="o")) == ([3.0], [0.2])
    assert "55,050 weights, 250 images" in words(picture.figure)


def test_early_stopping_is_marked_where_the_validation_loss_is_lowest(picture):
    loss = panel(picture, LOSS)
    at, height = data(line(loss, marker="v"))
    assert at == [2]
    assert 0.6 < height[0] < 0.75
    assert text(loss, "stop here").get_position()[0] == pytest.approx(2.6)
    assert data(line(loss, linestyle=":")) == ([2, 2], [*height, 2.5])
    picture.update(dataclasses.replace(RESULT, chosen=PLAIN))
    assert data(line(loss, marker="v"))[0] == [1]


def test_the_name_of_a_late_stop_stands_on_its_left(picture):
    late = np.array([*np.linspace(2, 1, 39), 1.1])
    picture.update(dataclasses.replace(RESULT, chosen=Run(late, late, late, late)))
    name = text(panel(picture, LOSS), "stop here")
    assert (name.get_position()[0], name.get_ha()) == (pytest.approx(37.4), "right")


def test_the_gap_has_its_number_beside_it(picture):
    loss = panel(picture, LOSS)
    name = text(loss, "gap\n0.60")
    assert name.get_position() == (pytest.approx(3.9), pytest.approx(0.5))
    lost = np.array([2.0, np.nan])
    picture.update(dataclasses.replace(RESULT, chosen=Run(lost, lost, lost, lost)))
    assert not name.get_visible()


def test_the_legend_names_what_is_drawn(picture):
    def named():
        (shown,) = (one for one in picture.figure.legends if one.get_visible())
        return [name.get_text() for name in shown.get_texts()]

    assert named()[2:] == ["validation, without λ and p", "training, without λ and p"]
    picture.update(dataclasses.replace(RESULT, plain=CHOSEN, decay=0.0, p=0.0))
    assert named() == ["validation images", "training images"]


def test_no_marker_where_it_still_falls(picture):
    falling = dataclasses.replace(CHOSEN, validation=np.array([2.0, 0.9, 0.6, 0.5]))
    picture.update(dataclasses.replace(RESULT, chosen=falling))
    assert data(line(panel(picture, LOSS), marker="v"))[0] == []
    assert "stop here" not in words(panel(picture, LOSS))


def test_no_grey_where_nothing_is_asked_for(picture):
    assert not picture.move(dataclasses.replace(RESULT, p=0.0))
    assert picture.move(dataclasses.replace(RESULT, plain=CHOSEN, decay=0.0, p=0.0))
    assert all(data(grey)[0] == [] for grey in lines(panel(picture, LOSS), color=GREY))


def test_what_diverged_leaves_a_gap(picture):
    broken = Run(*(np.array([2.0, np.nan]),) * 2, *(np.array([0.1, 0.1]),) * 2)
    picture.update(dataclasses.replace(RESULT, chosen=broken))
    assert np.isnan(data(line(panel(picture, LOSS), color=BLUE, marker="None"))[1][1])
