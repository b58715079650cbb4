"""The convolutional layer: by hand, and against loops over single numbers."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coursekit.nn import BatchNorm, Conv2D, Sequential, Tanh, check_gradients, convolution, output_size
from tests.nn import naive_images

# By hand: y_0 = x[p, q] - x[p+1, q+1] + 0.5 and y_1 = x[p, q+1] + 2 x[p+1, q] - 1, and so on.
X = np.array([[[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 1.0, 1.0]]]])
W = np.array([[[[1.0, 0.0], [0.0, -1.0]]], [[[0.0, 1.0], [2.0, 0.0]]]])
B = np.array([0.5, -1.0])
Y = np.array([[[[0.5, -0.5], [-0.5, 0.5]], [[1.0, 1.0], [4.0, 4.0]]]])
DY = np.array([[[[1.0, 2.0], [0.0, -1.0]], [[0.5, 0.0], [1.0, -2.0]]]])
DW = np.array([[[[4.0, -1.0], [1.0, 6.0]]], [[[-1.5, -4.0], [0.0, -0.5]]]])
DB = np.array([2.0, -0.5])
DX = np.array([[[[1.0, 2.5, 0.0], [1.0, -1.0, -4.0], [2.0, -4.0, 1.0]]]])


def layer_with(w, b=None, **sizes):
    layer = Conv2D(len(w), w.shape[2:], in_channels=w.shape[1], bias=b is not None, **sizes)
    layer.initialize("zeros", np.random.default_rng(0))
    layer.params["W"] = np.array(w)
    if b is not None:
        layer.params["b"] = np.array(b)
    return layer


@pytest.mark.parametrize("training", [False, True])
def test_the_hand_worked_example(training):
    layer = layer_with(W, B)
    np.testing.assert_array_equal(layer.forward(X, training=training), Y)
    np.testing.assert_array_equal(layer.backward(DY), DX)
    np.testing.assert_array_equal(layer.grads["W"], DW)
    np.testing.assert_array_equal(layer.grads["b"], DB)


def test_without_bias():
    layer = layer_with(W)
    np.testing.assert_array_equal(layer.forward(X), Y - B[:, None, None])
    np.testing.assert_array_equal(layer.backward(DY), DX)
    assert set(layer.params) == set(layer.grads) == {"W"}


def test_stride_padding_and_dilation_by_hand():
    # The padded row is 0 1 2 3 4 0; windows take two pixels, two apart, and move by two.
    layer = layer_with(np.array([[[[1.0, 10.0]]]]), stride=(1, 2), padding=(0, 1), dilation=(1, 2))
    np.testing.assert_array_equal(layer.forward(np.array([[[[1.0, 2.0, 3.0, 4.0]]]])), [[[[20.0, 42.0]]]])
    np.testing.assert_array_equal(layer.backward(np.array([[[[1.0, 3.0]]]])), [[[[0.0, 13.0, 0.0, 30.0]]]])
    np.testing.assert_array_equal(layer.grads["W"], [[[[6.0, 14.0]]]])


@pytest.mark.parametrize(
    ("arguments", "places"),
    [
        ((227, 11, 4), 55),  # AlexNet's first layer
        ((224, 7, 2, 3), 112),  # ResNet's first layer
        ((28, 5, 1, 2), 28),
        ((28, 2, 2), 14),
        ((5, 3, 2, 1), 3),  # Dumoulin & Visin 2016: 5 and 6 pixels give the same
        ((6, 3, 2, 1), 3),
        ((7, 3, 1, 0, 2), 3),  # their dilated example
        ((1, 1), 1),
        ((1, 3, 5, 1), 1),
    ],
)
def test_output_sizes_from_the_literature(arguments, places):
    assert output_size(*arguments) == places


@given(
    size=st.integers(1, 12),
    kernel=st.integers(1, 4),
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 3),
)
@settings(max_examples=200, deadline=None, database=None, derandomize=True)
def test_output_size_counts_the_places_of_a_sliding_window(size, kernel, stride, padding, dilation):
    starts = naive_images.places(size, kernel, stride, padding, dilation)
    if starts:
        assert output_size(size, kernel, stride, padding, dilation) == len(starts)
    else:
        with pytest.raises(ValueError, match="take a smaller window"):
            output_size(size, kernel, stride, padding, dilation)


@st.composite
def cases(draw):
    """A layer's sizes, numbers for x, W, b and the upstream, and how many numbers fill a tile."""
    two = st.tuples(st.integers(1, 3), st.integers(1, 3))
    kernel, stride, dilation = draw(two), draw(two), draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    padding = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    image = tuple(
        max(1, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 4))
        for k, p, d in zip(kernel, padding, dilation, strict=True)
    )
    n, c_in, c_out = (draw(st.integers(1, 3)) for _ in range(3))
    out = tuple(
        len(naive_images.places(*size))
        for size in zip(image, kernel, stride, padding, dilation, strict=True)
    )
    numbers = st.floats(-1, 1, allow_subnormal=False)
    shapes = (n, c_in, *image), (c_out, c_in, *kernel), (c_out,), (n, c_out, *out)
    values = [draw(arrays(np.float64, shape, elements=numbers)) for shape in shapes]
    return (
        dict(stride=stride, padding=padding, dilation=dilation),
        values,
        draw(st.sampled_from([1, 60, 200, 2**18])),
    )


