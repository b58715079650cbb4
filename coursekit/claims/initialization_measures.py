"""The measurements behind the claims of lesson 05, each from a seed to a number."""

import math

import numpy as np

from coursekit import datasets, nn
from coursekit.diagnostics import Trace, deep_net, spread_between_samples, trace

GLOROT_STANDARD = (0.46, 0.25, 0.14, 0.08, 0.05)
GLOROT_NORMALISED = (0.63, 0.49, 0.41, 0.36, 0.32)


def run(
    activation, scheme, seed, *, depth=10, width=500, batch_norm=False, gradients=False, images=500
) -> Trace:
    """Send images through a fresh deep net; with gradients, back again."""
    x, labels = datasets.fashion_samples(images)
    net = deep_net(activation, depth, width, batch_norm=batch_norm)
    net.initialize(scheme, np.random.default_rng(seed))
    return trace(net, x, labels if gradients else None)


def glorot_profiles(seed) -> float:
    """Return the largest relative difference from the paper's ten spreads of h."""
    return max(
        worst_deviation(stds(glorot(scheme, seed).h), paper)
        for scheme, paper in (("standard_uniform", GLOROT_STANDARD), ("xavier_uniform", GLOROT_NORMALISED))
    )


def glorot(scheme, seed) -> Trace:
    """Glorot & Bengio's setting: 5 × 1000 tanh units, N(0, 1) inputs, softmax on top."""
    rng = np.random.default_rng(seed)
    x, labels = datasets.gaussian(300, 1000, rng)
    return trace(deep_net("tanh", 5, 1000).initialize(scheme, rng), x, labels)


def stds(signals) -> np.ndarray:
    """Return the standard deviation of each layer's signal."""
    return np.array([a.std(dtype=np.float64) for a in signals])


def mean_squares(signals) -> np.ndarray:
    """Return E[a²] of each layer's signal."""
    return np.array([np.square(a, dtype=np.float64).mean() for a in signals])


def log2_factor(signals) -> float:
    """Return the slope of log2 E[a²] against the layer: the fitted factor a layer is 2 to its power."""
    return np.polyfit(np.arange(len(signals)), np.log2(mean_squares(signals)), 1)[0]


def worst_deviation(measured, expected) -> float:
    """Return the largest relative difference."""
    return float(np.abs(measured / np.array(expected) - 1).max())


def fan_in_rule(seed) -> float:
    """Return var(s) / (fan_in · var(w) · E[x²]) at the first layer."""
    x, _ = datasets.fashion_samples(500)
    s = run("identity", nn.initializers.normal(0.05), seed, depth=1).s[0]
    return mean_squares([s])[0] / (784 * 0.05**2 * np.square(x).mean())


def end_to_end_scatter(seed) -> float:
    """Return max / min over ten nets of E[h²] at layer 30 over layer 1, He normal."""
    ends = []
    for draw in range(10):
        h = mean_squares(run("relu", "he_normal", 1000 * seed + draw, depth=30, images=100).h)
        ends.append(h[-1] / h[0])
    return max(ends) / min(ends)


def width_calms_scatter(seed) -> float:
    """Return the scatter of log E[h²] at layer 20 over 16 nets, width 50 over width 400, He normal."""
    scatter = {}
    for width in (50, 400):
        ends = [
            mean_squares(run("relu", "he_normal", 1000 * seed + draw, depth=20, width=width, images=100).h)
            for draw in range(16)
        ]
        scatter[width] = np.std([np.log(h[-1] / h[0]) for h in ends])
    return scatter[50] / scatter[400]


def dead_share(seed) -> float:
    """Return the share of units at layer 30 that are zero for all 500 samples, He normal."""
    return (run("relu", "he_normal", seed, depth=30).h[-1] == 0).all(axis=0).mean()


def first_loss(seed) -> float:
    """Return the loss of an untrained tanh net at σ = 1; one that guesses has 2.303."""
    return run("tanh", nn.initializers.normal(1.0), seed, gradients=True).loss


def sigmoid_between_samples(seed) -> float:
    """Return the spread between samples of layer 10 over that of layer 1: sigmoid, LeCun's rule."""
    h = run("sigmoid", "lecun_normal", seed).h
    return spread_between_samples(h[-1]) / spread_between_samples(h[0])


def zeros_gap(seed) -> float:
    """Return the largest gap between ReLU layers under Xavier and under He: zeros, and dead units.

    To a hundredth of a percent: a handful of the 250,000 outputs lie so near 0 that rounding decides.
    """
    share = []
    for scheme in ("xavier_normal", "he_normal"):
        zero = [h == 0 for h in run("relu", scheme, seed).h]
        share.append(np.array([(z.mean(), z.all(axis=0).mean()) for z in zero]))
    return round(np.abs(share[0] - share[1]).max(), 4)


