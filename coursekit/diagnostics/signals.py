"""One number per layer, one histogram per layer: how the signal fares on its way through a net."""

from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.diagnostics.beside import one_blas_thread
from coursekit.diagnostics.histogram import Histograms
from coursekit.diagnostics.layer_watch import GRADIENTS, QUANTITIES, LayerWatch, Quantity
from coursekit.diagnostics.trace import activations_of, trace
from coursekit.nn import checks

# Below VANISHED or above EXPLODED times the reference layer's spread a signal counts as lost; above
# STUCK, the share of outputs on a flat piece of the activation does.
VANISHED, EXPLODED, STUCK = 0.01, 100.0, 0.5
SATURATING = (nn.Tanh, nn.Sigmoid)


@dataclass(frozen=True)
class SignalReport:
    """Spread, mean, flat share and histogram of one quantity at each of L hidden layers.

    Attributes
    ----------
    quantity : str
        One of `QUANTITIES`.
    depth : int
        L, layers that diverged included.
    histograms : Histograms
        Of the values divided by `unit`: of outputs that have bounds (tanh, sigmoid) the values themselves,
        of all else their sizes, in bins of equal ratio.
    by_size : bool
        Whether the histograms count sizes; then `histograms.below` counts zeros.
    unit : float
        1 for signals on their way forward. For gradients, whose size says little by itself, the spread
        at layer L, where the backward pass begins.
    mean, std : ndarray, shape (L,)
        Of the values themselves; nan where the layer diverged.
    between : ndarray, shape (L,)
        For signals on their way forward, the spread between samples: what is left to tell one input
        from another. nan for gradients.
    flat : ndarray, shape (L,)
        Share of outputs where the activation is flat: saturated, or zero.
    stuck : ndarray, shape (L,)
        Share of units that are flat for every sample of the batch: dead units.
    flat_label : str
        What flat means for this activation.
    states : tuple of str
        "alive", "vanished", "exploded", "stuck" or "diverged", a layer; forward, what counts is the
        spread between samples.
    diverged_at : int or None
        The layer, counted from 1, at which numbers left the range of floats; on the way back for
        gradients. ``depth + 1`` says that only the logits did.
    """

    quantity: Quantity
    depth: int
    histograms: Histograms
    by_size: bool
    unit: float
    mean: np.ndarray
    std: np.ndarray
    between: np.ndarray
    flat: np.ndarray
    stuck: np.ndarray
    flat_label: str
    states: tuple[str, ...]
    diverged_at: int | None

    @property
    def backward(self) -> bool:
        """Whether the quantity is a gradient, which travels backward, from layer L to layer 1."""
        return self.quantity in GRADIENTS

    @property
    def start(self) -> int:
        """The index of the layer where the signal starts: 0, or L - 1 for gradients."""
        return self.depth - 1 if self.backward else 0

    @property
    def factor(self) -> float:
        """By how much one layer multiplies the spread, on average on the signal's way; nan if unknown.

        The slope of log std against the layer, by least squares.
        """
        return self._factor(self.std)

    @property
    def signal_factor(self) -> float:
        """By how much one layer multiplies what `states` go by: between samples, or all for gradients."""
        return self._factor(self.std if self.backward else self.between)

    def _factor(self, spreads):
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(spreads)
        known = np.isfinite(logs)
        if known.sum() < 2:
            return np.nan
        layers = np.arange(self.depth)[known]
        slope = np.polyfit(layers, logs[known], 1)[0]
        return float(np.exp(-slope if self.backward else slope))


def signal_report(
    net: nn.Block,
    x: np.ndarray,
    labels: np.ndarray | None = None,
    *,
    quantity: str = Quantity.ACTIVATIONS,
) -> SignalReport:
    """Send `x` through `net` and report `quantity` layer by layer.

    Parameters
    ----------
    net : Block
        Initialized, with activation layers, in whatever blocks they stand; see `deep_net`.
    x : ndarray, shape (N, n_in) or (N, C, H, W)
    labels : ndarray of int, shape (N,)
        Needed for gradients only.
    quantity : str
        One of `QUANTITIES`.

    Raises
    ------
    ValueError
        For an unknown quantity, or a gradient without labels.
    """
    quantity = Quantity(checks.one_of("quantity", quantity, QUANTITIES))
    if quantity in GRADIENTS and labels is None:
        raise ValueError(f"{quantity} need labels: the loss is what is differentiated.")
    kinds = [type(activation) for activation in activations_of(net)]
    watch = LayerWatch(quantity, kinds)
    with one_blas_thread():
        kept = trace(net, x, labels if quantity in GRADIENTS else None, seen=watch)
    return _report(watch, quantity, len(kinds), kept.diverged_at)


def _report(watch, quantity, depth, diverged_at):
    backward = quantity in GRADIENTS
    layers = watch.layers(depth)
    mean, std, between = np.array([layer.moments for layer in layers]).T
    flat, stuck = np.array([layer.flat for layer in layers]).T
    carried = std if backward else between
    start = carried[-1] if backward else carried[0]
    states = tuple(
        _state(carried[i], start, flat[i] if kind in SATURATING else stuck[i], backward)
        for i, kind in enumerate(watch.kinds)
    )
    if backward and diverged_at is None and "diverged" in states:
        diverged_at = max(i for i, state in enumerate(states) if state == "diverged") + 1
    return SignalReport(
        quantity=quantity,
        depth=depth,
        histograms=_histograms([layer.counts for layer in layers], watch.edges),
        by_size=watch.bins is None,
        unit=watch.unit or 1.0,
        mean=mean,
        std=std,
        between=np.full(depth, np.nan) if backward else between,
        flat=flat,
        stuck=stuck,
        flat_label=watch.flat_label,
        states=states,
        diverged_at=diverged_at,
    )


def _state(std, start, flat, backward):
    if not np.isfinite(std):
        return "diverged"
    if std == 0 or std < VANISHED * start:
        return "vanished"
    if std > EXPLODED * start:
        return "exploded"
    return "stuck" if flat > STUCK and not backward else "alive"


def _histograms(counted, edges):
    counts, below, above = map(np.array, zip(*counted, strict=True))
    return Histograms(edges, counts, below, above)
