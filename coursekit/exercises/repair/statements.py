"""Changes of whole lines: too many, in the wrong order, with a wrong indent, or written over.

A line that moves is told by a sentence of its own, which says which line goes before, behind or into which.
A line that becomes another is quoted before and after, as any change is.
"""

import ast
import copy
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Edit, Slot
from coursekit.exercises.repair.nodes import called, like, made, names_in, parsed
from coursekit.exercises.repair.quoting import quoted
from coursekit.exercises.repair.scope import GROWS

INTO = ((ast.Add(), "added to"), (ast.Sub(), "subtracted from"), (ast.Mult(), "multiplied with"))
FAR = 3  # over how many lines one is moved
Lines = list[ast.stmt]


def lines(tree: ast.AST) -> Iterator[Edit]:
    """Yield every line exchanged, moved or written otherwise."""
    for block in _blocks(tree):
        for i in range(len(block.get())):
            yield from _moved(block, i)
            yield from _replaced(block, i)
    for block in _blocks(tree):
        yield from _carried(block)


def _blocks(tree):
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            held = getattr(node, field, None)
            if isinstance(held, list) and not isinstance(node, ast.Module | ast.ClassDef):
                yield Slot(node, field)


def _edit(block: Slot, old: slice, new: Lines, why: str) -> Edit:
    """Return the change that puts some lines of a block in the place of others."""
    held = block.get()
    changed = [*held[: old.start], *new, *held[old.stop :]]
    for line in new:
        ast.fix_missing_locations(line)
    return Edit(block, held, changed, why, moves=True)


def left_out(tree: ast.AST) -> Iterator[Edit]:
    """Yield every line left out."""
    for block in _blocks(tree):
        for i, line in enumerate(held := block.get()):
            if len(held) > 1 and not isinstance(line, ast.Return):
                yield _edit(block, slice(i, i + 1), [], f"{quoted(line)} is a line too many")


def _moved(block, i):
    """Yield a line exchanged with the next, or with another indent."""
    held = block.get()
    line, after = held[i], held[i + 1] if i + 1 < len(held) else None
    if isinstance(line, ast.For | ast.If):
        for shorter, last in _without_last(line):
            why = f"{quoted(last)} stands in {quoted(line)}: it belongs behind it, with less indent"
            yield _edit(block, slice(i, i + 1), [shorter, last], why)
        if after is not None:
            for field in ("body", "orelse") if line.orelse else ("body",):
                longer = like(line, **{field: [*getattr(line, field), after]})
                why = f"{quoted(after)} stands behind {quoted(line)}: it belongs into it, with more indent"
                yield _edit(block, slice(i, i + 2), [longer], why)
    if isinstance(line, ast.For):
        yield from _before_or_in(block, i)
        yield from _computed_before(block, i)
    if after is not None:
        why = f"{quoted(after)} belongs before {quoted(line)}: the two lines stand in the wrong order"
        yield _edit(block, slice(i, i + 2), [after, line], why)


def _without_last(line):
    """Yield a loop or condition without its last line, and that; so too with the last of the last."""
    for field in ("body", "orelse"):
        *rest, last = getattr(line, field) or [None]
        if rest:
            yield like(line, **{field: rest}), last
        if isinstance(last, ast.For | ast.If):
            for shorter, inmost in _without_last(last):
                yield like(line, **{field: [*rest, shorter]}), inmost


def _before_or_in(block, i):
    """Yield the line before a loop inside it, and a line of the loop before it."""
    held = block.get()
    loop = held[i]
    if i and isinstance(held[i - 1], ast.Assign):
        before = held[i - 1]
        why = f"{quoted(before)} is done once, before {quoted(loop)}: it belongs into it, as its first line"
        yield _edit(block, slice(i - 1, i + 1), [like(loop, body=[before, *loop.body])], why)
    for rest, line in _taken_out(loop):
        why = f"{quoted(line)} is done anew at every turn of {quoted(loop)}: it belongs behind the loop"
        yield _edit(block, slice(i, i + 1), [rest, line], why)
    for j, line in enumerate(loop.body):
        if isinstance(line, ast.Assign) and len(loop.body) > 1:
            rest = loop.body[:j] + loop.body[j + 1 :]
            if _feeds(rest, line):
                continue
            why = f"{quoted(line)} is done anew at every turn of {quoted(loop)}: it belongs before the loop"
            yield _edit(block, slice(i, i + 1), [line, like(loop, body=rest)], why)


def _feeds(lines, line):
    """Whether a line uses what the others change in place: before a sum grows it has no sense."""
    grown = {n.target for one in lines for n in ast.walk(one) if isinstance(n, ast.AugAssign)}
    return bool(set().union(*map(names_in, grown)) & names_in(line.value))


