"""One unit's sum: σ√n, within what 4,000 sums of 50 inputs and 80 units can tell."""

import dataclasses
import math

import numpy as np
import pytest

from coursekit.experiments import diagnose_unit, unit_report


@pytest.mark.parametrize("n_in", [1, 10, 100, 1000])
@pytest.mark.parametrize("sigma", [0.001, 0.1, 1, 10])
def test_the_spread_follows_sigma_root_n(n_in, sigma):
    reports = [unit_report(n_in, sigma, np.random.default_rng(seed)) for seed in range(30)]
    predicted = sigma * n_in**0.5
    assert all(r.predicted == pytest.approx(predicted, rel=1e-12) for r in reports)
    # The variances average to n σ² over draws; one draw varies by 2/50 + 2/80 + 4 · … of it, the more
    # the fewer inputs there are.
    mean_square = np.mean([r.std**2 for r in reports])
    assert mean_square == pytest.approx(predicted**2, rel=0.3 if n_in == 1 else 0.1)


def test_the_histogram_follows_the_normal_law():
    # With many inputs s is nearly normal: share of |s| > 4.08 is erfc(4.08 / (std √2)).
    reports = [unit_report(400, 0.1, np.random.default_rng(seed)) for seed in range(20)]
    outside = np.mean([r.outside for r in reports])
    assert outside == pytest.approx(math.erfc(4.08 / (2 * math.sqrt(2))), rel=0.15)
    h = reports[0].histograms
    assert h.counts.shape == (1, 51)
    assert h.total.tolist() == [4000]
    middle = (h.edges[1:] + h.edges[:-1]) / 2
    inside = (h.counts[0] * middle**2).sum() / h.counts.sum()
    assert math.sqrt(inside) == pytest.approx(2, rel=0.15)


def test_sigma_only_scales_the_same_draw():
    one, three = (unit_report(20, s, np.random.default_rng(0)) for s in (1.0, 3.0))
    assert three.std == pytest.approx(3 * one.std, rel=1e-5)
    assert unit_report(20, 1.0, np.random.default_rng(1)).std != one.std


@pytest.mark.parametrize("sigma", [0.05, 0.1, 1.0])
def test_the_outputs_are_tanh_of_the_same_sums(sigma):
    report = unit_report(400, sigma, np.random.default_rng(3))
    rng = np.random.default_rng(3)
    x, w = (
        rng.standard_normal((50, 400), dtype=np.float32),
        rng.standard_normal((400, 80), dtype=np.float32),
    )
    h = np.tanh((x @ w).astype(np.float64) * sigma)
    counts = np.histogram(h, np.linspace(-1.02, 1.02, 52))[0]
    assert np.abs(report.outputs.counts[0] - counts).sum() <= 4  # rounding at an edge
    assert report.outputs.total.tolist() == [4000]
    assert report.outputs.below[0] == report.outputs.above[0] == 0
    s = (x @ w).astype(np.float64) * sigma
    assert report.outside == pytest.approx(np.mean(np.abs(s) > 4.08), abs=3 / s.size)
    assert sigma < 0.1 or np.sum(s > 4.08) != np.sum(s < -4.08)  # so one side told twice is noticed
    # |tanh s| > 0.97 where |s| > 2.0923; s is nearly normal with a spread of 20 σ.
    assert report.saturated == pytest.approx(np.mean(np.abs(h) > 0.97), abs=1e-3)
    assert report.saturated == pytest.approx(math.erfc(2.0923 / (20 * sigma * math.sqrt(2))), abs=0.05)


def test_no_width_at_all():
    report = unit_report(5, 0, np.random.default_rng(0))
    assert (report.std, report.predicted, report.outside) == (0, 0, 0)
    assert report.histograms.counts[0, 25] == 4000  # the middle one of 51 holds 0
    assert (report.outputs.counts[0, 25], report.saturated) == (4000, 0)


@pytest.mark.parametrize(
    ("n_in", "sigma", "words"),
    [
        (100, 0.001, "Too narrow"),
        (100, 0.01, "Narrow: a tanh is nearly a straight line"),
        (100, 0.049, "Narrow: a tanh is nearly a straight line"),
        (100, 0.051, "A width that a tanh can work with"),
        (100, 0.1, "A width that a tanh can work with"),
        (100, 1.0, "Too wide: a tanh would saturate on 82 % of these sums."),
        (1, 1.0, "So few terms make no bell yet. A width that a tanh can work with."),
        (3, 1.0, "no bell yet"),
        (4, 1.0, "says 2. A width"),
    ],
)
def test_the_sentence_carries_the_numbers(n_in, sigma, words):
    report = unit_report(n_in, sigma, np.random.default_rng(0))
    text = diagnose_unit(report)
    assert f"{n_in} input{'s' * (n_in > 1)} and σ = {sigma:g} " in text
    assert f"the spread {report.std:.2g};" in text
    assert f"σ√n says {sigma * math.sqrt(n_in):.2g}." in text
    assert words in text
    assert text.endswith(".")


def test_large_spreads_are_written_out():
    text = diagnose_unit(unit_report(1000, 10.0, np.random.default_rng(0)))
    assert "has the spread 310; the rule σ√n says 320." in text


def test_it_refuses_and_is_frozen():
    rng = np.random.default_rng(0)
    for bad, error, sentence in [
        ((0, 1.0, rng), ValueError, "n_in must be 1 or more"),
        ((2.0, 1.0, rng), TypeError, "n_in must be a whole number"),
        ((2, -1.0, rng), ValueError, "sigma must be a finite number"),
        ((2, np.nan, rng), ValueError, "sigma must be a finite number"),
        ((2, "1", rng), TypeError, "sigma must be a number"),
        ((2, 1.0, 0), TypeError, r"default_rng\(0\)"),
    ]:
        with pytest.raises(error, match=sentence):
            unit_report(*bad)
    with pytest.raises(dataclasses.FrozenInstanceError):
        unit_report(2, 1.0, rng).std = 0
