"""Slips in judging and training a softmax regression."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.search import Option

CLASSES = 10


def softmax(scores: np.ndarray, axis: int | None = 1) -> np.ndarray:
    """Return exp of the scores, over its sum along an axis."""
    e = np.exp(scores)  # small ones here; what is taken off first would hide a wrong axis
    return e / e.sum(axis=axis, keepdims=True)


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """Return a row for each label: 1 at the label, 0 elsewhere."""
    return (np.arange(classes) == labels[:, None]).astype(float)


# --- accuracy ------------------------------------------------------------------------------------------

# Several ways lead here: which one it is, only the program tells.
ZERO = (
    "it is 0: // cuts the share to whole numbers, `is` asks for the same object (== compares), or all() "
    "asks whether every answer is right: take the mean, or divide with /."
)
WRONG_ACCURACIES: tuple[tuple[Callable, str], ...] = (
    (
        lambda s, y: (s.argmax(axis=1) == y).sum(),
        "you count the right answers: divide by their number, or take the mean.",
    ),
    (lambda s, y: (s.argmax(axis=1) != y).mean(), "that is the share of wrong answers: compare with ==."),
    (lambda s, y: (s.argmax(axis=1) != y).sum(), "you count the wrong answers: take the mean of ==."),
    (lambda s, y: 100 * (s.argmax(axis=1) == y).mean(), "you return percent: return a share, 0 to 1."),
    (lambda s, y: (s.argmin(axis=1) == y).mean(), "argmin takes the smallest score: take argmax."),
    (
        lambda s, y: (s.argmax(axis=1)[:, None] == y[None, :]).mean(),
        "every answer is compared with every label: both must have the shape (N,), without keepdims.",
    ),
    (
        lambda s, y: (s.max(axis=1) == y).mean(),
        "max is the largest score itself: argmax is the class that has it.",
    ),
    (
        lambda s, y: (s.argmax(axis=1) == y).sum() / s.shape[1],
        "you divide by the number of classes: divide by that of samples.",
    ),
    (
        lambda s, y: (s.argmax(axis=1) == y).sum() / s.size,
        "you divide by the number of scores: divide by that of samples.",
    ),
    (
        lambda s, y: (s.argmax(axis=1) == y).all() * 1.0,
        ZERO,
    ),
    (
        lambda s, y: 1 / len(y),
        "one right answer is counted, however many there are: count on with += 1.",
    ),
    (
        lambda s, y: (s.argmax(axis=1) == y)[0] / len(y),
        "only the first sample is looked at: return stands inside the loop.",
    ),
    (
        lambda s, y: (s.argmax(axis=1) == y)[-1] / len(y),
        "only the last sample is counted: count on with +=.",
    ),
    (
        lambda s, y: (s.argmax(axis=1) >= y).mean(),
        "classes above the label's, or below it, count as right too: compare with ==.",
    ),
    (lambda s, y: (s.argmax(axis=1) == y).any() * 1.0, "any() asks for one right answer: take the mean."),
    (
        lambda s, y: (s.argmax(axis=1) == y)[0] * 1.0,
        "only the first sample counts: a return inside the loop ends it.",
    ),
    (
        lambda s, y: (s.argmax(axis=1) == y)[-1] * 1.0,
        "only the last sample counts: add up inside the loop, and divide after it.",
    ),
    (
        lambda s, y: (s.argmax(axis=1) == y - 1).mean(),
        "classes are counted from 1: argmax counts from 0, as the labels do.",
    ),
    (
        lambda s, y: 1 - np.abs(s.argmax(axis=1) - y).mean(),
        "a wrong class counts by how far its number is off: right or wrong is all that counts, ==.",
    ),
    (
        lambda s, y: (np.argsort(s, axis=1)[:, -2] == y).mean(),
        "the second largest score is taken: the largest, argmax.",
    ),
    (lambda s, y: y.mean(), "you average the labels: = assigns, == compares."),
    (lambda s, y: y.sum(), "you add up the labels: = assigns, == compares."),
    (
        lambda s, y: softmax(s)[np.arange(len(y)), y].mean(),
        "that is the mean probability of the labels: count how often argmax is the label.",
    ),
    (
        lambda s, y: (softmax(s)[np.arange(len(y)), y] > 0.5).mean(),
        "an answer can be right with less than 0.5: the largest of ten is enough. Compare argmax.",
    ),
    (
        lambda s, y: (s[np.arange(len(y)), y] > 0.5).mean(),
        "the label's score is compared with 0.5: what counts is whether it is the largest, argmax.",
    ),
    (
        lambda s, y: 100 * (s.argmin(axis=1) != y).mean(),
        "percent of != with argmin: take the largest score, argmax, compare with ==, and return a share.",
    ),
    *(
        (lambda s, y, d=d: round((s.argmax(axis=1) == y).mean(), d), "it is rounded: return it as it is.")
        for d in (1, 2)
    ),
    (
        lambda s, y: (s.argmax() == y).sum(),
        "argmax looks at all scores at once: say axis=1. And a share is wanted, no number: take the mean.",
    ),
    (lambda s, y: (s.argmax() == y).mean(), "argmax looks at all scores at once: say axis=1."),
)

# --- one step ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepProblem:
    """What a step of softmax regression is asked for."""

    w: np.ndarray
    b: np.ndarray
    x: np.ndarray
    labels: np.ndarray
    rate: float


UPHILL = "the step goes uphill: the gradient is (p − y), and the step goes against it."
STEP = {
    "scores": (
        Option(lambda p: p.x @ p.w + p.b),
        Option(lambda p: p.x @ p.w, "b is missing in the scores x @ w + b.", common=True),
        Option(lambda p: p.x @ p.w - p.b, "b is subtracted in the scores: x @ w + b."),
        Option(lambda p: p.x @ (p.w + p.b), "b is added to w: the brackets are wrong, x @ w + b."),
    ),
    "soft": (
        Option(lambda s: softmax(s)),
        Option(lambda s: softmax(s, 0), "the sum in softmax runs over the samples: axis=1.", common=True),
        Option(
            lambda s: (
                np.exp(s - s.max(axis=1, keepdims=True))
                / np.exp(s - s.max(axis=1, keepdims=True)).sum(axis=0)
            ),
            "the sum in softmax runs over the samples, though the largest is each row's: axis=1.",
        ),
        Option(lambda s: softmax(s, None), "the sum in softmax runs over everything: axis=1."),
        Option(lambda s: s, "softmax is missing: the gradient is p − y, with probabilities p."),
        Option(lambda s: softmax(softmax(s)), "softmax is taken twice."),
        Option(lambda s: 1 / (1 + np.exp(-s)), "that is a sigmoid for each class: take softmax."),
        Option(lambda s: one_hot(s.argmax(axis=1), s.shape[1]), "argmax has no slope: take softmax."),
    ),
    "target": (
        Option(lambda p, y: p - one_hot(y, p.shape[1])),
        Option(lambda p, y: one_hot(y, p.shape[1]) - p, UPHILL, common=True),
        Option(lambda p, y: p, "y is not subtracted: 1 is taken off the probability of each label."),
        Option(
            lambda p, y: p - y[:, None],
            "the label itself is subtracted: subtract 1 at the place that it names (one-hot).",
        ),
        Option(
            lambda p, y: p - one_hot(y, p.shape[1]).any(axis=0),
            "p[:, labels] names whole columns: p[np.arange(len(labels)), labels] one entry a row.",
            common=True,
        ),
        Option(
            lambda p, y: p * one_hot(y, p.shape[1]) - one_hot(y, p.shape[1]),
            "only the label's column has a gradient: the others have p.",
        ),
        Option(
            lambda p, y: -one_hot(y, p.shape[1]) / np.where(p == 0, 1, p),
            "that is the slope for the probabilities: for the scores it is p − y.",
        ),
    ),
    "scale": (
        Option(lambda p: 1 / len(p.x)),
        Option(lambda p: 1.0, "the gradient is summed over the batch: divide by B.", common=True),
        Option(lambda p: 1 / len(p.x) ** 2, "the gradient is divided by the batch size twice."),
        Option(lambda p: 1 / p.w.shape[1], "you divide by the number of classes: divide by B."),
        Option(lambda p: 1 / (len(p.x) * p.w.shape[1]), "you average over the classes too: divide by B."),
        Option(lambda p: 2 / len(p.x), "there is a factor 2: cross-entropy has no square."),
    ),
    "move": (
        Option(lambda old, g, p: old - p.rate * g),
        Option(lambda old, g, p: old + p.rate * g, UPHILL, common=True),
        Option(lambda old, g, p: old - g, "the learning rate is missing."),
        Option(lambda old, g, p: g, "you return the gradients: return the new w and b."),
        Option(lambda old, g, p: -p.rate * g, "you return the change alone: add it to the old w and b."),
    ),
    "order": (
        Option("together"),
        Option(
            "b stays",
            "b does not change: its gradient is the mean of p − y over the samples, axis=0 (over all "
            "entries p − y has the sum 0).",
        ),
        Option("w stays", "w is not updated."),
        Option("b by sum", "b's gradient is a sum: divide it by B.", common=True),
        Option(
            "b by mean", "b's gradient is divided by B twice: delta holds 1/B already, so take the sum."
        ),
        Option("w without y", "w's gradient is made of p alone: of p − y."),
        Option("w uphill", "w goes uphill: its gradient is x.T @ (p − y), and the step goes against it."),
        Option("b uphill", "b goes uphill: the step goes against its gradient."),
        Option("w by sum", "w's gradient is a sum: divide it by B.", common=True),
        Option(
            "w by pixels",
            "w's gradient is averaged over the pixels: x.T @ (p − y) has one number for each, divide by B.",
        ),
        Option("w first", "b uses scores that the new w has changed: compute p once, before."),
    ),
}


def step_answer(
    p: StepProblem, scores: Callable, soft: Callable, target: Callable, scale: Callable, move: Callable,
    order: str,
) -> np.ndarray:  # fmt: skip
    """Return w and b after a step, one after the other, as the recipe makes them."""
    g = target(soft(scores(p)), p.labels)
    of_w = g + one_hot(p.labels, p.w.shape[1]) if order == "w without y" else g
    w = move(
        p.w,
        (1.0 if order == "w by sum" else scale(p)) * p.x.T @ (-of_w if order == "w uphill" else of_w),
        p,
    )
    if order == "w by pixels":
        w = move(p.w, (p.x.T @ g).mean(axis=0) + 0 * p.w, p)
    if order == "w first":
        g = target(soft(scores(StepProblem(w, p.b, p.x, p.labels, p.rate))), p.labels)
    of_b = (
        g.mean(axis=0) if order == "b by mean" else -g.sum(axis=0) if order == "b uphill" else g.sum(axis=0)
    )
    b = move(p.b, (1.0 if order == "b by sum" else scale(p)) * of_b, p)
    return np.append(p.w if order == "w stays" else w, p.b if order == "b stays" else b)


# --- a training loop to be mended ----------------------------------------------------------------------


@dataclass(frozen=True)
class LoopProblem:
    """What a loop is asked for; its order comes from a generator of this seed."""

    x: np.ndarray
    labels: np.ndarray
    rate: float
    batch_size: int
    epochs: int
    seed: int


BY = (
    lambda rows, size: len(rows),
    lambda rows, size: 1,
    lambda rows, size: size,
    lambda rows, size: len(rows) ** 2,
)
WEIGHTS = {
    "starts": (
        Option(lambda n, size: range(0, n, size)),
        Option(
            lambda n, size: range(0, n - size + 1, size),
            "the short last batch is left out: go up to len(x)",
        ),
        Option(lambda n, size: range(0, n - size, size), "the last batch is left out: run up to len(x)"),
    ),
    "order": (
        Option(lambda rng, n: rng.permutation(n)),
        Option(lambda rng, n: np.arange(n), "the images are not shuffled: rng.permutation, each epoch"),
        Option(lambda rng, n: rng.integers(n, size=n), "images are drawn twice: rng.permutation"),
    ),
    "pairs": (
        Option(lambda labels, rows, start: labels[rows]),
        Option(
            lambda labels, rows, start: labels[start : start + len(rows)],
            "the labels do not belong to the images: index both with rows",
        ),
    ),
    "target": (
        Option(lambda p, y: p - one_hot(y, CLASSES)),
        Option(lambda p, y: one_hot(y, CLASSES) - p, "the step goes uphill"),
        Option(lambda p, y: p, "1 is not taken off the probability of each label"),
        Option(
            lambda p, y: p - one_hot(y, CLASSES).any(axis=0),
            "1 is taken off whole columns, not one place a row",
        ),
    ),
    "w_by": (
        Option(BY[0]),
        Option(BY[1], "w's gradient is not averaged: divide by len(rows)"),
        Option(BY[2], "w's gradient is divided by batch_size, and the last batch is shorter: len(rows)"),
        Option(BY[3], "w's gradient is divided by the batch size twice"),
    ),
    "b_by": (
        Option(BY[0]),
        Option(BY[1], "b's gradient is not averaged: divide by len(rows)"),
        Option(BY[2], "b's gradient is divided by batch_size, and the last batch is shorter: len(rows)"),
        Option(BY[3], "b's gradient is divided by the batch size twice"),
        Option(lambda rows, size: np.inf, "b is not updated"),
    ),
}
MEAN_OF_MEANS = "mean of means"
HISTORY = {
    "kept": (
        Option("each epoch"),
        Option("never", "loss and right go on from epoch to epoch: set both to 0 as each epoch starts"),
        Option("last", "only the last batch of an epoch is counted: add up with +="),
    ),
    "hits": (
        Option(lambda p, y: (p.argmax(axis=1) == y).sum()),
        Option(lambda p, y: y.sum(), "the labels are added up as right answers: = assigns, == compares"),
        Option(lambda p, y: len(y), "the answers are compared with themselves: with the labels"),
        Option(lambda p, y: p.argmax(axis=1).sum(), "the answers are added up, and not compared"),
        Option(lambda p, y: (p.argmax(axis=1) != y).sum(), "wrong answers are counted as right ones"),
        Option(
            lambda p, y: (p.argmax(axis=1) == y).mean(),
            "right answers are averaged over a batch: count them, with sum",
        ),
    ),
    "lost": (
        Option(lambda p, y: -np.log(p[np.arange(len(y)), y]).sum()),
        Option(lambda p, y: np.log(p[np.arange(len(y)), y]).sum(), "the loss lacks its minus"),
        Option(
            lambda p, y: -np.log(p[np.arange(len(y)), y]).mean(),
            "the loss is a mean over the batch, and is then divided by all images: add up sums",
        ),
        Option(lambda p, y: -np.log(p).sum(), "the loss adds −log of all probabilities"),
        Option(
            MEAN_OF_MEANS,
            "the loss of an epoch is the mean of its batches' means, in which a shorter last batch counts "
            "as much as a full one: add up sums, and divide by len(x)",
        ),
    ),
    "share": (
        Option(lambda n, batches: n),
        Option(lambda n, batches: batches, "the sums are divided by the number of batches: by len(x)"),
        Option(lambda n, batches: 1, "the sums are not divided by the number of images, len(x)"),
    ),
}


def loop_answer(
    p: LoopProblem,
    starts: Callable,
    order: Callable,
    pairs: Callable,
    target: Callable,
    w_by: Callable,
    b_by: Callable,
    kept: str = "each epoch",
    hits: Callable = HISTORY["hits"][0].how,
    lost: Callable = HISTORY["lost"][0].how,
    share: Callable = HISTORY["share"][0].how,
) -> tuple[np.ndarray, np.ndarray]:
    """Return w and b after training, one after the other, and loss and accuracy of each epoch, (E, 2)."""
    rng, n = np.random.default_rng(p.seed), len(p.x)
    w, b, history, sums = np.zeros((p.x.shape[1], CLASSES)), np.zeros(CLASSES), [], np.zeros(2)
    for _ in range(p.epochs):
        drawn, batches = order(rng, n), 0
        sums = sums if kept == "never" else np.zeros(2)
        for start in starts(n, p.batch_size):
            rows = drawn[start : start + p.batch_size]
            y = pairs(p.labels, rows, start)
            prob = softmax(p.x[rows] @ w + b)
            loss = (
                -np.log(prob[np.arange(len(y)), y]).mean() * n if lost == MEAN_OF_MEANS else lost(prob, y)
            )
            new = np.array([loss, hits(prob, y)])
            sums, batches = new if kept == "last" else sums + new, batches + 1
            g = target(prob, y)
            w = w - p.rate * p.x[rows].T @ g / w_by(rows, p.batch_size)
            b = b - p.rate * g.sum(axis=0) / b_by(rows, p.batch_size)
        if lost == MEAN_OF_MEANS:
            sums = sums / [batches, 1]
        history.append(sums / share(n, batches))
    return np.append(w, b), np.array(history)
