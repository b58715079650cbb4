"""A plane through the space of all weights, and the loss at many of its points at once."""

from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.diagnostics.weights import weights_of
from coursekit.nn import checks


@dataclass(frozen=True)
class Plane:
    """The points θ + a·d₁ + b·d₂ around the weights θ of a net, and the data on which a loss is taken.

    Attributes
    ----------
    net : Block
        Initialized, sizes known; batch norm uses the batch's own statistics. It stays as it is.
    d1, d2 : list of ndarray
        Two directions, one array for each of the net's `weights_of`.
    x : ndarray, shape (N, n_in) or (N, C, H, W)
    labels : ndarray of int, shape (N,)
    """

    net: nn.Block
    d1: list[np.ndarray]
    d2: list[np.ndarray]
    x: np.ndarray
    labels: np.ndarray

    def __post_init__(self):
        x = checks.float_array("x", self.x)
        if not np.isfinite(x).all():
            raise ValueError("x holds nan or inf: give finite inputs.")
        object.__setattr__(self, "x", x)
        shapes = [W.shape for W in weights_of(self.net).values()]
        for name, direction in (("d1", self.d1), ("d2", self.d2)):
            if [np.shape(d) for d in direction] != shapes:
                raise ValueError(f"{name} must have one array for each of the weights, shapes {shapes}.")
        _loss(self.net.astype(x.dtype), x, self.labels)  # refuses what the net and the loss refuse

    def losses(self, a: np.ndarray, b: np.ndarray, parts: list[np.ndarray] | None = None) -> np.ndarray:
        """Return the mean cross-entropy at P points; inf where numbers left the range of floats.

        Parameters
        ----------
        a, b : ndarray, shape (P,)
            Coordinates along d₁ and d₂.
        parts : list of ndarray, optional
            What `parts` returns, if many calls are to share it.
        """
        if not self.is_chain:
            return self._one_by_one(a, b)
        return self._together(a, b, self.parts() if parts is None else parts)

    @property
    def is_chain(self) -> bool:
        """Whether the net is a chain of dense layers, batch norms and activations: those go together."""
        layers = getattr(self.net, "layers", [])
        return (
            isinstance(self.net, nn.Sequential)
            and self.x.ndim == 2
            and isinstance(layers[0], nn.Dense)
            and all(
                isinstance(layer, nn.Dense | nn.BatchNorm) or type(layer) in _ACTIVATE for layer in layers
            )
        )

    def parts(self) -> list[np.ndarray]:
        """Return what each dense layer of a chain mixes as 1, a and b say: (3, units, inputs) of W, d₁, d₂.

        For the first layer their products with x instead, (3, units, N).
        """
        every = zip(weights_of(self.net).values(), self.d1, self.d2, strict=True)
        first, *others = (np.stack([W.T, d1.T, d2.T]) for W, d1, d2 in every)
        return [first @ self.x.T, *others]

    def _together(self, a, b, parts):
        """Send all points through the chain together, stacked as (P, units, N).

        The first layer is linear in a and b, so its products with x, the most costly ones, are taken once
        for the whole plane.
        """
        mixture = np.stack([np.ones_like(a), a, b], axis=1).astype(self.x.dtype)
        parts, h = iter(parts), None
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

    def _one_by_one(self, a, b):
        """Send each point through a copy of the net by itself: slower, and right for any net."""
        net = self.net.astype(self.x.dtype)
        every = list(
            zip(weights_of(net).values(), weights_of(self.net).values(), self.d1, self.d2, strict=True)
        )
        losses = np.empty(len(a))
        for i in range(len(a)):
            for W, centre, d1, d2 in every:
                W[...] = centre + a[i] * d1 + b[i] * d2
            losses[i] = _loss(net, self.x, self.labels)
        return losses


def _loss(net, x, labels):
    """Return the loss of `net` in training mode, whose running statistics move; inf if it diverged."""
    with np.errstate(all="ignore"):
        logits = net.forward(x, training=True)
        return nn.softmax_cross_entropy(logits, labels)[0] if checks.is_finite(logits) else np.inf


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
