"""Which path of batch norm's graph is wrong? A learner's ∂C/∂x is taken apart into the three it is made of.

x reaches y along three paths: directly (x → c → x̂), through the variance (x → c → q → v → s → r → x̂),
and through the mean (x → μ → c). ∂C/∂x is the sum of what comes back along each. So a wrong answer is
written, feature by feature, as a · direct + b · variance + c · mean, and the factors name the slip: b = 0
is a forgotten variance path, b = ½ a forgotten slope 2c. Of two slips the factors multiply.
"""

from typing import Any

import numpy as np

from coursekit.exercises.slips.gradients import CONSTANTS, OTHER_STDS
from coursekit.nn.batch_norm_graph import Graph

PATHS = {
    "direct": "the direct path (node x̂: c gets r · ∂C/∂x̂)",
    "variance": "the path through the variance (nodes r, s, v, q)",
    "mean": "the path through the mean (node μ)",
}
TOLERANCE = 1e-4


def paths(graph: Graph) -> np.ndarray:
    """Return what comes back to x along the direct, the variance and the mean path: (3, n, K)."""
    through_variance = graph.centred.sent_by("squared")
    return np.stack([graph.centred.sent_by("x_hat"), through_variance, graph.x.sent_by("mean")])


def factors(dx: np.ndarray, graph: Graph) -> np.ndarray | None:
    """Return how much of each path is in `dx`, (3, K), or None if it is no such sum."""
    parts = paths(graph)
    found = np.empty((3, dx.shape[1]))
    for k in range(dx.shape[1]):
        columns = parts[:, :, k].T
        found[:, k] = np.linalg.lstsq(columns, dx[:, k])[0]
        if np.linalg.norm(columns @ found[:, k] - dx[:, k]) > TOLERANCE * np.linalg.norm(dx[:, k]):
            return None
    return found


def known_mistakes(graph: Graph, gamma: np.ndarray, problem: Any = None) -> list[tuple[tuple, str]]:
    """Return (factors of the direct, variance and mean path, message) of each slip known by name."""
    n, features = graph.x.value.shape
    s, v, dx_hat = graph.std.value, graph.variance.value, graph.x_hat.gradient
    raw = (graph.x.value * dx_hat).sum(axis=0) / graph.inverse_std.gradient
    return [
        ((1, 0, 0),
            "both paths through the statistics are missing: your dx is γ δ / s, which treats μ and v as "
            "constants. That is right in prediction mode; in training they depend on x (nodes μ and v)."),
        ((1, 1, 0),
            "the path through the mean is missing (node μ): x also moves μ, and every sample feels it. Add "
            "∂C/∂μ / n, with ∂C/∂μ = −Σ ∂C/∂c."),
        ((1, 0, 1),
            "the path through the variance is missing (nodes r, s, v, q): x also moves v. c gets a second "
            "contribution, 2c · ∂C/∂q."),
        ((0, 1, 1),
            "the direct path is missing (node x̂): c also gets r · ∂C/∂x̂. "
            "Add to it, do not overwrite it."),
        ((0, 1, 0),
            "c gets one contribution only, the one through the variance: the direct one is missing (node "
            "x̂), r · ∂C/∂x̂."),
        ((0, 0, 1),
            "only the path through the mean is there (node μ): the direct one and the one through the "
            "variance are missing. Add them, do not overwrite."),
        ((1, 1, -1),
            "the sign of the path through the mean is wrong (node μ): in c = x − μ the "
            "slope with respect to μ is −1."),
        ((1, -1, 1),
            "the sign of the path through the variance is wrong (node r): 1/s has the slope −1/s²."),
        ((1, -1, -1),
            "the signs of both paths through the statistics are wrong (nodes "
            "r and μ): they are subtracted."),
        ((-1, 1, 1), "the sign of the direct path is wrong (node x̂)."),
        ((-1, -1, -1), "the sign of the whole dx is wrong."),
        *_n_mistakes(n, features),
        *_eps_mistakes(s, v, n),
        *_power_mistakes(s),
        *_gamma_mistakes(gamma),
        ((1, raw, 1), "x stands in place of c = x − μ in ∂C/∂r = Σ c · ∂C/∂x̂ (node r)."),
        ((2, 1, 1), "the direct path is there twice (node x̂): add r · ∂C/∂x̂ once."),
        ((2, 2, 2), "the whole dx is there twice."),
        ((0.5, 0.5, 0.5), "dx is half of what it should be."),
        *_std_mistakes(problem, s),
    ]  # fmt: skip


