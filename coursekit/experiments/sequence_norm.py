"""Sequences of unequal length, recurrent nets that read them, and the statistics of each time step."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.nets.reader import Reader, sequences
from coursekit.nn import checks
from coursekit.training import fit
from coursekit.words import whole_percent

LONGEST = 14
SHORT, LONG = (4, 5, 6, 7), (11, 12, 13, 14)
UNITS, RATE, STEPS = 32, 0.1, 250
NORMS = {"no norm": None, "batch norm": "batch", "layer norm": "layer"}


@dataclass(frozen=True)
class SequenceReport:
    """What unequal lengths do to statistics and to errors.

    Attributes
    ----------
    batch_size : int
    share_long : float
        Share of the training sequences with 11 to 14 steps; the others have 4 to 7.
    step : int
        The time step that is looked at, counted from 1.
    alive : ndarray, shape (14,)
        How many sequences of a batch have that step, on average.
    noise : ndarray, shape (14,)
        How far a batch's mean at that step lies from the mean of all such sequences, in spreads; nan
        where there are none.
    alone : ndarray, shape (14,)
        Share of the batches with a single sequence, or none, at that step.
    example : ndarray of int, shape (batch_size,)
        The lengths of the sequences of one batch, longest first: the batch with the most usual number of
        long ones.
    lengths : ndarray, shape (8,)
    names : tuple of str
    errors : ndarray, shape (2, 8)
        Share of wrong answers of batch norm and layer norm on test sequences of each length.
    """

    batch_size: int
    share_long: float
    step: int
    alive: np.ndarray
    noise: np.ndarray
    alone: np.ndarray
    example: np.ndarray
    lengths: np.ndarray
    names: tuple[str, ...]
    errors: np.ndarray

    @property
    def left(self) -> int:
        """How many sequences of the example still have the step that is looked at."""
        return int((self.example >= self.step).sum())


def draw_lengths(n: int, share_long: float, rng: np.random.Generator) -> np.ndarray:
    """Return n lengths: 11 to 14 steps with probability `share_long`, else 4 to 7."""
    share = checks.finite("share_long", share_long, low=0, high=1)
    is_long = checks.generator(rng).random(checks.positive_int("n", n)) < share
    return np.where(is_long, rng.choice(LONG, n), rng.choice(SHORT, n))


def image_sequences(images: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return images as sequences of rows, (N, 14, 28): an image of length L gives L rows, evenly spaced.

    Every length shows the whole image, from its top to its bottom row; what follows is padding, 0.
    """
    rows = checks.float_array("images", images, ndim=2).reshape(len(images), 28, 28)
    x = np.zeros((len(images), LONGEST, 28), rows.dtype)
    for length in np.unique(lengths):
        at = np.linspace(0, 27, length).round().astype(int)
        who = np.flatnonzero(lengths == length)
        x[who, :length] = rows[np.ix_(who, at)]
    return x


def train_reader(
    name: str, batch_size: int, share_long: float, seed: int, steps: int = STEPS, rate: float = RATE
) -> Reader:
    """Return a reader after `steps` steps of gradient descent on 4,000 images as sequences."""
    split, rng = fashion_split(), np.random.default_rng(seed)
    lengths = draw_lengths(len(split.x_train), share_long, rng)
    x = sequences(image_sequences(split.x_train, lengths), lengths)
    reader = Reader(UNITS, NORMS[checks.one_of("name", name, tuple(NORMS))])
    reader.initialize("xavier_uniform", rng).forward(x[:1])  # the weights are drawn before the samples
    how: dict[str, Any] = {"epochs": steps, "batch_size": batch_size, "rng": rng, "replacement": True}
    for _ in islice(fit(reader, x, split.y_train, nn.SGD(rate), **how), steps):
        pass
    return reader


