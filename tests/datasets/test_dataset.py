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
    for array in (split.x_train, split.y_train, split.x_test, split.y_test):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    for wrong in (20.0, True, [20], "20"):
        with pytest.raises(TypeError, match="train must be a whole number"):
            fashion_split(wrong, 10)


def test_standardized_by_the_training_images_alone():
    data = datasets.fashion_mnist().first(50, 20)
    made, x = data.standardized(), data.x_train.astype(np.float64)
    assert made.x_train.shape == (50, 1, 28, 28)
    np.testing.assert_allclose(made.x_train, (x - x.mean()) / x.std(), atol=1e-5)
    np.testing.assert_allclose(made.x_test, (data.x_test - x.mean()) / x.std(), atol=1e-5)
    assert made.x_train.dtype == made.x_test.dtype == np.float32
    assert made.y_test is not None
    np.testing.assert_array_equal(made.y_test, data.y_test)


def test_a_split_serves_rows_and_images():
    from coursekit.datasets import fashion_split

    rows, images = fashion_split(30, 10), fashion_split(30, 10, flat=False)
    assert rows.x_train.shape == (30, 784)
    assert images.x_test.shape == (10, 1, 28, 28)
    np.testing.assert_array_equal(rows.x_train, images.x_train.reshape(30, -1))
    assert fashion_split(30, 10) is rows
    with pytest.raises(TypeError, match="flat must be True or False"):
        fashion_split(30, 10, flat=1)
    with pytest.raises(ValueError, match="test must be at most 2000; got 2001"):
        datasets.fashion_mnist().first(3, 2001)
