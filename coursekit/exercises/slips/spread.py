"""What goes wrong with the spread of some numbers: distances, powers, means, roots."""

import numpy as np

from coursekit.exercises.slips.search import How, Option

DISTANCES = (
    Option(lambda x: x - x.mean()),
    Option(lambda x: x, "you forgot to subtract the mean before squaring."),
    Option(lambda x: x + x.mean(), "you add the mean: subtract it."),
    Option(lambda x: x - np.median(x), "you subtract the median: subtract the mean."),
    Option(lambda x: x - x[0], "you subtract the first number: subtract the mean."),
    Option(lambda x: x - x.min(), "you subtract the smallest number: subtract the mean."),
    Option(lambda x: x - x.max(), "you subtract the largest number: subtract the mean."),
    Option(lambda x: x - x.sum(), "you subtract the sum: subtract the mean, the sum divided by n."),
    Option(
        lambda x: x - x.sum() / (len(x) - 1), "the mean you subtract divides by n - 1: it divides by n."
    ),
    Option(lambda x: x - x.mean() ** 2, "the mean is squared: subtract it first, (x - mean) ** 2."),
    Option(
        lambda x: x - np.cumsum(x) / len(x),
        "the mean is still being added up where it is subtracted: give it a loop of its own, before.",
    ),
    Option(np.diff, "you take the steps from one number to the next: take the distances from the mean."),
    Option(
        lambda x: np.subtract.outer(x, x).ravel(),
        "you take the distances of all pairs: take those from the mean.",
    ),
    Option(lambda x: x - 6, "6 is subtracted whatever the numbers are: subtract x's own mean."),
    Option(lambda x: x - 3, "3 is subtracted whatever the numbers are: subtract x's own mean."),
    Option(
        lambda x: (x - x.mean()) / x.std(),
        "you divide by the spread already: that gives 1 for all numbers.",
    ),
)
POWERS = (
    Option(np.square),
    Option(np.abs, "you average the distances; square them first, and take the root of their mean."),
    Option(lambda d: d, "distances from the mean average to 0: square them before you average."),
    Option(lambda d: 2 * d, "2 * x doubles; a square is x ** 2."),
    Option(lambda d: np.abs(d) ** 3, "you take the third power: square the distances."),
    Option(lambda d: d**4, "you square twice: once is enough."),
    Option(
        lambda d: np.sqrt(np.abs(d)),
        "you take roots of the distances: square them, and take one root at the end.",
    ),
)
GATHERS = (
    Option(lambda a, n: a.mean()),
    Option(
        lambda a, n: a.sum() / (n - 1),
        "you divide by n - 1; here the spread divides by n (np.std has ddof=0).",
    ),
    Option(lambda a, n: a.sum(), "that is the sum of squares: divide by n, then take the root."),
    Option(lambda a, n: a.sum() / (n + 1), "you divide by n + 1; the spread divides by n."),
    Option(lambda a, n: a.sum() / (n - 2), "you divide by n - 2; the spread divides by n."),
    Option(lambda a, n: a.mean() / n, "you divide by n twice: np.mean divides already."),
    Option(lambda a, n: a.sum() / 8, "you divide by 8 whatever the numbers are: divide by len(x)."),
    Option(lambda a, n: a.sum() / 5, "you divide by 5 whatever the numbers are: divide by len(x)."),
    Option(lambda a, n: np.median(a), "you take the median: take the mean of the squares."),
    Option(lambda a, n: a.max(), "that is the largest distance from the mean; all of them count."),
    Option(lambda a, n: a.min(), "that is the smallest distance from the mean; all of them count."),
    Option(lambda a, n: a[-1] / n, "only the last number is counted: add up with += in the loop."),
    Option(
        lambda a, n: a[-1], "only the last number is counted: add up with += in the loop, and divide by n."
    ),
    Option(lambda a, n: a[0] / n, "only the first number is counted: return stands inside the loop."),
    Option(lambda a, n: a[0], "only the first number is counted: return stands inside the loop."),
    Option(
        lambda a, n: a[:-1].sum() / n, "the last number is left out: range(len(x)) ends there by itself."
    ),
    Option(lambda a, n: a[1:].sum() / n, "the first number is left out: counting starts at 0."),
)
FINISHES = (
    Option(lambda m, n: np.sqrt(m)),
    Option(lambda m, n: m, "that is the variance: take its square root."),
    Option(
        lambda m, n: np.sqrt(m * n) / n, "you divide by n after the root: divide inside it, √(sum / n)."
    ),
    Option(
        lambda m, n: np.sqrt(m * n) / (n - 1),
        "you divide by n - 1, and after the root: divide by n inside it.",
    ),
    Option(lambda m, n: m / 2, "x**1/2 is half of x: a power binds first. Write x ** (1 / 2), or np.sqrt."),
    Option(lambda m, n: np.sqrt(np.sqrt(m)), "you take the root twice: once is enough."),
    Option(lambda m, n: m**2, "you square at the end: take the root."),
    Option(lambda m, n: np.cbrt(m), "you take the third root: take the square root."),
    Option(lambda m, n: 1 / np.sqrt(m), "it is upside down: that is 1 over the spread."),
    Option(lambda m, n: -np.sqrt(m), "it is negative: a spread is the positive root."),
    Option(lambda m, n: 2 * np.sqrt(m), "it is twice the spread."),
    Option(lambda m, n: np.sqrt(m) / 2, "it is half of the spread."),
    Option(lambda m, n: round(float(np.sqrt(m))), "it is rounded: return the number as it is."),
    Option(lambda m, n: round(float(np.sqrt(m)), 1), "it is rounded: return the number as it is."),
    Option(lambda m, n: round(float(np.sqrt(m)), 2), "it is rounded: return the number as it is."),
    Option(lambda m, n: round(float(np.sqrt(m)), 3), "it is rounded: return the number as it is."),
    Option(lambda m, n: float(int(np.sqrt(m))), "it is cut to a whole number: return the number as it is."),
    Option(lambda m, n: np.exp(np.log(m) / 3), "you take the third root: take the square root."),
    Option(lambda m, n: np.log(m), "you take a logarithm: take the square root."),
    Option(
        lambda m, n: np.sqrt(m / n), "that is the standard error of the mean: do not divide by n again."
    ),
    Option(lambda m, n: np.sqrt(m + 1e-5), "something is added under the root: add nothing."),
    Option(lambda m, n: np.sqrt(m) + 1e-5, "something is added to the root: add nothing."),
)
PARTS = {"distance": DISTANCES, "power": POWERS, "gather": GATHERS, "finish": FINISHES}

