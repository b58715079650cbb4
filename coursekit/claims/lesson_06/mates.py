"""Claims of lesson 06 on the batch as a whole: its variance, batch-mates, and batches of one."""

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim
from coursekit.claims.lesson_06.samples import pixels, wide_sums
from coursekit.claims.lesson_06.titles import BN_NOTES, PADDLE

HERE = "measured here"
SETTING = "500 images through 100 units with N(0, 1²) weights"


@claim(
    says="The batch's variance is the average of its images' variances.",
    verdict="folklore",
    measured="share that the average lacks, 64 images",
    band=(0.05, 0.3),
    setting="64 images of 784 pixels, one channel",
    source=BN_NOTES,
    carries=True,
)
def bn_average_of_variances(seed: int) -> float:
    x = pixels(seed)
    return 1 - x.var(axis=(1, 2, 3)).mean() / x.var()


@claim(
    says="What the average lacks is the variance of the images' means.",
    verdict="holds",
    measured="gap ÷ batch variance",
    band=(0, 1e-12),
    setting="64 images of 784 pixels, one channel",
    source="law of total variance",
)
def bn_total_variance(seed: int) -> float:
    x = pixels(seed)
    parts = x.var(axis=(1, 2, 3)).mean() + x.mean(axis=(1, 2, 3)).var()
    return abs(x.var() - parts) / x.var()


def change_of_company(seed: int, *, training: bool) -> float:
    """Return by how much A's outputs differ (root mean square) with B and with C, D beside it."""
    x = wide_sums(seed)
    layer = nn.BatchNorm()
    for _ in range(50):
        layer.forward(x, training=True)
    with_b, with_cd = (layer.forward(x[rows], training=training)[0] for rows in ([0, 1], [0, 2, 3]))
    return float(np.sqrt(np.square(with_b - with_cd).mean()))


@claim(
    says="By the batch's own statistics, A's output depends on its batch-mates.",
    verdict="holds",
    measured="change of A's y from company B to C, D (spread of y: 1)",
    band=(0.3, INF),
    setting=SETTING,
    source=PADDLE,
    carries=True,
)
def bn_company_matters(seed: int) -> float:
    return change_of_company(seed, training=True)


@claim(
    says="By the running statistics A's output is the same in any company.",
    verdict="holds",
    measured="the same change",
    band=(0, 0),
    setting=SETTING,
    source=PADDLE,
)
def bn_prediction_ignores_company(seed: int) -> float:
    return change_of_company(seed, training=False)


@claim(
    says="In training, a batch of one sample comes out as β.",
    verdict="holds",
    measured="largest |y − β|, 20 samples",
    band=(0, 0),
    setting=SETTING,
    source=HERE,
)
def bn_batch_of_one(seed: int) -> float:
    layer = nn.BatchNorm()
    x = wide_sums(seed)
    layer.forward(x, training=True)
    layer.params["beta"][...] = np.random.default_rng(seed).standard_normal(100)
    outputs = [layer.forward(x[i : i + 1], training=True) for i in range(20)]
    return np.abs(np.concatenate(outputs) - layer.params["beta"]).max()


@claim(
    says="Batch normalization cannot work on a single image.",
    verdict="holds only if a feature is one number an image",
    measured="spread of y for one image of 784 pixels",
    band=(0.99, 1.01),
    setting="one image of 784 pixels, one channel",
    source=HERE,
)
def bn_one_image(seed: int) -> float:
    return nn.BatchNorm().forward(pixels(seed, 1), training=True).std()
