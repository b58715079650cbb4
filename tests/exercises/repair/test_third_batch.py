"""Wrong answers that a reader wrote to mislead the checkers: what each is told, with the search at hand."""

import numpy as np
import pytest

from coursekit import exercises
from tests.exercises.answers import try_wrong


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
