"""What goes wrong in the gradients of batch norm: Σ δ, Σ δ x̂, the closed form, its own sample only."""

from typing import Any

import numpy as np

from coursekit.exercises.slips.search import How, Option

# A problem p has x, gamma, eps, dy and the graph with the right values of all nodes.


def _x_hat(p, eps=None, ddof=0):
    c = p.graph.centred.value
    return c / np.sqrt(c.var(axis=0, ddof=ddof) + (p.eps if eps is None else eps))


NO_EPS = "ε is forgotten in x̂ (node s): s = √(v + ε)."
CONSTANTS = (1e-5, 1e-3, 1e-8, 1e-6, 1e-7, 1e-4, 1e-2)


def _v(p):
    return p.graph.variance.value


# What may stand where s = √(v + ε) belongs: how it comes about, and what is said.
OTHER_STDS = (
    (lambda p: np.sqrt(_v(p) + 2 * p.eps), "ε is added twice (node s): s = √(v + ε)."),
    (lambda p: np.sqrt(_v(p) + p.eps**2), "ε is squared (node s): s = √(v + ε)."),
    (lambda p: np.sqrt(_v(p)) + np.sqrt(p.eps), "√v + √ε stands where √(v + ε) belongs (node s)."),
    (lambda p: np.sqrt(_v(p) + p.eps) + p.eps,
        "ε is added in the root and outside it (node s): s = √(v + ε)."),
    (lambda p: np.abs(p.graph.centred.value).mean(axis=0),
        "the mean distance stands where s belongs (node s): s = √(v + ε), with the mean of the squares."),
    (lambda p: np.sqrt(np.abs(p.graph.centred.value).mean(axis=0) + p.eps),
        "v is the mean distance (node v): square the distances before you average."),
    (lambda p: np.cbrt(_v(p) + p.eps), "you take the third root (node s): s = √(v + ε)."),
    (lambda p: np.sqrt(np.sqrt(_v(p)) + p.eps),
        "you take the root twice (node s): s = √(v + ε), with the variance v, not its root."),
    (lambda p: np.sqrt(np.sqrt(_v(p) + p.eps)), "you take the root twice (node s): s = √(v + ε)."),
    (lambda p: np.sqrt(_v(p) * len(p.x) + p.eps), "v is a sum and no mean (node v): divide by n."),
    (lambda p: np.sqrt(_v(p) / len(p.x) + p.eps), "v is divided by n twice (node v): once is enough."),
    (lambda p: np.sqrt(p.x.var() + p.eps) + 0 * _v(p),
        "the variance runs over all entries (node v): each feature has its own, axis 0."),
    (lambda p: np.sqrt((p.graph.centred.value**2).mean() + p.eps) + 0 * _v(p),
        "the variance runs over all entries (node v): each feature has its own, axis 0."),
    (lambda p: np.sqrt(_v(p) * len(p.x) / p.x.shape[1] + p.eps),
        "the sum of squares is divided by the number of features (node v): by n, the samples."),
    (lambda p: np.sqrt((p.x**2).mean(axis=0) + p.eps),
        "v is the mean of x² (node v): subtract μ before you square."),
    (lambda p: _v(p) + p.eps,
        "the root is missing (node s), or you divide by s once too often: s = √(v + ε)."),
    (lambda p: _v(p), "the root is missing, and ε (node s): s = √(v + ε)."),
    (lambda p: np.ones_like(_v(p)), "s is missing (node s): divide by s = √(v + ε)."),
)  # fmt: skip


def _aroundmeans(p, axis):
    """Return x̂ with c taken from means over another axis, and v as the mean of their squares."""
    c = p.x - p.x.mean(axis=axis, keepdims=True)
    return c / np.sqrt((c**2).mean(axis=0) + p.eps)


