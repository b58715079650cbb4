"""Checkers of lesson 05: xavier_uniform and he_normal."""

import math
import re
from collections.abc import Callable

import numpy as np

from coursekit.exercises.feedback import AnswerError, call, checked

# Sizes far apart and in no simple ratio, so that no rule for one passes as a rule for the other. With a
# second pair of sizes a number copied from the feedback no longer fits.
FAN_IN, FAN_OUT = 600, 170
OTHER_SIZES = 130, 410


def _draw(function, fan_in=FAN_IN, fan_out=FAN_OUT, seed=0):
    """Return the learner's weights after the checks that every initializer has to pass."""
    rng = np.random.default_rng(seed)
    untouched = rng.bit_generator.state
    try:
        value = call(function, fan_in, fan_out, rng)
    except AnswerError as wrong:
        _explain_size(wrong)
        raise
    try:
        weights = np.asarray(value)
        if weights.dtype.kind not in "biufO":
            raise TypeError("no real numbers")
        weights = weights.astype(float)  # a copy: a function may fill the same array at each call
    except Exception:
        raise AnswerError(f"return an array of numbers; yours returns a {type(value).__name__}.") from None
    if weights.shape == ():
        raise AnswerError("one number came: hand the shape to rng too, size=(fan_in, fan_out).")
    if weights.shape == (fan_out, fan_in):
        raise AnswerError(
            f"the shape is ({fan_out}, {fan_in}); here x @ W needs (fan_in, fan_out) = "
            f"({fan_in}, {fan_out})."
        )
    if weights.shape != (fan_in, fan_out):
        raise AnswerError(
            f"the shape should be (fan_in, fan_out) = ({fan_in}, {fan_out}); {weights.shape} came."
        )
    if not np.isfinite(weights).all():
        raise AnswerError("there are nan or infinite weights.")
    drawn = rng.bit_generator.state != untouched
    _refuse_twins(weights, drawn)
    return weights


def _refuse_twins(weights, drawn):
    """Refuse weights that give several units the same, and name how they may have come about."""
    if not weights.any() and drawn:
        raise AnswerError(
            "all weights are 0: is the width rounded down to 0? Write / and not //, which divides whole "
            "numbers."
        )
    if np.ptp(weights) == 0 and drawn:
        raise AnswerError(
            f"all weights are {weights.flat[0]:.2g}: either one number was drawn for all (hand the shape "
            "to rng, size=(fan_in, fan_out)), or the law has no width (rng.normal takes the mean first, "
            "then the standard deviation; rng.uniform the lower end, then the upper)."
        )
    if np.ptp(weights) == 0:
        raise AnswerError("all weights are equal: the units would stay twins. Draw them at random.")
    for axis, what in ((1, "all columns are alike: the units are twins"), (0, "all rows are alike")):
        if np.ptp(weights, axis=axis).max() == 0:
            raise AnswerError(f"{what}. Draw every weight by itself, size=(fan_in, fan_out).")


def _explain_size(wrong):
    """Raise a plainer AnswerError if NumPy took fan_out for another argument than a size."""
    cause = wrong.__cause__
    said = re.search(r"(\w+)\(\) takes at most \d positional", str(cause))
    if isinstance(cause, TypeError) and (said or "as a data type" in str(cause)):
        name = said[1] if said else "…"
        raise AnswerError(f"the size is one pair in brackets: rng.{name}(…, (fan_in, fan_out)).") from cause


def _uses_generator(function):
    """Check that the same generator gives the same weights, and another one others."""
    first, again, other = (_draw(function, seed=seed) for seed in (0, 0, 1))
    if (first == other).all():
        raise AnswerError(
            "another rng gives the very same weights: draw from the rng handed in, "
            "do not make a generator with a fixed seed."
        )
    if (first != again).any():
        raise AnswerError(
            "the same rng gives different weights each time: draw from the rng handed in, "
            "not from np.random's global generator."
        )


def _near(value, expected, tolerance=0.03):
    return abs(value - expected) <= tolerance * expected


def _name_the_std(std, likely):
    """Raise AnswerError for the first of (expected std, message) that the measured std fits."""
    for expected, message in likely:
        if _near(std, expected):
            raise AnswerError(message)


