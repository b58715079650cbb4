"""Checkers of lesson 09: layer norm and group norm, forward."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, equal, say_where
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.slips import groups as grouping
from coursekit.exercises.slips import images
from coursekit.exercises.slips.measure import measured
from coursekit.exercises.slips.normalization import normalized, parts, right_answer
from coursekit.exercises.slips.search import SHORT_ROUNDS, Option, explain
from coursekit.exercises.slips.statistics import Problem, Shared, axis_slips, of_right, over

EPS = 0.1  # large, so that where it stands can be seen
FEATURES = axis_slips(
    ("samples of the batch", "features"),
    (1,),
    "take them over the features of each sample, axis 1.",
    {
        (
            0,
        ): "your statistics run over the batch (axis 0): that is batch norm. Take them over the features "
        "of each sample, axis 1.",
        (0, 1): "you take one mean and one variance of all entries: each sample needs its own (axis 1).",
    },
)


def _started(p):
    """Return a mean of 0 and a variance of 1, a tenth of the way to the sample's own."""
    mean, var = (f(axis=1, keepdims=True) for f in (p.x.mean, p.x.var))
    return Shared(p.x, 0.1 * mean, 0.9 + 0.1 * var, p.x.shape[1], p.scale, p.shift)


LAYER_STATISTICS = (
    *FEATURES,
    Option(_started, "you mix in a running mean and variance, that started at 0 and 1: layer norm keeps "
           "none; take each sample's own."),
    *(
        Option(of_right(lambda x, m, v, n, a, f=f: (m, f(v))), "your variance mixes in a running one, that "
               "started at 1: layer norm keeps none; take each sample's own.")
        for f in (lambda v: 0.9 + 0.1 * v, lambda v: 0.1 + 0.9 * v, lambda v: 0.99 + 0.01 * v)
    ),
)  # fmt: skip


def layer_problem(n: int, features: int, eps: float) -> Problem:
    """Draw samples, each with a mean and a spread of its own; the last is so narrow that any ε shows."""
    rng = np.random.default_rng(9 + n)
    x = rng.normal(0, 1, (n, features)) * rng.uniform(0.5, 3, (n, 1)) + rng.normal(0, 2, (n, 1))
    x[-1] = 0.003 * rng.standard_normal(features) + 0.01
    gamma, beta = rng.uniform(0.5, 2, features), rng.normal(0, 1, features)
    return Problem(x, gamma, beta, eps, (1,), gamma, beta)


@checked
def check_layer_norm(function: Callable) -> str:
    """Check ``layer_norm(x, gamma, beta, eps)`` for x (N, K): statistics of each sample over its features.

    Returns
    -------
    Feedback
        Names statistics over the batch or over all entries, γ per sample, n - 1, a misplaced ε, both at
        once, constants written in and others.
    """
    problems = [layer_problem(5, 12, EPS), layer_problem(7, 4, 0.02)]
    _refuse_lines(function)
    ys, rights = [_layer_norm_of(function, p) for p in problems], [right_answer(p) for p in problems]
    if not all(map(equal, ys, rights)):
        found = explain(parts(over((1,)), LAYER_STATISTICS), normalized, problems, ys, rounds=SHORT_ROUNDS)
        raise AnswerError(found) if found else UnnamedError(_unknown(problems, ys, rights))
    one = replace(problems[0], x=problems[0].x[:1])
    if not equal(_layer_norm_of(function, one), rights[0][:1]):
        raise AnswerError("a batch of one comes out differently: nothing may depend on the batch.")
    return "each sample has its own mean and variance over its features, and no batch-mate plays a part."


def _layer_norm_of(function, p):
    hint = (
        "an array of shape (N,) lines up with the last axis, the features. Take mean and variance with "
        "keepdims=True: then they are (N, 1). γ and β have (K,) and line up as they are."
    )
    value = call_on_copies(function, p.x, p.gamma, p.beta, p.eps, if_shapes_clash=hint)
    return as_array("y", value, p.x.shape)


def _refuse_lines(function):
    """Name what lines up along the wrong axis: it fits only where there are as many samples as features."""
    p = layer_problem(6, 6, EPS)
    y = _layer_norm_of(function, p)
    columns = replace(p, scale=p.gamma[:, None], shift=p.beta[:, None])
    for axis in (1, 0):
        statistics = over((axis,))
        if equal(y, normalized(columns, statistics, *_right_parts())):
            raise AnswerError("γ and β act on samples: each feature has its own γ and β.")
    mean, var = p.x.mean(axis=1), p.x.var(axis=1)
    keep = (
        "add keepdims=True, so that it has the shape (N, 1): {} lines up with the "
        "features, not with the samples."
    )
    for m, v, what in (
        (mean, var, "both"),
        (mean[:, None], var, "the variance"),
        (mean, var[:, None], "the mean"),
    ):
        if equal(
            y, normalized(p, lambda p, m=m, v=v: Shared(p.x, m, v, 6, p.scale, p.shift), *_right_parts())
        ):
            raise AnswerError(keep.format(f"(N,), the shape of {what},"))


