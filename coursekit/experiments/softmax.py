"""Three scores become probabilities, a loss and a gradient: in float32 or float64, naively or safely."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks, sigmoid, softmax
from coursekit.words import probability, short, short_loss, two_decimals, with_minus

CLASSES = ("coat", "shirt", "bag")
HEADS = ("softmax", "sigmoid")
METHODS = ("stable", "naive")
DTYPES = ("float32", "float64")
# e to this power is the largest number that the type holds.
LARGEST = {name: float(np.log(np.finfo(name).max)) for name in DTYPES}


@dataclass(frozen=True)
class Scores:
    r"""What becomes of three scores z, of which one belongs to the right class.

    With softmax :math:`p_j = e^{z_j/T} / \sum_k e^{z_k/T}` and :math:`C = -\log p_\text{label}`. With three
    sigmoids :math:`p_j = e^{z_j/T} / (1 + e^{z_j/T})`, and C is the sum of three losses, one a question.
    All arrays have the shape (3,) and the type `dtype`.

    Attributes
    ----------
    scaled : ndarray
        z / T.
    powers : ndarray
        e to the power of z / T; where it is done safely and by softmax, of z / T less the largest of them.
    probabilities : ndarray
        p; nan where the computation breaks.
    losses : ndarray
        -log of the probability that is given to the truth: with softmax one number, with sigmoids three.
    gradient : ndarray
        p - y, the slope of C along each z / T, with y = 1 for the right class and 0 for the others.
    label : int
        The right class, an index into `CLASSES`.
    head, method, dtype : str
        How it is computed: of `HEADS`, `METHODS`, `DTYPES`.
    """

    scaled: np.ndarray
    powers: np.ndarray
    probabilities: np.ndarray
    losses: np.ndarray
    gradient: np.ndarray
    label: int
    head: str
    method: str
    dtype: str

    @property
    def loss(self) -> float:
        """C."""
        return float(self.losses.sum())

    @property
    def truth(self) -> np.ndarray:
        """The probability given to the truth: of the right class, or to each question's right answer."""
        p = self.probabilities
        if self.head == "softmax":
            return p[[self.label]]
        return np.where(np.arange(len(p)) == self.label, p, 1 - p)


def scores(
    z: Sequence[float] | np.ndarray,
    temperature: float = 1.0,
    label: int = 0,
    head: str = "softmax",
    method: str = "stable",
    dtype: str = "float32",
) -> Scores:
    """Compute probabilities, loss and gradient of three scores.

    Parameters
    ----------
    z : array_like of float, shape (3,)
    temperature : float
        T, by which all scores are divided.
    label : int
        The right class, from 0.
    head : str
        "softmax" or "sigmoid".
    method : str
        "naive": as the formula says; "stable": so that nothing overflows.
    dtype : str
        "float32" or "float64".

    Raises
    ------
    TypeError, ValueError
        For z of another shape, T not above 0, another label, or a name that is not known.
    """
    temperature = checks.positive("temperature", temperature, "scores would be divided by 0")
    checks.one_of("head", head, HEADS)
    checks.one_of("method", method, METHODS)
    checks.one_of("dtype", dtype, DTYPES)
    z = np.asarray(z, dtype)
    if z.shape != (len(CLASSES),) or label not in range(len(CLASSES)):
        raise ValueError(f"give three scores and a label from 0 to 2; got {z.shape} and {label!r}.")
    scaled = z / z.dtype.type(temperature)
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        powers, p, losses = _BY[head, method](scaled, label)
    y = (np.arange(len(z)) == label).astype(dtype)
    return Scores(scaled, powers, p, losses, p - y, label, head, method, dtype)


def _naive_softmax(s, label):
    powers = np.exp(s)
    p = powers / powers.sum()
    return powers, p, -np.log(p[[label]])


def _stable_softmax(s, label):
    """Take the largest score off; the loss is log Σe^s − s, so that no log of 0 is taken."""
    s = s - s.max()
    powers = np.exp(s)
    return powers, softmax(s), np.log(powers.sum()) - s[[label]]


def _naive_sigmoid(s, label):
    powers = np.exp(s)
    p = powers / (1 + powers)
    return powers, p, -np.log(np.where(np.arange(len(s)) == label, p, 1 - p))


def _stable_sigmoid(s, label):
    """Take log(1 + e^-s) for a question whose answer is yes, log(1 + e^s) where it is no."""
    against = np.where(np.arange(len(s)) == label, -s, s)
    return np.exp(-np.abs(s)), sigmoid(s), np.logaddexp(0, against)


_BY = {
    ("softmax", "naive"): _naive_softmax,
    ("softmax", "stable"): _stable_softmax,
    ("sigmoid", "naive"): _naive_sigmoid,
    ("sigmoid", "stable"): _stable_sigmoid,
}


def diagnose_scores(result: Scores, panels: int = 3) -> str:
    """Say what the loss is and why, what the gradient asks for, or why there is none.

    Parameters
    ----------
    panels : int
        1: speak of probabilities alone; 2: of the loss too; 3: of the push as well.
    """
    broken = _why_broken(result)
    if broken:
        return broken
    if panels == 1:
        return _shares(result)
    name, p = CLASSES[result.label], result.probabilities
    given = probability(float(p[result.label]))
    loss = short_loss(result.loss)
    if result.head == "sigmoid":
        total = two_decimals(float(p.sum()))
        return (
            f"Three questions, each answered by itself: the probabilities add up to {total}, and need not "
            f"make 1. The {name} gets {given}; the three losses make {loss}."
        )
    text = f"The right class, {name}, gets {given}: the loss is −log of it, {loss}."
    if result.loss == np.inf:
        return (
            f"The right class, {name}, gets 0 in {result.dtype}, and −log 0 is inf. The stable way "
            "takes the log before anything is rounded to 0: it finds "
            f"{short(scores(result.scaled, 1, result.label, dtype=result.dtype).loss)}."
        )
    if p.max() == 1:
        return (
            f"{text} In {result.dtype} one probability is exactly 1: what the others "
            "have is lost when it is rounded."
        )
    if p[result.label] > 0.995:
        return f"{text} There is hardly anything left to push."
    if panels == 2:
        return text
    up = two_decimals(-float(result.gradient[result.label]))
    return f"{text} Its score is pushed up by {up}, the others down by as much together."


def _shares(result):
    said = ", ".join(probability(float(p)) for p in result.probabilities[:-1])
    last = probability(float(result.probabilities[-1]))
    total = two_decimals(float(result.probabilities.sum()))
    if result.head == "sigmoid":
        return (
            f"Three questions, three answers: {said} and {last}. They need not make 1; they make {total}."
        )
    return f"The probabilities are {said} and {last}: together 1."


def _why_broken(result):
    """Return why a probability is nan, or nothing if none is."""
    bad = np.isnan(result.probabilities)
    if not bad.any():
        return ""
    top = float(result.scaled[bad].max())
    limit = f"{LARGEST[result.dtype]:.1f}"
    if not result.powers.any():
        return (
            f"All three powers are below what {result.dtype} can hold, and so 0: 0/0 is no number. Taking "
            "the largest score off first (stable) makes one of them e⁰ = 1."
        )
    return (
        f"e to the power of {with_minus(f'{top:.4g}')} is too large: {result.dtype} ends at e to the power "
        f"of {limit}. So it becomes inf, and inf/inf is no number. The stable way "
        "never raises e to a large power."
    )