def _kurtosis(weights):
    """Return E[z⁴] of the standardised weights: 1.8 for a uniform law, 3 for a normal one."""
    z = (weights - weights.mean()) / weights.std()
    return (z**4).mean()


def _refuse_fixed(value, right, what):
    """Refuse what is right for one pair of sizes alone."""
    if not _near(value, right, 0.02):
        fan_in, fan_out = OTHER_SIZES
        raise AnswerError(
            f"right for fan_in {FAN_IN} and fan_out {FAN_OUT}; for {fan_in} and {fan_out} "
            f"{what}{value:.2g}, and it should be {right:.2g}: compute it from the sizes."
        )


@checked
def check_xavier_uniform(function: Callable) -> str:
    """Check ``xavier_uniform(fan_in, fan_out, rng)``: U(-a, a) with a = √(6 / (fan_in + fan_out)).

    Returns
    -------
    Feedback
        Names a wrong law, a wrong limit (which one), a shifted interval, swapped sizes, an unused rng.
    """
    w = _draw(function)
    _uses_generator(function)
    both = FAN_IN + FAN_OUT
    limit = math.sqrt(6 / both)
    if abs(w.mean()) > 0.03 * w.std() + 3 * w.std() / math.sqrt(w.size):
        if _near(w.max(), 1, 0.01) and abs(w.min()) > 0.01:
            raise AnswerError(
                f"the weights run from {w.min():.2g} to 1: with one end given, rng.uniform goes on to 1. "
                "Give both: rng.uniform(-a, a, size)."
            )
        raise AnswerError(
            f"the mean is {w.mean():.3g}, not 0: the interval runs from -a to a, not from 0 to a."
        )
    if _kurtosis(w) > 2.2:
        raise AnswerError(
            "your weights are bell-shaped; this scheme draws evenly from an interval (rng.uniform)."
        )
    if _kurtosis(w) < 1.6:
        raise AnswerError(
            "your weights crowd at the ends of the interval; draw evenly from all of it (rng.uniform)."
        )
    reached = float(np.abs(w).max())
    if _near(reached, limit, 0.01):
        other = np.abs(_draw(function, *OTHER_SIZES)).max()
        _refuse_fixed(other, math.sqrt(6 / sum(OTHER_SIZES)), "the weights reach ±")
        return f"evenly drawn from ±{limit:.4f} = ±√(6 / (fan_in + fan_out)), from the rng handed in."
    likely = (
        (6 / both, "the limit is 6 / (fan_in + fan_out): the square root is missing."),
        (math.sqrt(2 / both), "the limit is √(2 / (fan_in + fan_out)): that is the standard deviation. "
         "U(-a, a) has the variance a²/3, so a needs √6, not √2."),
        (2 / both, "the limit is 2 / (fan_in + fan_out): that is the variance, not the limit."),
        (math.sqrt(3 / both), "the limit is √(3 / (fan_in + fan_out)): use 6: the rule takes the "
         "average of the two fans, which is half their sum."),
        (math.sqrt(6 / FAN_IN), "the limit is √(6 / fan_in), He's: divide by fan_in + fan_out."),
        (math.sqrt(6 / FAN_OUT), "the limit is √(6 / fan_out): divide by fan_in + fan_out."),
        (math.sqrt(3 / FAN_IN), "the limit is √(3 / fan_in), LeCun's uniform: use both fans."),
        (math.sqrt(1 / FAN_IN), "the limit is 1/√fan_in, the old heuristic that Xavier replaced."),
        (math.sqrt(6 / (FAN_IN * FAN_OUT)), "the limit divides by fan_in · fan_out: add them instead."),
        (math.sqrt(6) / both, "the limit is √6 / (fan_in + fan_out): root the whole fraction."),
        (math.sqrt(6 / FAN_IN + FAN_OUT), "the limit is √(6 / fan_in + fan_out): the sum needs "
         "brackets, 6 / (fan_in + fan_out)."),
        (6 / FAN_IN + FAN_OUT, "the limit is 6 / fan_in + fan_out: the sum needs brackets, and the "
         "fraction a root."),
        (math.sqrt(both / 6), "the fraction is upside down: a = √(6 / (fan_in + fan_out))."),
        (0.07, "the limit is 0.07 whatever the sizes: it has to follow fan_in and fan_out."),
    )  # fmt: skip
    for value, message in likely:
        if _near(reached, value, 0.01):
            raise AnswerError(message)
    raise AnswerError(
        f"with fan_in {FAN_IN} and fan_out {FAN_OUT} your weights reach ±{reached:.2g}; "
        f"they should reach ±{limit:.2g}."
    )


