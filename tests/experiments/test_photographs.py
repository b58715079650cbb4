"""The dozen photographs are of the data, one of every class first."""

import numpy as np
import pytest

from coursekit.datasets import CLASS_NAMES, fashion_mnist
from coursekit.experiments import photographs


def test_one_of_every_class_comes_first():
    shown = photographs()
    assert shown.images.shape == (12, 28, 28)
    assert shown.labels[:10].tolist() == list(range(10))
    assert shown.names == tuple(CLASS_NAMES[label] for label in shown.labels)
    data = fashion_mnist()
    at = [int(np.flatnonzero((data.x_train[:, 0] == image).all(axis=(1, 2)))[0]) for image in shown.images]
    assert len(set(at)) == 12
    np.testing.assert_array_equal(data.y_train[at], shown.labels)


def test_it_refuses():
    with pytest.raises(ValueError, match="at most 100"):
        photographs(101)
    with pytest.raises(ValueError, match="count"):
        photographs(0)
