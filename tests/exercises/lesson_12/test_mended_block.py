"""The block to be mended: as it stands in the lesson, with each slip alone, and mended."""

import re
from pathlib import Path

import numpy as np
import pytest

from coursekit import nn
from coursekit.exercises import check_mended_block
from tests.exercises.answers import try_right, try_wrong

LESSON = Path(__file__).parents[3] / "lessons" / "12_building_blocks.py"
RIGHT = """
class Net(nn.Composite):
    def __init__(self, units, classes):
        self.hidden = nn.Dense(units)
        self.norm, self.relu = nn.BatchNorm(), nn.ReLU()
        self.out = nn.Dense(classes)

    def forward(self, x, *, training=False):
        x = x - x.mean(axis=1, keepdims=True)
        h = self.norm.forward(self.hidden.forward(x), training=training)
        return self.out.forward(self.relu.forward(h))

    def backward(self, dy):
        dh = self.relu.backward(self.out.backward(dy))
        dx = self.hidden.backward(self.norm.backward(dh))
        return dx - dx.mean(axis=1, keepdims=True)
"""
OUT = "self.out.forward(self.relu.forward(h))"
SLIPS = {
    "slef": ("(self.hidden.forward", "(slef.hidden.forward", "It is written self."),
    "in_units": ("nn.Dense(units)", "nn.Dense(units, 5)", "the number of inputs is fixed"),
    "unseen": ("self.out = nn.Dense(classes)",
        "self.out = lambda: 0; self.out.forward = nn.Dense(classes).forward",
               "was not initialized"),
    "whole batch": ("= x - x.mean(axis=1, keepdims=True)", "= x - x.mean()", "mean of the whole batch"),
    "axis 0": ("= x - x.mean(axis=1, keepdims=True)", "= x - x.mean(axis=0)", "mean over axis 0 is that"),
    "no keepdims": ("= x - x.mean(axis=1, keepdims=True)", "= x - x.mean(axis=1)",
        "with keepdims=True it is (N, 1)"),
    "not centred": ("= x - x.mean(axis=1, keepdims=True)", "= 1 * x", "nothing is subtracted"),
    "mean added": ("= x - x.mean(axis=1, keepdims=True)", "= x + x.mean(axis=1, keepdims=True)",
        "mean is added"),
    "mode": (", training=training)", ")", "mode is not handed on"),
    "always": (", training=training)", ", training=True)", "trains in prediction too"),
    "turned": (", training=training)", ", training=not training)", "the wrong way round"),
    "relu last": (OUT, "nn.ReLU().forward(" + OUT + ")", "ReLU stands behind the last"),
    "softmax last": (OUT, "nn.softmax(" + OUT + ")", "softmax stands behind the last"),
    "no relu": (OUT, "self.out.forward(h)", "ReLU is missing between"),
    "no way back": ("self.relu.backward(self.out.backward(dy))", "self.out.backward(dy)",
        "leaves ReLU out"),
    "no norm back": ("self.norm.backward(dh)", "dh", "leaves batch norm out"),
    "not centred back": ("return dx - dx.mean(axis=1, keepdims=True)", "return dx",
                         "each row's mean comes off the gradient too"),
    "whole batch back": ("return dx - dx.mean(axis=1, keepdims=True)", "return dx - dx.mean()",
                         "each row's mean comes off the gradient too"),
    "axis 0 back": ("return dx - dx.mean(axis=1, keepdims=True)", "return dx - dx.mean(axis=0)",
                    "where it is 0 already"),
    "added back": ("return dx - dx.mean(", "return dx + dx.mean(", "backward adds the row's mean"),
    "returns nothing": ("return dx -", "dx -", "returns nothing"),
    "order": ("self.relu.backward(self.out.backward(dy))", "self.out.backward(self.relu.backward(dy))",
              "opposite order"),
    "no training": (", *, training=False):\n        x =", "):\n        training = False\n        x =",
                    "has to take the mode"),
    "in place": ("        x = x - x.mean(axis=1, keepdims=True)",
        "        x -= x.mean(axis=1, keepdims=True)",
                 "changes an array"),
    "called array": ("= x - x.mean(axis=1, keepdims=True)",
                     "= x - x.mean(axis=1, keepdims=True) + 0 * self.hidden.b()", "no attribute 'b'"),
}  # fmt: skip