@checked
def check_he_normal(function: Callable) -> str:
    """Check ``he_normal(fan_in, fan_out, rng)``: N(0, 2 / fan_in).

    Returns
    -------
    Feedback
        Names a wrong law, a wrong standard deviation (which one), swapped sizes, an unused rng.
    """
    w = _draw(function)
    _uses_generator(function)
    if abs(w.mean()) > 4 * w.std() / math.sqrt(w.size):
        if _near(w.std(), 1):
            raise AnswerError(
                f"the mean is {w.mean():.2g} and the std 1: the first argument of rng.normal is the mean. "
                "Write rng.normal(0, std, size)."
            )
        raise AnswerError(f"the mean is {w.mean():.2g}; it should be 0.")
    if _kurtosis(w) < 2.2:
        raise AnswerError(
            "your weights are spread evenly; this scheme draws from a bell curve (rng.normal)."
        )
    if _kurtosis(w) > 4:
        raise AnswerError("your weights have longer tails than a bell curve; use rng.normal.")
    std = float(w.std())
    right = math.sqrt(2 / FAN_IN)
    if _near(std, right, 0.02):
        other = _draw(function, *OTHER_SIZES).std()
        _refuse_fixed(other, math.sqrt(2 / OTHER_SIZES[0]), "the std is ")
        return f"a bell curve with the standard deviation {right:.4f} = √(2 / fan_in)."
    both = FAN_IN + FAN_OUT
    _name_the_std(
        std,
        (
            (math.sqrt(1 / FAN_IN), "the std is √(1 / fan_in): that suits tanh. ReLU throws half of "
             "the mean square away, so double the variance."),
            (2 / FAN_IN, "the std is 2 / fan_in: that is the variance. Take its square root."),
            (1 / FAN_IN, "the std is 1 / fan_in: take the square root, and double the variance."),
            ((2 / FAN_IN) ** 2, "the std is (2 / fan_in)²: 2 / fan_in is the variance; take its root, not "
             "its square."),
            (math.sqrt(2) / FAN_IN, "the std is √2 / fan_in: root the whole fraction."),
            (2 / math.sqrt(FAN_IN), "the std is 2 / √fan_in: the 2 belongs under the root."),
            (math.sqrt(2 / FAN_OUT), "the std is √(2 / fan_out): the forward signal needs fan_in."),
            (math.sqrt(1 / FAN_OUT), "the std is √(1 / fan_out): take fan_in, and double the variance."),
            (math.sqrt(1 / (2 * FAN_OUT)), "the std is √(1 / (2 fan_out)): take fan_in, and the 2 belongs "
             "in the numerator."),
            (math.sqrt(2 / both), "the std is √(2 / (fan_in + fan_out)), Xavier's."),
            (2 / math.sqrt(both), "the std is √(4 / (fan_in + fan_out)): He takes fan_in alone."),
            (math.sqrt(FAN_IN / 2), "the fraction is upside down: multiply by √(2 / fan_in), "
             "or divide by √(fan_in / 2)."),
            (1 / math.sqrt(2 * FAN_IN), "the std is 1 / √(2 fan_in): the 2 belongs in the numerator."),
            (0.01, "the std is 0.01 whatever the sizes: it has to follow fan_in."),
            (1.0, "the std is 1 whatever the sizes: it has to follow fan_in."),
        ),
    )  # fmt: skip
    raise AnswerError(
        f"with fan_in {FAN_IN} the std of your weights is {std:.2g}; it should be {right:.2g}."
    )
