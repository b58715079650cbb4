"""Pieces of a program: small questions about them, and new ones made from text.

A piece is a node of Python's syntax tree (`ast`), and a place of one is a `Slot`. Whoever proposes changes
asks here what a piece is, and writes the new one as text in which dots stand for old pieces.
"""

import ast
from typing import Any

from coursekit.exercises.repair.edits import Slot

REDUCES = {"mean", "sum", "max", "min", "median", "prod", "std", "var", "argmax", "argmin", "norm"}
COUNTS = ("len", "range", "argmax", "argmin")  # into which no sum can be drawn


def parsed(text: str) -> ast.expr:
    """Return the expression that a text stands for."""
    return ast.parse(text, mode="eval").body


def made(text: str, *pieces: ast.expr) -> Any:
    """Return the expression of a text in which dots stand for pieces, in turn: made("1 - ...", node)."""
    left = iter(pieces)

    class Put(ast.NodeTransformer):
        def visit_Constant(self, constant: ast.Constant) -> ast.expr:
            return next(left) if constant.value is ... else constant

    return Put().visit(parsed(text))


def like(node: Any, **fields: Any) -> Any:
    """Return a node of the same kind, with some of its fields replaced."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def names_in(node: ast.AST) -> set[str]:
    """Return the names that occur in a piece."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def called(node: ast.AST) -> str:
    """Return the name of the function that is called, sum for np.sum(x) and for x.sum(), or nothing."""
    func = getattr(node, "func", None)
    return getattr(func, "attr", getattr(func, "id", ""))


def is_module(node: ast.AST) -> bool:
    """Whether a piece is np, np.linalg and the like, or a generator: nothing to compute with."""
    if isinstance(node, ast.Attribute):
        return node.attr in ("linalg", "random") and is_module(node.value)
    return isinstance(node, ast.Name) and node.id in ("np", "nn", "math", "rng")


def is_method(node: ast.AST) -> bool:
    """Whether a piece calls a method of an array, as x.sum() does and np.sum(x) does not."""
    func = node.func if isinstance(node, ast.Call) else None
    return isinstance(func, ast.Attribute) and not is_module(func.value)


def inside_of(node: Any) -> ast.expr | None:
    """Return what a call, an entry, a transposition or a minus is taken of; None of anything else."""
    if is_method(node):
        return node.func.value
    if isinstance(node, ast.Call):
        return node.args[0] if node.args and called(node) not in COUNTS else None
    if isinstance(node, ast.UnaryOp):
        return node.operand
    read = isinstance(getattr(node, "ctx", None), ast.Load)
    part = isinstance(node, ast.Subscript) or getattr(node, "attr", "") == "T"
    return node.value if read and part and not is_module(node.value) else None


def taken_of(node: Any, inside: ast.expr) -> Any:
    """Return the same call, entry, transposition or minus, taken of something else."""
    if is_method(node):
        return like(node, func=like(node.func, value=inside))
    if isinstance(node, ast.Call):
        return like(node, args=[inside, *node.args[1:]])
    return like(node, **{"operand" if isinstance(node, ast.UnaryOp) else "value": inside})


def is_number(node: object) -> bool:
    """Whether a piece is a number that is written out."""
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def is_idle(op: object, number: object) -> bool:
    """Whether a sign changes nothing with a number on its right: + 0, * 1, ** 1."""
    if not isinstance(op, ast.operator) or not isinstance(number, ast.Constant):
        return False
    return type(number.value) is int and number.value == (0 if isinstance(op, ast.Add | ast.Sub) else 1)


def is_idle_at(slot: Slot, number: ast.Constant) -> bool:
    """Whether a number would change nothing in a place."""
    return slot.field in ("right", "value") and is_idle(getattr(slot.parent, "op", None), number)


def is_axis(slot: Slot) -> bool:
    """Whether the axis of a sum or the like stands there."""
    parent = slot.parent
    if isinstance(parent, ast.keyword):
        return parent.arg == "axis"
    at = 0 if is_method(parent) else 1
    return called(parent) in REDUCES and slot.field == "args" and slot.at == at


def is_value(slot: Slot) -> bool:
    """Whether something is computed there: no function, module or index, and nothing that is written to."""
    node = slot.get()
    if not isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript | ast.Attribute):
        return False
    read = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    return read and slot.field not in ("func", "iter", "slice") and not is_module(node)


def short(node: ast.AST) -> str:
    """Return the text of a piece, or its beginning."""
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:60]} …"
