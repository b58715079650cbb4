"""Find the slip: an answer is made of parts, each done right or in one of its known wrong ways.

A recipe says how each part is done. All recipes with one slip are tried, then all with two, and a name is
given only if the recipe comes out as the learner's answer on **every** problem: sizes and numbers of the
problems differ, so that nothing fits by chance.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from coursekit.exercises.asking import only_asked
from coursekit.exercises.feedback import ALSO

TOLERANCE = 1e-4
ROUNDS: tuple[tuple[int, bool], ...] = ((1, False), (2, False), (3, True))
# Where there are many slips: of two, one has to be common.
SHORT_ROUNDS: tuple[tuple[int, bool | None], ...] = ((1, False), (2, None), (3, True))


# How one part is done: what it takes differs from part to part.
How = Callable[..., Any]


@dataclass(frozen=True)
class Option:
    """One way to do a part.

    Attributes
    ----------
    how : object
        What the checker's `compute` needs to do it so, mostly a function.
    says : str
        What the learner is told; empty for the right way.
    common : bool
        Whether it is met so often that it is tried together with two other common slips.
    """

    how: Any
    says: str = ""
    common: bool = False


Parts = Mapping[str, Sequence[Option]]


def near(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two arrays agree to what float32 can hold."""
    if a.shape != b.shape or (a.size and not _near(a.item(0), b.item(0))):  # one entry is told apart fast
        return False
    with np.errstate(invalid="ignore", over="ignore"):  # nan and inf are near to nothing
        return bool((np.abs(a - b) <= TOLERANCE * (1 + np.minimum(np.abs(b), 1e100))).all())


def _near(a, b):
    return abs(a - b) <= TOLERANCE * (1 + abs(b))


def recipes(parts: Parts, slips: int, only_common: bool | None = False) -> Iterator[dict[str, Option]]:
    """Yield every recipe with that many slips; the first option of each part is the right one.

    With `only_common` all slips are common ones; with None, one of them at least.
    """
    right = {name: options[0] for name, options in parts.items()}
    if slips and only_asked():
        return
    for names in combinations(parts, slips):
        wrong = [[o for o in parts[name][1:] if o.common or not only_common] for name in names]
        for chosen in product(*wrong):
            if only_common is None and not any(option.common for option in chosen):
                continue
            yield {**right, **dict(zip(names, chosen, strict=True))}


def explain(
    parts: Parts,
    compute: Callable,
    problems: Sequence,
    answers: Sequence[np.ndarray],
    same: Callable = near,
    rounds: Sequence[tuple[int, bool | None]] = ROUNDS,
) -> str | None:
    """Return what is said of the recipe with the fewest slips that gives all `answers`, or None.

    Parameters
    ----------
    parts : mapping from str to sequence of Option
    compute : callable
        (problem, part=how, …) to the array that comes out.
    problems, answers : sequences of equal length
    same : callable
        Whether (answer, computed) agree.
    rounds : sequence of (int, bool or None)
        How many slips are tried together, and whether only common ones (see `recipes`).
    """
    if only_asked():
        return None
    with np.errstate(all="ignore"):
        for slips, only_common in rounds:
            for recipe in recipes(parts, slips, only_common):
                hows = {name: option.how for name, option in recipe.items()}
                if all(same(a, compute(p, **hows)) for p, a in zip(problems, answers, strict=True)):
                    return also(option.says for option in recipe.values())
    return None


def also(messages: Iterator[str]) -> str:
    """Join what is said of several slips."""
    return ALSO.join(dict.fromkeys(filter(None, messages)))
