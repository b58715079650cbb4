"""Checkers of lesson 05: xavier_uniform and he_normal."""

import math
from collections.abc import Callable

import numpy as np

from coursekit.exercises.feedback import AnswerError, UnnamedError, call, checked
from coursekit.exercises.lesson_05.at_once import refuse_at_once
from coursekit.exercises.lesson_05.drawing import laws_of_draws
from coursekit.exercises.slips.weights import SIZES, hint_for, is_shifted, name_the_rule, one_number

FAN_IN, FAN_OUT = SIZES[0]


def _limit(i, o):
    return math.sqrt(6 / (i + o))


def _std(i, o):
    return math.sqrt(2 / i)


def _fits(widths, right, accuracy):
    return all(abs(w / right(*sizes) - 1) < accuracy for w, sizes in zip(widths, SIZES, strict=True))


def _refuse_width(what, sign, widths, right, accuracy, hints, otherwise):
    """Raise AnswerError that names the rule of the wrong widths, or says what was measured.

    `what` is the width in words, `right` the right rule, `hints` what is told of a rule by its formula.
    """
    fixed = one_number(widths, accuracy)
    if fixed and not abs(widths[0] / right(*SIZES[0]) - 1) < 0.01:
        raise AnswerError(f"the {what} is {sign}{fixed}: it has to follow the sizes, {otherwise}.")
    rule = name_the_rule(widths, accuracy)
    if rule and not fixed:
        # Beside a fan_out that is added outside of the fraction, what stands in the fraction is not seen.
        Kind = UnnamedError if rule.words.strip("√()").endswith("/ fan_in + fan_out") else AnswerError
        raise Kind(f"the {what} is {rule.words}{hint_for(rule, hints, f': it should be {otherwise}')}.")
    if fixed or abs(widths[0] / right(*SIZES[0]) - 1) < accuracy:
        (i, o), (j, k) = SIZES[:2]
        raise AnswerError(
            f"right for fan_in {i} and fan_out {o}; for {j} and {k} the {what} is {sign}{widths[1]:.2g}, "
            f"and it should be {sign}{right(j, k):.2g}: compute it from the sizes."
        )
    ratios = [w / right(*sizes) for w, sizes in zip(widths, SIZES, strict=True)]
    if max(ratios) / min(ratios) < 1 + 2 * accuracy:
        raise UnnamedError(
            f"the {what} is {ratios[0]:.3g} times what it should be, for all sizes tried: {otherwise}."
        )
    measured = ", ".join(
        f"{sign}{w:.2g} for fan_in {i} and fan_out {o} (right: {sign}{right(i, o):.2g})"
        for w, (i, o) in zip(widths[:2], SIZES, strict=False)
    )
    raise UnnamedError(
        f"the {what} of your weights is {measured}. It should be {otherwise}: look at the formula."
    )


ROUNDED = "your weights are rounded, so that few values come: leave them as they are drawn."


def _refuse_small(function, what, sizes, calls, measure, right):
    """Refuse a rule that goes wrong where sizes are small, as one does that adds 1 to them."""
    rng = np.random.default_rng(3)
    drawn = np.concatenate([np.array(call(function, *sizes, rng), float).ravel() for _ in range(calls)])
    width = float(measure(drawn))
    if not abs(width / right - 1) < 0.05:
        raise AnswerError(
            f"right for large sizes; for fan_in {sizes[0]} and fan_out {sizes[1]} the {what} is "
            f"{width:.2g}, and it should be {right:.2g}: see whether something is added to the sizes."
        )


