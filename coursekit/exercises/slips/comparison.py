"""Slips in a comparison of two ways to train: the interval of a difference, and the choice before it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.slips.search import Option

# --- the mean difference and half its 95 % interval -----------------------------------------------------


@dataclass(frozen=True)
class EffectProblem:
    """Accuracies of the same seeds with and without a technique, and Student's t for their number."""

    with_it: np.ndarray
    without: np.ndarray
    t: float


def _both(p):
    return np.concatenate([p.with_it, p.without])


UNPAIRED = (
    "the two spreads are joined as if the seeds were strangers: take the difference seed by seed first, "
    "and then its spread."
)
EFFECT = {
    "sign": (
        Option(1.0),
        Option(-1.0, "the difference is turned round: with the technique minus without.", common=True),
    ),
    "middle": (
        Option(lambda d, p: d.mean()),
        Option(lambda d, p: np.median(d), "the median is taken: the interval is that of a mean."),
        Option(lambda d, p: d.sum(), "the differences are summed: take their mean."),
        Option(lambda d, p: abs(d.mean()), "the mean lost its sign: a harm is not a gain.", common=True),
        Option(lambda d, p: np.abs(d).mean(), "each difference lost its sign: losses then count as gains."),
        Option(
            lambda d, p: d.mean() / p.without.mean(), "you divide by the accuracy without: no ratio here."
        ),
        Option(lambda d, p: d.max(), "the best seed alone is taken: that is luck, take the mean."),
        Option(lambda d, p: 100 * d.mean(), "the mean is in points: leave it a share, as it came."),
        Option(
            lambda d, p: np.sign(d.sum()) * (p.with_it.max() - p.without.max()),
            "the best seed of each side is compared: take the mean of the differences.",
        ),
    ),
    "spread": (
        Option(lambda d, p: d.std(ddof=1)),
        Option(
            lambda d, p: d.std(),
            "the spread divides by R: estimated from a few seeds it divides by R − 1 (ddof=1).",
            common=True,
        ),
        Option(lambda d, p: d.var(ddof=1), "that is the variance: take its root, the spread.", common=True),
        Option(lambda d, p: d.var(), "that is the variance, over R: take the root, and divide by R − 1."),
        Option(lambda d, p: np.hypot(p.with_it.std(ddof=1), p.without.std(ddof=1)), UNPAIRED, common=True),
        Option(lambda d, p: np.hypot(p.with_it.std(), p.without.std()), f"{UNPAIRED} It divides by R − 1."),
        Option(lambda d, p: p.with_it.std(ddof=1), "that is the spread with the technique alone."),
        Option(lambda d, p: p.without.std(ddof=1), "that is the spread without the technique alone."),
        Option(
            lambda d, p: _both(p).std(ddof=1), "both sides are thrown together: their distance is in it."
        ),
        Option(lambda d, p: _both(p).std(), "both sides are thrown together: their distance is in it."),
        Option(
            lambda d, p: p.with_it.std(ddof=1) + p.without.std(ddof=1),
            "two spreads are added: take that of the differences.",
        ),
        Option(
            lambda d, p: p.with_it.std(ddof=1) - p.without.std(ddof=1),
            "two spreads are subtracted: take that of the differences.",
        ),
        Option(lambda d, p: np.abs(d - d.mean()).mean(), "that is the mean deviation, not the spread."),
        Option(lambda d, p: np.ptp(d), "that is the range from the smallest to the largest difference."),
    ),
    "root": (
        Option(lambda n: np.sqrt(n)),
        Option(
            lambda n: 1.0,
            "the spread is not divided by √R: a mean scatters less than one seed.",
            common=True,
        ),
        Option(lambda n: float(n), "you divide by R: the mean's scatter falls with its root.", common=True),
        Option(lambda n: np.sqrt(6), "√6 is written in: R is len(d)."),
        Option(lambda n: np.sqrt(n - 1), "you divide by √(R − 1): the root is of R.", common=True),
        Option(lambda n: float(n - 1), "you divide by R − 1: take √R."),
        Option(lambda n: 2.0 * n, "you divide by 2R: there are R differences, and the root is of R."),
        Option(lambda n: np.sqrt(2 * n), "the root is of both sides' seeds: there are R differences."),
    ),
    "factor": (
        Option(lambda t: t),
        Option(lambda t: 1.0, "t is missing: half the interval is t times that.", common=True),
        Option(
            lambda t: 1.96, "1.96 is for a known spread: with a few seeds use the t given.", common=True
        ),
        Option(lambda t: 2.0, "2 is a rule of thumb for many seeds: use the t given.", common=True),
        Option(lambda t: 2.571, "2.571 is written in: use the t given."),
        Option(lambda t: 2 * t, "that is the whole width: return half of it."),
        Option(lambda t: t / 2, "t is halved: the interval reaches t times that to either side."),
        Option(lambda t: t**2, "t is multiplied twice."),
        Option(lambda t: 100 * t, "half the width is in points: leave it a share, as it came."),
    ),
    "form": (
        Option("mean, half"),
        Option("half, mean", "the two are exchanged: first the mean, then half the width."),
        Option("ends", "those are the interval's two ends: return its middle and half its width."),
        Option("mean, end", "the second is the interval's upper end: return half its width."),
        Option(
            "both", "those are the means of both sides: return their difference, and half its interval."
        ),
        Option("mean, start", "the second is the interval's lower end: return half its width."),
    ),
}


