"""Changes of whole lines: left out, moved out of a loop, exchanged, added to or written over."""

import ast
import copy
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Edit, Slot


def lines(tree: ast.AST) -> Iterator[Edit]:
    """Yield the changes of lines of every block."""
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list) and not isinstance(node, ast.Module | ast.ClassDef):
                for edit in _of_block(node, field, block):
                    for line in edit.new:
                        ast.fix_missing_locations(line)
                    yield edit


def _of_block(node, field, block):
    slot = Slot(node, field)
    for i, line in enumerate(block):
        if isinstance(line, ast.For | ast.If) and len(line.body) > 1:
            last = line.body[-1]
            kept = _like(line, line.body[:-1])
            moved = [*block[:i], kept, last, *block[i + 1 :]]
            what = "returns" if isinstance(last, ast.Return) else "is done"
            where = "in the loop" if isinstance(line, ast.For) else "under the condition"
            yield Edit(slot, block, moved, f"it {what} {where} and belongs behind it, with less indent")
        if isinstance(line, ast.For) and i and isinstance(block[i - 1], ast.Assign):
            inside = _like(line, [block[i - 1], *line.body])
            yield Edit(
                slot,
                block,
                [*block[: i - 1], inside, *block[i + 1 :]],
                "it is done once, before the loop, and belongs into it, at every turn",
            )
        if isinstance(line, ast.For) and isinstance(line.body[0], ast.Assign) and len(line.body) > 1:
            outside = [line.body[0], _like(line, line.body[1:])]
            yield Edit(
                slot,
                block,
                [*block[:i], *outside, *block[i + 1 :]],
                "it is done anew at every turn, and belongs before the loop",
            )
        if isinstance(line, ast.For):
            yield from _hoisted(slot, block, i, line)
        if i + 1 < len(block):
            after = block[i + 1]
            yield Edit(
                slot,
                block,
                [*block[:i], after, line, *block[i + 2 :]],
                "the two lines stand in the wrong order",
            )
        yield from _of_line(slot, block, i, line)


def _hoisted(slot, block, i, loop):
    """Yield the loop with one call of it computed before, for all turns."""
    turned = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
    for call in (n for line in loop.body for n in ast.walk(line) if isinstance(n, ast.Call)):
        if turned.isdisjoint(n.id for n in ast.walk(call) if isinstance(n, ast.Name)):
            text = ast.unparse(call)

            class Put(ast.NodeTransformer):
                def visit_Call(self, node: ast.Call) -> ast.AST:
                    if ast.unparse(node) == text:  # noqa: B023
                        return ast.Name("once", ast.Load())
                    return self.generic_visit(node)

            first = ast.Assign([ast.Name("once", ast.Store())], call)
            inside = Put().visit(copy.deepcopy(loop))
            yield Edit(
                slot,
                block,
                [*block[:i], first, inside, *block[i + 1 :]],
                f"{text} changes while the loop runs: compute it once, before",
            )


def _of_line(slot, block, i, line):
    def instead(new, why):
        return Edit(slot, block, [*block[:i], *([new] if new is not None else []), *block[i + 1 :]], why)

    if len(block) > 1 and not isinstance(line, ast.Return):
        yield instead(None, "this line does not belong there")
    if isinstance(line, ast.Assign | ast.AugAssign) and not isinstance(line.value, ast.Constant):
        for number in (1, 0):
            new = copy.copy(line)
            new.value = ast.Constant(number)
            yield instead(new, f"{number} belongs there")
    if (
        isinstance(line, ast.Assign)
        and isinstance(line.targets[0], ast.Name)
        and isinstance(slot.parent, ast.For)
    ):
        for at in (n for n in ast.walk(slot.parent.target) if isinstance(n, ast.Name)):
            whole = ast.Name(line.targets[0].id, ast.Load())
            entry = ast.Subscript(whole, ast.Name(at.id, ast.Load()), ast.Store())
            yield instead(
                ast.Assign([entry], line.value),
                f"all is written over at every turn: it belongs into entry {at.id}",
            )
    if isinstance(line, ast.AugAssign):
        target = ast.parse(ast.unparse(line.target), mode="eval").body
        yield instead(
            ast.Assign([line.target], line.value), "it is added to what was there: it should take its place"
        )
        made = ast.BinOp(target, line.op, line.value)
        yield instead(ast.Assign([line.target], made), "it changes the array in place: make a new one")
    if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name | ast.Subscript):
        for op, word in ((ast.Add(), "added to"), (ast.Sub(), "subtracted from")):
            new = ast.AugAssign(line.targets[0], op, line.value)
            yield instead(new, f"it takes the place of what was there: it should be {word} it")


def _like(line, body):
    """Return the same loop or condition round other lines."""
    if isinstance(line, ast.For):
        return ast.For(line.target, line.iter, body, line.orelse)
    return ast.If(line.test, body, line.orelse)
