"""Slips in softmax: each a way to do one part of it."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.slips.search import Option

Problem = tuple[np.ndarray, np.ndarray]  # logits and labels


def below(z: np.ndarray) -> np.ndarray:
    """Return the scores with each row's largest taken off: 0 and below."""
    return z - z.max(axis=1, keepdims=True)


def _smooth(z):
    return np.logaddexp(0, z)


def safe_softmax(z: np.ndarray) -> np.ndarray:
    """Return the right answer: e to the power of each score less its row's largest, over the row's sum."""
    e = np.exp(below(z))
    return e / e.sum(axis=1, keepdims=True)


# What is done to the scores first. Taking a number off all scores of a row changes no probability, but it
# does change what another slip comes to: so that is tried too, and nothing is said of it.
SHIFTS = (
    Option(lambda z: z, common=True),
    Option(below, common=True),
    Option(lambda z: z - z.max(), common=True),
    Option(lambda z: z - z.min(axis=1, keepdims=True)),
    Option(lambda z: z - z.mean(axis=1, keepdims=True)),
    Option(lambda z: z - z[:, :1]),
    *(
        Option(lambda z, c=c: c(z),
            "the scores are multiplied or divided by a number before exp: that is a temperature, and "
            "changes the probabilities.")
        for c in (lambda z: z / 2, lambda z: 2 * z, lambda z: z / 10, lambda z: 10 * z,
               lambda z: z / z.shape[1],
                  lambda z: z / z.shape[1] ** 0.5, lambda z: z / len(z))
    ),
    Option(lambda z: z - z.max(axis=0),
        "the largest score of each column is taken off: each row needs its own, max(axis=1, "
        "keepdims=True).", common=True),
    Option(lambda z: z / z.max(axis=1, keepdims=True),
        "you divide by the largest score: subtract it. Dividing changes the probabilities.", common=True),
    Option(lambda z: z / z.max(),
        "you divide by the largest score of all: subtract each row's largest. Dividing changes the "
        "probabilities.", common=True),
    Option(lambda z: z / z.sum(axis=1, keepdims=True),
        "you divide the scores by their sum before exp: first exp, then divide by the sum of the powers."),
    Option(lambda z: (z - z.mean(axis=1, keepdims=True)) / z.std(axis=1, keepdims=True),
        "you divide the scores by their spread: that is a temperature; subtract only."),
    Option(lambda z: np.abs(z), "the scores lose their sign: a negative score is a small one."),
    Option(lambda z: np.maximum(z, 0), "negative scores are set to 0: they are allowed, and count."),
)  # fmt: skip

POWERS = (
    Option(np.exp),
    Option(np.exp2, "2 to the power of z is taken: softmax has e, np.exp."),
    Option(lambda z: 10.0**z, "10 to the power of z is taken: softmax has e, np.exp."),
    Option(lambda z: np.exp(-z),
        "the sign of z is turned round, or it is max - z in place of z - max: "
        "the largest score must get most.", common=True),
    Option(lambda z: z, "exp is missing: the scores themselves are divided by their sum.", common=True),
    Option(np.square, "the scores are squared: it takes e to the power of them, np.exp."),
    Option(np.expm1,
        "1, or the largest power, is taken off each power, after exp: take the largest score off before, "
        "np.exp(z - max), not np.exp(z) - np.exp(max) or np.expm1."),
    Option(lambda z: 1 / (1 + np.exp(-z)),
        "each score goes through a sigmoid: softmax takes "
        "np.exp, and one sum for all classes.", common=True),
    Option(_smooth, "log(1 + e^z) is the softplus: softmax takes np.exp alone."),
)  # fmt: skip

