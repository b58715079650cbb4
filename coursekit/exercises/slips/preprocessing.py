"""Slips in preparing a training and a test part: whose statistics, over what, in which order."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.search import Option

# --- (x − mean) / (std + ε), statistics of the training part ------------------------------------------


@dataclass(frozen=True)
class TwoParts:
    """Training and test samples, shape (N, K) and (M, K), and ε."""

    train: np.ndarray
    test: np.ndarray
    eps: float = 0.0

    @property
    def both(self) -> np.ndarray:
        """All samples."""
        return np.concatenate([self.train, self.test])


STANDARDIZED = (
    "that is standardizing: each feature has variance 1, and they are still correlated. First turn them, x "
    "@ vectors, then divide."
)
LEAK = "the test samples leak into the statistics: take them of x_train alone."
OWN_MEAN = "the test part is centred by its own mean: take that of x_train."
OWN_SPREAD = "the test part is divided by its own spread: take that of x_train."
OWN = "the test part is prepared by its own statistics: give it those of x_train."
ALL = "a statistic is taken over all entries: take one for each feature, axis=0."
ROWS = "a statistic is taken of each sample: take one for each feature, axis=0, not axis=1."
OF_TEST = "a statistic of x_test is used for both parts: take it of x_train."
UNBIASED = "the spread divides by N − 1: here it divides by N (np.std has ddof=0)."


def _each(statistic):
    """Return what gives the two parts each their own statistic."""
    return lambda p: (statistic(p.train), statistic(p.test))


def _of(part, statistic):
    """Return what gives both parts the same statistic, of x_train, x_test or both."""
    return lambda p: (statistic(getattr(p, part)),) * 2


def _mean(x):
    return x.mean(axis=0)


def _std(x):
    return x.std(axis=0)


def _unbiased(x):
    return x.std(axis=0, ddof=1)


MEANS = (
    Option(_of("train", _mean)),
    Option(_of("both", _mean), LEAK, common=True),
    Option(_each(_mean), OWN_MEAN, common=True),
    Option(_of("train", np.mean), ALL, common=True),
    Option(_each(np.mean), f"{ALL} Also, {OWN}"),
    Option(_of("both", np.mean), f"{ALL} Also, {LEAK}"),
    Option(_each(lambda x: x.mean(axis=1, keepdims=True)), ROWS, common=True),
    Option(_of("test", _mean), OF_TEST, common=True),
    Option(lambda p: (0.0, 0.0), "nothing is subtracted: centre first, x − mean.", common=True),
    Option(
        lambda p: (_mean(p.train), 0.0),
        "x_test is not centred: subtract the training mean there too (taken before x_train is centred: "
        "then it is 0).",
    ),
    Option(lambda p: (0.0, _mean(p.train)), "x_train is not centred: subtract its mean there too."),
    Option(_of("train", lambda x: np.median(x, axis=0)), "you subtract the median: subtract the mean."),
    Option(_of("train", lambda x: x.min(axis=0)), "you subtract the smallest value: subtract the mean."),
    Option(_of("train", lambda x: x.sum(axis=0)), "you subtract the sum: the mean is the sum over N."),
    Option(_of("train", lambda x: x[0]), "you subtract the first sample: subtract the mean of all."),
)
SPREADS = (
    Option(_of("train", _std)),
    Option(_of("both", _std), LEAK, common=True),
    Option(_each(_std), OWN_SPREAD, common=True),
    Option(_of("train", np.std), ALL, common=True),
    Option(_each(np.std), f"{ALL} Also, {OWN}"),
    Option(_of("both", np.std), f"{ALL} Also, {LEAK}"),
    Option(_each(lambda x: x.std(axis=1, keepdims=True)), ROWS, common=True),
    Option(_of("test", _std), OF_TEST, common=True),
    Option(_of("train", _unbiased), UNBIASED, common=True),
    Option(_of("both", _unbiased), f"{LEAK} Also, {UNBIASED}", common=True),
    Option(_each(_unbiased), f"{OWN} Also, {UNBIASED}", common=True),
    Option(_of("train", lambda x: x.var(axis=0)), "you divide by the variance: take its root, x.std."),
    Option(
        _of("train", lambda x: x.std(axis=0).max()),
        "one spread, the largest, divides all: each feature has its own.",
    ),
    Option(_of("train", lambda x: np.ptp(x, axis=0)), "you divide by the range: divide by the spread."),
    Option(_of("train", lambda x: x.max(axis=0)), "you divide by the largest value: divide by the spread."),
    Option(
        _of("train", lambda x: np.sqrt(np.mean(x**2, axis=0))),
        "the spread is taken of x as it came: its distances are those from the mean.",
    ),
    Option(
        _of("train", lambda x: np.abs(x - x.mean(axis=0)).mean(axis=0)),
        "you divide by the mean distance: the spread is the root of the mean square.",
    ),
    Option(
        _of("train", lambda x: np.linalg.norm(x - x.mean(axis=0), axis=0)),
        "you divide by the length of the column: the spread is the root of the mean square.",
    ),
    Option(lambda p: (_std(p.train), 1.0), "x_test is not divided: divide it by the training spread."),
    Option(lambda p: (1.0, 1.0), "nothing is divided by the spread: that is centring alone."),
)
GUARDS = (
    Option(lambda s, eps: s + eps),
    Option(lambda s, eps: np.sqrt(s**2 + eps), "eps stands under the root: here std + eps.", common=True),
    Option(
        lambda s, eps: s,
        "a feature that never changes in x_train has the spread 0, and you divide by it: divide by (std + "
        "eps), with its brackets.",
        common=True,
    ),
    Option(
        lambda s, eps: np.where(s == 0, 1.0, s),
        "a spread of 0 is replaced by 1, and eps is not used: divide by (std + eps), with its brackets.",
        common=True,
    ),
    Option(lambda s, eps: np.maximum(s, eps), "you take the larger of std and eps: add them.", common=True),
    Option(lambda s, eps: s + 1e-8, "eps is 1e-8 whatever is handed in: use the argument.", common=True),
    Option(lambda s, eps: s + 1e-5, "eps is 1e-5 whatever is handed in: use the argument."),
    Option(lambda s, eps: np.where(s == 0, eps, s), "eps is added to spreads of 0 alone: add it to all."),
)
ORDERS = (
    Option(lambda x, m, s: (x - m) / s),
    Option(lambda x, m, s: x / s - m, "you divide before you centre: (x − mean) / std.", common=True),
    Option(lambda x, m, s: x - m / s, "brackets are missing: x − mean / std divides the mean alone."),
    Option(lambda x, m, s: (x - m) * s, "you multiply by the spread: divide by it."),
    Option(lambda x, m, s: (x + m) / s, "you add the mean: subtract it."),
    Option(lambda x, m, s: (m - x) / s, "the sign is turned round: x − mean."),
)
STANDARDIZE = {"mean": MEANS, "spread": SPREADS, "guard": GUARDS, "order": ORDERS}
# Where no ε is asked for.
MENDED = {
    "mean": MEANS,
    "spread": SPREADS,
    "order": ORDERS,
    "guard": (
        Option(lambda s, eps: s),
        *(
            Option(lambda s, eps, c=c: s + c, "something is added to the spread: it is not needed here.")
            for c in (1e-3, 1e-2, 0.1, 1.0)
        ),
    ),
}


def standardized(
    p: TwoParts, mean: Callable, spread: Callable, order: Callable, guard: Callable = GUARDS[0].how
) -> np.ndarray:
    """Return both parts, one below the other, shape (N + M, K)."""
    pairs = zip((p.train, p.test), mean(p), spread(p), strict=True)
    return np.concatenate([order(x, m, guard(s, p.eps)) for x, m, s in pairs])


# --- whitening -----------------------------------------------------------------------------------------

# Whitened samples may be turned or mirrored and stay white: what is compared is the products of all pairs
# of them, which stay the same.


def _covariance(x, by=None):
    away = x - x.mean(axis=0)
    return away.T @ away / (len(x) if by is None else by)


def _products_of(away):
    return away.T @ away / len(away)


CENTRES = (
    Option(lambda p: _mean(p.train)),
    Option(lambda p: _mean(p.test), "x is centred by its own mean: subtract that of x_train.", common=True),
    Option(lambda p: _mean(p.both), LEAK),
    Option(lambda p: 0.0, "nothing is subtracted: centre first, x − mean of x_train.", common=True),
    Option(lambda p: p.train.mean(), ALL),
    Option(lambda p: p.test.mean(axis=1, keepdims=True), ROWS),
)
COVARIANCES = (
    Option(lambda p: _covariance(p.train)),
    Option(
        lambda p: _covariance(p.train, len(p.train) - 1),
        "the covariance divides by N − 1, as np.cov does: here it divides by N (np.cov(…, bias=True)).",
        common=True,
    ),
    Option(lambda p: _covariance(p.train, 1), "the covariance is a sum: divide it by N.", common=True),
    Option(lambda p: _covariance(p.test), "the covariance is that of x: take it of x_train.", common=True),
    Option(
        lambda p: _covariance(p.test, len(p.test) - 1),
        "the covariance is that of x, and divided by its N − 1: take it of x_train, and divide by N.",
    ),
    Option(lambda p: _covariance(p.both), LEAK),
    Option(
        lambda p: p.train.T @ p.train / len(p.train),
        "the covariance is taken of x_train as it came: centre it first.",
        common=True,
    ),
    Option(lambda p: _products_of(p.train - p.train.mean(axis=1, keepdims=True)), ROWS),
    Option(
        lambda p: np.corrcoef(p.train.T),
        "that is the correlation: take the covariance.",
        common=True,
    ),
    Option(
        lambda p: _covariance(p.train, p.train.shape[1]),
        "the covariance is divided by the number of features: divide by N, the samples.",
    ),
)
SCALES = (
    Option(lambda values, eps: 1 / np.sqrt(values + eps)),
    Option(lambda values, eps: 1 / (values + eps), "you divide by λ + eps: by its root.", common=True),
    Option(lambda values, eps: 1 / (np.sqrt(values) + eps), "eps stands outside the root.", common=True),
    Option(lambda values, eps: 1 / np.sqrt(values), "eps is not used: divide by √(λ + eps).", common=True),
    Option(
        lambda values, eps: np.ones(len(values)),
        "the features are turned, but not scaled: that is PCA. Divide by √(λ + eps).",
        common=True,
    ),
    Option(lambda values, eps: np.sqrt(values + eps), "you multiply by the root: divide by it."),
    Option(lambda values, eps: 1 / np.sqrt(values + 1e-5), "eps is 1e-5 whatever is handed in."),
    Option(lambda values, eps: 1 / np.sqrt(values + eps**2), "eps is squared: √(λ + eps)."),
)
TURNS = (
    Option(lambda away, values, vectors, scale, cov, eps: away @ vectors * scale),
    Option(
        lambda away, values, vectors, scale, cov, eps: away @ vectors.T * scale,
        "the eigenvectors are taken as rows: np.linalg.eigh gives them as columns, so x @ vectors (and "
        "@ vectors.T where you turn back).",
        common=True,
    ),
    Option(
        lambda away, values, vectors, scale, cov, eps: away @ vectors * scale[::-1],
        "the eigenvalues are in another order than their vectors: sort both alike.",
        common=True,
    ),
    Option(  # turned or not: the products of the samples are the same
        lambda away, values, vectors, scale, cov, eps: away * scale,
        "you scale before you turn, or divide by the roots of the eigenvalues without turning: first x @ "
        "vectors, then divide.",
    ),
    Option(
        lambda away, values, vectors, scale, cov, eps: away / np.sqrt(np.diag(cov)),
        STANDARDIZED,
    ),
    Option(
        lambda away, values, vectors, scale, cov, eps: away / np.sqrt(np.diag(cov) + eps),
        STANDARDIZED,
    ),
    Option(
        lambda away, values, vectors, scale, cov, eps: away @ vectors / np.sqrt(values) + eps,
        "eps is added after the division: it belongs under the root, √(λ + eps).",
    ),
    Option(
        lambda away, values, vectors, scale, cov, eps: away @ np.linalg.inv(cov),
        "you multiply by the inverse of the covariance: whitening takes its root.",
    ),
)
WHITEN = {"centre": CENTRES, "covariance": COVARIANCES, "scale": SCALES, "turn": TURNS}


def products(
    p: TwoParts, centre: Callable, covariance: Callable, scale: Callable, turn: Callable
) -> np.ndarray:
    """Return the products of all pairs of whitened test samples, shape (M, M)."""
    cov = covariance(p)
    values, vectors = np.linalg.eigh(cov)
    white = turn(p.test - centre(p), values, vectors, scale(values, p.eps), cov, p.eps)
    return white @ white.T
