"""What goes wrong with the cross-entropy loss of logits, and with its gradient."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.slips.search import Option
from coursekit.exercises.slips.softmax import Problem, below, one_hot, safe_softmax


def _of_columns(z):
    return safe_softmax(z.T).T


PROBABILITIES = (
    Option(safe_softmax),
    Option(_of_columns, "softmax runs over axis 0, the samples: a row is a sample, axis=1.", common=True),
    Option(lambda z: safe_softmax(safe_softmax(z)), "softmax is taken twice: take it of the logits, once.",
           common=True),
    Option(lambda z: np.exp(below(z)) / np.exp(z).sum(axis=1, keepdims=True),
        "the largest logit is taken off above or in the first term alone: take it off "
        "in both, z - max and in the sum."),
    Option(lambda z: np.exp(z) / np.exp(below(z)).sum(axis=1, keepdims=True),
        "the largest logit is taken off in the sum alone: take it off in both, z - max and in the sum."),
    Option(lambda z: np.exp(below(z)),
        "the sum is missing: p is e to the power of z, divided by the row's sum (log "
        "p = z - max - log of the sum)."),
    Option(np.exp,
        "the sum is missing: p is e to the power of z, divided by the row's sum (log "
        "p = z - max - log of the sum)."),
    Option(lambda z: z, "softmax is missing: logits are scores, not probabilities.", common=True),
    Option(lambda z: 1 / (1 + np.exp(-z)),
        "each logit goes through a sigmoid: for one class out of several it is a softmax."),
    Option(lambda z: np.exp(z) / np.exp(z).sum(),
        "the powers are divided by the sum of all of them: each row has its own sum."),
    Option(lambda z: z - np.logaddexp.reduce(z, axis=1, keepdims=True),
        "log p stands where p belongs: take its np.exp."),
)  # fmt: skip


def _at_labels(p, labels):
    return p[np.arange(len(p)), labels]


def _guarded(p, labels, k):
    return p[np.arange(len(p)), (labels + k) % p.shape[1]]


# From probabilities and labels to what is averaged; each has one entry a sample but where it says so.
PICKS = (
    Option(lambda p, y: -np.log(_at_labels(p, y))),
    Option(lambda p, y: -np.log(p[:, y]).mean(axis=1),
        "p[:, labels] takes these columns of every row, N × N numbers: one number a "
        "row is p[np.arange(N), labels].", common=True),
    Option(lambda p, y: -np.log(p[:, np.unique(y)]).sum(axis=1),
        "y[:, labels] = 1 fills whole columns: one entry a row is y[np.arange(N), labels]."),
    Option(lambda p, y: -np.log(p[y]).mean(axis=1),
        "p[labels] takes whole rows by number: the probability of each row's "
        "label is p[np.arange(N), labels].", common=True),
    Option(lambda p, y: -np.log(p).sum(axis=1),
        "the log of all classes is added up: the label keeps one term "
        "only, p[np.arange(N), labels].", common=True),
    Option(lambda p, y: -np.log(p.max(axis=1)),
        "you take the largest probability: the loss asks for "
        "that of the label, right or not.", common=True),
    Option(lambda p, y: -np.log(p).sum(axis=1) * y,
        "the labels are multiplied as numbers: they say which "
        "class. Pick p[np.arange(N), labels].", common=True),
    Option(lambda p, y: -(one_hot(y, p.shape[1]) * np.log(p) + (1 - one_hot(y, p.shape[1]))
           * np.log(1 - p)).sum(axis=1),
               "the terms log(1 - p) of the other classes are added: that is the loss of several sigmoids. "
               "Softmax needs the label's term alone.", common=True),
    Option(lambda p, y: -(one_hot(y, p.shape[1]) * np.log(p)).mean(axis=1),
        "you average over the classes too, so that it is K "
        "times too small: divide by N alone.", common=True),
    Option(lambda p, y: np.log(_at_labels(p, y)), "the minus is missing: a loss is -log p.", common=True),
    Option(lambda p, y: 1 - _at_labels(p, y), "the log is missing: 1 - p is no cross-entropy."),
    Option(lambda p, y: -_at_labels(p, y), "the log is missing: -p is no cross-entropy."),
    Option(lambda p, y: -np.log2(_at_labels(p, y)), "the log is that of base 2: np.log, the natural one."),
    Option(lambda p, y: -np.log10(_at_labels(p, y)), "the log is of base 10: np.log, the natural one."),
    Option(lambda p, y: (p.argmax(axis=1) != y).astype(float),
        "that is the share of wrong answers, which has no slope: the loss is -log p of the label."),
    Option(lambda p, y: (p.argmax(axis=1) == y).astype(float),
        "that is the share of right answers: the loss is -log p of the label."),
    Option(lambda p, y: np.log(1 - _at_labels(p, y)), "you take log(1 - p) of the label: -log p."),
    Option(lambda p, y: -np.sqrt(_at_labels(p, y)), "a root stands where the log belongs: -log p."),
    Option(lambda p, y: 1 / _at_labels(p, y), "the log is missing: 1 / p is no cross-entropy."),
    Option(lambda p, y: _at_labels(p, y), "p of the label comes: the loss is -log p."),
    Option(lambda p, y: np.log(_at_labels(p, y)) ** 2, "the log is squared: -log p."),
    Option(lambda p, y: -np.log(1 - _at_labels(p, y)), "you take -log(1 - p) of the label: -log p."),
    Option(lambda p, y: -(p * np.log(p)).sum(axis=1),
        "p log p is the entropy of the net's own answer: the labels do not come into it."),
    Option(lambda p, y: -_at_labels(p, y) * np.log(_at_labels(p, y)),
        "the log is multiplied by p: by the one-hot label, which is 1 there."),
    Option(lambda p, y: ((p - one_hot(y, p.shape[1])) ** 2).sum(axis=1),
        "that is a squared error: the cross-entropy is -log p of the label."),
    Option(lambda p, y: ((p - one_hot(y, p.shape[1])) ** 2).mean(axis=1),
        "that is a squared error: the cross-entropy is -log p of the label."),
    Option(lambda p, y: 0.5 * ((p - one_hot(y, p.shape[1])) ** 2).sum(axis=1),
        "that is a squared error: the cross-entropy is -log p of the label."),
    Option(lambda p, y: np.abs(p - one_hot(y, p.shape[1])).sum(axis=1),
        "that is an absolute error: the cross-entropy is -log p of the label."),
    Option(lambda p, y: -np.log(p).mean(axis=1),
        "the log of all classes is averaged: the label keeps one term only, p[np.arange(N), labels]."),
    Option(lambda p, y: -np.log(p.min(axis=1)),
        "you take the smallest probability: the loss asks for that of the label."),
    Option(lambda p, y: -np.log(p[:, 0]),
        "you take the first class of every row: that of the label, p[np.arange(N), labels]."),
    *(
        Option(lambda p, y, c=c: -np.log(_at_labels(p, y) + c),
            f"a small number, {c:g}, is added to p before the log: that changes the loss. Take the log by "
            "hand, z - max - log of the sum.")
        for c in (1.0, 0.1, 0.01, 1e-3, 1e-4)
    ),
    *(
        Option(lambda p, y, c=c: -np.log(np.clip(_at_labels(p, y), c, 1 - c)),
            f"p is cut off at {c:g} before the log: that changes the loss. Take the log by hand, z - max - "
            "log of the sum.")
        for c in (0.1, 0.05, 0.01)
    ),
    Option(lambda p, y: -np.log(_guarded(p, y, -1)), "labels count from 0 here: do not take 1 off."),
    Option(lambda p, y: -np.log(_guarded(p, y, 1)), "labels count from 0 here: do not add 1."),
)  # fmt: skip

LOSS_OVER = (
    Option(np.mean),
    Option(np.sum, "the loss is a sum over the samples: take the mean, or it grows with N.", common=True),
    Option(lambda each: each[-1] / len(each), "only the last sample counts: add up with += in the loop."),
    Option(lambda each: each[0] / len(each), "only the first sample counts: add up with += in the loop."),
    Option(lambda each: each[-1], "only the last sample counts: the mean of all."),
    Option(lambda each: each[0], "only the first sample counts: the mean of all."),
    Option(lambda each: each.sum() / (len(each) - 1), "you divide by N - 1: by N."),
    Option(lambda each: each.mean() / 2, "a factor ½ is left over from the squared error."),
    Option(lambda each: -np.log(np.exp(-each).mean()),
        "you take the log of the mean of p: take the mean of the logs."),
    Option(lambda each: -np.log(np.exp(-each).sum()),
        "you take the log of the sum of p: take the mean of the logs."),
    Option(lambda each: each.mean() / len(each), "you divide by N twice: np.mean divides already."),
    Option(lambda each: 2 * each.mean(), "it is twice the loss: the mean of −log p as it is."),
    Option(lambda each: each.sum() / 2, "it is half of a sum: the mean of −log p."),
    Option(lambda each: each.prod(), "you take the product: the mean of all."),
    Option(lambda each: np.median(each), "you take the median: the mean of all."),
    Option(lambda each: np.exp(each.mean()),
        "that is the perplexity, e to the power of the loss: leave exp out."),
    Option(lambda each: np.sqrt((each**2).mean()),
        "you take the root of the mean square: the mean of −log p."),
    Option(lambda each: each.max(), "you take the worst sample: the mean of all."),
)  # fmt: skip


LOSS_BY = (
    Option(lambda loss, n, k: loss),
    Option(lambda loss, n, k: loss * n / k,
        "the sum is divided by the number of classes K: by that of samples, N."),
    Option(lambda loss, n, k: loss / k, "it is divided by the number of classes too: by N alone."),
)  # fmt: skip


def loss_of(problem: Problem, p: Callable, pick: Callable, over: Callable, by: Callable) -> np.ndarray:
    """Return what a cross-entropy made of these parts comes to, shape ()."""
    z, labels = problem
    return np.asarray(by(over(pick(p(z), labels)), *z.shape))


LOSS_PARTS = {"p": PROBABILITIES, "pick": PICKS, "over": LOSS_OVER, "by": LOSS_BY}


def _only_at_labels(change):
    def slopes(p, y):
        out = np.zeros_like(p)
        rows = np.arange(len(p))
        out[rows, y] = change(p[rows, y])
        return out

    return slopes


def _rows_lowered(p, y):
    p = p.copy()
    p[y] -= 1
    return p


def _columns_lowered(p, y):
    p = p.copy()
    p[:, y] -= 1
    return p


SLOPES = (
    Option(lambda p, y: p - one_hot(y, p.shape[1])),
    Option(lambda p, y: one_hot(y, p.shape[1]) - p,
        "its sign is turned round: p - y, with y the one-hot label.", common=True),
    Option(lambda p, y: p, "the 1 of the label is not taken off: p - y.", common=True),
    Option(_only_at_labels(lambda p: p - 1),
        "only the label's entry has a slope: the others are pushed down by their own p.", common=True),
    Option(_only_at_labels(lambda p: -1 / p),
        "-1/p is the slope along p: along the logits it is p - "
        "y, since softmax comes between.", common=True),
    Option(lambda p, y: p * (1 - p),
        "p (1 - p) is the slope of one probability along its own logit: for the loss it is p - y."),
    Option(_only_at_labels(lambda p: -(1 - p) * p), "that is the slope of p, not of its log: p - y."),
    Option(lambda p, y: (p - one_hot(y, p.shape[1])) * p * (1 - p),
        "a factor p (1 - p) is left over from a squared error: with -log it cancels."),
    Option(lambda p, y: 2 * (p - one_hot(y, p.shape[1])), "a factor 2 is left over from a squared error."),
    Option(_columns_lowered,
        "p[:, labels] -= 1 lowers whole columns: one entry a row "
        "is p[np.arange(N), labels] -= 1.", common=True),
    Option(lambda p, y: _rows_lowered(p, y),
        "p[labels] -= 1 lowers whole rows by number: one entry a row is p[np.arange(N), labels] -= 1."),
    Option(lambda p, y: p + one_hot(y, p.shape[1]), "the 1 of the label is added: take it off, p - y."),
    Option(lambda p, y: np.log(p) - one_hot(y, p.shape[1]), "log p stands where p belongs: p - y."),
    Option(lambda p, y: np.log(p), "log p stands where p - y belongs."),
    Option(lambda p, y: p * (1 - p) - one_hot(y, p.shape[1]), "p (1 - p) stands where p belongs: p - y."),
    Option(lambda p, y: 0 * p, "it is 0, or next to it, everywhere: (p − y) / N."),
    Option(lambda p, y: np.where(one_hot(y, p.shape[1]) > 0, 1 - p, p),
        "the label's entry has the sign turned round: p - 1 there."),
    Option(lambda p, y: one_hot(y, p.shape[1]) * p,
        "only the label's p is kept: p - y, with the p of all."),
    Option(lambda p, y: one_hot(y, p.shape[1]), "p is missing: p - y."),
    Option(lambda p, y: -one_hot(y, p.shape[1]), "p is missing: p - y."),
    Option(lambda p, y: p - 1, "1 is taken off every entry: off that of the label alone."),
    Option(lambda p, y: 1 - p, "1 is taken off every entry, and the sign is turned round: p - y."),
    Option(lambda p, y: np.where(one_hot(y, p.shape[1]) > 0, 1.0, p),
        "the label's entry is set to 1: take 1 off it, p - 1."),
    Option(lambda p, y: np.where(one_hot(y, p.shape[1]) > 0, 0.0, p),
        "the label's entry is set to 0: take 1 off it, p - 1."),
    Option(lambda p, y: np.where(one_hot(y, p.shape[1]) > 0, -1.0, p),
        "the label's entry is set to -1: take 1 off it, p - 1."),
    Option(lambda p, y: np.where(one_hot(y, p.shape[1]) > 0, p - 1, 0 * p + 1),
        "the entries of the other classes are 1: they are their own p."),
    Option(lambda p, y: (p - one_hot(y, p.shape[1])) / (p * (1 - p)),
        "that is the slope along p of several sigmoids: along the logits it is p - y."),
    Option(lambda p, y: (p - one_hot(y, p.shape[1])) / p,
        "it is divided by p: along the logits it is p - y."),
    Option(lambda p, y: (p - one_hot(y, p.shape[1])) * p, "a factor p is left over: p - y."),
    Option(lambda p, y: (p - one_hot(y, p.shape[1])) * -np.log(_at_labels(p, y)).mean(),
        "it is multiplied by the loss: p - y alone."),
    Option(lambda p, y: (p - one_hot(y, p.shape[1])) ** 2, "p - y is squared: it is p - y."),
    Option(lambda p, y: np.abs(p - one_hot(y, p.shape[1])), "the sign of p - y is lost."),
    Option(lambda p, y: p - y[:, None],
        "the label's number is subtracted, not a one-hot row: p - "
        "y with 1 in the label's column.", common=True),
)  # fmt: skip

SLOPES_OVER = (
    Option(lambda g: g / len(g)),
    Option(lambda g: g, "it is not divided by N: the loss is a mean, so is its gradient.", common=True),
    Option(lambda g: g / g.shape[1], "it is divided by the number of classes K: by N.", common=True),
    Option(lambda g: g / g.size, "it is divided by N · K: by N.", common=True),
    Option(lambda g: g / len(g) ** 2, "it is divided by N twice."),
    Option(lambda g: g / (len(g) - 1), "it is divided by N - 1: by N."),
    Option(lambda g: g / len(g) / 2, "it is half of what it should be: divide by N alone."),
    Option(lambda g: g * len(g), "it is multiplied by N: divide."),
    Option(lambda g: g / g.shape[1] ** 2, "it is divided by K twice: by N, once."),
    Option(lambda g: np.broadcast_to(g.mean(axis=0), g.shape),
        "it is averaged over the samples: each row keeps its own, divided by N."),
)  # fmt: skip


def gradient_of(problem: Problem, p: Callable, slope: Callable, over: Callable) -> np.ndarray:
    """Return what a gradient made of these parts comes to, shape (N, K)."""
    z, labels = problem
    return over(slope(p(z), labels))


GRADIENT_PARTS = {"p": PROBABILITIES, "slope": SLOPES, "over": SLOPES_OVER}
