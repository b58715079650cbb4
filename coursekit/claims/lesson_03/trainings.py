"""Claims of lesson 03 on what a classifier of clothes learns."""

from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.claims.claim import INF, claim
from coursekit.experiments.classifier import SIGMA, Training, net_of, split_in_three, train_classifier
from coursekit.nets import deep_net
from coursekit.training import evaluate, fit

S1, HERE = "Gluon notes, sec. 6", "measured here"
STARTS = "weights from N(0, 0.01²), 9,000 images, batch 32, rate 0.1 that falls to 0"
ITS_OWN = "weights from N(0, 0.01²), 9,000 images, batch 256, five epochs, constant rate"


def trained(*setting: object, **more: object) -> Training:
    """Return a training at its end."""
    *_, last = train_classifier(*setting, **more)  # type: ignore[arg-type]
    return last


def on_test_images(training: Training) -> float:
    """Return the accuracy on the 2,000 test images."""
    final = split_in_three()[1]
    return evaluate(net_of(training), final.x_test, final.y_test).right


@claim(
    says="Before training the loss is that of guessing, ln 10 = 2.30.",
    verdict="holds",
    measured="first loss minus ln 10",
    band=(-0.05, 0.05),
    setting="784-256-10 with ReLU, weights from N(0, 0.01²), 1,000 images",
    source=HERE,
    carries=True,
)
def classifier_starts_at_guessing(seed: int) -> float:
    return float(next(train_classifier("mlp", 0.1, 32, 1, seed=seed)).losses[0] - np.log(10))


@claim(
    says="Softmax regression names 80 % of new images rightly.",
    verdict="holds",
    measured="accuracy on 2,000 test images",
    band=(0.8, 1),
    setting=f"784-10, {STARTS}, five epochs",
    source=S1,
    carries=True,
)
def softmax_regression_reaches_80(seed: int) -> float:
    return on_test_images(trained("softmax", 0.1, 32, 5, seed=seed))


@claim(
    says="An MLP with 256 hidden units names 84 % of new images rightly.",
    verdict="holds",
    measured="accuracy on 2,000 test images",
    band=(0.84, 1),
    setting=f"784-256-10 with ReLU, {STARTS}, ten epochs",
    source=S1,
)
def mlp_reaches_84(seed: int) -> float:
    return mlp_on_test_images(seed)


@lru_cache(maxsize=8)
def mlp_on_test_images(seed: int) -> float:
    """Return the test accuracy of the MLP after ten epochs at a rate that falls from 0.1."""
    return on_test_images(trained("mlp", 0.1, 32, 10, seed=seed))


@claim(
    says="Hidden units pay: after ten epochs the MLP is right more often than softmax regression.",
    verdict="holds",
    measured="its accuracy on 2,000 test images minus that of softmax regression",
    band=(0.005, 0.1),
    setting=f"{STARTS}, ten epochs",
    source=S1,
)
def hidden_units_pay(seed: int) -> float:
    return mlp_on_test_images(seed) - on_test_images(trained("softmax", 0.1, 32, 10, seed=seed))


@claim(
    says="At its notes' rate of 0.01 the MLP is far from its best after five epochs.",
    verdict="holds",
    measured="accuracy at rate 0.3 minus that at 0.01, on 1,000 validation images",
    band=(0.1, 0.6),
    setting=f"784-256-10 with ReLU, {ITS_OWN}",
    source=S1,
)
def mlp_at_001_has_hardly_begun(seed: int) -> float:
    return notes_mlp(seed, rate=0.3) - notes_mlp(seed)


def notes_mlp(seed: int, *, rate: float = 0.01, epochs: int = 5) -> float:
    """Return the validation accuracy of the notes' MLP, batches of 256 at a constant rate."""
    last = trained("mlp", rate, 256, epochs, seed=seed, falling=False)
    return float(last.validation_accuracies[-1])


def notes_softmax(seed: int, *, epochs: int = 5) -> float:
    """Return that of the notes' softmax regression, at rate 0.1."""
    last = trained("softmax", 0.1, 256, epochs, seed=seed, falling=False)
    return float(last.validation_accuracies[-1])


@claim(
    says="With the settings of the notes, five epochs at their rates, softmax regression beats the MLP.",
    verdict="holds",
    measured="accuracy of softmax regression at rate 0.1, minus that of the MLP at 0.01, validation images",
    band=(0.08, INF),
    setting=ITS_OWN,
    source=S1,
    carries=True,
)
def notes_settings_favour_softmax(seed: int) -> float:
    return notes_softmax(seed) - notes_mlp(seed)


@claim(
    says="With as many updates as the notes had it still does: the MLP's rate is too small.",
    verdict="holds",
    measured="the same after 33 epochs, 1,188 updates",
    band=(0.04, INF),
    setting=ITS_OWN.replace("five epochs", "33 epochs"),
    source=HERE,
)
def notes_rate_is_too_small(seed: int) -> float:
    return notes_softmax(seed, epochs=33) - notes_mlp(seed, epochs=33)


@claim(
    says="Trained long on 500 images, a net knows these better than new ones: it overfits.",
    verdict="holds",
    measured="accuracy on training images minus that on validation images",
    band=(0.1, 1),
    setting="784-256-10 with ReLU, σ = 0.01, 500 images, batch 32, rate 0.1 that falls, 40 epochs",
    source=HERE,
)
def few_images_are_learned_by_heart(seed: int) -> float:
    last = trained("mlp", 0.1, 32, 40, 500, seed=seed)
    return float(last.accuracies[-1] - last.validation_accuracies[-1])


def right_after(depth: int, sigma: float, seed: int, steps: int) -> float:
    """Return the validation accuracy of a ReLU net, 50 units wide, after some steps at rate 0.1."""
    data, rng = split_in_three()[0], np.random.default_rng(seed)
    net = deep_net("relu", depth, 50).initialize(nn.initializers.normal(sigma), rng)
    for record in fit(net, data.x_train, data.y_train, nn.SGD(0.1), epochs=9, batch_size=32, rng=rng):
        if record.step == steps:
            break
    return evaluate(net, data.x_test, data.y_test).right


@claim(
    says="Weights from N(0, 0.01²) start a net with one hidden layer.",
    verdict="holds",
    measured="accuracy on 1,000 validation images",
    band=(0.4, 1),
    setting="one hidden layer of 50 ReLU units, 150 steps of batch 32 at rate 0.1",
    source=S1,
    carries=True,
)
def sigma_001_starts_one_layer(seed: int) -> float:
    return right_after(1, SIGMA, seed, 150)


@claim(
    says="Weights from N(0, 0.01²) suit any net.",
    verdict="holds only if it is shallow: with ten hidden layers nothing is learned",
    measured="accuracy on 1,000 validation images",
    band=(0, 0.2),
    setting="ten hidden layers of 50 ReLU units, 1,500 steps of batch 32 at rate 0.1",
    source=S1,
)
def sigma_001_fails_ten_layers(seed: int) -> float:
    return right_after(10, SIGMA, seed, 1500)
