"""The part of Fashion-MNIST that ships with the course, so that no lesson needs a network."""

import io
from functools import lru_cache
from pathlib import Path

import numpy as np

from coursekit.datasets.dataset import Dataset, from_bytes
from coursekit.datasets.files import as_path, check_sha256
from coursekit.nn import checks

SUBSET_PATH = Path(__file__).parents[2] / "data" / "fashion_mnist_subset.npz"
SUBSET_SHA256 = "1133222341dc9de5ea3cf045bd7d839d4aff0027f635ee511a5ed652f06834c7"
_RESTORE = (
    "Restore it with `git checkout -- data/fashion_mnist_subset.npz` in a clone of the course, "
    "or rebuild it as data/README.md tells."
)


def fashion_mnist(path: str | Path | None = None) -> Dataset:
    """Load the shipped subset of Fashion-MNIST: 10,000 train and 2,000 test images, no network.

    All classes have equally many images, in shuffled order; x is (N, 1, 28, 28). A second call
    returns the same object. `path` names a copy kept elsewhere; its checksum has to be the same.

    Raises
    ------
    FileNotFoundError
        If the file is missing.
    ValueError
        If its SHA-256 is not `SUBSET_SHA256`.
    """
    return _load_subset(SUBSET_PATH if path is None else as_path(path), SUBSET_SHA256)


@lru_cache(maxsize=1)
def _load_subset(path: Path, sha256: str) -> Dataset:
    if not path.is_file():
        raise FileNotFoundError(f"Expected the shipped images in {path}; no such file. {_RESTORE}")
    packed = path.read_bytes()
    check_sha256(packed, sha256, str(path), _RESTORE)
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return from_bytes(arrays)


def fashion_split(train: int = 4000, test: int = 1000, *, flat: bool = True) -> Dataset:
    """Return the first images of both parts of the shipped set, standardized by the training images.

    Parameters
    ----------
    train, test : int
        How many; at most 10,000 and 2,000.
    flat : bool
        Whether an image is a row of 784 numbers, (N, 784), or stays one, (N, 1, 28, 28).

    Returns
    -------
    Dataset
        Made once and kept.

    Raises
    ------
    TypeError, ValueError
        If a number is no whole number in its range.
    """
    checks.flag("flat", flat)
    return _kept_split(checks.positive_int("train", train), checks.positive_int("test", test), flat)


@lru_cache(maxsize=8)
def _kept_split(train, test, flat):
    data = fashion_mnist()
    data = (data.flat() if flat else data).first(train, test)
    return data.standardized()


def fashion_samples(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first n training images as rows, standardized, and their labels.

    Parameters
    ----------
    n : int
        1 to 10,000.

    Returns
    -------
    x : ndarray of float32, shape (n, 784)
    labels : ndarray of int64, shape (n,)

    Raises
    ------
    TypeError, ValueError
        If n is no whole number in that range.
    """
    data = fashion_mnist().flat()
    if checks.positive_int("n", n) > len(data.x_train):
        raise ValueError(f"n must be at most {len(data.x_train)}, the shipped training images; got {n}.")
    data = data.first(n, 1).standardized()
    return data.x_train, data.y_train
