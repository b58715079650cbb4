"""What goes wrong in y = γ (x − μ) / √(v + ε) + β: statistics, divisor, ε, the formula, scale and shift."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from coursekit.exercises.slips.search import How, Option


@dataclass(frozen=True)
class Problem:
    """What a learner's function is given, and the axes whose entries share a statistic.

    `scale` and `shift` are γ and β in a shape that lines up with x; `more` holds what else is handed in.
    """

    x: np.ndarray
    gamma: np.ndarray
    beta: np.ndarray
    eps: float
    axes: tuple[int, ...]
    scale: np.ndarray
    shift: np.ndarray
    more: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Shared:
    """x (perhaps cut up otherwise), the statistics its entries share, and the way back to x's shape."""

    x: np.ndarray
    mean: np.ndarray | float
    var: np.ndarray | float
    n: float
    scale: np.ndarray
    shift: np.ndarray
    back: Callable = lambda y: y


Statistics = Callable[[Problem], Shared]


def normalized(p: Problem, statistics: How, divisor: How, eps: How, way: How, affine: How) -> np.ndarray:
    """Return what comes out if the parts are done so."""
    s = statistics(p)
    x_hat = way(s.x, s.mean, divisor(s.var, s.n), eps(p), s.n)
    return np.asarray(s.back(affine(x_hat, s.scale, s.shift, p)))


def right_answer(p: Problem) -> np.ndarray:
    """Return y."""
    return normalized(p, over(p.axes), *(part[0].how for part in (DIVISORS, EPSILONS, WAYS, AFFINES)))


def over(mean_axes: tuple, var_axes: tuple | None = None, around: bool = False) -> Callable:
    """Return how to take the mean over some axes, and the variance over the same or over others.

    With `around`, the variance is the mean squared distance from that mean, not from its own.
    """

    def statistics(p):
        axes = mean_axes if var_axes is None else var_axes
        mean = p.x.mean(axis=mean_axes, keepdims=True)
        var = (np.square(p.x - mean).mean(axis=axes, keepdims=True) if around
               else p.x.var(axis=axes, keepdims=True))  # fmt: skip
        return Shared(p.x, mean, var, count(p.x, axes), p.scale, p.shift)

    return statistics


def count(x: np.ndarray, axes: tuple[int, ...]) -> int:
    """Return how many entries share a statistic."""
    return int(np.prod([x.shape[i] for i in axes]))


def of_right(change: Callable) -> Callable:
    """Return how to get statistics by changing the right ones: (x, mean, var, n, axes) to (mean, var)."""

    def statistics(p):
        mean, n = p.x.mean(axis=p.axes, keepdims=True), count(p.x, p.axes)
        mean, var = change(p.x, mean, p.x.var(axis=p.axes, keepdims=True), n, p.axes)
        return Shared(p.x, mean, var, n, p.scale, p.shift)

    return statistics


def axis_slips(names: Sequence[str], right: tuple, rule: str, known: dict[tuple, str]) -> list[Option]:
    """Return the slips of taking statistics over other axes than `right`.

    Parameters
    ----------
    names : sequence of str
        What the axes of x hold, in the plural.
    rule : str
        Over which axes they go.
    known : mapping from axes to str
        What is said where the wrong axes have a name of their own.
    """
    axes = range(len(names))
    every = [a for size in range(1, len(names) + 1) for a in combinations(axes, size) if a != right]

    def words(chosen):
        return f"{' and '.join(names[i] for i in chosen)} ({_axes(chosen)})"

    both = [
        Option(over(a), known.get(a) or f"your statistics run over the {words(a)}: {rule}", common=True)
        for a in every
    ]
    mixed = [
        Option(
            over(pair[0], pair[1], around),
            f"your {what} runs over the {words(a)}, unlike your {other}: {rule}",
        )
        for a in every
        for what, other, pair in (("mean", "variance", (a, right)), ("variance", "mean", (right, a)))
        for around in (False, True)
    ]
    return both + mixed


def _axes(chosen):
    return f"axis {chosen[0]}" if len(chosen) == 1 else f"axes {chosen}"


def _mean(values, axes):
    return values.mean(axis=axes, keepdims=True)


OF_VARIANCE = "the sum of squares in your variance is"


