"""The checkers of lesson 09: many right ways, many wrong ones, each with its own name."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.exercises import check_group_norm, check_layer_norm
from tests.exercises.answers import once


def standard(x, axes, eps, ddof=0):
    mean = x.mean(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=axes, keepdims=True, ddof=ddof) + eps)


def sample_by_sample(x, gamma, beta, eps):
    rows = []
    for row in x:
        mean = sum(row) / len(row)
        var = sum((v - mean) ** 2 for v in row) / len(row)
        rows.append(
            [g * (v - mean) / (var + eps) ** 0.5 + b for v, g, b in zip(row, gamma, beta, strict=True)]
        )
    return rows


def by_transposing(x, gamma, beta, eps):
    t = x.T
    return (gamma[:, None] * ((t - t.mean(axis=0)) / np.sqrt(t.var(axis=0) + eps)) + beta[:, None]).T


def layer_of_the_course(x, gamma, beta, eps):
    layer = nn.LayerNorm(eps)
    layer.forward(x)
    layer.params["gamma"][...], layer.params["beta"][...] = gamma, beta
    return layer.forward(x)


def in_float32(x, gamma, beta, eps):
    return (gamma * standard(x.astype(np.float32), 1, np.float32(eps)) + beta).astype(np.float32)


LAYER_RIGHT = {
    "one line": lambda x, g, b, eps: g * standard(x, 1, eps) + b,
    "loops": sample_by_sample,
    "transposed": by_transposing,
    "the course's": layer_of_the_course,
    "float32": in_float32,
    "last axis": lambda x, g, b, eps: b + standard(x, -1, eps) * g,
    "E[x²] − E[x]²": lambda x, g, b, eps: (
        g * (x - x.mean(1)[:, None]) * ((x**2).mean(1) - x.mean(1) ** 2 + eps)[:, None] ** -0.5 + b
    ),
}


def centre(x, axes):
    return x - x.mean(axis=axes, keepdims=True)


def in_place(x, g, b, eps):
    x -= x.mean(axis=1, keepdims=True)
    return g * x / np.sqrt((x**2).mean(axis=1, keepdims=True) + eps) + b


def per_sample(axis):
    def answer(x, g, b, eps):
        scale, shift = (np.resize(v, len(x))[:, None] for v in (g, b))
        return scale * standard(x, axis, eps) + shift

    return answer


def running(x, g, b, eps):
    """Mix with a running mean of 0 and variance of 1, as batch norm's buffers start."""
    mean, var = 0.1 * x.mean(1, keepdims=True), 0.9 + 0.1 * x.var(1, keepdims=True)
    return g * (x - mean) / np.sqrt(var + eps) + b


LAYER_WRONG = {
    "batch": (lambda x, g, b, e: g * standard(x, 0, e) + b, "that is batch norm"),
    "all": (lambda x, g, b, e: g * standard(x, (0, 1), e) + b, "one mean and one variance of all"),
    "n - 1": (lambda x, g, b, e: g * standard(x, 1, e, 1) + b, "your variance divides by n - 1"),
    "no eps": (lambda x, g, b, e: g * standard(x, 1, 0) + b, "ε is missing"),
    "eps outside": (
        lambda x, g, b, e: g * centre(x, 1) / (x.std(axis=1, keepdims=True) + e) + b,
        "ε is added outside the root",
    ),
    "no root": (
        lambda x, g, b, e: g * centre(x, 1) / (x.var(axis=1, keepdims=True) + e) + b,
        "you divide by the variance",
    ),
    "no mean": (
        lambda x, g, b, e: g * x / np.sqrt(x.var(axis=1, keepdims=True) + e) + b,
        "you do not subtract the mean",
    ),
    "brackets": (
        lambda x, g, b, e: g * (x - x.mean(1, keepdims=True) / np.sqrt(x.var(1, keepdims=True) + e)) + b,
        "mind the brackets",
    ),
    "mean of x²": (
        lambda x, g, b, e: g * centre(x, 1) / np.sqrt((x**2).mean(1, keepdims=True) + e) + b,
        "yours is the mean of x²",
    ),
    "sum": (
        lambda x, g, b, e: g * centre(x, 1) / np.sqrt((centre(x, 1) ** 2).sum(1, keepdims=True) + e) + b,
        "do not divide the variance by n",
    ),
    "two slips": (lambda x, g, b, e: standard(x, 0, e) + b, "that is batch norm. Take them over"),
    "no keepdims": (lambda x, g, b, e: g * (x - x.mean(1)) / np.sqrt(x.var(1) + e) + b, "keepdims=True"),
    "only centred": (lambda x, g, b, e: g * centre(x, 1) + b, "you only subtract the mean"),
    "plain": (lambda x, g, b, e: standard(x, 1, e), "γ and β are forgotten"),
    "no beta": (lambda x, g, b, e: g * standard(x, 1, e), "β is forgotten"),
    "no gamma": (lambda x, g, b, e: standard(x, 1, e) + b, "γ is forgotten"),
    "order": (lambda x, g, b, e: g * (standard(x, 1, e) + b), "β is scaled too"),
    "swapped": (lambda x, g, b, e: b * standard(x, 1, e) + g, "γ and β are swapped"),
    "RMS": (
        lambda x, g, b, e: g * x / np.sqrt((x**2).mean(axis=1, keepdims=True) + e) + b,
        "that is RMSNorm",
    ),
    "gamma per sample": (per_sample(1), "γ and β act on samples"),
    "running": (running, "you mix in a running mean and variance"),
    "in place": (in_place, "your function changes an array that it was given"),
    "batch of one": (
        lambda x, g, b, e: g * standard(x, 1 if len(x) > 1 else 0, e) + b,
        "a batch of one comes out differently",
    ),
    "mean of rows": (lambda x, g, b, e: x.mean(axis=1), "y should have the shape"),
    "nan": (lambda x, g, b, e: x * np.nan, "holds nan"),
    "unfinished": (lambda x, g, b, e: ..., "returns nothing yet"),
}


