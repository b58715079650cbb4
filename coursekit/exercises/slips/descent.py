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


# What one of the two gradients alone is multiplied by: (problem, gradient) to a factor, and what is said.
FACTORS = (
    (lambda p, g: -1, "{} goes uphill: its gradient is subtracted."),
    (lambda p, g: len(p.x), "{}'s gradient is a sum: take the mean, divide by the number of samples."),
    (lambda p, g: 2, "there is a factor 2 in {}'s gradient: the loss has a ½, which cancels it."),
    (lambda p, g: 0.5, "there is a ½ left in {}'s gradient: deriving the square makes a 2, which cancels it."),
    (lambda p, g: len(p.x) / p.x.shape[1], "{}'s gradient is divided by the number of features: divide by that "
     "of samples."),
    (lambda p, g: 1 / p.x.shape[1], "{}'s gradient is divided by the number of all entries of x: divide by "
     "that of samples."),
    (lambda p, g: 1 / len(p.x), "{}'s gradient is divided by the batch size twice."),
    (lambda p, g: len(p.x) / (len(p.x) - 1), "{}'s gradient is divided by n − 1: divide by n."),
    (lambda p, g: 1 / p.rate, "the learning rate is missing where {} moves: rate times the gradient."),
    (lambda p, g: 1 / p.rate**2, "{} moves by the gradient divided by the rate: multiply by it."),
    (lambda p, g: p.rate, "the rate is multiplied in twice where {} moves."),
    (lambda p, g: 0, "{} is not updated: it moves by − rate times its gradient."),
    (lambda p, g: 1 / np.linalg.norm(g), "{}'s gradient is divided by its length: the rate times the gradient "
     "as it is."),
)  # fmt: skip


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
                "w's gradient is a product of sums or means: multiply error and x sample by sample, and then take "
                "the mean.",
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
    ),
}

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
        *(
            Option(
                lambda p, c=c: c * p.v + p.gradient, f"{c:g} is written in for β: use the one handed in."
            )
            for c in (0.9, 0.99, 0.5, 0.1)
        ),
        *(
            Option(
                lambda p, c=c: c * p.v + (1 - c) * p.gradient,
                f"{c:g} is written in for β, and v averages: here v ← β v + g, with the β handed in.",
            )
            for c in (0.9, 0.99)
        ),
        Option(lambda p: p.beta**2 * p.v + p.gradient, "β acts twice: v ← β v + g."),
        Option(lambda p: p.beta * p.v + p.gradient**2, "the gradient is squared in v: v ← β v + g."),
        Option(
            lambda p: p.beta * p.v + (1 - p.beta) * p.gradient**2,
            "v averages the squared gradients, as RMSprop and Adam do: here v ← β v + g.",
        ),
        Option(
            lambda p: p.beta * p.v - (1 - p.beta) * p.gradient,
            "you subtract (1 − β) g from v: here v ← β v + g adds the gradients up.",
        ),
        Option(lambda p: p.beta * p.v + 2 * p.gradient, "the gradient is added twice: v ← β v + g."),
        Option(lambda p: -p.beta * p.v + p.gradient, "β v is subtracted: v ← β v + g."),
        Option(lambda p: p.v / p.beta + p.gradient, "v is divided by β: v ← β v + g."),
        Option(lambda p: p.beta * p.w + p.gradient, "w stands where the old v belongs: v ← β v + g."),
        Option(lambda p: p.beta * p.v + p.w, "w stands where the gradient belongs: v ← β v + g."),
        Option(
            lambda p: p.beta * p.v + p.gradient.mean(),
            "the gradient is averaged over its entries: v ← β v + g.",
        ),
        Option(
            lambda p: p.beta * p.v + p.gradient.sum(),
            "the gradient is summed over its entries: v ← β v + g.",
        ),
        Option(lambda p: p.beta * p.v + p.gradient + p.rate, "the rate is added to v: v ← β v + g."),
        Option(
            lambda p: p.beta * (p.v - p.gradient),
            "β multiplies the gradient, which is subtracted: β v + g.",
        ),
        Option(lambda p: (p.v + p.gradient) / 2, "v is the plain average of v and g: v ← β v + g."),
        Option(
            lambda p: p.beta * p.gradient, "β stands at the gradient, and v forgets its past: v ← β v + g."
        ),
        Option(
            lambda p: p.v - p.rate * p.gradient, "β is missing, and the rate stands inside v: v ← β v + g."
        ),
        Option(
            lambda p: p.v + p.rate * p.gradient, "β is missing, and the rate stands inside v: v ← β v + g."
        ),
        Option(lambda p: p.v, "v stays as it was: v ← β v + g."),
        Option(
            lambda p: p.beta * p.v + (1 + p.beta) * p.gradient, "1 + β stands at the gradient: v ← β v + g."
        ),
        Option(lambda p: p.beta * p.v * p.gradient, "β v and g are multiplied: add them."),
        Option(lambda p: p.beta * p.v, "the gradient is missing in v: v ← β v + g."),
        Option(
            lambda p: p.beta * p.gradient + (1 - p.beta) * p.v, "β and 1 − β are exchanged: v ← β v + g."
        ),
        Option(
            lambda p: p.rate * (p.beta * p.v + p.gradient),
            "the rate stands inside v: here v ← β v + g, and the rate comes when w moves.",
        ),
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
        *(
            Option(
                lambda p, v, c=c: p.w - c * v, f"{c:g} is written in for the rate: use the one handed in."
            )
            for c in (0.1, 0.01, 0.001)
        ),
        Option(
            lambda p, v: p.w - p.rate * p.gradient - p.rate * v,
            "the gradient is there twice, alone and in v: w ← w − rate · v.",
        ),
        Option(
            lambda p, v: p.w - p.rate * p.gradient - p.beta * p.v,
            "β v stands there without the rate: w ← w − rate · v, with the new v.",
        ),
        Option(lambda p, v: p.w - p.rate * (p.gradient + p.v), "β is missing where w moves: w − rate · v."),
        Option(
            lambda p, v: p.w - p.rate * p.beta * v, "β multiplies once more where w moves: w − rate · v."
        ),
        Option(
            lambda p, v: p.w - p.rate * v / (1 - p.beta),
            "you divide by 1 − β, as Adam corrects its averages: here nothing is corrected, w − rate · v.",
        ),
        Option(lambda p, v: p.w - p.rate * (1 - p.beta) * v, "1 − β is multiplied in: w − rate · v."),
        Option(lambda p, v: p.w - p.rate * np.sign(v), "only the sign of v is used: w − rate · v."),
        Option(
            lambda p, v: p.w - p.rate * v / np.linalg.norm(v), "v is divided by its length: w − rate · v."
        ),
        Option(
            lambda p, v: p.beta * p.w - p.rate * v, "β multiplies w: it belongs to v, w ← w − rate · v."
        ),
        Option(lambda p, v: p.w - p.rate**2 * v, "the rate is multiplied in twice: w − rate · v."),
        Option(lambda p, v: p.w - v / p.rate, "you divide by the rate: w − rate · v."),
        Option(
            lambda p, v: p.gradient - p.rate * v,
            "the gradient stands where the old w belongs: w − rate · v.",
        ),
        Option(lambda p, v: p.v - p.rate * v, "v stands where the old w belongs: w − rate · v."),
        Option(
            lambda p, v: p.w - (1 - p.beta) * p.rate * p.v,
            "w moves by the old v, times 1 − β: w − rate · v, with the new v.",
        ),
        Option(lambda p, v: p.w - p.rate - v, "the rate is subtracted: it multiplies, w − rate · v."),
        Option(lambda p, v: p.w - p.rate + v, "the rate is subtracted: it multiplies, w − rate · v."),
        Option(lambda p, v: p.w - p.rate * (1 + p.beta) * v, "1 + β is multiplied in: w − rate · v."),
        Option(lambda p, v: p.w * (1 - p.rate * v), "w is multiplied: subtract, w − rate · v."),
        Option(
            lambda p, v: p.w - p.rate * v * p.gradient, "v and the gradient are multiplied: w − rate · v."
        ),
        Option(
            lambda p, v: p.w - p.rate * p.gradient / np.sqrt(np.abs(v) + 1e-8),
            "the gradient is divided by a root, as RMSprop and Adam do: here w ← w − rate · v.",
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
        Option(lambda p, v: -p.rate * v, "you return − rate · v: return v itself."),
        Option(lambda p, v: -v, "you return − v: return v itself."),
        Option(lambda p, v: v / (1 - p.beta), "you return v / (1 − β): return v itself."),
        Option(lambda p, v: (1 - p.beta) * v, "you return (1 − β) v: return v itself."),
        Option(lambda p, v: p.w, "you return the old w in the place of v."),
        Option(lambda p, v: p.beta * v, "you return β v: return v itself; the next step multiplies by β."),
    ),
    "order": (
        Option(lambda w, v: (w, v)),
        Option(
            lambda w, v: (v, w), "the two come in the wrong order: return the new w first, then the new v."
        ),
    ),
}


