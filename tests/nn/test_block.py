"""Blocks in a chain: order, names, and arrays that are the layers' own."""

import numpy as np
import pytest

from coursekit.nn import (
    SGD,
    Adam,
    BatchNorm,
    Block,
    Dense,
    ReLU,
    Sequential,
    Shared,
    Tanh,
    check_gradients,
    load_parameters,
    save_parameters,
)


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


# Names


def test_exchanging_an_array_by_name_is_refused_with_the_way_that_works():
    net = Sequential(Dense(2)).initialize("he_normal", np.random.default_rng(0))
    net.forward(np.ones((1, 3)))
    kept = net.params["0.W"]
    for named in (net.params, net.buffers, net.grads):
        with pytest.raises(TypeError, match=r"write into the array, \['0\.W'\]\[\.\.\.\] = array"):
            named["0.W"] = np.zeros((3, 2))
    with pytest.raises(TypeError, match="cannot be removed by name"):
        del net.params["0.W"]
    with pytest.raises(AttributeError):
        net.params.update({"0.W": 1})
    with pytest.raises(AttributeError):
        net.params = {}
    assert net.params["0.W"] is kept


def test_names_work_as_in_a_dictionary():
    net = Sequential(Scale(2.0), Shift(1.0))
    params = net.params
    assert len(params) == 2
    assert "0.a" in params
    assert "0.b" not in params
    assert params.get("0.b") is None
    assert params | {"x": 1} == {"0.a": 2, "1.a": 1, "x": 1} == {"x": 1} | params
    assert type(params | net.buffers) is dict
    assert {**params} == {"0.a": 2, "1.a": 1}
    assert params == {"0.a": 2, "1.a": 1}
    assert repr(params) == repr({**params})
    with pytest.raises(KeyError):
        params["2.a"]
    with pytest.raises(TypeError):
        params | [1]


# Refused forward passes


class Refusing(Block):
    """Takes a number of columns, and nothing else; or breaks off altogether."""

    def __init__(self, error=ValueError):
        super().__init__()
        self.error = error

    def forward(self, x, *, training=False):
        raise self.error("not this one")


class Drawing(Block):
    """Draws from its generator at each forward, as a dropout layer does."""

    def __init__(self, rng):
        super().__init__()
        self.rng = rng

    def forward(self, x, *, training=False):
        return x * self.rng.uniform(1, 2, x.shape)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("nested", [False, True])
def test_a_refused_first_forward_leaves_all_sizes_unknown_and_nothing_drawn(error, nested):
    rng, other = np.random.default_rng(0), np.random.default_rng(1)
    layers = [Dense(4), BatchNorm(), Drawing(other), Tanh(), Refusing(error)]
    net = Sequential(Sequential(*layers[:2]), Sequential(*layers[2:])) if nested else Sequential(*layers)
    net.initialize("he_normal", rng)
    states = rng.bit_generator.state, other.bit_generator.state
    with pytest.raises(error):
        net.forward(np.ones((3, 5)), training=True)
    assert net.params == net.buffers == layers[0].params == layers[1].params == {}
    assert "Dense(? -> 4)" in repr(net)
    assert (rng.bit_generator.state, other.bit_generator.state) == states
    with pytest.raises(RuntimeError, match="call forward first"):
        layers[3].backward(np.ones((3, 4)))
    # So other sizes are as good as before, and draw what they would have drawn.
    net = Sequential(*layers[:2])
    net.forward(np.ones((3, 7)))
    expected = Dense(4).initialize("he_normal", np.random.default_rng(0))
    expected.forward(np.ones((3, 7)))
    np.testing.assert_array_equal(net.params["0.W"], expected.params["W"])


