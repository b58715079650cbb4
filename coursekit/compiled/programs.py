"""Six small forward passes that differ in what tracing makes of them. Each prints what it sees."""

import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.compiled.backends import array_namespace


def plain(W, b, x, rng, print):
    xp = array_namespace(x)
    print("x:", x)
    h = xp.matmul(x, W) + b
    return xp.maximum(h, 0.0)


def branch_on_shape(W, b, x, rng, print):
    xp = array_namespace(x)
    print("x:", x)
    if x.shape[0] > 2:
        x = x - xp.mean(x, axis=0)
    return xp.matmul(x, W) + b


def branch_on_data(W, b, x, rng, print):
    xp = array_namespace(x)
    print("x:", x)
    if xp.mean(x) > 0:
        x = 2 * x
    return xp.matmul(x, W) + b


def choice_by_where(W, b, x, rng, print):
    xp = array_namespace(x)
    print("x:", x)
    x = xp.where(xp.mean(x) > 0, 2 * x, x)
    return xp.matmul(x, W) + b


def numpy_mask(W, b, x, rng, print):
    xp = array_namespace(x)
    print("x:", x)
    h = xp.matmul(x, W) + b
    mask = rng.random(h.shape) > 0.5
    return h * xp.asarray(mask, dtype=h.dtype)


def mask_handed_in(W, b, x, mask, print):
    xp = array_namespace(x)
    print("x:", x)
    h = xp.matmul(x, W) + b
    return h * xp.astype(mask, h.dtype)


PROGRAMS: dict[str, Callable[..., Any]] = {
    "plain": plain,
    "branch_on_shape": branch_on_shape,
    "branch_on_data": branch_on_data,
    "choice_by_where": choice_by_where,
    "numpy_mask": numpy_mask,
    "mask_handed_in": mask_handed_in,
}
N_IN, UNITS = 3, 6


def listing(name: str) -> list[str]:
    """Return the lines of a program as they are read: what tests and linters need left out."""
    source = textwrap.dedent(inspect.getsource(PROGRAMS[name])).splitlines()
    third = "mask" if name == "mask_handed_in" else "rng"
    seen = f", {third}" if "mask" in name else ""
    return [f"def forward(W, b, x{seen}):", *source[1:]]


def inputs(size: int, call: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return W, b, an x of `size` samples and a mask, the last two new at each call."""
    fixed, fresh = np.random.default_rng(0), np.random.default_rng(call + 1)
    W = fixed.standard_normal((N_IN, UNITS), dtype=np.float32)
    b = fixed.standard_normal(UNITS, dtype=np.float32)
    x = fresh.standard_normal((size, N_IN), dtype=np.float32)
    return W, b, x, fresh.random((size, UNITS)) > 0.5
