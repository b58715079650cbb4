"""Checkers of lesson 06: batch normalization with running statistics, and for images."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, equal, name_the_bug, say_where
from coursekit.exercises.batch_norm_bugs import bugs, statistics_over, sums_over
from coursekit.exercises.feedback import AnswerError, checked

# ε and the momentum are far from their usual values, so that a slip with either cannot hide.
MOMENTUM, EPS = 0.8, 0.5


@checked
def check_batchnorm_forward(function: Callable) -> str:
    """Check ``batchnorm_forward(x, gamma, beta, mean, var, training, momentum, eps)`` on (N, K).

    It returns y and the running mean and variance after the call.

    Returns
    -------
    Feedback
        Names wrong statistics, a wrong place of ε, forgotten γ or β, a wrong mode, a wrong update.
    """
    for n, features, momentum, eps in ((5, 3, MOMENTUM, EPS), (8, 2, 0.9, 1e-5)):
        rng = np.random.default_rng(n)
        x = rng.normal((4, -2, 1)[:features], (3, 1, 0.5)[:features], (n, features))
        gamma, beta = rng.uniform(0.5, 2, features), rng.uniform(-3, 3, features)
        mean, var = rng.uniform(-2, 2, features), rng.uniform(1, 9, features)
        given = (x, gamma, beta, mean, var)
        _check_training(function, given, momentum, eps)
        _check_prediction(function, given, momentum, eps)
    return (
        "right in both modes: the batch's own statistics in training, which move the running ones; "
        "the running ones in prediction, which stay as they are."
    )


def _three(function, given, training, momentum, eps):
    x, features = given[0], given[0].shape[1:]
    hint = "take statistics over axis 0, the samples: then they have the shape (K,)."
    arguments = (*given, training, momentum, eps)
    value = call_on_copies(function, *arguments, if_shapes_clash=hint, may_write=True)
    if not isinstance(value, tuple | list) or len(value) != 3:
        raise AnswerError("return three things: y, the running mean, the running variance.")
    mode = "training" if training else "prediction"
    names = (f"y in {mode}", f"the running mean after {mode}", f"the running variance after {mode}")
    shapes = (x.shape, features, features)
    return [as_array(n, v, s) for n, v, s in zip(names, value, shapes, strict=True)]


def _check_training(function, given, momentum, eps):
    x, gamma, beta, mean, var = given
    y, new_mean, new_var = _three(function, given, True, momentum, eps)
    b, v = x.mean(axis=0), x.var(axis=0)
    right = gamma * (x - b) / np.sqrt(v + eps) + beta
    if not equal(y, right):
        moved = [momentum * old + (1 - momentum) * new for old, new in ((mean, b), (var, v))]
        stored = "you normalize with the running statistics in training too: take the batch's own."
        statistics = (
            statistics_over(x, (0,)),
            statistics_over(
                x, (1,), "your statistics run over the features of each sample: take axis 0, the samples."
            ),
            statistics_over(
                x, (0, 1), "one mean and one variance for all entries: each feature has its own, axis 0."
            ),
            (mean, var, var, stored),
            (*moved, moved[1], stored),
            (0, v, v, "you do not subtract the mean."),
            *sums_over(x, (0,)),
        )
        name_the_bug(y, bugs(statistics, x, gamma, beta, eps))
        raise AnswerError("in training " + say_where("y", y, right))
    v1 = x.var(axis=0, ddof=1)
    swapped = [momentum * old + (1 - momentum) * new for old, new in ((var, v), (mean, b))]
    if equal(new_mean, swapped[0]) and equal(new_var, swapped[1]):
        raise AnswerError("the running statistics come in the wrong order: y, mean, variance.")
    _check_update("mean", new_mean, mean, b, (), momentum)
    others = (
        (v1, "the variance you store divides by n - 1 (PyTorch does so); here it divides by n."),
        (len(x) * v, "you do not divide the variance by N, the number of samples."),
        (np.sqrt(v), "you store the standard deviation: store the variance."),
        (np.sqrt(v + eps), "you store √(v + ε): store the variance v."),
        (v + eps, "you store v + ε: store the variance v."),
    )
    _check_update("variance", new_var, var, v, others, momentum)


def _check_update(name, new, old, batch, others, momentum):
    def blend(m, value):
        return m * old + (1 - m) * value

    if equal(new, blend(momentum, batch)):
        return
    rule = "running = momentum · running + (1 - momentum) · batch"
    name_the_bug(
        new,
        (
            (old, f"in training the running {name} is not updated: {rule}."),
            (
                blend(1 - momentum, batch),
                f"for the running {name} the momentum is the wrong way round: {rule}.",
            ),
            (batch, f"the running {name} is replaced by the batch's: {rule}."),
            (blend(0.9, batch), f"for the running {name} use the momentum handed in, not 0.9: {rule}."),
            (old + (1 - momentum) * batch, f"the old running {name} is not weighted: {rule}."),
            (old + batch, f"running and batch {name} are only added: {rule}."),
            *((blend(momentum, value), message) for value, message in others),
            *((value, message) for value, message in others),
        ),
    )
    right = blend(momentum, batch)
    raise AnswerError(f"after training, {say_where(f'the running {name} ', new, right)} The rule: {rule}.")


def _check_prediction(function, given, momentum, eps):
    x, gamma, beta, mean, var = given
    y, new_mean, new_var = _three(function, given, False, momentum, eps)
    right = gamma * (x - mean) / np.sqrt(var + eps) + beta
    if not equal(y, right):
        own = "in prediction you use the batch's own statistics: use the running ones that were handed in."
        updated = [
            momentum * old + (1 - momentum) * new for old, new in ((mean, x.mean(0)), (var, x.var(0)))
        ]
        statistics = (
            (mean, var, var, ""),
            statistics_over(x, (0,), own),
            (*updated, updated[1], "in prediction you update the running statistics before using them."),
            (
                mean,
                np.square(var),
                np.square(var),
                "in prediction you take the running variance for a spread.",
            ),
        )
        name_the_bug(y, bugs(statistics, x, gamma, beta, eps))
        raise AnswerError("in prediction " + say_where("y", y, right))
    if not (equal(new_mean, mean) and equal(new_var, var)):
        raise AnswerError("the running statistics are updated in prediction: only training may move them.")


@checked
def check_batchnorm_channels(function: Callable) -> str:
    """Check ``batchnorm_channels(x, gamma, beta, eps)`` in training on images, (N, C, H, W).

    Returns
    -------
    Feedback
        Names the average of per-image variances, wrong axes, a wrong place of ε, forgotten γ or β.
    """
    for shape, eps in (((4, 3, 2, 5), EPS), ((2, 3, 4, 3), 1e-5)):
        _check_images(function, shape, eps)
    return "one mean and one variance for each channel, over all N · H · W pixels."


def _check_images(function, shape, eps):
    rng = np.random.default_rng(shape[0])
    images, channels = shape[:2]
    # Images and channels differ in mean and spread, so that every wrong axis shows.
    x = rng.normal(
        rng.uniform(-3, 3, (images, channels, 1, 1)), rng.uniform(0.5, 2, (1, channels, 1, 1)), shape
    )
    gamma, beta = rng.uniform(0.5, 2, channels), rng.uniform(-3, 3, channels)
    hint = (
        "statistics and γ and β all need the shape (1, C, 1, 1), since NumPy lines shapes up from the last "
        "axis. Take statistics over (0, 2, 3) with keepdims=True, and γ and β as reshape(1, -1, 1, 1)."
    )
    y = as_array("y", call_on_copies(function, x, gamma, beta, eps, if_shapes_clash=hint), shape)
    scale, shift = gamma.reshape(1, -1, 1, 1), beta.reshape(1, -1, 1, 1)
    mean, var, var1, _ = right = statistics_over(x, (0, 2, 3))
    expected = scale * (x - mean) / np.sqrt(var + eps) + shift
    if equal(y, expected):
        return
    per_image = x.var(axis=(2, 3), keepdims=True).mean(axis=0, keepdims=True)
    average = (
        "you average the variances of the images: that leaves out how far the images' means lie apart. "
        "Take one variance over all images and pixels of a channel, axes (0, 2, 3)."
    )
    channel = "each channel takes its statistics over axes (0, 2, 3)."
    statistics = (
        right,
        (mean, per_image, per_image, average),
        statistics_over(x, (2, 3), f"every image is normalized by itself: {channel}"),
        statistics_over(x, (0,), f"every pixel has its own statistics: {channel}"),
        statistics_over(x, (1, 2, 3), f"all channels of an image are taken together: {channel}"),
        statistics_over(
            x,
            (0, 1, 2),
            f"your statistics belong to the last axis, W, as if x were (N, H, W, C): {channel}",
        ),
        statistics_over(x, (0, 1, 2, 3), f"one mean and one variance for all entries: {channel}"),
        statistics_over(x, (1,), f"your statistics run over the channels of each pixel: {channel}"),
        (0, var, var1, "you do not subtract the mean."),
        *sums_over(x, (0, 2, 3)),
    )
    name_the_bug(y, bugs(statistics, x, scale, shift, eps))
    # The pixels of a channel gathered in a row, and put back without turning the axes back.
    in_rows = expected.swapaxes(0, 1)
    turned = (
        "the numbers are right and lie in wrong places: after x.transpose(1, 0, 2, 3) and reshape, "
        "transpose back before you return."
    )
    name_the_bug(y, [(in_rows.reshape(shape), turned)])
    name_the_bug(
        y, [(np.moveaxis(expected, 1, -1).reshape(shape), turned.replace("1, 0, 2, 3", "0, 2, 3, 1"))]
    )
    raise AnswerError(say_where("y", y, expected))
