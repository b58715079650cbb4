"""Softmax and cross-entropy: values by hand, far logits, and the slope."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from coursekit.nn import binary_cross_entropy, sigmoid, softmax, softmax_cross_entropy, squared_error

LN2, LN5 = math.log(2), math.log(5)
ROW = [0.0, LN2, LN5]  # e to these: 1, 2, 5, which sum to 8


def test_softmax_by_hand():
    np.testing.assert_allclose(softmax(np.array(ROW)), [1 / 8, 2 / 8, 5 / 8], rtol=1e-15)
    np.testing.assert_allclose(softmax([ROW, [1, 1, 1]]), [[1 / 8, 2 / 8, 5 / 8], [1 / 3] * 3], rtol=1e-15)


def test_cross_entropy_by_hand():
    # Row 1, label 1: -ln(2/8) = ln 4. Row 2, label 0: ln 3. Their mean: ln(12) / 2.
    loss, dlogits = softmax_cross_entropy(np.array([ROW, [7.0, 7.0, 7.0]]), np.array([1, 0]))
    assert loss == pytest.approx(math.log(12) / 2, rel=1e-15)
    expected = [[1 / 16, -6 / 16, 5 / 16], [-2 / 6, 1 / 6, 1 / 6]]  # (p - onehot) / 2
    np.testing.assert_allclose(dlogits, expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_net_that_knows_nothing_pays_ln_k(dtype):
    loss, dlogits = softmax_cross_entropy(np.zeros((4, 10), dtype), np.array([0, 3, 9, 9]))
    assert isinstance(loss, float)
    assert loss == pytest.approx(2.302585093, rel=1e-6)
    assert dlogits.dtype == dtype
    assert dlogits[0, 0] == pytest.approx(-0.9 / 4, rel=1e-6)
    assert dlogits[0, 1] == pytest.approx(0.1 / 4, rel=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_logits_stay_finite(dtype):
    logits = np.array([[1e4, -1e4], [1e4, -1e4]], dtype)
    np.testing.assert_array_equal(softmax(logits), [[1, 0], [1, 0]])
    loss, dlogits = softmax_cross_entropy(logits, [0, 1])  # sure and right: 0; sure and wrong: 20,000
    assert loss == 10_000
    np.testing.assert_array_equal(dlogits, [[0, 0], [0.5, -0.5]])


def test_a_masked_score_has_the_probability_zero():
    np.testing.assert_array_equal(softmax(np.array([-np.inf, 0.0, 0.0])), [0, 0.5, 0.5])


scores = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-50, 50)
)


@settings(max_examples=50, deadline=None, database=None, derandomize=True)
@given(logits=scores, shift=st.floats(-1000, 1000))
def test_probabilities_sum_to_one_and_know_no_shift(logits, shift):
    p = softmax(logits)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(softmax(logits + shift), p, rtol=1e-9, atol=1e-300)
    labels = np.zeros(len(logits), int)
    loss, dlogits = softmax_cross_entropy(logits, labels)
    again, dagain = softmax_cross_entropy(logits + shift, labels)
    assert again == pytest.approx(loss, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(dagain, dlogits, rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None, database=None, derandomize=True)
@given(logits=scores, data=st.data())
def test_loss_and_gradient_against_sums_written_out(logits, data):
    n, k = logits.shape
    labels = data.draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n))
    loss, dlogits = softmax_cross_entropy(logits, labels)
    exp = [[math.exp(z) for z in row] for row in logits]
    expected = sum(math.log(sum(row)) - z[j] for row, z, j in zip(exp, logits, labels, strict=True)) / n
    assert loss == pytest.approx(expected, rel=1e-12, abs=1e-12)
    for i in range(n):
        for j in range(k):
            slope = (exp[i][j] / sum(exp[i]) - (j == labels[i])) / n
            assert dlogits[i, j] == pytest.approx(slope, rel=1e-10, abs=1e-13)


def test_the_gradient_is_the_slope_of_the_loss():
    rng = np.random.default_rng(0)
    logits, labels, h = rng.normal(0, 2, (5, 4)), rng.integers(0, 4, 5), 1e-3
    _, dlogits = softmax_cross_entropy(logits, labels)
    for index in np.ndindex(logits.shape):
        f = []
        for steps in (-2, -1, 1, 2):
            moved = logits.copy()
            moved[index] += steps * h
            f.append(softmax_cross_entropy(moved, labels)[0])
        assert dlogits[index] == pytest.approx((f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h), abs=1e-11)


@pytest.mark.parametrize("labels", [np.array([2, 0], np.uint8), [2, 0], np.array([9, 2, 9, 0])[1::2]])
def test_any_kind_of_whole_number_is_a_label_and_nothing_is_written_to(labels):
    logits = np.array([ROW, ROW])
    before = logits.copy()
    logits.setflags(write=False)
    loss, _ = softmax_cross_entropy(logits, labels)
    assert loss == pytest.approx((math.log(8 / 5) + math.log(8)) / 2, rel=1e-14)
    np.testing.assert_array_equal(logits, before)


def slope(f, z, h=1e-5):
    """Central differences."""
    out = np.zeros(z.shape)
    for index in np.ndindex(z.shape):
        above, below = z.copy(), z.copy()
        above[index] += h
        below[index] -= h
        out[index] = (f(above) - f(below)) / (2 * h)
    return out


@pytest.mark.parametrize("shape", [(6,), (6, 1), (4, 3), (2, 3, 2)])
def test_each_gradient_is_the_slope_of_its_loss(shape):
    rng = np.random.default_rng(1)
    z = rng.normal(0, 2, shape)
    for loss, target in (
        (binary_cross_entropy, rng.integers(0, 2, shape)),
        (binary_cross_entropy, rng.uniform(0, 1, shape)),
        (squared_error, rng.standard_normal(shape)),
    ):
        numeric = slope(lambda moved, f=loss, t=target: f(moved, t)[0], z)
        analytic = loss(z, target)[1]
        assert analytic.shape == shape
        assert np.linalg.norm(analytic - numeric) <= 1e-7 * np.linalg.norm(numeric)


def test_binary_cross_entropy_by_hand():
    # σ(0) = 1/2, σ(ln 3) = 3/4: -ln(1/2) for a yes and -ln(1 - 3/4) for a no, so (ln 2 + ln 4) / 2
    loss, dlogits = binary_cross_entropy(np.array([0.0, math.log(3)]), np.array([1, 0]))
    assert loss == pytest.approx(1.5 * LN2, rel=1e-15)
    np.testing.assert_allclose(dlogits, [-0.5 / 2, 0.75 / 2], rtol=1e-15)
    # a target of 1/4 at σ = 3/4: -(ln(3/4) + 3 ln(1/4)) / 4
    loss, dlogits = binary_cross_entropy([[math.log(3)]], [[0.25]])
    assert loss == pytest.approx((7 * LN2 + LN2 - math.log(3)) / 4, rel=1e-15)
    np.testing.assert_allclose(dlogits, [[0.5]], rtol=1e-15)
    assert binary_cross_entropy(np.zeros((5, 2)), np.eye(5)[:, :2] > 0)[0] == pytest.approx(LN2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_binary_cross_entropy_far_out(dtype):
    z, t = np.array([1e4, -1e4, 1e4, -1e4], dtype), np.array([1, 0, 0, 1])
    loss, dlogits = binary_cross_entropy(z, t)  # sure and right: 0; sure and wrong: 10,000
    assert loss == 5000
    np.testing.assert_array_equal(dlogits, [0, 0, 0.25, -0.25])
    assert dlogits.dtype == dtype
    assert binary_cross_entropy(z[:1], [0.25])[0] == 7500


@settings(max_examples=50, deadline=None, database=None, derandomize=True)
@given(z=hnp.arrays(np.float64, hnp.array_shapes(max_side=4), elements=st.floats(-30, 30)), data=st.data())
def test_binary_cross_entropy_is_softmax_s_for_the_classes_z_and_0(z, data):
    """σ(z) = softmax([z, 0]), so the two losses are one; and a soft target is a mix of both labels."""
    t = data.draw(hnp.arrays(np.int64, z.shape, elements=st.integers(0, 1)))
    two = np.stack([np.zeros(z.size), z.ravel()], axis=1)
    loss, dlogits = binary_cross_entropy(z, t)
    expected, dtwo = softmax_cross_entropy(two, t.ravel())
    assert loss == pytest.approx(expected, rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(dlogits.ravel(), dtwo[:, 1], rtol=1e-9, atol=1e-15)
    q = data.draw(st.floats(0, 1))
    mixed = binary_cross_entropy(z, np.full(z.shape, q))[0]
    yes, no = (binary_cross_entropy(z, np.full(z.shape, k))[0] for k in (1, 0))
    assert mixed == pytest.approx(q * yes + (1 - q) * no, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(binary_cross_entropy(z, sigmoid(z))[1], 0, atol=1e-15)


def test_squared_error_by_hand():
    # differences 1, -2, 3, 0: the mean of 1, 4, 9, 0, without a half
    loss, dy = squared_error(np.array([[2.0, 0.0], [4.0, 5.0]]), np.array([[1, 2], [1, 5]]))
    assert loss == 14 / 4
    np.testing.assert_array_equal(dy, [[0.5, -1], [1.5, 0]])
    loss, dy = squared_error(np.float32([1e30, -1e30]), np.zeros(2))
    assert loss == pytest.approx(1e60, rel=1e-6)
    assert dy.dtype == np.float32
    assert squared_error(np.array([1e300]), [-1e300])[0] == math.inf


def test_losses_write_to_none_of_their_inputs():
    z, t = np.array([[1.0, -2.0]]), np.array([[1.0, 0.0]])
    z.setflags(write=False)
    t.setflags(write=False)
    for loss in (binary_cross_entropy, squared_error):
        _, gradient = loss(z, t)
        gradient += 1  # the caller's own


NAN = math.nan
REFUSED = [
    (lambda: binary_cross_entropy([1.0, 2.0], [1]), ValueError, r"targets must have the shape \(2,\)"),
    (lambda: binary_cross_entropy([[1.0]], [1]), ValueError, r"shape \(1, 1\); got \(1,\)"),
    (lambda: binary_cross_entropy([1.0], [2]), ValueError, r"targets must lie in \[0, 1\]; got 2"),
    (lambda: binary_cross_entropy([1.0], [-0.1]), ValueError, r"must lie in \[0, 1\]; got -0.1"),
    (lambda: binary_cross_entropy([1.0], [NAN]), ValueError, r"must lie in \[0, 1\]; got nan"),
    (lambda: binary_cross_entropy([NAN], [1]), ValueError, "logits must be finite.*the network diverged"),
    (lambda: binary_cross_entropy([-math.inf], [1]), ValueError, "logits must be finite"),
    (lambda: binary_cross_entropy(["1"], [1]), TypeError, "logits must hold real numbers"),
    (lambda: binary_cross_entropy([1.0], ["1"]), TypeError, "targets must hold real numbers"),
    (lambda: binary_cross_entropy([], []), ValueError, "logits is empty"),
    (
        lambda: squared_error(np.ones((3, 1)), np.ones(3)),
        ValueError,
        r"target must have the shape \(3, 1\)",
    ),
    (lambda: squared_error([1.0], [NAN]), ValueError, "target holds nan or inf"),
    (lambda: squared_error([math.inf], [1]), ValueError, "y must be finite but holds nan or inf"),
    (lambda: squared_error([1j], [1]), TypeError, "y must hold real numbers"),
]


@pytest.mark.parametrize(("call", "error", "sentence"), REFUSED)
def test_wrong_calls_are_refused(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()
