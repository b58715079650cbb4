"""Slips in a training loop that is to be mended."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.search import Option


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
    """Return what the gradient of `what` is multiplied by at each batch: (p, rows) to a factor."""
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
        Option(
            lambda p, n: -1 / n,
            f"{what} goes uphill: take rate times its gradient off where the error is answer − target, and "
            f"add it where it is target − answer.",
            common=True,
        ),
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
        Option(lambda n, size: range(size),
            "batch_size is taken for the number of batches: range(0, len(x), batch_size)."),
        Option(lambda n, size: range(0, n, 2 * size),
            "every second batch is left out: the starts are batch_size apart."),
        Option(lambda n, size: range(n // size),
            "the starts are counted, 0, 1, 2 …: they are batch_size apart."),
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
                lambda rng, n, epochs, seed=seed: map(np.random.default_rng(seed).permutation,
                       [n] * epochs),
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
        Option(lambda drawn, start, size, rng: drawn,
            "every step takes all samples: rows are order[start : start + batch_size].", common=True),
        Option(lambda drawn, start, size, rng: drawn[:size],
            "every step takes the first batch: rows begin at start."),
        Option(lambda drawn, start, size, rng: drawn[start : start + size - 1],
            "each batch lacks one sample: a slice ends before its end, start + batch_size."),
        Option(lambda drawn, start, size, rng: drawn[start : start + size + 1],
            "each batch has one sample too many: a slice ends before its end, start + batch_size."),
        Option(lambda drawn, start, size, rng: rng.permutation(len(drawn))[:size],
            "a new order is drawn for every batch, so that some samples never come: draw one an epoch, and "
            "go through it."),
        Option(lambda drawn, start, size, rng: rng.integers(len(drawn), size=size),
            "every batch is drawn anew: draw one order an epoch, and go through it."),
    ),
    "targets": (
        Option(lambda chosen, start, size, n: chosen),
        Option(lambda chosen, start, size, n: np.arange(start, min(start + size, n)),
            "samples and targets do not belong together: index both with rows."),
    ),
    "begin": (
        Option(lambda k, rng: (np.zeros(k), 0.0)),
        Option(lambda k, rng: (np.ones(k), 0.0), "w starts at 1: the start is at 0, np.zeros."),
        Option(lambda k, rng: (np.ones(k), 1.0), "w and b start at 1: the start is at 0."),
        Option(lambda k, rng: (np.zeros(k), 1.0), "b starts at 1: the start is at 0."),
        *(
            Option(lambda k, rng, f=f: (f(k, rng), 0.0),
                "w starts at random, which takes numbers from the rng too: the start is at 0, np.zeros.")
            for f in (lambda k, rng: rng.standard_normal(k), lambda k, rng: rng.normal(0, 0.01, k),
                      lambda k, rng: rng.random(k), lambda k, rng: 0.01 * rng.random(k), lambda k,
                             rng: rng.normal(0, 0.1, k))
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
        Option(lambda predicted, t: (predicted - t) ** 2,
            "the error is squared: its derivative holds the error."),
        Option(lambda predicted, t: predicted * t,
            "the prediction is multiplied by the targets: subtract them."),
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
