"""The IDX format, in which MNIST and its kin are published: a header, then bytes."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from coursekit.datasets.files import as_path
from coursekit.datasets.published import ELSEWHERE


def read_idx(path: str | Path) -> np.ndarray:
    """Read one file of bytes in the IDX format of MNIST, packed with gzip or not.

    The format: 00 00 08, the number of dimensions (one byte), each dimension (32 bits, big-endian),
    then the values, last dimension fastest. Packed or not is read from the content, not the name.

    Returns
    -------
    ndarray, uint8
        Of the shape that the file names; read-only.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the packing is damaged, the header is another one, or the length is not as it says.
    """
    return parse_idx(unpack(as_path(path)), as_path(path))


def unpack(path: Path) -> bytes:
    """Return the content of the file, unpacked if gzip packed it; raises as `read_idx` does."""
    if not path.is_file():
        raise FileNotFoundError(f"Expected an IDX file at {path}; no such file. {ELSEWHERE}")
    raw = path.read_bytes()
    try:
        return gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"{path} should be a whole gzip file; unpacking its {len(raw):,} bytes failed: "
            f"{error}. Get the file anew. {ELSEWHERE}"
        ) from error


def parse_idx(raw: bytes, path: Path) -> np.ndarray:
    """Return the array in unpacked bytes; `path` is for the sentences of `read_idx`'s errors."""
    start = 4 + 4 * raw[3] if len(raw) > 3 else 8
    if raw[:3] != b"\0\0\x08" or not start > 4 or len(raw) < start:
        raise ValueError(
            f"{path} should begin with the IDX header of bytes (00 00 08, number of dimensions, "
            f"dimensions); its {len(raw):,} bytes begin with {raw[:8].hex(' ') or 'nothing'}. "
            f"Get the file anew. {ELSEWHERE}"
        )
    shape = tuple(int(size) for size in np.frombuffer(raw[4:start], ">u4"))
    if len(raw) != start + math.prod(shape):
        raise ValueError(
            f"{path} should hold {start + math.prod(shape):,} bytes unpacked, as its header says "
            f"(shape {shape}); it holds {len(raw):,}. Get the file anew. {ELSEWHERE}"
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
