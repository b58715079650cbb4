"""Losses, computed from logits so that nothing overflows."""

import numpy as np

from coursekit.nn import checks


def softmax(logits: np.ndarray) -> np.ndarray:
    r"""Turn each row of scores into probabilities: :math:`p_j = e^{z_j} / \sum_k e^{z_k}`.

    Parameters
    ----------
    logits : ndarray, shape (N, K) or (K,)
        Scores. The row's largest is subtracted first: it changes no probability and stops overflow.

    Returns
    -------
    ndarray, shape of `logits`
        Each row sums to 1.

    Raises
    ------
    ValueError
        For another number of axes, or a row that has no softmax: with nan or +inf, or all -inf.
    """
    z = checks.float_array("logits", logits)
    if z.ndim not in (1, 2):
        raise ValueError(f"logits must be (N, K) or (K,); their shape is {z.shape}.")
    top = z.max(axis=-1, keepdims=True)
    if not np.isfinite(top).all():
        raise ValueError("logits hold nan or inf: the network diverged before the softmax.")
    e = np.exp(z - top)
    return e / e.sum(axis=-1, keepdims=True)


def softmax_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    r"""Return the mean cross-entropy of the labels under softmax, and its gradient.

    .. math:: C = -\frac1N \sum_i \log p_{i, \mathrm{label}_i}, \qquad
              \frac{\partial C}{\partial z} = \frac{p - \mathrm{onehot}}{N}

    Parameters
    ----------
    logits : ndarray, shape (N, K)
    labels : ndarray of int, shape (N,)
        The right class of each row, 0 to K - 1.

    Returns
    -------
    loss : float
        In nats. A net that knows nothing of K classes gets ln K.
    dlogits : ndarray, shape (N, K)

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit, labels are no whole numbers or outside 0 … K-1, or a logit is not finite.
    """
    z = checks.float_array("logits", logits, ndim=2)
    n, k = z.shape
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be whole numbers (class indices); their dtype is {labels.dtype}.")
    if labels.shape != (n,):
        raise ValueError(f"labels must have the shape ({n},), one a row; got {labels.shape}.")
    if labels.min() < 0 or labels.max() >= k:
        raise ValueError(f"labels must lie in 0 … {k - 1}; got {labels.min()} … {labels.max()}.")
    if not np.isfinite(z).all():
        raise ValueError("logits hold nan or inf: the network diverged before the loss.")
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(n)
    dlogits = np.exp(log_p)
    dlogits[rows, labels] -= 1
    dlogits /= n
    return float(-log_p[rows, labels].mean(dtype=np.float64)), dlogits