FACTORS_BESIDE_DELTA = (
    Option(lambda p: p.graph.x_hat.value),
    Option(lambda p: p.graph.x.value, "it uses x; in z = γ x̂ the other factor is x̂, the normalised x."),
    Option(lambda p: p.graph.centred.value, "it uses x − μ; the division by s = √(v + ε) is missing."),
    Option(lambda p: p.graph.y.value, "it uses y; in z = γ x̂ the other factor is x̂."),
    Option(lambda p: p.graph.scaled.value, "γ does not belong in its own gradient: γ gets Σ δ x̂."),
    Option(lambda p: 1 / p.graph.x_hat.value, "δ is divided by x̂: multiply, γ gets Σ δ x̂."),
    Option(lambda p: p.graph.x_hat.value.sum(axis=1, keepdims=True),
        "a matrix product mixes the features: multiply entry by entry, dy * x_hat, then sum over axis 0."),
    Option(lambda p: np.ones_like(p.dy),
        "that is dbeta: x̂ is missing (or added, where it multiplies), γ gets Σ δ x̂."),
    Option(lambda p: _x_hat(p, 0.0), NO_EPS),
    *(
        Option(lambda p, eps=eps: _x_hat(p, eps),
            f"ε is a constant written in, {eps:g}, not the one handed in (node s): s = √(v + ε).")
        for eps in CONSTANTS
    ),
    Option(lambda p: _x_hat(p, ddof=1),
        "the variance in x̂ divides by n − 1 (node v); training statistics divide by n."),
    Option(lambda p: _x_hat(p, 0.0, ddof=1),
        "the variance in x̂ divides by n − 1 (node v); training statistics divide by n. Also, ε is "
        "forgotten (node s)."),
    *(
        Option(lambda p, of=of: p.graph.centred.value / of(p), f"in x̂, {says}")
        for of, says in OTHER_STDS
    ),
    Option(lambda p: _aroundmeans(p, 1),
        "the mean in x̂ runs over the features, axis 1 (node μ): axis 0, the samples."),
    Option(lambda p: _aroundmeans(p, None),
        "the mean in x̂ is that of all entries (node μ): each feature has its own, axis 0."),
    Option(lambda p: p.graph.centred.value / p.graph.std.value**2,
        "x̂ is divided by v + ε: the root is missing (node s)."),
    Option(lambda p: p.graph.centred.value / (np.sqrt(p.graph.variance.value) + p.eps),
        "ε stands outside the root in x̂ (node s): s = √(v + ε)."),
    Option(lambda p: p.graph.centred.value / (np.sqrt(_variance1(p)) + p.eps),
        "ε stands outside the root in x̂, and the variance divides by n − 1 "
        "(nodes s and v): s = √(v + ε)."),
    Option(lambda p: p.graph.x.value / p.graph.std.value, "the mean is not subtracted in x̂ (node c)."),
    Option(lambda p: p.graph.x_hat.value**2, "x̂ is squared: γ gets Σ δ x̂."),
    Option(lambda p: np.abs(p.graph.x_hat.value), "the sign of x̂ is lost: γ gets Σ δ x̂."),
    Option(lambda p: _over_features(p),
        "x̂ is normalized over the features (axis 1): statistics run over the samples, axis 0."),
)  # fmt: skip


def _variance1(p):
    return p.graph.centred.value.var(axis=0, ddof=1)


def _over_features(p):
    mean, var = p.x.mean(axis=1, keepdims=True), p.x.var(axis=1, keepdims=True)
    return (p.x - mean) / np.sqrt(var + p.eps)


DELTAS = (
    Option(lambda p: p.dy),
    Option(lambda p: p.gamma * p.dy,
        "γ does not belong here: δ is multiplied by γ only on the way on, to x̂."),
    Option(lambda p: np.ones_like(p.dy), "δ is not in it: each sample sends δ, not 1."),
    Option(lambda p: p.dy**2, "δ is squared: each sample sends δ."),
    Option(lambda p: np.abs(p.dy), "the sign of δ is lost: each sample sends δ."),
    Option(lambda p: p.graph.y.value, "y stands where δ = dy belongs."),
    Option(lambda p: p.graph.x_hat.value * p.dy, "x̂ does not belong here."),
    Option(lambda p: p.dy.sum(axis=1, keepdims=True),
        "δ is summed over the features, as a matrix product does: entry by entry, then sum over axis 0."),
    Option(lambda p: p.dy.mean(axis=0), "δ is averaged before it is multiplied: each sample has its own."),
    Option(lambda p: p.dy / p.gamma, "δ is divided by γ: it comes as it is."),
    Option(lambda p: p.dy - p.dy.mean(axis=0), "the mean is taken off δ first: it comes as it is."),
)  # fmt: skip

MEAN = "it is the mean{}. The loss sees it once for every sample, so it is the sum over the samples."


