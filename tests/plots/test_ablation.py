"""The rows of an ablation: dots, means, intervals, and what lies beyond the picture."""

import numpy as np
import pytest

from coursekit import claims
from coursekit.experiments.ablation import Ablation, Effect, ablation_of
from coursekit.plots import AblationRows
from tests.plots.reading import data, text

EFFECTS = (
    Effect("harm", 0.1, np.array([-0.02, -0.021, -0.022])),
    Effect("luck", 0.3, np.array([-0.01, 0.0, 0.01])),
    Effect("ruin", 1.0, np.array([-0.7, -0.8, -0.75])),
)


@pytest.fixture
def picture():
    return AblationRows(Ablation("base", 1.0, np.full(3, 0.85), EFFECTS, (0, 1, 2)))


def lines(picture, marker, row):
    return [
        line
        for line in picture.figure.axes[0].lines
        if line.get_marker() == marker
        and len(line.get_ydata())
        and np.all(np.array(line.get_ydata()) == row)
    ]


def test_each_row_has_its_dots_its_mean_and_its_interval(picture):
    ax = picture.figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "harm, η = 0.1",
        "luck, η = 0.3",
        "ruin",
    ]
    for row, effect in enumerate(EFFECTS[:2]):
        (dots,) = lines(picture, "o", row)
        assert data(dots)[0] == pytest.approx(100 * effect.differences)
        (mean,) = lines(picture, "|", row)
        assert data(mean)[0] == pytest.approx([100 * effect.mean])
        (bar,) = (line for line in lines(picture, "None", row) if line.get_linewidth() == 7)
        assert data(bar)[0] == pytest.approx([100 * end for end in effect.interval])


def test_colour_tells_what_exceeds_the_scatter(picture):
    colours = [lines(picture, "|", row)[0].get_color() for row in (0, 1)]
    assert colours[0] != colours[1]


def test_what_lies_beyond_is_told(picture):
    assert not lines(picture, "o", 2)
    assert text(picture.figure.axes[0], "◀ −75 points: learns nothing")


def test_of_the_kept_sweep_no_seed_and_no_name_is_cut_off():
    picture = AblationRows(ablation_of(claims.sweep("ablation")))
    picture.png()
    ax, renderer = picture.figure.axes[0], picture.figure.canvas.get_renderer()
    low, high = ax.get_xlim()
    shown = [line.get_xdata() for line in ax.lines if line.get_marker() == "o"]
    assert len(shown) == 7
    assert all(low < min(points) < max(points) < high for points in shown)
    assert min(label.get_window_extent(renderer).x0 for label in ax.get_yticklabels()) > 0