TOTALS = (
    Option(lambda e: e.sum(axis=1, keepdims=True)),
    Option(lambda e: e.sum(axis=0),
        "the sum runs over axis 0, the samples: probabilities of one sample, "
        "a row, have to make 1, axis=1.", common=True),
    Option(lambda e: e.sum(),
        "the sum runs over everything: each row has its own, sum(axis=1, keepdims=True).", common=True),
    Option(lambda e: e.mean(axis=1, keepdims=True), "you divide by the mean of the row: by its sum."),
    Option(lambda e: e.max(axis=1, keepdims=True), "you divide by the largest of the row: by its sum."),
    Option(lambda e: np.linalg.norm(e, axis=1, keepdims=True),
        "you divide by the length of the row, √Σe²: by its sum."),
    Option(lambda e: 1.0, "you do not divide: the powers of a row are to make 1.", common=True),
    Option(lambda e: e.sum(axis=1, keepdims=True) - e,
        "a class is left out of its own sum: all classes belong into it."),
    Option(lambda e: e[0].sum(), "the sum of the first row divides all: each row has its own, axis=1."),
    Option(lambda e: e[-1].sum(), "the sum of the last row divides all: each row has its own, axis=1."),
    Option(lambda e: (e**2).sum(axis=1, keepdims=True),
        "the sum is that of the squared powers: the sum of e as it is."),
    Option(lambda e: np.sqrt(e.sum(axis=1, keepdims=True)),
        "a root is taken of the sum: divide by the sum."),
    Option(lambda e: np.cumsum(e, axis=1),
        "each power is divided by the sum up to it: by that of all classes."),
    *(
        Option(lambda e, c=c: e.sum(axis=1, keepdims=True) + c,
            f"{c:g} is added to the sum: probabilities of a row have to make 1, so add nothing.")
        for c in (0.1, 0.01, 0.001, 1e-4)
    ),
    Option(lambda e: 1 + e.sum(axis=1, keepdims=True),
        "a 1 is added to the sum: that is a sigmoid's, or a class too many."),
)  # fmt: skip


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """Return a 1 in the column of each row's label, and 0 elsewhere."""
    return np.eye(classes)[labels]


OUTPUTS = (
    Option(lambda p: p),
    Option(np.log, "you return the log of the probabilities: return them as they are."),
    Option(lambda p: -np.log(p), "you return -log p: that is a loss. Return p."),
    Option(lambda p: 1 - p, "you return 1 - p."),
    Option(safe_softmax, "softmax is taken twice: probabilities go through it again.", common=True),
    Option(lambda p: one_hot(p.argmax(axis=1), p.shape[1]),
        "you return 1 for the largest and 0 for the others: that is argmax. Return the probabilities."),
    Option(lambda p: p * (1 - p), "you return p (1 - p): that is a slope. Return p."),
    Option(np.exp, "exp is taken of the probabilities once more: return p."),
    Option(lambda p: p / p.shape[1],
        "p is divided by the number of classes: the sum has done that already."),
    Option(lambda p: p / len(p), "p is divided by the number of samples: each row is to make 1 by itself."),
    Option(lambda p: 1 / p, "it is upside down: e over the sum."),
    Option(lambda p: p - 1, "1 is taken off: return p."),
    Option(lambda p: p[:, ::-1], "the classes are in reverse order."),
    Option(lambda p: p[::-1], "the rows are in reverse order."),
    Option(lambda p: 100 * p, "you return percent: return shares, whose sum is 1."),
)  # fmt: skip


def softmax_of(
    z: np.ndarray, shift: Callable, power: Callable, total: Callable, output: Callable
) -> np.ndarray:
    """Return what a softmax made of these parts comes to."""
    e = power(shift(z))
    return output(e / total(e))


# What is no recipe of these parts.
SOFTMAX_OTHERS = (
    Option(safe_softmax),
    Option(lambda z: 1 / (1 + np.exp(-z)),
        "each score goes through a sigmoid by itself: take np.exp, and divide by the sum of the row."),
    *(
        Option(lambda z, f=f: np.exp(z) / np.exp(f(z)).sum(axis=1, keepdims=True),
            "the largest score is taken off below the fraction alone: take it off in the numerator too.")
        for f in (below, lambda z: z - z.max())
    ),
    *(
        Option(lambda z, f=f: np.exp(f(z)) / np.exp(z).sum(axis=1, keepdims=True),
            "the largest score is taken off in the numerator alone: take it off below too, under the sum.")
        for f in (below, lambda z: z - z.max())
    ),
    Option(lambda z: np.exp(z) / z.sum(axis=1, keepdims=True),
        "you divide by the sum of the scores: by that of their powers, np.exp."),
    Option(lambda z: np.exp(below(z)) / z.sum(axis=1, keepdims=True),
        "you divide by the sum of the scores: by that of their powers, np.exp."),
    Option(lambda z: np.exp(z) / np.exp(z.sum(axis=1, keepdims=True)),
        "you take exp of the sum (or the product of the powers): take the sum of exp."),
    Option(lambda z: np.exp(below(z)) / np.exp(below(z).sum(axis=1, keepdims=True)),
        "you take exp of the sum (or the product of the powers): take the sum of exp."),
    Option(lambda z: z / np.exp(z).sum(axis=1, keepdims=True), "exp is missing in the numerator."),
    Option(lambda z: below(z) / np.exp(below(z)).sum(axis=1, keepdims=True),
        "exp is missing in the numerator."),
    Option(lambda z: np.exp(z / z.sum(axis=1, keepdims=True)),
        "the scores are divided by their sum before exp: first exp, then divide by the sum of the powers."),
    Option(lambda z: z - np.log(np.exp(z).sum(axis=1, keepdims=True)),
        "that is log p: return p itself, its np.exp."),
)  # fmt: skip

