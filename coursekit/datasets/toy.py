"""Toy data, drawn rather than collected: its statistics are known beforehand."""

import numpy as np

from coursekit.nn import checks

CENTRE, CLASS_VARIANCE = (0.4, 0.8), 0.036


def gaussian(
    n: int, features: int, rng: np.random.Generator, classes: int = 10
) -> tuple[np.ndarray, np.ndarray]:
    """Draw inputs from N(0, 1), and labels that have nothing to do with them.

    Inputs of known mean 0 and variance 1 show what a network does to a signal: whatever the
    statistics after some layers are, the network made them so. There is nothing to learn here.

    Parameters
    ----------
    n, features, classes : int
        Number of samples, of features and of classes, each at least 1.
    rng : numpy.random.Generator
        Draws the inputs, then the labels.

    Returns
    -------
    x : ndarray, float32, shape (n, features)
        Independent draws from N(0, 1).
    y : ndarray, int64, shape (n,)
        Independent draws, each of 0 … classes − 1 being as likely.

    Raises
    ------
    TypeError, ValueError
        If a number is no integer or less than 1, or `rng` is no Generator.
    """
    shape = (checks.positive_int("n", n), checks.positive_int("features", features))
    classes, rng = checks.positive_int("classes", classes), checks.generator(rng)
    return rng.standard_normal(shape, dtype=np.float32), rng.integers(classes, size=shape[0])


def two_gaussians(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    r"""Draw two clouds of points around ±(0.4, 0.8), with targets ±1: LeCun's problem of 1998.

    Each coordinate of a cloud has the variance 0.036 around its centre c. Both together have the mean 0,
    so that the matrix of second moments :math:`E[x x^T] = c c^T + 0.036\,I` has the eigenvalues
    |c|² + 0.036 = 0.836 (along c) and 0.036 (across it). It is the second derivative of the loss
    :math:`\frac{1}{2} E[(w \cdot x - t)^2]`: gradient descent on two weights is stable below the rate
    2/0.836 = 2.39.

    Parameters
    ----------
    n : int
        Number of points, at least 1. Half of them belong to each class; an odd one to class +1.
    rng : numpy.random.Generator
        Draws the order of the classes, then the points.

    Returns
    -------
    x : ndarray, float32, shape (n, 2)
        The points, classes mixed.
    targets : ndarray, float32, shape (n,)
        1 for a point of the cloud around (0.4, 0.8), −1 for one of the other.

    Raises
    ------
    TypeError, ValueError
        If n is no integer or less than 1, or `rng` is no Generator.

    Source: LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998, section 5.
    """
    n, rng = checks.positive_int("n", n), checks.generator(rng)
    targets = np.ones(n, np.float32)
    targets[: n // 2] = -1
    targets = rng.permutation(targets)
    around = np.sqrt(CLASS_VARIANCE) * rng.standard_normal((n, 2))
    x = targets[:, None] * np.array(CENTRE) + around
    return x.astype(np.float32), targets
