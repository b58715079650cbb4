"""Training and validation loss of a net, with weight decay and dropout, pass by pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import Dataset, fashion_mnist
from coursekit.nn import checks
from coursekit.training import evaluate, fit
from coursekit.words import number, whole_percent

PASSES, BATCH, RATE = 40, 32, 0.1
VALIDATION = 1000


@dataclass(frozen=True)
class Run:
    """One net's way: how it did before the first pass and after each.

    Attributes
    ----------
    training, validation : ndarray, shape (T + 1,)
        Mean cross-entropy in use, on the training and on the validation images.
    right_training, right : ndarray, shape (T + 1,)
        Shares of right answers on the two.
    """

    training: np.ndarray
    validation: np.ndarray
    right_training: np.ndarray
    right: np.ndarray

    @property
    def gap(self) -> float:
        """Validation loss minus training loss, after the last pass."""
        return float(self.validation[-1] - self.training[-1])

    @property
    def best(self) -> int:
        """After which pass the validation loss was lowest: where early stopping would stop."""
        return int(np.nanargmin(self.validation)) if np.isfinite(self.validation).any() else 0


@dataclass(frozen=True)
class Overfitting:
    """A net as chosen, and the same net without weight decay and dropout beside it.

    Attributes
    ----------
    chosen, plain : Run
        One and the same where nothing is asked for.
    images : int
        How many there are to learn from.
    weights : int
        How many weights and biases the net has.
    decay, p : float
        λ, and the probability of dropping.
    done : float
        Share of the passes that is run, 0 to 1.
    """

    chosen: Run
    plain: Run
    images: int
    weights: int
    decay: float
    p: float
    done: float

    @property
    def regularized(self) -> bool:
        """Whether weight decay or dropout is on."""
        return bool(self.decay or self.p)


@lru_cache(maxsize=8)
def split(images: int) -> Dataset:
    """Return the first training images and, in the place of test images, 1,000 others for validation.

    The validation images are the last of the shipped training part; the test part stays untouched.
    """
    if checks.positive_int("images", images) > 9000:
        raise ValueError(f"images must be at most 9,000, as 1,000 are for validation; got {images}.")
    data = fashion_mnist().flat()
    x, y = data.x_train, data.y_train
    held = slice(len(x) - VALIDATION, None)
    return Dataset(x[:images], y[:images], x[held], y[held]).standardized()


def regularized_net(
    width: int, p1: float = 0.0, p2: float = 0.0, norm: str = "none", seed: int = 0
) -> nn.Sequential:
    """Return a net 784-width-width-10, ReLU, from He's start, dropout p1 and p2 behind its hidden layers.

    Parameters
    ----------
    norm : {"none", "before", "behind"}
        Where a batch norm stands: before each ReLU, or behind each dropout.
    """
    norm = checks.one_of("norm", norm, ("none", "before", "behind"))
    layers: list[nn.Block] = []
    for p in (p1, p2):
        layers += [nn.Dense(checks.positive_int("width", width))]
        layers += [nn.BatchNorm()] if norm == "before" else []
        layers += [nn.ReLU(), nn.Dropout(p)]
        layers += [nn.BatchNorm()] if norm == "behind" else []
    return nn.Sequential(*layers, nn.Dense(10)).initialize("he_normal", np.random.default_rng(seed))


def overfit(
    width: int, decay: float, p: float, images: int, seed: int = 0, passes: int = PASSES
) -> Iterator[Overfitting]:
    """Train the chosen net and the plain one, and yield how they do after every pass.

    Mini-batches of 32 in the same order for both, rate 0.1.

    Parameters
    ----------
    width : int
        Units in each of the two hidden layers.
    decay : float
        λ.
    p : float
        Probability of dropping, behind both layers.
    images : int
        How many there are to learn from.
    seed : int
        Of the start, the order and the masks.
    passes : int
    """
    passes, data = checks.positive_int("passes", passes), split(images)
    chosen = _Runner(width, decay, p, data, seed)
    regularized = bool(decay or p)
    plain = _Runner(width, 0.0, 0.0, data, seed) if regularized else chosen
    for number_of in range(passes + 1):
        if number_of:
            chosen.run()
        if number_of and regularized:
            plain.run()
        yield Overfitting(
            chosen.report(), plain.report(), images, chosen.weights, decay, p, number_of / passes
        )


class _Runner:
    """One net on its way."""

    def __init__(self, width, decay, p, data, seed):
        self._net, self._data = regularized_net(width, p, p, seed=seed), data
        self._optimizer = nn.SGD(RATE, weight_decay=checks.finite("decay", decay, low=0))
        self._rng, self._broken, self._seen = np.random.default_rng([seed, 1]), False, []
        self._net.forward(data.x_train[:1])  # now sizes are known
        self.weights = sum(values.size for values in self._net.params.values())
        self._judge()

    def run(self):
        """Take a pass over the images, unless numbers have left the range of floats."""
        x, y = self._data.x_train, self._data.y_train
        if not self._broken:
            steps = fit(self._net, x, y, self._optimizer, epochs=1, batch_size=BATCH, rng=self._rng)
            self._broken = any([record.diverged for record in steps])
        self._judge()

    def _judge(self):
        data = self._data
        on = evaluate(self._net, data.x_train, data.y_train)
        off = evaluate(self._net, data.x_test, data.y_test)
        bad = np.nan if self._broken else 1.0
        self._seen.append((bad * on.loss, bad * off.loss, on.right, off.right))

    def report(self):
        return Run(*np.array(self._seen).T)


def diagnose_overfitting(result: Overfitting) -> str:
    """Say how far training and validation have come apart, and where one should have stopped."""
    run = result.chosen
    if result.done == 0:
        return (
            f"{result.weights:,} weights, {result.images:,} images: nothing is learned yet; both losses "
            f"stand at {number(run.training[0])} and {number(run.validation[0])}."
        )
    passes = len(run.training) - 1
    if not np.isfinite(run.training[-1]):
        lost = int(np.flatnonzero(~np.isfinite(run.training))[0])
        return f"The net diverged in pass {lost}: {_cause(result)}."
    text = (
        f"After {_passes(passes)}, {result.weights:,} weights on {result.images:,} images: training loss "
        f"{number(run.training[-1])}, validation loss {number(run.validation[-1])}, gap {number(run.gap)}; "
        f"{whole_percent(run.right[-1])} of the validation images right. "
    )
    text += f"Lowest validation loss {number(run.validation[run.best])} after {_passes(run.best)}."
    if result.regularized:
        text += f" Without λ and p the gap is {number(result.plain.gap)}."
    return text


def _cause(result):
    """Say why the chosen net diverged; the plain one, on the same mini-batches, tells what it was not."""
    if not np.isfinite(result.plain.training[-1]):
        return "the rate is too large, even without λ and p"
    if not result.p or RATE * result.decay >= 1:  # a step would turn every weight round
        return "this λ is too large for the rate"
    return (
        f"at this p the outputs are too loud for the rate; those that are left are divided by "
        f"{1 - result.p:.1f}"
    )


def _passes(count):
    return "1 pass" if count == 1 else f"{count} passes"
