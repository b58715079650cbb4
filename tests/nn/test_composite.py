"""Blocks made of blocks: names, arrays, passes, refusals, and copies in another float type."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.nets import Residual, residual_net

RNG = np.random.default_rng


class TwoWays(nn.Composite):
    """y = left(x) · right(x), and a list and a dict of parts that follow."""

    def __init__(self):
        self.left, self.right = nn.Dense(4), nn.Sequential(nn.Dense(4), nn.Sigmoid())
        self.then = [nn.Tanh(), nn.Dense(3)]
        self.last = {"norm": nn.BatchNorm()}

    def forward(self, x, *, training=False):
        self.a, self.b = self.left(x, training=training), self.right(x, training=training)
        y = self.a * self.b
        for part in (*self.then, self.last["norm"]):
            y = part(y, training=training)
        return y

    def backward(self, dy):
        for part in (self.last["norm"], *reversed(self.then)):
            dy = part.backward(dy)
        return self.left.backward(dy * self.b) + self.right.backward(dy * self.a)


def ready(seed=0):
    net, rng = TwoWays().initialize("xavier_normal", RNG(seed)), RNG(seed + 1)
    x = rng.standard_normal((7, 5))
    net.forward(x, training=True)
    return net, x, rng


def test_parts_are_found_among_attributes_lists_and_dicts_and_named_after_them():
    net, _, _ = ready()
    names = ["left.W", "left.b", "right.0.W", "right.0.b", "then.1.W", "then.1.b"]
    assert list(net.params) == [*names, "last.norm.gamma", "last.norm.beta"]
    assert list(net.buffers) == ["last.norm.mean", "last.norm.var"]
    assert net.params["left.W"] is net.left.params["W"]
    assert list(net.leaves()) == ["left.", "right.0.", "right.1.", "then.0.", "then.1.", "last.norm."]
    assert repr(net).startswith("TwoWays(\n  left: Dense(5 -> 4),\n  right: Sequential(")


@pytest.mark.parametrize("training", [False, True])
def test_gradients_are_slopes(training):
    net, x, rng = ready()
    outcome = nn.check_gradients(net, x, rng, training=training)
    assert set(outcome.errors) == {"x", *net.params}
    assert outcome.worst <= 1e-7


def test_residual_gradients_are_slopes_and_by_hand():
    """y = x + tanh(2 x) at x = 0.5: dy/dx = 1 + 2 (1 - tanh² 1)."""
    block = Residual(nn.Dense(1, in_units=1), nn.Tanh()).initialize(nn.initializers.constant(2), RNG(0))
    assert block.forward(np.array([[0.5]])).item() == pytest.approx(0.5 + np.tanh(1))
    assert block.backward(np.array([[1.0]])).item() == pytest.approx(1 + 2 * (1 - np.tanh(1) ** 2))
    net = residual_net("tanh", 4, 6).initialize("xavier_normal", RNG(1))
    assert nn.check_gradients(net, RNG(2).standard_normal((5, 6)), RNG(3)).worst <= 1e-7
    with pytest.raises(ValueError, match=r"must have one shape; got \(2, 3\) and \(2, 4\)"):
        Residual(nn.Dense(3)).initialize("zeros", RNG(0)).forward(np.ones((2, 4)))


def test_without_skip_the_blocks_follow_each_other_plainly():
    x = RNG(0).standard_normal((4, 6))
    for skip in (False, True):
        net = residual_net("tanh", 2, 6, skip=skip).initialize("he_normal", RNG(1))
        y = net.forward(x)
        p = [array for name, array in net.params.items() if name.endswith("W")]
        h = x @ p[0]
        for W in p[1:3]:
            h = np.tanh(h @ W) + (h if skip else 0)
        np.testing.assert_allclose(y, h @ p[3], rtol=1e-12)


def test_an_optimizer_moves_every_part_and_saving_brings_them_back(tmp_path):
    net, x, _ = ready()
    nn.save_parameters(net, tmp_path / "net.npz")
    y, before = net.forward(x), {name: array.copy() for name, array in net.params.items()}
    net.forward(x, training=True)
    net.fill_grads(RNG(5).standard_normal((7, 3)))
    nn.SGD(0.1).step(net)
    assert all((array != before[name]).any() for name, array in net.params.items() if name != "then.1.b")
    nn.load_parameters(net, tmp_path / "net.npz")
    np.testing.assert_array_equal(net.forward(x), y)


def test_a_part_that_refuses_leaves_all_parts_as_they_were():
    net = TwoWays().initialize("xavier_normal", RNG(0))
    net.then.append(nn.Dense(2, in_units=9).initialize("zeros", RNG(0)))
    with pytest.raises(ValueError, match="takes 9 inputs"):
        net.forward(np.ones((3, 5)))
    assert net.left.params == {}, "sizes are unknown as before"
    assert "a" not in vars(net)
    assert "Dense(? -> 4)" in repr(net)


def test_fill_grads_that_refuses_puts_gradients_back():
    class Picky(nn.Dense):
        def fill_grads(self, dy):
            raise ValueError("not this one")

    net = nn.Sequential(Picky(3), nn.Dense(2)).initialize("he_normal", RNG(0))
    net.forward(np.ones((2, 4)))
    with pytest.raises(ValueError, match="not this one"):
        net.fill_grads(np.ones((2, 2)))
    assert net.grads == {}


def test_blocks_are_all_blocks_inside_it():
    net = residual_net("relu", 2, 3)
    assert [type(b).__name__ for b in net.blocks()] == [
        "Sequential", "Dense", "Residual", "Sequential", "Dense", "ReLU",
        "Residual", "Sequential", "Dense", "ReLU", "Dense",
    ]  # fmt: skip


def test_one_layer_in_two_places_is_refused():
    layer = nn.Dense(3)

    class Twice(nn.Composite):
        def __init__(self):
            self.first, self.again = layer, layer

    with pytest.raises(ValueError, match=r"two places: .* or share its parameters with Shared\(layer\)"):
        Twice().initialize("zeros", RNG(0)).params  # noqa: B018
    with pytest.raises(TypeError, match=r"default_rng\(0\); got 3"):
        TwoWays().initialize("zeros", 3)


def test_astype_is_a_copy_in_the_other_type():
    net = nn.Sequential(nn.Dense(4), nn.BatchNorm(), nn.Tanh(), nn.Dense(2)).initialize("he_normal", RNG(0))
    x = RNG(1).standard_normal((6, 3)).astype(np.float32)
    net.forward(x, training=True)
    net.fill_grads(np.ones((6, 2), np.float32))
    wide = net.astype(np.float64)
    for kind in ("params", "grads", "buffers"):
        ours, copied = getattr(net, kind), getattr(wide, kind)
        assert list(ours) == list(copied)
        for name in ours:
            assert ours[name].dtype == np.float32
            assert copied[name].dtype == np.float64
            np.testing.assert_array_equal(ours[name], copied[name])
    wide.params["0.W"][...] = 0
    assert net.params["0.W"].any()
    assert wide.forward(x.astype(float)).dtype == np.float64
    with pytest.raises(TypeError, match="dtype must be a float type"):
        net.astype(int)


def test_astype_keeps_shared_arrays_shared():
    first = nn.Dense(3)
    net = nn.Sequential(first, nn.Tanh(), nn.Shared(first)).initialize("he_normal", RNG(0))
    net.forward(np.ones((2, 3), np.float32))
    wide = net.astype(np.float64)
    assert list(wide.params) == ["0.W", "0.b"]
    assert wide.layers[0].params["W"] is wide.layers[2].params["W"]
    assert wide.params["0.W"].dtype == np.float64
