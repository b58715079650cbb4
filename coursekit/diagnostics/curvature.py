"""How sharply the loss bends: along the gradient, and in the worst direction of all."""

import copy
from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.diagnostics.plane import dense_layers
from coursekit.nn import checks

# Relative to the length of all weights; in float64 the difference of two gradients keeps six digits.
STEP = 1e-4


@dataclass(frozen=True)
class Curvature:
    r"""The loss around one point θ, all dense weights W of a net; biases, γ and β are held.

    Attributes
    ----------
    loss : float
        C at θ.
    gradient : float
        ‖g‖ with :math:`g = \partial C/\partial\theta`.
    along_gradient : float
        :math:`g^T H g / \|g\|^2`, the second derivative of C on the way that gradient descent takes; H
        is the Hessian, the matrix of second derivatives.
    top : float
        The largest eigenvalue of H: the second derivative in the direction where it is largest. Plain
        gradient descent on a bowl of this curvature diverges at a rate above 2 / top.
    """

    loss: float
    gradient: float
    along_gradient: float
    top: float


class WeightSpace:
    """A net as a function of one long vector θ of its dense weights, in float64, on fixed data.

    Parameters
    ----------
    net : Sequential
        Copied, so that it stays as it is.
    x : ndarray, shape (N, n_in)
    labels : ndarray of int, shape (N,)

    Attributes
    ----------
    theta : ndarray
        The net's weights, all W one after another.
    parts : list of slice
        Where each dense layer's W stands in it.
    """

    def __init__(self, net: nn.Sequential, x: np.ndarray, labels: np.ndarray):
        self._net = copy.deepcopy(net)
        self._x, self._labels = checks.float_array("x", x, ndim=2).astype(np.float64), labels
        for leaf in self._net.leaves().values():
            for arrays in (leaf.params, leaf.buffers):
                arrays.update({name: array.astype(np.float64) for name, array in arrays.items()})
        self._dense = dense_layers(self._net)
        self.theta = np.concatenate([layer.params["W"].ravel() for layer in self._dense])
        ends = np.cumsum([layer.params["W"].size for layer in self._dense])
        self.parts = [
            slice(end - d.params["W"].size, end) for end, d in zip(ends, self._dense, strict=True)
        ]

    def gradient(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Return C and ∂C/∂θ at `theta`, with the batch's own statistics in every batch norm."""
        for layer, part in zip(self._dense, self.parts, strict=True):
            layer.params["W"][...] = theta[part].reshape(layer.params["W"].shape)
        loss, dlogits = nn.softmax_cross_entropy(self._net.forward(self._x, training=True), self._labels)
        self._net.backward(dlogits)
        return loss, np.concatenate([layer.grads["W"].ravel() for layer in self._dense])

    def bend(self, direction: np.ndarray) -> np.ndarray:
        """Return H times a unit `direction`: how the gradient changes along it (central differences)."""
        step = STEP * np.linalg.norm(self.theta)
        ahead, behind = (self.gradient(self.theta + s * direction)[1] for s in (step, -step))
        return (ahead - behind) / (2 * step)


def curvature(net: nn.Sequential, x: np.ndarray, labels: np.ndarray, products: int = 12) -> Curvature:
    """Measure the loss, its gradient and its curvature at the net's present weights.

    Parameters
    ----------
    net : Sequential
        Initialized, sizes known.
    x, labels : ndarray
        The data on which the loss is taken, all at once.
    products : int
        Products with H that the Lanczos method may take for `top`.
    """
    checks.positive_int("products", products)
    space = WeightSpace(net, x, labels)
    loss, g = space.gradient(space.theta)
    length = float(np.linalg.norm(g))
    if length == 0:
        return Curvature(loss, 0.0, np.nan, np.nan)
    along, top = _lanczos(space.bend, g / length, products)
    return Curvature(loss, length, along, top)


def _lanczos(bend, start, products):
    """Return vᵀHv for the unit vector `start`, and the largest eigenvalue that `products` of H show.

    H is written in a basis of v, Hv, H²v, …, made orthonormal; there it is a small tridiagonal matrix
    whose largest eigenvalue soon is that of H (Lanczos 1950). In many directions v and H v have nothing
    left to find: then the basis is complete and it stops.
    """
    basis, diagonal, beside = [start], [], []
    for _ in range(products):
        w = bend(basis[-1])
        diagonal.append(w @ basis[-1])
        for v in basis:
            w = w - (w @ v) * v
        rest = np.linalg.norm(w)
        if rest < 1e-8 * max(map(abs, diagonal)):
            break
        beside.append(rest)
        basis.append(w / rest)
    small = np.diag(diagonal)
    for i, value in enumerate(beside[: len(diagonal) - 1]):
        small[i, i + 1] = small[i + 1, i] = value
    return float(diagonal[0]), float(np.linalg.eigvalsh(small)[-1])
