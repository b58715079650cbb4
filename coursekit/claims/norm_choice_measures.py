"""The measurements behind the claims of lesson 09, each from a seed to a number."""

from functools import lru_cache, partial

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.diagnostics.batch_statistics import with_statistics_of
from coursekit.diagnostics.norm_choice import (
    BATCH_SIZES,
    batch_noise,
    error,
    norm_choice,
    norm_net,
    quick_error,
    quick_net,
)
from coursekit.diagnostics.race import race
from coursekit.diagnostics.sequences import SHORT, errors_by_length, step_statistics
from coursekit.diagnostics.stack import stacked_net
from coursekit.training import Evaluation, evaluate, fit


def small_batch_cost(name, seed) -> float:
    """Return the error after training on batches of 2, minus that on batches of 32."""
    return quick_error(name, 2, seed) - quick_error(name, 32, seed)


def noise_slope(seed) -> float:
    """Return the slope of log noise over log B, for batches of 2 to 64."""
    return np.polyfit(np.log(BATCH_SIZES), np.log(batch_noise(seed)), 1)[0]


def signs_left(seed) -> float:
    """Return the share of outputs of a batch norm that are within 0.01 of -1 or +1, batches of 2."""
    layer, norm = nn.Dense(64).initialize("he_normal", np.random.default_rng(seed)), nn.BatchNorm()
    s = layer.forward(fashion_split(1024, 1000).x)
    y = np.concatenate([norm.forward(pair, training=True) for pair in s.reshape(-1, 2, 64)])
    return (np.abs(np.abs(y) - 1) < 0.01).mean()


def batch_mates_matter(norm, seed) -> float:
    """Return by how much the output of one sample changes in training when its 31 batch-mates do."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((32, 64), dtype=np.float32)
    others = x.copy()
    others[1:] = rng.standard_normal((31, 64), dtype=np.float32)
    one, two = (norm().forward(batch, training=True)[0] for batch in (x, others))
    return np.abs(one - two).max()


def statistics_cost(seed) -> float:
    """Return the error of a net trained on batches of 2, its statistics renewed, minus that of 32."""
    split = fashion_split(1024, 1000)
    fresh = with_statistics_of(quick_net("batch norm", 2, seed), split.x)
    return error(fresh, split.x_test, split.labels_test) - quick_error("batch norm", 32, seed)


def shift_cost(name, seed, **shift) -> float:
    """Return the error on shifted test images minus that on the images as they are, batches of 32."""
    result = norm_choice(32, seed=seed, **shift)
    at = result.names.index(name)
    return result.shifted[at] - result.errors[at]


def refreshed_cost(seed, **shift) -> float:
    """Return the same for batch norm that takes the statistics of the shifted images."""
    result = norm_choice(32, seed=seed, **shift)
    return result.refreshed - result.errors[1]


def long_sequence_gap(share_long, seed) -> float:
    """Return the error of batch norm on long sequences minus that of layer norm, batches of 32."""
    batch, layer = (errors_by_length(f"{name} norm", 32, share_long, seed) for name in ("batch", "layer"))
    return np.mean(batch[len(SHORT) :]) - np.mean(layer[len(SHORT) :])


def late_noise(seed) -> float:
    """Return the noise of a batch's mean at step 12 over that at step 1; 32 sequences, a tenth long."""
    noise = step_statistics(32, 0.1, seed)[1]
    return noise[11] / noise[0]


def late_noise_against_rule(seed) -> float:
    """Return that ratio over √(sequences at step 1 / sequences at step 12)."""
    alive = step_statistics(32, 0.1, seed)[0]
    return late_noise(seed) / np.sqrt(alive[0] / alive[11])


@lru_cache(maxsize=512)
def regularized(batch_norm: bool, p: float, weight_decay: float, seed: int) -> Evaluation:
    """Return how a net of 2 × 100 ReLU units does on 2,000 images after 40 passes over 500 others.

    Dropout p stands behind each ReLU. The rate falls from 0.1 to 0 along half a cosine wave, so that the
    last steps' noise does not decide.
    """
    split, rng = fashion_split(500, 2000), np.random.default_rng(seed)
    layers = []
    for _ in range(2):
        layers += [nn.Dense(100), *([nn.BatchNorm()] if batch_norm else []), nn.ReLU(), nn.Dropout(p)]
    net = nn.Sequential(*layers, nn.Dense(10)).initialize("he_normal", rng)
    optimizer = nn.SGD(nn.cosine(0.1, 640), weight_decay=weight_decay)
    order = np.random.default_rng([seed, 1])
    for _ in fit(net, split.x, split.labels, optimizer, epochs=40, batch_size=32, rng=order):
        pass
    return evaluate(net, split.x_test, split.labels_test)


def gain(batch_norm, seed, p=0.0, weight_decay=0.0) -> float:
    """Return by how much dropout or L2 lowers the error."""
    plain, with_it = (regularized(batch_norm, *more, seed) for more in ((0.0, 0.0), (p, weight_decay)))
    return with_it.accuracy - plain.accuracy


def loss_ratio(batch_norm, seed, p) -> float:
    """Return the test loss with dropout p over that without."""
    return regularized(batch_norm, p, 0.0, seed).loss / regularized(batch_norm, 0.0, 0.0, seed).loss


def batch_norm_alone(seed) -> float:
    """Return the error with batch norm minus that without, neither with dropout nor L2."""
    return regularized(False, 0.0, 0.0, seed).accuracy - regularized(True, 0.0, 0.0, seed).accuracy


def scale_blind(seed) -> float:
    """Return by how much the logits change, at most and relatively, if the hidden weights grow tenfold."""
    net = norm_net("batch norm").initialize("he_normal", np.random.default_rng(seed))
    x = fashion_split(1024, 1000).x[:256]
    before = net.forward(x, training=True)
    for name in ("0.W", "3.W"):
        net.params[name][...] *= 10
    return np.abs(net.forward(x, training=True) - before).max() / np.abs(before).max()


def response_norm_deviation(seed) -> float:
    """Return by how much AlexNet's local response norm differs from a multiplication by 2^-0.75."""
    x = np.random.default_rng(seed).standard_normal((100, 96), dtype=np.float32)
    return np.abs(nn.LocalResponseNorm().forward(x) / x / 2**-0.75 - 1).max()


def accuracy_with(norm, rate, seed) -> float:
    """Return the test accuracy of five ReLU layers of 64 units after 100 steps on batches of 128."""
    split = fashion_split(4000, 1000)
    net = stacked_net("relu", 5, 64, norm=norm).initialize("he_normal", np.random.default_rng(seed))
    return race({"": net}, split, rate, steps=100, seed=seed, every=100).lanes[0].accuracies[-1]


def response_norm_against_factor(seed) -> float:
    """Return the accuracy with local response norm minus that with its bare factor 2^-0.75, rate 0.1."""
    with_it, factor = (
        accuracy_with(partial(nn.LocalResponseNorm, alpha=alpha), 0.1, seed) for alpha in (1e-4, 0.0)
    )
    return with_it - factor


def batch_norm_against_response_norm(seed) -> float:
    """Return the accuracy with batch norm minus that with local response norm, rate 0.3."""
    return accuracy_with(nn.BatchNorm, 0.3, seed) - accuracy_with(nn.LocalResponseNorm, 0.3, seed)