@settings(max_examples=60, deadline=None, database=None, derandomize=True)
@given(case=cases())
def test_any_sizes_and_values_against_loops(case):
    sizes, (x, w, b, dy), tile = case
    layer = layer_with(w, b, **sizes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "TILE", tile)
        y, dx = layer.forward(x), layer.backward(dy)
    expected = naive_images.convolution(x, w, b, **sizes)
    assert y.shape == expected.shape
    np.testing.assert_allclose(y, expected, rtol=0, atol=1e-12)
    gradients = naive_images.convolution_gradients(x, w, dy, **sizes)
    for name, ours, theirs in zip("xWb", (dx, layer.grads["W"], layer.grads["b"]), gradients, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("tile", [1, 250, 700, 1500, 2**18])
def test_pieces_of_any_size_make_up_the_same_whole(monkeypatch, tile):
    """Five images of 2 x 9 x 8 and a 3 x 3 kernel: one row, some rows, one image, some images, all."""
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((5, 2, 9, 8)), rng.standard_normal((3, 2, 3, 3)), rng.standard_normal(3)
    sizes = dict(stride=(1, 2), padding=(1, 0), dilation=(1, 1))
    y = naive_images.convolution(x, w, b, **sizes)
    dy = rng.standard_normal(y.shape)
    dx, d_weight, d_bias = naive_images.convolution_gradients(x, w, dy, **sizes)
    monkeypatch.setattr(convolution, "TILE", tile)
    layer = layer_with(w, b, **sizes)
    for _ in range(2):  # gradients do not add up over calls
        np.testing.assert_allclose(layer.forward(x), y, rtol=0, atol=1e-12)
        np.testing.assert_allclose(layer.backward(dy), dx, rtol=0, atol=1e-12)
        np.testing.assert_allclose(layer.grads["W"], d_weight, rtol=0, atol=1e-12)
        np.testing.assert_allclose(layer.grads["b"], d_bias, rtol=0, atol=1e-12)


LAYERS = {
    "plain": (lambda: Conv2D(2, 3), (2, 3, 4, 5)),
    "all sizes": (lambda: Conv2D(3, (2, 3), (2, 1), (1, 2), (1, 2)), (2, 2, 5, 4)),
    "without bias": (lambda: Conv2D(2, 2, stride=2, bias=False), (3, 1, 5, 5)),
    "one pixel": (lambda: Conv2D(4, 1), (2, 3, 2, 2)),
    "as wide as the image": (lambda: Conv2D(2, (3, 4)), (3, 2, 3, 4)),
    "a net": (lambda: Sequential(Conv2D(3, 3, padding=1), BatchNorm(), Tanh(), Conv2D(2, 2)), (3, 2, 4, 3)),
}


@pytest.mark.parametrize("training", [False, True], ids=["predict", "train"])
@pytest.mark.parametrize(("make", "shape"), LAYERS.values(), ids=LAYERS)
def test_backward_is_the_slope_of_forward(make, shape, training):
    rng = np.random.default_rng(3)
    block, x = make().initialize("he_normal", rng), rng.standard_normal(shape)
    outcome = check_gradients(block, x, rng, training=training)
    block.forward(x)
    assert set(outcome.errors) == {"x", *block.params}
    assert outcome.worst <= 1e-7


@settings(max_examples=15, deadline=None, database=None, derandomize=True)
@given(
    kernel=st.integers(1, 3),
    stride=st.integers(1, 3),
    padding=st.integers(0, 2),
    dilation=st.integers(1, 2),
    seed=st.integers(0, 99),
)
def test_gradients_of_any_sizes(kernel, stride, padding, dilation, seed):
    rng = np.random.default_rng(seed)
    layer = Conv2D(2, kernel, stride, padding, dilation).initialize("he_normal", rng)
    assert check_gradients(layer, rng.standard_normal((2, 2, 5, 6)), rng).worst <= 1e-7


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weights", [np.float32, np.float64])
def test_the_dtype_of_the_input_is_kept(dtype, weights):
    layer = Conv2D(2, 2).initialize("he_normal", np.random.default_rng(0))
    layer.forward(X.astype(weights))
    y, dx = layer.forward(X.astype(dtype)), layer.backward(DY.astype(dtype))
    assert y.dtype == dx.dtype == layer.grads["W"].dtype == layer.grads["b"].dtype == dtype
    assert layer.params["W"].dtype == layer.params["b"].dtype == weights


def test_whole_numbers_and_lists_become_float32():
    layer = layer_with(W, B)
    for x in (X.astype(np.uint8), X.astype(int).tolist()):
        y = layer.forward(x)
        assert y.dtype == np.float32
        np.testing.assert_array_equal(y, Y)


def test_float32_is_accurate_to_float32():
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 3, 8, 8)), rng.standard_normal((4, 3, 3, 3))
    layer = layer_with(w.astype(np.float32), np.zeros(4, np.float32))
    exact = layer_with(w, np.zeros(4))
    np.testing.assert_allclose(layer.forward(x.astype(np.float32)), exact.forward(x), atol=2e-5)


