"""The search in the learner's own source: what it names, how it says it, and that it leaves the program."""

import ast
import operator
import time
from itertools import chain

import pytest

from coursekit import exercises
from coursekit.exercises.repair import order, search, source
from tests.exercises.answers import try_right, try_wrong
from tests.exercises.lesson_01.test_edited import CROSS, SOFTMAX
from tests.exercises.lesson_02.test_edited import LOOP, STEP
from tests.exercises.lesson_05.test_edited import HE, XAVIER
from tests.exercises.lesson_06.test_edited import FORWARD
from tests.exercises.lesson_07.test_edited import BACKWARD
from tests.exercises.lesson_09.test_edited import GROUP, LAYER
from tests.exercises.lesson_12.test_own_layer import RIGHT as SCALE
from tests.exercises.repair.subjects import ACCURACY, EFFECT, FIELD, SUBJECTS, with_source

# checker, program, what is written, what it stands for, words of the answer
ROWS = [
    ("cross_entropy", CROSS, "dz /= n", "dz /= n + k", ("k does not belong",)),
    ("softmax", SOFTMAX, "p = e / e.sum(axis=1, keepdims=True)", "p = e / (e.sum(axis=1, keepdims=True) - 1)",
     ("1 does not belong",)),
    ("sgd_step", STEP, "dw = x.T @ error / n", "dw = x.T @ (x @ w) / n", ("error belongs there",)),
    ("sgd_step", STEP, "new_w = w - rate * dw", "new_w = w - rate * dw * w", ("w does not belong",)),
    ("sgd_step", STEP, "dw = x.T @ error / n", "dw = x.T @ (error / n).mean()", ("mean",)),
    ("sgd_step", STEP, "dw = x.T @ error / n", "dw = (x * error[:, None]).sum(axis=1) / n", ("axis=0", "another axis")),
    ("mended_descent", LOOP, "error.mean()", "error[0]", ("one entry is taken where the mean belongs",)),
    ("xavier_uniform", XAVIER, "(fan_in + fan_out)", "(fan_in * 2 + fan_out)", ("2 does not belong",)),
    ("he_normal", HE, "np.sqrt(2 / fan_in)", "np.sqrt(2) / fan_in ** 3", ("`std = np.sqrt(2) / fan_in ** 0.5`",)),
    ("batchnorm_forward", FORWARD, "y = gamma * x_hat + beta", "y = gamma * x_hat + beta * v if training else gamma * x_hat + beta", ("v does not belong",)),
    ("batchnorm_backward", BACKWARD, "dr = (dx_hat * c)", "dr = (dx_hat * c * x)", ("x does not belong",)),
    ("layer_norm", LAYER, "y = gamma * x_hat + beta", "y = gamma * x_hat + beta * v", ("v does not belong",)),
    ("group_norm", GROUP, "return y", "return y + np.tanh(y)", ("np.tanh(y) does not belong",)),
    ("accuracy", ACCURACY, "range(len(labels))", "range(2, len(labels))", ("range",)),
    ("accuracy", ACCURACY, "np.argmax(scores[i])", "np.argmax(scores[i]) + i % 2", ("i % 2 does not belong",)),
    ("receptive_field", FIELD, "for k, s", "for s, k", ("wrong order",)),
    ("receptive_field", FIELD, "(k - 1) * jump", "k * jump - 1", ("brackets",)),
    ("receptive_field", FIELD, "jump *= s", "jump = s * k", ("jump",)),
    ("effect", EFFECT, "with_it - without", "with_it / without", ("divided where it should be subtracted",)),
    ("effect", EFFECT, "mean = d.sum() / n", "mean = d.sum() / (n - 1)", ("1 does not belong",)),
    ("own_layer", SCALE, 'return dy * self.params["g"]', 'return dy * self.params["b"]', ("'g' belongs there",)),
    ("own_layer", SCALE, "(dy * self.x).sum(axis=0)", "(dy * self.x ** 2).sum(axis=0)", ("2 does not belong",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "program", "right", "wrong", "words"), ROWS)
def test_the_change_is_named(name, program, right, wrong, words):
    assert program.count(right) == 1
    check = getattr(exercises, f"check_{name}")
    start = time.thread_time()
    try_wrong(check, (with_source(program.replace(right, wrong)), ("n your program `", *words)))
    assert time.thread_time() - start < 1.5
    try_right(check, with_source(program))


def test_a_return_in_the_loop_and_what_changes_while_it_runs():
    in_loop = FIELD.replace("    return sees", "        return sees")
    try_wrong(
        exercises.check_receptive_field,
        (with_source(in_loop), ("stands in `for k, s in layers:`", "less indent")),
    )
    in_place = """
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    for k in range(z.shape[1]):
        e[:, k] = e[:, k] / e.sum(axis=1)
    return e
"""
    try_wrong(
        exercises.check_softmax, (with_source(in_place), ("changes while the loop runs", "once, before"))
    )
    whole = """
def softmax(z):
    p = np.zeros(z.shape)
    for i in range(len(z)):
        p = np.exp(z[i] - z[i].max()) / np.exp(z[i] - z[i].max()).sum()
    return p
"""
    try_wrong(exercises.check_softmax, (with_source(whole), ("(3, 5)", "belongs into entry i")))


def test_two_changes_are_named_together():
    function = with_source("def f(a, b):\n    low = a + b\n    high = a * b\n    return low, high\n")

    def ask(f):
        try:
            right = [x == y for x, y in zip(f(7, 3), (4, 7 / 3), strict=True)]
        except Exception:
            return search.BROKEN
        return None if all(right) else f"tenths right: {'abc'[sum(right)]}"

    said = search.repaired(function, ask, 5.0)
    assert "`low = a + b` should be `low = a - b`: it is added where it should be subtracted." in said
    assert " Also, `high = a * b` should be `high = a / b`" in said


def test_helpers_are_changed_too_and_lambdas_have_a_source():
    helper = "def slope(a):\n    return a + 1\n\n\ndef field(layers):\n    return slope(len(layers))\n"
    program = source.program_of(with_source(helper))
    assert {node.name for node in program.tree.body} == {"slope", "field"}
    assert program.build()([1, 2]) == 3
    assert search.repaired(with_source(helper), lambda f: None if f([1, 2]) == 2 else "off", 1.0) != ""
    double = with_source("double = lambda a: 2 * a\n")
    assert source.program_of(double).build()(4) == 8


def test_the_same_stretch_is_quoted_before_and_after():
    long = "def spread(x):\n    return np.sqrt(((x - x.mean()) ** 2).sum() / len(x) + 7.3 * x[0] ** 2 + 0 * x.max())\n"
    said = exercises.check_spread(with_source(long)).message
    assert "should be `return" not in said, said
    assert "` should be `" in said, said


@pytest.mark.parametrize("subject", ["adam", "accuracy", "dropout", "field", "group"])
def test_every_change_makes_a_program_and_is_taken_back(subject):
    program = source.program_of(with_source(SUBJECTS[subject][0].replace("1 - b ** t", "1 - a ** t")))
    nodes = [*ast.walk(program.tree)]
    for edit in chain(*order.all_edits(program.tree)):
        edit.apply()
        program.build()
        edit.undo()
        left = [*ast.walk(program.tree)]
        assert len(left) == len(nodes), edit.why
        assert all(map(operator.is_, left, nodes)), edit.why
