"""Claims of lesson 09 that tell the batch of the statistics from the batch of the step.

A step of `step` images moves the weights along the mean gradient of groups of `group` images, and batch
norm takes its statistics in each group apart ("ghost batches", Hoffer et al. 2017). All see 1,024 images
once.
"""

from functools import lru_cache

import numpy as np

from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_08.statistics_noise import step_in_groups
from coursekit.datasets import fashion_split, minibatches
from coursekit.diagnostics.batch_statistics import with_statistics_of
from coursekit.experiments.norm_choice import norm_net
from coursekit.training import evaluate

IMAGES, JUDGED = 1024, 1000
# A factor of about three apart; each holds its arm's best rate with a worse one on either side.
RATES = {
    (32, 32): (0.03, 0.1, 0.3, 1.0, 3.0),
    (32, 2): (0.1, 0.3, 1.0, 3.0),
    (2, 2): (0.003, 0.01, 0.03, 0.1, 0.3),
}
SETTING = (
    "784-64-64-10, one pass over 1,024 images, least loss on 1,000 others, two rates a decade: 0.03 to 3 "
    "for steps and groups of 32, 0.1 to 3 for steps of 32 in groups of 2, 0.003 to 0.3 for steps of 2; "
    "judged with the statistics of all training images"
)
HOFFER = "after Hoffer et al. 2017"


@lru_cache(maxsize=256)
def trained(step: int, group: int, rate: float, seed: int) -> tuple[float, float]:
    """Return the loss and the error on 1,000 other images after one pass.

    In use the statistics are those of all training images.
    """
    split = fashion_split(IMAGES, JUDGED)
    net = norm_net("batch norm").initialize("he_normal", np.random.default_rng(seed))
    net.forward(split.x_train[:2])
    for x, y in minibatches(split.x_train, split.y_train, step, np.random.default_rng([seed, 1])):
        step_in_groups(net, np.split(x, step // group), np.split(y, step // group), rate)
    found = evaluate(with_statistics_of(net, split.x_train), split.x_test, split.y_test)
    return found.loss, found.error


def least_loss(step: int, group: int, seed: int) -> float:
    """Return the loss at the best rate; nan if that is the first or the last of the grid."""
    losses = np.array([trained(step, group, rate, seed)[0] for rate in RATES[step, group]])
    best = losses.argmin()
    return float(losses[best]) if 0 < best < len(losses) - 1 else np.nan


@claim(
    says="What batch norm loses with batches of 2 is the work of its statistics, not of the small steps.",
    verdict="holds",
    measured="loss added by statistics of 2 in steps of 32 ÷ by statistics and steps of 2",
    band=(0.9, 1.6),
    setting=SETTING,
    source=HOFFER,
)
def statistics_do_the_harm(seed: int) -> float:
    good = least_loss(32, 32, seed)
    return (least_loss(32, 2, seed) - good) / (least_loss(2, 2, seed) - good)


@claim(
    says="With statistics of 2, steps of 32 images do no better than steps of 2.",
    verdict="holds",
    measured="loss with steps of 32 ÷ loss with steps of 2",
    band=(0.95, 1.4),
    setting=SETTING,
    source=HOFFER,
)
def larger_steps_do_not_help(seed: int) -> float:
    return least_loss(32, 2, seed) / least_loss(2, 2, seed)


@claim(
    says="At steps of 32 images, statistics of 2 at least double the loss of statistics of 32.",
    verdict="holds",
    measured="loss with statistics over groups of 2 ÷ over all 32",
    band=(2, INF),
    setting=SETTING,
    source=HOFFER,
)
def statistics_of_two_alone(seed: int) -> float:
    return least_loss(32, 2, seed) / least_loss(32, 32, seed)
