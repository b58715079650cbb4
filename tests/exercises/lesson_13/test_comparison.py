"""The checkers of an interval and of the comparison to be mended: right ways pass, slips are named."""

import itertools
import math
import statistics

import numpy as np
import pytest

from coursekit.exercises import check_effect, check_mended_comparison
from coursekit.exercises.lesson_13 import comparison as lesson_13
from coursekit.exercises.slips import comparison
from coursekit.exercises.slips.search import recipes
from tests.exercises.answers import try_right, try_wrong


def effect(spread=lambda a, b, d: d.std(ddof=1), root=math.sqrt, mean=np.mean, sign=1, t=lambda t: t):
    def answer(a, b, quantile):
        d = sign * (a - b)
        return mean(d), t(quantile) * spread(a, b, d) / root(len(d))

    return answer


def by_the_standard_library(a, b, t):
    d = [x - y for x, y in zip(a, b, strict=True)]
    return [statistics.mean(d), t * statistics.stdev(d) / len(d) ** 0.5]


def by_sums(a, b, t):
    d = a - b
    n = len(d)
    mean = d.sum() / n
    return np.array([mean, t * np.sqrt(((d - mean) ** 2).sum() / (n - 1) / n)])


def by_means_of_each(a, b, t):
    error = np.var(a - b, ddof=1) / a.size
    return a.mean() - b.mean(), t * error**0.5


def by_covariance(a, b, t):
    c = np.cov(a, b)
    return np.mean(a) - np.mean(b), t * np.sqrt((c[0, 0] + c[1, 1] - 2 * c[0, 1]) / len(a))


EFFECT_RIGHT = [effect(), by_the_standard_library, by_sums, by_means_of_each, by_covariance]
EFFECT_WRONG = {
    "turned round": (effect(sign=-1), ("turned round",)),
    "over R": (effect(lambda a, b, d: d.std()), ("divides by R − 1",), ("joined",)),
    "variance": (effect(lambda a, b, d: d.var(ddof=1)), ("variance",)),
    "variance over R": (effect(lambda a, b, d: np.var(d)), ("variance, over R",)),
    "unpaired": (effect(lambda a, b, d: np.hypot(a.std(ddof=1), b.std(ddof=1))), ("strangers",)),
    "Welch": (
        lambda a, b, t: (a.mean() - b.mean(), t * np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))),
        ("strangers",),
    ),
    "unpaired over R": (effect(lambda a, b, d: np.hypot(a.std(), b.std())), ("strangers", "R − 1")),
    "thrown together": (effect(lambda a, b, d: np.std([a, b])), ("thrown together",)),
    "one side": (effect(lambda a, b, d: a.std(ddof=1)), ("with the technique alone",)),
    "other side": (effect(lambda a, b, d: b.std(ddof=1)), ("without the technique alone",)),
    "added": (effect(lambda a, b, d: a.std(ddof=1) + b.std(ddof=1)), ("two spreads are added",)),
    "range": (effect(lambda a, b, d: d.max() - d.min()), ("the range",)),
    "mean deviation": (effect(lambda a, b, d: abs(d - d.mean()).mean()), ("mean deviation",)),
    "no root": (effect(root=lambda n: 1), ("not divided by √R",)),
    "by R": (effect(root=lambda n: n), ("you divide by R: the mean's",)),
    "root of R − 1": (effect(root=lambda n: math.sqrt(n - 1)), ("√(R − 1)",)),
    "both sides' seeds": (effect(root=lambda n: math.sqrt(2 * n)), ("both sides' seeds",)),
    "√6": (effect(root=lambda n: 6**0.5), ("√6 is written in",)),
    "2.571": (effect(t=lambda t: 2.571), ("2.571 is written in",)),
    "no t": (effect(t=lambda t: 1), ("t is missing",)),
    "1.96": (effect(t=lambda t: 1.96), ("known spread",)),
    "2": (effect(t=lambda t: 2), ("rule of thumb",)),
    "whole width": (effect(t=lambda t: 2 * t), ("whole width",)),
    "median": (effect(mean=np.median), ("median",)),
    "sum": (effect(mean=np.sum), ("summed",)),
    "no sign": (effect(mean=lambda d: np.abs(d).mean()), ("lost its sign",)),
    "best seed": (effect(mean=np.max), ("best seed",)),
    "points": (effect(mean=lambda d: 100 * d.mean()), ("in points",)),
    "over R and 1.96": (effect(lambda a, b, d: d.std(), t=lambda t: 1.96), ("R − 1", "Also, 1.96")),
    "over R, no root": (
        effect(lambda a, b, d: d.std(), root=lambda n: 1),
        ("R − 1", "Also, the spread is not"),
    ),
    "ends": (
        lambda a, b, t: (
            effect()(a, b, t)[0] - effect()(a, b, t)[1],
            effect()(a, b, t)[0] + effect()(a, b, t)[1],
        ),
        ("two ends",),
    ),
    "exchanged": (lambda a, b, t: effect()(a, b, t)[::-1], ("exchanged",)),
    "mean alone": (lambda a, b, t: (a - b).mean(), ("one number came back",)),
    "the differences": (lambda a, b, t: a - b, ("together, should have the shape (2,)",)),
    "in place": (lambda a, b, t: (a.__isub__(b), 0), ("changes an array",)),
    "dots": (lambda a, b, t: ..., ("returns nothing yet",)),
    "no return": (lambda a, b, t: None, ("return",)),
    "raises": (lambda a, b, t: a / "b", ("raised",)),
    "another": (lambda a, b, t: (0.5, 0.5), ("not by a slip that is known", "should be")),
}