def _short_mean(count_of, around=False):
    """Return a mean whose sum is divided by another number (the variance maybe around it), and words."""

    def change(x, m, v, n, a):
        mean = m * n / count_of(x, n)
        return mean, _mean((x - mean) ** 2, a) if around else v

    return change, "the sum in your mean is"


def _short_variance(count_of):
    return lambda x, m, v, n, a: (m, v * n / count_of(x, n)), OF_VARIANCE


FORGOTTEN = "you do not divide {} by N, the number of values that share it."
STATISTICS = (
    Option(of_right(lambda x, m, v, n, a: (0, v)), "you do not subtract the mean: it is x − μ, not x.",
           common=True),
    Option(of_right(lambda x, m, v, n, a: (0, _mean(x**2, a))), "you divide by the root mean square: that "
           "is RMSNorm. Subtract the mean first.", common=True),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(x**2, a))), "the variance is the mean of (x − μ)²; "
           "yours is the mean of x²: the mean is not subtracted before the square.", common=True),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(x**2, a) - m)), "your variance is the mean of x² less "
           "μ: it is the mean of x² less μ², the square of the mean."),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(x**2, a) + m**2)), "your variance adds μ² to the mean "
           "of x²: subtract it."),
    Option(of_right(lambda x, m, v, n, a: (n * m, v)), FORGOTTEN.format("the mean")),
    Option(of_right(lambda x, m, v, n, a: (n * m, _mean((x - n * m) ** 2, a))),
           FORGOTTEN.format("the mean")),
    Option(of_right(lambda x, m, v, n, a: (n * m, n * _mean((x - n * m) ** 2, a))),
           FORGOTTEN.format("mean and variance")),
    Option(of_right(lambda x, m, v, n, a: (n * m, n * v)), FORGOTTEN.format("mean and variance")),
    *(
        Option(of_right(change), f"{what} divided by {words}, not by the number of values that share it.")
        for count_of, words in (
            (lambda x, n: n - 1, "n - 1"),
            (lambda x, n: x.size / n, "the number of the other axis"),
            (lambda x, n: x.size, "the number of all entries"),
        )
        for change, what in (_short_mean(count_of), _short_mean(count_of, True), _short_variance(count_of))
        if (words, what) != ("n - 1", OF_VARIANCE)
    ),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(np.abs(x - m), a) ** 2)), "you divide by the mean "
           "distance from the mean: square the distances, average, and take the root."),
    Option(of_right(lambda x, m, v, n, a: (m, 0 * v)), "your variance is 0: distances from the mean "
                                                       "average "
           "to 0, so square them first, (x − μ)² (or v is left out, and ε alone divides)."),
    *(
        Option(of_right(lambda x, m, v, n, a, f=f, b=b: f(b(x), m, v, a)), f"{what} of the {which} alone: "
                                                                           f"it is "
               f"that of all that share it.", common=False)
        for b, which in ((lambda x: x[:1], "first sample"), (lambda x: x[-1:], "last sample"))
        for f, what in (
            (lambda one, m, v, a: (_mean(one, a), v), "your mean is"),
            (lambda one, m, v, a: (m, one.var(axis=a, keepdims=True)), "your variance is"),
            (lambda one, m, v, a: (_mean(one, a), one.var(axis=a, keepdims=True)), "mean and variance are "
                                                                                   "those"),
        )
    ),
    *(
        Option(of_right(lambda x, m, v, n, a, f=f, g=g: g(x, f(x, a), v, a)), f"you subtract {what}: "
                                                                              f"subtract the "
               f"mean.")
        for f, what in (
            (lambda x, a: x.max(axis=a, keepdims=True), "the largest value"),
            (lambda x, a: x.min(axis=a, keepdims=True), "the smallest value"),
            (lambda x, a: x[:, :1], "the first feature or channel"), (lambda x, a: x[:1], "the first "
                                                                                          "sample"),
        )
        for g in (lambda x, m, v, a: (m, v), lambda x, m, v, a: (m, _mean((x - m) ** 2, a)))
    ),
    Option(of_right(lambda x, m, v, n, a: (m, np.median((x - m) ** 2, axis=a, keepdims=True))), "your "
                                                                                                "variance "
                                                                                                "is "
           "the median of the squares: take their mean."),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(np.abs(x - m), a))), "your variance is the mean "
           "distance from the mean: it is the mean of the squares, (x − μ)²."),
    Option(of_right(lambda x, m, v, n, a: _around_median(x, a)), "you subtract the median, and take the "
           "variance around it: subtract the mean."),
    Option(of_right(lambda x, m, v, n, a: (m, np.square(_mean(x**2, a)) - m**2)), "the mean of x² is "
           "squared once more in your variance."),
    Option(of_right(lambda x, m, v, n, a: (m, _range(x, a))), "your variance is the range, largest less "
                                                              "smallest: "
           "it is the mean of (x − μ)²."),
    Option(of_right(lambda x, m, v, n, a: (m, _range(x, a) ** 2)), "you divide by the range, largest less "
           "smallest: the spread is √(v + ε)."),
    Option(of_right(lambda x, m, v, n, a: (x.min(axis=a, keepdims=True), _range(x, a) ** 2)), "that is "
           "min-max scaling, from 0 to 1: subtract the mean and divide by √(v + ε)."),
    Option(of_right(lambda x, m, v, n, a: (m, np.abs(x).max(axis=a, keepdims=True) ** 2)), "you divide by "
           "the largest value: the spread is √(v + ε)."),
    Option(of_right(lambda x, m, v, n, a: (m, np.abs(x - m).max(axis=a, keepdims=True) ** 2)), "you divide "
           "by the largest distance from the mean: the spread is √(v + ε)."),
    Option(of_right(lambda x, m, v, n, a: (np.median(x, axis=a, keepdims=True), v)), "you subtract the "
           "median: subtract the mean."),
    Option(of_right(lambda x, m, v, n, a: (-m, v)), "you add the mean: subtract it, x − μ."),
    Option(of_right(lambda x, m, v, n, a: (0, 1)), "x is not normalized at all: subtract the mean and "
           "divide by √(v + ε)."),
)  # fmt: skip


