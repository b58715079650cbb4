"""Paths, rate and losses are those of the result, each walker in the colour of the legend."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from coursekit.experiments.descent import descend, diagnose_descent, lecun_problem
from coursekit.plots.descent import DescentPaths
from tests.plots.reading import data, legend, line, lines, panel, panel_over, text

CURVES, WAYS = "How far above the minimum is the loss?", "Which way does each walker take?"


def made(rate=0.2, **more):
    return descend(rate, 10, np.random.default_rng(1), **more)


@pytest.fixture
def picture():
    shown = DescentPaths(made(9.0, momentum=0.5, axis="seconds"))
    shown.update(made())
    return shown


def colour(picture, name):
    return legend(panel(picture, CURVES))[name].get_color()


def test_each_path_has_its_colour(picture):
    ax = panel(picture, WAYS)
    for walk in made().walks:
        (drawn,) = (
            way for way in lines(ax, color=colour(picture, walk.name)) if way.get_linestyle() == "-"
        )
        np.testing.assert_array_equal(np.transpose(drawn.get_data()), walk.path[:301])
        dots = line(ax, color=colour(picture, walk.name), marker=".")
        np.testing.assert_array_equal(np.transpose(dots.get_data()), walk.path[301:])
    assert data(line(ax, marker="s")) == ([-1.2], [0.6])
    np.testing.assert_allclose(np.ravel(data(line(ax, marker="+"))), lecun_problem().best)


def test_losses_are_thin_and_their_means_thick(picture):
    ax = panel(picture, CURVES)
    for walk in made().walks:
        for width, losses in ((0.6, walk.excess), (2.2, walk.smooth)):
            x, y = data(line(ax, color=colour(picture, walk.name), linewidth=width))
            shown = np.searchsorted(walk.samples, x)
            np.testing.assert_array_equal(walk.samples[shown], x)
            np.testing.assert_allclose(y, np.clip(losses[shown], 1e-7, 1e3))
            assert x[-1] == 4000


@pytest.mark.parametrize(
    ("axis", "limits", "label"),
    [("samples", (0.8, 5e3), "samples used"), ("updates", (0.8, 5e3), "updates"),
     ("seconds", (4e-4, 3.0), "seconds")],
)  # fmt: skip
def test_the_axis_is_the_one_asked_for(picture, axis, limits, label):
    result = made(axis=axis)
    picture.update(result)
    ax = panel(picture, CURVES)
    assert (ax.get_xlim(), ax.get_xlabel()) == (limits, label)
    for walk in result.walks:
        x, _ = data(line(ax, color=colour(picture, walk.name), linewidth=2.2))
        assert x[-1] == pytest.approx(walk.along(axis)[-1])
    assert data(line(ax, linestyle=":"))[0] == [result.crossing] * 2


def test_the_strip_shows_rate_and_limit(picture):
    strip = panel_over(picture, "learning rate η")
    for result in (made(), made(3.0, momentum=0.5)):
        picture.update(result)
        assert data(line(strip, marker="o")) == ([result.rate], [0.5])
        assert data(line(strip, linewidth=2, marker="None"))[0] == [result.limit] * 2
        (beyond,) = strip.patches
        assert (beyond.get_x(), beyond.get_x() + beyond.get_width()) == pytest.approx((result.limit, 10))
    assert text(strip, "limit of the full batch")


def test_nan_is_marked_where_it_begins_and_only_there(picture):
    ax = panel(picture, CURVES)
    marks = {w.name: line(ax, marker="X", color=colour(picture, w.name)) for w in made().walks}
    assert all(data(mark) == ([], []) for mark in marks.values())
    result = made(10.0)
    picture.update(result)
    one = result.walks[2]
    assert data(marks["one sample"])[0] == [one.samples[one.lost_at]]
    assert data(marks["full batch"]) == ([], [])
    assert data(line(ax, linestyle=":")) == ([], [])


def test_the_contours_are_those_of_the_loss():
    ax = panel(DescentPaths(made()), WAYS)
    (contours,) = ax.collections
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        if len(path.vertices):
            losses = lecun_problem().above_lowest(path.vertices[::7])
            np.testing.assert_allclose(losses, level, rtol=0.2)
    assert not same_color(contours.get_edgecolor()[0], "white")


def test_the_frame_moves_with_the_axis_alone(picture):
    assert not picture.move(made(1.0, momentum=0.3))
    assert picture.move(made(axis="updates"))


def test_alone_shows_one_walker_and_no_limit():
    result = descend(0.2, 10, np.random.default_rng(0))
    picture = DescentPaths(result, alone=True)
    assert len(picture.figure.axes) == 2  # no strip of rates
    curves = picture.figure.axes[1]
    assert curves.get_legend() is None
    assert curves.get_xlabel() == "steps"
    drawn = [line for line in curves.lines if len(line.get_xdata()) > 1]
    assert len(drawn) == 2  # the loss and its average
    assert all(data(line)[0] == list(range(1, 41)) for line in drawn)
    last = float(f"{result.walks[0].smooth[-1]:.1e}")
    assert diagnose_descent(result, alone=True) == (
        f"η = 0.2: after 40 steps the loss is {last:g} above its minimum."
    )
