"""Search the change that makes a learner's program right, and say what it was.

One change is tried at a time, then a second with the two that bring the program farthest, then all other
changes, then pairs of all. Nobody sees it but by the answer: what programs print is dropped, and NumPy's
own generator ends as it began, also after Ctrl-C.
"""

import contextlib
import io
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations, islice, product
from typing import Any

import numpy as np

from coursekit.exercises.asking import TENTHS
from coursekit.exercises.repair.edits import Edit
from coursekit.exercises.repair.limits import Clock, TooLateError, little_memory
from coursekit.exercises.repair.order import all_edits
from coursekit.exercises.repair.quoting import pointed, told
from coursekit.exercises.repair.source import Program, program_of

COMMON = 600  # of the less likely changes, that many come before pairs
PARTIAL = 2  # programs with one change that come farther, from which a second one is tried
BROKEN = "broken"

# What a program is asked: nothing if it is right, else how far it came; BROKEN if it cannot be told.
Ask = Callable[[Any], str | None]

_ONE_AT_A_TIME = threading.Lock()  # what is printed, and the limit of memory, belong to the whole process


def repaired(answer: object, ask: Ask, seconds: float, *, most: int = 2) -> str:
    """Return a sentence on the change, or the two changes, that make an answer right; else nothing.

    Parameters
    ----------
    answer : function or class
        Whose source can be read.
    ask : callable
        What is wrong with an answer in a word or two; None if it is right.
    seconds : float
        How long is searched.
    most : int
        How many changes, 1 or 2.
    """
    with _searching(answer, ask, seconds) as search:
        found = search.found(most) if search else []
        return told(search.program.tree, found) if found else ""
    return ""


def place_of(answer: object, ask: Ask, seconds: float) -> str:
    """Return a sentence on the line, or the two, where one change makes an answer right; else nothing.

    Parameters are those of `repaired`.
    """
    with _searching(answer, ask, seconds) as search:
        found = search.all_found() if search else []
        return pointed(search.program.tree, found) if found else ""
    return ""


@contextlib.contextmanager
def _searching(answer, ask, seconds):
    """Give a search for the time that is left to it, or None where no source can be read."""
    program = program_of(answer)
    if program is None or not _ONE_AT_A_TIME.acquire(blocking=False):
        yield None
        return
    try:
        clock = Clock(seconds)
        with contextlib.suppress(MemoryError, TooLateError), little_memory(), _unnoticed():
            yield _Search(replace(program, tick=clock.tick), ask, clock)
    finally:
        _ONE_AT_A_TIME.release()


@contextlib.contextmanager
def _unnoticed() -> Iterator[None]:
    """Drop what is printed and warned of, and put NumPy's own generator back."""
    state = np.random.get_state()  # noqa: NPY002
    silent = contextlib.redirect_stdout(io.StringIO())
    try:
        with silent, warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


class _Search:
    """The changes that were tried of one program, and those with which it came farther."""

    def __init__(self, program: Program, ask: Ask, clock: Clock) -> None:
        self.program, self.ask, self.clock = program, ask, clock
        self.tried: list[Edit] = []
        self.farther: list[tuple[str, Edit]] = []

    def found(self, most: int) -> list[Edit]:
        """Return the changes that make it right: one, or two if that is the most."""
        before = self._asked()
        if before is None:
            return []
        likely, others = all_edits(self.program.tree)
        if most == 1:
            return self._one(chain(likely, others), before)
        return (
            self._one(chain(likely, islice(others, COMMON)), before)
            or self._two(product(self._best(), self.tried))
            or self._one(others, before)
            or self._two(combinations(self.tried, 2))
        )

    def all_found(self) -> list[Edit]:
        """Return every single change that makes it right: all likely ones, and others if time is left.

        A list of likely ones that is cut short would name some places as if they were all: then none is.
        """
        if self._asked() is None:
            return []
        likely, others = all_edits(self.program.tree)
        found = [edit for edit in likely if self._asked(edit) is None]
        with contextlib.suppress(TooLateError):
            return found + [edit for edit in islice(others, COMMON) if self._asked(edit) is None]
        return found

    def _one(self, edits: Iterable[Edit], before: str) -> list[Edit]:
        for edit in edits:
            self.tried.append(edit)
            said = self._asked(edit)
            if said is None:
                return [edit]
            fewer = said.startswith(TENTHS) and said < before
            if said not in (before, BROKEN) and not fewer:
                self.farther.append((said, edit))
        return []

    def _two(self, pairs: Iterable[tuple[Edit, Edit]]) -> list[Edit]:
        for one, other in pairs:
            if not one.overlaps(other) and self._asked(one, other) is None:
                return [one, other]
        return []

    def _best(self) -> list[Edit]:
        ranked = sorted(self.farther, key=lambda pair: pair[0], reverse=True)
        return [edit for _, edit in ranked[:PARTIAL]]

    def _asked(self, *edits: Edit) -> str | None:
        """Return what is said of the program with some changes, and take them back."""
        self.clock.tick()
        for edit in edits:
            edit.apply()
        try:
            return self.ask(self.program.build())
        except Exception:
            return BROKEN
        finally:
            for edit in reversed(edits):
                edit.undo()
