"""Checkers of lesson 07: the gradients of γ and β, and the whole backward pass traced node by node."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, cut_short
from coursekit.exercises.asking import only_asked
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.lesson_07.batch_norm_paths import agree, name_the_path
from coursekit.exercises.slips.gradients import BETA_PARTS, GAMMA_PARTS, summed
from coursekit.exercises.slips.search import explain
from coursekit.nn.batch_norm_graph import Graph, batch_norm_graph


@dataclass(frozen=True)
class Problem:
    """A batch, its upstream gradient, and the graph that has the answers."""

    x: np.ndarray
    gamma: np.ndarray
    eps: float
    dy: np.ndarray
    graph: Graph


def problem(samples: int, features: int, seed: int, width: float = 1.5, eps: float = 0.5) -> Problem:
    """Draw a batch on which no slip hides: ε counts, γ and s are not 1, all three paths are wide."""
    rng = np.random.default_rng(seed)
    x = rng.normal(4 / 3 * width, width, (samples, features)) * np.linspace(1, 2, features)
    gamma, beta = rng.uniform(1.5, 3, features), rng.standard_normal(features)
    dy = rng.standard_normal((samples, features)) + 0.6 / width * (x - x.mean(axis=0)) + 0.8
    return Problem(x, gamma, eps, dy, batch_norm_graph(x, gamma, beta, eps, dy))


# A slip has to fit all of them. The last is so narrow that any constant written in for ε shows.
PROBLEMS = (problem(8, 3, seed=1), problem(5, 4, seed=2), problem(6, 2, seed=3, width=0.003, eps=4e-6))


def _answers(function, arguments, shapes):
    """Call the learner's function on copies; return its answers by name, of the right shapes."""
    hint = (
        "NumPy lines shapes up from the last axis, the features. Sum over the samples, axis=0: that leaves "
        "(K,), which lines up with (n, K)."
    )
    value = call_on_copies(function, *arguments, if_shapes_clash=hint)
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
    n, k = batch_shape
    kept = "keepdims=True keeps the summed axis with length 1: leave it out, sum(axis=0) gives (K,)."
    features = "It is summed over the features; sum over the samples (axis=0)."
    product = (
        "A matrix product mixes the features: multiply entry by entry, dy * x_hat, then sum over axis 0."
    )
    hints = {
        (): "It is summed over everything; sum over the samples only (axis=0).",
        (1, 1): f"It is summed over everything; sum over the samples only (axis=0). {kept}",
        batch_shape: "Sum over the samples: one number served all of them (axis=0).",
        (n,): features,
        (n, 1): f"{features} {kept}",
        (1, k): kept,
        (k, 1): "It is turned into a column: sum(axis=0) gives (K,).",
        (k, k): product,
        (n, n): product,
    }
    for_dx = {
        (k, n): "It is transposed: keep (n, K), the samples first.",
        (k,): "Something is summed over the samples that each sample has its own of: "
        "dx has one entry for each of x.",
        (n,): "Something is summed over the features: dx has one entry for each of x.",
        (): "It is summed over everything: dx has one entry for each of x.",
        (k, k): "A matrix product mixes the features: multiply entry by entry.",
        (n, n): "A matrix product mixes the samples: multiply entry by entry.",
    }
    return as_array(name, value, shape, hints if len(shape) == 1 else for_dx)


def _all_answers(function, arguments_of, names):
    """Return the answers of a function on all problems: for each name a list of arrays."""
    found = {name: [] for name in names}
    for p in PROBLEMS:
        shapes = {name: p.x.shape if name == "dx" else p.gamma.shape for name in names}
        for name, one in _answers(function, arguments_of(p), shapes).items():
            found[name].append(one)
            right = getattr(p.graph, {"dx": "x", "dgamma": "gamma", "dbeta": "beta"}[name]).gradient
            if only_asked() and not agree(one, right):
                raise UnnamedError(f"{name} is off")
    return found


