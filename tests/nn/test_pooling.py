"""Pooling: by hand, ties and borders, and against loops over single numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coursekit.nn import AvgPool2D, Conv2D, MaxPool2D, Sequential, check_gradients
from tests.nn import naive_images

X = np.array(
    [[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 6.0]], [[-1.0, -2.0, 9.0, 9.0], [-3.0, -4.0, 9.0, 7.0]]]]
)
DY = np.array([[[[10.0, 20.0]], [[30.0, 40.0]]]])
BOTH = pytest.mark.parametrize(("pool", "kind"), [(MaxPool2D, "max"), (AvgPool2D, "mean")])


@pytest.mark.parametrize("training", [False, True])
def test_the_largest_by_hand(training):
    layer = MaxPool2D(2)
    np.testing.assert_array_equal(layer.forward(X, training=training), [[[[5, 8]], [[-1, 9]]]])
    # Of the three nines the first takes all.
    np.testing.assert_array_equal(
        layer.backward(DY),
        [[[[0, 10, 0, 0], [0, 0, 20, 0]], [[30, 0, 40, 0], [0, 0, 0, 0]]]],
    )


@pytest.mark.parametrize("training", [False, True])
def test_the_mean_by_hand(training):
    layer = AvgPool2D(2)
    np.testing.assert_array_equal(layer.forward(X, training=training), [[[[3.25, 4]], [[-2.5, 8.5]]]])
    np.testing.assert_array_equal(
        layer.backward(DY),
        [[[[2.5, 2.5, 5, 5], [2.5, 2.5, 5, 5]], [[7.5, 7.5, 10, 10], [7.5, 7.5, 10, 10]]]],
    )


def test_ties_go_to_the_first_row_by_row():
    layer = MaxPool2D((2, 3))
    layer.forward(np.array([[[[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]]]))
    np.testing.assert_array_equal(layer.backward([[[[7.0]]]]), [[[[0, 0, 7], [0, 0, 0]]]])
    layer = MaxPool2D(2)
    assert layer.forward(np.zeros((1, 1, 4, 4))).sum() == 0
    np.testing.assert_array_equal(
        np.argwhere(layer.backward(np.ones((1, 1, 2, 2)))[0, 0]), [[0, 0], [0, 2], [2, 0], [2, 2]]
    )


def test_a_pixel_in_two_windows_gets_both_gradients():
    x = np.array([[[[1.0, 9.0, 2.0]]]])
    layer = MaxPool2D((1, 2), stride=1)
    np.testing.assert_array_equal(layer.forward(x), [[[[9, 9]]]])
    np.testing.assert_array_equal(layer.backward([[[[1.0, 10.0]]]]), [[[[0, 11, 0]]]])
    layer = AvgPool2D((1, 2), stride=1)
    np.testing.assert_array_equal(layer.forward(x), [[[[5, 5.5]]]])
    np.testing.assert_array_equal(layer.backward([[[[1.0, 10.0]]]]), [[[[0.5, 5.5, 5]]]])


@BOTH
def test_windows_that_do_not_fit_are_dropped(pool, kind):
    x = np.arange(35.0).reshape(1, 1, 5, 7)
    layer = pool(2)
    y = layer.forward(x)
    np.testing.assert_array_equal(y, pool(2).forward(x[:, :, :4, :6]))
    assert y.shape == (1, 1, 2, 3)
    dx = layer.backward(np.ones_like(y))
    assert dx.shape == x.shape
    assert not dx[:, :, 4].any()
    assert not dx[:, :, :, 6].any()
    assert dx.sum() == pytest.approx(6)


@BOTH
def test_gaps_between_windows_get_no_gradient(pool, kind):
    layer = pool(1, stride=(2, 3))
    x = np.arange(20.0).reshape(1, 1, 4, 5)
    np.testing.assert_array_equal(layer.forward(x), [[[[0, 3], [10, 13]]]])
    dx = layer.backward(np.ones((1, 1, 2, 2)))
    np.testing.assert_array_equal(np.argwhere(dx[0, 0]), [[0, 0], [0, 3], [2, 0], [2, 3]])


def test_stride_is_the_size_unless_given():
    assert repr(MaxPool2D(2)) == "MaxPool2D(size=(2, 2), stride=(2, 2))"
    assert repr(AvgPool2D((3, 2))) == "AvgPool2D(size=(3, 2), stride=(3, 2))"
    assert repr(MaxPool2D(3, 2)) == "MaxPool2D(size=(3, 3), stride=(2, 2))"
    assert MaxPool2D(3, stride=(1, 2)).forward(np.ones((1, 1, 7, 7))).shape == (1, 1, 5, 3)


@st.composite
def cases(draw):
    two = st.tuples(st.integers(1, 3), st.integers(1, 3))
    size, stride = draw(two), draw(st.none() | two)
    image = tuple(s + draw(st.integers(0, 5)) for s in size)
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 3)), *image)
    # Few different numbers make many ties.
    numbers = draw(st.sampled_from([st.floats(-1, 1), st.integers(-1, 1).map(float)]))
    x = draw(arrays(np.float64, shape, elements=numbers))
    out = (
        len(naive_images.places(n, k, s, 0, 1)) for n, k, s in zip(image, size, stride or size, strict=True)
    )
    dy = draw(arrays(np.float64, (*shape[:2], *out), elements=st.floats(-1, 1)))
    return x, dy, size, stride


@BOTH
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
@given(case=cases())
def test_any_sizes_and_values_against_loops(pool, kind, case):
    x, dy, size, stride = case
    layer = pool(size, stride)
    y, dx = naive_images.pooling(x, dy, size, stride or size, kind)
    np.testing.assert_allclose(layer.forward(x), y, rtol=0, atol=1e-12, strict=True)
    np.testing.assert_allclose(layer.backward(dy), dx, rtol=0, atol=1e-12, strict=True)


def apart(shape, rng):
    """Numbers of which no two are closer than 0.1: no tie is near, where the largest has its kink."""
    return 0.1 * rng.permutation(np.prod(shape)).reshape(shape)


@pytest.mark.parametrize("training", [False, True], ids=["predict", "train"])
@pytest.mark.parametrize("sizes", [(2,), (3, 2), ((2, 3), (3, 1)), (1,), ((4, 5),)])
@BOTH
def test_backward_is_the_slope_of_forward(pool, kind, sizes, training):
    rng = np.random.default_rng(0)
    outcome = check_gradients(pool(*sizes), apart((2, 3, 4, 5), rng), rng, training=training)
    assert set(outcome.errors) == {"x"}
    assert outcome.worst <= 1e-7


@settings(max_examples=20, deadline=None, database=None, derandomize=True)
@given(size=st.integers(1, 3), stride=st.integers(1, 3), seed=st.integers(0, 99))
def test_gradients_of_any_sizes(size, stride, seed):
    rng = np.random.default_rng(seed)
    for pool in (MaxPool2D, AvgPool2D):
        assert check_gradients(pool(size, stride), apart((2, 2, 4, 3), rng), rng).worst <= 1e-7


@BOTH
def test_gradients_through_a_net(pool, kind):
    rng = np.random.default_rng(0)
    net = Sequential(Conv2D(2, 2, padding=1), pool(2), Conv2D(2, 2)).initialize("he_normal", rng)
    assert check_gradients(net, rng.standard_normal((2, 1, 5, 5)), rng, training=True).worst <= 1e-7


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@BOTH
def test_the_dtype_is_kept(pool, kind, dtype):
    layer = pool(2)
    assert layer.forward(X.astype(dtype)).dtype == layer.backward(DY.astype(dtype)).dtype == dtype
    assert layer.forward(X.astype(np.int64)).dtype == np.float32


@pytest.mark.parametrize("stride", [1, 2])
@BOTH
def test_inputs_are_not_written_to_and_outputs_are_the_callers_own(pool, kind, stride):
    layer, x = pool(2, stride), X.copy()
    x.setflags(write=False)
    y = layer.forward(x)
    dy = np.ones_like(y)
    dy.setflags(write=False)
    dx = layer.backward(dy)
    kept = dx.copy()
    y += 1
    dx += 1
    np.testing.assert_array_equal(layer.backward(dy), kept)
    np.testing.assert_array_equal(x, X)
    one = pool(1)
    one.forward(X)[...] = 0
    assert X.any()


@BOTH
def test_views_are_as_good_as_contiguous_arrays(pool, kind):
    x = np.random.default_rng(0).integers(-3, 3, (3, 2, 6, 5)).astype(float)
    layer = pool((2, 3), stride=1)
    y, dx = layer.forward(x), layer.backward(np.ones((3, 2, 5, 3)))
    big = np.zeros((6, 4, 12, 10))
    big[::2, ::2, ::-2, ::2] = x
    for view in (
        big[::2, ::2, ::-2, ::2],
        np.asfortranarray(x),
        x.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2),
    ):
        np.testing.assert_array_equal(layer.forward(view), y)
        np.testing.assert_array_equal(layer.backward(np.asfortranarray(np.ones((3, 2, 5, 3)))), dx)


def test_nan_is_not_hidden():
    x = X.copy()
    x[0, 0, 1, 1] = np.nan
    for pool in (MaxPool2D, AvgPool2D):
        np.testing.assert_array_equal(np.isnan(pool(2).forward(x)), [[[[True, False]], [[False, False]]]])


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((0,), ValueError, "size must be 1 or more; got 0"),
        ((2.5,), TypeError, r"size must be a whole number, or two as \(height, width\); got 2.5"),
        (((2, 2, 2),), TypeError, r"size must be .*got \(2, 2, 2\)"),
        ((None,), TypeError, "size must be a whole number"),
        ((True,), TypeError, "size must be a whole number"),
        ((2, 0), ValueError, "stride must be 1 or more; got 0"),
        ((2, (1, -1)), ValueError, "stride must be 1 or more; got -1"),
        ((2, 1.0), TypeError, "stride must be a whole number"),
    ],
)
@BOTH
def test_wrong_sizes_are_refused(pool, kind, arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        pool(*arguments)


@BOTH
def test_wrong_batches_are_refused_and_change_nothing(pool, kind):
    layer = pool(2)
    with pytest.raises(RuntimeError, match="call forward first"):
        layer.backward(DY)
    layer.forward(X)
    dx = layer.backward(DY)
    for x, error, sentence in (
        (np.ones((2, 4, 4)), ValueError, r"x must have 4 axes; its shape is \(2, 4, 4\)"),
        (np.ones((1, 1, 1, 4)), ValueError, "window of 2 .*covers 2 pixels; the image has 1"),
        (np.ones((1, 1, 4, 1)), ValueError, "take a smaller window or a larger image"),
        (np.ones((0, 1, 4, 4)), ValueError, "x is empty"),
        (np.ones((1, 1, 4, 4), complex), TypeError, "x must hold real numbers"),
    ):
        with pytest.raises(error, match=sentence):
            layer.forward(x)
        with pytest.raises(error):
            layer.backward(x)
    with pytest.raises(ValueError, match=r"dy must have the shape \(1, 2, 1, 2\); got \(1, 2, 2, 4\)"):
        layer.backward(X)
    np.testing.assert_array_equal(layer.backward(DY), dx)
    assert layer.params == layer.grads == {}
