"""Whether a program can do nothing but compute, so that it may be run a thousand times, each time changed.

Names are permitted, not forbidden: what a program sees has to be a number, a text, or a function or module
of the rooms below; of Python's own functions only those that compute. It writes only what is its own,
waits for nothing, and does not call itself.
"""

import ast
import builtins
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

from coursekit.exercises.repair.nodes import names_in

ROOMS = {"numpy", "math", "coursekit", "functools", "statistics", "scipy", "collections"}
COMPUTES = {
    *("_", "abs", "all", "any", "bin", "bool", "callable", "chr", "complex", "dict", "divmod", "enumerate"),
    *("filter", "float", "format", "frozenset", "hasattr", "hash", "hex", "id", "int", "isinstance", "len"),
    *("list", "map", "max", "min", "next", "object", "ord", "pow", "print", "property", "range", "repr"),
    *("reversed", "round", "set", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "zip"),
    *("type", "Ellipsis", "NotImplemented"),
}
WRITES = {
    *("save", "savez", "savez_compressed", "savetxt", "tofile", "dump", "memmap", "open_memmap", "lib"),
    *("save_parameters", "load_parameters", "seterr", "seterrcall", "setbufsize", "set_printoptions"),
}
# What prints from outside of Python, where the page shows it, when nan comes in.
PRINTS = {"lstsq"}
# Loops without an end, what reaches out of the program, and what could keep an interrupt from the learner.
STOPS = (
    *(ast.While, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Await, ast.AsyncFunctionDef),
    *(ast.Try, ast.TryStar),
)
# Functions that are what they seem: no `partial` and no `vectorize` round another.
FUNCTIONS = (FunctionType, BuiltinFunctionType, type, np.ufunc, type(np.sum))
NUMPY = {"numpy", *(f"numpy.{name}" for name in ("linalg", "random", "fft", "polynomial", "ma"))}
STEADY = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis), tuple, np.generic, np.dtype)


def harmless(module: ast.Module, sees: dict[str, Any]) -> bool:
    """Whether running it over and over can do nothing but compute."""
    if _calls_itself(module):
        return False
    defined = {part.name for part in module.body if isinstance(part, ast.FunctionDef | ast.ClassDef)}
    for part in module.body:
        own, views = defined | _own_names(part), _window_views(part)
        asked = {node.value for node in ast.walk(part) if isinstance(node, ast.Attribute)}
        for node in ast.walk(part):
            module = _module_of(node, own, sees)
            if module is not None and node not in views and not (node in asked and _is_room(module)):
                return False
            if node not in views and not _permitted(node, own, sees):
                return False
    return True


def _window_views(part):
    """Return the modules of np.lib.stride_tricks.sliding_window_view: of all in them that is safe."""
    return {
        module
        for node in ast.walk(part)
        if isinstance(node, ast.Attribute)
        and node.attr == "sliding_window_view"
        and ast.unparse(node.value).endswith(".lib.stride_tricks")
        for module in (node.value, node.value.value)
    }


def _module_of(node, own, sees):
    """Return the module that a piece such as np.linalg stands for; None for all else."""
    if isinstance(node, ast.Name):
        held = None if node.id in own else sees.get(node.id)
    elif isinstance(node, ast.Attribute) and (module := _module_of(node.value, own, sees)) is not None:
        held = getattr(module, node.attr, None)
    else:
        return None
    return held if isinstance(held, ModuleType) else None


def _is_room(module):
    """Whether a module holds nothing but what computes: by way of some one comes to all others."""
    room = module.__name__.partition(".")[0]
    return module.__name__ in NUMPY if room == "numpy" else room in ROOMS


def _permitted(node, own, sees):
    if isinstance(node, ast.Name):
        return _computes(node.id) and (node.id in own or _lasts(sees.get(node.id)))
    if isinstance(node, ast.Attribute):
        hidden = node.attr.startswith("__") and node.attr != "__init__"
        if hidden or node.attr in WRITES | PRINTS:
            return False
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return _root(node) == "self" or (_root(node) in own and _is_entry(node))
    return not isinstance(node, STOPS)


def _computes(name):
    """Whether a name is none of Python's own, or that of a function that computes, or of an error.

    Nothing that catches or raises an interrupt is an `Exception`.
    """
    held = getattr(builtins, name, None)
    return held is None or name in COMPUTES or (isinstance(held, type) and issubclass(held, Exception))


def _root(node):
    """Return the name to whose parts a piece belongs: x of x.y[0]."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_entry(node):
    """Whether a piece is a name or an entry of one, x[0][1], and no part of what a name stands for, x.y."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name)


def _own_names(part):
    """Return the names that a definition gives itself: its arguments, and what it assigns and defines."""
    found = set()
    for node in ast.walk(part):
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


def _calls_itself(module):
    """Whether a function or class uses its own name, also by way of another, so that it might never end."""
    uses = {}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            uses[node.name] = uses.get(node.name, set()) | names_in(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            uses |= {name: names_in(node.value) for name in map(ast.unparse, node.targets)}
    for _ in range(len(uses)):  # each round goes one call further
        uses = {name: used.union(*(uses.get(n, set()) for n in used)) for name, used in uses.items()}
    return any(name in used for name, used in uses.items())


def _lasts(held):
    """Whether a program can neither change what it sees under a name, nor act by it."""
    if isinstance(held, tuple):
        return all(map(_lasts, held))
    if isinstance(held, ModuleType):
        return _is_room(held)
    if getattr(held, "__name__", "") in WRITES | PRINTS:
        return False
    room = (getattr(held, "__module__", None) or type(held).__module__).partition(".")[0]
    return isinstance(held, STEADY) or (isinstance(held, FUNCTIONS) and room in ROOMS)
