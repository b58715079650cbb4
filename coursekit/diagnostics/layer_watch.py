"""The numbers of a layer, taken while the next layer is being computed."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from coursekit import nn
from coursekit.diagnostics.beside import BESIDE
from coursekit.diagnostics.histogram import SIZE_EDGES, count_in_bins, count_sizes
from coursekit.diagnostics.moments import moments
from coursekit.nn.activations import Activation


class Quantity(StrEnum):
    """What can be watched in every hidden layer."""

    ACTIVATIONS = "activations"
    PRE_ACTIVATIONS = "pre_activations"
    GRADIENTS = "gradients"  # ∂C/∂s
    WEIGHT_GRADIENTS = "weight_gradients"  # ∂C/∂W


QUANTITIES = tuple(Quantity)
GRADIENTS = (Quantity.GRADIENTS, Quantity.WEIGHT_GRADIENTS)

# What a trace calls them.
NAMES = dict(zip(QUANTITIES, ("h", "s", "ds", "dW"), strict=True))


@dataclass(frozen=True)
class Flat:
    """Where an activation is flat, so that no gradient passes: the label and the test."""

    label: str
    test: Callable[[np.ndarray], np.ndarray]


ZERO = Flat("zero outputs, h = 0", lambda h: h == 0)
FLAT = {
    nn.Tanh: Flat("saturated, |h| > 0.97", lambda h: np.abs(h) > 0.97),
    nn.Sigmoid: Flat("saturated, |2h − 1| > 0.97", lambda h: np.abs(2 * h - 1) > 0.97),
    nn.ReLU: ZERO,
    nn.LeakyReLU: Flat("leaky side, h < 0", lambda h: h < 0),
    nn.Identity: ZERO,
}

# (low, high, bins) of outputs with bounds: a bin is centred on 0, and the last one holds ±1, or 0 or 1.
# What has no bounds can shrink or grow by orders of magnitude: there the sizes are counted.
BOUNDED = {nn.Tanh: (-1.02, 1.02, 51), nn.Sigmoid: (-0.01, 1.01, 51)}


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
    kinds : list of type
        The activation of each hidden layer.

    Attributes
    ----------
    unit : float or None
        The spread that gradients are measured in: that of the first layer seen, the last of the net.
    bins : tuple or None
        Low, high and number of the bins; None if sizes are counted (`count_sizes`).
    flat_label : str
        What flat means, if all activations are of one kind.
    """

    def __init__(self, quantity: Quantity, kinds: list[type[Activation]]):
        self.name, self.kinds = NAMES[quantity], kinds
        one_kind = kinds[0] if len(set(kinds)) == 1 else None
        self.bins = BOUNDED.get(one_kind) if one_kind and self.name == "h" else None
        self.flat_label = FLAT[one_kind].label if one_kind in FLAT else "flat outputs"
        self.unit = None if quantity in GRADIENTS else 1.0
        self._flat: dict[int, Future] = {}
        self._numbers: dict[int, Future] = {}

    def __call__(self, name: str, layer: int, values: np.ndarray) -> None:
        """Hand `values` to the second thread if they are wanted."""
        if name == "h":
            self._flat[layer] = BESIDE.submit(self._flat_shares, self.kinds[layer], values)
        if name == self.name:
            self._numbers[layer] = BESIDE.submit(self._take, values)

    def _flat_shares(self, kind, h):
        mask = FLAT.get(kind, ZERO).test(h)
        # A unit of a convolution is a filter: it is flat for every sample if it is so at every pixel.
        samples = (0, 2, 3) if mask.ndim == 4 else 0
        return np.count_nonzero(mask) / mask.size, mask.all(axis=samples).mean()

    def _take(self, values):
        if not values.size:  # no weights of its own
            return (np.nan, np.nan, np.nan), self._empty()
        mean, std, between = moments(values)
        if self.unit is None:
            self.unit = std if std > 0 else 1.0
        if not np.isfinite(std):
            return (mean, std, between), self._empty()
        counted = count_in_bins(values, *self.bins) if self.bins else count_sizes(values)
        return (mean, std, between), counted

    @property
    def edges(self) -> np.ndarray:
        """The limits of the bins, in units of `unit`."""
        if not self.bins:
            return SIZE_EDGES / (self.unit or 1.0)
        low, high, number = self.bins
        return np.linspace(low, high, number + 1)

    def _empty(self):
        return np.zeros(len(self.edges) - 1, np.intp), 0, 0

    def layers(self, depth: int) -> list[LayerNumbers]:
        """Wait for the second thread; return the numbers of `depth` layers, nan for those not reached."""
        unknown = (np.nan, np.nan, np.nan), self._empty()
        flat = [self._flat[i].result() if i in self._flat else unknown[0][:2] for i in range(depth)]
        taken = [self._numbers[i].result() if i in self._numbers else unknown for i in range(depth)]
        return [LayerNumbers(m, f, c) for f, (m, c) in zip(flat, taken, strict=True)]
