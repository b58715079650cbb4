"""Learning rate and momentum on a quadratic: by which factor a step shrinks the way to the minimum."""

import functools
import math
from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks
from coursekit.words import digits, number

STEEPEST = 0.836  # of LeCun's problem
STEPS = 300
LOST = 1e30  # beyond it nothing is followed
RATES, MOMENTA, GRID = (0.01, 10.0), (0.0, 0.99), 101  # of the map


@dataclass(frozen=True)
class RateMap:
    """The factor per step for every rate and momentum.

    Attributes
    ----------
    rates, momenta : ndarray, shape (102,)
        Where one tile of the map ends and the next begins.
    factors : ndarray, shape (101, 101)
        In the middle of each tile; rows are momenta.
    limit : ndarray, shape (2, 200)
        Rates and momenta of the line beyond which it diverges, η = 2(1 + β)/λ_max.
    critical : tuple of ndarray, each of shape (2, 400)
        Rates and momenta of β = (1 - √(ηλ))², for λ_min and λ_max; nan beyond β = 1.
    """

    rates: np.ndarray
    momenta: np.ndarray
    factors: np.ndarray
    limit: np.ndarray
    critical: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class MomentumReport:
    r"""Gradient descent with momentum on :math:`C = \frac12 (\lambda_{max} a^2 + \lambda_{min} b^2)`.

    Each step is v ← β v + ∂C/∂w, w ← w − η v, from w = (1, 1), v = 0.

    Attributes
    ----------
    rate, momentum : float
        η and β.
    condition : float
        κ = λ_max/λ_min; λ_max is 0.836.
    predicted : float
        The factor per step in the long run: the largest absolute eigenvalue of a step's matrix.
    measured : float
        The same from the walk itself: the mean factor over its last two thirds.
    distance : ndarray, shape (T + 1,)
        √(|w|² + |w before|²) after 0, 1, … T steps; T is 300, or less if it grows too large or too small.
    map : RateMap
        Of this κ.
    """

    rate: float
    momentum: float
    condition: float
    predicted: float
    measured: float
    distance: np.ndarray
    map: RateMap

    @property
    def curvatures(self) -> tuple[float, float]:
        """λ_min and λ_max."""
        return STEEPEST / self.condition, STEEPEST

    @property
    def limit(self) -> float:
        """The largest stable rate at this β, 2(1 + β)/λ_max."""
        return 2 * (1 + self.momentum) / STEEPEST

    @property
    def best(self) -> tuple[float, float, float]:
        """The rate, the momentum and the factor per step of the map's best point."""
        small, large = (math.sqrt(c) for c in self.curvatures)
        beta = ((large - small) / (large + small)) ** 2
        return (2 / (large + small)) ** 2, beta, math.sqrt(beta)


def factor_per_step(rate: np.ndarray, momentum: np.ndarray, curvatures: tuple[float, ...]) -> np.ndarray:
    r"""Return the factor by which each step shrinks what is left, in the slowest direction.

    For a curvature λ it is the largest :math:`|r|` with
    :math:`r^2 - (1 + \beta - \eta\lambda) r + \beta = 0`; √β where both solutions are complex.
    Source: Goh, "Why Momentum Really Works", Distill 2017.

    Parameters
    ----------
    rate, momentum : ndarray
        η and β, of shapes that broadcast.
    curvatures : tuple of float

    Returns
    -------
    ndarray
    """
    factors = []
    for curvature in curvatures:
        half = (1 + momentum - rate * curvature) / 2
        inside = half**2 - momentum
        real = np.abs(half) + np.sqrt(np.maximum(inside, 0))
        factors.append(np.where(inside < 0, np.sqrt(momentum), real))
    return np.max(factors, axis=0)


@functools.lru_cache(maxsize=64)
def rate_map(condition: float) -> RateMap:
    """Return the factor per step for every rate and momentum of the map, at this κ."""
    curvatures = (STEEPEST / condition, STEEPEST)
    rates, momenta = np.geomspace(*RATES, GRID + 1), np.linspace(*MOMENTA, GRID + 1)
    middles = np.sqrt(rates[1:] * rates[:-1]), (momenta[1:] + momenta[:-1]) / 2
    factors = factor_per_step(middles[0], middles[1][:, None], curvatures)
    beta = np.linspace(*MOMENTA, 200)
    limit = np.stack([2 * (1 + beta) / STEEPEST, beta])
    return RateMap(rates, momenta, factors, limit, (_critical(curvatures[0]), _critical(curvatures[1])))


def _critical(curvature):
    """Return the rates and momenta at which a direction of this curvature neither creeps nor swings."""
    rate = np.geomspace(*RATES, 400)
    root = np.sqrt(rate * curvature)
    return np.stack([rate, np.where(root <= 2, (1 - root) ** 2, np.nan)])


def momentum_report(rate: float, momentum: float, condition: float) -> MomentumReport:
    """Walk up to 300 steps with this rate and momentum, and compare with the predicted factor.

    Parameters
    ----------
    rate : float
        η, above 0.
    momentum : float
        β, from 0 to below 1.
    condition : float
        κ, 1 or more.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    rate, condition = checks.positive("rate", rate), checks.finite("condition", condition, low=1)
    checks.below_one("momentum", momentum)
    curvatures = (STEEPEST / condition, STEEPEST)
    predicted = float(factor_per_step(np.array(rate), np.array(momentum), curvatures))
    distance = _walk(rate, momentum, curvatures)
    first, last = len(distance) // 3, len(distance) - 1
    measured = float((distance[last] / distance[first]) ** (1 / (last - first)))
    return MomentumReport(rate, momentum, condition, predicted, measured, distance, rate_map(condition))


def _walk(rate, momentum, curvatures):
    """Return how far it is from the minimum, step by step."""
    w, v = np.ones(2), np.zeros(2)
    curvature, distance = np.array(curvatures), [math.sqrt(2)]
    for _ in range(STEPS):
        before = w
        v = momentum * v + curvature * w
        w = w - rate * v
        distance.append(math.sqrt(w @ w + before @ before))
        if not 1 / LOST < distance[-1] < LOST:
            break
    return np.array(distance)


def diagnose_momentum(report: MomentumReport) -> str:
    """Say what a step does here, predicted and measured, and how much better it could be."""
    text = (
        f"At η = {number(report.rate)} and β = {report.momentum:.2f} a step multiplies what is left by "
        f"{report.predicted:.3f}; the walk's own steps did so by {report.measured:.3f}."
    )
    if report.predicted >= 1:
        return f"{text} It diverges: the limit at this β is 2(1 + β)/λ_max = {report.limit:.2f}."
    rate, beta, factor = report.best
    plain = report.condition / (report.condition + 1)
    best = f"the best point, η = {number(rate)} and β = {beta:.2f}, has {factor:.3f}"
    return f"{text} That is {_steps(report.predicted)} to a tenth; {best}, or {_steps(factor)}. " + (
        f"Without momentum the best is {(2 * plain - 1):.3f}, or {_steps(2 * plain - 1)}."
    )


def _steps(factor):
    """Say how many steps it takes to a tenth."""
    count = math.log(0.1) / math.log(factor) if factor > 0 else 1.0
    return "1 step" if count <= 1 else f"{digits(math.ceil(count), 2)} steps"
