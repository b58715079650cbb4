"""Claims of lesson 05: how the signal fares in ten tanh layers, by the width of the weights."""

import numpy as np

from coursekit import datasets, nn
from coursekit.claims.claim import claim
from coursekit.claims.lesson_05.signals import mean_squares, ratio, run, stds
from coursekit.diagnostics import trace
from coursekit.nets import deep_net
from coursekit.nn.initializers import Scheme, normal, variance_scaling

GLOROT, CS231N, HERE = "Glorot & Bengio 2010", "notes after CS231n", "measured here"
SETTING = "ten tanh layers of 500 units, 500 images"


@claim(
    says="One layer multiplies the mean square by fan_in · var(w).",
    verdict="holds",
    measured="var(s) ÷ (fan_in · var(w) · E[x²])",
    band=(0.9, 1.1),
    setting="one layer of 500 units, σ = 0.05, 500 images",
    source=f"{GLOROT}, eq. 5",
)
def fan_in_rule(seed: int) -> float:
    x, _ = datasets.fashion_samples(500)
    s = run("identity", normal(0.05), seed, depth=1).s[0]
    return mean_squares([s])[0] / (784 * 0.05**2 * np.square(x).mean())


@claim(
    says="tanh with σ = 0.01: ten layers leave nothing of the signal.",
    verdict="holds",
    measured="spread of layer 10 ÷ layer 1",
    band=(0, 1e-5),
    setting=SETTING,
    source=CS231N,
    carries=True,
)
def tanh_small_collapses(seed: int) -> float:
    h = stds(run("tanh", normal(0.01), seed).h)
    return h[-1] / h[0]


@claim(
    says="tanh with σ = 1: every layer saturates.",
    verdict="holds",
    measured="smallest share of |h| > 0.97 in a layer",
    band=(0.7, 1),
    setting=SETTING,
    source=CS231N,
)
def tanh_large_saturates(seed: int) -> float:
    return min((np.abs(h) > 0.97).mean() for h in run("tanh", normal(1.0), seed).h)


@claim(
    says="tanh with σ = 1: at the start saturation kills the gradient.",
    verdict="folklore",
    measured="factor of the spread of ∂C/∂s a layer, backward: it explodes",
    band=(3, 4),
    setting=SETTING,
    source=CS231N,
    carries=True,
)
def tanh_large_gradient_explodes(seed: int) -> float:
    ds = stds(run("tanh", normal(1.0), seed, gradients=True).ds)
    return (ds[0] / ds[-1]) ** (1 / 9)


@claim(
    says="tanh with σ = 1: the slopes let 0.155 of a gradient's spread through, and √500 · 0.155 = 3.5.",
    verdict="holds",
    measured="root of the mean squared slope, layers 2 to 10",
    band=(0.14, 0.17),
    setting=SETTING,
    source=HERE,
)
def tanh_large_lets_through(seed: int) -> float:
    h = np.stack(run("tanh", normal(1.0), seed).h[1:]).astype(np.float64)
    return float(np.sqrt(np.mean((1 - h**2) ** 2)))


def silenced(seed: int, rate: float) -> float:
    """Return which share of ∂C/∂s is exactly 0 in layer 1, after five steps from σ = 1."""
    x, labels = datasets.fashion_samples(500)
    net = deep_net("tanh", 10, 100).initialize(normal(1.0), np.random.default_rng(seed))
    for _ in range(5):
        _, dlogits = nn.softmax_cross_entropy(net.forward(x), labels)
        net.backward(dlogits)
        nn.SGD(rate).step(net)
    return float(np.mean(trace(net, x, labels).ds[0] == 0))


@claim(
    says="tanh with σ = 1: a few steps at rate 0.1 kill the gradient of layer 1.",
    verdict="holds",
    measured="share of ∂C/∂s in layer 1 that is exactly 0 after five steps, from 0.7 at the start",
    band=(0.95, 1),
    setting="ten tanh layers of 100 units, 500 images, five steps at rate 0.1",
    source=HERE,
)
def tanh_large_floods(seed: int) -> float:
    return silenced(seed, 0.1)


