"""Claims of lesson 09 on small batches and batch-mates."""

import math
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim, mean_of
from coursekit.datasets import fashion_split
from coursekit.experiments.norm_choice import (
    BATCH_SIZES,
    GROUPS,
    batch_noise,
    error,
    norm_net,
    quick_error,
    train_norm_net,
)
from coursekit.training import fit

NOTES, HERE = "Gluon notes, sec. 12.1", "measured here"
WU_HE, BA = "Wu & He 2018", "Ba et al. 2016"
SETTING = "784-64-64-10, one pass over 1,024 images in batches of B, rate 0.1 · B/32, error on 1,000 others"
TUNED = "784-64-64-10, 4,000 images, error on 2,000 others; rate falls to 0 from the best of 0.1, 0.3, 1, 3"
BEST_RATES = {16: 0.3, 64: 1.0, 256: 1.0}
LONGER = "784-64-64-10, 4,000 images, rate 0.1 · B/32, error on 2,000 others"


@claim(
    says="The noise of a batch's mean falls as 1/√B.",
    verdict="holds",
    measured="slope of log noise over log B, B from 2 to 64",
    band=(-0.55, -0.45),
    setting="one unit on images",
    source=NOTES,
)
def batch_noise_slope(seed: int) -> float:
    return np.polyfit(np.log(BATCH_SIZES), np.log(batch_noise(seed)), 1)[0]


def small_batch_cost(name: str, seed: int) -> float:
    """Return the error after training on batches of 2, minus that on batches of 32."""
    return quick_error(name, 2, seed) - quick_error(name, 32, seed)


@claim(
    says="On batches of 2, batch norm fails.",
    verdict="holds",
    measured="error at B = 2 minus error at B = 32",
    band=(0.25, INF),
    setting=SETTING,
    source=f"{NOTES}; {WU_HE}, fig. 1",
    carries=True,
)
def small_batch_hurts_batch_norm(seed: int) -> float:
    return small_batch_cost("batch norm", seed)


@claim(
    says="Group norm is not hurt by batches of 2.",
    verdict="holds",
    measured="error at B = 2 minus error at B = 32",
    band=(-0.06, 0.04),
    setting=SETTING,
    source=f"{WU_HE}, fig. 1",
    carries=True,
)
def small_batch_spares_group_norm(seed: int) -> float:
    return small_batch_cost("group norm", seed)


@claim(
    says="Layer norm is not hurt by batches of 2.",
    verdict="holds",
    measured="error at B = 2 minus error at B = 32",
    band=(-0.06, 0.04),
    setting=SETTING,
    source=BA,
)
def small_batch_spares_layer_norm(seed: int) -> float:
    return small_batch_cost("layer norm", seed)


@claim(
    says="Of two samples, batch norm keeps only which one is larger.",
    verdict="holds",
    measured="share of outputs within 0.01 of −1 or +1, B = 2",
    band=(0.95, 1),
    setting="64 units from He's start, 1,024 images in batches of 2",
    source=HERE,
)
def two_samples_leave_signs(seed: int) -> float:
    layer, norm = nn.Dense(64).initialize("he_normal", np.random.default_rng(seed)), nn.BatchNorm()
    s = layer.forward(fashion_split(1024, 1000).x_train)
    y = np.concatenate([norm.forward(pair, training=True) for pair in s.reshape(-1, 2, 64)])
    return (np.abs(np.abs(y) - 1) < 0.01).mean()


def error_after(batch_size: int, passes: int, seed: int) -> float:
    """Return the error of a net with batch norm after passes over 4,000 images."""
    split = fashion_split(4000, 2000)
    net = train_norm_net("batch norm", split, batch_size, seed, epochs=passes)
    return error(net, split.x_test, split.y_test)


