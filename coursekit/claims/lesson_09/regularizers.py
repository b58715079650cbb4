"""Claims of lesson 09 on dropout and L2 beside batch norm."""

from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim, mean_of
from coursekit.datasets import fashion_split
from coursekit.experiments.norm_choice import norm_net
from coursekit.training import Evaluation, evaluate, fit

BLOG = "notes on the BN algorithm"
SETTING = "784-100-100-10, 500 images in batches of 32, 40 passes, judged on 2,000 others"


@lru_cache(maxsize=512)
def regularized(
    batch_norm: bool, p: float, weight_decay: float, seed: int, rate: float = 0.1
) -> Evaluation:
    """Return how a net of 2 × 100 ReLU units does on 2,000 images after 40 passes over 500 others.

    Dropout p stands behind each ReLU. The rate falls to 0 along half a cosine wave, so that the
    last steps' noise does not decide.
    """
    split, rng = fashion_split(500, 2000), np.random.default_rng(seed)
    layers = []
    for _ in range(2):
        layers += [nn.Dense(100), *([nn.BatchNorm()] if batch_norm else []), nn.ReLU(), nn.Dropout(p)]
    net = nn.Sequential(*layers, nn.Dense(10)).initialize("he_normal", rng)
    optimizer = nn.SGD(nn.cosine(rate, 640), weight_decay=weight_decay)
    order = np.random.default_rng([seed, 1])
    for _ in fit(net, split.x_train, split.y_train, optimizer, epochs=40, batch_size=32, rng=order):
        pass
    return evaluate(net, split.x_test, split.y_test)


def gain(batch_norm: bool, seed: int, p: float = 0.0, weight_decay: float = 0.0) -> float:
    """Return by how much dropout or L2 lowers the error."""
    plain, with_it = (regularized(batch_norm, *more, seed) for more in ((0.0, 0.0), (p, weight_decay)))
    return with_it.right - plain.right


@claim(
    says="With batch norm, dropout has nothing left to do.",
    verdict="folklore",
    measured="test loss with dropout ½ ÷ without, both with batch norm, 500 images",
    band=(0.5, 0.9),
    setting=SETTING,
    source=BLOG,
)
def batch_norm_does_not_replace_dropout(seed: int) -> float:
    return regularized(True, 0.5, 0.0, seed).loss / regularized(True, 0.0, 0.0, seed).loss


@claim(
    says="With batch norm, dropout has no accuracy left to win.",
    verdict="folklore",
    measured="by how much dropout ½ lowers the error, mean of four trainings",
    band=(0.003, 0.06),
    setting=SETTING,
    source=BLOG,
)
@mean_of(4)
def dropout_helps_beside_batch_norm(seed: int) -> float:
    return gain(True, seed, p=0.5)


@claim(
    says="With batch norm, L2 lowers the error.",
    verdict="not seen here",
    measured="by how much λ = 0.01 lowers the error",
    band=(-0.015, 0.015),
    setting=SETTING,
    source=BLOG,
)
def decay_changes_little(seed: int) -> float:
    return gain(True, seed, weight_decay=0.01)


@claim(
    says="Without batch norm, L2 lowers the error, so that batch norm takes its place.",
    verdict="not seen here",
    measured="by how much λ = 0.01 lowers the error of the net without batch norm",
    band=(-0.015, 0.015),
    setting=SETTING,
    source=BLOG,
)
def decay_does_little_anyway(seed: int) -> float:
    return gain(False, seed, weight_decay=0.01)


@claim(
    says="With batch norm, hidden weights ten times as large compute the same.",
    verdict="holds",
    measured="largest relative change of a logit",
    band=(0, 1e-3),
    setting="784-64-64-10 with batch norm from He's start, 256 images",
    source="van Laarhoven 2017",
)
def weights_grow_unseen(seed: int) -> float:
    net = norm_net("batch norm").initialize("he_normal", np.random.default_rng(seed))
    x = fashion_split(1024, 1000).x_train[:256]
    before = net.forward(x, training=True)
    for name in ("0.W", "3.W"):
        net.params[name][...] *= 10
    return np.abs(net.forward(x, training=True) - before).max() / np.abs(before).max()


@claim(
    says="Batch norm prevents overfitting.",
    verdict="not seen here",
    measured="error with it (rate 1) minus without (rate 0.1), mean of four trainings",
    band=(-0.02, 0.025),
    setting=f"{SETTING}; each at its best rate of 0.01, 0.03, … 1",
    source=BLOG,
)
@mean_of(4)
def batch_norm_does_not_prevent_overfitting(seed: int) -> float:
    return regularized(False, 0.0, 0.0, seed).right - regularized(True, 0.0, 0.0, seed, 1.0).right
