"""Dropout on eight units: against the layer's formulas by hand, and against what probability says."""

import dataclasses
import math

import numpy as np
import pytest

from coursekit.experiments.dropout import diagnose_dropout, dropout_report

MODES = ("upscale_in_train", "downgrade_in_infer")


@pytest.mark.parametrize("mode", MODES)
def test_training_and_use_by_hand(mode):
    report, up = dropout_report(0.25, 50, mode), mode == MODES[0]
    kept = report.outputs != 0
    np.testing.assert_allclose(
        report.outputs, kept * report.hidden * (4 / 3 if up else 1), rtol=1e-6, atol=0
    )
    np.testing.assert_allclose(report.in_use, report.hidden * (1 if up else 0.75), rtol=1e-6)
    np.testing.assert_array_equal(report.kept, kept[-1])
    assert kept.mean() == pytest.approx(0.75, abs=0.07)


def test_the_first_draws_stay():
    few, many = (dropout_report(0.5, n, norm="behind") for n in (7, 90))
    np.testing.assert_array_equal(few.outputs, many.outputs[:7])
    np.testing.assert_array_equal(few.factors, many.factors[:7])
    assert not np.array_equal(few.outputs, dropout_report(0.5, 7, seed=1).outputs)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("p", [0.2, 0.5, 0.8])
def test_the_mean_is_that_of_use_and_the_norm_is_not(mode, p):
    report = dropout_report(p, 4000, mode)
    assert (np.abs(report.mean - report.in_use) < 4 * report.error).all()
    assert abs(report.factors[-1] - 1 / math.sqrt(1 - p)) < 4 * report.factor_error
    assert report.predicted_factor == pytest.approx(1 / math.sqrt(1 - p))


def test_standard_errors_by_hand():
    report = dropout_report(0.5, 20)
    for k in range(8):
        values = report.outputs[:, k].tolist()
        mean = sum(values) / 20
        variance = sum((v - mean) ** 2 for v in values) / 19
        assert report.error[k] == pytest.approx(math.sqrt(variance / 20), rel=1e-5)
    # The scatter of the factor over seeds is what one seed says of it.
    factors = [dropout_report(0.5, 100, seed=seed).factors[-1] for seed in range(40)]
    assert np.std(factors) == pytest.approx(dropout_report(0.5, 100).factor_error, rel=0.4)


def test_the_batch_norm_behind_stores_too_much():
    report = dropout_report(0.5, 400, norm="behind")
    # Var(x m/(1 − p)) = Var(x) + p/(1 − p) E[x²], over images and masks together.
    assert (report.stored > 1.5 * report.variance_in_use).all()
    np.testing.assert_allclose(report.spread_in_use**2, report.variance_in_use / report.stored)
    down = dropout_report(0.5, 400, MODES[1], norm="behind")
    np.testing.assert_allclose(down.spread_in_use, report.spread_in_use, rtol=1e-5)


def test_the_batch_norm_before_and_no_batch_norm():
    before = dropout_report(0.5, 40, norm="before")
    np.testing.assert_array_equal(before.stored, before.variance_in_use)
    assert dropout_report(0.5, 40).stored.size == 0


def test_what_is_drawn():
    training, use = (dropout_report(0.5, 9, phase=phase) for phase in ("training", "use"))
    np.testing.assert_array_equal(training.drawn, training.outputs[-1])
    np.testing.assert_array_equal(use.drawn, use.in_use)
    assert use.kept.all()
    assert not np.allclose(training.scores, use.scores)


def test_ends_of_p():
    nothing = dropout_report(0, 5)
    np.testing.assert_array_equal(nothing.outputs, np.tile(nothing.in_use, (5, 1)))
    assert nothing.kept.all()
    assert "the same" in diagnose_dropout(nothing)
    for bad in (1, -0.1, 2):
        with pytest.raises(ValueError, match="p must be"):
            dropout_report(bad, 5)
    silent = dropout_report(0.95, 1, norm="behind")
    assert np.isfinite(silent.outputs).all()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"p": 0.5, "draws": 200}, "1/√(1 − p) = 1.41"),
        ({"p": 0.5, "draws": 200}, "the others are divided by 0.50"),
        ({"p": 0.5, "draws": 1}, "One draw has no mean"),
        ({"p": 0.5, "draws": 3, "phase": "use"}, "In use every unit speaks, unchanged."),
        ({"p": 0.2, "draws": 3, "phase": "use", "mode": MODES[1]}, "each times 1 − p = 0.80"),
        ({"p": 0.5, "draws": 99, "norm": "before"}, "never meets a mask"),
        ({"p": 0.5, "draws": 99, "norm": "behind"}, "times the variance that it meets in use"),
        ({"p": 0.95, "draws": 1, "seed": 0}, "Draw 1: all 8 units are silent. One draw"),
        (
            {"p": 0.95, "draws": 2, "seed": 2},
            "All 2 draws were the same: they tell nothing of mean and norm",
        ),
        ({"p": 0.9, "draws": 1}, "7 of 8 units are silent, the other is divided by 0.10."),
        ({"p": 0.1, "draws": 4}, "1 of 8 units is silent, the others are divided by 0.90."),
        ({"p": 0.1, "draws": 2}, "no unit is silent, all are divided by 0.90."),
        ({"p": 0.1, "draws": 2, "mode": MODES[1]}, "no unit is silent."),
    ],
)
def test_the_sentence_carries_the_numbers(values, said):
    assert said in diagnose_dropout(dropout_report(**values))


def test_numbers_of_the_sentence():
    report = dropout_report(0.5, 300, norm="behind")
    text = diagnose_dropout(report)
    off = np.abs(report.mean - report.in_use) / report.error
    assert f"{off.max():.1f} at most" in text
    assert f"{report.factors[-1]:.2f} ± {report.factor_error:.2f}" in text
    assert f"{(~report.kept).sum()} of 8 units" in text


def test_it_refuses_and_is_frozen():
    for bad, sentence in (({"phase": "x"}, "phase"), ({"norm": "x"}, "norm"), ({"draws": 0}, "draws")):
        with pytest.raises(ValueError, match=sentence):
            dropout_report(**{"p": 0.5, "draws": 5, **bad})
    with pytest.raises(dataclasses.FrozenInstanceError):
        dropout_report(0.5, 5).p = 0
