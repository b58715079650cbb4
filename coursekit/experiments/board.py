"""Trainings side by side: the run at hand, and those that were kept."""

from dataclasses import dataclass

import numpy as np

from coursekit.experiments.recipe_run import RecipeRun
from coursekit.words import number

ROWS = 8


@dataclass(frozen=True)
class Kept:
    """A finished run that was kept.

    Attributes
    ----------
    words : str
        Its recipe.
    length : tuple of int
        Images and epochs: only runs of one length are compared.
    seed : int
    right : float
        Its share of right answers on the validation images.
    """

    words: str
    length: tuple[int, int]
    seed: int
    right: float


@dataclass(frozen=True)
class Opened:
    """What the test set said, once.

    Attributes
    ----------
    words : str
        The recipe that it was opened for.
    right : float
    validation : float
        What the validation images had said of the same run.
    """

    words: str
    right: float
    validation: float


@dataclass(frozen=True)
class Board:
    """The run at hand beside those that were kept.

    Attributes
    ----------
    run : RecipeRun
    kept : tuple of Kept
        In the order in which they were kept; each recipe, length and seed once.
    opened : Opened or None
        The test set's answer, if it was asked for.
    asked_again : bool
        Whether somebody asked for it a second time.
    """

    run: RecipeRun
    kept: tuple[Kept, ...] = ()
    opened: Opened | None = None
    asked_again: bool = False

    @property
    def done(self) -> float:
        """The share of the run that is done."""
        return self.run.done

    @property
    def rows(self) -> tuple[tuple[str, tuple[float, ...]], ...]:
        """The recipes kept at the run's length, each with its seeds' right answers; the last eight."""
        length = self.run.images, self.run.epochs
        rows: dict[str, list[float]] = {}
        for kept in self.kept:
            if kept.length == length:
                rows.setdefault(kept.words, []).append(kept.right)
        return tuple((words, tuple(values)) for words, values in rows.items())[-ROWS:]


def keep(run: RecipeRun, kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
    """Return `kept` with a finished run; one that is there already is not kept twice.

    Raises
    ------
    ValueError
        If the run has not come to its end.
    """
    if run.done < 1:
        raise ValueError("a run can be kept once it has come to its end: let it come to its end first.")
    new = Kept(run.recipe.words, (run.images, run.epochs), run.seed, run.right)
    return kept if new in kept else (*kept, new)


def diagnose_board(board: Board) -> str:
    """Say how the run fares, and how far seeds of its recipe lie apart."""
    text = _run(board.run)
    if board.opened is not None:
        text += (
            f" The test set was opened for “{board.opened.words}”: {_share(board.opened.right)} right, "
            f"where the validation images had said {_share(board.opened.validation)}."
        )
        if board.asked_again:
            text += " It opens once: whoever looks again and chooses by it has made it a validation set."
        return text
    seeds = dict(board.rows).get(board.run.recipe.words, ())
    if board.run.done == 1 and len(seeds) > 1:
        text += (
            f" {len(seeds)} kept seeds of this recipe lie between {_share(min(seeds))} and "
            f"{_share(max(seeds))}, {100 * np.ptp(seeds):.1f} points apart."
        )
    return text


def _run(run):
    if run.done == 0:
        return f"At the start {_share(run.right)} of the validation images are right."
    if run.diverged_at is not None:
        return f"At step {run.diverged_at} the numbers left the range of floats: this rate is too large."
    if run.done < 1:
        done = run.done * run.epochs
        return f"After {done:.1f} epochs the loss is {number(run.losses[-1])}."
    learned = "" if run.right > 0.15 else " It has learned nothing."
    passes = "1 epoch" if run.epochs == 1 else f"{run.epochs} epochs"
    return (
        f"After {passes} on {run.images:,} images {_share(run.right)} of 2,000 validation images "
        f"are right, {_share(float(run.train[-1]))} of those it learned from.{learned}"
    )


def _share(value):
    return f"{100 * value:.1f} %"
