"""The layer-by-layer picture: every number of a report where it belongs, at any depth and quantity."""

import dataclasses
import itertools

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import FancyArrowPatch

from coursekit import nn
from coursekit.diagnostics import QUANTITIES, SignalReport, signal_report
from coursekit.diagnostics.histogram import Histograms
from coursekit.nets import deep_net
from coursekit.plots import LayerSignals
from coursekit.plots.signals import scale_of
from coursekit.plots.style import BLUE, FLAT_COLOUR, GREEN, INK
from tests.plots.reading import data, left_to_right, legend, line, lines, panel, ticks, title_of, words

STATES = ("alive", "vanished", "exploded", "stuck")
COUNTS = np.array([[5, 60, 5], [10, 20, 30], [3, 2, 1], [0, 80, 10]])
BELOW, ABOVE = np.array([20, 40, 0, 10]), np.array([10, 0, 94, 0])  # of 100 values each


def made(**changes):
    """Four layers in which no number stands twice."""
    numbers = {
        "quantity": QUANTITIES[0],
        "depth": 4,
        "histograms": Histograms(np.array([-3.0, -1.0, 1.0, 3.0]), COUNTS, BELOW, ABOVE),
        "by_size": False,
        "unit": 1.0,
        "mean": np.array([0.25, -0.5, 0.75, 0.125]),
        "std": np.array([1.0, 0.1, 1e5, 1e-5]),
        "between": np.array([0.5, 0.05, 2.0, 1e-4]),
        "flat": np.array([0.1, 0.2, 0.3, 0.4]),
        "stuck": np.array([0.01, 0.02, 0.03, 0.04]),
        "flat_label": "saturated, |h| > 0.97",
        "states": STATES,
        "diverged_at": None,
    }
    return SignalReport(**{**numbers, **changes})


# Bins of a factor of ten from 0.001 to 1000, of 100 values a layer; what lies below them is exactly 0.
SIZES = Histograms(
    10.0 ** np.arange(-3, 4),
    np.array([[1, 4, 15, 30, 20, 10], [0, 0, 0, 100, 0, 0], [0, 40, 0, 0, 0, 60], [25, 25, 0, 0, 25, 25]]),
    np.array([20, 0, 0, 0]),
    np.zeros(4, int),
)


def by_size(**changes):
    return made(**{"histograms": SIZES, "by_size": True, **changes})


def backward(**changes):
    """A report of a gradient, whose unit is 2."""
    return by_size(**{"quantity": QUANTITIES[2], "unit": 2.0, "between": np.full(4, np.nan), **changes})


def panels(picture):
    """All panels that are shown."""
    return [ax for ax in left_to_right(picture.figure.axes) if ax.get_visible()]


def bars(picture):
    (found,) = panels(picture)[0].collections
    return found


def pixel(picture):
    """The height of a pixel of the first panel, in rows."""
    ax = panels(picture)[0]
    low, top = ax.get_ylim()
    return (low - top) / ax.get_window_extent().height


def assert_rows(picture, x, shares):
    """Every row is the outline of the roots of its shares, on a base line at a whole pixel."""
    paths, one = bars(picture).get_paths(), pixel(picture)
    low = panels(picture)[0].get_ylim()[0]
    assert len(paths) == len(shares)
    for layer, (path, row) in enumerate(zip(paths, shares, strict=True), start=1):
        corners = path.vertices[: 2 * len(x)]
        base = corners[0, 1]
        assert abs(base - (layer + 0.42)) <= one / 2 + 1e-9  # as far below the layer's number
        assert (low - base) / one == pytest.approx(round((low - base) / one), abs=1e-6)
        # All values in one bin are 1.4 rows of four tall, less makes as much as its root.
        heights = [max(0.8 * 1.4 * np.sqrt(share), one) if share else 0 for share in row]
        y = [base, *np.repeat([base - height for height in heights], 2), base]
        np.testing.assert_allclose(corners, np.column_stack([np.repeat(x, 2), y]), atol=1e-9)


def test_a_histogram_is_the_root_of_the_shares_above_its_layer():
    picture = LayerSignals(backward(states=STATES[::-1]))
    picture.update(made())
    assert_rows(picture, [-3, -1, 1, 3], COUNTS / 100)