def made(source):
    space = {"np": np, "nn": nn}
    exec(source, space)
    return space["Net"]


def with_slips(*names):
    source = RIGHT
    for name in names:
        old, new, _ = SLIPS[name]
        assert source.count(old) == 1, name
        source = source.replace(old, new)
    return made(source)


@pytest.mark.parametrize("name", SLIPS)
def test_each_slip_is_named(name):
    try_wrong(check_mended_block, (with_slips(name), (SLIPS[name][2],)))


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (("whole batch", "relu last"), "2 slips are"),
        (("mode", "relu last"), "2 slips are"),
        (("whole batch", "mode", "relu last"), "3 slips are"),
        (("no relu", "mode", "axis 0"), "3 slips are"),
        (("mode", "not centred back"), "1 slip is"),
    ],
)
def test_slips_of_forward_are_counted_and_come_before_those_of_backward(names, count):
    said = check_mended_block(with_slips(*names)).message
    assert count in said
    assert any(SLIPS[name][2] in said for name in names)
    assert "forgets" not in said


def lesson():
    return re.search(r"^class Net\(.*?(?=^\S*net = |^exercises)", LESSON.read_text(), re.M | re.S)[0]


MENDS = [
    ("slef", "self", "It is written self."),
    ("nn.Dense(units, 784)", "nn.Dense(units)", "the number of inputs is fixed"),
    ("x - x.mean()", "x - x.mean(axis=1, keepdims=True)", "mean of the whole batch"),
    ("self.norm.forward(h)", "self.norm.forward(h, training=training)", "mode is not handed on"),
    ("return self.relu.forward(self.out.forward(h))", "return self.out.forward(h)", "ReLU stands behind"),
    ("dh = self.out.backward(dy)", "dh = self.relu.backward(self.out.backward(dy))", "leaves ReLU out"),
    (
        "return dx",
        "return dx - dx.mean(axis=1, keepdims=True)",
        "each row's mean comes off the gradient too",
    ),
]


def test_the_lesson_s_program_is_mended_step_by_step():
    source = lesson()
    for old, new, said in MENDS:
        assert source.count(old) == 1, old
        feedback = check_mended_block(made(source))
        assert not feedback.passed
        if said not in feedback.message:  # of several in forward another may be named first
            assert "slips are left in forward" in feedback.message, feedback
        source = source.replace(old, new)
    try_right(check_mended_block, made(source))


class OtherStyle(nn.Composite):
    def __init__(self, units, classes):
        self.hidden, self.out = nn.Dense(units), nn.Dense(classes)
        self.norm = nn.BatchNorm()
        self.relu = nn.ReLU()

    def forward(self, x, *, training=False):
        for layer in (self.hidden, self.norm, self.relu, self.out):
            x = layer.forward(x - np.mean(x, 1)[:, None] if layer is self.hidden else x, training=training)
        return x

    def backward(self, dy):
        for layer in (self.out, self.relu, self.norm, self.hidden):
            dy = layer.backward(dy)
        return dy - np.mean(dy, 1)[:, None]


class Centred(nn.Block):
    def forward(self, x, *, training=False):
        return x - x.mean(axis=1, keepdims=True)

    def backward(self, dy):
        return dy - dy.mean(axis=1, keepdims=True)


class WithALayer(OtherStyle):
    def __init__(self, units, classes):
        super().__init__(units, classes)
        self.centre = Centred()

    def forward(self, x, *, training=False):
        h = self.hidden(self.centre(x, training=training), training=training)
        return self.out(self.relu(self.norm(h, training=training), training=training), training=training)

    def backward(self, dy):
        back = self.norm.backward(self.relu.backward(self.out.backward(dy)))
        return self.centre.backward(self.hidden.backward(back))


class ByMatrix(WithALayer):
    def forward(self, x, *, training=False):
        k = x.shape[1]
        x = x @ (np.eye(k) - np.full((k, k), 1 / k))
        h = self.norm.forward(self.hidden.forward(x), training=bool(training))
        return self.out.forward(self.relu.forward(h))


@pytest.mark.parametrize("answer", [made(RIGHT), OtherStyle, WithALayer, ByMatrix])
def test_right(answer):
    try_right(check_mended_block, answer)


def test_things_that_are_no_block(no_answer):
    assert not check_mended_block(no_answer).passed
