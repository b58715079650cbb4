"""Flatten: the order of the numbers, and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import (
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    Sequential,
    Tanh,
    check_gradients,
)


@pytest.mark.parametrize("training", [False, True])
def test_channel_by_channel_row_by_row(training):
    x = np.array([[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]])
    layer = Flatten()
    np.testing.assert_array_equal(layer.forward(x, training=training), [[1, 2, 3, 4, 5, 6, 7, 8]])
    np.testing.assert_array_equal(layer.backward(np.array([[8.0, 7, 6, 5, 4, 3, 2, 1]])), 9 - x)


@settings(max_examples=50, deadline=None, database=None, derandomize=True)
@given(shape=st.lists(st.integers(1, 4), min_size=2, max_size=5), reverse=st.booleans(), wide=st.booleans())
def test_any_shape_and_layout(shape, reverse, wide):
    dtype = np.float64 if wide else np.float32
    x = np.arange(np.prod(shape), dtype=dtype).reshape(shape)
    x = np.asfortranarray(x)[::-1] if reverse else x
    layer = Flatten()
    y = layer.forward(x)
    assert y.dtype == dtype
    assert y.shape == (shape[0], np.prod(shape[1:]))
    for sample in range(shape[0]):
        assert y[sample].tolist() == [x[(sample, *index)] for index in np.ndindex(*shape[1:])]
    dx = layer.backward(np.asfortranarray(y))
    np.testing.assert_array_equal(dx, x, strict=True)


@pytest.mark.parametrize("training", [False, True])
def test_gradients(training):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 2, 3, 2))
    assert check_gradients(Flatten(), x, rng, training=training).worst <= 1e-7
    net = Sequential(Conv2D(2, 2, padding=1), Tanh(), MaxPool2D(2), Flatten(), Dense(3))
    net.initialize("xavier_uniform", rng)
    assert check_gradients(net, rng.standard_normal((2, 2, 4, 4)), rng, training=training).worst <= 1e-7


def test_a_net_like_lenet_5_has_its_sizes():
    """LeCun et al. 1998: 28 → 14 → 10 → 5 pixels, 400 numbers, and so 61,706 parameters."""
    net = Sequential(
        *(Conv2D(6, 5, padding=2), Tanh(), MaxPool2D(2), Conv2D(16, 5), Tanh(), MaxPool2D(2)),
        *(Flatten(), Dense(120), Tanh(), Dense(84), Tanh(), Dense(10)),
    ).initialize("xavier_uniform", np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((4, 1, 28, 28), dtype=np.float32)
    y = net.forward(x, training=True)
    assert y.shape == (4, 10)
    assert y.dtype == np.float32
    assert net.backward(np.ones_like(y)).shape == x.shape
    assert net.params["7.W"].shape == (400, 120)
    assert sum(array.size for array in net.params.values()) == 61_706
    assert {name: g.shape for name, g in net.grads.items()} == {n: p.shape for n, p in net.params.items()}


def test_inputs_are_not_written_to():
    x = np.arange(8.0).reshape(1, 2, 2, 2)
    x.setflags(write=False)
    layer = Flatten()
    dy = layer.forward(x)
    np.testing.assert_array_equal(layer.backward(dy), x)
    assert layer.params == layer.grads == {}


def test_wrong_input_is_refused_and_changes_nothing():
    layer = Flatten()
    with pytest.raises(RuntimeError, match=r"Flatten.backward .*: call forward first"):
        layer.backward(np.ones((1, 8)))
    layer.forward(np.ones((2, 2, 2, 2)))
    for x, error, sentence in (
        (np.ones(3), ValueError, r"two axes or more, \(N, C, H, W\); its shape is \(3,\)"),
        (3.0, ValueError, "two axes or more"),
        (np.ones((0, 1, 2, 2)), ValueError, "x is empty"),
        ([["a"]], TypeError, "x must hold real numbers"),
    ):
        with pytest.raises(error, match=sentence):
            layer.forward(x)
    with pytest.raises(ValueError, match=r"dy must have the shape \(2, 8\); got \(2, 2, 2, 2\)"):
        layer.backward(np.ones((2, 2, 2, 2)))
    assert layer.backward(np.ones((2, 8))).shape == (2, 2, 2, 2)
