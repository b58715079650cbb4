"""Group normalization: groups worked by hand, loops, and the two norms that it contains."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import GroupNorm, LayerNorm, check_gradients

MODES = pytest.mark.parametrize("training", [False, True])

# One sample of six channels in two groups, ε = 1/4: (0, 0, 3) has the mean 1, the variance 2 and the root
# 3/2; (2, 5, 8) has 5, 6 and 5/2.
X = np.array([[0.0, 0.0, 3.0, 2.0, 5.0, 8.0]])
X_HAT = np.array([[-2 / 3, -2 / 3, 4 / 3, -6 / 5, 0, 6 / 5]])
GAMMA, BETA = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, -1.0, 0.0, 1.0, -1.0])
Y = np.array([[-2 / 3, -1 / 3, 3, -6 / 5, 1, 13 / 5]])
# g = γ δ is (1, 0, 0 | 0, 2, 0); mean g = 1/3 and 2/3, mean g x̂ = -2/9 and 0, factors 2/3 and 2/5.
DY = np.array([[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]])
DX = np.array([[28 / 81, -26 / 81, -2 / 81, -4 / 15, 8 / 15, -4 / 15]])


def of_the_example():
    layer = GroupNorm(2, eps=0.25)
    layer.forward(X)
    layer.params["gamma"][...] = GAMMA
    layer.params["beta"][...] = BETA
    return layer


@MODES
def test_by_hand(training):
    layer = of_the_example()
    np.testing.assert_allclose(GroupNorm(2, eps=0.25).forward(X), X_HAT, rtol=1e-14)
    np.testing.assert_allclose(layer.forward(X, training=training), Y, rtol=1e-14)
    np.testing.assert_allclose(layer.backward(DY), DX, rtol=1e-13)
    np.testing.assert_allclose(layer.grads["gamma"], [-2 / 3, 0, 0, 0, 0, 0], atol=1e-15)
    np.testing.assert_array_equal(layer.grads["beta"], DY[0])
    assert layer.buffers == {}


def test_images_by_hand():
    """Two channels of three pixels, a group each: γ and β belong to a channel, not to a pixel."""
    x = X.reshape(1, 2, 1, 3)
    layer = GroupNorm(2, eps=0.25)
    layer.forward(x)
    layer.params["gamma"][...] = [3, 10]
    layer.params["beta"][...] = [1, -1]
    np.testing.assert_allclose(layer.forward(x), [[[[-1, -1, 5]], [[-13, -1, 11]]]], rtol=1e-14)
    layer.backward(np.array([1.0, 0, 0, 0, 2, 0]).reshape(1, 2, 1, 3))
    np.testing.assert_allclose(layer.grads["gamma"], [-2 / 3, 0], atol=1e-15)
    np.testing.assert_array_equal(layer.grads["beta"], [1, 2])


def in_loops(x, dy, groups, gamma, beta, eps):
    """Sample by sample and group by group, the channel of every entry written down beside it."""
    y, dx = np.empty_like(x), np.empty_like(x)
    channels = x.shape[1]
    size = channels // groups
    for i in range(len(x)):
        for first in range(0, channels, size):
            part = slice(first, first + size)
            v = x[i, part].ravel()
            k, mu = len(v), sum(x[i, part].ravel()) / len(v)
            s = (sum((a - mu) ** 2 for a in v) / k + eps) ** 0.5
            hat = [(a - mu) / s for a in v]
            owner = [c for c in range(first, first + size) for _ in range(k // size)]
            y[i, part] = np.reshape(
                [gamma[c] * h + beta[c] for c, h in zip(owner, hat, strict=True)], x[i, part].shape
            )
            g = [gamma[c] * d for c, d in zip(owner, dy[i, part].ravel(), strict=True)]
            g_hat = sum(a * b for a, b in zip(g, hat, strict=True))
            dx[i, part] = np.reshape(
                [(k * g[a] - sum(g) - hat[a] * g_hat) / (k * s) for a in range(k)], x[i, part].shape
            )
    return y, dx


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(
    n=st.integers(1, 3),
    groups=st.integers(1, 3),
    size=st.integers(1, 3),
    side=st.integers(0, 3),
    seed=st.integers(0, 999),
)
def test_any_shape_against_loops(n, groups, size, side, seed):
    rng = np.random.default_rng(seed)
    channels = groups * size
    shape = (n, channels, side, side + 1) if side else (n, channels)
    x, dy = rng.normal(3, 2, shape), rng.standard_normal(shape)
    layer = GroupNorm(groups, eps=0.01)
    layer.forward(x)
    for name in ("gamma", "beta"):
        assert layer.params[name].shape == (channels,)
        layer.params[name][...] = rng.standard_normal(channels)
    y, dx = in_loops(x, dy, groups, layer.params["gamma"], layer.params["beta"], 0.01)
    np.testing.assert_allclose(layer.forward(x, training=bool(seed % 2)), y, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(layer.backward(dy), dx, rtol=1e-9, atol=1e-10)


@MODES
@pytest.mark.parametrize(
    ("groups", "shape"), [(2, (3, 6)), (1, (4, 3)), (2, (2, 4, 3, 2)), (3, (1, 3, 2, 2))]
)
def test_gradients(groups, shape, training):
    rng = np.random.default_rng(1)
    x = rng.normal(2, 3, shape)
    assert check_gradients(GroupNorm(groups), x, rng, training=training).worst <= 1e-7


def test_one_group_is_layer_norm_and_c_groups_take_each_channel_by_itself():
    x = np.random.default_rng(2).normal(5, 3, (4, 6, 3, 3))
    np.testing.assert_allclose(GroupNorm(1).forward(x), LayerNorm().forward(x), rtol=1e-12)
    y = GroupNorm(6, eps=0).forward(x)
    np.testing.assert_allclose(y.mean(axis=(2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=(2, 3)), 1, rtol=1e-12)


def test_batch_mates_play_no_part_and_a_batch_of_one_is_enough():
    x = np.random.default_rng(3).normal(5, 3, (8, 4))
    layer = GroupNorm(2)
    together = layer.forward(x, training=True)
    for i in range(8):
        np.testing.assert_array_equal(layer.forward(x[i : i + 1], training=True), together[i : i + 1])


def test_a_group_of_one_number_becomes_beta():
    layer = GroupNorm(3)
    layer.forward(np.ones((1, 3)))
    layer.params["beta"][...] = [1, 2, 3]
    np.testing.assert_array_equal(layer.forward(np.array([[5.0, -6.0, 7.0]])), [[1, 2, 3]])


@MODES
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept_and_inputs_are_left_alone(dtype, training):
    big = np.zeros((2, 12), dtype)
    big[:1, ::2] = X
    x, dy = big[:1, ::2], DY.astype(dtype)
    x.setflags(write=False)
    dy.setflags(write=False)
    layer = of_the_example()
    y, dx = layer.forward(x, training=training), layer.backward(dy)
    assert y.dtype == dx.dtype == layer.grads["gamma"].dtype == layer.grads["beta"].dtype == dtype
    np.testing.assert_allclose(y, Y, rtol=1e-5)
    np.testing.assert_allclose(dx, DX, rtol=1e-5, atol=1e-6)


def test_channels_last_in_memory_changes_nothing():
    x = np.random.default_rng(4).standard_normal((3, 5, 2, 4))
    np.testing.assert_allclose(
        GroupNorm(2).forward(x.transpose(0, 3, 1, 2)),
        GroupNorm(2).forward(np.ascontiguousarray(x.transpose(0, 3, 1, 2))),
        rtol=1e-14,
    )


def test_initialize_starts_gamma_and_beta_afresh():
    layer = of_the_example().initialize("he_normal", np.random.default_rng(0))
    np.testing.assert_array_equal(layer.params["gamma"], 1)
    np.testing.assert_array_equal(layer.params["beta"], 0)
    assert repr(layer) == "GroupNorm(2, eps=0.25)"


WRONG = [
    (lambda layer: layer.forward(np.ones((1, 7))), ValueError, "7 channels .* 2 equal groups: choose"),
    (lambda layer: layer.forward(np.ones((1, 4))), ValueError, r"has 6 channels; x has 4 \(\(1, 4\)\)"),
    (lambda layer: layer.forward(np.ones(6)), ValueError, r"\(N, C, H, W\); its shape is \(6,\)"),
    (lambda layer: layer.forward(np.ones((0, 6))), ValueError, "x is empty"),
    (lambda layer: layer.forward([["a"]]), TypeError, "x must hold real numbers"),
    (lambda layer: layer.backward(np.ones((2, 6))), ValueError, r"dy must have the shape \(1, 6\)"),
    (lambda layer: layer.initialize("he", np.random.default_rng(0)), ValueError, "scheme must be one of"),
]


@pytest.mark.parametrize(("call", "error", "sentence"), WRONG)
def test_a_wrong_call_is_refused_and_changes_nothing(call, error, sentence):
    layer = of_the_example()
    layer.forward(X)
    before = copy.deepcopy(layer.params)
    with pytest.raises(error, match=sentence):
        call(layer)
    for name, array in before.items():
        np.testing.assert_array_equal(layer.params[name], array)
    np.testing.assert_allclose(layer.backward(DY), DX, rtol=1e-13)


def test_wrong_at_the_start():
    for groups, error in ((0, ValueError), (-1, ValueError), (1.5, TypeError), (True, TypeError)):
        with pytest.raises(error, match="groups must be"):
            GroupNorm(groups)
    with pytest.raises(ValueError, match="eps must be"):
        GroupNorm(2, eps=-1)
    with pytest.raises(RuntimeError, match=r"GroupNorm.backward .*call forward first"):
        GroupNorm(2).backward(DY)
    fresh = GroupNorm(4)
    with pytest.raises(ValueError, match="6 channels do not fall into 4"):
        fresh.forward(X)
    assert fresh.params == {}
