"""The peek meter: what is gained, on paper, by trying many equals and keeping the one that scores best."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit.datasets import fashion_mnist
from coursekit.nn import checks, softmax
from coursekit.words import number, percent

CANDIDATES = ("guessers", "nets", "shuffled")
MOST, UNTOUCHED, REPEATS = 100, 2000, 400
POOL = 3000  # images that no candidate learns from
LEARNED, STEPS, BATCH, RATE = 1000, 150, 20, 0.1


@dataclass(frozen=True)
class Peek:
    """The best of k equals, and what it is worth on images that played no part in choosing it.

    Attributes
    ----------
    candidates : str
        "guessers"; "nets" of one recipe; "shuffled", as good as these, each with mistakes of its own.
    k, images : int
        How many were tried, and on how many images they were compared.
    scores, fresh : ndarray, shape (k,)
        The accuracy of each on these images, and on 2,000 untouched ones.
    ks : ndarray of int, shape (100,)
        1 to 100.
    worth : ndarray, shape (100,)
        For each number tried: score of the best minus its accuracy on the untouched images, a mean over
        400 draws of images.
    expected : ndarray, shape (100,)
        The same for answers independent of one another: order statistics of a binomial.
    """

    candidates: str
    k: int
    images: int
    scores: np.ndarray
    fresh: np.ndarray
    ks: np.ndarray
    worth: np.ndarray
    expected: np.ndarray

    @property
    def best(self) -> int:
        """The place of the candidate with the highest score; the first of equals."""
        return int(self.scores.argmax())

    @property
    def lost(self) -> float:
        """How far the best one falls on the untouched images."""
        return float(self.scores[self.best] - self.fresh[self.best])


def expected_best(k: int, n: int, p: float) -> float:
    """Return the mean of the largest of k independent shares of right answers among n images.

    Each count of right answers is binomial. The largest of k is at most j with the probability F(j)^k, so
    its mean is the sum over j of 1 - F(j)^k; divided by n it is a share.

    Parameters
    ----------
    k, n : int
    p : float
        The probability of a right answer, between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If k or n is no whole number of at least 1, or p is not in (0, 1).
    """
    k, n = checks.positive_int("k", k), checks.positive_int("n", n)
    if not 0 < (p := checks.finite("p", p)) < 1:
        raise ValueError(f"p must lie between 0 and 1; got {p}.")
    return float(np.sum(1 - _cdf(n, p)[:-1] ** k) / n)


def _cdf(n, p):
    """Return the binomial distribution function at 0, 1, …, n."""
    j = np.arange(n + 1)
    ways = math.lgamma(n + 1) - np.array([math.lgamma(i + 1) + math.lgamma(n - i + 1) for i in j])
    return np.minimum(np.cumsum(np.exp(ways + j * math.log(p) + (n - j) * math.log1p(-p))), 1)


@lru_cache(maxsize=2)
def right_answers(seed: int = 0) -> np.ndarray:
    """Return which of 3,000 images each of 100 nets names rightly, shape (100, 3000).

    They are softmax regressions of one recipe, each trained on 1,000 images of its own draw: they differ by
    chance alone. None of them learns from the 3,000.
    """
    data = fashion_mnist().flat()
    learned = len(data.x_train) - (POOL - UNTOUCHED)
    x = np.concatenate([data.x_train[learned:], data.x_test])
    labels = np.concatenate([data.y_train[learned:], data.y_test])
    weights, biases = _many_nets(data.x_train[:learned], data.y_train[:learned], seed)
    return np.stack([(x @ w + b).argmax(axis=1) == labels for w, b in zip(weights, biases, strict=True)])


def _many_nets(x, labels, seed):
    """Train 100 softmax regressions side by side; return weights (100, 784, 10), biases (100, 1, 10).

    What is returned is their mean over the second half of the steps: less of it is noise of the last steps.
    """
    rng = np.random.default_rng(seed)
    mine = rng.integers(len(x), size=(MOST, LEARNED))
    w = rng.normal(0, 0.01, (MOST, x.shape[1], 10)).astype(x.dtype)
    b = np.zeros((MOST, 1, 10), x.dtype)
    sum_w, sum_b = np.zeros_like(w), np.zeros_like(b)
    for step in range(STEPS):
        rows = mine[np.arange(MOST)[:, None], rng.integers(LEARNED, size=(MOST, BATCH))]
        inputs = x[rows]
        p = softmax((inputs @ w + b).reshape(-1, 10)).reshape(MOST, BATCH, 10)
        p[np.arange(MOST)[:, None], np.arange(BATCH), labels[rows]] -= 1
        w -= RATE / BATCH * np.swapaxes(inputs, 1, 2) @ p
        b -= RATE * p.mean(axis=1, keepdims=True)
        if step >= STEPS // 2:
            sum_w += w
            sum_b += b
    half = STEPS - STEPS // 2
    return sum_w / half, sum_b / half


def accuracies(candidates: str) -> np.ndarray:
    """Return how often each of 100 candidates is right in the long run, shape (100,)."""
    checks.one_of("candidates", candidates, CANDIDATES)
    return np.full(MOST, 0.1) if candidates == "guessers" else right_answers().mean(axis=1)


def two_scores(candidates: str, images: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the accuracies of 100 candidates on images drawn to compare them, and on 2,000 others.

    Nets see the same images. Of "shuffled" and "guessers" each answer is right or wrong by itself, with the
    candidate's own probability: that is a binomial.

    Returns
    -------
    scores, fresh : ndarray, shape (100,)
        In an order drawn at random.
    """
    if candidates == "nets":
        order, right = rng.permutation(POOL), right_answers()[rng.permutation(MOST)]
        return right[:, order[:images]].mean(axis=1), right[:, order[-UNTOUCHED:]].mean(axis=1)
    p = rng.permutation(accuracies(candidates))
    return rng.binomial(images, p) / images, rng.binomial(UNTOUCHED, p) / UNTOUCHED


