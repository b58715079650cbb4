"""Every claim of the course: on seeds that no lesson uses, against theory, and on the page of all claims.

Each claim is measured once in ``make test``. Those that carry a lesson are measured by its notebook, which
is compared with what it shows; the others here, on five fresh seeds, or on one if they are slow. Without
``-m "not slow"`` all are measured here on five. What the page shows is held to the same conditions.
"""

import dataclasses
import math

import numpy as np
import pytest

from coursekit import claims
from coursekit.claims.table import verdict_of
from tools import claims_page

FIRST = 10  # of the fresh seeds
SLOW = 0.3  # seconds for a seed
BY_NAME = {claim.name: claim for claim in claims.ALL}
RECORD = claims_page.load()
KEPT = {entry["name"]: entry for entry in RECORD["claims"]}

# What the measurements must give for reasons that stand outside this package: number and tolerance.
THEORY = {
    # The largest float32 is 2¹²⁸, the largest float64 2¹⁰²⁴, as good as.
    "softmax_overflow_32": (128 * math.log(2) - 88, 1e-3),
    "softmax_overflow_64": (1024 * math.log(2) - 709, 1e-3),
    "softmax_exactly_one": (0, 0),
    "softmax_rows_sum_to_one": (0, 1e-6),
    "softmax_shift_changes_nothing": (0, 1e-12),
    "sigmoid_is_a_softmax": (0, 1e-12),
    "untrained_loss_is_ln_10": (math.log(10), 0.01),
    "gradient_is_p_minus_y": (0, 1e-8),
    "loss_is_likelihood": (0, 1e-10),
    "fan_in_rule": (1, 0.1),  # variances of independent terms add up
    "xavier_relu_halves": (0.5, 0.06),  # ReLU keeps half of a symmetric mean square
    "he_relu_keeps": (1, 0.06),
    "orthogonal_keeps_length": (1, 1e-4),  # QᵀQ = 1
    "orthogonal_first_layer": (math.sqrt(500 / 784), 0.02),  # a projection on 500 of 784 directions
    "tanh_large_lets_through": (math.sqrt(0.024), 0.01),
    "zero_weights_sigmoid_twins": (1, 0),
    "random_weights_no_twins": (100, 0),
    "tanh_large_gradient_explodes": (math.sqrt(500 * 0.024), 0.2),  # width · σ² · mean squared slope
    "tanh_small_collapses": ((0.01 * math.sqrt(500)) ** 9, 4e-7),  # nine linear layers
    # Guessing one of ten classes; what is known is at most how frequent each is among 200 images: 2.290.
    "tanh_small_does_not_learn": (math.log(10), 0.0125),
    "relu_xavier_stalls": (math.log(10), 0.01),
    "zero_weights_zero_gradients": (0, 0),
    "constant_weights_stay_twins": (1, 0),
    # Under U(±0.07) a layer multiplies by 0.07 √(n/3): nine times √10 at most, less what tanh takes.
    "gluon_default_depends_on_width": (10**4.5, 10**4.4),
    "bn_can_be_undone": (0, 1e-12),
    "bn_prediction_ignores_company": (0, 0),
    "bn_batch_of_one": (0, 0),
    "bn_standard_error": (-0.5, 0.03),
    "bn_biased": (3 / 4, 0.015),
    "bn_zero_start": (1 - 0.9**10, 0.006),
    # A batch of 32 measures 4 · 31/32 = 3.875 on average; 0.9¹⁰ of the start at 1 is left.
    "bn_start_at_one": (1 - 0.9**10 + 0.9**10 / 3.875, 0.006),
    "bn_zero_start_corrected": (1, 0.01),
    "bn_eps_narrows": (math.sqrt(0.5), 1e-6),
    "bn_early_prediction": (1 / math.sqrt(1 - 0.9**5), 0.01),
    # A running mean that takes the share a of each batch scatters by √(a / (2 - a)) of one batch's.
    "bn_momentum_means_the_same": (math.sqrt((0.9 / 1.1) / (0.1 / 1.9)), 0.4),
    "bn_average_at_rest": (math.sqrt((1 / 100) / (0.1 / 1.9)), 0.15),
    # The average lags by half the way, 2; the first rule by 0.9 / 0.1 steps of 4/99, and its scatter.
    "bn_average_in_motion": (2 / math.hypot(9 * 4 / 99, 2 / math.sqrt(32) * math.sqrt(0.1 / 1.9)), 0.4),
    "bn_total_variance": (0, 1e-12),
    "noise_slope": (-0.5, 0.03),
    "gd_largest_rate": (2 / 0.836, 0.06),  # |(0.4, 0.8)|² + 0.036
    "replacement_misses_a_third": (1 - math.exp(-1), 0.01),
    "short_batch_counts_less": (1 / 3, 1e-6),
    "batch_noise_slope": (-0.5, 0.03),  # the variance of a mean of B is 1/B
    "group_norm_knows_no_mates": (0, 0),
    "layer_norm_knows_no_mates": (0, 0),
    "weights_grow_unseen": (0, 1e-4),
    # α Σ a² is about 5e-4 beside k = 2, and up to 20 times that: times β = ¾ over 2.
    "response_norm_is_a_factor": (0.75 * 1e-4 * 30 / 2, 7e-4),
    # 32 sequences at step 1; at step 12 a tenth of them, times three of four lengths.
    "late_steps_run_out": (math.sqrt(32 / 2.4), 1.3),
    # Each layer multiplies by σ √n = 0.05 √100 at most; tanh and the scatter between nets change a little.
    "plain_layers_lose_the_signal": (0.5**29, 1e-9),
    "plain_layers_lose_the_gradient": (0.5**29, 1e-9),
    "plain_layers_do_not_learn": (math.log(10), 0.015),
    "centring_rows_keeps_samples_apart": (0, 0.002),
    "deferred_sizes_draw_the_same": (0, 0),
    "shared_gradients_add_up": (0, 1e-6),
    "a_numpy_mask_freezes": (1, 0),
    "python_runs_once_for_each_shape": (3, 0),
}

