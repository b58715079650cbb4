"""Checkers of lesson 09: layer norm and group norm, forward."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.feedback import AnswerError, call, checked

N, K = 5, 12
IMAGES, CHANNELS, HEIGHT, WIDTH, GROUPS = 3, 8, 4, 5, 2
EPS = 0.1  # large, so that where it stands can be seen


def _standardized(x, axes, *, eps=EPS, ddof=0):
    """Return (x - mean) / √(var + ε) over `axes`."""
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True, ddof=ddof)
    return (x - mean) / np.sqrt(var + eps)


def _answer(function, x, *others):
    """Return what the learner's function gives, as floats of the shape of x; x must stay as it was."""
    given = [np.array(value) if isinstance(value, np.ndarray) else value for value in (x, *others)]
    value = call(function, *given)
    try:
        y = np.asarray(value)
        if y.dtype.kind not in "biufO":
            raise TypeError("no real numbers")
        y = y.astype(float)
    except Exception:
        raise AnswerError(f"return an array of numbers; yours returns a {type(value).__name__}.") from None
    if y.shape != x.shape:
        raise AnswerError(f"y should have the shape of x, {x.shape}; {y.shape} came.")
    if not np.isfinite(y).all():
        raise AnswerError("there are nan or infinite values in y.")
    if (given[0] != x).any():
        raise AnswerError(
            "your function changes x itself: work on a new array (x = x - mean, not x -= mean)."
        )
    return y


def _same(y, expected):
    return np.allclose(y, expected, rtol=1e-4, atol=1e-5)


def _name_the_bug(y, likely):
    """Raise AnswerError with the message of the first (expected, message) that y equals."""
    for expected, message in likely:
        if _same(y, expected):
            raise AnswerError(message)


def _eps_bugs(x, axes, finish):
    """Return what comes out if ε or the variance goes wrong, each with its message."""
    centred = x - x.mean(axis=axes, keepdims=True)
    var = x.var(axis=axes, keepdims=True)
    count = int(np.prod([x.shape[axis] for axis in np.atleast_1d(axes)]))
    return (
        (finish(_standardized(x, axes, ddof=1)),
         f"your variance divides by n - 1 = {count - 1}; here it divides by n = {count}."),
        (finish(centred / np.sqrt(var)), "ε is missing: a sample of equal numbers would divide 0 by 0."),
        (finish(centred / (np.sqrt(var) + EPS)), "ε stands outside the root: it is √(var + ε)."),
        (finish(centred / (var + EPS)), "you divide by the variance: take the root of var + ε."),
        (finish(x / np.sqrt(var + EPS)), "the mean is not subtracted."),
        (finish(centred), "you subtract the mean and do not divide by √(var + ε)."),
    )  # fmt: skip


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

    def finish(x_hat):
        return gamma * x_hat + beta

    y = _answer(function, x, gamma, beta, EPS)
    right = _standardized(x, 1)
    if not _same(y, finish(right)):
        _name_the_bug(y, _eps_bugs(x, 1, finish))
        _name_the_bug(y, (
            (finish(_standardized(x, 0)),
             "your statistics run over the batch (axis 0): that is batch norm. Take them over the "
             "features of each sample, axis 1."),
            (finish(_standardized(x, (0, 1))),
             "you take one mean and one variance of all entries: each sample needs its own (axis 1)."),
            (right, "γ and β are missing."),
            (gamma * right, "β is missing."),
            (right + beta, "γ is missing."),
            (gamma * (right + beta), "β is added before γ multiplies: it is γ x̂ + β."),
            (beta * right + gamma, "γ and β are swapped."),
            (finish(x / np.sqrt(np.square(x).mean(axis=1, keepdims=True) + EPS)),
             "you divide by the root mean square: that is RMSNorm. Subtract the mean first."),
        ))  # fmt: skip
        raise AnswerError(
            f"on samples of {K} numbers your outputs are off by up to "
            f"{np.abs(y - finish(right)).max():.2g}. Take mean and variance along axis 1, keepdims=True."
        )
    one = x[:1]
    if not _same(_answer(function, one, gamma, beta, EPS), finish(_standardized(one, 1))):
        raise AnswerError("a batch of one comes out differently: nothing may depend on the batch.")
    return "each sample has its own mean and variance over its features, and no batch-mate plays a part."


