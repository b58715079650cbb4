"""The step that all normalization layers share: mean 0, variance 1 over some axes, there and back."""

import numpy as np


def standardize(x: np.ndarray, axes: int | tuple[int, ...], eps: float) -> tuple[np.ndarray, ...]:
    r"""Return :math:`\hat x = (x - \mu) / \sqrt{v + \varepsilon}`, the root's inverse, μ and v.

    Parameters
    ----------
    x : ndarray of float
    axes : int or tuple of int
        The axes whose entries share a mean μ and a biased variance v.
    eps : float
        ε.

    Returns
    -------
    x_hat : ndarray, shape of `x`
    inv_std, mean, var : ndarray, shape of `x` with 1 on each of `axes`
        The variance is inf where it exceeds what the dtype can hold; x_hat is right there too.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        found = _standardize(x, axes, eps)
    if np.isfinite(found[3]).all():
        return found
    return _standardize_wide(x, axes, eps, *found)


def _standardize(x, axes, eps):
    mean = x.mean(axis=axes, keepdims=True)
    centred = x - mean
    left = centred.mean(axis=axes, keepdims=True)  # by rounding: it counts where x is far from 0
    centred -= left
    mean += left
    var = np.square(centred).mean(axis=axes, keepdims=True)
    inv_std = 1 / np.sqrt(var + x.dtype.type(eps))
    centred *= inv_std
    return centred, inv_std, mean, var


def wide_scale(x: np.ndarray, axes: int | tuple[int, ...], var: np.ndarray) -> np.ndarray:
    """Return by what to divide x so that no square overflows: the largest |x| where `var` is not finite.

    It is 1 elsewhere, and where x itself holds nan or inf: there is nothing to save.
    """
    largest = np.abs(x).max(axis=axes, keepdims=True)
    return np.where(np.isfinite(var) | ~np.isfinite(largest), 1, largest).astype(x.dtype)


def _standardize_wide(x, axes, eps, x_hat, inv_std, mean, var):
    """Do again, on x divided by its largest entry, what came out as 0 since the variance overflowed."""
    scale = wide_scale(x, axes, var)
    if (scale == 1).all():
        return x_hat, inv_std, mean, var
    # ε is divided by the square too, and kept from becoming 0: entries that are all alike have no spread.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        small = np.maximum(np.asarray(eps, float) / np.square(scale, dtype=float), np.finfo(x.dtype).tiny)
        small = np.where(scale == 1, eps, small)
        x_hat, inv_std, mean, var = _standardize(x / scale, axes, small)
        return x_hat, inv_std / scale, mean * scale, var * np.square(scale)


def standardize_backward(
    dx_hat: np.ndarray, x_hat: np.ndarray, inv_std: np.ndarray, axes: int | tuple[int, ...]
) -> np.ndarray:
    r"""Return dC/dx of `standardize`, for :math:`g = \partial C / \partial \hat x`.

    .. math:: \frac{\partial C}{\partial x} = \frac{1}{\sqrt{v + \varepsilon}}
              \left(g - \overline{g} - \hat x\, \overline{g \hat x}\right)

    The bars are means over `axes`: what x does to its own mean and to its own variance.
    """
    mean_g = dx_hat.mean(axis=axes, keepdims=True)
    mean_g_x_hat = (dx_hat * x_hat).mean(axis=axes, keepdims=True)
    return inv_std * (dx_hat - mean_g - x_hat * mean_g_x_hat)
