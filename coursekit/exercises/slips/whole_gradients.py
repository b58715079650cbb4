"""What goes wrong in the whole of batch norm's dx: slips that change more than one part at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.exercises.slips.gradients import OVER_ALL, OVER_FEATURES, means, same_axes

# The whole wrong dx, and what is said of it.
Whole = tuple[np.ndarray, str]

OWN = (
    "each output is differentiated by its own input only. But x moves μ and v, so the outputs of all other "
    "samples feel it too: add up what comes back from every sample of the batch, Σ over the samples (paths "
    "through the nodes μ and v)."
)
X_FOR_C = "x stands in place of c = x − μ in 2c · ∂C/∂q (node q)."
X_FOR_C_AT_MEAN = "x stands in place of c = x − μ in ∂C/∂μ (node μ): the sum of c is 0."


@dataclass(frozen=True)
class _Paths:
    """The three paths by which x reaches the loss, of one problem, and what they are made of."""

    dx_hat: np.ndarray
    c: np.ndarray
    x_hat: np.ndarray
    std: np.ndarray
    direct: np.ndarray
    through_variance: np.ndarray
    through_mean: np.ndarray
    of_variance: np.ndarray

    @property
    def n(self):
        return len(self.c)

    @property
    def beside_mean(self):
        return self.direct + self.through_variance


def _paths(p):
    g, dx_hat = p.graph, p.gamma * p.dy
    c, of_variance, direct = g.centred.value, g.variance.gradient, dx_hat / g.std.value
    return _Paths(
        dx_hat=dx_hat,
        c=c,
        x_hat=g.x_hat.value,
        std=g.std.value,
        direct=direct,
        through_variance=2 * c * of_variance / len(c),
        through_mean=-direct.mean(axis=0),
        of_variance=of_variance,
    )


def wholes(p: Any) -> list[Whole]:
    """Return every whole wrong dx of a problem, with its message."""
    paths = _paths(p)
    alike = [(same_axes(p, option), option.says.split(" That is in")[0]) for option in means("")[1:]]
    return [
        *alike,
        *_own_only(paths),
        *_over_features(paths),
        *_wrong_factors(p, paths),
        *_over_all(paths),
        *_cut_short(p, paths),
    ]


def _own_only(w: _Paths) -> list[Whole]:
    """Differentiate each output by its own input: no sum over the samples, or one where two belong."""
    delta, n, square = w.direct, w.n, w.x_hat**2 / w.n
    not_summed = delta * (1 - square)
    return [
        (delta * (1 - 1 / n - square), OWN),
        (delta * (1 - 1 / n) * (1 - square), OWN),
        (delta * (1 - 1 / n), OWN),
        (not_summed, OWN),
        (w.through_mean + not_summed, OWN),
        (delta * (1 - w.x_hat**2), OWN),
        (delta * (1 - 1 / n) - w.x_hat * (delta * w.x_hat).mean(axis=0), OWN),
        (
            not_summed - not_summed.mean(axis=0),
            "the sum over the samples is missing in ∂C/∂r (node r): r is one number for a feature, used by "
            "every sample, so ∂C/∂r = Σ c · ∂C/∂x̂.",
        ),
    ]


def _over_features(w: _Paths) -> list[Whole]:
    """Let sums run over the features at one node."""
    at_mean, at_r = (f"{OVER_FEATURES} That is at the node {node}." for node in "μr")
    over = w.direct - w.c * (w.dx_hat * w.c).sum(axis=1, keepdims=True) / (w.n * w.std**3)
    return [
        (w.beside_mean - w.beside_mean.sum(axis=1, keepdims=True) / w.n, at_mean),
        (w.beside_mean - w.direct.sum(axis=1, keepdims=True) / w.n, at_mean),
        (w.beside_mean - w.beside_mean.mean(axis=1, keepdims=True), at_mean),
        (over - over.mean(axis=0), at_r),
        (over + w.through_mean, at_r),
    ]


def _over_all(w: _Paths) -> list[Whole]:
    """Let sums run over all entries at one node or two."""
    at_v, at_r, at_mean = (f"{OVER_ALL} That is at the node {node}." for node in "vrμ")
    all_v = w.direct + w.c * w.of_variance.sum() * 2 / w.n
    return [
        (all_v + w.through_mean, at_v),
        (w.direct - (w.dx_hat * w.c).sum() * w.c / w.std**3 / w.n + w.through_mean, at_r),
        (w.beside_mean - w.dx_hat.sum() / w.std / w.n, at_mean),
        (w.beside_mean - w.direct.sum() / w.n, at_mean),
        (all_v - w.direct.sum() / w.n, f"{OVER_ALL} That is at the nodes v and μ."),
    ]


def _wrong_factors(p: Any, w: _Paths) -> list[Whole]:
    """Take another factor than c at the square, or than γ and s of each feature."""
    with_x = w.direct + 2 * p.x * w.of_variance / w.n
    at_mean = w.beside_mean + w.through_mean - 2 * p.x.mean(axis=0) * w.of_variance / w.n
    n_at_mean = w.beside_mean + w.through_mean - 2 * p.x.mean(axis=0) * w.of_variance
    bare = p.dy - p.dy.mean(axis=0) - w.x_hat * (p.dy * w.x_hat).mean(axis=0)
    gamma, but_square = p.gamma, w.direct + w.through_mean
    return [
        (with_x + w.through_mean, X_FOR_C),
        (with_x - with_x.mean(axis=0), X_FOR_C + " Its mean comes off at the node μ."),
        (at_mean, X_FOR_C_AT_MEAN),
        (n_at_mean, X_FOR_C_AT_MEAN),
        (
            but_square + 2 * w.x_hat * w.of_variance / w.n,
            "x̂ stands in place of c = x − μ in 2c · ∂C/∂q (node q).",
        ),
        (but_square + 2 * w.of_variance / w.n, "c is missing at the node q: c² has the slope 2c."),
        (but_square + w.of_variance / w.n, "the slope 2c is missing at the node q: c² has the slope 2c."),
        (bare * gamma.sum() / w.std, "γ is summed over the features: each has its own (node z)."),
        (
            bare * gamma.mean() / w.std,
            "γ is averaged over the features: each has its own (node z).",
        ),
        (bare * gamma / w.std.mean(), "s is averaged over the features: each has its own (node s)."),
    ]


def _cut_short(p: Any, w: _Paths) -> list[Whole]:
    """Let the way back end before x, or miss a path."""
    return [
        (0 * p.dy, "it is zero everywhere: there should be three paths (nodes x̂, v and μ)."),
        (p.dy, "dx is dy as it came: it has to go back through γ, s, v and μ."),
        (
            w.dx_hat,
            "dx stops at x̂: that is ∂C/∂x̂ = γ δ; from there three paths lead to x (nodes x̂, v, μ).",
        ),
        (
            w.dx_hat * w.x_hat,
            "x̂ is a factor of dx: it belongs in dgamma alone, and in front of the mean of δ x̂.",
        ),
        (
            w.beside_mean,
            "the path through the mean is missing (node μ): x also moves μ. "
            "Add ∂C/∂μ / n, with ∂C/∂μ = −Σ ∂C/∂c.",
        ),
    ]