def _right_parts():
    return [options[0].how for name, options in parts(None, ()).items() if name != "statistics"]


def _unknown(problems, ys, rights):
    """Say where and by how much the first wrong answer is off."""
    first = next(i for i, (y, r) in enumerate(zip(ys, rights, strict=True)) if not equal(y, r))
    where = (
        f"{say_where('y', ys[first], rights[first])} {measured(problems[first], ys[first], rights[first])}"
    )
    if not first:
        return where
    shape, other = problems[0].x.shape, problems[first].x.shape
    return f"right for x of shape {shape}, not for {other}: is a size or ε fixed? Now {where}"


def group_problem(shape: tuple, groups: int, eps: float) -> Problem:
    """Draw images for a number of groups; the last channels are so narrow that any ε shows."""
    p = images.problem(shape, eps, (2, 3))
    p.x[-1, -(shape[1] // groups) :] = 0.003 * np.random.default_rng(3).standard_normal(shape[2:]) + 0.01
    p.x[-1, -1] *= 2
    return replace(p, more={"groups": groups})


@checked
def check_group_norm(function: Callable) -> str:
    """Check ``group_norm(x, gamma, beta, groups, eps)`` for x (N, C, H, W).

    Returns
    -------
    Feedback
        Names interleaved groups, groups of the wrong size, instance norm, layer norm, batch norm,
        statistics per pixel, γ per group or along the pixels, n - 1, a misplaced ε and others.
    """
    problems = [group_problem((3, 8, 4, 5), 4, EPS), group_problem((2, 12, 5, 3), 3, 0.02)]
    right, slips = grouping.statistics()
    rights = [_right_groups(p) for p in problems]
    ys = [_group_norm_of(function, p) for p in problems]
    if not all(map(equal, ys, rights)):
        _refuse_fixed(problems, ys, rights)
        scales = (*grouping.AFFINES, *images.AFFINES)
        found = explain(parts(right, slips, scales, ()), normalized, problems, ys, rounds=SHORT_ROUNDS)
        found = found or _out_of_place(ys, rights)
        wide = [replace(p, axes=(1, 2, 3)) for p in problems]
        raise AnswerError(found) if found else UnnamedError(_unknown(wide, ys, rights))
    for number in (1, 2, 8):
        p = replace(problems[0], more={"groups": number})
        if not equal(_group_norm_of(function, p), _right_groups(p)):
            name = "1 group does" if number == 1 else f"{number} groups do"
            raise AnswerError(f"4 groups come out right, {name} not: use the number that is handed in.")
    return "each group of neighbouring channels of each sample has its own mean and variance."


def _group_norm_of(function, p):
    hint = (
        "NumPy lines shapes up from the last axis. Take statistics with keepdims=True, bring x̂ back to "
        "the shape of x, and give γ and β the shape (1, C, 1, 1) by reshape(1, -1, 1, 1)."
    )
    value = call_on_copies(function, p.x, p.gamma, p.beta, p.more["groups"], p.eps, if_shapes_clash=hint)
    hints = images.shape_hints(p.x.shape)
    n, c, h, w = p.x.shape
    groups = p.more["groups"]
    for cut in ((n, groups, c * h * w // groups), (n * groups, -1), (n, groups, c // groups, h, w)):
        hints[np.empty(p.x.shape).reshape(cut).shape] = "Bring it back: y.reshape(x.shape)."
    return as_array("y", value, p.x.shape, hints)


def _right_groups(p):
    return normalized(p, grouping.statistics()[0], *_right_parts())


def _refuse_fixed(problems, ys, rights):
    """Say so if the number of groups of the first problem is used for the second as well."""
    p = replace(problems[1], more={"groups": problems[0].more["groups"]})
    if equal(ys[0], rights[0]) and equal(ys[1], _right_groups(p)):
        raise AnswerError("4 groups come out right, 3 groups do not: use the number that is handed in.")


def _out_of_place(ys, rights):
    if all(equal(np.sort(y, axis=None), np.sort(r, axis=None)) for y, r in zip(ys, rights, strict=True)):
        return (
            "the numbers are right and lie in wrong places: look at the order of reshape and transpose on "
            "the way back."
        )
    return None
