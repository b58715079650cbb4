"""How wide is the sum that one unit computes, and what does tanh make of it? Two histograms of one draw."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, StepPatch

from coursekit.experiments.one_unit import BINS, FLAT, HIGH, LOW, OUTER, UnitReport
from coursekit.plots.picture import Picture
from coursekit.plots.style import FLAT_COLOUR, GREY, INK, MEASURED, PREDICTED
from coursekit.words import whole_percent

TALLEST = 0.2


class UnitSum(Picture):
    """The histogram of a `UnitReport` with N(0, nσ²) drawn over it; beside it tanh of the same sums."""

    size = (9.4, 3.4)

    def build(self) -> None:
        """Make two panels with fixed limits, and an arrow from one to the other."""
        self._ax = self.figure.add_axes((0.07, 0.16, 0.475, 0.69))
        self._out = self.figure.add_axes((0.635, 0.16, 0.34, 0.69))
        self._sums = self._histogram(self._ax, HIGH)
        self._outputs = self._histogram(self._out, OUTER)
        self._build_sums(self._ax)
        self._build_outputs(self._out)
        self.figure.text(0.59, 0.5, "tanh\n→", ha="center", va="center", fontsize=12, color=INK)

    def _histogram(self, ax, end):
        """Make the bars, and triangles above those that are cut at the top."""
        ax.set(xlim=(-end, end), ylim=(0, TALLEST))
        ax.set_yticks(np.arange(0, TALLEST + 0.01, 0.05))
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        edges = np.linspace(-end, end, BINS + 1)
        bars = self.moving(
            ax.add_patch(StepPatch(np.zeros(BINS), edges, fill=True, fc=MEASURED, alpha=0.85))
        )
        cut = self.moving(ax.add_line(Line2D([], [], color=INK, marker="^", ms=7, ls="")))
        cut.set_clip_on(False)
        note = self.moving(
            ax.text(0.05, 0.97, "", va="top", fontsize=8.5, color=INK, transform=ax.transAxes)
        )
        return bars, cut, note, (edges[1:] + edges[:-1]) / 2

    def _build_sums(self, ax):
        ax.set(xlabel="the sum s", ylabel="share of the 4,000 sums")
        ax.set_title("How wide is the sum of one unit?", loc="left", weight="bold")
        ax.axvspan(-0.5, 0.5, color=GREY, alpha=0.18, lw=0, zorder=0)
        ax.text(
            -0.6, TALLEST * 0.85, "tanh is nearly\na line in here ▸", ha="right", va="top", fontsize=8.5
        )
        self._x = np.linspace(LOW, HIGH, 400)
        self._bell = self.moving(ax.add_line(Line2D([], [], color=PREDICTED, lw=2)))
        # Above the bars, where the bell is low.
        self._outside = self.moving(ax.text(HIGH, TALLEST * 0.62, "", ha="right", color=INK))
        ax.legend(
            handles=[
                Patch(color=MEASURED, label="4,000 sums"),
                Line2D([], [], color=PREDICTED, lw=2, label="predicted: N(0, nσ²)"),
            ],
            loc="upper right",
        )

    def _build_outputs(self, ax):
        ax.set(xlabel="the output h = tanh(s)", xticks=[-1, -0.5, 0, 0.5, 1], yticklabels=[])
        ax.set_title("What does tanh make of it?", loc="left", weight="bold")
        for side in (-1, 1):
            ax.axvspan(side * FLAT, side * OUTER, color=FLAT_COLOUR, alpha=0.3, lw=0, zorder=0)
        self._saturated = self.moving(
            ax.text(0.05, 0.85, "", va="top", fontsize=9, color=FLAT_COLOUR, transform=ax.transAxes)
        )

    def move(self, result: UnitReport) -> bool:
        """Set bars and bell to `result`; the frame never changes."""
        for (bars, cut, note, middles), histograms in (
            (self._sums, result.histograms),
            (self._outputs, result.outputs),
        ):
            shares = histograms.shares()[0]
            bars.set_data(np.minimum(shares, TALLEST))
            over = shares > TALLEST
            cut.set_data(middles[over], np.full(over.sum(), TALLEST))
            note.set_text(f"▲ up to {shares.max():.2f}" if over.any() else "")
        bin_width = (HIGH - LOW) / BINS
        std = max(result.predicted, 1e-6)
        with np.errstate(under="ignore"):
            bell = np.exp(-0.5 * (self._x / std) ** 2) / (std * np.sqrt(2 * np.pi)) * bin_width
        self._bell.set_data(self._x, np.minimum(bell, TALLEST * 1.1))
        self._outside.set_text(_outside(result.outside))
        self._saturated.set_text(f"◂ {_percent(result.saturated)} beyond\n±{FLAT} (flat) ▸")
        return False


def _percent(share):
    return whole_percent(share) if share == 0 or share >= 0.01 else "< 1 %"


def _outside(share):
    return "" if share == 0 else f"◂ {_percent(share)} outside ▸"
