"""Layer normalization: two samples worked by hand, sample by sample in loops, and what it promises."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import LayerNorm, check_gradients

MODES = pytest.mark.parametrize("training", [False, True])

# By hand with ε = 1/4. Sample 1: mean 1, squares 1, 1, 4, variance 2, √(2 + 1/4) = 3/2. Sample 2: mean 5,
# squares 9, 0, 9, variance 6, √(6 + 1/4) = 5/2.
X = np.array([[0.0, 0.0, 3.0], [2.0, 5.0, 8.0]])
GAMMA, BETA = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, -1.0])
Y = np.array([[-2 / 3, -1 / 3, 3], [-6 / 5, 1, 13 / 5]])
# g = γ δ is (1, 0, 0) and (0, 2, 0). Sample 1: mean g = 1/3, mean g x̂ = -2/9, so that
# dx = 2/3 (2/3 - 4/27, -1/3 - 4/27, -1/3 + 8/27). Sample 2: mean g = 2/3, mean g x̂ = 0.
DY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
DX = np.array([[28 / 81, -26 / 81, -2 / 81], [-4 / 15, 8 / 15, -4 / 15]])


def of_the_example():
    layer = LayerNorm(eps=0.25)
    layer.forward(X)
    layer.params["gamma"][...] = GAMMA
    layer.params["beta"][...] = BETA
    return layer


@MODES
def test_by_hand(training):
    layer = of_the_example()
    np.testing.assert_allclose(layer.forward(X, training=training), Y, rtol=1e-14)
    np.testing.assert_allclose(layer.backward(DY), DX, rtol=1e-13)
    np.testing.assert_allclose(layer.grads["gamma"], [-2 / 3, 0, 0], atol=1e-15)
    np.testing.assert_array_equal(layer.grads["beta"], [1, 1, 0])
    assert layer.buffers == {}


def in_loops(x, dy, gamma, beta, eps):
    """One sample after the other on lists, with the Jacobian of x̂ written out entry by entry."""
    y, dx = np.empty_like(x), np.empty_like(x)
    for i in range(len(x)):
        v, g = x[i].ravel(), (dy[i] * gamma).ravel()
        k = len(v)
        mu = sum(v) / k
        s = (sum((a - mu) ** 2 for a in v) / k + eps) ** 0.5
        y[i] = gamma * ((x[i] - mu) / s) + beta
        # ∂x̂_a/∂x_b = (δ_ab - 1/k) / s - (x_a - μ)(x_b - μ) / (k s³)
        jacobian = [
            [((a == b) - 1 / k) / s - (v[a] - mu) * (v[b] - mu) / (k * s**3) for b in range(k)]
            for a in range(k)
        ]
        dx[i] = (g @ np.array(jacobian)).reshape(x[i].shape)
    return y, dx


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(shape=st.lists(st.integers(1, 4), min_size=2, max_size=4), seed=st.integers(0, 999))
def test_any_shape_against_loops(shape, seed):
    rng = np.random.default_rng(seed)
    x, dy = rng.normal(3, 2, shape), rng.standard_normal(shape)
    layer = LayerNorm(eps=0.01)
    layer.forward(x)
    for name in ("gamma", "beta"):
        assert layer.params[name].shape == tuple(shape[1:])
        layer.params[name][...] = rng.standard_normal(shape[1:])
    y, dx = in_loops(x, dy, layer.params["gamma"], layer.params["beta"], 0.01)
    np.testing.assert_allclose(layer.forward(x, training=bool(seed % 2)), y, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(layer.backward(dy), dx, rtol=1e-9, atol=1e-10)
    assert layer.grads["gamma"].shape == layer.grads["beta"].shape == tuple(shape[1:])


@MODES
@pytest.mark.parametrize("shape", [(4, 5), (1, 3), (3, 2, 2, 3)])
def test_gradients(shape, training):
    rng = np.random.default_rng(1)
    assert check_gradients(LayerNorm(), rng.normal(2, 3, shape), rng, training=training).worst <= 1e-7


def test_every_sample_is_standardized_by_itself():
    rng = np.random.default_rng(2)
    x = rng.normal(100, 30, (6, 3, 4, 4))
    layer = LayerNorm(eps=0)
    y = layer.forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=(1, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=(1, 2, 3)), 1, rtol=1e-12)
    np.testing.assert_array_equal(layer.forward(x[:1], training=True), y[:1])  # alone as in company
    np.testing.assert_allclose(layer.forward(7 * x - 5), y, atol=1e-12)  # blind to a sample's scale


@MODES
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept_and_inputs_are_left_alone(dtype, training):
    big = np.zeros((4, 6), dtype)
    big[::2, ::2] = X
    x, dy = big[::2, ::2], DY.astype(dtype)
    x.setflags(write=False)
    dy.setflags(write=False)
    layer = of_the_example()  # float64 parameters
    y, dx = layer.forward(x, training=training), layer.backward(dy)
    assert y.dtype == dx.dtype == layer.grads["gamma"].dtype == layer.grads["beta"].dtype == dtype
    np.testing.assert_allclose(y, Y, rtol=1e-5)
    np.testing.assert_allclose(dx, DX, rtol=1e-5, atol=1e-6)
    assert LayerNorm().forward(np.arange(6).reshape(2, 3)).dtype == np.float32


def test_initialize_starts_gamma_and_beta_afresh():
    layer = of_the_example().initialize("he_normal", np.random.default_rng(0))
    np.testing.assert_array_equal(layer.params["gamma"], 1)
    np.testing.assert_array_equal(layer.params["beta"], 0)
    assert repr(layer) == "LayerNorm(eps=0.25)"


WRONG = [
    (lambda layer: layer.forward(np.ones((2, 4))), ValueError, r"shape \(3,\); those of x have \(4,\)"),
    (lambda layer: layer.forward(np.ones((2, 3, 1))), ValueError, r"those of x have \(3, 1\)"),
    (lambda layer: layer.forward(np.ones(3)), ValueError, r"two axes or more.*its shape is \(3,\)"),
    (lambda layer: layer.forward(np.ones((0, 3))), ValueError, "x is empty"),
    (lambda layer: layer.forward([["a"]]), TypeError, "x must hold real numbers"),
    (lambda layer: layer.backward(np.ones((3, 2))), ValueError, r"dy must have the shape \(2, 3\)"),
    (lambda layer: layer.initialize("he", np.random.default_rng(0)), ValueError, "scheme must be one of"),
    (lambda layer: layer.initialize("zeros", 0), TypeError, "rng must be a numpy.random.Generator"),
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
    with pytest.raises(ValueError, match="eps must be a finite number from 0 to inf; got -1"):
        LayerNorm(eps=-1)
    with pytest.raises(RuntimeError, match=r"LayerNorm.backward .*call forward first"):
        LayerNorm().backward(DY)
