"""The graph half-way: what is known after each step, and whether the told arithmetic is true."""

import math
import re

import numpy as np
import pytest

from coursekit.experiments import diagnose_graph, graph_step
from coursekit.experiments.batch_norm_graph import (
    COMPUTED,
    EDGES,
    FORMULA_OF,
    STEPS,
    UPSTREAMS,
    example_batch,
)
from coursekit.experiments.batch_norm_rules import BACKWARD, FORWARD, explain
from coursekit.words import short

GIVEN = {"x", "gamma", "beta"}
# Which nodes have received something after each step back, by hand from the drawing.
RECEIVED = {
    9: {"y"},
    10: {"scaled", "beta"},
    11: {"x_hat", "gamma"},
    12: {"centred", "inverse_std"},
    13: {"std"},
    14: {"variance"},
    15: {"squared"},
    16: set(),
    17: {"x", "mean"},
    18: set(),
}


def test_steps_compute_the_nodes_in_order_and_go_back_in_reverse():
    assert STEPS == 18
    assert [graph_step(i).node for i in range(10)] == ["", *COMPUTED]
    assert [graph_step(i).node for i in range(10, 19)] == list(COMPUTED[::-1])
    assert [graph_step(i).backward for i in (0, 9, 10, 18)] == [False, False, True, True]


@pytest.mark.parametrize("step", range(19))
def test_known_values(step):
    known = {name for name in FORMULA_OF if graph_step(step).knows_value(name)}
    assert known == GIVEN | set(COMPUTED[: min(step, 9)])


def test_known_gradients():
    so_far = set()
    for step in range(19):
        so_far |= RECEIVED.get(step, set()) | {"y"}
        one = graph_step(step)
        assert {name for name in FORMULA_OF if one.arrived(name) is not None} == so_far
    for name, node in one.graph.nodes.items():
        np.testing.assert_allclose(one.arrived(name), node.gradient, rtol=1e-14)


def test_a_gradient_is_partial_until_its_second_contribution():
    partial = {i: [name for name in FORMULA_OF if graph_step(i).is_partial(name)] for i in range(STEPS + 1)}
    assert {i: names for i, names in partial.items() if names} == {
        12: ["centred"], 13: ["centred"], 14: ["centred"], 15: ["centred"], 17: ["x"],
    }  # fmt: skip
    at_12, at_16 = graph_step(12), graph_step(16)
    np.testing.assert_array_equal(at_12.arrived("centred"), at_12.graph.centred.sent_by("x_hat"))
    np.testing.assert_allclose(at_16.arrived("centred"), at_16.graph.centred.gradient)


def test_contributions_meet_at_two_steps():
    assert {i: graph_step(i).meeting for i in range(19) if graph_step(i).meeting} == {
        16: "centred",
        18: "x",
    }


def test_a_gradient_arrives_only_once_the_child_s_own_is_complete():
    """The order of the steps: nothing is passed back through a node that still waits."""
    for step in range(10, 19):
        before = graph_step(step - 1)
        node = graph_step(step).node
        assert before.arrived(node) is not None
        assert not before.is_partial(node)


def test_edges_by_hand():
    assert set(EDGES) == {
        ("x", "mean"), ("x", "centred"), ("mean", "centred"), ("centred", "squared"),
        ("squared", "variance"), ("variance", "std"), ("std", "inverse_std"), ("centred", "x_hat"),
        ("inverse_std", "x_hat"), ("x_hat", "scaled"), ("gamma", "scaled"), ("scaled", "y"), ("beta", "y"),
    }  # fmt: skip


def test_every_step_has_its_words():
    assert set(FORWARD) == set(BACKWARD) == set(COMPUTED)
    parents = {name: {p for p, child in EDGES if child == name} for name in COMPUTED}
    for name, (gets, _) in BACKWARD.items():
        told = {next(n for n, f in FORMULA_OF.items() if f.split(" ")[0] == symbol) for symbol, _ in gets}
        # A step tells of all its parents.
        assert told == parents[name]


def value_of(text):
    """The number that a piece of told arithmetic comes to."""
    text = re.sub(r"√\(([^)]*)\)", r"math.sqrt(\1)", text.replace("−", "-"))
    return eval(text.replace("·", "*").replace("²", "**2"), {"math": math})


@pytest.mark.parametrize("upstream", UPSTREAMS)
@pytest.mark.parametrize("batch", range(10))
def test_the_told_arithmetic_is_true(batch, upstream):
    """Every figure has two decimals, so each side may be off by what rounding its terms can do."""
    for step in range(1, 19):
        for line in explain(graph_step(step, batch, upstream)).worked:
            text = line.split(": ")[-1]
            if not re.search("[=≈]", text):
                continue
            left, sign, right = re.split(" ([=≈]) ", text)
            numbers = [abs(value_of(n)) for n in re.findall(r"−?\d+\.?\d*", left)]
            slack = 0.006 + 0.006 * len(numbers) * (1 + max(numbers))
            assert value_of(left) == pytest.approx(value_of(right), abs=slack), (step, line)
            if sign == "=":  # then to the last figure
                assert value_of(left) == pytest.approx(value_of(right), abs=1e-9), (step, line)


def test_the_told_results_are_the_first_entries():
    step = graph_step(17)
    assert explain(step).worked[1].endswith(f"≈ {short(step.graph.mean.gradient[0])}")
    assert explain(graph_step(4)).worked == ("(1 + 1 + 4) / 3 = 2",)
    assert explain(graph_step(12)).worked == ("c: 0.67 · 3 ≈ 2", "r: (−1)·3 + (−1)·0 + 2·(−6) = −15")
    assert explain(graph_step(16)).worked == ("c: 2 · (−1) · 0.74 ≈ −1.48",)


def test_the_diagnosis_tells_the_end():
    assert "adds up to 0" in diagnose_graph(graph_step(18))
    assert "Everything cancels" in diagnose_graph(graph_step(18, 3, "ones"))
    assert "move the slider" in diagnose_graph(graph_step(0))
    for step in range(1, 18):
        assert diagnose_graph(graph_step(step)).startswith(f"Step {step} of 18 · ")


def test_batch_zero_comes_out_even_and_others_differ():
    step = graph_step(0)
    np.testing.assert_array_equal(step.graph.std.value, [1.5, 2.5])
    np.testing.assert_array_equal(example_batch(0, "one_entry")["dy"], [[1, 0], [0, 0], [0, 0]])
    assert len({example_batch(i, "mixed")["x"].tobytes() for i in range(10)}) == 10
    for i in range(10):
        assert (example_batch(i, "ones")["dy"] == 1).all()
        # A feature that is constant, or δ all zero, would show nothing.
        assert (np.ptp(example_batch(i, "mixed")["x"], axis=0) > 0).all()
        assert (np.ptp(example_batch(i, "mixed")["dy"], axis=0) > 0).all()


def test_wrong_steps_are_refused():
    for step, error in ((19, ValueError), (-1, ValueError), (2.5, TypeError)):
        with pytest.raises(error, match="step must be"):
            graph_step(step)
    with pytest.raises(ValueError, match="upstream must be one of"):
        graph_step(0, 0, "twos")
