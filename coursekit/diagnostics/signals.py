"""One number per layer, one histogram per layer: how the signal fares on its way through a net."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.diagnostics.histogram import Histograms, count_in_bins
from coursekit.diagnostics.moments import mean_and_std, spread_between_samples
from coursekit.diagnostics.trace import Trace, is_finite, trace
from coursekit.nn import checks

QUANTITIES = ("activations", "pre-activations", "gradients ∂C/∂s", "weight gradients ∂C/∂W")
GRADIENTS = QUANTITIES[2:]

# Below VANISHED or above EXPLODED times the reference layer's spread a signal counts as lost; above
# STUCK, the share of outputs on a flat piece of the activation does.
VANISHED, EXPLODED, STUCK = 0.01, 100.0, 0.5


@dataclass(frozen=True)
class Flat:
    """Where an activation is flat, so that no gradient passes: the label and the test."""

    label: str
    test: Callable[[np.ndarray], np.ndarray]


FLAT = {
    nn.Tanh: Flat("saturated, |h| > 0.97", lambda h: np.abs(h) > 0.97),
    nn.Sigmoid: Flat("saturated, |2h − 1| > 0.97", lambda h: np.abs(2 * h - 1) > 0.97),
    nn.ReLU: Flat("zero outputs, h = 0", lambda h: h == 0),
    nn.LeakyReLU: Flat("leaky side, h < 0", lambda h: h < 0),
    nn.Identity: Flat("zero outputs, h = 0", lambda h: h == 0),
}

# (low, high, bins): a bin is centred on 0, and for tanh and sigmoid the last bin holds ±1 and 0 or 1.
ACTIVATION_BINS = {
    nn.Tanh: (-1.02, 1.02, 51),
    nn.Sigmoid: (-0.01, 1.01, 51),
    nn.ReLU: (-0.05, 5.05, 51),
    nn.LeakyReLU: (-1.05, 4.05, 51),
    nn.Identity: (-4.08, 4.08, 51),
}
OTHER_BINS = (-4.08, 4.08, 51)


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
        Of the values divided by `unit`.
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

    quantity: str
    depth: int
    histograms: Histograms
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
        """Whether the quantity is a gradient, which travels from layer L down to layer 1."""
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
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(self.std)
        known = np.isfinite(logs)
        if known.sum() < 2:
            return np.nan
        layers = np.arange(self.depth)[known]
        slope = np.polyfit(layers, logs[known], 1)[0]
        return float(np.exp(-slope if self.backward else slope))


def signal_report(
    net: nn.Sequential,
    x: np.ndarray,
    labels: np.ndarray | None = None,
    *,
    quantity: str = "activations",
) -> SignalReport:
    """Send `x` through `net` and report `quantity` layer by layer.

    Parameters
    ----------
    net : Sequential
        Initialized, with activation layers; see `deep_net`.
    x : ndarray, shape (N, n_in)
    labels : ndarray of int, shape (N,)
        Needed for gradients only.
    quantity : str
        One of `QUANTITIES`.

    Raises
    ------
    ValueError
        For an unknown quantity, or a gradient without labels.
    """
    checks.one_of("quantity", quantity, QUANTITIES)
    if quantity in GRADIENTS and labels is None:
        raise ValueError(f"{quantity} needs labels: the loss is what is differentiated.")
    return report_of(trace(net, x, labels if quantity in GRADIENTS else None), len_hidden(net), quantity)


def len_hidden(net: nn.Sequential) -> int:
    """Return how many hidden layers (activations) `net` has."""
    return sum(type(layer) in FLAT for layer in net.layers)


def report_of(kept: Trace, depth: int, quantity: str) -> SignalReport:
    """Return the report of `quantity` from a trace of a net of `depth` hidden layers."""
    values = dict(zip(QUANTITIES, (kept.h, kept.s, kept.ds, kept.dW), strict=True))[quantity]
    kind = type(kept.activation)
    mean, std = _per_layer(mean_and_std, values, depth, (np.nan, np.nan))
    flat, stuck = _per_layer(lambda h: _flat_shares(FLAT[kind].test(h)), kept.h, depth, (np.nan, np.nan))
    backward = quantity in GRADIENTS
    between = _per_layer(spread_between_samples, () if backward else values, depth, np.nan)
    carried = std if backward else between
    start = carried[-1] if backward else carried[0]
    unit = float(start) if backward and start > 0 else 1.0
    bins = ACTIVATION_BINS[kind] if quantity == "activations" else OTHER_BINS
    states = tuple(
        _state(carried[i], start, flat[i] if kind in (nn.Tanh, nn.Sigmoid) else stuck[i], backward)
        for i in range(depth)
    )
    diverged_at = kept.diverged_at
    if backward and diverged_at is None and "diverged" in states:
        diverged_at = max(i for i, state in enumerate(states) if state == "diverged") + 1
    return SignalReport(
        quantity=quantity,
        depth=depth,
        histograms=_histograms(values, depth, unit, bins),
        unit=unit,
        mean=mean,
        std=std,
        between=between,
        flat=flat,
        stuck=stuck,
        flat_label=FLAT[kind].label,
        states=states,
        diverged_at=diverged_at,
    )


def _per_layer(measure, values, depth, missing):
    rows = [measure(v) for v in values] + [missing] * (depth - len(values))
    return np.array(rows, dtype=np.float64).T


def _flat_shares(mask):
    return np.count_nonzero(mask) / mask.size, mask.all(axis=0).mean()


def _state(std, start, flat, backward):
    if not np.isfinite(std):
        return "diverged"
    if std == 0 or std < VANISHED * start:
        return "vanished"
    if std > EXPLODED * start:
        return "exploded"
    return "stuck" if flat > STUCK and not backward else "alive"


def _histograms(values, depth, unit, bins):
    low, high, number = bins
    counts = np.zeros((depth, number), np.intp)
    below, above = np.zeros(depth, np.intp), np.zeros(depth, np.intp)
    for i, v in enumerate(values):
        if is_finite(v):
            counts[i], below[i], above[i] = count_in_bins(v, low * unit, high * unit, number)
    return Histograms(np.linspace(low, high, number + 1), counts, below, above)
