"""Slips in a step with momentum: v ← β v + g, w ← w − η v."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.search import Option

BEFORE = "w moves by β v alone: add the gradient to v first, then move."


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
        *(
            Option(lambda p, v, sign=sign: p.w - sign * p.rate * p.beta * p.v, f"{uphill}{BEFORE}")
            for sign, uphill in ((1, ""), (-1, "w moves uphill: subtract rate · v. Also, "))
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
