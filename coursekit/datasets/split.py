"""Images to learn from and images to be judged by, as a net likes them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit.datasets.subset import fashion_mnist
from coursekit.nn import checks


@dataclass(frozen=True, eq=False)
class Split:
    """Training and test samples.

    Attributes
    ----------
    x, x_test : ndarray of float32, shape (N, K)
    labels, labels_test : ndarray of int64, shape (N,)
    """

    x: np.ndarray
    labels: np.ndarray
    x_test: np.ndarray
    labels_test: np.ndarray


def fashion_split(train: int = 4000, test: int = 1000) -> Split:
    """Return the first images of both parts of the shipped set, shifted and scaled alike.

    Mean and standard deviation are those of all grey values of the training images returned: nothing is
    learned from the test images, not even their brightness.

    Parameters
    ----------
    train, test : int
        How many; at most 10,000 and 2,000.

    Returns
    -------
    Split
        Made once and kept; its arrays are read-only, since everybody gets the same ones.
    """
    return _split(checks.positive_int("train", train), checks.positive_int("test", test))


@lru_cache(maxsize=4)
def _split(train, test):
    data = fashion_mnist().flat()
    for name, wanted, there in (("train", train, data.x_train), ("test", test, data.x_test)):
        if wanted > len(there):
            raise ValueError(f"{name} must be at most {len(there)}; got {wanted}.")
    x, x_test = data.x_train[:train], data.x_test[:test]
    mean, std = x.mean(), x.std()
    labels, labels_test = data.y_train[:train].copy(), data.y_test[:test].copy()
    arrays = (x - mean) / std, labels, (x_test - mean) / std, labels_test
    for array in arrays:
        array.flags.writeable = False
    return Split(*arrays)