@pytest.mark.parametrize("report", [by_size(), backward()], ids=["forward", "backward"])
def test_sizes_stand_at_their_power_of_ten_and_zeros_apart(report):
    picture = LayerSignals(made())
    picture.update(report)
    shares = np.insert(SIZES.counts / 100, 0, 0, axis=1)  # nothing between the zeros and the axis
    zeros = np.array([20, 0, 0, 0]) / 100 / 1.4**2  # theirs are 1.4 times lower, to stay on their row
    low, high = -8, 8
    x = [low - 0.07 * 16, low - 0.042 * 16, -3, -2, -1, 0, 1, 2, 3]
    assert_rows(picture, x, np.column_stack([zeros, shares]))
    ax = panels(picture)[0]
    assert ax.get_xlim() == (low - 1.6, high)
    assert list(ticks(ax.xaxis).values()) == ["0", "10⁻⁶", "10⁻⁴", "10⁻²", "1", "10²", "10⁴", "10⁶", "10⁸"]
    assert list(ticks(ax.xaxis)) == pytest.approx([low - 0.056 * 16, *range(-6, 9, 2)])
    assert "%" not in "".join(words(ax)), "all are inside"


def test_sizes_beyond_the_axis_are_counted_at_its_borders():
    edges = 10.0 ** np.array([-12, -9, -8, 0, 8, 9, 12])
    counts = np.tile([7, 5, 60, 20, 6, 2], (4, 1))
    picture = LayerSignals(by_size(histograms=Histograms(edges, counts, SIZES.below * 0, SIZES.above)))
    hist = panels(picture)[0]
    said = {t.get_text() for t in hist.texts if t.get_visible() and "%" in t.get_text()}
    assert said == {"◂ 12 %", "8 % ▸"}
    for path in bars(picture).get_paths():
        assert path.vertices[:, 0].min() >= hist.get_xlim()[0]
        assert path.vertices[:, 0].max() <= 8


@pytest.mark.parametrize(
    ("largest", "smallest", "end"),
    [(1e7, 1, 8), (1e9, 1, 16), (1, 1e-12, 16), (1e30, 1e-5, 40), (1e99, 1, 40)],
)
def test_the_log_axes_widen_where_a_spread_leaves_them(largest, smallest, end):
    picture = LayerSignals(by_size())
    picture.update(by_size(std=np.array([1, largest, smallest, np.nan])))
    hist, spread, *_ = panels(picture)
    assert (hist.get_xlim()[1], spread.get_xlim()) == (end, (10.0**-end, 10.0**end))
    assert scale_of(by_size(std=np.zeros(4))) == (-8, 8)


def drawn_rows(depth, ratio):
    """Draw the same histogram on every row; return the pixels from each base line up, for five bins."""
    counts = np.tile([1, 0, 20000, 3, 1, 79995], (depth, 1))
    none = np.zeros(depth, int)
    same = {name: np.ones(depth) for name in ("mean", "std", "between", "flat", "stuck")}
    histograms = Histograms(np.linspace(-3, 3, 7), counts, none, none)
    picture = LayerSignals(made(depth=depth, histograms=histograms, states=("alive",) * depth, **same))
    picture.scale(ratio)
    picture.follow(Idle())
    picture.draw()
    pixels = np.asarray(picture.figure.canvas.buffer_rgba())[..., :3].astype(int)
    ax, few = panels(picture)[0], 4 * int(np.ceil(ratio))  # less than a row
    for path in bars(picture).get_paths()[:-1]:  # the axis itself is near the last one
        # Away from the lines of the grid. The sixth bin would reach over the row above.
        at = ax.transData.transform([(x + 0.77, path.vertices[0, 1]) for x in range(-3, 2)])
        row = len(pixels) - round(at[0, 1])
        yield np.array([pixels[row - few : row + 2, round(x)] for x in at[:, 0]])


@pytest.mark.parametrize("depth", [7, 10, 23, 30])
@pytest.mark.parametrize("ratio", [1, 2])
def test_equal_histograms_are_drawn_alike_on_every_row(depth, ratio):
    """Pixel for pixel, and one value among 100,000 is seen as well as a fifth of them."""
    first, *others = drawn_rows(depth, ratio)
    for other in others:
        np.testing.assert_array_equal(other, first)
    rare, none, often = first[0], first[1], first[2]
    np.testing.assert_array_equal(rare[-2 - ratio : -2], often[-2 - ratio : -2])
    assert (none == 255).all()


