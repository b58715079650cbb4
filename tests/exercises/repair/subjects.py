"""Right programs of several subjects, with numbers to try them on, and what the search asks of them."""

import copy
import linecache

import numpy as np

from coursekit import nn
from coursekit.exercises.asking import TENTHS
from coursekit.exercises.repair.search import BROKEN
from tests.exercises.lesson_01.test_edited import CROSS, SOFTMAX
from tests.exercises.lesson_02.test_edited import DATA, MOMENTUM, STEP
from tests.exercises.lesson_05.test_edited import XAVIER
from tests.exercises.lesson_06.test_edited import FORWARD
from tests.exercises.lesson_07.test_edited import BACKWARD
from tests.exercises.lesson_09.test_edited import GROUP, LAYER

ACCURACY = """
def accuracy(scores, labels):
    hits = 0
    for i in range(len(labels)):
        if np.argmax(scores[i]) == labels[i]:
            hits += 1
    return hits / len(labels)
"""
FIELD = """
def field(layers):
    sees, jump = 1, 1
    for k, s in layers:
        sees += (k - 1) * jump
        jump *= s
    return sees
"""
EFFECT = """
def effect(with_it, without, t):
    d = with_it - without
    n = len(d)
    mean = d.sum() / n
    s = np.sqrt(((d - mean) ** 2).sum() / (n - 1))
    return mean, t * s / np.sqrt(n)
"""
SPREAD = """
def spread(x):
    m = np.mean(x)
    d = x - m
    return np.sqrt(np.mean(d ** 2))
"""
DROPOUT = """
def dropout(x, p, training, rng):
    if not training or p == 0:
        return x
    kept = rng.random(x.shape) >= p
    return x * kept / (1 - p)
"""
POOL = """
def pool(x, size):
    n = (len(x) - size) // size + 1
    y = np.zeros(n)
    for i in range(n):
        y[i] = x[i * size : i * size + size].max()
    return y
"""
ADAM = """
def adam(w, g, m, v, rate, a, b, t):
    m = a * m + (1 - a) * g
    v = b * v + (1 - b) * g ** 2
    m_hat = m / (1 - a ** t)
    v_hat = v / (1 - b ** t)
    w = w - rate * m_hat / (np.sqrt(v_hat) + 1e-8)
    return w, m, v
"""
DISTANCES = """
def distances(a, b):
    found = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            d = a[i] - b[j]
            found[i, j] = np.sqrt(np.sum(d ** 2))
    return found
"""
DESCENT = """
def descent(w, x, y, rate, steps):
    w = w.copy()
    losses = []
    for _ in range(steps):
        error = x @ w - y
        losses.append(np.mean(error ** 2))
        w -= rate * x.T @ error / len(x)
    return w, losses
"""
CLIPPED = """
def clipped(g, most):
    norm = np.sqrt(np.sum(g ** 2))
    if norm > most:
        g = g * most / norm
    return g
"""


def _numbers(*shape, seed=1):
    return np.random.default_rng(seed).normal(0.3, 1, shape)


def _labels(n, k):
    return np.random.default_rng(2).integers(0, k, n)


def _scores(n, k, seed):
    """Return scores, and labels that the best of other scores gives: with seed 1 all are right."""
    return _numbers(n, k), _numbers(n, k, seed=seed).argmax(axis=1)


