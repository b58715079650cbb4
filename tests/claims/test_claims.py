"""Every claim of the course, measured again from seeds that no lesson uses."""

import dataclasses
import math
import re

import pytest

from coursekit import claims
from coursekit.claims import Claim, ClaimsTable
from coursekit.claims.claim import geometric_mean_of, mean_of, number
from coursekit.claims.table import spread, verdict_of

SEEDS = (10, 11, 12)
BY_NAME = {claim.name: claim for claim in claims.ALL}


@pytest.fixture(scope="module")
def measured():
    """Return a function from a claim to its numbers, each measured once."""
    kept = {}

    def measure(claim):
        if claim.name not in kept:
            kept[claim.name] = tuple(float(claim.measure(seed)) for seed in SEEDS)
        return kept[claim.name]

    return measure


@pytest.mark.parametrize("name", BY_NAME)
def test_the_claim_is_supported(name, measured):
    claim = BY_NAME[name]
    values = measured(claim)
    assert all(claim.low <= value <= claim.high for value in values), (claim.band, values)
    assert verdict_of(claim, values) == claim.verdict
    # A band elsewhere is not supported: the measurement decides, not the wording.
    for low, high in ((claim.high + 1, math.inf), (-math.inf, claim.low - 1)):
        if low < high:
            moved = dataclasses.replace(claim, low=low, high=high)
            assert verdict_of(moved, values) == "not confirmed here"


# What the measurements must give for reasons that stand outside this package.
@pytest.mark.parametrize(
    ("name", "expected", "tolerance"),
    [
        ("fan_in_rule", 1, 0.1),  # variances of independent terms add up
        ("xavier_relu_halves", -1, 0.1),  # ReLU keeps half of a symmetric mean square
        ("he_relu_keeps", 0, 0.1),
        ("orthogonal_keeps_length", 1, 1e-4),  # QᵀQ = 1
        ("orthogonal_first_layer", math.sqrt(500 / 784), 0.02),  # a projection on 500 of 784 directions
        ("tanh_large_gradient_explodes", math.sqrt(500 * 0.024), 0.2),  # width · σ² · mean squared slope
        ("tanh_small_collapses", (0.01 * math.sqrt(500)) ** 9, 4e-7),  # nine linear layers
        ("tanh_small_does_not_learn", math.log(10), 0.01),  # guessing one of ten classes
        ("relu_xavier_stalls", math.log(10), 0.01),
        ("zero_weights_zero_gradients", 0, 0),
        ("constant_weights_stay_twins", 1, 0),
        # Under U(±0.07) a layer multiplies by 0.07 √(n/3): nine times √10 at most, less what tanh takes.
        ("gluon_default_depends_on_width", 10**4.5, 10**4.4),
        ("bn_can_be_undone", 0, 1e-12),
        ("bn_prediction_ignores_company", 0, 0),
        ("bn_batch_of_one", 0, 0),
        ("bn_standard_error", -0.5, 0.03),
        ("bn_biased", 3 / 4, 0.015),
        ("bn_zero_start", 1 - 0.9**10, 0.006),
        ("bn_zero_start_corrected", 1, 0.01),
        ("bn_early_prediction", 1 / math.sqrt(1 - 0.9**5), 0.01),
        # A running mean that takes the share a of each batch scatters by √(a / (2 - a)) of one batch's.
        ("bn_momentum_means_the_same", math.sqrt((0.9 / 1.1) / (0.1 / 1.9)), 0.4),
        ("bn_average_at_rest", math.sqrt((1 / 100) / (0.1 / 1.9)), 0.15),
        # The average lags by half the way, 2; the first rule by 0.9 / 0.1 steps of 4/99, and its scatter.
        ("bn_average_in_motion", 2 / math.hypot(9 * 4 / 99, 2 / math.sqrt(32) * math.sqrt(0.1 / 1.9)), 0.4),
        ("bn_total_variance", 0, 1e-12),
    ],
)
def test_the_number_is_the_one_that_theory_gives(name, expected, tolerance, measured):
    for value in measured(BY_NAME[name]):
        assert abs(value - expected) <= tolerance


def test_names_are_unique_and_fields_are_filled():
    assert len(BY_NAME) == len(claims.ALL) >= 20
    assert len({claim.statement for claim in claims.ALL}) == len(claims.ALL)
    for claim in claims.ALL:
        assert re.fullmatch(r"[a-z0-9_]+", claim.name)
        assert re.fullmatch(r"\d\d", claim.lesson)
        assert claim.statement.endswith(".")
        assert claim.quantity
        assert claim.source
        assert claim.low <= claim.high
        assert (claim.low, claim.high) != (
            -math.inf,
            math.inf,
        )  # a band that anything fits decides nothing


@pytest.mark.parametrize("name", BY_NAME)
def test_the_verdict_is_one_of_three(name):
    verdict = BY_NAME[name].verdict
    assert verdict in ("holds", "folklore") or re.fullmatch(r"holds only \S.*", verdict)


def claim_with(measure, low=1.0, high=2.0, **changes):
    given = {
        "name": "example",
        "lesson": "05",
        "statement": "A | B.",
        "verdict": "holds",
        "quantity": "|x|",
        "measure": measure,
        "low": low,
        "high": high,
        "source": "here",
    }
    return Claim(**{**given, **changes})