def _refuse_gamma_per_sample(function, rng):
    """γ and β along the wrong axis fit only where there are as many samples as features."""
    x, gamma, beta = rng.normal(0, 2, (K, K)), rng.uniform(0.5, 2, K), rng.normal(0, 1, K)
    y = _answer(function, x, gamma, beta, EPS)
    for x_hat in (_standardized(x, 1), _standardized(x, 0)):
        if _same(y, gamma[:, None] * x_hat + beta[:, None]):
            raise AnswerError("γ and β act on samples: each feature has its own γ and β.")


@checked
def check_group_norm(function: Callable) -> str:
    """Check ``group_norm(x, gamma, beta, groups, eps)`` for x (N, C, H, W).

    Returns
    -------
    Feedback
        Names interleaved groups, instance norm, layer norm, batch norm, statistics per pixel, γ per group,
        n - 1, a misplaced ε and others.
    """
    rng = np.random.default_rng(10)
    shape = (IMAGES, CHANNELS, HEIGHT, WIDTH)
    each = (IMAGES, CHANNELS, 1, 1)  # every channel of every image has a mean and a spread of its own
    x = rng.normal(0, 1, shape) * rng.uniform(0.5, 3, each) + rng.normal(0, 2, each)
    gamma, beta = rng.uniform(0.5, 2, CHANNELS), rng.normal(0, 1, CHANNELS)

    def finish(x_hat):
        x_hat = x_hat.reshape(shape)
        return gamma[:, None, None] * x_hat + beta[:, None, None]

    y = _answer(function, x, gamma, beta, GROUPS, EPS)
    grouped = x.reshape(IMAGES, GROUPS, -1)
    right = _standardized(grouped, 2)
    if not _same(y, finish(right)):
        _name_the_bug(y, _eps_bugs(grouped, 2, finish))
        _name_the_bug(y, _group_bugs(x, right, gamma, beta, finish))
        raise AnswerError(
            f"with {CHANNELS} channels in {GROUPS} groups your outputs are off by up to "
            f"{np.abs(y - finish(right)).max():.2g}. Reshape x to (N, groups, −1) and take the statistics "
            "along the last axis."
        )
    _other_groups(function, x, gamma, beta)
    return "each group of neighbouring channels of each sample has its own mean and variance."


def _group_bugs(x, right, gamma, beta, finish):
    """Return what comes out if the wrong numbers share a statistic, each with its message."""
    n, c, h, w = x.shape
    size = c // GROUPS
    interleaved = x.reshape(n, size, GROUPS, h, w)
    per_pixel = x.reshape(n, GROUPS, size, h, w)
    right = right.reshape(x.shape)
    return (
        (finish(_standardized(interleaved, (1, 3, 4))),
         f"your groups are interleaved (channels 0, {GROUPS}, {2 * GROUPS} …): a group holds neighbours, "
         f"channels 0 to {size - 1}."),
        (finish(_standardized(x, (2, 3))),
         "every channel has statistics of its own: that is instance norm, as many groups as channels."),
        (finish(_standardized(x, (1, 2, 3))),
         "all channels of a sample share their statistics: that is layer norm, one group."),
        (finish(_standardized(x, (0, 2, 3))), "your statistics run over the batch: that is batch norm."),
        (finish(_standardized(x.reshape(n, GROUPS, -1), (0, 2))),
         "the samples share their statistics: leave the batch, axis 0, out."),
        (finish(_standardized(per_pixel, 2)),
         "every pixel has statistics of its own: average over the pixels of a group too."),
        (right, "γ and β are missing."),
        (gamma[:, None, None] * right, "β is missing."),
        (right + beta[:, None, None], "γ is missing."),
        (beta[:, None, None] * right + gamma[:, None, None], "γ and β are swapped."),
        (np.repeat(gamma[:GROUPS], size)[:, None, None] * right
         + np.repeat(beta[:GROUPS], size)[:, None, None],
         "γ and β act on groups: each channel has its own."),
    )  # fmt: skip


def _other_groups(function, x, gamma, beta):
    """Refuse a fixed number of groups."""
    per_channel = gamma[:, None, None], beta[:, None, None]
    for groups in (1, 4, CHANNELS):
        expected = _standardized(x.reshape(len(x), groups, -1), 2).reshape(x.shape)
        y = _answer(function, x, gamma, beta, groups, EPS)
        if not _same(y, per_channel[0] * expected + per_channel[1]):
            raise AnswerError(
                f"{GROUPS} groups come out right, {groups} do not: use the number that is handed in."
            )
