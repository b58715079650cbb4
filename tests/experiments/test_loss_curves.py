"""Runs side by side: shapes, names, and the loss of guessing."""

import dataclasses
import math

import numpy as np
import pytest

from coursekit.experiments import LossCurves


def test_it_holds_the_runs_and_a_copy_of_their_losses():
    losses = [[3.0, 2.0, 1.0], [3.0, math.nan, math.inf]]
    curves = LossCurves(["slow", "lost"], losses)
    losses[0][0] = 99
    assert curves.names == ("slow", "lost")
    assert curves.losses.shape == (2, 3)
    assert curves.losses[0].tolist() == [3, 2, 1]
    assert np.isnan(curves.losses[1, 1])


def test_the_loss_of_guessing():
    assert LossCurves(("a",), [[1.0]]).guessing == pytest.approx(2.302585)
    assert LossCurves(("a",), [[1.0]], classes=2).guessing == pytest.approx(0.693147)
    assert math.isnan(LossCurves(("a",), [[1.0]], classes=None).guessing)


def test_it_refuses_and_is_frozen():
    for names, losses, sentence in [
        (("a", "b"), [[1.0]], "a row for each of the 2 names"),
        (("a",), [1.0, 2.0], "their shape is"),
        ((), np.zeros((0, 3)), "their shape is"),
        (("a",), [[]], "their shape is"),
        (("a", "a"), [[1.0], [2.0]], "must be all different"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            LossCurves(names, losses)
    with pytest.raises(dataclasses.FrozenInstanceError):
        LossCurves(("a",), [[1.0]]).names = ()
