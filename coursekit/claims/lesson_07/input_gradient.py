"""Claims of lesson 07 on ∂C/∂x: it adds up to 0 and is orthogonal to x̂, but for ε."""

import numpy as np

from coursekit.claims.claim import claim
from coursekit.claims.lesson_07.examples import EPS, batch
from coursekit.nn.batch_norm_graph import batch_norm_graph

HERE = "measured here"
SETTING = "a batch of 12 samples of 4 features, float64, ε = 10⁻⁵"


@claim(
    says="∂C/∂x adds up to 0 over the batch.",
    verdict="holds",
    measured="|Σ ∂C/∂x| ÷ Σ |∂C/∂x|",
    band=(0, 1e-12),
    setting=SETTING,
    source=HERE,
)
def bn_dx_sums_to_zero(seed: int) -> float:
    dx = batch_norm_graph(**batch(seed), eps=EPS).x.gradient
    return (np.abs(dx.sum(axis=0)) / np.abs(dx).sum(axis=0)).max()


def largest_cosine_with_x_hat(seed: int, eps: float) -> float:
    """Return the largest |cos| of the angle between dx and x̂ of a feature."""
    graph = batch_norm_graph(**batch(seed), eps=eps)
    dx, x_hat = graph.x.gradient, graph.x_hat.value
    lengths = np.linalg.norm(dx, axis=0) * np.linalg.norm(x_hat, axis=0)
    return (np.abs((dx * x_hat).sum(axis=0)) / lengths).max()


@claim(
    says="∂C/∂x is orthogonal to x̂.",
    verdict="holds only if v is much larger than ε",
    measured="largest |cos|, v near 9, ε = 10⁻⁵",
    band=(0, 1e-4),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def bn_dx_orthogonal(seed: int) -> float:
    return largest_cosine_with_x_hat(seed, EPS)


@claim(
    says="Of what points along x̂, ε leaves the part ε / (v + ε).",
    verdict="holds",
    measured="part that is left ÷ ε/(v + ε), ε = 1",
    band=(0.999, 1.001),
    setting="a batch of 12 samples of 4 features, float64, ε = 1",
    source=HERE,
)
def bn_dx_not_orthogonal(seed: int) -> float:
    graph = batch_norm_graph(**batch(seed), eps=1.0)
    direct, x_hat = graph.centred.sent_by("x_hat"), graph.x_hat.value
    left = (graph.x.gradient * x_hat).sum(axis=0) / (direct * x_hat).sum(axis=0)
    return (left / (1 / (graph.variance.value + 1))).mean()