def _gathers(what):
    return (
        Option(lambda a, p: a.sum(axis=0)),
        Option(lambda a, p: a.mean(axis=0), MEAN.format(what)),
        Option(lambda a, p: a.sum(axis=0) / (len(a) - 1), f"it is divided by n − 1: {MEAN.format(what)}"),
        Option(lambda a, p: a.sum(axis=0) / a.shape[1],
            "it is divided by the number of features; it is the plain sum over the samples (axis 0)."),
        Option(lambda a, p: a.sum(axis=0) / a.size,
            "it is divided by the number of all entries; it is the plain sum over the samples (axis 0)."),
        Option(lambda a, p: a.mean(axis=0) / len(a),
            "it is divided by n twice. It is no mean: the plain sum over the samples."),
        Option(lambda a, p: a.mean(axis=0) / 2, f"it is half of the mean. {MEAN.format(what)}"),
        Option(lambda a, p: a.std(axis=0), "it is the spread over the samples: take the plain sum."),
        Option(lambda a, p: np.median(a, axis=0), "it is the median: take the plain sum over the samples."),
        Option(lambda a, p: a.sum(axis=0) * len(a),
            "it is n times too large: it is the plain sum over the samples."),
        Option(lambda a, p: np.full(a.shape[1], a.sum()),
            "it is summed over everything: sum over the samples, axis 0, each feature by itself."),
        Option(lambda a, p: np.full(a.shape[1], a.mean()),
            "it is the mean over everything: sum over the samples, axis 0, each feature by itself."),
        Option(lambda a, p: a[0], "only the first sample counts: sum over all of them (axis 0)."),
        Option(lambda a, p: a[-1],
            "only the last sample counts: sum over all of them (axis 0); in a loop "
            "with +=, and the zeros before it."),
        Option(lambda a, p: a[:-1].sum(axis=0),
            "the last sample is left out: sum over all of them (axis 0)."),
        Option(lambda a, p: a[1:].sum(axis=0),
            "the first sample is left out: sum over all of them (axis 0)."),
        Option(lambda a, p: a.max(axis=0), "it is the largest: take the sum over the samples."),
        Option(lambda a, p: a.prod(axis=0), "it is the product: take the sum over the samples."),
        Option(lambda a, p: np.sqrt((a**2).sum(axis=0)),
            "it is the length, the root of the sum of squares: take the plain sum over the samples."),
        Option(lambda a, p: np.sqrt(a.sum(axis=0)), "a root is taken of the sum: leave it as it is."),
        Option(lambda a, p: 1 + 0 * a[0], "it is 1: δ is not in it. Each sample sends its δ: sum them."),
        Option(lambda a, p: 0 * a[0],
            "it is 0, as the sum of x̂ alone is. Each sample's δ times its own "
            "x̂ first, then the sum: Σ δ x̂." if "x̂" in what else "it is 0: sum δ over the samples."),
    )  # fmt: skip


AFTER = (
    Option(lambda g, p: g),
    Option(lambda g, p: -g, "its sign is wrong."),
    Option(lambda g, p: p.gamma * g, "γ does not belong in it."),
    Option(lambda g, p: g / p.gamma, "it is divided by γ, which does not belong in it."),
    Option(lambda g, p: g / p.graph.std.value, "it is divided by s once too often."),
    Option(lambda g, p: g * p.graph.std.value, "it is multiplied by s."),
    Option(lambda g, p: 2 * g, "it is twice what it should be: see whether something is added twice."),
    Option(lambda g, p: g / 2, "it is half of what it should be."),
    Option(lambda g, p: g[::-1], "the features are in reverse order."),
)  # fmt: skip

GAMMA_PARTS = {"gather": _gathers(" of δ x̂"), "u": FACTORS_BESIDE_DELTA, "delta": DELTAS, "after": AFTER}
BETA_PARTS = {
    "u": (
        Option(lambda p: np.ones_like(p.dy)),
        Option(lambda p: p.graph.x_hat.value, "that is dgamma, with x̂ in it: β gets Σ δ."),
        Option(lambda p: p.x, "x does not belong in it: β gets Σ δ."),
    ),
    "gather": _gathers(" of δ"),
    "delta": DELTAS,
    "after": AFTER,
}


def summed(p: Any, u: How, delta: How, gather: How, after: How) -> np.ndarray:
    """Return Σ δ · u over the samples, with the parts done so."""
    return np.asarray(after(gather(delta(p) * u(p), p), p))


