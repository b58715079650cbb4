"""Claims of lesson 13 on what a learner finds on its board."""

from dataclasses import replace
from functools import lru_cache

from coursekit.claims import sweeps
from coursekit.claims.claim import claim
from coursekit.claims.lesson_13.sweeps import BATCH_SIZE, accuracy_in_batches
from coursekit.experiments.recipe_run import RECIPES, last_run
from coursekit.nets.recipe import Recipe

BOARD = "LeNet, 1,000 images, 4 epochs, batch 64, plain descent on a cosine"


@lru_cache(maxsize=1)
def _kept():
    return sweeps.load(BATCH_SIZE)


def in_batches(size: str, seed: int) -> float:
    """Return the accuracy with batches of a size at its best rate: the kept one, or trained now."""
    best = int(_kept().series(size).mean(axis=1).argmax())
    if seed in BATCH_SIZE.seeds:
        return float(_kept().series(size)[best, BATCH_SIZE.seeds.index(seed)])
    return accuracy_in_batches(size, BATCH_SIZE.x[best], seed)


@claim(
    says="In three epochs batches of 256 images do not do as well as batches of 64.",
    verdict="holds",
    measured="share of right answers with 64 minus with 256",
    band=(0.005, 0.06),
    setting=(
        "LeNet with batch norm from He's start, 4,000 images, 3 epochs, plain descent on a cosine; each "
        "side at its best rate of 0.3, 1 and 3"
    ),
    source="measured here",
    reads="batch_size_of_a_recipe",
)
def larger_batches_are_behind(seed: int) -> float:
    return in_batches("64", seed) - in_batches("256", seed)


@claim(
    says="A tenth of the best rate costs two and a half points or more.",
    verdict="holds",
    measured="share of right answers at η = 1 minus that at η = 0.1",
    band=(0.025, 0.12),
    setting=f"{BOARD}, batch norm from He's start",
    source="measured here",
)
def a_tenth_of_the_rate_is_behind(seed: int) -> float:
    one, tenth = (last_run(Recipe(rate=rate), 1000, 4, seed).right for rate in (1.0, 0.1))
    return one - tenth


@claim(
    says="At rates of 0.1, 1 and 10 the Gluon notes' recipe learns nothing.",
    verdict="holds",
    measured="highest share of right answers at the rates 0.1, 1 and 10; guessing has 0.1",
    band=(0, 0.15),
    setting=f"{BOARD}, N(0, 0.01²), no norm, dropout 0.2 / 0.5, mean image not subtracted",
    source="a course note in Chinese on Gluon, whose start and dropout it is",
)
def the_gluon_recipe_learns_nothing(seed: int) -> float:
    runs = (last_run(replace(RECIPES["gluon"], rate=rate), 1000, 4, seed) for rate in (0.1, 1.0, 10.0))
    return max((run.right for run in runs if run.diverged_at is None), default=0.1)
