"""Claims of lesson 09 on small batches and batch-mates."""

import copy

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim, mean_of
from coursekit.datasets import fashion_split
from coursekit.diagnostics.batch_statistics import with_statistics_of
from coursekit.experiments.norm_choice import (
    BATCH_SIZES,
    GROUPS,
    batch_noise,
    error,
    quick_error,
    quick_net,
    train_norm_net,
)

NOTES, HERE = "Gluon notes, sec. 12.1", "measured here"
WU_HE, BA = "Wu & He 2018", "Ba et al. 2016"
SETTING = "784-64-64-10, one pass over 1,024 images in batches of B, rate 0.1 · B/32, error on 1,000 others"
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


@claim(
    says="A net trained with batch norm on batches of 2 fails with any statistics.",
    verdict="holds",
    measured="least error with running, renewed or the pair's own statistics, minus error at B = 32",
    band=(0.25, INF),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def no_statistics_mend_it(seed: int) -> float:
    split, net = fashion_split(1024, 1000), quick_net("batch norm", 2, seed)
    renewed = error(with_statistics_of(net, split.x_train), split.x_test, split.y_test)
    as_trained = copy.deepcopy(net)  # a forward pass in training mode moves its running statistics
    pairs = (as_trained.forward(pair, training=True) for pair in split.x_test.reshape(-1, 2, 784))
    of_pairs = (np.concatenate([p.argmax(axis=1) for p in pairs]) != split.y_test).mean()
    return min(quick_error("batch norm", 2, seed), renewed, of_pairs) - quick_error("batch norm", 32, seed)


def error_after(batch_size: int, passes: int, seed: int) -> float:
    """Return the error of a net with batch norm after passes over 4,000 images."""
    split = fashion_split(4000, 2000)
    net = train_norm_net("batch norm", split, batch_size, seed, epochs=passes)
    return error(net, split.x_test, split.y_test)


@claim(
    says="At equal passes, batch norm errs more with batches of 64 than with 16.",
    verdict="holds",
    measured="error at B = 64, minus that at B = 16, mean of eight trainings",
    band=(0.002, INF),
    setting=f"{LONGER}, two passes each",
    source=HERE,
)
@mean_of(8)
def larger_batches_err_more(seed: int) -> float:
    return error_after(64, 2, seed) - error_after(16, 2, seed)


@claim(
    says="In training with batch norm, the batch should be as large as possible.",
    verdict="not seen here",
    measured="at equal steps: error at B = 64, minus that at B = 16, mean of four trainings",
    band=(-0.05, 0.05),
    setting=f"{LONGER}, eight passes against two",
    source="notes on the BN algorithm",
)
@mean_of(4)
def largest_batch_is_not_best(seed: int) -> float:
    return error_after(64, 8, seed) - error_after(16, 2, seed)


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
