"""The checkers of weight decay and of the program to be mended."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from coursekit import nn
from coursekit.exercises import check_mended_dropout, check_weight_decay
from tests.exercises.answers import try_right, try_wrong

LESSON = Path(__file__).parents[3] / "lessons" / "10_overfitting_and_dropout.py"


def in_a_list(w, g, rate, decay):
    return [a - rate * (b + decay * a) for a, b in zip(w, g, strict=True)]


RIGHT_STEPS = [
    lambda w, g, rate, decay: w - rate * (g + decay * w),
    lambda w, g, rate, decay: (1 - rate * decay) * w - rate * g,
    in_a_list,
    lambda w, g, rate, decay: (w - rate * (g + decay * w)).astype(np.float32),
]
WRONG_STEPS = {
    "none": (lambda w, g, r, d: w - r * g, "λ plays no part"),
    "factor 2": (lambda w, g, r, d: w - r * (g + 2 * d * w), "by a factor 2"),
    "half": (lambda w, g, r, d: w - r * (g + d * w / 2), "½ left"),
    "grows": (lambda w, g, r, d: w - r * (g - d * w), "so that weights grow"),
    "L1": (lambda w, g, r, d: w - r * (g + d * np.sign(w)), "L1"),
    "absolute": (lambda w, g, r, d: w - r * (g + d * np.abs(w)), "|w| stands for w"),
    "squared": (lambda w, g, r, d: w - r * (g + d * w**2), "w² is part of the penalty"),
    "penalty": (lambda w, g, r, d: w - r * (g + d / 2 * (w**2).sum()), "the penalty itself is added"),
    "norm squared": (lambda w, g, r, d: w - r * (g + d * w @ w), "‖w‖² is added"),
    "λ": (lambda w, g, r, d: w - r * (g + d), "λ itself"),
    "unit": (lambda w, g, r, d: w - r * (g + d * w / np.linalg.norm(w)), "divide by ‖w‖"),
    "gradient": (lambda w, g, r, d: w - r * (g + d * g), "λ multiplies the gradient"),
    "no rate at λ": (lambda w, g, r, d: w - r * g - d * w, "the decay lacks the rate"),
    "factor alone": (lambda w, g, r, d: (1 - d) * w - r * g, "the decay lacks the rate"),
    "after the step": (lambda w, g, r, d: (1 - r * d) * (w - r * g), "w shrinks after its step"),
    "after, no rate": (lambda w, g, r, d: (1 - d) * (w - r * g), "and without the rate"),
    "uphill": (lambda w, g, r, d: w + r * (g + d * w), "goes uphill"),
    "no rate": (lambda w, g, r, d: w - (g + d * w), "the rate is missing"),
    "rate at the decay": (lambda w, g, r, d: w - g - r * d * w, "the rate stands at the decay alone"),
    "rate twice": (lambda w, g, r, d: w - r * (g + r * d * w), "the decay twice"),
    "change": (lambda w, g, r, d: -r * (g + d * w), "the change of w alone"),
    "the gradient": (lambda w, g, r, d: g + d * w, "you return the gradient"),
    "only shrinks": (lambda w, g, r, d: w - r * d * w, "the gradient is missing"),
    "exchanged": (lambda w, g, r, d: w - d * (g + r * w), "rate and λ are exchanged"),
    "two": (lambda w, g, r, d: w - (g + 2 * d * w), "factor 2"),
    "two things": (lambda w, g, r, d: (w, g), "return one thing"),
    "in place": (lambda w, g, r, d: w.__isub__(r * (g + d * w)), "changes an array"),
    "number": (lambda w, g, r, d: (w - r * g).sum(), "should have the shape"),
    "another": (lambda w, g, r, d: w - r * (g + d * w) + 1, "not by a known slip"),
}


@pytest.mark.parametrize("answer", RIGHT_STEPS)
def test_right_steps(answer):
    try_right(check_weight_decay, answer)
    step = answer(np.array([2.0, -1.0]), np.array([1.0, 3.0]), 0.5, 0.1)
    np.testing.assert_allclose(step, [2 - 0.5 * 1.2, -1 - 0.5 * 2.9], rtol=1e-6)


@pytest.mark.parametrize("name", WRONG_STEPS)
def test_wrong_steps(name):
    answer, said = WRONG_STEPS[name]
    try_wrong(check_weight_decay, (answer, (said,)))


RIGHT = """
def train(x, labels, new, w, v, p, rate, decay, steps, rng):
    for _ in range(steps):
        h = np.maximum(x @ w, 0)
        mask = (rng.random(h.shape) >= p) / (1 - p)
        d = nn.softmax((h * mask) @ v)
        d[np.arange(len(x)), labels] -= 1
        d /= len(x)
        back = d @ v.T * mask * (h > 0)
        w = w - rate * x.T @ back - rate * decay * w
        v = v - rate * (h * mask).T @ d
    h = np.maximum(new @ w, 0)
    return w, v, h @ v
