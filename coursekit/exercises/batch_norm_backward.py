"""Checkers of lesson 07: the gradients of γ and β, and the whole backward pass traced node by node."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies
from coursekit.exercises.batch_norm_paths import TOLERANCE, name_the_path
from coursekit.exercises.feedback import AnswerError, checked
from coursekit.nn.graph import Graph, batch_norm_graph


@dataclass(frozen=True)
class Problem:
    """A batch, its upstream gradient, and the graph that has the answers."""

    x: np.ndarray
    gamma: np.ndarray
    eps: float
    dy: np.ndarray
    graph: Graph


def problem(samples: int, features: int, seed: int) -> Problem:
    """Draw a batch on which no bug hides: ε counts, γ and s are not 1, all three paths are wide."""
    rng = np.random.default_rng(seed)
    x = rng.normal(2, 1.5, (samples, features)) * np.linspace(1, 2, features)
    gamma, beta = rng.uniform(1.5, 3, features), rng.standard_normal(features)
    dy = rng.standard_normal((samples, features)) + 0.4 * (x - x.mean(axis=0)) + 0.8
    eps = 0.5
    return Problem(x, gamma, eps, dy, batch_norm_graph(x, gamma, beta, eps, dy))


# On the first the bug is named; the second has other sizes, so that no fixed number passes.
PROBLEMS = (problem(8, 3, seed=1), problem(5, 4, seed=2))


def _answers(function, arguments, shapes):
    """Call the learner's function on copies; return its answers by name, of the right shapes."""
    value = call_on_copies(function, *arguments)
    names = ", ".join(shapes)
    if not isinstance(value, tuple | list) or len(value) != len(shapes):
        raise AnswerError(f"return {names}, {len(shapes)} arrays in this order.")
    wanted, got = list(shapes.values()), [np.shape(one) for one in value if isinstance(one, np.ndarray)]
    if got != wanted and sorted(got) == sorted(wanted):
        raise AnswerError(f"the arrays come in another order: return {names}.")
    return {
        name: _array(name, one, shape, arguments[0].shape)
        for (name, shape), one in zip(shapes.items(), value, strict=True)
    }


def _array(name, value, shape, batch_shape):
    """Return `value` as a float array of the wanted shape, or say what is wrong with it."""
    if value is Ellipsis or value is None:
        raise AnswerError(f"{name} is not there yet: replace the ... by your formula.")
    hints = {
        (): "It is summed over everything; sum over the samples only (axis=0).",
        batch_shape: "Sum over the samples: one number served all of them (axis=0).",
        batch_shape[:1]: "It is summed over the features; sum over the samples (axis=0).",
    }
    return as_array(name, value, shape, hints if len(shape) == 1 else None)


def _near(a, b):
    return np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE)


def _check_beta(dbeta, p, order):
    """Raise AnswerError with the likely bug unless dbeta is right; `order` is that of the answers."""
    right = p.graph.beta.gradient
    n = len(p.x)
    for wrong, message in (
        (right / n, "it is the mean of δ. The loss sees β once for every sample, so it is the sum."),
        (p.graph.gamma.gradient, f"that is dgamma: the two are in each other's place, return {order}."),
        (np.full_like(right, n), "δ is not in it: each sample sends δ, not 1."),
        (np.ones_like(right), "δ is not in it: each sample sends δ, not 1."),
        (p.gamma * right, "γ does not belong here: in y = z + β the slope with respect to β is 1."),
        (-right, "its sign is wrong."),
    ):
        if not _near(right, wrong) and _near(dbeta, wrong):
            raise AnswerError(f"node β (dbeta): {message}")
    if not _near(dbeta, right):
        raise AnswerError("node β (dbeta): y = z + β has the slope 1, so β gets Σ δ over the samples.")


def _check_gamma(dgamma, p):
    """Raise AnswerError with the likely bug unless dgamma is right."""
    g, dy, n = p.graph, p.dy, len(p.x)
    right = g.gamma.gradient
    s, v = g.std.value, g.variance.value
    for wrong, message in (
        ((dy * g.x.value).sum(axis=0), "it uses x; in z = γ x̂ the other factor is x̂, the normalised x."),
        ((dy * g.centred.value).sum(axis=0), "it uses x − μ; the division by s = √(v + ε) is missing."),
        ((dy * g.y.value).sum(axis=0), "it uses y; in z = γ x̂ the other factor is x̂."),
        ((dy * g.scaled.value).sum(axis=0), "γ does not belong in its own gradient: γ gets Σ δ x̂."),
        (right / n, "it is the mean of δ x̂. Every sample uses the same γ, so it is the sum."),
        (np.zeros(p.gamma.shape), "it is 0, as the sum of x̂ alone is. γ gets Σ δ x̂: each sample's δ times "
         "its own x̂ first, then the sum."),
        (dy.sum(axis=0), "that is dbeta: x̂ is missing, γ gets Σ δ x̂."),
        (right * s / np.sqrt(v), "ε is forgotten in x̂ (node s): s = √(v + ε)."),
        (right / s, "x̂ is divided by v + ε: the root is missing (node s)."),
        (right * s / np.sqrt(v * n / (n - 1) + p.eps), "the variance in x̂ divides by n − 1 (node v); "
         "training statistics divide by n."),
        (-right, "its sign is wrong."),
    ):  # fmt: skip
        if _near(dgamma, wrong):
            raise AnswerError(f"node γ (dgamma): {message}")
    if not _near(dgamma, right):
        raise AnswerError("node γ (dgamma): z = γ x̂ has the slope x̂, so γ gets Σ δ x̂ over the samples.")


@checked
def check_batchnorm_gamma_beta(function: Callable) -> str:
    """Check ``gamma_beta_gradients(dy, x_hat)``: returns (dgamma, dbeta), each of shape (K,).

    Returns
    -------
    Feedback
        Names a mean for a sum, sums along the wrong axis, a forgotten δ or x̂, the two swapped.
    """
    for p in PROBLEMS:
        k = p.gamma.shape
        got = _answers(function, (p.dy, p.graph.x_hat.value), {"dgamma": k, "dbeta": k})
        _check_beta(got["dbeta"], p, ", ".join(got))
        _check_gamma(got["dgamma"], p)
    return "γ gets Σ δ x̂ and β gets Σ δ, each summed over the samples that used it."


@checked
def check_batchnorm_backward(function: Callable) -> str:
    """Check ``batchnorm_backward(dy, x, gamma, eps)``: returns (dx, dgamma, dbeta) in training mode.

    A wrong dx is taken apart into the three paths of the graph, so that the feedback names the node.

    Parameters
    ----------
    function : callable
        Takes dy and x of shape (n, K), gamma of shape (K,) and eps; returns dx (n, K), dgamma and dbeta
        (K,). Stages or closed form, both are fine.

    Returns
    -------
    Feedback
    """
    for number, p in enumerate(PROBLEMS):
        k = p.gamma.shape
        shapes = {"dx": p.x.shape, "dgamma": k, "dbeta": k}
        got = _answers(function, (p.dy, p.x, p.gamma, p.eps), shapes)
        _check_beta(got["dbeta"], p, ", ".join(got))
        _check_gamma(got["dgamma"], p)
        wrong = name_the_path(got["dx"], p.graph, p.gamma, p.dy)
        if wrong and number:
            n = PROBLEMS[0].x.shape
            raise AnswerError(
                f"right for a batch of {n}, not for {p.x.shape}: is a size fixed? Now {wrong}"
            )
        if wrong:
            raise AnswerError(f"dgamma and dbeta are right. In dx, {wrong}")
    return "dx, dgamma and dbeta agree with the graph, on two batches, node by node."