def with_channels(x_hat, g, b):
    return g[:, None, None] * x_hat + b[:, None, None]


def by_reshape(x, g, b, groups, eps):
    return with_channels(standard(x.reshape(len(x), groups, -1), 2, eps).reshape(x.shape), g, b)


def by_loops(x, g, b, groups, eps):
    y = np.empty_like(x)
    size = x.shape[1] // groups
    for i in range(len(x)):
        for k in range(0, x.shape[1], size):
            y[i, k : k + size] = standard(x[i, k : k + size], (0, 1, 2), eps)
    return y * g.reshape(1, -1, 1, 1) + b.reshape(1, -1, 1, 1)


def by_five_axes(x, g, b, groups, eps):
    n, c, h, w = x.shape
    return with_channels(
        standard(x.reshape(n, groups, c // groups, h, w), (2, 3, 4), eps).reshape(x.shape), g, b
    )


def group_of_the_course(x, g, b, groups, eps):
    layer = nn.GroupNorm(groups, eps)
    layer.forward(x)
    layer.params["gamma"][...], layer.params["beta"][...] = g, b
    return layer.forward(x).tolist()


GROUP_RIGHT = {
    "reshape": by_reshape,
    "loops": by_loops,
    "five axes": by_five_axes,
    "the course's, as lists": group_of_the_course,
}


def grouped(axes, ddof=0):
    def answer(x, g, b, groups, eps):
        return with_channels(
            standard(x.reshape(len(x), groups, -1), axes, eps, ddof).reshape(x.shape), g, b
        )

    return answer


def over(axes):
    return lambda x, g, b, groups, eps: with_channels(standard(x, axes, eps), g, b)


def interleaved(x, g, b, groups, eps):
    y = np.empty_like(x)
    for k in range(groups):
        y[:, k::groups] = standard(x[:, k::groups], (1, 2, 3), eps)
    return with_channels(y, g, b)


def per_pixel(x, g, b, groups, eps):
    n, c, h, w = x.shape
    return with_channels(standard(x.reshape(n, groups, c // groups, h, w), 2, eps).reshape(x.shape), g, b)


def per_group(x, g, b, groups, eps):
    size = x.shape[1] // groups
    x_hat = standard(x.reshape(len(x), groups, -1), 2, eps).reshape(x.shape)
    return with_channels(x_hat, np.repeat(g[:groups], size), np.repeat(b[:groups], size))


def divided(how):
    def answer(x, g, b, groups, eps):
        z = x.reshape(len(x), groups, -1)
        return with_channels(how(z, eps).reshape(x.shape), g, b)

    return answer


def no_affine(x, g, b, groups, eps):
    return by_reshape(x, np.ones_like(g), np.zeros_like(b), groups, eps)


GROUP_WRONG = {
    "interleaved": (interleaved, "your groups are interleaved"),
    "instance": (over((2, 3)), "that is instance norm"),
    "layer": (over((1, 2, 3)), "that is layer norm"),
    "batch": (over((0, 2, 3)), "your statistics run over the batch"),
    "samples share": (grouped((0, 2)), "the samples share their statistics"),
    "pixel": (per_pixel, "every pixel has statistics"),
    "gamma per group": (per_group, "γ and β act on groups"),
    "n - 1": (grouped(2, 1), "your variance divides by n - 1"),
    "no eps": (divided(lambda z, e: standard(z, 2, 0)), "ε is missing"),
    "eps outside": (
        divided(lambda z, e: centre(z, 2) / (z.std(axis=2, keepdims=True) + e)),
        "ε is added outside the root",
    ),
    "no root": (
        divided(lambda z, e: centre(z, 2) / (z.var(axis=2, keepdims=True) + e)),
        "you divide by the variance",
    ),
    "plain": (no_affine, "γ and β are forgotten"),
    "no beta": (lambda x, g, b, n, e: by_reshape(x, g, 0 * b, n, e), "β is forgotten"),
    "no gamma": (lambda x, g, b, n, e: by_reshape(x, g**0, b, n, e), "γ is forgotten"),
    "order": (
        lambda x, g, b, n, e: with_channels(no_affine(x, g, b, n, e) + b[:, None, None], g, 0 * b),
        "β is scaled too",
    ),
    "size for number": (
        lambda x, g, b, n, e: by_reshape(x, g, b, len(g) // n, e),
        "size and number are swapped",
    ),
    "samples lost": (
        lambda x, g, b, n, e: with_channels(standard(x.reshape(n, -1), 1, e).reshape(x.shape), g, b),
        "reach across the samples",
    ),
    "groups last": (
        lambda x, g, b, n, e: with_channels(
            standard(x.reshape(len(x), -1, n), 1, e).reshape(x.shape), g, b
        ),
        "after reshape(N, −1, groups)",
    ),
    "instance without γ": (
        lambda x, g, b, n, e: standard(x, (2, 3), e) + b[:, None, None],
        "Also, γ is forgotten",
    ),
    "swapped": (lambda x, g, b, n, e: by_reshape(x, b, g, n, e), "γ and β are swapped"),
    "four groups always": (
        lambda x, g, b, n, e: by_reshape(x, g, b, 4, e),
        "4 groups come out right, 3 groups do not",
    ),
    "grouped shape": (lambda x, g, b, n, e: x.reshape(len(x), n, -1), "y should have the shape"),
    "noise": (lambda x, g, b, n, e: x + 1, "] should be"),
    "not normalized": (lambda x, g, b, n, e: with_channels(x, g, b), "x is not normalized at all"),
    "no keepdims": (
        lambda x, g, b, n, e: x.reshape(len(x), n, -1) - x.reshape(len(x), n, -1).mean(2),
        "Take statistics with keepdims=True, bring",
    ),
    "unfinished": (lambda x, g, b, n, e: None, "returns nothing yet"),
}

CHECKS = [(check_layer_norm, LAYER_RIGHT, LAYER_WRONG), (check_group_norm, GROUP_RIGHT, GROUP_WRONG)]


@pytest.mark.parametrize(
    ("check", "function"),
    [pytest.param(c, f, id=f"{c.__name__}: {name}") for c, right, _ in CHECKS for name, f in right.items()],
)
def test_right_answers_pass(check, function):
    feedback = once(check, function)
    assert feedback.passed, feedback


@pytest.mark.parametrize(
    ("check", "function", "fragment"),
    [
        pytest.param(c, *case, id=f"{c.__name__}: {name}")
        for c, _, wrong in CHECKS
        for name, case in wrong.items()
    ],
)
def test_wrong_answers_are_named(check, function, fragment):
    feedback = once(check, function)
    assert not feedback.passed
    assert fragment in feedback.message


@pytest.mark.parametrize(("check", "wrong"), [(c, w) for c, _, w in CHECKS])
def test_the_messages_are_all_different(check, wrong):
    messages = [once(check, function).message for function, _ in wrong.values()]
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("check", [c for c, _, _ in CHECKS])
def test_nothing_makes_them_raise(check, no_answer):
    feedback = check(no_answer)
    assert not feedback.passed
    assert feedback.message.endswith(".")
