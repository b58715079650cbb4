"""Toy data, drawn rather than collected: its statistics are known beforehand."""

import numpy as np

from coursekit.nn import checks


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
