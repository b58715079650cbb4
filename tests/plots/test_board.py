"""The board's picture: curves of the run, a row of dots for each recipe."""

import itertools

import numpy as np
import pytest

from coursekit.experiments.board import Board, Kept, Opened
from coursekit.explorers.board import DECAYS, SCHEMES, SIZES
from coursekit.nets.recipe import Recipe
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


def recipes():
    """The words of every recipe that the board can make, at rates that are long to write."""
    switches = itertools.product(
        (key for _, key in SCHEMES), (False, True), (False, True), (λ for _, λ in DECAYS), (False, True),
        (False, True), (0.011, 10.0), (size for _, size in SIZES),
    )  # fmt: skip
    return sorted({Recipe(*values).words for values in switches}, key=len)


def test_the_longest_recipes_stand_in_two_lines_between_the_panels():
    longest = recipes()[-8:]
    assert len(longest[-1]) > 75
    picture = BoardRuns(Board(run(), tuple(Kept(words, (1000, 2), 0, 0.8) for words in longest)))
    picture.png()
    renderer = picture.figure.canvas.get_renderer()
    before, beside = (panel.get_window_extent(renderer) for panel in picture.figure.axes[1:])
    labels = [t for t in dots_axis(picture).texts if t.get_text().replace("\n", " ") in longest]
    boxes = sorted((label.get_window_extent(renderer) for label in labels), key=lambda box: -box.y0)
    assert len(boxes) == 8
    for label, box in zip(labels, boxes, strict=True):
        assert label.get_text().count("\n") <= 1
        assert before.x1 < box.x0 < box.x1 < beside.x0
    assert all(upper.y0 > lower.y1 - 1 for upper, lower in itertools.pairwise(boxes))


def test_no_legend_lies_over_a_panel():
    picture = BoardRuns(Board(run()))
    picture.png()
    renderer = picture.figure.canvas.get_renderer()
    for ax in picture.figure.axes[1:]:
        box = ax.get_legend().get_window_extent(renderer)
        assert not any(box.overlaps(other.get_window_extent(renderer)) for other in picture.figure.axes)


def test_a_recipe_is_broken_at_commas():
    broken = "N(0, 0.01²), no norm, dropout, λ 0.0001,\nnot centred, batch 256, η 0.011"
    picture = BoardRuns(Board(run(), kept(0.8, words=broken.replace("\n", " "))))
    assert text(dots_axis(picture), broken)


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


def test_no_mark_at_a_border_is_cut_in_half():
    picture = BoardRuns(Board(run(0.1), kept(0.1), Opened(WORDS, 0.1, 0.1)))
    marks = [
        line for ax in picture.figure.axes[1:] for line in ax.lines if line.get_marker() in ("o", "*", "s")
    ]
    assert len([line for line in marks if len(line.get_xdata())]) == 5
    assert not any(line.get_clip_on() for line in marks)


def test_nothing_stays_from_the_run_before():
    moved = BoardRuns(Board(run(diverged_at=3), kept(0.8, 0.9), Opened(WORDS, 0.78, 0.8)))
    moved.update(Board(run(done=0.4)))
    assert rows(moved) == []
    assert text(dots_axis(moved), "Keep a run, and its seed\nstands here as a dot.")
    crosses = [line for line in panel(moved, "loss").lines if line.get_marker() == "X"]
    assert [len(line.get_xdata()) for line in crosses] == [0]
    stars = [line for line in dots_axis(moved).lines if line.get_marker() == "*"]
    assert [len(line.get_xdata()) for line in stars] == [0]


def test_a_run_that_broke_ends_in_a_cross():
    picture = BoardRuns(Board(run(diverged_at=3)))
    (cross,) = (line for line in panel(picture, "loss").lines if line.get_marker() == "X")
    assert data(cross) == ([0.4], [2.5])
