"""What an activation does to one number: its value and its slope."""

from dataclasses import dataclass

import numpy as np

from coursekit.diagnostics.layer_watch import FLAT
from coursekit.nets.deep import ACTIVATIONS
from coursekit.nn import checks


@dataclass(frozen=True)
class ActivationCurves:
    """Values and slopes of A activations at P points.

    Attributes
    ----------
    names : tuple of str
        Keys of `ACTIVATIONS`.
    s : ndarray, shape (P,)
        The points: pre-activations.
    values, slopes : ndarray, shape (A, P)
        h(s), and dh/ds from the layer's own backward pass.
    flat : ndarray of bool, shape (A, P)
        Where the course calls the activation flat: |h| > 0.97 for tanh, h = 0 for ReLU.
    """

    names: tuple[str, ...]
    s: np.ndarray
    values: np.ndarray
    slopes: np.ndarray
    flat: np.ndarray


def activation_curves(
    names: tuple[str, ...] = ("tanh", "sigmoid", "relu"), limit: float = 5.0
) -> ActivationCurves:
    """Return the curves of the named activations from -limit to limit, 1001 points.

    Raises
    ------
    ValueError
        For no name or an unknown one, or a limit that is negative or not finite.
    """
    if not names:
        raise ValueError(f"name at least one activation, of {', '.join(ACTIVATIONS)}.")
    limit = checks.finite("limit", limit, low=0)
    s = np.linspace(-limit, limit, 1001)
    values, slopes, flat = [], [], []
    for name in names:
        kind = ACTIVATIONS[checks.one_of("name", name, tuple(ACTIVATIONS))]
        layer = kind()
        values.append(layer.forward(s))
        slopes.append(layer.backward(np.ones_like(s)))
        flat.append(FLAT[kind].test(values[-1]))
    return ActivationCurves(tuple(names), s, np.array(values), np.array(slopes), np.array(flat))
