"""One change of a program: the place where it is made, what stands there, and what should.

A program is a tree of nodes (`ast`); a `Slot` is a field of one that holds another. An `Edit` writes a new
node into a slot and can take it back, so that one tree serves for all that is tried.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# What may stand in a place instead, and what was wrong if that makes the program right.
Choice = tuple[Any, str]


@dataclass(frozen=True)
class Slot:
    """A place in the tree that holds a node, or a list of statements."""

    parent: ast.AST
    field: str
    at: int | None = None

    def get(self) -> Any:
        """Return what stands there."""
        held = getattr(self.parent, self.field)
        return held if self.at is None else held[self.at]

    def put(self, node: Any) -> None:
        """Write something else there."""
        if self.at is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.at] = node

    def take_back(self, node: Any) -> None:
        """Write what stood there before."""
        self.put(node)

    def covers(self, other: "Slot") -> bool:
        """Whether the other is the same place, or an item of the list that is held here."""
        same = self.parent is other.parent and self.field == other.field
        return same and self.at in (None, other.at)


@dataclass(frozen=True)
class Edit:
    """One change: `slot` gets `new` in the place of `old`.

    Attributes
    ----------
    why : str
        What was wrong, said behind "`old` should be `new`: "; a sentence of its own if `moves`.
    moves : bool
        Whether lines go to another place, which old and new side by side would not show.
    """

    slot: Slot
    old: Any
    new: Any
    why: str
    moves: bool = False

    def apply(self) -> None:
        """Make the change, and give new nodes a place in the text, which Python asks for."""
        for node in as_list(self.new):
            _locate(node)
        self.slot.put(self.new)

    def undo(self) -> None:
        """Take it back."""
        self.slot.take_back(self.old)

    def overlaps(self, other: "Edit") -> bool:
        """Whether one of two changes stands inside what the other replaces."""
        return any(
            one.slot.covers(two.slot)
            or any(node is two.slot.parent for held in (one.old, one.new) for node in _walk(held))
            for one, two in ((self, other), (other, self))
        )


def as_list(held: Any) -> list[ast.AST]:
    """Return the nodes of a place that holds one, a list of them, or none."""
    return held if isinstance(held, list) else [] if held is None else [held]


def _walk(held):
    for node in as_list(held):
        yield from ast.walk(node)


def _locate(node):
    """Give a node without a line the first one; below one that has a line, all are old."""
    if "lineno" in node._attributes:
        if hasattr(node, "lineno"):
            return
        node.lineno = node.end_lineno = 1
        node.col_offset = node.end_col_offset = 0
    for child in ast.iter_child_nodes(node):
        _locate(child)


def slots(tree: ast.AST) -> Iterator[Slot]:
    """Yield every place that holds a node, from the top on."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                yield Slot(node, name)
            elif isinstance(value, list):
                yield from (Slot(node, name, i) for i, one in enumerate(value) if isinstance(one, ast.AST))
