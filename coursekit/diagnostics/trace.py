"""Send a batch through a net and keep what every hidden layer saw."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.diagnostics.hooks import watching
from coursekit.nn import checks
from coursekit.nn.activations import Activation
from coursekit.nn.checks import is_finite


@dataclass(frozen=True)
class Trace:
    r"""What the L hidden layers of a net saw, in the order in which the signal meets them.

    A hidden layer is one with an activation, whatever blocks it stands in. N samples; units have the axes
    (K,) after a dense layer and (C, H, W) after a convolution.

    Attributes
    ----------
    activation : Activation
        The activation of the first hidden layer.
    s, h : tuple of ndarray, each (N, K) or (N, C, H, W)
        Pre-activations (what enters the activation) and activations (what leaves it).
    ds : tuple of ndarray, shapes as `s`
        :math:`\partial C/\partial s`; empty if no labels were given or the forward pass diverged.
    dW : tuple of ndarray
        :math:`\partial C/\partial W` of the last weights before each activation; empty likewise. An
        activation without weights of its own, as when two follow each other, has an empty array.
    loss : float or None
        C, the mean cross-entropy in nats.
    diverged_at : int or None
        The first hidden layer (counted from 1) whose s is not finite; s and h end before it.
        ``len(s) + 1`` with all of s finite means that the logits were not.
    """

    activation: Activation
    s: tuple[np.ndarray, ...]
    h: tuple[np.ndarray, ...]
    ds: tuple[np.ndarray, ...] = ()
    dW: tuple[np.ndarray, ...] = ()
    loss: float | None = None
    diverged_at: int | None = None


class _DivergenceError(Exception):
    """Ends a forward pass whose numbers left the range of floats: the rest could tell nothing."""


def activations_of(net: nn.Block) -> list[Activation]:
    """Return the activation layers of `net`, which mark its hidden layers, in the order of its parts.

    Raises
    ------
    ValueError
        If there is none.
    """
    found = [leaf for leaf in net.leaves().values() if isinstance(leaf, Activation)]
    if not found:
        raise ValueError("the net has no activation layer (Tanh, ReLU, …), so nothing to trace.")
    return found


def trace(
    net: nn.Block,
    x: np.ndarray,
    labels: np.ndarray | None = None,
    *,
    seen: Callable[[str, int, np.ndarray], None] = lambda name, layer, values: None,
) -> Trace:
    """Run `net` on `x` in training mode and keep every hidden layer's signals.

    Parameters
    ----------
    net : Block
        Initialized; its activations mark the hidden layers, what comes out are the logits.
    x : ndarray, shape (N, n_in) or (N, C, H, W)
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
    first = activations_of(net)[0]
    if not is_finite(checks.float_array("x", x)):
        raise ValueError("x holds nan or inf: give finite inputs.")
    # Weights that are too large overflow on purpose here; it is reported, not warned about.
    with np.errstate(all="ignore"):
        s, h, diverged_at, logits = _forward(net, x, seen)
        kept = Trace(first, tuple(s), tuple(h), diverged_at=diverged_at)
        if labels is None or diverged_at is not None:
            return kept
        loss, dlogits = nn.softmax_cross_entropy(logits, labels)
        ds, dW = _backward(net, dlogits, len(s), seen)
    return Trace(kept.activation, kept.s, kept.h, ds, dW, loss)


def _forward(net, x, seen):
    s, h = [], []

    def keep(layer, before, after):
        if isinstance(layer, Activation):
            if not is_finite(before):
                raise _DivergenceError
            for name, signals, values in (("s", s, before), ("h", h, after)):
                seen(name, len(signals), values)
                signals.append(values)

    try:
        with watching(net, forward=keep):
            logits = net.forward(x, training=True)
    except _DivergenceError:
        return s, h, len(s) + 1, None
    return s, h, None if is_finite(logits) else len(s) + 1, logits


def _backward(net, dlogits, depth, seen):
    ds, dW = {}, {}

    def keep(layer, dy, dx):
        if isinstance(layer, Activation):
            number = depth - 1 - len(ds)
            seen("ds", number, dx)
            ds[number] = dx
        elif "W" in layer.params and ds and min(ds) not in dW:  # the last weights before that activation
            number = min(ds)
            seen("dW", number, layer.grads["W"])
            dW[number] = layer.grads["W"]

    with watching(net, backward=keep):
        net.backward(dlogits)
    none = np.zeros(0, dlogits.dtype)
    return tuple(ds[i] for i in range(depth)), tuple(dW.get(i, none) for i in range(depth))
