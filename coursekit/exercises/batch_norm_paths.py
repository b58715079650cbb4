"""Which path of batch norm's graph is wrong? A learner's ∂C/∂x is taken apart into the three it is made of.

x reaches y along three paths: directly (x → c → x̂), through the variance (x → c → q → v → s → r → x̂),
and through the mean (x → μ → c). ∂C/∂x is the sum of what comes back along each. So a wrong answer is
written, feature by feature, as a · direct + b · variance + c · mean, and the factors name the bug: b = 0
is a forgotten variance path, b = ½ a forgotten slope 2c.
"""

import numpy as np

from coursekit.nn.graph import Graph

PATHS = {
    "direct": "the direct path (node x̂: c gets r · ∂C/∂x̂)",
    "variance": "the path through the variance (nodes r, s, v, q)",
    "mean": "the path through the mean (node μ)",
}
TOLERANCE = 1e-5


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


def known_mistakes(graph: Graph, gamma: np.ndarray) -> list[tuple[tuple, str]]:
    """Return (factors of the direct, variance and mean path, message) of each bug that is known by name."""
    n = len(graph.x.value)
    s, v, dx_hat = graph.std.value, graph.variance.value, graph.x_hat.gradient
    no_eps, unbiased = s / np.sqrt(v), s / np.sqrt(v * n / (n - 1) + s**2 - v)
    raw = (graph.x.value * dx_hat).sum(axis=0) / graph.inverse_std.gradient
    return [
        ((1, 0, 0), "both paths through the statistics are missing: your dx is γ δ / s, which treats μ and "
         "v as constants. That is right in prediction mode; in training they depend on x (nodes μ and v)."),
        ((1, 1, 0), "the path through the mean is missing (node μ): x also moves μ, and every sample feels "
         "it. Add ∂C/∂μ / n, with ∂C/∂μ = −Σ ∂C/∂c."),
        ((1, 0, 1), "the path through the variance is missing (nodes r, s, v, q): x also moves v. c gets "
         "a second contribution, 2c · ∂C/∂q."),
        ((0, 1, 1), "the direct path is missing (node x̂): c also gets r · ∂C/∂x̂. Add to it, do not "
         "overwrite it."),
        ((0, 1, 0), "c gets one contribution only, the one through the variance: the direct one is missing "
         "(node x̂), r · ∂C/∂x̂."),
        ((1, 1, -1), "the sign of the path through the mean is wrong (node μ): in c = x − μ the slope with "
         "respect to μ is −1."),
        ((1, -1, 1), "the sign of the path through the variance is wrong (node r): 1/s has the slope "
         "−1/s²."),
        ((1, 1 / 2, 1), "a factor 2 is missing at the node q: c² has the slope 2c."),
        ((1, 2, 1), "a factor ½ is missing at the node s: √(v + ε) has the slope 1 / (2s)."),
        ((1, n, 1), "1/n is missing at the node v: it is a mean, so each q gets ∂C/∂v / n."),
        ((1, 1, n), "1/n is missing at the node μ: it is a mean, so each x gets ∂C/∂μ / n."),
        ((1, n, n), "1/n is missing at both means (nodes μ and v): Σδ and Σδx̂ are to be divided by n."),
        ((n, n, n), "dx is n times too large: divide the whole by n."),
        ((1 / n, 1, 1), "in the closed form δ stands beside two sums over n samples: it has to be n δ, or "
         "the sums have to be means."),
        ((1, n / (n - 1), 1), "n − 1 at the node v: training statistics divide by n."),
        ((1, 1, n / (n - 1)), "n − 1 at the node μ: a mean divides by n."),
        ((1, n / (n - 1), n / (n - 1)), "n − 1 at the nodes μ and v: both are means over n samples."),
        ((unbiased, unbiased**3, unbiased), "your s comes from a variance divided by n − 1 (node v): "
         "training statistics divide by n."),
        ((unbiased, unbiased**3 * n / (n - 1), unbiased), "your variance divides by n − 1 (node v), "
         "forward and backward: training statistics divide by n."),
        ((no_eps, no_eps**3, no_eps), "ε is forgotten at the node s: s = √(v + ε)."),
        ((1 / gamma,) * 3, "γ is forgotten (node z): ∂C/∂x̂ = γ · ∂C/∂z."),
        ((gamma,) * 3, "γ is there twice (node z): it multiplies δ once."),
        ((1, 1 / gamma, 1), "γ is forgotten in the path through the variance: r gets Σ c · ∂C/∂x̂, and "
         "∂C/∂x̂ = γ δ."),
        ((1 / gamma, 1, 1 / gamma), "γ is forgotten in the direct path: c gets r · ∂C/∂x̂, and "
         "∂C/∂x̂ = γ δ."),
        ((s, s, s), "dx is not divided by s (node x̂): the whole is scaled by γ / s."),
        ((1 / s,) * 3, "dx is divided by v + ε: the root is missing (node s)."),
        ((1, s, 1), "one power of s is missing in the path through the variance: r sends −∂C/∂r / s², and "
         "s sends ∂C/∂s / (2s)."),
        ((1, s**2, 1), "s² is missing in the path through the variance (node r): 1/s has the slope "
         "−1/s²."),
        ((1, 2 * s, 1), "the slope of the root is missing (node s): v gets ∂C/∂s / (2s)."),
        ((1, 1 / s, 1), "there is one division by s too many in the path through the variance (nodes r "
         "and s): −1/s² and 1/(2s) make −1/(2s³)."),
        ((1, raw, 1), "x stands in place of c = x − μ in ∂C/∂r = Σ c · ∂C/∂x̂ (node r)."),
        ((-1, -1, -1), "the sign of the whole dx is wrong."),
    ]  # fmt: skip


