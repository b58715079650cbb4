"""Batch normalization: a 3 x 2 mini-batch worked by hand, and what the paper promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import nn
from coursekit.nn import BatchNorm, Dense, Sequential

# By hand, with ε = 1/4 so that the roots come out even. Column 1: mean 1, squares 1, 1, 4, biased
# variance 2, √(2 + 1/4) = 3/2. Column 2: mean 5, squares 9, 0, 9, biased variance 6, √(6 + 1/4) = 5/2.
X = np.array([[0.0, 2.0], [0.0, 5.0], [3.0, 8.0]])
X_HAT = np.array([[-2 / 3, -6 / 5], [-2 / 3, 0], [4 / 3, 6 / 5]])
GAMMA, BETA = np.array([3.0, 10.0]), np.array([1.0, -1.0])
Y = np.array([[-1.0, -13.0], [-1.0, -1.0], [5.0, 11.0]])
# Upstream: dβ = column sums (1, 2); dγ = Σ δ x̂ = (-2/3, 0). Column 1 of dx, γ/(n s) = 3/(3·3/2) = 2/3
# times (nδ - Σδ - x̂ Σδx̂) = (3-1-4/9, -1-4/9, -1+8/9); column 2, 10/(3·5/2) = 4/3 times (-2, 4, -2).
DY = np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
DX = np.array([[28 / 27, -8 / 3], [-26 / 27, 16 / 3], [-2 / 27, -8 / 3]])


def norm_of_the_example(**more):
    layer = BatchNorm(eps=0.25, **more)
    layer.forward(X)  # prediction: makes the parameters, moves nothing
    layer.params["gamma"][...] = GAMMA
    layer.params["beta"][...] = BETA
    return layer


def test_training_forward_by_hand():
    np.testing.assert_allclose(BatchNorm(eps=0.25).forward(X, training=True), X_HAT, rtol=1e-15)
    np.testing.assert_allclose(norm_of_the_example().forward(X, training=True), Y, rtol=1e-14)


def test_training_backward_by_hand():
    layer = norm_of_the_example()
    layer.forward(X, training=True)
    np.testing.assert_allclose(layer.backward(DY), DX, rtol=1e-13)
    np.testing.assert_allclose(layer.grads["gamma"], [-2 / 3, 0], atol=1e-15)
    np.testing.assert_array_equal(layer.grads["beta"], [1, 2])


def test_prediction_by_hand():
    layer = norm_of_the_example()
    layer.buffers["mean"][...] = [1, -1]
    layer.buffers["var"][...] = [3.75, 0.75]  # √(v + ε) = 2 and 1
    y = layer.forward(np.array([[5.0, 2.0]]))
    np.testing.assert_allclose(y, [[3 * 2 + 1, 10 * 3 - 1]], rtol=1e-15)
    # The statistics are constants here: dx = γ dy / √(v + ε).
    np.testing.assert_allclose(layer.backward(np.array([[1.0, -2.0]])), [[1.5, -20.0]], rtol=1e-15)
    np.testing.assert_allclose(layer.grads["gamma"], [2, -6], rtol=1e-15)
    np.testing.assert_allclose(layer.grads["beta"], [1, -2], rtol=1e-15)


def test_running_statistics_by_hand():
    """Start 0 and 1; old weighs 0.9, the batch 0.1, its variance divided by n, not n - 1."""
    layer = BatchNorm(momentum=0.9)
    layer.forward(X, training=True)
    np.testing.assert_allclose(layer.buffers["mean"], [0.1, 0.5], rtol=1e-14)
    np.testing.assert_allclose(layer.buffers["var"], [1.1, 1.5], rtol=1e-14)
    layer.forward(X, training=True)
    np.testing.assert_allclose(layer.buffers["mean"], [0.19, 0.95], rtol=1e-14)
    np.testing.assert_allclose(layer.buffers["var"], [1.19, 1.95], rtol=1e-14)


@pytest.mark.parametrize(("momentum", "mean"), [(0, [1, 5]), (1, [0, 0]), (0.75, [0.25, 1.25])])
def test_other_momenta(momentum, mean):
    layer = BatchNorm(momentum=momentum)
    layer.forward(X, training=True)
    np.testing.assert_allclose(layer.buffers["mean"], mean, rtol=1e-14)


def test_prediction_and_backward_move_no_statistic():
    layer = norm_of_the_example()
    layer.forward(X, training=True)
    before = {name: array.copy() for name, array in layer.buffers.items()}
    layer.backward(DY)
    layer.forward(X + 100)
    layer.backward(DY)
    for name, array in before.items():
        np.testing.assert_array_equal(layer.buffers[name], array)


def test_before_any_training_prediction_changes_only_by_epsilon():
    np.testing.assert_allclose(BatchNorm(eps=0.25).forward(X), X / np.sqrt(1.25), rtol=1e-15)
    assert np.array_equal(BatchNorm(eps=0).forward(X), X)


def test_a_prediction_does_not_depend_on_batch_mates_and_training_does():
    rng = np.random.default_rng(0)
    layer = BatchNorm()
    for _ in range(5):
        layer.forward(rng.normal(3, 2, (16, 4)), training=True)
    x, mates = rng.standard_normal((1, 4)), 50 * rng.standard_normal((7, 4))
    alone = layer.forward(x)
    np.testing.assert_allclose(layer.forward(np.vstack([x, mates]))[:1], alone, rtol=1e-14)
    in_company = layer.forward(np.vstack([x, mates]), training=True)[:1]
    assert np.abs(in_company - alone).max() > 0.1


def test_gamma_and_beta_can_undo_it():
    """Ioffe & Szegedy 2015, section 3: γ = √(var + ε), β = mean give the identity back."""
    x = np.random.default_rng(1).normal(-4, 3, (20, 5))
    layer = BatchNorm(eps=1e-3)
    layer.forward(x)
    layer.params["gamma"][...] = np.sqrt(np.var(x, axis=0) + 1e-3)
    layer.params["beta"][...] = np.mean(x, axis=0)
    np.testing.assert_allclose(layer.forward(x, training=True), x, rtol=1e-12)


def test_output_is_standardized_whatever_comes_in():
    x = np.random.default_rng(2).normal(1000, 50, (200, 3))
    y = BatchNorm(eps=0).forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-11)
    np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-11)


def test_a_far_mean_costs_no_digits_in_float32():
    """The mean of squares minus the squared mean would lose everything here."""
    x = (10_000 + np.random.default_rng(3).standard_normal((500, 2))).astype(np.float32)
    y = BatchNorm().forward(x, training=True)
    reference = (x.astype(float) - x.astype(float).mean(axis=0)) / x.astype(float).std(axis=0)
    np.testing.assert_allclose(y, reference, atol=2e-2)


def test_a_constant_feature_becomes_beta():
    x = np.full((4, 2), 7.0)
    layer = BatchNorm()
    np.testing.assert_array_equal(layer.forward(x, training=True), np.zeros((4, 2)))
    assert np.isfinite(layer.backward(np.ones((4, 2)))).all()


def by_feature(x, axis, dy, gamma, beta, eps):
    """Do it feature by feature on 1-D arrays, with the chain of the paper's section 3 written out."""
    y, dx, dgamma, dbeta = np.empty_like(x), np.empty_like(x), [], []
    x_, y_, dx_, dy_ = (np.moveaxis(a, axis, 0) for a in (x, y, dx, dy))
    for k in range(x_.shape[0]):
        v, d = x_[k].ravel(), dy_[k].ravel()
        m = len(v)
        mu = sum(v) / m
        var = sum((v - mu) ** 2) / m
        hat = (v - mu) / np.sqrt(var + eps)
        y_[k] = (gamma[k] * hat + beta[k]).reshape(y_[k].shape)
        d_hat = d * gamma[k]
        d_var = sum(d_hat * (v - mu)) * -0.5 * (var + eps) ** -1.5
        d_mu = sum(-d_hat / np.sqrt(var + eps)) + d_var * sum(-2 * (v - mu)) / m
        dx_[k] = (d_hat / np.sqrt(var + eps) + d_var * 2 * (v - mu) / m + d_mu / m).reshape(dx_[k].shape)
        dgamma.append(sum(d * hat))
        dbeta.append(sum(d))
    return y, dx, dgamma, dbeta


