"""The measurements behind the claims of lesson 08, each from a seed to a number."""

from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.diagnostics import signal_report, trace
from coursekit.diagnostics.curvature import curvature
from coursekit.diagnostics.noise import noisy_batch_norm
from coursekit.diagnostics.plane import Plane, random_direction
from coursekit.diagnostics.race import Lane, race
from coursekit.diagnostics.smoothness import layer_shift, smoothness
from coursekit.diagnostics.stack import PLACEMENTS, stacked_net
from coursekit.diagnostics.surface import surface
from coursekit.diagnostics.surface_pair import TRAINED, twin_nets
from coursekit.training import evaluate

WIDTH, STEPS = 50, 100
TRAINS = 1.0  # a loss below this after the last step counts as having learned
RATES = 10 ** np.arange(-2, 1.01, 0.25)
SCALES = 10.0 ** np.arange(-3, 1)


def start(norm, seed, activation, depth, scheme=None, **more) -> nn.Sequential:
    """Return an initialized net of 50 units a layer: He's rule under ReLU, else Xavier's."""
    scheme = scheme or ("he_normal" if activation == "relu" else "xavier_uniform")
    net = stacked_net(activation, depth, WIDTH, norm=norm, **more)
    return net.initialize(scheme, np.random.default_rng(seed))


def run(norm, seed, *, rate=0.1, activation="relu", depth=5, steps=STEPS, every=STEPS, **more) -> Lane:
    """Train one net on 4,000 images in mini-batches of 128; judge it on 1,000 others."""
    net = start(norm, seed, activation, depth, **more)
    return race({"": net}, fashion_split(), rate, steps=steps, seed=seed, every=every).lanes[0]


def largest_rate(norm, seed) -> float:
    """Return the largest of `RATES`, four a decade, at which eight ReLU layers still learn."""
    learns = (rate for rate in RATES[::-1] if run(norm, seed, rate=rate, depth=8).last_loss < TRAINS)
    return next(learns, np.nan)


def rate_gain(seed) -> float:
    """Return by how much batch norm multiplies the largest rate at which the net learns."""
    return largest_rate(nn.BatchNorm, seed) / largest_rate(None, seed)


def accuracies_over_scales(norm, seed) -> np.ndarray:
    """Return the test accuracy from each of `SCALES`, σ from 0.001 to 1; ReLU, rate 0.3."""
    schemes = map(nn.initializers.normal, SCALES)
    return np.array([settled(norm, seed, scheme=s, rate=0.3) for s in schemes])


def scale_range(seed) -> float:
    """Return the range of test accuracy over initial scales with batch norm ÷ that without."""
    with_it, without = (np.ptp(accuracies_over_scales(norm, seed)) for norm in (nn.BatchNorm, None))
    return with_it / without


def settled(norm, seed, **more) -> float:
    """Return the test accuracy of a run's second half: the mean of what was seen every 20 of 200 steps."""
    return run(norm, seed, steps=200, every=20, **more).accuracies[-5:].mean()


def best_accuracy_gain(seed) -> float:
    """Return the best test accuracy over three rates with batch norm, minus that without; He's start."""
    with_it, without = (
        max(settled(norm, seed, rate=rate) for rate in (0.05, 0.1, 0.2)) for norm in (nn.BatchNorm, None)
    )
    return with_it - without


def placement_gap(seed) -> float:
    """Return the test accuracy with batch norm before the activation, minus that with it after."""
    before, after = (settled(nn.BatchNorm, seed, placement=placement) for placement in PLACEMENTS)
    return before - after


def noisy(seed):
    """Return what makes a batch norm with noise behind it, its draws fixed by the seed."""
    rng = np.random.default_rng([seed, 2])
    return lambda: noisy_batch_norm(rng)


# Where batch norm has a benefit to lose: five tanh layers from weights that are too narrow.
NARROW = {"activation": "tanh", "scheme": nn.initializers.normal(0.05)}


def noise_cost(seed) -> float:
    """Return the test accuracy with batch norm, minus that with noise behind each, from narrow weights."""
    return settled(nn.BatchNorm, seed, rate=0.3, **NARROW) - settled(noisy(seed), seed, rate=0.3, **NARROW)


def noise_gain(seed) -> float:
    """Return the test accuracy with noisy batch norm, minus that without any, from narrow weights."""
    return settled(noisy(seed), seed, rate=0.3, **NARROW) - settled(None, seed, rate=0.3, **NARROW)


def drift(norm, seed) -> float:
    """Return how far the distribution that reaches the fourth activation wanders in 100 steps.

    The standard deviation over time of a unit's mean on a fixed batch ÷ the unit's spread, averaged.
    """
    split, net = fashion_split(), start(norm, seed, depth=5, **NARROW)
    means, spreads = [], []
    for step in range(20):
        s = trace(net, split.x[:256]).s[3]
        means.append(s.mean(axis=0))
        spreads.append(s.std(axis=0))
        race({"": net}, split, 0.3, steps=5, seed=1000 * seed + step, every=5)
    return float((np.std(means, axis=0) / np.mean(spreads, axis=0)).mean())


