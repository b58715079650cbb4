"""The checkers of steps and of the loop to be mended: right ways pass, slips are named."""

import itertools

import numpy as np
import pytest

from coursekit.exercises import check_mended_descent, check_momentum_step, check_sgd_step
from tests.exercises.answers import try_right, try_wrong


def step(error=lambda w, b, x, t: x @ w + b - t, by=lambda x: 1 / len(x), move=lambda o, g, r: o - r * g):
    def answer(w, b, x, t, rate):
        e = error(w, b, x, t)
        return move(w, by(x) * x.T @ e, rate), move(b, by(x) * e.sum(), rate)

    return answer


def in_loops(w, b, x, t, rate):
    gradient, of_b = [0.0] * len(w), 0.0
    for row, target in zip(x, t, strict=True):
        error = sum(a * c for a, c in zip(row, w, strict=True)) + b - target
        gradient = [g + error * a / len(x) for g, a in zip(gradient, row, strict=True)]
        of_b += error / len(x)
    return [a - rate * g for a, g in zip(w, gradient, strict=True)], b - rate * of_b


def by_means(w, b, x, t, rate):
    error = x @ w + b - t
    return w - rate * (error[:, None] * x).mean(axis=0), b - rate * error.mean()


def plus_of_the_minus(w, b, x, t, rate):
    error = t - (x @ w + b)
    return w + rate * x.T @ error / len(x), b + rate * error.mean()


def with_a_column_of_ones(w, b, x, t, rate):
    ones = np.column_stack([x, np.ones(len(x))])
    both = np.append(w, b)
    both = both - rate * ones.T @ (ones @ both - t) / len(t)
    return both[:-1], both[-1]


STEP_RIGHT = [step(), in_loops, by_means, plus_of_the_minus, with_a_column_of_ones]


def w_then_b(w, b, x, t, rate):
    w = w - rate * x.T @ (x @ w + b - t) / len(x)
    return w, b - rate * (x @ w + b - t).mean()


def b_by_sum(w, b, x, t, rate):
    error = x @ w + b - t
    return w - rate * x.T @ error / len(x), b - rate * error.sum()


def b_stays(w, b, x, t, rate):
    return step()(w, b, x, t, rate)[0], b


STEP_WRONG = {
    "uphill": (step(move=lambda o, g, r: o + r * g), ("goes uphill",)),
    "the error turned round": (step(error=lambda w, b, x, t: t - x @ w - b), ("goes uphill",)),
    "no b": (step(error=lambda w, b, x, t: x @ w - t), ("b is missing in the prediction",)),
    "no target": (step(error=lambda w, b, x, t: x @ w + b), ("the targets are not subtracted",)),
    "squared": (step(error=lambda w, b, x, t: (x @ w + b - t) ** 2), ("the error is squared",)),
    "sign": (step(error=lambda w, b, x, t: np.sign(x @ w + b - t)), ("absolute value",)),
    "sum": (step(by=lambda x: 1), ("summed over the batch",)),
    "twice": (step(by=lambda x: 2 / len(x)), ("factor 2",)),
    "half": (step(by=lambda x: 0.5 / len(x)), ("½ left",)),
    "mean of a mean": (step(by=lambda x: 1 / len(x) ** 2), ("batch size twice",)),
    "all entries": (step(by=lambda x: 1 / x.size), ("all entries of x",)),
    "features": (step(by=lambda x: 1 / x.shape[1]), ("number of features",)),
    "no rate": (step(move=lambda o, g, r: o - g), ("rate is missing",)),
    "by the rate": (step(move=lambda o, g, r: o - g / r), ("divide by the learning rate",)),
    "gradients": (step(move=lambda o, g, r: g), ("return the gradients",)),
    "change": (step(move=lambda o, g, r: -r * g), ("the change alone",)),
    "w then b": (w_then_b, ("b uses an error that the new w has changed",)),
    "b by sum": (b_by_sum, ("b's gradient is a sum",)),
    "b stays": (b_stays, ("b is not updated",)),
    "two": (
        step(error=lambda w, b, x, t: x @ w - t, by=lambda x: 1),
        ("b is missing", "Also, the gradient is summed"),
    ),
    "w alone": (lambda w, b, x, t, rate: w, ("return two things, w and b",)),
    "turned round": (lambda w, b, x, t, rate: (b, w), ("the new w should have the shape",)),
    "in place": (lambda w, b, x, t, rate: (w.__isub__(1.0), b), ("changes an array",)),
    "x not turned": (lambda w, b, x, t, rate: (w - x @ (x @ w + b - t), b), ("raised ValueError",)),
    "dots": (lambda w, b, x, t, rate: ..., ("returns nothing yet",)),
    "another": (lambda w, b, x, t, rate: (w + 1, b), ("should be",)),
}


