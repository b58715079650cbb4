"""A dozen of the photographs that the nets of the course look at."""

from dataclasses import dataclass

import numpy as np

from coursekit.datasets import CLASS_NAMES, fashion_mnist
from coursekit.nn import checks


@dataclass(frozen=True)
class Photographs:
    """Images and what they show.

    Attributes
    ----------
    images : ndarray, shape (N, 28, 28)
        Grey values, 0 (background) to 1.
    labels : ndarray of int, shape (N,), or None
        The class of each, 0 to 9; None where its number plays no part.
    names : tuple of str
        Its name.
    title : str
        What they are shown for.
    """

    images: np.ndarray
    labels: np.ndarray | None
    names: tuple[str, ...]
    title: str = "What the nets look at: 28 × 28 grey values, and a class to be named"


def photographs(count: int = 12) -> Photographs:
    """Return the first training image of every class, in the order of the classes, and then others.

    Parameters
    ----------
    count : int
        How many, 1 to 100.

    Raises
    ------
    TypeError, ValueError
        If count is no whole number in that range.
    """
    if checks.positive_int("count", count) > 100:
        raise ValueError(f"count must be at most 100, which is as many as a page can show; got {count}.")
    data = fashion_mnist().first(500, 1)
    one_of_each = [int(np.argmax(data.y_train == label)) for label in range(len(CLASS_NAMES))]
    others = [i for i in range(len(data.y_train)) if i not in one_of_each]
    chosen = np.array([*one_of_each, *others][:count])
    labels = data.y_train[chosen]
    images = data.x_train[chosen, 0].astype(np.float32)
    return Photographs(images, labels, tuple(CLASS_NAMES[label] for label in labels))
