"""A forward pass of dense layers and ReLUs, written once for every array library."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.compiled.backends import array_namespace, libraries, need_jax


def forward(params: Sequence[Any], x: Any) -> Any:
    """Return the logits for `x`: x W + b for each layer, and ReLU between them.

    It names no library: the functions are those of the library that made `x`.

    Parameters
    ----------
    params : sequence of array
        W, b, W, b and so on, of the shapes (n_in, n_out) and (n_out,).
    x : array, shape (N, n_in)

    Returns
    -------
    array, shape (N, n_out)
    """
    xp = array_namespace(x)
    for place in range(0, len(params), 2):
        if place:
            x = xp.maximum(x, 0.0)
        x = xp.matmul(x, params[place]) + params[place + 1]
    return x


def parameters_of(net: nn.Block) -> list[np.ndarray]:
    """Return W, b, W, b and so on of a `Sequential` of dense layers and ReLUs.

    Raises
    ------
    ValueError
        If it holds another layer, does not alternate, or its sizes are not known yet.
    """
    leaves = list(net.leaves().values())
    dense = leaves[::2]
    if not (
        all(isinstance(layer, nn.Dense) and layer.bias for layer in dense)
        and all(isinstance(layer, nn.ReLU) for layer in leaves[1::2])
        and len(leaves) % 2
    ):
        raise ValueError("the net has to be dense layers with ReLU between them, and a dense one last.")
    if not all(layer.params for layer in dense):
        raise ValueError("the net has no parameters yet: initialize it, and run one forward.")
    return [layer.params[name] for layer in dense for name in ("W", "b")]


def same_answers(net: nn.Block, x: np.ndarray) -> dict[str, float]:
    """Return, for each library, how far `forward` is from the net's own answer at most.

    Parameters
    ----------
    net : Block
        As for `parameters_of`.
    x : ndarray, shape (N, n_in)

    Returns
    -------
    dict of str to float
        "NumPy", and with JAX also "JAX" and "JAX, compiled".
    """
    right, params = net.forward(x), parameters_of(net)
    answers = {}
    for name, asarray in libraries().items():
        arrays = [asarray(p) for p in params]
        answers[name] = forward(arrays, asarray(x))
        if name == "JAX":
            answers["JAX, compiled"] = need_jax().jit(forward)(arrays, asarray(x))
    return {name: float(np.abs(np.asarray(y) - right).max()) for name, y in answers.items()}
