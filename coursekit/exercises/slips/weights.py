"""What goes wrong with initial weights: the law they are drawn from, and the rule for its width.

A rule is a formula of fan_in and fan_out. The right one is one of many that are tried: numbers under a
root or not, over one fan, the other, their sum. A rule is named if it gives the measured width for **all**
pairs of sizes, which are far apart and in no simple ratio, and no other rule comes nearer.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

# Sizes far apart and in no simple ratio, so that no rule for one passes as a rule for the other. With more
# than one pair a number copied from the feedback no longer fits.
SIZES = ((600, 170), (130, 410), (90, 1100))


@dataclass(frozen=True)
class Rule:
    """A formula for a width, in words and as a function of (fan_in, fan_out)."""

    words: str
    width: Callable[[int, int], float]


NUMBERS: dict[str, float] = {
    "6": 6, "2": 2, "1": 1, "3": 3, "4": 4, "12": 12, "5": 5, "8": 8, "24": 24, "0.5": 0.5, "1/3": 1 / 3,
    "2/3": 2 / 3, "1.5": 1.5, "√2": 2**0.5, "√3": 3**0.5, "√6": 6**0.5, "√12": 12**0.5, "5/3": 5 / 3,
    "0.75": 0.75, "9": 9, "10": 10, "2 / (1 + 0.2²)": 2 / 1.04,
    "16 · 6": 96, "25/9 · 6": 150 / 9, "25/9 · 2": 50 / 9,
}  # fmt: skip
SIZES_IN_WORDS: dict[str, Callable[[int, int], float]] = {
    "fan_in": lambda i, o: i,
    "fan_out": lambda i, o: o,
    "(fan_in + fan_out)": lambda i, o: i + o,
    "(fan_in · fan_out)": lambda i, o: i * o,
    "√(fan_in · fan_out)": lambda i, o: math.sqrt(i * o),
    "max(fan_in, fan_out)": max,
    "min(fan_in, fan_out)": min,
    "|fan_in − fan_out|": lambda i, o: abs(i - o),
    "(fan_in + 1)": lambda i, o: i + 1,
    "(fan_in² + fan_out²)": lambda i, o: i * i + o * o,
}
BRACKETS: dict[str, Callable[[float, int, int], float]] = {
    "fan_in + fan_out": lambda c, i, o: c / i + o,
    "fan_out + fan_in": lambda c, i, o: c / o + i,
}


def rules() -> Iterator[Rule]:
    """Yield the rules, the simplest first."""
    for c_words, c in NUMBERS.items():
        for size, of in SIZES_IN_WORDS.items():
            yield Rule(f"√({c_words} / {size})", lambda i, o, c=c, of=of: math.sqrt(c / of(i, o)))
    for c_words, c in NUMBERS.items():
        for size, of in SIZES_IN_WORDS.items():
            yield Rule(f"{c_words} / {size}", lambda i, o, c=c, of=of: c / of(i, o))
            yield Rule(f"{c_words} / √{size}", lambda i, o, c=c, of=of: c / math.sqrt(of(i, o)))
    for c_words, c in NUMBERS.items():
        for size, of in SIZES_IN_WORDS.items():
            yield Rule(f"√({size} / {c_words})", lambda i, o, c=c, of=of: math.sqrt(of(i, o) / c))
            yield Rule(f"√({c_words} · {size})", lambda i, o, c=c, of=of: math.sqrt(of(i, o) * c))
            yield Rule(f"{size} / {c_words}", lambda i, o, c=c, of=of: of(i, o) / c)
            yield Rule(f"({c_words} / {size})²", lambda i, o, c=c, of=of: (c / of(i, o)) ** 2)
            yield Rule(
                f"the fourth root of {c_words} / {size}", lambda i, o, c=c, of=of: (c / of(i, o)) ** 0.25
            )
            yield Rule(
                f"the third root of {c_words} / {size}", lambda i, o, c=c, of=of: (c / of(i, o)) ** (1 / 3)
            )
        yield Rule(
            f"√({c_words} / fan_in) + √({c_words} / fan_out)",
            lambda i, o, c=c: (c / i) ** 0.5 + (c / o) ** 0.5,
        )
        yield Rule(f"√{c_words} / (√fan_in + √fan_out)", lambda i, o, c=c: math.sqrt(c) / (i**0.5 + o**0.5))
        yield Rule(
            f"√({c_words} / fan_in + {c_words} / fan_out)", lambda i, o, c=c: math.sqrt(c / i + c / o)
        )
    for size, bracket in BRACKETS.items():  # beside the fan that is added, the number above hardly counts
        yield Rule(f"√(6 / {size})", lambda i, o, f=bracket: math.sqrt(f(6, i, o)))
        yield Rule(f"6 / {size}", lambda i, o, f=bracket: f(6, i, o))
    yield Rule("√6 / √fan_in + fan_out", lambda i, o: math.sqrt(6) / math.sqrt(i) + o)
    yield Rule("1 / log(fan_in)", lambda i, o: 1 / math.log(i))


CONSTANTS = {
    0.05: " (Keras's RandomUniform and RandomNormal take 0.05)", 0.02: " (0.02 is DCGAN's and GPT's)",
    0.01: " (0.01 is a habit of older courses)", 0.07: " (0.07 is Gluon's)", 1.0: " (no width was given)",
    0.1: "", 0.5: "", 0.001: "", 0.2: "", 0.3: "", math.sqrt(2 / 784): ", √(2 / 784)",
    math.sqrt(1 / 784): ", √(1 / 784)",
}  # fmt: skip
ALL_RULES = tuple(rules())


def name_the_rule(widths: list[float], accuracy: float) -> Rule | None:
    """Return the rule that gives the measured widths, one for each of SIZES, or None.

    Of several within the accuracy the nearest is taken, and of equal ones the simplest.
    """
    best, off = None, accuracy
    for rule in ALL_RULES:
        wanted = [rule.width(*sizes) for sizes in SIZES]
        ratios = [w / right - 1 for w, right in zip(widths, wanted, strict=True)]
        distance = max(map(abs, ratios))
        if distance < off - 1e-9 and abs(np.mean(ratios)) < accuracy / 2:
            best, off = rule, distance
    return best


def one_number(widths: list[float], accuracy: float) -> str | None:
    """Return the width in words if it is the same for all sizes, else None."""
    middle = float(np.mean(widths))
    if max(abs(w / middle - 1) for w in widths) > accuracy:
        return None
    known = min(CONSTANTS, key=lambda c: abs(middle / c - 1))
    if abs(middle / known - 1) < accuracy / 3:  # all three measurements together are that exact
        return f"{known:.3g} whatever the sizes{CONSTANTS[known]}"
    return f"{middle:.2g} whatever the sizes"


@dataclass(frozen=True)
class Law:
    """What was measured of weights: where they lie, and how they are spread.

    `kind` is "uniform", "normal", "cut" (a bell curve without its tails), "clipped", "rounded", "two
    values", "triangle" (a sum of two even draws), "tailed", or "other"; for a bell curve that is cut at
    two standard deviations `parent` is the std before the cut.
    """

    kind: str
    mean: float
    std: float
    low: float
    high: float
    parent: float


def law_of(weights: np.ndarray) -> Law:
    """Measure the weights, and tell their law by the fourth moment: 1.8 if uniform, 3 if normal."""
    mean, std = float(weights.mean()), float(weights.std())
    low, high = float(weights.min()), float(weights.max())
    z = (weights - mean) / std
    fourth, reach = float((z**4).mean()), float(np.abs(z).max())
    at_the_ends = float(((weights == low) | (weights == high)).mean())
    if len(np.unique(weights)) < 4 or fourth < 1.5:
        kind = "two values"
    elif any(np.allclose(weights, np.round(weights, digits), rtol=0, atol=1e-12) for digits in range(4)):
        kind = "rounded"
    elif abs(fourth - 2.4) < 0.03 and abs((high - low) / std - 2 * math.sqrt(6)) < 0.06:
        kind = "triangle"
    elif at_the_ends > 0.005:
        kind = "clipped"
    elif abs(fourth - 1.8) < 0.1 and abs((high - low) / std - math.sqrt(12)) < 0.05:
        kind = "uniform"
    elif fourth > 3.3:
        kind = "tailed"
    elif reach > 3.6 and fourth > 2.85:
        kind = "normal"
    elif fourth < 2.97:
        kind = "cut"
    else:
        kind = "other"
    return Law(kind, mean, std, low, high, (high - low) / 4)


def is_shifted(law: Law, size: int) -> bool:
    """Whether the mean is too far from 0 for chance."""
    return abs(law.mean) > 0.02 * law.std + 4 * law.std / math.sqrt(size)


def hint_for(rule: Rule, hints: Mapping[str, str], otherwise: str) -> str:
    """Return what is told of a rule beside its formula."""
    return hints.get(rule.words, otherwise)