@lru_cache(maxsize=16)
def peeks_worth(candidates: str, images: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `worth` and `expected` of a `Peek`, for 1 to 100 candidates, each of shape (100,)."""
    rng = np.random.default_rng(images)
    worth = np.mean([_falls(*two_scores(candidates, images, rng)) for _ in range(REPEATS)], axis=0)
    p = float(accuracies(candidates).mean())
    cdf = _cdf(images, p)[:-1]
    best = np.array([np.sum(1 - cdf**k) / images for k in range(1, MOST + 1)])
    return worth, best - p


def _falls(scores, fresh):
    """Return for each k by how much the best of the first k falls on untouched images."""
    best = np.maximum.accumulate(np.where(_leads(scores), np.arange(MOST), 0))
    return scores[best] - fresh[best]


def _leads(scores):
    """Return where a score is larger than all before it."""
    before = np.concatenate([[-1.0], np.maximum.accumulate(scores)[:-1]])
    return scores > before


def peek(k: int, images: int = 1000, candidates: str = "guessers", seed: int = 0) -> Peek:
    """Try k equals on some images, keep the best, and reveal 2,000 untouched images.

    Parameters
    ----------
    k : int
        1 to 100.
    images : int
        On how many they are compared, at most 1,000.
    candidates : str
        One of `CANDIDATES`.
    seed : int
        Of the images that are drawn and of which candidates come first.

    Raises
    ------
    TypeError, ValueError
        If a value is not what is told above.
    """
    for name, value, most in (("k", k, MOST), ("images", images, POOL - UNTOUCHED)):
        if checks.positive_int(name, value) > most:
            raise ValueError(f"{name} must be at most {most}; got {value}.")
    checks.one_of("candidates", candidates, CANDIDATES)
    scores, fresh = two_scores(candidates, images, np.random.default_rng(seed))
    worth, expected = peeks_worth(candidates, images)
    return Peek(
        candidates,
        k,
        images,
        scores[:k],
        fresh[:k],
        np.arange(1, MOST + 1),
        worth,
        expected,
    )


def diagnose_peek(result: Peek) -> str:
    """Say what the best scored, what it is worth, and what chance alone would give."""
    best, k = result.best, result.k
    worth, expected = (100 * float(v[k - 1]) for v in (result.worth, result.expected))
    return (
        f"The best of {k} has {percent(result.scores[best])} on the {result.images:,} images that chose it "
        f"and {percent(result.fresh[best])} on untouched ones. Over 400 draws the choice adds "
        f"{_points(worth)} points on average; for independent answers the binomial predicts "
        f"{_points(expected)}."
    )


def _points(value):
    return number(value, noise=0.05)
