"""The checkers of lesson 06: many right ways, many wrong ones, each with its own name."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.exercises import check_batchnorm_channels, check_batchnorm_forward
from tests.exercises.answers import once


def forward(
    *,
    train=lambda x, mean, var: (x.mean(0), x.var(0)),
    predict=lambda x, mean, var: (mean, var),
    normalize=lambda x, m, v, eps: (x - m) / np.sqrt(v + eps),
    affine=lambda x_hat, gamma, beta: gamma * x_hat + beta,
    store=lambda x, eps: (x.mean(0), x.var(0)),
    update=lambda old, new, momentum: momentum * old + (1 - momentum) * new,
    update_always=False,
):
    """A batchnorm_forward built from parts, any of which a test replaces by a wrong one."""

    def batchnorm_forward(x, gamma, beta, mean, var, training, momentum, eps):
        m, v = (train if training else predict)(x, mean, var)
        y = affine(normalize(x, m, v, eps), gamma, beta)
        if training or update_always:
            mean, var = (
                update(old, new, momentum) for old, new in zip((mean, var), store(x, eps), strict=True)
            )
        return y, mean, var

    return batchnorm_forward


def with_the_layer(x, gamma, beta, mean, var, training, momentum, eps):
    layer = nn.BatchNorm(momentum, eps)
    layer.params = {"gamma": gamma, "beta": beta}
    layer.buffers = {"mean": mean, "var": var}
    return layer.forward(x, training=training), layer.buffers["mean"], layer.buffers["var"]


def with_loops(x, gamma, beta, mean, var, training, momentum, eps):
    y = [[0.0] * len(gamma) for _ in x]
    mean, var = list(mean), list(var)
    for k in range(len(gamma)):
        column = [float(row[k]) for row in x]
        m, v = mean[k], var[k]
        if training:
            m = sum(column) / len(column)
            v = sum((c - m) ** 2 for c in column) / len(column)
            mean[k] = momentum * mean[k] + (1 - momentum) * m
            var[k] = momentum * var[k] + (1 - momentum) * v
        for i, c in enumerate(column):
            y[i][k] = gamma[k] * (c - m) / (v + eps) ** 0.5 + beta[k]
    return [y, mean, var]


def in_place(x, gamma, beta, mean, var, training, momentum, eps):
    m, v = mean.copy(), var.copy()
    if training:
        m, v = x.mean(0), x.var(0)
        mean *= momentum
        mean += (1 - momentum) * m
        var += (1 - momentum) * (v - var)
    y = x - m
    y *= gamma / np.sqrt(v + eps)
    y += beta
    return y, mean, var


def in_float32(x, *rest):
    x, gamma, beta, mean, var = (np.asarray(a, np.float32) for a in (x, *rest[:4]))
    return forward()(x, gamma, beta, mean, var, *rest[4:])


FORWARD_RIGHT = {
    "in parts": forward(),
    "the layer": with_the_layer,
    "loops and lists": with_loops,
    "in place": in_place,
    "float32": in_float32,
    "mean of squares": forward(train=lambda x, m, v: (x.mean(0), (x**2).mean(0) - x.mean(0) ** 2)),
}


def updates_before(in_mode):
    """Normalizes with the running statistics as they are after this batch."""

    def batchnorm_forward(x, g, b, mean, var, training, momentum, eps):
        y, new_mean, new_var = forward()(x, g, b, mean, var, True, momentum, eps)
        if training == in_mode:
            y = g * (x - new_mean) / np.sqrt(new_var + eps) + b
        elif not training:
            y = g * (x - mean) / np.sqrt(var + eps) + b
        return (y, new_mean, new_var) if training else (y, mean, var)

    return batchnorm_forward


FORWARD_WRONG = {
    "n - 1": (forward(train=lambda x, m, v: (x.mean(0), x.var(0, ddof=1))), "divides by n - 1; here"),
    "ε outside": (forward(normalize=lambda x, m, v, e: (x - m) / (np.sqrt(v) + e)), "outside the root"),
    "ε after": (forward(normalize=lambda x, m, v, e: (x - m) / np.sqrt(v) + e), "added to the quotient"),
    "no ε": (forward(normalize=lambda x, m, v, e: (x - m) / np.sqrt(v)), "ε is missing"),
    "own ε": (forward(normalize=lambda x, m, v, e: (x - m) / np.sqrt(v + 1e-5)), "not the one handed in"),
    "no root": (forward(normalize=lambda x, m, v, e: (x - m) / (v + e)), "divide by the variance"),
    "multiplied": (forward(normalize=lambda x, m, v, e: (x - m) * np.sqrt(v + e)), "you multiply"),
    "only centred": (forward(normalize=lambda x, m, v, e: x - m), "only subtract the mean"),
    "not centred": (forward(normalize=lambda x, m, v, e: x / np.sqrt(v + e)), "do not subtract the mean"),
    "axis 1": (
        forward(train=lambda x, m, v: (x.mean(1, keepdims=True), x.var(1, keepdims=True))),
        "run over the features of each sample",
    ),
    "variance is a sum": (
        forward(train=lambda x, m, v: (x.mean(0), ((x - x.mean(0)) ** 2).sum(0))),
        "do not divide the variance by n",
    ),
    "mean is a sum": (forward(train=lambda x, m, v: (x.sum(0), x.var(0))), "do not divide the mean by n"),
    "both are sums": (
        forward(train=lambda x, m, v: (x.sum(0), ((x - x.sum(0)) ** 2).sum(0))),
        "do not divide mean and variance by n",
    ),
    "stores a sum": (
        forward(store=lambda x, e: (x.mean(0), len(x) * x.var(0))),
        "divide the variance by N",
    ),
    "all entries": (forward(train=lambda x, m, v: (x.mean(), x.var())), "for all entries"),
    "stored in training": (forward(train=lambda x, m, v: (m, v)), "running statistics here too"),
    "updated first": (
        updates_before(True),
        "running statistics here too",
    ),
    "no γ, no β": (forward(affine=lambda x_hat, g, b: x_hat), "γ and β are forgotten"),
    "no β": (forward(affine=lambda x_hat, g, b: g * x_hat), "β is forgotten"),
    "no γ": (forward(affine=lambda x_hat, g, b: x_hat + b), "γ is forgotten"),
    "β scaled": (forward(affine=lambda x_hat, g, b: g * (x_hat + b)), "β is scaled too"),
    "swapped γ, β": (forward(affine=lambda x_hat, g, b: b * x_hat + g), "γ and β are swapped"),
    "not updated": (forward(update=lambda old, new, m: old), "in training it is not updated"),
    "wrong way round": (
        forward(update=lambda old, new, m: (1 - m) * old + m * new),
        "the momentum is the wrong way round",
    ),
    "replaced": (forward(update=lambda old, new, m: new), "it is replaced by the batch's"),
    "own momentum": (forward(update=lambda old, new, m: 0.9 * old + 0.1 * new), "not 0.9"),
    "old not weighted": (forward(update=lambda old, new, m: old + (1 - m) * new), "is not weighted"),
    "added": (forward(update=lambda old, new, m: old + new), "only added"),
    "another update": (forward(update=lambda old, new, m: old * new), "old and new are multiplied"),
    "stores n - 1": (forward(store=lambda x, e: (x.mean(0), x.var(0, ddof=1))), "PyTorch does so"),
    "stores the std": (forward(store=lambda x, e: (x.mean(0), x.std(0))), "you store the standard dev"),
    "stores √(v + ε)": (forward(store=lambda x, e: (x.mean(0), np.sqrt(x.var(0) + e))), "store √(v + ε)"),
    "stores v + ε": (forward(store=lambda x, e: (x.mean(0), x.var(0) + e)), "you store v + ε"),
    "mean only": (forward(store=lambda x, e: (x.mean(0), 0)), "the batch's is not added"),
    "own statistics": (
        forward(predict=lambda x, m, v: (x.mean(0), x.var(0))),
        "in prediction you use the batch's own statistics",
    ),
    "updates before": (
        updates_before(False),
        "update the running statistics before using them",
    ),
    "variance for std": (
        forward(predict=lambda x, m, v: (m, v * v)),
        "you take the running variance for a spread",
    ),
    "updates in prediction": (forward(update_always=True), "updated in prediction: only training"),
    "γ only in training": (
        lambda x, g, b, m, v, t, mo, e: forward(affine=lambda h, g, b: g * h + b if t else h)(
            x, g, b, m, v, t, mo, e
        ),
        "γ and β are forgotten",
    ),
    "two bugs": (
        forward(train=lambda x, m, v: (x.mean(), x.var()), affine=lambda h, g, b: g * h),
        "Also, β is forgotten",
    ),
    "statistics swapped": (
        lambda *args: (forward()(*args)[0], *forward()(*args)[:0:-1]),
        "the running statistics come in the wrong order",
    ),
    "root twice": (
        forward(normalize=lambda x, m, v, e: (x - m) / np.sqrt(np.sqrt(v) + e)),
        "you take the root twice",
    ),
    "neither root nor ε": (
        forward(normalize=lambda x, m, v, e: (x - m) / v),
        "you divide by the variance, and ε is missing",
    ),
    "y alone": (lambda *args: forward()(*args)[0], "return three things"),
    "keeps dims": (
        forward(store=lambda x, e: (x.mean(0, keepdims=True), x.var(0, keepdims=True))),
        "should have the shape (3,); yours has (1, 3)",
    ),
    "transposed": (lambda *args: (forward()(*args)[0].T, *forward()(*args)[1:]), "yours has (3, 5)"),
    "nan": (forward(affine=lambda h, g, b: h * np.nan), "holds nan"),
    "text": (lambda *args: ("y", "mean", "var"), "y in training should be an array of numbers"),
    "something else": (forward(affine=lambda h, g, b: np.tanh(h)), "in training y["),
    "else in prediction": (forward(predict=lambda x, m, v: (m + 1, v)), "in prediction y["),
    "unfinished": (lambda *args: ..., "returns nothing yet"),
}

AXES = (0, 2, 3)


def channels(
    *,
    mean=lambda x: x.mean(AXES, keepdims=True),
    var=lambda x: x.var(AXES, keepdims=True),
    normalize=lambda x, m, v, eps: (x - m) / np.sqrt(v + eps),
    affine=lambda x_hat, g, b: g.reshape(1, -1, 1, 1) * x_hat + b.reshape(1, -1, 1, 1),
):
    return lambda x, gamma, beta, eps: affine(normalize(x, mean(x), var(x), eps), gamma, beta)


def over(axes):
    return channels(mean=lambda x: x.mean(axes, keepdims=True), var=lambda x: x.var(axes, keepdims=True))


def by_moving_axes(x, gamma, beta, eps):
    flat = np.moveaxis(x, 1, -1)
    pixels = flat.reshape(-1, flat.shape[-1])
    y = gamma * (flat - pixels.mean(0)) / np.sqrt(pixels.var(0) + eps) + beta
    return np.moveaxis(y, -1, 1)


def channel_by_channel(x, gamma, beta, eps):
    parts = [x[:, c] for c in range(x.shape[1])]
    done = [
        g * (p - p.mean()) / (p.var() + eps) ** 0.5 + b for p, g, b in zip(parts, gamma, beta, strict=True)
    ]
    return np.stack(done, axis=1)


def total_variance(x):
    means = x.mean((2, 3), keepdims=True)
    return x.var((2, 3), keepdims=True).mean(0, keepdims=True) + means.var(0, keepdims=True)


CHANNELS_RIGHT = {
    "keepdims": channels(),
    "moved axes": by_moving_axes,
    "channel by channel": channel_by_channel,
    "the law of total variance": channels(var=total_variance),
    "a list": lambda *args: channel_by_channel(*args).tolist(),
    "float32": lambda x, g, b, e: channels()(x.astype(np.float32), g, b, e),
}

CHANNELS_WRONG = {
    "average of variances": (
        channels(var=lambda x: x.var((2, 3), keepdims=True).mean(0, keepdims=True)),
        "you average the variances of the images",
    ),
    "every image by itself": (over((2, 3)), "every image is normalized by itself"),
    "every pixel": (over((0,)), "every pixel has its own statistics"),
    "all channels": (over((1, 2, 3)), "all channels of an image"),
    "last axis": (over((0, 1, 2)), "as if x were (N, H, W, C)"),
    "all entries": (over((0, 1, 2, 3)), "for all entries"),
    "over channels": (over((1,)), "run over the channels of each pixel"),
    "n - 1": (channels(var=lambda x: x.var(AXES, keepdims=True, ddof=1)), "divides by n - 1"),
    "ε outside": (channels(normalize=lambda x, m, v, e: (x - m) / (np.sqrt(v) + e)), "outside the root"),
    "no ε": (channels(normalize=lambda x, m, v, e: (x - m) / np.sqrt(v)), "ε is missing"),
    "no root": (channels(normalize=lambda x, m, v, e: (x - m) / (v + e)), "divide by the variance"),
    "not centred": (channels(normalize=lambda x, m, v, e: x / np.sqrt(v + e)), "do not subtract the mean"),
    "no γ, no β": (channels(affine=lambda h, g, b: h), "γ and β are forgotten"),
    "no β": (channels(affine=lambda h, g, b: g.reshape(1, -1, 1, 1) * h), "β is forgotten"),
    "two bugs": (
        channels(
            var=lambda x: x.var((2, 3), keepdims=True).mean(0, keepdims=True), affine=lambda h, g, b: h
        ),
        "Also, γ and β are forgotten",
    ),
    "γ along W": (channels(affine=lambda h, g, b: g * h + b), "lines shapes up from the last axis"),
    "no keepdims": (
        lambda x, g, b, e: (x - x.mean(AXES)) / np.sqrt(x.var(AXES) + e),
        "keepdims=True",
    ),
    "NHWC": (lambda *args: np.moveaxis(channels()(*args), 1, -1), "yours has (4, 2, 5, 3)"),
    "rows not turned back": (
        lambda *a: channels()(*a).swapaxes(0, 1).reshape(a[0].shape),
        "after x.transpose(1, 0, 2, 3) and reshape, transpose back",
    ),
    "pixels not turned back": (
        lambda *a: np.moveaxis(channels()(*a), 1, -1).reshape(a[0].shape),
        "after x.transpose(0, 2, 3, 1) and reshape, transpose back",
    ),
    "one pixel off": (
        lambda *a: channels()(*a) + (np.arange(a[0].size) == 37).reshape(a[0].shape),
        "y[1, 0, 1, 2] should be",
    ),
    "something else": (channels(affine=lambda h, g, b: np.tanh(h)), "] should be"),
    "inf": (lambda x, g, b, e: x / 0 if False else np.full(x.shape, np.inf), "infinite"),
}


@pytest.mark.parametrize("name", FORWARD_RIGHT)
def test_right_forward_passes(name):
    feedback = check_batchnorm_forward(FORWARD_RIGHT[name])
    assert feedback.passed, feedback
    assert "right in both modes" in feedback.message


@pytest.mark.parametrize("name", FORWARD_WRONG)
def test_wrong_forward_is_named(name):
    function, fragment = FORWARD_WRONG[name]
    feedback = once(check_batchnorm_forward, function)
    assert not feedback.passed
    assert fragment in feedback.message
    assert feedback.message.endswith(".")


@pytest.mark.parametrize("name", CHANNELS_RIGHT)
def test_right_channels_pass(name):
    feedback = check_batchnorm_channels(CHANNELS_RIGHT[name])
    assert feedback.passed, feedback
    assert "N · H · W pixels" in feedback.message


@pytest.mark.parametrize("name", CHANNELS_WRONG)
def test_wrong_channels_are_named(name):
    function, fragment = CHANNELS_WRONG[name]
    feedback = once(check_batchnorm_channels, function)
    assert not feedback.passed
    assert fragment in feedback.message


def test_the_messages_tell_the_bugs_apart():
    same = {"own ε", "updated first", "γ only in training", "no keepdims"}  # named like their neighbours
    for wrong, check in (
        (FORWARD_WRONG, check_batchnorm_forward),
        (CHANNELS_WRONG, check_batchnorm_channels),
    ):
        messages = [
            once(check, function).message for name, (function, _) in wrong.items() if name not in same
        ]
        assert len(set(messages)) == len(messages)


def test_a_function_that_remembers_the_first_numbers_is_caught():
    answers = {}

    def remembers(x, gamma, beta, mean, var, training, momentum, eps):
        value = forward()(x, gamma, beta, mean, var, training, momentum, eps)
        return answers.setdefault(training, value)

    assert not check_batchnorm_forward(remembers).passed


@pytest.mark.parametrize("check", [check_batchnorm_forward, check_batchnorm_channels])
def test_nothing_makes_it_raise(check, no_answer):
    feedback = check(no_answer)
    assert not feedback.passed
    assert feedback.message.endswith(".")
