"""The picture of dropout shows the numbers of its result."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from coursekit.experiments.dropout import dropout_report
from coursekit.plots.dropout import DropoutPicture
from coursekit.plots.style import MEASURED, PREDICTED
from tests.plots.reading import data, line, panel, words

MEAN, NORM, SPREAD = "Is the mean that of use?", "Is the norm that of use?", "Batch norm: spread in use"


@pytest.fixture
def picture():
    return DropoutPicture(dropout_report(0.5, 20, norm="behind"))


def test_the_drawing(picture):
    report = dropout_report(0.5, 20, norm="behind")
    net = panel(picture, "One draw in training (✕: silent)")
    heights = data(line(net, marker="x"))[1]
    assert len(heights) == (~report.kept).sum()
    assert [f"{v:.2f}" for v in report.outputs[-1]] == words(net)[:8]
    edges = next(c for c in net.collections if isinstance(c, LineCollection))
    assert len(edges.get_segments()) == 3 * report.kept.sum()
    picture.update(dropout_report(0.5, 20, phase="use"))
    assert not data(line(panel(picture, "In use every unit speaks"), marker="x"))[0]


def test_means_with_their_errors(picture):
    report, ax = dropout_report(0.5, 20, norm="behind"), panel(picture, MEAN)
    np.testing.assert_allclose(data(line(ax, marker="o"))[1], report.mean, rtol=1e-6)
    np.testing.assert_allclose(data(line(ax, marker="_"))[1], report.in_use, rtol=1e-6)
    bars = next(c for c in ax.collections if isinstance(c, LineCollection))
    tall = [segment[1, 1] - segment[0, 1] for segment in bars.get_segments()]
    np.testing.assert_allclose(tall, 4 * report.error, rtol=1e-5)


def test_norms_with_the_formula(picture):
    report, ax = dropout_report(0.5, 20, norm="behind"), panel(picture, NORM)
    at, shown = data(line(ax, color=MEASURED, marker="o"))
    assert at == list(range(1, 21))
    np.testing.assert_allclose(shown, report.factors, rtol=1e-6)
    assert data(line(ax, color=PREDICTED))[1] == pytest.approx([2**0.5] * 2)
    assert "1/√(1 − p) = 1.41" in words(ax)
    assert ax.get_xlim()[1] == 21


def test_the_batch_norm_s_panel_comes_and_goes(picture):
    report, ax = dropout_report(0.5, 20, norm="behind"), panel(picture, SPREAD)
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], report.spread_in_use, rtol=1e-6)
    assert ax.get_visible()
    assert picture.move(dropout_report(0.5, 20))
    assert not ax.get_visible()
    assert panel(picture, NORM).get_position().height > 0.7


def test_only_the_frame_s_own_changes_redraw_it(picture):
    assert not picture.move(dropout_report(0.3, 20, norm="before", seed=3))
    assert picture.move(dropout_report(0.3, 30, norm="before"))
    assert picture.move(dropout_report(0.3, 30, norm="before", phase="use"))


def test_a_batch_norm_that_met_nothing():
    picture = DropoutPicture(dropout_report(0.95, 1, norm="behind"))
    assert all(0 <= bar.get_height() <= 1.3 for bar in panel(picture, SPREAD).patches)