def error_at_best(batch_size: int, passes: int, seed: int) -> float:
    """Return the same where the rate falls to 0 along half a cosine wave, from its best start.

    So neither the rate nor the noise of the last steps decides.
    """
    split, rng = fashion_split(4000, 2000), np.random.default_rng(seed)
    net = norm_net("batch norm").initialize("he_normal", rng)
    optimizer = nn.SGD(nn.cosine(BEST_RATES[batch_size], math.ceil(4000 / batch_size) * passes))
    how: dict[str, Any] = {
        "epochs": passes,
        "batch_size": batch_size,
        "rng": np.random.default_rng([seed, 1]),
    }
    for _ in fit(net, split.x_train, split.y_train, optimizer, **how):
        pass
    return error(net, split.x_test, split.y_test)


@claim(
    says="At equal passes, batch norm errs more with batches of 64 than with 16.",
    verdict="holds only if the rate stays 0.1 · B/32",
    measured="error at B = 64, minus that at B = 16, mean of eight trainings",
    band=(0.002, INF),
    setting=f"{LONGER}, two passes each",
    source=HERE,
)
@mean_of(8)
def larger_batches_err_more(seed: int) -> float:
    return error_after(64, 2, seed) - error_after(16, 2, seed)


@claim(
    says="At equal passes and their best rates, batches of 64 and of 16 do equally well.",
    verdict="holds",
    measured="error at B = 64, minus that at B = 16, mean of four trainings",
    band=(-0.008, 0.008),
    setting=f"{TUNED}, two passes each",
    source=HERE,
)
@mean_of(4)
def tuned_batches_of_64_are_level(seed: int) -> float:
    return error_at_best(64, 2, seed) - error_at_best(16, 2, seed)


@claim(
    says="In training with batch norm, the batch should be as large as possible.",
    verdict="holds only if larger batches take as many steps",
    measured="at equal passes: error at B = 256, minus that at B = 16, mean of four trainings",
    band=(0.003, INF),
    setting=f"{TUNED}, two passes each",
    source="notes on the BN algorithm",
)
@mean_of(4)
def largest_batch_is_not_best(seed: int) -> float:
    return error_at_best(256, 2, seed) - error_at_best(16, 2, seed)


@claim(
    says="At equal steps, batches of 64 err less than batches of 16: they show four times as many images.",
    verdict="holds",
    measured="error at B = 16 after two passes, minus that at B = 64 after eight, mean of two trainings",
    band=(0.005, INF),
    setting=TUNED,
    source=HERE,
)
@mean_of(2)
def larger_batches_win_at_equal_steps(seed: int) -> float:
    return error_at_best(16, 2, seed) - error_at_best(64, 8, seed)


def change_with_mates(norm: nn.Block, seed: int) -> float:
    """Return by how much the output of one sample changes in training when its 31 batch-mates do."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((32, 64), dtype=np.float32)
    others = x.copy()
    others[1:] = rng.standard_normal((31, 64), dtype=np.float32)
    one, two = (norm.forward(batch, training=True)[0] for batch in (x, others))
    return np.abs(one - two).max()


@claim(
    says="In training, batch norm's output depends on the batch-mates.",
    verdict="holds",
    measured="largest change of a sample's output, other mates",
    band=(0.3, INF),
    setting="32 samples of 64 features from N(0, 1)",
    source="Ioffe & Szegedy 2015",
)
def batch_mates_matter(seed: int) -> float:
    return change_with_mates(nn.BatchNorm(), seed)


@claim(
    says="Group norm's output does not depend on them.",
    verdict="holds",
    measured="largest change of a sample's output, other mates",
    band=(0, 0),
    setting="32 samples of 64 features from N(0, 1)",
    source=WU_HE,
)
def group_norm_knows_no_mates(seed: int) -> float:
    return change_with_mates(nn.GroupNorm(GROUPS), seed)


@claim(
    says="Layer norm's output does not depend on them.",
    verdict="holds",
    measured="largest change of a sample's output, other mates",
    band=(0, 0),
    setting="32 samples of 64 features from N(0, 1)",
    source=BA,
)
def layer_norm_knows_no_mates(seed: int) -> float:
    return change_with_mates(nn.LayerNorm(), seed)
