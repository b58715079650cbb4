"""Claims of lesson 06 on predictions by the running statistics, and by those of the batch at hand."""

from functools import lru_cache

import numpy as np

from coursekit import datasets, nn
from coursekit.claims.claim import claim, mean_of
from coursekit.claims.lesson_06.titles import BN_NOTES, CS231N

HERE = "measured here"
SETTING = "784-100-10 after 150 steps on batches of 64; 1,000 test images in batches of 50"


@lru_cache(maxsize=8)
def trained_net(seed: int) -> nn.Sequential:
    """Return 784-100-10 with batch normalization and ReLU, after 150 steps on batches of 64 images."""
    data = datasets.fashion_mnist().flat()
    rng = np.random.default_rng(seed)
    net = nn.Sequential(nn.Dense(100), nn.BatchNorm(), nn.ReLU(), nn.Dense(10)).initialize("he_normal", rng)
    for _ in range(150):
        rows = rng.choice(len(data.x_train), 64, replace=False)
        logits = net.forward(data.x_train[rows], training=True)
        _, dlogits = nn.softmax_cross_entropy(logits, data.y_train[rows])
        net.backward(dlogits)
        for name, parameter in net.params.items():
            parameter -= 0.2 * net.grads[name]
    return net


def answers(net: nn.Block, x: np.ndarray, size: int, *, own: bool) -> np.ndarray:
    """Return the classes, batch by batch; with `own`, by each batch's statistics. The net stays."""
    kept = {name: array.copy() for name, array in net.buffers.items()}
    batches = [net.forward(x[i : i + size], training=own) for i in range(0, len(x), size)]
    for name, array in net.buffers.items():
        array[...] = kept[name]
    return np.concatenate(batches).argmax(axis=1)


def accuracy(seed: int, *, own: bool, order: str) -> float:
    """Return the accuracy on 1,000 test images in batches of 50, as they come or sorted by class."""
    data = datasets.fashion_mnist().flat()
    x, labels = data.x_test[:1000], data.y_test[:1000]
    if order == "sorted":
        by_class = np.argsort(labels, kind="stable")
        x, labels = x[by_class], labels[by_class]
    return (answers(trained_net(seed), x, 50, own=own) == labels).mean()


@claim(
    says="A small net predicts well by its running statistics.",
    verdict="holds",
    measured="accuracy on 1,000 test images sorted by class",
    band=(0.7, 1),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def bn_running_predicts(seed: int) -> float:
    return accuracy(seed, own=False, order="sorted")


@claim(
    says="A small net predicts well by the statistics of the batch at hand (50 images).",
    verdict="holds only if the batch is large and mixed",
    measured="accuracy on 1,000 test images sorted by class",
    band=(0, 0.5),
    setting=SETTING,
    source=HERE,
    carries=True,
)
def bn_own_statistics_predict(seed: int) -> float:
    return accuracy(seed, own=True, order="sorted")


@claim(
    says="With shuffled images, 50 of them are mixed enough.",
    verdict="holds",
    measured="accuracy",
    band=(0.7, 1),
    setting=SETTING,
    source=HERE,
)
def bn_own_statistics_mixed(seed: int) -> float:
    return accuracy(seed, own=True, order="as they come")


@claim(
    says="One image at a time, by its own statistics, every image gets the same class.",
    verdict="holds",
    measured="different classes among 1,000 answers",
    band=(1, 1),
    setting="784-100-10 after 150 steps on batches of 64; 1,000 test images, one by one",
    source=HERE,
)
def bn_one_at_a_time(seed: int) -> float:
    x = datasets.fashion_mnist().flat().x_test[:1000]
    return len(np.unique(answers(trained_net(seed), x, 1, own=True)))


def gap_to_population(seed: int, still: int) -> float:
    """Return accuracy by the statistics of all training images − that by running ones, on 2,000 images.

    Before it is asked, `still` more batches go through the net in training mode, without a step.
    """
    data = datasets.fashion_mnist().flat()
    net, rng = trained_net(seed), np.random.default_rng(seed)
    layer = next(layer for layer in net.layers if isinstance(layer, nn.BatchNorm))
    kept = {name: array.copy() for name, array in net.buffers.items()}
    for _ in range(still):
        net.forward(data.x_train[rng.choice(len(data.x_train), 64, replace=False)], training=True)
    running = (net.forward(data.x_test).argmax(axis=1) == data.y_test).mean()
    momentum, layer.momentum = layer.momentum, 0.0  # one batch of all images, and nothing of the past
    net.forward(data.x_train, training=True)
    population = (net.forward(data.x_test).argmax(axis=1) == data.y_test).mean()
    layer.momentum = momentum
    for name, array in net.buffers.items():
        array[...] = kept[name]
    return population - running


@claim(
    says="Right after a step at rate 0.2, statistics of all training images predict a little better than "
    "running ones.",
    verdict="holds",
    measured="accuracy by all images' statistics − by running ones, mean of eight trainings",
    band=(0.001, 0.06),
    setting="784-100-10 after 150 steps at rate 0.2 on batches of 64; 10,000 training, 2,000 test images",
    source=f"{CS231N}: running ones, since they need no further pass",
)
@mean_of(8)
def bn_running_against_population(seed: int) -> float:
    return gap_to_population(seed, 0)


@claim(
    says="Once the weights stand still for fifty batches, running statistics predict as well as those of "
    "all training images.",
    verdict="holds",
    measured="accuracy by all images' statistics − by running ones",
    band=(-0.008, 0.008),
    setting="the net as trained at rate 0.2, then 50 batches of 64 without a step",
    source=BN_NOTES,
)
def bn_running_at_rest(seed: int) -> float:
    return gap_to_population(seed, 50)