def _around_median(x, axes):
    median = np.median(x, axis=axes, keepdims=True)
    return median, _mean((x - median) ** 2, axes)


def _affine_first(p):
    """Take statistics of γ x + β, and leave it at x̂."""
    x = p.scale * p.x + p.shift
    mean, var = (f(axis=p.axes, keepdims=True) for f in (x.mean, x.var))
    return Shared(x, mean, var, count(x, p.axes), 1.0, 0.0)


def _twice(p):
    """Normalize what is normalized already."""
    mean, var = (f(axis=p.axes, keepdims=True) for f in (p.x.mean, p.x.var))
    x = (p.x - mean) / np.sqrt(var + p.eps)
    return Shared(x, *(f(axis=p.axes, keepdims=True) for f in (x.mean, x.var)), 2, p.scale, p.shift)


# What does not only change the statistics, but x itself.
BENT = (
    Option(_affine_first, "γ and β are applied before x is normalized, which takes them away again: they "
           "come last, y = γ x̂ + β."),
    Option(_twice, "x is normalized twice: once is enough."),
)  # fmt: skip


def _range(x, axes):
    return np.ptp(x, axis=axes, keepdims=True)


DIVISORS = (
    Option(lambda v, n: v),
    Option(lambda v, n: v * n / max(n - 1, 1), "your variance divides by n - 1; here it divides by n "
           "(ddof=0).",
           common=True),
    Option(lambda v, n: v * n, FORGOTTEN.format("the variance") + " It is a sum of squares.", common=True),
    Option(lambda v, n: v / n, "the variance is divided by n once too often: np.mean and np.var divide "
           "already.",
           common=True),
    Option(lambda v, n: v * n / (n + 1), "your variance divides by n + 1; here it divides by n."),
    Option(lambda v, n: v**2, "you square the variance: it is a square already; divide by √(v + "
           "ε).", common=True),
)  # fmt: skip


def _written_in(value):
    return Option(
        lambda p: value,
        f"ε is a constant written in, {value:g}, not the one handed in: divide by √(v + eps).",
    )


EPSILONS = (
    Option(lambda p: p.eps),
    Option(lambda p: 0.0, "ε is missing (or not the one handed in, but far smaller): divide by √(v + ε).",
           common=True),
    *(_written_in(value) for value in (1e-3, 1e-5, 1e-4, 1e-6, 1e-7, 1e-8, 1e-2, 0.1, 1.0, 2e-5)),
    Option(lambda p: p.eps**2, "ε is squared: add it to the variance as it is handed in."),
    Option(lambda p: 2 * p.eps, "ε is added twice: once, to the variance, is enough."),
    Option(lambda p: -p.eps, "ε is subtracted: add it, √(v + ε), so that the root is never 0."),
)  # fmt: skip