def momentum_answer(
    p: MomentumProblem, velocity: Callable, move: Callable, kept: Callable, order: Callable
) -> np.ndarray:
    """Return w and v after a step, one after the other."""
    v = velocity(p)
    return np.concatenate(order(move(p, v), kept(p, v)))


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


def _by(what, mean):
    """Return what the gradient of `what` may be multiplied by at each batch, (p, number of rows) to a factor."""
    return (
        Option(lambda p, n: 1 / n),
        Option(
            lambda p, n: 1 / p.batch_size,
            f"{what}'s gradient is divided by batch_size, but the last batch is shorter: {mean}.",
            common=True,
        ),
        Option(lambda p, n: 1.0, f"{what}'s gradient is not averaged: {mean}.", common=True),
        Option(lambda p, n: 1 / len(p.x), f"{what}'s gradient is divided by len(x), all samples: {mean}."),
        Option(
            lambda p, n: 2 / n, f"there is a factor 2 in {what}'s gradient: the loss has a ½.", common=True
        ),
        Option(lambda p, n: 2.0, f"{what}'s gradient has a factor 2, and is not averaged: {mean}."),
        Option(lambda p, n: 0.5 / n, f"there is a ½ left in {what}'s gradient."),
        Option(lambda p, n: 1 / n**2, f"{what}'s gradient is divided by the batch size twice: {mean}."),
        Option(
            lambda p, n: 1 / p.x.shape[1],
            f"{what}'s gradient is divided by the number of features: {mean}.",
        ),
        Option(lambda p, n: -1 / n, f"{what} goes uphill: its gradient is subtracted.", common=True),
        Option(lambda p, n: -1.0, f"{what} goes uphill, and its gradient is not averaged: {mean}."),
        Option(lambda p, n: 1 / n / p.rate, f"the rate is missing where {what} moves."),
        Option(lambda p, n: p.rate / n, f"the rate is multiplied in twice where {what} moves."),
        Option(lambda p, n: 0.0, f"{what} is not updated: it moves by − rate times its gradient."),
    )


