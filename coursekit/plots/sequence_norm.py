"""How many sequences carry a statistic? Who is still there, how noisy their mean is, who errs."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D

from coursekit.diagnostics.sequences import LONGEST, SequenceReport
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREEN, GREY, INK, ORANGE

STEPS = np.arange(1, LONGEST + 1)
FULL = 32


class SequenceNormPicture(Picture):
    """A `SequenceReport` as three panels with fixed limits."""

    size = (9.4, 3.9)

    def build(self):
        """Make the axes: sequences still there, noise of their mean, errors by length."""
        self.figure.text(
            0.015, 0.92, "How many sequences carry a statistic?", fontsize=12, weight="bold", color=INK
        )
        titles = ("sequences still there", "how far their mean is off", "wrong answers by length")
        self._there, self._noise_ax, self._wrong = (
            self.figure.add_axes((left, 0.155, 0.255, 0.62)) for left in (0.055, 0.385, 0.73)
        )
        for ax, title in zip((self._there, self._noise_ax, self._wrong), titles, strict=True):
            ax.set_title(title, loc="left")
            ax.grid(axis="y")
            ax.set_axisbelow(True)
            ax.set_xticks([1, 4, 7, 11, 14])
        self._build_there()
        self._build_noise()
        self._build_wrong()

    def _build_there(self):
        ax = self._there
        ax.set(xlim=(0.3, LONGEST + 0.7), ylim=(0, FULL + 2), xlabel="time step")
        self._bars = self.moving(ax.add_collection(PolyCollection([], lw=0)))
        self._bars_of(np.zeros(LONGEST), 1)

    def _build_noise(self):
        ax = self._noise_ax
        ax.set(xlim=(0.3, LONGEST + 0.7), ylim=(-0.06, 1.75), xlabel="time step", ylabel="in spreads")
        ax.set_yticks([0, 0.5, 1])
        line = {"lw": 1.8, "ms": 5}
        self._rule = self.moving(ax.add_line(Line2D([], [], color=GREY, lw=4, alpha=0.5)))
        self._noise = self.moving(ax.add_line(Line2D([], [], color=BLUE, marker="o", **line)))
        self._here = self.moving(
            ax.add_line(Line2D([], [], color=ORANGE, marker="o", ms=12, mfc="none", mew=2.5, ls=""))
        )
        own = ax.add_line(Line2D(STEPS, np.zeros(LONGEST), color=GREEN, **line))
        handles = [self._noise, Line2D([], [], color=GREY, lw=4, alpha=0.5), own]
        names = ["batch norm", r"$1/\sqrt{\mathrm{sequences}}$", "layer norm: 0, its own"]
        ax.legend(handles, names, loc="upper left", borderaxespad=0.1)

    def _build_wrong(self):
        ax = self._wrong
        ax.set(xlim=(3.3, LONGEST + 0.7), ylim=(0, 1), xlabel="steps of the sequence")
        ax.set_xticks([4, 7, 11, 14])
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        self._lines = [
            self.moving(ax.add_line(Line2D([], [], color=colour, marker=marker, ms=6, lw=1.8)))
            for colour, marker in ((BLUE, "s"), (GREEN, "D"))
        ]
        ax.legend(self._lines, ["batch norm", "layer norm"], loc="upper left", borderaxespad=0.1)

    def _bars_of(self, heights, step):
        left, right = STEPS - 0.4, STEPS + 0.4
        corners = [[(a, 0), (a, h), (b, h), (b, 0)] for a, b, h in zip(left, right, heights, strict=True)]
        self._bars.set_verts(corners)
        self._bars.set_facecolor([ORANGE if s == step else BLUE for s in STEPS])

    def move(self, result: SequenceReport) -> bool:
        """Set all artists to `result`; the frame never changes."""
        self._bars_of(result.alive, result.step)
        known = np.isfinite(result.noise)
        self._noise.set_data(STEPS[known], result.noise[known])
        many = result.alive >= 1
        self._rule.set_data(STEPS[many], 1 / np.sqrt(result.alive[many]))
        at = result.step - 1
        self._here.set_data(*(([result.step], [result.noise[at]]) if known[at] else ([], [])))
        for line, errors in zip(self._lines, result.errors, strict=True):
            # No line from 7 steps to 11: there is nothing in between.
            middle = np.searchsorted(result.lengths, 9)
            line.set_data(
                np.insert(result.lengths.astype(float), middle, np.nan), np.insert(errors, middle, np.nan)
            )
        return False
