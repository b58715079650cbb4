"""Checkers of lesson 02: a step of gradient descent, a step with momentum, and a loop to be mended."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, cut_short, say_where
from coursekit.exercises.asking import only_asked
from coursekit.exercises.feedback import AnswerError, checked
from coursekit.exercises.judging import judge, one_of
from coursekit.exercises.slips import descent, descent_loop, momentum
from coursekit.exercises.slips.search import ROUNDS, near

SHAPES = "w has the shape (K,), x (B, K), targets (B,): x @ w has (B,), and x.T @ error has (K,)."


def _step_problem(n, features, rate):
    rng = np.random.default_rng(n)
    w, x = rng.normal(0, 2, features), rng.normal(0.7, 1, (n, features))
    return descent.StepProblem(w, 1.7, x, rng.normal(0, 3, n), rate)


def _momentum_problem(features, rate, beta):
    rng = np.random.default_rng(features)
    w, v, gradient = rng.normal(0, 2, (3, features))
    return momentum.MomentumProblem(w, v, gradient, rate, beta)


def _loop_problem(n, batch_size, seed):
    rng = np.random.default_rng(n)
    x = rng.normal(0.5, 1, (n, 2))
    return descent_loop.LoopProblem(
        x, x @ [2.0, -3.0] + 4 + rng.normal(0, 0.1, n), 0.05, batch_size, 2, seed
    )


STEPS = (_step_problem(5, 3, 0.3), _step_problem(8, 2, 0.07))
MOMENTA = (_momentum_problem(4, 0.3, 0.8), _momentum_problem(3, 0.05, 0.6))
LOOPS = (_loop_problem(20, 8, 2), _loop_problem(23, 5, 1))


def _pair(value, names, shapes):
    """Return the two things that were returned as one array."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise AnswerError(f"return two things, {names[0]} and {names[1]}: return {', '.join(names)}.")
    turned = [np.shape(part) for part in value] == list(shapes[::-1])
    hints = {shape: "Look at the order of the two." for shape in shapes if turned}
    parts = [
        as_array(f"the new {name}", part, shape, hints)
        for name, part, shape in zip(names, value, shapes, strict=True)
    ]
    return np.concatenate([np.ravel(part) for part in parts])


def _judge(parts, compute, problems, answers, names, rounds=ROUNDS):
    def otherwise(i, right):
        where = say_where(names, answers[i], right[i])
        return f"{where} {cut_short(answers, right) or _moved(problems[i], answers[i], right[i])}"

    judge(parts, compute, problems, answers, otherwise, rounds=rounds)


def _moved(p, answer, right):
    """Say of each part how far it moves beside what it should."""
    old = getattr(p, "w", np.zeros(p.x.shape[1] if hasattr(p, "x") else 0))
    k, said = len(old), []
    for name, start, part in (("w", old, slice(0, k)), (None, getattr(p, "b", 0.0), slice(k, None))):
        name, start = (
            name or ("v" if hasattr(p, "v") else "b"),
            p.v if name is None and hasattr(p, "v") else start,
        )
        mine, wanted = answer[part] - start, right[part] - start
        factor = (mine @ wanted) / (wanted @ wanted)
        if near(mine, wanted):
            said.append(f"{name} moves as it should")
        elif near(mine, factor * wanted):
            said.append(f"{name} moves {factor:.3g} times as far as it should")
        else:
            said.append(
                f"{name} moves in another direction than it should, {np.linalg.norm(mine):.3g} far "
                f"and not {np.linalg.norm(wanted):.3g}"
            )
    return f"What was measured: {', and '.join(said)}."


@checked
def check_sgd_step(function: Callable) -> str:
    """Check ``sgd_step(w, b, x, targets, rate)``, which returns the new w, (K,), and the new b.

    The loss is C = 1/(2B) Σ (x·w + b − t)².

    Returns
    -------
    Feedback
        Names a wrong sign, scale, order, a forgotten b, rate or target, alone or two together.
    """
    answers = []
    for p in STEPS:
        value = call_on_copies(function, p.w, p.b, p.x, p.targets, p.rate, if_shapes_clash=SHAPES)
        answers.append(_pair(value, ("w", "b"), (p.w.shape, ())))
    _refuse_any_start(function, answers[0])
    _judge(descent.STEP, descent.step_answer, STEPS, answers, "the new w and b in one row, entry ")
    return "one step downhill, by the mean gradient of the batch, for two batches of different size."


def _refuse_any_start(function, answer):
    """Refuse a step that comes out the same wherever it starts."""
    p = STEPS[0]
    if only_asked():
        return
    value = call_on_copies(function, p.w + 1, p.b + 1, p.x, p.targets, p.rate)
    if near(_pair(value, ("w", "b"), (p.w.shape, ())), answer):
        raise AnswerError(
            "what you return is the same for any w and b handed in. Take one step from where they are: w − "
            "rate · gradient, and b alike."
        )


@checked
def check_momentum_step(function: Callable) -> str:
    """Check ``momentum_step(w, v, gradient, rate, beta)``, which returns the new w and the new v.

    Returns
    -------
    Feedback
        Names another convention, an old v, a wrong sign, exchanged or forgotten β and rate.
    """
    answers = []
    for p in MOMENTA:
        value = call_on_copies(function, p.w, p.v, p.gradient, p.rate, p.beta)
        answers.append(_pair(value, ("w", "v"), (p.w.shape, p.v.shape)))
    _judge(momentum.MOMENTUM, momentum.momentum_answer, MOMENTA, answers, "the new w and v, entry ")
    return "v ← β v + g, then w ← w − rate · v."


@checked
def check_mended_descent(function: Callable) -> str:
    """Check ``train(x, targets, rate, batch_size, epochs, rng)``, a loop that came with five errors.

    Returns
    -------
    Feedback
        Says in a sentence each which errors are left.
    """
    answers: list[np.ndarray] = []
    for p in (LOOPS[0], *LOOPS):  # the first twice: the same rng has to give the same
        rng = np.random.default_rng(p.seed)
        with np.errstate(all="ignore"):
            value = call_on_copies(
                function, p.x, p.targets, p.rate, p.batch_size, p.epochs, rng, if_shapes_clash=SHAPES
            )
        answers.append(_pair(value, ("w", "b"), ((2,), ())))
    once, *answers = answers
    if np.isfinite(once).all() and not near(once, answers[0]):
        raise AnswerError("the same rng gives another result each time: draw from the rng handed in.")
    several = tuple((slips, True) for slips in range(2, len(descent_loop.LOOP) + 1))
    rounds = ((1, False), *several, (2, None))
    names = "w and b after training in one row, entry "
    try:
        _judge(descent_loop.LOOP, descent_loop.loop_answer, LOOPS, answers, names, rounds)
    except AnswerError as error:
        raise one_of(error) from None
    return "mended: shuffled, every sample once an epoch, downhill, each gradient a mean over its batch."
