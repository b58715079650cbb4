"""Inputs that used to be taken wrongly without a word: each is refused, or comes out right."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.nn import checks


@pytest.mark.parametrize("kind", [float, int, bool, np.float32])
def test_one_hot_labels_are_told_apart_from_class_indices(kind):
    with pytest.raises(ValueError, match=r"one-hot, \(3, 4\): hand in labels.argmax\(axis=1\)"):
        nn.softmax_cross_entropy(np.zeros((3, 4)), np.eye(4)[[0, 2, 3]].astype(kind))


def test_what_has_the_shape_of_one_hot_labels_and_is_none():
    with pytest.raises(ValueError, match="one a row"):
        nn.softmax_cross_entropy(np.zeros((3, 4)), np.zeros((3, 4), int))


@pytest.mark.parametrize("layer", [nn.BatchNorm(), nn.LayerNorm(), nn.GroupNorm(1), nn.Dense(2)])
def test_masked_entries_are_refused(layer):
    x = np.ma.masked_array([[1.0, 2.0], [3.0, 1e6], [5.0, 4.0]], mask=[[0, 0], [0, 1], [0, 0]])
    with pytest.raises(ValueError, match="x has masked entries"):
        layer.forward(x, training=True)
    with pytest.raises(ValueError, match="masked"):
        nn.softmax_cross_entropy(np.zeros((2, 2)), np.ma.masked_array([0, 1], mask=[0, 1]))


def test_a_masked_array_without_a_masked_entry_is_an_array():
    assert type(checks.float_array("x", np.ma.masked_array([1.0, 2.0], mask=[0, 0]))) is np.ndarray


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([2**24], np.float32),
        ([-(2**24)], np.float32),
        ([2**24 + 1], np.float64),
        ([-(2**24) - 1, 0], np.float64),
        (np.array([2**31], np.uint32), np.float64),
        (np.array([255], np.uint8), np.float32),
    ],
)
def test_whole_numbers_that_float32_would_round_become_float64(values, dtype):
    found = checks.float_array("x", np.asarray(values))
    assert found.dtype == dtype
    assert found.astype(int).tolist() == np.asarray(values).tolist()


@pytest.mark.parametrize(("kind", "size"), [(np.float32, 1e30), (np.float32, 1e36), (np.float64, 1e200)])
@pytest.mark.parametrize("make", [nn.BatchNorm, nn.LayerNorm, lambda: nn.GroupNorm(1)])
def test_a_variance_that_overflows_still_normalizes(make, kind, size):
    x = np.random.default_rng(3).uniform(-1, 1, (32, 4))
    wide, usual = make(), make()
    y = wide.forward((x * size).astype(kind), training=True)
    wanted = usual.forward(x * 1e6, training=True)  # ε counts for nothing there either
    np.testing.assert_allclose(y, wanted, rtol=1e-4, atol=1e-5)
    # y does not change if x is scaled, so the way back is smaller by as much as x is larger.
    dy = np.random.default_rng(4).standard_normal(x.shape)
    back, right = wide.backward(dy.astype(kind)), usual.backward(dy)
    np.testing.assert_allclose(
        back.astype(float) * (size / 1e6), right, rtol=1e-3, atol=1e-3 * np.abs(right).max()
    )


def test_features_beside_one_that_overflows_are_as_ever():
    x = np.random.default_rng(3).standard_normal((32, 3)).astype(np.float32)
    alone = nn.BatchNorm().forward(x, training=True)
    x[:, 1] *= np.float32(1e30)
    layer = nn.BatchNorm()
    np.testing.assert_allclose(layer.forward(x, training=True), alone, rtol=1e-4, atol=1e-4)
    assert np.isfinite(layer.buffers["var"]).all()


def test_huge_entries_that_are_all_alike_come_out_as_zero():
    x = np.full((8, 2), 3e38, np.float32)
    for layer in (nn.BatchNorm(), nn.LayerNorm()):
        assert not layer.forward(x, training=True).any()


def test_a_last_batch_of_one_leaves_the_running_statistics():
    rng = np.random.default_rng(0)
    layer = nn.BatchNorm()
    layer.forward(rng.standard_normal((8, 3)), training=True)
    before = {name: array.copy() for name, array in layer.buffers.items()}
    np.testing.assert_array_equal(
        layer.forward(rng.standard_normal((1, 3)), training=True), np.zeros((1, 3))
    )
    for name, array in before.items():
        np.testing.assert_array_equal(layer.buffers[name], array)
