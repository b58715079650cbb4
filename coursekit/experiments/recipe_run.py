"""One training of a LeNet by a recipe, watched on images that it does not learn from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import numpy as np

from coursekit import nn
from coursekit.datasets import Dataset, fashion_mnist
from coursekit.nets.recipe import SCHEMES, Recipe, recipe_net
from coursekit.nn import checks
from coursekit.training import evaluate, fit

VALIDATION = 2000
LARGEST = 8000
PIECES_PER_EPOCH = 5
RECIPES = {
    "gluon": Recipe(scheme="normal_0.01", batch_norm=False, dropout=True, centre=False),
    "cs231n": Recipe(scheme="xavier_uniform"),
    "batch_norm_notes": Recipe(scheme="normal_0.01", centre=False),
}


@dataclass(frozen=True)
class RecipeRun:
    """One training, as far as it has come.

    Attributes
    ----------
    recipe : Recipe
    images, epochs, seed : int
        What it learns from, how often, and which start and order it drew.
    losses : ndarray, shape (P,)
        The mean loss of the mini-batches of each piece so far, five pieces an epoch.
    train, validation : ndarray, shape (E + 1,)
        The share of right answers before the first and after each of E epochs, on 1,000 of the images that
        it learns from and on 2,000 others.
    done : float
        The share of its steps that is taken, 0 to 1.
    diverged_at : int or None
        The step, counted from 1, at which numbers left the range of floats.
    sealed : float
        The share of right answers on the test images, for whoever opens them; nan until the end.
    """

    recipe: Recipe
    images: int
    epochs: int
    seed: int
    losses: np.ndarray
    train: np.ndarray
    validation: np.ndarray
    done: float
    diverged_at: int | None = None
    sealed: float = float("nan")

    @property
    def right(self) -> float:
        """The share of right answers on the validation images, now."""
        return float(self.validation[-1])


@lru_cache(maxsize=3)
def split(images: int) -> Dataset:
    """Return the images to learn from, and as x_test 2,000 for validation, then the 2,000 test images.

    The validation images are the last 2,000 of the shipped training images. All grey values are shifted
    and scaled alike, by the mean and the spread of those to learn from.

    Parameters
    ----------
    images : int
        How many to learn from, 1 to 8,000.
    """
    if checks.positive_int("images", images) > LARGEST:
        raise ValueError(f"images must be at most {LARGEST}, as 2,000 are kept apart; got {images}.")
    whole = fashion_mnist()
    return replace(
        whole,
        x_train=whole.x_train[:images],
        y_train=whole.y_train[:images],
        x_test=np.concatenate([whole.x_train[-VALIDATION:], whole.x_test]),
        y_test=np.concatenate([whole.y_train[-VALIDATION:], whole.y_test]),
    ).standardized()


def recipe_runs(recipe: Recipe, images: int, epochs: int, seed: int) -> Iterator[RecipeRun]:
    """Train by a recipe with plain gradient descent; yield the run at its start and five times an epoch.

    Parameters
    ----------
    recipe : Recipe
    images : int
        1 to 8,000.
    epochs : int
    seed : int
        Of the weights, the masks and the order of the images.
    """
    training = _Training(recipe, images, checks.positive_int("epochs", epochs), checks.whole("seed", seed))
    yield training.run()
    while not training.over:
        training.next_piece()
        yield training.run()


class _Training:
    """A net by a recipe, the images it learns from and is judged by, and how far it has come."""

    def __init__(self, recipe, images, epochs, seed):
        self._told = recipe, images, epochs, seed
        data = split(images)
        mean = data.x_train.mean(axis=0) if recipe.centre else np.float32(0)
        x, others = data.x_train - mean, data.x_test - mean
        self._seen = x[:1000], data.y_train[:1000]
        self._unseen = others[:VALIDATION], data.y_test[:VALIDATION]
        self._tested = others[VALIDATION:], data.y_test[VALIDATION:]
        self._net = recipe_net(recipe).initialize(SCHEMES[recipe.scheme], np.random.default_rng(seed))
        self._epoch = -(-images // recipe.batch_size)
        self._steps = epochs * self._epoch
        self._records = fit(
            self._net,
            x,
            data.y_train,
            nn.SGD(nn.cosine(recipe.rate, self._steps), weight_decay=recipe.weight_decay),
            epochs=epochs,
            batch_size=recipe.batch_size,
            rng=np.random.default_rng([seed, 1]),
        )
        self._losses, self._judged, self._taken, self._diverged_at = [], [], 0, None
        self._judge()

    @property
    def over(self):
        """Whether nothing is left to do."""
        return self._taken == self._steps or self._diverged_at is not None

    def next_piece(self):
        """Train for a fifth of an epoch; judge the net where an epoch ends."""
        epoch, place = divmod(self._taken, self._epoch)
        ends = [-(-self._epoch * k // PIECES_PER_EPOCH) for k in range(1, PIECES_PER_EPOCH + 1)]
        end = epoch * self._epoch + min(e for e in ends if e > place)
        losses = []
        for record in islice(self._records, end - self._taken):
            if record.diverged:
                self._diverged_at = record.step
                break
            losses.append(record.loss)
        self._taken = end
        self._losses.append(float(np.mean(losses)) if losses else float("inf"))
        if end % self._epoch == 0 or self.over:
            self._judge()

    def _judge(self):
        self._judged.append([evaluate(self._net, *some).right for some in (self._seen, self._unseen)])

    def run(self):
        """Return the run so far."""
        train, validation = np.array(self._judged).T
        sealed = evaluate(self._net, *self._tested).right if self.over else float("nan")
        done = 1.0 if self.over else self._taken / self._steps
        return RecipeRun(
            *self._told, np.array(self._losses), train, validation, done, self._diverged_at, sealed
        )


def last_run(recipe: Recipe, images: int, epochs: int, seed: int) -> RecipeRun:
    """Train by a recipe to the end, and return the finished run."""
    *_, last = recipe_runs(recipe, images, epochs, seed)
    return last