XAVIER_HINTS = {
    "6 / (fan_in + fan_out)": ": the square root is missing",
    "√(2 / (fan_in + fan_out))": ": that is the standard deviation. U(-a, a) has the variance a²/3, so a "
    "needs √6, not √2",
    "2 / (fan_in + fan_out)": ": that is the variance, not the limit",
    "√(3 / (fan_in + fan_out))": ": use 6: the rule takes the average of the "
    "two fans, which is half their sum",
    "√(12 / (fan_in + fan_out))": ": use 6: the average of the two fans is half their sum, and is counted "
    "once (or a gain of √2 is multiplied in: leave it out)",
    "√(24 / (fan_in + fan_out))": ": use 6; the interval runs from -a to a, so it is 2a wide already",
    "√(6 / fan_in)": ", He's: divide by fan_in + fan_out",
    "√(6 / fan_out)": ": divide by fan_in + fan_out",
    "√(3 / fan_in)": ", LeCun's uniform: use both fans",
    "√(1 / fan_in)": ", 1/√fan_in, the old heuristic that Xavier replaced "
    "(PyTorch's Linear still takes it)",
    "√(6 / (fan_in · fan_out))": ": that divides by fan_in · fan_out: add them instead",
    "√6 / (fan_in + fan_out)": ": root the whole fraction",
    "√(6 / fan_in + fan_out)": ": the sum needs brackets, 6 / (fan_in + fan_out)",
    "6 / fan_in + fan_out": ": the sum needs brackets, and the fraction a root",
    "6 / √(fan_in + fan_out)": ": the 6 belongs under the root, √(6 / (fan_in + fan_out))",
    "√((fan_in + fan_out) / 6)": ": the fraction is upside down: a = √(6 / (fan_in + fan_out))",
    "(fan_in + fan_out) / 6": ": the fraction is upside down, and its root is missing",
    "the fourth root of 6 / (fan_in + fan_out)": ": the root is taken twice",
    "the third root of 6 / (fan_in + fan_out)": ": take the square root, not the third",
    "(6 / (fan_in + fan_out))²": ": the square stands where the root belongs",
    "(√6 / (fan_in + fan_out))²": ", 6 / (fan_in + fan_out)²: the square stands where the root belongs",
    "√(1.5 / (fan_in + fan_out))": ", half of what it should be: rng.random() - 0.5 reaches 0.5 only, so "
    "multiply by 2a; or the 6 is divided by 4",
    "√(16 · 6 / (fan_in + fan_out))": ", four times what it should be: the "
    "factor 4 is an old one for sigmoids",
    "√(25/9 · 6 / (fan_in + fan_out))": ": a gain of 5/3 is multiplied in, "
    "PyTorch's for tanh: leave it out",
}


@checked
def check_xavier_uniform(function: Callable) -> str:
    """Check ``xavier_uniform(fan_in, fan_out, rng)``: U(-a, a) with a = √(6 / (fan_in + fan_out)).

    Returns
    -------
    Feedback
        Names a wrong law, a wrong limit (which one), a shifted interval, swapped sizes, an unused rng.
    """
    refuse_at_once(function, SIZES[0], lambda w: np.abs(w).max(), _limit(*SIZES[0]), 0.004)
    laws = laws_of_draws(function)
    first = laws[0]
    if is_shifted(first, FAN_IN * FAN_OUT):
        raise AnswerError(_shifted_interval(first))
    if first.kind in ("normal", "cut", "clipped", "rounded", "triangle", "tailed", "other"):
        raise AnswerError(_not_even(laws))
    if first.kind == "two values":
        raise AnswerError(
            "your weights crowd at the ends of the interval; draw evenly from all of it (rng.uniform)."
        )
    reached = [max(law.high, -law.low) for law in laws]
    if _fits(reached, _limit, 0.004):
        right = _limit(*SIZES[0])
        _refuse_small(function, "limit", (1, 2), 300, lambda w: np.abs(w).max(), math.sqrt(2))
        return f"evenly drawn from ±{right:.4f} = ±√(6 / (fan_in + fan_out)), from the rng handed in."
    _refuse_width("limit", "±", reached, _limit, 0.004, XAVIER_HINTS, "a = √(6 / (fan_in + fan_out))")
    raise AssertionError("a wrong width is always refused")


