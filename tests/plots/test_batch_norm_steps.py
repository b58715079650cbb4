"""Each number of the table stands in its row, its column and its feature's colour."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from coursekit.experiments import batch_norm_steps
from coursekit.plots import BatchNormTable
from coursekit.plots.style import BLUE, INK, VERMILION
from tests.plots.reading import data, left_to_right, legend, lines, title_of, words

X = np.array([[-1.0, 10.0], [2.5, 13.0], [5.0, -30.0]])
SCALE = {"gamma": np.array([0.5, 3.0]), "beta": np.array([1.25, -2.0]), "eps": 0.01}
RESULT = batch_norm_steps(X, **SCALE)
ON_SIGMOID = batch_norm_steps(X, **SCALE, view="sigmoid")


@pytest.fixture
def picture():
    shown = BatchNormTable(batch_norm_steps(X[::-1] + 3))
    shown.update(RESULT)
    return shown


def table(picture):
    (ax,) = (ax for ax in picture.figure.axes if not ax.axison)
    return ax


def place_of(ax, said):
    """Where this text stands, by its own (x, y)."""
    (found,) = (t for t in ax.texts if t.get_text() == said)
    return found.get_position()


def columns(ax):
    """The x of both columns below each head, from left to right."""
    heads = ("x", "x − μ", "(x − μ)²", "x̂ = (x − μ) / √(v + ε)", "y = γ x̂ + β")
    return {name: (place_of(ax, name)[0] - 0.036, place_of(ax, name)[0] + 0.036) for name in heads}


def written(ax, x, y):
    (found,) = (
        t for t in ax.texts if t.get_position() == (pytest.approx(x), pytest.approx(y)) and t.get_text()
    )
    return found


def said(value):
    text = f"{value:.2f}" if abs(value) < 99.995 else f"{value:,.0f}"
    return text.replace("-0.00", "0.00").replace("-", "−")


@pytest.mark.parametrize(
    ("head", "values"),
    [
        ("x", RESULT.x),
        ("x − μ", RESULT.centred),
        ("(x − μ)²", RESULT.squared),
        ("x̂ = (x − μ) / √(v + ε)", RESULT.x_hat),
        ("y = γ x̂ + β", RESULT.y),
    ],
)
def test_every_step_stands_below_its_formula(picture, head, values):
    ax = table(picture)
    rows = {
        "sample A": values[0],
        "sample B": values[1],
        "sample C": values[2],
        "their mean": values.mean(axis=0),
    }
    if head != "(x − μ)²":
        rows["their spread"] = values.std(axis=0)
    for row, numbers in rows.items():
        y = place_of(ax, row)[1]
        for x, number, colour in zip(columns(ax)[head], numbers, (BLUE, VERMILION), strict=True):
            cell = written(ax, x, y)
            assert cell.get_text() == said(number), (row, head)
            assert same_color(cell.get_color(), colour)


def test_what_was_used_stands_below(picture):
    ax, used = table(picture), {}
    for symbol, numbers in (
        ("μ", RESULT.mean),
        ("v", RESULT.var),
        ("γ", SCALE["gamma"]),
        ("β", SCALE["beta"]),
    ):
        left, y = place_of(ax, symbol)
        cells = [t for t in ax.texts if t.get_position()[1] == y and 0 < t.get_position()[0] - left < 0.12]
        used[symbol] = [t.get_text() for t in sorted(cells, key=lambda t: t.get_position()[0])]
        assert used[symbol] == [said(number) for number in numbers], symbol
    x, y = place_of(ax, "= √(v + ε)")
    pair = [written(ax, x + dx, y + 0.09).get_text() for dx in (-0.036, 0.036)]
    assert pair == [said(std) for std in np.sqrt(RESULT.var + 0.01)]
    assert "ε = 0.01" in words(ax)
    assert "used: this\nbatch's own" in words(ax)
    picture.update(batch_norm_steps(X, stored=(np.zeros(2), np.ones(2)), eps=1e-7))
    assert "used: stored\nin training" in words(ax)
    assert "ε = 10⁻⁷" in words(ax)


def test_a_tiny_root_is_not_written_as_nought(picture):
    picture.update(batch_norm_steps(np.ones((3, 2)), eps=1e-5))
    assert "0.0032" in words(table(picture))


def test_heads_stand_in_the_order_of_the_steps(picture):
    ax = table(picture)
    steps = ["mini-batch", "step 1: mean", "step 2: variance", "step 3: normalize", "step 4: scale, shift"]
    heads = [sum(pair) / 2 for pair in columns(ax).values()]
    assert [place_of(ax, step)[0] for step in steps] == pytest.approx(heads)
    assert heads == sorted(heads)
    assert place_of(ax, "feature 1")[0] < place_of(ax, "feature 2")[0]


@pytest.mark.parametrize("feature", [0, 1])
def test_the_marks_of_a_feature_lie_on_its_sigmoid(picture, feature):
    assert picture.move(ON_SIGMOID), "another view is another frame"
    (ax,) = (ax for ax in picture.figure.axes if title_of(ax) == f"feature {feature + 1} on a sigmoid")
    assert left_to_right(ax for ax in picture.figure.axes if ax.axison)[feature] is ax
    colour = (BLUE, VERMILION)[feature]
    for hollow, values in ((True, RESULT.x), (False, RESULT.y)):
        for marker, value in zip("os^", values[:, feature], strict=True):
            marks = (m for m in lines(ax, marker=marker) if (m.get_markerfacecolor() == "white") == hollow)
            (mark,) = marks
            at = np.clip(value, -20, 20)
            assert data(mark) == ([at], [pytest.approx(1 / (1 + np.exp(-at)))])
            assert same_color(mark.get_markeredgecolor(), colour)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-20, 20), (-0.12, 1.12))
    curve = next(shown for shown in ax.lines if not shown.get_animated())
    x, y = map(np.array, data(curve))
    np.testing.assert_allclose(y, 1 / (1 + np.exp(-x)))
    flat = [patch.get_bbox() for patch in ax.patches]
    for box in flat:
        edge = box.x1 if box.x0 < 0 else box.x0
        s = 1 / (1 + np.exp(-edge))
        assert s * (1 - s) == pytest.approx(0.01)
    assert same_color(ax.title.get_color() if ax.get_title() else ax._left_title.get_color(), colour)


def test_the_legend_names_samples_and_marks(picture):
    picture.update(ON_SIGMOID)
    named = legend(left_to_right(ax for ax in picture.figure.axes if ax.axison)[0])
    assert {label: handle.get_marker() for label, handle in list(named.items())[:3]} == {
        "sample A": "o",
        "sample B": "s",
        "sample C": "^",
    }
    hollow, filled = list(named.items())[3:]
    assert hollow[0] == "hollow: before (x)"
    assert hollow[1].get_markerfacecolor() == "white"
    assert filled[0].startswith("filled: after (y)")
    assert same_color(filled[1].get_markerfacecolor(), INK)


def seen(picture):
    """The names of the views of which anything is seen, axes or what moves in them."""
    views = {"table": [ax for ax in picture.figure.axes if not ax.axison]}
    views["sigmoid"] = [ax for ax in picture.figure.axes if ax.axison]
    return {
        name
        for name, axes in views.items()
        for artist in (*axes, *(a for ax in axes for a in (*ax.lines, *ax.texts) if a.get_animated()))
        if artist.get_visible()
    }


def test_one_view_is_seen_at_a_time(picture):
    assert seen(picture) == {"table"}
    picture.update(ON_SIGMOID)
    assert seen(picture) == {"sigmoid"}
    assert not picture.move(ON_SIGMOID), "numbers do not change the frame"
    picture.update(RESULT)
    assert seen(picture) == {"table"}
    assert not picture.move(RESULT)


@pytest.mark.parametrize("x", [X, [[-20.0, 20], [20, -20], [20, -20]], [[-20.0, -20]] * 3])
def test_no_number_meets_another(picture, x):
    picture.update(batch_norm_steps(np.array(x), np.array([5.0, 5.0]), np.array([-10.0, -10.0])))
    renderer = picture.figure.canvas.get_renderer()
    shown = [t for t in table(picture).texts if t.get_visible() and t.get_text()]
    boxes = [t.get_window_extent(renderer) for t in shown]
    for i, (a, text) in enumerate(zip(boxes, shown, strict=True)):
        assert 0 <= a.x0 <= a.x1 <= 920, text
        assert 0 <= a.y0 <= a.y1 <= 400, text
        assert not any(a.overlaps(b) for b in boxes[:i]), text