def drift_ratio(seed) -> float:
    """Return the drift with noisy batch norm ÷ the drift with plain batch norm."""
    return drift(noisy(seed), seed) / drift(nn.BatchNorm, seed)


def drift_ratio_without(seed) -> float:
    """Return the drift with noisy batch norm ÷ the drift without any batch norm."""
    return drift(noisy(seed), seed) / drift(None, seed)


def one_large_step(seed) -> tuple[float, float]:
    """Take a step of rate 3, eight ReLU layers; return the growth of ‖W₁‖ and of the sharpest curvature."""
    split, net = fashion_split(), start(nn.BatchNorm, seed, "relu", 8)
    net.forward(split.x[:2])
    found = []
    for steps in (0, 1):
        if steps:
            race({"": net}, split, 3.0, steps=1, seed=seed, every=1)
        top = curvature(net, split.x[:256], split.labels[:256]).top
        found.append((np.linalg.norm(net.params["0.W"]), top))
    (length, top), (longer, lower) = found
    return float(longer / length), float(lower / top)


def slow_tanh_gain(seed) -> float:
    """Return the loss without batch norm ÷ that with it after 100 steps: tanh, rate 0.03."""
    without, with_it = (run(n, seed, rate=0.03, activation="tanh").last_loss for n in (None, nn.BatchNorm))
    return without / with_it


@lru_cache(maxsize=8)
def along_training(measure, seed, *, activation="relu", rate=0.1, steps=(0, 10, 30, 60, 100)):
    """Return what `measure(net, x, labels, rate)` gives along training, without and with batch norm."""
    split = fashion_split()
    found = []
    for norm in (None, nn.BatchNorm):
        net = start(norm, seed, activation, 5)
        net.forward(split.x[:2])
        values = []
        for number, before in enumerate(steps):
            if number:
                gone = before - steps[number - 1]
                race({"": net}, split, rate, steps=gone, seed=seed + number, every=gone)
            values.append(measure(net, split.x[:256], split.labels[:256], rate))
        found.append(values)
    return tuple(found)


def smoothness_ratio(name, seed) -> float:
    """Return one of the three measurements with batch norm ÷ without: the geometric mean along training."""
    off, on = along_training(smoothness, seed)
    logs = [np.log(getattr(b, name) / getattr(a, name)) for a, b in zip(off, on, strict=True)]
    return float(np.exp(np.mean(logs)))


def shift_ratio(seed, **more) -> float:
    """Return the relative shift of layers' gradients with batch norm ÷ without, along training."""
    off, on = along_training(layer_shift, seed, **more)
    off, on = (np.mean([shift.difference[1:] for shift in shifts]) for shifts in (off, on))
    return on / off


def twins(seed, *, activation="relu", trained=TRAINED[0], position="before training"):
    """Return two nets of 5 × 32 units with the same weights, without and with batch norm."""
    split = fashion_split()
    return twin_nets(
        activation, 5, 32, split.x, split.labels, trained=trained, position=position, seed=seed
    )


def span_ratio(seed, *, activation="relu") -> float:
    """Return the span of the loss in a random plane without batch norm ÷ that with it, same weights."""
    split, rng = fashion_split(), np.random.default_rng([seed, 3])
    off, on = twins(seed, activation=activation)
    directions = random_direction(off, rng), random_direction(off, rng)
    spans = []
    for net in (off, on):
        known = surface(Plane(net, *directions, split.x[:256], split.labels[:256]), 1.0, points=11).known
        spans.append(np.ptp(known))
    return spans[0] / spans[1]


def curvature_ratio(name, seed, **more) -> float:
    """Return a curvature with batch norm ÷ without, at the same weights."""
    split = fashion_split()
    off, on = (curvature(net, split.x[:256], split.labels[:256]) for net in twins(seed, **more))
    return getattr(on, name) / getattr(off, name)


def saturated(norm, seed) -> float:
    """Return the largest share of |h| > 0.97 in any of ten tanh layers from σ = 1."""
    split = fashion_split()
    net = stacked_net("tanh", 10, 100, norm=norm)
    net.initialize(nn.initializers.normal(1.0), np.random.default_rng(seed))
    return float(signal_report(net, split.x[:500]).flat.max())


def overfitting_gap(norm, seed) -> float:
    """Return training minus test accuracy after 40 passes over 1,000 images in mini-batches of 32."""
    split = fashion_split(1000, 1000)
    net = start(norm, seed, "relu", 3)
    race({"": net}, split, 0.05, steps=1250, batch_size=32, seed=seed, every=1250)
    train = evaluate(net, split.x, split.labels).accuracy
    return train - evaluate(net, split.x_test, split.labels_test).accuracy
