"""Search the change that makes a learner's program right, and say what it was."""

import ast
import contextlib
import copy
import io
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations, islice, product
from pathlib import Path
from typing import Any

import numpy as np

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]

from coursekit.exercises.asking import TENTHS
from coursekit.exercises.repair.choices import factors, likely, numbers, renamed, scaled, wrapped
from coursekit.exercises.repair.edits import Edit, first_lines, growing, keys, repeated, scope, slots
from coursekit.exercises.repair.source import Program, program_of
from coursekit.exercises.repair.statements import lines

MEMORY = 2**30
COMMON = 300  # of the less likely changes, that many come before pairs
PARTIAL = 2  # programs with one change that come farther, from which a second one is tried

_ONE_AT_A_TIME = threading.Lock()  # what is printed, and the limit of memory, belong to the whole process

# What a program is asked: nothing if it is right, else how far it came.
Ask = Callable[[Any], str | None]


def repaired(answer: object, ask: Ask, seconds: float, *, most: int = 2) -> str:
    """Return a sentence with the change, or the two changes, that make an answer right; else nothing.

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
    program = program_of(answer)
    if program is None or not _ONE_AT_A_TIME.acquire(blocking=False):
        return ""
    end = _Clock(seconds)
    program = replace(program, tick=end.tick)
    state = np.random.get_state()  # noqa: NPY002
    try:
        with (
            _little_memory(),
            contextlib.redirect_stdout(io.StringIO()),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            found = _searched(program, ask, end, most)
            return _said(program.tree, found) if found else ""
    except (MemoryError, _TooLateError):
        return ""
    finally:
        np.random.set_state(state)  # noqa: NPY002
        _ONE_AT_A_TIME.release()


def _held():
    """Return how many bytes the process has asked for; 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmData:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


@contextlib.contextmanager
def _little_memory():
    """Let a changed program that asks for gigabytes fail, where the system can do that."""
    if resource is None or not _held():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = _held() + MEMORY
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (most if soft < 0 else min(soft, most), hard))
    except (ValueError, OSError):  # a system that knows no such limit
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


class _TooLateError(BaseException):
    """Raised inside a changed program when the time is over; no `except Exception` may catch it."""


class _Clock:
    """When to give up: by the time that was worked, and at twice that if the machine is busy."""

    def __init__(self, seconds: float) -> None:
        self.worked, self.late = time.thread_time() + seconds, time.perf_counter() + 2 * seconds

    def passed(self) -> bool:
        return time.thread_time() > self.worked or time.perf_counter() > self.late

    def tick(self) -> None:
        """End a changed program whose loops turn too long."""
        if self.passed():
            raise _TooLateError


def _searched(program, ask, end, most):
    """Return the edits that make it right: one, or a first that comes farther and a second."""
    before = _asked(program, ask)
    if before is None:
        return []
    first, second = _all_edits(program.tree)
    tried: list[Edit] = []
    farther: list[tuple[str, Edit]] = []
    likelier = chain(first, islice(second, COMMON))
    for kind in (likelier, second):
        for edit in kind:
            if end.passed():
                return []
            tried.append(edit)
            said = _tried(program, ask, [edit])
            if said is None:
                return [edit]
            if said not in (before, BROKEN) and not (said.startswith(TENTHS) and said < before):
                farther.append((said, edit))
        if kind is likelier and most > 1:
            best = [edit for _, edit in sorted(farther, key=lambda pair: pair[0], reverse=True)[:PARTIAL]]
            found = _pair(program, ask, end, product(best, tried))
            if found:
                return found
    return _pair(program, ask, end, combinations(tried, 2)) if most > 1 else []


def _pair(program, ask, end, pairs):
    """Return the first two changes that make it right together."""
    for one, other in pairs:
        if end.passed():
            return []
        if not _overlap(one, other) and _tried(program, ask, [one, other]) is None:
            return [one, other]
    return []


def _overlap(first, second):
    """Whether one change stands inside what the other replaces."""
    return any(
        (
            one.slot.parent is other.slot.parent
            and one.slot.field == other.slot.field
            and one.slot.at == other.slot.at
        )
        or any(node is one.slot.parent for held in (other.old, other.new) for node in _walk(held))
        for one, other in ((first, second), (second, first))
    )


def _walk(held):
    for node in held if isinstance(held, list) else [held]:
        if node is not None:
            yield from ast.walk(node)


BROKEN = "broken"


