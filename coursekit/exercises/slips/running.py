"""What goes wrong with running statistics: how they move in training, and which ones are used when."""

import numpy as np

from coursekit.exercises.slips.search import How, Option
from coursekit.exercises.slips.statistics import Problem, Shared, Statistics

RULE = "running = momentum · running + (1 - momentum) · batch"


def moved(p: Problem, name: str) -> np.ndarray:
    """Return the running mean ("mean") or variance ("var") as it is after a training batch."""
    batch = p.x.mean(axis=0) if name == "mean" else p.x.var(axis=0)
    return blended(p.more[name], batch, p.more["momentum"])


def blended(old: np.ndarray, new: np.ndarray, momentum: float) -> np.ndarray:
    """Return what the rule makes of an old running statistic and a batch's."""
    return momentum * old + (1 - momentum) * new


def using(mean_of: How, var_of: How) -> Statistics:
    """Return statistics (see `normalization`) from two functions of the problem."""
    return lambda p: Shared(p.x, mean_of(p), var_of(p), len(p.x), p.scale, p.shift)


SOURCES = {
    "batch": (lambda p: p.x.mean(axis=0), lambda p: p.x.var(axis=0)),
    "running": (lambda p: p.more["mean"], lambda p: p.more["var"]),
    "moved": (lambda p: moved(p, "mean"), lambda p: moved(p, "var")),
    "fresh": (lambda p: 0.0 * p.more["mean"], lambda p: 1.0 + 0.0 * p.more["var"]),
}
IN_WORDS = {
    "batch": "the batch's own {}",
    "running": "the running {} that was handed in",
    "moved": "the running {}, already updated,",
    "fresh": "a new {} of {} in place of the running one",
}


def mixtures(right: str, known: dict[str, str]) -> list[Option]:
    """Return the slips of taking mean and variance from other sources than `right`, or from two.

    `known` says what is told where both come from the same wrong source.
    """
    found = [Option(using(*SOURCES[one]), known[one], common=True) for one in SOURCES if one in known]
    rule = "take both from the batch's own statistics." if right == "batch" else (
        "use the running ones that were handed in for both."
    )  # fmt: skip
    for one in SOURCES:
        for other in SOURCES:
            if one == other or "fresh" in (one, other):
                continue
            mean, spread = IN_WORDS[one].format("mean"), IN_WORDS[other].format("variance")
            says = (
                f"two sources are mixed: you subtract {mean} and divide by the spread from "
                f"{spread.strip(',')}: {rule}"
            )
            found.append(Option(using(SOURCES[one][0], SOURCES[other][1]), says, common=True))
    around = Option(
        using(SOURCES["running"][0], lambda p: np.square(p.x - p.more["mean"]).mean(axis=0)),
        "you subtract the running mean, and measure the spread of the "
        f"batch's own values around it: {rule}",
    )
    own_mean = Option(
        using(SOURCES["batch"][0], lambda p: np.square(p.x - p.more["mean"]).mean(axis=0)),
        f"the spread is measured around the running mean, and the batch's own mean is subtracted: {rule}",
    )
    squared = Option(
        using(SOURCES["running"][0], lambda p: np.square(p.more["var"])),
        "you take the running variance for a spread: it is a variance already, take its root, √(v + ε).",
    )
    moved_around = Option(
        using(SOURCES["moved"][0], lambda p: np.square(p.x - moved(p, "mean")).mean(axis=0)),
        f"you subtract the running mean, already updated, and take the spread around it: {rule}",
    )
    return [*found, around, own_mean, moved_around, squared]


def _batch(function):
    return lambda p: function(p.x, p.x.mean(axis=0), p.x.var(axis=0), len(p.x), p)


NEW_MEANS = (
    Option(_batch(lambda x, m, v, n, p: m)),
    Option(_batch(lambda x, m, v, n, p: n * m), "you do not divide the mean by N, the number of samples."),
    Option(_batch(lambda x, m, v, n, p: x.mean() + 0 * m),
        "you store one mean of all entries: each feature has its own, axis 0."),
    Option(_batch(lambda x, m, v, n, p: v), "you store the variance in the running mean."),
    Option(_batch(lambda x, m, v, n, p: 0 * m),
        "you store the mean of x − μ or of x̂, which is 0: store μ, the mean of x."),
    Option(_batch(lambda x, m, v, n, p: np.median(x, axis=0)), "you store the median: store the mean."),
    Option(_batch(lambda x, m, v, n, p: m - p.more["mean"]),
        "you store how far the batch's mean lies from the running one: store the mean."),
    Option(_batch(lambda x, m, v, n, p: x[-1]), "you store the last sample: store the mean of all."),
    Option(_batch(lambda x, m, v, n, p: x[0]), "you store the first sample: store the mean of all."),
    Option(_batch(lambda x, m, v, n, p: p.shift),
        "you store the mean of y, which is β: store the mean of x."),
    Option(_batch(lambda x, m, v, n, p: m * n / (n - 1)),
        "the mean you store divides by n - 1: it divides by n."),
)  # fmt: skip

