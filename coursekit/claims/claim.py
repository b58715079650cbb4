"""A statement, the measurement that decides it, and the band in which it counts as decided."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from coursekit.diagnostics.words import number

__all__ = ["INF", "Claim", "claim_of", "number"]

INF = math.inf


@dataclass(frozen=True)
class Claim:
    """One statement of a lesson.

    Attributes
    ----------
    name : str
        A short identifier.
    lesson : str
        Two digits, "05".
    statement : str
        What is said, in a sentence.
    verdict : str
        "holds", "holds only if …", or "folklore": often said, and measured false.
    quantity : str
        What is measured, in words.
    measure : callable
        From a seed (int) to the measured number.
    low, high : float
        The band; a number inside it, borders included, supports the verdict.
    source : str
        Who says it, or where the number stands.
    """

    name: str
    lesson: str
    statement: str
    verdict: str
    quantity: str
    measure: Callable[[int], float]
    low: float
    high: float
    source: str

    def supported_by(self, value: float) -> bool:
        """Whether a measured value lies in the band; nan never does."""
        return self.low <= value <= self.high

    @property
    def band(self) -> str:
        """The band in words, such as "≤ 4" or "−1.1 … −0.9"."""
        if self.low == self.high:
            return f"exactly {self.low:g}"
        if self.high == math.inf:
            return f"≥ {self.low:,g}"
        if self.low == 0:
            return f"≤ {self.high:,g}"
        return f"{self.low:g} … {self.high:g}".replace("-", "−")


def mean_of(trainings: int, measure: Callable[[int], float]) -> Callable[[int], float]:
    """Return the measurement that takes the mean of `measure` over that many seeds of its own.

    For what a single training decides by chance: the last bit of a sum, which differs between processors,
    is enough to make it another training.
    """

    def measured(seed):
        seeds = range(trainings * seed, trainings * (seed + 1))
        return sum(map(measure, seeds)) / trainings

    return measured


def geometric_mean_of(trainings: int, measure: Callable[[int], float]) -> Callable[[int], float]:
    """Return the same for a factor: the mean is that of its logarithm."""
    mean = mean_of(trainings, lambda seed: math.log(measure(seed)))
    return lambda seed: math.exp(mean(seed))


def claim_of(lesson: str) -> Callable[..., Claim]:
    """Return a short way to write claims of one lesson, the band as a pair."""

    def claim(name, statement, verdict, quantity, measure, band, source):
        return Claim(name, lesson, statement, verdict, quantity, measure, *band, source)

    return claim