def zero_gradient(seed) -> float:
    """Return the largest |∂C/∂W| of any hidden layer that starts at zero."""
    return max(np.abs(g).max() for g in run("tanh", "zeros", seed, gradients=True).dW)


def descend(net, steps: int, rate: float) -> float:
    """Take plain gradient steps on 500 images, all of them at each step; return the last loss."""
    x, labels = datasets.fashion_samples(500)
    for _ in range(steps):
        loss, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
        net.backward(dlogits)
        for name, value in net.params.items():
            value -= rate * net.grads[name]
    return loss


def loss_after_training(activation, scheme, seed, *, depth=10, rate=0.1, batch_norm=False) -> float:
    """Return the loss after 100 steps, 100 units a layer; a net that guesses has ln 10 = 2.303."""
    net = deep_net(activation, depth, 100, batch_norm=batch_norm)
    return descend(net.initialize(scheme, np.random.default_rng(seed)), 100, rate)


def batch_norm_training(seed) -> float:
    """Return the loss after 100 steps from σ = 0.01 over that from σ = 1, with batch norm."""
    losses = [
        loss_after_training("tanh", nn.initializers.normal(sigma), seed, batch_norm=True)
        for sigma in (0.01, 1.0)
    ]
    return losses[0] / losses[1]


def distinct_units(seed) -> float:
    """Return how many different units layer 1 has after 20 steps from constant weights 0.05."""
    net = deep_net("tanh", 2, 50).initialize(nn.initializers.constant(0.05), np.random.default_rng(seed))
    descend(net, 20, 0.1)
    columns = net.params["0.W"].T
    # Twins differ by the rounding of a sum at most; strangers differ by far more.
    return 1 + sum(np.abs(columns - columns[0]).max(axis=1) > 1e-4)


def gluon_width_ratio(seed) -> float:
    """Return how much more spread U(±0.07) keeps over ten tanh layers at width 500 than at 50."""
    kept = {w: stds(run("tanh", "uniform_0.07", seed, width=w).h) for w in (50, 500)}
    return (kept[500][-1] / kept[500][0]) / (kept[50][-1] / kept[50][0])


def batch_norm_gap(seed) -> float:
    """Return the largest relative gap between layer spreads from σ = 0.01 and from σ = 1, with BN."""
    a, b = (
        stds(run("tanh", nn.initializers.normal(sigma), seed, batch_norm=True).h) for sigma in (0.01, 1.0)
    )
    return np.abs(a / b - 1).max()


def ratio(values) -> float:
    """Return largest over smallest."""
    return max(values) / min(values)


def tanh_small(seed) -> float:
    """Return the spread of layer 10 over that of layer 1 at σ = 0.01."""
    h = stds(run("tanh", nn.initializers.normal(0.01), seed).h)
    return h[-1] / h[0]


def tanh_large_saturation(seed) -> float:
    """Return the smallest share of |h| > 0.97 in any layer at σ = 1."""
    return min((np.abs(h) > 0.97).mean() for h in run("tanh", nn.initializers.normal(1.0), seed).h)


def tanh_large_gradient(seed) -> float:
    """Return by how much a layer multiplies the spread of ∂C/∂s on its way down, at σ = 1."""
    ds = stds(run("tanh", nn.initializers.normal(1.0), seed, gradients=True).ds)
    return (ds[0] / ds[-1]) ** (1 / 9)


def tanh_level(scheme, seed, *, depth=10) -> float:
    """Return the spread of the last layer over that of layer 5."""
    h = stds(run("tanh", scheme, seed, depth=depth).h)
    return h[-1] / h[4]


def tanh_small_step(seed) -> float:
    """Return the typical step of a hidden weight over σ, at σ = 0.01 and rate 0.1: the largest layer's."""
    return 0.1 * max(stds(run("tanh", nn.initializers.normal(0.01), seed, gradients=True).dW)) / 0.01


def between_shares(activation, scheme, seed) -> list[float]:
    """Return the spread between samples over the spread of all values, layer by layer."""
    return [spread_between_samples(h) / h.std(dtype=np.float64) for h in run(activation, scheme, seed).h]


def orthogonal_length(seed) -> float:
    """Return the root mean square of layer 30 over that of layer 1, linear layers."""
    h = mean_squares(run("identity", "orthogonal", seed, depth=30, width=200).h)
    return math.sqrt(h[-1] / h[0])


def orthogonal_first_layer(seed) -> float:
    """Return how long the first layer, 784 → 500, leaves an image, on average."""
    x, _ = datasets.fashion_samples(500)
    s = run("identity", "orthogonal", seed, depth=1).s[0]
    return float((np.linalg.norm(s, axis=1) / np.linalg.norm(x, axis=1)).mean())
