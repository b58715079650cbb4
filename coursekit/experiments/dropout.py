"""Dropout on one layer of eight units: a draw of the mask, and what mean and norm are over many draws."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_samples
from coursekit.nn import checks
from coursekit.nn.dropout import MODES
from coursekit.words import number

UNITS, CLASSES, IMAGES = 8, 3, 64
PHASES = ("training", "use")
NORMS = ("none", "before", "behind")


@dataclass(frozen=True)
class DropoutReport:
    r"""What eight units hand on, in training and in use.

    The units see one photograph; the batch norm, where there is one, a batch of 64.

    Attributes
    ----------
    image : ndarray, shape (28, 28)
        The photograph.
    hidden : ndarray, shape (8,)
        What the units put out for it, before dropout.
    outputs : ndarray, shape (D, 8)
        What dropout hands on in training, in each of D draws.
    in_use : ndarray, shape (8,)
        What it hands on in use.
    kept : ndarray of bool, shape (8,)
        Which units the last draw kept.
    scores : ndarray, shape (3,)
        What three units behind the layer make of the last draw, or of the output in use.
    stored, variance_in_use : ndarray, shape (8,)
        The variance of what reaches the batch norm: in training, mean over draws, as it is stored; and in
        use. Empty without a batch norm.
    p : float
        Probability of dropping.
    mode, phase, norm : str
        One of `nn.dropout.MODES`, `PHASES` (what is drawn) and `NORMS` (where the batch norm stands).
    """

    image: np.ndarray
    hidden: np.ndarray
    outputs: np.ndarray
    in_use: np.ndarray
    kept: np.ndarray
    scores: np.ndarray
    stored: np.ndarray
    variance_in_use: np.ndarray
    p: float
    mode: str
    phase: str
    norm: str

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(self.outputs)

    @property
    def drawn(self) -> np.ndarray:
        """What the drawing shows, shape (8,): the last draw, or what is handed on in use."""
        return self.outputs[-1] if self.phase == "training" else self.in_use

    @property
    def mean(self) -> np.ndarray:
        """The mean over the draws, shape (8,)."""
        return self.outputs.mean(axis=0)

    @property
    def error(self) -> np.ndarray:
        """The standard error of `mean`, shape (8,); 0 for a single draw."""
        return _standard_error(self.outputs)

    @property
    def factors(self) -> np.ndarray:
        """The norm in training over that in use, root mean square over the first 1, 2, … D draws."""
        squares = (self.outputs**2).sum(axis=1) / (self.in_use**2).sum()
        return np.sqrt(np.cumsum(squares) / np.arange(1, self.draws + 1))

    @property
    def factor_error(self) -> float:
        """The standard error of the last of `factors`."""
        squares = (self.outputs**2).sum(axis=1) / (self.in_use**2).sum()
        last = self.factors[-1]
        return float(_standard_error(squares) / (2 * last)) if last else 0.0

    @property
    def predicted_factor(self) -> float:
        """1/√(1 − p)."""
        return 1 / math.sqrt(1 - self.p)

    @property
    def spread_in_use(self) -> np.ndarray:
        """The spread of each unit behind the batch norm in use, shape (8,); in training it is 1."""
        return np.sqrt(self.variance_in_use / self.stored)


def _standard_error(values):
    """Return the standard error of the mean over the first axis."""
    n = len(values)
    return values.std(axis=0, ddof=1) / math.sqrt(n) if n > 1 else np.zeros(values.shape[1:])


@lru_cache(maxsize=1)
def _sums():
    """Return 64 photographs, and the weighted sums of eight units that the first of them excites."""
    x, _ = fashion_samples(IMAGES)
    w = np.random.default_rng(40).normal(0, math.sqrt(2 / x.shape[1]), (x.shape[1], UNITS))
    return x, x @ (w * np.sign(x[0] @ w))


def dropout_report(
    p: float, draws: int, mode: str = MODES[0], phase: str = PHASES[0], norm: str = NORMS[0], seed: int = 0
) -> DropoutReport:
    """Draw masks for a layer of eight ReLU units, and compare training with use.

    Parameters
    ----------
    p : float
        Probability of dropping a unit, from 0 to below 1.
    draws : int
        How many masks are drawn; the first k of them are the same for every larger number.
    mode : {"upscale_in_train", "downgrade_in_infer"}
    phase : {"training", "use"}
        Of which the drawing tells.
    norm : {"none", "before", "behind"}
        Whether a batch norm stands before the ReLU, or behind the dropout.
    seed : int
        Of the masks.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range, p = 1 included.
    """
    phase, norm = checks.one_of("phase", phase, PHASES), checks.one_of("norm", norm, NORMS)
    layer = nn.Dropout(p, mode, rng=np.random.default_rng(seed))
    x, sums = _sums()
    before = (sums - sums.mean(axis=0)) / sums.std(axis=0) if norm == "before" else sums
    hidden = np.maximum(before, 0)
    many = np.broadcast_to(hidden, (checks.positive_int("draws", draws), *hidden.shape))
    trained, in_use = layer.forward(many, training=True), layer.forward(hidden)
    stored, variance = _variances(norm, sums, trained, in_use)
    kept = (trained[-1, 0] != 0) | ((hidden[0] == 0) & (p == 0))
    shown = trained[-1, 0] if phase == "training" else in_use[0]
    return DropoutReport(
        image=x[0].reshape(28, 28),
        hidden=hidden[0],
        outputs=trained[:, 0],
        in_use=in_use[0],
        kept=kept if phase == "training" else np.ones(UNITS, dtype=bool),
        scores=shown @ _behind(),
        stored=stored,
        variance_in_use=variance,
        p=layer.p,
        mode=layer.mode,
        phase=phase,
        norm=norm,
    )


@lru_cache(maxsize=1)
def _behind():
    """Return the weights of the three units behind the layer."""
    return np.random.default_rng(1).normal(0, math.sqrt(1 / UNITS), (UNITS, CLASSES))


def _variances(norm, sums, trained, in_use):
    """Return the variance that a batch norm meets in training and in use."""
    if norm == "none":
        return np.empty(0), np.empty(0)
    if norm == "before":
        return sums.var(axis=0), sums.var(axis=0)
    return trained.var(axis=1).mean(axis=0), in_use.var(axis=0)


def diagnose_dropout(report: DropoutReport) -> str:
    """Say what the draw silenced, and how mean and norm in training compare with those in use."""
    parts = [_draw(report)]
    if report.p == 0:
        parts.append("With p = 0 training and use are the same.")
    elif report.draws == 1:
        parts.append("One draw has no mean to speak of: take more.")
    elif not report.error.any():
        parts.append(f"All {report.draws} draws were the same: they tell nothing of mean and norm yet.")
    else:
        parts += [_means(report), _norms(report)]
    return " ".join(parts + _batch_norm(report))


def _draw(report):
    if report.phase == "use":
        return "In use every unit speaks" + (
            f", each times 1 − p = {1 - report.p:.2f}." if report.mode == MODES[1] else ", unchanged."
        )
    silent = int((~report.kept).sum())
    if silent == UNITS:
        return f"Draw {report.draws}: all {UNITS} units are silent."
    which = "all are" if silent == 0 else "the other is" if silent == UNITS - 1 else "the others are"
    up = f", {which} divided by {1 - report.p:.2f}" if report.mode == MODES[0] and report.p else ""
    are = "no unit is" if silent == 0 else f"{silent} of {UNITS} units {'is' if silent == 1 else 'are'}"
    return f"Draw {report.draws}: {are} silent{up}."


def _means(report):
    met = report.error > 0
    off = np.abs(report.mean - report.in_use)[met] / report.error[met]
    return (
        f"Over {report.draws} draws the units' means lie {off.mean():.1f} standard errors from their "
        f"outputs in use on average, {off.max():.1f} at most."
    )


def _norms(report):
    return (
        f"The norm is {report.factors[-1]:.2f} ± {report.factor_error:.2f} times that in use; "
        f"1/√(1 − p) = {report.predicted_factor:.2f}."
    )


def _batch_norm(report):
    if report.norm == "none":
        return []
    if not (report.stored > 0).all():
        return ["The batch norm has met a unit that was always silent."]
    grown = float(np.exp(np.log(report.stored / report.variance_in_use).mean()))
    spread = float(np.exp(np.log(report.spread_in_use).mean()))
    if report.norm == "before":
        return ["The batch norm before it never meets a mask: what it stores is what it meets in use."]
    return [
        f"The batch norm behind it stores {number(grown)} times the variance that it meets in use, so what "
        f"it puts out there has a spread of {spread:.2f} where training had 1."
    ]
