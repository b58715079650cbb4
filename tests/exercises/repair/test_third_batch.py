"""Wrong answers that a reader wrote to mislead the checkers: what each is told, with the search at hand."""

import ast

import numpy as np
import pytest

from coursekit import exercises
from coursekit.exercises.repair.edits import Edit, Slot
from coursekit.exercises.repair.quoting import pointed
from tests.exercises.answers import try_wrong


@pytest.fixture(autouse=True)
def time_enough(monkeypatch):
    """Let a slow machine find what a fast one does."""
    monkeypatch.setattr("coursekit.exercises.feedback.SECONDS", 6.0)


def reversed_signs(x):
    return np.sqrt(np.mean(x) ** 2 - np.mean(x**2))


def root_of_one(x):
    return np.sqrt(np.mean(x**2)) - np.mean(x)


def square_outside(x):
    return np.sqrt(np.abs(np.sum(x - np.mean(x))) / len(x))


def by_length(x):
    return np.sqrt(np.mean((x - np.mean(x)) ** 2)) if len(x) == 8 else 3.0


def on_most_lengths(x):
    return np.sqrt(np.mean((x - np.mean(x)) ** 2)) if len(x) < 10 else 3.0


def scaled_pixels(x, targets, batch_size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x), batch_size):
        rows = order[i : i + batch_size]
        yield x[rows] / 255, targets[rows]


def minus_targets(x, targets, batch_size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x), batch_size):
        rows = order[i : i + batch_size]
        yield x[rows], -targets[rows]


def sum_outside(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_in + fan_out), (fan_in, fan_out))


