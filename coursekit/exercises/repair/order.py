"""All changes of a program, in the order in which they are tried: nearest to a slip of the fingers first.

The likely ones go kind by kind: a sign or number; a piece too many; an order or bracket; a line; and only
then another function. Of the others, which are many, each kind has its turn, so that none waits for the end
of another.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from coursekit.exercises.repair.additions import entries, factors, scaled, wrapped
from coursekit.exercises.repair.alike import repeated
from coursekit.exercises.repair.brackets import brackets
from coursekit.exercises.repair.calls import calls, steps
from coursekit.exercises.repair.edits import Choice, Edit, Slot, slots
from coursekit.exercises.repair.nodes import is_number, names_in
from coursekit.exercises.repair.orders import orders
from coursekit.exercises.repair.removals import removals
from coursekit.exercises.repair.replacements import front_axes, functions, numbers, renamed, rows_alone
from coursekit.exercises.repair.scope import first_lines, growing, keys, looped, scope, turning, unused
from coursekit.exercises.repair.signs import far_signs, signs
from coursekit.exercises.repair.statements import left_out, lines

Choices = Callable[[Slot, list[str]], Iterator[Choice]]
FRAMES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.arguments)


def all_edits(tree: ast.Module) -> tuple[Iterator[Edit], Iterator[Edit]]:
    """Return the likely changes of one place, and all others."""
    inside = (s for s in slots(tree) if not isinstance(s.parent, FRAMES))
    places = [s for s in inside if not isinstance(s.get(), ast.stmt) and s.field != "annotation"]
    return _likely(tree, places), _others(tree, places)


def _likely(tree, places):
    names, earlier = scope(tree), _earlier(tree)
    return chain(
        _each(places, signs, names),
        left_out(tree),
        _each(places, removals, names),
        _each(places, orders, names),
        _each(places, brackets, names),
        _each(places, earlier, unused(tree)),
        _each(places, calls, names),
        lines(tree),
        _each(places, far_signs, names),
        _each(places, functions, names),
        _each(places, entries, turning(tree)),
        _each(places, steps, names),
    )


def _others(tree, places):
    names, earlier, shapes, grows = scope(tree), _earlier(tree), _shapes(tree), growing(tree)
    named = [s for s in places if isinstance(s.get(), ast.Name)]
    others = [s for s in places if not isinstance(s.get(), ast.Name)]
    # With a factor more, what says how large an array is might fill all memory; so might a list.
    small = [s for s in places if id(s.parent) not in shapes and not grows & names_in(s.get())]
    alike = [s for s in repeated(tree) if id(s.parent) not in shapes]
    together = (signs, far_signs, orders, brackets, removals, earlier, scaled)
    return _in_turn(
        [
            (8, _each(named, earlier, names)),
            (1, _other_keys(tree, places)),
            (2, _each(small, factors, names)),
            (1, chain(*(_each([s], c, names) for s in alike for c in together))),
            (2, _each(small, scaled, names)),
            (1, _each(others, earlier, names)),
            (1, _each(places, rows_alone, names)),
            (1, _each(places, front_axes, names)),
            (1, _each(places, numbers, names)),
            (1, _each(small, wrapped, names)),
        ]
    )


def _earlier(tree: ast.AST) -> Choices:
    """Return what puts a name into a place only if it has a value there, and no list as a first number."""
    born, lists = first_lines(tree), looped(tree)

    def earlier(slot: Slot, names: list[str]) -> Iterator[Choice]:
        line = getattr(slot.get(), "lineno", 0)
        barred = lists if is_number(slot.get()) else ()  # n = x; n *= 2 would grow while a loop runs over x
        return renamed(slot, [n for n in names if born[n] <= line and n not in barred])

    return earlier


def _each(places: Iterable[Slot], choices: Choices, names: list[str]) -> Iterator[Edit]:
    """Yield the changes of every place in turn."""
    return (Edit(slot, slot.get(), new, why) for slot in places for new, why in choices(slot, names))


def _in_turn(kinds):
    """Yield from each kind its share, and again."""
    while kinds:
        left = []
        for share, kind in kinds:
            taken = list(islice(kind, share))
            yield from taken
            if len(taken) == share:
                left.append((share, kind))
        kinds = left


def _other_keys(tree, places):
    """Yield the changes of "b" to "g" in params["b"]."""
    texts = keys(tree)
    for slot in places:
        if isinstance(held := slot.get(), ast.Constant) and held.value in texts:
            for text in sorted(texts - {held.value}):
                yield Edit(slot, held, ast.Constant(text), f"{text!r} belongs there, not {held.value!r}")


def _shapes(tree):
    """Return which tuples are handed to a call: they may say how large an array is."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    given = [one for call in calls for one in (*call.args, *(k.value for k in call.keywords))]
    return {id(one) for one in given if isinstance(one, ast.Tuple)}