def test_between_whole_pixels_a_thin_tail_keeps_its_ink():
    """At a ratio of 1.5 a row may begin within a pixel: its tail is then spread over two, not rounded."""
    ink = [(255 - row[0]).sum() for row in drawn_rows(30, 1.5)]
    assert min(ink) > 0.95 * max(ink)


class Idle:
    """Somebody who looks on and does nothing."""

    def changed(self):
        pass

    def drawn(self, pixels):
        pass


def test_the_bars_of_a_layer_have_the_colour_of_its_state():
    named = legend(LayerSignals(made()).figure)
    said = ("alive", "vanished", "exploded", "saturated or dead")
    assert list(named) == [*said, "diverged"]
    colours = bars(LayerSignals(made())).get_facecolor()
    for colour, label in zip(colours, said, strict=True):
        assert same_color(colour[:3], named[label].get_facecolor()[:3])
    assert len({tuple(handle.get_facecolor()) for handle in named.values()}) == 5


def test_shares_outside_stand_at_their_own_border_and_layer():
    picture = LayerSignals(made())
    hist = panels(picture)[0]

    def shown():
        said = (t for t in hist.texts if t.get_visible() and "%" in t.get_text())
        places = ((t.get_text(), t.get_position()) for t in said)
        return {word: (x, round(y - 0.42)) for word, (x, y) in places}

    assert shown() == {
        "◂ 20 %": (0.005, 1),
        "◂ 40 %": (0.005, 2),
        "◂ 10 %": (0.005, 4),
        "10 % ▸": (0.995, 1),
        "94 % ▸": (0.995, 3),
    }
    few = Histograms(made().histograms.edges, COUNTS * 1000, np.array([1, 0, 0, 0]), np.array([0, 0, 0, 2]))
    picture.update(made(histograms=few))
    assert shown() == {"◂ < 1 %": (0.005, 1), "< 1 % ▸": (0.995, 4)}


def test_spread_and_spread_between_samples():
    picture = LayerSignals(made())
    ax = panel(picture, "spread (std)")
    assert data(line(ax, color=INK, marker="o")) == ([1, 0.1, 1e5, 1e-5], [1, 2, 3, 4])
    assert data(line(ax, color=BLUE, marker="s")) == ([0.5, 0.05, 2, 1e-4], [1, 2, 3, 4])
    assert lines(ax, marker="<")[0].get_xdata().size == lines(ax, marker=">")[0].get_xdata().size == 0
    names = {t.get_text(): t.get_color() for t in ax.texts}
    assert names == {"● of all values": INK, "■ between samples": BLUE}
    assert set(data(line(ax, linestyle=":"))[0]) == {1}


def test_a_spread_beyond_the_widest_axis_is_a_triangle_on_its_border():
    picture = LayerSignals(made())
    picture.update(made(std=np.array([1, 1e99, 1e-99, 0])))
    ax, named = panel(picture, "spread (std)"), legend(picture.figure)
    for mark, state, shown in (
        ("<", "vanished", ([1e-40, 1e-40], [3, 4])),
        (">", "exploded", ([1e40], [2])),
    ):
        triangles = line(ax, marker=mark)
        assert data(triangles) == shown
        assert same_color(triangles.get_color(), named[state].get_facecolor()[:3])


def test_a_gradients_spread_is_measured_in_the_last_layers():
    picture = LayerSignals(made())
    picture.update(backward())
    ax = panel(picture, "spread (std)")
    assert data(line(ax, color=INK, marker="o")) == ([0.5, 0.05, 5e4, 5e-6], [1, 2, 3, 4])
    assert words(ax) == ["÷ the one at layer 4"]
    assert "1 is a spread of 2.0e+00" in words(panels(picture)[0])
    picture.update(made())
    assert not any("1 is" in word for word in words(panels(picture)[0]))


def test_means_and_flat_shares():
    picture = LayerSignals(made())
    mean, flat = panel(picture, "mean"), panel(picture, "flat outputs")
    assert data(line(mean, color=INK, marker="o")) == ([0.25, -0.5, 0.75, 0.125], [1, 2, 3, 4])
    assert data(line(flat, color=FLAT_COLOUR, marker="o")) == ([0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4])
    assert data(line(flat, color=GREEN, marker="s")) == ([0.01, 0.02, 0.03, 0.04], [1, 2, 3, 4])
    said = {t.get_text(): t.get_color() for t in flat.texts}
    assert said == {"● saturated": FLAT_COLOUR, "■ for every sample": GREEN}


