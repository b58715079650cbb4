"""Squares as wide as the spans, the matrix, and bars as long as the counts."""

import numpy as np
import pytest

from coursekit.experiments.receptive_field import receptive_field
from coursekit.plots.receptive_field import COST, MATRIX, SEEN, ReceptiveFieldPicture
from tests.plots.reading import panel, words


@pytest.fixture
def picture():
    return ReceptiveFieldPicture(receptive_field(8, 2, stride=3))


def test_a_square_for_each_layer(picture):
    picture.update(receptive_field(3, 5))
    ax = panel(picture, SEEN)
    squares = [p for p in ax.patches if p.get_visible()][1:]
    assert [p.get_width() for p in squares] == [5, 9, 13]
    assert all(p.get_x() + p.get_width() / 2 == 13.5 for p in squares)
    assert words(ax) == ["layer 3: 13 × 13"]


def test_what_leaves_the_picture_is_not_drawn(picture):
    picture.update(receptive_field(8, 6))
    ax = panel(picture, SEEN)
    widths = [p.get_width() for p in ax.patches if p.get_visible()][1:]
    assert widths == [6, 11, 16, 21, 26, 31, 36]
    assert words(ax) == ["layer 7: 36 × 36"]


def test_the_matrix_has_its_zeros_and_ties(picture):
    result = receptive_field(1, 3)
    picture.update(result)
    ax = panel(picture, MATRIX)
    shown = np.asarray(ax.images[0].get_array())
    np.testing.assert_array_equal(shown > 0, result.matrix > 0)
    assert len(np.unique(shown)) == 10
    assert words(ax) == ["144 of 576 not 0; 9 different"]


def test_bars_are_the_counts(picture):
    result = receptive_field(1, 3, channels=5)
    picture.update(result)
    ends = [line.get_xdata()[1] for line in panel(picture, COST).lines]
    assert ends == [result.weights[0], result.weights[1], *result.products]


def test_the_frame_changes_with_the_rows_of_the_matrix(picture):
    picture.update(receptive_field(1, 3))
    assert not picture.move(receptive_field(5, 3, dilation=2, channels=3))
    assert picture.move(receptive_field(1, 4))
