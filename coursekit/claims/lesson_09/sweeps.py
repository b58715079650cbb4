"""The sweeps of lesson 09: batch size, step or statistics, long sequences, dropout and L2."""

import numpy as np

from coursekit.claims.lesson_09.regularizers import regularized
from coursekit.claims.lesson_09.step_or_statistics import RATES, WAYS, error_in_groups
from coursekit.claims.sweeps import Plan
from coursekit.datasets import fashion_split
from coursekit.experiments.norm_choice import BATCH_SIZES, NORMS, error, train_norm_net
from coursekit.experiments.sequence_norm import NORMS as READERS
from coursekit.experiments.sequence_norm import SHORT, errors_by_length

# batch norm, dropout p
REGULARIZERS = {
    "neither": (False, 0.0),
    "batch norm": (True, 0.0),
    "dropout": (False, 0.5),
    "both": (True, 0.5),
}


def error_after_training(name: str, batch_size: float, seed: int) -> float:
    """Return the error after two passes over 4,000 images in mini-batches."""
    split = fashion_split(4000, 2000)
    net = train_norm_net(name, split, int(batch_size), seed, epochs=2)
    return error(net, split.x_test, split.y_test)


def error_on_long(name: str, share_long: float, seed: int) -> float:
    """Return the error on sequences of 11 to 14 steps when such are a share of the training set."""
    return float(np.mean(errors_by_length(name, 32, share_long, seed)[len(SHORT) :]))


def error_with_decay(name: str, weight_decay: float, seed: int) -> float:
    """Return the error after training on 500 images with a weight decay λ."""
    batch_norm, p = REGULARIZERS[name]
    return regularized(batch_norm, p, weight_decay, seed).error


BATCH_SIZE = Plan(
    "batch_size",
    "09",
    "How small may a batch be?",
    "batch size B",
    "wrong answers on unseen images",
    tuple(float(size) for size in BATCH_SIZES),
    tuple(NORMS),
    error_after_training,
    (0, 1, 2, 3, 4),
    0.15,
)

STEP_OR_STATISTICS = Plan(
    "step_or_statistics",
    "09",
    "What is too small in a batch of 2?",
    "learning rate",
    "wrong answers on unseen images",
    RATES,
    tuple(WAYS),
    error_in_groups,
    (0, 1, 2, 3, 4),
    0.15,
)

LONG_SEQUENCES = Plan(
    "long_sequences",
    "09",
    "What if long sequences are rare?",
    "share of long sequences in training",
    "wrong answers on long sequences",
    (0.05, 0.1, 0.2, 0.5, 1.0),
    tuple(READERS),
    error_on_long,
    (0, 1, 2, 3, 4),
    0.3,
)

DROPOUT_AND_DECAY = Plan(
    "dropout_and_decay",
    "09",
    "Does batch norm replace dropout and L2?",
    "weight decay λ",
    "wrong answers on unseen images",
    (1e-4, 1e-3, 3e-3, 1e-2, 3e-2),
    tuple(REGULARIZERS),
    error_with_decay,
    (0, 1, 2, 3, 4),
    0.03,
)