X, W = _numbers(7, 3), _numbers(3, seed=3)
# of each subject: the program, and what it is called with
SUBJECTS = {
    "softmax": (SOFTMAX, [(_numbers(4, 3),), (_numbers(2, 5),)]),
    "cross_entropy": (CROSS, [(_numbers(4, 3), _labels(4, 3)), (_numbers(5, 2), _labels(5, 2))]),
    "step": (STEP, [(W, 0.4, X, _numbers(7, seed=4), 0.1)]),
    "momentum": (MOMENTUM, [(W, _numbers(3, seed=5), _numbers(3, seed=6), 0.1, 0.8)]),
    "batches": (DATA, [(X, _numbers(7, seed=4), 3, 5), (X, _numbers(7, seed=4), 2, 6)]),
    "xavier": (XAVIER, [(30, 20, 7), (4, 9, 8)]),
    "forward": (FORWARD, [(X, W + 2, W, W * 2, W**2, mode, 0.7, 0.01) for mode in (True, False)]),
    "backward": (BACKWARD, [(X, _numbers(7, 3, seed=8), W, 0.01)]),
    "layer": (LAYER, [(X, W + 2, W, 0.01)]),
    "group": (GROUP, [(_numbers(3, 4, 5, 2), _numbers(4), _numbers(4, seed=9), 2, 0.01)]),
    "accuracy": (ACCURACY, [_scores(9, 3, 1), _scores(7, 2, 1), _scores(8, 4, 5), _scores(11, 2, 6)]),
    "field": (FIELD, [([(5, 2), (2, 3), (3, 2)],), ([(4, 3), (2, 1), (3, 2), (2, 1)],), ([(7, 3)],)]),
    "effect": (EFFECT, [(_numbers(6), _numbers(6, seed=4), 2.1), (_numbers(4), _numbers(4, seed=5), 1.8)]),
    "spread": (SPREAD, [(_numbers(6),), (_numbers(9, seed=4) + 3,)]),
    "dropout": (DROPOUT, [(X, p, p != 0.3, 3) for p in (0.3, 0, 0.6)]),
    "pool": (POOL, [(_numbers(29), 3), (-(_numbers(31) ** 2), 2), (_numbers(30), 4)]),
    "adam": (ADAM, [(W, _numbers(3, seed=4), W**2, W**2 + 1, 0.3, 0.8, 0.9, t) for t in (1, 4)]),
    "distances": (DISTANCES, [(_numbers(4, 3), _numbers(2, 3, seed=4))]),
    "descent": (DESCENT, [(W, X, _numbers(7, seed=4), 0.1, 3)]),
    "clipped": (CLIPPED, [(W, 0.5), (W, 50.0), (np.array([3.0, 4.0]), 5.0), (_numbers(6), 1.0)]),
}
DRAWS = {"batches", "xavier", "dropout"}  # whose last argument is a seed


def with_source(program, name="a cell"):
    """Return what a program defines last; its source can be read, as that of a cell can."""
    file = f"<{name} {hash(program)}>"
    linecache.cache[file] = (len(program), None, program.splitlines(keepends=True), file)
    space = {"np": np, "nn": nn}
    exec(compile(program, file, "exec"), space)
    return list(space.values())[-1]


def asks(subject):
    """Return what the search asks of a changed program: how many tenths of the numbers are right."""
    program, problems = SUBJECTS[subject]
    draws = subject in DRAWS
    rights = [_answers(with_source(program), problem, draws) for problem in problems]

    def ask(function):
        good = []
        try:
            for problem, right in zip(problems, rights, strict=True):
                good += _agree(_answers(function, problem, draws), right)
        except Exception:
            return BROKEN
        return None if all(good) else f"{TENTHS} {'abcdefghijk'[int(10 * np.mean(good))]}"

    return ask


def _answers(function, problem, draws):
    """Return what a function gives, and what became of its arguments, as flat arrays."""
    given = copy.deepcopy(problem)
    given = (*given[:-1], np.random.default_rng(given[-1])) if draws else given
    value = function(*given)
    parts = value if isinstance(value, tuple) else tuple(value) if hasattr(value, "send") else (value,)
    flat = []
    for part in (*parts, *(given[:-1] if draws else given)):
        flat += [*part] if isinstance(part, tuple) else [part]
    return [np.asarray(part, float) for part in flat]


def _agree(answers, rights):
    if [a.shape for a in answers] != [r.shape for r in rights]:
        raise ValueError("other shapes")
    return [bool((abs(a - r) <= 1e-8 * (1 + abs(r))).all()) for a, r in zip(answers, rights, strict=True)]
