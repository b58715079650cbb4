"""A program that can be changed: its tree, and how to make the function of it again.

Whatever is made of it calls `tick` at each turn of a loop and each call of a function, so that it can be
ended; `range` refuses what no loop could run through in time.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

TICK = "_time_passes"
FIRST_LINE = ast.parse(f"{TICK}()").body[0]  # of a loop, or a function
CONDITION = ast.parse(f"{TICK}() is None", mode="eval").body  # of a loop in brackets
LONGEST = 10**7


@dataclass(frozen=True)
class Program:
    """The definitions to be changed, and how to make the function of them again."""

    tree: ast.Module
    name: str
    sees: dict[str, Any]
    tick: Callable[[], None] = lambda: None

    @cached_property
    def in_brackets(self) -> list[ast.comprehension]:
        """The loops in brackets, [f(i) for i in x]: changes make no new ones, so they are found once."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.comprehension)]

    def build(self) -> Any:
        """Return what the tree defines now."""
        blocks = [line.body for line in _ticking(self.tree.body)]
        for block in blocks:
            block.insert(0, FIRST_LINE)
        for loop in self.in_brackets:
            loop.ifs.insert(0, CONDITION)
        try:
            code = compile(self.tree, "<changed>", "exec")
        finally:
            for block in blocks:
                del block[0]
            for loop in self.in_brackets:
                del loop.ifs[0]
        space = {"range": _short_range, **self.sees, TICK: self.tick}
        exec(code, space)
        return space[self.name]


def _ticking(lines):
    """Yield the loops and functions of a block; expressions, where most nodes are, hold none."""
    for line in lines:
        if isinstance(line, ast.For | ast.FunctionDef):
            yield line
        for field in ("body", "orelse", "cases"):
            yield from _ticking(getattr(line, field, ()))


def _short_range(*borders):
    """Return a range; what runs through it may be a function without ticks, such as sum."""
    if len(found := range(*borders)) > LONGEST:
        raise ValueError("a loop too long")
    return found
