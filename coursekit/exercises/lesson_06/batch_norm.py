"""Checkers of lesson 06: batch normalization with running statistics, and for images."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, equal, say_where
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.slips import images, running
from coursekit.exercises.slips.measure import measured
from coursekit.exercises.slips.normalization import normalized, parts, right_answer
from coursekit.exercises.slips.search import SHORT_ROUNDS, also, explain
from coursekit.exercises.slips.statistics import Problem, axis_slips, over

# ε and the momentum are far from their usual values, so that a slip with either cannot hide.
MOMENTUM, EPS = 0.8, 0.5
SAMPLES = axis_slips(
    ("samples", "features"),
    (0,),
    "take axis 0, the samples.",
    {
        (1,): "your statistics run over the features of each sample (axis 1): take axis 0, the samples.",
        (0, 1): "one mean and one variance for all entries: each feature has its own, axis 0.",
    },
)
STORED = "you normalize with the running statistics here too: take the batch's own."
TRAINING = [
    *SAMPLES,
    *running.mixtures(
        "batch",
        {"running": STORED, "moved": STORED, "fresh": f"x is not normalized by the batch at all: {STORED}"},
    ),
]
PREDICTION = [
    *running.mixtures(
        "running",
        {
            "batch": "you use the batch's own statistics: use the running ones that were handed in.",
            "moved": "you update the running statistics before using them.",
            "fresh": "a mean of 0 and a variance of 1 are used: use the running ones that were handed in.",
        },
    ),
    *SAMPLES[:2],
]


def forward_problem(n: int, features: int, momentum: float, eps: float) -> Problem:
    """Draw a batch on which no slip hides; its last feature is so narrow that 1e-5 differs from 1e-8."""
    rng = np.random.default_rng(n)
    centre, width = np.array((4, -2, 1, 0.01))[-features:], np.array((3, 1, 0.5, 0.003))[-features:]
    x = rng.normal(centre, width, (n, features))
    gamma, beta = rng.uniform(0.5, 2, features), rng.uniform(-3, 3, features)
    mean = centre + width * rng.uniform(-1.5, 1.5, features)
    var = np.square(width) * rng.uniform(2, 4, features)
    more = {"mean": mean, "var": var, "momentum": momentum}
    return Problem(x, gamma, beta, eps, (0,), gamma, beta, more)


PROBLEMS = (forward_problem(5, 3, MOMENTUM, EPS), forward_problem(8, 4, 0.35, 0.02))
MODES = ((True, "training"), (False, "prediction"))


@checked
def check_batchnorm_forward(function: Callable) -> str:
    """Check ``batchnorm_forward(x, gamma, beta, mean, var, training, momentum, eps)`` on (N, K).

    It returns y and the running mean and variance after the call.

    Returns
    -------
    Feedback
        Names wrong or mixed statistics, a wrong place of ε, constants written in, forgotten γ or β, a wrong
        mode, a wrong update.
    """
    came = {mode: [_three(function, p, mode, word) for p in PROBLEMS] for mode, word in MODES}
    _refuse_modes(came)
    _check_y([y for y, *_ in came[True]], "training")
    _check_updates(came[True])
    _check_y([y for y, *_ in came[False]], "prediction")
    _check_kept(came[False])
    return (
        "right in both modes: the batch's own statistics in training, which move the running ones; the "
        "running ones in prediction, which stay as they are."
    )


def _three(function, p, training, mode):
    hint = (
        "take statistics over axis 0, the samples: then they have the shape (K,), as γ and β have, which "
        "line up with the features as they are."
    )
    more = p.more
    arguments = (p.x, p.gamma, p.beta, more["mean"], more["var"], training, more["momentum"], p.eps)
    value = call_on_copies(function, *arguments, if_shapes_clash=hint, may_write=(3, 4), when=f" in {mode}")
    if not isinstance(value, tuple | list) or len(value) != 3:
        raise AnswerError("return three things: y, the running mean, the running variance.")
    names = (f"y in {mode}", f"the running mean after {mode}", f"the running variance after {mode}")
    shapes = (p.x.shape, p.gamma.shape, p.gamma.shape)
    return [as_array(n, v, s) for n, v, s in zip(names, value, shapes, strict=True)]


def _right_y(p, mode):
    statistics = running.using(*running.SOURCES["batch" if mode == "training" else "running"])
    return normalized(p, statistics, *(part[0].how for name, part in parts(None, ()).items()
                                       if name != "statistics"))  # fmt: skip


def _refuse_modes(came):
    """Refuse a function that mixes up the two modes, or takes no notice of which it is in."""
    turned = []
    for p, (in_training, *_), (in_prediction, *_) in zip(PROBLEMS, came[True], came[False], strict=True):
        own, stored = _right_y(p, "training"), _right_y(p, "prediction")
        turned.append(equal(in_training, stored) and equal(in_prediction, own))
    if all(turned):
        raise AnswerError(
            "the two modes are swapped: where training is True you normalize with the running "
            "statistics, and where it is False with the batch's own."
        )


def _check_y(ys, mode):
    """Raise AnswerError with the likely slip unless y is right on all problems."""
    rights = [_right_y(p, mode) for p in PROBLEMS]
    if all(map(equal, ys, rights)):
        return
    if all(equal(y, p.x) for y, p in zip(ys, PROBLEMS, strict=True)):
        whose = "batch's" if mode == "training" else "running"
        raise AnswerError(
            f"in {mode} x comes back as it came: normalize it by the {whose} mean and variance, and then "
            "γ x̂ + β."
        )
    right, slips = ("batch", TRAINING) if mode == "training" else ("running", PREDICTION)
    statistics = running.using(*running.SOURCES[right])
    found = explain(parts(statistics, slips), normalized, PROBLEMS, ys, rounds=SHORT_ROUNDS)
    if found:
        raise AnswerError(f"in {mode} {found}")
    first = next(i for i, (y, r) in enumerate(zip(ys, rights, strict=True)) if not equal(y, r))
    where = measured(PROBLEMS[first], ys[first], rights[first])
    fixed = "" if not first else "Right on the first batch, not on one of another size, momentum and ε. "
    raise UnnamedError(f"{fixed}in {mode} {say_where('y', ys[first], rights[first])} {where}")


def _check_updates(came):
    """Raise AnswerError with the likely slip unless both running statistics are right after training."""
    means, variances = ([three[i] for three in came] for i in (1, 2))
    right_means, right_variances = ([running.moved(p, name) for p in PROBLEMS] for name in ("mean", "var"))
    if all(map(equal, means, right_variances)) and all(map(equal, variances, right_means)):
        raise AnswerError("the running statistics come in the wrong order: y, mean, variance.")
    said, named = {}, True
    for name, got, right in (("mean", means, right_means), ("variance", variances, right_variances)):
        if not all(map(equal, got, right)):
            key = "mean" if name == "mean" else "var"
            found = explain(running.parts(key), running.updated, PROBLEMS, got)
            named = named and found is not None
            said[name] = found or _where(name, got, right)
    error = AnswerError if named else UnnamedError
    if len(said) == 2 and said["mean"] == said["variance"]:
        raise error(
            f"after training, the running mean is off, and the running variance alike: {said['mean']}"
        )
    if len(said) == 2 and said["variance"].startswith(said["mean"]):
        raise error(
            f"after training, the running mean is off, and the running variance alike: {said['variance']}"
        )
    if said:
        each = (f"the running {name} is off: {message}" for name, message in said.items())
        raise error(f"after training, {also(each)}")


def _where(name, got, right):
    first = next(i for i, (g, r) in enumerate(zip(got, right, strict=True)) if not equal(g, r))
    return f"{say_where(f'the running {name} ', got[first], right[first])} The rule: {running.RULE}."


def _check_kept(came):
    for p, (_, mean, var) in zip(PROBLEMS, came, strict=True):
        if equal(mean, p.more["mean"]) and equal(var, p.more["var"]):
            continue
        if equal(mean, p.x.mean(axis=0)) and equal(var, p.x.var(axis=0)):
            raise AnswerError(
                "in prediction you return the batch's own statistics: return the running ones, as they "
                "were handed in."
            )
        if equal(mean, running.moved(p, "mean")) or equal(var, running.moved(p, "var")):
            raise AnswerError(
                "the running statistics are updated in prediction: only training may move them."
            )
        raise AnswerError(
            "the running statistics are updated or changed in prediction: only training may move them; "
            "return them as they were handed in."
        )


@checked
def check_batchnorm_channels(function: Callable) -> str:
    """Check ``batchnorm_channels(x, gamma, beta, eps)`` in training on images, (N, C, H, W).

    Returns
    -------
    Feedback
        Names the average of per-image variances, wrong axes, numbers gathered or put back in the wrong
        order, a wrong place of ε, forgotten γ or β.
    """
    problems = [images.problem((4, 3, 2, 5), EPS, (0, 2, 3)), images.problem((2, 3, 4, 3), 0.02, (0, 2, 3))]
    hint = (
        "statistics and γ and β all need the shape (1, C, 1, 1), since NumPy lines shapes up from the last "
        "axis. Take statistics over (0, 2, 3) with keepdims=True, and γ and β as reshape(1, -1, 1, 1)."
    )
    ys = []
    for p in problems:
        value = call_on_copies(function, p.x, p.gamma, p.beta, p.eps, if_shapes_clash=hint)
        ys.append(as_array("y", value, p.x.shape, images.shape_hints(p.x.shape)))
    rights = [right_answer(p) for p in problems]
    if not all(map(equal, ys, rights)):
        statistics = (*images.CHANNEL_STATISTICS, *images.GATHERED)
        found = explain(
            parts(over((0, 2, 3)), statistics, images.AFFINES),
            normalized,
            problems,
            ys,
            rounds=SHORT_ROUNDS,
        )
        found = found or images.put_back_wrongly(problems, ys)
        if found:
            raise AnswerError(found)
        first = next(i for i, (y, r) in enumerate(zip(ys, rights, strict=True)) if not equal(y, r))
        raise UnnamedError(
            f"{say_where('y', ys[first], rights[first])} "
            f"{measured(problems[first], ys[first], rights[first])}"
        )
    return "one mean and one variance for each channel, over all N · H · W pixels."
