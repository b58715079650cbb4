"""Blocks in a chain: order, names, and arrays that are the layers' own."""

import numpy as np
import pytest

from coursekit.nn import BatchNorm, Block, Dense, ReLU, Sequential, Tanh


class Scale(Block):
    """y = a x, with a parameter; remembers what it saw."""

    def __init__(self, a):
        super().__init__()
        self.params = {"a": np.array(float(a))}
        self.modes = []

    def forward(self, x, *, training=False):
        self.modes.append(training)
        self.x = x
        return self.params["a"] * x

    def backward(self, dy):
        self.grads = {"a": np.array((dy * self.x).sum())}
        return self.params["a"] * dy


class Shift(Scale):
    """y = x + a: does not commute with Scale."""

    def forward(self, x, *, training=False):
        self.modes.append(training)
        return x + self.params["a"]

    def backward(self, dy):
        self.grads = {"a": np.array(dy.sum())}
        return dy


def test_forward_runs_first_to_last_and_backward_last_to_first():
    net = Sequential(Scale(2), Shift(1), Scale(5))
    x = np.array([[3.0]])
    assert net.forward(x).item() == 5 * (2 * 3 + 1)
    assert net.backward(np.array([[1.0]])).item() == 10
    assert {name: g.item() for name, g in net.grads.items()} == {"0.a": 15, "1.a": 5, "2.a": 7}


def test_the_mode_reaches_every_layer():
    inner = [Scale(1), Scale(1), Scale(1)]
    net = Sequential(inner[0], Sequential(*inner[1:]))
    net.forward(np.ones((1, 1)))
    net.forward(np.ones((1, 1)), training=True)
    net(np.ones((1, 1)), training=True)
    assert all(layer.modes == [False, True, True] for layer in inner)


def test_names_say_where_an_array_lives():
    net = Sequential(Dense(4), BatchNorm(), Sequential(Tanh(), Dense(2, bias=False)))
    net.initialize("he_normal", np.random.default_rng(0))
    assert net.params == {}
    net.forward(np.ones((3, 5), np.float32))
    assert list(net.params) == ["0.W", "0.b", "1.gamma", "1.beta", "2.1.W"]
    assert list(net.buffers) == ["1.mean", "1.var"]
    assert net.grads == {}
    net.backward(np.ones((3, 2), np.float32))
    assert sorted(net.grads) == sorted(net.params)
    assert {name: g.shape for name, g in net.grads.items()} == {
        name: p.shape for name, p in net.params.items()
    }


def test_the_net_s_arrays_are_the_layers_own():
    net = Sequential(Dense(2), BatchNorm()).initialize("he_normal", np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((4, 3))
    net.forward(x)
    assert net.params["0.W"] is net.layers[0].params["W"]
    net.params["0.W"][...] = 0
    net.params["1.beta"][...] = 9
    np.testing.assert_array_equal(net.forward(x), np.full((4, 2), 9.0))


def test_a_chain_equals_its_layers_called_one_by_one():
    rng = np.random.default_rng(2)
    layers = [Dense(4), Tanh(), Dense(3), ReLU(), Dense(2)]
    net = Sequential(*layers).initialize("xavier_uniform", rng)
    x, dy = rng.standard_normal((6, 5)), rng.standard_normal((6, 2))
    h = x
    y, dx = net.forward(x), net.backward(dy)
    for layer in layers:
        h = layer.forward(h)
    for layer in layers[::-1]:
        dy = layer.backward(dy)
    np.testing.assert_array_equal(h, y)
    np.testing.assert_array_equal(dy, dx)
    # and the first of them really is x W + b, tanh after it
    p = net.params
    h = np.tanh(x @ p["0.W"] + p["0.b"])
    h = np.maximum(h @ p["2.W"] + p["2.b"], 0)
    np.testing.assert_allclose(y, h @ p["4.W"] + p["4.b"], rtol=1e-14)


def test_initialize_returns_the_block_itself():
    rng = np.random.default_rng(3)
    for block in (Dense(2), Tanh(), BatchNorm(), Sequential(Dense(2))):
        assert block.initialize("zeros", rng) is block


def test_a_block_has_to_bring_its_passes():
    class Empty(Block):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty has to define forward"):
        Empty().forward(np.ones((1, 1)))
    with pytest.raises(NotImplementedError, match=r"Empty has to define backward"):
        Empty().backward(np.ones((1, 1)))


def test_repr_shows_every_layer():
    net = Sequential(Dense(4, in_units=3), ReLU(), Dense(2))
    assert repr(net) == "Sequential(\n  Dense(3 -> 4),\n  ReLU(),\n  Dense(? -> 2),\n)"
