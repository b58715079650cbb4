"""The names of a program: what it takes and makes, where, and which of them could grow without end.

Changes put one name of the program in the place of another. Lists and texts are left out: multiplied in a
loop, they would fill the memory.
"""

import ast

from coursekit.exercises.repair.nodes import called, names_in

GROWS = ("append", "extend", "insert", "add", "update")
LISTS = ("list", "tuple", "dict", "set", "str", "sorted", "tolist")


def scope(tree: ast.AST) -> list[str]:
    """Return the names of arguments and variables, in the order in which they come."""
    grows = growing(tree)
    return [name for name in first_lines(tree) if name not in grows and name != "self"]


def first_lines(tree: ast.AST) -> dict[str, int]:
    """Return in which line each name is first given a value."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            found[node.arg] = node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = min(node.lineno, found.get(node.id, node.lineno))
    return found


def unused(tree: ast.AST) -> list[str]:
    """Return the arguments and variables that the program has and never looks at."""
    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return [name for name in scope(tree) if name not in read]


def turning(tree: ast.AST) -> list[str]:
    """Return the names that loops give a new value at every turn."""
    targets = [node.target for node in ast.walk(tree) if isinstance(node, ast.For)]
    return sorted(set().union(*map(names_in, targets)))


def looped(tree: ast.AST) -> set[str]:
    """Return the names over whose items a loop runs."""
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.comprehension)]
    return {loop.iter.id for loop in loops if isinstance(loop.iter, ast.Name)}


def growing(tree: ast.AST) -> set[str]:
    """Return the names of lists and texts: they can grow without end."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in GROWS and isinstance(node.value, ast.Name):
            found.add(node.value.id)
        elif isinstance(node, ast.Assign) and _is_list(node.value):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.arguments):
            found |= {a.arg for a in (node.vararg, node.kwarg) if a is not None}
    return found


def _is_list(node):
    if isinstance(node, ast.BinOp):
        return _is_list(node.left) or _is_list(node.right)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    lists = ast.List | ast.ListComp | ast.Tuple | ast.Dict | ast.Set | ast.DictComp
    return isinstance(node, lists) or called(node) in LISTS


def keys(tree: ast.AST) -> set[str]:
    """Return the texts by which something is looked up, such as "g" in params["g"]."""
    found = (n.slice for n in ast.walk(tree) if isinstance(n, ast.Subscript))
    return {n.value for n in found if isinstance(n, ast.Constant) and isinstance(n.value, str)}
