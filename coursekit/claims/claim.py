"""A statement, the measurement that decides it, and the band in which it counts as decided."""

import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from coursekit.nn import checks
from coursekit.words import number, with_minus

__all__ = ["INF", "Claim", "claim", "geometric_mean_of", "mean_of", "number"]

INF = math.inf
FEWEST_SEEDS = 5
_VERDICTS = re.compile(r"holds|holds only \S.*|folklore|not seen here|contested")
Measure = Callable[[int], float]


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
        "holds"; "holds only if …"; "folklore": often said, and measured false; "not seen here": the setting
        is too small or too short to show it; "contested": sources, or settings, say different things.
    quantity : str
        What is measured, in words.
    measure : callable
        From a seed (int) to the measured number.
    low, high : float
        The band; a number inside it, borders included, supports the verdict.
    source : str
        Who says it, or where the number stands.
    setting : str
        What the measurement is made on: net, data, steps, rate.
    seeds : int
        Over how many seeds it is shown and asserted, five at least.
    carries : bool
        Whether the lesson rests on it: then it stands in the lesson's own table, and is measured there.
        The others stand on the page of all claims alone.
    reads : str
        The kept sweep from which the numbers of the usual seeds come, if any: what reading takes says
        nothing of what measuring takes.

    Raises
    ------
    ValueError
        If the verdict is none of these, the band is empty, or the seeds are too few.
    """

    name: str
    lesson: str
    statement: str
    verdict: str
    quantity: str
    measure: Measure
    low: float
    high: float
    source: str
    setting: str = ""
    seeds: int = FEWEST_SEEDS
    carries: bool = False
    reads: str = ""

    def __post_init__(self) -> None:
        if not _VERDICTS.fullmatch(self.verdict):
            raise ValueError(
                f"{self.name}: the verdict must be 'holds', 'holds only if …', 'folklore', 'not seen here' "
                f"or 'contested', got {self.verdict!r}."
            )
        if not self.low <= self.high:
            raise ValueError(f"{self.name}: no number lies in a band from {self.low} to {self.high}.")
        if checks.positive_int("seeds", self.seeds) < FEWEST_SEEDS:
            raise ValueError(f"{self.name}: a claim needs at least {FEWEST_SEEDS} seeds, got {self.seeds}.")

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
        return with_minus(f"{self.low:g} … {self.high:g}")


def claim(
    *,
    says: str,
    verdict: str,
    measured: str,
    band: tuple[float, float],
    setting: str,
    source: str,
    carries: bool = False,
    seeds: int = FEWEST_SEEDS,
    reads: str = "",
) -> Callable[[Measure], Claim]:
    """Make a measurement into the `Claim` that it decides.

    It stands above a function from a seed to a number. The function's name becomes the claim's, and the
    lesson is that of the folder ``lesson_NN`` in which the function stands.

    Parameters
    ----------
    says, measured : str
        The claim's statement and quantity.
    band : tuple of float
        Its low and high end.
    verdict, setting, source, carries, seeds, reads
        As in `Claim`.
    """

    def decorate(measure: Measure) -> Claim:
        lesson = measure.__module__.partition(".lesson_")[2][:2]
        return Claim(
            measure.__name__,
            lesson,
            says,
            verdict,
            measured,
            measure,
            *band,
            source,
            setting,
            seeds,
            carries,
            reads,
        )

    return decorate


def mean_of(trainings: int) -> Callable[[Measure], Measure]:
    """Make a measurement into the mean of it over that many seeds of its own.

    For what a single training decides by chance: the last bit of a sum, which differs between processors,
    is enough to make it another training.
    """

    def decorate(measure: Measure) -> Measure:
        @functools.wraps(measure)
        def mean(seed: int) -> float:
            seeds = range(trainings * seed, trainings * (seed + 1))
            return sum(map(measure, seeds)) / trainings

        return mean

    return decorate


def geometric_mean_of(trainings: int) -> Callable[[Measure], Measure]:
    """Make the same for a factor: the mean is that of its logarithm."""

    def decorate(measure: Measure) -> Measure:
        mean = mean_of(trainings)(lambda seed: math.log(measure(seed)))
        return functools.wraps(measure)(lambda seed: math.exp(mean(seed)))

    return decorate
