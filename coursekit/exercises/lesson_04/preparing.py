"""Checkers of lesson 04: standardize, whiten, and a program to be mended."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.judging import judge, unknown
from coursekit.exercises.slips import preprocessing as slips
from coursekit.exercises.slips.preprocessing import TwoParts

SHAPES = "x_train has the shape (N, K), mean and spread (K,): take them with axis=0."
RULE_OF_CONSTANTS = (
    "the feature that never changes in x_train is still there. (Its spread is a rounding error, so that "
    "std == 0 does not find it, its value need not be 0, and what changes in x_test does not count.) Keep "
    "the features with x_train.min(axis=0) < x_train.max(axis=0)."
)


def _parts(n, m, features, eps, constant=None):
    """Return two parts of correlated features far from 0; the test part is shifted and wider."""
    rng = np.random.default_rng(n)
    mix = rng.normal(0, 1, (features, features)) + 1.5 * np.eye(features)
    train = rng.normal(0, 1, (n, features)) @ mix + rng.uniform(1, 4, features)
    test = 1.7 * rng.normal(0, 1, (m, features)) @ mix + rng.uniform(2, 5, features)
    if constant is not None:
        train[:, 1] = constant
    return TwoParts(train, test, eps)


def _rounded(n, m, features):
    """Return parts in float32 with a constant feature whose spread comes out as a rounding error."""
    parts = _parts(n, m, features, 0.0)
    train, test = (a.astype(np.float32) for a in (parts.train, parts.test))
    for constant in np.linspace(0.1, 0.9, 81, dtype=np.float32):
        train[:, 1] = constant
        if train.std(axis=0)[1] > 0:
            break
    return TwoParts(train, test)


STANDARDIZE = (_parts(9, 6, 4, 0.3, constant=2.0), _parts(7, 11, 3, 0.08, constant=0.5))
WHITEN = (_parts(13, 7, 4, 0.4), _parts(10, 8, 3, 0.07))
MEND = (_rounded(23, 9, 4), _rounded(31, 12, 5))


def _pair(value, p, shapes, hints=None):
    """Return the two parts that were returned, as one array."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise AnswerError("return two arrays, the training part and the test part: return a, b.")
    parts = []
    for name, part, shape in zip(("x_train", "x_test"), value, shapes, strict=True):
        _refuse_division_by_zero(part, shape)
        parts.append(as_array(f"the prepared {name}", part, shape, hints or {}))
    return np.concatenate(parts)


def _shapes(value):
    """Return the shapes of what was returned, as far as it has any."""
    if not isinstance(value, tuple | list) or len(value) > 9:
        return []
    try:
        return [np.shape(part) for part in value]
    except Exception:
        return []


def _refuse_division_by_zero(part, shape):
    """Name nan and inf where they come from a feature that never changes."""
    try:
        array = np.asarray(part, float)
    except Exception:
        return
    if array.shape == shape and not np.isfinite(array).all():
        bad = ~np.isfinite(array).all(axis=0)
        if bad[1] and bad.sum() == 1:
            raise UnnamedError(
                "a feature that never changes in x_train has the spread 0, and you "
                "divide by it: divide by std + eps."
            )


def _judge(parts, compute, problems, answers, name):
    judge(parts, compute, problems, answers, unknown(name, answers))


@checked
def check_standardize(function: Callable) -> str:
    """Check ``standardize(x_train, x_test, eps)``: both parts as (x − mean) / (std + eps) of x_train.

    Returns
    -------
    Feedback
        Names whose statistics, over what, n − 1, a spread of 0, a wrong order, alone or together.
    """
    answers = []
    for p in STANDARDIZE:
        with np.errstate(all="ignore"):
            value = call_on_copies(function, p.train, p.test, p.eps, if_shapes_clash=SHAPES)
        answers.append(_pair(value, p, (p.train.shape, p.test.shape)))
    _judge(slips.STANDARDIZE, slips.standardized, STANDARDIZE, answers, "both parts, one below the other,")
    return "both parts by the mean and the spread of the training part, and no division by 0."


@checked
def check_whiten(function: Callable) -> str:
    """Check ``whiten(x_train, x, eps)``: x, whitened by the statistics of x_train.

    Any turned or mirrored answer is right: what is compared is the products of all pairs of samples.

    Returns
    -------
    Feedback
        Names eigenvectors as rows, n − 1, a missing root, mean or eps, statistics of x.
    """
    answers = []
    for p in WHITEN:
        with np.errstate(all="ignore"):
            value = call_on_copies(function, p.train, p.test, p.eps, if_shapes_clash=SHAPES)
        hints = {
            p.train.shape: "You return x_train whitened: return x.",
            (p.test.shape[1],) * 2: "That is the matrix: multiply x by it.",
        }
        white = as_array("the whitened x", value, p.test.shape, hints)
        answers.append(white @ white.T)
    name = "the products of the whitened samples, entry "
    _judge(slips.WHITEN, slips.products, WHITEN, answers, name)
    return "centred, turned onto the eigenvectors, divided by √(λ + eps), all as x_train says."


def _refuse_a_say_of_test(function, p):
    """Refuse to leave out what does not change in x_test: of one sample nothing changes."""
    with np.errstate(all="ignore"):
        value = call_on_copies(function, p.train, p.test[:1], if_shapes_clash=SHAPES)
    if _shapes(value) != [(len(p.train), p.train.shape[1] - 1), (1, p.train.shape[1] - 1)]:
        raise AnswerError(
            "with one test sample features are left out that change in x_train: "
            "x_train alone decides which stay."
        )


@checked
def check_mended_normalized(function: Callable) -> str:
    """Check ``normalized(x_train, x_test)``, which came with four errors.

    Features that never change in x_train are left out; the others are standardized by x_train.

    Returns
    -------
    Feedback
        Says what is left: a constant feature first, then the other slips.
    """
    answers = []
    for p in MEND:
        with np.errstate(all="ignore"):
            value = call_on_copies(function, p.train, p.test, if_shapes_clash=SHAPES)
        shapes = [(len(x), x.shape[1] - 1) for x in (p.train, p.test)]
        if _shapes(value) == [p.train.shape, p.test.shape]:
            raise AnswerError(RULE_OF_CONSTANTS)
        own = {p.test.shape: "It keeps features of its own: leave out of both what x_train leaves out."}
        answers.append(_pair(value, p, shapes, own))
    left = [TwoParts(*(np.delete(x, 1, axis=1).astype(float) for x in (p.train, p.test))) for p in MEND]
    _judge(slips.MENDED, slips.standardized, left, answers, "both parts, one below the other,")
    _refuse_a_say_of_test(function, MEND[0])
    return "mended: constant features are out, and both parts stand by the training mean and spread."
