"""Nudge one input of a batch norm, and compare the loss with what a backward pass predicts."""

from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks
from coursekit.nn.batch_norm_graph import Graph, batch_norm_graph
from coursekit.words import number, with_minus

SAMPLES, FEATURES, EPS = 6, 2, 1e-5
SPAN, POINTS = 1.6, 161  # the curve runs from -SPAN to SPAN
SMALLEST, LARGEST = -3, 0.2  # of the nudges, as powers of ten
UPSTREAMS = ("random", "ones")
BACKWARDS = ("complete", "no_variance_path", "constant_statistics")


@dataclass(frozen=True)
class Perturbation:
    """The loss C = Σ δ·y of a batch norm while one entry of x is moved by t.

    Attributes
    ----------
    sample, feature : int
        Which entry, counted from 1.
    nudge : float
        The t that is marked.
    upstream, backward : str
        Which δ, and which backward pass predicts the slope.
    slope : float
        ∂C/∂x of that entry, as this backward pass has it.
    t, change : ndarray
        The curve: C(t) - C(0) over t.
    nudges, gaps : ndarray
        The size of C(t) - C(0) - slope·t over t from 0.001 to 1.6: what the prediction misses.
    measured : float
        C(nudge) - C(0).
    """

    sample: int
    feature: int
    nudge: float
    upstream: str
    backward: str
    slope: float
    t: np.ndarray
    change: np.ndarray
    nudges: np.ndarray
    gaps: np.ndarray
    measured: float

    @property
    def predicted(self) -> float:
        """The slope times the nudge."""
        return self.slope * self.nudge


def example(upstream: str) -> dict[str, np.ndarray]:
    """Return x, gamma, beta and dy of the example: 6 samples, 2 features, always the same numbers."""
    rng = np.random.default_rng(380)  # a draw in which every wrong slope is off by a fifth or more
    x, dy = rng.standard_normal((SAMPLES, FEATURES)), rng.standard_normal((SAMPLES, FEATURES))
    if checks.one_of("upstream", upstream, UPSTREAMS) == "ones":
        dy = np.ones_like(dy)
    return {"x": x, "gamma": np.array([1.5, 1.0]), "beta": np.array([0.5, -1.0]), "dy": dy}


def input_gradient(graph: Graph, backward: str) -> np.ndarray:
    """Return ∂C/∂x, shape (n, K): complete, or as it comes out when paths of the graph are left out.

    Parameters
    ----------
    graph : Graph
    backward : str
        "complete"; "no_variance_path": nothing goes back through v; "constant_statistics": nothing goes
        back through μ either, as in prediction mode.
    """
    direct = graph.centred.sent_by("x_hat")
    by_mean = -direct.mean(axis=0)
    return {
        "complete": graph.x.gradient,
        "no_variance_path": direct + by_mean,
        "constant_statistics": direct,
    }[checks.one_of("backward", backward, BACKWARDS)]


def losses(x: np.ndarray, gamma: np.ndarray, dy: np.ndarray, eps: float = EPS) -> np.ndarray:
    """Return C = Σ δ γ x̂ for a stack of single features; x is (..., n), dy (n,). β only adds a constant."""
    centred = x - x.mean(axis=-1, keepdims=True)
    x_hat = centred / np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + eps)
    return (gamma * x_hat * dy).sum(axis=-1)


def perturb(
    sample: int, feature: int, nudge: float, upstream: str = "random", backward: str = "complete"
) -> Perturbation:
    """Move one entry of the example and compare the loss with the slope that `backward` predicts.

    Raises
    ------
    TypeError, ValueError
        If sample or feature are no whole numbers in range, the nudge not finite, or a name unknown.
    """
    row, column = checks.positive_int("sample", sample) - 1, checks.positive_int("feature", feature) - 1
    if row >= SAMPLES or column >= FEATURES:
        raise ValueError(
            f"there are {SAMPLES} samples and {FEATURES} features; got {sample} and {feature}."
        )
    nudge = checks.finite("nudge", nudge)
    batch = example(upstream)
    slope = float(input_gradient(batch_norm_graph(**batch, eps=EPS), backward)[row, column])

    def change(t):
        """Return C(t) - C(0) for each t; the other features do not notice."""
        x = np.tile(batch["x"][:, column], (len(t) + 1, 1))
        x[1:, row] += t
        c = losses(x, batch["gamma"][column], batch["dy"][:, column])
        return c[1:] - c[0]

    t, nudges = np.linspace(-SPAN, SPAN, POINTS), np.logspace(SMALLEST, LARGEST, 33)
    gaps = np.abs(change(nudges) - slope * nudges)
    measured = float(change(np.array([nudge]))[0])
    return Perturbation(
        sample, feature, nudge, upstream, backward, slope, t, change(t), nudges, gaps, measured
    )


def diagnose_perturbation(p: Perturbation) -> str:
    """Say what the loss did, what was predicted, and what that tells about the backward pass."""
    if p.upstream == "ones":
        text = f"With δ all ones the loss is a constant: the change is {_told(p.measured)} for any nudge"
        if abs(p.slope) < 1e-9:
            verdict = "The check is passed" + (
                "." if p.backward == BACKWARDS[0] else ", and this backward pass is wrong."
            )
            return f"{text}, and the predicted slope is 0. {verdict}"
        return f"{text}, and the predicted slope is {_told(p.slope)}. Even this check fails it."
    text = (
        f"Sample {p.sample}, feature {p.feature} moved by {p.nudge:.2g}: the loss changes by "
        f"{_told(p.measured)}, predicted {_told(p.predicted)}"
    )
    ratio = p.measured / p.predicted if p.predicted else np.inf
    text += with_minus(f", ratio {ratio:.3g}. ")
    if p.backward != BACKWARDS[0]:
        return text + "The line is no tangent: smaller nudges do not bring the ratio to 1."
    if abs(ratio - 1) < 0.02:
        return text + "Slope and loss agree."
    return (
        text + "The nudge is large, so the curve bends away from its tangent; a smaller one agrees better."
    )


def _told(value):
    return number(value, noise=1e-12)