def effect_answer(
    p: EffectProblem,
    sign: float,
    middle: Callable,
    spread: Callable,
    root: Callable,
    factor: Callable,
    form: str,
) -> np.ndarray:
    """Return the two numbers, as the recipe makes them."""
    d = sign * (p.with_it - p.without)
    mean, half = middle(d, p), factor(p.t) * spread(d, p) / root(d.size)
    forms = {
        "mean, half": (mean, half),
        "half, mean": (half, mean),
        "ends": (mean - half, mean + half),
        "mean, end": (mean, mean + half),
        "mean, start": (mean, mean - half),
        "both": (p.with_it.mean(), p.without.mean()),
    }
    return np.array(forms[form], dtype=float)


# --- a comparison to be mended --------------------------------------------------------------------------


@dataclass(frozen=True)
class ComparisonProblem:
    """What trainings would come to, shape (2, rates, seeds): without the technique, and with it."""

    rates: tuple[float, ...]
    seeds: tuple[int, ...]
    validation: np.ndarray
    test: np.ndarray


def _best(table):
    return int(table.mean(axis=1).argmax())


def _luckiest(table):
    return int(table.max(axis=1).argmax())


COMPARISON = {
    "by": (
        Option("validation"),
        Option(
            "test",
            "the rate is chosen by the test images: then they are no test any more. Choose by validation.",
        ),
    ),
    "choice": (
        Option(_best),
        Option(_luckiest, "the rate is chosen by its luckiest seed: take the mean over the seeds."),
        Option(
            lambda table: int(np.median(table, axis=1).argmax()),
            "the median is taken: the mean was asked for.",
        ),
        Option(
            lambda table: int(table.mean(axis=1).argmin()), "the worst rate is chosen: argmax, not argmin."
        ),
        Option(lambda table: int(table[:, 0].argmax()), "the rate is chosen by the first seed alone."),
        Option(
            lambda table: int(table[:, -1].argmax()),
            "the rate is chosen by the last seed alone: take the mean over the seeds.",
        ),
        Option(
            lambda table: table.argmax(axis=0),
            "each seed gets a rate of its own: choose one for all seeds of a side, by their mean.",
        ),
        Option(lambda table: 0, "no rate is chosen: the first is taken."),
        Option(lambda table: len(table) - 1, "no rate is chosen: the last is taken."),
    ),
    "whose": (
        Option("own"),
        *(
            Option(
                f"carried, {first} first",
                "the best score of one side is carried over to the other, which then keeps the first one's "
                "rate unless it beats it: begin anew for each side.",
            )
            for first in ("with", "without")
        ),
        Option("with", "both sides get the rate that suits the technique: choose one for each."),
        Option(
            "joint",
            "both sides get one rate, chosen by the mean of both: choose one for each side, by its own.",
        ),
        Option("without", "both sides get the rate that suits the net without it: choose one for each."),
    ),
    "seeds": (
        Option("same"),
        Option("shifted", "the two sides get different seeds: with the same ones the luck cancels."),
        Option("sorted", "the two sides are sorted, so that seeds no longer meet themselves."),
    ),
    "judge": (
        Option("test"),
        Option(
            "validation",
            "the difference is that of the validation images, which chose: use the test images.",
        ),
    ),
    "sign": (
        Option(1.0),
        Option(-1.0, "the difference is turned round: with the technique minus without."),
    ),
}


def _carried(picks, means, first):
    """Return the choices of both sides where the second has to beat the best score of the first."""
    kept, second = list(picks), 1 - first
    if np.mean(means[second, picks[second]]) <= np.mean(means[first, picks[first]]):
        kept[second] = picks[first]
    return kept


def comparison_answer(
    p: ComparisonProblem, by: str, choice: Callable, whose: str, seeds: str, judge: str, sign: float
) -> np.ndarray:
    """Return the differences, one a seed, as the recipe makes them."""
    tables = {"validation": p.validation, "test": p.test}
    picks = [choice(side[:, : len(p.seeds)]) for side in tables[by]]
    if whose.startswith("carried"):
        picks = _carried(
            picks, tables[by][:, :, : len(p.seeds)].mean(axis=2), int(whose == "carried, with first")
        )
    elif whose == "joint":
        picks = [choice(tables[by].mean(axis=0)[:, : len(p.seeds)])] * 2
    elif whose != "own":
        picks = [picks[whose == "with"]] * 2
    judged = tables[judge]
    n = len(p.seeds)
    at = np.arange(n)
    without, with_it = judged[0, picks[0], at + (seeds == "shifted")], judged[1, picks[1], at]
    if seeds == "sorted":
        without, with_it = np.sort(without), np.sort(with_it)
    return sign * (with_it - without)
