"""Batch norm's graph: by hand, against the layer and numerical slopes; and a broken rule is seen."""

import dataclasses
import inspect
import sys

import numpy as np
import pytest

from coursekit import nn
from coursekit.nn.batch_norm_graph import FORMULAS, Graph, batch_norm_graph

# By hand: ε = 1/4, γ = (3, 10), β = (1, -1). Column 1: mean 1, c = -1, -1, 2, variance 2, s = 3/2.
# Column 2: mean 5, c = -3, 0, 3, variance 6, s = 5/2.
X = np.array([[0.0, 2.0], [0.0, 5.0], [3.0, 8.0]])
GIVEN = {"gamma": np.array([3.0, 10.0]), "beta": np.array([1.0, -1.0]), "eps": 0.25}
DY = np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
VALUES = {
    "mean": [1, 5],
    "centred": [[-1, -3], [-1, 0], [2, 3]],
    "squared": [[1, 9], [1, 0], [4, 9]],
    "variance": [2, 6],
    "std": [3 / 2, 5 / 2],
    "inverse_std": [2 / 3, 2 / 5],
    "x_hat": [[-2 / 3, -6 / 5], [-2 / 3, 0], [4 / 3, 6 / 5]],
    "scaled": [[-2, -12], [-2, 0], [4, 12]],
    "y": [[-1, -13], [-1, -1], [5, 11]],
}
# Backward by hand. Column 2 has its only δ where c = 0, so nothing comes through its variance.
# Column 1: ∂x̂ = 3 δ; ∂r = -1 · 3; ∂s = 3 · 4/9; ∂v = 4/3 ÷ 3; ∂q = 4/9 ÷ 3; 2c∂q = ∓8/27, +16/27.
GRADIENTS = {
    "y": DY,
    "scaled": DY,
    "beta": [1, 2],
    "gamma": [-2 / 3, 0],
    "x_hat": [[3, 0], [0, 20], [0, 0]],
    "inverse_std": [-3, 0],
    "std": [4 / 3, 0],
    "variance": [4 / 9, 0],
    "squared": [[4 / 27, 0]] * 3,
    "centred": [[2 - 8 / 27, 0], [-8 / 27, 8], [16 / 27, 0]],
    "mean": [-2, -8],
    "x": [[28 / 27, -8 / 3], [-26 / 27, 16 / 3], [-2 / 27, -8 / 3]],
}
SENT = {
    ("centred", "x_hat"): [[2, 0], [0, 8], [0, 0]],
    ("centred", "squared"): [[-8 / 27, 0], [-8 / 27, 0], [16 / 27, 0]],
    ("x", "centred"): GRADIENTS["centred"],
    ("x", "mean"): [[-2 / 3, -8 / 3]] * 3,
}


def example(**changes):
    return batch_norm_graph(**{"x": X, **GIVEN, "dy": DY, **changes})


def random_case(seed, n=7, k=4):
    rng = np.random.default_rng(seed)
    return {
        "x": rng.normal(3, 2, (n, k)),
        "gamma": rng.normal(1, 0.5, k),
        "beta": rng.standard_normal(k),
        "eps": 1e-3,
        "dy": rng.standard_normal((n, k)),
    }


def test_every_value_by_hand():
    nodes = example().nodes
    for name, value in VALUES.items():
        np.testing.assert_allclose(nodes[name].value, value, rtol=1e-14, atol=1e-15, err_msg=name)
    for name in ("gamma", "beta"):
        np.testing.assert_array_equal(nodes[name].value, GIVEN[name])
    np.testing.assert_array_equal(nodes["x"].value, X)


def test_every_gradient_by_hand():
    nodes = example().nodes
    assert set(nodes) == set(GRADIENTS)
    for name, gradient in GRADIENTS.items():
        np.testing.assert_allclose(nodes[name].gradient, gradient, rtol=1e-13, atol=1e-14, err_msg=name)


def test_every_contribution_by_hand():
    nodes = example().nodes
    for (name, child), sent in SENT.items():
        np.testing.assert_allclose(nodes[name].sent_by(child), sent, rtol=1e-13, atol=1e-14)
    for name, node in nodes.items():
        assert len(node.children) == len(node.contributions) == (2 if name in ("x", "centred") else 1)
        assert node.gradient.shape == node.value.shape


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_it_equals_the_layer(seed, n):
    case = random_case(seed, n)
    graph = batch_norm_graph(**case)
    layer = nn.BatchNorm(eps=case["eps"])
    layer.forward(case["x"])
    layer.params["gamma"][...], layer.params["beta"][...] = case["gamma"], case["beta"]
    close = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(graph.y.value, layer.forward(case["x"], training=True), **close)
    np.testing.assert_allclose(graph.x.gradient, layer.backward(case["dy"]), **close)
    np.testing.assert_allclose(graph.gamma.gradient, layer.grads["gamma"], **close)
    np.testing.assert_allclose(graph.beta.gradient, layer.grads["beta"], **close)


