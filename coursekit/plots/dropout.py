"""Which units are silent, and does training hand on what use does? A drawn layer, means and norms."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from coursekit.experiments.dropout import CLASSES, UNITS, DropoutReport
from coursekit.plots.picture import Picture
from coursekit.plots.style import BATCH_NORM, DROPOUT, GREY, INK, MEASURED, PREDICTED
from coursekit.words import two_decimals

TITLES = {"training": "One draw in training (✕: silent)", "use": "In use every unit speaks"}
TOP = {"mean": 6.5, "factor": 8.0, "spread": 1.3}
LARGEST, LOUD = 330, 5.0  # the area of a dot, and the output at which it is full
AT = 1 - (np.arange(UNITS) + 0.5) / UNITS  # heights of the units
BEHIND = 1 - (np.arange(CLASSES) + 1.5) / (CLASSES + 2)


class DropoutPicture(Picture):
    """A `DropoutReport`: the net on the left, the units' means in the middle, the norm on the right.

    Below the norm stands the batch norm's spread in use, where there is a batch norm.
    """

    size = (9.8, 4.1)

    def build(self) -> None:
        """Make the drawing, the means, the norms and the batch norm's panel."""
        self._frame: tuple | None = None
        self._net = self.figure.add_axes((0.01, 0.02, 0.37, 0.85))
        self._means = self.figure.add_axes((0.435, 0.145, 0.235, 0.73))
        self._build_net(self._net)
        self._build_means(self._means)
        self._norm = self.figure.add_axes((0.745, 0.145, 0.24, 0.73))
        self._build_norm(self._norm)
        self._spread = self.figure.add_axes((0.745, 0.145, 0.24, 0.26))
        self._build_spread(self._spread)

    def _build_net(self, ax):
        ax.axis("off")
        self._image = ax.imshow(
            np.zeros((28, 28)),
            cmap="gray_r",
            vmin=-1,
            vmax=2,
            extent=(0.0, 0.24, 0.36, 0.64),
            aspect="auto",
        )
        ax.set(xlim=(-0.01, 1.01), ylim=(0, 1))
        for y in AT:
            ax.plot([0.25, 0.47], [0.5, y], color=GREY, lw=0.6, zorder=1)
        self._ends = [[((0.665, y), (0.83, b)) for b in BEHIND] for y in AT]
        self._edges = self.moving(LineCollection([], colors=GREY, lw=0.8, zorder=1))
        ax.add_collection(self._edges, autolim=False)
        ax.scatter(np.full(UNITS, 0.5), AT, s=LARGEST, color="white", ec=INK, zorder=2)
        self._dots = self.moving(
            ax.scatter(np.full(UNITS, 0.5), AT, s=np.zeros(UNITS), color=DROPOUT, lw=0, zorder=3)
        )
        cross = {"color": PREDICTED, "marker": "x", "ms": 15, "mew": 2.4, "ls": "", "zorder": 5}
        self._crosses = self.moving(ax.add_line(Line2D([], [], **cross)))
        middle = {"ha": "center", "va": "center", "fontsize": 8.5, "zorder": 6, "color": INK}
        self._values = [self.moving(ax.text(0.6, y, "", **middle)) for y in AT]
        ax.scatter(np.full(CLASSES, 0.86), BEHIND, s=330, color="white", ec=INK, zorder=3)
        self._scores = [self.moving(ax.text(0.965, y, "", **middle)) for y in BEHIND]
        ax.text(0.12, 0.3, "photograph", ha="center", va="top", color=INK, fontsize=8.5)

    def _build_means(self, ax):
        ax.set(
            xlim=(0.3, UNITS + 0.7), ylim=(0, TOP["mean"] + 1.3), xlabel="unit", ylabel="what it hands on"
        )
        ax.set_xticks(range(1, UNITS + 1))
        ax.set_title("Is the mean that of use?", loc="left", weight="bold")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        look = {"color": PREDICTED, "marker": "_", "ms": 15, "mew": 2.4, "ls": "", "zorder": 3}
        self._in_use = self.moving(ax.add_line(Line2D([], [], **look)))
        self._bars = self.moving(LineCollection([], colors=MEASURED, lw=2.6, zorder=4))
        ax.add_collection(self._bars, autolim=False)
        dot = {"color": MEASURED, "marker": "o", "ms": 5.5, "ls": "", "zorder": 5}
        self._mean = self.moving(ax.add_line(Line2D([], [], **dot)))
        handles = [
            Line2D([], [], **dot, label="mean of the draws ± 2 s.e."),
            Line2D([], [], **look, label="in use"),
        ]
        ax.legend(handles=handles, loc="upper right", fontsize=8.5, handlelength=1.2)

    def _build_norm(self, ax):
        ax.set(yscale="log", ylim=(0.5, TOP["factor"]), xlabel="draws", ylabel="÷ norm in use")
        ax.set_yticks([0.5, 1, 2, 4, 8], ["0.5", "1", "2", "4", "8"])
        ax.minorticks_off()
        ax.set_title("Is the norm that of use?", loc="left", weight="bold")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        ax.axhline(1, color=INK, lw=1)
        self._factor = self.moving(ax.add_line(Line2D([], [], color=MEASURED, lw=2, marker="o", ms=3)))
        self._formula = self.moving(ax.axhline(1, color=PREDICTED, lw=1.6, ls=(0, (5, 2))))
        self._formula_name = self.moving(
            ax.text(0.98, 0.03, "", color=PREDICTED, fontsize=9, ha="right", va="bottom",
                    transform=ax.transAxes)
        )  # fmt: skip
        self._factor_end = self.moving(ax.add_line(Line2D([], [], color=MEASURED, lw=2.6)))

    def _build_spread(self, ax):
        ax.set(xlim=(0.3, UNITS + 0.7), ylim=(0, TOP["spread"]), xlabel="unit")
        ax.set_xticks(range(1, UNITS + 1))
        ax.set_yticks([0, 0.5, 1], ["0", "½", "1"])
        ax.set_title("Batch norm: spread in use", loc="left", weight="bold")
        ax.axhline(1, color=INK, lw=1)
        ax.annotate("in training", (1, 1), (-2, 2), xycoords=("axes fraction", "data"),
                    textcoords="offset points", ha="right", color=INK, fontsize=8.5)  # fmt: skip
        self._columns = [self.moving(bar) for bar in ax.bar(range(1, UNITS + 1), 0, 0.6, color=BATCH_NORM)]

    def move(self, result: DropoutReport) -> bool:
        """Set every artist to `result`; the frame changes with the phase, the draws and the batch norm."""
        self._image.set_data(result.image)
        self._move_net(result)
        places = np.arange(1, UNITS + 1)
        top = TOP["mean"]
        self._in_use.set_data(places, np.minimum(result.in_use, top))
        self._mean.set_data(places, np.minimum(result.mean, top))
        low, high = (np.minimum(result.mean + sign * 2 * result.error, top) for sign in (-1, 1))
        self._bars.set_segments([((x, a), (x, b)) for x, a, b in zip(places, low, high, strict=True)])
        self._move_norm(result)
        for bar, tall in zip(self._columns, self._spreads(result), strict=True):
            bar.set_height(tall)
        frame = result.phase, result.draws, result.norm == "none"
        if frame == self._frame:
            return False
        self._frame = frame
        self._net.set_title(TITLES[result.phase], loc="left", weight="bold")
        self._norm.set_xlim(0, max(result.draws, 2) * 1.05)
        without = result.norm == "none"
        self._spread.set_visible(not without)
        self._norm.set_position((0.745, 0.145, 0.24, 0.73) if without else (0.745, 0.6, 0.24, 0.275))
        for bar in self._columns:
            bar.set_visible(not without)
        return True

    def _move_net(self, result):
        self._dots.set_sizes(LARGEST * np.clip(result.drawn / LOUD, 0, 1))
        silent = ~result.kept
        self._crosses.set_data(np.full(silent.sum(), 0.5), AT[silent])
        self._edges.set_segments([end for unit in np.flatnonzero(~silent) for end in self._ends[unit]])
        for text, value in zip(self._values, result.drawn, strict=True):
            text.set_text(two_decimals(float(value)))
        for text, value in zip(self._scores, result.scores, strict=True):
            text.set_text(two_decimals(float(value)))

    def _move_norm(self, result):
        low, high = 0.5, TOP["factor"]
        self._factor.set_data(np.arange(1, result.draws + 1), np.clip(result.factors, low, high))
        self._factor.set_marker("o" if result.draws <= 40 else "")
        ends = [result.factors[-1] + sign * 2 * result.factor_error for sign in (-1, 1)]
        self._factor_end.set_data([result.draws] * 2, np.clip(ends, low, high))
        self._formula.set_ydata([result.predicted_factor] * 2)
        self._formula_name.set_text(f"1/√(1 − p) = {result.predicted_factor:.2f}")

    def _spreads(self, result):
        """Return the columns' heights; a unit that was always silent has none."""
        if result.norm == "none":
            return np.zeros(UNITS)
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = result.spread_in_use
        return np.clip(np.nan_to_num(spread, nan=0.0, posinf=TOP["spread"]), 0, TOP["spread"])
