"""What every checker has to stand: things that are no answers."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def search(request, monkeypatch):
    """Ask what the catalogue knows; the search in the learner's source has tests of its own, in repair/."""
    if request.path.parent.name != "repair":
        for searches in ("repaired", "place_of"):
            monkeypatch.setattr(f"coursekit.exercises.feedback.{searches}", lambda *args, **kwargs: "")
    else:  # a machine that is busy with other tests is to find what one does that is not
        monkeypatch.setattr("coursekit.exercises.repair.limits.BUSY", 20)


class Surprise:
    """A thing that no conversion understands."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    def __float__(self):
        raise RuntimeError("no number")


def leave(*args):
    raise SystemExit


def recurse(*args):
    return recurse(*args)


NO_ANSWERS = {
    "None": None,
    "a number": 3,
    "a string": "xavier",
    "an array": np.ones(3),
    "a list": [1, 2],
    "a class that takes nothing": object,
    "a class with other arguments": np.random.Generator,
    "an instance": Surprise(),
    "too few arguments": lambda: 1,
    "too many arguments": lambda a, b, c, d, e: 1,
    "returns nothing": lambda *args: None,
    "returns the dots": lambda *args: ...,
    "returns a string": lambda *args: "weights",
    "returns a numeral as text": lambda *args: "nan",
    "returns nan": lambda *args: np.nan,
    "returns inf": lambda *args: -np.inf,
    "returns a bool": lambda *args: True,
    "returns a function": lambda *args: len,
    "returns a generator": lambda *args: (i for i in range(3)),
    "returns a dict": lambda *args: {"W": 1},
    "returns a complex number": lambda *args: 1j,
    "returns complex weights": lambda *args: np.full((600, 170), 1j),
    "returns a huge whole number": lambda *args: 10**400,
    "returns a ragged list": lambda *args: [[1], [2, 3]],
    "returns an empty array": lambda *args: np.array([]),
    "returns strings": lambda *args: np.array([["a"] * 170] * 600),
    "returns a surprise": lambda *args: Surprise(),
    "returns a class": lambda *args: Surprise,
    "divides by zero": lambda *args: 1 / 0,
    "asserts": lambda *args: exec("assert False"),
    "leaves": leave,
    "recurses": recurse,
    "wants a key": lambda *args: {}["missing"],
}


@pytest.fixture(params=NO_ANSWERS)
def no_answer(request):
    return NO_ANSWERS[request.param]