AFTER = "you take the root of the sum and divide by n outside the root: divide inside it, √(sum / n + ε)."
OUTSIDE = "ε is added outside the root, to the standard deviation: it belongs to the variance, √(v + ε)."


def _outside_and_written_in(value):
    return Option(
        lambda x, m, v, e, n: (x - m) / (np.sqrt(v) + value),
        f"ε is added outside the root, and is a constant written in, {value:g}, not the one handed in: it "
        f"is √(v + ε).",
    )


WAYS = (
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e)),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v) + e), OUTSIDE, common=True),
    *(_outside_and_written_in(value) for value in (1e-5, 1e-6, 1e-8, 1e-3, 1e-7, 1e-4, 1e-2)),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v) + e, "ε is added to the quotient: it belongs under "
           "the root.", common=True),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e) + e, "ε is added to the quotient too: it belongs "
                                                               "under "
           "the root alone."),
    Option(lambda x, m, v, e, n: (x - m) / (v + np.sqrt(e)), "you divide by the variance, and by √ε: it is "
                                                             "one "
           "root, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / (v + e), "you divide by the variance: take the root, √(v + ε).",
           common=True),
    Option(lambda x, m, v, e, n: (x - m) / v, "you divide by the variance, and ε is missing: take the "
           "root, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) * np.sqrt(v + e), "you multiply by √(v + ε): divide by "
           "it.", common=True),
    Option(lambda x, m, v, e, n: (x - m) * (v + e), "you multiply by v + ε: divide by its root."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(np.sqrt(v) + e), "you take the root twice: √(v + ε), "
           "with the variance v, not its root."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(np.sqrt(v + e)), "you take the root twice, of v + ε and "
           "of what came: once is enough."),
    Option(lambda x, m, v, e, n: x - m, "you only subtract the mean: divide by √(v + ε) too.", common=True),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v / n), AFTER + " ε is missing too."),
    Option(lambda x, m, v, e, n: (x - m) * n / np.sqrt(v * n + e), AFTER),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v / n) + e), AFTER + " ε belongs inside it too."),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v * n) / (n - 1)), "you divide by n - 1, and outside "
           "the root: divide by n inside it, √(sum / n + ε)."),
    Option(lambda x, m, v, e, n: x - m / np.sqrt(v + e), "mind the brackets: it is (x − μ) / √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v) + np.sqrt(e), "mind the brackets: ε belongs into the "
           "root that divides, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v) + np.sqrt(e)), "√v + √ε is not √(v + ε): add under "
           "one root; ε stands outside the root of v."),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v + e) + e), "ε is added twice, in the root and "
           "outside the root: once, inside, is enough."),
    *(
        Option(lambda x, m, v, e, n, s=s: (x - m + e) / np.sqrt(s(v, e)), "ε is added to x − μ: it belongs "
               "to the variance alone, √(v + ε).")
        for s in (lambda v, e: v + e, lambda v, e: v, lambda v, e: v + e**2 + e, lambda v, e: v + e**2)
    ),
    Option(lambda x, m, v, e, n: (x - m) / np.cbrt(v + e), "you take the third root: take the square root, "
           "√(v + ε)."),
    Option(lambda x, m, v, e, n: x / np.sqrt(v + e) - m, "mind the brackets: subtract the mean first, (x − "
           "μ) / √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v) * np.sqrt(e), "√ε multiplies: it is added to v, "
                                                                    "under "
           "the root that divides."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v * e), "ε multiplies v: add it, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / (v + e**2), "you divide by the variance, and ε is squared: take "
           "the root, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e).max(), "the largest spread divides all: each has "
                                                                 "its "
           "own."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e).mean(), "the mean of the spreads divides all: "
                                                                  "each has "
           "its own."),
    Option(lambda x, m, v, e, n: (x - m) / (1 + np.sqrt(v + e)), "1 is added to what divides: √(v + ε) "
           "alone."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e) / np.sqrt(v + e), "you divide by √(v + ε) twice: "
           "once is enough."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(np.maximum(v, e)), "you take the larger of v and ε: add "
           "them, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / np.maximum(np.sqrt(v), e), "you take the larger of √v and ε: "
           "add ε to the variance, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / (v + e) ** 2, "you square where the root belongs: √(v + ε)."),
    Option(lambda x, m, v, e, n: 2 * (x - m) / (v + e), "** 1 / 2 halves: a power binds first. Write ** "
           "0.5 or np.sqrt for the root."),
    Option(lambda x, m, v, e, n: (m - x) / np.sqrt(v + e), "the sign is turned around: it is x − μ, not μ "
           "− x.",
           common=True),
    Option(lambda x, m, v, e, n: np.sqrt((x - m) ** 2 / (v + e)), "the sign of x − μ is lost."),
    Option(lambda x, m, v, e, n: (x - m) ** 2 / (v + e), "x − μ is squared: only the variance is made of "
           "squares."),
)  # fmt: skip


