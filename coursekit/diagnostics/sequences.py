"""Sequences of unequal length, recurrent nets that read them, and the statistics of each time step."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.nn import checks

LONGEST = 14
SHORT, LONG = (4, 5, 6, 7), (11, 12, 13, 14)
UNITS, RATE, STEPS = 32, 0.1, 250
NORMS = {"no norm": None, "batch norm": "batch", "layer norm": "layer"}


@dataclass(frozen=True)
class Reader:
    """A recurrent layer and the dense layer that reads its last state."""

    rnn: nn.SimpleRNN
    head: nn.Dense

    def logits(self, x: np.ndarray, lengths: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return the scores, (N, 10), of sequences x, (N, T, 28), with `lengths` steps each."""
        return self.head.forward(self.rnn.forward(x, training=training, lengths=lengths), training=training)

    def backward(self, dlogits: np.ndarray) -> None:
        """Fill the gradients of both layers."""
        self.rnn.backward(self.head.backward(dlogits))


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
    lengths: np.ndarray
    names: tuple[str, ...]
    errors: np.ndarray


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


def train_reader(name: str, batch_size: int, share_long: float, seed: int, steps: int = STEPS) -> Reader:
    """Return a reader after `steps` steps of gradient descent on 4,000 images as sequences."""
    split, rng = fashion_split(), np.random.default_rng(seed)
    lengths = draw_lengths(len(split.x), share_long, rng)
    x = image_sequences(split.x, lengths)
    rnn = nn.SimpleRNN(UNITS, norm=NORMS[checks.one_of("name", name, tuple(NORMS))])
    reader = Reader(rnn.initialize("xavier_uniform", rng), nn.Dense(10).initialize("xavier_uniform", rng))
    optimizer = nn.SGD(RATE)
    for _ in range(steps):
        chosen = rng.integers(len(x), size=batch_size)
        logits = reader.logits(x[chosen], lengths[chosen], training=True)
        _, dlogits = nn.softmax_cross_entropy(logits, split.labels[chosen])
        reader.backward(dlogits)
        optimizer.step(reader.rnn)
        optimizer.step(reader.head)
    return reader


@lru_cache(maxsize=256)
def errors_by_length(
    name: str, batch_size: int, share_long: float, seed: int, steps: int = STEPS
) -> tuple[float, ...]:
    """Return the share of wrong answers on 500 test images shown in 4, 5, 6, 7, 11, 12, 13, 14 rows."""
    split = fashion_split()
    images, labels = split.x_test[:500], split.labels_test[:500]
    reader = train_reader(name, batch_size, share_long, seed, steps)
    wrong = []
    for length in SHORT + LONG:
        lengths = np.full(len(images), length)
        logits = reader.logits(image_sequences(images, lengths), lengths)
        wrong.append(float((logits.argmax(axis=1) != labels).mean()))
    return tuple(wrong)


@lru_cache(maxsize=64)
def step_statistics(
    batch_size: int, share_long: float, seed: int, batches: int = 200
) -> tuple[np.ndarray, ...]:
    """Return `alive`, `noise` and `alone` of a `SequenceReport`, from an untrained layer without a norm."""
    split, rng = fashion_split(), np.random.default_rng(seed)
    lengths = draw_lengths(1000, share_long, rng)
    x = image_sequences(split.x[:1000], lengths)
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
    return alive, noise, alone


def sequence_report(batch_size: int, share_long: float, seed: int, step: int) -> SequenceReport:
    """Measure the statistics of every time step, and the errors of two trained readers by length."""
    names = ("batch norm", "layer norm")
    errors = np.array([errors_by_length(name, batch_size, share_long, seed) for name in names])
    return SequenceReport(
        batch_size, share_long, step, *step_statistics(batch_size, share_long, seed),
        np.array(SHORT + LONG), names, errors,
    )  # fmt: skip


def diagnose_sequences(result: SequenceReport) -> str:
    """Say how many sequences carry the statistic of the chosen step, and who errs on long ones."""
    at = result.step - 1
    alive, alone = result.alive[at], result.alone[at]
    text = f"Step {result.step}: {alive:.1f} of {result.batch_size} sequences are still there"
    noise = result.noise[at]
    text += f", their mean is off by {noise:.2f} spreads" if np.isfinite(noise) else ""
    text += f", and {100 * alone:.0f} % of the batches have one or none" if alone >= 0.005 else ""
    few = len(SHORT)
    shorts, longs = result.errors[:, :few].mean(axis=1), result.errors[:, few:].mean(axis=1)
    wrong = "; ".join(
        f"{name} {100 * long:.0f} % on long, {100 * short:.0f} % on short sequences"
        for name, short, long in zip(result.names, shorts, longs, strict=True)
    )
    return f"{text}. Wrong answers: {wrong}."
