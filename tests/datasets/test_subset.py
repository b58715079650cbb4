"""The shipped subset: what it holds, and that a damaged one is refused."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coursekit import datasets
from coursekit.datasets import subset

ROOT = Path(__file__).parents[2]


def test_subset_shapes_types_and_range():
    data = datasets.fashion_mnist()
    assert data.x_train.shape == (10_000, 1, 28, 28)
    assert data.x_test.shape == (2_000, 1, 28, 28)
    assert data.y_train.shape == (10_000,)
    assert data.y_test.shape == (2_000,)
    for x in (data.x_train, data.x_test):
        assert x.dtype == np.float32
        assert x.min() == 0
        assert x.max() == 1
        assert x.flags.c_contiguous
    assert data.y_train.dtype == data.y_test.dtype == np.int64
    assert "10,000 train + 2,000 test" in repr(data)


def test_subset_is_balanced_and_shuffled():
    data = datasets.fashion_mnist()
    assert np.bincount(data.y_train).tolist() == [1_000] * 10
    assert np.bincount(data.y_test).tolist() == [200] * 10
    for y, few in ((data.y_train, 500), (data.y_test, 500)):
        assert np.bincount(y[:few], minlength=10).min() > 25
    images = data.flat().x_train
    assert len({row.tobytes() for row in images}) == len(images)


def test_class_names_fit_the_images():
    """On the mean images, flat shoes are the lowest and trousers or dresses the narrowest."""
    data = datasets.fashion_mnist()
    assert len(data.class_names) == len(set(data.class_names)) == 10
    height, width = {}, {}
    for label, name in enumerate(data.class_names):
        ink = data.x_train[data.y_train == label].mean(axis=(0, 1)) > 0.2
        height[name], width[name] = ink.any(axis=1).sum(), ink.any(axis=0).sum()
    assert min(width, key=width.get) in {"Trouser", "Dress"}
    assert set(sorted(height, key=height.get)[:2]) == {"Sandal", "Sneaker"}


def test_subset_is_read_only_and_cached():
    data = datasets.fashion_mnist()
    assert datasets.fashion_mnist() is data
    for name in datasets.FILES:
        with pytest.raises(ValueError, match="read-only"):
            getattr(data, name)[0] = 1
    with pytest.raises(AttributeError):
        data.x_train = None


def test_shipped_file_has_no_pickles_and_the_documented_checksum():
    content = datasets.SUBSET_PATH.read_bytes()
    assert hashlib.sha256(content).hexdigest() == datasets.SUBSET_SHA256
    assert len(content) < 6_000_000
    with np.load(datasets.SUBSET_PATH, allow_pickle=False) as arrays:
        assert set(arrays.files) == set(datasets.FILES)
        assert {arrays[name].dtype for name in arrays.files} == {np.dtype(np.uint8)}
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for known in (
        datasets.SUBSET_SHA256,
        f"{len(content):,} bytes",
        *datasets.PACKED_SHA256.values(),
        *datasets.UNPACKED_SHA256.values(),
    ):
        assert known in page


@pytest.mark.parametrize(
    "damage",
    [lambda b: b[:-1], lambda b: b[:1000] + bytes([b[1000] ^ 1]) + b[1001:], lambda b: b""],
    ids=["truncated", "altered", "empty"],
)
def test_damaged_subset_is_refused(tmp_path, damage):
    content = damage(datasets.SUBSET_PATH.read_bytes())
    (tmp_path / "copy.npz").write_bytes(content)
    with pytest.raises(ValueError, match="altered or cut short") as caught:
        datasets.fashion_mnist(tmp_path / "copy.npz")
    for part in (
        "copy.npz",
        datasets.SUBSET_SHA256,
        hashlib.sha256(content).hexdigest(),
        f"{len(content):,}",
        "git",
    ):
        assert part in str(caught.value)


def test_copy_of_the_subset_elsewhere(tmp_path):
    copy = tmp_path / "copy.npz"
    copy.write_bytes(datasets.SUBSET_PATH.read_bytes())
    np.testing.assert_array_equal(datasets.fashion_mnist(str(copy)).y_test, datasets.fashion_mnist().y_test)


def test_missing_subset_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(subset, "SUBSET_PATH", tmp_path / "gone.npz")
    with pytest.raises(FileNotFoundError, match=r"gone\.npz; no such file\. Restore it"):
        datasets.fashion_mnist()


def test_import_and_subset_need_no_pooch():
    code = (
        "import sys; sys.modules['pooch'] = None; sys.modules['requests'] = None\n"
        "from coursekit import datasets; datasets.fashion_mnist()\n"
        "assert not {'matplotlib', 'ipywidgets'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
