"""Claims of lesson 08 on the error surface: planes, the line of the gradient, curvature, large steps."""

from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim, geometric_mean_of, mean_of
from coursekit.claims.lesson_08.trainings import along_training, start
from coursekit.datasets import fashion_split
from coursekit.diagnostics.curvature import curvature
from coursekit.diagnostics.plane import Plane
from coursekit.diagnostics.smoothness import smoothness
from coursekit.diagnostics.surface import surface
from coursekit.diagnostics.weights import random_direction, weights_of
from coursekit.experiments.error_surface import TRAINED, twin_nets
from coursekit.experiments.race import race
from coursekit.training import evaluate, fit

SANTURKAR, LI, HERE = "Santurkar et al. 2018", "Li et al. 2018", "measured here"
SETTING = "five ReLU layers of 32 units, the same weights in both nets, 256 images"
ALONG = "five ReLU layers of 50 units, He's start, 100 steps at rate 0.1, judged at five of them"


def twins(
    seed: int, *, activation: str = "relu", trained: str = TRAINED[0], position: str = "before"
) -> tuple[nn.Sequential, nn.Sequential]:
    """Return two nets of 5 × 32 units with the same weights, without and with batch norm."""
    split = fashion_split()
    return twin_nets(
        activation, 5, 32, split.x_train, split.y_train, trained=trained, position=position, seed=seed
    )


def span_ratio(seed: int, activation: str) -> float:
    """Return the span of the loss in a random plane without batch norm ÷ that with it, same weights."""
    split, rng = fashion_split(), np.random.default_rng([seed, 3])
    off, on = twins(seed, activation=activation)
    directions = random_direction(off, rng), random_direction(off, rng)
    spans = []
    for net in (off, on):
        known = surface(
            Plane(net, *directions, split.x_train[:256], split.y_train[:256]), 1.0, points=11
        ).known
        spans.append(np.ptp(known))
    return spans[0] / spans[1]


@claim(
    says="At the same weights, in a random plane, batch norm flattens the surface of a ReLU net.",
    verdict="holds",
    measured="span of the loss, without ÷ with",
    band=(10, INF),
    setting=SETTING,
    source=f"{HERE}; the plane after {LI}, sec. 4",
    carries=True,
)
def surface_span_relu(seed: int) -> float:
    return span_ratio(seed, "relu")


@claim(
    says="At the same weights, in a random plane, batch norm flattens the surface of any net.",
    verdict="holds only in some nets: ReLU, not tanh",
    measured="span of the loss in a tanh net, without ÷ with: hardly any difference",
    band=(0.7, 1.6),
    setting="five tanh layers of 32 units, the same weights in both nets, 256 images",
    source=HERE,
    carries=True,
)
def surface_span_tanh(seed: int) -> float:
    return span_ratio(seed, "tanh")


def span_of(net: nn.Sequential, plane: Plane, held: bool) -> float:
    """Return the span of the loss on 11 × 11 points; `held`: hidden units' weights keep their lengths."""
    weights = list(weights_of(net).values())
    centres = [W.copy() for W in weights]
    losses = []
    for a, b in np.ndindex(11, 11):
        for W, centre, d1, d2 in zip(weights, centres, plane.d1, plane.d2, strict=True):
            W[...] = centre + (a / 5 - 1) * d1 + (b / 5 - 1) * d2
            if held and W is not weights[-1]:
                W *= np.linalg.norm(centre, axis=0) / np.linalg.norm(W, axis=0)
        losses.append(nn.softmax_cross_entropy(net.forward(plane.x, training=True), plane.labels)[0])
    return float(np.ptp(losses))


@claim(
    says="The surface without batch norm is steep in a random plane mostly since weights grow there.",
    verdict="holds",
    measured="span of the loss without it, free ÷ with each hidden unit's weights held at their length",
    band=(8, INF),
    setting=SETTING,
    source=HERE,
)
def surface_span_is_length(seed: int) -> float:
    split, rng = fashion_split(), np.random.default_rng([seed, 3])
    net, _ = twins(seed)
    directions = random_direction(net, rng), random_direction(net, rng)
    plane = Plane(net, *directions, split.x_train[:256], split.y_train[:256])
    return span_of(net.astype(np.float32), plane, False) / span_of(net.astype(np.float32), plane, True)


