"""What stands in the wrong order: the sides of a sign, the items of a tuple, the arguments of a call.

Each function takes a place and yields it with two pieces exchanged. What stands the wrong way round in a
product of matrices may have to be transposed instead.
"""

import ast
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import like, made


def orders(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield a place with two pieces exchanged."""
    for kind, choices in BY_KIND:
        if isinstance(slot.get(), kind):
            yield from choices(slot)


def _sides(slot):
    node = slot.get()
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


def _tuples(slot):
    node = slot.get()
    for i in range(len(node.elts)):
        for j in range(i + 1, len(node.elts)):
            yield ast.Tuple(_exchanged(node.elts, i, j), node.ctx), "two of them stand in the wrong order"


def _arguments(slot):
    node = slot.get()
    for i in range(len(node.args)):
        for j in range(i + 1, len(node.args)):
            yield like(node, args=_exchanged(node.args, i, j)), "two arguments are exchanged"


def _exchanged(items, i, j):
    order = [*items]
    order[i], order[j] = order[j], order[i]
    return order


BY_KIND = ((ast.BinOp, _sides), (ast.Tuple, _tuples), (ast.Call, _arguments))
