"""Checkers of lesson 10: a step with weight decay, and a loop with dropout to be mended."""

import functools
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, say_where
from coursekit.exercises.asking import only_asked
from coursekit.exercises.feedback import AnswerError, UnnamedError, checked
from coursekit.exercises.judging import share_right
from coursekit.exercises.slips import decay
from coursekit.exercises.slips.search import explain, near, recipes


def _decay_problem(size, rate, weight_decay):
    w, gradient = np.random.default_rng(size).normal(0, 2, (2, size))
    return decay.DecayProblem(w, gradient, rate, weight_decay)


def _train_problem(n, rate, p, seed):
    rng = np.random.default_rng(seed)
    features, units, classes = 4, 6, 3
    return decay.TrainProblem(
        x=rng.normal(0.3, 1, (n, features)),
        labels=rng.integers(classes, size=n),
        new=rng.normal(0.3, 1, (n, features)),
        w=rng.normal(0, 1, (features, units)),
        v=rng.normal(0, 1, (units, classes)),
        p=p,
        rate=rate,
        decay=0.07,
        steps=3,
        seed=seed,
    )


DECAYS = (_decay_problem(5, 0.3, 0.4), _decay_problem(7, 0.2, 0.15))
TRAININGS = (_train_problem(11, 0.5, 0.3, 1), _train_problem(9, 0.4, 0.2, 2))
# Two ways to drop with probability p by the same numbers: the smallest of them, or the largest.
DRAWS = (TRAININGS, tuple(replace(p, turned=True) for p in TRAININGS))
MANY = 6  # slips at once of those the program came with, beside one in use
NEW = "also", "mean", "again", "late"  # what goes wrong in mending it: tried with two others at most
SHAPES = "x is (N, K), w (K, H), v (H, C); h and its mask are (N, H), and d is (N, C)."


@checked
def check_weight_decay(function: Callable) -> str:
    """Check ``sgd_step(w, gradient, rate, decay)``, which returns the new w.

    The loss is C + λ/2 ‖w‖²; `gradient` is that of C alone.

    Returns
    -------
    Feedback
        Names a missing rate, a factor 2, a wrong sign, L1, a decay after the step, and pairs of slips.
    """
    answers = []
    for p in DECAYS:
        value = call_on_copies(function, p.w, p.gradient, p.rate, p.decay)
        if isinstance(value, tuple | list) and len(value) == 2 and np.ndim(value[0]):
            raise AnswerError("return one thing, the new w.")
        answers.append(as_array("the new w", value, p.w.shape))
    right = [decay.decay_answer(p, *(options[0].how for options in decay.DECAY.values())) for p in DECAYS]
    if not all(map(near, answers, right)):
        said = explain(decay.DECAY, decay.decay_answer, DECAYS, answers)
        where = say_where("the new w", answers[0], right[0])
        raise AnswerError(said) if said else UnnamedError(f"not by a known slip: {where}")
    return "w ← w − η (g + λ w), which is (1 − η λ) w − η g."


@checked
def check_mended_dropout(function: Callable) -> str:
    """Check ``train(x, labels, new, w, v, p, rate, decay, steps, rng)``, which came with slips.

    Returns
    -------
    Feedback
        Says how many slips are left, and which.
    """
    answers = []
    for p in TRAININGS:
        rng = np.random.default_rng(p.seed)
        given = (p.x, p.labels, p.new, p.w, p.v, p.p, p.rate, p.decay, p.steps, rng)
        with np.errstate(all="ignore"):
            value = call_on_copies(function, *given, if_shapes_clash=SHAPES)
        answers.append(_three(value, p))
    if only_asked():
        _refuse_at_once(answers)
    left = _left(answers)
    if left is None:
        raise UnnamedError(_where(answers))
    if left:
        count = "1 slip is left" if len(left) == 1 else f"{len(left)} slips are left"
        raise AnswerError(f"{count}: {'; '.join(left)}.")
    return "mended: a new mask for each sample in every step, the same going back, none in use."


def _three(value, p):
    """Return w, v and the scores as one array."""
    if not isinstance(value, tuple | list) or len(value) != 3:
        raise AnswerError("return three things, as the program did: w, v and the scores of new.")
    shapes = p.w.shape, p.v.shape, (len(p.new), p.v.shape[1])
    names = "w", "v", "the scores"
    return np.concatenate(
        [as_array(n, part, s).ravel() for n, part, s in zip(names, value, shapes, strict=True)]
    )


@functools.cache
def _rights():
    hows = {name: options[0].how for name, options in decay.TRAIN.items()}
    return [[decay.train_answer(p, **hows) for p in problems] for problems in DRAWS]


def _refuse_at_once(answers):
    """Say how much is right, and do not search what is wrong."""
    if not any(all(map(near, answers, rights)) for rights in _rights()):
        raise UnnamedError(share_right(answers, _rights()[0]))


def _left(answers):
    """Return what is said of the recipe with the fewest slips that does what came; None without one."""
    found = (_left_of(answers, problems) for problems in DRAWS)
    return next((left for left in found if left is not None), None)


def _left_of(answers, problems):
    parts = {name: options for name, options in decay.TRAIN.items() if name != "use"}
    came_with = {name: options for name, options in parts.items() if name not in NEW}
    searched = chain(
        *(recipes(came_with, slips) for slips in range(MANY + 1)),
        *(recipes(parts, slips) for slips in range(1, 4)),
    )
    trained = [a[: p.w.size + p.v.size] for a, p in zip(answers, problems, strict=True)]
    for recipe in searched:
        if not all(near(a, _made(p, recipe, 0)[: len(a)]) for a, p in zip(trained, problems, strict=True)):
            continue
        for i, use in enumerate(decay.TRAIN["use"]):  # which touches the scores alone
            if all(near(a, _made(p, recipe, i)) for a, p in zip(answers, problems, strict=True)):
                return [option.says for option in (*recipe.values(), use) if option.says]
    return None


def _made(p, recipe, use):
    hows = {name: option.how for name, option in recipe.items()}
    return decay.train_answer(p, **hows, use=decay.TRAIN["use"][use].how)


def _where(answers):
    """Say which of the three things is off first."""
    p, right = TRAININGS[0], _rights()[0][0]
    cuts = np.cumsum([p.w.size, p.v.size])
    parts = zip(("w", "v", "the scores"), np.split(answers[0], cuts), np.split(right, cuts), strict=True)
    name, mine, wanted = next(part for part in parts if not near(part[1], part[2]))
    shapes = {"w": p.w.shape, "v": p.v.shape, "the scores": (len(p.new), p.v.shape[1])}
    shape = shapes[name]
    return (
        f"something is left, or has changed: {say_where(name, mine.reshape(shape), wanted.reshape(shape))} "
        "Look at the mask, at what comes back to w and to v, at the decay, and at the scores of new."
    )
