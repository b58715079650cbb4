"""One forward pass on two libraries: equal to the net's own, in float32, to 1e-5."""

import sys

import numpy as np
import pytest

from coursekit import compiled, nn


def made(bias=True):
    net = nn.Sequential(nn.Dense(20), nn.ReLU(), nn.Dense(12), nn.ReLU(), nn.Dense(4, bias=bias))
    x = np.random.default_rng(1).standard_normal((9, 30), dtype=np.float32)
    return net.initialize("he_normal", np.random.default_rng(0)), x


def test_numpy_s_answer_is_the_net_s():
    net, x = made()
    right = net.forward(x)
    np.testing.assert_allclose(compiled.forward(compiled.parameters_of(net), x), right, atol=1e-6)


def test_every_way_answers_alike():
    pytest.importorskip("jax")
    net, x = made()
    net.forward(x)
    found = compiled.same_answers(net, x)
    assert list(found) == ["NumPy", "JAX", "JAX, compiled"]
    assert max(found.values()) < 1e-5


def test_without_jax_numpy_answers(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    net, x = made()
    net.forward(x)
    assert list(compiled.same_answers(net, x)) == ["NumPy"]
    timing = compiled.time_forward(net, x, 3)
    assert timing.numpy > 0
    assert timing.compiled is None


def test_a_difference_would_be_seen():
    net, x = made()
    right = net.forward(x).copy()
    params = [p.copy() for p in compiled.parameters_of(net)]
    params[1] += 0.1
    assert np.abs(compiled.forward(params, x) - right).max() > 1e-3


def test_nets_that_are_no_chain_of_dense_layers_are_refused():
    for layers in (
        (nn.Dense(3), nn.Tanh(), nn.Dense(2)),
        (nn.Dense(3), nn.ReLU()),
        (nn.Dense(3, bias=False),),
    ):
        with pytest.raises(ValueError, match="dense layers with ReLU"):
            compiled.parameters_of(nn.Sequential(*layers))
    with pytest.raises(ValueError, match="no parameters yet"):
        compiled.parameters_of(nn.Sequential(nn.Dense(3)))


def test_all_ways_are_timed_and_compiling_apart():
    pytest.importorskip("jax")
    net, x = made()
    net.forward(x)
    timing = compiled.time_forward(net, x, 5)
    assert min(timing.numpy, timing.imperative, timing.compiled) > 0
    assert timing.compiling > timing.compiled
