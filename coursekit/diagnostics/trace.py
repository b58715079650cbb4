"""Send a batch through a net and keep what every layer saw."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.nn import checks
from coursekit.nn.activations import Activation
from coursekit.nn.checks import is_finite

ACTIVATIONS: dict[str, type[Activation]] = {
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "identity": nn.Identity,
}


def deep_net(
    activation: str, depth: int, width: int, *, batch_norm: bool = False, classes: int = 10
) -> nn.Sequential:
    """Return `depth` hidden layers of `width` units, and a dense layer of `classes` logits on top.

    Each hidden layer is Dense, then BatchNorm if asked for, then the activation. The net is not
    initialized.

    Raises
    ------
    TypeError, ValueError
        For an unknown activation, or sizes that are no whole numbers of at least 1.
    """
    make = ACTIVATIONS[checks.one_of("activation", activation, tuple(ACTIVATIONS))]
    checks.positive_int("depth", depth)
    layers = []
    for _ in range(depth):
        layers += [nn.Dense(width), nn.BatchNorm(), make()] if batch_norm else [nn.Dense(width), make()]
    return nn.Sequential(*layers, nn.Dense(classes))


@dataclass(frozen=True)
class Trace:
    r"""What the L hidden layers of a net saw, first layer first. N samples, K units.

    Attributes
    ----------
    activation : Activation
        The activation of the hidden layers, the first one's.
    s, h : tuple of ndarray, each (N, K)
        Pre-activations (what enters the activation) and activations (what leaves it).
    ds : tuple of ndarray, each (N, K)
        :math:`\partial C/\partial s`; empty if no labels were given or the forward pass diverged.
    dW : tuple of ndarray, each (n_in, K)
        :math:`\partial C/\partial W` of the hidden layers' weights; empty likewise.
    loss : float or None
        C, the mean cross-entropy in nats.
    diverged_at : int or None
        The first layer (counted from 1) whose s is not finite; s and h end before it.
        ``len(s) + 1`` with all of s finite means that the logits were not.
    """

    activation: Activation
    s: tuple[np.ndarray, ...]
    h: tuple[np.ndarray, ...]
    ds: tuple[np.ndarray, ...] = ()
    dW: tuple[np.ndarray, ...] = ()
    loss: float | None = None
    diverged_at: int | None = None


def trace(
    net: nn.Sequential,
    x: np.ndarray,
    labels: np.ndarray | None = None,
    *,
    seen: Callable[[str, int, np.ndarray], None] = lambda name, layer, values: None,
) -> Trace:
    """Run `net` on `x` in training mode and keep every hidden layer's signals.

    Parameters
    ----------
    net : Sequential
        Initialized; its activations mark the hidden layers, the last layer gives the logits.
    x : ndarray, shape (N, n_in)
    labels : ndarray of int, shape (N,), optional
        With labels the backward pass of the softmax cross-entropy is run too.
    seen : callable, optional
        Called with "s", "h", "ds" or "dW", the layer (from 0) and its values as soon as they are known.

    Returns
    -------
    Trace

    Raises
    ------
    ValueError
        If the net has no activation layer, or x is not finite.
    """
    hidden = [i for i, layer in enumerate(net.layers) if isinstance(layer, Activation)]
    if not hidden:
        raise ValueError("the net has no activation layer (Tanh, ReLU, …), so nothing to trace.")
    if not is_finite(checks.float_array("x", x)):
        raise ValueError("x holds nan or inf: give finite inputs.")
    # Weights that are too large overflow on purpose here; it is reported, not warned about.
    with np.errstate(all="ignore"):
        s, h, diverged_at, logits = _forward(net, x, seen)
        kept = Trace(net.layers[hidden[0]], tuple(s), tuple(h), diverged_at=diverged_at)
        if labels is None or diverged_at is not None:
            return kept
        loss, dlogits = nn.softmax_cross_entropy(logits, labels)
        ds, dW = _backward(net, dlogits, len(s), seen)
    return Trace(kept.activation, kept.s, kept.h, ds, dW, loss)


def _forward(net, x, seen):
    s, h = [], []
    for layer in net.layers:
        y = layer.forward(x, training=True)
        if isinstance(layer, Activation):
            if not is_finite(x):
                return s, h, len(s) + 1, None
            for name, signals, values in (("s", s, x), ("h", h, y)):
                seen(name, len(signals), values)
                signals.append(values)
        x = y
    return s, h, None if is_finite(x) else len(s) + 1, x


def _backward(net, dy, depth, seen):
    ds, dW = [], []
    for layer in reversed(net.layers):
        dy = layer.backward(dy)
        if isinstance(layer, Activation):
            seen("ds", depth - 1 - len(ds), dy)
            ds.append(dy)
        elif isinstance(layer, nn.Dense) and ds:  # before the first activation: the logits' layer
            seen("dW", depth - 1 - len(dW), layer.grads["W"])
            dW.append(layer.grads["W"])
    return tuple(reversed(ds)), tuple(reversed(dW))
