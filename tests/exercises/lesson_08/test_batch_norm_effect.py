"""The checkers of lesson 08."""

import re

import numpy as np
import pytest

from coursekit.exercises import check_curvature_along, check_filter_normalise

norm = np.linalg.norm

FILTER_RIGHT = {
    "lengths": lambda d, W: d * norm(W, axis=0) / norm(d, axis=0),
    "roots": lambda d, W: d * np.sqrt((W**2).sum(0) / (d**2).sum(0)),
    "column by column": lambda d, W: np.stack(
        [d[:, j] / norm(d[:, j]) * norm(W[:, j]) for j in range(W.shape[1])], axis=1
    ),
    "einsum": lambda d, W: d * np.sqrt(np.einsum("ij,ij->j", W, W) / np.einsum("ij,ij->j", d, d)),
    "a list": lambda d, W: (d * norm(W, axis=0) / norm(d, axis=0)).tolist(),
    "matrix product": lambda d, W: d @ np.diag(norm(W, axis=0) / norm(d, axis=0)),
}
FILTER_WRONG = {
    "as it is": (lambda d, W: d, "you return d as it is"),
    "rows": (lambda d, W: d * (norm(W, axis=1) / norm(d, axis=1))[:, None], "you scale rows"),
    "all at once": (lambda d, W: d * norm(W) / norm(d), "by one factor"),
    "length 1": (lambda d, W: d / norm(d, axis=0), "length 1 now"),
    "d's length forgotten": (lambda d, W: d * norm(W, axis=0), "divide by the length of d's own"),
    "upside down": (lambda d, W: d * norm(d, axis=0) / norm(W, axis=0), "upside down"),
    "squared": (lambda d, W: d * (W**2).sum(0) / (d**2).sum(0), "not squared"),
    "standard deviations": (lambda d, W: d * W.std(0) / d.std(0), "no standard deviation"),
    "entry by entry": (lambda d, W: d * np.abs(W), "entry by entry"),
    "sizes": (lambda d, W: d * abs(W).sum(0) / abs(d).sum(0), "not the sum of sizes"),
    "W": (lambda d, W: W, "you return W"),
    "minus": (lambda d, W: -d * norm(W, axis=0) / norm(d, axis=0), "sign"),
    "lengths of rows": (lambda d, W: d * norm(W, axis=1) / norm(d, axis=1), "lengths of rows"),
    "W's sizes": (lambda d, W: d * abs(W) / abs(d), "W's sizes with d's signs"),
    "another direction": (
        lambda d, W: np.abs(d) * norm(W, axis=0) / norm(d, axis=0),
        "the right length, and another direction",
    ),
    "something added": (lambda d, W: d * norm(W, axis=0) / (norm(d, axis=0) + 1e-4), "something added"),
    "complex": (lambda d, W: d * norm(W, axis=0) / norm(d, axis=0) + 0j, "array of numbers"),
    "transposed": (lambda d, W: d.T, r"shape \(5, 3\); yours has \(3, 5\)"),
    "a number": (lambda d, W: 1.0, r"shape \(5, 3\); yours has \(\)"),
    "three times": (lambda d, W: 3 * d * norm(W, axis=0) / norm(d, axis=0), "yours have 3, 3, 3 times"),
}


def direction(g):
    return g / norm(g)


CURVE_RIGHT = {
    "as written": lambda f, t, g, h: (f(t + h * direction(g)) - 2 * f(t) + f(t - h * direction(g))) / h**2,
    "difference of slopes": lambda f, t, g, h: (
        ((f(t + h * direction(g)) - f(t)) / h - (f(t) - f(t - h * direction(g))) / h) / h
    ),
    "smaller steps": lambda f, t, g, h: (
        (f(t + h / 8 * direction(g)) - 2 * f(t) + f(t - h / 8 * direction(g))) / (h / 8) ** 2
    ),
    "lists": lambda f, t, g, h: (
        (f((t + h * direction(g)).tolist()) - 2 * f(tuple(t)) + f(list(t - h * direction(g)))) / h**2
    ),
    "an array of no axes": lambda f, t, g, h: np.array(
        (f(t + h * direction(g)) - 2 * f(t) + f(t - h * direction(g))) / h**2
    ),
}


