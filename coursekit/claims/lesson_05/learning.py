"""Claims of lesson 05 on what follows for learning: ten tanh layers after 100 steps from each start."""

import math

import numpy as np

from coursekit import datasets, nn
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_05.signals import run
from coursekit.nets import deep_net
from coursekit.nn.initializers import Scheme, normal

HERE = "measured here"
SETTING = "ten tanh layers of 100 units; 500 images, all of them at each of 100 steps at rate 0.1"


def descend(net: nn.Block, steps: int, rate: float, images: int = 500) -> float:
    """Take plain gradient steps on some images, all of them at each step; return the last loss."""
    x, labels = datasets.fashion_samples(images)
    for _ in range(steps):
        loss, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
        net.backward(dlogits)
        for name, value in net.params.items():
            value -= rate * net.grads[name]
    return loss


def loss_after_training(
    activation: str,
    scheme: Scheme,
    seed: int,
    *,
    depth: int = 10,
    rate: float = 0.1,
    batch_norm: bool = False,
    images: int = 500,
) -> float:
    """Return the loss after 100 steps, 100 units a layer; a net that guesses has ln 10 = 2.303."""
    net = deep_net(activation, depth, 100, norm=nn.BatchNorm if batch_norm else None)
    return descend(net.initialize(scheme, np.random.default_rng(seed)), 100, rate, images)


@claim(
    says="Ten tanh layers from σ = 0.01 do not learn; the loss stays at that of guessing.",
    verdict="holds",
    measured="loss after 100 steps (guessing: 2.303)",
    band=(2.28, 2.31),
    setting="ten tanh layers of 100 units; 200 images, all of them at each of 100 steps at rate 0.1",
    source=HERE,
    carries=True,
)
def tanh_small_does_not_learn(seed: int) -> float:
    # Fewer images than for the others, to be quick: what the net learns is at most how frequent a class is.
    return loss_after_training("tanh", normal(0.01), seed, images=200)


@claim(
    says="Ten tanh layers from σ = 1 learn little in 100 steps at rate 0.1.",
    verdict="holds",
    measured="loss after 100 steps",
    band=(1.7, 2.4),
    setting=SETTING,
    source=HERE,
)
def tanh_large_does_not_learn(seed: int) -> float:
    return loss_after_training("tanh", normal(1.0), seed)


@claim(
    says="Ten tanh layers from U(±1/√fan_in), PyTorch's default, do not learn in 100 steps.",
    verdict="holds",
    measured="loss after 100 steps",
    band=(2.25, 2.31),
    setting=SETTING,
    source="PyTorch, nn.Linear",
)
def pytorch_default_stalls(seed: int) -> float:
    return loss_after_training("tanh", "standard_uniform", seed)


@claim(
    says="Ten tanh layers from Xavier's scale learn.",
    verdict="holds",
    measured="loss after 100 steps",
    band=(0, 1),
    setting=SETTING,
    source=HERE,
)
def tanh_xavier_learns(seed: int) -> float:
    return loss_after_training("tanh", "xavier_uniform", seed)


@claim(
    says="Three times Xavier's width fits 500 images faster, at rate 0.1.",
    verdict="holds",
    measured="loss after 100 steps, from Xavier ÷ from σ = 0.3",
    band=(4, INF),
    setting=SETTING,
    source=HERE,
)
def three_times_xavier_fits_faster(seed: int) -> float:
    return loss_after_training("tanh", "xavier_uniform", seed) / loss_after_training(
        "tanh", normal(0.3), seed
    )


@claim(
    says="What a net from three times Xavier's width has learned serves less for images it never saw.",
    verdict="holds",
    measured="points of accuracy on 1,000 other images, Xavier − σ = 0.3",
    band=(10, 60),
    setting=SETTING,
    source=HERE,
)
def three_times_xavier_learns_by_heart(seed: int) -> float:
    x, labels = (array[500:] for array in datasets.fashion_samples(1500))
    right = []
    for scheme in ("xavier_uniform", normal(0.3)):
        net = deep_net("tanh", 10, 100).initialize(scheme, np.random.default_rng(seed))
        descend(net, 100, 0.1)
        right.append((net.forward(x).argmax(axis=1) == labels).mean())
    return float(100 * (right[0] - right[1]))


@claim(
    says="Weights that are too wide show in the very first loss.",
    verdict="holds",
    measured="first loss at σ = 1 (guessing: 2.303)",
    band=(10, INF),
    setting="ten tanh layers of 500 units, 500 images, untrained",
    source=HERE,
)
def first_loss_tells(seed: int) -> float:
    loss = run("tanh", normal(1.0), seed, gradients=True).loss
    return math.nan if loss is None else loss
