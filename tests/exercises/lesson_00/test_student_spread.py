"""The spread as students write it, with one slip or two."""

import numpy as np
import pytest

from coursekit.exercises import check_spread
from tests.exercises.answers import try_right, try_wrong


def of(formula):
    return lambda x: eval(formula, {"np": np}, {"x": x, "m": x.mean(), "n": len(x), "c": x - x.mean()})


WRONG = {
    "n - 1": (of("np.sqrt((c**2).sum() / (n - 1))"), ("n - 1",)),
    "variance": (of("(c**2).mean()"), ("variance",)),
    "variance, n - 1": (of("(c**2).sum() / (n - 1)"), ("variance", "n - 1")),
    "no mean": (of("np.sqrt((x**2).mean())"), ("mean",)),
    "no mean, no root": (of("(x**2).mean()"), ("mean", "root")),
    "no mean, n - 1": (of("np.sqrt((x**2).sum() / (n - 1))"), ("mean", "n - 1")),
    "root of the sum": (of("np.sqrt((c**2).sum())"), ("divide by n",)),
    "norm": (of("np.linalg.norm(c)"), ("divide by n",)),
    "norm of x": (of("np.linalg.norm(x)"), ("mean", "n")),
    "n after the root": (of("np.linalg.norm(c) / n"), ("after the root",)),
    "n - 1 after the root": (of("np.linalg.norm(c) / (n - 1)"), ("n - 1", "after the root")),
    "sum": (of("(c**2).sum()"), ("sum of squares",)),
    "distances": (of("np.abs(c).mean()"), ("square",)),
    "distances, root": (of("np.sqrt(np.abs(c).mean())"), ("square",)),
    "signed": (of("c.mean()"), ("average to 0",)),
    "median": (of("np.sqrt(((x - np.median(x))**2).mean())"), ("median",)),
    "median of squares": (of("np.sqrt(np.median(c**2))"), ("median",)),
    "range": (of("np.ptp(x)"), ("range",)),
    "half range": (of("np.ptp(x) / 2"), ("range",)),
    "quartiles": (of("np.subtract(*np.percentile(x, [75, 25]))"), ("quartiles",)),
    "standard error": (of("np.std(x) / np.sqrt(n)"), ("standard error",)),
    "relative": (of("np.std(x) / m"), ("divided by the mean",)),
    "** 1/2": (of("(c**2).mean() ** 1/2"), ("power binds first",)),
    "half of the sum": (of("(c**2).sum() / n / 2"), ("half",)),
    "root twice": (of("np.sqrt(np.std(x))"), ("twice",)),
    "third root": (of("np.cbrt(np.var(x))"), ("third root",)),
    "largest": (of("np.abs(c).max()"), ("largest distance",)),
    "mean": (of("m"), ("that is the mean",)),
    "steps": (of("np.std(np.diff(x)) * 0 + np.sqrt((np.diff(x)**2).mean())"), ("steps",)),
    "E[x²] - E[x]": (of("np.sqrt((x**2).mean() - m)"), ("square",)),
    "E[x²] + E[x]²": (of("np.sqrt((x**2).mean() + m**2)"), ("subtract",)),
    "negative": (of("-np.std(x)"), ("negative",)),
    "rounded": (of("round(float(np.std(x)), 2)"), ("rounded",)),
    "2x": (of("np.sqrt((2 * np.abs(c)).mean())"), ("square",)),
    "first in a loop": (of("np.sqrt(c[0]**2 / n)"), ("first number",)),
    "last in a loop": (of("np.sqrt(c[-1]**2 / n)"), ("last number",)),
    "6 for the mean": (of("np.sqrt(((x - 6)**2).mean())"), ("own mean",)),
    "one each": (of("np.sqrt(c**2)"), ("one for each",)),
    "forgot return": (of("[].append(3)"), ("return is missing",), ("replace",)),
    "unknown": (of("np.std(x) * 1.37 + 0.2"), ("the spread is", "Look at")),
}  # fmt: skip

RIGHT = {
    "einsum": of("np.sqrt(np.einsum('i,i->', c, c) / n)"),
    "dot": of("(c @ c / n) ** 0.5"),
    "norm": of("np.linalg.norm(c) / np.sqrt(n)"),
    "float32": of("np.float32(np.std(x))"),
    "ddof": of("np.std(x, ddof=1) * np.sqrt((n - 1) / n)"),
    "pairs": of("np.sqrt((np.subtract.outer(x, x)**2).mean() / 2)"),
    "an array of one": of("np.std(x, keepdims=True)"),
    "hypot": of("np.hypot.reduce(c) / n**0.5"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name):
    try_wrong(check_spread, WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name):
    try_right(check_spread, RIGHT[name])