def _plain(formula, says="", common=True):
    return Option(lambda h, g, b, p: formula(h, g, b), says, common)


AFFINES = (
    _plain(lambda h, g, b: g * h + b),
    _plain(lambda h, g, b: h, "γ and β are forgotten: y = γ x̂ + β."),
    _plain(lambda h, g, b: g * h, "β is forgotten: y = γ x̂ + β."),
    _plain(lambda h, g, b: h + b, "γ is forgotten: y = γ x̂ + β."),
    _plain(lambda h, g, b: g * (h + b), "β is scaled too: y = γ x̂ + β, not γ (x̂ + β)."),
    _plain(lambda h, g, b: b * h + g, "γ and β are swapped: γ scales, β shifts."),
    _plain(lambda h, g, b: g * h - b, "β is subtracted: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: g * (g * h + b) + b, "γ and β are applied twice: once, y = γ x̂ + β.",
           common=False),
    Option(lambda h, g, b, p: p.x + g * h + b if h.shape == p.x.shape else h * np.nan, "x is added at the "
                                                                                       "end: y = "
           "γ x̂ + β."),
    _plain(lambda h, g, b: h + g * b, "γ scales β in place of x̂: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: g * h + np.mean(b), "β is averaged over all: each has its own.", common=False),
    _plain(lambda h, g, b: np.mean(g) * h + b, "γ is averaged over all: each has its own.", common=False),
    _plain(lambda h, g, b: np.abs(g) * h + np.abs(b), "β loses its sign: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: g * h + 2 * b, "β is added twice: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: np.sqrt(g) * h + b, "a root is taken of γ: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: -g * h + b, "γ x̂ is subtracted: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: h / g + b, "you divide by γ: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: (h - b) / g, "scale and shift are undone: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: g + h + b, "γ is added: it multiplies, y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: (1 + g) * h + b, "x̂ is added once more: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: g * g * h + b, "γ is there twice: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: g * h + g, "γ stands where β belongs: y = γ x̂ + β.", common=False),
    _plain(lambda h, g, b: np.mean(g) * h + np.mean(b), "γ and β are averaged over all: each has its own.",
           common=False),
    _plain(lambda h, g, b: np.ravel(g)[0] * h + b, "the first γ is used for all: each has its "
           "own.", common=False),
    _plain(lambda h, g, b: np.ravel(g)[0] * h + np.ravel(b)[0], "the first γ and β are used for all: each "
           "has its own.", common=False),
    _plain(lambda h, g, b: g * h * b, "β multiplies: add it, y = γ x̂ + β.", common=False),
)  # fmt: skip


def _remembered(statistics):
    """Return the same statistics, computed once for each problem: hundreds of pairs of slips need them."""
    known = {}

    def remembered(p):
        if id(p) not in known:
            known[id(p)] = p, statistics(p)  # p is kept too, so that no other takes its id
        return known[id(p)][1]

    return remembered


def parts(
    right: Callable,
    statistics: Sequence[Option],
    affines: Sequence[Option] = (),
    common: Sequence[Option] = STATISTICS,
) -> dict:
    """Return the parts of a normalization: a checker's own statistics and scales beside the common ones."""
    return {
        "statistics": tuple(
            Option(_remembered(o.how), o.says, o.common)
            for o in (Option(right), *statistics, *common, *BENT)
        ),
        "divisor": DIVISORS,
        "eps": EPSILONS,
        "way": WAYS,
        "affine": (*AFFINES, *affines),
    }