@pytest.mark.parametrize(
    ("shape", "axis"),
    [((6, 3), 1), ((6, 3), -1), ((4, 3, 2, 5), 1), ((4, 2, 5, 3), -1), ((3, 6), 0), ((4, 5, 3), 2)],
)
def test_against_the_paper_s_chain_feature_by_feature(shape, axis):
    rng = np.random.default_rng(4)
    x, dy = rng.normal(2, 3, shape), rng.standard_normal(shape)
    gamma, beta = rng.normal(1, 0.5, 3), rng.standard_normal(3)
    layer = BatchNorm(eps=1e-3, axis=axis)
    layer.forward(x)
    assert layer.params["gamma"].shape == layer.buffers["var"].shape == (3,)
    layer.params["gamma"][...] = gamma
    layer.params["beta"][...] = beta
    y, dx, dgamma, dbeta = by_feature(x, axis, dy, gamma, beta, 1e-3)
    np.testing.assert_allclose(layer.forward(x, training=True), y, rtol=1e-11)
    np.testing.assert_allclose(layer.backward(dy), dx, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(layer.grads["gamma"], dgamma, rtol=1e-11)
    np.testing.assert_allclose(layer.grads["beta"], dbeta, rtol=1e-11)
    others = tuple(i for i in range(len(shape)) if i != axis % len(shape))
    np.testing.assert_allclose(layer.buffers["mean"], 0.1 * x.mean(axis=others), rtol=1e-12)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("first", [np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_input_is_kept(first, dtype, training):
    layer = BatchNorm()
    layer.forward(X.astype(first))
    y = layer.forward(X.astype(dtype), training=training)
    assert y.dtype == layer.backward(DY.astype(dtype)).dtype == dtype
    for array in (*layer.params.values(), *layer.buffers.values()):
        assert array.dtype == first


@pytest.mark.parametrize("training", [False, True])
def test_inputs_are_left_alone_and_views_accepted(training):
    big = np.zeros((6, 4))
    big[::2, ::2] = X
    x, dy = big[::2, ::2], DY.copy()
    x.setflags(write=False)
    dy.setflags(write=False)
    layer = norm_of_the_example()
    y = layer.forward(x, training=training)
    dx = layer.backward(dy)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(dy, DY)
    if training:
        np.testing.assert_allclose(y, Y, rtol=1e-14)
        np.testing.assert_allclose(dx, DX, rtol=1e-13)


def test_initializing_a_net_again_forgets_the_old_statistics():
    net = Sequential(Dense(3), BatchNorm()).initialize("he_normal", np.random.default_rng(5))
    net.forward(np.random.default_rng(6).normal(4, 2, (8, 2)), training=True)
    net.params["1.gamma"][...] = 5
    net.params["1.beta"][...] = 5
    net.initialize("he_normal", np.random.default_rng(7))
    for name, array in (net.layers[1].params | net.layers[1].buffers).items():
        np.testing.assert_array_equal(array, {"gamma": 1, "beta": 0, "mean": 0, "var": 1}[name])


def test_repr_and_whole_number_axes():
    assert repr(BatchNorm()) == "BatchNorm(momentum=0.9, eps=1e-05, axis=1)"
    assert BatchNorm(axis=np.int64(-1)).forward(X).shape == X.shape


# --- The start of the running statistics, batches of one, and precision ----------------------------

# 1 to 9 in three rows: the columns have the means 4, 5, 6, and each the variance (9 + 0 + 9) / 3 = 6.
NINE = np.arange(1.0, 10).reshape(3, 3)


def test_one_to_nine_by_hand():
    y = BatchNorm(eps=0).forward(NINE, training=True)
    step = 3 / np.sqrt(6)
    np.testing.assert_allclose(y, [[-step] * 3, [0] * 3, [step] * 3], rtol=1e-15)


def test_running_statistics_from_a_zero_start_by_hand():
    layer = BatchNorm(start_var=0)
    layer.forward(NINE, training=True)
    np.testing.assert_allclose(layer.buffers["mean"], [0.4, 0.5, 0.6], rtol=1e-14)
    np.testing.assert_allclose(layer.buffers["var"], [0.6] * 3, rtol=1e-14)
    layer.forward(NINE, training=True)
    np.testing.assert_allclose(layer.buffers["mean"], [0.76, 0.95, 1.14], rtol=1e-14)
    np.testing.assert_allclose(layer.buffers["var"], [1.14] * 3, rtol=1e-14)


@pytest.mark.parametrize("start_var", [0, 0.5, 1, 4])
def test_initialize_goes_back_to_the_start(start_var):
    layer = BatchNorm(start_var=start_var)
    layer.forward(X)
    np.testing.assert_array_equal(layer.buffers["var"], [start_var] * 2)
    var = layer.buffers["var"]
    layer.forward(X, training=True)
    assert (var != start_var).all()
    layer.initialize("zeros", np.random.default_rng(0))
    np.testing.assert_array_equal(var, [start_var] * 2)
    np.testing.assert_array_equal(layer.buffers["mean"], [0, 0])
    assert layer.buffers["var"] is var


def test_the_start_is_forgotten_as_momentum_to_the_power_of_batches():
    zero, one = BatchNorm(start_var=0), BatchNorm()
    for t in range(1, 40):
        zero.forward(X, training=True)
        one.forward(X, training=True)
        gap = one.buffers["var"] - zero.buffers["var"]
        np.testing.assert_allclose(gap, 0.9**t, rtol=1e-9)
        np.testing.assert_allclose(zero.buffers["var"], (1 - 0.9**t) * np.array([2, 6]), rtol=1e-12)


def test_start_var_is_refused_and_shown():
    for wrong, error in ((-1, ValueError), (float("nan"), ValueError), ("1", TypeError), (None, TypeError)):
        with pytest.raises(error, match="start_var must be"):
            BatchNorm(start_var=wrong)
    assert repr(BatchNorm(start_var=0)) == "BatchNorm(momentum=0.9, eps=1e-05, axis=1, start_var=0)"


def test_a_training_batch_of_one_gives_beta_and_no_gradient():
    layer = norm_of_the_example()
    np.testing.assert_array_equal(layer.forward(np.array([[4.0, -7.0]]), training=True), [BETA])
    np.testing.assert_array_equal(layer.backward(np.array([[5.0, 6.0]])), [[0, 0]])
    np.testing.assert_array_equal(layer.grads["gamma"], [0, 0])
    np.testing.assert_array_equal(layer.grads["beta"], [5, 6])
    # Of one entry there is no spread: a running variance that moved by it would shrink for no reason.
    np.testing.assert_array_equal(layer.buffers["mean"], [0, 0])
    np.testing.assert_array_equal(layer.buffers["var"], [1, 1])
    one_pixel_each = np.arange(4.0).reshape(1, 1, 2, 2)  # one sample, but four values share a statistic
    assert BatchNorm(eps=0).forward(one_pixel_each, training=True).std() == pytest.approx(1)


@pytest.mark.parametrize(("shape", "axis"), [((500, 3), 1), ((20, 3, 5, 5), 1), ((20, 5, 5, 3), 3)])
def test_a_far_mean_costs_no_digits_in_either_direction(shape, axis):
    rng = np.random.default_rng(8)
    x = (10_000 + rng.standard_normal(shape)).astype(np.float32)
    dy = rng.standard_normal(shape).astype(np.float32)
    near, exact = BatchNorm(axis=axis), BatchNorm(axis=axis)
    np.testing.assert_allclose(
        near.forward(x, training=True), exact.forward(x.astype(float), training=True), atol=5e-3
    )
    np.testing.assert_allclose(near.backward(dy), exact.backward(dy.astype(float)), atol=5e-3)
    np.testing.assert_allclose(near.buffers["var"], exact.buffers["var"], rtol=1e-4)


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(
    shape=st.lists(st.integers(1, 4), min_size=2, max_size=5),
    axis=st.integers(0, 4),
    seed=st.integers(0, 999),
)
def test_any_shape_and_axis_against_the_paper_s_chain(shape, axis, seed):
    axis %= len(shape)
    rng = np.random.default_rng(seed)
    x, dy = rng.normal(-3, 2, shape), rng.standard_normal(shape)
    gamma, beta = rng.normal(1, 0.5, shape[axis]), rng.standard_normal(shape[axis])
    layer = BatchNorm(eps=0.1, axis=axis - len(shape) * (seed % 2))  # counted from either end
    layer.forward(x)
    layer.params["gamma"][...] = gamma
    layer.params["beta"][...] = beta
    y, dx, dgamma, dbeta = by_feature(x, axis, dy, gamma, beta, 0.1)
    np.testing.assert_allclose(layer.forward(x, training=True), y, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(layer.backward(dy), dx, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(layer.grads["gamma"], dgamma, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(layer.grads["beta"], dbeta, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("layer", [nn.BatchNorm(), nn.LayerNorm(), nn.GroupNorm(2)])
def test_a_constant_far_from_zero_comes_out_as_beta(layer):
    """In float32 the mean of many thirds of 10,000 is off by more than √ε; dividing by √ε shows it."""
    for value in (1e4 / 3, 1e5 / 3):
        y = layer.forward(np.full((100, 100), value, np.float32), training=True)
        assert np.abs(y).max() < 1e-3


def test_a_large_offset_costs_no_digits():
    """Against float64: 100,000 samples of spread 1 around 10,000."""
    x = np.random.default_rng(0).normal(1e4, 1, (100_000, 2)).astype(np.float32)
    layer = nn.BatchNorm(momentum=0)
    layer.forward(x, training=True)
    exact = x.astype(np.float64)
    np.testing.assert_allclose(layer.buffers["mean"], exact.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(layer.buffers["var"], exact.var(axis=0), rtol=1e-3)


def test_one_broken_batch_does_not_stay_in_the_running_statistics():
    rng = np.random.default_rng(0)
    layer, alone = nn.BatchNorm(), nn.BatchNorm()
    good = rng.standard_normal((8, 3)).astype(np.float32)
    bad = good.copy()
    bad[0, 1], bad[1, 2] = np.nan, 1e30
    with np.errstate(all="ignore"):
        for batch in (good, bad, good):
            layer.forward(batch, training=True)
    for batch in (good, good):
        alone.forward(batch, training=True)
    for name in ("mean", "var"):
        np.testing.assert_array_equal(layer.buffers[name][1:], alone.buffers[name][1:])
        assert layer.buffers[name][0] != alone.buffers[name][0]  # the sound feature takes part
