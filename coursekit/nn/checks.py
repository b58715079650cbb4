"""The sentences that wrong input meets at the door: what was expected, what came, what to do."""

import math
import numbers
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def positive_int(name: str, value: object) -> int:
    """Return `value` as an int of at least 1.

    Raises
    ------
    TypeError
        If it is no whole number (True and 2.5 are refused).
    ValueError
        If it is below 1.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, 1 or more; got {value!r}.")
    if value < 1:
        raise ValueError(f"{name} must be 1 or more; got {value}.")
    return int(value)


def whole(name: str, value: object) -> int:
    """Return `value` as an int if it is a whole number, else raise TypeError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number; got {value!r}.")
    return int(value)


def flag(name: str, value: object) -> bool:
    """Return `value` if it is True or False, else raise TypeError."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False; got {value!r}.")
    return bool(value)


def finite(name: str, value: object, *, low: float = -math.inf, high: float = math.inf) -> float:
    """Return `value` as a finite float in [low, high].

    Raises
    ------
    TypeError
        If it is no real number.
    ValueError
        If it is nan, infinite, or outside the interval.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number; got {value!r}.")
    if not math.isfinite(value) or not low <= float(value) <= high:
        bounds = "" if low == -math.inf and high == math.inf else f" from {low:g} to {high:g}"
        raise ValueError(f"{name} must be a finite number{bounds}; got {value}.")
    return float(value)


def positive(name: str, value: object, why: str = "") -> float:
    """Return `value` as a finite float above 0.

    Raises
    ------
    TypeError
        If it is no real number.
    ValueError
        If it is nan, infinite, negative, or 0; for 0 it says `why`.
    """
    value = finite(name, value, low=0)
    if value == 0:
        raise ValueError(f"{name} must be above 0{_or(why)}; got 0.")
    return value


def below_one(name: str, value: object, why: str = "") -> float:
    """Return `value` as a float in [0, 1).

    Raises
    ------
    TypeError
        If it is no real number.
    ValueError
        If it is nan or outside; for 1 it says `why`.
    """
    value = finite(name, value, low=0, high=1)
    if value == 1:
        raise ValueError(f"{name} must be below 1{_or(why)}; got 1.")
    return value


def _or(why):
    return why and f", or {why}"


def one_of(name: str, value: object, options: tuple[T, ...]) -> T:
    """Return `value` if it is one of `options`, else raise ValueError with the list of them."""
    if not isinstance(value, str | None) or value not in options:
        keys = (getattr(option, "value", option) for option in options)  # of an enum, what it stands for
        known = ", ".join(map(repr, keys))
        raise ValueError(f"{name} must be one of {known}; got {value!r}.")
    return value


def generator(rng: object) -> np.random.Generator:
    """Return `rng` if it is a numpy Generator, else raise TypeError saying how to make one."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, such as np.random.default_rng(0); got {rng!r}."
        )
    return rng


def float_array(name: str, x: object, ndim: int | None = None) -> np.ndarray:
    """Return `x` as a float array: float32 and float64 are kept, all else becomes the nearer of them.

    Half precision and whole numbers become float32 (float64 where a whole number is so large that float32
    would round it), other byte orders and longer floats float64. A masked array is taken as an array if
    nothing in it is masked.

    Raises
    ------
    TypeError
        If it holds no real numbers.
    ValueError
        If it has masked or no entries, whole numbers that float64 would round, rows of unequal length, or
        not `ndim` axes.
    """
    if isinstance(x, np.ma.MaskedArray) and np.ma.getmaskarray(x).any():
        raise ValueError(
            f"{name} has masked entries, which the formulas here would use as if they were there: fill "
            "them first, x.filled(value), or leave their rows out."
        )
    try:
        x = np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be an array, or lists of equal length; got {x!r}.") from None
    if x.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold real numbers; its dtype is {x.dtype}.")
    if x.dtype.kind in "iu" and x.size and max(int(x.max()), -int(x.min())) > 2**53:
        raise ValueError(
            f"{name} holds whole numbers beyond 2⁵³, which no float here tells from their neighbours: take "
            "an offset off them first, or divide while they are whole numbers."
        )
    if x.dtype not in (np.float32, np.float64):
        x = x.astype(np.float64 if _loses_in_float32(x) else np.float32)
    if x.size == 0:
        raise ValueError(f"{name} is empty: its shape is {x.shape}.")
    if ndim is not None and x.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} axes; its shape is {x.shape}.")
    return x


def _loses_in_float32(x):
    """Whether float32 would round: longer floats, or whole numbers beyond 2²⁴."""
    if x.dtype.kind == "f":
        return x.dtype.itemsize > 4
    if x.dtype.itemsize < 4 or not x.size:
        return False
    return int(x.max()) > 2**24 or int(x.min()) < -(2**24)


def is_finite(values: np.ndarray) -> bool:
    """Whether no entry is nan or infinite; the sum of squares settles nearly every case.

    It is NumPy's fastest pass over an array, and finite only if every entry is. Where it overflows,
    entries are looked at one by one.
    """
    return bool(np.isfinite(np.vdot(values, values)) or np.isfinite(values).all())


def same_shape(name: str, x: object, shape: tuple) -> np.ndarray:
    """Return the float array `x` if its shape is `shape`, else raise ValueError."""
    x = float_array(name, x)
    if x.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}; got {x.shape}.")
    return x


def after_forward(layer: object, cache: T | None) -> T:
    """Return what the last forward kept; without a forward, raise RuntimeError."""
    if cache is None:
        raise RuntimeError(
            f"{type(layer).__name__}.backward needs the values of a forward pass: call forward first."
        )
    return cache
