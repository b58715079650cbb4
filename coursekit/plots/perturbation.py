"""The loss over a nudge of one input, with the line that a backward pass predicts; and what it misses."""

from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.perturbation import LARGEST, SMALLEST, SPAN, Perturbation
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, MEASURED, PREDICTED

TALLEST = 4.4
PASSES = {
    "complete": "the complete backward pass",
    "no_variance_path": "a backward pass without the variance path",
    "constant_statistics": "a backward pass with constant statistics",
}
GAP_LIMITS = (1e-9, 1e2)


class PerturbationPicture(Picture):
    """Draw a `Perturbation`: the curve and its predicted tangent, and their gap on logarithmic axes."""

    size = (8.8, 3.9)

    def build(self) -> None:
        """Make both axes with fixed limits."""
        grid = self.figure.add_gridspec(
            1, 2, width_ratios=(1.25, 1), left=0.075, right=0.975, top=0.83, bottom=0.15, wspace=0.27
        )
        self._curve_ax, self._gap_ax = (self.figure.add_subplot(grid[k]) for k in (0, 1))
        # A text of the axes, since a moving one of the figure would be left out of saved pictures.
        title: dict[str, Any] = {
            "transform": self.figure.transFigure,
            "fontsize": 12,
            "weight": "bold",
            "color": INK,
        }
        self._title = self.moving(self._curve_ax.text(0.012, 0.935, "", **title))
        self._build_curve(self._curve_ax)
        self._build_gap(self._gap_ax)

    def _line(self, ax, **style):
        return self.moving(ax.add_line(Line2D([], [], **style)))

    def _build_curve(self, ax):
        ax.set(xlim=(-SPAN, SPAN), ylim=(-TALLEST, TALLEST))
        ax.set(xlabel="nudge t of the input", ylabel="change of the loss, C(t) − C(0)")
        ax.grid()
        ax.set_axisbelow(True)
        ax.axhline(0, color=GREY, lw=0.8)
        ax.axvline(0, color=GREY, lw=0.8)
        self._gap = self._line(ax, color=INK, lw=1.5, ls=":")
        self._curve = self._line(ax, color=MEASURED, lw=2.2)
        self._tangent = self._line(ax, color=PREDICTED, lw=1.8, ls="--")
        self._points = [
            self._line(ax, color=colour, marker=marker, ms=7, ls="")
            for colour, marker in ((MEASURED, "o"), (PREDICTED, "D"))
        ]
        ax.legend(
            handles=[
                Line2D([], [], color=MEASURED, lw=2.2, marker="o", label="the loss"),
                Line2D([], [], color=PREDICTED, lw=1.8, ls="--", marker="D", label="predicted: slope · t"),
            ],
            loc="lower center", ncols=2, bbox_to_anchor=(0.5, 0.99), borderaxespad=0.2,
        )  # fmt: skip

    def _build_gap(self, ax):
        ax.set_xscale("log")
        ax.set_yscale("log")
        x = np.array([10.0**SMALLEST, 10.0**LARGEST])
        ax.set(xlim=x, ylim=GAP_LIMITS, xlabel="nudge t", ylabel="what the prediction misses")
        ax.set_yticks([1e-9, 1e-6, 1e-3, 1])
        ax.minorticks_off()
        ax.grid()
        ax.set_axisbelow(True)
        # Two guides: a gap that falls with t² belongs to a tangent, one that falls with t does not.
        for power, height, name in ((1, 10, "∝ t"), (2, 2e-3, "∝ t²")):
            ax.add_line(Line2D(x, height * x**power, color=GREY, lw=1, ls="--"))
            at = 10**-1.6
            ax.text(
                at,
                5 ** (3 - 2 * power) * height * at**power,
                name,
                color="#555555",
                ha="center",
                va="center",
            )
        self._gaps = self._line(ax, color=INK, lw=2.2)
        self._here = self._line(ax, color=INK, marker="o", ms=7, ls="")
        self._nothing = self.moving(ax.text(0.06, 2e-9, "nothing but rounding", va="bottom", ha="center"))

    def move(self, result: Perturbation) -> bool:
        """Set curve, line and gap to `result`; the frame never changes."""
        p = result
        self._title.set_text(f"Sample {p.sample}, feature {p.feature}: the slope by {PASSES[p.backward]}")
        self._curve.set_data(p.t, p.change)
        self._tangent.set_data(p.t, p.slope * p.t)
        self._gap.set_data([p.nudge, p.nudge], [p.measured, p.predicted])
        for point, y in zip(self._points, (p.measured, p.predicted), strict=True):
            point.set_data([p.nudge], [y])
        visible = np.maximum(p.gaps, GAP_LIMITS[0] / 10)
        self._gaps.set_data(p.nudges, visible)
        gap = abs(p.measured - p.predicted)
        self._here.set_data([p.nudge], [max(gap, GAP_LIMITS[0] / 10)])
        self._nothing.set_visible(bool(p.gaps.max() < GAP_LIMITS[0]))
        return False
