"""Does the signal survive? One row per layer: its histogram, spread, mean and flat share."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from coursekit.diagnostics.signals import QUANTITIES, SignalReport
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, FLAT_COLOUR, GREEN, GREY, INK, STATE_COLOURS, STATE_LABELS

SPREAD_LIMITS = (1e-8, 1e8)
MEAN_LIMIT = 1.0
MAX_DEPTH = 30
# A bin that holds FULL of a layer's values is as tall as one row; heights grow with the square root
# of the share, so that a thin tail can be seen beside a spike, and stop at TALLEST rows.
FULL, TALLEST = 0.2, 1.9
BASE, ROW = 0.42, 0.8  # a row stands this far below its layer's number, and is this tall


def tick_step(depth: int) -> int:
    """Return 1 if every layer has its number at the axis, 2 if every other one has, and so on."""
    return 1 if depth <= 12 else 2 if depth <= 20 else 3


def tallest(depth: int) -> float:
    """Return how many rows a bar may reach over; a few rows are high enough by themselves."""
    return min(TALLEST, 1 + 0.1 * depth)


class LayerSignals(Picture):
    """Histograms of a `SignalReport`, layer 1 on top, with spread, mean and flat share beside them."""

    size = (8.4, 5.2)

    def build(self):
        """Make four axes that share the layers as their vertical axis."""
        grid = self.figure.add_gridspec(
            1,
            4,
            width_ratios=(4.6, 2.1, 1.5, 1.6),
            left=0.06,
            right=0.96,
            top=0.795,
            bottom=0.145,
            wspace=0.16,
        )
        self._hist, self._spread, self._mean, self._flat = axes = grid.subplots(sharey=True)
        self._hist.set_ylabel("layer")
        self._hist.xaxis.set_major_locator(MaxNLocator(6))
        self._narrow, mean = self._spread.get_position(), self._mean.get_position()
        self._wide = Bbox.from_extents(self._narrow.x0, mean.y0, mean.x1, mean.y1)
        self._frame_key = None
        self._build_histograms()
        self._build_lines()
        for ax in axes:
            ax.tick_params(axis="y", length=0)
            ax.grid(axis="x")
            ax.set_axisbelow(True)
        self._title = self.figure.text(0.012, 0.95, "", fontsize=12, weight="bold", color=INK)
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

    def _build_histograms(self):
        self._bars = self.moving(PolyCollection([], edgecolors="white", alpha=0.9))
        self._hist.add_collection(self._bars, autolim=False)
        self._lost = self.moving(
            self._hist.add_patch(
                Rectangle((0, 0), 1, 0, transform=self._hist.get_yaxis_transform(), fc="#EFEFEF")
            )
        )
        self._lost_text = self.moving(
            self._hist.text(
                0.5, 0, "", transform=self._hist.get_yaxis_transform(), ha="center", va="center"
            )
        )
        side = {
            "transform": self._hist.get_yaxis_transform(),
            "va": "bottom",
            "color": INK,
            "fontsize": 8,
        }
        self._below = [self.moving(self._hist.text(0.005, 0, "", **side)) for _ in range(MAX_DEPTH)]
        self._above = [
            self.moving(self._hist.text(0.995, 0, "", ha="right", **side)) for _ in range(MAX_DEPTH)
        ]
        self._unit = self.moving(
            self._hist.text(0.5, -0.165, "", transform=self._hist.transAxes, ha="center", fontsize=8.5)
        )

    def _build_lines(self):
        self._spread.set_xscale("log")
        self._spread.set_xlim(*SPREAD_LIMITS)
        self._spread.set_xticks([1e-6, 1e-3, 1, 1e3, 1e6], ["10⁻⁶", "", "1", "", "10⁶"])
        self._spread.minorticks_off()
        self._spread.axvline(1, color=GREY, lw=1, ls=":")
        below = {"transform": self._spread.transAxes, "ha": "center", "fontsize": 8.5}
        self._all_name = self._spread.text(0.5, -0.115, "", color=INK, **below)
        self._between_name = self._spread.text(0.5, -0.16, "", color=BLUE, **below)
        self._mean.set_title("mean")
        self._mean.set_xlim(-1.06 * MEAN_LIMIT, 1.06 * MEAN_LIMIT)
        self._mean.set_xticks([-1, 0, 1])
        self._mean.axvline(0, color=GREY, lw=1, ls=":")
        self._flat.set_xlim(-0.03, 1.03)
        self._flat.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
        below = {"transform": self._flat.transAxes, "ha": "center", "fontsize": 8.5}
        self._flat_name = self._flat.text(0.5, -0.115, "", color=FLAT_COLOUR, **below)
        self._flat.text(0.5, -0.16, "■ for every sample", color=GREEN, **below)
        self._spread_line = self._line(self._spread, INK, "o")
        self._between_line = self._line(self._spread, BLUE, "s", ls="--")
        self._mean_line = self._line(self._mean, INK, "o")
        self._flat_line = self._line(self._flat, FLAT_COLOUR, "o")
        self._stuck_line = self._line(self._flat, GREEN, "s", ls="--")
        # Values beyond the axis sit on its border as triangles, so that none is silently lost.
        self._too_small = self._line(self._spread, STATE_COLOURS["vanished"], "<", ls="")
        self._too_large = self._line(self._spread, STATE_COLOURS["exploded"], ">", ls="")
        self._mean_out = self._line(self._mean, STATE_COLOURS["exploded"], "D", ls="")

    def _line(self, ax, colour, marker, ls="-"):
        line = Line2D(
            [], [], color=colour, marker=marker, ms=4 if ls else 6.5, lw=1.4, ls=ls, clip_on=False
        )
        ax.add_line(line)
        return self.moving(line)

    def move(self, result: SignalReport) -> bool:
        """Set every row to `result`."""
        self._move_histograms(result)
        self._move_lines(result)
        return self._move_frame(result)

    def _move_histograms(self, r):
        edges = r.histograms.edges
        layers = np.arange(1, r.depth + 1)
        heights = np.minimum(np.sqrt(r.histograms.shares() / FULL), tallest(r.depth)) * ROW
        base = layers + BASE
        # A step outline: up and along the top of every bin, closed along the base line.
        x = np.repeat(edges, 2)
        y = np.tile(base[:, None], (1, len(x)))
        y[:, 1:-1] -= np.repeat(heights, 2, axis=1)
        finite = np.array([state != "diverged" for state in r.states])
        self._bars.set_verts([np.column_stack([x, row]) for row in y[finite]])
        self._bars.set_linewidth(0.6 if r.depth <= 12 else 0)
        self._bars.set_facecolor([STATE_COLOURS[s] for s in r.states if s != "diverged"])
        self._move_outside(r, base)
        self._move_lost(r, finite)
        self._unit.set_text(f"1 unit = {r.unit:.1e}" if r.backward else "")

    def _move_outside(self, r, base):
        total = np.maximum(r.histograms.total, 1)
        # Where rows are too low for a number each, only those with a tick have one.
        step = tick_step(r.depth)
        smallest = 0 if step == 1 else 0.01
        for texts, counts, form in (
            (self._below, r.histograms.below, "◂ {}"),
            (self._above, r.histograms.above, "{} ▸"),
        ):
            for i, text in enumerate(texts):
                share = counts[i] / total[i] if i < r.depth else 0
                shown = share > smallest and i % step == 0
                text.set_visible(shown)
                if shown:
                    number = f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"
                    colour = INK if share >= 0.01 else GREY
                    text.set(text=form.format(number), y=base[i], color=colour)

    def _move_lost(self, r, finite):
        lost = np.flatnonzero(~finite) + 1
        self._lost.set_visible(lost.size > 0)
        self._lost_text.set_visible(lost.size > 0)
        if lost.size:
            top, bottom = lost.min() - 0.5, lost.max() + 0.5
            self._lost.set(y=top, height=bottom - top)
            only = lost.size == 1
            self._lost_text.set(
                text=f"layer {lost[0]}: diverged"
                if only
                else f"layers {lost[0]}–{lost[-1]}: no finite numbers",
                y=(top + bottom) / 2,
            )

    def _move_lines(self, r):
        layers = np.arange(1, r.depth + 1)
        spread = r.std / r.unit
        low, high = SPREAD_LIMITS
        self._spread_line.set_data(np.clip(spread, low, high), layers)
        self._between_line.set_data(np.clip(r.between, low, high), layers)
        for line, outside, edge in (
            (self._too_small, spread < low, low),
            (self._too_large, spread > high, high),
        ):
            line.set_data(np.full(outside.sum(), edge), layers[outside])
        mean = r.mean / r.unit
        for line in (self._mean_line, self._mean_out):
            line.set_visible(not r.backward)
        outside = np.abs(mean) > MEAN_LIMIT
        self._mean_line.set_data(np.where(outside, np.nan, mean), layers)
        self._mean_out.set_data(np.sign(mean[outside]) * MEAN_LIMIT, layers[outside])
        self._flat_line.set_data(r.flat, layers)
        self._stuck_line.set_data(r.stuck, layers)

    def _move_frame(self, r):
        edges = r.histograms.edges
        key = (r.quantity, r.depth, r.flat_label, edges[0], edges[-1])
        if key == self._frame_key:
            return False
        self._frame_key = key
        self._title.set_text(f"Does the signal survive? {r.quantity[0].upper()}{r.quantity[1:]}")
        self._hist.set_title("one histogram a layer (height ∝ √share)", loc="left")
        self._hist.set_xlim(edges[0], edges[-1])
        self._hist.set_ylim(r.depth + 0.6, 1 + BASE - ROW * tallest(r.depth) - 0.1)
        self._hist.set_yticks(range(1, r.depth + 1, tick_step(r.depth)))
        self._spread.set_title("spread (std)")
        symbol = dict(zip(QUANTITIES, ("h", "s", "∂C/∂s", "∂C/∂W"), strict=True))[r.quantity]
        relative = f" ÷ its spread at layer {r.depth}" if r.backward else ""
        self._hist.set_xlabel(symbol + relative)
        self._all_name.set_text("÷ the last layer's" if r.backward else "● of all values")
        self._between_name.set_text("" if r.backward else "■ between samples")
        # The mean of a gradient tells nothing; its place goes to the spread.
        self._mean.set_visible(not r.backward)
        self._spread.set_position(self._wide if r.backward else self._narrow)
        name = r.flat_label.split(",")[0]
        self._flat.set_title("outputs" if r.backward else "flat outputs")
        self._flat_name.set_text(f"● {name}")
        return True