def test_a_refused_later_forward_puts_back_statistics_and_what_backward_needs():
    rng = np.random.default_rng(0)
    last = Dense(2)
    net = Sequential(Dense(4), BatchNorm(), Tanh(), last).initialize("he_normal", rng)
    x, dy = rng.standard_normal((6, 5)), rng.standard_normal((6, 2))
    net.forward(x, training=True)
    dx = net.backward(dy)
    arrays = {
        f"{kind} {name}": a
        for kind in ("params", "grads", "buffers")
        for name, a in getattr(net, kind).items()
    }
    before = {name: array.copy() for name, array in arrays.items()}
    weights = last.params.pop("W")
    with pytest.raises((KeyError, RuntimeError)):
        net.forward(10 * x, training=True)
    last.params = {"W": weights} | last.params
    for kind in ("params", "grads", "buffers"):
        for name, array in getattr(net, kind).items():
            assert array is arrays[f"{kind} {name}"]
            np.testing.assert_array_equal(array, before[f"{kind} {name}"])
    np.testing.assert_array_equal(net.backward(dy), dx)


# Shared parameters


def test_a_shared_parameter_by_hand():
    """y = a (a x + b) at a = 3, x = 2, b = 1: dy/da = (a x + b) + a x = 7 + 6, dy/dx = a²."""
    first = Scale(3)
    net = Sequential(first, Shift(1), Shared(first))
    assert net.forward(np.array([[2.0]])) == 21
    assert net.backward(np.array([[1.0]])) == 9
    assert {name: g.item() for name, g in net.grads.items()} == {"0.a": 13, "1.a": 3}
    assert {name: g.item() for name, g in net.grads.items()}["0.a"] == 13, "a second look adds nothing"
    assert list(net.params) == ["0.a", "1.a"]
    assert net.params["0.a"] is first.params["a"]
    SGD(0.1).step(net)
    assert first.params["a"] == pytest.approx(3 - 1.3)
    assert net.forward(np.array([[2.0]])) == pytest.approx(1.7 * (1.7 * 2 + 0.7))


def sharing_net(rng, *, norm=False):
    hidden = Dense(4)
    middle = [BatchNorm()] if norm else []
    net = Sequential(
        Dense(4), hidden, *middle, Tanh(), Shared(hidden), Tanh(), Sequential(Shared(hidden), Dense(2))
    )
    return net.initialize("xavier_normal", rng)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("norm", [False, True])
def test_gradients_of_shared_parameters_are_slopes(training, norm):
    rng = np.random.default_rng(4)
    net = sharing_net(rng, norm=norm)
    outcome = check_gradients(net, rng.standard_normal((5, 3)), rng, training=training)
    assert sum("W" in name for name in outcome.errors) == 3
    assert outcome.worst <= 1e-7


def test_sharing_equals_a_net_of_copies_whose_gradients_are_added_by_hand():
    rng = np.random.default_rng(5)
    net = sharing_net(rng)
    x, dy = rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
    net.forward(x)
    copies = Sequential(Dense(4), Dense(4), Tanh(), Dense(4), Tanh(), Dense(4), Dense(2))
    copies.initialize("zeros", rng).forward(x)
    for mine, shared in zip("01356", ["0", "1", "1", "1", "5.1"], strict=True):
        for key in "Wb":
            copies.params[f"{mine}.{key}"][...] = net.params[f"{shared}.{key}"]
    optimizer = Adam(0.05)
    for _ in range(4):
        np.testing.assert_allclose(net.forward(x), copies.forward(x), rtol=1e-12)
        net.backward(dy)
        copies.backward(dy)
        total = sum(copies.grads[f"{place}.W"] for place in "135")
        np.testing.assert_allclose(net.grads["1.W"], total, rtol=1e-12, atol=1e-14)
        optimizer.step(net)
        for mine, shared in zip("01356", ["0", "1", "1", "1", "5.1"], strict=True):
            for key in "Wb":
                copies.params[f"{mine}.{key}"][...] = net.params[f"{shared}.{key}"]


def test_a_shared_array_is_saved_once_and_loaded_into_all_places(tmp_path):
    net, other = (sharing_net(np.random.default_rng(seed)) for seed in (6, 7))
    x = np.random.default_rng(8).standard_normal((3, 3))
    y = net.forward(x)
    assert not np.allclose(other.forward(x), y)
    save_parameters(net, tmp_path / "net.npz")
    with np.load(tmp_path / "net.npz") as file:
        names = [f"params.{place}.{key}" for place in ("0", "1", "5.1") for key in "Wb"]
        assert file.files == names
    load_parameters(other, tmp_path / "net.npz")
    np.testing.assert_array_equal(other.forward(x), y)