@lru_cache(maxsize=256)
def errors_by_length(
    name: str, batch_size: int, share_long: float, seed: int, steps: int = STEPS, rate: float = RATE
) -> tuple[float, ...]:
    """Return the share of wrong answers on 500 test images shown in 4, 5, 6, 7, 11, 12, 13, 14 rows."""
    split = fashion_split()
    images, labels = split.x_test[:500], split.y_test[:500]
    reader = train_reader(name, batch_size, share_long, seed, steps, rate)
    wrong = []
    for length in SHORT + LONG:
        lengths = np.full(len(images), length)
        logits = reader.forward(sequences(image_sequences(images, lengths), lengths))
        wrong.append(float((logits.argmax(axis=1) != labels).mean()))
    return tuple(wrong)


@lru_cache(maxsize=64)
def step_statistics(
    batch_size: int, share_long: float, seed: int, batches: int = 200
) -> tuple[np.ndarray, ...]:
    """Return `alive`, `noise`, `alone` and `example` of a `SequenceReport`.

    They are those of an untrained layer without a norm.
    """
    split, rng = fashion_split(), np.random.default_rng(seed)
    lengths = draw_lengths(1000, share_long, rng)
    x = image_sequences(split.x_train[:1000], lengths)
    rnn = nn.SimpleRNN(UNITS).initialize("xavier_uniform", rng)
    rnn.forward(x[:1])  # its sizes are known from here on
    members = rng.integers(len(x), size=(batches, batch_size))
    alive, noise, alone = np.zeros(LONGEST), np.full(LONGEST, np.nan), np.zeros(LONGEST)
    h = np.zeros((len(x), UNITS), x.dtype)
    for t in range(LONGEST):
        a = x[:, t] @ rnn.params["Wx"] + h @ rnn.params["Wh"] + rnn.params["b"]
        h = np.tanh(a)  # of ended sequences too, which count for nothing below
        there = lengths > t
        count = there[members].sum(axis=1)
        alive[t], alone[t] = count.mean(), (count < 2).mean()
        if (count > 0).sum() > 1:
            sums = np.einsum("bn,bnk->bk", there[members].astype(a.dtype), a[members])
            means = sums[count > 0] / count[count > 0, None]
            noise[t] = (means.std(axis=0) / a[there].std(axis=0)).mean()
    return alive, noise, alone, _usual(lengths[members])


def _usual(batches):
    """Return the lengths, longest first, of a batch with the most usual number of long ones."""
    long_ones = (batches >= LONG[0]).sum(axis=1)
    usual = np.bincount(long_ones).argmax()
    return np.sort(batches[np.flatnonzero(long_ones == usual)[0]])[::-1]


def sequence_report(batch_size: int, share_long: float, seed: int, step: int) -> SequenceReport:
    """Measure the statistics of every time step, and the errors of two trained readers by length."""
    names = ("batch norm", "layer norm")
    errors = np.array([errors_by_length(name, batch_size, share_long, seed) for name in names])
    alive, noise, alone, usual = step_statistics(batch_size, share_long, seed)
    lengths = np.array(SHORT + LONG)
    return SequenceReport(batch_size, share_long, step, alive, noise, alone, usual, lengths, names, errors)


def diagnose_sequences(result: SequenceReport) -> str:
    """Say how many sequences carry the statistic of the chosen step, and who errs on long ones."""
    at = result.step - 1
    alive, alone = result.alive[at], result.alone[at]
    text = f"Step {result.step}: on average {alive:.1f} of {result.batch_size} sequences are still there"
    noise = result.noise[at]
    text += f", their mean is off by {noise:.2f} spreads" if np.isfinite(noise) else ""
    text += f", and {whole_percent(alone)} of the batches have one or none" if alone >= 0.005 else ""
    few = len(SHORT)
    shorts, longs = result.errors[:, :few].mean(axis=1), result.errors[:, few:].mean(axis=1)
    wrong = "; ".join(
        f"{name} {whole_percent(long)} on long, {whole_percent(short)} on short sequences"
        for name, short, long in zip(result.names, shorts, longs, strict=True)
    )
    return f"{text}. Wrong answers: {wrong}."