def slope_at(graph, name, dy, gamma, beta, eps):
    """∂C/∂(a node) by moving that node alone and computing what lies above it, with its own formulas."""
    above = {
        "mean": lambda v, g: above["centred"](g["x"] - v, g),
        "centred": lambda v, g: above["x_hat"](v / np.sqrt((v**2).mean(axis=0) + eps), g),
        "squared": lambda v, g: above["variance"](v.mean(axis=0), g),
        "variance": lambda v, g: above["std"](np.sqrt(v + eps), g),
        "std": lambda v, g: above["inverse_std"](1 / v, g),
        "inverse_std": lambda v, g: above["x_hat"](g["centred"] * v, g),
        "x_hat": lambda v, g: above["scaled"](gamma * v, g),
        "scaled": lambda v, g: (dy * (v + beta)).sum(),
        "gamma": lambda v, g: (dy * (g["x_hat"] * v + beta)).sum(),
        "beta": lambda v, g: (dy * (g["scaled"] + v)).sum(),
        "x": lambda v, g: above["centred"](v - v.mean(axis=0), g),
        "y": lambda v, g: (dy * v).sum(),
    }
    values = {key: node.value for key, node in graph.nodes.items()}
    moved = values[name].copy()
    slope = np.empty_like(moved)
    for index in np.ndindex(moved.shape):
        kept, ends = moved[index], []
        for step in (1e-6, -1e-6):
            moved[index] = kept + step
            ends.append(above[name](moved, values))
        moved[index] = kept
        slope[index] = (ends[0] - ends[1]) / 2e-6
    return slope


@pytest.mark.parametrize("name", FORMULAS)
def test_every_node_s_gradient_is_the_numerical_slope(name):
    case = random_case(5)
    graph = batch_norm_graph(**case)
    case.pop("x")
    numerical = slope_at(graph, name, case["dy"], case["gamma"], case["beta"], case["eps"])
    np.testing.assert_allclose(graph.nodes[name].gradient, numerical, rtol=1e-6, atol=1e-8)


def test_parents_and_children_belong_together():
    nodes = example().nodes
    assert tuple(nodes) == tuple(FORMULAS) == tuple(f.name for f in dataclasses.fields(Graph))
    for name, node in nodes.items():
        assert node.name == name
        assert (node.formula, node.parents) == FORMULAS[name]
        assert all(list(nodes).index(parent) < list(nodes).index(name) for parent in node.parents)
        for child in node.children:
            assert child == "C" or name in nodes[child].parents
        assert all(name in nodes[parent].children for parent in node.parents)


# Each line breaks one rule in the source; the gradient by hand has to notice every one.
BREAKAGES = [
    ("d_scaled = dy", "d_scaled = 2 * dy"),
    ("d_beta = dy.sum(axis=0)", "d_beta = dy.mean(axis=0)"),
    ('d_x_hat = values["gamma"] * d_scaled', "d_x_hat = d_scaled"),
    ("d_gamma = (x_hat * d_scaled)", "d_gamma = (centred * d_scaled)"),
    ('d_centred_by_x_hat = values["inverse_std"] * d_x_hat', "d_centred_by_x_hat = d_x_hat"),
    ("d_inverse_std = (centred * d_x_hat)", "d_inverse_std = (x_hat * d_x_hat)"),
    ("d_std = -d_inverse_std", "d_std = d_inverse_std"),
    ("/ std**2", "/ std"),
    ("d_variance = d_std / (2 * std)", "d_variance = d_std / std"),
    ("d_squared = every_sample * d_variance / n", "d_squared = every_sample * d_variance / (n - 1)"),
    ("d_centred_by_squared = 2 * centred", "d_centred_by_squared = centred"),
    ("d_centred = d_centred_by_x_hat + d_centred_by_squared", "d_centred = d_centred_by_x_hat"),
    ("d_mean = -d_centred", "d_mean = d_centred"),
    ("d_x_by_mean = every_sample * d_mean / n", "d_x_by_mean = every_sample * d_mean"),
    ("mean = x.mean(axis=0)", "mean = x.mean()"),
    ("variance = squared.mean(axis=0)", "variance = squared.sum(axis=0) / (len(x) - 1)"),
    ("np.sqrt(variance + x.dtype.type(eps))", "np.sqrt(variance)"),
]


