"""What a net's batch norms have learned: γ and β, layer by layer."""

from dataclasses import dataclass

import numpy as np

from coursekit import nn


@dataclass(frozen=True)
class LearnedScales:
    """γ and β of the L batch norms of a net, in the order in which the signal meets them.

    Attributes
    ----------
    gamma, beta : tuple of ndarray, each (K,)
        One number for each unit of a layer; training starts at 1 and at 0.
    """

    gamma: tuple[np.ndarray, ...]
    beta: tuple[np.ndarray, ...]


def learned_scales(net: nn.Block) -> LearnedScales:
    """Return copies of γ and β of every batch norm in `net`.

    Raises
    ------
    ValueError
        If there is none, or its size is not known yet.
    """
    norms = [leaf for leaf in net.leaves().values() if isinstance(leaf, nn.BatchNorm)]
    if not norms or not all(norm.params for norm in norms):
        raise ValueError("the net needs a batch norm, and one forward pass that shows its size.")
    return LearnedScales(*(tuple(norm.params[name].copy() for norm in norms) for name in ("gamma", "beta")))
