"""A sweep gives its series by name."""

import numpy as np
import pytest

from coursekit.experiments import Sweep


@pytest.fixture
def sweep():
    values = np.array([[[1, 5, 3], [4, 6, 8]], [[10, 30, 20], [40, 60, 95]]], float)
    return Sweep("?", "x", "y", np.array([1.0, 2.0]), ("this", "that"), values, (0, 1, 2), "made up")


def test_a_series_is_found_by_its_name(sweep):
    assert sweep.series("that").tolist() == [[10, 30, 20], [40, 60, 95]]
    with pytest.raises(ValueError, match="tuple"):
        sweep.series("another")


def test_the_middle_one_is_that_of_the_seeds(sweep):
    assert sweep.median("this").tolist() == [3, 6]
    assert sweep.median("that").tolist() == [20, 60]


def test_some_series_are_a_sweep_of_their_own(sweep):
    one = sweep.only("that")
    assert one.names == ("that",)
    assert one.series("that").tolist() == sweep.series("that").tolist()
    assert sweep.only("that", "this").series("this").tolist() == sweep.series("this").tolist()
    with pytest.raises(ValueError, match="name must be one of 'this', 'that'"):
        sweep.only("another")
