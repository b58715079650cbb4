"""Claims of lesson 13: what each technique does to a small LeNet, at its own best rate.

The accuracies of seeds 0 to 5 come from the kept sweep `ablation`, which a test measures again in part; for
any other seed the nets are trained.
"""

from functools import lru_cache

import numpy as np

from coursekit.claims import sweeps
from coursekit.claims.claim import claim
from coursekit.claims.lesson_13.sweeps import ABLATION, accuracy
from coursekit.experiments.recipe_run import last_run
from coursekit.nets.recipe import Recipe

SETTING = (
    "LeNet with batch norm from He's start, 4,000 images, 6 epochs, batch 64, plain descent on a cosine; "
    "each side at its best rate of 0.03 … 3"
)
BASE, AT = "as it stands", 1.0
GLUON = "a course note in Chinese on Gluon"


@lru_cache(maxsize=1)
def _kept():
    return sweeps.load(ABLATION)


@lru_cache(maxsize=256)
def right_answers(row: str, rate: float, seed: int) -> float:
    """Return the validation accuracy of a row of the ablation at a rate: the kept one, or trained now."""
    if seed in ABLATION.seeds:
        return float(_kept().series(row)[ABLATION.x.index(rate), ABLATION.seeds.index(seed)])
    return accuracy(row, rate, seed)


def gain(row: str, rate: float, seed: int) -> float:
    """Return by how much a row at its rate is ahead of the base at its own, both from one seed."""
    return right_answers(row, rate, seed) - right_answers(BASE, AT, seed)


def mean_gain(row: str, rate: float, seed: int) -> float:
    """Return the mean gain over five of the sweep's six seeds, all but one: what no single seed decides."""
    others = [s for s in ABLATION.seeds if s != seed % len(ABLATION.seeds)]
    return float(np.mean([gain(row, rate, s) for s in others]))


@claim(
    says="Without batch norm the LeNet stays behind, even at its own best rate.",
    verdict="holds",
    measured="share of right answers with it (η = 1) minus without (η = 0.1)",
    band=(0.012, 0.08),
    setting=SETTING,
    source="Ioffe & Szegedy 2015; notes on the BN algorithm",
    carries=True,
    reads="ablation",
)
def batch_norm_is_worth_points(seed: int) -> float:
    return -gain("no batch norm", 0.1, seed)


@claim(
    says="From N(0, 0.01²) and without batch norm the LeNet learns nothing in six epochs.",
    verdict="holds",
    measured="share of right answers at η = 0.1; guessing has 0.1",
    band=(0, 0.15),
    setting=(
        "LeNet without batch norm, 4,000 images, 6 epochs, batch 64, plain descent on a cosine; at most "
        "0.11 at all five rates 0.03 … 3"
    ),
    source=f"{GLUON}, whose start it is",
    carries=True,
    reads="ablation",
)
def small_start_without_norm_learns_nothing(seed: int) -> float:
    return right_answers("neither", 0.1, seed)


@claim(
    says="With batch norm, N(0, 0.01²) is as good a start as He's.",
    verdict="holds only if each start has its own rate",
    measured="difference at η = 0.1 for N(0, 0.01²) and 1 for He, mean of five of six seeds",
    band=(-0.01, 0.01),
    setting=SETTING,
    source="lesson 08",
    carries=True,
    reads="ablation",
)
def small_start_with_norm_is_as_good(seed: int) -> float:
    return mean_gain("N(0, 0.01²) for He", 0.1, seed)


@claim(
    says="With batch norm at a rate of 0.03, the start N(0, 0.01²) is ahead of He's.",
    verdict="holds",
    measured="difference in right answers, both at η = 0.03",
    band=(0.03, 0.12),
    setting=SETTING.partition("; each")[0],
    source="what it follows from: van Laarhoven 2017",
    carries=True,
    reads="ablation",
)
def one_rate_for_two_starts_misleads(seed: int) -> float:
    return right_answers("N(0, 0.01²) for He", 0.03, seed) - right_answers(BASE, 0.03, seed)


