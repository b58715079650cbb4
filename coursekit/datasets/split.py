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


@lru_cache(maxsize=4)
def fashion_split(train: int = 4000, test: int = 1000) -> Split:
    """Return the first images of both parts of the shipped set, shifted and scaled alike.

    Mean and standard deviation are those of all grey values of the training images returned: nothing is
    learned from the test images, not even their brightness.

    Parameters
    ----------
    train, test : int
        How many; at most 10,000 and 2,000.
    """
    data = fashion_mnist().flat()
    for name, wanted, there in (("train", train, data.x_train), ("test", test, data.x_test)):
        if checks.positive_int(name, wanted) > len(there):
            raise ValueError(f"{name} must be at most {len(there)}; got {wanted}.")
    x, x_test = data.x_train[:train], data.x_test[:test]
    mean, std = x.mean(), x.std()
    return Split((x - mean) / std, data.y_train[:train], (x_test - mean) / std, data.y_test[:test])
