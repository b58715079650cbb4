"""The peek meter's picture: dots, the best, its fall, and both curves."""

import numpy as np
import pytest

from coursekit.experiments.peek import Peek
from coursekit.plots.peek import PeekPicture
from coursekit.plots.style import GREY, INK, MEASURED, PREDICTED
from tests.plots.reading import data, legend, line, looks, panel, words


def made(k=3, images=1000, candidates="guessers", low=0.1):
    ks = np.arange(1, 101)
    scores, fresh = low + np.array([0.0, 0.03, 0.01, 0.02]), low + np.array([0.0, -0.01, 0.005, 0.0])
    return Peek(candidates, k, images, scores[:k], fresh[:k], ks, ks / 5000, ks / 4000)


def panels(picture):
    return panel(picture, "The best of k, then revealed"), panel(
        picture, "What the peek is worth on average"
    )


def test_the_best_falls_to_its_own_fresh_accuracy():
    left, _ = panels(PeekPicture(made()))
    assert data(line(left, color=GREY, marker="o")) == ([1, 2, 3], pytest.approx([0.1, 0.13, 0.11]))
    assert data(line(left, color=MEASURED, marker="o")) == ([2], [pytest.approx(0.13)])
    assert data(line(left, color=INK, marker="v")) == ([2], [pytest.approx(0.09)])
    assert data(line(left, color=INK, linestyle="-")) == ([2, 2], pytest.approx([0.13, 0.09]))
    assert words(left) == ["● best: 13 %", "▼ on untouched images: 9 %"]
    assert data(line(left, linestyle=":"))[1] == pytest.approx([0.34 / 3] * 2)


def test_both_curves_in_points_and_where_k_stands():
    result = made()
    _, right = panels(PeekPicture(result))
    measured, expected = (line(right, color=c, marker="None") for c in (MEASURED, PREDICTED))
    assert data(measured)[1] == pytest.approx(100 * result.worth)
    assert data(expected)[1] == pytest.approx(100 * result.expected)
    assert data(line(right, color=MEASURED, marker="o")) == ([3], [pytest.approx(0.06)])
    assert data(line(right, color=PREDICTED, marker="o")) == ([3], [pytest.approx(0.075)])
    names = {looks(handle): name for name, handle in legend(right).items()}
    assert names[looks(measured)].startswith("measured")
    assert names[looks(expected)].startswith("binomial")


def test_the_frame_follows_candidates_and_images():
    picture = PeekPicture(made())
    left, right = panels(picture)
    assert right.get_ylim()[1] == 4
    assert not picture.move(made(4))
    assert picture.move(made(images=100))
    assert right.get_ylim()[1] == 13
    assert picture.move(made(images=100, candidates="nets", low=0.75))
    assert left.get_ylim() == pytest.approx((0.68, 0.84))
