"""How sharply the loss bends: along the gradient, and in the worst direction of all."""

from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.diagnostics.weights import weights_of
from coursekit.nn import checks

# Relative to the length of all weights; in float64 the difference of two gradients keeps six digits.
STEP = 1e-4


@dataclass(frozen=True)
class Curvature:
    r"""The loss around one point θ, all weights W of a net; biases, γ and β are held.

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
    """A net as a function of one long vector θ of its weights, in float64, on fixed data.

    Parameters
    ----------
    net : Block
        Copied, so that it stays as it is.
    x : ndarray, shape (N, n_in) or (N, C, H, W)
    labels : ndarray of int, shape (N,)

    Attributes
    ----------
    theta : ndarray
        The net's weights, all W one after another.
    parts : list of slice
        Where each W stands in it.
    """

    def __init__(self, net: nn.Block, x: np.ndarray, labels: np.ndarray):
        self._net = net.astype(np.float64)
        self._x, self._labels = checks.float_array("x", x).astype(np.float64), labels
        self._weights = weights_of(self._net)
        self.theta = np.concatenate([W.ravel() for W in self._weights.values()])
        ends = np.cumsum([W.size for W in self._weights.values()])
        self.parts = [slice(end - W.size, end) for end, W in zip(ends, self._weights.values(), strict=True)]

    def gradient(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Return C and ∂C/∂θ at `theta`, with the batch's own statistics in every batch norm."""
        for W, part in zip(self._weights.values(), self.parts, strict=True):
            W[...] = theta[part].reshape(W.shape)
        loss, dlogits = nn.softmax_cross_entropy(self._net.forward(self._x, training=True), self._labels)
        self._net.fill_grads(dlogits)
        grads = self._net.grads
        return loss, np.concatenate([grads[name].ravel() for name in self._weights])

    def bend(self, direction: np.ndarray) -> np.ndarray:
        """Return H times a unit `direction`: how the gradient changes along it (central differences)."""
        step = STEP * np.linalg.norm(self.theta)
        ahead, behind = (self.gradient(self.theta + s * direction)[1] for s in (step, -step))
        return (ahead - behind) / (2 * step)


def curvature(
    net: nn.Block, x: np.ndarray, labels: np.ndarray, products: int = 12, *, layer: int | None = None
) -> Curvature:
    """Measure the loss, its gradient and its curvature at the net's present weights.

    Parameters
    ----------
    net : Block
        Initialized, sizes known.
    x, labels : ndarray
        The data on which the loss is taken, all at once.
    products : int
        Products with H that the Lanczos method may take for `top`.
    layer : int, optional
        Let only the weights of this layer move, counted from 1 among those with weights: gradient and
        curvature are those in its W, with all other weights held.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    checks.positive_int("products", products)
    space = WeightSpace(net, x, labels)
    free = _free(space, layer)
    loss, g = space.gradient(space.theta)
    g = g * free
    length = float(np.linalg.norm(g))
    if length == 0:
        return Curvature(loss, 0.0, np.nan, np.nan)
    along, top = _lanczos(lambda v: free * space.bend(v), g / length, products)
    return Curvature(loss, length, along, top)


def _free(space, layer):
    """Return 1 for each weight that may move, 0 for those held."""
    if layer is None:
        return np.ones_like(space.theta)
    if not 1 <= checks.positive_int("layer", layer) <= len(space.parts):
        raise ValueError(f"layer must be 1 to {len(space.parts)}, the layers with weights; got {layer}.")
    free = np.zeros_like(space.theta)
    free[space.parts[layer - 1]] = 1
    return free


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
