"""Claims of lesson 10 on overfitting: dropout, weight decay and early stopping on 500 images."""

from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim, mean_of
from coursekit.datasets import fashion_mnist
from coursekit.experiments.overfitting import BATCH, RATE, overfit, regularized_net, split
from coursekit.training import Evaluation, evaluate, fit

GLUON = "a course note on Gluon, 7"
IMAGES, PASSES = 500, 20
SETTING = f"784-256-256-10, {IMAGES} images, {PASSES} passes, rate 0.1 falling to 0, judged on 1,000 others"


@lru_cache(maxsize=64)
def judged(
    p1: float, p2: float, seed: int, decay: float = 0.0, passes: int = PASSES
) -> tuple[Evaluation, Evaluation]:
    """Return how a net of 256-256 units does on its 500 training images, and on 1,000 others."""
    data, net = split(IMAGES), regularized_net(256, p1, p2, seed=seed)
    optimizer = nn.SGD(nn.cosine(0.1, passes * -(-IMAGES // BATCH)), weight_decay=decay)
    order = np.random.default_rng([seed, 1])
    x, y = data.x_train, data.y_train
    for _ in fit(net, x, y, optimizer, epochs=passes, batch_size=BATCH, rng=order):
        pass
    return evaluate(net, x, y), evaluate(net, data.x_test, data.y_test)


def gap(p1: float, p2: float, seed: int, decay: float = 0.0, passes: int = PASSES) -> float:
    """Return validation loss minus training loss."""
    training, validation = judged(p1, p2, seed, decay, passes)
    return validation.loss - training.loss


@claim(
    says="Dropout of 0.2 and 0.5 narrows the gap between training and validation loss, by less than 30 %.",
    verdict="holds",
    measured="gap with dropout ÷ gap without, mean of two trainings",
    band=(0.7, 0.95),
    setting=SETTING,
    source=GLUON,
)
@mean_of(2)
def dropout_narrows_the_gap(seed: int) -> float:
    return gap(0.2, 0.5, seed) / gap(0.0, 0.0, seed)


@claim(
    says="Training four times as long, dropout of 0.2 and 0.5 narrows the gap, too.",
    verdict="not seen here",
    measured="gap with dropout ÷ gap without",
    band=(0.95, 1.2),
    setting=SETTING.replace(f"{PASSES} passes", f"{4 * PASSES} passes"),
    source=GLUON,
)
def long_training_undoes_it(seed: int) -> float:
    return gap(0.2, 0.5, seed, passes=4 * PASSES) / gap(0.0, 0.0, seed, passes=4 * PASSES)


@claim(
    says="The smaller p belongs near the input.",
    verdict="not seen here",
    measured="validation loss of 0.2/0.5 ÷ that of 0.5/0.2",
    band=(0.92, 1.08),
    setting=SETTING,
    source=GLUON,
)
def order_of_p_matters_little(seed: int) -> float:
    return judged(0.2, 0.5, seed)[1].loss / judged(0.5, 0.2, seed)[1].loss


@claim(
    says="It is the larger p near the input that narrows the gap more.",
    verdict="holds",
    measured="gap of 0.5/0.2 ÷ gap of 0.2/0.5, mean of two trainings",
    band=(0.7, 0.99),
    setting=SETTING,
    source="measured here",
)
@mean_of(2)
def large_p_near_the_input_narrows_more(seed: int) -> float:
    return gap(0.5, 0.2, seed) / gap(0.2, 0.5, seed)


@claim(
    says="Weight decay narrows the gap, too.",
    verdict="holds",
    measured="gap with λ = 0.01 ÷ gap without",
    band=(0.6, 0.97),
    setting=SETTING,
    source=GLUON,
)
def decay_narrows_the_gap(seed: int) -> float:
    return gap(0.0, 0.0, seed, 0.01) / gap(0.0, 0.0, seed)


@claim(
    says="Early stopping ends at a lower loss on new images than training to the end.",
    verdict="holds",
    measured="test loss after the pass of lowest validation loss ÷ after the last of 40",
    band=(0.6, 0.97),
    setting="784-64-64-10, 250 images, rate 0.1, chosen on 1,000 validation images",
    source=GLUON,
    carries=True,
)
def early_stopping_helps(seed: int) -> float:
    *_, result = overfit(64, 0.0, 0.0, 250, seed)
    stopped, ended = (loss_on_test(seed, passes) for passes in (result.chosen.best, 40))
    return stopped / ended


def loss_on_test(seed: int, passes: int) -> float:
    """Return the loss on the test images after some passes of the explorer's default training."""
    data, net = split(250), regularized_net(64, seed=seed)
    raw = fashion_mnist().flat()
    x = (raw.x_test - raw.x_train[:250].mean()) / raw.x_train[:250].std()
    order = np.random.default_rng([seed, 1])
    for _ in fit(net, data.x_train, data.y_train, nn.SGD(RATE), epochs=passes, batch_size=BATCH, rng=order):
        pass
    return evaluate(net, x, raw.y_test).loss
