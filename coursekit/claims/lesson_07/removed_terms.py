"""Claims of lesson 07 on the two terms that μ and v add: what they remove, and training without them."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_07.examples import (
    EPS,
    ConstantStatistics,
    batch,
    first_weight_gradient,
    net_on_images,
    train,
)
from coursekit.nn.batch_norm_graph import batch_norm_graph

PAPER, HERE = "Ioffe & Szegedy 2015", "measured here"
SETTING = "ten layers of 100 ReLU units with batch norm, 200 images"
TRAINED = f"{SETTING}, all of them at each of 60 steps at rate 0.05"


def removed_from_random(seed: int, samples: int = 20) -> float:
    """Return the share of ‖dx‖² that the two extra terms remove from random δ, times n/2; 1000 features."""
    graph = batch_norm_graph(**batch(seed, samples, 1000), eps=EPS)
    direct = graph.centred.sent_by("x_hat")
    return (1 - np.square(graph.x.gradient).sum() / np.square(direct).sum()) * samples / 2


@claim(
    says="From random δ the terms through μ and v remove 2 of n directions.",
    verdict="holds",
    measured="removed share of ‖∂C/∂x‖², times n/2, n = 20",
    band=(0.9, 1.1),
    setting="a batch of 20 samples of 1,000 features, float64",
    source=HERE,
)
def bn_terms_remove_two_of_n(seed: int) -> float:
    return removed_from_random(seed)


@claim(
    says="Through a batch of two next to nothing comes back.",
    verdict="holds",
    measured="‖∂C/∂x‖ ÷ ‖γ δ / s‖, n = 2, median of 1000 features",
    band=(0, 1e-4),
    setting="a batch of 2 samples of 1,000 features, float64",
    source=HERE,
)
def bn_two_samples(seed: int) -> float:
    graph = batch_norm_graph(**batch(seed, 2, 1000), eps=EPS)
    left, direct = graph.x.gradient, graph.centred.sent_by("x_hat")
    return float(np.median(np.linalg.norm(left, axis=0) / np.linalg.norm(direct, axis=0)))


def removed_on_images(seed: int) -> float:
    """Return the share of ‖dx‖² that the extra terms remove at the first of ten batch norms."""
    net, x, labels = net_on_images(seed, nn.BatchNorm, 10, dtype=np.float32)
    _, dy = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
    for layer in reversed(net.layers[2:]):
        dy = layer.backward(dy)
    norm = net.layers[1]
    _, inv_std, _ = vars(norm)["_kept"]
    direct = norm.params["gamma"] * inv_std * dy
    return 1 - float(np.square(norm.backward(dy)).sum() / np.square(direct).sum())


@claim(
    says="On a batch of 200 images the terms through μ and v hardly change ∂C/∂x.",
    verdict="holds",
    measured="removed share of ‖∂C/∂x‖², first of ten batch norms",
    band=(0, 0.02),
    setting=SETTING,
    source=HERE,
)
def bn_terms_small_in_dx(seed: int) -> float:
    return removed_on_images(seed)


@claim(
    says="The terms through μ and v turn ∂C/∂W of the first of ten layers.",
    verdict="holds",
    measured="cosine of ∂C/∂W with and without these terms",
    band=(0.4, 0.9),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def bn_terms_large_in_dw(seed: int) -> float:
    a, b = (first_weight_gradient(seed, 1.0, norm, 10) for norm in (nn.BatchNorm, ConstantStatistics))
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b)))


@claim(
    says="A backward pass that takes μ and v for constants spoils the training of ten layers.",
    verdict="holds",
    measured="loss after 60 steps ÷ loss with the complete gradient",
    band=(4, INF),
    setting=TRAINED,
    source=f"{PAPER}, sec. 2",
    carries=True,
)
def bn_constant_statistics_train(seed: int) -> float:
    return train(seed, ConstantStatistics)[0] / train(seed, nn.BatchNorm)[0]


@claim(
    says="A backward pass that takes μ and v for constants moves biases that no output depends on.",
    verdict="holds",
    measured="largest |b| of layer 1 after 60 steps; the complete gradient leaves it at 0",
    band=(0.01, INF),
    setting=TRAINED,
    source=f"{PAPER}, sec. 2",
)
def bn_constant_statistics_drift(seed: int) -> float:
    return train(seed, ConstantStatistics)[1]
