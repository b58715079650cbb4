"""The numbers of a layer, taken while the next layer is being computed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.diagnostics.beside import BESIDE
from coursekit.diagnostics.histogram import count_in_bins
from coursekit.diagnostics.moments import moments

QUANTITIES = ("activations", "pre-activations", "gradients ∂C/∂s", "weight gradients ∂C/∂W")
GRADIENTS = QUANTITIES[2:]

# What a trace calls them.
NAMES = dict(zip(QUANTITIES, ("h", "s", "ds", "dW"), strict=True))


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
class LayerNumbers:
    """Numbers of one quantity in one layer.

    Attributes
    ----------
    moments : tuple of float
        Mean, standard deviation, spread between samples; nan if unknown.
    flat : tuple of float
        Share of outputs where the activation is flat, and of units that are so for every sample.
    counts : tuple of (ndarray, int, int)
        Entries in each bin, below and above.
    """

    moments: tuple[float, float, float]
    flat: tuple[float, float]
    counts: tuple[np.ndarray, int, int]


class LayerWatch:
    """Told of every signal of a `trace`, takes the numbers of one quantity on a second thread.

    Parameters
    ----------
    quantity : str
        One of `QUANTITIES`.
    kind : type
        The activation of the hidden layers.

    Attributes
    ----------
    unit : float or None
        The spread that gradients are measured in: that of the first layer seen, the last of the net.
    bins : tuple
        Low, high and number of the bins, in units of `unit`.
    """

    def __init__(self, quantity: str, kind: type[nn.Identity]):
        self.name, self.kind = NAMES[quantity], kind
        self.bins = ACTIVATION_BINS.get(kind, OTHER_BINS) if self.name == "h" else OTHER_BINS
        self.unit = None if quantity in GRADIENTS else 1.0
        self._flat, self._numbers = {}, {}

    def __call__(self, name: str, layer: int, values: np.ndarray) -> None:
        """Hand `values` to the second thread if they are wanted."""
        if name == "h":
            self._flat[layer] = BESIDE.submit(self._flat_shares, values)
        if name == self.name:
            self._numbers[layer] = BESIDE.submit(self._take, values)

    def _flat_shares(self, h):
        mask = FLAT[self.kind].test(h)
        return np.count_nonzero(mask) / mask.size, mask.all(axis=0).mean()

    def _take(self, values):
        mean, std, between = moments(values)
        if self.unit is None:
            self.unit = std if std > 0 else 1.0
        low, high, number = self.bins
        if not np.isfinite(std):
            return (mean, std, between), self._empty()
        return (mean, std, between), count_in_bins(values, low * self.unit, high * self.unit, number)

    def _empty(self):
        return np.zeros(self.bins[2], np.intp), 0, 0

    def layers(self, depth: int) -> list[LayerNumbers]:
        """Wait for the second thread; return the numbers of `depth` layers, nan for those not reached."""
        unknown = (np.nan, np.nan, np.nan), self._empty()
        flat = [self._flat[i].result() if i in self._flat else unknown[0][:2] for i in range(depth)]
        taken = [self._numbers[i].result() if i in self._numbers else unknown for i in range(depth)]
        return [LayerNumbers(m, f, c) for f, (m, c) in zip(flat, taken, strict=True)]
