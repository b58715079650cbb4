"""Losses, computed from logits so that nothing overflows."""

import numpy as np

from coursekit.nn import checks
from coursekit.nn.activations import sigmoid


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
    if np.ma.getmaskarray(labels).any():
        raise ValueError("labels has masked entries: leave those rows out.")
    labels = np.asarray(labels)
    if labels.shape == (n, k) and np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all():
        raise ValueError(
            f"labels must be class indices, shape ({n},); these look one-hot, {labels.shape}: hand in "
            "labels.argmax(axis=1)."
        )
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


def binary_cross_entropy(logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    r"""Return the mean cross-entropy of yes-or-no targets under the sigmoid, and its gradient.

    With :math:`p = \sigma(z)` and n entries in all:

    .. math:: C = -\frac1n \sum \left[t \log p + (1 - t) \log(1 - p)\right], \qquad
              \frac{\partial C}{\partial z} = \frac{p - t}n

    computed as :math:`\max(z, 0) - z t + \log(1 + e^{-|z|})`, which overflows nowhere and takes no log
    of 0.

    Parameters
    ----------
    logits : ndarray, any shape
        z. Each entry is a question of its own: their probabilities need not sum to 1.
    targets : ndarray, the same shape
        t: 0 or 1 (or False and True), or a probability between them.

    Returns
    -------
    loss : float
        In nats, the mean over all entries. A net that knows nothing gets ln 2.
    dlogits : ndarray, shape and dtype of `logits`

    Raises
    ------
    TypeError, ValueError
        If shapes differ, a target is outside [0, 1], or a logit is not finite.
    """
    z = _finite_output("logits", logits)
    targets = np.asarray(targets)
    if targets.dtype.kind == "b":
        targets = targets.astype(z.dtype)
    t = checks.same_shape("targets", targets, z.shape)
    if not ((t >= 0) & (t <= 1)).all():
        raise ValueError(f"targets must lie in [0, 1]; got {t.min()} … {t.max()}.")
    t = t.astype(z.dtype, copy=False)
    losses = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))
    return float(losses.mean(dtype=np.float64)), (sigmoid(z) - t) / z.size


def squared_error(y: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    r"""Return the mean squared error and its gradient. No ½: the convention of PyTorch's ``MSELoss``.

    .. math:: C = \frac1n \sum (y - t)^2, \qquad \frac{\partial C}{\partial y} = \frac2n (y - t)

    with n the number of all entries. Other books halve each square, or sum over the outputs of a sample;
    both only rescale C, and with it the learning rate that suits.

    Parameters
    ----------
    y : ndarray, any shape
        What the net answers.
    target : ndarray, the same shape
        t. A (N,) beside a (N, 1) is refused: broadcasting would pair each answer with every target.

    Returns
    -------
    loss : float
        In the square of y's unit; inf where it exceeds float64.
    dy : ndarray, shape and dtype of `y`

    Raises
    ------
    TypeError, ValueError
        If shapes differ, or an entry is not finite.
    """
    y = _finite_output("y", y)
    t = checks.same_shape("target", target, y.shape)
    if not np.isfinite(t).all():
        raise ValueError("target holds nan or inf: give finite targets.")
    with np.errstate(over="ignore"):
        difference = y - t.astype(y.dtype, copy=False)
        loss = float(np.square(difference, dtype=np.float64).mean())
        difference *= 2 / y.size
    return loss, difference


def _finite_output(name, values):
    values = checks.float_array(name, values)
    if not np.isfinite(values).all():
        raise ValueError(
            f"{name} must be finite but holds nan or inf: the network diverged before the loss."
        )
    return values
