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
    try:
        return float(value)
    except Exception:
        raise AnswerError(f"return one number; yours returns {value!r}.") from None


@checked
def check_spread(function: Callable) -> str:
    """Check ``spread(x)``: the standard deviation, the root of the mean squared distance from the mean.

    Returns
    -------
    Feedback
        Names a missing root, a missing mean, n - 1 for n, a sum for a mean, mean distances, the range.
    """
    x = np.array([2.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0, 12.0])
    value = _call(function, x.copy())
    # By hand: the mean is 6, the squared distances 16, 4, 4, 1, 1, 1, 9 and 36 sum to 72; 72 / 8 = 9.
    if math.isclose(value, 3.0, rel_tol=1e-6):
        shifted, doubled = _call(function, x + 100), _call(function, 2 * x)
        if not math.isclose(shifted, 3.0, rel_tol=1e-6):
            raise AnswerError("adding 100 to every number changes your result: subtract x's own mean.")
        if not math.isclose(doubled, 6.0, rel_tol=1e-6):
            raise AnswerError("twice the numbers have twice the spread; compute it from x.")
        return "the root of the mean squared distance from the mean, 3 for the numbers tried."
    if math.isnan(value):
        raise AnswerError(NEGATIVE)
    likely = (
        (9.0, "that is the variance: take its square root."),
        (math.sqrt(72 / 7), "you divide by n - 1; here the spread divides by n."),
        (72 / 7, "that is the variance with n - 1: divide by n, then take the root."),
        (math.sqrt(72), "you take the root of the sum: divide by n first."),
        (math.sqrt(72) / 8, "you divide by n after the root: divide inside it, √(sum / n)."),
        (72.0, "that is the sum of squares: divide by n, then take the root."),
        (math.sqrt(45), "you forgot to subtract the mean before squaring."),
        (2.5, "you average the distances; square them first, and take the root of their mean."),
        (0.0, "distances from the mean average to 0: square them before you average."),
        (10.0, "that is the range, largest minus smallest."),
        (6.0, "that is the mean, not the spread around it."),
    )
    for wrong, message in likely:
        if math.isclose(value, wrong, rel_tol=1e-6, abs_tol=1e-9):
            raise AnswerError(message)
    raise AnswerError(f"for {x.tolist()} the spread is 3; yours returns {value:.4g}.")
