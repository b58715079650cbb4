"""A learner's function as a program that can be changed: its source, its helpers, and what it sees."""

import ast
import linecache
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

ROOMS = {"numpy", "math", "coursekit", "functools", "statistics", "scipy", "collections", "builtins"}
# What may wait, write or never end is not tried again in a hundred forms.
REFUSED = {
    *("open", "exec", "eval", "input", "compile", "__import__", "breakpoint", "exit", "quit", "globals"),
    *("BaseException", "KeyboardInterrupt", "SystemExit", "GeneratorExit", "setattr", "vars"),
}
WRITES = {
    *("save", "savez", "savez_compressed", "savetxt", "tofile", "dump", "memmap", "open_memmap", "lib"),
    *("save_parameters", "load_parameters", "seterr", "seterrcall", "setbufsize", "set_printoptions"),
}
STOPS = (
    *(ast.While, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Await, ast.AsyncFunctionDef),
    ast.Try,
)
STEADY = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis), tuple, np.generic, np.dtype)
TICK = "_time_passes"
FIRST_LINE = ast.parse(f"{TICK}()").body[0]  # of a loop
CONDITION = ast.parse(f"{TICK}() is None", mode="eval").body  # of a loop in brackets


@dataclass(frozen=True)
class Program:
    """The definitions to be changed, and how to make the function of them again."""

    tree: ast.Module
    name: str
    sees: dict[str, Any]
    tick: Callable[[], None] = lambda: None

    @cached_property
    def nested(self) -> bool:
        """Whether there are loops in brackets, [f(i) for i in x]: no change makes one."""
        return any(isinstance(node, ast.comprehension) for node in ast.walk(self.tree))

    def build(self) -> Any:
        """Return what the tree defines now; it calls `tick` at each turn of a loop."""
        space = {**self.sees, TICK: self.tick}
        loops = [*_loops(self.tree.body)]
        inner = [n for n in ast.walk(self.tree) if isinstance(n, ast.comprehension)] if self.nested else []
        for loop in loops:
            loop.body.insert(0, FIRST_LINE)
        for loop in inner:
            loop.ifs.insert(0, CONDITION)
        try:
            code = compile(self.tree, "<changed>", "exec")
        finally:
            for loop in loops:
                del loop.body[0]
            for loop in inner:
                del loop.ifs[0]
        exec(code, space)
        return space[self.name]


def _loops(block):
    """Yield the loops of a block; expressions, where most nodes are, hold none."""
    for line in block:
        if isinstance(line, ast.For):
            yield line
        for field in ("body", "orelse"):
            yield from _loops(getattr(line, field, ()))


def program_of(answer: object) -> Program | None:
    """Return the program of a function or class of plain NumPy, or None if it cannot be had."""
    function = _code_owner(answer)
    if function is None:
        return None
    lines = linecache.getlines(function.__code__.co_filename)
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return None
    node = _found(tree, answer, function)
    if node is None:
        return None
    sees = dict(function.__globals__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            sees[name] = cell.cell_contents
        except ValueError:
            return None
    body = [*_helpers(tree, node, function), node]
    module = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    return Program(module, node.name, sees) if _harmless(module, sees) else None


def _code_owner(answer):
    """Return the function whose code says where the source stands."""
    if isinstance(answer, type):
        found = [f for f in vars(answer).values() if isinstance(f, FunctionType)]
        return found[0] if found else None
    return answer if isinstance(answer, FunctionType) else None


def _found(tree, answer, function):
    """Return the definition; that of a lambda is made one of a function."""
    line = function.__code__.co_firstlineno
    if isinstance(answer, type):
        kinds = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == answer.__name__]
        kinds = [n for n in kinds if n.lineno <= line <= (n.end_lineno or line)]
    elif function.__name__ == "<lambda>":
        kinds = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda) and n.lineno == line]
        kinds = [_named(n) for n in kinds if _arguments(n.args) == _taken(function)]
    else:
        kinds = [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.FunctionDef)
            and n.name == function.__name__
            and line in (n.lineno, *(d.lineno for d in n.decorator_list))
        ]
    return kinds[0] if len(kinds) == 1 and not getattr(kinds[0], "decorator_list", ()) else None


def _named(node):
    body = [ast.copy_location(ast.Return(node.body), node.body)]
    made = ast.FunctionDef("answer", node.args, body, [], None)
    made.type_params = []
    return ast.copy_location(made, node)


def _arguments(args):
    return tuple(a.arg for a in (*args.posonlyargs, *args.args))


def _taken(function):
    return function.__code__.co_varnames[: function.__code__.co_argcount]


def _helpers(tree, node, function):
    """Return the functions of the same source that the answer calls, itself or through another."""
    defined = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef) and n is not node}
    wanted, found = _names(node), {}
    while new := {n for n in wanted if n in defined and n not in found}:
        for name in new:
            held = function.__globals__.get(name)
            if not isinstance(held, FunctionType) or held.__code__.co_firstlineno != defined[name].lineno:
                del defined[name]
                continue
            found[name] = defined[name]
            wanted |= _names(defined[name])
    return list(found.values())


def _names(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _harmless(module, sees):
    """Whether running it over and over can do nothing but compute."""
    if any(function.name in _names(function) for function in _definitions(module)):  # it calls itself
        return False
    made = {node.name for node in _definitions(module)} | _own_names(module)
    for node in ast.walk(module):
        if isinstance(node, STOPS) or (isinstance(node, ast.Name) and node.id in REFUSED):
            return False
        if isinstance(node, ast.Attribute) and node.attr in WRITES:
            return False
        if isinstance(node, ast.Name) and node.id not in made and not _lasts(sees.get(node.id)):
            return False
    return True


def _definitions(module):
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def _own_names(module):
    """Return the names that the program gives itself: its arguments, and what it assigns."""
    arguments = {node.arg for node in ast.walk(module) if isinstance(node, ast.arg)}
    names = (node for node in ast.walk(module) if isinstance(node, ast.Name))
    return arguments | {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _lasts(held):
    """Whether a program can neither change what it sees under a name, nor act by it."""
    if isinstance(held, STEADY):
        return not isinstance(held, tuple) or all(map(_lasts, held))
    if isinstance(held, ModuleType):
        return held.__name__.partition(".")[0] in ROOMS
    room = (getattr(held, "__module__", None) or type(held).__module__).partition(".")[0]
    return callable(held) and not isinstance(held, np.random.Generator) and room in ROOMS
