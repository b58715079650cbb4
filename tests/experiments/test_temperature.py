"""Temperature: what it moves and what not, against formulas written out anew."""

import dataclasses
import math

import numpy as np
import pytest

from coursekit.experiments.temperature import (
    TEMPERATURES,
    diagnose_tempered,
    reliability,
    temper,
    trained_scores,
)


def loss_by_hand(z, labels, t):
    """Log of the sum of powers, less the right score: in float64, one image after another."""
    rows = [row.astype(float) / t for row in z]
    each = [
        math.log(sum(math.exp(v - max(r)) for v in r)) + max(r) - r[k]
        for r, k in zip(rows, labels, strict=True)
    ]
    return sum(each) / len(each)


@pytest.mark.parametrize(("temperature", "images"), [(0.5, "new"), (3.0, "training")])
def test_loss_and_accuracy_by_hand(temperature, images):
    z, labels = trained_scores(1, 0)[images]
    assert z.shape == ({"new": 2000, "training": 1000}[images], 10)
    result = temper(temperature, 1, 0, images)
    assert result.loss == pytest.approx(loss_by_hand(z, labels, temperature), rel=1e-5)
    assert result.accuracy == np.mean([row.argmax() == k for row, k in zip(z, labels, strict=True)])


def test_the_curve_is_the_loss_at_each_temperature():
    result = temper(1.0, 1, 1)
    assert (result.temperatures[0], result.temperatures[-1]) == pytest.approx((0.1, 10))
    for k in (0, 30, 80):
        assert result.losses[k] == pytest.approx(temper(TEMPERATURES[k], 1, 1).loss)
    assert result.best == (TEMPERATURES[result.losses.argmin()], result.losses.min())


def test_the_accuracy_cannot_move_and_the_loss_does():
    results = [temper(t) for t in (0.1, 1.0, 2.4, 10.0)]
    assert len({r.accuracy for r in results}) == 1
    assert [r.loss for r in results] != sorted(r.loss for r in results)
    assert results[0].loss > 3 * results[2].loss
    sure = [r.mean_confidence for r in results]
    assert sure == sorted(sure, reverse=True)


def test_bins_by_hand():
    sure = np.array([0.15, 0.95, 0.97, 1.0, 0.35])
    hit = np.array([True, True, False, True, False])
    counts, confidence, right = reliability(sure, hit)
    assert counts.tolist() == [0, 1, 0, 1, 0, 0, 0, 0, 0, 3]
    assert confidence[9] == pytest.approx((0.95 + 0.97 + 1) / 3)
    assert right[9] == pytest.approx(2 / 3)
    assert (confidence[1], right[1]) == (0.15, 1)
    assert np.isnan(right[5])
    assert np.isnan(confidence[0])


def test_the_bins_hold_all_images():
    result = temper(0.3, 1)
    assert result.counts.sum() == 2000
    filled = result.counts > 0
    assert np.average(result.right[filled], weights=result.counts[filled]) == pytest.approx(result.accuracy)
    z, _ = trained_scores(1, 0)["new"]
    e = np.exp((z.astype(float) - z.max(axis=1, keepdims=True)) / 0.3)
    assert result.mean_confidence == pytest.approx((1 / e.sum(axis=1)).mean(), rel=1e-5)


def test_it_is_trained_once_and_by_its_seed():
    assert trained_scores(1, 0) is trained_scores(1, 0)
    assert not np.array_equal(trained_scores(1, 0)["new"][0], trained_scores(1, 1)["new"][0])


@pytest.mark.parametrize(
    ("temperature", "passes", "images", "words"),
    [
        (1.0, 40, "new", "too sure"),
        (10.0, 40, "new", "not sure enough"),
        (2.5, 40, "new", "about as sure as it is right"),
        (1.0, 40, "training", "of those drawn, the loss is smallest at T = 0.1"),
    ],
)
def test_the_sentence_carries_the_numbers(temperature, passes, images, words):
    result = temper(temperature, passes, 0, images)
    said = diagnose_tempered(result)
    assert words in said
    assert f"At T = {temperature:.2g} the net is sure by {100 * result.mean_confidence:.0f} %" in said
    assert f"The loss is {result.loss:.2f}".replace("-0.00", "0.00") in said
    assert said.endswith("The accuracy is the same at every T.")


def test_it_refuses_and_is_frozen():
    for bad, sentence in [
        ((0.0,), "temperature"),
        ((np.nan,), "temperature"),
        ((1.0, 0), "passes must be 1 or more"),
        ((1.0, 1, 0, "old"), "images"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            temper(*bad)
    with pytest.raises(dataclasses.FrozenInstanceError):
        temper(1.0, 1).loss = 0