@claim(
    says="tanh with σ = 1: the size of the steps kills it; at a thousandth of the rate it stays.",
    verdict="holds",
    measured="share of ∂C/∂s in layer 1 that is exactly 0 after five steps, from 0.7 at the start",
    band=(0.65, 0.75),
    setting="ten tanh layers of 100 units, 500 images, five steps at rate 0.0001",
    source=HERE,
)
def tanh_large_floods_slowly(seed: int) -> float:
    return silenced(seed, 0.0001)


def stretch(scheme: Scheme, seed: int) -> float:
    """Return the distance at layer 10 of images that differ by 1 % of their spread, in spreads there."""
    x, _ = datasets.fashion_samples(500)
    near = x + 0.01 * np.random.default_rng(1000 + seed).standard_normal(x.shape, dtype=np.float32)
    net = deep_net("tanh", 10, 100).initialize(scheme, np.random.default_rng(seed))
    h, moved = (trace(net, images).h[-1] for images in (x, near))
    return float((moved - h).std() / h.std())


@claim(
    says="Three times Xavier's width pulls apart what is nearly the same, in ten tanh layers.",
    verdict="holds",
    measured="what a change of the images by 1 % has become at layer 10",
    band=(0.15, 0.6),
    setting="ten tanh layers of 100 units, σ = 0.3, 500 images",
    source=HERE,
)
def three_times_xavier_stretches(seed: int) -> float:
    return stretch(normal(0.3), seed)


@claim(
    says="Xavier's width leaves near images near, in ten tanh layers.",
    verdict="holds",
    measured="what a change of the images by 1 % has become at layer 10",
    band=(0.005, 0.03),
    setting="ten tanh layers of 100 units, 500 images",
    source=HERE,
)
def xavier_does_not_stretch(seed: int) -> float:
    return stretch("xavier_uniform", seed)


@claim(
    says="tanh with σ = 0.01: a step hardly moves the hidden weights.",
    verdict="holds",
    measured="typical step ÷ σ, at rate 0.1",
    band=(0, 1e-6),
    setting=SETTING,
    source=HERE,
)
def tanh_small_step(seed: int) -> float:
    # The largest layer's.
    return 0.1 * max(stds(run("tanh", normal(0.01), seed, gradients=True).dW)) / 0.01


def spread_from_layer_5(scheme: Scheme, seed: int, *, depth: int = 10) -> float:
    """Return the spread of the last layer over that of layer 5."""
    h = stds(run("tanh", scheme, seed, depth=depth).h)
    return h[-1] / h[4]


@claim(
    says="tanh with σ = 0.06 (σ√n = 1.3): from layer 5 on the spread stays.",
    verdict="holds",
    measured="spread of layer 10 ÷ layer 5",
    band=(0.9, 1.05),
    setting=SETTING,
    source=HERE,
)
def tanh_levels(seed: int) -> float:
    return spread_from_layer_5(normal(0.06), seed)


@claim(
    says="var(w) = (5/3)² / n holds tanh's spread through thirty layers.",
    verdict="holds",
    measured="spread of layer 30 ÷ layer 5",
    band=(0.95, 1.05),
    setting="thirty tanh layers of 500 units, 500 images",
    source="PyTorch, calculate_gain",
)
def tanh_gain_levels(seed: int) -> float:
    return spread_from_layer_5(variance_scaling(25 / 9, "fan_in", "normal"), seed, depth=30)


@claim(
    says="Xavier holds tanh's spread within a factor 4 over ten layers.",
    verdict="holds",
    measured="largest ÷ smallest spread of h",
    band=(1, 4),
    setting=SETTING,
    source=GLOROT,
    carries=True,
)
def xavier_tanh_keeps(seed: int) -> float:
    return ratio(stds(run("tanh", "xavier_uniform", seed).h))
