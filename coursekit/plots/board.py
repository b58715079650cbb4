"""Is this run's recipe ahead of the others by more than a lucky seed? Its curves, and a dot for each."""

import textwrap

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.board import ROWS, Board
from coursekit.experiments.recipe_run import PIECES_PER_EPOCH
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREEN, GREY, INK, ORANGE, VERMILION

LOSS = (0.0, 2.5)
RIGHT = (0.0, 1.0)
DOTS = (0.7, 0.92)
LETTERS = 44  # of a recipe in a line; the longest takes two


class BoardRuns(Picture):
    """Left the run at hand: loss and right answers; right one row of dots for each recipe that was kept."""

    size = (9.8, 3.7)

    def build(self) -> None:
        """Make three axes; only the number of epochs moves the frame."""
        for at, words in ((0.012, "Does it learn?"), (0.43, "Is it ahead by more than luck?")):
            self.figure.text(at, 0.93, words, fontsize=12, weight="bold", color=INK)
        self._loss = self.figure.add_axes((0.045, 0.14, 0.145, 0.66))
        self._right = self.figure.add_axes((0.25, 0.14, 0.145, 0.66))
        self._dots = self.figure.add_axes((0.69, 0.14, 0.29, 0.66))
        self._loss.set(ylim=LOSS, xlabel="epoch")
        self._loss.set_title("loss", loc="left")
        self._loss.axhline(np.log(10), color=GREY, lw=1, ls=":")
        self._loss.text(0.97, np.log(10) + 0.03, "guessing", color=GREY, fontsize=8.5, ha="right",
                        transform=self._loss.get_yaxis_transform())  # fmt: skip
        self._right.set(ylim=RIGHT, xlabel="epoch")
        self._right.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        self._right.set_title("right answers", loc="left")
        for ax in (self._loss, self._right):
            ax.grid(axis="y")
            ax.set_axisbelow(True)
        self._epochs: int | None = None
        self._losses = self.moving(self._loss.add_line(Line2D([], [], color=BLUE, lw=2)))
        self._end = self.moving(self._loss.add_line(Line2D([], [], color=VERMILION, marker="X", ms=10)))
        self._end.set_clip_on(False)
        self._seen, self._unseen = (
            self.moving(self._right.add_line(Line2D([], [], color=c, lw=2, marker=m, ms=4, ls=ls)))
            for c, m, ls in ((ORANGE, "s", "--"), (BLUE, "o", "-"))
        )
        for line in (self._seen, self._unseen):
            line.set_clip_on(False)
        self._right.legend(
            (self._seen, self._unseen), ("learned from", "validation"), loc="center right", fontsize=8.5,
            ncols=2, columnspacing=1, bbox_to_anchor=(0.405, 0.945), bbox_transform=self.figure.transFigure,
        )  # fmt: skip
        self._build_rows()

    def _build_rows(self):
        ax = self._dots
        ax.set(xlim=DOTS, ylim=(ROWS + 0.5, -0.7), xlabel="right answers on the validation images")
        ax.set_xticks([0.7, 0.75, 0.8, 0.85, 0.9], ["≤ 70 %", "75 %", "80 %", "85 %", "90 %"])
        ax.set_yticks([])
        ax.grid(axis="x")
        ax.set_axisbelow(True)
        self._rows = []
        for _ in range(ROWS):
            dots = self.moving(ax.add_line(Line2D([], [], color=BLUE, marker="o", ms=7, ls="", alpha=0.6)))
            mean = self.moving(ax.add_line(Line2D([], [], color=INK, marker="|", ms=13, mew=2, ls="")))
            words = self.moving(ax.text(-0.04, 0, "", fontsize=7.6, ha="right", va="center", color=INK,
                                        linespacing=1.05, transform=ax.get_yaxis_transform()))  # fmt: skip
            dots.set_clip_on(False)
            self._rows.append((dots, mean, words))
        self._now = self.moving(
            ax.add_line(Line2D([], [], color=VERMILION, marker="o", ms=10, mfc="none", mew=2, ls=""))
        )
        self._test = self.moving(ax.add_line(Line2D([], [], color=GREEN, marker="*", ms=15, ls="")))
        for mark in (self._now, self._test):  # half of one at the border would be missing
            mark.set_clip_on(False)
        self._note = self.moving(ax.text(-0.04, 0.5, "", ha="right", color=GREY, transform=ax.transAxes))
        ax.legend((self._now, self._test), ("this run", "test set"), loc="lower right", fontsize=8.5,
                  bbox_to_anchor=(1.02, 1.01), ncols=2, borderaxespad=0)  # fmt: skip

    def move(self, result: Board) -> bool:
        """Set curves and dots to `result`."""
        run = result.run
        self._losses.set_data(
            np.arange(1, len(run.losses) + 1) / PIECES_PER_EPOCH, np.clip(run.losses, *LOSS)
        )
        lost = run.diverged_at is not None
        self._end.set_data(*(([len(run.losses) / PIECES_PER_EPOCH], [LOSS[1]]) if lost else ([], [])))
        for line, values in ((self._seen, run.train), (self._unseen, run.validation)):
            line.set_data(np.arange(len(values)), values)
        self._move_rows(result)
        if self._epochs == run.epochs:
            return False
        self._epochs = run.epochs
        for ax in (self._loss, self._right):
            ax.set_xlim(0, run.epochs)
            ax.set_xticks(range(run.epochs + 1))
        return True

    def _move_rows(self, result):
        rows = result.rows
        for i, (dots, mean, words) in enumerate(self._rows):
            name, values = rows[i] if i < len(rows) else ("", ())
            dots.set_data(np.clip(values, *DOTS), [i] * len(values))
            mean.set_data(*(([np.clip(np.mean(values), *DOTS)], [i]) if len(values) > 1 else ([], [])))
            words.set(text=_in_lines(name), y=i)
        names = [name for name, _ in rows]
        words = result.run.recipe.words
        at = names.index(words) if words in names else min(len(names), ROWS)
        over = result.run.done == 1
        self._now.set_data(*(([np.clip(result.run.right, *DOTS)], [at]) if over else ([], [])))
        opened = result.opened
        row = None if opened is None else names.index(opened.words) if opened.words in names else ROWS
        self._test.set_data(*(([], []) if opened is None else ([np.clip(opened.right, *DOTS)], [row])))
        self._note.set_text("" if rows else "Keep a run, and its seed\nstands here as a dot.")


def _in_lines(words):
    """Break a recipe into lines, at commas alone."""
    held = words.replace(" ", "\u00a0").replace(",\u00a0", ", ")
    return "\n".join(textwrap.wrap(held, LETTERS)).replace("\u00a0", " ")