NEW_VARIANCES = (
    Option(_batch(lambda x, m, v, n, p: v)),
    Option(_batch(lambda x, m, v, n, p: v * n / (n - 1)),
        "the variance you store divides by n - 1 (PyTorch does so); here it divides by n."),
    Option(_batch(lambda x, m, v, n, p: v * n / (n - 1 + p.eps)),
        "the variance you store divides by n - 1, with ε added; here it divides by n."),
    Option(_batch(lambda x, m, v, n, p: n * v),
        "you do not divide the variance by N, the number of samples."),
    Option(_batch(lambda x, m, v, n, p: np.sqrt(v)),
        "you store the standard deviation: store the variance."),
    Option(_batch(lambda x, m, v, n, p: np.sqrt(v * n / (n - 1))),
        "you store the standard deviation, with n - 1: store the variance, divided by n."),
    Option(_batch(lambda x, m, v, n, p: np.sqrt(v + p.eps)), "you store √(v + ε): store the variance v."),
    Option(_batch(lambda x, m, v, n, p: np.sqrt(v) + p.eps), "you store √v + ε: store the variance v."),
    Option(_batch(lambda x, m, v, n, p: v + p.eps), "you store v + ε: store the variance v."),
    Option(_batch(lambda x, m, v, n, p: v**2),
        "you store the square of the variance: store the variance v."),
    Option(_batch(lambda x, m, v, n, p: (x**2).mean(axis=0)),
        "you store the mean of x²: subtract the mean before you square."),
    Option(_batch(lambda x, m, v, n, p: m), "you store the mean in the running variance."),
    Option(_batch(lambda x, m, v, n, p: x.var() + 0 * v),
        "you store one variance of all entries: each feature has its own, axis 0."),
    Option(_batch(lambda x, m, v, n, p: np.square(x - moved(p, "mean")).mean(axis=0)),
        "the variance you store is taken around the running mean: take it around the batch's own mean."),
    Option(_batch(lambda x, m, v, n, p: np.square(x - p.more["mean"]).mean(axis=0)),
        "the variance you store is taken around the running mean that was handed in: take it around the "
        "batch's own mean."),
    Option(_batch(lambda x, m, v, n, p: v / (v + p.eps)), "you store the variance of x̂: store that of x."),
    Option(_batch(lambda x, m, v, n, p: p.scale**2 * v / (v + p.eps)),
        "you store the variance of y: store that of x."),
    Option(_batch(lambda x, m, v, n, p: 0 * v), "0 is stored: store the batch's variance v."),
    Option(_batch(lambda x, m, v, n, p: np.abs(x - m).mean(axis=0)),
        "you store the mean distance: store the variance v, the mean of the squares."),
    Option(_batch(lambda x, m, v, n, p: 1 / np.sqrt(v + p.eps)),
        "you store 1 / √(v + ε): store the variance v."),
)  # fmt: skip


def olds(name: str) -> tuple[Option, ...]:
    """Return what may stand for the old running statistic `name`, "mean" or "var"."""
    other = {"mean": "var", "var": "mean"}[name]
    start, words = (0.0, "mean") if name == "mean" else (1.0, "variance")
    afresh = (
        "the running {} starts afresh from {:g} at every call: go on from the one that was handed in. "
        + RULE
        + "."
    )
    return (
        Option(lambda p: p.more[name]),
        Option(lambda p: start + 0 * p.more[name], afresh.format(words, start)),
        Option(lambda p: 1 - start + 0 * p.more[name], afresh.format(words, 1 - start)),
        Option(
            lambda p: p.more[other], "the old running mean and variance are mixed up: each moves by itself."
        ),
        Option(
            lambda p: np.sqrt(np.abs(p.more[name])),
            "you take the root of the old one: it is kept as it is.",
        ),
        Option(lambda p: np.square(p.more[name]), "you square the old one: it is kept as it is."),
    )


