"""Mini-batches: the samples in random order, some at a time; or drawn at random, some of them twice."""

from collections.abc import Iterator

import numpy as np

from coursekit.nn import checks


def minibatches(
    x: np.ndarray,
    y: np.ndarray,
    batch_size: int,
    rng: np.random.Generator,
    *,
    replacement: bool = False,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Go through the samples once, in random order, a batch at a time.

    The order is drawn at the call, not at the first batch. The last batch is shorter where
    `batch_size` does not divide N.

    Parameters
    ----------
    x, y : ndarray, shape (N, ...)
        Inputs, and for each its label or target.
    batch_size : int
        Samples in a batch, at least 1. More than N gives one batch of all.
    rng : numpy.random.Generator
        Draws the order.
    replacement : bool
        Whether each of the N places is drawn from all samples, those taken before included. Then a pass
        meets 63.2 % of them, 1 - (1 - 1/N)^N, some more than once; without, each sample comes once.

    Returns
    -------
    iterator of (ndarray, ndarray)
        x and y of each batch, copies, shapes (B, ...).

    Raises
    ------
    TypeError, ValueError
        At the call: if x and y are no arrays, are empty or differ in length, if `batch_size` is
        no integer or less than 1, or if `rng` is no Generator.
    """
    if not (isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and x.ndim and y.ndim):
        raise TypeError(
            "x and y should be arrays with a row for each sample; got "
            f"{type(x).__name__} and {type(y).__name__}. Convert them with np.asarray."
        )
    if len(x) != len(y) or not len(x):
        raise ValueError(
            f"x and y should have equally many samples, at least one; got {len(x)} and {len(y)}. "
            "Cut both alike."
        )
    size = checks.positive_int("batch_size", batch_size)
    checks.generator(rng)
    drawn_again = checks.flag("replacement", replacement)
    order = rng.integers(len(x), size=len(x)) if drawn_again else rng.permutation(len(x))
    chunks = (order[i : i + size] for i in range(0, len(order), size))
    return ((x[chunk], y[chunk]) for chunk in chunks)