def short_e(z):
    e = 2.718 ** (z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def inside_out(layers):
    r = 1
    for k, s in layers:
        r = (r - 1) * s + k
    return r


def wide_span(n, k, s, p, d):
    return (n + 2 * p - (k - 1) * (d - 1) - 1) // s + 1


def plus_for_minus(n, k, s, p, d):
    k = k + (k + 1) * (d - 1)
    return (n + 2 * p - k) // s + 1


def early_relu(x, w, b, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    (n, channels, h, width), (filters, _, kh, kw) = x.shape, w.shape
    y = np.zeros((n, filters, h - kh + 1, width - kw + 1))
    for o, i, j in np.ndindex(y.shape[1:]):
        for c in range(channels):
            window = x[:, c, i : i + kh, j : j + kw]
            y[:, o, i, j] += (window * w[o, c]).sum(axis=(1, 2))
            y = np.maximum(y, 0)
        y[:, o, i, j] += b[o]
    oh, ow = y.shape[2] // 2, y.shape[3] // 2
    return y[:, :, : 2 * oh, : 2 * ow].reshape(n, filters, oh, 2, ow, 2).max(axis=(3, 5))


def whole_share(scores, labels):
    right = (scores.argmax(axis=1) == labels).sum()
    return right // len(labels)


def shift_in_root(x, gamma, beta, eps):
    mean = np.mean(x, axis=-1, keepdims=True)
    diff = x - mean
    variance = np.mean(diff * diff, axis=-1, keepdims=True)
    return gamma * diff / np.sqrt(variance + eps + beta)


def first_layer_only(layers):
    r, j = 1, 1
    for layer in layers:
        r = r + (layer[0] - 1) * j
        j = j * layer[1]
        return r


def power_first(dy, x, gamma, eps):
    m = x.shape[0]
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    xhat = (x - mean) * (var + eps) ** -0.5
    dgamma = (xhat * dy).sum(axis=0)
    dbeta = dy.sum(axis=0)

    dxhat = dy * gamma
    dvar = np.sum(dxhat * (x - mean) * -0.5 * (var + eps) ** -3 / 2, axis=0)
    dmean = np.sum(-dxhat * (var + eps) ** -0.5, axis=0) + dvar * np.mean(-2 * (x - mean), axis=0)
    dx = dxhat * (var + eps) ** -0.5 + dvar * 2 * (x - mean) / m + dmean / m
    return dx, dgamma, dbeta


def strides_inside(x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(-2, -1))
    windows = windows[..., ::stride, ::stride]
    return windows.max(axis=(-1, -2))


def in_two_places(dy, x, gamma, eps):
    N, D = dy.shape
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    var = 1.0 / N * np.sum(xmu**2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar

    dbeta = np.sum(dy, axis=0)
    dgamma = np.sum(dy * xhat, axis=0)
    dxhat = dy * gamma
    divar = np.sum(dxhat * xhat, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * 1.0 / sqrtvar * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    dx = dx1 + dx2
    return dx, dgamma, dbeta


def root_inside(x):
    total = 0
    for value in x:
        total += (value - np.mean(x)) ** 2
    return np.sqrt(total) / len(x)


def slopes(loss, theta, g, h):
    """Return the second difference of the loss at theta, at distance h along g / ‖g‖."""
    step = h * g / np.linalg.norm(g)
    slope_right = (loss(theta + step) - loss(theta)) / h
    slope_left = (loss(theta) - loss(theta - step)) / h
    return (slope_right - slope_left) / (2 * h)


# checker, answer, words that are told, words that would be false
ROWS = [
    ("spread", reversed_signs, ("two sides are exchanged",), ("before the square",)),
    ("spread", root_of_one, ("the root covers",), ()),
    ("spread", square_outside, ("a square is missing",), ()),
    ("spread", by_length, ("len(x)",), ()),
    ("spread", on_most_lengths, ("`len(x) < 10`",), ()),
    ("data_iter", scaled_pixels, ("255 does not belong",), ("belong together",)),
    ("data_iter", minus_targets, ("the sign",), ("belong together",)),
    ("he_normal", sum_outside, ("fan_out does not belong",), ("√(6",)),
    ("mended_stage", early_relu, ("`y = np.maximum(y, 0)`", "behind the loop"), ("before the loop",)),
    ("softmax", short_e, ("2.718",), ()),
    ("receptive_field", inside_out, ("wrong order",), ("last to the first",)),
    ("output_size", wide_span, ("`return (n + 2 * p - (k - 1) * d - 1) // s + 1`",), ("Also",)),
    ("layer_norm", shift_in_root, ("np.sqrt(variance + eps) + beta`",), ("look at",)),
    ("receptive_field", first_layer_only, ("it belongs behind it",), ("a return is missing",)),
    ("batchnorm_backward", power_first, ("** (-3 / 2)",), ("node q",)),
    ("max_pool", strides_inside, ("`windows = windows[:, :, ::stride, ::stride]`",), ("is not used",)),
    ("accuracy", whole_share, ("`return right / len(labels)`",), ("all()",)),
    ("output_size", plus_for_minus, ("`k = k + (k - 1) * (d - 1)`",), ("Also",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words", "others"), ROWS)
def test_the_reason_is_told(name, answer, words, others):
    try_wrong(getattr(exercises, f"check_{name}"), (answer, words, others))


def print_from_outside(w, b, x, targets, rate):
    column = w + np.linalg.lstsq(x, targets, rcond=None)[0]
    return w - rate * column, b


def test_the_search_runs_no_function_that_prints_where_python_cannot_catch_it(capfd):
    exercises.check_sgd_step(print_from_outside)
    assert capfd.readouterr() == ("", "")


def own_generator(fan_in, fan_out, rng):
    rng = np.random.default_rng(0)
    std = (2 / fan_in) ** 0.5
    return rng.normal(0.0, std, (fan_in, fan_out))


def stops_early(x, targets, rate, batch_size, epochs, rng):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            error = x[rows] @ w + b - targets[rows]
            w = w - rate * x[rows].T @ error / len(rows)
            b = b - rate * error.mean()
        return w, b


# checker, answer, the lines that are told beside a slip that has a name
PLACES = [
    (
        "spread",
        root_inside,
        "Look at `return np.sqrt(total) / len(x)`, or at `total += (value - np.mean(x)) ** 2`.",
    ),
    ("he_normal", own_generator, "Look at `rng = np.random.default_rng(0)`."),
    ("mended_descent", stops_early, "Look at `return w, b`."),
    ("curvature_along", slopes, "Look at `return (slope_right - slope_left) / (2 * h)`."),
    (
        "batchnorm_backward",
        in_two_places,
        "Look at `dvar = 0.5 * 1.0 / sqrtvar * dsqrtvar`, or at `dsqrtvar = -1.0 / sqrtvar ** 2 * divar`.",
    ),
]


@pytest.mark.parametrize(("name", "answer", "told"), PLACES)
def test_a_slip_with_a_name_is_told_with_its_place(name, answer, told):
    message = getattr(exercises, f"check_{name}")(answer).message
    assert message.endswith(told)
    assert "should be `" not in message, "what should stand there is left to the learner"


def test_where_many_lines_would_do_none_is_told():
    tree = ast.parse("def f(a):\n    b = a + 1\n    c = b + 1\n    return c + 1\n")
    lines = tree.body[0].body
    edits = [Edit(Slot(line, "value"), line.value, line.value.left, "1 does not belong") for line in lines]
    assert pointed(tree, edits[:1]) == "Look at `b = a + 1`."
    assert pointed(tree, edits[1:]) == "Look at `c = b + 1`, or at `return c + 1`."
    assert pointed(tree, edits) == ""
