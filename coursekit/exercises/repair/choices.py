"""What may stand in a place of a program instead, and what was wrong if that makes it right."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

from coursekit.exercises.repair.edits import Slot

AXES = ("0", "1", "-1", "None", "(0, 2, 3)", "(2, 3)", "(1, 2, 3)", "(2, 3, 4)", "(3, 5)")
GROUPS = (
    ("mean", "sum", "max", "min", "median", "prod", "std", "var"),
    ("argmax", "argmin"),
    ("sqrt", "square", "exp", "log", "abs", "cbrt", "log2", "log10", "exp2", "expm1", "log1p"),
    ("zeros", "ones", "empty"),
    ("zeros_like", "ones_like"),
    ("maximum", "minimum"),
    ("ceil", "floor", "round"),
    ("floor", "round", "int"),
    ("random", "standard_normal"),
)
REDUCES = {*GROUPS[0], *GROUPS[1], "norm"}
INSTEAD: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    # Never a power: in a loop one of whole numbers may have more digits than there is time for.
    ast.Mult: (ast.Div, ast.Add, ast.MatMult, ast.FloorDiv),
    ast.Div: (ast.Mult, ast.FloorDiv, ast.Sub),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
SIGN = "the sign is turned round"
Choice = tuple[Any, str]


def parsed(text: str) -> ast.expr:
    """Return the expression that a text stands for."""
    return ast.parse(text, mode="eval").body


def likely(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield what may stand in a place instead: one sign, number, axis or bracket changed."""
    node = slot.get()
    for kind, choices in BY_KIND:
        if isinstance(node, kind):
            yield from choices(slot, names)
            break
    if slot.field == "test" and isinstance(slot.parent, ast.If | ast.IfExp):
        yield ast.UnaryOp(ast.Not(), node), "the condition is the wrong way round"


def _compares(slot, names):
    for other in COMPARES:
        if not isinstance(slot.get(), other):
            yield other(), "the comparison is another one"


def _signs(slot, names):
    node = slot.get()
    yield node.operand, SIGN if isinstance(node.op, ast.USub) else "it is turned into its opposite"


def _parts(slot, names):
    node = slot.get()
    if isinstance(node.ctx, ast.Load):
        yield node.value, "a part is taken where all of it belongs"
        yield parsed_with("(it).mean()", node.value), "one entry is taken where the mean belongs"
        yield parsed_with("(it).sum()", node.value), "one entry is taken where the sum belongs"


def _operators(slot, names):
    node = slot.get()
    words = {
        ast.Add: "added", ast.Sub: "subtracted", ast.Mult: "multiplied", ast.Div: "divided",
        ast.FloorDiv: "divided to whole numbers", ast.Pow: "raised to a power",
        ast.MatMult: "a matrix product",
    }  # fmt: skip
    for other in INSTEAD.get(type(node), ()):
        yield other(), f"it is {words[type(node)]} where it should be {words[other]}"


def _constants(slot, names):
    node, parent = slot.get(), slot.parent
    value = node.value
    if _is_axis(slot):
        yield from ((parsed(axis), "another axis is meant") for axis in AXES if ast.unparse(node) != axis)
        return
    if isinstance(value, bool):
        yield ast.Constant(not value), "the opposite is meant"
    elif isinstance(value, int | float):
        if isinstance(value, int):
            yield from ((ast.Constant(value + d), f"it is off by {abs(d)}") for d in (1, -1))
        if value in (2, 0.5):
            yield ast.Constant(1 / value), "another number belongs there"
        if 2.5 < value < 3:
            yield parsed("np.e"), "the base of the powers is e"
    if isinstance(parent, ast.Slice):
        yield None, "the slice has a border too many"


def _is_axis(slot):
    parent = slot.parent
    if isinstance(parent, ast.keyword) and parent.arg == "axis":
        return True
    if not (isinstance(parent, ast.Call) and slot.field == "args"):
        return False
    called = getattr(parent.func, "attr", "")
    of_numpy = isinstance(getattr(parent.func, "value", None), ast.Name) and parent.func.value.id == "np"
    return called in REDUCES and slot.at == int(of_numpy)


