"""Who is still there, how noisy the mean is, who errs: each panel from its own numbers."""

import dataclasses

import numpy as np
import pytest
from matplotlib.colors import same_color

from coursekit.experiments.sequence_norm import SequenceReport
from coursekit.plots.sequence_norm import SequenceNormPicture
from coursekit.plots.style import BLUE, GREEN, GREY, INK
from tests.plots.reading import data, left_to_right, legend, line, lines, looks, panel, ticks, words

EXAMPLE = np.array([13, 11, 6, 6, 5, 4, 4, 4])


def made(step=6):
    """The last two steps have no sequences; noise is unknown there and at step 12."""
    alive = np.array([*np.linspace(32, 4, 12), 0, 0])
    noise = np.array([*np.linspace(0.1, 1.2, 11), np.nan, np.nan, np.nan])
    lengths = np.array([4, 5, 6, 7, 11, 12, 13, 14])
    errors = np.array([np.linspace(0.1, 0.8, 8), np.linspace(0.05, 0.4, 8)])
    names = ("batch norm", "layer norm")
    return SequenceReport(32, 0.1, step, alive, noise, np.zeros(14), EXAMPLE, lengths, names, errors)


@pytest.fixture
def picture():
    shown = SequenceNormPicture(
        dataclasses.replace(
            made(2), alive=made().alive[::-1], example=EXAMPLE[1:], errors=made().errors[::-1]
        )
    )
    shown.update(made())
    return shown


@pytest.mark.parametrize(("step", "left"), [(1, 8), (6, 4), (12, 1), (14, 0)])
def test_bars_are_the_sequences_and_those_of_the_step_are_marked(picture, step, left):
    picture.update(made(step))
    ax = panel(picture, "the sequences of one batch")
    (bars,) = ax.collections
    assert len(bars.get_paths()) == 8
    for i, path in enumerate(bars.get_paths()):
        x, y = path.vertices[:4].T
        assert (x.min(), x.max()) == (0.5, EXAMPLE[i] + 0.5)
        assert i / 8 < y.min() < y.max() < (i + 1) / 8
        assert same_color(bars.get_facecolor()[i], BLUE) == (EXAMPLE[i] >= step)
    assert data(line(ax, color=INK))[0] == [step, step]
    title, said = words(ax)
    who = "sequence carries" if left == 1 else "sequences carry"
    assert title == f"Step {step}: {left} of 8 {who} batch norm's statistic"
    assert said == f"{left} left"


def test_no_bar_lies_below_the_words(picture):
    picture.update(made(3))
    ax = panel(picture, "the sequences of one batch")
    text = ax.texts[1].get_window_extent(picture.figure.canvas.get_renderer())
    box = ax.transData.inverted().transform(text)
    assert box[1, 1] > 1
    assert box[0, 1] < ax.get_ylim()[0]


def test_noise_and_its_rule(picture):
    ax, result = panel(picture, "how far their mean is off"), made()
    named = legend(ax)
    assert list(named) == ["batch norm", r"$1/\sqrt{\mathrm{sequences}}$", "layer norm: 0, its own"]
    noise = line(ax, color=BLUE)
    assert data(noise) == (list(range(1, 12)), result.noise[:11].tolist())
    assert looks(named["batch norm"]) == looks(noise)
    rule = line(ax, color=GREY, linewidth=4)
    x, y = data(rule)
    assert x == list(range(1, 13))
    np.testing.assert_allclose(y, result.alive[:12] ** -0.5)
    assert looks(named[r"$1/\sqrt{\mathrm{sequences}}$"]) == looks(rule)
    assert set(data(line(ax, color=GREEN))[1]) == {0}
    assert data(line(ax, color=INK, marker="o")) == ([6], [result.noise[5]])
    picture.update(made(14))
    assert data(line(ax, color=INK, marker="o")) == ([], [])


def test_errors_have_their_colours_and_no_line_between_seven_and_eleven(picture):
    ax = panel(picture, "wrong answers by length")
    named = legend(ax)
    assert list(named) == ["batch norm", "layer norm"]
    for name, colour, errors in zip(named, (BLUE, GREEN), made().errors, strict=True):
        shown = line(ax, color=colour)
        assert looks(named[name]) == looks(shown)
        x, y = map(np.array, data(shown))
        assert np.isnan(x[4])
        assert np.isnan(y[4])
        assert np.delete(x, 4).tolist() == [4, 5, 6, 7, 11, 12, 13, 14]
        assert np.delete(y, 4).tolist() == errors.tolist()


def test_the_frame_is_fixed(picture):
    there, noise, wrong = left_to_right(picture.figure.axes)
    assert there is panel(picture, "the sequences of one batch")
    assert wrong is panel(picture, "wrong answers by length")
    assert (there.get_xlim(), there.get_ylim()) == ((0.3, 14.7), (1.09, 0))
    assert (noise.get_xlim(), noise.get_ylim()) == ((0.3, 14.7), (-0.06, 1.75))
    assert (wrong.get_xlim(), wrong.get_ylim()) == ((3.3, 14.7), (0, 1))
    assert [ax.get_xlabel() for ax in (there, noise, wrong)] == ["time step"] * 2 + [
        "steps of the sequence"
    ]
    assert noise.get_ylabel() == "in spreads"
    assert ticks(wrong.yaxis) == {0: "0", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1: "100 %"}
    assert not picture.move(made(3))
    assert len(lines(wrong)) == 2
