"""Layers, losses and optimizers against numbers that PyTorch gave (see tools/record_torch.py)."""

import re

import numpy as np
import pytest

from tests.nn import torch_cases

CASES = torch_cases.all_cases()
VALUES = torch_cases.load()
AGAIN = "record again: python -m tools.record_torch"


def test_the_file_holds_exactly_the_cases_of_the_table():
    assert list(VALUES) == [f"{name} {way}" for name, case in CASES.items() for way in ("in", "out")], AGAIN


def test_the_file_is_small_and_names_its_source():
    assert torch_cases.RECORDED.stat().st_size <= 200_000
    with np.load(torch_cases.RECORDED, allow_pickle=False) as file:
        assert re.match(r"\d+\.\d+", str(file["torch"]))
        assert np.isfinite(file["values"]).all()


@pytest.mark.parametrize("name", CASES)
def test_agreement_with_what_was_recorded(name):
    given = VALUES[f"{name} in"]
    kept = {key: array.copy() for key, array in given.items()}
    shapes = {key: array.shape for key, array in CASES[name].draw(name).items()}
    assert {key: array.shape for key, array in given.items()} == shapes, AGAIN
    torch_cases.assert_agree(CASES[name].ours(given), VALUES[f"{name} out"])
    for key, array in kept.items():
        np.testing.assert_array_equal(given[key], array)
