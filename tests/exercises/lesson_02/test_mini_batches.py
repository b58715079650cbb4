"""The checker of `data_iter`: generators and lists pass, what students write is named."""

import numpy as np
import pytest

from coursekit import datasets
from coursekit.exercises import check_data_iter
from tests.exercises.answers import try_right, try_wrong


def batches(order, sizes=lambda n, b: range(0, n, b), end=lambda start, b: start + b):
    def data_iter(x, t, b, rng):
        drawn = np.asarray(order(len(x), rng))
        for start in sizes(len(x), b):
            rows = drawn[start : end(start, b)]
            yield x[rows], t[rows]

    return data_iter


def shuffled(n, rng):
    return rng.permutation(n)


def as_list(x, t, b, rng):
    order = list(range(len(x)))
    rng.shuffle(order)
    return [(x[order[i : i + b]], t[order[i : i + b]]) for i in range(0, len(x), b)]


def copies_first(x, t, b, rng):
    order = rng.permutation(len(x))
    x, t = x[order], t[order]
    for i in range(0, len(x), b):
        yield x[i : i + b], t[i : i + b]


def by_split(x, t, b, rng):
    order = rng.permutation(len(x))
    for rows in np.split(order, range(b, len(x), b)):
        yield x[rows], t[rows]


RIGHT = [batches(shuffled), as_list, copies_first, by_split, datasets.minibatches]


def in_place(x, t, b, rng):
    state = rng.bit_generator.state
    rng.shuffle(x)
    rng.bit_generator.state = state
    rng.shuffle(t)
    return [(x[i : i + b], t[i : i + b]) for i in range(0, len(x), b)]


def two_orders(x, t, b, rng):
    one, two = rng.permutation(len(x)), rng.permutation(len(x))
    return [(x[one[i : i + b]], t[two[i : i + b]]) for i in range(0, len(x), b)]


def returned(x, t, b, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x), b):
        return x[order[i : i + b]], t[order[i : i + b]]


def each_anew(x, t, b, rng):
    for i in range(0, len(x), b):
        rows = rng.choice(len(x), min(b, len(x) - i), replace=False)
        yield x[rows], t[rows]


def for_ever(x, t, b, rng):
    while True:
        rows = rng.permutation(len(x))[:b]
        yield x[rows], t[rows]


def blocks(x, t, b, rng):
    for i in [*rng.permutation(range(0, len(x) - b, b)).tolist(), len(x) - len(x) % b]:
        yield x[i : i + b], t[i : i + b]


def inside(x, t, b, rng):
    for i in range(0, len(x), b):
        rows = rng.permutation(np.arange(i, min(i + b, len(x))))
        yield x[rows], t[rows]


WRONG = {
    "old order": (batches(lambda n, rng: np.arange(n)), ("old order",)),
    "last lost": (
        batches(shuffled, lambda n, b: range(0, n - b + 1, b)),
        ("the last batch, of 3, is missing",),
    ),
    "filled up": (
        batches(lambda n, rng: np.append(o := rng.permutation(n), o[:1])),
        ("filled up with samples that came before",),
    ),
    "replacement": (batches(lambda n, rng: rng.integers(n, size=n)), ("with replacement",)),
    "each batch anew": (each_anew, ("each batch is drawn anew",)),
    "two orders": (two_orders, ("do not belong together",)),
    "targets as they were": (
        lambda x, t, b, rng: [
            (x[rng.permutation(len(x))][i : i + b], t[i : i + b]) for i in range(0, 23, b)
        ],
        ("do not belong together",),
    ),
    "returned": (returned, ("return ends the function",)),
    "for ever": (for_ever, ("never end",)),
    "number of batches": (
        lambda x, t, b, rng: [(x[r], t[r]) for r in np.array_split(rng.permutation(len(x)), b)],
        ("taken for the number of batches",),
    ),
    "one too few": (batches(shuffled, end=lambda i, b: i + b - 1), ("lacks one sample",)),
    "one too many": (batches(shuffled, end=lambda i, b: i + b + 1), ("one sample too many",)),
    "overlap": (batches(shuffled, lambda n, b: range(n)), ("overlap",)),
    "all at once": (batches(shuffled, end=lambda i, b: i + 99), ("runs to the end",)),
    "in place": (in_place, ("shuffles the arrays that it was given",)),
    "blocks": (blocks, ("only the batches are shuffled",)),
    "inside": (inside, ("inside each batch alone",)),
    "fixed seed": (
        batches(lambda n, rng: np.random.default_rng(1).permutation(n)),
        ("another rng gives the same order",),
    ),
    "global": (
        batches(lambda n, rng: np.random.permutation(n)),  # noqa: NPY002 - the bug in question
        ("another order each time",),
    ),
    "places": (
        lambda x, t, b, rng: [rng.permutation(len(x))[i : i + b] for i in range(0, 23, b)],
        ("yield two arrays",),
    ),
    "swapped": (
        lambda x, t, b, rng: [(t[i : i + b], x[i : i + b]) for i in range(0, 23, b)],
        ("wrong order",),
    ),
    "one sample at a time": (
        lambda x, t, b, rng: [(x[i], t[i]) for i in rng.permutation(23)],
        ("(2,) and () came",),
    ),
    "no loop": (lambda x, t, b, rng: [], ("no batch comes",)),
    "a dict": (lambda x, t, b, rng: {"x": x}, ("returns a dict",)),
    "raises inside": (batches(lambda n, rng: [n / 0]), ("raised ZeroDivisionError",)),
    "dots": (lambda x, t, b, rng: ..., ("returns nothing yet",)),
}


@pytest.mark.parametrize("answer", RIGHT)
def test_right_ways_pass(answer):
    try_right(check_data_iter, answer)


@pytest.mark.parametrize("name", WRONG)
def test_slips_are_named(name):
    try_wrong(check_data_iter, WRONG[name])


def test_no_answers_are_answered(no_answer):
    assert not check_data_iter(no_answer).passed
