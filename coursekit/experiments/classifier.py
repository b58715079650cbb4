"""A classifier of clothes while it learns: its curves, its first weights as pictures, and its mistakes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import CLASS_NAMES, Dataset, fashion_mnist
from coursekit.nn import checks, softmax
from coursekit.training import evaluate, fit
from coursekit.words import percent, two_decimals, whole_percent

NAMES = CLASS_NAMES
NETS = ("softmax", "mlp")
VIEWS = ("training", "confusion", "mistakes")
TRAIN, VALIDATION, JUDGED = 9000, 1000, 1000
HIDDEN, SIGMA, PICTURES = 256, 0.01, 20


@dataclass(frozen=True)
class Setting:
    """What has to be chosen before a training starts.

    Attributes
    ----------
    net : str
        "softmax" is softmax regression, 784-10; "mlp" is 784-256-10 with ReLU.
    rate : float
    batch_size, epochs : int
    images : int
        How many training images, the first ones.
    seed : int
        Of the weights, N(0, 0.01²), and of the order of the images.
    falling : bool
        Whether the rate falls to 0 along half a cosine wave, or stays.
    """

    net: str
    rate: float
    batch_size: int
    epochs: int
    images: int
    seed: int
    falling: bool = True


@dataclass(frozen=True)
class Training:
    """A training, as far as it has come.

    Attributes
    ----------
    setting : Setting
    done : float
        Share of the epochs that is run, 0 to 1; 1 too where it diverged and broke off.
    at : ndarray, shape (E,)
        After how many epochs the net was judged, parts of them included.
    losses, accuracies : ndarray, shape (E,)
        On the first 1,000 training images, or on all if there are fewer.
    validation_losses, validation_accuracies : ndarray, shape (E,)
        On 1,000 images that the net does not learn from.
    pictures : ndarray, shape (P, 28, 28)
        The weights of the first units of the first layer, each as a picture: 10 of "softmax", 20 of "mlp".
    probabilities : ndarray, shape (1000, 10)
        The net's softmax for each validation image.
    labels : ndarray of int, shape (1000,)
        Of the validation images.
    parameters : tuple of (str, ndarray)
        All weights and biases by name, as they are now.
    diverged : bool
        Whether a number left the range of floats.
    view : str
        What the picture is to show: one of `VIEWS`.
    """

    setting: Setting
    done: float
    at: np.ndarray
    losses: np.ndarray
    accuracies: np.ndarray
    validation_losses: np.ndarray
    validation_accuracies: np.ndarray
    pictures: np.ndarray
    probabilities: np.ndarray
    labels: np.ndarray
    parameters: tuple[tuple[str, np.ndarray], ...]
    diverged: bool = False
    view: str = "training"

    @property
    def answers(self) -> np.ndarray:
        """The class with the largest probability for each validation image, shape (1000,)."""
        return self.probabilities.argmax(axis=1)

    @property
    def confusion(self) -> np.ndarray:
        """How many validation images of each class (row) were called what (column), shape (10, 10)."""
        table = np.zeros((10, 10), int)
        np.add.at(table, (self.labels, self.answers), 1)
        return table

    def confused_pairs(self, count: int = 3) -> list[tuple[int, int, int]]:
        """Return (class, what it was called, how often) of the most common mistakes, largest first."""
        mistakes = self.confusion
        np.fill_diagonal(mistakes, 0)
        order = np.argsort(-mistakes, axis=None, kind="stable")[:count]
        rows, columns = np.unravel_index(order, mistakes.shape)
        return [(int(r), int(c), int(mistakes[r, c])) for r, c in zip(rows, columns, strict=True)]

    def sure_mistakes(self, count: int = 12) -> np.ndarray:
        """Return the places of wrongly named validation images, those first that the net is surest of."""
        wrong = np.flatnonzero(self.answers != self.labels)
        sure = self.probabilities[wrong].max(axis=1)
        return wrong[np.argsort(-sure, kind="stable")][:count]


@lru_cache(maxsize=1)
def split_in_three() -> tuple[Dataset, Dataset]:
    """Return the shipped images in three parts, grey values as they are, in [0, 1].

    Returns
    -------
    learning : Dataset
        9,000 training images, and as its second part the other 1,000: the validation images.
    final : Dataset
        The same training images, and 2,000 test images, to be used once.
    """
    data = fashion_mnist().flat()
    # Drawn at random: in the file some classes are rarer towards the end.
    order = np.random.default_rng(0).permutation(len(data.x_train))
    learn, judge = order[:TRAIN], order[TRAIN : TRAIN + VALIDATION]
    mine = replace(data, x_train=data.x_train[learn], y_train=data.y_train[learn])
    return replace(mine, x_test=data.x_train[judge], y_test=data.y_train[judge]), mine


def new_net(kind: str, sigma: float = SIGMA) -> nn.Sequential:
    """Return softmax regression, 784-10, or an MLP, 784-256-10 with ReLU, without weights yet."""
    checks.one_of("net", kind, NETS)
    hidden = (nn.Dense(HIDDEN, 784), nn.ReLU()) if kind == "mlp" else ()
    return nn.Sequential(*hidden, nn.Dense(10, HIDDEN if hidden else 784))


def train_classifier(
    net: str,
    rate: float,
    batch_size: int,
    epochs: int,
    images: int = TRAIN,
    seed: int = 0,
    falling: bool = True,
) -> Iterator[Training]:
    """Train a classifier and yield it again and again on its way.

    Parameters
    ----------
    net, rate, batch_size, epochs, images, seed, falling
        See `Setting`.

    Raises
    ------
    TypeError, ValueError
        If a value is not what `Setting` tells.
    """
    setting = Setting(
        checks.one_of("net", net, NETS),
        checks.positive("rate", rate),
        checks.positive_int("batch_size", batch_size),
        checks.positive_int("epochs", epochs),
        checks.positive_int("images", images),
        seed,
        checks.flag("falling", falling),
    )
    if images > TRAIN:
        raise ValueError(f"images must be at most {TRAIN}; got {images}.")
    return _on_its_way(setting)


def _on_its_way(setting):
    data, rng = split_in_three()[0], np.random.default_rng(setting.seed)
    net = new_net(setting.net).initialize(nn.initializers.normal(SIGMA), rng)
    x, labels = data.x_train[: setting.images], data.y_train[: setting.images]
    in_epoch = -(-setting.images // setting.batch_size)
    steps = in_epoch * setting.epochs
    rate = nn.schedules.cosine(setting.rate, steps) if setting.falling else setting.rate
    size, epochs = setting.batch_size, setting.epochs
    records = fit(net, x, labels, nn.SGD(rate), epochs=epochs, batch_size=size, rng=rng)
    every = _between_pictures(steps, setting)
    judged: list[tuple[float, ...]] = []
    yield _look(setting, net, data, 0.0, 0.0, judged)
    for record in records:
        at = record.step
        if record.diverged:
            yield _look(setting, net, data, (at - 1) / in_epoch, 1.0, judged, diverged=True)
        elif at % every == 0 or at == steps:
            yield _look(setting, net, data, at / in_epoch, 1.0 if at == steps else at / steps, judged)


def _between_pictures(steps, setting):
    """Return after how many steps the net is judged again: 20 to 150 times in a training."""
    looks = np.clip(setting.images * setting.epochs // 1200, 20, 150)
    return max(1, round(steps / looks))


def _look(setting, net, data, at, done, judged, *, diverged=False):
    """Judge the net as it is now."""
    mine = min(setting.images, JUDGED)
    on_training = evaluate(net, data.x_train[:mine], data.y_train[:mine])
    with np.errstate(all="ignore"):
        probabilities = softmax(np.nan_to_num(net.forward(data.x_test)))
    losses = evaluate(net, data.x_test, data.y_test)
    judged.append((at, on_training.loss, on_training.right, losses.loss, losses.right))
    first = net.params["0.W"]
    return Training(
        setting,
        done,
        *np.array(judged).T,
        pictures=first.T[:PICTURES].reshape(-1, 28, 28).copy(),
        probabilities=probabilities,
        labels=data.y_test,
        parameters=tuple((name, array.copy()) for name, array in net.params.items()),
        diverged=diverged,
    )


def net_of(training: Training) -> nn.Sequential:
    """Return a net with the weights that a training has come to; it is independent of that training."""
    net = new_net(training.setting.net).initialize("zeros", np.random.default_rng(0))
    for name, array in training.parameters:
        net.params[name][...] = array
    return net


def diagnose_training(result: Training) -> str:
    """Say what the chosen view shows, with its own numbers."""
    if result.view == "confusion":
        return _say_confusion(result)
    if result.view == "mistakes":
        return _say_mistakes(result)
    return _say_curves(result)


def _say_curves(result):
    of = result.setting
    if result.diverged:
        return (
            f"Diverged in epoch {int(result.at[-1]) + 1}: at a rate of {of.rate:.2g} numbers left the "
            "range of floats. The weights are those before that step. Choose a smaller rate."
        )
    loss, right = result.losses[-1], result.accuracies[-1]
    new_loss, new_right = result.validation_losses[-1], result.validation_accuracies[-1]
    if result.done == 0:
        return (
            f"Before the first step, rate {of.rate:.2g}: the loss is {two_decimals(loss)}, and guessing "
            f"has ln 10 = 2.30. {whole_percent(new_right)} of the validation images are named rightly."
        )
    return (
        f"After {result.at[-1]:.3g} of {of.epochs} epochs at rate {of.rate:.2g}: loss {two_decimals(loss)} "
        f"on training images, {two_decimals(new_loss)} on validation images; right are "
        f"{whole_percent(right)} and {whole_percent(new_right)}. {_fitting(right, new_right)}"
    )


def _fitting(right, new_right):
    if right - new_right > 0.05:
        return "It knows its training images better than new ones: overfitting."
    if right < 0.75:
        return "Low on both: underfitting."
    return "Training and new images are close."


def _say_confusion(result):
    wrong = int((result.answers != result.labels).sum())
    label, called, times = result.confused_pairs(1)[0]
    return (
        f"{wrong} of {len(result.labels):,} validation images are named wrongly. The most common mistake, "
        f"{times} times: {CLASS_NAMES[label]} called {CLASS_NAMES[called]}."
    )


def _say_mistakes(result):
    wrong = result.answers != result.labels
    sure = int((result.probabilities.max(axis=1)[wrong] > 0.9).sum())
    if not wrong.any():
        return "No validation image is named wrongly."
    first = result.sure_mistakes(1)[0]
    return (
        f"Of {int(wrong.sum())} wrong answers the net gives {sure} more than 90 %. Surest, "
        f"{percent(result.probabilities[first].max())}: {CLASS_NAMES[result.labels[first]]} called "
        f"{CLASS_NAMES[result.answers[first]]}."
    )
