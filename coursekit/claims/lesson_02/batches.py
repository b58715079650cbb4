"""Claims of lesson 02 on mini-batches: noise, seconds, passes, and what drawing with replacement misses."""

import time

import numpy as np

from coursekit import datasets, nets, nn, training
from coursekit.claims.claim import claim
from coursekit.experiments.descent import SAMPLES, Walk, crossing, descend

HERE = "measured here"
SIZES = (1, 2, 4, 8, 16, 32, 64)


@claim(
    says="The noise of a mini-batch's gradient falls as 1/√B.",
    verdict="holds",
    measured="slope of its spread over B, both logarithmic",
    band=(-0.55, -0.45),
    setting="LeCun's problem at w = 0, 4,000 points, 2,000 batches of each of the sizes 1 to 64",
    source="the variance of a mean",
    carries=True,
)
def noise_slope(seed: int) -> float:
    rng = np.random.default_rng(seed)
    x, targets = datasets.two_gaussians(4000, rng)
    of_samples = -targets[:, None].astype(np.float64) * x
    spread = [
        (of_samples[rng.integers(4000, size=(2000, size))].mean(axis=1) - of_samples.mean(axis=0)).std()
        for size in SIZES
    ]
    return float(np.polyfit(np.log(SIZES), np.log(spread), 1)[0])


def seconds_a_pass(seed: int, batch_size: int) -> float:
    """Return the shorter of two passes of a net with 256 hidden units over 1,000 images."""
    data, rng, taken = datasets.fashion_split(1000, 1), np.random.default_rng(seed), []
    net = nets.deep_net("relu", 1, 256).initialize("he_normal", rng)
    optimizer = nn.SGD(0.01)
    for _ in range(2):
        steps = training.fit(
            net, data.x_train, data.y_train, optimizer, epochs=1, batch_size=batch_size, rng=rng
        )
        start = time.perf_counter()
        for _ in steps:
            pass
        taken.append(time.perf_counter() - start)
    return min(taken)


@claim(
    says="Smaller batches make a pass over the same data take longer.",
    verdict="holds",
    measured="seconds of a pass in batches of 5, as a multiple of those in batches of 250",
    band=(1.5, 200),
    setting="a net of 784, 256 and 10 units on 1,000 images, on whatever computer measures",
    source=HERE,
)
def small_batches_take_longer(seed: int) -> float:
    return seconds_a_pass(seed, 5) / seconds_a_pass(seed, 250)


def passes_to(walk: Walk, share: float) -> float:
    """Return after how many passes the smoothed loss is below that share of its start."""
    losses = walk.smooth
    below = np.flatnonzero(losses < share * losses[0])
    return float(walk.samples[below[0]] / SAMPLES) if below.size else np.inf


@claim(
    says="At one rate a larger batch needs more passes over the data to the same loss.",
    verdict="holds",
    measured="passes with batches of 20 until 5 % of the loss is left, as a multiple of those with 5",
    band=(2.5, 6),
    setting="LeCun's problem, 100 points, rate 0.2, loss above its minimum",
    source=HERE,
    carries=True,
)
def large_batches_need_more_passes(seed: int) -> float:
    twenty, five = (
        passes_to(descend(0.2, size, np.random.default_rng(seed)).walks[1], 0.05) for size in (20, 5)
    )
    return twenty / five


@claim(
    says="One sample an update is ahead at first, batches of ten later: the order turns after some passes.",
    verdict="holds",
    measured="passes until batches of ten are ahead for good",
    band=(5, 40),
    setting="LeCun's problem, 100 points, rate 0.2, the loss averaged over the last fifth of the updates",
    source=HERE,
)
def order_turns(seed: int) -> float:
    _, ten, one = descend(0.2, 10, np.random.default_rng(seed)).walks
    at = crossing(ten, one, "samples")
    return np.inf if at is None else at / SAMPLES


@claim(
    says="Drawn with replacement, a pass of N draws meets 63.2 % of the N samples, 1 − 1/e.",
    verdict="holds",
    measured="share of 10,000 samples met in a pass",
    band=(0.622, 0.642),
    setting="coursekit.datasets.minibatches(…, replacement=True), batches of 100",
    source="1 − (1 − 1/N)ᴺ",
    carries=True,
)
def replacement_misses_a_third(seed: int) -> float:
    at = np.arange(10_000)
    batches = datasets.minibatches(at, at, 100, np.random.default_rng(seed), replacement=True)
    return len(set(np.concatenate([rows for rows, _ in batches]).tolist())) / len(at)


@claim(
    says="Divided by the full batch size, the samples of a short last batch count for less.",
    verdict="holds",
    measured="step of a last batch of 10 divided by 30, as a share of its mean gradient's step",
    band=(0.33, 0.34),
    setting="100 samples in batches of 30, first weights drawn from N(0, 1), LeCun's problem",
    source="course notes whose sgd() divides by batch_size",
)
def short_batch_counts_less(seed: int) -> float:
    rng = np.random.default_rng(seed)
    x, targets = datasets.two_gaussians(100, rng)
    w = rng.standard_normal(2)
    *_, (rows, t) = datasets.minibatches(x, targets, 30, rng)
    gradients = rows * (rows @ w - t)[:, None]
    return float(np.linalg.norm(gradients.sum(axis=0) / 30) / np.linalg.norm(gradients.mean(axis=0)))
