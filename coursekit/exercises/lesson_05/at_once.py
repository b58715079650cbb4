"""The first look at weights, where only right or wrong is asked."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.asking import only_asked
from coursekit.exercises.feedback import UnnamedError, call


def refuse_at_once(
    function: Callable, sizes: tuple[int, int], width: Callable, right: float, accuracy: float
) -> None:
    """Refuse a wrong width before all else is measured, if only right or wrong is asked."""
    if not only_asked():
        return
    rng = np.random.default_rng(0)
    value = np.asarray(call(function, *sizes, rng))
    if value.shape != sizes or value.dtype.kind != "f":
        raise UnnamedError("no weights", stays=True)
    if not abs(width(value) / right - 1) < accuracy:
        raise UnnamedError("another width")