def smoothness_ratio(name: str, seed: int) -> float:
    """Return one of the three measurements with batch norm ÷ without: the geometric mean along training."""
    off, on = along_training(smoothness, seed)
    logs = [np.log(getattr(b, name) / getattr(a, name)) for a, b in zip(off, on, strict=True)]
    return float(np.exp(np.mean(logs)))


@claim(
    says="Along the gradient the loss varies less with batch norm.",
    verdict="holds",
    measured="range of the loss over steps of ¼ … 4 rates, with ÷ without",
    band=(0, 0.4),
    setting=ALONG,
    source=f"{SANTURKAR}, fig. 4a",
    carries=True,
)
def surface_loss_range(seed: int) -> float:
    return smoothness_ratio("loss_range", seed)


@claim(
    says="With batch norm the gradient stays what it was for longer along its own way.",
    verdict="holds",
    measured="largest relative change of the gradient over those steps, with ÷ without",
    band=(0, 0.7),
    setting=ALONG,
    source=f"after {SANTURKAR}, fig. 4b; the division by the gradient is this course's",
)
def surface_gradient_predictive(seed: int) -> float:
    return smoothness_ratio("gradient_change", seed)


@claim(
    says="Over equally long steps the gradient changes a third less with batch norm (β-smoothness).",
    verdict="holds",
    measured="largest change of the gradient ÷ length of the step, with ÷ without",
    band=(0.5, 0.85),
    setting=ALONG,
    source=f"{SANTURKAR}, fig. 4c",
    carries=True,
)
def surface_beta(seed: int) -> float:
    return smoothness_ratio("beta", seed)


def curvature_ratio(name: str, seed: int, **more: Any) -> float:
    """Return a curvature with batch norm ÷ without, at the same weights."""
    split = fashion_split()
    off, on = (curvature(net, split.x_train[:256], split.y_train[:256]) for net in twins(seed, **more))
    return getattr(on, name) / getattr(off, name)


@claim(
    says="At the same weights a ReLU net bends less along its gradient with batch norm, on average.",
    verdict="holds",
    measured="size of the curvature along the gradient before training, with ÷ without, mean of four nets",
    band=(0, 0.75),
    setting=SETTING,
    source=HERE,
)
@mean_of(4)
def surface_bend_relu(seed: int) -> float:
    # Of a single pair of nets it may have either sign, and be anything from 0 to 1.6.
    return abs(curvature_ratio("along_gradient", seed))


@claim(
    says="Before training, at the same weights, batch norm makes a ReLU net's sharpest direction sharper.",
    verdict="holds",
    measured="largest eigenvalue of the Hessian, with ÷ without, geometric mean of four nets",
    band=(1.1, INF),
    setting=SETTING,
    source=HERE,
)
@geometric_mean_of(4)
def surface_top_relu(seed: int) -> float:
    # Of a single pair of nets it may be as little as a half.
    return curvature_ratio("top", seed)


@claim(
    says="Before training, at the same weights, batch norm makes a tanh net's sharpest direction sharper.",
    verdict="holds",
    measured="largest eigenvalue of the Hessian, with ÷ without",
    band=(1.5, INF),
    setting="five tanh layers of 32 units, the same weights in both nets, 256 images",
    source=HERE,
)
def surface_top_tanh(seed: int) -> float:
    return curvature_ratio("top", seed, activation="tanh")


@claim(
    says="At weights that a ReLU net with batch norm has learned, the net with is less sharp.",
    verdict="holds",
    measured="largest eigenvalue of the Hessian after 150 steps, ReLU, with ÷ without",
    band=(0, 0.85),
    setting=SETTING,
    source=HERE,
)
def surface_top_after(seed: int) -> float:
    return curvature_ratio("top", seed, trained=TRAINED[1], position="after")


