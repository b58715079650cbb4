"""The dense layer: one example worked by hand, then dtypes, memory and shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import Dense, initializers

# By hand: y_11 = 1·1 + 2·2 + (-1)·0.5 + 0.5 = 5, and so on.
X = np.array([[1.0, 2.0, -1.0], [0.0, 3.0, 2.0]])
W = np.array([[1.0, -1.0], [2.0, 0.0], [0.5, 3.0]])
B = np.array([0.5, -1.0])
Y = np.array([[5.0, -5.0], [7.5, 5.0]])
DY = np.array([[1.0, 2.0], [-1.0, 0.5]])
DW = np.array([[1.0, 2.0], [-1.0, 5.5], [-3.0, -1.0]])
DB = np.array([0.0, 2.5])
DX = np.array([[-1.0, 2.0, 6.5], [-1.5, -2.0, 1.0]])


def layer_of_the_example(bias=True):
    layer = Dense(2, in_units=3, bias=bias).initialize("zeros", np.random.default_rng(0))
    layer.params["W"][...] = W
    if bias:
        layer.params["b"][...] = B
    return layer


@pytest.mark.parametrize("training", [False, True])
def test_the_hand_worked_example(training):
    layer = layer_of_the_example()
    np.testing.assert_array_equal(layer.forward(X, training=training), Y)
    np.testing.assert_array_equal(layer.backward(DY), DX)
    np.testing.assert_array_equal(layer.grads["W"], DW)
    np.testing.assert_array_equal(layer.grads["b"], DB)


def test_without_bias():
    layer = layer_of_the_example(bias=False)
    np.testing.assert_array_equal(layer.forward(X), Y - B)
    np.testing.assert_array_equal(layer.backward(DY), DX)
    assert set(layer.params) == set(layer.grads) == {"W"}


def test_gradients_are_those_of_the_last_batch_and_do_not_add_up():
    layer = layer_of_the_example()
    for _ in range(3):
        layer.forward(X)
        layer.backward(DY)
    np.testing.assert_array_equal(layer.grads["W"], DW)
    layer.forward(X[:1])
    layer.backward(DY[:1])
    np.testing.assert_array_equal(layer.grads["W"], np.outer(X[0], DY[0]))


def test_weights_written_after_the_first_forward_take_effect():
    layer = Dense(2).initialize("he_normal", np.random.default_rng(0))
    layer.forward(X)
    layer.params["W"][...] = W
    layer.params["b"][...] = B
    np.testing.assert_array_equal(layer.forward(X), Y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weights", [np.float32, np.float64])
def test_the_dtype_of_the_input_is_kept(dtype, weights):
    layer = Dense(2).initialize("he_normal", np.random.default_rng(0))
    layer.forward(X.astype(weights))
    y = layer.forward(X.astype(dtype))
    dx = layer.backward(DY.astype(dtype))
    assert y.dtype == dx.dtype == layer.grads["W"].dtype == layer.grads["b"].dtype == dtype
    assert layer.params["W"].dtype == weights


@pytest.mark.parametrize(
    ("given_dtype", "kept"),
    [(np.uint8, np.float32), (np.int64, np.float32), (np.float16, np.float32), (">f8", np.float64)],
)
def test_other_numbers_become_floats_without_losing_digits(given_dtype, kept):
    x = np.array([[1, 2, 4]]).astype(given_dtype)
    y = layer_of_the_example().forward(x)
    assert y.dtype == kept
    np.testing.assert_array_equal(y, [[1 + 4 + 2 + 0.5, -1 + 12 - 1]])
    if kept == np.float64:
        assert layer_of_the_example().forward(x / 3).dtype == np.float64


def test_lists_are_accepted():
    np.testing.assert_array_equal(layer_of_the_example().forward(X.tolist()), Y)


def test_inputs_are_not_written_to():
    layer = layer_of_the_example()
    x, dy = X.copy(), DY.copy()
    x.setflags(write=False)
    dy.setflags(write=False)
    y = layer.forward(x)
    layer.backward(dy)
    y += 1  # the output is the caller's own
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(layer.backward(dy), DX)
    np.testing.assert_array_equal(layer.params["b"], B)


def test_views_are_as_good_as_contiguous_arrays():
    layer = layer_of_the_example()
    big = np.zeros((4, 6))
    big[::2, ::2] = X
    np.testing.assert_array_equal(layer.forward(big[::2, ::2]), Y)
    np.testing.assert_array_equal(layer.backward(np.asfortranarray(DY)), DX)
    np.testing.assert_array_equal(layer.grads["W"], DW)
    np.testing.assert_array_equal(layer.forward(X[::-1]), Y[::-1])


@settings(max_examples=30, deadline=None, database=None, derandomize=True)
@given(n=st.integers(1, 6), n_in=st.integers(1, 6), n_out=st.integers(1, 6), seed=st.integers(0, 99))
def test_any_sizes_against_sums_written_out(n, n_in, n_out, seed):
    rng = np.random.default_rng(seed)
    x, dy = rng.standard_normal((n, n_in)), rng.standard_normal((n, n_out))
    layer = Dense(n_out).initialize(initializers.normal(1), rng)
    y = layer.forward(x)
    w = layer.params["W"]
    assert w.shape == (n_in, n_out)
    for i in range(n):
        for j in range(n_out):
            assert y[i, j] == pytest.approx(sum(x[i, k] * w[k, j] for k in range(n_in)), abs=1e-12)
    dx = layer.backward(dy)
    for i in range(n):
        for k in range(n_in):
            assert dx[i, k] == pytest.approx(sum(dy[i, j] * w[k, j] for j in range(n_out)), abs=1e-12)
    for j in range(n_out):
        assert layer.grads["b"][j] == pytest.approx(sum(dy[i, j] for i in range(n)), abs=1e-12)