def _shifted_interval(law):
    """Say how an interval came to lie unevenly round 0."""
    a = math.sqrt(6 / (FAN_IN + FAN_OUT))
    where = f"the weights run from {law.low:.2g} to {law.high:.2g}, with the mean {law.mean:.3g}, not 0"
    if abs(law.high - 1) < 0.01 and abs(law.low) > 0.01:
        return (
            f"the weights run from {law.low:.2g} to 1: with one end given, rng.uniform goes on to 1. Give "
            f"both: rng.uniform(-a, a, size)."
        )
    if law.kind == "normal":
        return (
            f"your weights are bell-shaped, round {law.mean:.3g}: draw evenly from -a to a (rng.uniform)."
        )
    if abs(law.low) < 0.01 * law.high:
        return (
            f"{where}: the interval runs from -a to a, not from 0 to a. rng.random draws from 0 to 1; take "
            f"rng.uniform(-a, a, size)."
        )
    if abs(law.low + a) < 0.01 * a:
        return (
            f"{where}: the lower end is right, the upper should be {a:.2g}. Mind the brackets: (2 * "
            f"rng.random() - 1) * a."
        )
    return (
        f"{where}: the interval runs from -a to a, not from 0 to a or elsewhere. "
        "Take rng.uniform(-a, a, size)."
    )


def _not_even(laws):
    """Say of weights that are not uniform what they are, and what rule their std follows."""
    first = laws[0]
    if first.kind == "clipped":
        return "your weights are clipped: they crowd at both ends. Draw evenly from -a to a (rng.uniform)."
    if first.kind == "rounded":
        return ROUNDED
    if first.kind == "triangle":
        return (
            "your weights crowd round 0, as a sum of two draws does: draw once, rng.uniform(-a, a, size)."
        )
    if first.kind == "tailed":
        return "your weights have long tails; this scheme draws evenly from an interval (rng.uniform)."
    if first.kind == "cut":
        return (
            "your weights are bell-shaped and cut off; this scheme draws evenly from an interval "
            "(rng.uniform)."
        )
    said = "your weights are bell-shaped; this scheme draws evenly from an interval (rng.uniform)."
    rule = name_the_rule([law.std for law in laws], 0.012)
    if rule and rule.words == "√(6 / (fan_in + fan_out))":
        said += " The limit a is no standard deviation."
    elif rule and rule.words == "√(2 / (fan_in + fan_out))":
        said += " The std is Xavier's, so this is xavier_normal."
    return said


HE_HINTS = {
    "√(1 / fan_in)": ": that suits tanh. ReLU throws half of the mean square away, so double the variance",
    "2 / fan_in": ": that is the variance. Take its square root",
    "1 / fan_in": ": take the square root, and double the variance",
    "(2 / fan_in)²": ": 2 / fan_in is the variance; take its root, not its square",
    "√2 / fan_in": ": root the whole fraction",
    "2 / √fan_in": ": the 2 belongs under the root",
    "√(4 / fan_in)": ", 2 / √fan_in: the 2 belongs under the root",
    "√(2 / fan_out)": ": the forward signal needs fan_in",
    "√(1 / fan_out)": ": take fan_in, and double the variance",
    "√(0.5 / fan_out)": ", √(1 / (2 fan_out)): take fan_in, and the 2 belongs in the numerator",
    "2 / fan_out": ": take fan_in, and the square root",
    "√(2 / (fan_in + fan_out))": ", Xavier's",
    "√(1 / (fan_in + fan_out))": ": He takes fan_in alone, and a 2",
    "2 / (fan_in + fan_out)": ", Xavier's variance: He takes √(2 / fan_in)",
    "√(4 / (fan_in + fan_out))": ": He takes fan_in alone",
    "√(6 / (fan_in + fan_out))": ": that is the limit of Xavier's uniform law",
    "√(6 / fan_in)": ": that is the limit of He's uniform law, not a standard "
    "deviation, which is √(2 / fan_in)",
    "√(3 / fan_in)": ": that is the limit of LeCun's uniform law, not a standard deviation",
    "√(fan_in / 2)": ": the fraction is upside down: multiply by √(2 / fan_in), or divide by √(fan_in / 2)",
    "√(0.5 / fan_in)": ", 1 / √(2 fan_in): the 2 belongs in the numerator",
    "√(2 / (fan_in · fan_out))": ": divide by fan_in alone",
    "√(2 · fan_in)": ": divide by fan_in, do not multiply",
    "the fourth root of 2 / fan_in": ": the root is taken twice",
    "the third root of 2 / fan_in": ": take the square root, not the third",
    "√(2 / (1 + 0.2²) / fan_in)": ": that is for leaky ReLU with the slope 0.2; for "
    "ReLU the variance is 2 / fan_in",
    "√(25/9 · 2 / fan_in)": ": a gain of 5/3 is multiplied in: leave it out",
}


