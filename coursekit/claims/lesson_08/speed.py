"""Claims of lesson 08 on its title: how many steps batch norm saves, each net at its own best rate."""

from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim
from coursekit.claims.lesson_08.trainings import start
from coursekit.datasets import fashion_split
from coursekit.experiments.race import races
from coursekit.nets.deep import Norm

LEVEL, LIMIT, EVERY, TRAININGS = 0.75, 300, 5, 4
# The best rates lie inside: near 0.05 (ReLU) and 0.15 (tanh) without batch norm, 0.25 and 0.15 with it.
RATES = {
    ("relu", False): (0.01, 0.03, 0.06, 0.1, 0.2),
    ("relu", True): (0.1, 0.2, 0.3, 0.6, 1.0),
    ("tanh", False): (0.03, 0.1, 0.2, 0.3, 0.6),
    ("tanh", True): (0.03, 0.1, 0.2, 0.3, 0.6),
}
SETTING = (
    "five {} layers of 50 units, 4,000 images in batches of 128, asked every 5 steps on 1,000 others; each "
    "at the best of its rates ({} without, {} with), chosen and judged by the mean of four trainings"
)


def setting(activation: str) -> str:
    """Return the setting in words, with the rates that are tried."""
    grids = (" ".join(f"{rate:g}" for rate in RATES[activation, normed]) for normed in (False, True))
    return SETTING.format({"relu": "ReLU", "tanh": "tanh"}[activation], *grids)


def steps_needed(norm: Norm, seed: int, rate: float, activation: str) -> int:
    """Return the steps after which 75 % of unseen images are right for the first time, at most 300."""
    net = start(norm, seed, activation, 5)
    for state in races({"": net}, fashion_split(), rate, steps=LIMIT, seed=seed, every=EVERY):
        if state.lanes[0].accuracies[-1:] >= [LEVEL]:
            return round(state.done * LIMIT)
    return LIMIT


@lru_cache(maxsize=32)
def fewest_steps(norm: Norm, seed: int, activation: str) -> float:
    """Return the steps needed at the best rate, mean of four trainings; nan if it ends the grid."""
    seeds = range(TRAININGS * seed, TRAININGS * (seed + 1))
    rates = RATES[activation, norm is not None]
    needed = [np.mean([steps_needed(norm, one, rate, activation) for one in seeds]) for rate in rates]
    best = int(np.argmin(needed))
    return float(needed[best]) if 0 < best < len(rates) - 1 else np.nan


@claim(
    says="Each at its own best rate, a ReLU net needs about half the steps with batch norm, or fewer.",
    verdict="holds",
    measured="steps to 75 % right answers, with batch norm ÷ without",
    band=(0.2, 0.6),
    setting=setting("relu"),
    source="Ioffe & Szegedy 2015, abstract: fourteen times fewer, in a far larger net",
)
def bn_halves_the_steps_relu(seed: int) -> float:
    return fewest_steps(nn.BatchNorm, seed, "relu") / fewest_steps(None, seed, "relu")


@claim(
    says="Each at its own best rate, a tanh net needs fewer steps: three to four fifths with batch norm.",
    verdict="holds",
    measured="steps to 75 % right answers, with batch norm ÷ without",
    band=(0.5, 0.87),
    setting=setting("tanh"),
    source="measured here",
)
def bn_saves_steps_tanh(seed: int) -> float:
    return fewest_steps(nn.BatchNorm, seed, "tanh") / fewest_steps(None, seed, "tanh")
