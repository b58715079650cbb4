"""Several nets trained side by side on the same mini-batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from coursekit import nn
from coursekit.datasets import Dataset, fashion_split
from coursekit.nets import deep_net, noisy_batch_norm
from coursekit.nets.deep import Norm
from coursekit.nn import checks
from coursekit.training import evaluate, fit
from coursekit.words import number, whole_percent

EVERY = 10
WIDTH = 50


@dataclass(frozen=True)
class Lane:
    """How one net fared.

    Attributes
    ----------
    name : str
    losses : ndarray, shape (T,)
        Mean cross-entropy of each step's mini-batch, before the step, for the T steps taken so far.
    at, accuracies : ndarray, shape (E,)
        After how many steps the net was judged, and its share of right answers, in predict mode.
    diverged_at : int or None
        The step, counted from 1, at which numbers left the range of floats.
    """

    name: str
    losses: np.ndarray
    at: np.ndarray
    accuracies: np.ndarray
    diverged_at: int | None = None

    @property
    def last_loss(self) -> float:
        """The mean loss of the last ten steps; inf if it diverged, nan before the first step."""
        if self.diverged_at is not None:
            return np.inf
        return float(self.losses[-10:].mean()) if self.losses.size else np.nan


@dataclass(frozen=True)
class Race:
    """All lanes, as far as they have come.

    Attributes
    ----------
    lanes : tuple of Lane
    steps : int
        How many steps the race has in all.
    done : float
        Share of them that is run, 0 to 1.
    classes : int
        How many there are to choose from.
    """

    lanes: tuple[Lane, ...]
    steps: int
    done: float
    classes: int = 10

    @property
    def guessing(self) -> float:
        """The loss of a net that knows nothing: ln(classes), in nats."""
        return float(np.log(self.classes))


def race(nets: dict[str, nn.Sequential], samples: Dataset, rate: float, **more: int) -> Race:
    """Run the whole race: `races` to its end."""
    *_, last = races(nets, samples, rate, **more)
    return last


def races(
    nets: dict[str, nn.Sequential],
    samples: Dataset,
    rate: float,
    *,
    steps: int,
    batch_size: int = 128,
    seed: int = 0,
    every: int = EVERY,
) -> Iterator[Race]:
    """Train the nets by plain gradient descent, and yield the race after every `every` steps.

    Parameters
    ----------
    nets : dict of str to Sequential
        Initialized; trained in place.
    samples : Dataset
        What to learn from, and what to be judged by.
    rate : float
        The learning rate.
    steps, batch_size : int
    seed : int
        Of the order of the samples: every net sees the same mini-batches.
    """
    rate = checks.finite("rate", rate, low=0)
    steps, every = checks.positive_int("steps", steps), checks.positive_int("every", every)
    runners = [_Runner(name, net, samples, rate, batch_size, seed) for name, net in nets.items()]
    classes = int(max(samples.y_train.max(), samples.y_test.max())) + 1
    yield Race(tuple(runner.lane() for runner in runners), steps, 0.0, classes)
    for start in range(0, steps, every):
        more = min(every, steps - start)
        for runner in runners:
            runner.run(more)
        yield Race(tuple(runner.lane() for runner in runners), steps, (start + more) / steps, classes)


def norm_race(
    rate: float,
    sigma: float,
    depth: int,
    steps: int,
    seed: int,
    activation: str,
    placement: str,
    noise: bool = False,
) -> Iterator[Race]:
    """Yield the race of a net without batch norm against one with it, weights from N(0, σ²) in both.

    Parameters
    ----------
    rate, sigma : float
        The learning rate, and the spread of the weights at the start.
    depth, steps, seed : int
    activation, placement : str
        See `nets.deep_net`.
    noise : bool
        Whether a third lane has noise behind each batch norm (`nets.ShiftingNoise`).
    """
    norms: dict[str, Norm] = {"without batch norm": None, "with batch norm": nn.BatchNorm}
    if noise:
        rng = np.random.default_rng([seed, 2])
        norms["noise after it"] = lambda: noisy_batch_norm(rng)
    nets = {
        name: deep_net(activation, depth, WIDTH, norm=norm, placement=placement).initialize(
            nn.initializers.normal(sigma), np.random.default_rng(seed)
        )
        for name, norm in norms.items()
    }
    yield from races(nets, fashion_split(4000, 500), rate, steps=steps, seed=seed)


class _Runner:
    """One net on its way."""

    def __init__(self, name, net, samples, rate, batch_size, seed):
        self._name, self._net, self._samples = name, net, samples
        self._records = fit(
            net,
            samples.x_train,
            samples.y_train,
            nn.SGD(rate),
            epochs=1_000_000,
            batch_size=batch_size,
            rng=np.random.default_rng(seed),
        )
        self._losses, self._at, self._accuracies, self._diverged_at = [], [], [], None
        self._judge()

    def run(self, steps):
        if self._diverged_at is not None:
            return
        for record in islice(self._records, steps):
            if record.diverged:
                self._diverged_at = record.step
                return
            self._losses.append(record.loss)
        self._judge()

    def _judge(self):
        self._at.append(len(self._losses))
        judged = evaluate(self._net, self._samples.x_test, self._samples.y_test)
        self._accuracies.append(judged.accuracy)

    def lane(self):
        losses, at, accuracies = map(np.array, (self._losses, self._at, self._accuracies))
        return Lane(self._name, losses, at, accuracies, self._diverged_at)


def diagnose_race(race: Race) -> str:
    """Say how far each lane has come, with its own numbers."""
    if race.done == 0:
        return f"Press Play for {race.steps} steps. At the start: " + _sentence(
            f"{lane.name} {_right(lane)}" for lane in race.lanes
        )
    after = round(race.done * race.steps)
    return f"After {after} steps: " + _sentence(_fate(lane, race) for lane in race.lanes)


def _fate(lane, race):
    if lane.diverged_at is not None:
        return f"{lane.name} it diverged at step {lane.diverged_at}"
    if lane.last_loss > 1.5 * race.guessing:
        return f"{lane.name} the loss is thrown up to {number(lane.last_loss)}, {_right(lane)}"
    better = lane.last_loss < 0.955 * race.guessing or lane.accuracies[-1] > 2 / race.classes
    learned = "" if better else ", nothing learned"
    return f"{lane.name} loss {number(lane.last_loss)}, {_right(lane)}{learned}"


def _right(lane):
    return f"{whole_percent(lane.accuracies[-1])} right"


def _sentence(parts):
    return "; ".join(parts) + "."
