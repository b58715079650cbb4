"""What a program holds more than once: the same mistake is made in all of them, and changed in all at once.

A product that is computed twice, or a name that stands in a slice or a tuple twice, is one place here.
"""

import ast
from dataclasses import dataclass
from typing import Any

from coursekit.exercises.repair.edits import Slot, slots


@dataclass(frozen=True)
class Alike(Slot):
    """A place that occurs in several expressions which read alike: they change together."""

    others: tuple[tuple[Slot, ast.AST], ...] = ()

    def put(self, node: Any) -> None:
        """Write something else into all of them."""
        super().put(node)
        for other, _ in self.others:
            other.put(node)

    def take_back(self, node: Any) -> None:
        """Give each its own again: one node in two places would change in both ever after."""
        super().put(node)
        for other, own in self.others:
            other.put(own)


def repeated(tree: ast.AST) -> list[Alike]:
    """Return the places that the program holds more than once: parts of a product, names in a slice."""
    seen: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            seen.setdefault(ast.unparse(node), []).append(node)
    sides = ("left", "op", "right")
    places = [[Slot(node, side) for node in alike] for alike in seen.values() for side in sides]
    for node in ast.walk(tree):
        if isinstance(node, ast.Slice | ast.Tuple):
            places += _same_names(node)
    return [_together(found) for found in places if len(found) > 1]


def _same_names(node):
    """Return the places of each name, or number, that stands in a slice or in a tuple."""
    seen: dict[str, list[Slot]] = {}
    for slot in slots(node):
        if isinstance(held := slot.get(), ast.Name | ast.Constant):
            seen.setdefault(ast.unparse(held), []).append(slot)
    return list(seen.values())


def _together(places):
    first, *rest = places
    return Alike(first.parent, first.field, first.at, tuple((slot, slot.get()) for slot in rest))
