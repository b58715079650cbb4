"""Claims of lesson 09 on sequences, on dropout and L2, and on local response normalization."""

from functools import partial

from coursekit.claims import norm_choice_measures as measure
from coursekit.claims.claim import INF, claim_of, mean_of

NOTES, BLOG, HERE = "Gluon notes, sec. 12.1", "notes on the BN algorithm", "measured here"
_claim = claim_of("09")

CLAIMS = (
    _claim(
        "late_steps_run_out",
        "Late steps of sequences have noisier statistics.",
        "holds",
        "noise of a batch's mean, step 12 ÷ step 1; a tenth of the sequences are long",
        measure.late_noise,
        (2.5, 6),
        NOTES,
    ),
    _claim(
        "batch_norm_fails_on_rare_long_sequences",
        "Where long sequences are rare, batch norm errs more on them than layer norm.",
        "holds",
        "error of batch norm minus that of layer norm on long sequences, mean of four trainings",
        mean_of(4, partial(measure.long_sequence_gap, 0.1)),
        (0.02, INF),
        f"{NOTES}; Ba et al. 2016",
    ),
    _claim(
        "batch_norm_does_badly_in_recurrent_nets",
        "Batch norm does badly in recurrent nets.",
        "holds only if steps run out of sequences",
        "the same gap where all sequences are long",
        partial(measure.long_sequence_gap, 1.0),
        (-0.09, 0.09),
        f"{NOTES}; Cooijmans et al. 2017",
    ),
    _claim(
        "batch_norm_does_not_replace_dropout",
        "With batch norm, dropout has nothing left to do.",
        "folklore",
        "test loss with dropout ½ ÷ without, both with batch norm, 500 images",
        partial(measure.loss_ratio, True, p=0.5),
        (0.5, 0.9),
        f"{BLOG}; Ioffe & Szegedy 2015, sec. 4.2.1",
    ),
    _claim(
        "dropout_costs_batch_norm_nothing",
        "With batch norm, dropout costs more than a point of accuracy.",
        "folklore",
        "by how much dropout ½ lowers the error",
        partial(measure.gain, True, p=0.5),
        (-0.012, 0.06),
        BLOG,
    ),
    _claim(
        "decay_changes_little",
        "With batch norm, L2 changes little.",
        "holds",
        "by how much λ = 0.01 lowers the error",
        partial(measure.gain, True, weight_decay=0.01),
        (-0.015, 0.015),
        BLOG,
    ),
    _claim(
        "decay_does_little_anyway",
        "Where L2 changes little here, that is batch norm's doing.",
        "folklore",
        "by how much λ = 0.01 lowers the error of the net without batch norm",
        partial(measure.gain, False, weight_decay=0.01),
        (-0.015, 0.02),
        HERE,
    ),
    _claim(
        "weights_grow_unseen",
        "With batch norm, hidden weights ten times as large compute the same.",
        "holds",
        "largest relative change of a logit",
        measure.scale_blind,
        (0, 1e-3),
        "van Laarhoven 2017",
    ),
    _claim(
        "batch_norm_does_not_prevent_overfitting",
        "Batch norm prevents overfitting.",
        "folklore",
        "error with it minus error without, 500 images, neither dropout nor L2",
        measure.batch_norm_alone,
        (-0.015, 0.05),
        BLOG,
    ),
    _claim(
        "response_norm_is_a_factor",
        "On activations of spread 1, AlexNet's local response norm multiplies by 2^−¾.",
        "holds",
        "largest relative deviation from that factor",
        measure.response_norm_deviation,
        (0, 0.01),
        "Krizhevsky et al. 2012, sec. 3.3",
    ),
    _claim(
        "response_norm_trains_like_its_factor",
        "So a net with it learns like one with the bare factor.",
        "holds",
        "difference of their test accuracies, five layers",
        measure.response_norm_against_factor,
        (-0.06, 0.06),
        HERE,
    ),
    _claim(
        "batch_norm_replaces_response_norm",
        "With batch norm, local response norm may go.",
        "holds",
        "accuracy with batch norm minus that with local response norm, rate 0.3",
        measure.batch_norm_against_response_norm,
        (0.02, INF),
        f"{BLOG}; Simonyan & Zisserman 2015",
    ),
)
