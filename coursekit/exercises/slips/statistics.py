"""What goes wrong with the mean and the variance that a normalization subtracts and divides by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from coursekit.exercises.slips.search import Option

MIN_MAX = "that is min-max scaling, from 0 to 1: subtract the mean and divide by √(v + ε)."


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


FORGOTTEN = "you do not divide {} by n, the number of values that share it."


def _range(x, axes):
    return np.ptp(x, axis=axes, keepdims=True)


STATISTICS = (
    Option(of_right(lambda x, m, v, n, a: (0, v)), "you do not subtract the mean: it is x − μ, not x.",
           common=True),
    Option(of_right(lambda x, m, v, n, a: (0, _mean(x**2, a))),
        "you divide by the root mean square: that is RMSNorm. Subtract the mean first.", common=True),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(x**2, a))),
        "the variance is the mean of (x − μ)²; yours is the mean of x²: the mean is "
        "not subtracted before the square.", common=True),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(x**2, a) - m)),
        "your variance is the mean of x² less μ: it is the mean of x² less μ², the square of the mean."),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(x**2, a) + m**2)),
        "your variance adds μ² to the mean of x²: subtract it."),
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
    Option(of_right(lambda x, m, v, n, a: (m, _mean(np.abs(x - m), a) ** 2)),
        "you divide by the mean distance from the mean: square the distances, average, and take the root."),
    Option(of_right(lambda x, m, v, n, a: (m, 0 * v)),
        "your variance is 0: distances from the mean average to 0, so square them first, (x − μ)² (or v is "
        "left out, and ε alone divides)."),
    *(
        Option(of_right(lambda x, m, v, n, a, f=f, b=b: f(b(x), m, v, a)),
            f"{what} of the {which} alone: it is that of all that share it.", common=False)
        for b, which in ((lambda x: x[:1], "first sample"), (lambda x: x[-1:], "last sample"))
        for f, what in (
            (lambda one, m, v, a: (_mean(one, a), v), "your mean is"),
            (lambda one, m, v, a: (m, one.var(axis=a, keepdims=True)), "your variance is"),
            (lambda one, m, v, a: (_mean(one, a), one.var(axis=a, keepdims=True)),
                "mean and variance are those"),
        )
    ),
    *(
        Option(of_right(lambda x, m, v, n, a, f=f, g=g: g(x, f(x, a), v, a)),
            f"you subtract {what}: subtract the mean.")
        for f, what in (
            (lambda x, a: x.max(axis=a, keepdims=True), "the largest value"),
            (lambda x, a: x.min(axis=a, keepdims=True), "the smallest value"),
            (lambda x, a: x[:, :1], "the first feature or channel"), (lambda x, a: x[:1],
                "the first sample"),
        )
        for g in (lambda x, m, v, a: (m, v), lambda x, m, v, a: (m, _mean((x - m) ** 2, a)))
    ),
    Option(of_right(lambda x, m, v, n, a: (m, np.median((x - m) ** 2, axis=a, keepdims=True))),
        "your variance is the median of the squares: take their mean."),
    Option(of_right(lambda x, m, v, n, a: (m, _mean(np.abs(x - m), a))),
        "your variance is the mean distance from the mean: it is the mean of the squares, (x − μ)²."),
    Option(of_right(lambda x, m, v, n, a: _around_median(x, a)),
        "you subtract the median, and take the variance around it: subtract the mean."),
    Option(of_right(lambda x, m, v, n, a: (m, np.square(_mean(x**2, a)) - m**2)),
        "the mean of x² is squared once more in your variance."),
    Option(of_right(lambda x, m, v, n, a: (m, _range(x, a))),
        "your variance is the range, largest less smallest: it is the mean of (x − μ)²."),
    Option(of_right(lambda x, m, v, n, a: (m, _range(x, a) ** 2)),
        "you divide by the range, largest less smallest: the spread is √(v + ε)."),
    Option(of_right(lambda x, m, v, n, a: (x.min(axis=a, keepdims=True), _range(x, a) ** 2)),
        MIN_MAX),
    Option(lambda p: _min_max(p), MIN_MAX),
    Option(of_right(lambda x, m, v, n, a: (m, np.abs(x).max(axis=a, keepdims=True) ** 2)),
        "you divide by the largest value: the spread is √(v + ε)."),
    Option(of_right(lambda x, m, v, n, a: (m, np.abs(x - m).max(axis=a, keepdims=True) ** 2)),
        "you divide by the largest distance from the mean: the spread is √(v + ε)."),
    Option(of_right(lambda x, m, v, n, a: (np.median(x, axis=a, keepdims=True), v)),
        "you subtract the median: subtract the mean."),
    Option(of_right(lambda x, m, v, n, a: (-m, v)), "you add the mean: subtract it, x − μ."),
    Option(of_right(lambda x, m, v, n, a: (0, 1)),
        "x is not normalized at all: subtract the mean and divide by √(v + ε)."),
)  # fmt: skip


def _min_max(p):
    """Bring x to the range 0 to 1, with ε beside the range: there is no root to put it under."""
    low, width = p.x.min(axis=p.axes, keepdims=True), _range(p.x, p.axes) + p.eps
    return Shared(p.x, low, width**2 - p.eps, count(p.x, p.axes), p.scale, p.shift)


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
    Option(_affine_first,
        "γ and β are applied before x is normalized, which takes them away "
        "again: they come last, y = γ x̂ + β."),
    Option(_twice, "x is normalized twice: once is enough."),
)  # fmt: skip
