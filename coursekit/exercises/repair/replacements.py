"""What stands in the place of another: a name, a function, a number, a key.

Each function takes a place and yields what else the program could have there: other names of the program,
functions that are mixed up with the one that is called, other numbers.
"""

import ast
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import (
    called,
    is_axis,
    is_idle_at,
    is_module,
    is_number,
    is_value,
    made,
    parsed,
    short,
)

GROUPS = (
    ("mean", "sum", "max", "min", "median", "prod", "std", "var"),
    ("max", "argmax", "maximum"),
    ("min", "argmin", "minimum"),
    ("argmax", "argmin"),
    ("sqrt", "square", "exp", "log", "abs", "cbrt", "log2", "log10", "exp2", "expm1", "log1p"),
    ("zeros", "ones", "empty"),
    ("zeros_like", "ones_like"),
    ("maximum", "minimum"),
    ("ceil", "floor", "round"),
    ("floor", "round", "int"),
    ("random", "standard_normal"),
)
BUILT_IN = {"sum": ("sum", "mean"), "max": ("max", "argmax"), "min": ("min", "argmin")}
LIKE = ("zeros_like", "empty_like", "ones_like")


def functions(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the functions that are mixed up with the one that a place calls."""
    node = slot.get()
    if isinstance(node, ast.Attribute):
        others = dict.fromkeys(other for group in GROUPS if node.attr in group for other in group)
        for other in others:
            if other != node.attr:
                why = f"{other} belongs there, not {node.attr}"
                yield ast.Attribute(node.value, other, node.ctx), why
        if others and slot.field != "func" and isinstance(node.ctx, ast.Load):
            yield ast.Call(node, [], []), "its brackets () are missing"
    elif isinstance(node, ast.Name) and slot.field == "func":
        for other in BUILT_IN.get(node.id, ()):
            yield parsed(f"np.{other}"), f"np.{other} belongs there, not Python's own {node.id}"
    elif called(node) in LIKE and node.args:
        floats = f"np.{called(node).removesuffix('_like')}((...).shape)"
        yield made(floats, node.args[0]), "an array made like one of whole numbers holds whole numbers"


def renamed(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the other names of the program in the place of one, of a number, and of an expression."""
    node = slot.get()
    if is_number(node) and not is_axis(slot):
        yield from _names_for(f"the number {node.value}", names)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and slot.field != "func":
        others = [name for name in names if name != node.id and not is_module(node)]
        yield from _names_for(node.id, others + [f"len({name})" for name in others[:4]])
    elif is_value(slot):
        yield from _names_for(short(node), names)


def _names_for(what, names):
    return ((parsed(name), f"{name} belongs there, not {what}") for name in names)


def rows_alone(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the names that may stand for a colon in x[:, labels]."""
    node = slot.get()
    if isinstance(node, ast.Slice) and isinstance(slot.parent, ast.Tuple) and ast.unparse(node) == ":":
        yield from ((parsed(n), f"all are taken where {n} alone is meant") for n in names)


def front_axes(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield x[:, :, i, j] in the place of x[..., i, j], whose places are those of the last axes."""
    node = slot.get()
    if isinstance(node, ast.Tuple) and isinstance(slot.parent, ast.Subscript):
        first, *rest = node.elts
        if isinstance(first, ast.Constant) and first.value is Ellipsis:
            colons = [ast.Slice() for _ in rest]
            yield ast.Tuple([*colons, *rest], ast.Load()), "... leaves the last axes for what follows it"


def numbers(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield other numbers in the place of one."""
    node = slot.get()
    if is_number(node) and not is_axis(slot):
        for other in map(ast.Constant, (0, 1, 2, 0.5, 3, -1, -node.value)):
            if other.value != node.value and not is_idle_at(slot, other):
                yield other, "another number belongs there"
