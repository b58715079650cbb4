"""Centring over the batch and over rows: by hand, by differences, and what batch-mates do."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.nets import Centring

X = np.array([[1.0, 3.0], [5.0, 11.0]])


def test_means_by_hand():
    np.testing.assert_array_equal(Centring("batch").forward(X), X - 5)
    np.testing.assert_array_equal(Centring("row").forward(X), [[-1, 1], [-3, 3]])


@pytest.mark.parametrize("over", ["batch", "row"])
@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 2, 2)])
def test_gradients(over, shape):
    rng = np.random.default_rng(0)
    assert nn.check_gradients(Centring(over), rng.standard_normal(shape), rng=rng)


def test_only_rows_are_judged_by_themselves():
    for over, apart in (("row", True), ("batch", False)):
        layer = Centring(over)
        alone, beside = layer.forward(X[:1]), layer.forward(X)[:1]
        assert np.allclose(alone, beside) == apart


def test_another_mean_is_refused():
    with pytest.raises(ValueError, match="over must be one of 'batch', 'row'"):
        Centring("column")