@claim(
    says="Dropout 0.2 / 0.5 raises the share of right answers.",
    verdict="not seen here",
    measured="with it minus without, both at η = 1, mean of five of six seeds",
    band=(-0.03, -0.005),
    setting=SETTING,
    source=GLUON,
    carries=True,
    reads="ablation",
)
def dropout_needs_longer_training(seed: int) -> float:
    return mean_gain("dropout 0.2 / 0.5", 1.0, seed)


@claim(
    says="A weight decay of 0.001 raises the share of right answers.",
    verdict="not seen here",
    measured="with it minus without, both at η = 1, mean of five of six seeds",
    band=(-0.01, 0.01),
    setting=SETTING,
    source=f"{GLUON}; CS231n notes",
    reads="ablation",
)
def decay_does_little_in_six_epochs(seed: int) -> float:
    return mean_gain("weight decay 0.001", 1.0, seed)


@claim(
    says="A skip connection over one dense layer raises the share of right answers.",
    verdict="not seen here",
    measured="with it (η = 0.3) minus without (η = 1), mean of five of six seeds",
    band=(-0.012, 0.005),
    setting=SETTING,
    source="He et al. 2016, for nets of dozens of layers",
    reads="ablation",
)
def one_skip_does_little(seed: int) -> float:
    return mean_gain("skip connection", 0.3, seed)


@claim(
    says="Xavier's start is worse than He's in this net.",
    verdict="not seen here",
    measured="Xavier (η = 0.3) minus He (η = 1), mean of five of six seeds",
    band=(-0.01, 0.01),
    setting=SETTING,
    source="He et al. 2015, for deep nets without batch norm",
    reads="ablation",
)
def xavier_does_as_well(seed: int) -> float:
    return mean_gain("Xavier for He", 0.3, seed)


@claim(
    says="Subtracting the mean image raises the share of right answers.",
    verdict="not seen here",
    measured="with it minus without, both at η = 1",
    band=(-0.022, 0.002),
    setting=f"{SETTING}; grey values standardized as a whole before",
    source="CS231n notes",
    carries=True,
    reads="ablation",
)
def mean_image_does_not_help(seed: int) -> float:
    return -gain("not centred", 1.0, seed)


@claim(
    says="After eight epochs on 8,000 images the LeNet reaches 87 % on the test images.",
    verdict="holds",
    measured="share of right answers on 2,000 test images",
    band=(0.87, 0.95),
    setting="batch norm, He, η = 1 on a cosine, batch 64, 8,000 images, 8 epochs",
    source="here",
)
def lenet_reaches_87_percent(seed: int) -> float:
    return last_run(Recipe(rate=1.0), 8000, 8, seed).sealed


@claim(
    says="Of a net that they did not choose, validation and test images say the same.",
    verdict="holds",
    measured="validation minus test accuracy of one net; two standard errors of 2,000 images are 0.02",
    band=(-0.025, 0.025),
    setting="batch norm, He, η = 1 on a cosine, batch 64, 4,000 images, 2 epochs",
    source="here",
)
def validation_agrees_with_test(seed: int) -> float:
    run = last_run(Recipe(rate=1.0), 4000, 2, seed)
    return run.right - run.sealed


@claim(
    says="A seed may be worth a point of accuracy.",
    verdict="holds",
    measured="largest minus smallest of six seeds of one recipe, mean over the rates 0.03 … 1",
    band=(0.008, 0.04),
    setting=SETTING.partition("; each")[0],
    source="Bouthillier et al. 2021",
    reads="ablation",
)
def seeds_scatter(seed: int) -> float:
    row = ABLATION.names[seed % 7]  # another recipe for each seed: the scatter is not one net's
    return float(np.mean(np.ptp(_kept().series(row)[:4], axis=1)))
