"""The picture of a sweep: the middle of the seeds as a line, all of them as a band."""

import dataclasses

import numpy as np
import pytest
from matplotlib.colors import same_color, to_hex

from coursekit.experiments import Sweep
from coursekit.plots import SweepLines
from tests.plots.reading import data, legend, looks, text, ticks


def made(x=(1.0, 10.0, 1000.0), log_y=False):
    values = np.array(
        [[[1, 2, 6], [2, 3, 9], [3, np.inf, 5]], [[10, 30, 20], [20, 50, 30], [40, 60, 90]]], float
    )
    return Sweep(
        "Which holds?", "rate", "loss", np.array(x), ("this", "that"), values, (0, 1, 2), "made up", log_y
    )


def axis(picture):
    (ax,) = picture.figure.axes
    return ax


def test_each_series_is_the_line_and_the_band_of_its_legend():
    picture = SweepLines(made())
    named = legend(picture.figure)
    assert list(named) == ["this", "that"]
    # A setting at which one seed diverged has no middle: it is left out.
    expected = {"this": ([1, 10], [2, 3], [1, 2], [6, 9]),
                "that": ([1, 10, 1000], [20, 30, 60], [10, 20, 40], [30, 50, 90])}  # fmt: skip
    for name, (x, middle, low, high) in expected.items():
        (line,) = (shown for shown in axis(picture).lines if looks(shown) == looks(named[name]))
        assert data(line) == (x, middle)
        (band,) = (
            b for b in axis(picture).collections if to_hex(b.get_facecolor()[0]) == to_hex(line.get_color())
        )
        corners = band.get_paths()[0].vertices
        for at, bottom, top in zip(x, low, high, strict=True):
            heights = corners[corners[:, 0] == at][:, 1]
            assert (heights.min(), heights.max()) == (bottom, top)
    assert not same_color(*(handle.get_color() for handle in named.values()))


def test_labels_scales_and_limits_are_the_sweeps():
    picture = SweepLines(made())
    ax = axis(picture)
    assert text(picture.figure, "Which holds?")
    assert text(picture.figure, "line: middle of 3 seeds\nband: all of them")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("rate", "loss")
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    assert ax.get_xlim() == pytest.approx((1 / 1.15, 1150))
    low, high = ax.get_ylim()
    assert low < 1
    assert high > 90
    assert axis(SweepLines(made(log_y=True))).get_yscale() == "log"


def test_a_short_axis_is_read_by_its_settings():
    picture = SweepLines(made(x=(1.0, 2.0, 8.0)))
    assert ticks(axis(picture).xaxis) == {1: "1", 2: "2", 8: "8"}
    assert len(axis(picture).xaxis.get_minorticklocs()) == 0


def test_a_changed_net_has_the_net_s_colour_and_dashes():
    values = np.full((4, 3, 2), 0.5)
    names = ("MLP", "MLP, shuffled", "CNN", "alone, shuffled")
    sweep = Sweep("Which?", "rate", "right", np.array([1.0, 2.0, 8.0]), names, values, (0, 1), "made up")
    named = legend(SweepLines(sweep).figure)
    colour = {name: to_hex(handle.get_color()) for name, handle in named.items()}
    assert colour["MLP"] == colour["MLP, shuffled"]
    assert len(set(colour.values())) == 3
    assert [handle.get_linestyle() for handle in named.values()] == ["-", "--", "-", "-"]


def test_shares_are_read_in_percent():
    sweep = made(x=(1.0, 2.0, 8.0))
    shares = dataclasses.replace(sweep, values=np.linspace(0.8, 0.9, 18).reshape(2, 3, 3))
    said = ticks(axis(SweepLines(shares, percent=True)).yaxis)
    assert {at: f"{100 * at:.4g} %" for at in said} == said
    assert "80 %" in said.values()
    assert not any("%" in text for text in ticks(axis(SweepLines(shares)).yaxis).values())