def _check_sums(got, order):
    """Raise AnswerError with the likely slip unless dbeta and dgamma are right."""
    beta, gamma = ([getattr(p.graph, name).gradient for p in PROBLEMS] for name in ("beta", "gamma"))
    if _all(got["dbeta"], gamma) and not _all(got["dgamma"], gamma):
        raise AnswerError(
            f"node β (dbeta): that is dgamma: the two are in each other's place, return {order}."
        )
    _refuse_exchanged(got, order)
    for name, letter, right, parts, rule in (
        ("dbeta", "β", beta, BETA_PARTS, "y = z + β has the slope 1, so β gets Σ δ over the samples."),
        ("dgamma", "γ", gamma, GAMMA_PARTS, "z = γ x̂ has the slope x̂, so γ gets Σ δ x̂ over the samples."),
    ):
        if _all(got[name], right):
            continue
        wrong = [i for i, (g, r) in enumerate(zip(got[name], right, strict=True)) if not agree(g, r)]
        found = explain(parts, summed, [PROBLEMS[i] for i in wrong], [got[name][i] for i in wrong], agree)
        g, r = got[name][wrong[0]], right[wrong[0]]
        where = f"{rule} It should be {_in_words(r)}; yours is {_in_words(g)}."
        fixed = (
            ""
            if 0 in wrong
            else f"right for a batch of {PROBLEMS[0].x.shape}, not for all: is a size fixed? "
        )
        cut = cut_short(got[name], right)
        error = AnswerError if cut or found else UnnamedError
        raise error(f"node {letter} ({name}): {fixed}{cut or found or where}")


def _refuse_exchanged(got, order):
    """Refuse dgamma and dbeta in each other's place, where both have one slip beside."""
    once = ((1, False),)
    found = [
        explain(parts, summed, PROBLEMS, got[name], agree, once)
        for name in ("dbeta", "dgamma")
        for parts in (BETA_PARTS, GAMMA_PARTS)
    ]
    beta, beta_as_gamma, gamma_as_beta, gamma = found
    if beta_as_gamma and gamma_as_beta and not (beta or gamma):
        raise AnswerError(
            f"the two are in each other's place, return {order}. Also, in dgamma {beta_as_gamma}"
        )


def _refuse_without_x(function, dxs):
    """Refuse a way back that has nothing to do with the batch that went forward, and no other name."""
    p = PROBLEMS[0]
    if only_asked() or agree(dxs[0], p.graph.x.gradient):
        return
    shapes = {"dx": p.x.shape, "dgamma": p.gamma.shape, "dbeta": p.gamma.shape}
    other = _answers(function, (p.dy, 1.7 * p.x[::-1], p.gamma, p.eps), shapes)["dx"]
    if agree(other, dxs[0]) and not name_the_path(dxs, PROBLEMS)[0]:
        raise AnswerError(
            "x plays no part in your dx: take μ, s and x̂ from x, as forward did, and send dy back through "
            "them."
        )


def _all(got, right):
    return all(map(agree, got, right))


def _in_words(values):
    return "[" + ", ".join(f"{v:.4g}" for v in values) + "]"


@checked
def check_batchnorm_gamma_beta(function: Callable) -> str:
    """Check ``gamma_beta_gradients(dy, x_hat)``: returns (dgamma, dbeta), each of shape (K,).

    Returns
    -------
    Feedback
        Names a mean for a sum, sums along the wrong axis, kept axes, a forgotten δ or x̂, the two swapped.
    """
    got = _all_answers(function, lambda p: (p.dy, p.graph.x_hat.value), ("dgamma", "dbeta"))
    _check_sums(got, ", ".join(got))
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
    got = _all_answers(function, lambda p: (p.dy, p.x, p.gamma, p.eps), ("dx", "dgamma", "dbeta"))
    _refuse_without_x(function, got["dx"])
    _check_sums(got, ", ".join(got))
    wrong = [i for i, p in enumerate(PROBLEMS) if not agree(got["dx"][i], p.graph.x.gradient)]
    if wrong:
        problems = [PROBLEMS[i] for i in wrong]
        named, found = name_the_path([got["dx"][i] for i in wrong], problems)
        error = AnswerError if named else UnnamedError
        if 0 in wrong:
            raise error(f"dgamma and dbeta are right, dx is not: {found}")
        raise error(
            f"right for a batch of {PROBLEMS[0].x.shape}, not for {problems[0].x.shape}: is a size fixed, "
            f"or ε? Now {found}"
        )
    return "dx, dgamma and dbeta agree with the graph, on three batches, node by node."
