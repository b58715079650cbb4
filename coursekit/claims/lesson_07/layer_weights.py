"""Claims of lesson 07 on the weights and the bias in front of a batch norm."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim
from coursekit.claims.lesson_07.examples import backward, first_weight_gradient, net_on_images

PAPER, HERE = "Ioffe & Szegedy 2015", "measured here"
SETTING = "784-100-10 with batch norm and ReLU from He's start, 200 images, float64"


def shrinks_with_weights(seed: int, scale: float) -> float:
    """Return scale · ‖∂C/∂W at scale·W‖ ÷ ‖∂C/∂W at W‖; 1 if the gradient shrinks by 1/scale."""
    small, large = (np.linalg.norm(first_weight_gradient(seed, a)) for a in (1.0, scale))
    return float(scale * large / small)


@claim(
    says="Weights a times as large in front of a batch norm get a gradient 1/a times as large.",
    verdict="holds only if v is much larger than ε",
    measured="a · ‖∂C/∂W at aW‖ ÷ ‖∂C/∂W at W‖, a = 10",
    band=(0.999, 1.001),
    setting=SETTING,
    source=f"{PAPER}, sec. 3.3",
)
def bn_weight_gradient_shrinks(seed: int) -> float:
    return shrinks_with_weights(seed, 10.0)


@claim(
    says="Tiny weights in front of a batch norm get less than that: ε holds the gradient back.",
    verdict="holds",
    measured="a · ‖∂C/∂W at aW‖ ÷ ‖∂C/∂W at W‖, a = 1/10,000",
    band=(0, 0.1),
    setting=SETTING,
    source=HERE,
)
def bn_weight_gradient_tiny_weights(seed: int) -> float:
    return shrinks_with_weights(seed, 1e-4)


@claim(
    says="The gradient of a unit's weights in front of a batch norm is orthogonal to them.",
    verdict="holds",
    measured="largest |cos| over 100 units",
    band=(0, 1e-3),
    setting=SETTING,
    source=HERE,
)
def bn_weight_gradient_orthogonal(seed: int) -> float:
    net, x, labels = net_on_images(seed, nn.BatchNorm, 1)
    backward(net, x, labels)
    w, g = net.params["0.W"], net.grads["0.W"]
    lengths = np.linalg.norm(w, axis=0) * np.linalg.norm(g, axis=0)
    return (np.abs((w * g).sum(axis=0)) / lengths).max()


@claim(
    says="A bias in front of a batch norm gets no gradient.",
    verdict="holds",
    measured="largest |∂C/∂b| ÷ largest |∂C/∂β|",
    band=(0, 1e-10),
    setting=SETTING,
    source=f"{PAPER}, sec. 3.2",
)
def bn_bias_gets_no_gradient(seed: int) -> float:
    net, x, labels = net_on_images(seed, nn.BatchNorm, 1)
    backward(net, x, labels)
    return np.abs(net.grads["0.b"]).max() / np.abs(net.grads["1.beta"]).max()
