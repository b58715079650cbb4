"""Claims of lesson 09 on sequences of unequal length, read step by step."""

import numpy as np

from coursekit.claims.claim import INF, claim, mean_of
from coursekit.experiments.sequence_norm import SHORT, errors_by_length, step_statistics

NOTES = "Gluon notes, sec. 12.1"
RATES = {("batch", 0.1): 1.0, ("layer", 0.1): 0.3, ("batch", 1.0): 0.1, ("layer", 1.0): 0.3}
SETTING = (
    "a recurrent net of 32 units, 250 steps on batches of 32 of 4,000 sequences, error on 500 others; "
    "best of the rates 0.03, 0.1, … 3"
)


@claim(
    says="Late steps of sequences have noisier statistics.",
    verdict="holds",
    measured="noise of a batch's mean, step 12 ÷ step 1; a tenth of the sequences are long",
    band=(2.5, 6),
    setting="an untrained recurrent net of 32 units, 200 batches of 32 sequences, a tenth of them long",
    source=NOTES,
    carries=True,
)
def late_steps_run_out(seed: int) -> float:
    noise = step_statistics(32, 0.1, seed)[1]
    return noise[11] / noise[0]


def long_sequence_gap(share_long: float, seed: int) -> float:
    """Return the error of batch norm on long sequences minus that of layer norm, each at its best rate."""
    batch, layer = (
        errors_by_length(f"{name} norm", 32, share_long, seed, rate=RATES[name, share_long])
        for name in ("batch", "layer")
    )
    return float(np.mean(batch[len(SHORT) :]) - np.mean(layer[len(SHORT) :]))


@claim(
    says="Where long sequences are rare, batch norm errs more on them than layer norm.",
    verdict="holds",
    measured="error of batch norm minus that of layer norm on long sequences, mean of four trainings",
    band=(0.05, INF),
    setting=f"{SETTING}: batch norm 1, layer norm 0.3; a tenth of the sequences long",
    source=f"{NOTES}; Ba et al. 2016",
)
@mean_of(4)
def batch_norm_fails_on_rare_long_sequences(seed: int) -> float:
    return long_sequence_gap(0.1, seed)


@claim(
    says="Batch norm does badly in recurrent nets.",
    verdict="holds only if steps run out of sequences",
    measured="the same gap where all sequences are long, mean of four trainings",
    band=(-0.15, 0.01),
    setting=f"{SETTING}: batch norm 0.1, layer norm 0.3; all sequences long",
    source=f"{NOTES}; Cooijmans et al. 2017",
)
@mean_of(4)
def batch_norm_does_badly_in_recurrent_nets(seed: int) -> float:
    return long_sequence_gap(1.0, seed)