@checked
def check_he_normal(function: Callable) -> str:
    """Check ``he_normal(fan_in, fan_out, rng)``: N(0, 2 / fan_in).

    Returns
    -------
    Feedback
        Names a wrong law, a wrong standard deviation (which one), swapped sizes, an unused rng.
    """
    refuse_at_once(function, SIZES[0], np.std, _std(*SIZES[0]), 0.012)
    laws = laws_of_draws(function)
    first = laws[0]
    if is_shifted(first, FAN_IN * FAN_OUT):
        raise AnswerError(_off_zero(first))
    note = _refuse_law(laws, _std)
    stds = [law.std for law in laws]
    if _fits(stds, _std, 0.012):
        _refuse_small(function, "std", (2, 2000), 1, np.std, 1.0)
        return f"a bell curve with the standard deviation {_std(*SIZES[0]):.4f} = √(2 / fan_in){note}."
    _refuse_width("std", "", stds, _std, 0.012, HE_HINTS, "√(2 / fan_in)")
    raise AssertionError("a wrong width is always refused")


def _off_zero(law):
    """Say how the mean came to be off 0."""
    if law.kind == "uniform" and abs(law.low) < 0.01 * law.high:
        return (
            f"the mean is {law.mean:.2g}; it should be 0: rng.random and np.random.rand draw evenly from 0 "
            f"to 1. Take rng.normal(0, std, size), or rng.standard_normal(size) * std."
        )
    if law.low >= 0:
        return (
            f"the mean is {law.mean:.2g}; it should be 0: no weight is negative. Draw with rng.normal(0, "
            f"std, size) and keep the signs."
        )
    if abs(law.std - 1) < 0.03:
        return (
            f"the mean is {law.mean:.2g} and the std 1: the first argument of rng.normal is the mean; or "
            "the std is added, where it multiplies. Write rng.normal(0, std, size)."
        )
    return f"the mean is {law.mean:.2g}; it should be 0: rng.normal(0, std, size)."


def _refuse_law(laws, right):
    """Refuse other laws than a bell curve; return a note on one that is cut off and widened again."""
    first = laws[0]
    stds = [law.std for law in laws]
    if first.kind in ("uniform", "two values"):
        rule = name_the_rule([law.high for law in laws], 0.004) if first.kind == "uniform" else None
        theirs = (
            " √(6 / fan_in) is the limit of He's uniform law."
            if rule and rule.words == "√(6 / fan_in)"
            else ""
        )
        raise AnswerError(
            "your weights are spread evenly; this scheme draws from a bell curve (rng.normal)." + theirs
        )
    if first.kind == "rounded":
        raise AnswerError(ROUNDED)
    if first.kind == "triangle":
        raise AnswerError("your weights are a sum of two even draws, no bell curve: use rng.normal.")
    if first.kind == "tailed":
        raise AnswerError("your weights have longer tails than a bell curve; use rng.normal.")
    if first.kind == "clipped":
        raise AnswerError(
            f"your bell curve is clipped: the weights beyond {first.high:.2g} are cut off and lie on that "
            f"value. Draw with rng.normal and leave them."
        )
    if first.kind == "other":
        raise AnswerError(
            "your weights are no bell curve round 0: draw them with rng.normal(0, std, size)."
        )
    if first.kind != "cut":
        return ""
    if _fits(stds, right, 0.012):
        return "; yours is cut off and widened again, as Keras does it"
    at_two = abs(first.std / first.parent - 0.8796) < 0.01
    where = "two standard deviations" if at_two else f"{first.high / first.std:.2g} of its deviations"
    shrunk = "That makes the std 0.88 times as large: draw" if at_two else "Draw"
    shrunk += " with rng.normal, which cuts nothing off."
    also = ""
    if at_two and not _fits([law.parent for law in laws], right, 0.012):
        rule = name_the_rule([law.parent for law in laws], 0.012)
        also = f" Also, before the cut its std is {rule.words}; it should be √(2 / fan_in)." if rule else ""
    raise AnswerError(f"your bell curve is cut off at {where}. {shrunk}{also}")
