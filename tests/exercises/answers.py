"""How a table of answers is tried: (answer, words that have to be in the message, words that must not)."""

import functools

import numpy as np
import pytest

BAD = ("is None", "None ", "nan times", "nan and", "No: no")


def try_wrong(check, case):
    """Fail unless the answer is refused, named by all the words, and by none of the others."""
    answer, words, others = (*case, ())[:3]
    feedback = check(answer)
    assert not feedback.passed
    said = feedback.message
    assert all(word in said for word in words), said
    assert not any(word in said for word in (*others, *BAD)), said
    assert said.endswith(".")


def try_right(check, answer):
    """Fail unless the answer passes."""
    feedback = check(answer)
    assert feedback.passed, feedback


def edited(program, changes):
    """Return the function that a program defines after edits, "old => new", set apart by " | "."""
    for change in filter(None, changes.split(" | ")):
        old, _, new = change.partition(" => ")
        assert program.count(old) == 1, (old, program.count(old))
        line = next(line for line in program.split("\n") if old.split("\n")[0] in line)
        indent = " " * (len(line) - len(line.lstrip()))
        program = program.replace(old, new.replace("; ", f"\n{indent}"))
    space = {"np": np}
    exec(program, space)
    return next(v for k, v in reversed(space.items()) if callable(v) and not k.startswith("_"))


def try_edited(check, program, row):
    """Try a row of a table of edits: (changes, words, other words), or changes alone if right."""
    if isinstance(row, str):
        try_right(check, edited(program, row))
    else:
        try_wrong(check, (edited(program, row[0]), *row[1:]))


def rows(wrong, right):
    """Return the rows of both tables as parameters of one test."""
    wrongs = [pytest.param(row, id=name) for name, row in wrong.items()]
    return wrongs + [pytest.param(row, id=f"right: {name}") for name, row in right.items()]


@functools.cache
def once(check, function):
    """Return the feedback on a function; the same if asked again, for tests that compare them."""
    return check(function)