@pytest.mark.parametrize(("right", "wrong"), BREAKAGES)
def test_a_broken_rule_would_be_seen(right, wrong):
    source = inspect.getsource(sys.modules[Graph.__module__])
    assert source.count(right) == 1
    broken = {"__name__": "coursekit.nn.broken_graph"}
    # dataclasses look their module up; the real one serves.
    broken["__name__"] = Graph.__module__
    exec(compile(source.replace(right, wrong), "broken", "exec"), broken)
    nodes = broken["batch_norm_graph"](X, **GIVEN, dy=DY).nodes
    close = {"rtol": 1e-9, "atol": 1e-12}
    assert not all(
        np.allclose(nodes[name].gradient, gradient, **close) for name, gradient in GRADIENTS.items()
    ) or not all(np.allclose(nodes[name].value, value, **close) for name, value in VALUES.items())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_x_is_kept(dtype):
    graph = example(x=X.astype(dtype))
    assert {node.value.dtype for node in graph.nodes.values()} == {np.dtype(dtype)}
    assert {node.gradient.dtype for node in graph.nodes.values()} == {np.dtype(dtype)}
    np.testing.assert_allclose(graph.x.gradient, GRADIENTS["x"], rtol=1e-5, atol=1e-6)


def test_inputs_are_left_alone_and_views_accepted():
    big = np.zeros((6, 4))
    big[::2, ::2] = X
    x, dy = big[::2, ::2], DY.copy()
    x.setflags(write=False)
    dy.setflags(write=False)
    graph = example(x=x, dy=dy)
    np.testing.assert_allclose(graph.x.gradient, GRADIENTS["x"], rtol=1e-13, atol=1e-14)


def test_the_graph_keeps_its_values_when_the_inputs_change():
    x, dy, gamma = X.copy(), DY.copy(), GIVEN["gamma"].copy()
    graph = example(x=x, dy=dy, gamma=gamma)
    for array in (x, dy, gamma):
        array[...] = 7
    np.testing.assert_array_equal(graph.x.value, X)
    np.testing.assert_array_equal(graph.y.gradient, DY)
    np.testing.assert_array_equal(graph.gamma.value, GIVEN["gamma"])


def test_with_all_ones_nothing_comes_back():
    case = random_case(6)
    graph = batch_norm_graph(**{**case, "dy": np.ones_like(case["x"])})
    np.testing.assert_allclose(graph.x.gradient, 0, atol=1e-14)
    assert np.abs(graph.x.sent_by("mean")).max() > 0.1


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"x": X[0]}, ValueError, "x must have 2 axes"),
        ({"x": np.ones((0, 2))}, ValueError, "x is empty"),
        ({"x": np.array([["a", "b"]])}, TypeError, "x must hold real numbers"),
        ({"gamma": np.ones(3)}, ValueError, r"gamma must have the shape \(2,\)"),
        ({"beta": np.ones((3, 2))}, ValueError, r"beta must have the shape \(2,\)"),
        ({"dy": DY.T}, ValueError, r"dy must have the shape \(3, 2\)"),
        ({"eps": -1e-5}, ValueError, "eps must be a finite number"),
        ({"eps": "small"}, TypeError, "eps must be a number"),
        ({"x": np.where(X == 3, np.nan, X)}, ValueError, "x holds nan or inf"),
        ({"dy": np.where(DY == 2, np.inf, DY)}, ValueError, "dy holds nan or inf"),
        ({"gamma": np.array([1, np.nan])}, ValueError, "gamma holds nan or inf"),
        ({"x": np.ones((3, 2)), "eps": 0}, ValueError, "feature 0 is constant and ε is 0"),
    ],
)
def test_wrong_input_is_refused_at_the_door(changes, error, words):
    with pytest.raises(error, match=words):
        example(**changes)


def test_an_unknown_child_is_refused():
    with pytest.raises(ValueError, match="child must be one of 'centred', 'mean'"):
        example().x.sent_by("y")


def test_nodes_and_graphs_are_frozen():
    graph = example()
    with pytest.raises(dataclasses.FrozenInstanceError):
        graph.x.value = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        graph.x = 0
