"""The program to be mended: as it stands in the lesson, with each slip alone, with all but one mended."""

import re
from pathlib import Path

import numpy as np
import pytest

from coursekit.exercises import check_mended_softmax
from tests.exercises.answers import try_right, try_wrong

LESSON = Path(__file__).parents[3] / "lessons" / "01_softmax_cross_entropy.py"
RIGHT = """
def train(x, labels, w, rate, steps):
    n, losses = len(x), []
    for _ in range(steps):
        z = x @ w
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(n), labels]).mean())
        p[np.arange(n), labels] -= 1
        w = w - rate * x.T @ p / n
    return losses, w
"""
# What is written instead, and what is said of it.
SHIFT = "z - z.max(axis=1, keepdims=True)"
SLIPS = {
    "no shift": (SHIFT, "z", "row's largest score is not taken off"),
    "max of all": (SHIFT, "z - z.max()", "row's largest score is not taken off"),
    "axis": ("e.sum(axis=1, keepdims=True)", "e.sum(axis=0)", "runs over axis 0"),
    "all": ("e.sum(axis=1, keepdims=True)", "e.sum()", "runs over everything"),
    "columns": ("(p[np.arange(n), labels])", "(p[:, labels])", "p[:, labels], these columns"),
    "rows": ("(p[np.arange(n), labels])", "(p[labels])", "p[labels], whole rows"),
    "sum": (".mean())", ".sum())", "is a sum and no mean"),
    "columns lowered": ("p[np.arange(n), labels] -= 1", "p[:, labels] -= 1", "lowers whole columns"),
    "not over n": ("@ p / n", "@ p", "not divided by the number of samples"),
    "over n twice": ("@ p / n", "@ p / n / n", "number of samples twice"),
    "uphill": ("w - rate", "w + rate", "uphill"),
    "twice": ("keepdims=True)\n        losses", "keepdims=True)\n        e = np.exp(p); p = e / e.sum("
              "axis=1, keepdims=True)\n        losses", "taken twice"),
}  # fmt: skip


def made(source):
    space = {"np": np}
    exec(source, space)
    return space["train"]


def with_slips(*names):
    source = RIGHT
    for name in names:
        old, new, _ = SLIPS[name]
        assert source.count(old) == 1, name
        source = source.replace(old, new)
    return made(source)


@pytest.mark.parametrize("name", SLIPS)
def test_one_slip(name):
    try_wrong(check_mended_softmax, (with_slips(name), ("1 slip is left", SLIPS[name][2])))


PLANTED = ("no shift", "axis", "columns", "sum", "columns lowered", "not over n")


@pytest.mark.parametrize("mended", PLANTED)
def test_all_planted_but_one(mended):
    left = [name for name in PLANTED if name != mended]
    check = check_mended_softmax(with_slips(*left))
    assert "5 slips are left. One of them" in check.message
    assert sum(SLIPS[name][2] in check.message for name in left) == 1  # the others are to be found
    assert SLIPS[mended][2] not in check.message
    case = (with_slips(*left[:3]), ("3 slips are left", *(SLIPS[n][2] for n in left[:3])))
    try_wrong(check_mended_softmax, case)


def test_the_lesson_s_program_has_six():
    source = re.search(r"^def train\(x, labels.*?return losses, w$", LESSON.read_text(), re.M | re.S)[0]
    try_wrong(check_mended_softmax, (made(source), ("6 slips are left", "Mend one, and run again")))


def test_nothing_known():
    def half(*given):
        losses, w = made(RIGHT)(*given)
        return losses, 0.5 * w

    try_wrong(check_mended_softmax, (half, ("first loss is right",)))
    first_off = lambda *a: ([9.0] * 4, made(RIGHT)(*a)[1])  # noqa: E731
    try_wrong(check_mended_softmax, (first_off, ("the first loss should be", "yours is 9")))
    later_off = lambda *a: ([made(RIGHT)(*a)[0][0], 9.0, 9.0, 9.0], made(RIGHT)(*a)[1])  # noqa: E731
    try_wrong(check_mended_softmax, (later_off, ("losses are not",)))


def with_lists(x, labels, w, rate, steps):
    y = np.eye(labels.max() + 1)[labels]
    losses = np.empty(steps)
    for step in range(steps):
        z = x @ w
        log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
        losses[step] = -(y * log_p).sum() / len(x)
        w = w + rate / len(x) * x.T @ (y - np.exp(log_p))
    return losses, w.tolist()


@pytest.mark.parametrize("answer", [made(RIGHT), with_lists])
def test_right(answer):
    try_right(check_mended_softmax, answer)


def test_no_answers(no_answer):
    assert not check_mended_softmax(no_answer).passed