# The same measurement at the other scale, or of the opposite, must fail the claim: the first fails by the
# numbers of the second.
FAILS = [
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
    ("bn_zero_start", "bn_start_at_one"),
    ("bn_start_at_one", "bn_zero_start"),
    ("bn_sums_drift", "bn_sums_held"),
    ("bn_sums_held", "bn_sums_drift"),
    ("bn_without_learns_nothing", "bn_with_learns"),
    ("bn_with_learns", "bn_without_learns_nothing"),
    ("bn_running_at_rest", "bn_running_against_population"),
    ("bn_average_at_rest", "bn_average_in_motion"),
    ("bn_average_in_motion", "bn_average_at_rest"),
    ("bn_running_predicts", "bn_own_statistics_predict"),
    ("bn_own_statistics_predict", "bn_running_predicts"),
    ("bn_own_statistics_mixed", "bn_own_statistics_predict"),
    ("bn_avoids_saturation", "bn_saturated_without"),
    ("bn_saturated_without", "bn_avoids_saturation"),
    ("bn_shift_relu", "bn_shift_tanh_slow"),
    ("bn_shift_tanh_slow", "bn_shift_relu"),
    ("bn_drift_plain", "bn_drift_noisy"),
    ("bn_drift_noisy", "bn_drift_plain"),
    ("bn_drift_noisy_by_training", "bn_drift_noisy"),
    ("bn_noise_costs_nothing", "bn_strong_noise_costs"),
    ("bn_strong_noise_costs", "bn_noise_costs_nothing"),
    ("surface_span_relu", "surface_span_tanh"),
    ("surface_span_tanh", "surface_span_relu"),
    ("pytorch_default_stalls", "tanh_xavier_learns"),
    ("zero_weights_sigmoid_twins", "random_weights_no_twins"),
    ("random_weights_no_twins", "zero_weights_sigmoid_twins"),
    ("three_times_xavier_stretches", "xavier_does_not_stretch"),
    ("xavier_does_not_stretch", "three_times_xavier_stretches"),
    ("tanh_large_does_not_learn", "tanh_xavier_learns"),
    ("small_batch_hurts_batch_norm", "small_batch_spares_group_norm"),
    ("small_batch_spares_layer_norm", "small_batch_hurts_batch_norm"),
    ("contrast_hurts_batch_norm", "contrast_spares_layer_norm"),
    ("contrast_spares_layer_norm", "contrast_hurts_batch_norm"),
    ("layer_norm_of_the_image", "batch_norm_of_the_image"),
    ("fresh_statistics_undo_a_shift", "batch_norm_of_the_image"),
    ("group_norm_knows_no_mates", "batch_mates_matter"),
    ("batch_mates_matter", "group_norm_knows_no_mates"),
    ("brightness_hurts_layer_norm_too", "contrast_spares_layer_norm"),
    ("contrast_spares_group_norm", "contrast_hurts_batch_norm"),
    ("contrast_hurts_batch_norm", "contrast_spares_group_norm"),
    ("tuned_batches_of_64_are_level", "larger_batches_err_more"),
    ("largest_batch_is_not_best", "tuned_batches_of_64_are_level"),
    ("batch_norm_does_badly_in_recurrent_nets", "batch_norm_fails_on_rare_long_sequences"),
    ("batch_norm_fails_on_rare_long_sequences", "batch_norm_does_badly_in_recurrent_nets"),
    ("skips_keep_the_signal", "plain_layers_lose_the_signal"),
    ("plain_layers_lose_the_signal", "skips_keep_the_signal"),
    ("skips_return_the_gradient", "plain_layers_lose_the_gradient"),
    ("plain_layers_lose_the_gradient", "skips_return_the_gradient"),
    ("skips_learn", "plain_layers_do_not_learn"),
    ("plain_layers_do_not_learn", "plain_layers_learn_from_xavier"),
    ("centring_the_batch_mixes_samples", "centring_rows_keeps_samples_apart"),
    ("centring_rows_keeps_samples_apart", "centring_the_batch_mixes_samples"),
    ("without_relu_use_is_the_average", "use_is_about_an_average"),
]


