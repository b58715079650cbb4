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
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        ax.axvspan(-1, 1, color="#F1F1F1", zorder=0)
        ax.text(0, TALLEST * 0.97, "tanh is nearly a line here", ha="center", va="top", fontsize=8.5)
        edges = np.linspace(LOW, HIGH, BINS + 1)
        self._bars = self.moving(
            ax.add_patch(StepPatch(np.zeros(BINS), edges, fill=True, fc=BLUE, alpha=0.85))
        )
        self._x = np.linspace(LOW, HIGH, 400)
        self._bell = self.moving(ax.add_line(Line2D([], [], color=VERMILION, lw=2)))
        self._outside = self.moving(ax.text(HIGH, TALLEST * 0.06, "", ha="right", color=INK))
        ax.legend(
            handles=[
                Patch(color=BLUE, label="4,000 sums"),
                Line2D([], [], color=VERMILION, lw=2, label="predicted: N(0, nσ²)"),
            ],
            loc="upper right",
        )

    def move(self, result: UnitReport) -> bool:
        """Set bars and bell to `result`; the frame never changes."""
        self._bars.set_data(np.minimum(result.histograms.shares()[0], TALLEST * 1.1))
        bin_width = (HIGH - LOW) / BINS
        std = max(result.predicted, 1e-6)
        with np.errstate(under="ignore"):
            bell = np.exp(-0.5 * (self._x / std) ** 2) / (std * np.sqrt(2 * np.pi)) * bin_width
        self._bell.set_data(self._x, np.minimum(bell, TALLEST * 1.1))
        self._outside.set_text(f"{100 * result.outside:.0f} % outside ▸" if result.outside else "")
        return False