@pytest.mark.parametrize("padding", [0, 1])
def test_inputs_are_not_written_to_and_outputs_are_the_callers_own(padding):
    layer = layer_with(W, B, padding=padding)
    x = X.copy()
    x.setflags(write=False)
    y = layer.forward(x)
    dy = np.ones_like(y)
    dy.setflags(write=False)
    dx = layer.backward(dy)
    kept = dx.copy(), layer.grads["W"].copy()
    y += 1
    dx += 1
    np.testing.assert_array_equal(layer.backward(dy), kept[0])
    np.testing.assert_array_equal(layer.grads["W"], kept[1])
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(dy, 1)


def test_views_are_as_good_as_contiguous_arrays():
    big = np.zeros((2, 1, 6, 9))
    big[::2, :, ::2, ::-3] = X
    layer = layer_with(W, B)
    for x, dy in (
        (big[::2, :, ::2, ::-3], np.asfortranarray(DY)),
        (X.transpose(0, 1, 3, 2).copy().transpose(0, 1, 3, 2), DY.transpose(3, 2, 1, 0).copy().T),
        (np.moveaxis(np.ascontiguousarray(np.moveaxis(X, 1, 3)), 3, 1), np.repeat(DY, 2, axis=0)[::2]),
    ):
        np.testing.assert_array_equal(layer.forward(x), Y)
        np.testing.assert_array_equal(layer.backward(dy), DX)
        np.testing.assert_array_equal(layer.grads["W"], DW)
    layer.params["W"] = np.asfortranarray(W)
    np.testing.assert_array_equal(layer.forward(np.broadcast_to(X, (4, 1, 3, 3))), np.repeat(Y, 4, axis=0))
    np.testing.assert_array_equal(layer.backward(np.repeat(DY, 4, axis=0)), np.repeat(DX, 4, axis=0))