def check(claim, values):
    """Hold numbers of a claim to its band, to theory, and to the bands of opposite claims."""
    assert all(claim.low <= value <= claim.high for value in values), (claim.band, values)
    assert verdict_of(claim, values) == claim.verdict
    # A band elsewhere is not supported: the measurement decides, not the wording.
    for low, high in ((claim.high + 1, math.inf), (-math.inf, claim.low - 1)):
        if low < high:
            moved = dataclasses.replace(claim, low=low, high=high)
            assert verdict_of(moved, values) == "not confirmed here"
    if claim.name in THEORY:
        expected, tolerance = THEORY[claim.name]
        assert max(abs(value - expected) for value in values) <= tolerance, (expected, values)
    for other, instead in FAILS:
        if instead == claim.name:
            assert verdict_of(BY_NAME[other], values) == "not confirmed here", other


def measurements():
    """Return claim and seeds for each measurement, `slow` for what ``make test`` leaves out."""
    cases = []
    for claim in claims.ALL:
        seconds = KEPT.get(claim.name, {"seconds": 0})["seconds"]
        fresh = tuple(range(FIRST, FIRST + claim.seeds))
        slow = seconds > SLOW or bool(claim.reads)  # reading a kept sweep is quick, training is not
        now = 0 if claim.carries else 1 if slow else len(fresh)
        for seeds, marks in ((fresh[:now], ()), (fresh[now:], pytest.mark.slow)):
            if seeds:
                name = f"{claim.name}-{seeds[0]}-{seeds[-1]}"
                cases.append(pytest.param(claim, seeds, marks=marks, id=name))
    return cases


@pytest.mark.gate
@pytest.mark.parametrize(("claim", "seeds"), measurements())
def test_fresh_seeds_support_the_claim(claim, seeds):
    check(claim, tuple(float(claim.measure(seed)) for seed in seeds))


@pytest.mark.parametrize("name", BY_NAME)
def test_what_the_page_shows_supports_the_claim(name):
    claim = BY_NAME[name]
    assert name in KEPT, f"not on the page: run python -m tools.claims_page {name}"
    assert len(KEPT[name]["values"]) == claim.seeds >= 5
    check(claim, tuple(KEPT[name]["values"]))


def test_what_a_claim_reads_is_a_kept_sweep():
    assert {claim.reads for claim in claims.ALL} - {""} <= claims.SWEEPS.keys()
    assert any(claim.reads for claim in claims.ALL)


def test_theory_and_opposites_are_of_claims_that_exist():
    assert THEORY.keys() <= BY_NAME.keys()
    assert {name for pair in FAILS for name in pair} <= BY_NAME.keys()


def test_the_record_says_what_the_code_says():
    assert list(KEPT) == list(BY_NAME), "run python -m tools.claims_page --keep"
    for name, claim in BY_NAME.items():
        said = claims_page.words(claim)
        assert said == {key: KEPT[name][key] for key in said}, "run python -m tools.claims_page --keep"


def test_the_page_is_what_the_record_generates():
    text = claims_page.PAGE.read_text(encoding="utf-8")
    assert text == claims_page.page(RECORD), "run python -m tools.claims_page --keep"
    rows = {name: line for line in text.splitlines() for name in BY_NAME if f"<br>`{name}` |" in line}
    assert rows.keys() == BY_NAME.keys()
    for name, claim in BY_NAME.items():
        cells = rows[name].split(" | ")
        assert claim.verdict == cells[1]
        assert claim.band in cells
        assert claim.setting in cells
        assert cells[0].startswith("| **") is claim.carries


@pytest.mark.parametrize("lesson", sorted({claim.lesson for claim in claims.ALL}))
def test_a_lesson_rests_on_five_to_seven_claims_that_take_few_seconds(lesson):
    carrying = [claim for claim in claims.ALL if claim.lesson == lesson and claim.carries]
    assert 5 <= len(carrying) <= 7
    assert sum(claim.seeds * KEPT[claim.name]["seconds"] for claim in carrying) < 10


@pytest.mark.gate
@pytest.mark.parametrize("lesson", sorted({claim.lesson for claim in claims.ALL}))
def test_the_cheapest_number_of_a_lesson_is_found_again(lesson):
    entries = [entry for entry in RECORD["claims"] if entry["lesson"] == lesson]
    # Whole numbers would be found again by any code, and rounding errors by none.
    telling = [one for one in entries if abs(one["values"][0]) > 1e-3 and one["values"][0] % 1]
    entry = min(telling, key=lambda one: one["seconds"])
    now = [float(BY_NAME[entry["name"]].measure(seed)) for seed in range(2)]
    np.testing.assert_allclose(now, entry["values"][:2], rtol=1e-3, err_msg=entry["name"])
