"""Backward passes against slopes, and the checker of backward passes against broken layers."""

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import (
    BatchNorm,
    Block,
    Dense,
    Identity,
    LeakyReLU,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    check_gradients,
)
from tests.nn.slopes import slopes

LAYERS = {
    "dense": (lambda: Dense(4), (5, 3)),
    "dense without bias": (lambda: Dense(4, bias=False), (5, 3)),
    "dense, sizes known": (lambda: Dense(1, in_units=2), (1, 2)),
    "tanh": (Tanh, (4, 3)),
    "sigmoid": (Sigmoid, (4, 3)),
    "relu": (ReLU, (4, 3)),
    "leaky relu": (lambda: LeakyReLU(0.2), (4, 3)),
    "identity": (Identity, (4, 3)),
    "relu on images": (ReLU, (2, 3, 2, 2)),
    "batch norm": (BatchNorm, (6, 3)),
    "batch norm, axis 0": (lambda: BatchNorm(axis=0, eps=0.1), (3, 5)),
    "batch norm on images": (BatchNorm, (3, 2, 3, 2)),
    "batch norm, axis -1": (lambda: BatchNorm(axis=-1), (3, 3, 2, 2)),
    "a net": (lambda: Sequential(Dense(5), BatchNorm(), Tanh(), Dense(3)), (6, 4)),
    "a net of nets": (
        lambda: Sequential(Sequential(Dense(4), Sigmoid()), Sequential(Dense(3), LeakyReLU(0.3))),
        (5, 4),
    ),
}
MODES = pytest.mark.parametrize("training", [False, True], ids=["predict", "train"])
EACH_LAYER = pytest.mark.parametrize(("make", "shape"), LAYERS.values(), ids=LAYERS)


def batch(shape, rng):
    """Numbers at least 0.1 away from 0, where the ReLUs have their kink."""
    return rng.choice([-1, 1], shape) * (0.1 + np.abs(rng.standard_normal(shape)))


def ready(block, x, rng):
    """Give the block random parameters and statistics in float64, γ and β too."""
    block.initialize("lecun_normal", rng)
    block.forward(x)
    for leaf in block.leaves().values():
        for arrays in (leaf.params, leaf.buffers):
            arrays.update({name: array.astype(float) for name, array in arrays.items()})
    for name, array in (block.params | block.buffers).items():
        array[...] = (
            rng.uniform(0.5, 1.5, array.shape) if "var" in name else rng.normal(0.5, 1, array.shape)
        )
    return block


def assert_right(block, x, rng, training):
    dy = rng.standard_normal(block.forward(x, training=training).shape)

    def loss():
        return math.fsum((dy * copy.deepcopy(block).forward(x, training=training)).ravel())

    analytic = {"x": block.backward(dy), **block.grads}
    arrays = {"x": x, **block.params}
    assert set(analytic) == set(arrays)
    # A bias in front of a batch norm has the slope 0; so measure against the largest gradient too.
    largest = max(np.linalg.norm(g) for g in analytic.values())
    for name, array in arrays.items():
        numeric = slopes(loss, array)
        assert analytic[name].shape == numeric.shape
        size = max(np.linalg.norm(numeric), 1e-3 * largest)
        assert np.linalg.norm(analytic[name] - numeric) <= 1e-7 * size, name


@MODES
@EACH_LAYER
def test_backward_is_the_slope_of_forward(make, shape, training):
    """With differences written here, so that check_gradients is not its own witness."""
    rng = np.random.default_rng(1)
    x = batch(shape, rng)
    assert_right(ready(make(), x, rng), x, rng, training)


@MODES
@EACH_LAYER
def test_check_gradients_agrees(make, shape, training):
    rng = np.random.default_rng(2)
    x = batch(shape, rng)
    outcome = check_gradients(ready(make(), x, rng), x, rng, training=training)
    assert set(outcome.errors) == {"x", *ready(make(), x, rng).params}
    assert outcome.worst <= 1e-7


