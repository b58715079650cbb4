"""Checkers of lesson 09: layer norm and group norm, forward."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, equal, name_the_bug, say_where
from coursekit.exercises.batch_norm_bugs import bugs, statistics_over, sums_over
from coursekit.exercises.feedback import AnswerError, checked

N, K = 5, 12
SHAPE, GROUPS = (3, 8, 4, 5), 4
EPS = 0.1  # large, so that where it stands can be seen


@checked
def check_layer_norm(function: Callable) -> str:
    """Check ``layer_norm(x, gamma, beta, eps)`` for x (N, K): statistics of each sample over its features.

    Returns
    -------
    Feedback
        Names statistics over the batch or over all entries, γ per sample, n - 1, a misplaced ε and others.
    """
    rng = np.random.default_rng(9)
    x = rng.normal(0, 1, (N, K)) * rng.uniform(0.5, 3, (N, 1)) + rng.normal(0, 2, (N, 1))
    gamma, beta = rng.uniform(0.5, 2, K), rng.normal(0, 1, K)
    _refuse_gamma_per_sample(function, rng)
    y, right = _layer_norm_of(function, x, gamma, beta), gamma * _standardized(x, (1,)) + beta
    if not equal(y, right):
        statistics = _statistics(
            x,
            (1,),
            statistics_over(x, (0,), "your statistics run over the batch (axis 0): that is batch norm. "
                            "Take them over the features of each sample, axis 1."),
            statistics_over(x, (0, 1), "you take one mean and one variance of all entries: each sample "
                            "needs its own (axis 1)."),
        )  # fmt: skip
        name_the_bug(y, bugs(statistics, x, gamma, beta, EPS))
        raise AnswerError(say_where("y", y, right))
    if not equal(_layer_norm_of(function, x[:1], gamma, beta), right[:1]):
        raise AnswerError("a batch of one comes out differently: nothing may depend on the batch.")
    return "each sample has its own mean and variance over its features, and no batch-mate plays a part."


def _layer_norm_of(function, x, gamma, beta):
    hint = (
        "an array of shape (N,) lines up with the last axis, the features. Take mean and variance with "
        "keepdims=True: then they are (N, 1)."
    )
    value = call_on_copies(function, x, gamma, beta, EPS, if_shapes_clash=hint)
    return as_array("y", value, x.shape)


def _refuse_gamma_per_sample(function, rng):
    """γ and β along the wrong axis fit only where there are as many samples as features."""
    x, gamma, beta = rng.normal(0, 2, (K, K)), rng.uniform(0.5, 2, K), rng.normal(0, 1, K)
    y = _layer_norm_of(function, x, gamma, beta)
    for axis in (1, 0):
        if equal(y, gamma[:, None] * _standardized(x, (axis,)) + beta[:, None]):
            raise AnswerError("γ and β act on samples: each feature has its own γ and β.")


@checked
def check_group_norm(function: Callable) -> str:
    """Check ``group_norm(x, gamma, beta, groups, eps)`` for x (N, C, H, W).

    Returns
    -------
    Feedback
        Names interleaved groups, groups of the wrong size, instance norm, layer norm, batch norm,
        statistics per pixel, γ per group, n - 1, a misplaced ε and others.
    """
    rng = np.random.default_rng(10)
    each = (*SHAPE[:2], 1, 1)  # every channel of every image has a mean and a spread of its own
    x = rng.normal(0, 1, SHAPE) * rng.uniform(0.5, 3, each) + rng.normal(0, 2, each)
    channels = SHAPE[1]
    gamma, beta = rng.uniform(0.5, 2, channels), rng.normal(0, 1, channels)
    y, right = _group_norm_of(function, x, gamma, beta, GROUPS), _right_groups(x, gamma, beta, GROUPS)
    if not equal(y, right):
        _name_the_groups(x, y, gamma, beta)
        raise AnswerError(say_where("y", y, right))
    for groups in (1, 2, channels):
        y, right = (f(x, gamma, beta, groups) for f in (_given(function), _right_groups))
        if not equal(y, right):
            name = "1 group does" if groups == 1 else f"{groups} groups do"
            raise AnswerError(
                f"{GROUPS} groups come out right, {name} not: use the number that is handed in."
            )
    return "each group of neighbouring channels of each sample has its own mean and variance."


def _given(function):
    return lambda x, gamma, beta, groups: _group_norm_of(function, x, gamma, beta, groups)


def _group_norm_of(function, x, gamma, beta, groups):
    hint = (
        "NumPy lines shapes up from the last axis. Take statistics with keepdims=True, bring x̂ back to the "
        "shape of x, and give γ and β the shape (1, C, 1, 1) by reshape(1, -1, 1, 1)."
    )
    value = call_on_copies(function, x, gamma, beta, groups, EPS, if_shapes_clash=hint)
    return as_array("y", value, x.shape)


def _right_groups(x, gamma, beta, groups):
    x_hat = _standardized(x.reshape(len(x), groups, -1), (2,)).reshape(x.shape)
    return gamma.reshape(1, -1, 1, 1) * x_hat + beta.reshape(1, -1, 1, 1)


def _name_the_groups(x, y, gamma, beta):
    """Raise AnswerError if the wrong numbers share a statistic, or something goes wrong with the right."""
    n, c, h, w = x.shape
    size = c // GROUPS

    def bugs_of(shape, axes, *others):
        """Return the bugs for x cut up into `shape`, with γ and β for each channel."""
        cut = x.reshape(shape)
        scale, shift = (
            np.broadcast_to(v.reshape(1, c, 1, 1), x.shape).reshape(shape) for v in (gamma, beta)
        )
        statistics = _statistics(cut, axes, *(statistics_over(cut, *other) for other in others))
        found = bugs(statistics, cut, scale, shift, EPS)
        return ((wrong.reshape(x.shape), message) for wrong, message in found)

    def instead(shape, axes, message):
        """Return what comes out if statistics run over other axes of x, cut up otherwise."""
        x_hat = _standardized(x.reshape(shape), axes).reshape(x.shape)
        return gamma.reshape(1, c, 1, 1) * x_hat + beta.reshape(1, c, 1, 1), message

    neighbours = f"a group holds neighbours, channels 0 to {size - 1}, then {size} to {2 * size - 1}"
    name_the_bug(
        y,
        (
            instead((n, size, GROUPS, h, w), (1, 3, 4),
                    f"your groups are interleaved (channels 0, {GROUPS} …): {neighbours}."),
            instead((n, -1, GROUPS), (1,),
                    "after reshape(N, −1, groups) every number goes to another group than the one beside "
                    f"it; {neighbours}: reshape(N, groups, −1)."),
            instead((n, size, c // size, h, w), (2, 3, 4),
                    f"you make {size} groups of {GROUPS} channels; it is {GROUPS} groups of {size}."),
            instead((GROUPS, -1), (1,), "your groups reach across the samples: keep axis 0, "
                    "reshape(N, groups, −1)."),
            (_per_group(x, gamma, beta), "γ and β act on groups: each channel has its own."),
        ),
    )  # fmt: skip
    name_the_bug(
        y,
        bugs_of(
            (n, GROUPS, size, h, w),
            (2, 3, 4),
            ((3, 4), "every channel has statistics of its own: that is instance norm, as many groups as "
             "channels."),
            ((1, 2, 3, 4), "all channels of a sample share their statistics: that is layer norm, one "
             "group."),
            ((0, 3, 4), "your statistics run over the batch: that is batch norm."),
            ((0, 2, 3, 4), "the samples share their statistics: leave the batch, axis 0, out."),
            ((2,), "every pixel has statistics of its own: average over the pixels of a group too."),
        ),
    )  # fmt: skip


def _per_group(x, gamma, beta):
    size = x.shape[1] // GROUPS
    return _right_groups(x, np.repeat(gamma[:GROUPS], size), np.repeat(beta[:GROUPS], size), GROUPS)


def _standardized(x, axes):
    """Return (x - mean) / √(var + ε) over `axes`."""
    mean, var, *_ = statistics_over(x, axes)
    return (x - mean) / np.sqrt(var + EPS)


def _statistics(x, axes, *others):
    """Return the right statistics, over `axes`, then the wrong ones: `others`, and slips with the right."""
    mean, var, var1, _ = right = statistics_over(x, axes)
    squares = np.square(x).mean(axis=axes, keepdims=True)
    return (
        right,
        *others,
        (0, var, var1, "the mean is not subtracted."),
        (
            0,
            squares,
            squares,
            "you divide by the root mean square: that is RMSNorm. Subtract the mean first.",
        ),
        (mean, squares, squares, "the variance is the mean of (x − μ)²; yours is the mean of x²."),
        (mean / np.sqrt(var + EPS), 1 - EPS, 1 - EPS, "mind the brackets: it is (x − μ) / √(v + ε)."),
        *sums_over(x, axes),
    )
