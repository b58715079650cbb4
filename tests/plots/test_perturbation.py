"""The curve, its predicted tangent, and their gap: each from its own numbers."""

import dataclasses

import numpy as np
import pytest

from coursekit.experiments import perturb
from coursekit.plots import PerturbationPicture
from coursekit.plots.style import BLUE, INK, VERMILION
from tests.plots.reading import data, left_to_right, legend, line, lines, looks, panel_over, words


@pytest.fixture(scope="module")
def result():
    return perturb(4, 2, 0.25, backward="no_variance_path")


@pytest.fixture
def picture(result):
    made = PerturbationPicture(perturb(1, 1, 1.0))
    made.update(result)
    return made


def test_the_curve_is_the_loss_and_the_line_the_prediction(picture, result):
    ax = panel_over(picture, "nudge t of the input")
    named = legend(ax)
    assert list(named) == ["the loss", "predicted: slope · t"]
    curve = line(ax, color=BLUE, linestyle="-", linewidth=2.2)
    tangent = line(ax, color=VERMILION, linestyle="--")
    assert data(curve) == (result.t.tolist(), result.change.tolist())
    assert data(tangent) == (result.t.tolist(), (result.slope * result.t).tolist())
    for name, drawn in (("the loss", curve), ("predicted: slope · t", tangent)):
        assert looks(named[name])[:2] == looks(drawn)[:2]
    # The marked nudge: a point on the curve, one on the line, and the gap between them.
    on_curve, on_line = (
        line(ax, color=colour, marker=mark) for colour, mark in ((BLUE, "o"), (VERMILION, "D"))
    )
    assert data(on_curve) == ([0.25], [result.measured])
    assert data(on_line) == ([0.25], [0.25 * result.slope])
    assert [looks(handle)[2] for handle in named.values()] == ["o", "D"]
    assert data(line(ax, color=INK, linestyle=":")) == (
        [0.25, 0.25],
        [result.measured, 0.25 * result.slope],
    )


def test_the_gap_stands_in_the_other_panel(picture, result):
    ax = panel_over(picture, "nudge t")
    gaps = line(ax, color=INK, linestyle="-")
    assert data(gaps) == (result.nudges.tolist(), result.gaps.tolist())
    ((x,), (y,)) = data(line(ax, color=INK, marker="o"))
    assert (x, y) == (0.25, pytest.approx(abs(result.measured - 0.25 * result.slope)))
    assert left_to_right(picture.figure.axes)[1] is ax


def test_gaps_of_rounding_lie_below_the_axis_and_are_named(picture, result):
    ax = panel_over(picture, "nudge t")
    assert "nothing but rounding" not in words(ax)
    picture.update(dataclasses.replace(result, gaps=np.full(33, 1e-15), measured=0.0, slope=0.0))
    assert "nothing but rounding" in words(ax)
    low = ax.get_ylim()[0]
    assert max(data(line(ax, color=INK, linestyle="-"))[1]) < low
    assert data(line(ax, color=INK, marker="o"))[1][0] < low
    picture.update(result)
    assert "nothing but rounding" not in words(ax)


def test_the_title_names_entry_and_backward_pass(picture, result):
    assert "Sample 4, feature 2: the slope by a backward pass without the variance path" in words(
        panel_over(picture, "nudge t of the input")
    )
    assert not picture.move(dataclasses.replace(result, sample=3)), "nothing of the frame moves"
    assert words(picture.figure.axes[0])[0].startswith("Sample 3, feature 2")


def test_axes_and_guides_are_fixed(picture):
    curve, gap = left_to_right(picture.figure.axes)
    assert (curve.get_xlim(), curve.get_ylim()) == ((-1.6, 1.6), (-4.4, 4.4))
    assert curve.get_ylabel() == "change of the loss, C(t) − C(0)"
    assert gap.get_xlim() == pytest.approx((1e-3, 10**0.2))
    assert gap.get_ylim() == (1e-9, 1e2)
    assert (gap.get_xscale(), gap.get_yscale()) == ("log", "log")
    assert gap.get_ylabel() == "what the prediction misses"
    slopes = {}
    for guide in lines(gap, linestyle="--"):
        x, y = map(np.log10, data(guide))
        slopes[round((y[1] - y[0]) / (x[1] - x[0]))] = y[0] - x[0] * round((y[1] - y[0]) / (x[1] - x[0]))
    assert set(slopes) == {1, 2}
    # Each name stands nearer to its own guide than to the other one.
    for label in (t for t in gap.texts if t.get_text().startswith("∝")):
        x, y = np.log10(label.get_position())
        away = {power: abs(y - start - power * x) for power, start in slopes.items()}
        assert min(away, key=away.get) == {"∝ t": 1, "∝ t²": 2}[label.get_text()]


@pytest.mark.parametrize("backward", ["complete", "no_variance_path", "constant_statistics"])
def test_the_title_fits_the_picture(picture, backward):
    picture.update(perturb(6, 2, 0.25, backward=backward))
    (title,) = (t for t in picture.figure.axes[0].texts if t.get_text().startswith("Sample"))
    box = title.get_window_extent(picture.figure.canvas.get_renderer())
    assert 0 <= box.x0 < box.x1 <= picture.figure.bbox.width
