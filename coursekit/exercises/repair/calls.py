"""What a call is asked for: over which axis, with which axes kept, from where to where and in which steps.

Each function takes a place that calls a sum or the like, or a range, and yields it with other arguments.
"""

import ast
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import (
    REDUCES,
    called,
    inside_of,
    is_axis,
    is_method,
    like,
    made,
    parsed,
    taken_of,
)

AXES = ("0", "1", "-1", "None", "(0, 2, 3)", "(2, 3)", "(1, 2, 3)", "(2, 3, 4)", "(3, 5)")


def calls(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield a call with another argument, and another axis."""
    node = slot.get()
    if is_axis(slot):
        written = ast.unparse(node)
        yield from ((parsed(axis), "another axis is meant") for axis in AXES if axis != written)
    if called(node) in REDUCES:
        yield from _over_axes(node)
    if called(node) in ("std", "var") and not any(k.arg == "ddof" for k in node.keywords):
        few = ast.keyword("ddof", ast.Constant(1))
        yield like(node, keywords=[*node.keywords, few]), "of a few it divides by n − 1"
    if called(node) in ("mean", "sum") and (inside := inside_of(node)) is not None:
        yield taken_of(node, made("... ** 2", inside)), "a square is missing"
    if called(node) == "range" and len(node.args) == 1:
        end = node.args[0]
        for text in ("range(1, ...)", "range(... - 1)", "range(... + 1)"):
            yield made(text, end), "it is off by 1"


def steps(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield a range that takes steps."""
    node = slot.get()
    if called(node) == "range" and len(node.args) < 3:
        first, last = (parsed("0"), *node.args) if len(node.args) == 1 else node.args
        for name in names:
            yield made(f"range(..., ..., {name})", first, last), f"it should go in steps of {name}"


def _over_axes(node):
    """Yield a sum or the like over one axis, and with the axis kept."""
    has = {k.arg for k in node.keywords}
    keep = ast.keyword("keepdims", ast.Constant(True))
    over = "axis" in has or len(node.args) > (0 if is_method(node) else 1)
    if over and "keepdims" not in has:
        yield like(node, keywords=[*node.keywords, keep]), "keepdims=True is missing"
    if not over:
        for axis in AXES[:6]:
            along = [*node.keywords, ast.keyword("axis", parsed(axis))]
            for keywords in (along, [*along, keep]):
                yield like(node, keywords=keywords), f"it runs over all axes, not over axis {axis}"
