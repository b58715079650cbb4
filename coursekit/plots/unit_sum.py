"""How wide is the sum that one unit computes? A histogram beside the bell curve that σ√n predicts."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, StepPatch

from coursekit.diagnostics.one_unit import BINS, HIGH, LOW, UnitReport
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, INK, VERMILION

TALLEST = 0.2


class UnitSum(Picture):
    """The histogram of a `UnitReport`, with N(0, nσ²) drawn over it."""

    size = (7.5, 3.2)

    def build(self):
        """Make one axis with fixed limits."""
        self._ax = ax = self.figure.add_axes((0.09, 0.165, 0.88, 0.7))
        ax.set(xlim=(LOW, HIGH), ylim=(0, TALLEST), xlabel="the sum s", ylabel="share of the sums")
        ax.set_title("How wide is the sum of one unit?", loc="left", weight="bold")
        ax.set_yticks(np.arange(0, TALLEST + 0.01, 0.05))
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        ax.axvspan(-0.5, 0.5, color="#ECECEC", zorder=0)
        ax.text(
            -0.6, TALLEST * 0.97, "tanh is nearly\na line in here ▸", ha="right", va="top", fontsize=8.5
        )
        edges = np.linspace(LOW, HIGH, BINS + 1)
        self._bars = self.moving(
            ax.add_patch(StepPatch(np.zeros(BINS), edges, fill=True, fc=BLUE, alpha=0.85))
        )
        self._middles = (edges[1:] + edges[:-1]) / 2
        self._x = np.linspace(LOW, HIGH, 400)
        self._bell = self.moving(ax.add_line(Line2D([], [], color=VERMILION, lw=2)))
        self._cut = self.moving(ax.add_line(Line2D([], [], color=INK, marker="^", ms=7, ls="")))
        self._cut.set_clip_on(False)
        self._note = self.moving(ax.text(LOW + 0.1, TALLEST * 0.97, "", va="top", fontsize=8.5))
        # Above the bars, where the bell is low.
        self._outside = self.moving(ax.text(HIGH, TALLEST * 0.62, "", ha="right", color=INK))
        ax.legend(
            handles=[
                Patch(color=BLUE, label="4,000 sums"),
                Line2D([], [], color=VERMILION, lw=2, label="predicted: N(0, nσ²)"),
            ],
            loc="upper right",
        )

    def move(self, result: UnitReport) -> bool:
        """Set bars and bell to `result`; the frame never changes."""
        shares = result.histograms.shares()[0]
        self._bars.set_data(np.minimum(shares, TALLEST))
        cut = shares > TALLEST
        self._cut.set_data(self._middles[cut], np.full(cut.sum(), TALLEST))
        self._note.set_text(f"▲ up to {shares.max():.2f}" if cut.any() else "")
        bin_width = (HIGH - LOW) / BINS
        std = max(result.predicted, 1e-6)
        with np.errstate(under="ignore"):
            bell = np.exp(-0.5 * (self._x / std) ** 2) / (std * np.sqrt(2 * np.pi)) * bin_width
        self._bell.set_data(self._x, np.minimum(bell, TALLEST * 1.1))
        self._outside.set_text(_outside(result.outside))
        return False


def _outside(share):
    if share == 0:
        return ""
    return f"◂ {100 * share:.0f} % outside ▸" if share >= 0.01 else "◂ < 1 % outside ▸"
