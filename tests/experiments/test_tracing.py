"""Prints against calls: counted here by hand, with JAX and without."""

import sys

import numpy as np
import pytest

from coursekit import compiled
from coursekit.experiments.tracing import diagnose_tracing, trace_calls


def test_on_numpy_every_call_prints():
    result = trace_calls("plain", 7)
    assert result.prints == (1, 2, 3, 4, 5, 6, 7)
    assert result.sizes == (4,) * 7
    assert result.sees[0].startswith("x: [[")


def test_without_jax_the_numpy_half_is_there_and_the_rest_explained(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    for name in compiled.PROGRAMS:
        result = trace_calls(name, 3)
        assert (result.prints, result.traced_prints, result.steps) == ((1, 2, 3), (), ())
        assert result.difference is None
        said = diagnose_tracing(result)
        assert "On NumPy 3 calls print 3 times" in said
        assert "JAX is not installed here" in said
    assert trace_calls("numpy_mask", 3).masks == (3, 0)


class TestWithJax:
    @pytest.fixture(autouse=True)
    def needed(self):
        pytest.importorskip("jax")

    @pytest.mark.parametrize("sizes", [1, 2, 3, 4])
    def test_compiled_it_prints_once_for_each_batch_size(self, sizes):
        result = trace_calls("plain", 9, sizes)
        assert result.traced_prints == tuple(min(call, sizes) for call in range(1, 10))
        assert result.sizes[:sizes] == tuple(range(4, 4 + sizes))
        assert result.sees[1] == "x: Tracer(float32[4,3])"
        assert f"each batch size ({sizes})" in diagnose_tracing(result)

    @pytest.mark.parametrize("name", ["plain", "branch_on_shape", "choice_by_where", "mask_handed_in"])
    def test_answers_agree_in_float32(self, name):
        assert trace_calls(name, 20, 3).difference < 1e-5

    def test_a_mask_of_numpy_freezes(self):
        result = trace_calls("numpy_mask", 12)
        assert result.masks == (12, 1)
        np.testing.assert_array_equal(result.patterns[1], result.patterns[1][:1].repeat(12, axis=0))
        assert result.difference > 0.1
        assert "kept what it drew" in diagnose_tracing(result)
        assert trace_calls("numpy_mask", 12, 3).masks == (12, 3)

    def test_a_mask_handed_in_does_not(self):
        result = trace_calls("mask_handed_in", 12)
        assert result.masks == (12, 12)
        np.testing.assert_array_equal(result.patterns[0], result.patterns[1])

    def test_a_branch_on_data_never_runs_compiled(self):
        result = trace_calls("branch_on_data", 5)
        assert (result.steps, result.traced_prints, result.difference) == ((), (), None)
        assert "TracerBoolConversionError" in diagnose_tracing(result)

    def test_a_branch_on_the_shape_is_written_down_once(self):
        assert "“if” is gone" in diagnose_tracing(trace_calls("branch_on_shape", 2))


@pytest.mark.parametrize("wrong", [{"calls": 0}, {"calls": 21}, {"sizes": 5}, {"program": "loop"}])
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(ValueError, match="must be"):
        trace_calls(**{"program": "plain", "calls": 3, "sizes": 1, **wrong})