LOOP = {
    "starts": (
        Option(lambda n, size: range(0, n, size)),
        Option(
            lambda n, size: range(0, n - size, size),
            "the last batch of each epoch is left out: the starts run up to len(x).",
            common=True,
        ),
        Option(
            lambda n, size: range(0, n - size + 1, size),
            "the short last batch is left out: the starts run up to len(x).",
            common=True,
        ),
        Option(lambda n, size: range(1), "one batch an epoch comes: the starts run up to len(x)."),
        Option(lambda n, size: range(size), "batch_size is taken for the number of batches: range(0, len(x), "
               "batch_size)."),
        Option(lambda n, size: range(0, n, 2 * size), "every second batch is left out: the starts are batch_size "
               "apart."),
        Option(lambda n, size: range(n // size), "the starts are counted, 0, 1, 2 …: they are batch_size apart."),
        Option(lambda n, size: range(0, n), "the batches overlap: the starts are batch_size apart."),
        Option(lambda n, size: range(size, n, size), "the first batch is left out: the starts begin at 0."),
        Option(lambda n, size: range(1, n, size), "the first sample is left out: the starts begin at 0."),
    ),
    "order": (
        Option(lambda rng, n, epochs: (rng.permutation(n) for _ in range(epochs))),
        Option(
            lambda rng, n, epochs: (rng.integers(n, size=n) for _ in range(epochs)),
            "samples are drawn with replacement: an epoch misses a third of them. Take rng.permutation.",
            common=True,
        ),
        Option(
            lambda rng, n, epochs: [np.arange(n)] * epochs,
            "the samples are not shuffled: take rng.permutation(len(x)).",
            common=True,
        ),
        Option(
            lambda rng, n, epochs: [rng.permutation(n)] * epochs,
            "the order is drawn once: draw a new one every epoch, inside the loop.",
        ),
        *(
            Option(
                lambda rng, n, epochs, seed=seed: [np.random.default_rng(seed).permutation(n)] * epochs,
                "the order comes from a generator with a fixed seed: draw from the rng handed in.",
            )
            for seed in (0, 42)
        ),
        *(
            Option(
                lambda rng, n, epochs, seed=seed: map(np.random.default_rng(seed).permutation, [n] * epochs),
                "the order comes from a generator with a fixed seed: draw from the rng handed in.",
            )
            for seed in (0, 42)
        ),
    ),
    "epochs": (
        Option(lambda epochs: epochs),
        Option(lambda epochs: 1, "it stops after one epoch: loop over range(epochs), and return after it."),
        Option(lambda epochs: epochs - 1, "one epoch is missing: range(epochs) has as many as it says."),
        Option(lambda epochs: epochs + 1, "there is one epoch too many: range(epochs)."),
        Option(lambda epochs: 0, "it stops after one batch: return stands inside the loops."),
    ),
    "rows": (
        Option(lambda drawn, start, size, rng: drawn[start : start + size]),
        Option(lambda drawn, start, size, rng: drawn, "every step takes all samples: rows are order[start : start + "
               "batch_size].", common=True),
        Option(lambda drawn, start, size, rng: drawn[:size], "every step takes the first batch: rows begin at "
               "start."),
        Option(lambda drawn, start, size, rng: drawn[start : start + size - 1], "each batch lacks one sample: a "
               "slice ends before its end, start + batch_size."),
        Option(lambda drawn, start, size, rng: drawn[start : start + size + 1], "each batch has one sample too "
               "many: a slice ends before its end, start + batch_size."),
        Option(lambda drawn, start, size, rng: rng.permutation(len(drawn))[:size], "a new order is drawn for every "
               "batch, so that some samples never come: draw one an epoch, and go through it."),
        Option(lambda drawn, start, size, rng: rng.integers(len(drawn), size=size), "every batch is drawn anew: "
               "draw one order an epoch, and go through it."),
    ),
    "targets": (
        Option(lambda chosen, start, size, n: chosen),
        Option(lambda chosen, start, size, n: np.arange(start, min(start + size, n)), "samples and targets do not "
               "belong together: index both with rows."),
    ),
    "begin": (
        Option(lambda k, rng: (np.zeros(k), 0.0)),
        Option(lambda k, rng: (np.ones(k), 0.0), "w starts at 1: the start is at 0, np.zeros."),
        Option(lambda k, rng: (np.ones(k), 1.0), "w and b start at 1: the start is at 0."),
        Option(lambda k, rng: (np.zeros(k), 1.0), "b starts at 1: the start is at 0."),
        *(
            Option(lambda k, rng, f=f: (f(k, rng), 0.0), "w starts at random, which takes numbers from the "
                   "rng too: the start is at 0, np.zeros.")
            for f in (lambda k, rng: rng.standard_normal(k), lambda k, rng: rng.normal(0, 0.01, k),
                      lambda k, rng: rng.random(k), lambda k, rng: 0.01 * rng.random(k), lambda k, rng: rng.normal(0, 0.1, k))
        ),
        Option(None, "w and b start afresh in every epoch: set them once, before the loops."),
    ),
    "sign": (
        Option(1),
        Option(-1, "the step goes uphill: the error is prediction minus target.", common=True),
    ),
    "intercept": (
        Option(1),
        Option(0, "b is missing in the prediction x @ w + b.", common=True),
        Option(-1, "b is subtracted in the prediction: x @ w + b."),
    ),
    "error": (
        Option(lambda predicted, t: predicted - t),
        Option(lambda predicted, t: predicted + t, "the targets are added: error = x @ w + b − targets."),
        Option(lambda predicted, t: predicted, "the targets are missing: error = x @ w + b − targets."),
        Option(lambda predicted, t: np.abs(predicted - t), "the error loses its sign."),
        Option(lambda predicted, t: np.sign(predicted - t), "only the error's sign is used."),
        Option(lambda predicted, t: (predicted - t) ** 2, "the error is squared: its derivative holds the error."),
        Option(lambda predicted, t: predicted * t, "the prediction is multiplied by the targets: subtract them."),
    ),
    "kept": (
        Option((1, 1)),
        Option((0, 1), "the old w is lost: w = w − rate · gradient."),
        Option((1, 0), "the old b is lost: b = b − rate · gradient."),
        Option((0, 0), "the old w and b are lost: w = w − rate · gradient, and b likewise."),
        Option((1, None), "b moves once an epoch: its line belongs into the inner loop, for every batch."),
    ),
    "first": (
        Option("together"),
        Option("w", "b uses an error that the new w has changed: compute the error once, before."),
        Option("b", "w uses an error that the new b has changed: compute the error once, before."),
    ),
    "w_by": _by("w", "divide it by len(rows)"),
    "b_by": _by("b", "take error.mean()"),
}  # fmt: skip


def loop_answer(
    p: LoopProblem,
    starts: Callable,
    order: Callable,
    epochs: Callable,
    rows: Callable,
    targets: Callable,
    begin: Callable | None,
    sign: int,
    intercept: int,
    error: Callable,
    kept: tuple,
    first: str,
    w_by: Callable,
    b_by: Callable,
) -> np.ndarray:
    """Return w and b after training, one after the other."""
    rng, n = np.random.default_rng(p.seed), len(p.x)
    zeros = np.zeros(p.x.shape[1]), 0.0
    w, b = begin(p.x.shape[1], rng) if begin else zeros
    many = epochs(p.epochs)
    for drawn in order(rng, n, many or 1):
        w, b = (w, b) if begin else zeros
        late = 0.0
        for start in starts(n, p.batch_size)[: None if many else 1]:
            chosen = rows(drawn, start, p.batch_size, rng)
            x, size = p.x[chosen], max(len(chosen), 1)
            wanted = p.targets[targets(chosen, start, p.batch_size, n)]
            if len(wanted) != len(x):
                return np.full(p.x.shape[1] + 1, np.nan)

            def errors(w, b, x=x, wanted=wanted):
                return sign * error(x @ w + intercept * b, wanted)

            old_w, old_b = w, b
            if first == "b":
                old_b = b = b - p.rate * b_by(p, size) * errors(w, b).sum()
            w = kept[0] * w - p.rate * w_by(p, size) * (x.T @ errors(w, old_b))
            if first != "b":
                late = p.rate * b_by(p, size) * errors(w if first == "w" else old_w, b).sum()
                b = b if kept[1] is None else kept[1] * b - late
        if kept[1] is None:
            b = b - late
    return np.append(w, b)