def test_panels_without_news_leave_their_place_to_the_histograms():
    """A mean near 0, flat shares of 0, and the mean of what is shown by size."""
    few, level = np.array([0, 0.001, 0, 0.004]), np.array([0.1, -0.29, 0, np.nan])
    picture = LayerSignals(made())
    widths = []
    for report, shown in (
        (made(), ["spread (std)", "mean", "flat outputs"]),
        (made(mean=level), ["spread (std)", "flat outputs"]),
        (made(flat=few), ["spread (std)", "mean"]),
        (made(flat=few, mean=level), ["spread (std)"]),
        (by_size(), ["spread (std)", "flat outputs"]),
        (backward(flat=np.full(4, np.nan)), ["spread (std)"]),
    ):
        picture.update(report)
        assert [title_of(ax) for ax in panels(picture)[1:]] == shown
        places = [ax.get_position() for ax in panels(picture)]
        assert all(a.x1 < b.x0 for a, b in itertools.pairwise(places))
        assert places[-1].x1 == pytest.approx(912 / 940)
        widths.append((len(shown), places[0].width))
        moving = [
            a for ax in picture.figure.axes if not ax.get_visible() for a in ax.lines if a.get_animated()
        ]
        assert not any(a.get_visible() for a in moving), "what is drawn by itself, without its panel"
    assert max(w for n, w in widths if n == 3) < min(w for n, w in widths if n == 2)
    assert max(w for n, w in widths if n == 2) < min(w for n, w in widths if n == 1)
    picture.update(made())
    assert all(a.get_visible() for ax in panels(picture)[1:] for a in ax.lines)


@pytest.mark.parametrize(("report", "way"), [(made(), "forward"), (backward(), "backward")])
def test_an_arrow_says_which_way_the_signal_goes(report, way):
    picture = LayerSignals(made())
    picture.update(report)
    assert {"forward", "backward"} & set(words(picture.figure)) == {way}
    (arrow,) = (p for p in picture.figure.artists if isinstance(p, FancyArrowPatch) and p.get_visible())
    (_, start), (_, end) = arrow._posA_posB
    assert (start > end) == (way == "forward"), "layer 1 is on top: forward is downwards"


@pytest.mark.parametrize(
    ("states", "said", "rows"),
    [
        (("alive", "alive", "alive", "diverged"), "layer 4: diverged", (3.5, 4.5)),
        (("alive", "diverged", "diverged", "diverged"), "layers 2–4: no finite numbers", (1.5, 4.5)),
    ],
)
def test_layers_without_numbers_are_greyed_and_named(states, said, rows):
    picture = LayerSignals(made())
    hist = panels(picture)[0]
    (grey,) = hist.patches
    assert not grey.get_visible()
    picture.update(made(states=states, diverged_at=states.index("diverged") + 1))
    assert grey.get_visible()
    assert (grey.get_y(), grey.get_y() + grey.get_height()) == rows
    (text,) = (t for t in hist.texts if t.get_text() == said)
    assert text.get_position()[1] == sum(rows) / 2
    assert len(bars(picture).get_paths()) == states.index("diverged")
    picture.update(made())
    assert not grey.get_visible()
    assert said not in words(hist)


@pytest.mark.parametrize(
    ("number", "symbol"),
    [
        (0, "size |h|"),
        (1, "size |s|"),
        (2, "size |∂C/∂s| ÷ the spread at layer 4"),
        (3, "size |∂C/∂W| ÷ the spread at layer 4"),
    ],
)
def test_title_and_axis_name_the_quantity(number, symbol):
    picture = LayerSignals(made(quantity=QUANTITIES[1]))
    picture.update(by_size(quantity=QUANTITIES[number]))
    named = ("Activations", "Pre-activations", "Gradients ∂C/∂s", "Weight gradients ∂C/∂W")[number]
    assert f"Does the signal survive? {named}" in words(picture.figure)
    assert panels(picture)[0].get_xlabel() == symbol
    assert title_of(panels(picture)[0]) == "how large the values are (height ∝ √share)"
    picture.update(made())
    assert panels(picture)[0].get_xlabel() == "h"
    assert title_of(panels(picture)[0]) == "one histogram per layer (height ∝ √share)"