@pytest.mark.parametrize(
    ("values", "supported"),
    [
        ((1.0, 2.0), True),
        ((1.5,), True),
        ((0.999, 1.5), False),
        ((1.5, 2.001), False),
        ((1.5, math.nan), False),
        ((math.nan,), False),
        ((math.inf,), False),
    ],
)
def test_one_value_outside_the_band_takes_the_verdict_away(values, supported):
    claim = claim_with(None)
    table = ClaimsTable((claim,), (values,))
    verdict = "holds" if supported else "not confirmed here"
    assert table.rows()[0][1] == verdict
    assert f"**{verdict}**" in table._repr_markdown_()
    assert f"    {verdict}: " in repr(table)


def test_the_table_measures_now_for_each_seed(monkeypatch):
    calls = []

    def measure(seed):
        calls.append(seed)
        return 1 + seed / 10

    good, bad = claim_with(measure), claim_with(lambda seed: -seed, name="other")
    foreign = claim_with(measure, lesson="07", name="later")
    monkeypatch.setattr(claims, "ALL", (good, bad, foreign))
    table = claims.table("05", seeds=(3, 4))
    assert calls == [3, 4]
    assert table.claims == (good, bad)
    assert table.values == ((1.3, 1.4), (-3.0, -4.0))
    assert [row[1] for row in table.rows()] == ["holds", "not confirmed here"]
    assert [row[3] for row in table.rows()] == ["⟨1.3 … 1.4⟩", "⟨−4 … −3⟩"]
    assert [row[4] for row in table.rows()] == ["1 … 2"] * 2
    calls.clear()
    claims.table("07")
    assert len(calls) >= 3


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("xavier_relu_halves", "he_relu_keeps"),
        ("he_relu_keeps", "xavier_relu_halves"),
        ("tanh_xavier_learns", "tanh_small_does_not_learn"),
        ("tanh_small_does_not_learn", "tanh_xavier_learns"),
        ("glorot_standard_gradient", "glorot_normalised_gradient"),
        ("glorot_normalised_gradient", "glorot_standard_gradient"),
        ("bn_without_saturates", "bn_unsaturates"),
        ("bn_unsaturates", "bn_without_saturates"),
        ("bn_company_matters", "bn_prediction_ignores_company"),
        ("bn_prediction_ignores_company", "bn_company_matters"),
        ("bn_zero_start", "bn_zero_start_corrected"),
        ("bn_average_at_rest", "bn_average_in_motion"),
        ("bn_average_in_motion", "bn_average_at_rest"),
        ("bn_running_predicts", "bn_own_statistics_predict"),
        ("bn_own_statistics_predict", "bn_running_predicts"),
        ("bn_own_statistics_mixed", "bn_own_statistics_predict"),
        ("pytorch_default_stalls", "tanh_xavier_learns"),
        ("xavier_is_not_fastest", "tanh_xavier_learns"),
        ("tanh_large_does_not_learn", "tanh_xavier_learns"),
    ],
)
def test_the_same_measurement_at_the_other_scale_fails_the_claim(name, instead, measured):
    assert verdict_of(BY_NAME[name], measured(BY_NAME[instead])) == "not confirmed here"


def test_markdown_escapes_pipes_and_keeps_six_columns():
    text = ClaimsTable((claim_with(None),), ((1.0,),))._repr_markdown_()
    lines = text.splitlines()
    assert "A \\| B." in lines[2]
    assert "\\|x\\|" in lines[2]
    for line in lines:
        assert len(re.findall(r"(?<!\\)\|", line)) == 7


def test_the_real_table_has_six_columns_in_every_row():
    table = ClaimsTable(claims.ALL, tuple((claim.low,) for claim in claims.ALL))
    lines = table._repr_markdown_().splitlines()
    assert len(lines) == 2 + len(claims.ALL)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {7}


def test_an_unknown_lesson_is_refused():
    for bad in ("99", 5, None, ""):
        with pytest.raises(ValueError, match=r"lesson must be one of .*'05'"):
            claims.table(bad)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1, 4, "1 … 4"),
        (0, 4, "≤ 4"),
        (8, math.inf, "≥ 8"),
        (1000, math.inf, "≥ 1,000"),
        (0, 0, "exactly 0"),
        (-1.1, -0.9, "−1.1 … −0.9"),
    ],
)
def test_bands_in_words(low, high, words):
    assert claim_with(None, low, high).band == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0123, "0.012"),
        (-1.04, "−1"),
        (2.34, "2.3"),
        (99.4, "99"),
        (99.6, "100"),
        (104, "100"),
        (999.6, "1,000"),
        (65_700, "66,000"),
        (-1234, "−1,200"),
        (1e9, "1e+09"),
        (1.4e-6, "1.4e−06"),
        (math.nan, "nan"),
        (math.inf, "inf"),
    ],
)
def test_numbers_have_two_digits(value, text):
    assert number(value) == text


def test_a_spread_is_one_number_where_both_round_alike():
    assert spread((2.71, 2.74)) == "2.7"
    assert spread((3.0, 1.0, 2.0)) == "1 … 3"
    assert spread((1.5, math.nan)) == spread((math.nan, 1.5)) == "nan"


def test_a_claim_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        claims.ALL[0].high = math.inf


def test_a_mean_over_trainings_takes_seeds_that_no_other_takes():
    seen = []
    measured = mean_of(3, lambda seed: seen.append(seed) or float(seed))
    assert [measured(seed) for seed in (0, 1)] == [1.0, 4.0]  # of 0, 1, 2 and of 3, 4, 5
    assert seen == [0, 1, 2, 3, 4, 5]
    assert geometric_mean_of(2, lambda seed: 10.0 ** (seed + 1))(0) == pytest.approx(10**1.5)
