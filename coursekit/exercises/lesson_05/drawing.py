"""What every initializer has to pass: an array of the right shape, drawn from the generator handed in."""

import re
from collections.abc import Callable

import numpy as np

from coursekit.exercises.feedback import AnswerError, call
from coursekit.exercises.slips.weights import SIZES, Law, law_of

FAN_IN, FAN_OUT = SIZES[0]


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
    if weights.shape == () and rng.bit_generator.state == untouched:
        raise AnswerError(
            "one number came, the width: now draw weights with it, rng.…(…, (fan_in, fan_out))."
        )
    if weights.shape == ():
        raise AnswerError("one number came: hand the shape to rng too, size=(fan_in, fan_out).")
    if weights.shape == (2,):
        raise AnswerError(
            "two numbers came: the size was taken for another argument. rng.normal takes mean, standard "
            "deviation, size; rng.uniform low, high, size."
        )
    if weights.shape == (fan_out, fan_in):
        raise AnswerError(
            f"the shape is ({fan_out}, {fan_in}); here x @ W needs (fan_in, "
            f"fan_out) = ({fan_in}, {fan_out})."
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
            "all weights are 0: // or int() cuts to whole numbers. Write /, and leave "
            "the weights as they are drawn."
        )
    if np.ptp(weights) == 0 and drawn:
        raise AnswerError(
            f"all weights are {weights.flat[0]:.2g}: either one number was drawn for all (hand the shape "
            f"to rng, size=(fan_in, fan_out)), or the law has no width (rng.normal takes the mean first, "
            f"then the standard deviation; rng.uniform the lower end, then the upper)."
        )
    if np.ptp(weights) == 0:
        raise AnswerError("all weights are equal: the units would stay twins. Draw them at random.")
    for axis, what in ((1, "all columns are alike: the units are twins"), (0, "all rows are alike")):
        if np.ptp(weights, axis=axis).max() == 0:
            raise AnswerError(f"{what}. Draw every weight by itself, size=(fan_in, fan_out).")


def _explain_size(wrong):
    """Raise a plainer AnswerError if NumPy took fan_out for another argument than a size."""
    cause = wrong.__cause__
    said = re.search(r"(\w+)\(\) takes at most \d positional", str(cause)[:300])
    if isinstance(cause, TypeError) and (said or "as a data type" in str(cause)[:300]):
        name = said[1] if said else "…"
        raise AnswerError(f"the size is one pair in brackets: rng.{name}(…, (fan_in, fan_out)).") from cause


def _uses_generator(function):
    """Check that the same generator gives the same weights, and another one others."""
    first, again, other = (_draw(function, seed=seed) for seed in (0, 0, 1))
    if (first == other).all():
        raise AnswerError(
            "another rng gives the very same weights: draw from the rng handed in, do not make a generator "
            "with a fixed seed."
        )
    if (first != again).any():
        raise AnswerError(
            "the same rng gives different weights each time: draw from the rng handed in, not from "
            "np.random or another generator outside of the function."
        )


def laws_of_draws(function: Callable) -> list[Law]:
    """Return the law of the weights for each pair of sizes, after the checks that all have to pass."""
    laws = [law_of(_draw(function, *SIZES[0]))]
    _uses_generator(function)
    return laws + [law_of(_draw(function, *sizes)) for sizes in SIZES[1:]]
