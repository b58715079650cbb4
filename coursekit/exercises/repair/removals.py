"""What is too many: an operand, a call, an argument, an index, the border of a slice.

Each function takes a place and yields it with one piece left out. They are tried after signs and numbers.
"""

import ast
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import called, is_axis, is_method, like, made, short

TOO_MANY = {
    "ddof": "it divides by n − 1 where n belongs",
    "keepdims": "keepdims leaves an axis too many",
    "axis": "all numbers are meant, without an axis",
    "dtype": "the type of its numbers is wrong",
}


def removals(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield a place with one piece left out."""
    for kind, choices in BY_KIND:
        if isinstance(slot.get(), kind):
            yield from choices(slot.get())
    if isinstance(slot.get(), ast.Tuple) and is_axis(slot):
        yield from _axes(slot.get())


def _operands(node):
    left, right = node.left, node.right
    yield left, f"{short(right)} does not belong there"
    yield right, f"{short(left)} does not belong there"
    if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult | ast.Div):
        yield left.left, f"{short(left.right)} and {short(right)} do not belong there"


def _conditions(node):
    for i, one in enumerate(node.values):
        rest = node.values[:i] + node.values[i + 1 :]
        left = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        yield left, f"{short(one)} does not belong there"


def _calls(node):
    name = called(node)
    for keyword in node.keywords:
        rest = [k for k in node.keywords if k is not keyword]
        why = TOO_MANY.get(keyword.arg, f"{ast.unparse(keyword)} does not belong there")
        yield like(node, keywords=rest), why
    if len(node.args) == 1 and not node.keywords and name not in {"range", "len", "zeros"}:
        yield node.args[0], f"{name or 'the call'} is one too many"
    if is_method(node):
        yield node.func.value, f".{name} does not belong there"


def _transpositions(node):
    if node.attr == "T":
        yield node.value, "a transposition is one too many"


def _entries(node):
    if isinstance(node.ctx, ast.Load):
        yield node.value, "a part is taken where all of it belongs"
        yield made("(...).mean()", node.value), "one entry is taken where the mean belongs"
        yield made("(...).sum()", node.value), "one entry is taken where the sum belongs"


def _borders(node):
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step), "the slice begins too late"
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step), "the slice ends too early"
    if node.step is not None:
        yield ast.Slice(node.lower, node.upper, None), "the slice takes steps"


def _axes(node):
    for one in node.elts:
        rest = [other for other in node.elts if other is not one]
        yield like(node, elts=rest), f"{short(one)} is one too many"


BY_KIND = (
    (ast.BinOp, _operands),
    (ast.BoolOp, _conditions),
    (ast.Call, _calls),
    (ast.Attribute, _transpositions),
    (ast.Subscript, _entries),
    (ast.Slice, _borders),
)
