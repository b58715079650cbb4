"""Activations: values at points where they can be written down, slopes, and the far ends."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import Identity, LeakyReLU, ReLU, Sigmoid, Tanh, sigmoid

LN2, LN3 = math.log(2), math.log(3)

# tanh(ln 2) = (2 - 1/2) / (2 + 1/2) = 3/5, slope 1 - 9/25; sigmoid(ln 3) = 3/4, slope 3/16.
VALUES = [
    (Tanh(), LN2, 0.6, 0.64),
    (Tanh(), -LN2, -0.6, 0.64),
    (Tanh(), 0.0, 0.0, 1.0),
    (Sigmoid(), LN3, 0.75, 0.1875),
    (Sigmoid(), -LN3, 0.25, 0.1875),
    (Sigmoid(), 0.0, 0.5, 0.25),
    (ReLU(), 2.5, 2.5, 1.0),
    (ReLU(), -2.5, 0.0, 0.0),
    (ReLU(), 0.0, 0.0, 0.0),
    (LeakyReLU(), 2.5, 2.5, 1.0),
    (LeakyReLU(), -2.0, -0.02, 0.01),
    (LeakyReLU(0.25), -2.0, -0.5, 0.25),
    (LeakyReLU(0.25), 0.0, 0.0, 0.25),
    (LeakyReLU(0), -2.0, 0.0, 0.0),
    (LeakyReLU(1), -2.0, -2.0, 1.0),
    (Identity(), -2.5, -2.5, 1.0),
]
ALL = [Tanh, Sigmoid, ReLU, LeakyReLU, Identity]


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(("layer", "x", "y", "slope"), VALUES)
def test_values_and_slopes(layer, x, y, slope, training):
    out = layer.forward(np.array([[x]]), training=training)
    assert out.item() == pytest.approx(y, rel=1e-15, abs=1e-16)
    assert layer.backward(np.array([[-3.0]])).item() == pytest.approx(-3 * slope, rel=1e-15, abs=1e-16)


@pytest.mark.parametrize("z", [-700.0, -100.0, -36.0, -20.0, -1.0, 0.0, 1.0, 20.0])
def test_sigmoid_keeps_its_digits_far_to_the_left(z):
    assert sigmoid(np.array([z]))[0] == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-14)
    if z > -87:
        assert sigmoid(np.float32([z]))[0] == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows(dtype):
    x = np.array([[-1e30, -1e4, 1e4, 1e30]], dtype)
    np.testing.assert_array_equal(sigmoid(x), [[0, 0, 1, 1]])
    for layer, expected in [(Sigmoid(), [0, 0, 1, 1]), (Tanh(), [-1, -1, 1, 1])]:
        np.testing.assert_array_equal(layer.forward(x), [expected])
        np.testing.assert_array_equal(layer.backward(np.ones_like(x)), np.zeros_like(x))


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(st.floats(-30, 30))
def test_symmetries(z):
    assert sigmoid(np.array(z)) + sigmoid(np.array(-z)) == pytest.approx(1, rel=1e-15)
    assert 2 * sigmoid(np.array(2 * z)) - 1 == pytest.approx(math.tanh(z), abs=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 2, 2)])
def test_shape_and_dtype_are_kept_and_inputs_left_alone(kind, shape, dtype):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((*shape[:-1], 2 * shape[-1])).astype(dtype)[..., ::2]  # a view
    dy = rng.standard_normal(shape).astype(dtype)
    before = x.copy(), dy.copy()
    x.setflags(write=False)
    dy.setflags(write=False)
    layer = kind()
    y, dx = layer.forward(x), layer.backward(dy)
    assert y.shape == dx.shape == shape
    assert y.dtype == dx.dtype == dtype
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(dy, before[1])
    assert layer.params == layer.grads == layer.buffers == {}


@pytest.mark.parametrize("kind", ALL)
def test_each_entry_is_mapped_by_itself(kind):
    x, dy = np.random.default_rng(1).standard_normal((2, 4, 3))
    layer = kind()
    y = layer.forward(x)
    dx = layer.backward(dy)
    for index in np.ndindex(x.shape):
        single = kind()
        # Vector units may differ from a single number in the last digit.
        assert single.forward(x[index].reshape(1)).item() == pytest.approx(y[index], rel=1e-14)
        assert single.backward(dy[index].reshape(1)).item() == pytest.approx(dx[index], rel=1e-13)


def test_slope_bounds_named_in_the_docstrings():
    x = np.linspace(-5, 5, 1001).reshape(1, -1)
    for layer, largest in [(Tanh(), 1.0), (Sigmoid(), 0.25)]:
        layer.forward(x)
        slope = layer.backward(np.ones_like(x))
        assert slope.max() == slope[0, 500] == largest
        assert slope.min() > 0


def test_repr():
    assert [repr(layer) for layer in (Tanh(), ReLU(), LeakyReLU(0.2))] == [
        "Tanh()",
        "ReLU()",
        "LeakyReLU(0.2)",
    ]