@MODES
@settings(max_examples=15, deadline=None, database=None, derandomize=True)
@given(n=st.integers(2, 5), k=st.integers(1, 4), side=st.integers(0, 2), seed=st.integers(0, 99))
def test_batch_norm_of_any_shape(training, n, k, side, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(1, 2, (n, k, side, side) if side else (n, k))
    # ε of 1 keeps the curvature small where two entries happen to lie close together
    assert_right(ready(BatchNorm(eps=1), x, rng), x, rng, training)
    assert check_gradients(BatchNorm(eps=1), x, rng, training=training).worst <= 1e-7


@MODES
@settings(max_examples=15, deadline=None, database=None, derandomize=True)
@given(
    widths=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    n=st.integers(1, 4),
    n_in=st.integers(1, 4),
    seed=st.integers(0, 99),
)
def test_nets_of_any_shape(training, widths, n, n_in, seed):
    rng = np.random.default_rng(seed)
    net = Sequential(*(part for width in widths for part in (Dense(width), Tanh())))
    x = rng.standard_normal((n, n_in))
    assert check_gradients(net.initialize("xavier_normal", rng), x, rng, training=training).worst <= 1e-7


def test_a_float32_layer_is_checked_in_float64():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((4, 3)).astype(np.float32)
    net = Sequential(Dense(3, in_units=3), BatchNorm(), Tanh()).initialize("he_normal", rng)
    net.forward(x)
    assert check_gradients(net, x, rng, training=True).worst <= 1e-7


# --- Layers that are wrong on purpose ------------------------------------------------------------


class FlippedTanh(Tanh):
    def backward(self, dy):
        return -super().backward(dy)


class BlindReLU(ReLU):
    """Lets every gradient through: the mask is missing."""

    def backward(self, dy):
        return dy.copy()


class NoVariancePath(BatchNorm):
    """Takes the batch's variance for a constant."""

    def backward(self, dy):
        super().backward(dy)
        x_hat, inv_std, _ = self._kept
        others = tuple(i for i in range(x_hat.ndim) if i != 1)
        along = tuple(-1 if i == 1 else 1 for i in range(x_hat.ndim))
        scale = (self.params["gamma"] * inv_std).reshape(along)
        return scale * (dy - dy.mean(axis=others, keepdims=True))


class NoMeanPath(BatchNorm):
    """Takes both statistics for constants, as in prediction."""

    def backward(self, dy):
        super().backward(dy)
        return self.params["gamma"] * self._kept[1] * dy


class GammaForgotten(BatchNorm):
    def backward(self, dy):
        return super().backward(dy) / self.params["gamma"]


class AlwaysTraining(BatchNorm):
    """Goes back through the batch's statistics in prediction too."""

    def backward(self, dy):
        self._kept = (*self._kept[:2], True)
        return super().backward(dy)


class NoBiasGradient(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        del self.grads["b"]
        return dx


class StaleBiasGradient(Dense):
    """Fills dC/db only once."""

    def backward(self, dy):
        old = self.grads.get("b")
        dx = super().backward(dy)
        if old is not None:
            self.grads["b"] = old
        return dx


class AddedUp(Dense):
    """Adds every dC/dW to the last one."""

    def backward(self, dy):
        old = self.grads.get("W", 0)
        dx = super().backward(dy)
        self.grads["W"] = old + self.grads["W"]
        return dx


class MeanForSum(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        self.grads["b"] = dy.mean(axis=0)
        return dx


class ZeroBiasGradient(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        self.grads["b"] = np.zeros_like(self.grads["b"])
        return dx


class BiasGradientWithAnAxisTooMany(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        self.grads["b"] = dy.sum(axis=0, keepdims=True)
        return dx


class TransposedGradient(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        self.grads["W"] = self.grads["W"].T
        return dx


class WeightNotTransposed(Dense):
    def backward(self, dy):
        super().backward(dy)
        return dy @ self.params["W"]


class NanGradient(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        self.grads["W"] = np.full_like(self.grads["W"], np.nan)
        return dx


BROKEN = [
    (FlippedTanh(), (4, 3), {False, True}, {"x"}),
    (BlindReLU(), (4, 3), {False, True}, {"x"}),
    (NoVariancePath(), (6, 3), {False, True}, {"x"}),
    (NoVariancePath(), (3, 2, 3, 2), {False, True}, {"x"}),
    (NoMeanPath(), (6, 3), {True}, {"x"}),
    (GammaForgotten(), (6, 3), {False, True}, {"x"}),
    (AlwaysTraining(), (6, 3), {False}, {"x"}),
    (NoBiasGradient(3), (4, 3), {False, True}, {"b"}),
    (StaleBiasGradient(3), (4, 3), {False, True}, {"b"}),
    (AddedUp(3), (4, 3), {False, True}, {"W"}),
    (ZeroBiasGradient(3), (4, 3), {False, True}, {"b"}),
    (MeanForSum(3), (4, 3), {False, True}, {"b"}),
    (BiasGradientWithAnAxisTooMany(3), (4, 3), {False, True}, {"b"}),
    (TransposedGradient(3), (4, 3), {False, True}, {"W"}),
    (WeightNotTransposed(3), (4, 3), {False, True}, {"x"}),
    (NanGradient(3), (4, 3), {False, True}, {"W"}),
]


@MODES
@pytest.mark.parametrize(
    ("block", "shape", "modes", "wrong"), BROKEN, ids=[type(row[0]).__name__ for row in BROKEN]
)
def test_check_gradients_catches_broken_layers(block, shape, modes, wrong, training):
    """And names the right gradient; in the mode where the layer is right it finds nothing."""
    if training not in modes:
        wrong = set()
    rng = np.random.default_rng(4)
    x = batch(shape, rng)
    block = copy.deepcopy(block).initialize("he_normal", rng)
    block.forward(x, training=training)
    block.backward(np.ones_like(x))  # leaves gradients behind, which must not pass for new ones
    outcome = check_gradients(block, x, rng, training=training)
    assert {name for name, error in outcome.errors.items() if not error <= 1e-3} == wrong
    assert (not outcome.worst <= 1e-3) == bool(wrong)
    if not wrong:
        assert outcome.worst <= 1e-7


@pytest.mark.parametrize(("kind", "wrong"), [(StaleBiasGradient, "b"), (AddedUp, "W")])
def test_what_goes_wrong_at_the_second_call_is_caught_on_a_fresh_layer(kind, wrong):
    rng = np.random.default_rng(4)
    layer = kind(3).initialize("he_normal", rng)
    assert check_gradients(layer, rng.standard_normal((4, 3)), rng).errors[wrong] > 1e-3


class Drifting(Block):
    """Multiplies by a number that every training step moves: a right backward, if it is put back."""

    def __init__(self):
        super().__init__()
        self.buffers["factor"] = np.ones(1)

    def forward(self, x, *, training=False):
        if training:
            self.buffers["factor"] *= 1.01
        self.factor = self.buffers["factor"].copy()
        return self.factor * x

    def backward(self, dy):
        return self.factor * dy


@MODES
def test_running_values_are_put_back_between_two_evaluations(training):
    rng = np.random.default_rng(10)
    layer = Drifting()
    assert check_gradients(layer, rng.standard_normal((3, 2)), rng, training=training).worst <= 1e-7
    assert layer.buffers["factor"] == 1


class Noisy(Block):
    """Multiplies by a number drawn anew at each forward: a right backward, if the draw is put back."""

    def __init__(self, rng):
        super().__init__()
        self.rng = rng

    def forward(self, x, *, training=False, times=1):
        self.factor = times * self.rng.normal(1, 0.3) if training else times
        return self.factor * x

    def backward(self, dy):
        return self.factor * dy


@MODES
def test_draws_are_repeated_and_the_layer_s_own_generator_is_left_alone(training):
    layer = Noisy(np.random.default_rng(11))
    state = layer.rng.bit_generator.state
    x = np.random.default_rng(12).standard_normal((3, 2))
    for block in (layer, Sequential(Sequential(Tanh()), layer)):
        assert check_gradients(block, x, np.random.default_rng(13), training=training).worst <= 1e-7
        assert layer.rng.bit_generator.state == state
    assert check_gradients(layer, x, layer.rng, training=training).worst <= 1e-7  # rng shared with it
    layer.rng.bit_generator.state = state
    assert layer.forward(x, training=True)[0, 0] == x[0, 0] * np.random.default_rng(11).normal(1, 0.3)


def test_what_else_forward_takes_is_handed_on():
    layer, x = Noisy(None), np.ones((2, 2))
    assert check_gradients(layer, x, np.random.default_rng(14), times=5).worst <= 1e-7
    with pytest.raises(TypeError, match="unexpected keyword argument 'often'"):
        check_gradients(layer, x, np.random.default_rng(14), often=5)


def test_broken_layers_are_caught_inside_a_net():
    rng = np.random.default_rng(5)
    net = Sequential(Dense(4), NoVariancePath(), Tanh(), Dense(2)).initialize("xavier_normal", rng)
    errors = check_gradients(net, rng.standard_normal((6, 3)), rng, training=True).errors
    assert errors["0.W"] > 1e-3
    assert errors["3.W"] <= 1e-7


def test_an_upstream_of_ones_would_not_have_caught_it():
    """Why check_gradients draws its upstream: Σy of a batch norm is constant, and 0 = 0 proves nothing."""
    x = np.random.default_rng(6).standard_normal((6, 3))
    for layer in (BatchNorm(), NoVariancePath()):
        layer.forward(x, training=True)
        np.testing.assert_allclose(layer.backward(np.ones_like(x)), 0, atol=1e-12)


@MODES
def test_the_block_stays_as_it_was(training):
    rng = np.random.default_rng(7)
    net = Sequential(Dense(3), BatchNorm(), Tanh()).initialize("he_normal", rng)
    x, dy = rng.standard_normal((2, 5, 4)).astype(np.float32)
    dy = dy[:, :3]
    net.forward(x, training=True)
    dx = net.backward(dy)
    arrays = net.params | {f"grad {k}": g for k, g in net.grads.items()} | net.buffers
    before = {name: array.copy() for name, array in arrays.items()}
    x_before = x.copy()
    check_gradients(net, x, np.random.default_rng(0), training=training)
    after = net.params | {f"grad {k}": g for k, g in net.grads.items()} | net.buffers
    for name, array in before.items():
        assert after[name] is arrays[name]
        assert after[name].dtype == np.float32
        np.testing.assert_array_equal(after[name], array)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(net.backward(dy), dx)  # what forward kept is still there


def test_a_deferred_block_stays_deferred_and_its_generator_unmoved():
    rng = np.random.default_rng(8)
    layer = Dense(3).initialize("he_normal", rng)
    state = copy.deepcopy(rng.bit_generator.state)
    check_gradients(layer, np.ones((2, 4)), np.random.default_rng(0))
    assert repr(layer) == "Dense(? -> 3)"
    assert layer.params == {}
    assert rng.bit_generator.state == state


def test_the_same_generator_gives_the_same_outcome():
    x = np.random.default_rng(9).standard_normal((4, 3))
    outcomes = [check_gradients(BatchNorm(), x, np.random.default_rng(1), training=True) for _ in "ab"]
    assert outcomes[0] == outcomes[1]


class WithoutReturn(Block):
    """A learner's layer that forgets a return: forward or backward gives None."""

    def __init__(self, forgets):
        super().__init__()
        self._forgets = forgets

    def forward(self, x, *, training=False):
        return None if self._forgets == "forward" else 2 * x

    def backward(self, dy):
        return None if self._forgets == "backward" else 2 * dy


def test_a_forgotten_return_is_told():
    x = np.ones((2, 3))
    assert check_gradients(WithoutReturn("nothing"), x, np.random.default_rng(0)).worst < 1e-7
    assert check_gradients(WithoutReturn("backward"), x, np.random.default_rng(0)).errors == {"x": np.inf}
    with pytest.raises(TypeError, match=r"forward of WithoutReturn\(\) returns None, no array"):
        check_gradients(WithoutReturn("forward"), x, np.random.default_rng(0))
