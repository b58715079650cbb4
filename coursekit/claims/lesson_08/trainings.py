"""What lesson 08's claims share: a net of 50 units a layer, and short trainings of it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.datasets import Dataset, fashion_split
from coursekit.experiments.race import Lane, race, races
from coursekit.nets.deep import Norm, deep_net
from coursekit.nn.initializers import Scheme
from coursekit.training import evaluate

WIDTH, STEPS = 50, 100


def start(
    norm: Norm, seed: int, activation: str, depth: int, scheme: Scheme | None = None, **more: Any
) -> nn.Sequential:
    """Return an initialized net of 50 units a layer: He's rule under ReLU, else Xavier's."""
    scheme = scheme or ("he_normal" if activation == "relu" else "xavier_uniform")
    net = deep_net(activation, depth, WIDTH, norm=norm, **more)
    return net.initialize(scheme, np.random.default_rng(seed))


def run(
    norm: Norm,
    seed: int,
    *,
    rate: float = 0.1,
    activation: str = "relu",
    depth: int = 5,
    steps: int = STEPS,
    every: int = STEPS,
    **more: Any,
) -> Lane:
    """Train one net on 4,000 images in mini-batches of 128; judge it on 1,000 others."""
    net = start(norm, seed, activation, depth, **more)
    return race({"": net}, fashion_split(), rate, steps=steps, seed=seed, every=every).lanes[0]


def settled(norm: Norm, seed: int, **more: Any) -> float:
    """Return the test accuracy of a run's second half: the mean of what was seen every 20 of 200 steps."""
    return run(norm, seed, steps=200, every=20, **more).accuracies[-5:].mean()


def judged_twice(
    norm: Norm, seed: int, rate: float, *, activation: str = "relu", **more: Any
) -> np.ndarray:
    """Return the accuracy on a validation half and on another half of 2,000 unseen images.

    Five layers, 200 steps; the mean of what is seen after 120, 160 and 200 of them.
    """
    split = fashion_split(4000, 2000)
    choosing = Dataset(split.x_train, split.y_train, split.x_test[:1000], split.y_test[:1000])
    net, seen = start(norm, seed, activation, 5, **more), []
    for state in races({"": net}, choosing, rate, steps=200, seed=seed, every=40):
        if state.done > 0.5:
            other = evaluate(net, split.x_test[1000:], split.y_test[1000:])
            seen.append((state.lanes[0].accuracies[-1], other.right))
    return np.mean(seen, axis=0)


@lru_cache(maxsize=64)
def at_its_best_rate(norm: Norm, seed: int, rates: tuple[float, ...], **more: Any) -> float:
    """Return the accuracy at the rate that does best on the validation half, judged on the other half.

    nan if that is the first or the last rate: then the grid may not hold the best one.
    """
    found = np.array([judged_twice(norm, seed, rate, **more) for rate in rates])
    best = found[:, 0].argmax()
    return float(found[best, 1]) if 0 < best < len(rates) - 1 else np.nan


@lru_cache(maxsize=32)
def along_training(
    measure: Callable[[nn.Sequential, np.ndarray, np.ndarray, float], Any],
    seed: int,
    *,
    activation: str = "relu",
    rate: float = 0.1,
    steps: tuple[int, ...] = (0, 10, 30, 60, 100),
) -> tuple[list, ...]:
    """Return what `measure(net, x, labels, rate)` gives along training, without and with batch norm."""
    split = fashion_split()
    found = []
    for norm in (None, nn.BatchNorm):
        net = start(norm, seed, activation, 5)
        net.forward(split.x_train[:2])
        values = []
        for number, before in enumerate(steps):
            if number:
                gone = before - steps[number - 1]
                race({"": net}, split, rate, steps=gone, seed=seed + number, every=gone)
            values.append(measure(net, split.x_train[:256], split.y_train[:256], rate))
        found.append(values)
    return tuple(found)
