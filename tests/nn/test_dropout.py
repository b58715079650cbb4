"""Dropout: both modes by hand with a known mask, the expectation they share, and where masks come from."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import Dense, Dropout, Sequential, Tanh, check_gradients

UP, DOWN = "upscale_in_train", "downgrade_in_infer"
BOTH = pytest.mark.parametrize("mode", [UP, DOWN])
TRAINING = pytest.mark.parametrize("training", [False, True])

# The numbers 1 to 12 as four samples of three, and draws from [0, 1): below p is dropped.
X = np.arange(1.0, 13).reshape(4, 3)
DRAWS = np.array([[0.1, 0.5, 0.9], [0.49, 0.7, 0.0], [0.6, 0.2, 0.8], [0.3, 0.51, 0.4]])
KEPT_AT_HALF = np.array([[0, 2, 3], [0, 5, 0], [7, 0, 9], [0, 11, 0]])
KEPT_AT_A_FIFTH = np.array([[0, 2, 3], [4, 5, 0], [7, 8, 9], [10, 11, 12]])


class KnownDraws(np.random.Generator):
    def random(self, size, dtype):
        assert size == DRAWS.shape
        return DRAWS.astype(dtype)


def known(p, mode):
    return Dropout(p, mode, rng=KnownDraws(np.random.PCG64(0)))


def drop(p=0.5, mode=UP, seed=0):
    return Dropout(p, mode, rng=np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("p", "mode", "train", "predict"),
    [
        (0.5, UP, 2 * KEPT_AT_HALF, X),
        (0.5, DOWN, KEPT_AT_HALF, X / 2),
        (0.2, UP, 1.25 * KEPT_AT_A_FIFTH, X),
        (0.2, DOWN, KEPT_AT_A_FIFTH, 0.8 * X),
    ],
)
def test_one_to_twelve_by_hand(p, mode, train, predict):
    layer = known(p, mode)
    np.testing.assert_allclose(layer.forward(X, training=True), train, rtol=1e-15)
    np.testing.assert_allclose(layer.backward(np.full((4, 3), 10.0)), 10 * train / X, rtol=1e-15)
    np.testing.assert_allclose(layer.forward(X), predict, rtol=1e-15)
    np.testing.assert_allclose(layer.backward(np.full((4, 3), 10.0)), 10 * predict / X, rtol=1e-15)
    assert layer.params == layer.grads == layer.buffers == {}


@BOTH
@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_the_training_output_is_on_average_the_prediction(p, mode):
    """Within 3 standard errors, entry by entry, over 4,000 masks."""
    layer = drop(p, mode)
    draws = np.array([layer.forward(X, training=True) for _ in range(4000)])
    error = draws.std(axis=0) / np.sqrt(len(draws))
    assert (np.abs(draws.mean(axis=0) - layer.forward(X)) < 3 * error).all()
    # Not only the mean: the entries are x / (1 - p), or x, with the chance 1 - p, and else 0.
    scale = 1 / (1 - p) if mode == UP else 1
    np.testing.assert_allclose(draws.std(axis=0), X * scale * np.sqrt(p * (1 - p)), rtol=0.08)


def test_p_is_the_probability_of_dropping_and_entries_fall_independently():
    kept = drop(0.2).forward(np.ones((400, 500)), training=True) > 0
    assert kept.mean() == pytest.approx(0.8, abs=3 * np.sqrt(0.16 / kept.size))
    # Rows and columns scatter as sums of independent draws: no sample or unit is dropped as a whole.
    assert kept.mean(axis=0).std() == pytest.approx(np.sqrt(0.16 / 400), rel=0.15)
    assert kept.mean(axis=1).std() == pytest.approx(np.sqrt(0.16 / 500), rel=0.15)


@BOTH
def test_a_new_mask_each_time_and_the_same_one_on_the_way_back(mode):
    layer = drop(0.5, mode)
    x = np.ones((20, 20))
    first, second = layer.forward(x, training=True), layer.forward(x, training=True)
    assert (first != second).mean() > 0.3
    np.testing.assert_array_equal(layer.backward(x), second)
    np.testing.assert_array_equal(layer.backward(x), second)
    np.testing.assert_array_equal(drop(0.5, mode).forward(x, training=True), first)  # the same seed


@BOTH
def test_prediction_is_deterministic_and_draws_nothing(mode):
    layer = drop(0.5, mode)
    state = layer.rng.bit_generator.state
    np.testing.assert_array_equal(layer.forward(X), layer.forward(X))
    assert layer.rng.bit_generator.state == state
    Dropout(0.5, mode).forward(X)  # and needs no generator


@BOTH
@TRAINING
def test_p_of_zero_passes_x_through(mode, training):
    layer = Dropout(0, mode)
    y = layer.forward(X, training=training)
    np.testing.assert_array_equal(y, X)
    np.testing.assert_array_equal(layer.backward(DRAWS), DRAWS)
    y += 1  # the output is the caller's own
    assert X[0, 0] == 1


def test_p_near_one_leaves_little():
    y = drop(0.999).forward(np.ones((100, 100)), training=True)
    assert set(np.unique(y)) <= {0, 1 / (1 - 0.999)}
    assert 0 < np.count_nonzero(y) < 40


@BOTH
@TRAINING
@settings(max_examples=25, deadline=None, database=None, derandomize=True)
@given(
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    p=st.floats(0, 0.99),
    seed=st.integers(0, 99),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_any_shape(mode, training, shape, p, seed, dtype):
    """Each entry is dropped or scaled by the one number of its mode; dtype and shape stay."""
    x = (1 + np.random.default_rng(seed).random(shape)).astype(dtype)
    layer = drop(p, mode, seed)
    y = layer.forward(x, training=training)
    assert y.shape == x.shape
    assert y.dtype == dtype
    scale = {(UP, True): 1 / (1 - p), (UP, False): 1, (DOWN, True): 1, (DOWN, False): 1 - p}[mode, training]
    right = np.isclose(y, x * scale, rtol=1e-6)
    assert (right | ((y == 0) & training & (p > 0))).all()
    np.testing.assert_allclose(layer.backward(x), y, rtol=1e-6)


@BOTH
@TRAINING
@pytest.mark.parametrize("shape", [(5, 4), (2, 3, 2, 2)])
def test_gradients(shape, mode, training):
    rng = np.random.default_rng(1)
    layer = drop(0.4, mode)
    assert check_gradients(layer, rng.standard_normal(shape), rng, training=training).worst <= 1e-7


@TRAINING
def test_gradients_of_a_net_whose_layers_share_one_generator(training):
    rng = np.random.default_rng(2)
    net = Sequential(Dense(6), Dropout(0.3), Tanh(), Sequential(Dropout(0.5, DOWN), Dense(3)))
    net.initialize("xavier_normal", rng)
    assert net.layers[1].rng is net.layers[3].layers[0].rng is rng
    x = np.random.default_rng(3).standard_normal((5, 4))
    net.forward(x, training=True)
    state = rng.bit_generator.state
    assert check_gradients(net, x, np.random.default_rng(4), training=training).worst <= 1e-7
    assert rng.bit_generator.state == state


class MaskForgotten(Dropout):
    def backward(self, dy):
        return dy / (1 - self.p)


class MaskDrawnAnew(Dropout):
    def backward(self, dy):
        return dy * (self.rng.random(dy.shape) >= self.p) / (1 - self.p)


class ScaleForgotten(Dropout):
    def backward(self, dy):
        return super().backward(dy) * (1 - self.p)


@pytest.mark.parametrize("kind", [MaskForgotten, MaskDrawnAnew, ScaleForgotten])
def test_check_gradients_catches_a_broken_dropout(kind):
    rng = np.random.default_rng(5)
    layer = kind(0.5, rng=np.random.default_rng(6))
    assert check_gradients(layer, rng.standard_normal((6, 5)), rng, training=True).worst > 1e-2


def test_where_masks_come_from():
    """A generator of its own stays; else `initialize` hands its rng on, the newest each time."""
    own, first, second = (np.random.default_rng(seed) for seed in range(3))
    assert Dropout(0.5, rng=own).initialize("zeros", first).rng is own
    layer = Dropout(0.5).initialize("zeros", first)
    assert layer.rng is first
    assert layer.initialize("zeros", second).rng is second
    expected = np.random.default_rng(2).random(X.shape) >= 0.5
    np.testing.assert_array_equal(layer.forward(X, training=True) > 0, expected)


@pytest.mark.parametrize("p", [0.5, 1e-9])
def test_training_without_a_generator_is_refused(p):
    layer = Dropout(p)
    layer.forward(X)
    for _ in range(2):
        with pytest.raises(
            RuntimeError, match=r"no generator .*Dropout\(p, rng=rng\).*initialize\(scheme, rng"
        ):
            layer.forward(X, training=True)
    np.testing.assert_array_equal(layer.backward(DRAWS), DRAWS)  # the prediction before is still kept


@BOTH
@TRAINING
def test_inputs_are_left_alone_and_views_accepted(mode, training):
    big = np.zeros((8, 6))
    big[::2, ::2] = X
    x, dy = big[::2, ::2], DRAWS.copy()
    x.setflags(write=False)
    dy.setflags(write=False)
    y = drop(0.5, mode).forward(x, training=training)
    np.testing.assert_array_equal(y, drop(0.5, mode).forward(X, training=training))
    layer = drop(0.5, mode)
    y = layer.forward(x, training=training)
    np.testing.assert_allclose(layer.backward(dy), dy * y / X)
    assert layer.forward(np.arange(6)).dtype == np.float32


CONSTRUCTORS = [
    (lambda: Dropout(1), ValueError, "p must be below 1.*got 1"),
    (lambda: Dropout(1.0), ValueError, "p must be below 1"),
    (lambda: Dropout(-0.1), ValueError, "p must be .*from 0 to 1; got -0.1"),
    (lambda: Dropout(1.5), ValueError, "p must be .*got 1.5"),
    (lambda: Dropout(float("nan")), ValueError, "p must be .*got nan"),
    (lambda: Dropout("0.5"), TypeError, "p must be a number"),
    (lambda: Dropout(True), TypeError, "p must be a number"),
    (
        lambda: Dropout(0.5, "upscale"),
        ValueError,
        "'upscale_in_train', 'downgrade_in_infer'; got 'upscale'",
    ),
    (lambda: Dropout(0.5, rng=0), TypeError, r"default_rng\(0\); got 0"),
    (lambda: Dropout(0.5).backward(X), RuntimeError, "call forward first"),
    (lambda: Dropout(0.5).initialize("he", np.random.default_rng(0)), ValueError, "scheme must be one of"),
    (lambda: Dropout(0.5).initialize("zeros", 1), TypeError, r"default_rng\(0\); got 1"),
]


@pytest.mark.parametrize(("call", "error", "sentence"), CONSTRUCTORS)
def test_a_wrong_start_is_refused(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


def test_a_refused_call_changes_nothing():
    layer = drop()
    y = layer.forward(X, training=True)
    state = copy.deepcopy(layer.rng.bit_generator.state)
    for bad in (np.ones((0, 3)), [["a"]], None):
        with pytest.raises((TypeError, ValueError), match=r"x (is empty|must hold)"):
            layer.forward(bad, training=True)
    with pytest.raises(ValueError, match=r"dy must have the shape \(4, 3\)"):
        layer.backward(np.ones((3, 4)))
    with pytest.raises(TypeError, match="rng must be"):
        layer.initialize("zeros", 1)
    assert layer.rng.bit_generator.state == state
    np.testing.assert_allclose(layer.backward(X), y)
    assert repr(layer) == "Dropout(0.5, mode='upscale_in_train')"
