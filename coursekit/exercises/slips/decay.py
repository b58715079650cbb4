"""Slips in a step with weight decay, and in a training loop with dropout and weight decay."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.search import Option
from coursekit.nn import softmax

# --- one step of SGD on C + λ/2 ‖w‖² -------------------------------------------------------------------


@dataclass(frozen=True)
class DecayProblem:
    """What a step with weight decay is asked for."""

    w: np.ndarray
    gradient: np.ndarray
    rate: float
    decay: float


DECAY = {
    "penalty": (
        Option(lambda p: p.decay * p.w),
        Option(lambda p: 0.0, "λ plays no part: add λ w to the gradient.", common=True),
        Option(
            lambda p: 2 * p.decay * p.w,
            "λ w is subtracted twice: by a factor 2, which the ½ of the penalty cancels; or by both sides "
            "of equation (1) at once, where one is enough.",
            common=True,
        ),
        Option(lambda p: p.decay * p.w / 2, "there is a ½ left: deriving the square makes a 2."),
        Option(
            lambda p: -p.decay * p.w,
            "λ w is subtracted from the gradient, so that weights grow: add it, g + λ w.",
            common=True,
        ),
        Option(
            lambda p: p.decay * np.sign(p.w),
            "only the sign of w is used: that is the derivative of λ Σ|w|, L1.",
            common=True,
        ),
        Option(lambda p: p.decay * np.abs(p.w), "|w| stands for w: negative weights would grow."),
        Option(
            lambda p: p.decay * p.w**2, "w² is part of the penalty: its derivative is λ w.", common=True
        ),
        Option(lambda p: p.decay / 2 * p.w**2, "λ/2 w² is the penalty itself: take its derivative, λ w."),
        Option(
            lambda p: p.decay / 2 * (p.w**2).sum(),
            "the penalty itself is added to the gradient: take its derivative, λ w.",
        ),
        Option(lambda p: p.decay * (p.w**2).sum(), "‖w‖² is added to the gradient: take λ w."),
        Option(lambda p: p.decay, "λ itself is added to the gradient: take λ w."),
        Option(lambda p: p.decay * p.w / np.linalg.norm(p.w), "you divide by ‖w‖: λ w is the derivative."),
        Option(lambda p: p.decay * p.gradient, "λ multiplies the gradient: it belongs to w."),
        Option(lambda p: p.decay * p.w.sum(), "w is summed: each weight has its own share, λ w."),
        Option(lambda p: p.decay * p.w / len(p.w), "λ w is divided by the number of weights."),
    ),
    "move": (
        Option(lambda p, penalty: p.w - p.rate * (p.gradient + penalty)),
        Option(
            lambda p, penalty: p.w - p.rate * p.gradient - penalty,
            "the decay lacks the rate: η λ w is subtracted, not λ w.",
            common=True,
        ),
        Option(
            lambda p, penalty: (p.w - p.rate * p.gradient) - p.decay * p.rate * (p.w - p.rate * p.gradient),
            "w shrinks after its step: the gradient's part shrinks too. Both act on the old w.",
            common=True,
        ),
        Option(
            lambda p, penalty: (1 - p.decay) * (p.w - p.rate * p.gradient),
            "w shrinks after its step, and without the rate: w − η (g + λ w).",
        ),
        Option(
            lambda p, penalty: (p.w - p.rate * p.gradient) / (1 + p.rate * p.decay),
            "you divide by 1 + η λ, as if the decay acted on the new w: both act on the old w.",
        ),
        Option(
            lambda p, penalty: p.w - p.rate * p.decay * (p.gradient + p.w),
            "λ multiplies the gradient too: it belongs to w alone, g + λ w.",
        ),
        Option(
            lambda p, penalty: p.w * (1 - p.rate * (p.gradient + p.decay)),
            "the gradient multiplies w: it is subtracted, w − η (g + λ w).",
        ),
        Option(
            lambda p, penalty: p.w + p.rate * (p.gradient + penalty), "the step goes uphill.", common=True
        ),
        Option(lambda p, penalty: p.w - (p.gradient + penalty), "the rate is missing.", common=True),
        Option(
            lambda p, penalty: p.w - p.gradient - p.rate * penalty,
            "the rate stands at the decay alone: it multiplies the gradient too.",
        ),
        Option(
            lambda p, penalty: p.w - p.rate * (p.gradient + p.rate * penalty),
            "the rate multiplies the decay twice.",
        ),
        Option(lambda p, penalty: -p.rate * (p.gradient + penalty), "you return the change of w alone."),
        Option(
            lambda p, penalty: p.rate * (p.gradient + penalty), "you return the step: return w minus it."
        ),
        Option(lambda p, penalty: p.gradient + penalty, "you return the gradient: w takes a step yet."),
        Option(lambda p, penalty: p.w - p.rate * penalty, "the gradient is missing: w only shrinks."),
        Option(lambda p, penalty: p.w - p.decay * (p.gradient + p.rate * p.w), "rate and λ are exchanged."),
    ),
}


def decay_answer(p: DecayProblem, penalty: Callable, move: Callable) -> np.ndarray:
    """Return the new w as the recipe makes it."""
    return move(p, penalty(p))


# --- a training loop to be mended ----------------------------------------------------------------------


@dataclass(frozen=True)
class TrainProblem:
    """What the loop is asked for; its masks come from a generator of this seed.

    With `turned` a unit is dropped by the largest of the numbers drawn, as where rng.random(…) < 1 − p
    keeps it, and not by the smallest.
    """

    x: np.ndarray
    labels: np.ndarray
    new: np.ndarray
    w: np.ndarray
    v: np.ndarray
    p: float
    rate: float
    decay: float
    steps: int
    seed: int
    turned: bool = False


KEEPING = "p is taken for the probability of keeping: keep where rng.random(…) >= p, and divide by 1 − p"
TRAIN = {
    "shape": (
        Option(lambda h: h.shape),
        Option(lambda h: h.shape[1], "one mask serves all samples: draw rng.random(h.shape)"),
        Option(lambda h: (len(h), 1), "whole samples are dropped: draw rng.random(h.shape)"),
    ),
    "once": (
        Option(False),
        Option(True, "the mask is drawn once, before the loop: draw it anew in every step"),
    ),
    "mask": (
        Option(lambda u, p: (u >= p) / (1 - p)),
        Option(lambda u, p: (u < p) / p, KEEPING),
        Option(lambda u, p: (u >= p) * 1.0, "what is kept is not divided by 1 − p"),
        Option(lambda u, p: (u >= p) / p, "what is kept is divided by p: by 1 − p"),
        Option(lambda u, p: (u < p) / (1 - p), "where rng.random(…) < p a unit is dropped, not kept"),
        Option(lambda u, p: (u < p) * 1.0, "units are kept with probability p, and not divided by 1 − p"),
        Option(lambda u, p: (u >= p) * (1 - p), "what is kept is multiplied by 1 − p: divide by it"),
    ),
    "back_w": (
        Option(lambda h, mask: mask * (h > 0)),
        Option(
            lambda h, mask: h > 0,
            "the mask is missing on the way back to w: d @ v.T is multiplied by it too",
        ),
        Option(
            lambda h, mask: mask, "what ReLU stopped comes back to w: d @ v.T is multiplied by (h > 0) too"
        ),
        Option(
            lambda h, mask: 1.0,
            "mask and (h > 0) are missing on the way back to w: d @ v.T is multiplied by both",
        ),
    ),
    "back_v": (
        Option(True),
        Option(False, "v's gradient takes h without its mask: what v met is h * mask"),
    ),
    "decay": (
        Option(lambda rate, decay, w: rate * decay * w),
        Option(
            lambda rate, decay, w: decay * w, "the decay of w lacks the rate: subtract rate * decay * w"
        ),
        Option(lambda rate, decay, w: 0.0, "w does not decay: subtract rate * decay * w"),
        Option(lambda rate, decay, w: -rate * decay * w, "w grows by its decay: subtract rate * decay * w"),
        Option(
            lambda rate, decay, w: 2 * rate * decay * w,
            "the decay of w has a factor 2, which the ½ cancels",
        ),
        Option(
            lambda rate, decay, w: rate * decay,
            "the decay takes the same off every weight, rate * decay: in "
            "proportion to each, rate * decay * w",
        ),
    ),
    "also": (
        Option(lambda rate, decay: 0.0),
        Option(lambda rate, decay: rate * decay, "v decays: the program's decay was that of w alone"),
    ),
    "mean": (
        Option(len),
        Option(lambda x: 1, "d is no longer divided by len(x): the loss is a mean over the samples"),
    ),
    "late": (
        Option(True),
        Option(False, "v moves before w's gradient is taken, which then meets the new v: update v last"),
    ),
    "again": (
        Option(False),
        Option(True, "another mask is drawn for the way back: it takes that of the way forward"),
    ),
    "use": (
        Option(lambda h, mask, p: h),
        Option(lambda h, mask, p: h * mask, "the last mask is still on in use: there every unit speaks"),
        Option(lambda h, mask, p: h * (1 - p), "h is scaled in use too: training has divided by 1 − p"),
        Option(lambda h, mask, p: h / (1 - p), "h is divided by 1 − p in use: it is so in training alone"),
        Option(lambda h, mask, p: h * p, "h is multiplied by p in use: it stays as it is"),
    ),
}


def train_answer(
    given: TrainProblem,
    shape: Callable,
    once: bool,
    mask: Callable,
    back_w: Callable,
    back_v: bool,
    decay: Callable,
    use: Callable,
    also: Callable = TRAIN["also"][0].how,
    mean: Callable = len,
    again: bool = False,
    late: bool = True,
) -> np.ndarray:
    """Return w, v and the scores of the new samples, one after the other."""
    rng, w, v, n = np.random.default_rng(given.seed), given.w, given.v, len(given.x)

    def draw(h):
        u = rng.random(shape(h))
        return mask(1 - u if given.turned else u, given.p)

    h, drawn = np.maximum(given.x @ w, 0), None
    for _ in range(given.steps):
        h = np.maximum(given.x @ w, 0)
        if drawn is None or not once:
            drawn = draw(h)
        d = softmax((h * drawn) @ v)
        d[np.arange(n), given.labels] -= 1
        d /= mean(given.x)
        returning = draw(h) if again else drawn
        new_v = v - given.rate * (h * drawn if back_v else h).T @ d - also(given.rate, given.decay) * v
        back = (d @ (v if late else new_v).T) * back_w(h, returning)
        w, v = w - given.rate * given.x.T @ back - decay(given.rate, given.decay, w), new_v
    scores = use(np.maximum(given.new @ w, 0), drawn, given.p) @ v
    return np.concatenate([w.ravel(), v.ravel(), scores.ravel()])
