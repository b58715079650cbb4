"""The checkers of lesson 03: right ways pass in several styles, slips are named, alone and together."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from coursekit import nn
from coursekit.exercises import check_accuracy, check_mended_training, check_training_step
from coursekit.exercises.lesson_03.training import SCORED
from coursekit.exercises.slips.classifier import WRONG_ACCURACIES
from tests.exercises.answers import try_right, try_wrong


def by_counting(scores, labels):
    right = 0
    for row, label in zip(scores, labels, strict=True):
        right += max(range(len(row)), key=lambda k: row[k]) == label
    return right / len(labels)


ACCURACY_RIGHT = [
    lambda s, y: (s.argmax(axis=1) == y).mean(),
    lambda s, y: np.mean(np.argmax(s, 1) == y),
    lambda s, y: np.sum(s.argmax(-1) == y) / len(y),
    lambda s, y: 1 - np.count_nonzero(s.argmax(1) - y) / y.size,
    lambda s, y: float((np.argsort(s)[:, -1] == y).astype("float32").mean()),
    by_counting,
]
ACCURACY_WRONG = {
    "axis 0": (lambda s, y: (s.argmax(axis=0) == y).mean(), ("Along axis 0",)),
    "count": (lambda s, y: (s.argmax(1) == y).sum(), ("you count the right answers",)),
    "wrong": (lambda s, y: (s.argmax(1) != y).mean(), ("share of wrong answers",)),
    "wrong, counted": (lambda s, y: (s.argmax(1) != y).sum(), ("count the wrong answers",)),
    "percent": (lambda s, y: 100 * (s.argmax(1) == y).mean(), ("you return percent",)),
    "argmin": (lambda s, y: (s.argmin(1) == y).mean(), ("argmin takes the smallest",)),
    "keepdims": (lambda s, y: (s.argmax(1, keepdims=True) == y).mean(), ("with every label",)),
    "max": (lambda s, y: (s.max(1) == y).mean(), ("max is the largest score itself",)),
    "classes": (lambda s, y: (s.argmax(1) == y).sum() / s.shape[1], ("number of classes",)),
    "size": (lambda s, y: (s.argmax(1) == y).sum() / s.size, ("number of scores",)),
    "from 1": (lambda s, y: (s.argmax(1) + 1 == y).mean(), ("counts from 0",)),
    "labels": (lambda s, y: y.mean(), ("= assigns, == compares",)),
    "labels added": (lambda s, y: y.sum(), ("add up the labels",)),
    "probability": (
        lambda s, y: nn.softmax(s)[np.arange(len(y)), y].mean(),
        ("mean probability of the labels",),
    ),
    "half": (lambda s, y: (nn.softmax(s)[np.arange(len(y)), y] > 0.5).mean(), ("less than 0.5",)),
    "no axis": (lambda s, y: (s.argmax() == y).mean(), ("at all scores at once",)),
    "first": (lambda s, y: float(s[0].argmax() == y[0]), ("return inside the loop",)),
    "each": (lambda s, y: (s.argmax(1) == y).astype(float), ("take the mean",)),
    "in place": (lambda s, y: (s.__isub__(1.0).argmax(1) == y).mean(), ("changes an array",)),
    "bool": (lambda s, y: bool((s.argmax(1) == y).all()), ("numbers",)),
    "dots": (lambda s, y: ..., ("returns nothing yet",)),
    "another": (lambda s, y: 0.5, ("of 23 samples",)),
}


@pytest.mark.parametrize("answer", ACCURACY_RIGHT)
def test_right_accuracies_pass(answer):
    try_right(check_accuracy, answer)


@pytest.mark.parametrize("name", ACCURACY_WRONG)
def test_wrong_accuracies_are_named(name):
    try_wrong(check_accuracy, ACCURACY_WRONG[name])


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def step(
    scores=lambda w, b, x: x @ w + b,
    soft=nn.softmax,
    target=lambda p, y: p - one_hot(y, p.shape[1]),
    by=lambda x, p: 1 / len(x),
    move=lambda old, g, rate: old - rate * g,
):
    def answer(w, b, x, labels, rate):
        p = soft(scores(w, b, x))
        g = target(p, labels) * by(x, p)
        return move(w, x.T @ g, rate), move(b, g.sum(axis=0), rate)

    return answer


def indexed(w, b, x, labels, rate):
    p = nn.softmax(x @ w + b)
    p[np.arange(len(labels)), labels] -= 1
    return w - rate * x.T @ p / len(x), b - rate * p.mean(axis=0)


def with_the_package(w, b, x, labels, rate):
    _, slope = nn.softmax_cross_entropy(x @ w + b, labels)
    return w - rate * x.T @ slope, b - rate * slope.sum(axis=0)


def in_a_loop(w, b, x, labels, rate):
    of_w, of_b = np.zeros_like(w), np.zeros_like(b)
    for row, label in zip(x, labels, strict=True):
        e = np.exp(row @ w + b)
        g = e / e.sum()
        g[label] -= 1
        of_w, of_b = of_w + np.outer(row, g), of_b + g
    return w - rate * of_w / len(x), b - rate * of_b / len(x)


def plus_of_the_minus(w, b, x, labels, rate):
    g = one_hot(labels, len(b)) - nn.softmax(x @ w + b)
    return w + rate * x.T @ g / len(x), b + rate * g.mean(axis=0)


STEP_RIGHT = [step(), indexed, with_the_package, in_a_loop, plus_of_the_minus]


def columns(p, y):
    p = p.copy()
    p[:, y] -= 1
    return p


def w_then_b(w, b, x, labels, rate):
    new, _ = step()(w, b, x, labels, rate)
    return new, step()(new, b, x, labels, rate)[1]


STEP_WRONG = {
    "no b": (step(scores=lambda w, b, x: x @ w), ("b is missing in the scores",)),
    "axis 0": (step(soft=lambda s: nn.softmax(s.T).T), ("runs over the samples",)),
    "everything": (step(soft=lambda s: np.exp(s) / np.exp(s).sum()), ("runs over everything",)),
    "no softmax": (step(soft=lambda s: s), ("softmax is missing",)),
    "twice": (step(soft=lambda s: nn.softmax(nn.softmax(s))), ("softmax is taken twice",)),
    "sigmoid": (step(soft=nn.sigmoid), ("a sigmoid for each class",)),
    "argmax": (step(soft=lambda s: one_hot(s.argmax(1), s.shape[1])), ("argmax has no slope",)),
    "uphill": (step(move=lambda o, g, r: o + r * g), ("goes uphill",)),
    "y − p": (step(target=lambda p, y: one_hot(y, p.shape[1]) - p), ("goes uphill",)),
    "no y": (step(target=lambda p, y: p), ("y is not subtracted",)),
    "label": (step(target=lambda p, y: p - y[:, None]), ("the label itself is subtracted",)),
    "columns": (step(target=columns), ("whole columns",)),
    "sum": (step(by=lambda x, p: 1), ("summed over the batch",)),
    "mean of a mean": (step(by=lambda x, p: 1 / len(x) ** 2), ("batch size twice",)),
    "classes": (step(by=lambda x, p: 1 / p.shape[1]), ("number of classes",)),
    "all": (step(by=lambda x, p: 1 / p.size), ("over the classes too",)),
    "factor 2": (step(by=lambda x, p: 2 / len(x)), ("factor 2",)),
    "no rate": (step(move=lambda o, g, r: o - g), ("rate is missing",)),
    "gradients": (step(move=lambda o, g, r: g), ("return the gradients",)),
    "change": (step(move=lambda o, g, r: -r * g), ("the change alone",)),
    "b stays": (lambda w, b, x, y, r: (step()(w, b, x, y, r)[0], b), ("b does not change",)),
    "w then b": (w_then_b, ("b uses scores that the new w has changed",)),
    "two": (
        step(scores=lambda w, b, x: x @ w, by=lambda x, p: 1),
        ("b is missing", "Also, the gradient is summed"),
    ),
    "w alone": (lambda w, b, x, y, r: w, ("return two things",)),
    "turned round": (lambda w, b, x, y, r: step()(w, b, x, y, r)[::-1], ("the new w should have",)),
    "in place": (lambda w, b, x, y, r: (w.__isub__(1.0), b), ("changes an array",)),
    "dots": (lambda w, b, x, y, r: ..., ("returns nothing yet",)),
    "another": (lambda w, b, x, y, r: (w + 1, b), ("not by a slip", "row of p has the sum 1")),
}


@pytest.mark.parametrize("answer", STEP_RIGHT)
def test_right_steps_pass(answer):
    try_right(check_training_step, answer)


@pytest.mark.parametrize("name", STEP_WRONG)
def test_wrong_steps_are_named(name):
    try_wrong(check_training_step, STEP_WRONG[name])


def test_a_step_by_hand():
    # Scores 0 and 0: p = ½, ½; label 1: p − y = ½, −½; x = 2, rate 1: w loses 1, −1; b loses ½, −½.
    for answer in STEP_RIGHT:
        w, b = answer(np.zeros((1, 2)), np.zeros(2), np.array([[2.0]]), np.array([1]), 1.0)
        np.testing.assert_allclose(w, [[-1, 1]])
        np.testing.assert_allclose(b, [-0.5, 0.5])


def loop(
    fresh=True, compared=True, w_mean=True, b_mean=True, shuffled=True, last=True, summed=True, minus=True,
    whole=True, called=True,
):  # fmt: skip
    """The loop of the lesson with each of its errors in or out."""

    def train(x, labels, rate, batch_size, epochs, rng):
        w, b, history = np.zeros((x.shape[1], 10)), np.zeros(10), []
        loss, right = 0.0, 0
        for _ in range(epochs):
            order = rng.permutation(len(x)) if shuffled else np.arange(len(x))
            if fresh:
                loss, right = 0.0, 0
            for start in range(0, len(x) if last else len(x) - batch_size + 1, batch_size):
                rows = order[start : start + batch_size]
                y = labels[rows] if whole else labels[rows].astype("float32")
                p = nn.softmax(x[rows] @ w + b)
                lost = -np.log(p[np.arange(len(y)), y])
                loss += (lost.sum() if called else lost.sum) if summed else lost.mean()
                right += (p.argmax(axis=1) == y).sum() if compared else y.sum()
                p[np.arange(len(y)), y] -= 1
                w = w - rate * x[rows].T @ p / (len(rows) if w_mean else 1)
                b = b - rate * p.sum(axis=0) / (len(rows) if b_mean else 1)
            history.append((loss / len(x) * (1 if minus else -1), right / len(x)))
        return w, b, history

    return train


LOOP_SAYS = {
    "fresh": "go on from epoch to epoch",
    "compared": "= assigns, == compares",
    "w_mean": "w's gradient is not averaged",
    "b_mean": "b's gradient is not averaged",
    "shuffled": "not shuffled",
    "last": "the short last batch is left out",
    "summed": "the loss is a mean over the batch",
}
STOPS = {"called": "sum is not called", "whole": "the labels are made floats"}


def test_the_mended_loop_passes():
    try_right(check_mended_training, loop())


@pytest.mark.parametrize("left", [c for k in (1, 2, 4) for c in itertools.combinations(LOOP_SAYS, k)])
def test_what_is_left_is_said(left):
    others = [said for name, said in LOOP_SAYS.items() if name not in left]
    answer = loop(**dict.fromkeys(left, False))
    try_wrong(check_mended_training, (answer, [LOOP_SAYS[name] for name in left], others))


@pytest.mark.parametrize("name", STOPS)
def test_what_stops_the_program_comes_first(name):
    try_wrong(check_mended_training, (loop(**{name: False}, fresh=False), ("stops", STOPS[name])))


def test_a_lost_minus_is_named():
    try_wrong(check_mended_training, (loop(minus=False), ("lacks its minus",)))


def test_what_fits_nothing_is_located():
    def off(*given):
        w, b, history = loop()(*given)
        return w + 1, b, history

    def counted_otherwise(*given):
        w, b, history = loop()(*given)
        return w, b, [(loss + 7, right) for loss, right in history]

    try_wrong(check_mended_training, (off, ("something is left", "change w and b")))
    try_wrong(check_mended_training, (counted_otherwise, ("the history is not",)))
    try_wrong(check_mended_training, (lambda *given: loop()(*given)[:2], ("return three things",)))


def test_no_answers_are_answered(no_answer):
    for check in (check_accuracy, check_training_step, check_mended_training):
        assert not check(no_answer).passed


def test_no_two_slips_in_accuracy_come_out_alike():
    found = [tuple(float(f(s, y)) for s, y in SCORED) for f, _ in WRONG_ACCURACIES]
    found.append(tuple((s.argmax(axis=1) == y).mean() for s, y in SCORED))
    for one, other in itertools.combinations(found, 2):
        assert np.abs(np.subtract(one, other)).max() > 1e-3


MENDS = (
    (None, None, ("the labels are made floats",)),
    ('.astype("float32")', "", ("sum is not called",)),
    (".sum\n", ".sum()\n", ("w's gradient is not averaged", "go on from epoch to epoch", "= assigns")),
    ("@ p\n", "@ p / len(rows)\n", ("go on from epoch to epoch", "= assigns")),
    ("answers = y\n", "answers = answers == y\n", ("go on from epoch to epoch",)),
)


def test_the_loop_of_the_lesson_is_mended_step_by_step():
    script = (Path(__file__).parents[3] / "lessons" / "03_training_a_classifier.py").read_text("utf-8")
    source = script[script.index("def train(") : script.index("exercises.check_mended_training")]
    found = {"np": np, "nn": nn}
    for before, after, said in MENDS:
        if before:
            assert source.count(before) == 1
            source = source.replace(before, after)
        exec(source, found)
        try_wrong(check_mended_training, (found["train"], said))
    source = source.replace("        order =", "        loss, right = 0.0, 0\n        order =")
    exec(source, found)
    try_right(check_mended_training, found["train"])
