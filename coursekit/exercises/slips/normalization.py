"""What goes wrong in y = γ (x − μ) / √(v + ε) + β behind μ and v: divisor, ε, formula, scale and shift."""

from collections.abc import Callable, Sequence

import numpy as np

from coursekit.exercises.slips.search import How, Option
from coursekit.exercises.slips.statistics import BENT, FORGOTTEN, STATISTICS, Problem, over


def normalized(p: Problem, statistics: How, divisor: How, eps: How, way: How, affine: How) -> np.ndarray:
    """Return what comes out if the parts are done so."""
    s = statistics(p)
    x_hat = way(s.x, s.mean, divisor(s.var, s.n), eps(p), s.n)
    return np.asarray(s.back(affine(x_hat, s.scale, s.shift, p)))


def right_answer(p: Problem) -> np.ndarray:
    """Return y."""
    return normalized(p, over(p.axes), *(part[0].how for part in (DIVISORS, EPSILONS, WAYS, AFFINES)))


DIVISORS = (
    Option(lambda v, n: v),
    Option(lambda v, n: v * n / max(n - 1, 1),
        "your variance divides by n - 1; here it divides by n (ddof=0).",
           common=True),
    Option(lambda v, n: v * n, FORGOTTEN.format("the variance") + " It is a sum of squares.", common=True),
    Option(lambda v, n: v / n,
        "the variance is divided by n once too often: np.mean and np.var divide already.",
           common=True),
    Option(lambda v, n: v * n / (n + 1), "your variance divides by n + 1; here it divides by n."),
    Option(lambda v, n: v**2,
        "you square the variance: it is a square already; divide by √(v + ε).", common=True),
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
        f"ε is added outside the root, and is a constant written in, {value:g}, not the "
        "one handed in: it is √(v + ε).",
    )


WAYS = (
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e)),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v) + e), OUTSIDE, common=True),
    *(_outside_and_written_in(value) for value in (1e-5, 1e-6, 1e-8, 1e-3, 1e-7, 1e-4, 1e-2)),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v) + e,
        "ε is added to the quotient: it belongs under the root.", common=True),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e) + e,
        "ε is added to the quotient too: it belongs under the root alone."),
    Option(lambda x, m, v, e, n: (x - m) / (v + np.sqrt(e)),
        "you divide by the variance, and by √ε: it is one root, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / (v + e), "you divide by the variance: take the root, √(v + ε).",
           common=True),
    Option(lambda x, m, v, e, n: (x - m) / v,
        "you divide by the variance, and ε is missing: take the root, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) * np.sqrt(v + e),
        "you multiply by √(v + ε): divide by it.", common=True),
    Option(lambda x, m, v, e, n: (x - m) * (v + e), "you multiply by v + ε: divide by its root."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(np.sqrt(v) + e),
        "you take the root twice: √(v + ε), with the variance v, not its root."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(np.sqrt(v + e)),
        "you take the root twice, of v + ε and of what came: once is enough."),
    Option(lambda x, m, v, e, n: x - m, "you only subtract the mean: divide by √(v + ε) too.", common=True),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v / n), AFTER + " ε is missing too."),
    Option(lambda x, m, v, e, n: (x - m) * n / np.sqrt(v * n + e), AFTER),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v / n) + e), AFTER + " ε belongs inside it too."),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v * n) / (n - 1)),
        "you divide by n - 1, and outside the root: divide by n inside it, √(sum / n + ε)."),
    Option(lambda x, m, v, e, n: x - m / np.sqrt(v + e), "mind the brackets: it is (x − μ) / √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v) + np.sqrt(e),
        "mind the brackets: ε belongs into the root that divides, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v) + np.sqrt(e)),
        "√v + √ε is not √(v + ε): add under one root; ε stands outside the root of v."),
    Option(lambda x, m, v, e, n: (x - m) / (np.sqrt(v + e) + e),
        "ε is added twice, in the root and outside the root: once, inside, is enough."),
    *(
        Option(lambda x, m, v, e, n, s=s: (x - m + e) / np.sqrt(s(v, e)),
            "ε is added to x − μ: it belongs to the variance alone, √(v + ε).")
        for s in (lambda v, e: v + e, lambda v, e: v, lambda v, e: v + e**2 + e, lambda v, e: v + e**2)
    ),
    Option(lambda x, m, v, e, n: (x - m) / np.cbrt(v + e),
        "you take the third root: take the square root, √(v + ε)."),
    Option(lambda x, m, v, e, n: x / np.sqrt(v + e) - m,
        "mind the brackets: subtract the mean first, (x − μ) / √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v) * np.sqrt(e),
        "√ε multiplies: it is added to v, under the root that divides."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v * e), "ε multiplies v: add it, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / (v + e**2),
        "you divide by the variance, and ε is squared: take the root, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e).max(),
        "the largest spread divides all: each has its own."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e).mean(),
        "the mean of the spreads divides all: each has its own."),
    Option(lambda x, m, v, e, n: (x - m) / (1 + np.sqrt(v + e)),
        "1 is added to what divides: √(v + ε) alone."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(v + e) / np.sqrt(v + e),
        "you divide by √(v + ε) twice: once is enough."),
    Option(lambda x, m, v, e, n: (x - m) / np.sqrt(np.maximum(v, e)),
        "you take the larger of v and ε: add them, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / np.maximum(np.sqrt(v), e),
        "you take the larger of √v and ε: add ε to the variance, √(v + ε)."),
    Option(lambda x, m, v, e, n: (x - m) / (v + e) ** 2, "you square where the root belongs: √(v + ε)."),
    Option(lambda x, m, v, e, n: 2 * (x - m) / (v + e),
        "** 1 / 2 halves: a power binds first. Write ** 0.5 or np.sqrt for the root."),
    Option(lambda x, m, v, e, n: (m - x) / np.sqrt(v + e),
        "the sign is turned around: it is x − μ, not μ − x.",
           common=True),
    Option(lambda x, m, v, e, n: np.sqrt((x - m) ** 2 / (v + e)), "the sign of x − μ is lost."),
    Option(lambda x, m, v, e, n: (x - m) ** 2 / (v + e),
        "x − μ is squared: only the variance is made of squares."),
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
    Option(lambda h, g, b, p: p.x + g * h + b if h.shape == p.x.shape else h * np.nan,
        "x is added at the end: y = γ x̂ + β."),
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
    _plain(lambda h, g, b: np.ravel(g)[0] * h + b,
        "the first γ is used for all: each has its own.", common=False),
    _plain(lambda h, g, b: np.ravel(g)[0] * h + np.ravel(b)[0],
        "the first γ and β are used for all: each has its own.", common=False),
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
