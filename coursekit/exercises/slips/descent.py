"""Slips in a step of gradient descent on a linear problem, with and without momentum."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.search import Option

# --- one step on w and b of C = 1/(2B) Σ (x·w + b − t)² ------------------------------------------------


@dataclass(frozen=True)
class StepProblem:
    """What a step is asked for."""

    w: np.ndarray
    b: float
    x: np.ndarray
    targets: np.ndarray
    rate: float


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
        Option(lambda old, g, p: old - g / p.rate, "you divide by the learning rate: multiply by it."),
        Option(lambda old, g, p: g, "you return the gradients: return the new w and b."),
        Option(lambda old, g, p: -p.rate * g, "you return the change alone: add it to the old w and b."),
    ),
    "order": (
        Option("together"),
        Option("w first", "b uses an error that the new w has changed: compute the error once, before."),
        Option("b first", "w uses an error that the new b has changed: compute the error once, before."),
        Option("b stays", "b is not updated: its gradient is the mean of the errors."),
        Option("w stays", "w is not updated: its gradient is the mean of error times x."),
        Option("b by sum", "b's gradient is a sum: take the mean of the errors.", common=True),
        Option("w by sum", "w's gradient is a sum: divide it by the number of samples.", common=True),
        Option("b by x", "b's gradient is multiplied by x: its input is always 1."),
    ),
}


def step_answer(p: StepProblem, error: Callable, scale: Callable, move: Callable, order: str) -> np.ndarray:
    """Return w and b after a step, one after the other, as the recipe makes them."""
    w, b = p.w, p.b
    e = error(p, w, b)
    new_b = move(b, b_scale(p, scale, order) * (e * p.x[:, 0] if order == "b by x" else e).sum(), p)
    if order == "b first":
        e = error(p, w, new_b)
    new_w = move(w, (1.0 if order == "w by sum" else scale(p)) * (p.x.T @ e), p)
    if order == "w first":
        new_b = move(b, scale(p) * error(p, new_w, b).sum(), p)
    return np.append(w if order == "w stays" else new_w, b if order == "b stays" else new_b)


def b_scale(p: StepProblem, scale: Callable, order: str) -> float:
    """Return what the sum of the errors is multiplied by."""
    return 1.0 if order == "b by sum" else scale(p)


# --- momentum: v ← β v + g, w ← w − η v ----------------------------------------------------------------


@dataclass(frozen=True)
class MomentumProblem:
    """What a step with momentum is asked for."""

    w: np.ndarray
    v: np.ndarray
    gradient: np.ndarray
    rate: float
    beta: float


MOMENTUM = {
    "velocity": (
        Option(lambda p: p.beta * p.v + p.gradient),
        Option(
            lambda p: p.beta * p.v + (1 - p.beta) * p.gradient,
            "you take (1 − β) g: that averages the gradients. Here v ← β v + g adds them up.",
            common=True,
        ),
        Option(
            lambda p: p.beta * p.v + p.rate * p.gradient,
            "the rate stands inside v: here v ← β v + g, and the rate comes when w moves.",
            common=True,
        ),
        Option(
            lambda p: p.beta * p.v - p.rate * p.gradient,
            "v holds the rate and the minus, another convention: here v ← β v + g, then w ← w − η v.",
            common=True,
        ),
        Option(
            lambda p: p.beta * p.v - p.gradient, "the gradient is subtracted from v: add it.", common=True
        ),
        Option(lambda p: p.gradient, "v forgets its past: β v is missing."),
        Option(lambda p: p.v + p.gradient, "β is missing: v would never forget."),
        Option(lambda p: p.v + p.beta * p.gradient, "β stands at the gradient: it belongs to the old v."),
        Option(lambda p: p.beta * (p.v + p.gradient), "β multiplies the gradient too: β v + g."),
        Option(
            lambda p: (1 - p.beta) * p.v + p.beta * p.gradient,
            "β and 1 − β are exchanged, and nothing is averaged here: v ← β v + g.",
        ),
        Option(lambda p: (1 - p.beta) * p.v + p.gradient, "1 − β stands where β belongs."),
        Option(lambda p: p.rate * p.v + p.gradient, "rate and β are exchanged: v ← β v + g."),
    ),
    "move": (
        Option(lambda p, v: p.w - p.rate * v),
        Option(
            lambda p, v: p.w - p.rate * p.v, "w moves by the old v: make the new one first.", common=True
        ),
        Option(lambda p, v: p.w + p.rate * v, "w moves uphill: subtract rate · v.", common=True),
        Option(lambda p, v: p.w - v, "the rate is missing where w moves: w − rate · v.", common=True),
        Option(lambda p, v: p.w + v, "w moves by + v, without the rate: w − rate · v.", common=True),
        Option(lambda p, v: p.w - p.rate * p.gradient, "w moves by the gradient alone: subtract rate · v."),
        Option(
            lambda p, v: p.w - p.rate * (p.gradient + p.beta * v),
            "that is Nesterov's step, which looks ahead: here w ← w − rate · v.",
        ),
        Option(lambda p, v: p.w - p.beta * v, "β stands where the rate belongs: w − rate · v."),
        Option(lambda p, v: -p.rate * v, "you return the change of w: return the new w."),
        Option(lambda p, v: p.w, "w stays where it was: return w − rate · v."),
    ),
    "kept": (
        Option(lambda p, v: v),
        Option(lambda p, v: p.v, "the v that you return is the old one: return the new v.", common=True),
        Option(lambda p, v: p.gradient, "you return the gradient in the place of v."),
        Option(lambda p, v: p.rate * v, "you return rate · v: return v itself."),
    ),
}


def momentum_answer(p: MomentumProblem, velocity: Callable, move: Callable, kept: Callable) -> np.ndarray:
    """Return w and v after a step, one after the other."""
    v = velocity(p)
    return np.concatenate([move(p, v), kept(p, v)])


# --- a training loop to be mended ----------------------------------------------------------------------


@dataclass(frozen=True)
class LoopProblem:
    """What a loop is asked for; its order comes from a generator of this seed."""

    x: np.ndarray
    targets: np.ndarray
    rate: float
    batch_size: int
    epochs: int
    seed: int


LOOP = {
    "starts": (
        Option(lambda n, size: range(0, n, size)),
        Option(
            lambda n, size: range(0, n - size, size),
            "the last batch of each epoch is left out: the starts run up to len(x).",
        ),
        Option(
            lambda n, size: range(0, n - size + 1, size),
            "the short last batch is left out: the starts run up to len(x).",
        ),
    ),
    "order": (
        Option(lambda rng, n: rng.permutation(n)),
        Option(
            lambda rng, n: rng.integers(n, size=n),
            "samples are drawn with replacement: an epoch misses a third of them. Take rng.permutation.",
        ),
        Option(lambda rng, n: np.arange(n), "the samples are not shuffled: take rng.permutation(len(x))."),
    ),
    "sign": (Option(1), Option(-1, "the step goes uphill: the error is prediction minus target.")),
    "intercept": (Option(1), Option(0, "b is missing in the prediction x @ w + b.")),
    "w_by": (
        Option(lambda rows, size: len(rows)),
        Option(
            lambda rows, size: size,
            "w's gradient is divided by batch_size, but the last batch is shorter: divide by len(rows).",
        ),
        Option(lambda rows, size: 1, "w's gradient is not averaged: divide it by len(rows)."),
    ),
    "b_by": (
        Option(lambda rows, size: len(rows)),
        Option(
            lambda rows, size: size,
            "b's gradient is divided by batch_size, but the last batch is shorter: take error.mean().",
        ),
        Option(lambda rows, size: 1, "b's gradient is not averaged: take error.mean()."),
    ),
}


def loop_answer(
    p: LoopProblem,
    starts: Callable,
    order: Callable,
    sign: int,
    intercept: int,
    w_by: Callable,
    b_by: Callable,
) -> np.ndarray:
    """Return w and b after training, one after the other."""
    rng, n = np.random.default_rng(p.seed), len(p.x)
    w, b = np.zeros(p.x.shape[1]), 0.0
    for _ in range(p.epochs):
        drawn = order(rng, n)
        for start in starts(n, p.batch_size):
            rows = drawn[start : start + p.batch_size]
            error = sign * (p.x[rows] @ w + intercept * b - p.targets[rows])
            w = w - p.rate * p.x[rows].T @ error / w_by(rows, p.batch_size)
            b = b - p.rate * error.sum() / b_by(rows, p.batch_size)
    return np.append(w, b)