def with_values(formula):
    def curvature_along(f, t, g, h):
        v = direction(g)
        return formula(f(t + h * v), f(t), f(t - h * v), h)

    return curvature_along


CURVE_WRONG = {
    "g not made 1 long": (
        lambda f, t, g, h: (f(t + h * g) - 2 * f(t) + f(t - h * g)) / h**2,
        "divide it by its length",
    ),
    "h": (with_values(lambda up, mid, down, h: (up - 2 * mid + down) / h), "by h², not by h"),
    "no h": (with_values(lambda up, mid, down, h: up - 2 * mid + down), "divide by h²"),
    "2h": (with_values(lambda up, mid, down, h: (up - 2 * mid + down) / (2 * h)), "that divides by 2h"),
    "no 2": (with_values(lambda up, mid, down, h: (up - mid + down) / h**2), "counts twice"),
    "plus 2": (with_values(lambda up, mid, down, h: (up + 2 * mid + down) / h**2), "is subtracted"),
    "slope": (with_values(lambda up, mid, down, h: (up - down) / (2 * h)), "the first derivative"),
    "one side": (with_values(lambda up, mid, down, h: (up - mid) / h), "slope to one side"),
    "no sign": (
        with_values(lambda up, mid, down, h: abs(up - 2 * mid + down) / h**2),
        "take no absolute value",
    ),
    "complex": (with_values(lambda up, mid, down, h: (up - 2 * mid + down) / h**2 + 0j), "numbers"),
    "nearly": (
        lambda f, t, g, h: CURVE_RIGHT["as written"](f, t, g, h) + 1e-4,
        "is 2.75697; yours is 2.75707",
    ),
    "nan": (with_values(lambda up, mid, down, h: np.nan), "holds nan"),
    "sign": (with_values(lambda up, mid, down, h: (2 * mid - up - down) / h**2), "turned around"),
    "half": (with_values(lambda up, mid, down, h: (up - 2 * mid + down) / (2 * h**2)), "no 2 below"),
    "2h squared": (with_values(lambda up, mid, down, h: (up - 2 * mid + down) / (4 * h**2)), "not 4 h²"),
    "at 0": (
        lambda f, t, g, h: (f(h * direction(g)) - 2 * f(0 * g) + f(-h * direction(g))) / h**2,
        "start at theta, not at 0",
    ),
    "brackets": (with_values(lambda up, mid, down, h: up - 2 * mid + down / h**2), "mind the brackets"),
    "every coordinate": (lambda f, t, g, h: (f(t + h) - 2 * f(t) + f(t - h)) / h**2, "every coordinate"),
    "a number for a point": (lambda f, t, g, h: f(h), "loss wants a point"),
    "a vector": (lambda f, t, g, h: g, "one number"),
    "other": (lambda f, t, g, h: 17.0, "yours is 17"),
}


@pytest.mark.parametrize("answer", FILTER_RIGHT.values(), ids=FILTER_RIGHT)
def test_right_directions_pass(answer):
    feedback = check_filter_normalise(answer)
    assert feedback.passed, feedback.message


@pytest.mark.parametrize(("answer", "words"), FILTER_WRONG.values(), ids=FILTER_WRONG)
def test_wrong_directions_are_named(answer, words):
    feedback = check_filter_normalise(answer)
    assert not feedback.passed
    assert re.search(words, feedback.message), feedback.message


def test_writing_into_the_inputs_is_named():
    def in_place(d, W):
        d *= norm(W, axis=0) / norm(d, axis=0)
        return d

    assert "changes an array that it was given" in check_filter_normalise(in_place).message


@pytest.mark.parametrize("answer", CURVE_RIGHT.values(), ids=CURVE_RIGHT)
def test_right_curvatures_pass(answer):
    feedback = check_curvature_along(answer)
    assert feedback.passed, feedback.message


@pytest.mark.parametrize(("answer", "words"), CURVE_WRONG.values(), ids=CURVE_WRONG)
def test_wrong_curvatures_are_named(answer, words):
    feedback = check_curvature_along(answer)
    assert not feedback.passed
    assert words in feedback.message, feedback.message


@pytest.mark.parametrize("check", [check_filter_normalise, check_curvature_along])
def test_what_is_no_answer_is_refused(check, no_answer):
    feedback = check(no_answer)
    assert not feedback.passed
    assert feedback.message
