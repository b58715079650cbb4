"""Deep nets of equal layers: what most lessons send a signal through."""

from collections.abc import Callable

from coursekit import nn
from coursekit.nn import checks
from coursekit.nn.activations import Activation

ACTIVATIONS: dict[str, type[Activation]] = {
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "identity": nn.Identity,
}
# Makes the normalization of one layer; None for a net without.
Norm = Callable[[], nn.Block] | None
PLACEMENTS = ("before", "after")


def deep_net(
    activation: str,
    depth: int,
    width: int,
    *,
    norm: Norm = None,
    placement: str = PLACEMENTS[0],
    classes: int = 10,
) -> nn.Sequential:
    """Return `depth` hidden layers of `width` units, and a dense layer of `classes` logits after them.

    Each hidden layer is a dense layer, a normalization of its own if asked for, and the activation. The
    net is not initialized.

    Parameters
    ----------
    activation : str
        A key of `ACTIVATIONS`.
    depth, width : int
        Hidden layers, and units in each.
    norm : callable, optional
        Makes the normalization of one layer, such as ``nn.BatchNorm``; None for a net without.
    placement : str
        One of `PLACEMENTS`: is it the activation that sees normalized values, or the next layer?
    classes : int
        Number of logits.

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