SOFTMAX_PARTS = {"shift": SHIFTS, "power": POWERS, "total": TOTALS, "output": OUTPUTS}


def _naive(z):
    return _fraction(np.exp(z))


def _fraction(e):
    return e / e.sum(axis=1, keepdims=True)


# What is subtracted; seen only where scores are large.
STABLE = (
    Option(safe_softmax),
    Option(_naive,
        "nothing is subtracted: e to the power of 1000 is inf, and inf/inf is nan. Take the row's largest "
        "score off first; it changes no probability."),
    Option(lambda z: _naive(z - z.max()),
        "the largest score of all is taken off: a row that lies far below it becomes 0/0. Each row needs "
        "its own, max(axis=1, keepdims=True)."),
    Option(lambda z: _naive(z - z[0].max()),
        "the largest score of the first row is taken off all rows: each row needs its own, max(axis=1, "
        "keepdims=True)."),
    Option(lambda z: _naive(z - z[-1].max()),
        "the largest score of the last row is taken off all rows: each row needs its own, max(axis=1, "
        "keepdims=True)."),
    Option(lambda z: _naive(z - z.mean(axis=1, keepdims=True)),
        "the mean of the row is taken off: what is left can still be large. Take off the largest, so that "
        "nothing is above 0."),
    Option(lambda z: _naive(z - z.min(axis=1, keepdims=True)),
        "the smallest score is taken off: take off the largest, so that nothing is above 0."),
    Option(lambda z: _naive(z - np.abs(z).max(axis=1, keepdims=True)),
        "the largest without its sign is taken off: where all scores are negative, all powers become 0. "
        "Take z.max, not np.abs(z).max."),
    Option(lambda z: _naive(z - 2 * z.max(axis=1, keepdims=True)),
        "twice the largest score is taken off, or it is taken off twice: where scores are large all powers "
        "become 0. Once is enough."),
    Option(lambda z: _naive(z + z.max(axis=1, keepdims=True)),
        "the largest score is added: subtract it, z - max, so that nothing is above 0."),
    Option(lambda z: _fraction(np.exp(z) / np.exp(z.max(axis=1, keepdims=True))),
        "you divide by e to the power of the largest: both are inf. Subtract before exp, np.exp(z - max)."),
    Option(lambda z: _fraction(np.nan_to_num(np.exp(z))),
        "inf is replaced by a large number: several of them come out equal. Take the row's largest score "
        "off before np.exp."),
    Option(lambda z: _naive(z - z[:, :1]),
        "the first score of each row is taken off: take off the largest, so that nothing is above 0."),
    Option(lambda z: _naive(z - z.sum(axis=1, keepdims=True)),
        "the sum of the row is taken off: take off the largest, so that nothing is above 0."),
    Option(lambda z: _naive(z - 1000),
        "1000 is taken off whatever the scores are: take off each row's largest."),
    *(
        Option(lambda z, cut=cut: _naive(cut(z)),
            "scores are cut off at a limit: those beyond it become equal. Take the row's largest score off "
            "instead.")
        for cut in (
            *(lambda z, end=end: np.clip(z, -end, end) for end in (50, 100, 500, 700)),
            lambda z: np.minimum(z, 709),
        )
    ),
    Option(lambda z: np.nan_to_num(_naive(z)),
        "nan is replaced by 0: that hides the overflow and gives wrong probabilities. Take the row's "
        "largest score off before np.exp."),
)  # fmt: skip
