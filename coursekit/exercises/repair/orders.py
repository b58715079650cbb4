"""What stands in the wrong order: the sides of a sign, the items of a tuple, the arguments of a call.

Each function takes a place and yields it with two pieces exchanged. What stands the wrong way round in a
product of matrices may have to be transposed instead.
"""

import ast
from collections.abc import Iterator
from itertools import combinations

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import like, made


def orders(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield a place with two pieces exchanged."""
    if isinstance(slot.get(), ast.BinOp):
        yield from _sides(slot.get())
    if isinstance(slot.get(), ast.Tuple | ast.Call):
        yield from _items(slot.get())


def _sides(node):
    left, op, right = node.left, node.op, node.right
    if isinstance(op, ast.MatMult):
        yield from _turned(node)
    if not isinstance(op, ast.Add | ast.Mult):
        yield ast.BinOp(right, op, left), "the two sides are exchanged"
    if isinstance(left, ast.BinOp) and type(left.op) is not type(op):
        yield ast.BinOp(left.left, op, ast.BinOp(left.right, left.op, right)), "two signs are exchanged"


def _turned(product):
    for side in ("left", "right"):
        factor = getattr(product, side)
        if isinstance(factor, ast.Attribute) and factor.attr == "T":
            yield like(product, **{side: factor.value}), "a transposition is one too many"
        else:
            yield like(product, **{side: made("(...).T", factor)}), "a transposition is missing"


def _items(node):
    field, why = EXCHANGED[type(node)]
    items = getattr(node, field)
    for i, j in combinations(range(len(items)), 2):
        order = [*items]
        order[i], order[j] = order[j], order[i]
        yield like(node, **{field: order}), why


EXCHANGED = {
    ast.Tuple: ("elts", "two of them stand in the wrong order"),
    ast.Call: ("args", "two arguments are exchanged"),
}
