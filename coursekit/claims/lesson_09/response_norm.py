"""Claims of lesson 09 on local response normalization: what it was, and why it left."""

from functools import partial

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim, mean_of
from coursekit.datasets import fashion_split
from coursekit.experiments.race import race
from coursekit.nets.deep import Norm, deep_net

BLOG, HERE = "notes on the BN algorithm", "measured here"
RATE = 0.3
SETTING = (
    "five ReLU layers of 64 units, 4,000 images in batches of 128, 100 steps at rate 0.3, "
    "the best of 0.03, 0.1, … 3 for each"
)


@claim(
    says="On activations of spread 1, AlexNet's local response norm multiplies by 2^−¾.",
    verdict="holds",
    measured="largest relative deviation from that factor",
    band=(0, 0.01),
    setting="100 samples of 96 channels from N(0, 1)",
    source="Krizhevsky et al. 2012, sec. 3.3",
)
def response_norm_is_a_factor(seed: int) -> float:
    x = np.random.default_rng(seed).standard_normal((100, 96), dtype=np.float32)
    return np.abs(nn.LocalResponseNorm().forward(x) / x / 2**-0.75 - 1).max()


def accuracy_with(norm: Norm, rate: float, seed: int) -> float:
    """Return the test accuracy of five ReLU layers of 64 units after 100 steps on batches of 128."""
    split = fashion_split(4000, 1000)
    net = deep_net("relu", 5, 64, norm=norm).initialize("he_normal", np.random.default_rng(seed))
    return race({"": net}, split, rate, steps=100, seed=seed, every=100).lanes[0].accuracies[-1]


@claim(
    says="So a net with it learns like one with the bare factor.",
    verdict="holds",
    measured="difference of their test accuracies, mean of four trainings",
    band=(-0.03, 0.03),
    setting=SETTING,
    source=HERE,
)
@mean_of(4)
def response_norm_trains_like_its_factor(seed: int) -> float:
    with_it, factor = (
        accuracy_with(partial(nn.LocalResponseNorm, alpha=alpha), RATE, seed) for alpha in (1e-4, 0.0)
    )
    return with_it - factor


@claim(
    says="Batch norm does better than the local response norm it replaced.",
    verdict="holds",
    measured="accuracy with batch norm minus that with local response norm",
    band=(0.02, INF),
    setting=SETTING,
    source=BLOG,
)
def batch_norm_replaces_response_norm(seed: int) -> float:
    return accuracy_with(nn.BatchNorm, RATE, seed) - accuracy_with(nn.LocalResponseNorm, RATE, seed)
