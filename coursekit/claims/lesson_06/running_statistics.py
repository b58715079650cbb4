"""Claims of lesson 06 on running statistics: noise, bias, the first steps, and what momentum means."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_06.samples import wide_sums
from coursekit.claims.lesson_06.titles import CS231N, PADDLE
from coursekit.experiments import running_rules, running_statistics

HERE = "measured here"
SETTING = "batches of 32 numbers from N(0, 1)"
RUNS = "300 runs over batches of 32 numbers from N(0, 2²)"
SIZES = (4, 8, 16, 32, 64, 128)


@claim(
    says="A batch's mean scatters around the true one like 1/√B.",
    verdict="holds",
    measured="slope of log spread against log B, B = 4 … 128",
    band=(-0.55, -0.45),
    setting="2,000 batches of numbers from N(0, 1) for each size",
    source="theory of sums",
)
def bn_standard_error(seed: int) -> float:
    rng = np.random.default_rng(seed)
    spreads = [rng.standard_normal((2000, size)).mean(axis=1).std() for size in SIZES]
    return np.polyfit(np.log(SIZES), np.log(spreads), 1)[0]


@claim(
    says="A batch of 4 underestimates the variance by the factor 3/4, on average.",
    verdict="holds",
    measured="mean of v (divided by n) ÷ true variance",
    band=(0.73, 0.77),
    setting="20,000 batches of 4 numbers from N(0, 1)",
    source="Bessel's correction",
)
def bn_biased(seed: int) -> float:
    return np.random.default_rng(seed).standard_normal((20_000, 4)).var(axis=1).mean()


def started(rule: int, seed: int, start: float, step: int = 10, runs: int = 300) -> float:
    """Return the running variance after some steps ÷ the mean batch variance; the feature is N(0, 2²)."""
    samples = 2 * np.random.default_rng(seed).standard_normal((runs, step, 32))
    variances = samples.var(axis=2)
    held = [running_rules(row, 0.9, start)[rule, step] for row in variances]
    return np.mean(held) / variances.mean()


@claim(
    says="From a start at 0 with momentum 0.9, ten steps reach 65 % of the variance.",
    verdict="holds",
    measured="running ÷ batch variance (1 − 0.9¹⁰ = 0.651)",
    band=(0.64, 0.66),
    setting=RUNS,
    source=f"start at 0: {PADDLE}; code in {CS231N}",
)
def bn_zero_start(seed: int) -> float:
    return started(0, seed, 0.0)


@claim(
    says="From a start at 1, where libraries put it, ten steps reach 74 % of a variance of 4.",
    verdict="holds",
    measured="running ÷ batch variance (1 − 0.9¹⁰ + 0.9¹⁰ ÷ 3.9 = 0.741)",
    band=(0.73, 0.75),
    setting=RUNS,
    source="start at 1: Keras, PyTorch and the Paddle library",
)
def bn_start_at_one(seed: int) -> float:
    return started(0, seed, 1.0)


@claim(
    says="Divided by 1 − mᵗ the bias is gone.",
    verdict="holds",
    measured="the same, corrected",
    band=(0.98, 1.02),
    setting=RUNS,
    source="Kingma & Ba 2015, section 3",
)
def bn_zero_start_corrected(seed: int) -> float:
    return started(3, seed, 0.0)


@claim(
    says="Predictions after five steps from 0 are too wide by 1/√(1 − 0.9⁵) = 1.56.",
    verdict="holds",
    measured="spread of predicted x̂",
    band=(1.5, 1.62),
    setting="the same 500 images at each step, through 100 units with N(0, 1²) weights",
    source=HERE,
)
def bn_early_prediction(seed: int) -> float:
    x = wide_sums(seed)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    layer = nn.BatchNorm()
    layer.forward(x)
    layer.buffers["var"][...] = 0
    for _ in range(5):
        layer.forward(x, training=True)
    return layer.forward(x).std()


@claim(
    says="A momentum of 0.9 means different things in Keras and in PyTorch.",
    verdict="holds",
    measured="scatter of the running mean, PyTorch's rule ÷ Keras's (theory 3.9)",
    band=(3.4, 4.4),
    setting=SETTING,
    source="documentation of Keras and PyTorch",
    carries=True,
)
def bn_momentum_means_the_same(seed: int) -> float:
    pytorch, keras = (
        running_statistics(0.9, 32, np.random.default_rng(seed), steps=1000).mean[rule, 50:].std()
        for rule in (1, 0)
    )
    return pytorch / keras


def error_of_running_mean(rule: int, seed: int, *, drift: bool) -> float:
    """Return the root mean square error of the running mean at step 100, over 100 runs."""
    rng = np.random.default_rng(seed)
    runs = [running_statistics(0.9, 32, rng, drift=drift) for _ in range(100)]
    return np.sqrt(np.mean([(r.mean[rule, -1] - r.true_mean[-1]) ** 2 for r in runs]))


@claim(
    says="While the true mean stands still the plain average is closer to it than momentum 0.9.",
    verdict="holds",
    measured="error, average ÷ momentum 0.9, after 100 steps",
    band=(0, 0.7),
    setting="100 runs over batches of 32 numbers, the true mean at rest",
    source=HERE,
)
def bn_average_at_rest(seed: int) -> float:
    return error_of_running_mean(2, seed, drift=False) / error_of_running_mean(0, seed, drift=False)


@claim(
    says="The plain average over all batches is the best estimate.",
    verdict="holds only while the weights stand still",
    measured="the same, while the true mean moves from 1 to 5",
    band=(3, INF),
    setting="100 runs over batches of 32 numbers, the true mean on its way from 1 to 5",
    source=HERE,
)
def bn_average_in_motion(seed: int) -> float:
    return error_of_running_mean(2, seed, drift=True) / error_of_running_mean(0, seed, drift=True)
