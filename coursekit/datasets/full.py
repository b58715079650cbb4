"""All of Fashion-MNIST, from a folder that holds the four original files."""

from pathlib import Path

import numpy as np

from coursekit.datasets.dataset import Dataset, from_bytes
from coursekit.datasets.files import as_path, check_sha256
from coursekit.datasets.idx import parse_idx, unpack
from coursekit.datasets.published import ELSEWHERE, FILES, UNPACKED_SHA256


def fashion_mnist_full(folder: str | Path) -> Dataset:
    """Load all 60,000 train and 10,000 test images; takes some 220 MB of memory.

    `folder` and what is raised are as for `read_originals`; x is (N, 1, 28, 28). With a network:
    ``fashion_mnist_full(fetch_fashion_mnist())``.
    """
    return from_bytes(read_originals(folder))


def read_originals(folder: str | Path) -> dict[str, np.ndarray]:
    """Read the four original IDX files and check that they are the published ones.

    Parameters
    ----------
    folder : str or Path
        Holds the four files that `FILES` names, each packed (with .gz after its name) or not.

    Returns
    -------
    dict of str to ndarray, uint8
        x_train (60000, 28, 28), y_train (60000,), x_test (10000, 28, 28), y_test (10000,).

    Raises
    ------
    FileNotFoundError
        If the folder or one of the files is missing.
    ValueError
        If a file is damaged, or its unpacked content is not what Zalando published.
    """
    arrays = {}
    for field, name in FILES.items():
        plain, packed = as_path(folder) / name, as_path(folder) / f"{name}.gz"
        path = plain if plain.is_file() else packed
        raw = unpack(path)
        check_sha256(raw, UNPACKED_SHA256[field], f"{path} (unpacked)", ELSEWHERE)
        arrays[field] = parse_idx(raw, path)
    return arrays
