"""NumPy is always there; what is said, and what still runs, where JAX is not."""

import sys

import numpy as np
import pytest

from coursekit import compiled
from coursekit.compiled.timing import Timing


@pytest.fixture
def without_jax(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)


def test_numpy_arrays_have_a_namespace_either_way(monkeypatch):
    x = np.array([1.0, 4.0])
    np.testing.assert_array_equal(compiled.array_namespace(x).sqrt(x), [1, 2])
    monkeypatch.setitem(sys.modules, "jax", None)
    np.testing.assert_array_equal(compiled.array_namespace(x).sqrt(x), [1, 2])


def test_without_jax_numpy_is_the_only_library(without_jax):
    assert not compiled.available()
    assert list(compiled.libraries()) == ["NumPy"]
    assert compiled.places() == ["cpu"]


def test_without_jax_the_sentence_says_how_to_get_it(without_jax):
    with pytest.raises(RuntimeError, match=r"JAX is not installed here.*pip install.*\.\[compiled\]"):
        compiled.need_jax()
    assert compiled.two_devices().error == compiled.MISSING
    assert compiled.two_devices().devices == ()


def test_the_namespace_is_that_of_the_array():
    jax = pytest.importorskip("jax")
    y = compiled.array_namespace(jax.numpy.ones(2)).ones(2)
    assert isinstance(y, jax.Array)
    assert list(compiled.libraries()) == ["NumPy", "JAX"]


def test_compiling_pays_after_what_it_took_over_what_each_call_gains():
    assert Timing(1.0, 3.0, 1.0, 40.0).pays_after == 20
    assert Timing(1.0, 1.0, 2.0, 40.0).pays_after is None
    assert Timing(1.0).pays_after is None