"""
SLIPS = {
    "one mask": ("rng.random(h.shape)", "rng.random(h.shape[1])", "one mask serves all samples"),
    "whole samples": ("rng.random(h.shape)", "rng.random((len(h), 1))", "whole samples are dropped"),
    "keeping": (">= p) / (1 - p)", "< p) / p", "probability of keeping"),
    "no scale": (">= p) / (1 - p)", ">= p) * 1.0", "what is kept is not divided"),
    "by p": (">= p) / (1 - p)", ">= p) / p", "is divided by p"),
    "turned": (">= p) / (1 - p)", "< p) / (1 - p)", "is dropped, not kept"),
    "times": (">= p) / (1 - p)", ">= p) * (1 - p)", "multiplied by 1 − p: divide"),
    "no mask to w": ("d @ v.T * mask", "d @ v.T", "missing on the way back to w"),
    "no mask to v": ("(h * mask).T", "h.T", "takes h without its mask"),
    "no rate": ("rate * decay * w", "decay * w", "the decay of w lacks the rate"),
    "no decay": (" - rate * decay * w", "", "w does not decay"),
    "grows": ("- rate * decay", "+ rate * decay", "w grows by its decay"),
    "twice": ("rate * decay * w", "2 * rate * decay * w", "the decay of w has a factor 2"),
    "mask in use": ("h @ v\n", "(h * mask) @ v\n", "the last mask is still on in use"),
    "scaled in use": ("h @ v\n", "(1 - p) * h @ v\n", "h is scaled in use too"),
    "divided in use": ("h @ v\n", "h / (1 - p) @ v\n", "h is divided by 1 − p in use"),
}  # fmt: skip


def made(source):
    space = {"np": np, "nn": nn}
    exec(source, space)
    return space["train"]


def with_slips(*names):
    source = RIGHT
    for name in names:
        old, new, _ = SLIPS[name]
        assert source.count(old) == 1, name
        source = source.replace(old, new)
    return made(source)


def with_once(x, labels, new, w, v, p, rate, decay, steps, rng):
    mask = (rng.random((len(x), w.shape[1])) >= p) / (1 - p)
    body = RIGHT.replace("        mask = (rng.random(h.shape) >= p) / (1 - p)\n", "")
    space = {"np": np, "nn": nn, "mask": mask}
    exec(body, space)
    return space["train"](x, labels, new, w, v, p, rate, decay, steps, rng)


@pytest.mark.parametrize("name", SLIPS)
def test_one_slip(name):
    try_wrong(check_mended_dropout, (with_slips(name), ("1 slip is left", SLIPS[name][2])))


def test_a_mask_for_ever():
    try_wrong(check_mended_dropout, (with_once, ("1 slip is left: the mask is drawn once",)))


PLANTED = ("keeping", "no mask to w", "no mask to v", "no rate", "mask in use")


@pytest.mark.parametrize("left", list(itertools.combinations(PLANTED, 2)))
def test_two_are_left(left):
    others = [SLIPS[name][2] for name in PLANTED if name not in left]
    case = (with_slips(*left), ("2 slips are left", *(SLIPS[n][2] for n in left)), others)
    try_wrong(check_mended_dropout, case)


def lesson_program():
    return re.search(r"^def train\(x, labels.*?return w, v, [^\n]*$", LESSON.read_text(), re.M | re.S)[0]


def test_the_lesson_s_program():
    said = (
        "6 slips are left",
        "one mask serves all samples",
        "the mask is drawn once",
        "probability of keeping",
        "missing on the way back to w",
        "the decay of w lacks the rate",
        "the last mask is still on in use",
    )
    try_wrong(check_mended_dropout, (made(lesson_program()), said))


def test_right_programs():
    try_right(check_mended_dropout, made(RIGHT))
    both = "w - rate * x.T @ back - rate * decay * w"
    factored = "(1 - rate * decay) * w - rate * x.T @ back"
    try_right(check_mended_dropout, made(RIGHT.replace(both, factored)))


def test_nothing_known():
    def off(*given):
        w, v, scores = made(RIGHT)(*given)
        return w, v, scores + 1

    try_wrong(check_mended_dropout, (off, ("something is left", "the scores[")))
    try_wrong(check_mended_dropout, (lambda *given: given[3], ("return three things",)))


def test_no_answers_are_answered(no_answer):
    for check in (check_weight_decay, check_mended_dropout):
        assert not check(no_answer).passed
