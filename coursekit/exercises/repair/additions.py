"""What is missing: a square, a root, a minus, a mean, a factor, an index.

Each is written as text in which three dots stand for what the program has in a place. The tables go from
what is forgotten most to what is forgotten least, and every place is tried with all of a table.
"""

import ast
from collections.abc import Iterator

from coursekit.exercises.repair.edits import Choice, Slot
from coursekit.exercises.repair.nodes import is_value, made

FACTORS = (
    ("2 * ...", "it is not multiplied by 2"),
    ("... - 1", "1 is not subtracted"),
    ("... + 1", "1 is not added"),
    ("np.sqrt(...)", "a root is missing"),
    ("... ** 2", "a square is missing"),
    ("-...", "the sign is turned round"),
    ("1 - ...", "1 − it belongs there"),
    ("(...).T", "a transposition is missing"),
    ("... / 2", "it is not divided by 2"),
)
WRAPPERS = (
    ("1 / ...", "it stands upside down"),
    ("np.exp(...)", "np.exp is missing"),
    ("np.log(...)", "np.log is missing"),
    ("np.abs(...)", "the absolute value is missing"),
    ("(...)[:, None]", "it has to be a column"),
    ("(...).mean()", "the mean is missing"),
    ("(...).mean(axis=0)", "the mean over axis 0 is missing"),
    ("(...).sum(axis=0)", "the sum over axis 0 is missing"),
    ("(...).sum()", "the sum is missing"),
    ("np.maximum(..., 0)", "negative ones are not set to 0"),
    ("(...).copy()", "a copy is missing"),
    ("(...).reshape(-1, 1)", "it has to be a column"),
    ("len(...)", "the number of entries belongs there"),
)
SCALES = (
    ("... / {}", "it is not divided by {}"),
    ("... * {}", "it is not multiplied by {}"),
    ("... + {}", "{} is not added"),
    ("... - {}", "{} is not subtracted"),
)


def factors(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the expression of a place with a 2, a 1, a minus, a root, a square or a transposition more."""
    if is_value(slot):
        yield from ((made(text, slot.get()), why) for text, why in FACTORS)


def wrapped(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the expression of a place with a function or a sum round it."""
    if is_value(slot):
        yield from ((made(text, slot.get()), why) for text, why in WRAPPERS)


def scaled(slot: Slot, names: list[str]) -> Iterator[Choice]:
    """Yield the expression of a place with a factor, divisor or term more."""
    if not is_value(slot) or isinstance(slot.parent, ast.Attribute):
        return
    lengths = [f"len({name})" for name in names[:5]] + [f"{name}.shape[1]" for name in names[:5]]
    for other in (*names, *lengths, *(f"({name} > 0)" for name in names)):
        for text, why in SCALES[:2] if other.startswith("len") else SCALES:
            yield made(text.format(other), slot.get()), why.format(other)


def entries(slot: Slot, turning: list[str]) -> Iterator[Choice]:
    """Yield the entry of a name that belongs to the turn of a loop: x[i], x[:, i] for x."""
    node = slot.get()
    if isinstance(node, ast.Name) and is_value(slot) and node.id not in turning:
        for i in turning:
            yield made(f"(...)[{i}]", node), f"all of {node.id} is taken where entry {i} is meant"
            yield made(f"(...)[:, {i}]", node), f"all of {node.id} is taken where column {i} is meant"
