"""The checker of lesson 01 for the cross-entropy from logits, and its gradient."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import (
    as_array,
    call_on_copies,
    cut_short,
    equal,
    partly,
    say_where,
    told_apart,
)
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.lesson_01.softmax import KEEPDIMS, as_raw
from coursekit.exercises.slips.cross_entropy import GRADIENT_PARTS, LOSS_PARTS, gradient_of, loss_of
from coursekit.exercises.slips.search import SHORT_ROUNDS, explain
from coursekit.exercises.slips.softmax import one_hot, safe_softmax

LABELS = (np.array([3, 0, 2, 1]), np.array([0, 1, 1, 2, 0]))
LARGE = (np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -999.0]]), np.array([2, 0]))
LARGE_LOSS = (2000 + 1 + np.log(1 + np.exp(-1) + np.exp(-2))) / 2


def problems() -> list[tuple[np.ndarray, np.ndarray]]:
    """Return two pairs of logits and labels; their numbers of samples and of classes differ."""
    rng = np.random.default_rng(2)
    return [(rng.normal(1, 1.5, shape), y) for shape, y in zip(((4, 5), (5, 3)), LABELS, strict=True)]


def right_loss(z: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean of log Σe^z − z of the label."""
    return float(np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), labels]))


def right_gradient(z: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return (p − y) / N."""
    return (safe_softmax(z) - one_hot(labels, z.shape[1])) / len(z)


@checked
def check_cross_entropy(function: Callable) -> str:
    """Check ``cross_entropy(z, labels)``: the mean loss, and its gradient along the logits.

    Returns
    -------
    Feedback
        Names a sum in place of a mean, labels taken for what they are not, softmax left out or taken twice,
        a log of 0, a gradient that is not divided by N and the like.
    """
    given = problems()
    with np.errstate(all="ignore"):
        came = [_two(function, z, labels) for z, labels in given]
    _check_losses(given, [loss for loss, _ in came])
    _check_gradients(given, [gradient for _, gradient in came])
    _check_large(function)
    return "the loss is the mean of −log p, its gradient (p − y) / N, and no log of 0 is taken."


def _two(function, z, labels):
    hint = f"{KEEPDIMS} The labels have (N,) too, and say which class: pick with [np.arange(N), labels]."
    value = call_on_copies(function, z, labels, if_shapes_clash=hint)
    if isinstance(value, np.ndarray | float) or not isinstance(value, tuple | list) or len(value) != 2:
        raise AnswerError("return two things: the loss, and its gradient, of the shape of z.")
    n, k = z.shape
    losses = {
        (n,): "One loss a sample came: return their mean.",
        (n, k): "A number for each class came: pick that of the label, and take the mean.",
        (n, n): "p[:, labels] takes these columns of every row: one number a row is "
        "p[np.arange(N), labels].",
    }
    rows = {(k,): "It is summed or averaged over the samples: keep a row for each, (p − y) / N."}
    loss = value[0]
    if np.shape(value[0]) == z.shape and np.shape(value[1]) == ():
        raise AnswerError("they come in the wrong order: first the loss, then the gradient.")
    if np.shape(loss) != () or np.asarray(loss).dtype.kind not in "fiu":
        loss = as_array("the loss", loss, (), losses)
    return np.asarray(loss, float), as_array("the gradient", value[1], z.shape, rows)


def _check_losses(given, came):
    rights = [np.asarray(right_loss(*problem)) for problem in given]
    if all(map(equal, came, rights)):
        return
    found = cut_short(came, rights) or explain(LOSS_PARTS, loss_of, given, came, _same, SHORT_ROUNDS)
    if found:
        raise AnswerError(f"the loss is off: {found}")
    if not all(np.isfinite(came)):
        raise AnswerError("the loss holds nan or inf: is a log taken of what is no probability?")
    first = next(i for i, (a, b) in enumerate(zip(came, rights, strict=True)) if not equal(a, b))
    wanted, got = told_apart(float(rights[first]), float(came[first]))
    factors = [float(a / b) for a, b in zip(came, rights, strict=True)]
    raise UnnamedError(
        f"the loss should be {wanted}; yours is {got}, {factors[0]:.3g} times that, and {factors[1]:.3g} "
        "times on another batch. It is the mean of −log p of the labels: look at p, at what is picked, "
        "and at what divides."
    )


def _same(a, b):
    """Two numbers that agree, nan with nan: a log of a negative score is nan at every try."""
    return np.allclose(a, b, rtol=1e-4, atol=1e-4, equal_nan=True)


def _check_gradients(given, came):
    rights = [right_gradient(*problem) for problem in given]
    if all(map(equal, came, rights)):
        return
    found = explain(GRADIENT_PARTS, gradient_of, given, came, rounds=SHORT_ROUNDS)
    if found:
        raise AnswerError(f"the loss is right; the gradient is off: {found}")
    first = next(i for i, (a, b) in enumerate(zip(came, rights, strict=True)) if not equal(a, b))
    sums = came[first].sum(axis=1)
    told = "as they do" if np.abs(sums).max() < 1e-4 else f"yours makes {sums[0]:.3g} in the first"
    seen = cut_short(came, rights) or partly(came[first], rights[first], ("row", "class"))
    raise UnnamedError(
        f"the loss is right; {say_where('the gradient', came[first], rights[first])} {seen} It is "
        f"(p − y) / N, and each of its rows sums to 0, {told}."
    )


def _check_large(function):
    with np.errstate(all="ignore"):
        value = call_on_copies(function, *LARGE)
        loss = float(np.asarray(value[0]))
        gradient = as_raw("the gradient", value[1], LARGE[0].shape)
    intro = "right on small logits; not on logits near ±1000: "
    if np.isnan(loss) and equal(gradient, right_gradient(*LARGE)):
        raise AnswerError(
            f"{intro}the loss is nan: a probability was rounded to 0, and 0 · log(0) is nan. Take the log "
            "by hand, log p = z - max - log(sum of e to the power of z - max), and pick the label's."
        )
    if np.isnan(loss) or np.isnan(gradient).any():
        raise AnswerError(
            f"{intro}nan comes, since e to the power of 1000 is inf, or a whole row becomes 0/0. Take each "
            "row's own largest logit off before exp."
        )
    if np.isinf(loss):
        raise AnswerError(
            f"{intro}the loss is inf: a probability was rounded to 0, and its log taken, log(0). Take the "
            "log by hand: log p = z - max - log(sum of e to the power of z - max)."
        )
    if not equal(np.asarray(loss), np.asarray(LARGE_LOSS)):
        raise AnswerError(
            f"{intro}the loss should be {LARGE_LOSS:.4g}; yours is {loss:.4g}. A probability is kept from "
            "being 0 by a small number added, or by clipping: then a net that is very wrong hears that it "
            "is a little wrong. Take the log by hand: log p = z - max - log(sum "
            "of e to the power of z - max)."
        )
    if not equal(gradient, right_gradient(*LARGE)):
        raise UnnamedError(f"{intro}{say_where('the gradient', gradient, right_gradient(*LARGE))}")
