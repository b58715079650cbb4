"""Claims of lesson 08 on what batch norm does to training: rates, starts, saturation."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim, geometric_mean_of, mean_of
from coursekit.claims.lesson_08.trainings import run, settled
from coursekit.datasets import fashion_split
from coursekit.diagnostics import signal_report
from coursekit.nets.deep import Norm, deep_net

IOFFE = "Ioffe & Szegedy 2015"
# The grid of the sweep "learning_rate", four rates a decade, where one of the two nets may stop to learn.
RATES = 10 ** (np.arange(-8, 5) / 4)
LEARNED = 0.6  # right answers after 100 steps
SCALES = 10.0 ** np.arange(-3, 1)


def largest_rate(norm: Norm, seed: int) -> float:
    """Return the largest of `RATES` at which eight ReLU layers get 60 % of the unseen images right."""
    learns = (rate for rate in RATES[::-1] if run(norm, seed, rate=rate, depth=8).accuracies[-1] > LEARNED)
    largest = next(learns, np.nan)
    return np.nan if largest in RATES[[0, -1]] else largest  # the grid must hold what is beyond it


@claim(
    says="With batch norm a net of eight ReLU layers learns at rates ten times as large and more.",
    verdict="holds",
    measured="largest rate at which it learns, with ÷ without, geometric mean of five trainings",
    band=(10, INF),
    setting=(
        "eight ReLU layers of 50 units, 4,000 images in batches of 128, 100 steps, four rates a decade; "
        "learned: more than 60 % right"
    ),
    source=f"{IOFFE}, sec. 4.2.1",
)
@geometric_mean_of(5)
def bn_larger_rates(seed: int) -> float:
    return largest_rate(nn.BatchNorm, seed) / largest_rate(None, seed)


def range_over_starts(norm: Norm, seed: int) -> float:
    """Return the range of test accuracy over `SCALES`, σ from 0.001 to 1; ReLU, rate 0.3."""
    schemes = map(nn.initializers.normal, SCALES)
    return np.ptp([settled(norm, seed, scheme=scheme, rate=0.3) for scheme in schemes])


@claim(
    says="At rate 0.3 the outcome depends less on the width of the first weights with batch norm.",
    verdict="holds",
    measured="range of test accuracy over σ = 0.001 … 1, with ÷ without",
    band=(0, 0.33),
    setting="five ReLU layers of 50 units, 4,000 images in batches of 128, 200 steps at rate 0.3",
    source=IOFFE,
)
def bn_forgives_the_start(seed: int) -> float:
    return range_over_starts(nn.BatchNorm, seed) / range_over_starts(None, seed)


def saturated(norm: Norm, seed: int) -> float:
    """Return the largest share of |h| > 0.97 in any of ten tanh layers from σ = 1."""
    net = deep_net("tanh", 10, 100, norm=norm)
    net.initialize(nn.initializers.normal(1.0), np.random.default_rng(seed))
    return float(signal_report(net, fashion_split().x_train[:500]).flat.max())


@claim(
    says="Behind a batch norm tanh saturates seldom, even from σ = 1.",
    verdict="holds",
    measured="largest share of |h| > 0.97 in ten layers (without it 93 %)",
    band=(0, 0.06),
    setting="ten tanh layers of 100 units from N(0, 1), 500 images",
    source=f"{IOFFE}, sec. 1",
)
def bn_avoids_saturation(seed: int) -> float:
    return saturated(nn.BatchNorm, seed)


@claim(
    says="Ten tanh layers from σ = 1 saturate without batch norm.",
    verdict="holds",
    measured="largest share of |h| > 0.97 in ten layers",
    band=(0.85, 1),
    setting="ten tanh layers of 100 units from N(0, 1), 500 images",
    source="CS231n notes 4 (data preprocessing, weights initialization and batch normalization)",
)
def bn_saturated_without(seed: int) -> float:
    return saturated(None, seed)


@claim(
    says="At the same small rate a tanh net learns faster with batch norm than without.",
    verdict="holds",
    measured="loss after 100 steps at rate 0.03, without ÷ with",
    band=(1.05, 2),
    setting="five tanh layers of 50 units from Xavier's start, 4,000 images in batches of 128",
    source=IOFFE,
    carries=True,
)
def bn_learns_faster(seed: int) -> float:
    without, with_it = (run(n, seed, rate=0.03, activation="tanh").last_loss for n in (None, nn.BatchNorm))
    return without / with_it


@claim(
    says="At rate 0.1, good for both, a tanh net gains hardly any accuracy from batch norm.",
    verdict="holds",
    measured="test accuracy after 100 steps, with − without, mean of three trainings",
    band=(-0.03, 0.03),
    setting="five tanh layers of 50 units from Xavier's start, 4,000 images in batches of 128",
    source="measured here",
)
@mean_of(3)
def bn_gains_nothing_at_the_best_rate(seed: int) -> float:
    without, with_it = (
        run(n, seed, rate=0.1, activation="tanh").accuracies[-1] for n in (None, nn.BatchNorm)
    )
    return float(with_it - without)
