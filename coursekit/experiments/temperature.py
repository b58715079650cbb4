"""The scores of a trained net, divided by a temperature: what moves, and what cannot."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.nn import checks, softmax, softmax_cross_entropy
from coursekit.training import fit
from coursekit.words import percent, two_decimals

PASSES = (1, 10, 40)
IMAGES = ("new", "training")
TRAIN, TEST, UNITS, RATE, MOMENTUM, BATCH = 1000, 2000, 100, 0.02, 0.9, 50
TEMPERATURES = np.geomspace(0.1, 10, 81)
EDGES = np.linspace(0, 1, 11)


@dataclass(frozen=True)
class Tempered:
    """How sure a net is at a temperature, and how often it is right.

    Attributes
    ----------
    temperature : float
        T, by which all scores are divided.
    passes : int
        How often the net saw its 1,000 training images.
    images : str
        Whether it is judged on "new" images or on those of its "training".
    accuracy, loss : float
        At this temperature.
    temperatures, losses : ndarray, shape (81,)
        The loss over T.
    edges : ndarray, shape (11,)
        Of the bins of confidence, which is an image's largest probability.
    counts, confidence, right : ndarray, shape (10,)
        Of each bin: its images, their mean confidence, and the share named rightly; nan where it is empty.
    """

    temperature: float
    passes: int
    images: str
    accuracy: float
    loss: float
    temperatures: np.ndarray
    losses: np.ndarray
    edges: np.ndarray
    counts: np.ndarray
    confidence: np.ndarray
    right: np.ndarray

    @property
    def best(self) -> tuple[float, float]:
        """The temperature with the smallest loss, of those drawn, and that loss."""
        k = int(np.argmin(self.losses))
        return float(self.temperatures[k]), float(self.losses[k])

    @property
    def mean_confidence(self) -> float:
        """Of all images."""
        filled = self.counts > 0
        return float(np.average(self.confidence[filled], weights=self.counts[filled]))


@lru_cache(maxsize=16)
def trained_scores(passes: int, seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return scores and labels of new images and of the training images, after that many passes.

    The net is 784-100-10 with ReLU, He's start, gradient descent with momentum; each is trained once.
    """
    split, rng = fashion_split(TRAIN, TEST), np.random.default_rng(seed)
    net = nn.Sequential(nn.Dense(UNITS), nn.ReLU(), nn.Dense(10)).initialize("he_normal", rng)
    optimizer = nn.SGD(RATE, momentum=MOMENTUM)
    for _ in fit(net, split.x_train, split.y_train, optimizer, epochs=passes, batch_size=BATCH, rng=rng):
        pass
    return {
        "new": (net.forward(split.x_test), split.y_test),
        "training": (net.forward(split.x_train), split.y_train),
    }


@lru_cache(maxsize=64)
def loss_curve(passes: int, seed: int, images: str) -> np.ndarray:
    """Return the loss at each of `TEMPERATURES`."""
    z, labels = trained_scores(passes, seed)[images]
    return np.array([_loss(z, labels, t) for t in TEMPERATURES])


def _loss(z, labels, temperature):
    return softmax_cross_entropy(z / z.dtype.type(temperature), labels)[0]


def temper(temperature: float, passes: int = 40, seed: int = 0, images: str = "new") -> Tempered:
    """Divide the scores of a trained net by T, and judge it.

    Raises
    ------
    TypeError, ValueError
        If T is not above 0, passes no whole number of at least 1, or images none of `IMAGES`.
    """
    temperature = checks.positive("temperature", temperature, "scores would be divided by 0")
    checks.one_of("images", images, IMAGES)
    z, labels = trained_scores(checks.positive_int("passes", passes), seed)[images]
    p = softmax(z / z.dtype.type(temperature))
    sure, hit = p.max(axis=1).astype(float), z.argmax(axis=1) == labels
    counts, confidence, right = reliability(sure, hit)
    return Tempered(
        temperature,
        passes,
        images,
        float(hit.mean()),
        _loss(z, labels, temperature),
        TEMPERATURES,
        loss_curve(passes, seed, images),
        EDGES,
        counts,
        confidence,
        right,
    )


def reliability(sure: np.ndarray, hit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for each bin of confidence: how many images, their mean confidence, and how many are right.

    Parameters
    ----------
    sure : ndarray of float, shape (N,)
        The largest probability of each image.
    hit : ndarray of bool, shape (N,)
        Whether that class is the right one.
    """
    where = np.clip(np.digitize(sure, EDGES) - 1, 0, len(EDGES) - 2)
    counts = np.bincount(where, minlength=len(EDGES) - 1)
    with np.errstate(invalid="ignore"):
        confidence = np.bincount(where, sure, len(EDGES) - 1) / counts
        right = np.bincount(where, hit, len(EDGES) - 1) / counts
    return counts, confidence, right


def diagnose_tempered(result: Tempered) -> str:
    """Say how sure the net is against how often it is right, and where the loss would be smallest."""
    sure, right = result.mean_confidence, result.accuracy
    best, least = result.best
    if abs(sure - right) < 0.02:
        verdict = "about as sure as it is right"
    else:
        verdict = "too sure" if sure > right else "not sure enough"
    ends = result.temperatures[[0, -1]]
    where = "the loss is smallest at" if best not in ends else "of those drawn, the loss is smallest at"
    return (
        f"At T = {result.temperature:.2g} the net is sure by {percent(sure)} on average and right on "
        f"{percent(right)}: {verdict}. The loss is {two_decimals(result.loss)}; {where} T = {best:.2g}, "
        f"{two_decimals(least)}. The accuracy is the same at every T."
    )