# What is no formula of this kind.
OTHERS = (
    Option(lambda x: np.abs(x - x.mean()).mean(),
        "that is the mean of the distances (the root of each square is a distance): average the squares, "
        "and take one root at the end."),
    Option(lambda x: np.sqrt(np.square(x).mean()) - np.abs(x.mean()),
        "the root covers the mean of the squares alone: √(mean of the squares − square of the mean)."),
    Option(lambda x: np.sqrt(np.square(x).mean()) - x.mean(),
        "the root covers the mean of the squares alone: √(mean of the squares − square of the mean)."),
    Option(lambda x: np.square(x.mean()) - np.square(x).mean(),
        "the two stand in the wrong order: the mean of the squares less the square "
        "of the mean; then take the root."),
    Option(lambda x: np.sqrt(np.square(np.diff(x)).sum() / len(x)),
        "you take the steps from one number to the next: take the distances from the mean."),
    Option(lambda x: np.sqrt(np.square(x - x.mean())[1:].sum() / (len(x) - 1)),
        "the first number is left out: counting starts at 0, and all n count."),
    Option(lambda x: np.sqrt(np.square(x - x.mean())[:-1].sum() / (len(x) - 1)),
        "the last number is left out: all n count."),
    Option(lambda x: np.sqrt(np.square(x - x.mean()).sum()) / len(x),
        "you divide by n after the root: divide inside it, √(sum / n). What you have is "
        "the standard error of the mean."),
    Option(lambda x: x.var(ddof=1), "that is the variance with n - 1: divide by n, then take the root."),
    Option(np.ptp, "that is the range, largest minus smallest."),
    Option(lambda x: np.ptp(x) / 2, "that is half of the range: take distances from the mean."),
    Option(np.mean, "that is the mean, not the spread around it."),
    Option(np.median, "that is the median, not the spread around the mean."),
    Option(np.max, "that is the largest number, not the spread."),
    Option(np.min, "that is the smallest number, not the spread."),
    Option(np.sum, "that is the sum, not the spread."),
    Option(len, "that is how many numbers there are, not their spread."),
    Option(lambda x: np.sqrt(np.square(x - x.mean()).sum()),
        "you take the root of the sum: divide by n first."),
    Option(lambda x: x.std() / x.mean(), "that is the spread divided by the mean: leave the mean out."),
    Option(lambda x: x.mean() / x.std(), "that is the mean divided by the spread."),
    Option(lambda x: np.subtract(*np.percentile(x, [75, 25])),
        "that is the distance of the quartiles: take the root of the mean square."),
    Option(lambda x: np.square(x).mean() - x.mean(),
        "that is the mean of the squares less the mean: subtract the square of the "
        "mean, and take the root at the end."),
    Option(lambda x: np.sqrt(np.square(x).mean() - x.mean()),
        "the mean of the squares less the mean: subtract the square of the mean."),
    Option(lambda x: np.sqrt(np.square(x).mean() + x.mean() ** 2),
        "you add the square of the mean: subtract it."),
    Option(lambda x: np.sqrt(np.abs(np.square(x.mean()) - np.square(x).sum())),
        "the squares are added up, not averaged: their mean less the square of the mean."),
    Option(lambda x: np.sqrt(np.abs(x.mean())),
        "that is the root of the mean: square the distances from the mean first."),
    Option(lambda x: 1.0, "it is 1 whatever the numbers are."),
)  # fmt: skip


def spread_of(x: np.ndarray, distance: How, power: How, gather: How, finish: How) -> np.ndarray:
    """Return the spread with the parts done so."""
    return np.asarray(finish(gather(power(distance(x)), len(x)), len(x)))