MOMENTA = (
    Option(lambda m: m),
    *(
        Option(
            lambda m, value=value: value,
            f"use the momentum handed in, not {words}: {RULE}.",
        )
        for value, words in (
            (0.9, "0.9"), (0.99, "0.99"), (0.999, "0.999"), (0.95, "0.95"), (0.5, "0.5"),
            (0.1, "0.1 for the old one"), (0.01, "0.01 for the old one"), (0.001, "0.001 for the old one"),
        )
    ),
    Option(lambda m: m**2, f"the momentum acts twice: {RULE}, once."),
)  # fmt: skip

BLENDS = (
    Option(blended),
    Option(lambda old, new, m: old, f"in training it is not updated: {RULE}."),
    Option(lambda old, new, m: (1 - m) * old + m * new,
        f"the momentum is the wrong way round: {RULE}. PyTorch calls the weight of the new one momentum."),
    Option(lambda old, new, m: new, f"it is replaced by the batch's: {RULE}."),
    Option(lambda old, new, m: old + (1 - m) * new, f"the old one is not weighted: {RULE}."),
    Option(lambda old, new, m: m * old + new, f"the batch's is not weighted by 1 - momentum: {RULE}."),
    Option(lambda old, new, m: old + m * new,
        f"the old one is not weighted, and the momentum is the wrong way round: {RULE}."),
    Option(lambda old, new, m: m * new, f"the old one is lost, go on from the one handed in: {RULE}."),
    Option(lambda old, new, m: m * old,
        f"the batch's is not added (or is 0, as the mean of x̂ is): {RULE}."),
    Option(lambda old, new, m: (1 - m) * old, f"the batch's is not added: {RULE}."),
    Option(lambda old, new, m: m * (old + new), f"both are weighted by momentum: {RULE}."),
    Option(lambda old, new, m: (1 - m) * (old + new), f"both are weighted by 1 - momentum: {RULE}."),
    Option(lambda old, new, m: m * old - (1 - m) * new, f"the batch's is subtracted: {RULE}."),
    Option(lambda old, new, m: old - (1 - m) * (new - old), f"it moves away from the batch's: {RULE}."),
    Option(lambda old, new, m: old - m * (new - old), f"it moves away from the batch's: {RULE}."),
    Option(lambda old, new, m: m * old + 1 - m * new,
        f"mind the brackets, (1 - momentum) · batch: {RULE}."),
    Option(lambda old, new, m: blended(old, new, m) / (1 - m),
        f"you divide by 1 - momentum, as Adam corrects its averages: here nothing is corrected. {RULE}."),
    Option(lambda old, new, m: blended(blended(old, new, m), new, m),
        f"it is updated twice: {RULE}, once a call."),
    Option(lambda old, new, m: blended(np.sqrt(np.abs(old)), np.sqrt(np.abs(new)), m) ** 2,
        f"the standard deviations are averaged, not the variances: {RULE}."),
    Option(lambda old, new, m: m * old + (1 - m**2) * new, f"1 - momentum became 1 - momentum²: {RULE}."),
    Option(lambda old, new, m: m * old + (1 + m) * new,
        f"1 + momentum stands where 1 - momentum belongs: {RULE}."),
    Option(lambda old, new, m: old - m * new, f"the batch's is subtracted: {RULE}."),
    Option(lambda old, new, m: (m * old + new) / (1 + m), f"you divide by 1 + momentum: {RULE}."),
    Option(lambda old, new, m: m * old * new, f"old and new are multiplied: {RULE}."),
    Option(lambda old, new, m: old * new, f"old and new are multiplied: {RULE}."),
    Option(lambda old, new, m: (old + new) / 2,
        f"you take the plain average, momentum is not used: {RULE}."),
    Option(lambda old, new, m: old + new, f"running and batch are only added: {RULE}."),
)  # fmt: skip


def parts(name: str) -> dict:
    """Return the parts of the update of the running statistic `name`, "mean" or "var"."""
    return {
        "old": olds(name),
        "blend": BLENDS,
        "new": NEW_MEANS if name == "mean" else NEW_VARIANCES,
        "momentum": MOMENTA,
    }


def updated(p: Problem, blend: How, new: How, old: How, momentum: How) -> np.ndarray:
    """Return the running statistic after training, if the parts are done so."""
    return np.asarray(blend(old(p), new(p), momentum(p.more["momentum"])))
