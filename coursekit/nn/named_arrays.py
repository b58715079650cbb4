"""The arrays of a net by name, for reading the names and writing into the arrays."""

from collections.abc import Iterator, Mapping

import numpy as np


class NamedArrays(Mapping):
    """A mapping from names such as "0.W" to arrays, made anew at each look; the arrays are the layers' own.

    Putting another array under a name would change this mapping and no layer, so it is refused.
    """

    def __init__(self, arrays: dict[str, np.ndarray]):
        self._arrays = arrays

    def __getitem__(self, name: str) -> np.ndarray:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __setitem__(self, name: str, array: object) -> None:
        raise TypeError(
            f"a net's arrays cannot be exchanged by name: write into the array, [{name!r}][...] = array."
        )

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"a net's arrays cannot be removed by name: {name!r} belongs to its layer.")

    def __or__(self, other: Mapping) -> dict[str, np.ndarray]:
        return self._arrays | dict(other) if isinstance(other, Mapping) else NotImplemented

    def __ror__(self, other: Mapping) -> dict[str, np.ndarray]:
        return dict(other) | self._arrays if isinstance(other, Mapping) else NotImplemented

    def __repr__(self) -> str:
        return repr(self._arrays)