@pytest.mark.parametrize("answer", STEP_RIGHT)
def test_right_steps_pass(answer):
    try_right(check_sgd_step, answer)


@pytest.mark.parametrize("name", STEP_WRONG)
def test_wrong_steps_are_named(name):
    try_wrong(check_sgd_step, STEP_WRONG[name])


def test_a_step_by_hand():
    # Predictions 1·2 + 1 = 3 and 2·2 + 1 = 5, errors 1 and 3: gradients (1·1 + 2·3)/2 = 3.5 and 2.
    for answer in STEP_RIGHT:
        w, b = answer(np.array([2.0]), 1.0, np.array([[1.0], [2.0]]), np.array([2.0, 2.0]), 0.1)
        assert w == pytest.approx([1.65])
        assert b == pytest.approx(0.8)


def momentum(velocity=lambda v, g, r, m: m * v + g, move=lambda w, v, old, g, r: w - r * v, kept=None):
    def answer(w, v, g, rate, beta):
        new = velocity(v, g, rate, beta)
        return move(w, new, v, g, rate), new if kept is None else kept(new, v)

    return answer


def in_a_list(w, v, g, rate, beta):
    v = [beta * a + b for a, b in zip(v, g, strict=True)]
    return [w - rate * v for w, v in zip(w, v, strict=True)], v


MOMENTUM_RIGHT = [momentum(), in_a_list, lambda w, v, g, r, m: (w - r * m * v - r * g, m * v + g)]
MOMENTUM_WRONG = {
    "averaged": (momentum(lambda v, g, r, m: m * v + (1 - m) * g), ("that averages the gradients",)),
    "rate inside": (
        momentum(lambda v, g, r, m: m * v + r * g, lambda w, v, old, g, r: w - v),
        ("the rate stands inside v", "Also, the rate is missing where w moves"),
    ),
    "Sutskever's": (
        momentum(lambda v, g, r, m: m * v - r * g, lambda w, v, old, g, r: w + v),
        ("another convention",),
    ),
    "minus": (momentum(lambda v, g, r, m: m * v - g), ("the gradient is subtracted from v",)),
    "no past": (momentum(lambda v, g, r, m: g), ("v forgets its past",)),
    "no end": (momentum(lambda v, g, r, m: v + g), ("β is missing",)),
    "β at g": (momentum(lambda v, g, r, m: v + m * g), ("β stands at the gradient",)),
    "β at both": (momentum(lambda v, g, r, m: m * (v + g)), ("β multiplies the gradient too",)),
    "exchanged": (momentum(lambda v, g, r, m: (1 - m) * v + m * g), ("are exchanged",)),
    "rate for β": (momentum(lambda v, g, r, m: r * v + g), ("rate and β are exchanged",)),
    "old v": (momentum(move=lambda w, v, old, g, r: w - r * old), ("w moves by the old v",)),
    "uphill": (momentum(move=lambda w, v, old, g, r: w + r * v), ("w moves uphill",)),
    "no rate": (momentum(move=lambda w, v, old, g, r: w - v), ("rate is missing where w moves",)),
    "plain": (momentum(move=lambda w, v, old, g, r: w - r * g), ("by the gradient alone",)),
    "change": (momentum(move=lambda w, v, old, g, r: -r * v), ("return the change of w",)),
    "still": (momentum(move=lambda w, v, old, g, r: w), ("w stays",)),
    "v not kept": (momentum(kept=lambda new, old: old), ("is the old one",)),
    "Nesterov": (
        lambda w, v, g, r, m: (w - r * (g + m * (m * v + g)), m * v + g),
        ("that is Nesterov's step",),
    ),
    "w alone": (lambda w, v, g, r, m: w - r * (m * v + g), ("return two things, w and v",)),
    "in place": (lambda w, v, g, r, m: (v.__imul__(m), v), ("changes an array",)),
    "another": (lambda w, v, g, r, m: (w + 1, v), ("should be",)),
}


@pytest.mark.parametrize("answer", MOMENTUM_RIGHT)
def test_right_momentum_passes(answer):
    try_right(check_momentum_step, answer)


@pytest.mark.parametrize("name", MOMENTUM_WRONG)
def test_wrong_momentum_is_named(name):
    try_wrong(check_momentum_step, MOMENTUM_WRONG[name])


