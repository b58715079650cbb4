"""Changes of one place of a program: where it stands, what else could stand there, and what that mends."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slot:
    """A place in the tree that holds a node."""

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


@dataclass(frozen=True)
class Edit:
    """One change: `slot` gets `new` in the place of `old`; `why` says in words what was wrong."""

    slot: Slot
    old: Any
    new: Any
    why: str

    def apply(self) -> None:
        """Make the change."""
        self.slot.put(self.new)

    def locate(self) -> None:
        """Give new nodes a place in the text, which Python asks for."""
        for one in self.new if isinstance(self.new, list) else [self.new]:
            if one is not None:
                _locate(one)

    def undo(self) -> None:
        """Take it back."""
        self.slot.put(self.old)


def _locate(node):
    if "lineno" in node._attributes:
        if hasattr(node, "lineno"):
            return
        node.lineno = node.end_lineno = 1
        node.col_offset = node.end_col_offset = 0
    for child in ast.iter_child_nodes(node):
        _locate(child)


GROWS = ("append", "extend", "insert", "add", "update")


def slots(tree: ast.AST) -> Iterator[Slot]:
    """Yield every place that holds a node, from the top on."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                yield Slot(node, name)
            elif isinstance(value, list):
                yield from (Slot(node, name, i) for i, one in enumerate(value) if isinstance(one, ast.AST))


def scope(tree: ast.AST) -> list[str]:
    """Return the names of arguments and variables, in the order in which they come."""
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.arg != "self":
            found[node.arg] = None
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = None
    grows = growing(tree)
    return [name for name in found if name not in grows]


def first_lines(tree: ast.AST) -> dict[str, int]:
    """Return in which line each name is first given a value."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            found[node.arg] = node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = min(node.lineno, found.get(node.id, node.lineno))
    return found


def growing(tree: ast.AST) -> set[str]:
    """Return the names of lists and texts: they can grow without end."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in GROWS and isinstance(node.value, ast.Name):
            found.add(node.value.id)
        elif (
            isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_list(node.value)
        ):
            found.add(node.targets[0].id)
        elif isinstance(node, ast.arguments):
            found |= {a.arg for a in (node.vararg, node.kwarg) if a is not None}
    return found


def _is_list(node):
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "list",
            "tuple",
            "dict",
            "set",
            "str",
            "sorted",
            "tolist",
        )
    if isinstance(node, ast.BinOp):
        return _is_list(node.left) or _is_list(node.right)
    texts = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return texts or isinstance(
        node, ast.List | ast.ListComp | ast.Tuple | ast.Dict | ast.Set | ast.DictComp
    )


def keys(tree: ast.AST) -> set[str]:
    """Return the texts by which something is looked up, such as "g" in params["g"]."""
    found = (n.slice for n in ast.walk(tree) if isinstance(n, ast.Subscript))
    return {n.value for n in found if isinstance(n, ast.Constant) and isinstance(n.value, str)}


@dataclass(frozen=True)
class Alike(Slot):
    """A place that occurs in several expressions which read alike: they change together."""

    others: tuple[Slot, ...] = ()

    def put(self, node: Any) -> None:
        """Write something else into all of them."""
        super().put(node)
        for other in self.others:
            other.put(node)


def repeated(tree: ast.AST) -> list[Alike]:
    """Return the places of expressions that the program holds more than once, such as a product."""
    seen: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            seen.setdefault(ast.unparse(node), []).append(node)
    found = [
        Alike(first, field, None, tuple(Slot(node, field) for node in rest))
        for first, *rest in seen.values()
        if rest
        for field in ("left", "op", "right")
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Slice | ast.Tuple):
            found += _same_names(node)
    return found


def _same_names(node):
    """Return the places of each name, or number, that stands in a slice or in a tuple more than once."""
    seen: dict[str, list[Slot]] = {}
    for slot in slots(node):
        if isinstance(held := slot.get(), ast.Name | ast.Constant):
            seen.setdefault(ast.unparse(held), []).append(slot)
    return [Alike(one.parent, one.field, one.at, tuple(rest)) for one, *rest in seen.values() if rest]
