"""What checkers of array-valued answers share: turn what came into an array, and name what it equals."""

from collections.abc import Iterable

import numpy as np

from coursekit.exercises.feedback import AnswerError


def as_array(name: str, value: object, shape: tuple[int, ...]) -> np.ndarray:
    """Return `value` as a finite float array of that shape, else say what is wrong with it.

    Raises
    ------
    AnswerError
        If it is no array of real numbers, has another shape, or holds nan or inf.
    """
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "iufO":
            raise TypeError("no real numbers")
        array = array.astype(float)  # a copy: a function may fill the same array at each call
    except Exception:
        raise AnswerError(
            f"{name} should be an array of numbers; yours is a {type(value).__name__}."
        ) from None
    if array.shape != shape:
        raise AnswerError(f"{name} should have the shape {shape}; yours has {array.shape}.")
    if not np.isfinite(array).all():
        raise AnswerError(f"{name} holds nan or infinite numbers.")
    return array


def equal(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two arrays agree to what float32 can hold."""
    return np.allclose(a, b, rtol=1e-4, atol=1e-4)


def name_the_bug(value: np.ndarray, likely: Iterable[tuple[np.ndarray, str]]) -> None:
    """Raise AnswerError with the message of the first array that `value` equals."""
    for wrong, message in likely:
        if equal(value, wrong):
            raise AnswerError(message)
