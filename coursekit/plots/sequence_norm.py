"""How many sequences carry a statistic? Who is still there, how noisy their mean is, who errs."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D

from coursekit.experiments.sequence_norm import LONG, LONGEST, SHORT, SequenceReport
from coursekit.plots.picture import Picture
from coursekit.plots.style import BATCH_NORM, GREY, INK, LAYER_NORM

STEPS = np.arange(1, LONGEST + 1)
ENDED = "#C4C4C4"
FLOOR = 1.09  # the sequences of a batch fill the height from 0 to 1; below, their number is written


class SequenceNormPicture(Picture):
    """A `SequenceReport` as three panels with fixed limits."""

    size = (9.2, 4.1)

    def build(self) -> None:
        """Make the axes: a batch of sequences, noise of their mean, errors by length."""
        titles = ("the sequences of one batch", "how far their mean is off", "wrong answers by length")
        self._there, self._noise_ax, self._wrong = (
            self.figure.add_axes((left, 0.135, 0.265, 0.665)) for left in (0.05, 0.39, 0.725)
        )
        for ax, title in zip((self._there, self._noise_ax, self._wrong), titles, strict=True):
            ax.set_title(title, loc="left")
            ax.set_axisbelow(True)
            ax.set_xticks([1, 4, 7, 11, 14])
        self._build_there()
        self._build_noise()
        self._build_wrong()

    def _build_there(self):
        ax = self._there
        # A text of the axes, since a moving one of the figure would be left out of saved pictures.
        title = {"transform": self.figure.transFigure, "fontsize": 12, "weight": "bold", "color": INK}
        self._title = self.moving(ax.text(0.012, 0.925, "", **title))
        ax.set(xlim=(0.3, LONGEST + 0.7), ylim=(FLOOR, 0), yticks=[], xlabel="time step")
        ax.set_ylabel("one bar = one sequence")
        self._bars = self.moving(ax.add_collection(PolyCollection([], lw=0)))
        self._step = self.moving(ax.add_line(Line2D([], [], color=INK, lw=1.8)))
        self._left = self.moving(ax.text(0, (1 + FLOOR) / 2, "", va="center", color=INK, weight="bold"))

    def _build_noise(self):
        ax = self._noise_ax
        ax.set(xlim=(0.3, LONGEST + 0.7), ylim=(-0.06, 1.75), xlabel="time step", ylabel="in spreads")
        ax.set_yticks([0, 0.5, 1])
        ax.grid(axis="y")
        line = {"lw": 1.8, "ms": 5}
        self._rule = self.moving(ax.add_line(Line2D([], [], color=GREY, lw=4, alpha=0.5)))
        self._noise = self.moving(ax.add_line(Line2D([], [], color=BATCH_NORM, marker="o", **line)))
        self._here = self.moving(
            ax.add_line(Line2D([], [], color=INK, marker="o", ms=12, mfc="none", mew=2, ls=""))
        )
        own = ax.add_line(Line2D(STEPS, np.zeros(LONGEST), color=LAYER_NORM, **line))
        handles = [self._noise, Line2D([], [], color=GREY, lw=4, alpha=0.5), own]
        names = ["batch norm", r"$1/\sqrt{\mathrm{sequences}}$", "layer norm: 0, its own"]
        ax.legend(handles, names, loc="upper left", borderaxespad=0.1)

    def _build_wrong(self):
        ax = self._wrong
        ax.set(xlim=(3.3, LONGEST + 0.7), ylim=(0, 1), xlabel="steps of the sequence")
        ax.set_xticks([4, 7, 11, 14])
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        ax.grid(axis="y")
        for lengths, name in ((SHORT, "short"), (LONG, "long")):
            ax.text(np.mean(lengths), 0.03, name, ha="center", color=INK)
        self._lines = [
            self.moving(ax.add_line(Line2D([], [], color=colour, marker=marker, ms=6, lw=1.8)))
            for colour, marker in ((BATCH_NORM, "s"), (LAYER_NORM, "D"))
        ]
        ax.legend(self._lines, ["batch norm", "layer norm"], loc="upper left", borderaxespad=0.1)

    def _move_batch(self, result):
        """Draw the sequences of the example; those that still have the step are those of the statistic."""
        lengths, high = result.example, 1 / len(result.example)
        tops = high * (np.arange(len(lengths)) + 0.12)
        corners = [
            [(0.5, top), (0.5, top + 0.76 * high), (end, top + 0.76 * high), (end, top)]
            for end, top in zip(lengths + 0.5, tops, strict=True)
        ]
        self._bars.set_verts(corners)
        self._bars.set_facecolor([BATCH_NORM if length >= result.step else ENDED for length in lengths])
        self._step.set_data([result.step, result.step], [0, FLOOR])
        before = result.step > LONGEST / 2  # where there is room for words
        self._left.set(x=result.step + (-0.25 if before else 0.25), ha="right" if before else "left")
        self._left.set_text(f"{result.left} left")
        who = "sequence carries" if result.left == 1 else "sequences carry"
        self._title.set_text(
            f"Step {result.step}: {result.left} of {len(lengths)} {who} batch norm's statistic"
        )

    def move(self, result: SequenceReport) -> bool:
        """Set all artists to `result`; the frame never changes."""
        self._move_batch(result)
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
