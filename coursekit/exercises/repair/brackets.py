"""Moves of brackets: which sign is worked first, and what a call, an entry or a minus is taken of.

np.sum(d) ** 2 becomes np.sum(d ** 2), and that the other; so with d.sum(), d.T, d[0] and -d. Beside it
a - b / c becomes (a - b) / c, a / np.sqrt(b + c) becomes a / np.sqrt(b) + c, and np.sqrt(np.mean(d))
becomes np.mean(np.sqrt(d)).
"""

import ast
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import called, inside_of, taken_of

BRACKETS = "the brackets stand in the wrong place"


def brackets(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield a place with a bracket moved."""
    node = slot.get()
    if isinstance(node, ast.BinOp):
        yield from (
            (new, BRACKETS)
            for new in (*_regrouped(node), *_drawn_in(node), *_led_out(node), *_raised(node))
        )
    elif (inside := inside_of(node)) is not None:
        yield from ((new, BRACKETS) for new in _let_out(node, inside))
        inmost = inside_of(inside) if isinstance(inside, ast.Call) else None
        if isinstance(node, ast.Call) and inmost is not None:
            why = f"{called(node)} and {called(inside)} stand in the wrong order"
            yield taken_of(inside, taken_of(node, inmost)), why


def _regrouped(node):
    """Yield (a + b) * c as a + (b * c) and as (a * c) + b, and the same from the right."""
    left, op, right = node.left, node.op, node.right
    if isinstance(left, ast.BinOp):
        yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        yield ast.BinOp(ast.BinOp(left.left, op, right), left.op, left.right)
    if isinstance(right, ast.BinOp):
        yield ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
        if isinstance(right.left, ast.BinOp):
            yield _to_the_front(left, op, right)
        yield ast.BinOp(right.left, right.op, ast.BinOp(left, op, right.right))


def _to_the_front(left, op, chain):
    """Return a - b @ c / d as (a - b) @ c / d."""
    if not isinstance(chain, ast.BinOp):
        return ast.BinOp(left, op, chain)
    return ast.BinOp(_to_the_front(left, op, chain.left), chain.op, chain.right)


def _drawn_in(node):
    """Yield sum(a) ** 2 as sum(a ** 2), and x[i] + 1 as x[i + 1]."""
    left, op, right = node.left, node.op, node.right
    if (inside := inside_of(left)) is not None:
        yield taken_of(left, ast.BinOp(inside, op, right))
    if (inside := inside_of(right)) is not None:
        yield taken_of(right, ast.BinOp(left, op, inside))
    if isinstance(left, ast.Subscript) and not isinstance(left.slice, ast.Slice | ast.Tuple):
        yield ast.Subscript(left.value, ast.BinOp(left.slice, op, right), ast.Load())


def _raised(node):
    """Yield a * b ** n / m as a * b ** (n / m)."""
    power = node.left.right if isinstance(node.left, ast.BinOp) else None
    if isinstance(node.op, ast.Div) and isinstance(power, ast.BinOp) and isinstance(power.op, ast.Pow):
        whole = ast.BinOp(power.left, power.op, ast.BinOp(power.right, node.op, node.right))
        yield ast.BinOp(node.left.left, node.left.op, whole)


def _led_out(node):
    """Yield a / sqrt(b + c) as a / sqrt(b) + c."""
    inside = inside_of(node.right)
    if isinstance(node.op, ast.Mult | ast.Div) and isinstance(inside, ast.BinOp):
        yield ast.BinOp(
            ast.BinOp(node.left, node.op, taken_of(node.right, inside.left)), inside.op, inside.right
        )


def _let_out(node, inside):
    """Yield sum(a ** 2) as sum(a) ** 2, and x[i + 1] as x[i] + 1."""
    if isinstance(inside, ast.BinOp):
        yield ast.BinOp(taken_of(node, inside.left), inside.op, inside.right)
        yield ast.BinOp(inside.left, inside.op, taken_of(node, inside.right))
    if isinstance(node, ast.Subscript) and isinstance(index := node.slice, ast.BinOp):
        yield ast.BinOp(ast.Subscript(node.value, index.left, node.ctx), index.op, index.right)
