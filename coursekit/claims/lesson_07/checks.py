"""Claims of lesson 07 on checking: three ways to the same gradient, and a check that proves nothing."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_07.examples import EPS, batch, layer_of, numerical_input_gradient
from coursekit.experiments.perturbation import input_gradient
from coursekit.nn.batch_norm_graph import batch_norm_graph
from coursekit.nn.gradcheck import relative_error

PAPER, HERE = "Ioffe & Szegedy 2015", "measured here"
ONES = "torch/nn, issue 744, checks in this way; measured here"
SETTING = "a batch of 12 samples of 4 features, float64, ε = 10⁻⁵"


@claim(
    says="The stages and the closed form are the same function.",
    verdict="holds",
    measured="largest relative difference of y, ∂C/∂x, ∂C/∂γ, ∂C/∂β",
    band=(0, 1e-12),
    setting=SETTING,
    source=f"{PAPER}, sec. 3",
    carries=True,
)
def bn_staged_equals_closed(seed: int) -> float:
    given = batch(seed)
    graph, layer = batch_norm_graph(**given, eps=EPS), layer_of(given)
    pairs = [
        (layer.forward(given["x"], training=True), graph.y.value),
        (layer.backward(given["dy"]), graph.x.gradient),
        (layer.grads["gamma"], graph.gamma.gradient),
        (layer.grads["beta"], graph.beta.gradient),
    ]
    return max(relative_error(a, b) for a, b in pairs)


@claim(
    says="The stages agree with numerical slopes.",
    verdict="holds",
    measured="relative error of ∂C/∂x",
    band=(0, 1e-7),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def bn_staged_equals_numerical(seed: int) -> float:
    given = batch(seed)
    return relative_error(batch_norm_graph(**given, eps=EPS).x.gradient, numerical_input_gradient(given))


@claim(
    says="The closed form agrees with numerical slopes, for x, γ and β.",
    verdict="holds",
    measured="worst relative error of check_gradients",
    band=(0, 1e-7),
    setting=SETTING,
    source=HERE,
)
def bn_closed_equals_numerical(seed: int) -> float:
    # Another seed than the batch's: with the same one δ would be x itself, and ∂C/∂x nearly 0.
    rng = np.random.default_rng(seed + 1000)
    return nn.check_gradients(nn.BatchNorm(), batch(seed)["x"], rng, training=True).worst


def error_without_variance_path(given: dict[str, np.ndarray]) -> float:
    """Return the largest error of a backward pass without its variance path."""
    broken = input_gradient(batch_norm_graph(**given, eps=EPS), "no_variance_path")
    return np.abs(broken - numerical_input_gradient(given)).max()


@claim(
    says="A gradient check with an upstream of all ones passes a backward pass without its variance path.",
    verdict="holds",
    measured="largest error of ∂C/∂x that the check finds",
    band=(0, 1e-8),
    setting=SETTING,
    source=ONES,
    carries=True,
)
def bn_ones_check_is_blind(seed: int) -> float:
    return error_without_variance_path(batch(seed, ones=True))


@claim(
    says="With all γ = 1 a check with all ones passes it too.",
    verdict="holds",
    measured="largest error of ∂C/∂x that the check finds",
    band=(0, 1e-8),
    setting=SETTING,
    source=HERE,
)
def bn_ones_check_equal_gamma(seed: int) -> float:
    given = batch(seed, ones=True)
    given["gamma"][:] = 1
    return error_without_variance_path(given)


@claim(
    says="A random upstream catches the missing variance path.",
    verdict="holds",
    measured="relative error of ∂C/∂x",
    band=(1e-2, INF),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def bn_random_check_sees(seed: int) -> float:
    given = batch(seed)
    broken = input_gradient(batch_norm_graph(**given, eps=EPS), "no_variance_path")
    return relative_error(broken, numerical_input_gradient(given))


@claim(
    says="All ones do catch a missing path through the mean.",
    verdict="holds",
    measured="largest error with both paths missing",
    band=(1e-2, INF),
    setting=SETTING,
    source=HERE,
)
def bn_ones_check_sees_the_mean(seed: int) -> float:
    given = batch(seed, ones=True)
    constant = input_gradient(batch_norm_graph(**given, eps=EPS), "constant_statistics")
    return np.abs(constant - numerical_input_gradient(given)).max()
