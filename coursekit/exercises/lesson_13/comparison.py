"""Checkers of lesson 13: the interval of an effect, and a comparison to be mended."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies
from coursekit.exercises.feedback import AnswerError, call, checked
from coursekit.exercises.judging import judge, one_of, unknown
from coursekit.exercises.slips import comparison
from coursekit.exercises.slips.search import near


def _effect_problem(count, t, gain, seed):
    rng = np.random.default_rng(seed)
    without = 0.83 + rng.normal(0, 0.02, count)
    return comparison.EffectProblem(without + rng.normal(gain, 0.02, count), without, t)


def _comparison_problem(rates, count, seed):
    """Return accuracies in which every wrong choice comes out differently."""
    rng = np.random.default_rng(seed)
    shape = (2, len(rates), count + 1)  # one more seed, for those who shift them
    best = np.array([[1.0, 0.0], [0.0, 1.0]])[:, np.linspace(0, 1.99, len(rates)).astype(int)][:, :, None]
    validation = 0.7 + 0.05 * best + rng.normal(0, 0.03, shape)
    return comparison.ComparisonProblem(
        rates, tuple(range(count)), validation, validation - 0.05 + rng.normal(0, 0.05, shape)
    )


BY_RATE = (
    "There is one number for each rate: choose one rate for each side, by the mean of [0] over the seeds, "
    "and return a difference of [1] for each seed."
)
EFFECTS = (_effect_problem(6, 2.571, 0.012, 1), _effect_problem(9, 2.306, -0.009, 2))
# No rate is a whole number: a place in the list is none of them.
COMPARISONS = (
    _comparison_problem((0.03, 0.1, 0.3, 0.9, 2.7), 6, 285176),
    _comparison_problem((0.03, 0.1, 0.3, 0.9, 2.7), 5, 104404),
)


def _near(a, b):
    """Whether two answers agree: differences of accuracies are small numbers."""
    return near(100 * a, 100 * b)


def _off(answers):
    """Return what says which of the two numbers is off."""

    def otherwise(i, right):
        k = int(np.abs(answers[i] - right[i]).argmax())
        what = ("the mean difference", "half the width")[k]
        return (
            f"not by a slip that is known here: {what} should be {right[i][k]:.4g}; yours is "
            f"{answers[i][k]:.4g}. First d = with_it − without, seed by seed; then its mean, and t s/√R."
        )

    return otherwise


@checked
def check_effect(function: Callable) -> str:
    """Check ``effect(with_it, without, t)``: the mean difference and half its 95 % interval, t s/√R.

    Returns
    -------
    Feedback
        Names an unpaired spread, another divisor, a missing root or t, and what else is common.
    """
    answers = []
    for p in EFFECTS:
        value = call_on_copies(function, p.with_it, p.without, p.t)
        if isinstance(value, float | int | np.floating):
            raise AnswerError("one number came back: return two, the mean difference and half the width.")
        answers.append(as_array("the mean and half the width, together,", value, (2,)))
    judge(comparison.EFFECT, comparison.effect_answer, EFFECTS, answers, _off(answers), same=_near)
    return "the difference seed by seed, its mean, and t s/√R to either side."


@checked
def check_mended_comparison(function: Callable) -> str:
    """Check ``compare(train, rates, seeds)``, a comparison that came with five errors.

    ``train(technique, rate, seed)`` returns validation and test accuracy; the answer is the difference of
    test accuracies, with the technique minus without, for each seed, each side at the rate with the best
    mean validation accuracy.

    Returns
    -------
    Feedback
        Says in a sentence each which errors are left.
    """
    answers = []
    for p in COMPARISONS:
        value = call(function, _trainer(p), list(p.rates), list(p.seeds))
        if isinstance(value, float | int | np.floating):
            raise AnswerError("one number came back: return the differences, one for each seed.")
        by_rate = {(len(p.rates),): BY_RATE} if len(p.rates) != len(p.seeds) else {}
        answers.append(as_array("the differences, one for each seed,", value, (len(p.seeds),), by_rate))
    rounds = tuple((slips, False) for slips in range(1, len(comparison.COMPARISON) + 1))
    otherwise = unknown("the differences", answers)
    try:
        judge(
            comparison.COMPARISON,
            comparison.comparison_answer,
            COMPARISONS,
            answers,
            otherwise,
            same=_near,
            rounds=rounds,
        )
    except AnswerError as error:
        raise one_of(error) from None
    return "mended: each side at its own rate, chosen by validation, judged once, seed by seed."


def _meant(p, rate):
    """Return what else than a rate may have been handed over."""
    if isinstance(rate, int | np.integer) and 0 <= rate < len(p.rates):
        return f". {rate} is a place in the list: rates[{rate}]"
    if rate in p.validation or any(
        np.isclose(rate, s.mean(axis=1)).any() for s in (*p.validation, *p.test)
    ):
        return ". That is a score: max(rates, key=score) gives the rate that has the best one"
    return ""


def _trainer(p):
    def train(technique: bool, rate: float, seed: int) -> tuple[float, float]:
        if rate not in p.rates or not 0 <= seed <= len(p.seeds):
            unknown = f"train was asked for rate {rate} and seed {seed}, which are not in the lists"
            raise ValueError(unknown + _meant(p, rate))
        at = int(bool(technique)), p.rates.index(rate), int(seed)
        return float(p.validation[at]), float(p.test[at])

    return train