def _n_mistakes(n, features):
    """Return mistakes with 1/n, which stands at the nodes v and μ, and with what stands in its place."""
    sums = (
        "the sums over the samples are divided by the number of features{}; divide "
        "them by n, the samples, len(x)."
    )
    every = (
        "the sums over the samples are divided by the number of all entries{}: "
        "divide them by n, the samples."
    )
    return [
        ((1, 1 / 2, 1), "a factor 2 is missing at the node q: c² has the slope 2c."),
        ((1, 2, 1), "a factor ½ is missing at the node s: √(v + ε) has the slope 1 / (2s)."),
        ((1, 1 / 4, 1), "the factor ½ stands twice, or the 2 of 2c was taken for ½ (nodes s and q)."),
        ((1, n, 1), "1/n is missing at the node v: it is a mean, so each q gets ∂C/∂v / n."),
        ((1, 1, n), "1/n is missing at the node μ: it is a mean, so each x gets ∂C/∂μ / n."),
        ((1, n, n), "1/n is missing at both means (nodes μ and v): Σδ and Σδx̂ are to be divided by n."),
        ((n, n, n), "dx is n times too large: divide the whole by n."),
        ((1 / n, 1, 1),
            "in the closed form δ stands beside two sums over n samples: it has to be n δ, or the sums "
            "have to be means."),
        ((1 / n, 1 / n, 1 / n), "dx is divided by n once too often: the loss has divided already, in δ."),
        ((1, 1 / n, 1), "the path through the variance is divided by n twice (node v): once is enough."),
        ((1, 1, 1 / n), "the path through the mean is divided by n twice (node μ): once is enough."),
        ((1, 1 / n, 1 / n), "both means are divided by n twice (nodes v and μ): once is enough."),
        ((1, n**2, 1), "∂C/∂v is multiplied by n at the node v: it is a mean, so each q gets ∂C/∂v / n."),
        ((1, 1, n**2), "∂C/∂μ is multiplied by n at the node μ: it is a mean, so each x gets ∂C/∂μ / n."),
        ((1, n / (n - 1), 1), "n − 1 at the node v: training statistics divide by n."),
        ((1, 1, n / (n - 1)), "n − 1 at the node μ: a mean divides by n."),
        ((1, n / (n - 1), n / (n - 1)), "n − 1 at the nodes μ and v: both are means over n samples."),
        (((n - 1) / n, 1, 1), "n − 1 stands before δ: it is n δ − Σδ − x̂ Σδx̂."),
        ((n / (n - 1),) * 3, "the whole is divided by n − 1: divide by n."),
        ((1, n / features, n / features), sums.format(" (nodes v and μ)")),
        ((1, n / features, 1), sums.format(" (node v)")),
        ((1, 1, n / features), sums.format(" (node μ)")),
        ((n / features,) * 3, sums.format("")),
        ((features / n, 1, 1),
            "δ is multiplied by the number of features: in the closed form it is n "
            "δ, with n the samples, len(x)."),
        ((1, 1 / features, 1 / features), every.format(" (nodes v and μ)")),
        ((1, 1 / features, 1), every.format(" (node v)")),
        ((1, 1, 1 / features), every.format(" (node μ)")),
        ((1 / features,) * 3, every.format("")),
    ]  # fmt: skip


def _std_mistakes(p, s):
    """Return mistakes with what stands in the place of s, everywhere or in a part."""
    if p is None:
        return []
    places = (
        ((1, 3, 1), ""),
        ((1, 0, 1), " That is in ∂C/∂c = r · ∂C/∂x̂ (the direct path and the mean)."),
        ((1, 0, 0), " That is in the direct path."),
        ((0, 0, 1), " That is in the path through the mean."),
        ((0, 3, 0), " That is in the path through the variance."),
        ((0, 2, 0), " That is in the slope of 1/s, −1/s² (node r)."),
        ((0, 1, 0), " That is in the slope of the root, 1/(2s)."),
        ((1, 1, 1), " That is in the factor before the brackets, γ / s."),
        ((0, 3, 1), " That is in both paths through the statistics."),
    )
    constants = [
        (lambda p, e=e: np.sqrt(p.graph.variance.value + e),
            f"ε is a constant written in, {e:g}, not the one handed in (node s): s = √(v + ε).")
        for e in CONSTANTS
    ]  # fmt: skip
    found = []
    for of, says in (*constants, *OTHER_STDS):
        c = s / of(p)
        found += [(tuple(c**power for power in powers), says + where) for powers, where in places]
    return found


