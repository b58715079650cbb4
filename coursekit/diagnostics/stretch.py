"""The linear stretch between two activations as one small matrix, for many versions of a net at once.

Dense layers and batch norms are linear in the signals h that enter them, apart from a constant. So for each
version of the net they come to one matrix M, applied to H: the signals of all N samples, side by side, with
a row of ones for the constant. Batch norm needs no pass over the product M H. Its statistics follow from
two small things, the mean h̄ and the covariance matrix C of the rows of H:

    mean(M h) = M h̄,    var(M h) = the diagonal of M C Mᵀ.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit import nn


@dataclass(frozen=True)
class Stretch:
    """P versions of a net up to just before an activation: the product M H, not multiplied out yet.

    Behind the first dense layer every version sees the same x, and its weights are W + a d₁ + b d₂. There
    a unit's signals are a mixture of four rows (x W, x d₁, x d₂ and ones), so that M and H are stacked by
    unit: M is (K, P, 4) and H is (K, 4, N). Everywhere else they are stacked by version: M is
    (P, K, J + 1) and H is (P, J + 1, N), for J units below and K above.

    Attributes
    ----------
    M, H : ndarray
        The last row of each matrix in H is 1.
    by_unit : bool
        Whether they are stacked by unit.
    """

    M: np.ndarray
    H: np.ndarray
    by_unit: bool = False

    def normalised(self, layer: nn.BatchNorm) -> "Stretch":
        """Return the stretch with a batch norm behind it, in training mode."""
        gram = self.H @ self.H.swapaxes(1, 2) / self.H.shape[2]
        mean_h = gram[:, :, -1:]  # the mean product with the row of ones
        C = gram - mean_h * mean_h.swapaxes(1, 2)
        mean = (self.M @ mean_h)[..., 0]
        variance = np.maximum(np.vecdot(self.M @ C, self.M), 0)  # rounding may leave less than nothing
        gamma, beta = layer.params["gamma"], layer.params["beta"]
        if self.by_unit:
            gamma, beta = gamma[:, None], beta[:, None]
        scale = gamma / np.sqrt(variance + variance.dtype.type(layer.eps))
        M = self.M * scale[..., None]
        M[..., -1] += beta - scale * mean
        return Stretch(M, self.H, self.by_unit)

    def signals(self, activate: Callable[[np.ndarray], None] = lambda h: None) -> np.ndarray:
        """Multiply M H out, apply `activate` in place, and return (P, K + 1, N): the next stretch's H."""
        units, versions = self.M.shape[:2] if self.by_unit else self.M.shape[1::-1]
        H = np.empty((versions, units + 1, self.H.shape[2]), self.H.dtype)
        H[:, -1] = 1
        h = H[:, :-1]
        np.matmul(self.M, self.H, out=h.swapaxes(0, 1) if self.by_unit else h)
        activate(h)
        return H


def first_stretch(rows: np.ndarray, a: np.ndarray, b: np.ndarray, bias: np.ndarray) -> Stretch:
    """Return the first dense layer's stretch at P points, W + a d₁ + b d₂ each.

    Parameters
    ----------
    rows : ndarray, shape (K, 4, N)
        For each unit x W, x d₁, x d₂ and ones.
    a, b : ndarray, shape (P,)
    bias : ndarray, shape (K,)
    """
    M = np.empty((len(bias), len(a), 4), rows.dtype)
    M[..., 0], M[..., 1], M[..., 2], M[..., 3] = 1, a, b, bias[:, None]
    return Stretch(M, rows, by_unit=True)


def untouched(H: np.ndarray) -> Stretch:
    """Return the stretch in which nothing has happened yet to the signals H: M is the identity."""
    versions, rows, _ = H.shape
    return Stretch(np.broadcast_to(np.eye(rows - 1, rows, dtype=H.dtype), (versions, rows - 1, rows)), H)


def behind_dense(before: Stretch, W: np.ndarray, bias: np.ndarray) -> Stretch:
    """Return the stretch with a dense layer behind it: W is (P, K, J), a matrix for each version."""
    if before.by_unit:  # units are mixed from here on
        before = untouched(before.signals())
    M = W @ before.M
    M[..., -1] += bias
    return Stretch(M, before.H)