def _taken_out(loop):
    """Yield a loop without a line that uses what its others add up, and that line; inner loops too."""
    for j, line in enumerate(loop.body):
        rest = loop.body[:j] + loop.body[j + 1 :]
        if isinstance(line, ast.Assign) and rest and _feeds(rest, line):
            yield like(loop, body=rest), line
        elif isinstance(line, ast.For):
            for shorter, out in _taken_out(line):
                yield like(loop, body=[*loop.body[:j], shorter, *loop.body[j + 1 :]]), out


def _computed_before(block, i):
    """Yield the loop with one call of it computed before, for all turns."""
    loop = block.get()[i]
    turned = names_in(loop.target)
    calls = [n for line in loop.body for n in ast.walk(line) if isinstance(n, ast.Call)]
    for text in {ast.unparse(call): None for call in calls if turned.isdisjoint(names_in(call))}:

        class Put(ast.NodeTransformer):
            def visit_Call(self, node: ast.Call) -> ast.AST:
                same = ast.unparse(node) == text  # noqa: B023 (visited before the next text comes)
                return parsed("once") if same else self.generic_visit(node)

        once = ast.Assign([ast.Name("once", ast.Store())], parsed(text))
        why = f"`{text}` changes while the loop runs: compute it once, before {quoted(loop)}"
        yield _edit(block, slice(i, i + 1), [once, Put().visit(copy.deepcopy(loop))], why)


def _carried(block):
    """Yield a line moved up over more than one other, or down."""
    held = block.get()
    for i in range(len(held)):
        for j in range(i + 2, min(len(held), i + FAR + 1)):
            first, *between, last = held[i : j + 1]
            if not isinstance(last, ast.Return):
                up = f"{quoted(last)} belongs before {quoted(first)}: it comes too late"
                yield _edit(block, slice(i, j + 1), [last, first, *between], up)
                down = f"{quoted(first)} belongs behind {quoted(last)}: it comes too early"
                yield _edit(block, slice(i, j + 1), [*between, last, first], down)


def _replaced(block, i):
    """Yield a line that becomes another."""
    line = block.get()[i]
    for kind, others in BY_KIND:
        if isinstance(line, kind):
            for new, why in others(line, block.parent):
                ast.fix_missing_locations(new)
                yield Edit(Slot(block.parent, block.field, i), line, new, why)


def _assigned(line, around):
    target, value = line.targets[0], line.value
    text = ast.unparse(value)
    if text[0] in "+-":  # w =- rate * g
        op = ast.Add() if text[0] == "+" else ast.Sub()
        yield ast.AugAssign(target, op, parsed(text[1:])), "its two signs stand in the wrong order"
    if isinstance(target, ast.Name | ast.Subscript):
        for op, word in INTO:
            why = f"it takes the place of what was there: it should be {word} it"
            yield ast.AugAssign(target, op, value), why
    if isinstance(value, ast.Name):
        yield like(line, value=made("(...).copy()", value)), "it is the same array still, and no copy"
    if isinstance(target, ast.Name) and isinstance(around, ast.For):
        for turn in (n.id for n in ast.walk(around.target) if isinstance(n, ast.Name)):
            entry = ast.Subscript(ast.Name(target.id, ast.Load()), parsed(turn), ast.Store())
            why = f"all is written over at every turn: it belongs into entry {turn}"
            yield like(line, targets=[entry]), why


def _starts(line, around):
    if not isinstance(line.value, ast.Constant):
        for number in ("1", "0"):
            yield like(line, value=parsed(number)), f"{number} belongs there"


def _augmented(line, around):
    yield ast.Assign([line.target], line.value), "it is added to what was there: it should take its place"
    new = ast.BinOp(parsed(ast.unparse(line.target)), line.op, line.value)
    yield ast.Assign([line.target], new), "it changes the array in place: make a new one"


def _of_no_effect(line, around):
    """Yield dz /= n for dz / n, and v = np.sqrt(v) for np.sqrt(v)."""
    value = line.value
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name | ast.Subscript):
        target = like(value.left, ctx=ast.Store())
        yield ast.AugAssign(target, value.op, value.right), "it is computed, and not kept"
    elif isinstance(value, ast.Call) and called(value) not in GROWS:
        for name in sorted(names_in(value) - {"np"}):
            yield ast.Assign([ast.Name(name, ast.Store())], value), "it is computed, and not kept"


BY_KIND = (
    (ast.Assign, _assigned),
    (ast.AugAssign, _augmented),
    (ast.Assign | ast.AugAssign, _starts),
    (ast.Expr, _of_no_effect),
)
