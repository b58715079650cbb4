"""Claims of lesson 10 on weight decay: what it is for SGD, and what for Adam."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim
from coursekit.nets import BareWeights
from coursekit.nn.optimizer import Optimizer

LOSHCHILOV = "Loshchilov & Hutter, Decoupled Weight Decay Regularization, 2019"
GLUON = "a course note on Gluon, 7.2: weight decay equals L2"
RATE, DECAY, STEPS = 0.05, 0.1, 50
SETTING = f"200 weights from N(0, 1), gradients of sizes 10⁻² to 10², λ = {DECAY}, {STEPS} steps, float64"


def walk(optimizer: Optimizer, w: np.ndarray, gradients: np.ndarray, l2: float = 0.0) -> np.ndarray:
    """Return the weights after a step for each gradient; to each l2 · w is added."""
    net = BareWeights(w)
    for gradient in gradients:
        net.grads["W"] = gradient + l2 * net.params["W"]
        optimizer.step(net)
    return net.params["W"]


def problem(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weights, (200,), gradients of the steps, (50, 200), and the gradients' sizes, (200,)."""
    rng = np.random.default_rng(seed)
    sizes = 10.0 ** rng.uniform(-2, 2, 200)
    return rng.standard_normal(200), sizes * rng.standard_normal((STEPS, 200)), sizes


@claim(
    says="For plain SGD weight decay, (1 − ηλ) w − η g, and L2, w − η (g + λ w), are the same step.",
    verdict="holds",
    measured="largest difference of a weight after 50 steps, as a share of the largest weight",
    band=(0, 1e-12),
    setting=SETTING,
    source=GLUON,
    carries=True,
)
def decay_is_l2_for_sgd(seed: int) -> float:
    w, gradients, _ = problem(seed)
    l2, decayed = walk(nn.SGD(RATE), w, gradients, l2=DECAY), w.copy()
    for gradient in gradients:
        decayed = (1 - RATE * DECAY) * decayed - RATE * gradient
    return float(np.abs(l2 - decayed).max() / np.abs(decayed).max())


@claim(
    says="For Adam they are not.",
    verdict="holds",
    measured="mean difference of the two, as a share of what weight decay alone moves",
    band=(0.3, 100),
    setting=f"{SETTING}, rate {RATE}, nn.AdamW against nn.Adam with L2",
    source=LOSHCHILOV,
    carries=True,
)
def decay_is_not_l2_for_adam(seed: int) -> float:
    w, gradients, _ = problem(seed)
    plain = walk(nn.Adam(RATE), w, gradients)
    l2 = walk(nn.Adam(RATE, weight_decay=DECAY), w, gradients)
    decayed = walk(nn.AdamW(RATE, weight_decay=DECAY), w, gradients)
    return float(np.abs(l2 - decayed).mean() / np.abs(decayed - plain).mean())


@claim(
    says="With L2 in Adam, weights with large gradients shrink less than those with small ones.",
    verdict="holds",
    measured="L2's move of the tenth with the largest gradients ÷ that of the tenth with the smallest",
    band=(0, 0.05),
    setting=SETTING,
    source=LOSHCHILOV,
)
def adam_spares_large_gradients(seed: int) -> float:
    w, gradients, sizes = problem(seed)
    moved = np.abs(
        walk(nn.Adam(RATE, weight_decay=DECAY), w, gradients) - walk(nn.Adam(RATE), w, gradients)
    )
    order = np.argsort(sizes)
    return float(moved[order[-20:]].mean() / moved[order[:20]].mean())
