"""Which array libraries are there: NumPy always, JAX where the extra `compiled` is installed."""

import importlib.util
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

MISSING = (
    "JAX is not installed here, so only NumPy's half is shown. It comes with the extra compiled: "
    "pip install -c constraints.txt -e '.[compiled]', and then restart the kernel."
)


def available() -> bool:
    """Whether JAX and array-api-compat are installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("jax", "array_api_compat"))


def need_jax() -> ModuleType:
    """Return the module jax.

    Raises
    ------
    RuntimeError
        If it is not installed; the sentence says how to get it.
    """
    if not available():
        raise RuntimeError(MISSING)
    import jax

    return jax


def array_namespace(x: Any) -> Any:
    """Return the module whose functions work on the array `x`.

    It is array-api-compat's, which evens out what libraries name differently; without it the array's own,
    of the same standard (Python array API, 2023.12).
    """
    if available():
        import array_api_compat

        return array_api_compat.array_namespace(x)
    return x.__array_namespace__()


def libraries() -> dict[str, Callable[[np.ndarray], Any]]:
    """Return, for each array library that is there, what makes its arrays from NumPy's."""
    made: dict[str, Callable[[np.ndarray], Any]] = {"NumPy": np.asarray}
    if available():
        made["JAX"] = need_jax().numpy.asarray
    return made