def test_a_shared_batch_norm_moves_its_statistics_at_both_places():
    norm = BatchNorm(momentum=0.5)
    net = Sequential(norm, Shift(3.0), Shared(norm))
    net.forward(
        np.array([[-1.0], [3.0]]), training=True
    )  # means 1, then 3 (of the normalized, shifted by 3)
    np.testing.assert_allclose(net.buffers["0.mean"], [0.5 * 0.5 + 0.5 * 3])
    assert list(net.buffers) == ["0.mean", "0.var"]
    assert list(net.params) == ["0.gamma", "0.beta", "1.a"]


def test_a_gradient_missing_at_one_place_is_missing():
    hidden = Dense(2)
    net = Sequential(hidden, Shared(hidden)).initialize("he_normal", np.random.default_rng(0))
    net.forward(np.ones((1, 2)))
    net.layers[1].backward(np.ones((1, 2)))
    assert net.grads == {}
    net.layers[0].backward(np.ones((1, 2)))
    assert list(net.grads) == ["0.W", "0.b"]


def test_what_cannot_be_shared_is_refused():
    hidden = Dense(3)
    with pytest.raises(TypeError, match="Shared takes a single layer such as a Dense; got Sequential"):
        Shared(Sequential(hidden))
    with pytest.raises(TypeError, match="takes a single layer"):
        Shared("W")
    with pytest.raises(TypeError, match="the layer itself"):
        Shared(Shared(hidden))
    with pytest.raises(ValueError, match=r"two places: .* or share its parameters with Shared\(layer\)"):
        Sequential(hidden, hidden)
    net = Sequential(Shared(hidden), hidden).initialize("he_normal", np.random.default_rng(0))
    with pytest.raises(RuntimeError, match=r"Dense\(\? -> 3\) has no parameters to share yet"):
        net.forward(np.ones((2, 3)))
    with pytest.raises(RuntimeError, match=r"Shared.backward .*: call forward first"):
        net.layers[0].backward(np.ones((2, 3)))
    assert repr(net) == "Sequential(\n  Shared(Dense(? -> 3)),\n  Dense(? -> 3),\n)"


# Gradients without dC/dx


def test_fill_grads_fills_what_backward_fills():
    rng = np.random.default_rng(9)
    x, dy = rng.standard_normal((6, 3)), rng.standard_normal((6, 4))
    for net in (
        Dense(4),
        Sequential(Dense(4)),
        Sequential(BatchNorm(), Dense(4)),
        Sequential(Sequential(Dense(5), Tanh()), Dense(4)),
    ):
        net.initialize("he_normal", rng).forward(x, training=True)
        net.backward(dy)
        expected = {name: g.copy() for name, g in net.grads.items()}
        for leaf in net.leaves().values():
            leaf.grads.clear()
        assert net.fill_grads(dy) is None
        assert list(net.grads) == list(expected)
        for name, g in net.grads.items():
            np.testing.assert_array_equal(g, expected[name])


def test_fill_grads_of_a_block_with_a_backward_of_its_own_is_that_backward():
    class Doubled(Dense):
        def backward(self, dy):
            dx = super().backward(2 * dy)
            return dx

    class Residual(Sequential):
        def forward(self, x, *, training=False):
            return x + super().forward(x, training=training)

        def backward(self, dy):
            dx = super().backward(3 * dy)
            return dy + dx

    x, dy = np.ones((2, 3)), np.ones((2, 3))
    for make, factor in (
        (Doubled, 2),
        (lambda n: Residual(Dense(n)), 3),
        (lambda n: Sequential(Doubled(n)), 2),
    ):
        net = make(3).initialize("he_normal", np.random.default_rng(0))
        net.forward(x)
        net.fill_grads(dy)
        bias = next(g for name, g in net.grads.items() if name.endswith("b"))
        np.testing.assert_array_equal(bias, factor * dy.sum(axis=0))