def test_all_panels_share_the_layers_and_have_fixed_limits():
    picture = LayerSignals(made())
    hist, spread, mean, flat = panels(picture)
    for ax in (hist, spread, mean, flat):
        assert ax.get_ylim() == hist.get_ylim()
        low, top = ax.get_ylim()
        assert low > 4.42, "layer 1 stands on top, and the base line of layer 4 inside"
        assert top < 1
        assert list(ticks(ax.yaxis)) == [1, 2, 3, 4]
    assert hist.get_xlim() == (-3, 3)
    assert (spread.get_xlim(), spread.get_xscale()) == ((1e-8, 1e8), "log")
    assert (mean.get_xlim(), flat.get_xlim()) == ((-1.06, 1.06), (-0.03, 1.03))
    assert ticks(spread.xaxis) == {1e-6: "10⁻⁶", 1e-3: "", 1: "1", 1e3: "", 1e6: "10⁶"}
    assert ticks(flat.xaxis) == {0: "0", 0.5: "50 %", 1: "100 %"}
    assert "layer" in words(picture.figure)


def test_the_frame_follows_quantity_depth_label_and_bins_alone():
    picture = LayerSignals(made())
    assert not picture.move(made(std=np.ones(4), states=STATES[::-1]))
    bins = dataclasses.replace(made().histograms, edges=np.array([-1.0, 0.0, 1.0, 2.0]))
    for other in (
        made(quantity=QUANTITIES[1]),
        made(flat_label="zero outputs, h = 0"),
        made(histograms=bins),
        made(flat=np.zeros(4)),
        by_size(),
    ):
        picture.update(made())
        assert picture.move(other)
    assert len(lines(panels(picture)[1])) == 5


def report(depth, sigma, quantity=QUANTITIES[0], activation="identity"):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((60, 40)).astype(np.float32)
    net = deep_net(activation, depth, 40).initialize(nn.initializers.normal(sigma), rng)
    return signal_report(net, x, rng.integers(0, 10, 60), quantity=quantity)


@pytest.mark.parametrize(("depth", "step"), [(10, 1), (12, 1), (13, 2), (20, 2), (21, 3), (30, 3)])
def test_border_numbers_stand_only_where_a_layer_has_its_number(depth, step):
    full = report(depth, 0.3)
    outside = np.where(np.arange(depth) % 2, 2, 20000)
    full = dataclasses.replace(full, histograms=dataclasses.replace(full.histograms, above=outside))
    picture = LayerSignals(full)
    hist = panels(picture)[0]
    said = [t for t in hist.texts if t.get_visible() and "▸" in t.get_text()]
    layers = {round(t.get_position()[1] - 0.42) for t in said}
    assert len(layers) > 2
    assert layers <= {1 + step * i for i in range(30)}
    assert {round(tick) for tick in hist.get_yticks()} >= layers
    assert any("<" in t.get_text() for t in said) == (step == 1)


@pytest.mark.parametrize(("sigma", "quantity"), [(0.01, QUANTITIES[0]), (1.0, QUANTITIES[2])])
def test_the_two_examples_of_the_lesson_fit_the_axis_of_the_spread(sigma, quantity):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((100, 784)).astype(np.float32)
    net = deep_net("tanh", 10, 500).initialize(nn.initializers.normal(sigma), rng)
    picture = LayerSignals(signal_report(net, x, rng.integers(0, 10, 100), quantity=quantity))
    assert panel(picture, "spread (std)").get_xlim() == (1e-8, 1e8)


@pytest.mark.parametrize("depth", [2, 3, 10, 30])
def test_the_tallest_bar_stays_below_the_top(depth):
    picture = LayerSignals(report(depth, 1e-6, activation="tanh"))
    tops = [path.vertices[:, 1].min() for path in bars(picture).get_paths()]
    top = panels(picture)[0].get_ylim()[1]
    assert min(tops) > top
    assert min(tops) - top < 0.2 * depth


def test_zeros_of_one_layer_do_not_reach_into_the_next():
    picture = LayerSignals(report(10, 5.0, activation="tanh", quantity=QUANTITIES[2]))
    zeros = [path.vertices[:4, 1] for path in bars(picture).get_paths()]
    assert 0.6 < max(np.ptp(row) for row in zeros) < 0.8
