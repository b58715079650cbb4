"""Claims of lesson 08 on the noise of a batch's statistics.

Each step takes 64 images. Batch norm's statistics are taken over all 64, or apart over groups of 4, 8 or 16
of them ("ghost batches", Hoffer et al. 2017), and the groups' gradients are averaged. So the step's own
noise stays the same, and only that of the statistics varies.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_08.trainings import start
from coursekit.datasets import fashion_split, minibatches
from coursekit.training import Evaluation, evaluate

STEP, PASSES, RATE, IMAGES = 64, 40, 0.1, 1000
SETTING = "three ReLU layers of 50 units, 1,000 images in batches of 64, 40 passes at rate 0.1"
SOURCE = "Ioffe & Szegedy 2015, sec. 3.4; Hoffer et al. 2017; Gluon notes, sec. 12.1"


@lru_cache(maxsize=64)
def trained_in_groups(size: int, seed: int) -> tuple[Evaluation, Evaluation]:
    """Train with statistics over groups of `size` images; judge it on the training and on unseen images.

    For judging, the statistics are those of all training images, so that they bring no noise of their own.
    """
    split = fashion_split(IMAGES, 1000)
    net = start(lambda: nn.BatchNorm(momentum=0), seed, "relu", 3)
    net.forward(split.x_train[:2])
    rng = np.random.default_rng(seed)
    for _ in range(PASSES):
        for x, y in minibatches(split.x_train, split.y_train, STEP, rng):
            if len(x) == STEP:
                step_in_groups(net, np.split(x, STEP // size), np.split(y, STEP // size), RATE)
    net.forward(split.x_train, training=True)
    return evaluate(net, split.x_train, split.y_train), evaluate(net, split.x_test, split.y_test)


def step_in_groups(
    net: nn.Sequential, images: Sequence[np.ndarray], labels: Sequence[np.ndarray], rate: float
) -> None:
    """Take one step along the mean gradient of the groups, each normalized by itself."""
    total: dict[str, np.ndarray | float] = dict.fromkeys(net.params, 0.0)
    for x, y in zip(images, labels, strict=True):
        _, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), y)
        net.fill_grads(dlogits)
        for name, gradient in net.grads.items():
            total[name] = total[name] + gradient
    for name, parameter in net.params.items():
        parameter -= rate / len(images) * total[name]


def right_answers(name: str, size: float, seed: int) -> float:
    """Return the share of right answers for the sweep "statistics_noise"."""
    training, unseen = trained_in_groups(int(size), seed)
    return (training if name.startswith("training") else unseen).right


def gap(size: int, seed: int) -> float:
    """Return training − test accuracy."""
    training, unseen = trained_in_groups(size, seed)
    return training.right - unseen.right


@claim(
    says="The noise of batch norm's statistics regularizes: noisier ones narrow the gap to unseen images.",
    verdict="holds",
    measured="training − test accuracy with statistics over all 64 images of a step − over groups of 8",
    band=(0.01, 0.1),
    setting=SETTING,
    source=SOURCE,
)
def bn_noise_regularizes(seed: int) -> float:
    return gap(STEP, seed) - gap(8, seed)


@claim(
    says="With noisier statistics of batch norm the loss on unseen images is lower.",
    verdict="holds",
    measured="test loss with statistics over all 64 images of a step ÷ over groups of 8",
    band=(1.1, INF),
    setting=SETTING,
    source=SOURCE,
)
def bn_noise_lowers_the_test_loss(seed: int) -> float:
    return trained_in_groups(STEP, seed)[1].loss / trained_in_groups(8, seed)[1].loss


@claim(
    says="The smaller the groups, the narrower the gap: from 16 to 8, and from 8 to 4.",
    verdict="holds",
    measured="the smaller one of the two differences of training − test accuracy",
    band=(0.002, 0.1),
    setting=SETTING,
    source=SOURCE,
)
def bn_noise_grows_with_small_groups(seed: int) -> float:
    gaps = [gap(size, seed) for size in (4, 8, 16)]
    return min(np.diff(gaps))
