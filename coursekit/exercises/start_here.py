"""The checker of lesson 00: spread."""

import math
from collections.abc import Callable

import numpy as np

from coursekit.exercises.feedback import AnswerError, call, checked

NEGATIVE = (
    "that is the root of a negative number: check your brackets. The mean comes off before the square, "
    "(x - mean) ** 2."
)


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
            raise AnswerError(NEGATIVE) from None
        raise
    if isinstance(value, np.ndarray) and value.shape == x.shape:
        raise AnswerError(
            f"{len(x)} numbers came, one for each of x: take np.mean of the squares before the root."
        )
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
        Names a missing root, a missing mean, n - 1 for n, a sum for a mean, mean distances, the range.
    """
    # By hand: the mean is 6, the squared distances 16, 4, 4, 1, 1, 1, 9 and 36 sum to 72; 72 / 8 = 9. And:
    # the mean is 3, the squared distances 4, 1, 1, 0 and 16 sum to 22; there no two slips coincide.
    x, other = np.array([2.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0, 12.0]), np.array([1.0, 2.0, 2.0, 3.0, 7.0])
    value = _call(function, x.copy())
    if math.isclose(value, 3.0, rel_tol=1e-6):
        shifted, doubled = _call(function, x + 100), _call(function, 2 * x)
        if not math.isclose(shifted, 3.0, rel_tol=1e-6):
            raise AnswerError("adding 100 to every number changes your result: subtract x's own mean.")
        if not math.isclose(doubled, 6.0, rel_tol=1e-6):
            raise AnswerError("twice the numbers have twice the spread; compute it from x.")
    elif math.isnan(value):
        raise AnswerError(NEGATIVE)
    again, right = _call(function, other.copy()), math.sqrt(22 / 5)
    if not math.isclose(again, right, rel_tol=1e-6):
        _name_the_slip(other, again)
    for numbers, wanted, got in ((x, 3.0, value), (other, right, again)):
        if not math.isclose(got, wanted, rel_tol=1e-6):
            raise AnswerError(
                f"for {numbers.tolist()} the spread is {wanted:.7g}; yours returns {got:.7g}."
            )
    return "the root of the mean squared distance from the mean, 3 for the first numbers tried."


def _name_the_slip(x, value):
    n, distances = len(x), np.abs(x - x.mean())
    total = float(np.square(distances).sum())
    likely = (
        (total / n, "that is the variance: take its square root."),
        (math.sqrt(total / (n - 1)), "you divide by n - 1; here the spread divides by n."),
        (total / (n - 1), "that is the variance with n - 1: divide by n, then take the root."),
        (math.sqrt(total), "you take the root of the sum: divide by n first."),
        (math.sqrt(total) / n, "you divide by n after the root: divide inside it, √(sum / n)."),
        (total, "that is the sum of squares: divide by n, then take the root."),
        (total / n / 2, "x**1/2 is half of x: a power binds first. Write x ** (1 / 2), or np.sqrt."),
        (math.sqrt(np.square(x).mean()), "you forgot to subtract the mean before squaring."),
        (
            distances.mean(),
            "you average the distances; square them first, and take the root of their mean.",
        ),
        (0.0, "distances from the mean average to 0: square them before you average."),
        (np.ptp(x), "that is the range, largest minus smallest."),
        (distances.max(), "that is the largest distance from the mean; all of them count."),
        (x.mean(), "that is the mean, not the spread around it."),
        (round(math.sqrt(total / n)), "it is rounded: return the number as it is."),
    )
    for wrong, message in likely:
        if math.isclose(value, wrong, rel_tol=1e-6, abs_tol=1e-9):
            raise AnswerError(message)
