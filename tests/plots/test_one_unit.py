"""The picture of one unit's sum shows its histogram and its bell, and marks what does not fit."""

import dataclasses
import math

import numpy as np
import pytest
from matplotlib.colors import same_color

from coursekit.diagnostics.histogram import Histograms
from coursekit.experiments import unit_report
from coursekit.plots import UnitSum
from tests.plots.reading import data, legend, line, panel, text, ticks, words


def report(counts, below=0, above=0, outputs=(1000,)):
    """Return a report whose histograms have these counts in their middle bins."""
    rows = np.zeros((2, 1, 51), int)
    rows[0, 0, 25 : 25 + len(counts)] = counts
    rows[1, 0, 25 : 25 + len(outputs)] = outputs
    made = unit_report(10, 0.1, np.random.default_rng(0))
    none = np.array([0])
    return dataclasses.replace(
        made,
        histograms=Histograms(made.histograms.edges, rows[0], np.array([below]), np.array([above])),
        outputs=Histograms(made.outputs.edges, rows[1], none, none),
    )


def axis(picture):
    return panel(picture, "How wide is the sum of one unit?")


def out(picture):
    return panel(picture, "What does tanh make of it?")


def bars(ax):
    (found,) = (patch for patch in ax.patches if patch.get_animated())
    return found


def cut_marks(ax):
    return data(line(ax, marker="^"))


def test_bars_and_bell_are_those_of_the_result():
    result = unit_report(25, 0.3, np.random.default_rng(0))
    picture = UnitSum(unit_report(400, 0.5, np.random.default_rng(1)))
    picture.update(result)
    drawn = bars(axis(picture)).get_data()
    np.testing.assert_array_equal(drawn.values, result.histograms.shares()[0])
    np.testing.assert_allclose(drawn.edges, np.linspace(-4.08, 4.08, 52))
    named = legend(axis(picture))
    assert list(named) == ["4,000 sums", "predicted: N(0, nσ²)"]
    assert same_color(named["4,000 sums"].get_facecolor()[:3], bars(axis(picture)).get_facecolor()[:3])
    bell = line(axis(picture), color=named["predicted: N(0, nσ²)"].get_color())
    x, y = map(np.array, data(bell))
    density = np.exp(-((x / 1.5) ** 2) / 2) / (1.5 * math.sqrt(2 * math.pi))  # σ√n = 0.3 · 5
    np.testing.assert_allclose(y, 0.16 * density, rtol=1e-12)  # a bin is 0.16 wide
    assert (x[0], x[-1]) == (-4.08, 4.08)


def test_the_frame_is_fixed():
    picture = UnitSum(report([1]))
    ax = axis(picture)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-4.08, 4.08), (0, 0.2))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("the sum s", "share of the 4,000 sums")
    assert ax.get_yticks() == pytest.approx([0, 0.05, 0.1, 0.15, 0.2])
    (where_tanh_is_a_line,) = (patch for patch in ax.patches if not patch.get_animated())
    assert where_tanh_is_a_line.get_x() == -0.5
    assert where_tanh_is_a_line.get_width() == 1
    assert text(ax, "tanh is nearly\na line in here ▸").get_position()[0] < -0.5
    assert not picture.move(report([2]))


def test_the_outputs_stand_to_the_right_on_the_same_scale():
    result = unit_report(25, 0.3, np.random.default_rng(0))
    picture = UnitSum(unit_report(400, 0.5, np.random.default_rng(1)))
    picture.update(result)
    ax = out(picture)
    drawn = bars(ax).get_data()
    np.testing.assert_array_equal(drawn.values, result.outputs.shares()[0])
    np.testing.assert_allclose(drawn.edges, np.linspace(-1.02, 1.02, 52))
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1.02, 1.02), axis(picture).get_ylim())
    assert ax.get_position().x0 > axis(picture).get_position().x1
    assert ax.get_xlabel() == "the output h = tanh(s)"
    assert set(ticks(ax.yaxis).values()) == {""}, "the scale is that of the other panel"
    flat = sorted((p.get_x(), p.get_x() + p.get_width()) for p in ax.patches if not p.get_animated())
    np.testing.assert_allclose([sorted(ends) for ends in flat], [(-1.02, -0.97), (0.97, 1.02)])


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0 %"), (0.0004, "< 1 %"), (0.317, "32 %"), (1.0, "100 %")]
)
def test_the_share_of_saturated_outputs_is_said(share, said):
    picture = UnitSum(report([1]))
    picture.update(dataclasses.replace(report([1]), saturated=share))
    assert f"◂ {said} beyond\n±0.97 (flat) ▸" in words(out(picture))


def test_outputs_that_are_cut_are_marked_too():
    picture = UnitSum(report([1], outputs=(100,)))
    picture.update(report([1], outputs=(30, 10, 60)))
    x, y = cut_marks(out(picture))
    np.testing.assert_allclose(x, [0, 0.08], atol=1e-12)
    assert y == [0.2, 0.2]
    assert "▲ up to 0.60" in words(out(picture))
    picture.update(report([1], outputs=[10] * 10))
    assert cut_marks(out(picture)) == ([], [])


def test_bars_that_are_cut_are_marked_at_the_top():
    picture = UnitSum(report([50, 19, 31]))
    x, y = cut_marks(axis(picture))
    np.testing.assert_allclose(x, [0, 0.32], atol=1e-12)  # bins are 0.16 wide; 0.19 fits below 0.2
    assert y == [0.2, 0.2]
    assert bars(axis(picture)).get_data().values.max() == 0.2
    assert "▲ up to 0.50" in words(axis(picture))
    picture.update(report([19] * 5 + [5]))
    assert cut_marks(axis(picture)) == ([], [])
    assert not any(word.startswith("▲") for word in words(axis(picture)))


def test_what_lies_outside_is_said_with_both_arrows():
    picture = UnitSum()
    for below, above, said in ((0, 0, []), (4, 4, ["◂ < 1 % outside ▸"]), (340, 340, ["◂ 68 % outside ▸"])):
        picture.update(report([1000 - below - above], below, above))
        assert [word for word in words(axis(picture)) if "outside" in word] == said


def test_a_bell_without_width_is_drawn_at_nought():
    picture = UnitSum(unit_report(1, 0.0, np.random.default_rng(0)))
    _, y = data(line(axis(picture), linewidth=2, marker="None"))
    assert np.isfinite(y).all()
