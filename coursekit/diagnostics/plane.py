"""A plane through the space of all weights, and the loss at many of its points at once."""

from dataclasses import dataclass

import numpy as np

from coursekit import nn
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

    def losses(self, a: np.ndarray, b: np.ndarray, parts: list[np.ndarray] | None = None) -> np.ndarray:
        """Return the mean cross-entropy at P points; inf where numbers left the range of floats.

        All points go through the net together, stacked as (P, units, N). The first layer is linear in a
        and b, so its products with x, the most costly ones, are taken once for the whole plane.

        Parameters
        ----------
        a, b : ndarray, shape (P,)
            Coordinates along d₁ and d₂.
        parts : list of ndarray, optional
            What `parts` returns, if many calls are to share it.
        """
        mixture = np.stack([np.ones_like(a), a, b], axis=1).astype(self.x.dtype)
        parts = iter(self.parts() if parts is None else parts)
        h = None
        with np.errstate(all="ignore"):
            for layer in self.net.layers:
                if isinstance(layer, nn.Dense):
                    mixed = np.tensordot(mixture, next(parts), 1)
                    h = mixed if h is None else mixed @ h  # (P, units, N), or (P, units, inputs) @ h
                    if layer.bias:
                        _shift(h, layer.params["b"])
                elif isinstance(layer, nn.BatchNorm):
                    _normalise(h, layer)
                else:
                    _ACTIVATE[type(layer)](h, layer)
            return _cross_entropy(h, self.labels)

    def parts(self) -> list[np.ndarray]:
        """Return what each dense layer mixes as 1, a and b say: (3, units, inputs) of W, d₁ and d₂.

        For the first layer their products with x instead, (3, units, N).
        """
        every = zip(dense_layers(self.net), self.d1, self.d2, strict=True)
        first, *others = (np.stack([layer.params["W"].T, d1.T, d2.T]) for layer, d1, d2 in every)
        return [first @ self.x.T, *others]


def _normalise(h, layer):
    """Batch norm in training mode on (P, units, N), in place: statistics over the N samples."""
    n = h.shape[2]
    h -= (h @ np.full(n, 1 / n, h.dtype))[..., None]  # a product is the fastest way to a mean
    variance = np.vecdot(h, h) / n
    h *= (layer.params["gamma"] / np.sqrt(variance + h.dtype.type(layer.eps)))[..., None]
    _shift(h, layer.params["beta"])


def _shift(h, b):
    """Add one number a unit, in place; before training they are all 0, and a pass is saved."""
    if b.any():
        h += b[:, None]


# In place: a plane has thousands of points, and fresh memory costs more than the arithmetic. NumPy takes
# the larger of two arrays more than twice as fast as that of an array and one number.
_ACTIVATE = {
    nn.Tanh: lambda h, layer: np.tanh(h, out=h),
    nn.ReLU: lambda h, layer: np.maximum(h, np.zeros_like(h[0]), out=h),
    nn.Sigmoid: lambda h, layer: np.copyto(h, nn.sigmoid(h)),
    nn.LeakyReLU: lambda h, layer: np.maximum(h, h * h.dtype.type(layer.slope), out=h),
    nn.Identity: lambda h, layer: h,
}


def _cross_entropy(z, labels):
    """Return the mean of log Σ exp z - z[label] over the samples, for z of shape (P, classes, N)."""
    z -= z.max(axis=1, keepdims=True)
    right = z[:, labels, np.arange(len(labels))]
    loss = (np.log(np.exp(z, out=z).sum(axis=1)) - right).mean(axis=1, dtype=np.float64)
    return np.where(np.isfinite(loss), loss, np.inf)
