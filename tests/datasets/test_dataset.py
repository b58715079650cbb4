"""A dataset takes only images and labels that fit, and lays images flat."""

import numpy as np
import pytest

from coursekit import datasets


def test_dataset_refuses_what_does_not_fit():
    x, y = np.zeros((3, 4), np.float32), np.array([0, 1, 2])
    with pytest.raises(ValueError, match=r"\(3, 4\) and \(2,\)"):
        datasets.Dataset(x, y, x, y[:2])
    with pytest.raises(ValueError, match=r"\(3,\) and \(3,\)"):
        datasets.Dataset(y, y, x, y)
    with pytest.raises(ValueError, match="at least 1"):
        datasets.Dataset(x[:0], y[:0], x, y)
    for labels in (y + 1, y - 1, y / 2):
        with pytest.raises(ValueError, match="integers from 0 to 2"):
            datasets.Dataset(x, y, x, labels, ("a", "b", "c"))
    made = datasets.Dataset(x, y, x, y, ("a", "b", "c"))
    assert x.flags.writeable
    assert not made.x_train.flags.writeable


def test_flat_has_one_row_an_image():
    data = datasets.fashion_mnist()
    flat = data.flat()
    assert flat.x_train.shape == (10_000, 784)
    assert flat.x_test.shape == (2_000, 784)
    np.testing.assert_array_equal(flat.x_test[3], data.x_test[3, 0].ravel())
    assert np.shares_memory(flat.x_train, data.x_train)
    assert not flat.x_train.flags.writeable
    assert flat.flat().x_train.shape == (10_000, 784)


def test_nobody_can_write_into_the_split_that_all_share():
    from coursekit.datasets import fashion_split

    split = fashion_split(20, 10)
    for array in (split.x, split.labels, split.x_test, split.labels_test):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    for wrong in (20.0, True, [20], "20"):
        with pytest.raises(TypeError, match="train must be a whole number"):
            fashion_split(wrong, 10)
