"""Does the signal survive? One row per layer: its histogram, its spread, and what else has news."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch

from coursekit.diagnostics.signals import Quantity, SignalReport
from coursekit.plots.layer_rows import LayerRows
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, FLAT_COLOUR, GREEN, GREY, INK, STATE_COLOURS, STATE_LABELS
from coursekit.words import power

# Orders of magnitude at the ends of the log axes: the first, unless a spread leaves it.
SCALES = (8, 16, 40)
MEAN_LIMIT = 1.0
# A mean that is never larger than this, and a flat share that is never larger than that, is no news.
LEVEL, SOME = 0.3, 0.005
# Of each quantity the words of the title and the symbol at the axis.
WORDS = {
    Quantity.ACTIVATIONS: ("Activations", "h"),
    Quantity.PRE_ACTIVATIONS: ("Pre-activations", "s"),
    Quantity.GRADIENTS: ("Gradients ∂C/∂s", "∂C/∂s"),
    Quantity.WEIGHT_GRADIENTS: ("Weight gradients ∂C/∂W", "∂C/∂W"),
}
# All in pixels of the figure at a ratio of 1, so that rows can stand on whole ones.
WIDTH, HEIGHT = 940, 484
LEFT, RIGHT, BOTTOM, TALL, GAP = 78, 28, 70, 322, 24
SPREAD_WIDTH, MEAN_WIDTH, FLAT_WIDTH = 190, 100, 112


def scale_of(report: SignalReport) -> tuple[int, int]:
    """Return the ends of the log axes as powers of ten: always the same, unless a spread leaves them."""
    with np.errstate(divide="ignore", over="ignore"):
        orders = np.log10(report.std / report.unit)
    farthest = np.abs(orders[np.isfinite(orders)]).max(initial=0)
    end = next((end for end in SCALES if farthest <= end), SCALES[-1])
    return -end, end


class LayerSignals(Picture):
    """Histograms of a `SignalReport`, layer 1 on top, with the spread beside them.

    The mean is shown only where a layer's is far from 0, and the flat share only where there is one; what
    they leave free goes to the histograms.
    """

    size = (WIDTH / 100, HEIGHT / 100)

    def build(self) -> None:
        """Make four panels that share the layers as their vertical axis."""
        axes = self.figure.subplots(1, 4, sharey=True)
        self._hist, self._spread, self._mean, self._flat = axes
        for ax in axes:
            ax.tick_params(axis="y", length=0)
            ax.grid(axis="x")
            ax.set_axisbelow(True)
        self._frame_key: tuple | None = None
        self._rows = LayerRows(self._hist, self.moving, TALL)
        self._bars = self._rows.bars
        self._unit = self.moving(
            self._hist.text(0.5, -0.2, "", transform=self._hist.transAxes, ha="center", fontsize=8.5)
        )
        self._build_lines()
        self._build_ways()
        self._title = self.figure.text(0.012, 0.945, "", fontsize=12, weight="bold", color=INK)
        handles = [Patch(color=c, label=STATE_LABELS[state]) for state, c in STATE_COLOURS.items()]
        self.figure.legend(
            handles=handles,
            loc="upper left",
            ncols=5,
            bbox_to_anchor=(0.0, 0.94),
            handlelength=1,
            columnspacing=1.2,
            fontsize=9,
        )

    def _build_lines(self):
        self._spread.set_title("spread (std)")
        self._spread.set_xscale("log")
        self._spread.minorticks_off()
        self._spread.axvline(1, color=GREY, lw=1, ls=":")
        below = {"ha": "center", "fontsize": 8.5}
        at = self._spread.transAxes
        self._all_name = self._spread.text(0.5, -0.135, "", color=INK, transform=at, **below)
        self._between_name = self._spread.text(0.5, -0.19, "", color=BLUE, transform=at, **below)
        self._mean.set_title("mean")
        self._mean.set_xlim(-1.06 * MEAN_LIMIT, 1.06 * MEAN_LIMIT)
        self._mean.set_xticks([-1, 0, 1])
        self._mean.axvline(0, color=GREY, lw=1, ls=":")
        self._flat.set_title("flat outputs")
        self._flat.set_xlim(-0.03, 1.03)
        self._flat.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
        at = self._flat.transAxes
        self._flat_name = self._flat.text(0.5, -0.135, "", color=FLAT_COLOUR, transform=at, **below)
        self._flat.text(0.5, -0.19, "■ for every sample", color=GREEN, transform=at, **below)
        self._spread_line = self._line(self._spread, INK, "o")
        self._between_line = self._line(self._spread, BLUE, "s", ls="--")
        self._mean_line = self._line(self._mean, INK, "o")
        self._flat_line = self._line(self._flat, FLAT_COLOUR, "o")
        self._stuck_line = self._line(self._flat, GREEN, "s", ls="--")
        # Values beyond the axis sit on its border as triangles, so that none is silently lost.
        self._too_small = self._line(self._spread, STATE_COLOURS["vanished"], "<", ls="")
        self._too_large = self._line(self._spread, STATE_COLOURS["exploded"], ">", ls="")

    def _line(self, ax, colour, marker, ls="-"):
        line = Line2D(
            [], [], color=colour, marker=marker, ms=4 if ls else 6.5, lw=1.4, ls=ls, clip_on=False
        )
        ax.add_line(line)
        return self.moving(line)

    def _build_ways(self):
        """Draw an arrow beside the layers for each way that a signal goes."""
        self._ways = {}
        top, bottom, middle = (BOTTOM + TALL) / HEIGHT, BOTTOM / HEIGHT, (BOTTOM + TALL / 2) / HEIGHT
        for backward, name, ends in ((False, "forward", (top, bottom)), (True, "backward", (bottom, top))):
            start, end = ((28 / WIDTH, y) for y in ends)
            arrow = self.figure.add_artist(
                FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, color=GREY, lw=1.4)
            )
            arrow.set_transform(self.figure.transFigure)
            text = self.figure.text(
                14 / WIDTH, middle, name, rotation=90, ha="center", va="center", color=INK
            )
            self._ways[backward] = arrow, text
        self.figure.text((LEFT - 8) / WIDTH, top + 0.022, "layer", ha="right", color=INK)

    def move(self, result: SignalReport) -> bool:
        """Set every row to `result`."""
        self._scale = scale_of(result)
        changed = self._move_frame(result)  # first, since rows stand on the pixels of the frame
        self._rows.move(result, self._scale)
        self._unit.set_text(f"1 is a spread of {result.unit:.1e}" if result.backward else "")
        self._move_lines(result)
        return changed

    def _move_lines(self, r):
        layers = np.arange(1, r.depth + 1)
        low, high = (10.0**order for order in self._scale)
        spread = r.std / r.unit
        self._spread_line.set_data(np.clip(spread, low, high), layers)
        self._between_line.set_data(np.clip(r.between, low, high), layers)
        for line, outside, edge in (
            (self._too_small, spread < low, low),
            (self._too_large, spread > high, high),
        ):
            line.set_data(np.full(outside.sum(), edge), layers[outside])
        self._mean_line.set_data(r.mean, layers)
        self._flat_line.set_data(r.flat, layers)
        self._stuck_line.set_data(r.stuck, layers)
        for lines, ax in (
            ((self._mean_line,), self._mean),
            ((self._flat_line, self._stuck_line), self._flat),
        ):
            for line in lines:
                line.set_visible(ax.get_visible())

    def _move_frame(self, r):
        widths = {
            self._spread: SPREAD_WIDTH,
            self._mean: MEAN_WIDTH if mean_has_news(r) else 0,
            self._flat: FLAT_WIDTH if flat_has_news(r) else 0,
        }
        ends = self._scale if r.by_size else tuple(r.histograms.edges[[0, -1]])
        key = (r.quantity, r.depth, r.flat_label, r.by_size, ends, self._scale, *widths.values())
        if key == self._frame_key:
            return False
        self._frame_key = key
        self._place(widths)
        name, symbol = WORDS[r.quantity]
        self._title.set_text(f"Does the signal survive? {name}")
        what = "how large the values are" if r.by_size else "one histogram per layer"
        self._hist.set_title(f"{what} (height ∝ √share)", loc="left")
        relative = f" ÷ the spread at layer {r.depth}" if r.backward else ""
        self._hist.set_xlabel(f"size |{symbol}|{relative}" if r.by_size else symbol)
        self._rows.frame(r, self._scale)
        low, high = self._scale
        self._spread.set_xlim(10.0**low, 10.0**high)
        orders = np.linspace(0.75 * low, 0.75 * high, 5)
        self._spread.set_xticks(10**orders, [power(o) if i % 2 == 0 else "" for i, o in enumerate(orders)])
        self._all_name.set_text(f"÷ the one at layer {r.depth}" if r.backward else "● of all values")
        self._between_name.set_text("" if r.backward else "■ between samples")
        name = r.flat_label.split(",")[0]
        self._flat_name.set_text(f"● {name}")
        for backward, artists in self._ways.items():
            for artist in artists:
                artist.set_visible(backward == r.backward)
        return True

    def _place(self, widths):
        """Stand the panels beside each other; the histograms take what the others leave."""
        x = WIDTH - RIGHT
        for ax in (self._flat, self._mean, self._spread):
            ax.set_visible(widths[ax] > 0)
            if widths[ax]:
                x -= widths[ax]
                self._stand(ax, x, widths[ax])
                x -= GAP
        self._stand(self._hist, LEFT, x - LEFT)

    def _stand(self, ax, left, width):
        ax.set_position((left / WIDTH, BOTTOM / HEIGHT, width / WIDTH, TALL / HEIGHT))


def mean_has_news(report: SignalReport) -> bool:
    """Say whether a layer's mean lies far from 0: of outputs that have bounds, on their way forward."""
    return not report.by_size and bool(np.nanmax(np.abs(report.mean), initial=0) > LEVEL)


def flat_has_news(report: SignalReport) -> bool:
    """Say whether any layer has a flat output worth a panel."""
    return bool(np.nanmax(report.flat, initial=0) > SOME)
