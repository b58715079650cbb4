"""Claims of lesson 01 on softmax, sigmoid and what numbers of 32 and 64 bits make of them."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim
from coursekit.experiments.softmax import scores

HERE = "measured here"
GLUON = "course notes on Gluon, section 1"


def drawn(seed: int, n: int = 200, k: int = 10) -> np.ndarray:
    """Return scores with a spread of 3, shape (n, k)."""
    return np.random.default_rng(seed).normal(0, 3, (n, k))


def last_that_holds(dtype: str, seed: int) -> float:
    """Return the largest score, to 0.001, at which the naive softmax is a number; two others are random."""
    others = np.random.default_rng(seed).normal(0, 1, 2)
    low, high = 1.0, 2000.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        p = scores((middle, *others), 1.0, 0, "softmax", "naive", dtype).probabilities
        low, high = (middle, high) if np.isfinite(p).all() else (low, middle)
    return low


@claim(
    says="A softmax that takes no score off first breaks in float32 as soon as a score passes 88.7.",
    verdict="holds",
    measured="largest score at which all probabilities are numbers, less 88",
    band=(0.71, 0.73),
    setting="three scores, two of them from N(0, 1), float32",
    source=f"{HERE}; the largest float32 is e to the power of 88.72",
    carries=True,
)
def softmax_overflow_32(seed: int) -> float:
    return last_that_holds("float32", seed) - 88


@claim(
    says="In float64 it breaks as soon as a score passes 709.8.",
    verdict="holds",
    measured="largest score at which all probabilities are numbers, less 709",
    band=(0.77, 0.79),
    setting="three scores, two of them from N(0, 1), float64",
    source=f"{HERE}; the largest float64 is e to the power of 709.78",
)
def softmax_overflow_64(seed: int) -> float:
    return last_that_holds("float64", seed) - 709


@claim(
    says="Probabilities of a softmax lie strictly between 0 and 1.",
    verdict="folklore",
    measured="1 − the largest probability",
    band=(0, 0),
    setting="scores of 100, 10 and 0.1, plus noise of spread 1, float32",
    source=f"{GLUON}, says the open interval (0, 1); it is rounded",
    carries=True,
)
def softmax_exactly_one(seed: int) -> float:
    z = np.array([100, 10, 0.1]) + np.random.default_rng(seed).normal(0, 1, 3)
    return float(1 - nn.softmax(z.astype(np.float32)).max())


@claim(
    says="The rows of a softmax sum to 1, to float32's rounding.",
    verdict="holds",
    measured="largest deviation of a row's sum",
    band=(0, 1e-6),
    setting="200 × 10 scores with spread 3, float32",
    source=GLUON,
)
def softmax_rows_sum_to_one(seed: int) -> float:
    p = nn.softmax(drawn(seed).astype(np.float32))
    return float(np.abs(p.sum(axis=1, dtype=np.float64) - 1).max())


@claim(
    says="A number added to all scores of a row changes no probability.",
    verdict="holds",
    measured="largest change of a probability",
    band=(0, 1e-12),
    setting="200 × 10 scores with spread 3, for each row another number of spread 100, float64",
    source=HERE,
)
def softmax_shift_changes_nothing(seed: int) -> float:
    z = drawn(seed)
    moved = z + np.random.default_rng([seed, 1]).normal(0, 100, (len(z), 1))
    return float(np.abs(nn.softmax(moved) - nn.softmax(z)).max())


@claim(
    says="A sigmoid is a softmax of two scores, of which the second is 0.",
    verdict="holds",
    measured="largest difference of the two",
    band=(0, 1e-12),
    setting="2,000 scores with spread 3, float64",
    source=HERE,
)
def sigmoid_is_a_softmax(seed: int) -> float:
    z = drawn(seed).ravel()
    pairs = np.stack([z, np.zeros_like(z)], axis=1)
    return float(np.abs(nn.softmax(pairs)[:, 0] - nn.sigmoid(z)).max())
