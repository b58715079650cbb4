# ruff: noqa: E501, NPY002 (tables, and the generator that all share)
"""The guards of the search: what is run again can only compute, ends in time, and leaves nothing behind.

Each was seen to fail with its guard taken out.
"""

import _thread
import ast
import functools
import signal
import statistics
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
from tests.exercises.lesson_02.test_edited import STEP
from tests.exercises.repair.subjects import FIELD, with_source

LIMIT = limits.resource and limits.resource.getrlimit(limits.resource.RLIMIT_DATA)
# a line of a function of x, and what stands under the name `kept`
ACTS = [
    ("open('x').read()", None), ("exec('1')", None), ("eval('1')", None), ("input()", None), ("breakpoint()", None),
    ("__import__('os').getcwd()", None), ("getattr(np, 'sa' + 've')('a', x)", None), ("setattr(np, 'pi', 3)", None),
    ("sum(iter(int, 1))", None), ("globals().clear()", None), ("import os", None), ("while x: pass", None),
    ("global kept", None), ("try: x\n    except Exception: pass", None), ("raise KeyboardInterrupt", None), ("raise SystemExit", None),
    ("kept.append(x)", []), ("kept['n'] = 1", {}), ("kept[0] = 2.0", np.zeros(2)), ("kept[0].append(x)", ([],)),
    ("kept.sort()", np.zeros(2)), ("kept.normal()", np.random.default_rng(0)), ("kept('a').write_text('b')", Path), ("kept(0)", time.sleep), ("kept('1')", exec),
    ("kept.modules", sys), ("np.savetxt('a', x)", None), ("x.tofile('a')", None), ("np.set_printoptions(precision=1)", None),
    ("np.pi = 3", None), ("np.pi += 1", None), ("del np.pi", None), ("np.sctypeDict['a'] = 1", None),
    ("kept(x)", functools.partial([].append)), ("kept(x)", np.vectorize(print)), ("kept('a', x)", np.save), ("kept(precision=2)", np.set_printoptions),
    ("kept.random.seed(3)", statistics), ("m = np\n    m.marker = 3", None), ("m = np\n    m.sctypeDict['a'] = 1", None), ("np.f2py.compile('a')", None), ("r = np.random\n    r.seed(3)", None),
    ("np.sqrt.__class__", None), ("np.lib.format.open_memmap('a')", None), ("np.lib.stride_tricks.as_strided(x, (9,))", None), ("f(x)", None), ("g = lambda n: g(n - 1) + g(n - 2)", None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "held"), ACTS)
def test_what_does_more_than_compute_is_not_run_again(line, held):
    function = with_source(f"def f(x):\n    {line}\n    return x + 1\n")
    function.__globals__["kept"] = held
    assert source.program_of(function) is None


def test_windows_may_be_taken():
    line = "np.lib.stride_tricks.sliding_window_view(x, 2)"
    assert source.program_of(with_source(f"def f(x):\n    y = {line}\n    return y + 1\n")) is not None


def test_what_calls_itself_by_way_of_another_is_not_run_again():
    helpers = (
        "def even(n):\n    return n == 0 or odd(n - 1)\n\n\ndef odd(n):\n    return n > 0 and even(n - 1)\n"
    )
    assert source.program_of(with_source(helpers)) is None
    nested = "def f(n):\n    def fib(n):\n        return n if n < 2 else fib(n - 1) + fib(n - 2)\n    return fib(n)\n"
    assert source.program_of(with_source(nested)) is None


def test_what_has_no_source_of_its_own_is_not_run_again():
    assert source.program_of(len) is None
    assert source.program_of(np.random.Generator) is None
    assert source.program_of(with_source("f, g = lambda a: a + 1, lambda a: a + 2\n")) is None
    assert (
        source.program_of(with_source("def twice(g):\n    return g\n\n\n@twice\ndef f(a):\n    return a\n"))
        is None
    )


def test_a_name_of_its_own_may_be_one_that_the_notebook_uses_too():
    function = with_source("def f(x):\n    rows = x + 1\n    return rows\n")
    function.__globals__.update(x=np.zeros(3), rows=[1, 2])
    assert source.program_of(function) is not None
    helper = "def note(x):\n    rows.append(x)\n    return x\n\n\ndef f(x):\n    rows = note(x)\n    return rows\n"
    function = with_source(helper)
    function.__globals__["rows"] = []
    assert source.program_of(function) is None, "the helper's rows are the notebook's"


