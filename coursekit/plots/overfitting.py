"""When does a net stop learning and start to remember? Training and validation loss, pass by pass."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.overfitting import PASSES, Overfitting
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK, VERMILION

TRAINING, VALIDATION = BLUE, VERMILION
LOSSES, RIGHT = (0.0, 2.5), (0.3, 1.0)


class OverfittingCurves(Picture):
    """An `Overfitting`: losses on the left, right answers on the right; the plain net in grey beside it."""

    size = (9.4, 4.0)

    def build(self) -> None:
        """Make both panels, with fixed limits, and their curves."""
        loss = self.figure.add_axes((0.075, 0.14, 0.46, 0.73))
        right = self.figure.add_axes((0.625, 0.14, 0.36, 0.73))
        loss.set(xlim=(0, PASSES), ylim=LOSSES, xlabel="passes", ylabel="loss")
        loss.set_yticks([0, 0.5, 1, 1.5, 2, 2.5], ["0", "0.5", "1", "1.5", "2", "2.5"])
        loss.set_title("Does it learn, or remember?", loc="left", weight="bold")
        right.set(xlim=(0, PASSES), ylim=RIGHT, xlabel="passes", ylabel="right answers")
        right.set_yticks([0.4, 0.6, 0.8, 1], ["40 %", "60 %", "80 %", "100 %"])
        right.set_title("And the answers?", loc="left", weight="bold")
        for ax in (loss, right):
            ax.grid(axis="y")
            ax.set_axisbelow(True)
        self._plain = [self._line(ax, GREY, dashes, 1.2) for ax in (loss, right) for dashes in ("--", "-")]
        self._chosen = [self._line(ax, c, "-", 2.2) for ax in (loss, right) for c in (TRAINING, VALIDATION)]
        self._gap = self._line(loss, INK, "-", 1.4)
        self._stop = self.moving(
            loss.add_line(Line2D([], [], color=VALIDATION, marker="^", ms=9, mec=INK, ls="", zorder=8))
        )
        self._stop_name = self.moving(
            loss.annotate("stop here", (0, 1), (0, -15), textcoords="offset points", ha="center", color=INK,
                          fontsize=8.5, zorder=8)
        )  # fmt: skip
        self._end = [
            self.moving(ax.add_line(Line2D([], [], color=c, marker="o", ms=5, ls="", zorder=6)))
            for ax in (loss, right)
            for c in (TRAINING, VALIDATION)
        ]
        self._head = self.moving(
            self.figure.text(0.985, 0.955, "", ha="right", va="center", fontsize=9.5, color=INK)
        )
        rows = (
            (VALIDATION, "-", 2.2, "validation images"),
            (TRAINING, "-", 2.2, "training images"),
            (GREY, "-", 1.2, "validation, without λ and p"),
            (GREY, "--", 1.2, "training, without λ and p"),
        )
        handles = [Line2D([], [], color=c, ls=d, lw=w, label=name) for c, d, w, name in rows]
        loss.legend(handles=handles, loc="upper right", fontsize=8.5)

    def _line(self, ax, colour, dashes, width):
        return self.moving(ax.add_line(Line2D([], [], color=colour, ls=dashes, lw=width)))

    def move(self, result: Overfitting) -> bool:
        """Set the curves to `result`; the frame never changes."""
        shown = _curves(result.plain) if result.regularized else [[]] * 4
        for line, values in zip(self._plain, shown, strict=True):
            line.set_data(np.arange(len(values)), values)
        for line, end, values in zip(self._chosen, self._end, _curves(result.chosen), strict=True):
            line.set_data(np.arange(len(values)), values)
            end.set_data([len(values) - 1], [values[-1]])
        losses, best = np.clip(result.chosen.validation, *LOSSES), result.chosen.best
        last = len(losses) - 1
        self._gap.set_data([last] * 2, [np.clip(result.chosen.training[-1], *LOSSES), losses[-1]])
        stops = 0 < best < last
        self._stop.set_data(*(([best], [losses[best] - 0.06]) if stops else ([], [])))
        self._stop_name.xy = (best, losses[best] - 0.06)
        self._stop_name.set_visible(stops)
        self._head.set_text(f"{result.weights:,} weights, {result.images:,} images")
        return False


def _curves(run):
    """Return the four curves: losses in training and validation, then the shares of right answers."""
    losses = [np.clip(values, *LOSSES) for values in (run.training, run.validation)]
    return losses + [np.clip(values, *RIGHT) for values in (run.right_training, run.right)]
