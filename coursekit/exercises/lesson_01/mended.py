"""Mend it: a softmax regression with six slips; the checker says which are left."""

import functools
from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import call_on_copies, equal
from coursekit.exercises.asking import only_asked
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.judging import share_right
from coursekit.exercises.lesson_01.softmax import KEEPDIMS, as_raw, same_or_nan
from coursekit.exercises.slips.search import Option, recipes
from coursekit.exercises.slips.softmax import one_hot

MANY = 3  # slips that are named all at once
STEPS, RATE = 4, 0.3


def _pick(p, y):
    return p[np.arange(len(p)), y]


def _rows_lowered(p, y):
    p = p.copy()
    p[y] -= 1
    return p


def _lowered(p, y):
    p = p.copy()
    p[:, y] -= 1
    return p


PARTS = {
    "axis": (
        Option(lambda s: s.sum(axis=1, keepdims=True)),
        Option(lambda s: s.sum(axis=0), "the sum in softmax runs over axis 0, the samples", common=True),
        Option(np.sum, "the sum in softmax runs over everything", common=True),
        Option(
            lambda s: s.mean(axis=1, keepdims=True), "softmax divides by the mean of the row, not its sum"
        ),
        Option(
            lambda s: s.max(axis=1, keepdims=True),
            "softmax divides by the largest or not at all, not by the sum",
        ),
        Option(lambda s: 1.0, "softmax does not divide by the sum of the row"),
    ),
    "times": (
        Option(1),
        Option(2, "softmax is taken twice", common=True),
    ),
    "pick": (
        Option(_pick),
        Option(
            lambda p, y: p[:, y], "the loss takes p[:, labels], these columns of every row", common=True
        ),
        Option(lambda p, y: p[y], "the loss takes p[labels], whole rows by number", common=True),
        Option(lambda p, y: p.max(axis=1), "the loss takes the largest probability, not that of the label"),
        Option(lambda p, y: p, "the loss takes all classes, not that of the label alone"),
        Option(lambda p, y: 1 - _pick(p, y), "the loss takes 1 - p of the label, not p"),
    ),
    "loss": (
        Option(np.mean),
        Option(np.sum, "the loss is a sum and no mean", common=True),
        Option(lambda losses: -np.mean(losses), "the minus of the loss, −log p, is missing or there twice"),
        Option(lambda losses: -np.sum(losses), "the loss is a sum and no mean, and its minus is missing"),
        Option(lambda losses: np.sum(losses) / 3, "the loss is divided by the number of classes, not by n"),
        Option(lambda losses: np.mean(losses) / len(losses), "the loss is divided by n twice"),
        Option(lambda losses: np.mean(losses) / 3, "the loss is averaged over the classes too"),
        Option(lambda losses: np.mean(losses) / np.log(2), "the log of the loss is of base 2: np.log"),
        Option(lambda losses: np.mean(losses) / np.log(10), "the log of the loss is of base 10: np.log"),
        Option(
            lambda losses: -np.log(np.mean(np.exp(-losses))),
            "the loss is the log of the mean of p, not the mean of the logs",
        ),
        Option(
            lambda losses: 1 - np.mean(np.exp(-losses)), "the loss has no log: it is the mean of −log p"
        ),
        Option(lambda losses: np.mean(losses) / 2, "the loss is half of what it should be"),
        Option(lambda losses: 2 * np.mean(losses), "the loss is twice what it should be"),
        Option(lambda losses: np.max(losses), "the loss is that of the worst sample"),
        Option(lambda losses: losses[0], "the loss is that of the first sample alone"),
        Option(lambda losses: losses[-1], "the loss is that of the last sample alone"),
    ),
    "target": (
        Option(lambda p, y: p - one_hot(y, p.shape[1])),
        Option(
            _lowered, "p[:, labels] -= 1 lowers whole columns, where one entry a row is meant", common=True
        ),
        Option(_rows_lowered, "p[labels] -= 1 lowers whole rows, where one entry a row is meant"),
        Option(
            lambda p, y: p,
            "the 1 of the label is not taken off p (p[np.arange(n), labels] on its own is a copy: what is "
            "done to it does not reach p)",
        ),
        Option(lambda p, y: p + one_hot(y, p.shape[1]), "the 1 of the label is added to p, not taken off"),
        Option(
            lambda p, y: np.where(one_hot(y, p.shape[1]) > 0, 1 - p, p),
            "the label's entry is 1 − p, with the sign turned round: p − 1",
        ),
        Option(
            lambda p, y: np.where(one_hot(y, p.shape[1]) > 0, 1.0, p),
            "the label's entry is set to 1, where 1 is to be taken off",
        ),
        Option(lambda p, y: p - y[:, None], "the label's number is taken off, not a one-hot row"),
        Option(
            lambda p, y: (p - one_hot(y, p.shape[1])) * p * (1 - p),
            "a factor p (1 − p) is left over in the gradient",
        ),
        Option(lambda p, y: p - 1, "1 is taken off every entry, not off the label's alone"),
        Option(lambda p, y: -one_hot(y, p.shape[1]), "p is missing in p − y"),
        Option(lambda p, y: one_hot(y, p.shape[1]) * (p - 1), "only the label's entry is kept in p − y"),
    ),
    "gradient": (
        Option(len),
        Option(lambda x: 1, "the gradient is not divided by the number of samples", common=True),
        Option(
            lambda x: len(x) ** 2, "the gradient is divided by the number of samples twice", common=True
        ),
        Option(lambda x: 3, "the gradient is divided by the number of classes, not of samples"),
        Option(
            lambda x: 3 * len(x),
            "the gradient is divided by the number of classes too, not of samples alone",
        ),
        Option(lambda x: x.shape[1], "the gradient is divided by the number of features, not of samples"),
        Option(lambda x: x.size, "the gradient is divided by the size of x, not by the number of samples"),
        Option(lambda x: STEPS, "the gradient is divided by the number of steps, not of samples"),
        Option(lambda x: len(x) - 1, "the gradient is divided by n − 1, not n"),
        Option(lambda x: len(x) / 2, "the gradient is twice what it should be: a factor 2"),
        Option(lambda x: RATE * len(x), "the rate is missing where the weights move"),
        Option(
            lambda x: RATE**2 * len(x), "the weights move by the gradient divided by the rate: multiply"
        ),
        Option(lambda x: 2 * len(x), "the gradient is half of what it should be"),
        Option(lambda x: len(x) / RATE, "the rate is multiplied in twice"),
        Option(lambda x: np.inf, "the weights stay the same: they are not updated, W = W − rate · …"),
    ),
    "sign": (
        Option(-1),
        Option(1, "the step goes with the gradient, uphill: W -= …", common=True),
    ),
    "keep": (
        Option(1),
        Option(0, "the old weights are lost: W = W − rate · …"),
    ),
}
SHIFTS = {
    "shift": (
        Option(lambda s: s.max(axis=1, keepdims=True)),
        Option(
            lambda s: 0,
            "each row's largest score is not taken off before exp: large ones give nan",
            common=True,
        ),
        Option(lambda s: 2 * s, "the sign of the scores is turned round before exp"),
        Option(
            lambda s: s.max(axis=0), "the largest score of each column is taken off: take each row's own"
        ),
    )
}
Problem = tuple[np.ndarray, np.ndarray, np.ndarray]  # samples, labels, the weights to start from


