"""Which net learns faster? Loss curves on the left, the share of right answers on the right."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from coursekit.experiments.race import Race
from coursekit.plots.picture import Picture
from coursekit.plots.style import BATCH_NORM, GREY, INK, NOISE, WITHOUT_NORM

COLOURS = (WITHOUT_NORM, BATCH_NORM, NOISE)
LOSS_LIMITS = (0.1, 30.0)


class RaceCurves(Picture):
    """The lanes of a `Race` as curves that grow; up to three."""

    size = (9.0, 4.1)

    def build(self) -> None:
        """Make two axes with fixed heights; the width is the race's number of steps."""
        self.figure.text(0.015, 0.93, "Which net learns faster?", fontsize=12, weight="bold", color=INK)
        self._frame: tuple[int, int] | None = None
        self._loss = self.figure.add_axes((0.075, 0.14, 0.49, 0.66))
        self._right = self.figure.add_axes((0.675, 0.14, 0.3, 0.66))
        self._loss.set(yscale="log", ylim=LOSS_LIMITS, xlabel="step", ylabel="loss of the mini-batch")
        self._loss.set_yticks([0.1, 0.3, 1, 3, 10, 30], ["0.1", "0.3", "1", "3", "10", "30"])
        self._loss.minorticks_off()
        self._guessing = self._loss.axhline(1, color=GREY, lw=1, ls=":")
        self._guessing_name = self._loss.annotate(
            "guessing", (1, 1), (-2, 3), xycoords=("axes fraction", "data"),
            textcoords="offset points", ha="right", color=GREY, fontsize=8.5,
        )  # fmt: skip
        self._right.set(ylim=(0, 1), xlabel="step", ylabel="right answers on unseen images")
        self._right.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        for ax in (self._loss, self._right):
            ax.grid(axis="y")
            ax.set_axisbelow(True)
        self._marks: list[Artist] = []
        self._lanes = [self._lane(i, colour) for i, colour in enumerate(COLOURS)]

    def _lane(self, number, colour):
        loss, right = (
            self.moving(ax.add_line(Line2D([], [], color=colour, lw=1.8, marker=marker, ms=4)))
            for ax, marker in ((self._loss, ""), (self._right, "o"))
        )
        end = self.moving(self._loss.add_line(Line2D([], [], color=colour, marker="X", ms=10, ls="")))
        end.set_clip_on(False)
        at = 0.075 + 0.33 * number
        # The words are in ink: not every colour of a curve is dark enough for them.
        mark = self.moving(self.figure.text(at, 0.845, "■", color=colour, fontsize=12, weight="bold"))
        name = self.moving(self.figure.text(at + 0.022, 0.845, "", color=INK, fontsize=10, weight="bold"))
        self._marks.append(mark)
        return loss, right, end, name

    def move(self, result: Race) -> bool:
        """Set the curves to `result`; the frame changes with the numbers of steps and of classes."""
        low, high = LOSS_LIMITS
        for i, (loss, right, end, name) in enumerate(self._lanes):
            lane = result.lanes[i] if i < len(result.lanes) else None
            for artist in (loss, right, end, self._marks[i], name):
                artist.set_visible(lane is not None)
            if lane is None:
                continue
            loss.set_data(np.arange(1, len(lane.losses) + 1), np.clip(lane.losses, low, high))
            right.set_data(lane.at, lane.accuracies)
            # A cross at the upper border: here the numbers left the range of floats.
            end.set_data(*(([], []) if lane.diverged_at is None else ([lane.diverged_at], [high])))
            lost = "" if lane.diverged_at is None else f" ✕ at step {lane.diverged_at}"
            name.set_text(f"{lane.name}{lost}")
        if self._frame == (result.steps, result.classes):
            return False
        self._frame = result.steps, result.classes
        self._guessing.set_ydata([result.guessing] * 2)
        self._guessing_name.xy = 1, result.guessing
        for ax in (self._loss, self._right):
            ax.set_xlim(0, result.steps)
        return True
