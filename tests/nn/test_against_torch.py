"""Layers, losses and optimizers beside PyTorch, live. Where it is missing nothing is collected.

The cases are those of `test_recorded_torch.py`, with the same inputs.
"""

import importlib.util

import numpy as np
import pytest

from coursekit import nn
from tests.nn import torch_cases

if importlib.util.find_spec("torch") is not None:
    import torch

    CASES = torch_cases.all_cases()

    @pytest.mark.parametrize("name", CASES)
    def test_agreement_live(name):
        given = CASES[name].draw(name)
        torch_cases.assert_agree(CASES[name].ours(given), CASES[name].theirs(given))

    @pytest.mark.parametrize("name", CASES)
    def test_the_recorded_numbers_are_still_what_torch_says(name):
        recorded = torch_cases.load()
        torch_cases.assert_agree(CASES[name].theirs(recorded[f"{name} in"]), recorded[f"{name} out"])

    @pytest.mark.parametrize("p", [0.2, 0.5])
    def test_dropout_scales_as_pytorch_does(p):
        """Masks differ; what is not dropped agrees."""
        x = np.random.default_rng(0).normal(2, 3, (50, 40))
        torch.manual_seed(0)
        ours = nn.Dropout(p, rng=np.random.default_rng(0)).forward(x, training=True)
        theirs = torch.nn.Dropout(p)(torch.tensor(x)).numpy()
        both = (ours != 0) & (theirs != 0)
        assert both.mean() == pytest.approx((1 - p) ** 2, abs=0.05)
        np.testing.assert_allclose(ours[both], theirs[both], **torch_cases.TOLERANCE)