def problem(n: int, features: int, width: float, seed: int) -> Problem:
    """Return n samples, their labels, of which each class has some, and weights of no two alike.

    From weights of 0 some slips would hide others: all classes would stay alike.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(0, width, (n, features))
    labels = np.arange(n) % 3
    labels[labels == 1] = 2 if n % 2 == 0 else 0  # unlike shares; in small batches a class has no sample
    return x, labels, rng.normal(0, 0.5, (features, 3))


SMALL = (problem(6, 2, 1.0, 0), problem(9, 3, 0.7, 1))
LARGE = problem(6, 2, 200.0, 2)


def train(
    given: Problem,
    shift: Callable,
    axis: Callable,
    times: int,
    pick: Callable,
    loss: Callable,
    target: Callable,
    gradient: Callable,
    sign: int,
    keep: int,
    steps: int = STEPS,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the losses and the weights of a softmax regression made of these parts."""
    (x, labels, w), losses = given, []
    for _ in range(steps):
        p = x @ w
        for _ in range(times):
            e = np.exp(p - shift(p))
            p = e / axis(e)
        losses.append(loss(-np.log(pick(p, labels))))
        w = keep * w + sign * RATE * x.T @ target(p, labels) / gradient(x)
    return np.array(losses), w


def _hows(recipe):
    return {name: option.how for name, option in recipe.items()}


RIGHT = {name: options[0] for name, options in {**PARTS, **SHIFTS}.items()}


