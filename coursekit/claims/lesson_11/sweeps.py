"""The sweep of lesson 11: an MLP and a small CNN on photographs, and on such with shuffled pixels."""

from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.claims.sweeps import Plan
from coursekit.datasets import Dataset, fashion_split
from coursekit.nets import deep_net, small_cnn
from coursekit.training import evaluate, fit

EPOCHS, BATCH = 4, 32
# net, whether the pixels of all images are shuffled, whether the training images are asked about
SERIES = {
    "MLP": ("MLP", False, False),
    "MLP, shuffled": ("MLP", True, False),
    "CNN": ("CNN", False, False),
    "CNN, shuffled": ("CNN", True, False),
    "MLP, training images": ("MLP", False, True),
    "CNN, training images": ("CNN", False, True),
}


def shuffled(data: Dataset, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return training and test images with their pixels in one new order, the same for all images."""
    order = np.random.default_rng([seed, 11]).permutation(data.x_train[0].size)
    return tuple(x.reshape(len(x), -1)[:, order].reshape(x.shape) for x in (data.x_train, data.x_test))  # type: ignore[return-value]


@lru_cache(maxsize=64)
def accuracies(kind: str, shuffle: bool, rate: float, seed: int) -> tuple[float, float]:
    """Return the accuracy on training and on test images after `EPOCHS` passes over 10,000 images.

    SGD with momentum 0.9 in batches of `BATCH`; the last pass is made with a tenth of the rate.
    """
    data = fashion_split(10_000, 2000, flat=False)
    x_train, x_test = shuffled(data, seed) if shuffle else (data.x_train, data.x_test)
    rng = np.random.default_rng(seed)
    net = small_cnn() if kind == "CNN" else nn.Sequential(nn.Flatten(), *deep_net("relu", 1, 256).layers)
    net.initialize("he_normal", rng)
    falling = nn.schedules.step_decay(rate, 0.1, (EPOCHS - 1) * -(-len(x_train) // BATCH))
    optimizer = nn.SGD(falling, momentum=0.9)
    for _ in fit(net, x_train, data.y_train, optimizer, epochs=EPOCHS, batch_size=BATCH, rng=rng):
        pass
    return evaluate(net, x_train, data.y_train).right, evaluate(net, x_test, data.y_test).right


def accuracy(name: str, rate: float, seed: int) -> float:
    """Return the accuracy of a series."""
    kind, shuffle, training = SERIES[name]
    train, test = accuracies(kind, shuffle, rate, seed)
    return train if training else test


SHUFFLE = Plan(
    "shuffle",
    "11",
    "What if all pixels are shuffled?",
    "learning rate η",
    "accuracy",
    (0.003, 0.01, 0.03),
    tuple(SERIES),
    accuracy,
    (0, 1, 2, 3, 4),
    0.02,
    sample=1,
)
