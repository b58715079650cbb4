"""Answers beside what is right: what is said of the first that is off, where no slip explains them."""

from collections.abc import Callable, Sequence

import numpy as np

from coursekit.exercises.arrays import say_where
from coursekit.exercises.feedback import AnswerError
from coursekit.exercises.slips.search import ROUNDS, Parts, explain, near

Otherwise = Callable[[int, list[np.ndarray]], str]


def judge(
    parts: Parts,
    compute: Callable,
    problems: Sequence,
    answers: Sequence[np.ndarray],
    otherwise: Otherwise,
    *,
    same: Callable = near,
    rounds: Sequence[tuple[int, bool]] = ROUNDS,
) -> None:
    """Raise AnswerError with the slip, unless all answers are right.

    Parameters
    ----------
    parts, compute, problems, answers, same, rounds
        As in `explain`; the first option of each part is the right one.
    otherwise : callable
        Says what is wrong where no slip explains it, from the number of the first wrong answer and the list
        of right ones.

    Raises
    ------
    AnswerError
        If an answer is wrong.
    """
    right = [compute(p, **{name: options[0].how for name, options in parts.items()}) for p in problems]
    wrong = [i for i, (a, r) in enumerate(zip(answers, right, strict=True)) if not same(a, r)]
    if not wrong:
        return
    said = explain(parts, compute, problems, answers, same, rounds)
    raise AnswerError(said or otherwise(wrong[0], right))


def unknown(names: str, answers: Sequence[np.ndarray]) -> Otherwise:
    """Return what says that no slip is known, and which entry is farthest off."""
    return lambda i, right: f"not by a slip that is known here: {say_where(names, answers[i], right[i])}"
