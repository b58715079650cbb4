"""The checker of dropout: right ways pass, slips are named, alone and in pairs."""

import itertools

import numpy as np
import pytest

from coursekit.exercises import check_dropout
from tests.exercises.answers import try_right, try_wrong

UP, DOWN = "upscale_in_train", "downgrade_in_infer"


def answer(
    mask=lambda x, p, rng: rng.random(x.shape) >= p,
    up=(lambda p: 1 / (1 - p), lambda p: 1.0),
    down=(lambda p: 1.0, lambda p: 1 - p),
    back=lambda x, factor, rng: factor,
    use=lambda x, factor, p, rng: factor,
):
    """Dropout with one of its parts done otherwise; the parts get what they may need."""

    def dropout(x, p, mode, training, rng):
        in_training, in_use = up if mode == UP else down
        if not training:
            factor = use(x, np.full(x.shape, in_use(p)), p, rng)
            return x * factor, factor
        factor = mask(x, p, rng) * in_training(p)
        return x * factor, back(x, factor, rng)

    return dropout


def with_where(x, p, mode, training, rng):
    scale = 1 / (1 - p) if mode == UP else 1
    if training:
        factor = np.where(rng.random(x.shape) < p, 0, scale)
        return factor * x, factor
    return (x, 1) if mode == UP else ((1 - p) * x, 1 - p)


def with_binomial(x, p, mode, training, rng):
    factor = rng.binomial(1, 1 - p, size=x.shape).astype(float) if training else 1.0
    if training and mode == UP:
        factor /= 1 - p
    if not training and mode != UP:
        factor = 1 - p
    return x * factor, factor


def in_loops(x, p, mode, training, rng):
    factor = np.empty_like(x)
    for place in np.ndindex(*x.shape):
        kept = not training or rng.random() >= p
        scale = (1 / (1 - p) if mode == UP else 1) if training else (1 if mode == UP else 1 - p)
        factor[place] = kept * scale
    return x * factor, factor


def of_choice(x, p, mode, training, rng):
    up = mode == UP
    if training:
        factor = rng.choice([0.0, 1 / (1 - p) if up else 1.0], size=x.shape, p=[p, 1 - p])
    else:
        factor = np.ones_like(x) * (1 if up else 1 - p)
    return (x * factor).astype(np.float32), factor.astype(np.float32)


@pytest.mark.parametrize("right", [answer(), with_where, with_binomial, in_loops, of_choice])
def test_right(right):
    try_right(check_dropout, right)


def permuted(x, p, rng):
    units = x.reshape(len(x), -1).shape[1]
    keep = np.arange(units) >= round(p * units)
    return np.stack([rng.permutation(keep) for _ in x]).reshape(x.shape)


def measured_scale(x, p, mode, training, rng):
    if not training:
        return answer()(x, p, mode, training, rng)
    m = (rng.random(x.shape) >= p) * 1.0
    if mode == UP:
        m = m / m.mean(axis=1, keepdims=True) if x.ndim == 2 else m / (1 - p)
    return x * m, m


