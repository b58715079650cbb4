"""The table says of each layer what the result says, and keeps nothing of the stack before."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from coursekit.experiments.builder import Built, BuiltLayer
from coursekit.plots.builder import BuilderTable
from coursekit.plots.style import BLUE, GREY, VERMILION

LONG = tuple(BuiltLayer("relu", f"Old{i}", (), (7,), "ran") for i in range(10))
LAYERS = (
    BuiltLayer("dense", "Dense(3)", (("0.W", (5, 3)), ("0.b", (3,))), (3,), "ran"),
    BuiltLayer("conv", "Conv2D(4, 3)", (("1.W", (4, None, 3, 3)), ("1.b", (4,))), None, "refused"),
    BuiltLayer("relu", "ReLU", (), None, "not reached"),
)


def rows(picture):
    """Texts by the height at which they stand, from left to right."""
    (ax,) = picture.figure.axes
    found = {}
    for text in ax.texts:
        if text.get_text():
            x, y = text.get_position()
            found.setdefault(round(y), []).append((x, text))
    return [[t for _, t in sorted(found[y], key=lambda pair: pair[0])] for y in sorted(found)]


@pytest.fixture
def picture():
    shown = BuilderTable(Built(LONG, (7,), 8, True, ""))
    shown.update(Built(LAYERS, (5,), 1, True, "no"))
    return shown


def test_each_layer_has_its_row(picture):
    texts = [[text.get_text() for text in row] for row in rows(picture)]
    assert texts[0] == ["After the first forward"]
    assert texts[2] == ["input", "(N, 5)"]
    assert texts[3] == ["0", "Dense(3)", "(N, 3)", "0.W (5, 3)    0.b (3,)", "18"]
    assert texts[4] == ["1", "Conv2D(4, 3)", "refused", "1.W (4, ?, 3, 3)    1.b (4,)", "?"]
    assert texts[5] == ["2", "ReLU", "not reached", "–", "0"]
    assert texts[6] == ["all parameters of the net", "?"]


def test_what_refuses_and_what_is_not_reached_have_colours(picture):
    shown = rows(picture)
    assert all(same_color(text.get_color(), VERMILION) for text in shown[4])
    assert all(same_color(text.get_color(), GREY) for text in shown[5])


def test_bars_share_what_is_known_and_the_mark_stands_on_its_layer():
    two = (LAYERS[0], BuiltLayer("dense", "Dense(2)", (("1.W", (3, 2)),), (2,), "ran"))
    picture = BuilderTable(Built(two, (5,), 1, True, ""))
    (ax,) = picture.figure.axes
    bars = [p for p in ax.patches if same_color(p.get_facecolor(), BLUE)]
    widths = np.array([bar.get_width() for bar in bars])
    assert widths[0] / widths[1] == pytest.approx(18 / 6)
    assert not widths[2:].any()
    (mark,) = (p for p in ax.patches if p not in bars)
    y = rows(picture)[4][0].get_position()[1]
    assert mark.get_y() < y < mark.get_y() + mark.get_height()
    picture.update(Built(LAYERS[:1], (5,), 0, True, ""))
    assert bars[0].get_width() == pytest.approx(widths.sum()), "all bars together are as long for any net"


def test_before_the_first_forward_the_title_says_so():
    picture = BuilderTable(Built(LONG, (7,), 0, False, ""))
    assert rows(picture)[0][0].get_text().startswith("Before the first forward")
