"""Search the change that makes a learner's program right, and say what it was."""

import ast
import contextlib
import copy
import io
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations, product
from typing import Any

import numpy as np

try:
    import resource
except ImportError:  # on Windows
    resource = None  # type: ignore[assignment]

from coursekit.exercises.asking import TENTHS
from coursekit.exercises.repair.edits import Edit, Slot, growing, keys, likely, renamed, repeated, scaled, scope, slots, wrapped
from coursekit.exercises.repair.source import Program, program_of
from coursekit.exercises.repair.statements import lines

MEMORY = 2**30
COMMON = 300  # changes that are tried in pairs, as long as there is time
PARTIAL = 8  # programs with one change that come farther, from which a second one is tried

# What a program is asked: nothing if it is right, else how far it came.
Ask = Callable[[Any], str | None]


def repaired(answer: object, ask: Ask, seconds: float) -> str:
    """Return a sentence with the change, or the two changes, that make an answer right; else nothing.

    Parameters
    ----------
    answer : function or class
        Whose source can be read.
    ask : callable
        What is wrong with an answer in a word or two; None if it is right.
    seconds : float
        How long is searched.
    """
    program = program_of(answer)
    if program is None:
        return ""
    end = time.perf_counter() + seconds
    state = np.random.get_state()
    try:
        with _little_memory(), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = _searched(program, ask, end)
            return _said(program.tree, found) if found else ""
    finally:
        np.random.set_state(state)


@contextlib.contextmanager
def _little_memory():
    """Let a changed program that asks for gigabytes fail, where the system can do that."""
    if resource is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    most = used + MEMORY
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (most if soft < 0 else min(soft, most), hard))
    except (ValueError, OSError):  # a system that knows no such limit
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _searched(program, ask, end):
    """Return the edits that make it right: one, or a first that comes farther and a second."""
    before = _asked(program, ask)
    if before is None:
        return []
    tried: list[Edit] = []
    farther: list[Edit] = []
    for edit in _all_edits(program.tree):
        if time.perf_counter() > end:
            return []
        tried.append(edit)
        said = _tried(program, ask, [edit])
        if said is None:
            return [edit]
        if said not in (before, BROKEN) and not (said.startswith(TENTHS) and said < before):
            farther.append(edit)
    for first, second in chain(product(farther[:PARTIAL], tried), combinations(tried[:COMMON], 2)):
        if time.perf_counter() > end:
            return []
        if not _overlap(first, second) and _tried(program, ask, [first, second]) is None:
            return [first, second]
    return []


def _overlap(first, second):
    """Whether one change stands inside what the other replaces."""
    return any(
        one.slot.parent is other.slot.parent and one.slot.field == other.slot.field and one.slot.at == other.slot.at
        or any(node is one.slot.parent for held in (other.old, other.new) for node in _walk(held))
        for one, other in ((first, second), (second, first))
    )


def _walk(held):
    for node in held if isinstance(held, list) else [held]:
        if node is not None:
            yield from ast.walk(node)


BROKEN = "broken"


def _all_edits(tree: ast.Module) -> Iterator[Edit]:
    """Yield all changes of one place, the likelier ones first."""
    names, places = scope(tree), [s for s in slots(tree) if not _is_frame(s)]
    for slot in places:
        yield from (Edit(slot, slot.get(), new, why) for new, why in likely(slot, names))
    texts = keys(tree)
    for slot in places:
        if isinstance(held := slot.get(), ast.Constant) and held.value in texts:
            others = sorted(texts - {held.value})
            yield from (Edit(slot, held, ast.Constant(t), f"{t!r} belongs there, not {held.value!r}") for t in others)
    for kind in (ast.Name, ast.AST):
        named = (s for s in places if isinstance(s.get(), kind) and (kind is ast.Name) == isinstance(s.get(), ast.Name))
        yield from (Edit(s, s.get(), new, why) for s in named for new, why in renamed(s, names))
        if kind is ast.Name:
            yield from lines(tree)
    for slot in repeated(tree):
        choices = chain(likely(slot, names), renamed(slot, names), scaled(slot, names))
        yield from (Edit(slot, slot.get(), new, why) for new, why in choices)
    shapes, grows = _shapes(tree), growing(tree)
    places = [s for s in places if id(s.parent) not in shapes and not grows & _names_in(s.get())]
    for slot in places:
        yield from (Edit(slot, slot.get(), new, why) for new, why in wrapped(slot))
    for slot in places:
        yield from (Edit(slot, slot.get(), new, why) for new, why in scaled(slot, names))


def _names_in(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _shapes(tree):
    """Return which tuples and calls say how large arrays are: with a factor more they might fill the memory."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found |= {id(a) for a in (*node.args, *(k.value for k in node.keywords)) if isinstance(a, ast.Tuple)}
    return found


def _is_frame(slot):
    """Whether a place belongs to what holds the program together, not to what it computes."""
    return isinstance(slot.parent, ast.Module | ast.ClassDef | ast.arguments | ast.FunctionDef) or isinstance(
        slot.get(), ast.stmt
    )


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
    olds = [_around(tree, edit) for edit in found]
    for edit in found:
        edit.apply()
    news = [_around(tree, edit) for edit in found]
    for edit in reversed(found):
        edit.undo()
    whys: dict[tuple[str, str], list[str]] = {}
    for old, new, edit in zip(olds, news, found, strict=True):
        whys.setdefault((old, new), []).append(edit.why)
    return " Also, ".join(
        f"{_quoted(old)} should be {_quoted(new)}: {', and '.join(dict.fromkeys(why))}."
        for (old, new), why in whys.items()
    )


def _quoted(text):
    return "`" + " ".join(text.split()) + "`" if text else "nothing"


def _around(tree, edit):
    """Return the text of the change, with as much round it as is short."""
    held = edit.slot.get()
    if isinstance(held, list):
        old, new = [ast.unparse(s) for s in edit.old], [ast.unparse(s) for s in edit.new]
        shown, other = (old, new) if held is edit.old else (new, old)
        return "; ".join(_header(s) for s in shown if s not in other) or "; ".join(map(_header, shown))
    text, parents = "", {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    node = edit.slot.parent
    text = _text(node)
    while not isinstance(node, ast.stmt) and len(_text(above := parents[id(node)])) <= 60:
        node = above
        text = _text(above)
    return text


def _text(node):
    """Return a node as text; of a loop or condition its first line, of more than that nothing short."""
    if isinstance(node, ast.For | ast.If):
        return _header(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))))
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
        return " " * 1000
    return ast.unparse(node)


def _header(text):
    return text.split("\n")[0]