def _eps_mistakes(s, v, n):
    """Return mistakes with ε and n − 1 in s; `f` is by what 1/s changes."""
    e, v1 = s**2 - v, v * n / (n - 1)
    f, u, uf = s / np.sqrt(v), s / np.sqrt(v1 + e), s / np.sqrt(v1)
    outside, out1 = s / (np.sqrt(v) + e), s / (np.sqrt(v1) + e)
    part = "ε is forgotten in {}, though not elsewhere (node s): s = √(v + ε) everywhere."
    late = "ε stands outside the root, √v + ε (node s): s = √(v + ε)."
    both = (
        "your s comes from a variance divided by n − 1 and has ε outside the root "
        "(nodes v and s): s = √(v + ε)."
    )
    written = [
        (
            (c, c**3, c),
            f"ε is a constant written in, {value:g}, not the one handed in (node s): s = √(v + ε).",
        )
        for value in CONSTANTS
        for c in (s / np.sqrt(v + value),)
    ]
    in_variance = [
        ((1, c**3, 1),
            f"ε is a constant written in, {value:g}, in the path through the variance (nodes r and s): use "
            "the one handed in.")
        for value in CONSTANTS
        for c in (s / np.sqrt(v + value),)
    ]  # fmt: skip
    return [
        ((u, u**3, u),
            "your s comes from a variance divided by n − 1 (node v): training statistics divide by n."),
        ((u, u**3 * n / (n - 1), u),
            "your variance divides by n − 1 (node v), forward and backward: "
            "training statistics divide by n."),
        ((f, f**3, f), "ε is forgotten at the node s: s = √(v + ε)."),
        ((uf, uf**3, uf),
            "ε is forgotten at the node s, and your variance divides by n − 1 (node v): s = √(v + ε)."),
        ((uf, uf**3 * n / (n - 1), uf),
            "ε is forgotten at the node s, and your variance divides by n − 1 (node v), forward and "
            "backward: s = √(v + ε)."),
        ((1, f**3, 1), part.format("the path through the variance, (v + ε) to the power −3/2")),
        ((1, f**2, 1), part.format("the slope of 1/s, −1/s² (node r)")),
        ((1, f, 1), part.format("the slope of the root, 1/(2s)")),
        ((f, 1, f), part.format("∂C/∂c = r · ∂C/∂x̂ (the direct path and the mean)")),
        ((f, 1, 1), part.format("the direct path")),
        ((1, 1, f), part.format("the path through the mean")),
        ((1, f**3, f), part.format("both paths through the statistics")),
        ((f, f**3, 1), part.format("the direct path and the path through the variance")),
        ((f, f, f), part.format("the factor before the brackets, γ / s")),
        ((outside, outside**3, outside), late),
        ((outside, outside**2 * f, outside), late),
        ((outside, outside, outside), late + " That is in the factor before the brackets."),
        ((1, outside**3, 1), late + " That is in the path through the variance."),
        ((s / v,) * 3, "dx is divided by the variance: the root is missing, and ε (node s): s = √(v + ε)."),
        ((out1, out1**3, out1), both),
        ((out1, out1**2 * uf, out1), both),
        ((out1, out1**2 * uf * n / (n - 1), out1), both),
        *written,
        *in_variance,
    ]  # fmt: skip