def other_mistakes(graph: Graph, gamma: np.ndarray, dy: np.ndarray) -> list[tuple[np.ndarray, str]]:
    """Return (the whole wrong dx, message) of bugs that are no sum of the three paths."""
    x_hat, r = graph.x_hat.value, graph.inverse_std.value

    def closed(dy, **mean):
        return gamma * r * (dy - dy.mean(**mean) - x_hat * (dy * x_hat).mean(**mean))

    return [
        (closed(dy, axis=1, keepdims=True), "your sums run over the features (axis 1); each feature has "
         "its own statistics, over the samples (axis 0)."),
        (gamma * r * (dy - dy.mean(axis=0) - (dy * x_hat).mean(axis=0)), "x̂ is missing in front of the "
         "mean of δ x̂ (the path through the variance): each sample gets x̂ times that mean."),
        (gamma * r * (dy - dy.mean(axis=0) - x_hat * dy.mean(axis=0)), "x̂ is missing inside the second "
         "mean (the path through the variance): it is the mean of δ x̂, not of δ."),
        (closed(dy), "your sums run over all entries; each feature has its own statistics: axis=0."),
        (np.zeros_like(dy), "it is zero everywhere: there should be three paths (nodes x̂, v and μ)."),
        (closed(graph.y.value), "y stands where δ = dy belongs."),
    ]  # fmt: skip


def name_the_path(dx: np.ndarray, graph: Graph, gamma: np.ndarray, dy: np.ndarray) -> str | None:
    """Return None if `dx` is right, else which node or path of it is wrong."""
    if np.allclose(dx, graph.x.gradient, rtol=TOLERANCE, atol=TOLERANCE):
        return None
    for wrong, message in other_mistakes(graph, gamma, dy):
        if np.allclose(dx, wrong, rtol=TOLERANCE, atol=TOLERANCE):
            return message
    found = factors(dx, graph)
    if found is None:
        return (
            "dx is no sum of the three paths, so something else has got into it. Compare your stages with "
            "the graph's, from y backward: print nn.graph.batch_norm_graph(...).x_hat.gradient, and so on."
        )
    for expected, message in known_mistakes(graph, gamma):
        wanted = np.array([np.broadcast_to(one, gamma.shape) for one in expected])
        if np.allclose(found, wanted, rtol=TOLERANCE, atol=TOLERANCE):
            return message
    return _by_path(found)


def _by_path(found):
    """Say of each path how much of it is there, where no known mistake fits."""
    wrong, right = [], []
    for (name, words), factor in zip(PATHS.items(), found, strict=True):
        off = np.abs(factor - 1)
        if off.max() < TOLERANCE:
            right.append(name)
            continue
        k = int(off.argmax())
        much = "missing" if abs(factor[k]) < TOLERANCE else f"{factor[k]:.3g} times what it should be"
        wrong.append(f"{words} is {much} in feature {k + 1}")
    return f"{'; '.join(wrong)}." + (f" Right: the {' and the '.join(right)} path." if right else "")
