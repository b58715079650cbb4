"""Three measurements of how well the gradient foretells what a step will meet, and one of layers' drift."""

from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.diagnostics.curvature import WeightSpace
from coursekit.nn import checks

# Lengths of the steps that are tried, in units of the learning rate.
FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True)
class Smoothness:
    """What lies ahead of a net on its gradient's way (Santurkar et al. 2018, section 3.1).

    Attributes
    ----------
    loss_range : float
        Largest minus smallest loss over the tried steps along the gradient, in nats.
    gradient_change : float
        Largest ‖g(θ) - g(θ - ηg)‖ / ‖g(θ)‖ over them: 0 where the gradient stays as it was.
    beta : float
        Largest ‖g(θ) - g(θ - ηg)‖ / ‖ηg‖, the effective β-smoothness: at least the mean curvature along the
        step, at most the sharpest curvature anywhere on it.
    losses : tuple of float
        At the start, and after each of the tried steps.
    """

    loss_range: float
    gradient_change: float
    beta: float
    losses: tuple[float, ...] = ()


def smoothness(net: nn.Block, x: np.ndarray, labels: np.ndarray, rate: float) -> Smoothness:
    """Try steps of ¼ to 4 times `rate` along the gradient of all of `x`; the net stays as it is."""
    checks.positive("rate", rate, "no step would be tried")
    space = WeightSpace(net, x, labels)
    loss, g = space.gradient(space.theta)
    length = float(np.linalg.norm(g))
    losses, changes, betas = [loss], [], []
    with np.errstate(all="ignore"):
        for factor in FACTORS:
            try:
                there, ahead = space.gradient(space.theta - factor * rate * g)
            except ValueError:  # the logits left the range of floats
                there, ahead = np.inf, np.full_like(g, np.inf)
            change = float(np.linalg.norm(ahead - g))
            losses.append(there)
            changes.append(change / length)
            betas.append(change / (factor * rate * length))
    return Smoothness(max(losses) - min(losses), max(changes), max(betas), tuple(losses))


@dataclass(frozen=True)
class LayerShift:
    """How much a step of the layers before it changes a layer's gradient (Santurkar et al. 2018, def. 2.1).

    G is a layer's gradient, G' the one after all layers before it took their step. The paper's distance is
    the absolute one; dividing it by the length of G is this course's addition, so that nets whose gradients
    differ in length can be compared as well.

    Attributes
    ----------
    difference : ndarray, shape (L,)
        ‖G - G'‖ / ‖G‖ of each layer with weights. 0 for the first layer, which has none before it.
    distance : ndarray, shape (L,)
        ‖G - G'‖.
    per_length : ndarray, shape (L,)
        The difference divided by the length of the step that the layers before took: what is left of it if
        one net takes longer steps than another. nan where there was no step, as before the first layer.
    cosine : ndarray, shape (L,)
        Of the angle between G and G': 1 if the layer would still go the same way.
    """

    difference: np.ndarray
    distance: np.ndarray
    per_length: np.ndarray
    cosine: np.ndarray


def layer_shift(net: nn.Block, x: np.ndarray, labels: np.ndarray, rate: float) -> LayerShift:
    """Measure the shift that a step of size `rate` on all of `x` would bring each layer; nothing moves."""
    space = WeightSpace(net, x, labels)
    _, g = space.gradient(space.theta)
    distance, length, step, cosine = [], [], [], []
    for part in space.parts:
        moved = space.theta.copy()
        moved[: part.start] -= rate * g[: part.start]
        _, after = space.gradient(moved)
        before, now = g[part], after[part]
        distance.append(np.linalg.norm(before - now))
        length.append(np.linalg.norm(before))
        step.append(rate * float(np.linalg.norm(g[: part.start])) or np.nan)
        cosine.append(before @ now / (length[-1] * np.linalg.norm(now)))
    distances = np.array(distance)
    difference = distances / length
    return LayerShift(difference, distances, difference / step, np.array(cosine))
