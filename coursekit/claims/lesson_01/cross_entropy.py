"""Claims of lesson 01 on the cross-entropy: where it starts, its slope, its mean, and its temperature."""

import math

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim
from coursekit.claims.lesson_01.probabilities import GLUON, HERE, drawn
from coursekit.datasets import fashion_split
from coursekit.experiments.temperature import temper

NET = "784-100-10 with ReLU, 1,000 training images, judged on 2,000 others"
FEW, MANY = 100, 800


@claim(
    says="A net of 10 classes that knows nothing has a loss of ln 10 = 2.30.",
    verdict="holds only if its first scores are small",
    measured="cross-entropy before training",
    band=(2.29, 2.32),
    setting="784-100-10 with ReLU and N(0, 0.01²) weights, 1,000 images",
    source=f"{GLUON} to 3",
    carries=True,
)
def untrained_loss_is_ln_10(seed: int) -> float:
    return _untrained(0.01, seed)


@claim(
    says="With weights of spread 1 the same net starts far above ln 10: it is sure, and wrong.",
    verdict="holds",
    measured="cross-entropy before training",
    band=(50, 1000),
    setting="784-100-10 with ReLU and N(0, 1) weights, 1,000 images",
    source=HERE,
)
def untrained_loss_with_wide_weights(seed: int) -> float:
    return _untrained(1.0, seed)


def _untrained(sigma, seed):
    split = fashion_split(1000, 2000)
    net = nn.Sequential(nn.Dense(100), nn.ReLU(), nn.Dense(10))
    net.initialize(nn.initializers.normal(sigma), np.random.default_rng(seed))
    return nn.softmax_cross_entropy(net.forward(split.x_train), split.y_train)[0]


@claim(
    says="The slope of the loss along the scores is p − y, over the number of samples.",
    verdict="holds",
    measured="largest difference from numerical slopes",
    band=(0, 1e-8),
    setting="6 samples, 5 classes, float64, steps of 10⁻⁵ either way",
    source=HERE,
    carries=True,
)
def gradient_is_p_minus_y(seed: int) -> float:
    z, labels = drawn(seed, 6, 5), np.random.default_rng([seed, 2]).integers(0, 5, 6)
    y, step, slopes = np.eye(5)[labels], 1e-5, np.zeros((6, 5))
    for i in np.ndindex(6, 5):
        nudge = np.zeros((6, 5))
        nudge[i] = step
        up, down = (nn.softmax_cross_entropy(z + s * nudge, labels)[0] for s in (1, -1))
        slopes[i] = (up - down) / (2 * step)
    return float(np.abs(slopes - (nn.softmax(z) - y) / 6).max())


@claim(
    says="The smallest mean cross-entropy is the largest joint probability of the labels.",
    verdict="holds",
    measured="|log of the product of the labels' probabilities + N · loss|, N = 20",
    band=(0, 1e-10),
    setting="20 samples, 10 classes, scores with spread 3, float64",
    source=GLUON,
)
def loss_is_likelihood(seed: int) -> float:
    z, labels = drawn(seed, 20), np.random.default_rng([seed, 2]).integers(0, 10, 20)
    joint = np.prod(nn.softmax(z)[np.arange(20), labels])
    return abs(math.log(joint) + 20 * nn.softmax_cross_entropy(z, labels)[0])


@claim(
    says="After 40 passes a net's loss on new images is well above that after 10.",
    verdict="holds",
    measured="loss after 40 passes ÷ loss after 10",
    band=(1.15, 2),
    setting=f"{NET}, momentum 0.9, rate 0.02",
    source=HERE,
    carries=True,
)
def same_accuracy_other_loss(seed: int) -> float:
    return temper(1.0, 40, seed).loss / temper(1.0, 10, seed).loss


@claim(
    says="Between 10 and 40 passes its accuracy stays as it is: accuracy is not loss.",
    verdict="holds",
    measured="accuracy after 40 passes − after 10",
    band=(-0.02, 0.02),
    setting=f"{NET}, momentum 0.9, rate 0.02",
    source=f"{GLUON} and 3: accuracy judges the loss",
)
def same_accuracy(seed: int) -> float:
    return temper(1.0, 40, seed).accuracy - temper(1.0, 10, seed).accuracy


@claim(
    says="The temperature with the smallest loss on new images is not 1 for a net trained for long.",
    verdict="holds",
    measured="T with the smallest loss",
    band=(1.7, 3.2),
    setting=f"{NET}, 40 passes",
    source="Guo et al. 2017",
    carries=True,
)
def best_temperature_is_not_one(seed: int) -> float:
    return temper(1.0, 40, seed).best[0]


@claim(
    says="On its training images a net is not sure enough: its best temperature is below 1.",
    verdict="holds",
    measured="T with the smallest loss",
    band=(0.3, 0.9),
    setting=f"{NET}, 10 passes; judged on its training images",
    source=HERE,
)
def best_temperature_in_training(seed: int) -> float:
    return temper(1.0, 10, seed, "training").best[0]


@claim(
    says="A net trained for long says higher probabilities than it is right.",
    verdict="holds",
    measured="mean of the largest probability − accuracy",
    band=(0.08, 0.16),
    setting=f"{NET}, 40 passes, T = 1",
    source="Guo et al. 2017",
)
def too_sure(seed: int) -> float:
    result = temper(1.0, 40, seed)
    return result.mean_confidence - result.accuracy


@claim(
    says="At the temperature with the smallest loss it is about as sure as it is right.",
    verdict="holds",
    measured="mean of the largest probability − accuracy",
    band=(-0.03, 0.03),
    setting=f"{NET}, 40 passes, T with the smallest loss",
    source="Guo et al. 2017",
)
def as_sure_as_right(seed: int) -> float:
    result = temper(temper(1.0, 40, seed).best[0], 40, seed)
    return result.mean_confidence - result.accuracy


def largest_rate(n: int, add_up: bool, seed: int) -> float:
    """Return the largest rate, on a grid of √2, at which 20 steps all lower the loss of n images."""
    split = fashion_split(4000, 2000)
    rows = np.random.default_rng(seed).permutation(4000)[:n]
    x, labels = split.x_train[rows], split.y_train[rows]
    rate = 2.0**-16
    while _always_falls(x, labels, rate * (n if add_up else 1)):
        rate *= math.sqrt(2)
    return rate


def _always_falls(x: np.ndarray, labels: np.ndarray, rate: float) -> bool:
    w, before = np.zeros((x.shape[1], 10), np.float32), math.inf
    for _ in range(20):
        loss, slope = nn.softmax_cross_entropy(x @ w, labels)
        if loss >= before:
            return False
        w, before = w - np.float32(rate) * (x.T @ slope), loss
    return True


@claim(
    says="With the loss as a sum the learning rate has to shrink as the samples grow in number.",
    verdict="holds",
    measured="largest rate that works on 100 images ÷ on 800",
    band=(4, 16),
    setting="784-10 from weights 0, all images at once, 20 steps that all lower the loss",
    source=f"{GLUON} to 3, which has both sum and mean",
    carries=True,
)
def sum_needs_smaller_rates(seed: int) -> float:
    return largest_rate(FEW, True, seed) / largest_rate(MANY, True, seed)


@claim(
    says="With the loss as a mean one rate suits 100 images and 800.",
    verdict="holds",
    measured="largest rate that works on 100 images ÷ on 800",
    band=(0.35, 2.9),
    setting="784-10 from weights 0, all images at once, 20 steps that all lower the loss",
    source=HERE,
)
def mean_keeps_the_rate(seed: int) -> float:
    return largest_rate(FEW, False, seed) / largest_rate(MANY, False, seed)
