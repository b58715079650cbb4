"""Claims of lesson 10 on batch norm behind dropout."""

import copy
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.claims.claim import claim, mean_of
from coursekit.experiments.dropout import dropout_report
from coursekit.experiments.overfitting import BATCH, regularized_net, split
from coursekit.training import Evaluation, evaluate, fit

LI = "Li et al., Understanding the Disharmony between Dropout and Batch Normalization, CVPR 2019"
IMAGES, WIDTH, PASSES, P = 500, 64, 20, 0.5
SETTING = f"784-{WIDTH}-{WIDTH}-10, {IMAGES} images, {PASSES} passes, rate 0.1 falling to 0, dropout ½"


@lru_cache(maxsize=64)
def trained(norm: str, seed: int, p1: float = P, p2: float = P) -> nn.Sequential:
    """Return a net trained on 500 images; a batch norm, if any, before each ReLU or behind each dropout."""
    data, net = split(IMAGES), regularized_net(WIDTH, p1, p2, norm, seed)
    optimizer = nn.SGD(nn.cosine(0.1, PASSES * -(-IMAGES // BATCH)))
    order = np.random.default_rng([seed, 1])
    x, y = data.x_train, data.y_train
    for _ in fit(net, x, y, optimizer, epochs=PASSES, batch_size=BATCH, rng=order):
        pass
    return net


def judged(net: nn.Sequential) -> tuple[Evaluation, float]:
    """Return how a net does on new images, and the spread of its logits there."""
    data = split(IMAGES)
    return evaluate(net, data.x_test, data.y_test), float(net.forward(data.x_test).std())


def met_without_masks(norm: str, seed: int, p1: float) -> nn.Sequential:
    """Return a copy of the trained net that has met its images once more, all units speaking."""
    net = copy.deepcopy(trained(norm, seed, p1))
    for layer in net.layers:
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0
    for _ in range(60):  # 0.9⁶⁰, 1/600, of what was stored is left
        net.forward(split(IMAGES).x_train, training=True)
    return net


@lru_cache(maxsize=64)
def stored_and_met(norm: str, seed: int, p1: float) -> tuple[tuple[Evaluation, float], ...]:
    """Return `judged` with the statistics that the net stored, and with those met without masks."""
    return judged(trained(norm, seed, p1)), judged(met_without_masks(norm, seed, p1))


@claim(
    says="A batch norm behind dropout stores a variance that is larger than the one it meets in use.",
    verdict="holds",
    measured="variance stored ÷ variance in use, geometric mean over eight units",
    band=(2, 5),
    setting="eight ReLU units on 64 photographs, p = ½, 400 draws",
    source=LI,
    carries=True,
)
def variance_is_inflated(seed: int) -> float:
    report = dropout_report(0.5, 400, norm="behind", seed=seed)
    return float(np.exp(np.log(report.stored / report.variance_in_use).mean()))


def spread_by_what_is_stored(norm: str, seed: int) -> float:
    """Return the spread of the logits with stored statistics as a multiple of that with those met."""
    (_, stored), (_, met) = stored_and_met(norm, seed, 0.0)
    return stored / met


def loss_by_what_is_stored(seed: int, p1: float) -> float:
    """Return the loss with stored statistics as a multiple of that with those met, batch norm behind."""
    (stored, _), (met, _) = stored_and_met("behind", seed, p1)
    return stored.loss / met.loss


@claim(
    says="So what it puts out shrinks in use, and with it what the net predicts.",
    verdict="holds",
    measured="spread of the logits with stored statistics ÷ with those met without masks",
    band=(0.4, 0.9),
    setting=f"{SETTING} behind the last hidden layer, batch norm behind it",
    source=LI,
)
def predictions_shrink(seed: int) -> float:
    return spread_by_what_is_stored("behind", seed)


@claim(
    says="Where no batch norm stands behind the dropout, nothing shrinks.",
    verdict="holds",
    measured="spread of the logits with stored statistics ÷ with those met without masks",
    band=(0.97, 1.06),
    setting=f"{SETTING} behind the last hidden layer, batch norm before each ReLU",
    source="the control of the claim before",
)
def no_shrinking_without_dropout_before(seed: int) -> float:
    return spread_by_what_is_stored("before", seed)


@claim(
    says="The stored variance costs loss in use.",
    verdict="holds only where a hidden layer follows; see the next claim",
    measured="loss on new images, stored statistics ÷ those met without masks, mean of two trainings",
    band=(1.02, 1.3),
    setting=f"{SETTING} behind both hidden layers, batch norm behind each",
    source=LI,
)
@mean_of(2)
def stored_statistics_cost_loss(seed: int) -> float:
    return loss_by_what_is_stored(seed, P)


@claim(
    says="Behind the last hidden layer alone it lowers the loss: smaller logits are less sure.",
    verdict="holds",
    measured="loss on new images with stored statistics ÷ with those met without masks",
    band=(0.5, 0.99),
    setting=f"{SETTING} behind the last hidden layer, batch norm behind it",
    source="measured here",
)
def shrinking_can_help(seed: int) -> float:
    return loss_by_what_is_stored(seed, 0.0)


@claim(
    says="It is the size of the logits that does it.",
    verdict="holds",
    measured="loss with statistics met, logits scaled to the spread of stored ones, ÷ loss with these",
    band=(0.975, 1.025),
    setting=f"{SETTING} behind the last hidden layer, batch norm behind it, new images",
    source="the control of the claim before",
)
def the_size_of_the_logits_does_it(seed: int) -> float:
    (stored, spread), (_, met) = stored_and_met("behind", seed, 0.0)
    logits = met_without_masks("behind", seed, 0.0).forward(split(IMAGES).x_test)
    return nn.softmax_cross_entropy(logits * (spread / met), split(IMAGES).y_test)[0] / stored.loss


def lost_by_the_place(seed: int, p: float) -> float:
    """Return the accuracy with batch norm before each ReLU, minus that with it behind each dropout of p."""
    before, behind = (judged(trained(norm, seed, p, p))[0].right for norm in ("before", "behind"))
    return before - behind


@claim(
    says="Batch norm behind dropout gives fewer right answers in use than before the ReLU.",
    verdict="holds",
    measured="accuracy with it before each ReLU minus accuracy with it behind, mean of eight trainings",
    band=(0.012, 0.06),
    setting=f"{SETTING} behind both hidden layers",
    source=LI,
)
@mean_of(8)
def behind_loses_accuracy(seed: int) -> float:
    return lost_by_the_place(seed, P)


@claim(
    says="Without dropout the same place costs these answers, too.",
    verdict="not seen here",
    measured="accuracy with it before each ReLU minus accuracy with it behind, mean of eight trainings",
    band=(-0.01, 0.01),
    setting=f"{SETTING.replace('dropout ½', 'no dropout')}, batch norm before or behind each ReLU",
    source="the control of the claim before",
)
@mean_of(8)
def the_place_alone_costs_little(seed: int) -> float:
    return lost_by_the_place(seed, 0.0)


@claim(
    says="It is the inflated variance that costs these answers.",
    verdict="holds only for a small part of them",
    measured="share of the lost answers that statistics met without masks win back, over eight trainings",
    band=(0.02, 0.4),
    setting=f"{SETTING} behind both hidden layers, batch norm behind each",
    source=LI,
)
def variance_explains_the_answers(seed: int) -> float:
    won = lost = 0.0
    for one in range(8 * seed, 8 * (seed + 1)):
        (stored, _), (met, _) = stored_and_met("behind", one, P)
        won, lost = won + met.right - stored.right, lost + lost_by_the_place(one, P)
    return won / lost
