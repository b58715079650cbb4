"""The reader of the IDX format, on whole and on damaged files."""

import gzip

import numpy as np
import pytest

from coursekit import datasets


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("shape", [(5,), (4, 3, 2), (1, 1), (0, 28, 28), (300,)])
def test_read_idx_gives_back_what_was_written(tmp_path, to_idx, shape, pack):
    array = np.random.default_rng(1).integers(256, size=shape, dtype=np.uint8)
    (tmp_path / "any_name").write_bytes(pack(to_idx(array)))
    found = datasets.read_idx(str(tmp_path / "any_name"))
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, array)


IMAGES = bytes([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2, *range(24)])
PACKED = gzip.compress(IMAGES, mtime=0)  # no clock: the content is in the names of the tests


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "0 bytes begin with nothing"),
        (IMAGES[:3], "3 bytes begin with 00 00 08"),
        (IMAGES[:9], "9 bytes begin with 00 00 08 03"),
        (b"\1" + IMAGES[1:], "begin with 01 00 08 03"),
        (b"\0\0\x0d" + IMAGES[3:], "begin with 00 00 0d 03"),
        (b"\0\0\x08\0" + IMAGES[4:], "begin with 00 00 08 00"),
        (b"<html>Not found</html>", "begin with 3c 68 74 6d"),
        (IMAGES[:-1], r"hold 40 bytes unpacked, .*\(4, 3, 2\)\); it holds 39"),
        (IMAGES + b"\0", "it holds 41"),
        (b"\0\0\x08\2" + b"\xff" * 8, "should hold 18,446,744,065,119,617,037 bytes"),
        (PACKED[:-9], "whole gzip file"),
        (PACKED[:12] + b"\xff" + PACKED[13:], "whole gzip file"),
        (PACKED + b"left over", "whole gzip file"),
    ],
)
def test_damaged_idx_is_refused(tmp_path, content, sentence):
    (tmp_path / "file-idx3-ubyte").write_bytes(content)
    with pytest.raises(ValueError, match=sentence) as caught:
        datasets.read_idx(tmp_path / "file-idx3-ubyte")
    assert "file-idx3-ubyte" in str(caught.value)
    assert "dataset-fashion-mnist" in str(caught.value)


def test_missing_idx_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none; no such file\..*dataset-fashion-mnist"):
        datasets.read_idx(tmp_path / "none")
