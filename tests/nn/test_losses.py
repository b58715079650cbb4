"""Softmax and cross-entropy: values by hand, far logits, and the slope."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from coursekit.nn import softmax, softmax_cross_entropy

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
