"""Deep nets that differ in their normalization alone."""

from collections.abc import Callable

from coursekit import nn
from coursekit.diagnostics.trace import ACTIVATIONS
from coursekit.nn import checks

PLACEMENTS = ("before the activation", "after the activation")


def stacked_net(
    activation: str,
    depth: int,
    width: int,
    *,
    norm: Callable[[], nn.Block] | None = None,
    placement: str = PLACEMENTS[0],
    classes: int = 10,
) -> nn.Sequential:
    """Return `depth` hidden layers of `width` units, each with a normalization of its own, and the logits.

    Parameters
    ----------
    activation : str
        A key of `ACTIVATIONS`.
    norm : callable, optional
        Makes the normalization of one layer, such as ``nn.BatchNorm``; None for a net without.
    placement : str
        One of `PLACEMENTS`: does the activation see normalized values, or does the next layer?

    Raises
    ------
    TypeError, ValueError
        For an unknown activation or placement, or sizes that are no whole numbers of at least 1.
    """
    make = ACTIVATIONS[checks.one_of("activation", activation, tuple(ACTIVATIONS))]
    checks.one_of("placement", placement, PLACEMENTS)
    layers = []
    for _ in range(checks.positive_int("depth", depth)):
        pair = [make()] if norm is None else [norm(), make()]
        layers += [nn.Dense(width), *(pair if placement == PLACEMENTS[0] else reversed(pair))]
    return nn.Sequential(*layers, nn.Dense(classes))
