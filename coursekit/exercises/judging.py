"""Answers beside what is right: what is said of the first that is off, where no slip explains them."""

from collections.abc import Callable, Sequence

import numpy as np

from coursekit.exercises.arrays import say_where
from coursekit.exercises.asking import TENTHS, only_asked
from coursekit.exercises.feedback import ALSO, AnswerError, UnnamedError
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
    right = _right(parts, compute, problems)
    wrong = [i for i, (a, r) in enumerate(zip(answers, right, strict=True)) if not same(a, r)]
    if not wrong:
        return
    if only_asked():
        raise UnnamedError(share_right(answers, right))
    said = explain(parts, compute, problems, answers, same, rounds)
    raise AnswerError(said) if said else UnnamedError(otherwise(wrong[0], right))


def one_of(error: AnswerError, most: int = 3) -> AnswerError:
    """Return an answer that names one error of many: where more than `most` are left, no list of them."""
    left = str(error).split(ALSO)
    if len(left) <= most:
        return error
    return AnswerError(f"{len(left)} errors show at once. One of them: {left[-1]} Mend one, and run again.")


_KNOWN: dict[tuple[int, int], tuple] = {}


def _right(parts, compute, problems):
    """Return the right answers, which are the same at each call: computed once."""
    key = id(parts), id(problems)
    if key not in _KNOWN or _KNOWN[key][0] is not parts or _KNOWN[key][1] is not problems:
        hows = {name: options[0].how for name, options in parts.items()}
        _KNOWN[key] = parts, problems, [compute(p, **hows) for p in problems]
    return _KNOWN[key][2]


def refuse_early(
    parts: Parts, compute: Callable, problems: Sequence, answers: Sequence[np.ndarray]
) -> None:
    """Spare the other problems if nobody reads what is said, and the last answer is wrong."""
    if only_asked():
        right = _right(parts, compute, problems)[len(answers) - 1]
        if not near(answers[-1], right):
            raise UnnamedError(share_right(answers[-1:], [right]))


def share_right(answers: Sequence[np.ndarray], rights: Sequence[np.ndarray]) -> str:
    """Return how many tenths of the entries are right, in a way that is compared as text."""
    pairs = [(a, r) for a, r in zip(answers, rights, strict=True) if np.shape(a) == np.shape(r)]
    good = [np.abs(a - r) <= 1e-4 * (1 + np.abs(r)) for a, r in pairs]
    share = np.mean([np.mean(g) for g in good]) if good else 0.0
    return f"{TENTHS} {'abcdefghijk'[int(10 * share)]}"


def unknown(names: str, answers: Sequence[np.ndarray]) -> Otherwise:
    """Return what says that no slip is known, and which entry is farthest off."""
    return lambda i, right: f"not by a slip that is known here: {say_where(names, answers[i], right[i])}"