def test_sizes_are_unknown_until_the_first_batch():
    layer = Conv2D(4, (3, 2), padding=1).initialize("he_normal", np.random.default_rng(0))
    assert layer.params == {}
    assert repr(layer) == "Conv2D(? -> 4, kernel_size=(3, 2), padding=(1, 1))"
    layer.forward(np.ones((2, 3, 5, 5)))
    assert repr(layer) == "Conv2D(3 -> 4, kernel_size=(3, 2), padding=(1, 1))"
    assert {name: array.shape for name, array in layer.params.items()} == {"W": (4, 3, 3, 2), "b": (4,)}
    assert not layer.params["b"].any()
    known = Conv2D(4, 3, stride=2, dilation=(1, 2), in_channels=3)
    known.initialize("he_normal", np.random.default_rng(0))
    assert known.params["W"].shape == (4, 3, 3, 3)
    assert known.params["W"].dtype == np.float32
    assert repr(known) == "Conv2D(3 -> 4, kernel_size=(3, 3), stride=(2, 2), dilation=(1, 2))"


def test_he_weights_have_the_variance_two_by_the_window():
    layer = Conv2D(64, 5, in_channels=16).initialize("he_normal", np.random.default_rng(0))
    assert layer.params["W"].var() == pytest.approx(2 / (16 * 5 * 5), rel=0.03)


def test_weights_written_after_the_first_forward_take_effect():
    layer = Conv2D(2, 2).initialize("he_normal", np.random.default_rng(0))
    layer.forward(X)
    layer.params["W"][...], layer.params["b"][...] = W, B
    np.testing.assert_array_equal(layer.forward(X), Y)


def test_initialize_again_draws_again():
    layer = Conv2D(2, 2, in_channels=1).initialize("he_normal", np.random.default_rng(0))
    first = layer.params["W"].copy()
    layer.params["b"][...] = 1
    layer.initialize("he_normal", np.random.default_rng(0))
    np.testing.assert_array_equal(layer.params["W"], first)
    assert not layer.params["b"].any()


RNG = np.random.default_rng(0)
WRONG_LAYERS = [
    (lambda: Conv2D(0, 3), ValueError, "channels must be 1 or more; got 0"),
    (lambda: Conv2D(2.0, 3), TypeError, "channels must be a whole number, 1 or more; got 2.0"),
    (lambda: Conv2D(2, 0), ValueError, "kernel_size must be 1 or more; got 0"),
    (lambda: Conv2D(2, 2.5), TypeError, r"kernel_size must be a whole number, or two .*; got 2.5"),
    (lambda: Conv2D(2, (3, 3, 3)), TypeError, r"two as \(height, width\); got \(3, 3, 3\)"),
    (lambda: Conv2D(2, "3"), TypeError, "kernel_size must be a whole number, or two"),
    (lambda: Conv2D(2, True), TypeError, "kernel_size must be a whole number, or two .*got True"),
    (lambda: Conv2D(2, (3, None)), TypeError, r"kernel_size .*got \(3, None\)"),
    (lambda: Conv2D(2, 3, stride=0), ValueError, "stride must be 1 or more; got 0"),
    (lambda: Conv2D(2, 3, stride=(1, -2)), ValueError, "stride must be 1 or more; got -2"),
    (lambda: Conv2D(2, 3, stride=1.5), TypeError, "stride must be a whole number, or two"),
    (lambda: Conv2D(2, 3, padding=-1), ValueError, "padding must be 0 or more; got -1"),
    (lambda: Conv2D(2, 3, padding="same"), TypeError, "padding must be a whole number, .*got 'same'"),
    (lambda: Conv2D(2, 3, dilation=0), ValueError, "dilation must be 1 or more; got 0"),
    (lambda: Conv2D(2, 3, in_channels=0), ValueError, "in_channels must be 1 or more; got 0"),
    (lambda: Conv2D(2, 3, bias=1), TypeError, "bias must be True or False; got 1"),
    (lambda: Conv2D(2, 3).initialize("xavier", RNG), ValueError, "scheme must be one of"),
    (lambda: Conv2D(2, 3).initialize("he_normal", 0), TypeError, r"default_rng\(0\); got 0"),
    (lambda: Conv2D(2, 2).forward(X), RuntimeError, r"no weights: call initialize\(scheme, rng\)"),
    (lambda: Conv2D(2, 2).backward(DY), RuntimeError, "call forward first"),
    (lambda: output_size(4, 5), ValueError, "window of 5 .*covers 5 pixels; the image has 4, 4 with"),
    (
        lambda: output_size(4, 3, dilation=3, padding=1),
        ValueError,
        "covers 7 pixels; the image has 4, 6 with",
    ),
    (lambda: output_size(4, 2, stride=0), ValueError, "stride must be 1 or more; got 0"),
    (lambda: output_size(4, 2, padding=-1), ValueError, "padding must be 0 or more; got -1"),
    (lambda: output_size(4.0, 2), TypeError, "size must be a whole number"),
    (
        lambda: output_size(4, 2, padding=0.5),
        TypeError,
        "padding must be a whole number, 0 or more; got 0.5",
    ),
]