@pytest.mark.parametrize("answer", EFFECT_RIGHT)
def test_right_intervals_pass(answer):
    try_right(check_effect, answer)


@pytest.mark.parametrize("name", EFFECT_WRONG)
def test_wrong_intervals_are_named(name):
    try_wrong(check_effect, EFFECT_WRONG[name])


def test_an_interval_by_hand():
    # Differences 1, 2, 3 hundredths: mean 0.02, s = 0.01, half width 3 · 0.01/√3 = 0.01732.
    a, b = np.array([0.51, 0.62, 0.73]), np.array([0.5, 0.6, 0.7])
    for answer in EFFECT_RIGHT:
        assert np.asarray(answer(a, b, 3.0)) == pytest.approx([0.02, 0.0173205], rel=1e-4)


def compare(by=0, judge=1, pick=lambda rows: np.mean(rows, axis=1).argmax(), sign=1, one=None, shift=0):
    """A comparison with its slips: `by` and `judge` say validation (0) or test (1)."""

    def answer(train, rates, seeds):
        best = {}
        for technique in (False, True):
            rows = [[train(technique, rate, seed)[by] for seed in seeds] for rate in rates]
            best[technique] = rates[int(pick(rows))]
        if one is not None:
            best = dict.fromkeys(best, best[one])
        return [
            sign * (train(True, best[True], s)[judge] - train(False, best[False], s + shift)[judge])
            for s in seeds
        ]

    return answer


def with_max(train, rates, seeds):
    def side(technique):
        rate = max(rates, key=lambda r: sum(train(technique, r, s)[0] for s in seeds))
        return np.array([train(technique, rate, s)[1] for s in seeds])

    return side(True) - side(False)


def in_arrays(train, rates, seeds):
    table = np.array([[[train(k, r, s) for s in seeds] for r in rates] for k in (False, True)])
    best = table[..., 0].mean(axis=2).argmax(axis=1)
    return table[1, best[1], :, 1] - table[0, best[0], :, 1]


def by_sorting(train, rates, seeds):
    ranked = {
        k: sorted(rates, key=lambda r: -np.mean([train(k, r, s)[0] for s in seeds])) for k in (True, False)
    }
    return tuple(train(True, ranked[True][0], s)[1] - train(False, ranked[False][0], s)[1] for s in seeds)


COMPARE_WRONG = {
    "by the test set": (compare(by=1), ("by the test images",)),
    "judged by validation": (compare(judge=0), ("which chose",)),
    "luckiest": (compare(pick=lambda rows: np.max(rows, axis=1).argmax()), ("luckiest seed",)),
    "median": (compare(pick=lambda rows: np.median(rows, axis=1).argmax()), ("median",)),
    "worst": (compare(pick=lambda rows: np.mean(rows, axis=1).argmin()), ("worst rate",)),
    "first seed": (compare(pick=lambda rows: np.array(rows)[:, 0].argmax()), ("first seed alone",)),
    "first rate": (compare(pick=lambda rows: 0), ("no rate is chosen: the first",)),
    "last rate": (compare(pick=lambda rows: -1), ("no rate is chosen: the last",)),
    "its rate for both": (compare(one=True), ("suits the technique",)),
    "the other's rate": (compare(one=False), ("suits the net without",)),
    "other seeds": (compare(shift=1), ("different seeds",)),
    "turned round": (compare(sign=-1), ("turned round",)),
    "two": (compare(by=1, sign=-1), ("by the test images", "Also, the difference is turned round")),
    "three": (
        compare(by=1, one=True, shift=1),
        ("by the test images", "suits the technique", "different seeds"),
    ),
    "the mean": (lambda train, rates, seeds: 0.5, ("one number came back",)),
    "too many": (lambda train, rates, seeds: [0.0] * 9, ("should have the shape",)),
    "a rate of its own": (
        lambda train, rates, seeds: [train(True, 0.2, s)[0] for s in seeds],
        ("not in the lists",),
    ),
    "dots": (lambda train, rates, seeds: ..., ("returns nothing yet",)),
    "another": (lambda train, rates, seeds: [0.0] * len(seeds), ("not by a slip that is known",)),
}


@pytest.mark.parametrize("answer", [compare(), with_max, in_arrays, by_sorting])
def test_right_comparisons_pass(answer):
    try_right(check_mended_comparison, answer)


@pytest.mark.parametrize("name", COMPARE_WRONG)
def test_wrong_comparisons_are_named(name):
    try_wrong(check_mended_comparison, COMPARE_WRONG[name])


@pytest.mark.parametrize(
    ("parts", "compute", "problems"),
    [
        (comparison.EFFECT, comparison.effect_answer, lesson_13.EFFECTS),
        (comparison.COMPARISON, comparison.comparison_answer, lesson_13.COMPARISONS),
    ],
)
def test_no_two_slips_come_out_alike(parts, compute, problems):
    seen = {}
    for recipe in itertools.chain(recipes(parts, 0), recipes(parts, 1)):
        hows = {name: option.how for name, option in recipe.items()}
        outcome = tuple(np.round(np.concatenate([compute(p, **hows) for p in problems]), 6))
        said = "".join(option.says for option in recipe.values())
        assert seen.setdefault(outcome, said) == said


def test_where_many_errors_are_left_one_is_named_and_no_list():
    def compare(train, rates, seeds):
        rate = max(rates, key=lambda rate: max(train(True, rate, seed)[1] for seed in seeds))
        ours = [train(True, rate, seed)[0] for seed in seeds]
        theirs = [train(False, rate, seed + 1)[0] for seed in seeds]
        return np.array(ours) - np.array(theirs)

    message = check_mended_comparison(compare).message
    assert message.startswith("5 errors show at once. One of them: ")
    assert " Also, " not in message
