"""The two pictures of curves draw what their results hold, and stand odd ones."""

import math

import numpy as np
import pytest
from matplotlib.image import imread

from coursekit import plots
from coursekit.diagnostics import ACTIVATIONS, LossCurves, activation_curves


def runs(*losses, **options):
    return LossCurves(tuple(f"run {i}" for i in range(len(losses))), losses, **options)


@pytest.mark.parametrize("log", [False, True])
def test_each_run_has_its_line_and_its_name(log):
    picture = plots.LossCurves(runs([3.0, 2.0, 1.0], [3.0, 4.0, 5.0]), log=log)
    for line, expected in zip(picture._lines, ([3, 2, 1], [3, 4, 5]), strict=False):
        np.testing.assert_array_equal(line.get_xdata(), [0, 1, 2])
        np.testing.assert_array_equal(line.get_ydata(), expected)
    assert [len(line.get_xdata()) for line in picture._lines[2:]] == [0] * 4
    names = [text.get_text() for text in picture._ax.get_legend().get_texts()]
    assert names == ["run 0", "run 1", "guessing"]
    assert picture._guessing.get_ydata()[0] == pytest.approx(math.log(10))
    low, high = picture._ax.get_ylim()
    assert low <= 1
    assert high >= 5
    picture.update(runs([0.5], classes=None))
    assert [t.get_text() for t in picture._ax.get_legend().get_texts()] == ["run 0"]
    assert len(picture._lines[1].get_xdata()) == 0


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "losses", [[math.nan] * 3, [1.0, math.nan, math.inf], [0.0, 0.0, 0.0], [1e30, 1.0, 1e-30], [2.3]]
)
def test_odd_losses_are_drawn(losses, log):
    picture = plots.LossCurves(runs(losses), log=log)
    assert picture.png().startswith(b"\x89PNG")
    assert np.isfinite(picture._ax.get_ylim()).all()


def test_more_runs_than_looks_are_refused():
    with pytest.raises(ValueError, match="at most 6 runs"):
        plots.LossCurves(runs(*[[1.0]] * 7))


def test_the_looks_differ_in_colour_and_in_dashes():
    looks = plots.loss_curves.LOOKS
    assert len({colour for colour, _ in looks}) == len({dashes for _, dashes in looks}) == len(looks)


def test_activations_stand_above_their_slopes():
    curves = activation_curves(tuple(ACTIVATIONS))
    picture = plots.ActivationCurves(curves)
    n = len(ACTIVATIONS)
    for i, name in enumerate(ACTIVATIONS):
        np.testing.assert_array_equal(picture._lines[i].get_ydata(), curves.values[i])
        np.testing.assert_array_equal(picture._lines[n + i].get_ydata(), curves.slopes[i])
        assert picture._axes[0, i].get_title() == name
    before = len(picture.figure.findobj())
    picture.update(curves)
    assert len(picture.figure.findobj()) == before


def test_they_are_not_blank(tmp_path):
    for picture in (plots.LossCurves(runs([3.0, 1.0])), plots.ActivationCurves(activation_curves())):
        (tmp_path / "p.png").write_bytes(picture.png())
        assert imread(tmp_path / "p.png")[..., :3].std() > 0.02