fresh = lambda x, f, rng: (rng.random(x.shape) >= 0.3) * f.max()  # noqa: E731
one, keep_q = lambda p: 1.0, lambda p: 1 - p
swapped = {
    "mask": lambda x, p, rng: rng.random(x.shape) < p,
    "up": (lambda p: 1 / p, one),
    "down": (one, lambda p: p),
}
WRONG = {
    "no rescale up": ({"up": (one, one)}, "upscale_in_train, in training: the scale is missing"),
    "no rescale down": ({"down": (one, one)}, "downgrade_in_infer, in use: the scale is missing"),
    "rescale in both, up": (
        {"up": (lambda p: 1 / (1 - p), keep_q)},
        "upscale_in_train, in use: x is multiplied by 1 − p",
    ),
    "rescale in both, down": (
        {"down": (lambda p: 1 / (1 - p), keep_q)},
        "downgrade_in_infer, in training: x is divided by 1 − p",
    ),
    "p for 1 − p": (swapped, "p is taken for the probability of keeping"),
    "mask alone swapped": ({"mask": swapped["mask"]}, "the mask is turned round"),
    "divided by p": ({"up": (lambda p: 1 / p, one)}, "upscale_in_train, in training: x is divided by p"),
    "times 1 − p": ({"up": (keep_q, one)}, "x is multiplied by 1 − p; it should be x · mask / (1 − p)"),
    "times p in use": ({"down": (one, lambda p: p)}, "in use: p stands where 1 − p belongs"),
    "divided in use": ({"down": (one, lambda p: 1 / (1 - p))}, "in use: x is divided by 1 − p"),
    "for one half": ({"up": (lambda p: 2.0, one)}, "suits p = ½ alone"),
    "another scale": ({"up": (lambda p: 1.1, one)}, "is multiplied by 1.1"),
    "exchanged": (
        {"up": (one, keep_q), "down": (lambda p: 1 / (1 - p), one)},
        "the two modes are exchanged",
    ),
    "reused": (
        {"mask": lambda x, p, rng: np.random.default_rng(0).random(x.shape) >= p},
        "the same mask comes at every call",
    ),
    "own generator": (
        {"mask": lambda x, p, rng: np.random.default_rng().random(x.shape) >= p},
        "does not come from the rng handed in",
    ),
    "no mask backward": (
        {"back": lambda x, f, rng: np.full(x.shape, f.max())},
        "the mask is missing going backward",
    ),
    "ones backward": ({"back": lambda x, f, rng: np.ones(x.shape)}, "the mask is missing going backward"),
    "no scale backward": ({"back": lambda x, f, rng: (f > 0) * 0.9}, "the scale differs going backward"),
    "new mask backward": ({"back": fresh}, "backward has another mask than forward"),
    "opposite backward": ({"back": lambda x, f, rng: (f == 0) * 1.0}, "zero where units were kept"),
    "y backward": ({"back": lambda x, f, rng: x * f}, "the factor is y itself"),
    "drawn in use": (
        {"use": lambda x, f, p, rng: f * (rng.random(x.shape) >= p)},
        "a mask is drawn in use too",
    ),
    "one for all": (
        {"mask": lambda x, p, rng: rng.random(x.shape[1:]) >= p},
        "one mask serves the whole batch",
    ),
    "whole samples": (
        {"mask": lambda x, p, rng: rng.random((len(x),) + (1,) * (x.ndim - 1)) >= p},
        "whole samples are dropped",
    ),
    "a number of units": ({"mask": permuted}, "each sample loses equally many units"),
    "nothing": ({"mask": lambda x, p, rng: np.ones(x.shape)}, "nothing is dropped in training"),
    "everything": ({"mask": lambda x, p, rng: np.zeros(x.shape)}, "everything is dropped"),
    "normal": ({"mask": lambda x, p, rng: rng.standard_normal(x.shape) >= p}, "which is uniform"),
    "channels": (
        {"mask": lambda x, p, rng: rng.random(x.shape[:2] + (1,) * (x.ndim - 2)) >= p},
        "whole channels are dropped",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_slip_is_named_alone(name):
    parts, said = WRONG[name]
    others = [words for other, (_, words) in WRONG.items() if words not in said and other != name]
    others = [words for words in others if not (name == "for one half" and "2" in words)]
    message = check_dropout(answer(**parts)).message
    assert said in message, message
    allowed = {"mask alone swapped", "new mask backward"}
    if name not in allowed:
        assert " Also, " not in message, message
    assert not any(words in message for words in others), message


@pytest.mark.parametrize(
    "names",
    [
        ("one for all", "no rescale up"),
        ("one for all", "no mask backward"),
        ("no rescale down", "no mask backward"),
        ("reused", "no rescale up"),
        ("drawn in use", "one for all"),
        ("times 1 − p", "times p in use"),
        ("drawn in use", "no mask backward"),
    ],
)
def test_pairs(names):
    parts, said = {}, []
    for name in names:
        parts.update(WRONG[name][0])
        said.append(WRONG[name][1])
    try_wrong(check_dropout, (answer(**parts), said))


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        (lambda mode, training: (UP, training), "mode plays no part: both do what upscale_in_train should"),
        (lambda mode, training: (DOWN, training), "mode plays no part: both do what downgrade_in_infer"),
        (lambda mode, training: (mode, True), "training plays no part"),
        (lambda mode, training: (mode, not training), "training and use are exchanged"),
    ],
)
def test_arguments_that_are_not_heeded(taken, said):
    def confused(x, p, mode, training, rng):
        return answer()(x, p, *taken(mode, training), rng)

    try_wrong(check_dropout, (confused, (said,), ("Also",)))


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (lambda x, p, mode, training, rng: x, "return two things"),
        (lambda x, p, mode, training, rng: (x.sum(), x), "the two results stand in the wrong order"),
        (lambda x, p, mode, training, rng: (x, "mask"), "the factor should be an array of numbers"),
        (lambda x, p, mode, training, rng: (x * rng, x), "raised TypeError"),
        (lambda x, p, mode, training, rng: (x.__imul__(2), x), "changes an array"),
        (lambda x, p, mode, training, rng: (x * np.nan, x), "nan or infinite"),
        (
            lambda x, p, mode, training, rng: answer()(x, p, mode, True, rng) if training else None,
            "a return",
        ),
        (measured_scale, "divide by the share that was kept by chance"),
    ],
)
def test_what_is_no_answer_is_said(bad, said):
    try_wrong(check_dropout, (bad, (said,)))


def test_no_answers_are_answered(no_answer):
    assert not check_dropout(no_answer).passed


def test_ends_of_p():
    def fails_at_zero(x, p, mode, training, rng):
        y, factor = answer()(x, p, mode, training, rng)
        return (y, factor) if p else (0 * x + 1, factor)

    try_wrong(check_dropout, (fails_at_zero, ("at p = 0",)))


def test_by_hand():
    x = np.array([[2.0, 4.0]])
    for right in (answer(), with_where, with_binomial):
        assert right(x, 0.5, UP, False, None)[0].tolist() == [[2, 4]]
        assert right(x, 0.5, DOWN, False, None)[0].tolist() == [[1, 2]]
        seen = {tuple(right(x, 0.5, UP, True, np.random.default_rng(s))[0][0]) for s in range(40)}
        assert seen == set(itertools.product((0.0, 4.0), (0.0, 8.0)))