def _all_edits(tree: ast.Module) -> tuple[Iterator[Edit], Iterator[Edit]]:
    """Return the likely changes of one place, and all others: these in turn from each kind."""
    names, places = scope(tree), [s for s in slots(tree) if not _is_frame(s)]
    shapes, grows = _shapes(tree), growing(tree)
    small = [s for s in places if id(s.parent) not in shapes and not grows & _names_in(s.get())]
    are_names = [s for s in places if isinstance(s.get(), ast.Name)]
    others = [s for s in places if not isinstance(s.get(), ast.Name)]
    born = first_lines(tree)

    def there(s):
        return [n for n in names if born.get(n, 0) <= getattr(s.get(), "lineno", 0)]

    kinds = [
        (2, _each(are_names, lambda s: renamed(s, there(s)))),
        (1, _other_keys(tree, places)),
        (2, _each(small, factors)),
        (
            1,
            _each(
                [s for s in repeated(tree) if id(s.parent) not in shapes],
                lambda s: chain(likely(s, names), renamed(s, names), scaled(s, names)),
            ),
        ),
        (2, _each(small, lambda s: scaled(s, names))),
        (1, _each(others, lambda s: renamed(s, names))),
        (1, _each(places, numbers)),
        (1, _each(small, wrapped)),
    ]
    return chain(_each(places, lambda s: likely(s, names)), lines(tree)), _in_turn(kinds)


def _in_turn(kinds):
    """Yield from each kind its share, and again."""
    while kinds:
        left = []
        for share, kind in kinds:
            taken = list(islice(kind, share))
            yield from taken
            if len(taken) == share:
                left.append((share, kind))
        kinds = left


def _each(places, choices):
    return (Edit(slot, slot.get(), new, why) for slot in places for new, why in choices(slot))


def _other_keys(tree, places):
    """Yield the changes of "b" to "g" in params["b"]."""
    texts = keys(tree)
    for slot in places:
        if isinstance(held := slot.get(), ast.Constant) and held.value in texts:
            others = sorted(texts - {held.value})
            yield from (
                Edit(slot, held, ast.Constant(t), f"{t!r} belongs there, not {held.value!r}")
                for t in others
            )


def _names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _shapes(tree):
    """Return which tuples say how large arrays are: with a factor more they might fill all."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found |= {
                id(a) for a in (*node.args, *(k.value for k in node.keywords)) if isinstance(a, ast.Tuple)
            }
    return found


def _is_frame(slot):
    """Whether a place belongs to what holds the program together, not to what it computes."""
    return isinstance(
        slot.parent, ast.Module | ast.ClassDef | ast.arguments | ast.FunctionDef
    ) or isinstance(slot.get(), ast.stmt)


def _tried(program: Program, ask: Ask, edits: Sequence[Edit]) -> str | None:
    for edit in edits:
        edit.locate()
        edit.apply()
    try:
        return _asked(program, ask)
    finally:
        for edit in reversed(edits):
            edit.undo()


def _asked(program, ask):
    try:
        made = program.build()
    except Exception:
        return BROKEN
    return ask(made)


def _said(tree, found):
    """Say of each change what stands there and what should."""
    frames = [_frames(tree, edit) for edit in found]
    olds = [[_text(node) for node in nodes] for nodes in frames]
    for edit in found:
        edit.apply()
    news = [[_text(node) for node in nodes] for nodes in frames]
    lists = [_lines(edit) for edit in found]
    for edit in reversed(found):
        edit.undo()
    whys: dict[tuple[str, str], list[str]] = {}
    for old, new, both, edit in zip(olds, news, lists, found, strict=True):
        whys.setdefault(both or _widest(old, new), []).append(edit.why)
    return " Also, ".join(
        f"{_quoted(old)} should be {_quoted(new)}: {', and '.join(dict.fromkeys(why))}."
        for (old, new), why in whys.items()
    )


def _frames(tree, edit):
    """Return what stands round a change, from its own place to its statement."""
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    nodes = [edit.slot.parent]
    while not isinstance(nodes[-1], ast.stmt) and id(nodes[-1]) in parents:
        nodes.append(parents[id(nodes[-1])])
    return nodes


def _widest(olds, news):
    """Return the same stretch before and after: the widest of which both texts are short."""
    fit = [pair for pair in zip(olds, news, strict=True) if max(map(len, pair)) <= 60]
    return fit[-1] if fit else (olds[0], news[0])


def _lines(edit):
    """Return the changed lines of a change of lines, before and after; nothing for others."""
    if not isinstance(edit.slot.get(), list):
        return None
    old, new = [ast.unparse(s) for s in edit.old], [ast.unparse(s) for s in edit.new]

    def shown(these, others):
        return "; ".join(_header(s) for s in these if s not in others) or "; ".join(map(_header, these))

    return shown(old, new), shown(new, old)


def _quoted(text):
    return "`" + " ".join(text.split()) + "`" if text else "nothing"


def _text(node):
    """Return a node as text; of a loop or condition its first line, of more than that nothing short."""
    if isinstance(node, ast.For | ast.If):
        return _header(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))))
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
        return " " * 1000
    return ast.unparse(node)


def _header(text):
    return text.split("\n")[0]
