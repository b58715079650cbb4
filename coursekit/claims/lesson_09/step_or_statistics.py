"""Claims of lesson 09 that tell two batches apart: the images of a step, and those that share a statistic.

A step takes 32 images or 2. Batch norm's statistics are taken over all of them, or apart over groups of 2,
and the groups' gradients are averaged, as in lesson 08. So one of the two can be small without the other.
Each of the three ways has its own best rate, from the sweep "step_or_statistics".
"""

from functools import lru_cache

import numpy as np

from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_08.statistics_noise import step_in_groups
from coursekit.datasets import fashion_split, minibatches
from coursekit.diagnostics.batch_statistics import with_statistics_of
from coursekit.experiments.norm_choice import error, norm_net

# Images of a step, images that share a statistic.
WAYS = {
    "step of 32, statistics of 32": (32, 32),
    "step of 32, statistics of 2": (32, 2),
    "step of 2, statistics of 2": (2, 2),
}
BOTH_LARGE, SMALL_STATISTICS, BOTH_SMALL = WAYS
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
BEST = {BOTH_LARGE: 0.1, SMALL_STATISTICS: 0.1, BOTH_SMALL: 0.003}  # of the medians over five seeds
PASSES, IMAGES = 2, 4000
SETTING = (
    "784-64-64-10, two passes over 4,000 images, error on 2,000 others; the best of the rates "
    "0.001, 0.003, … 1: 0.1 for steps of 32, 0.003 for steps of 2"
)
SOURCE = "measured here; groups: Hoffer et al. 2017"


@lru_cache(maxsize=128)
def error_in_groups(way: str, rate: float, seed: int) -> float:
    """Return the share of wrong answers on 2,000 others after two passes over 4,000 images.

    For judging, the statistics are those of all training images.
    """
    step, size = WAYS[way]
    split, rng = fashion_split(IMAGES, 2000), np.random.default_rng([seed, 1])
    net = norm_net("batch norm").initialize("he_normal", np.random.default_rng(seed))
    net.forward(split.x_train[:2])  # its sizes are known from here on
    for _ in range(PASSES):
        for x, y in minibatches(split.x_train, split.y_train, step, rng):
            groups = step // size
            step_in_groups(net, np.split(x, groups), np.split(y, groups), rate)
    return error(with_statistics_of(net, split.x_train), split.x_test, split.y_test)


def at_its_best(way: str, seed: int) -> float:
    """Return the error at the way's best rate."""
    return error_in_groups(way, BEST[way], seed)


@claim(
    says="In steps of 32 images, statistics over 2 of them each are enough to make batch norm fail.",
    verdict="holds",
    measured="error with statistics over 2 of the 32 images of a step, minus error with those over all 32",
    band=(0.2, INF),
    setting=SETTING,
    source=SOURCE,
)
def statistics_of_two_suffice(seed: int) -> float:
    return at_its_best(SMALL_STATISTICS, seed) - at_its_best(BOTH_LARGE, seed)


@claim(
    says="Statistics over 2 in steps of 32 cost more than half of what batches of 2 cost.",
    verdict="holds",
    measured="cost of statistics over 2 in steps of 32 ÷ cost of statistics over 2 in steps of 2",
    band=(0.55, 1.6),
    setting=SETTING,
    source=SOURCE,
)
def statistics_cost_more_than_the_step(seed: int) -> float:
    large, statistics, both = (at_its_best(way, seed) for way in WAYS)
    return (statistics - large) / (both - large)