def _axis(axis, words):
    """Return the mean over another axis than the samples', for the sums in the closed form."""
    return Option(lambda a: a.mean(axis=axis, keepdims=True), words)


OVER_FEATURES = (
    "your sums run over the features (axis 1); each feature has its own "
    "statistics, over the samples (axis 0)."
)
OVER_ALL = "your sums run over all entries; each feature has its own statistics: axis=0."


def means(where: str) -> tuple[Option, ...]:
    """Return what may be done where a mean over the samples belongs: that of `where`, or of both."""
    at = f" That is in the mean of {where}." if where else ""
    return (
        Option(lambda a: a.mean(axis=0)),
        _axis(1, OVER_FEATURES + at),
        _axis(None, OVER_ALL + at),
        Option(lambda a: a.sum(), f"your sums run over all entries, and are not divided by n: axis=0.{at}"),
        Option(lambda a: a.sum() / len(a), f"{OVER_ALL}{at}"),
        Option(lambda a: a.sum(axis=1, keepdims=True) / len(a), OVER_FEATURES + at),
        Option(lambda a: a[-1] / len(a), f"only the last sample counts: add up over all of them.{at}"),
        Option(lambda a: a[0] / len(a), f"only the first sample counts: add up over all of them.{at}"),
        Option(lambda a: a / len(a),
            "the sum is missing: each output is differentiated by its own input only, and the other "
            f"samples are left out.{at}"),
        Option(lambda a: a, f"the mean over the samples is missing: sum over axis 0, and divide by n.{at}"),
    )  # fmt: skip


def _beside(where):
    return (
        Option(lambda p: p.graph.x_hat.value),
        Option(lambda p: 1.0, f"x̂ is missing {where} (the path through the variance)."),
        Option(lambda p: p.x, f"x stands where x̂ belongs {where} (the path through the variance)."),
        Option(lambda p: p.graph.y.value,
            f"y stands where x̂ belongs {where} (the path through the variance)."),
        Option(lambda p: p.graph.scaled.value,
            f"γ x̂ stands where x̂ belongs {where} (the path through the variance)."),
        Option(lambda p: p.graph.x_hat.value**2, f"x̂ is squared {where} (the path through the variance)."),
    )  # fmt: skip


CLOSED_PARTS = {
    "mean_of_delta": means("δ (the path through the mean)"),
    "before": _beside("in front of the mean of δ x̂"),
    "inside": _beside("inside the second mean, that of δ x̂, not of δ"),
    "mean_of_product": means("δ x̂ (the path through the variance)"),
    "delta": (
        Option(lambda p: p.dy),
        Option(lambda p: p.graph.y.value, "y stands where δ = dy belongs."),
        Option(lambda p: np.ones_like(p.dy), "δ = dy is not in it."),
        Option(lambda p: p.x, "x stands where δ = dy belongs."),
        Option(lambda p: p.graph.x_hat.value, "x̂ stands where δ = dy belongs."),
    ),
    "scale": (
        Option(lambda p: p.gamma / p.graph.std.value),
        Option(lambda p: 1 / p.graph.std.value, "γ is forgotten (node z): ∂C/∂x̂ = γ · ∂C/∂z."),
        Option(lambda p: p.gamma, "dx is not divided by s (node x̂): the whole is scaled by γ / s."),
        Option(lambda p: p.gamma / p.graph.std.value / len(p.x), "dx is divided by n once too often."),
        Option(lambda p: p.gamma / p.graph.std.value * len(p.x),
            "dx is n times too large: divide the whole by n."),
    ),
}  # fmt: skip


def closed_form(
    p: Any,
    mean_of_delta: How,
    before: How,
    inside: How,
    mean_of_product: How,
    delta: How,
    scale: How,
) -> np.ndarray:
    """Return γ / s · (δ − mean(δ) − x̂ · mean(δ x̂)), with the parts done so."""
    d = delta(p)
    return scale(p) * (d - mean_of_delta(d) - before(p) * mean_of_product(d * inside(p)))


def same_axes(p: Any, how: Option) -> np.ndarray:
    """Return the closed form with both means taken alike."""
    right = {name: options[0].how for name, options in CLOSED_PARTS.items()}
    return closed_form(p, **{**right, "mean_of_delta": how.how, "mean_of_product": how.how})
