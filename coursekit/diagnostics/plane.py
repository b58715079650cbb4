"""A plane through the space of all weights, and the loss at many of its points at once."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from coursekit import nn
from coursekit.diagnostics.stretch import behind_dense, first_stretch, untouched
from coursekit.nn import checks


def dense_layers(net: nn.Sequential) -> list[nn.Dense]:
    """Return the dense layers of `net`, first one first, those of nets inside it too."""
    return [layer for layer in net.leaves().values() if isinstance(layer, nn.Dense)]


def random_direction(net: nn.Sequential, rng: np.random.Generator) -> list[np.ndarray]:
    """Return a random direction in weight space, normalised filter by filter (Li et al. 2018, sec. 4).

    A unit's weights can be large or small without a change in what the net does, if the next layer makes
    up for it (with batch norm even if not). So each unit's part of the direction, a column of W, gets the
    length of that column: one step along it changes every unit by as much as it has. Biases, γ and β stay.

    Returns
    -------
    list of ndarray
        One a dense layer, the shape of its W.
    """
    checks.generator(rng)
    direction = []
    for layer in dense_layers(net):
        W = layer.params["W"]
        d = rng.standard_normal(W.shape, dtype=np.float32).astype(W.dtype, copy=False)
        direction.append(d * (np.linalg.norm(W, axis=0) / np.linalg.norm(d, axis=0)))
    return direction


def weight_direction(net: nn.Sequential, layer: int, unit: int, rank: int) -> list[np.ndarray]:
    """Return the direction of a single weight: the `rank`-th largest (from 1) of a unit's weights.

    Its step has the length of all the unit's weights, so that it can be compared with a random one.

    Parameters
    ----------
    layer, unit : int
        Counted from 1; the unit is a column of that layer's W.
    rank : int
        1 for the weight of the largest size.
    """
    dense = dense_layers(net)
    _at_most("layer", layer, len(dense))
    W = dense[layer - 1].params["W"]
    _at_most("unit", unit, W.shape[1])
    _at_most("rank", rank, W.shape[0])
    direction = [np.zeros_like(d.params["W"]) for d in dense]
    column = W[:, unit - 1]
    which = np.argsort(-np.abs(column), kind="stable")[rank - 1]
    direction[layer - 1][which, unit - 1] = np.linalg.norm(column)
    return direction


def _at_most(name, value, top):
    if checks.positive_int(name, value) > top:
        raise ValueError(f"{name} must be at most {top}; got {value}.")


@dataclass(frozen=True)
class Plane:
    """The points θ + a·d₁ + b·d₂ around the weights θ of a net, and the data on which a loss is taken.

    Attributes
    ----------
    net : Sequential
        Dense, BatchNorm and activation layers; batch norm uses the batch's own statistics.
    d1, d2 : list of ndarray
        Two directions, one array a dense layer.
    x : ndarray, shape (N, n_in)
    labels : ndarray of int, shape (N,)
    """

    net: nn.Sequential
    d1: list[np.ndarray]
    d2: list[np.ndarray]
    x: np.ndarray
    labels: np.ndarray

    def __post_init__(self):
        x = checks.float_array("x", self.x, ndim=2)
        if not np.isfinite(x).all():
            raise ValueError("x holds nan or inf: give finite inputs.")
        object.__setattr__(self, "x", x)
        for layer in self.net.layers:
            if not isinstance(layer, nn.Dense | nn.BatchNorm) and type(layer) not in _ACTIVATE:
                raise ValueError(f"a plane takes Dense, BatchNorm and activation layers; got {layer!r}.")
        if not all(isinstance(self.net.layers[i], nn.Dense) for i in (0, -1)):
            raise ValueError("the first and the last layer of a plane's net must be Dense.")
        shapes = [layer.params["W"].shape for layer in dense_layers(self.net)]
        for name, direction in (("d1", self.d1), ("d2", self.d2)):
            if [np.shape(d) for d in direction] != shapes:
                raise ValueError(f"{name} must have one array a dense layer, of the shapes {shapes}.")
        nn.softmax_cross_entropy(np.zeros((len(x), self.net.layers[-1].units)), self.labels)

    def losses(self, a: np.ndarray, b: np.ndarray, first: np.ndarray | None = None) -> np.ndarray:
        """Return the mean cross-entropy at P points; inf where numbers left the range of floats.

        All points go through the net together, and each only pays for its activations and one matrix
        product a `Stretch` between them. The first layer's products with x, the most costly ones, are the
        same for the whole plane.

        Parameters
        ----------
        a, b : ndarray, shape (P,)
            Coordinates along d₁ and d₂.
        first : ndarray, optional
            What `first` returns, if many calls are to share it.
        """
        a, b = (c.astype(self.x.dtype) for c in (a, b))
        dense, d1, d2 = dense_layers(self.net), iter(self.d1), iter(self.d2)
        with np.errstate(all="ignore"):
            for layer in self.net.layers:
                if layer is dense[0]:
                    rows = self.first() if first is None else first
                    stretch = first_stretch(rows, a, b, _bias(layer))
                    next(d1), next(d2)
                elif isinstance(layer, nn.Dense):
                    W = layer.params["W"].T + _each(a) * next(d1).T + _each(b) * next(d2).T
                    stretch = behind_dense(stretch, W, _bias(layer))
                elif isinstance(layer, nn.BatchNorm):
                    stretch = stretch.normalised(layer)
                else:
                    activate = partial(_ACTIVATE[type(layer)], layer)
                    stretch = untouched(stretch.signals(activate))
            return _cross_entropy(stretch.signals()[:, :-1], self.labels)

    def first(self) -> np.ndarray:
        """Return x W, x d₁, x d₂ of the first layer and ones, unit by unit: (units, 4, N)."""
        W = dense_layers(self.net)[0].params["W"]
        products = [(self.x @ m).T for m in (W, self.d1[0], self.d2[0])]
        return np.stack([*products, np.ones_like(products[0])], axis=1)


def _bias(layer):
    return layer.params["b"] if layer.bias else np.zeros(layer.units, layer.params["W"].dtype)


def _each(c):
    """Stack the coordinates of the points, so that each multiplies a matrix of its own."""
    return c[:, None, None]


# In place: a plane has thousands of points, and fresh memory costs more than the arithmetic.
_ACTIVATE = {
    nn.Tanh: lambda layer, h: np.tanh(h, out=h),
    nn.ReLU: lambda layer, h: np.maximum(h, 0, out=h),
    nn.Sigmoid: lambda layer, h: np.copyto(h, nn.sigmoid(h)),
    nn.LeakyReLU: lambda layer, h: np.maximum(h, h * h.dtype.type(layer.slope), out=h),
    nn.Identity: lambda layer, h: None,
}


def _cross_entropy(z, labels):
    """Return the mean of log Σ exp z - z[label] over the samples, for z of shape (P, classes, N)."""
    z -= z.max(axis=1, keepdims=True)
    right = z[:, labels, np.arange(len(labels))]
    loss = (np.log(np.exp(z).sum(axis=1)) - right).mean(axis=1, dtype=np.float64)
    return np.where(np.isfinite(loss), loss, np.inf)