@pytest.mark.parametrize(("call", "error", "sentence"), WRONG_LAYERS)
def test_wrong_sizes_are_refused(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


WRONG_BATCHES = [
    (
        np.ones((1, 1, 1, 3)),
        ValueError,
        "window of 2 .*covers 2 pixels; the image has 1, 1 with its padding",
    ),
    (np.ones((1, 3, 3)), ValueError, r"x must have 4 axes; its shape is \(1, 3, 3\)"),
    (np.ones((3, 3)), ValueError, "x must have 4 axes"),
    (np.ones((0, 1, 3, 3)), ValueError, "x is empty"),
    (np.ones((1, 1, 3, 3), complex), TypeError, "x must hold real numbers"),
]


def state(layer):
    arrays = [*layer.params.items(), *layer.grads.items()]
    return repr(layer), {f"{i}{name}": array.copy() for i, (name, array) in enumerate(arrays)}


@pytest.mark.parametrize(("x", "error", "sentence"), WRONG_BATCHES)
def test_a_refused_batch_changes_nothing(x, error, sentence):
    rng = np.random.default_rng(0)
    fresh = Conv2D(2, 2).initialize("he_normal", rng)
    before = copy.deepcopy(rng.bit_generator.state)
    with pytest.raises(error, match=sentence):
        fresh.forward(x)
    assert rng.bit_generator.state == before
    assert repr(fresh) == "Conv2D(? -> 2, kernel_size=(2, 2))"
    assert fresh.params == fresh.grads == {}
    with pytest.raises(RuntimeError, match="call forward first"):
        fresh.backward(DY)
    assert fresh.forward(np.ones((1, 5, 3, 3))).shape == (1, 2, 2, 2)

    used = layer_with(W, B)
    used.forward(X)
    used.backward(DY)
    before = state(used)
    for call in (lambda: used.forward(x), lambda: used.backward(x)):
        with pytest.raises((TypeError, ValueError)):
            call()
    assert state(used)[0] == before[0]
    for name, array in before[1].items():
        np.testing.assert_array_equal(state(used)[1][name], array)
    np.testing.assert_array_equal(used.backward(DY), DX)


def test_wrong_channel_counts_and_gradients_are_refused():
    layer = layer_with(W, B)
    with pytest.raises(ValueError, match=r"takes 1 channels; x has 3, its shape is \(2, 3, 4, 4\)"):
        layer.forward(np.ones((2, 3, 4, 4)))
    with pytest.raises(RuntimeError, match="call forward first"):
        layer.backward(DY)
    layer.forward(X)
    for dy in (np.ones((1, 2, 3, 3)), np.ones((1, 1, 2, 2)), np.ones((1, 8)), 1.0):
        with pytest.raises(ValueError, match=r"dy must have the shape \(1, 2, 2, 2\)"):
            layer.backward(dy)
    assert layer.grads == {}