def renamed(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the other names of the program in the place of one, and then in that of an expression."""
    node = slot.get()
    if slot.field in ("func", "slice", "iter") or not isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        return
    if isinstance(node, ast.Name):
        if node.id in names:
            yield from ((_load(n), f"{n} belongs there, not {node.id}") for n in names if n != node.id)
            yield from ((parsed(f"len({n})"), f"len({n}) belongs there, not {node.id}") for n in names[:4])
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, int | float) and not isinstance(node.value, bool) and not _is_axis(slot):
            yield from ((_load(n), f"{n} belongs there, not the number {node.value}") for n in names)
    elif isinstance(node, ast.BinOp | ast.Call | ast.Attribute | ast.Subscript):
        yield from ((_load(n), f"{n} belongs there, not {_short(node)}") for n in names)


def _load(name):
    return ast.Name(name, ast.Load())


def _of_two(slot, names):
    node = slot.get()
    left, op, right = node.left, node.op, node.right
    if not isinstance(op, ast.Add | ast.Mult):
        yield ast.BinOp(right, op, left), "the two sides are exchanged"
    yield left, f"{_short(right)} does not belong there"
    yield right, f"{_short(left)} does not belong there"
    if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult | ast.Div):
        yield left.left, f"{_short(left.right)} and {_short(right)} do not belong there"
    brackets = "the brackets stand in the wrong place"
    if isinstance(left, ast.BinOp):
        yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right)), brackets
        yield ast.BinOp(ast.BinOp(left.left, op, right), left.op, left.right), brackets
        if type(left.op) is not type(op):
            yield ast.BinOp(left.left, op, ast.BinOp(left.right, left.op, right)), "two signs are exchanged"
    if isinstance(right, ast.BinOp):
        yield ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right), brackets
        yield ast.BinOp(right.left, right.op, ast.BinOp(left, op, right.right)), brackets


def _calls(slot, names):
    node = slot.get()
    called, first = _called(node), node.args[0] if node.args else None
    for i, keyword in enumerate(node.keywords):
        rest = [k for k in node.keywords if k is not keyword]
        why = {
            "ddof": "it divides by n − 1 where n belongs", "keepdims": "keepdims leaves an axis too many",
            "axis": "all numbers are meant, without an axis", "dtype": "the type of its numbers is wrong",
        }.get(keyword.arg or "", f"{ast.unparse(keyword)} does not belong there")  # fmt: skip
        yield ast.Call(node.func, node.args, rest), why
        if called == "clip" and i:
            continue
    if called in REDUCES:
        yield from _reductions(node)
    if len(node.args) == 1 and not node.keywords and called not in {"range", "len", "zeros"}:
        yield first, f"{called or 'the call'} is one too many"
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        yield node.func.value, f".{called} does not belong there"
    for i in range(len(node.args) - 1):
        swapped = [*node.args]
        swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
        yield ast.Call(node.func, swapped, node.keywords), "two arguments are exchanged"
    if called in ("zeros_like", "empty_like", "ones_like") and first is not None:
        shape = ast.Attribute(first, "shape", ast.Load())
        like = ast.Attribute(node.func.value, called.partition("_")[0], ast.Load())
        yield ast.Call(like, [shape], []), "an array made like one of whole numbers holds whole numbers"


def _reductions(node):
    has = {k.arg for k in node.keywords}
    keep = ast.keyword("keepdims", ast.Constant(True))
    if "keepdims" not in has and "axis" in has:
        yield ast.Call(node.func, node.args, [*node.keywords, keep]), "keepdims=True is missing"
    if "axis" not in has:
        for axis in AXES[:6]:
            given = ast.keyword("axis", parsed(axis))
            yield (
                ast.Call(node.func, node.args, [*node.keywords, given]),
                f"it runs over all axes, not over axis {axis}",
            )
            both = [*node.keywords, given, keep]
            yield ast.Call(node.func, node.args, both), f"it runs over all axes, not over axis {axis}"


def _attributes(slot, names):
    node = slot.get()
    if node.attr == "T":
        yield node.value, "a transposition is one too many"
    for group in GROUPS:
        if node.attr in group:
            for other in group:
                if other != node.attr:
                    yield (
                        ast.Attribute(node.value, other, node.ctx),
                        f"{other} belongs there, not {node.attr}",
                    )


def _orders(slot, names):
    node = slot.get()
    for i in range(len(node.elts)):
        for j in range(i + 1, len(node.elts)):
            swapped = [*node.elts]
            swapped[i], swapped[j] = swapped[j], swapped[i]
            yield ast.Tuple(swapped, node.ctx), "two of them stand in the wrong order"
    if isinstance(slot.parent, ast.keyword) and len(node.elts) > 1:
        for i in range(len(node.elts)):
            rest = ast.Tuple(node.elts[:i] + node.elts[i + 1 :], node.ctx)
            yield rest, f"{_short(node.elts[i])} is one too many"
    if _is_axis(slot):
        yield from ((parsed(axis), "other axes are meant") for axis in AXES)


def _slices(slot, names):
    node = slot.get()
    if isinstance(slot.parent, ast.Tuple) and node.lower is node.upper is node.step is None:
        yield from ((ast.Name(n, ast.Load()), f"all are taken where {n} alone is meant") for n in names)
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step), "the slice begins too late"
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step), "the slice ends too early"
    if node.step is not None:
        yield ast.Slice(node.lower, node.upper, None), "the slice takes steps"


def numbers(slot: Slot) -> Iterator[Choice]:
    """Yield other numbers in the place of one."""
    value = slot.get().value if isinstance(slot.get(), ast.Constant) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and not _is_axis(slot):
        others = (0, 1, 2, 0.5, 3, -1, -value)
        yield from ((ast.Constant(o), "another number belongs there") for o in others if o != value)


def factors(slot: Slot) -> Iterator[Choice]:
    """Yield the expression of a place with a 2, a 1, a minus, a root, a square or a transposition more."""
    if not _may_change(slot):
        return
    node = slot.get()
    one, two = ast.Constant(1), ast.Constant(2)
    yield ast.BinOp(two, ast.Mult(), node), "it is not multiplied by 2"
    yield ast.BinOp(node, ast.Sub(), one), "1 is not subtracted"
    yield ast.BinOp(node, ast.Add(), one), "1 is not added"
    yield _np("sqrt", node), "a root is missing"
    yield ast.BinOp(node, ast.Pow(), two), "a square is missing"
    yield ast.UnaryOp(ast.USub(), node), SIGN
    yield ast.BinOp(one, ast.Sub(), node), "1 − it belongs there"
    yield ast.Attribute(node, "T", ast.Load()), "a transposition is missing"
    yield ast.BinOp(node, ast.Div(), two), "it is not divided by 2"


def _may_change(slot):
    node, parent = slot.get(), slot.parent
    if not isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript | ast.Attribute):
        return False
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or slot.field in (
        "func",
        "iter",
        "slice",
    ):
        return False
    module = isinstance(node, ast.Name) and node.id in ("np", "nn", "rng")
    return not (isinstance(parent, ast.Attribute) and module)


def wrapped(slot: Slot) -> Iterator[Choice]:
    """Yield the expression of a place with a function or a sum round it."""
    if not _may_change(slot):
        return
    node = slot.get()
    yield ast.BinOp(ast.Constant(1), ast.Div(), node), "it stands upside down"
    yield _np("exp", node), "np.exp is missing"
    yield _np("log", node), "np.log is missing"
    yield _np("abs", node), "the absolute value is missing"
    yield parsed_with("(it)[:, None]", node), "it has to be a column"
    yield parsed_with("(it).mean()", node), "the mean is missing"
    yield parsed_with("(it).mean(axis=0)", node), "the mean over axis 0 is missing"
    yield parsed_with("(it).sum(axis=0)", node), "the sum over axis 0 is missing"
    yield parsed_with("(it).sum()", node), "the sum is missing"
    yield parsed_with("np.maximum(it, 0)", node), "negative ones are not set to 0"
    yield parsed_with("np.array(it)", node), "a copy is missing"
    yield parsed_with("(it).reshape(-1, 1)", node), "it has to be a column"
    yield parsed_with("len(it)", node), "the number of entries belongs there"


def scaled(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the expression of a place with a factor, divisor or term more."""
    node = slot.get()
    if not isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript | ast.Attribute | ast.UnaryOp):
        return
    if slot.field in ("func", "slice", "iter", "targets", "target") or isinstance(
        slot.parent, ast.Attribute
    ):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    lengths = [f"len({name})" for name in names[:5]] + [f"{name}.shape[1]" for name in names[:5]]
    for text in (*names, *lengths, *(f"({name} > 0)" for name in names)):
        other = parsed(text)
        yield ast.BinOp(node, ast.Div(), other), f"it is not divided by {text}"
        yield ast.BinOp(node, ast.Mult(), other), f"it is not multiplied by {text}"
        if not text.startswith("len"):
            yield ast.BinOp(node, ast.Add(), other), f"{text} is not added"
            yield ast.BinOp(node, ast.Sub(), other), f"{text} is not subtracted"


def parsed_with(text: str, node: ast.expr) -> ast.expr:
    """Return the expression of a text in which `it` stands for a node."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            return node if name.id == "it" else name

    return Put().visit(parsed(text))


def _np(name, node):
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), [node], [])


def _called(node):
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _is_module(node):
    return (isinstance(node, ast.Name) and node.id in ("np", "nn", "math", "rng")) or (
        isinstance(node, ast.Attribute) and _is_module(node.value)
    )


def _short(node):
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:60]} …"


BY_KIND: tuple[tuple[type, Callable[[Slot, list[str]], Iterator[Choice]]], ...] = (
    (ast.operator, _operators),
    (ast.cmpop, _compares),
    (ast.Constant, _constants),
    (ast.BinOp, _of_two),
    (ast.Call, _calls),
    (ast.Attribute, _attributes),
    (ast.Tuple, _orders),
    (ast.UnaryOp, _signs),
    (ast.Subscript, _parts),
    (ast.Slice, _slices),
)
