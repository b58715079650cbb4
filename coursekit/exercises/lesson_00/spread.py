"""The checker of lesson 00: spread."""

import math
from collections.abc import Callable

import numpy as np

from coursekit.exercises.feedback import AnswerError, UnnamedError, call, checked
from coursekit.exercises.slips import spread as slips
from coursekit.exercises.slips.search import explain

NEGATIVE = (
    "that is the root of a negative number, and the mean of the squared distances is none: look at the "
    "brackets, the order of a difference, and what is squared."
)
ZERO = (
    "it comes out as 0: something cancels. Unsquared distances from the mean average to 0: square them "
    "before they are averaged."
)

# By hand: the mean is 6, the squared distances 16, 4, 4, 1, 1, 1, 9 and 36 sum to 72, and 72 / 8 = 9. The
# mean is 3, they are 4, 1, 1, 0 and 16, sum 22. The mean is 2.5, they are 2.25, 12.25, 30.25, 6.25,
# 0.25 and 2.25, sum 53.5. The last are 1 to 12: (12² - 1) / 12 = 143 / 12.
# No two slips give the same on all of them.
FIRST = np.array([2.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0, 12.0])
OTHERS = (
    np.array([1.0, 2.0, 2.0, 3.0, 7.0]),
    np.array([4.0, -1.0, 8.0, 0.0, 3.0, 1.0]),
    np.array([5.0, 9.0, 1.0, 12.0, 3.0, 7.0, 11.0, 2.0, 6.0, 10.0, 4.0, 8.0]),
)
RIGHT = 3.0, math.sqrt(22 / 5), math.sqrt(53.5 / 6), math.sqrt(143 / 12)


def _call(function, x):
    """Return the learner's number, or say that it is none."""
    try:
        # A root of a negative number gives nan, and that is answered below.
        with np.errstate(invalid="ignore"):
            value = call(function, x)
    except AnswerError as wrong:
        if "bitwise_xor" in str(wrong) or "for ^" in str(wrong):
            raise AnswerError("in Python a power is written **: x ** 2, not x ^ 2.") from None
        if "math domain error" in str(wrong) or "expected a nonnegative input" in str(wrong):
            raise UnnamedError(NEGATIVE) from None
        raise
    if isinstance(value, np.ndarray) and value.shape == x.shape:
        raise AnswerError(
            f"{len(x)} numbers came, one for each of x: take np.mean of the squares before the root."
        )
    if isinstance(value, np.ndarray) and value.size == 1 and value.dtype.kind in "iuf":
        value = value.item()
    if isinstance(value, str | complex | np.complexfloating):
        raise AnswerError(f"return one number; yours returns {value!r}.")
    try:
        return float(value)
    except Exception:
        raise AnswerError(f"return one number; yours returns a {type(value).__name__}.") from None


@checked
def check_spread(function: Callable) -> str:
    """Check ``spread(x)``: the standard deviation, the root of the mean squared distance from the mean.

    Returns
    -------
    Feedback
        Names a missing root, a missing mean, n - 1 for n, a sum for a mean, mean distances, the range, and
        pairs of them.
    """
    x = FIRST
    value = _call(function, x.copy())
    if _same(value, 3.0):
        shifted, doubled = _call(function, x + 100), _call(function, 2 * x)
        if not _same(shifted, 3.0):
            raise AnswerError("adding 100 to every number changes your result: subtract x's own mean.")
        if not _same(doubled, 6.0):
            raise AnswerError("twice the numbers have twice the spread; compute it from x.")
    elif math.isnan(value):
        raise UnnamedError(NEGATIVE)
    values = [value, *(_call(function, one.copy()) for one in OTHERS)]
    if all(_same(one, 0) for one in values):
        raise UnnamedError(ZERO)
    for numbers, wanted, got in zip((x, *OTHERS), RIGHT, values, strict=True):
        if not _same(got, wanted):
            found = _name_the_slip((x, *OTHERS), values)
            where = f"for {numbers.tolist()} the spread is {wanted:.7g}; yours returns {got:.7g}"
            ratio = (
                f", {got / wanted:.4g} times that. Look at the mean, the squares, the root, in this order."
            )
            raise AnswerError(found) if found else UnnamedError(where + ratio)
    return "the root of the mean squared distance from the mean, 3 for the first numbers tried."


def _same(value, wanted):
    return math.isclose(value, wanted, rel_tol=1e-6, abs_tol=1e-9)


def _name_the_slip(problems, values):
    """Return what is said of the slip that gives both values, or None."""
    with np.errstate(all="ignore"):
        for option in slips.OTHERS:
            if all(_same(value, float(option.how(x))) for x, value in zip(problems, values, strict=True)):
                return option.says
    return explain(slips.PARTS, slips.spread_of, problems, values, _same, [(1, False), (2, False)])
