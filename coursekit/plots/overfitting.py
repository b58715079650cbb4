"""When does a net stop learning and start to remember? Training and validation loss, pass by pass."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.overfitting import PASSES, Overfitting
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK, VERMILION
from coursekit.words import two_decimals

TRAINING, VALIDATION = BLUE, VERMILION
LOSSES, RIGHT = (0.0, 2.5), (0.0, 1.0)
ROOM = 5.5  # for the name of the gap, in passes


class OverfittingCurves(Picture):
    """An `Overfitting`: losses on the left, right answers on the right; the plain net in grey beside it."""

    size = (9.4, 4.2)

    def build(self) -> None:
        """Make both panels, with fixed limits, and their curves."""
        loss = self.figure.add_axes((0.075, 0.2, 0.46, 0.68))
        right = self.figure.add_axes((0.625, 0.2, 0.36, 0.68))
        loss.set(xlim=(0, PASSES + ROOM), ylim=LOSSES, xlabel="passes", ylabel="loss")
        loss.set_yticks([0, 0.5, 1, 1.5, 2, 2.5], ["0", "0.5", "1", "1.5", "2", "2.5"])
        loss.set_title("Does it learn, or remember?", loc="left", weight="bold")
        right.set(xlim=(0, PASSES), ylim=(0, 1.02), xlabel="passes", ylabel="right answers")
        right.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        right.set_title("And the answers?", loc="left", weight="bold")
        for ax in (loss, right):
            ax.set_xticks(range(0, PASSES + 1, 10))
            ax.grid(axis="y")
            ax.set_axisbelow(True)
        self._plain = [self._line(ax, GREY, dashes, 1.2) for ax in (loss, right) for dashes in ("--", "-")]
        self._chosen = [self._line(ax, c, "-", 2.2) for ax in (loss, right) for c in (TRAINING, VALIDATION)]
        self._build_marks(loss)
        self._end = [
            self.moving(ax.add_line(Line2D([], [], color=c, marker="o", ms=5, ls="", zorder=6)))
            for ax in (loss, right)
            for c in (TRAINING, VALIDATION)
        ]
        self._head = self.moving(
            self.figure.text(0.985, 0.955, "", ha="right", va="center", fontsize=9.5, color=INK)
        )
        self._build_legends()

    def _build_marks(self, ax):
        """Make the gap, and where to stop; their names stand where no curve goes."""
        self._gap = self._line(ax, INK, "-", 1.4)
        name = {"color": INK, "fontsize": 8.5, "zorder": 8}
        self._gap_name = self.moving(ax.text(0, 0, "", ha="left", va="center", **name))
        triangle = Line2D([], [], color=VALIDATION, marker="v", ms=9, mec=INK, ls="", zorder=8)
        self._stop = self.moving(ax.add_line(triangle))
        self._stop_line = self._line(ax, INK, ":", 1.0)
        self._stop_name = self.moving(ax.text(0, LOSSES[1] - 0.02, "stop here", va="top", **name))

    def _build_legends(self):
        """Make a legend of the two curves, and one of all four, below the panels."""
        rows = (
            (VALIDATION, "-", 2.2, "validation images"),
            (TRAINING, "-", 2.2, "training images"),
            (GREY, "-", 1.2, "validation, without λ and p"),
            (GREY, "--", 1.2, "training, without λ and p"),
        )
        handles = [Line2D([], [], color=c, ls=d, lw=w, label=name) for c, d, w, name in rows]
        self._legends = {}
        for regularized, shown in ((False, handles[:2]), (True, handles)):
            below = {"loc": "lower left", "bbox_to_anchor": (0.06, -0.01), "ncols": 4, "fontsize": 8.5}
            self._legends[regularized] = self.figure.legend(handles=shown, **below)
        self._regularized: bool | None = None

    def _line(self, ax, colour, dashes, width):
        return self.moving(ax.add_line(Line2D([], [], color=colour, ls=dashes, lw=width)))

    def move(self, result: Overfitting) -> bool:
        """Set the curves to `result`; the legend changes where the plain net comes or goes."""
        shown = _curves(result.plain) if result.regularized else [[]] * 4
        for line, values in zip(self._plain, shown, strict=True):
            line.set_data(np.arange(len(values)), values)
        for line, end, values in zip(self._chosen, self._end, _curves(result.chosen), strict=True):
            line.set_data(np.arange(len(values)), values)
            end.set_data([len(values) - 1], [values[-1]])
        self._move_marks(result.chosen)
        self._head.set_text(f"{result.weights:,} weights, {result.images:,} images")
        changed, self._regularized = result.regularized != self._regularized, result.regularized
        for regularized, legend in self._legends.items():
            legend.set_visible(regularized == result.regularized)
        return changed

    def _move_marks(self, run):
        losses, best = np.clip(run.validation, *LOSSES), run.best
        last, lower = len(losses) - 1, np.clip(run.training[-1], *LOSSES)
        self._gap.set_data([last] * 2, [lower, losses[-1]])
        self._gap_name.set_visible(bool(np.isfinite(run.gap)))
        self._gap_name.set_position((last + 0.9, (lower + losses[-1]) / 2))
        self._gap_name.set_text(f"gap\n{two_decimals(run.gap)}")
        stops, above = 0 < best < last, losses[best] + 0.09
        self._stop.set_data(*(([best], [above]) if stops else ([], [])))
        self._stop_line.set_data(*(([best] * 2, [above, LOSSES[1]]) if stops else ([], [])))
        left = best > 0.8 * PASSES  # the name stands on the side that has room
        self._stop_name.set_position((best + (-0.6 if left else 0.6), LOSSES[1] - 0.02))
        self._stop_name.set(ha="right" if left else "left", visible=stops)


def _curves(run):
    """Return the four curves: losses in training and validation, then the shares of right answers."""
    losses = [np.clip(values, *LOSSES) for values in (run.training, run.validation)]
    return losses + [np.clip(values, *RIGHT) for values in (run.right_training, run.right)]
