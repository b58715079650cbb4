"""The board's picture: curves of the run, a row of dots for each recipe."""

import numpy as np
import pytest

from coursekit.experiments.board import Board, Opened
from coursekit.plots.board import DOTS, BoardRuns
from tests.experiments.test_board import kept, run
from tests.plots.reading import data, legend, looks, panel, text

WORDS = "He, batch norm, η 1"


def line_of(ax, name):
    handle = legend(ax)[name]
    (line,) = (shown for shown in ax.lines if looks(shown) == looks(handle) and len(shown.get_xdata()))
    return data(line)


def dots_axis(picture):
    return picture.figure.axes[2]


def rows(picture):
    return [
        (np.round(line.get_xdata(), 3).tolist(), line.get_ydata()[0])
        for line in dots_axis(picture).lines
        if line.get_marker() == "o" and line.get_alpha() and len(line.get_xdata())
    ]


def test_curves_are_the_run_s():
    picture = BoardRuns(Board(run()))
    (losses,) = (line for line in panel(picture, "loss").lines if len(line.get_xdata()) == 2
                 and line.get_linewidth() == 2)  # fmt: skip
    assert data(losses) == ([0.2, 0.4], [2.0, 0.7])
    right = panel(picture, "right answers")
    assert line_of(right, "learned from") == ([0, 1, 2], [0.1, 0.85, 0.9])
    assert line_of(right, "validation") == ([0, 1, 2], [0.1, 0.7, 0.8])
    assert right.get_xlim() == (0, 2)


def test_each_recipe_has_its_row_of_seeds():
    picture = BoardRuns(Board(run(), (*kept(0.8, 0.82), *kept(0.75, words="other"))))
    assert rows(picture) == [([0.8, 0.82], 0), ([0.75], 1)]
    assert text(dots_axis(picture), WORDS)
    assert text(dots_axis(picture), "other")
    means = [
        line for line in dots_axis(picture).lines if line.get_marker() == "|" and len(line.get_xdata())
    ]
    assert [data(line) for line in means] == [([pytest.approx(0.81)], [0])]


def test_a_run_below_the_axis_stands_at_its_border():
    picture = BoardRuns(Board(run(0.1), kept(0.1)))
    assert rows(picture) == [([DOTS[0]], 0)]
    assert line_of(dots_axis(picture), "this run") == ([DOTS[0]], [0])


def test_the_star_is_what_the_test_set_said():
    opened = Opened("other", 0.78, 0.8)
    picture = BoardRuns(Board(run(), (*kept(0.8), *kept(0.75, words="other")), opened))
    assert line_of(dots_axis(picture), "test set") == ([0.78], [1])
    assert line_of(dots_axis(picture), "this run") == ([0.8], [0])
    picture.update(Board(run(), (*kept(0.75, words="other"), *kept(0.8))))
    assert line_of(dots_axis(picture), "this run") == ([0.8], [1])


def test_nothing_stays_from_the_run_before():
    moved = BoardRuns(Board(run(diverged_at=3), kept(0.8, 0.9), Opened(WORDS, 0.78, 0.8)))
    moved.update(Board(run(done=0.4)))
    assert rows(moved) == []
    assert text(dots_axis(moved), "Keep a run, and its seed stands here as a dot.")
    crosses = [line for line in panel(moved, "loss").lines if line.get_marker() == "X"]
    assert [len(line.get_xdata()) for line in crosses] == [0]
    stars = [line for line in dots_axis(moved).lines if line.get_marker() == "*"]
    assert [len(line.get_xdata()) for line in stars] == [0]


def test_a_run_that_broke_ends_in_a_cross():
    picture = BoardRuns(Board(run(diverged_at=3)))
    (cross,) = (line for line in panel(picture, "loss").lines if line.get_marker() == "X")
    assert data(cross) == ([0.4], [2.5])
