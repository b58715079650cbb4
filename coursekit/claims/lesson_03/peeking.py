"""Claims of lesson 03 on keeping the best of many equals."""

import numpy as np

from coursekit.claims.claim import claim
from coursekit.experiments.peek import expected_best, right_answers

K, IMAGES, DRAWS = 20, 1000, 400
HERE = "measured here, order statistics of a binomial"


def worth(right: np.ndarray, rng: np.random.Generator, *, scattered: bool = False) -> float:
    """Return what the best of 20 loses on other images, as a share of what the binomial predicts.

    Parameters
    ----------
    right : ndarray of bool, shape (M, 3000)
        Which images each candidate names rightly.
    rng : numpy.random.Generator
        Draws candidates and images, 400 times.
    scattered : bool
        Whether each candidate's mistakes are scattered over the images, apart from the others'.
    """
    if scattered:
        right = rng.permuted(right, axis=1)
    lost = []
    for _ in range(DRAWS):
        order, some = rng.permutation(right.shape[1]), rng.permutation(len(right))[:K]
        scores = right[np.ix_(some, order[:IMAGES])].mean(axis=1)
        best = some[scores.argmax()]
        lost.append(scores.max() - right[best, order[IMAGES:]].mean())
    p = float(right.mean())
    return float(np.mean(lost) / (expected_best(K, IMAGES, p) - p))


@claim(
    says="The best of 20 guessers looks better than it is by what the binomial's order statistics predict.",
    verdict="holds",
    measured="its score on 1,000 images minus its accuracy elsewhere, as a share of the prediction",
    band=(0.95, 1.05),
    setting="each image named rightly with probability 0.1, 2,000 draws of 20 guessers",
    source=HERE,
    carries=True,
)
def best_guesser_is_worth_its_luck(seed: int) -> float:
    rng = np.random.default_rng(seed)
    lost = rng.binomial(IMAGES, 0.1, (2000, K)).max(axis=1) / IMAGES - rng.binomial(2000, 0.1, 2000) / 2000
    return float(lost.mean() / (expected_best(K, IMAGES, 0.1) - 0.1))


NETS = "100 softmax regressions, each on 1,000 images of its own draw; the best of 20 on 1,000 others"


@claim(
    says="The binomial predicts what the best of 20 trained nets loses on untouched images.",
    verdict="holds only if their mistakes are independent: nets of one recipe fail on the same images",
    measured="what it loses, as a share of the prediction",
    band=(0.1, 0.6),
    setting=NETS,
    source=HERE,
)
def best_net_loses_less(seed: int) -> float:
    return worth(right_answers(seed), np.random.default_rng(seed))


@claim(
    says="Shared mistakes are the reason: scattered over the images, they bring the prediction back.",
    verdict="holds",
    measured="what it loses, as a share of the prediction",
    band=(0.75, 1.15),
    setting=f"{NETS}; each net's mistakes moved to images drawn at random",
    source=HERE,
)
def scattered_mistakes_bring_luck_back(seed: int) -> float:
    return worth(right_answers(seed), np.random.default_rng(seed), scattered=True)
