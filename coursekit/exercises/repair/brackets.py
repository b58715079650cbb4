"""Moves of brackets: which sign is worked first, and what a call, an entry or a minus is taken of.

np.sum(d) ** 2 becomes np.sum(d ** 2), and that the other; so with d.sum(), d.T, d[0] and -d. Beside it
a - b / c becomes (a - b) / c, and np.sqrt(np.mean(d)) becomes np.mean(np.sqrt(d)).
"""

import ast
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import called, is_method, is_module, like

# What is added before these plays no part in them, or they count.
NOT_INTO = ("len", "range", "argmax", "argmin")
BRACKETS = "the brackets stand in the wrong place"


def brackets(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield a place with a bracket moved."""
    node = slot.get()
    if isinstance(node, ast.BinOp):
        yield from ((new, BRACKETS) for new in (*_regrouped(node), *_drawn_in(node)))
    elif (inside := _inside(node)) is not None:
        yield from ((new, BRACKETS) for new in _let_out(node, inside))
        inmost = _inside(inside) if isinstance(inside, ast.Call) else None
        if isinstance(node, ast.Call) and inmost is not None:
            why = f"{called(node)} and {called(inside)} stand in the wrong order"
            yield _round(inside, _round(node, inmost)), why


def _regrouped(node):
    """Yield (a + b) * c as a + (b * c) and as (a * c) + b, and the same from the right."""
    left, op, right = node.left, node.op, node.right
    if isinstance(left, ast.BinOp):
        yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        yield ast.BinOp(ast.BinOp(left.left, op, right), left.op, left.right)
    if isinstance(right, ast.BinOp):
        yield ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
        yield ast.BinOp(right.left, right.op, ast.BinOp(left, op, right.right))


def _drawn_in(node):
    """Yield sum(a) ** 2 as sum(a ** 2), and x[i] + 1 as x[i + 1]."""
    left, op, right = node.left, node.op, node.right
    if (inside := _inside(left)) is not None:
        yield _round(left, ast.BinOp(inside, op, right))
    if (inside := _inside(right)) is not None:
        yield _round(right, ast.BinOp(left, op, inside))
    if isinstance(left, ast.Subscript) and not isinstance(left.slice, ast.Slice | ast.Tuple):
        yield ast.Subscript(left.value, ast.BinOp(left.slice, op, right), ast.Load())


def _let_out(node, inside):
    """Yield sum(a ** 2) as sum(a) ** 2, and x[i + 1] as x[i] + 1."""
    if isinstance(inside, ast.BinOp):
        yield ast.BinOp(_round(node, inside.left), inside.op, inside.right)
        yield ast.BinOp(inside.left, inside.op, _round(node, inside.right))
    if isinstance(node, ast.Subscript) and isinstance(index := node.slice, ast.BinOp):
        yield ast.BinOp(ast.Subscript(node.value, index.left, node.ctx), index.op, index.right)


def _inside(node):
    """Return what a call, an entry, a transposition or a minus is taken of; None of anything else."""
    if is_method(node):
        return node.func.value
    if isinstance(node, ast.Call):
        return node.args[0] if node.args and called(node) not in NOT_INTO else None
    if isinstance(node, ast.Attribute) and node.attr != "T":
        return None
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Load):
        return None if is_module(node.value) else node.value
    return node.operand if isinstance(node, ast.UnaryOp) else None


def _round(node, inside):
    """Return the same call, entry, transposition or minus, taken of something else."""
    if is_method(node):
        return like(node, func=like(node.func, value=inside))
    if isinstance(node, ast.Call):
        return like(node, args=[inside, *node.args[1:]])
    return like(node, **{"operand" if isinstance(node, ast.UnaryOp) else "value": inside})
