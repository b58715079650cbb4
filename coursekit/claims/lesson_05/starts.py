"""Claims of lesson 05 on other starts: equal weights, fixed widths, orthogonal matrices, batch norm."""

import math

import numpy as np

from coursekit import datasets
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_05.learning import descend, loss_after_training
from coursekit.claims.lesson_05.signals import mean_squares, run, stds
from coursekit.nets import deep_net
from coursekit.nn.initializers import Scheme, constant, normal

CS231N, HERE = "notes after CS231n", "measured here"
SETTING = "ten tanh layers of 500 units, 500 images"


@claim(
    says="With zero weights, and an activation that is zero at 0 (tanh, ReLU), no weight ever moves.",
    verdict="holds only if φ(0) = 0",
    measured="largest weight after 20 steps, of both nets",
    band=(0, 0),
    setting="three layers of 100 units, tanh or ReLU, 20 steps at rate 0.1 on 500 images",
    source=CS231N,
)
def zero_weights_zero_gradients(seed: int) -> float:
    largest = []
    for activation in ("tanh", "relu"):
        net = deep_net(activation, 3, 100).initialize("zeros", np.random.default_rng(seed))
        descend(net, 20, 0.1)
        largest += [np.abs(net.params[f"{2 * i}.W"]).max() for i in range(4)]
    return float(max(largest))


def moved_and_apart(scheme: Scheme, seed: int) -> tuple[float, int]:
    """Return of three sigmoid layers after five steps the least weight that moved, and different units."""
    net = deep_net("sigmoid", 3, 100).initialize(scheme, np.random.default_rng(seed))
    descend(net, 1, 0.1)  # sizes are known now, and one step is taken
    first = {f"{2 * i}.W": net.params[f"{2 * i}.W"].copy() for i in range(4)}
    descend(net, 4, 0.1)
    moved = min(np.abs(net.params[name] - before).max() for name, before in first.items())
    apart = 0
    for i in range(3):
        columns = net.params[f"{2 * i}.W"].T
        apart = max(apart, 1 + sum(np.abs(columns - columns[0]).max(axis=1) > 1e-7))
    return float(moved), apart


@claim(
    says="With zero weights sigmoid layers move, the last one first, but all units of a layer alike.",
    verdict="holds",
    measured="different units of 100 in a hidden layer after five steps (nan if one has not moved)",
    band=(1, 1),
    setting="three sigmoid layers of 100 units, five steps at rate 0.1 on 500 images",
    source=HERE,
)
def zero_weights_sigmoid_twins(seed: int) -> float:
    moved, apart = moved_and_apart("zeros", seed)
    return apart if moved > 0 else math.nan


@claim(
    says="With random weights the units of sigmoid layers are all different.",
    verdict="holds",
    measured="different units of 100 in a hidden layer after five steps",
    band=(100, 100),
    setting="three sigmoid layers of 100 units, Xavier's rule, five steps at rate 0.1 on 500 images",
    source=HERE,
)
def random_weights_no_twins(seed: int) -> float:
    return moved_and_apart("xavier_uniform", seed)[1]


@claim(
    says="Equal weights stay equal: the units of a layer remain twins.",
    verdict="holds",
    measured="different units of 50 after 20 steps",
    band=(1, 1),
    setting="two tanh layers of 50 units, all weights 0.05, 20 steps at rate 0.1 on 500 images",
    source=CS231N,
)
def constant_weights_stay_twins(seed: int) -> float:
    net = deep_net("tanh", 2, 50).initialize(constant(0.05), np.random.default_rng(seed))
    descend(net, 20, 0.1)
    columns = net.params["0.W"].T
    # Twins differ by the rounding of a sum at most; strangers differ by far more.
    return 1 + sum(np.abs(columns - columns[0]).max(axis=1) > 1e-4)


@claim(
    says="U(±0.07) is a good default.",
    verdict="holds only if a layer has about 600 inputs",
    measured="share of spread kept over ten tanh layers, width 500 ÷ width 50",
    band=(1000, INF),
    setting="ten tanh layers of 500 or of 50 units, 500 images",
    source="Gluon's default",
)
def gluon_default_depends_on_width(seed: int) -> float:
    kept = {w: stds(run("tanh", "uniform_0.07", seed, width=w).h) for w in (50, 500)}
    return (kept[500][-1] / kept[500][0]) / (kept[50][-1] / kept[50][0])


@claim(
    says="Square orthogonal matrices keep the length, layers 2 to 30, whatever the seed.",
    verdict="holds",
    measured="root mean square, layer 30 ÷ layer 1",
    band=(0.999, 1.001),
    setting="thirty linear layers of 200 units, 500 images",
    source="Saxe et al. 2014",
)
def orthogonal_keeps_length(seed: int) -> float:
    h = mean_squares(run("identity", "orthogonal", seed, depth=30, width=200).h)
    return math.sqrt(h[-1] / h[0])


@claim(
    says="The first layer, 784 → 500, still shortens every image, to √(500/784).",
    verdict="holds",
    measured="mean length of s ÷ length of x, layer 1",
    band=(0.78, 0.82),
    setting="one linear layer of 500 units, 500 images",
    source=HERE,
)
def orthogonal_first_layer(seed: int) -> float:
    x, _ = datasets.fashion_samples(500)
    s = run("identity", "orthogonal", seed, depth=1).s[0]
    return float((np.linalg.norm(s, axis=1) / np.linalg.norm(x, axis=1)).mean())


@claim(
    says="With batch norm the forward signal forgets σ, from 0.01 to 1.",
    verdict="holds",
    measured="largest relative gap between the two spreads",
    band=(0, 0.01),
    setting=SETTING,
    source="Ioffe & Szegedy 2015",
)
def batch_norm_forgives(seed: int) -> float:
    narrow, wide = (stds(run("tanh", normal(sigma), seed, batch_norm=True).h) for sigma in (0.01, 1.0))
    return np.abs(narrow / wide - 1).max()


@claim(
    says="With batch norm training forgets σ too.",
    verdict="folklore",
    measured="loss after 100 steps, from σ = 0.01 ÷ from σ = 1",
    band=(10, INF),
    setting="ten tanh layers of 100 units; 500 images, all of them at each of 100 steps at rate 0.1",
    source=HERE,
)
def batch_norm_training(seed: int) -> float:
    narrow, wide = (
        loss_after_training("tanh", normal(sigma), seed, batch_norm=True) for sigma in (0.01, 1.0)
    )
    return narrow / wide