@checked
def check_mended_softmax(function: Callable) -> str:
    """Check ``train(x, labels, w, rate, steps)``, which returns the losses and the weights.

    Returns
    -------
    Feedback
        Says how many slips are left, and names each in a sentence.
    """
    with np.errstate(all="ignore"):
        came = [_two(function, given) for given in SMALL]
        large = _two(function, LARGE)
        if only_asked():
            _refuse_at_once([*came, large])
        # Where small scores are divided by a wrong sum, it shows what was taken off them: so both parts.
        left = _left_in_two(came)
        if left is None:
            _say_where(came)
        fixed = {name: left[name] for name in PARTS}
        seen = bool(left["shift"].says)
        shifts = (
            None if seen else _left(SHIFTS, fixed, (LARGE,), (large,), lambda a, b: same_or_nan(a[1], b[1]))
        )
    slips = [option.says for option in {**left, **(shifts or {})}.values() if option.says]
    if not slips and shifts is None and not seen:
        raise UnnamedError(
            "right on small scores; with scores in the hundreds the weights differ. What is taken off "
            "before exp has to be each row's largest score."
        )
    if slips:
        count = "1 slip is left" if len(slips) == 1 else f"{len(slips)} slips are left"
        if len(slips) > MANY:  # then there is still something to find: the first step, and no list
            raise AnswerError(f"{count}. One of them: {slips[0]}. Mend one, and run again.")
        raise AnswerError(f"{count}: {'; '.join(slips)}.")
    return "no slip is left: the loss falls, and the same rate suits any number of samples."


@functools.cache
def _rights():
    """Return losses and weights of the mended program, for small scores and large ones."""
    with np.errstate(all="ignore"):
        return [train(given, **_hows(RIGHT)) for given in (*SMALL, LARGE)]


def _refuse_at_once(came):
    """Say how much is right, and do not search what is wrong."""
    pairs = [
        (a, b)
        for mine, right in zip(came, _rights(), strict=True)
        for a, b in zip(mine, right, strict=True)
    ]
    if not all(same_or_nan(a, b) for a, b in pairs):
        raise UnnamedError(share_right(*zip(*pairs, strict=True)))


FIRST = ("shift", "axis", "times", "pick", "loss")  # what the first loss depends on
UP_TO = 3  # slips at once, in what the first loss depends on and in the rest


def _left(parts, fixed, given, came, same):
    """Return the recipe with the fewest slips that does what came, as a dict of options; or None."""
    for recipe in (r for slips in range(UP_TO + 1) for r in recipes(parts, slips)):
        made = (train(g, **_hows({**fixed, **recipe})) for g in given)
        if all(same(a, b) for a, b in zip(came, made, strict=True)):
            return recipe
    return None


def _left_in_two(came):
    """Find first what gives the first loss, then with that what gives all; None without such slips."""
    parts = {**PARTS, **SHIFTS}
    early = {name: parts[name] for name in FIRST}
    late = {name: options for name, options in parts.items() if name not in FIRST}
    losses = [losses[:1] for losses, _ in came]
    tried = 0
    every = [(slips, slips > UP_TO) for slips in range(len(FIRST) + 1)]
    for first in (r for slips, common in every for r in recipes(early, slips, common)):
        fixed = {**RIGHT, **first}
        made = (train(g, steps=1, **_hows(fixed))[0] for g in SMALL)
        if not all(same_or_nan(a, b) for a, b in zip(losses, made, strict=True)):
            continue
        found = _left(late, fixed, SMALL, came, _agree)
        if found is not None:
            return {name: {**first, **found}[name] for name in parts}
        if (tried := tried + 1) == MANY:
            break
    return None


def _agree(a, b):
    return all(map(same_or_nan, a, b))


def _two(function, given):
    value = call_on_copies(function, *given, RATE, STEPS, if_shapes_clash=KEEPDIMS, may_write=(2,))
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise AnswerError("return two things, as the program did: the losses and the weights.")
    many = np.shape(value[0])
    if len(many) == 1 and many != (STEPS,):
        raise AnswerError(
            f"{many[0]} losses come for {STEPS} steps: one for each. See whether range(steps) is short, "
            "losses begins anew in the loop, or return stands in it."
        )
    losses = as_raw("the losses", value[0], (STEPS,))
    return losses, as_raw("the weights", value[1], given[2].shape)


def _say_where(came):
    first, weights = came[0]
    losses, right = train(SMALL[0], **_hows(RIGHT))
    if not equal(first[0], losses[0]):
        raise UnnamedError(
            f"something is left, or has changed: the first loss should be {losses[0]:.4g}, and yours is "
            f"{first[0]:.4g}, {first[0] / losses[0]:.3g} times that. It is the mean of −log p of the "
            "labels, before any step."
        )
    if not same_or_nan(weights, right):
        raise UnnamedError(
            "something is left, or has changed: the first loss is right, and the weights go another way. "
            "They step against x.T @ (p − y) / N."
        )
    raise UnnamedError("the weights are right, and the losses are not: the mean of −log p of the labels.")
