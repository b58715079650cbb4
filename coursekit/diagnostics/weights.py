"""All weights of a net as one point in a space, and directions through it."""

import numpy as np

from coursekit import nn
from coursekit.nn import checks


def weights_of(net: nn.Block) -> dict[str, np.ndarray]:
    """Return the weight arrays of `net` by name, those of blocks inside it too: no biases, no γ, no β.

    Raises
    ------
    ValueError
        If there are none, as in a net whose sizes are unknown before its first forward pass.
    """
    found = {name: array for name, array in net.params.items() if name.rpartition(".")[2].startswith("W")}
    if not found:
        raise ValueError("the net has no weights yet: initialize it, and run one forward pass.")
    return found


def lengths_of_units(W: np.ndarray) -> np.ndarray:
    """Return the length of the weights of each unit, of a shape that broadcasts against W.

    A unit's weights are a column of a dense layer's W (n_in, n_out), and a filter W[c] of a convolution's W
    (C_out, C_in, KH, KW).
    """
    axes = 0 if W.ndim == 2 else tuple(range(1, W.ndim))
    return np.sqrt(np.square(W).sum(axis=axes, keepdims=True))


def random_direction(net: nn.Block, rng: np.random.Generator) -> list[np.ndarray]:
    """Return a random direction in weight space, normalised filter by filter (Li et al. 2018, sec. 4).

    A unit's weights can be large or small without a change in what the net does, if the next layer makes
    up for it (with batch norm even if not). So each unit's part of the direction gets the length of that
    unit's weights: one step along it changes every unit by as much as it has. Biases, γ and β stay.

    Returns
    -------
    list of ndarray
        One for each array of `weights_of`, in its shape.
    """
    checks.generator(rng)
    direction = []
    for W in weights_of(net).values():
        d = rng.standard_normal(W.shape, dtype=np.float32).astype(W.dtype, copy=False)
        direction.append(d * (lengths_of_units(W) / lengths_of_units(d)))
    return direction


def weight_direction(net: nn.Block, layer: int, unit: int, rank: int) -> list[np.ndarray]:
    """Return the direction of a single weight: the `rank`-th largest (from 1) of a dense unit's weights.

    Its step has the length of all the unit's weights, so that it can be compared with a random one.

    Parameters
    ----------
    layer, unit : int
        Counted from 1; the unit is a column of that layer's W.
    rank : int
        1 for the weight of the largest size.
    """
    weights = list(weights_of(net).values())
    _at_most("layer", layer, len(weights))
    W = weights[layer - 1]
    if W.ndim != 2:
        raise ValueError(f"layer {layer} must be dense for a single weight of a unit; its W is {W.shape}.")
    _at_most("unit", unit, W.shape[1])
    _at_most("rank", rank, W.shape[0])
    direction = [np.zeros_like(other) for other in weights]
    column = W[:, unit - 1]
    which = np.argsort(-np.abs(column), kind="stable")[rank - 1]
    direction[layer - 1][which, unit - 1] = np.linalg.norm(column)
    return direction


def _at_most(name, value, top):
    if checks.positive_int(name, value) > top:
        raise ValueError(f"{name} must be at most {top}; got {value}.")
