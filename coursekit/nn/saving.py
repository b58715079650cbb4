"""Parameters and buffers to a file and back, without pickles: numbers, and nothing that runs."""

import os
import secrets
import zipfile
from pathlib import Path

import numpy as np

from coursekit.nn.block import Block


def save_parameters(net: Block, path: str | os.PathLike) -> None:
    """Write all parameters and buffers to one .npz file: "params.0.W", "buffers.1.mean" and so on.

    The file is written beside `path` under another name and then renamed, so that `path` holds the old
    file or the whole new one, whatever happens between.

    Parameters
    ----------
    net : Block
        Its sizes must be known. A shared array is written once.
    path : str or path
        Taken as it is: no ending is added.

    Raises
    ------
    TypeError
        If `net` is no Block.
    RuntimeError
        If there is nothing to save, or a layer does not know its sizes yet.
    OSError
        If the file cannot be written.
    """
    arrays = _arrays(net)
    waiting = [repr(leaf) for leaf in net.leaves().values() if leaf.learns and not leaf.params]
    if waiting or not arrays:
        raise RuntimeError(
            f"{(waiting or ['the net'])[0]} has no parameters to save: run one forward first, so that "
            "their sizes are known."
        )
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(temporary, "xb") as file:
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def load_parameters(net: Block, path: str | os.PathLike) -> None:
    """Write the numbers of a file made by `save_parameters` into the net's own arrays.

    They are rounded to the dtype of the net where the file's is another.

    Parameters
    ----------
    net : Block
        Built like the one that was saved; its sizes must be known.
    path : str or path

    Raises
    ------
    TypeError
        If `net` is no Block.
    OSError
        If the file cannot be read.
    ValueError
        If the file is damaged, holds something else, or names and shapes are not the net's; the sentence
        gives the first difference. Nothing has been changed then.
    """
    arrays = _arrays(net)
    path = Path(path)
    saved = _read(path)
    for name, array in arrays.items():
        if name not in saved:
            raise ValueError(
                f"{path.name} has no {name}, which this net has: it was saved from another net."
            )
        _check(f"{name} in {path.name}", saved[name], array)
    for name, value in saved.items():
        if name not in arrays:
            raise ValueError(
                f"{path.name} has {name} {value.shape}, which this net does not have: build the net that "
                "was saved, and where its sizes are still unknown run one forward first."
            )
        if not arrays[name].flags.writeable:
            raise ValueError(f"{name} of this net is read-only, so nothing can be loaded into it.")
    for name, array in arrays.items():
        array[...] = saved[name]


def _arrays(net):
    if not isinstance(net, Block):
        raise TypeError(f"a layer or a net is needed; got {net!r}.")
    return {
        f"{kind}.{name}": array
        for kind, named in (("params", net.params), ("buffers", net.buffers))
        for name, array in named.items()
    }


def _read(path):
    try:
        with zipfile.ZipFile(path) as archive:
            return {name.removesuffix(".npy"): _read_array(archive, name) for name in archive.namelist()}
    except OSError:
        raise
    except Exception as error:  # a damaged archive fails in a dozen ways, all of which mean the same
        raise ValueError(
            f"{path.name} cannot be loaded: it is damaged, or was not made by save_parameters ({error})."
        ) from error


def _read_array(archive, name):
    with archive.open(name) as file:
        # NumPy refuses arrays of Python objects here: reading those means running what the file says.
        return np.lib.format.read_array(file, allow_pickle=False)


def _check(what, value, array):
    if value.dtype.kind != "f":
        raise ValueError(f"{what} must hold floats; its dtype is {value.dtype}.")
    if value.shape != array.shape:
        raise ValueError(f"{what} has the shape {value.shape}; this net's is {array.shape}.")
    with np.errstate(over="ignore"):
        rounded = value.astype(array.dtype)
    if not np.array_equal(np.isinf(rounded), np.isinf(value)):
        raise ValueError(f"{what} exceeds what this net's {array.dtype} can hold.")
