"""Claims of lesson 05 in the setting of Glorot & Bengio: their spreads, and the gradients that hide."""

import numpy as np

from coursekit import datasets
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_05.signals import ratio, stds
from coursekit.diagnostics import Trace, trace
from coursekit.nets import deep_net

GLOROT = "Glorot & Bengio 2010"
SETTING = "five tanh layers of 1,000 units, softmax on top, 300 samples from N(0, 1)"

# The paper's spreads of h, layers 1 to 5.
PAPER = {
    "standard_uniform": (0.46, 0.25, 0.14, 0.08, 0.05),
    "xavier_uniform": (0.63, 0.49, 0.41, 0.36, 0.32),
}


def glorot(scheme: str, seed: int) -> Trace:
    """Return a journey there and back in the paper's setting."""
    rng = np.random.default_rng(seed)
    x, labels = datasets.gaussian(300, 1000, rng)
    return trace(deep_net("tanh", 5, 1000).initialize(scheme, rng), x, labels)


@claim(
    says="Five tanh layers of 1,000 units have the spreads of h that the paper prints, .46 .25 .14 .08 .05 "
    "from U(±1/√fan_in) and .63 .49 .41 .36 .32 from Xavier.",
    verdict="holds",
    measured="largest deviation from the paper's numbers",
    band=(0, 0.1),
    setting=SETTING,
    source=f"{GLOROT}, setting of fig. 6",
)
def glorot_profiles(seed: int) -> float:
    return max(
        float(np.abs(stds(glorot(scheme, seed).h) / np.array(paper) - 1).max())
        for scheme, paper in PAPER.items()
    )


@claim(
    says="From U(±1/√fan_in) ∂C/∂s shrinks at least 8-fold on its way back through five layers of 1,000.",
    verdict="holds",
    measured="spread of ∂C/∂s, layer 5 ÷ layer 1",
    band=(8, INF),
    setting=SETTING,
    source=f"{GLOROT}, fig. 7",
)
def glorot_standard_gradient(seed: int) -> float:
    return ratio(stds(glorot("standard_uniform", seed).ds))


@claim(
    says="From Xavier ∂C/∂s shrinks at most 4-fold on its way back through five layers of 1,000.",
    verdict="holds",
    measured="spread of ∂C/∂s, layer 5 ÷ layer 1",
    band=(1, 4),
    setting=SETTING,
    source=f"{GLOROT}, fig. 7",
)
def glorot_normalised_gradient(seed: int) -> float:
    return ratio(stds(glorot("xavier_uniform", seed).ds))


@claim(
    says="Level weight gradients show that no gradient vanishes.",
    verdict="folklore",
    measured="spread of ∂C/∂W, largest ÷ smallest, where ∂C/∂s shrinks 8-fold: flat",
    band=(1, 1.2),
    setting=SETTING,
    source=f"{GLOROT}, eq. 14",
    carries=True,
)
def weight_gradients_hide_it(seed: int) -> float:
    return ratio(stds(glorot("standard_uniform", seed).dW))
