"""Claims of lesson 09 on small batches, batch-mates and shifted images."""

from functools import partial

from coursekit import nn
from coursekit.claims import norm_choice_measures as measure
from coursekit.claims.claim import INF, claim_of
from coursekit.diagnostics.norm_choice import GROUPS

NOTES, BLOG = "Gluon notes, sec. 12.1", "notes on the BN algorithm"
HERE, WU_HE, BA = "measured here", "Wu & He 2018", "Ba et al. 2016"
DULL = {"contrast": 0.5}
BRIGHT = {"brightness": 1.0}
WASHED_OUT = {"brightness": 0.5, "contrast": 0.5}
_claim = claim_of("09")

CLAIMS = (
    _claim(
        "batch_noise_slope",
        "The noise of a batch's mean falls as 1/√B.",
        "holds",
        "slope of log noise over log B, B from 2 to 64",
        measure.noise_slope,
        (-0.55, -0.45),
        NOTES,
    ),
    _claim(
        "small_batch_hurts_batch_norm",
        "On batches of 2, batch norm fails.",
        "holds",
        "error at B = 2 minus error at B = 32",
        partial(measure.small_batch_cost, "batch norm"),
        (0.25, INF),
        f"{NOTES}; {WU_HE}, fig. 1",
    ),
    _claim(
        "small_batch_spares_group_norm",
        "Group norm does not mind batches of 2.",
        "holds",
        "error at B = 2 minus error at B = 32",
        partial(measure.small_batch_cost, "group norm"),
        (-0.12, 0.06),
        f"{WU_HE}, fig. 1",
    ),
    _claim(
        "small_batch_spares_layer_norm",
        "Layer norm does not mind batches of 2.",
        "holds",
        "error at B = 2 minus error at B = 32",
        partial(measure.small_batch_cost, "layer norm"),
        (-0.12, 0.06),
        BA,
    ),
    _claim(
        "two_samples_leave_signs",
        "Of two samples, batch norm keeps only which one is larger.",
        "holds",
        "share of outputs within 0.01 of −1 or +1, B = 2",
        measure.signs_left,
        (0.95, 1),
        HERE,
    ),
    _claim(
        "fresh_statistics_do_not_mend_it",
        "Batches of 2 only spoil the running averages.",
        "folklore",
        "error at B = 2, averages renewed on all images, minus error at B = 32",
        measure.statistics_cost,
        (0.25, INF),
        HERE,
    ),
    _claim(
        "batch_mates_matter",
        "In training, batch norm's output depends on the batch-mates.",
        "holds",
        "largest change of a sample's output, other mates",
        partial(measure.batch_mates_matter, nn.BatchNorm),
        (0.3, INF),
        "Ioffe & Szegedy 2015",
    ),
    _claim(
        "group_norm_knows_no_mates",
        "Group norm's output does not depend on them.",
        "holds",
        "largest change of a sample's output, other mates",
        partial(measure.batch_mates_matter, partial(nn.GroupNorm, GROUPS)),
        (0, 0),
        WU_HE,
    ),
    _claim(
        "layer_norm_knows_no_mates",
        "Layer norm's output does not depend on them.",
        "holds",
        "largest change of a sample's output, other mates",
        partial(measure.batch_mates_matter, nn.LayerNorm),
        (0, 0),
        BA,
    ),
    _claim(
        "contrast_hurts_batch_norm",
        "Test images of half the contrast hurt batch norm.",
        "holds",
        "error on them minus error on the images as they are",
        lambda seed: measure.shift_cost("batch norm", seed, **DULL),
        (0.03, INF),
        BLOG,
    ),
    _claim(
        "contrast_spares_layer_norm",
        "They do not hurt layer norm.",
        "holds",
        "error on them minus error on the images as they are",
        lambda seed: measure.shift_cost("layer norm", seed, **DULL),
        (-0.015, 0.015),
        f"{BA}, sec. 5.1",
    ),
    _claim(
        "brightness_hurts_layer_norm_too",
        "Layer norm in the hidden layers takes out a change of brightness.",
        "folklore",
        "error on images brighter by one spread, minus error as they are",
        lambda seed: measure.shift_cost("layer norm", seed, **BRIGHT),
        (0.05, INF),
        HERE,
    ),
    _claim(
        "layer_norm_of_the_image",
        "Layer norm of the image itself takes out brightness and contrast.",
        "holds",
        "error on washed-out images minus error as they are",
        lambda seed: measure.shift_cost("layer norm", seed, first=True, **WASHED_OUT),
        (-0.01, 0.01),
        HERE,
    ),
    _claim(
        "batch_norm_of_the_image",
        "Batch norm of the image itself, with frozen statistics, does not.",
        "holds",
        "error on washed-out images minus error as they are",
        lambda seed: measure.shift_cost("batch norm", seed, first=True, **WASHED_OUT),
        (0.1, INF),
        BLOG,
    ),
    _claim(
        "fresh_statistics_undo_a_shift",
        "With the statistics of the shifted images batch norm is as good as before.",
        "holds",
        "error on washed-out images minus error as they are",
        lambda seed: measure.refreshed_cost(seed, **WASHED_OUT),
        (-0.03, 0.03),
        "Li et al. 2016",
    ),
)
