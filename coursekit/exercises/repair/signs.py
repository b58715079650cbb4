"""The nearest changes: another sign, or another number.

They are what a slip of the fingers makes, and are tried first. Each function takes a place and yields what
might stand there instead, with what is wrong if that is right.
"""

import ast
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import called, is_axis, is_idle, is_idle_at, is_number, parsed

ANOTHER = "another number belongs there"
TURNED = "the sign is turned round"
WORDS = {
    ast.Add: "added", ast.Sub: "subtracted", ast.Mult: "multiplied", ast.Div: "divided",
    ast.FloorDiv: "divided to whole numbers", ast.Pow: "raised to a power", ast.MatMult: "a matrix product",
}  # fmt: skip
# Never a power: in a loop one of whole numbers may have more digits than there is time for.
NEAR: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.MatMult),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
FAR: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Mult,),
    ast.Sub: (ast.Mult,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.Div: (ast.Sub,),
    ast.FloorDiv: (ast.Mult,),
}
COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def signs(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield what may stand in a place instead: one sign or number changed."""
    node = slot.get()
    for kind, choices in BY_KIND:
        if isinstance(node, kind):
            yield from choices(slot)
            break
    stands = isinstance(node, ast.Name | ast.Call | ast.Attribute | ast.Subscript)
    if stands and (slot.field == "test" or isinstance(slot.parent, ast.BoolOp)):
        yield ast.UnaryOp(ast.Not(), node), "the condition is the wrong way round"


def far_signs(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the signs that look or mean less alike: times for plus."""
    if isinstance(slot.get(), ast.operator):
        yield from _operators(slot, FAR)


def _operators(slot, instead=NEAR):
    written = type(slot.get())
    operand = getattr(slot.parent, "right", getattr(slot.parent, "value", None))
    for other in instead.get(written, ()):
        if not is_idle(other(), operand):
            yield other(), f"it is {WORDS[written]} where it should be {WORDS[other]}"


def _comparisons(slot):
    written = COMPARED.get(type(slot.get()))
    for other, sign in COMPARED.items():
        if written and sign != written:
            yield other(), f"{sign} belongs there, not {written}"


def _and_or(slot):
    if isinstance(slot.get(), ast.And):
        yield ast.Or(), "or belongs there, not and"
    else:
        yield ast.And(), "and belongs there, not or"


def _minus(slot):
    node = slot.get()
    yield node.operand, "it is turned into its opposite" if isinstance(node.op, ast.Not) else TURNED
    if isinstance(node.op, ast.USub) and is_number(node.operand) and isinstance(slot.parent, ast.Subscript):
        yield ast.Constant(0), "another entry is meant"


def _numbers(slot):
    node, parent = slot.get(), slot.parent
    value = node.value
    if is_axis(slot):
        return
    if isinstance(value, bool):
        if getattr(parent, "arg", "") != "keepdims":  # that is left out or added
            yield ast.Constant(not value), "the opposite is meant"
    elif isinstance(value, int):
        others = [value + 1, value - 1, *((-1,) if isinstance(parent, ast.Subscript) else ())]
        for other in others:
            new = ast.Constant(other)
            minus_0 = other == 0 and isinstance(parent, ast.UnaryOp)
            if not minus_0 and not is_idle_at(slot, new):
                yield new, _off(slot)
    if is_number(node) and value in (2, 0.5) and not isinstance(getattr(parent, "op", None), ast.Mod):
        yield ast.Constant(1 / value), ANOTHER
    if is_number(node) and 2.5 < value < 3:
        yield parsed("np.e"), "the base of the powers is e"


def _off(slot):
    """Say what it means that a number is one more or one less, by where it stands."""
    parent = slot.parent
    if isinstance(parent, ast.Subscript):
        shape = isinstance(parent.value, ast.Attribute) and parent.value.attr == "shape"
        return "the length of another axis is meant" if shape else "another entry is meant"
    summed = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
    if summed or isinstance(parent, ast.Slice | ast.Compare) or called(parent) == "range":
        return "it is off by 1"
    return ANOTHER


BY_KIND = (
    (ast.operator, _operators),
    (ast.cmpop, _comparisons),
    (ast.boolop, _and_or),
    (ast.UnaryOp, _minus),
    (ast.Constant, _numbers),
)