def test_momentum_by_hand():
    # v = 0.5 · 4 + 3 = 5, w = 1 − 0.1 · 5.
    for answer in MOMENTUM_RIGHT:
        w, v = answer(np.array([1.0]), np.array([4.0]), np.array([3.0]), 0.1, 0.5)
        assert (list(w), list(v)) == ([0.5], [5.0])


def loop(last=True, uphill=False, with_b=True, w_mean=True, b_mean=True, short=True, shuffled=True):
    """The loop of the lesson with each of its errors in or out."""

    def train(x, targets, rate, batch_size, epochs, rng):
        w, b = np.zeros(x.shape[1]), 0.0
        for _ in range(epochs):
            order = rng.permutation(len(x)) if shuffled else np.arange(len(x))
            for start in range(0, len(x) if last else len(x) - batch_size, batch_size):
                rows = order[start : start + batch_size]
                error = x[rows] @ w + with_b * b - targets[rows]
                error = -error if uphill else error
                count = len(rows) if short else batch_size
                w = w - rate * x[rows].T @ error / (count if w_mean else 1)
                b = b - rate * error.sum() / (count if b_mean else 1)
        return w, b

    return train


LOOP_SAYS = {
    "last": (False, "the last batch of each epoch is left out"),
    "uphill": (True, "goes uphill"),
    "with_b": (False, "b is missing in the prediction"),
    "w_mean": (False, "w's gradient is not averaged"),
    "b_mean": (False, "b's gradient is not averaged"),
    "shuffled": (False, "not shuffled"),
}


def test_the_mended_loop_passes_and_learns():
    try_right(check_mended_descent, loop())
    rng = np.random.default_rng(0)
    x = rng.standard_normal((200, 2))
    w, b = loop()(x, x @ [2.0, -3.0] + 4, 0.1, 32, 20, rng)
    np.testing.assert_allclose(w, [2, -3], atol=0.02)
    assert b == pytest.approx(4, abs=0.02)


@pytest.mark.parametrize("left", [c for k in (1, 2, 3, 5) for c in itertools.combinations(LOOP_SAYS, k)])
def test_what_is_left_is_said(left):
    answer = loop(**{name: LOOP_SAYS[name][0] for name in left})
    others = [said for name, (_, said) in LOOP_SAYS.items() if name not in left]
    said = [LOOP_SAYS[name][1] for name in left]
    if len(left) > 3:  # one of them is named, and the rest is to be found
        try_wrong(check_mended_descent, (answer, (f"{len(left)} errors show at once",), others))
        assert sum(words in check_mended_descent(answer).message for words in said) == 1
    else:
        try_wrong(check_mended_descent, (answer, said, others))


def test_the_short_batch_is_told_apart():
    words = ("w's gradient is divided by batch_size", "b's gradient is divided by batch_size")
    try_wrong(check_mended_descent, (loop(short=False), words))


def test_no_answers_are_answered(no_answer):
    for check in (check_sgd_step, check_momentum_step, check_mended_descent):
        assert not check(no_answer).passed


def as_the_lesson_has_it(x, targets, rate, batch_size, epochs, rng, stop=1):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x) - stop * batch_size, batch_size):
            rows = order[start : start + batch_size]
            error = targets[rows] - x[rows] @ w
            w = w - rate * x[rows].T @ error / batch_size
            b = b - rate * error.sum()
    return w, b


def test_the_loop_of_the_lesson_has_five_errors():
    said = ("4 errors show at once", "b's gradient is not averaged", "run again")
    others = ("left out", "uphill", "b is missing")
    try_wrong(check_mended_descent, (as_the_lesson_has_it, said, others))
    # Without a short batch the fifth cannot be seen.
    fifth = "w's gradient is divided by batch_size"

    def whole(*given):
        return as_the_lesson_has_it(*given, stop=0)

    try_wrong(check_mended_descent, (whole, ("4 errors show at once", "run again")))

    def without_b_s(x, targets, rate, batch_size, epochs, rng):
        w, b = np.zeros(x.shape[1]), 0.0
        for _ in range(epochs):
            order = rng.permutation(len(x))
            for start in range(0, len(x), batch_size):
                rows = order[start : start + batch_size]
                error = targets[rows] - x[rows] @ w - b
                w = w - rate * x[rows].T @ error / batch_size
                b = b - rate * error.mean()
        return w, b

    try_wrong(check_mended_descent, (without_b_s, ("goes uphill", fifth)))
