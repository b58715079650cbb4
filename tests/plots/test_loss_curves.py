"""Each run has its line, its look and its name; odd losses are drawn too."""

import math

import numpy as np
import pytest
from matplotlib.image import imread

from coursekit import plots
from coursekit.experiments import LossCurves
from coursekit.plots import style
from tests.plots.reading import data, legend, line, lines, looks, title_of


def runs(*losses, **options):
    return LossCurves(tuple(f"run {i}" for i in range(len(losses))), losses, **options)


def axis(picture):
    (ax,) = picture.figure.axes
    return ax


def curve_named(picture, name):
    """The curve that looks like the legend's row of this name."""
    wanted = legend(axis(picture))[name]
    (found,) = (c for c in axis(picture).lines if looks(c) == looks(wanted) and len(c.get_xdata()))
    return found


@pytest.mark.parametrize("log", [False, True])
def test_each_run_is_the_line_that_the_legend_says(log):
    picture = plots.LossCurves(runs([3.0, 2.0, 1.0], [3.0, 4.0, 5.0]), log=log)
    assert list(legend(axis(picture))) == ["run 0", "run 1", "guessing"]
    assert data(curve_named(picture, "run 0")) == ([0, 1, 2], [3, 2, 1])
    assert data(curve_named(picture, "run 1")) == ([0, 1, 2], [3, 4, 5])
    assert curve_named(picture, "guessing").get_ydata()[0] == pytest.approx(math.log(10))
    ax = axis(picture)
    assert (ax.get_yscale(), ax.get_xlim()) == ("log" if log else "linear", (0, 2))
    assert ax.get_ylim() == ((0.1, 10) if log else (0, 6))
    assert (ax.get_xlabel(), ax.get_ylabel(), title_of(ax)) == ("step", "loss", "Which run learns?")
    picture.update(runs([0.5], classes=None))
    assert list(legend(ax)) == ["run 0"]
    assert [len(c.get_xdata()) for c in lines(ax) if c.get_animated()] == [1, 0, 0, 0, 0, 0]


def test_the_line_of_guessing_moves_with_the_classes():
    picture = plots.LossCurves(runs([1.0, 0.5]))
    assert picture.move(runs([1.0, 0.5], classes=2))
    assert line(axis(picture), linestyle=":", linewidth=1).get_ydata()[0] == pytest.approx(math.log(2))


@pytest.mark.parametrize("log", [False, True])
def test_only_another_frame_is_drawn_as_a_whole(log):
    picture = plots.LossCurves(runs([1.0, 2.0]), log=log)
    assert not picture.move(runs([1.0, 2.0]))
    for other in (runs([1.0, 2.0, 2.0]), runs([1.0, 50.0]), runs([1.0, 2.0], [1.0, 2.0])):
        picture.update(runs([1.0, 2.0]))
        assert picture.move(other)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "losses", [[math.nan] * 3, [1.0, math.nan, math.inf], [0.0, 0.0, 0.0], [1e30, 1.0, 1e-30], [2.3]]
)
def test_odd_losses_are_drawn(losses, log):
    picture = plots.LossCurves(runs(losses), log=log)
    assert picture.png().startswith(b"\x89PNG")
    assert np.isfinite(axis(picture).get_ylim()).all()


def test_more_runs_than_looks_are_refused():
    with pytest.raises(ValueError, match="at most 6 runs"):
        plots.LossCurves(runs(*[[1.0]] * 7))


def test_the_looks_differ_in_colour_and_in_dashes():
    seen = plots.loss_curves.LOOKS
    assert len({colour for colour, _ in seen}) == len({dashes for _, dashes in seen}) == len(seen)


def test_it_is_not_blank(tmp_path):
    (tmp_path / "p.png").write_bytes(plots.LossCurves(runs([3.0, 1.0])).png())
    assert imread(tmp_path / "p.png")[..., :3].std() > 0.02


def test_batch_norm_has_its_colour_wherever_it_stands():
    picture = plots.LossCurves(
        LossCurves(("no batch norm", "with batch norm", "another"), [[3.0], [2.0], [1.0]])
    )
    colours = [line.get_color() for line in picture._lines]
    assert colours[:3] == [style.WITHOUT_NORM, style.BATCH_NORM, style.GREEN]
    picture.update(LossCurves(("another", "no batch norm"), [[3.0], [2.0]]))
    assert [line.get_color() for line in picture._lines[:2]] == [style.BLUE, style.WITHOUT_NORM]
