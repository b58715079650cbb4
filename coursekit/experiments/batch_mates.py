"""A net with one layer at fault: what it says of a shirt changes with the other images of the batch."""

from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.experiments.photographs import Photographs
from coursekit.nets import Centring
from coursekit.nn import checks
from coursekit.training import fit

COAT, SHIRT, MATES, PICTURED = 4, 6, 99, 6


@dataclass(frozen=True)
class BatchMates:
    """One photograph of a shirt, alone and at the head of a batch of coats.

    Attributes
    ----------
    alone, beside : ndarray, shapes (1, 784) and (100, 784)
        The shirt, and the shirt with 99 coats behind it.
    said_alone, said_beside : str
        The class that the net gives the shirt in each.
    changed, shirts : int
        How many of the shirts that the net has not learned from change their class so, and of how many.
    """

    alone: np.ndarray
    beside: np.ndarray
    said_alone: str
    said_beside: str
    changed: int
    shirts: int

    def pictured(self) -> Photographs:
        """Return the shirt and five of its neighbours."""
        images = self.beside[:PICTURED].reshape(PICTURED, 28, 28)
        images = (images - images.min()) / np.ptp(images)
        names = "a shirt", *["a coat"] * (PICTURED - 1)
        return Photographs(images, None, names, "The shirt, and five of its 99 neighbours")


def shirt_among_coats(seed: int = 2) -> BatchMates:
    """Train a net whose first layer subtracts the mean of the whole batch, and show it shirts both ways.

    Of the shirts that change, the first that is a coat beside coats is taken; without one, the first.

    Raises
    ------
    TypeError, ValueError
        If the seed is no whole number from 0 on.
    """
    if checks.whole("seed", seed) < 0:
        raise ValueError(f"seed must not be negative; got {seed}.")
    data, rng = fashion_split(4000, 500), np.random.default_rng(seed)
    net = nn.Sequential(Centring("batch"), nn.Dense(64), nn.ReLU(), nn.Dense(10))
    net.initialize("he_normal", rng)
    for _ in fit(net, data.x_train, data.y_train, nn.SGD(0.1), epochs=2, batch_size=50, rng=rng):
        pass
    coats, shirts = data.x_train[data.y_train == COAT][:MATES], data.x_test[data.y_test == SHIRT]
    pairs = [(shirt[None], np.stack([shirt, *coats])) for shirt in shirts]
    said = np.array([[net.forward(batch)[0].argmax() for batch in pair] for pair in pairs])
    chosen = int(((said == (SHIRT, COAT)).all(axis=1) * 2 + (said[:, 0] != said[:, 1])).argmax())
    alone, beside = pairs[chosen]
    said_alone, said_beside = (data.class_names[label] for label in said[chosen])
    changed = int((said[:, 0] != said[:, 1]).sum())
    return BatchMates(alone, beside, said_alone, said_beside, changed, len(shirts))
