"""One table of comparisons with PyTorch: `tools/record_torch.py` records it, two tests go through it.

A case draws inputs, and computes from them the same named arrays twice: `ours` with coursekit.nn, `theirs`
with PyTorch, which is imported only there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Arrays = dict[str, np.ndarray]

RECORDED = Path(__file__).with_name("torch_values.npz")
TOLERANCE = {"rtol": 1e-10, "atol": 1e-10}


@dataclass(frozen=True)
class Case:
    """Float64 in, float64 out; whole numbers travel as floats too, since all share one file."""

    inputs: Callable[[np.random.Generator], Arrays]
    ours: Callable[[Arrays], Arrays]
    theirs: Callable[[Arrays], Arrays]

    def draw(self, name: str) -> Arrays:
        """Return the inputs of the case called `name`: each name has a seed of its own."""
        drawn = self.inputs(np.random.default_rng(list(name.encode())))
        return {key: np.asarray(array, np.float64) for key, array in drawn.items()}


def all_cases() -> dict[str, Case]:
    """Return every case by its name."""
    from tests.nn import torch_layers, torch_losses, torch_nets, torch_optimizers, torch_steps

    tables = [
        part.CASES for part in (torch_layers, torch_steps, torch_losses, torch_optimizers, torch_nets)
    ]
    joined = {name: case for table in tables for name, case in table.items()}
    assert len(joined) == sum(map(len, tables)), "two cases have the same name"
    return joined


def assert_agree(found: Arrays, expected: Arrays) -> None:
    """Demand the same names, shapes and, to 1e-10, numbers."""
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert np.shape(found[name]) == np.shape(array), name
        np.testing.assert_allclose(found[name], array, **TOLERANCE, err_msg=name)


def save(path: Path, values: dict[str, Arrays], version: str) -> None:
    """Write all arrays one after another into one vector, beside an index of their names and shapes."""
    lines, numbers = [], []
    for name, arrays in values.items():
        for key, array in arrays.items():
            lines.append("|".join([name, key, *map(str, np.shape(array))]))
            numbers.append(np.ravel(array).astype(np.float64))
    np.savez_compressed(path, torch=version, index=np.array(lines), values=np.concatenate(numbers))


def load(path: Path = RECORDED) -> dict[str, Arrays]:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as file:
        index, values = file["index"].tolist(), file["values"]
    found, start = {}, 0
    for line in index:
        name, key, *shape = line.split("|")
        shape = tuple(map(int, shape))
        size = int(np.prod(shape))
        found.setdefault(name, {})[key] = values[start : start + size].reshape(shape)
        start += size
    assert start == len(values)
    return found
