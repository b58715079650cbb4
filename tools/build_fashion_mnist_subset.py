"""Build data/fashion_mnist_subset.npz from the four original files of Fashion-MNIST.

Usage: python tools/build_fashion_mnist_subset.py --idx FOLDER --out data/fashion_mnist_subset.npz
"""

import argparse
import hashlib
import io
import sys
from pathlib import Path

import numpy as np

from coursekit.datasets import SUBSET_SHA256, read_originals

SEED = 20170828
TRAIN_PER_CLASS = 1000
TEST_PER_CLASS = 200


def select(labels: np.ndarray, per_class: int, rng: np.random.Generator) -> np.ndarray:
    """Choose equally many samples of every class, in shuffled order.

    Each sample gets one raw 64-bit number of the bit generator; of each class those with the
    smallest numbers are kept, sorted by their numbers. NumPy promises the raw stream of a bit
    generator for ever, but not what `Generator.choice` makes of it.

    Parameters
    ----------
    labels : ndarray of integers, shape (N,)
        Class of each sample.
    per_class : int
        Samples wanted of each class that occurs.
    rng : numpy.random.Generator
        Source of the numbers.

    Returns
    -------
    ndarray of integers, shape (classes · per_class,)
        Indices into `labels`.

    Raises
    ------
    ValueError
        If a class has fewer samples than wanted.
    """
    order = np.argsort(rng.bit_generator.random_raw(labels.size), kind="stable")
    keep = np.zeros(labels.size, dtype=bool)
    for label, available in zip(*np.unique(labels, return_counts=True), strict=True):
        if available < per_class:
            raise ValueError(
                f"Class {label} should have at least {per_class} samples; it has {available}. "
                "Ask for fewer, or give more."
            )
        keep[np.flatnonzero(labels[order] == label)[:per_class]] = True
    return order[keep]


def build(
    folder: str | Path, train_per_class: int = TRAIN_PER_CLASS, test_per_class: int = TEST_PER_CLASS
) -> bytes:
    """Return the subset as the bytes of a compressed .npz file of four uint8 arrays.

    Parameters
    ----------
    folder : str or Path
        Holds the four original files, packed or not.
    train_per_class, test_per_class : int
        Images of each class.

    Returns
    -------
    bytes
        Always the same for the same input and the same zlib: no clock, no path, no pickle.
    """
    originals, rng = read_originals(folder), np.random.default_rng(SEED)
    subset = {}
    for part, per_class in (("train", train_per_class), ("test", test_per_class)):
        chosen = select(originals[f"y_{part}"], per_class, rng)
        subset |= {f"{axis}_{part}": originals[f"{axis}_{part}"][chosen] for axis in "xy"}
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **subset)
    return packed.getvalue()


def main(arguments: list[str] | None = None) -> None:
    """Read the folder, write the file, print its size and SHA-256."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--idx", required=True, metavar="FOLDER", help="the four original files")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the .npz to write")
    options = parser.parse_args(arguments)
    try:
        packed = build(options.idx)
        options.out.write_bytes(packed)
    except (OSError, ValueError) as error:
        sys.exit(f"No subset was built. {error}")
    sha256 = hashlib.sha256(packed).hexdigest()
    same = "is" if sha256 == SUBSET_SHA256 else "IS NOT"
    print(f"{options.out}: {len(packed):,} bytes\nSHA-256 {sha256}")
    print(f"It {same} the one that coursekit.datasets.SUBSET_SHA256 names.")


if __name__ == "__main__":
    main()
