"""Activations stand above their own slopes, shaded where they are flat."""

import numpy as np
import pytest
from matplotlib.image import imread

from coursekit.experiments import ActivationCurves, activation_curves
from coursekit.nets import ACTIVATIONS
from coursekit.plots import ActivationCurves as Picture
from coursekit.plots.style import BLUE, VERMILION
from tests.plots.reading import data, left_to_right, line, title_of


def made(shift=0.0):
    """Two activations whose numbers are all different; the first is flat on the left, the other right."""
    s = np.linspace(-2, 2, 5) + shift
    return ActivationCurves(
        ("one", "other"),
        s,
        np.array([s / 10, s / 5]),
        np.array([s / 100 + 0.5, s / 50 + 0.5]),
        np.array([[1, 1, 0, 0, 0], [0, 0, 0, 1, 1]], bool),
    )


def columns(picture):
    """Columns from left to right, each (upper panel, lower panel)."""
    upper = left_to_right(ax for ax in picture.figure.axes if ax.get_position().y0 > 0.5)
    lower = left_to_right(ax for ax in picture.figure.axes if ax.get_position().y0 < 0.5)
    return list(zip(upper, lower, strict=True))


def shaded(ax):
    (shade,) = ax.collections
    x, y = shade.get_paths()[0].vertices.T
    return x.min(), x.max(), y.min(), y.max()


def assert_shows(picture, result):
    for i, (upper, lower) in enumerate(columns(picture)):
        assert title_of(upper) == result.names[i]
        assert title_of(lower) == ""
        assert data(line(upper, color=BLUE, linewidth=2)) == (result.s.tolist(), result.values[i].tolist())
        slope = line(lower, color=VERMILION, linewidth=2)
        assert data(slope) == (result.s.tolist(), result.slopes[i].tolist())
        where = result.s[result.flat[i]]
        for ax, limits in ((upper, (-1.3, 2.3)), (lower, (-0.08, 1.18))):
            assert ax.get_xlim() == (result.s[0], result.s[-1])
            assert ax.get_ylim() == limits
            assert shaded(ax) == (where.min(), where.max(), *limits)
        assert lower.get_xlabel() == "s"
    first = columns(picture)[0]
    assert [ax.get_ylabel() for ax in first] == ["value h(s)", "slope"]


def test_each_curve_stands_above_its_slope_under_its_name():
    result = made()
    picture = Picture(result)
    assert_shows(picture, result)
    before = len(picture.figure.findobj())
    assert picture.move(made(1.0)), "the limits change, so all has to be drawn"
    assert_shows(picture, made(1.0))
    assert len(picture.figure.findobj()) == before


def test_all_known_activations_fit_the_fixed_limits():
    curves = activation_curves(tuple(ACTIVATIONS), limit=1.2)
    picture = Picture(curves)
    for i, (upper, lower) in enumerate(columns(picture)):
        assert title_of(upper) == tuple(ACTIVATIONS)[i]
        for ax, y in ((upper, curves.values[i]), (lower, curves.slopes[i])):
            low, high = ax.get_ylim()
            assert low < y.min()
            assert y.max() < high


def test_it_is_not_blank(tmp_path):
    (tmp_path / "p.png").write_bytes(Picture(activation_curves()).png())
    assert imread(tmp_path / "p.png")[..., :3].std() > 0.02


def test_another_number_of_activations_is_refused():
    with pytest.raises(ValueError, match="zip"):
        Picture(made()).update(activation_curves(("tanh",)))
