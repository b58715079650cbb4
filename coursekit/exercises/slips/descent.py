"""Slips in a step of gradient descent on a linear problem."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from coursekit.exercises.feedback import ALSO
from coursekit.exercises.slips.search import Option


@dataclass(frozen=True)
class StepProblem:
    """What a step is asked for."""

    w: np.ndarray
    b: float
    x: np.ndarray
    targets: np.ndarray
    rate: float


def step_answer(
    p: StepProblem, error: Callable, scale: Callable, move: Callable, apart: Callable
) -> np.ndarray:
    """Return w and b after a step, one after the other, as the recipe makes them."""
    return np.append(*apart(p, error, scale, move))


def _only(error, place, divided):
    """Return the errors with all but one set to 0; that one for all if it is not divided by the batch."""
    one = np.zeros_like(error)
    one[place] = error[place] * (1 if divided else len(error))
    return one


def _apart(
    p,
    error,
    scale,
    move,
    w_times=None,
    b_times=None,
    w_sum=lambda e, x: x.T @ e,
    b_sum=lambda e, x: e.sum(),
):
    """Return w and b, each with a sum of its own and a factor of its own at the gradient."""
    e = error(p, p.w, p.b)
    g, h = scale(p) * w_sum(e, p.x) + 0 * p.w, scale(p) * b_sum(e, p.x)
    g, h = g * (w_times(p, g) if w_times else 1), h * (b_times(p, h) if b_times else 1)
    return move(p.w, g, p), move(p.b, h, p)


def _one_first(p, error, scale, move, first):
    """Return w and b, the second of them with the error that the first has changed."""
    w, b = _apart(p, error, scale, move)
    if first == 0:
        return w, move(p.b, scale(p) * error(p, w, p.b).sum(), p)
    return move(p.w, scale(p) * (p.x.T @ error(p, p.w, b)), p), b


def _one_by_one(p, by):
    """Return w and b after a step for each sample, divided by a number of the batch."""
    w, b = p.w, p.b
    for x, target in zip(p.x, p.targets, strict=True):
        error = x @ w + b - target
        w, b = w - p.rate * error * x / by(p.x), b - p.rate * error / by(p.x)
    return w, b


# What one of the two gradients alone is multiplied by: (problem, gradient) to a factor, and what is said.
FACTORS = (
    (lambda p, g: -1,
        "{} goes uphill: take rate times its gradient off where the error is answer − target, and add it "
        "where it is target − answer."),
    (lambda p, g: len(p.x), "{}'s gradient is a sum: take the mean, divide by the number of samples."),
    (lambda p, g: 2, "there is a factor 2 in {}'s gradient: the loss has a ½, which cancels it."),
    (lambda p, g: 0.5,
        "there is a ½ left in {}'s gradient: deriving the square makes a 2, which cancels it."),
    (lambda p, g: len(p.x) / p.x.shape[1],
        "{}'s gradient is divided by the number of features: divide by that of samples."),
    (lambda p, g: 1 / p.x.shape[1],
        "{}'s gradient is divided by the number of all entries of x: divide by that of samples."),
    (lambda p, g: 1 / len(p.x), "{}'s gradient is divided by the batch size twice."),
    (lambda p, g: len(p.x) / (len(p.x) - 1), "{}'s gradient is divided by n − 1: divide by n."),
    (lambda p, g: 1 / p.rate, "the learning rate is missing where {} moves: rate times the gradient."),
    (lambda p, g: 1 / p.rate**2, "{} moves by the gradient divided by the rate: multiply by it."),
    (lambda p, g: p.rate, "the rate is multiplied in twice where {} moves."),
    (lambda p, g: 0, "{} is not updated: it moves by − rate times its gradient."),
    (lambda p, g: 1 / np.linalg.norm(g),
        "{}'s gradient is divided by its length: the rate times the gradient as it is."),
)  # fmt: skip


# Each of the two gradients has one of these of its own: both are named.
MET_TOGETHER = tuple(FACTORS[i] for i in (0, 1, 2, 8))


def _both_by_factors():
    for (of_w, says_w), (of_b, says_b) in permutations(MET_TOGETHER, 2):
        yield Option(
            lambda p, error, scale, move, of_w=of_w, of_b=of_b: _apart(
                p, error, scale, move, w_times=of_w, b_times=of_b
            ),
            says_w.format("w") + ALSO + says_b.format("b"),
        )


def _apart_by_factors():
    for name in ("w", "b"):
        for factor, says in FACTORS:
            common = "is a sum" in says
            yield Option(
                lambda p, error, scale, move, name=name, factor=factor: _apart(
                    p, error, scale, move, **{f"{name}_times": factor}
                ),
                says.format(name),
                common,
            )


UPHILL = "the step goes uphill: with error = x @ w + b − targets the gradient is subtracted."
STEP = {
    "error": (
        Option(lambda p, w, b: p.x @ w + b - p.targets),
        Option(lambda p, w, b: p.targets - p.x @ w - b, UPHILL, common=True),
        Option(
            lambda p, w, b: p.x @ w - p.targets, "b is missing in the prediction x @ w + b.", common=True
        ),
        Option(lambda p, w, b: p.x @ w + b, "the targets are not subtracted: error = x @ w + b − targets."),
        Option(
            lambda p, w, b: (p.x @ w + b - p.targets) ** 2,
            "the error is squared: that is the loss. Its derivative holds the error itself.",
        ),
        Option(
            lambda p, w, b: (p.x @ w + b - p.targets) ** 2 / 2,
            "half of the squared error stands for the error: that is the loss. Its derivative holds the "
            "error itself.",
        ),
        Option(
            lambda p, w, b: p.x @ w - b - p.targets, "b is subtracted in the prediction: it is x @ w + b."
        ),
        Option(
            lambda p, w, b: p.x @ w + b + p.targets, "the targets are added: error = x @ w + b − targets."
        ),
        Option(
            lambda p, w, b: np.abs(p.x @ w + b - p.targets),
            "the error loses its sign (np.abs): too low and too high are to push in opposite directions.",
        ),
        Option(
            lambda p, w, b: (p.x @ w + b) * p.targets,
            "the prediction is multiplied by the targets: subtract them.",
        ),
        Option(
            lambda p, w, b: p.x @ w * b - p.targets, "b multiplies in the prediction: add it, x @ w + b."
        ),
        *(
            Option(
                lambda p, w, b, i=i, of=of: _only(p.x @ w + b - p.targets, i, of),
                f"only the {which} sample of the batch counts: all of them do.",
            )
            for i, which in ((0, "first"), (-1, "last"))
            for of in (True, False)
        ),
        Option(
            lambda p, w, b: np.sign(p.x @ w + b - p.targets),
            "only the error's sign is used: that is the derivative of the absolute value.",
        ),
    ),
    "scale": (
        Option(lambda p: 1 / len(p.x)),
        Option(
            lambda p: 1.0, "the gradient is summed over the batch: take its mean, divide by B.", common=True
        ),
        Option(
            lambda p: 2 / len(p.x), "there is a factor 2: the loss has a ½, which cancels it.", common=True
        ),
        Option(lambda p: 2.0, "the gradient is summed, and doubled: the loss is a mean, with a ½."),
        Option(
            lambda p: 0.5 / len(p.x), "there is a ½ left: deriving the square makes a 2, which cancels it."
        ),
        Option(
            lambda p: 1 / len(p.x) ** 2, "you divide by the batch size twice (a mean, and then once more)."
        ),
        Option(
            lambda p: 1 / p.x.size, "you average over all entries of x: divide by the number of samples, B."
        ),
        Option(
            lambda p: 1 / p.x.shape[1], "you divide by the number of features: divide by that of samples."
        ),
    ),
    "move": (
        Option(lambda old, g, p: old - p.rate * g),
        Option(lambda old, g, p: old + p.rate * g, UPHILL, common=True),
        Option(lambda old, g, p: old - g, "the learning rate is missing: rate times the gradient."),
        Option(lambda old, g, p: old - p.rate**2 * g, "the rate is multiplied in twice: once is enough."),
        Option(lambda old, g, p: old + g, "the step goes uphill, and the learning rate is missing."),
        Option(
            lambda old, g, p: (1 - p.rate) * old - p.rate * g,
            "the old ones shrink too: they stay as they are, less rate times the gradient.",
        ),
        Option(lambda old, g, p: old - g / p.rate, "you divide by the learning rate: multiply by it."),
        Option(
            lambda old, g, p: old + 0 * g, "you return the old w and b: they move by − rate · gradient."
        ),
        Option(
            lambda old, g, p: p.rate * (old - g),
            "the rate multiplies the old ones too: it belongs to the gradient alone.",
        ),
        Option(lambda old, g, p: g, "you return the gradients: return the new w and b."),
        Option(lambda old, g, p: -p.rate * g, "you return the change alone: add it to the old w and b."),
    ),
    "apart": (
        Option(lambda p, error, scale, move: _apart(p, error, scale, move)),
        Option(
            lambda p, error, scale, move: _one_first(p, error, scale, move, 0),
            "b uses an error that the new w has changed: compute the error once, before.",
        ),
        Option(
            lambda p, error, scale, move: _one_first(p, error, scale, move, 1),
            "w uses an error that the new b has changed: compute the error once, before.",
        ),
        *(
            Option(
                lambda p, error, scale, move, by=by: _one_by_one(p, by),
                "a step is taken for each sample, with weights that have moved already: take the mean "
                "first, then one step.",
            )
            for by in (len, lambda x: 1)
        ),
        Option(
            lambda p, error, scale, move: _apart(p, error, scale, move, b_sum=lambda e, x: e @ x[:, 0]),
            "b's gradient is multiplied by x: its input is always 1.",
        ),
        Option(
            lambda p, error, scale, move: _apart(p, error, scale, move, w_sum=lambda e, x: e.sum()),
            "w's gradient lacks x: it is the mean of error times x, one number for each feature.",
        ),
        *(
            Option(
                lambda p, error, scale, move, f=f: _apart(p, error, scale, move, w_sum=f),
                "w's gradient is averaged over all entries: each feature has its own, axis 0.",
            )
            for f in (
                lambda e, x: (e @ x).sum(),
                lambda e, x: (e @ x).mean(),
                lambda e, x: (e @ x).sum() * len(e),
                lambda e, x: (e @ x).mean() * len(e),
            )
        ),
        Option(
            lambda p, error, scale, move: _apart(
                p, error, scale, move, w_sum=lambda e, x: np.sign(e @ x) * len(e)
            ),
            "only the sign of w's gradient is used: take it as it is.",
        ),
        *(
            Option(
                lambda p, error, scale, move, f=f: _apart(p, error, scale, move, w_sum=f),
                "w's gradient is a product of sums or means: multiply error and x sample by sample, and "
                "then take the mean.",
            )
            for f in (lambda e, x: x.mean(axis=0) * e.sum(), lambda e, x: x.sum(axis=0) * e.sum())
        ),
        Option(
            lambda p, error, scale, move: _apart(p, error, scale, move, w_sum=lambda e, x: p.w * e.sum()),
            "w stands in its own gradient: it is the mean of error times x.",
        ),
        *(
            Option(
                lambda p, error, scale, move, s=s: _apart(
                    p, error, scale, move, w_sum=lambda e, x: s * (x.T @ p.targets)
                ),
                "w's gradient holds the targets alone: it is the mean of error times x.",
            )
            for s in (1, -1)
        ),
        Option(
            lambda p, error, scale, move: _apart(p, error, scale, move, w_sum=lambda e, x: x.T @ np.abs(e)),
            "the error loses its sign in w's gradient.",
        ),
        *(
            Option(
                lambda p, error, scale, move, f=f: _apart(p, error, scale, move, b_sum=f),
                f"b's gradient {says}: it is the mean of the errors.",
            )
            for f, says in (
                (lambda e, x: e[0] * len(e), "is the error of the first sample"),
                (lambda e, x: e[-1] * len(e), "is the error of the last sample"),
                (lambda e, x: np.abs(e).sum(), "loses the sign of the error"),
                (lambda e, x: (e**2).sum(), "is made of squared errors"),
                (lambda e, x: (e @ x).sum(), "holds x"),
                (lambda e, x: (e @ x).mean(), "holds x"),
                (lambda e, x: e.max() * len(e), "is the largest error"),
            )
        ),
        Option(
            lambda p, error, scale, move: _apart(p, error, scale, move, b_sum=lambda e, x: p.b * e.sum()),
            "b's gradient is multiplied by b: it is the mean of the errors.",
        ),
        *_apart_by_factors(),
        *_both_by_factors(),
    ),
}