def _power_mistakes(s):
    """Return mistakes with powers of s."""
    return [
        ((s, s, s), "dx is not divided by s (node x̂): the whole is scaled by γ / s."),
        ((1 / s,) * 3, "dx is divided by v + ε: the root is missing (node s)."),
        ((s, 1, s), "the division by s is missing in ∂C/∂c = r · ∂C/∂x̂ (node x̂)."),
        ((s, 1, 1), "the division by s is missing in the direct path (node x̂): c gets r · ∂C/∂x̂."),
        ((1, 1, s),
            "the division by s is missing in the path through the mean (node μ): ∂C/∂μ = −Σ r · ∂C/∂x̂."),
        ((1 / s, 1, 1 / s), "∂C/∂c is divided by v + ε: the root is missing, r = 1/√(v + ε) (node x̂)."),
        ((1 / s, 1, 1),
            "the direct path is divided by v + ε: the root is missing, r = 1/√(v + ε) (node x̂)."),
        ((1, 1, 1 / s), "the path through the mean is divided by v + ε: the root is missing (node μ)."),
        ((1, s, 1),
            "one power of s is missing in the path through the variance: r sends −∂C/∂r "
            "/ s², and s sends ∂C/∂s / (2s)."),
        ((1, s**2, 1),
            "s² is missing in the path through the variance: 1/s has the slope −1/s² (node r); or ∂C/∂s is "
            "multiplied by s where it is divided by it, ∂C/∂s / (2s) (node s)."),
        ((1, s**3, 1),
            "no division by s is left in the path through the variance (nodes r and s): it is (v + ε) to "
            "the power −3/2."),
        ((1, s**6, 1),
            "the sign of the power is lost in the path through the variance: it is (v + ε) to the power "
            "−3/2 (nodes r and s)."),
        ((1, 4 * s**2, 1), "the slope of the root stands upside down (node s): v gets ∂C/∂s / (2s)."),
        ((1, s**2 * 4, s), "the slope of the root stands upside down (node s): v gets ∂C/∂s / (2s)."),
        ((s**2, 1, s**2), "∂C/∂x̂ is multiplied by s in ∂C/∂c (node x̂): c gets r · ∂C/∂x̂, with r = 1/s."),
        ((s**2, 1, 1),
            "∂C/∂x̂ is multiplied by s in the direct path (node x̂): c gets r · ∂C/∂x̂, r = 1/s."),
        ((1, 1, s**2),
            "the path through the mean is multiplied by s (node μ): ∂C/∂μ = −Σ r · ∂C/∂x̂, r = 1/s."),
        ((s**2,) * 3, "the whole is multiplied by s: divide by it, γ / s."),
        ((1, s**4, 1), "−∂C/∂r is multiplied by s² (node r): 1/s has the slope −1/s²."),
        ((1, 2 * s, 1), "the slope of the root is missing (node s): v gets ∂C/∂s / (2s)."),
        ((1, 1 / s, 1),
            "there is one division by s too many in the path through the variance (nodes r and s), or x̂ "
            "in place of c: −1/s² and 1/(2s) make −1/(2s³)."),
        ((1, 1 / s**2, 1),
            "there are two divisions by s too many in the path through the variance (nodes r and s): −1/s² "
            "and 1/(2s) make −1/(2s³)."),
        ((1, 1 / s**3, 1),
            "there are three divisions by s too many in the path through the variance (nodes r and s): the "
            "power of v + ε is −3/2, not −3."),
        ((1, -s, 1),
            "one power of s and the sign are lost in the path through the variance "
            "(node r): 1/s has the slope −1/s²."),
    ]  # fmt: skip


def _gamma_mistakes(gamma):
    """Return mistakes with γ, which stands once in every path."""
    return [
        ((1 / gamma,) * 3, "γ is forgotten (node z): ∂C/∂x̂ = γ · ∂C/∂z."),
        ((gamma,) * 3, "γ is there twice (node z): it multiplies δ once."),
        ((1 / gamma**2,) * 3, "dx is divided by γ (node z): multiply δ by it."),
        ((1, 1 / gamma, 1),
            "γ is forgotten in the path through the variance: r gets Σ c · ∂C/∂x̂, and ∂C/∂x̂ = γ δ."),
        ((1 / gamma, 1, 1 / gamma),
            "γ is forgotten in the direct path: c gets r · ∂C/∂x̂, and ∂C/∂x̂ = γ δ."),
        ((1 / gamma, 1, 1),
            "γ is forgotten in the direct path alone: c gets r · ∂C/∂x̂, and ∂C/∂x̂ = γ δ."),
        ((1, 1, 1 / gamma),
            "γ is forgotten in the path through the mean: ∂C/∂μ = −Σ r · ∂C/∂x̂, and ∂C/∂x̂ = γ δ."),
        ((1, 1 / gamma, 1 / gamma),
            "γ is forgotten in both paths through the statistics (nodes μ "
            "and v): ∂C/∂x̂ = γ δ everywhere."),
        ((1, gamma, 1),
            "γ is there twice in the path through the variance (node r): it multiplies δ once."),
        ((1, gamma, gamma),
            "γ is there twice in both paths through the statistics (nodes μ and v): it multiplies δ once."),
    ]  # fmt: skip
