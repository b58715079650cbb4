"""Local response normalization: three channels worked by hand, loops over the paper's sum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import LocalResponseNorm, check_gradients

MODES = pytest.mark.parametrize("training", [False, True])
A = np.array([[1.0, 2.0, 3.0]])


def small(size=3):
    return LocalResponseNorm(size, alpha=1, beta=1, k=2)


@MODES
def test_by_hand(training):
    """With α = β = 1 and k = 2, s = (2 + 1 + 4, 2 + 1 + 4 + 9, 2 + 4 + 9) and b = a / s."""
    layer = small()
    np.testing.assert_allclose(layer.forward(A, training=training), [[1 / 7, 2 / 16, 3 / 15]], rtol=1e-15)
    # Upstream on channel 2, which all three channels feed: b₂ / s₂ = 1/128, so -2 a_m / 128, and 1/16 more.
    dx = layer.backward(np.array([[0.0, 1.0, 0.0]]))
    np.testing.assert_allclose(dx, [[-1 / 64, 1 / 16 - 1 / 32, -3 / 64]], rtol=1e-14)
    # Upstream on channel 1: channel 3 lies outside its window. b₁ / s₁ = 1/49.
    dx = layer.backward(np.array([[1.0, 0.0, 0.0]]))
    np.testing.assert_allclose(dx, [[1 / 7 - 2 / 49, -4 / 49, 0]], rtol=1e-14, atol=1e-17)


def test_windows_of_one_and_of_an_even_size_by_hand():
    np.testing.assert_allclose(small(1).forward(A), [[1 / 3, 2 / 6, 3 / 11]], rtol=1e-15)
    np.testing.assert_allclose(small(2).forward(A), [[1 / 3, 2 / 7, 3 / 15]], rtol=1e-15)  # i - 1 and i
    np.testing.assert_allclose(small(99).forward(A), A / 16, rtol=1e-15)


def test_the_defaults_are_the_paper_s():
    """k = 2, n = 5, α = 1e-4, β = 0.75; a single channel of 100: 100 / (2 + 1)^0.75."""
    np.testing.assert_allclose(LocalResponseNorm().forward(np.array([[100.0]])), [[100 / 3**0.75]])
    y = LocalResponseNorm().forward(np.full((1, 9), 100.0))[0]
    np.testing.assert_allclose(y, 100 / (2 + np.array([3, 4, 5, 5, 5, 5, 5, 4, 3])) ** 0.75, rtol=1e-14)


def in_loops(a, n, alpha, beta, k):
    out = np.empty_like(a)
    last = a.shape[1] - 1
    for i in range(last + 1):
        total = 0
        for j in range(max(0, i - n // 2), min(last, i + (n - 1) // 2) + 1):
            total = total + a[:, j] ** 2
        out[:, i] = a[:, i] / (k + alpha * total) ** beta
    return out


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(
    n=st.integers(1, 3),
    channels=st.integers(1, 7),
    side=st.integers(0, 2),
    size=st.integers(1, 9),
    beta=st.sampled_from([0, 0.5, 0.75, 2]),
    seed=st.integers(0, 999),
)
def test_any_shape_against_loops(n, channels, side, size, beta, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(0, 2, (n, channels, side, side + 1) if side else (n, channels))
    layer = LocalResponseNorm(size, alpha=0.3, beta=beta, k=1.5)
    np.testing.assert_allclose(layer.forward(a), in_loops(a, size, 0.3, beta, 1.5), rtol=1e-12)


@MODES
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("shape", [(3, 6), (2, 5, 2, 2)])
def test_gradients(shape, size, training):
    rng = np.random.default_rng(1)
    layer = LocalResponseNorm(size, alpha=0.5)
    assert check_gradients(layer, rng.normal(0, 2, shape), rng, training=training).worst <= 1e-7


def test_pixels_and_samples_do_not_mix():
    rng = np.random.default_rng(2)
    a = rng.standard_normal((2, 6, 3, 3))
    layer = LocalResponseNorm(3, alpha=1)
    whole = layer.forward(a)
    np.testing.assert_array_equal(layer.forward(a[1:, :, 2:, :1]), whole[1:, :, 2:, :1])


@MODES
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept_and_inputs_are_left_alone(dtype, training):
    big = np.zeros((2, 6), dtype)
    big[:1, ::2] = A
    x, dy = big[:1, ::2], np.array([[0, 1, 0]], dtype)
    x.setflags(write=False)
    dy.setflags(write=False)
    layer = small()
    y, dx = layer.forward(x, training=training), layer.backward(dy)
    assert y.dtype == dx.dtype == dtype
    np.testing.assert_allclose(y, [[1 / 7, 1 / 8, 1 / 5]], rtol=1e-6)
    np.testing.assert_allclose(dx, [[-1 / 64, 1 / 32, -3 / 64]], rtol=1e-5)
    assert layer.params == layer.grads == layer.buffers == {}


WRONG = [
    (lambda: LocalResponseNorm(0), ValueError, "size must be 1 or more; got 0"),
    (lambda: LocalResponseNorm(5.0), TypeError, "size must be a whole number"),
    (lambda: LocalResponseNorm(alpha=-1), ValueError, "alpha must be .*got -1"),
    (lambda: LocalResponseNorm(beta=float("nan")), ValueError, "beta must be .*got nan"),
    (lambda: LocalResponseNorm(k=0), ValueError, "k must be above 0.*got 0"),
    (lambda: LocalResponseNorm(k=-2), ValueError, "k must be .*got -2"),
    (lambda: small().forward(np.ones(3)), ValueError, r"x has the shape \(3,\)"),
    (lambda: small().forward(np.ones((0, 3))), ValueError, "x is empty"),
    (lambda: small().forward([["a"]]), TypeError, "x must hold real numbers"),
    (lambda: small().backward(A), RuntimeError, "call forward first"),
]


@pytest.mark.parametrize(("call", "error", "sentence"), WRONG)
def test_a_wrong_call_is_refused(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


def test_a_refused_call_leaves_the_last_forward():
    layer = small()
    layer.forward(A)
    for bad in (np.ones(3), [["a"]]):
        with pytest.raises((TypeError, ValueError)):
            layer.forward(bad)
    with pytest.raises(ValueError, match=r"dy must have the shape \(1, 3\)"):
        layer.backward(np.ones((1, 4)))
    np.testing.assert_allclose(layer.backward(np.array([[0.0, 1, 0]])), [[-1 / 64, 1 / 32, -3 / 64]])
    assert repr(layer) == "LocalResponseNorm(3, alpha=1, beta=1, k=2)"