@pytest.mark.parametrize(
    "body",
    [
        "    a = 0\n    for i in range(n):\n        for j in range(n):\n            for k in range(n):\n                a += i\n    return a\n",
        "    return len({i % 2 for i in range(n) for j in range(n) for k in range(n)})\n",
        "    return sum(i for i in range(n) for j in range(n) for k in range(n))\n",
        "    match n:\n        case _:\n            for i in range(n):\n                for j in range(n):\n                    for k in range(n):\n                        pass\n    return n\n",
        "    def slow(i):\n        return sum([i] * 10**6)\n\n    return max(map(slow, range(n)))\n",
    ],
)
def test_a_changed_program_whose_loops_turn_too_long_is_ended(body):
    function = with_source(f"def f(n):\n{body}")
    before = ast.unparse(source.program_of(function).tree)
    start = time.perf_counter()
    caught = []

    def ask(f):
        try:
            return str(f(10**4))
        except Exception:  # a checker does that
            caught.append(f)
            return "no"

    assert search.repaired(function, ask, 0.2) == ""
    assert not caught
    assert time.perf_counter() - start < 5
    assert ast.unparse(source.program_of(function).tree) == before


def test_a_sum_over_a_range_too_long_is_refused():
    program = source.program_of(with_source("def f(n):\n    return sum(range(n))\n"))
    assert program.build()(10) == 45
    with pytest.raises(ValueError, match="too long"):
        program.build()(10**9)


def test_the_search_ends_in_time_and_says_nothing_then():
    slow = with_source("def f(x):\n    return x + 1 + 2 * x - x / 7\n")
    start = time.perf_counter()
    assert search.repaired(slow, lambda f: "never", 0.1) == ""
    assert time.perf_counter() - start < 1


def _changed(program):
    """Yield the text of a program after each change."""
    tree = source.program_of(with_source(program)).tree
    for edit in chain(*order.all_edits(tree)):
        edit.apply()
        yield ast.unparse(tree)
        edit.undo()


def test_nothing_is_tried_that_could_fill_the_memory():
    grows = "def f(x, held, *rest):\n    found = []\n    text = ''\n    for v in x:\n        held.append(v)\n    return found\n"
    tree = source.program_of(with_source(grows)).tree
    assert scope.growing(tree) == {"found", "text", "rest", "held"}
    assert scope.scope(tree) == ["x", "v"]
    for text in _changed(grows):
        assert "2 * held" not in text, text
        assert "2 * found" not in text, text
    for text in _changed("def f(n):\n    return np.zeros((n, n))\n"):
        assert "n * " not in text, text
        assert "** n" not in text, text
    for text in _changed(FIELD):
        assert "1, layers" not in text, "a list that a loop runs over would grow with jump *= s"


def test_no_product_becomes_a_power():
    for text in _changed("def f(a, b):\n    return a * b\n"):
        assert "a ** b" not in text


def test_what_asks_for_too_much_fails_and_the_limit_is_lifted():
    resource = pytest.importorskip("resource")
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
    assert resource.getrlimit(resource.RLIMIT_DATA) == LIMIT


def test_a_program_is_left_as_it_was():
    function = with_source(STEP.replace("dw = x.T @ error / n", "dw = np.cosh(x.T @ error)"))
    before = source.program_of(function)
    text = ast.unparse(before.tree)
    state = np.random.get_state()[1].copy()
    exercises.check_sgd_step(function)
    assert ast.unparse(source.program_of(function).tree) == text
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_errors_of_arithmetic_are_no_errors_whatever_the_notebook_set():
    function = with_source("def f(x):\n    return np.where(x > 0, 1 / x, 0) + 1\n")
    with np.errstate(all="raise"):
        said = search.repaired(function, lambda f: None if f(np.arange(2.0))[1] == 0 else "no", 1.0)
    assert "should be `return np.where(x > 0, 1 / x, 0) - 1`" in said


def test_one_search_runs_at_a_time():
    function = with_source("def f(x):\n    return x + 1\n")
    inside = []

    def ask(f):
        other = threading.Thread(
            target=lambda: inside.append(search.repaired(function, lambda f: None, 1.0))
        )
        other.start()
        other.join()
        return None if f(1) == 0 else "no"

    assert "`return x + 1` should be `return x - 1`" in search.repaired(function, ask, 1.0)
    assert set(inside) == {""}
    assert search.repaired(function, lambda f: None if f(1) == 0 else "no", 1.0) != ""


def test_nothing_is_printed_and_nobody_is_warned(capsys):
    function = with_source("def f(x):\n    print(x)\n    return np.log(-x)\n")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert (
            search.repaired(
                function, lambda f: None if f(1.0) == 0 else warnings.warn("so", stacklevel=2) or "no", 1.0
            )
            != ""
        )
    assert warned == []
    assert capsys.readouterr().out == ""


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
