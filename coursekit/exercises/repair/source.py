"""The source of a learner's function: its definition, the helpers that it calls, and what they see.

The text is found as Python's own tracebacks find it, also that of a cell. What cannot be told apart, two
lambdas on a line, or could do more than compute, is left alone.
"""

import ast
import linecache
from types import FunctionType

from coursekit.exercises.repair.harmless import harmless
from coursekit.exercises.repair.nodes import names_in
from coursekit.exercises.repair.program import Program


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
    return Program(module, node.name, sees) if harmless(module, sees) else None


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
            n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function.__name__
        ]
        kinds = [n for n in kinds if line in (n.lineno, *(d.lineno for d in n.decorator_list))]
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
    wanted, found = names_in(node), {}
    while new := {n for n in wanted if n in defined and n not in found}:
        for name in new:
            held = function.__globals__.get(name)
            if not isinstance(held, FunctionType) or held.__code__.co_firstlineno != defined[name].lineno:
                del defined[name]
                continue
            found[name] = defined[name]
            wanted |= names_in(defined[name])
    return list(found.values())
