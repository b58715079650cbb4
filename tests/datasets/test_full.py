"""The full set from a folder, on stand-ins for its files."""

import gzip
import hashlib

import numpy as np
import pytest

from coursekit import datasets


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_full_set_from_a_folder(folder, originals, packed):
    if not packed:
        for path in list(folder.iterdir()):
            path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
            path.unlink()
    data = datasets.fashion_mnist_full(str(folder))
    assert data.x_train.shape == (90, 1, 28, 28)
    assert data.x_train.dtype == np.float32
    for part in ("train", "test"):
        np.testing.assert_array_equal(getattr(data, f"y_{part}"), originals[0][f"y_{part}"])
        pixels = np.rint(getattr(data, f"x_{part}")[:, 0] * 255).astype(int)
        np.testing.assert_array_equal(pixels, originals[0][f"x_{part}"])


def test_files_packed_anew_are_accepted(folder):
    for path in folder.iterdir():
        other = gzip.compress(gzip.decompress(path.read_bytes()), compresslevel=1, mtime=5)
        assert other != path.read_bytes()
        path.write_bytes(other)
    assert len(datasets.fashion_mnist_full(folder).y_test) == 40


def test_folder_with_an_altered_file_is_refused(folder):
    path = folder / "t10k-labels-idx1-ubyte.gz"
    raw = bytearray(gzip.decompress(path.read_bytes()))
    raw[-1] = (raw[-1] + 1) % 10
    path.write_bytes(gzip.compress(bytes(raw)))
    with pytest.raises(ValueError, match="altered") as caught:
        datasets.fashion_mnist_full(folder)
    for part in (path.name, datasets.UNPACKED_SHA256["y_test"], hashlib.sha256(raw).hexdigest()):
        assert part in str(caught.value)


def test_folder_that_lacks_a_file_is_refused(folder, tmp_path):
    (folder / "t10k-images-idx3-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"t10k-images-idx3-ubyte\.gz; no such file"):
        datasets.fashion_mnist_full(folder)
    with pytest.raises(FileNotFoundError, match="train-images-idx3-ubyte"):
        datasets.fashion_mnist_full(tmp_path / "nowhere")
