"""Small stand-ins for the four original files."""

import gzip
import hashlib

import numpy as np
import pytest

from coursekit import datasets


def idx(array):
    """Write the format as its definition says, independently of the reader."""
    head = bytes([0, 0, 8, array.ndim])
    return head + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


@pytest.fixture
def to_idx():
    return idx


@pytest.fixture
def originals(monkeypatch):
    """Stand-ins for the four files, a few images of each class, with checksums to match."""
    rng = np.random.default_rng(7)
    arrays, files = {}, {}
    for part, per_class in (("train", 9), ("test", 4)):
        labels = rng.permutation(np.repeat(np.arange(10), per_class)).astype(np.uint8)
        arrays[f"x_{part}"] = rng.integers(256, size=(labels.size, 28, 28), dtype=np.uint8)
        arrays[f"y_{part}"] = labels
    for field, name in datasets.FILES.items():
        raw = idx(arrays[field])
        files[f"{name}.gz"] = gzip.compress(raw)
        monkeypatch.setitem(datasets.PACKED_SHA256, field, hashlib.sha256(files[f"{name}.gz"]).hexdigest())
        monkeypatch.setitem(datasets.UNPACKED_SHA256, field, hashlib.sha256(raw).hexdigest())
    return arrays, files


@pytest.fixture
def folder(tmp_path, originals):
    place = tmp_path / "originals"
    place.mkdir()
    for name, content in originals[1].items():
        (place / name).write_bytes(content)
    return place
