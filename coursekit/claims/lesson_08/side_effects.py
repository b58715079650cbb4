"""Claims of lesson 08 on side effects: accuracy, placement, γ and β. Each net at its own best rate.

The rate is chosen on 1,000 unseen images and the net judged on 1,000 others: whoever has more good rates to
choose from would otherwise gain by the choice alone.
"""

from typing import Any

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim, mean_of
from coursekit.claims.lesson_08.trainings import at_its_best_rate, judged_twice
from coursekit.nets.deep import Norm

# Half decades around the best rate of each net.
PLAIN = (0.003, 0.01, 0.03, 0.1, 0.3)
SIGMOID = (0.01, 0.03, 0.1, 0.3, 1.0)
NORMED = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SETTING = (
    "five layers of 50 units, 4,000 images in batches of 128, 200 steps, two rates a decade from {} to {}; "
    "rate chosen on 1,000 images, judged on 1,000 others"
)
RELU, SIGMOIDS = SETTING.format(0.01, 10), SETTING.format(0.01, 1)
GLUON = "Gluon notes (Gluon编程学习), sec. 12.1"
DATAWHALE = "Datawhale notes on Li Hongyi's course, task 3, answer D"
PADDLE = "PaddlePaddle, deep learning from zero, batch normalization"


class HeldBatchNorm(nn.BatchNorm):
    """Batch norm whose γ and β are held at 1 and 0."""

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dC/dx; the gradients of γ and β are 0."""
        dx = super().backward(dy)
        for gradient in self.grads.values():
            gradient[...] = 0
        return dx


def relu(norm: Norm, seed: int, **more: Any) -> float:
    """Return the accuracy of a ReLU net with this norm at its own best rate."""
    return at_its_best_rate(norm, seed, NORMED if norm else PLAIN, **more)


def sigmoid(norm: Norm, seed: int, **more: Any) -> float:
    """Return the same of a sigmoid net."""
    return at_its_best_rate(norm, seed, SIGMOID, activation="sigmoid", **more)


@claim(
    says="Each at its best rate, a ReLU net is a few points more accurate with batch norm.",
    verdict="holds",
    measured="accuracy with − without, mean of four trainings",
    band=(0.002, 0.07),
    setting=RELU + "; without batch norm rates from 0.003 to 0.3",
    source=GLUON,
)
@mean_of(4)
def bn_little_accuracy(seed: int) -> float:
    return relu(nn.BatchNorm, seed) - relu(None, seed)


@claim(
    says="Five sigmoid layers from Xavier's start learn with batch norm; at none of three rates without.",
    verdict="holds",
    measured="accuracy with − the best that any rate gives without",
    band=(0.5, 0.8),
    setting=(
        "five layers of 50 units, 4,000 images in batches of 128, 200 steps, with batch norm at rate 0.1; "
        "without at 0.1, 1 and 10, its best on the judging images"
    ),
    source="Ioffe & Szegedy 2015, sec. 4.2.2",
)
def bn_makes_sigmoids_learn(seed: int) -> float:
    best = max(judged_twice(None, seed, rate, activation="sigmoid")[1] for rate in (0.1, 1.0, 10.0))
    return judged_twice(nn.BatchNorm, seed, 0.1, activation="sigmoid")[1] - best


@claim(
    says="Under ReLU it matters little whether batch norm stands before or after the activation.",
    verdict="holds",
    measured="accuracy before − after, mean of two trainings",
    band=(-0.03, 0.03),
    setting=RELU,
    source=DATAWHALE,
)
@mean_of(2)
def bn_placement(seed: int) -> float:
    return relu(nn.BatchNorm, seed) - relu(nn.BatchNorm, seed, placement="after")


@claim(
    says="With the sigmoid, batch norm should stand before the activation.",
    verdict="not seen here",
    measured="accuracy before − after, mean of two trainings: not better",
    band=(-0.04, 0.012),
    setting=SIGMOIDS,
    source=DATAWHALE,
)
@mean_of(2)
def bn_placement_sigmoid(seed: int) -> float:
    return sigmoid(nn.BatchNorm, seed) - sigmoid(nn.BatchNorm, seed, placement="after")


@claim(
    says="Without learned γ and β, batch norm loses patterns: in ReLU layers.",
    verdict="not seen here",
    measured="accuracy with γ and β learned − held at 1 and 0, mean of two trainings",
    band=(-0.03, 0.03),
    setting=RELU,
    source=PADDLE,
)
@mean_of(2)
def bn_gamma_beta_relu(seed: int) -> float:
    return relu(nn.BatchNorm, seed) - relu(HeldBatchNorm, seed)


@claim(
    says="Without learned γ and β, batch norm loses patterns: in sigmoid layers.",
    verdict="not seen here",
    measured="accuracy with γ and β learned − held at 1 and 0, mean of two trainings",
    band=(-0.02, 0.02),
    setting=SIGMOIDS,
    source=PADDLE,
)
@mean_of(2)
def bn_gamma_beta_sigmoid(seed: int) -> float:
    return sigmoid(nn.BatchNorm, seed) - sigmoid(HeldBatchNorm, seed)
