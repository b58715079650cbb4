"""Claims of lesson 06 on a deep sigmoid net whose sums drift while it learns, and on what holds them."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from coursekit import datasets, nets, nn, training
from coursekit.claims.claim import claim
from coursekit.diagnostics import trace

HERE = "measured here"
NET = "four layers of 100 sigmoids, Xavier's start, one pass over 10,000 images in batches of 64"
RATE = 3.0
RATES = (0.1, 0.3, 1.0, 3.0, 10.0)


@lru_cache(maxsize=4)
def after_one_pass(norm: Callable[[], nn.Block] | None, rate: float, seed: int) -> nn.Block:
    """Return the deep sigmoid net, without a norm or with one before each sigmoid, after one pass."""
    data = datasets.fashion_mnist().flat()
    rng = np.random.default_rng(seed)
    net = nets.deep_net("sigmoid", 4, 100, norm=norm).initialize("xavier_normal", rng)
    steps = training.fit(net, data.x_train, data.y_train, nn.SGD(rate), epochs=1, batch_size=64, rng=rng)
    for _ in steps:
        pass
    return net


def flat_share(net: nn.Block) -> float:
    """Return the share of sums in the last hidden layer at which the sigmoid's slope is below 0.01."""
    h = trace(net, datasets.fashion_mnist().flat().x_test[:500]).h[-1]
    return (h * (1 - h) < 0.01).mean()


def accuracy(net: nn.Block) -> float:
    """Return the share of 1,000 test images that the net names rightly."""
    data = datasets.fashion_mnist().flat()
    return training.evaluate(net, data.x_test[:1000], data.y_test[:1000]).right


@claim(
    says="Training at rate 3 drives the sums of a deep sigmoid net onto the flat part of the sigmoid.",
    verdict="holds",
    measured="share of sums with a slope below 0.01, last hidden layer (before training: 0)",
    band=(0.5, 1),
    setting=f"{NET}, rate 3",
    source=HERE,
    carries=True,
)
def bn_sums_drift(seed: int) -> float:
    return flat_share(after_one_pass(None, RATE, seed))


@claim(
    says="With batch normalization the sums of such a net stay on the slope, at the same rate.",
    verdict="holds",
    measured="share of sums with a slope below 0.01, last hidden layer",
    band=(0, 0.1),
    setting=f"{NET}, rate 3",
    source="Ioffe & Szegedy 2015, section 3",
    carries=True,
)
def bn_sums_held(seed: int) -> float:
    return flat_share(after_one_pass(nn.BatchNorm, RATE, seed))


@claim(
    says="Without batch normalization a deep sigmoid net learns nothing in one pass, at any of five rates.",
    verdict="holds",
    measured="best accuracy over the rates (guessing: 0.10)",
    band=(0, 0.3),
    setting=f"{NET}, rates 0.1, 0.3, 1, 3, 10",
    source=HERE,
)
def bn_without_learns_nothing(seed: int) -> float:
    return max(accuracy(after_one_pass(None, rate, seed)) for rate in RATES)


@claim(
    says="With batch normalization a deep sigmoid net learns in one pass, at the best of the five rates.",
    verdict="holds",
    measured="best accuracy over the rates",
    band=(0.7, 1),
    setting=f"{NET}, rates 0.1, 0.3, 1, 3, 10",
    source=HERE,
)
def bn_with_learns(seed: int) -> float:
    return max(accuracy(after_one_pass(nn.BatchNorm, rate, seed)) for rate in RATES)