@claim(
    says="At weights that a ReLU net without batch norm has learned, the net without is less sharp.",
    verdict="holds",
    measured=(
        "largest eigenvalue of the Hessian after 150 steps, ReLU, with ÷ without, geometric mean of three"
    ),
    band=(1.3, INF),
    setting=SETTING,
    source=HERE,
)
@geometric_mean_of(3)
def surface_top_after_without(seed: int) -> float:
    return curvature_ratio("top", seed, position="after")


@lru_cache(maxsize=16)
def one_large_step(seed: int) -> tuple[float, float, float]:
    """Take a step of rate 3, eight ReLU layers with batch norm; compare after ÷ before.

    Returns the growth of ‖W₁‖, the fall of the sharpest curvature of all, and that of the sharpest in W₁.
    """
    split, net = fashion_split(), start(nn.BatchNorm, seed, "relu", 8)
    images, labels = split.x_train[:256], split.y_train[:256]
    net.forward(images[:2])
    found = []
    for steps in (0, 1):
        if steps:
            race({"": net}, split, 3.0, steps=1, seed=seed, every=1)
        tops = (curvature(net, images, labels, layer=layer).top for layer in (None, 1))
        found.append([float(np.linalg.norm(net.params["0.W"])), *tops])
    before, after = found
    length, top, of_first = (float(now / then) for then, now in zip(before, after, strict=True))
    return length, top, of_first


@claim(
    says="A step that is too large makes weights in front of a batch norm longer.",
    verdict="holds",
    measured="length of W₁ after one step at rate 3 ÷ before, eight ReLU layers",
    band=(1.5, 5),
    setting="eight ReLU layers of 50 units with batch norm from He's start",
    source=HERE,
)
def large_step_lengthens_weights(seed: int) -> float:
    return one_large_step(seed)[0]


@claim(
    says="After one step that is too large, a net with batch norm stands on a flatter surface.",
    verdict="holds",
    measured="largest eigenvalue of the Hessian after one step at rate 3 ÷ before",
    band=(0, 0.4),
    setting="eight ReLU layers of 50 units with batch norm from He's start",
    source=HERE,
)
def large_step_flattens(seed: int) -> float:
    return one_large_step(seed)[1]


@claim(
    says="In one large step the curvature in W₁ falls by more than longer weights explain.",
    verdict="holds",
    measured="fall of the sharpest curvature in W₁ ÷ (growth of ‖W₁‖)², which scale alone would make 1",
    band=(2, 30),
    setting="eight ReLU layers of 50 units with batch norm from He's start, one step at rate 3",
    source=HERE,
)
def large_step_flattens_beyond_scale(seed: int) -> float:
    longer, _, of_first = one_large_step(seed)
    return 1 / of_first / longer**2


def accuracy_at_rate_one(seed: int, *, held: bool) -> float:
    """Return the accuracy of eight ReLU layers with batch norm after 100 steps at rate 1.

    With `held`, each unit's weights get their first length back after every step.
    """
    split, net = fashion_split(), start(nn.BatchNorm, seed, "relu", 8)
    net.forward(split.x_train[:2])
    *before_a_norm, _ = (leaf for leaf in net.leaves().values() if isinstance(leaf, nn.Dense))
    lengths = [np.linalg.norm(layer.params["W"], axis=0) for layer in before_a_norm]
    order = np.random.default_rng([seed, 7])
    records = fit(net, split.x_train, split.y_train, nn.SGD(1.0), epochs=4, batch_size=128, rng=order)
    for _ in islice(records, 100):
        for layer, length in zip(before_a_norm, lengths, strict=True) if held else ():
            layer.params["W"][...] *= length / np.linalg.norm(layer.params["W"], axis=0)
    return evaluate(net, split.x_test, split.y_test).right


@claim(
    says="Large rates work with batch norm because weights that grow longer bend the surface less.",
    verdict="not seen here",
    measured="accuracy at rate 1 with lengths held at their start, minus without, mean of two",
    band=(-0.07, 0.07),
    setting="eight ReLU layers of 50 units with batch norm from He's start, 100 steps at rate 1 alone",
    source="Arora, Li & Lyu 2019, of rates that tune themselves",
)
@mean_of(2)
def held_lengths_train_as_well(seed: int) -> float:
    return accuracy_at_rate_one(seed, held=True) - accuracy_at_rate_one(seed, held=False)
