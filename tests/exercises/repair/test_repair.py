"""The search in the learner's own source: what it names, what it must not touch, and how long it takes."""

import _thread
import ast
import operator
import signal
import sys
import threading
import time
import warnings
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from coursekit import exercises
from coursekit.exercises.repair import limits, order, scope, search, source
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


@pytest.mark.parametrize(
    "body",
    [
        "open('x').read()", "exec('1')", "__import__('os').getcwd()", "recursive(a)", "input()",
        "os.getcwd()", "(yield from iter(int, 1)) if False else (lambda: open)()",
    ],
)  # fmt: skip
def test_what_could_do_harm_is_not_run_again(body):
    import os

    program = f"def recursive(a):\n    return {body}\n"
    function = with_source(program)
    function.__globals__["os"] = os
    assert source.program_of(function) is None
    assert source.program_of(with_source("def f(a):\n    while a:\n        pass\n")) is None
    assert source.program_of(len) is None
    assert source.program_of(np.random.Generator) is None


def test_nothing_is_tried_that_could_fill_the_memory():
    program = source.program_of(with_source(
        "def f(x, *rest):\n    found = []\n    text = ''\n    for v in x:\n        found.append(v)\n    return found\n"
    ))  # fmt: skip
    assert scope.growing(program.tree) == {"found", "text", "rest"}
    assert scope.scope(program.tree) == ["x", "v"]
    sizes = source.program_of(with_source("def f(n):\n    return np.zeros((n, n))\n"))
    for edit in chain(*order.all_edits(sizes.tree)):
        edit.apply()
        text = ast.unparse(sizes.tree)
        edit.undo()
        assert "n * " not in text, text
        assert "** n" not in text, text


def test_a_program_is_left_as_it_was():
    function = with_source(STEP.replace("dw = x.T @ error / n", "dw = np.cosh(x.T @ error)"))
    before = source.program_of(function)
    text = ast.unparse(before.tree)
    state = np.random.get_state()[1].copy()
    exercises.check_sgd_step(function)
    assert ast.unparse(source.program_of(function).tree) == text
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_the_search_ends_in_time_and_says_nothing_then():
    slow = with_source("def f(x):\n    return x + 1 + 2 * x - x / 7\n")
    start = time.perf_counter()
    assert search.repaired(slow, lambda f: "never", 0.1) == ""
    assert time.perf_counter() - start < 1


def test_what_asks_for_too_much_fails_and_the_limit_is_lifted():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_DATA)
    if not limits.memory_held():
        pytest.skip("the system does not say how much memory is held")
    function = with_source("def f(n):\n    return n + 1\n")
    came = []

    def ask(f):
        try:
            came.append(np.ones(2**29, np.float64).size)  # 4 GB
        except MemoryError:
            came.append("refused")
        return "no"

    assert search.repaired(function, ask, 0.2) == ""
    assert set(came) == {"refused"}
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("kept.append(x)", []), ("kept['n'] = 1", {}), ("kept[0] = 2.0", np.zeros(2)), ("kept.normal()", np.random.default_rng(0)),
        ("kept('a').write_text('b')", Path), ("kept(0)", time.sleep), ("np.savetxt('a', x)", None),
        ("x.tofile('a')", None), ("np.set_printoptions(precision=1)", None),
    ],
)  # fmt: skip
def test_what_acts_on_more_than_its_arguments_is_not_run_again(line, held):
    function = with_source(f"def f(x):\n    {line}\n    return x + 1\n")
    function.__globals__["kept"] = held
    assert source.program_of(function) is None


def test_a_name_of_its_own_may_be_one_that_the_notebook_uses_too():
    function = with_source("def f(x):\n    rows = x + 1\n    return rows\n")
    function.__globals__.update(x=np.zeros(3), rows=[1, 2])
    assert source.program_of(function) is not None


@pytest.mark.parametrize(
    "body",
    [
        "    a = 0\n    for i in range(n * n * n):\n        a += i\n    return a\n",
        "    return sum(i for i in range(n * n * n))\n",
        "    return len({i % 2 for i in range(n) for j in range(n) for k in range(n)})\n",
    ],
)
def test_a_changed_program_whose_loops_turn_too_long_is_ended(body):
    function = with_source(f"def f(n):\n{body}")
    before = ast.unparse(source.program_of(function).tree)
    start = time.perf_counter()
    assert search.repaired(function, lambda f: str(f(10**4)), 0.2) == ""
    assert time.perf_counter() - start < 5
    assert ast.unparse(source.program_of(function).tree) == before


def test_what_calls_itself_inside_is_not_run_again():
    nested = "def f(n):\n    def fib(n):\n        return n if n < 2 else fib(n - 1) + fib(n - 2)\n    return fib(n)\n"
    assert source.program_of(with_source(nested)) is None
    stops = "def f(x):\n    if x > 9:\n        raise KeyboardInterrupt\n    return x\n"
    assert source.program_of(with_source(stops)) is None


def test_the_same_stretch_is_quoted_before_and_after():
    long = "def spread(x):\n    return np.sqrt(((x - x.mean()) ** 2).sum() / len(x) + 7.3 * x[0] ** 2 + 0 * x.max())\n"
    said = exercises.check_spread(with_source(long)).message
    assert "should be `return" not in said, said
    assert "` should be `" in said, said


def test_no_product_becomes_a_power():
    program = source.program_of(with_source("def f(a, b):\n    return a * b\n"))
    for edit in chain(*order.all_edits(program.tree)):
        edit.apply()
        text = ast.unparse(program.tree)
        edit.undo()
        assert "a ** b" not in text


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


@pytest.mark.parametrize("after", [1, 40])
def test_ctrl_c_ends_the_search_and_reaches_the_learner(after):
    function = with_source("def f(x):\n    for i in range(3):\n        x = x + i\n    return np.tanh(x)\n")
    asked = []

    def ask(f):
        asked.append(f(1.0) + np.random.random())
        if len(asked) == after:
            signal.raise_signal(signal.SIGINT)
        return "no"

    np.random.seed(5)
    before = (
        np.random.get_state()[1].copy(),
        sys.stdout,
        np.geterr(),
        [*warnings.filters],
        _memory_limit(),
    )
    with pytest.raises(KeyboardInterrupt):
        search.repaired(function, ask, 5.0)
    assert len(asked) == after
    np.testing.assert_array_equal(np.random.get_state()[1], before[0])
    assert (sys.stdout, np.geterr(), [*warnings.filters], _memory_limit()) == before[1:]
    assert search.repaired(function, lambda f: None if f(1.0) > 1 else "small", 1.0) != ""


def _memory_limit():
    return limits.resource and limits.resource.getrlimit(limits.resource.RLIMIT_DATA)


@pytest.mark.parametrize("seconds", [0.1, 0.3])
def test_ctrl_c_at_any_moment_reaches_the_learner_through_the_checker(seconds):
    function = with_source(STEP.replace("dw = x.T @ error / n", "dw = np.cosh(x.T @ error) + n / 3"))
    timer = threading.Timer(seconds, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        exercises.check_sgd_step(function)
    assert not search._ONE_AT_A_TIME.locked()
