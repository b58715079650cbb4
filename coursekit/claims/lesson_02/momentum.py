"""Claims of lesson 02 on momentum: its limit, what the map predicts, and when it pays."""

import math

import numpy as np

from coursekit.claims.claim import claim
from coursekit.experiments.momentum import STEEPEST, momentum_report

GOH = "Goh, Why Momentum Really Works, Distill 2017"
SETTING = "quadratic loss of two weights, λ_max 0.836"


def left(rate: float, momentum: float, condition: float, start: np.ndarray, steps: int) -> np.ndarray:
    """Return how far a walk with momentum is from the minimum after 1, 2, … steps."""
    curvatures, w, v = np.array([STEEPEST / condition, STEEPEST]), start, np.zeros(2)
    lengths = []
    for _ in range(steps):
        v = momentum * v + curvatures * w
        w = w - rate * v
        lengths.append(np.linalg.norm(w))
    return np.array(lengths)


def steps_to_a_millionth(rate: float, momentum: float, condition: float, start: np.ndarray) -> int:
    """Return after how many steps less than a millionth of the way is left for good."""
    lengths = left(rate, momentum, condition, start, 3000)
    return int(np.flatnonzero(lengths > 1e-6 * np.linalg.norm(start))[-1]) + 2


def saved(seed: int, condition: float) -> float:
    """Return the steps without momentum as a multiple of those with it, each at its best setting."""
    start = np.random.default_rng(seed).standard_normal(2)
    rate, momentum, _ = momentum_report(1.0, 0.0, condition).best
    plain = 2 / (STEEPEST + STEEPEST / condition)
    with_it = steps_to_a_millionth(rate, momentum, condition, start)
    return steps_to_a_millionth(plain, 0.0, condition, start) / with_it


@claim(
    says="Momentum moves the largest stable rate from 2/λ_max to 2(1 + β)/λ_max.",
    verdict="holds",
    measured="largest rate whose walk shrinks in 2,000 steps, as a multiple of 2(1 + β)/λ_max",
    band=(0.99, 1.01),
    setting=f"{SETTING}, κ = 23, start drawn from N(0, 1), β drawn from 0 to 0.9",
    source=GOH,
)
def momentum_moves_the_limit(seed: int) -> float:
    rng = np.random.default_rng(seed)
    start, momentum = rng.standard_normal(2), rng.uniform(0, 0.9)
    low, high = 0.1, 10.0
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(16):
            middle = (low + high) / 2
            lengths = left(middle, momentum, 23.0, start, 2000)
            stable = lengths[-1] < np.linalg.norm(start)
            low, high = (middle, high) if stable else (low, middle)
    return low / (2 * (1 + momentum) / STEEPEST)


@claim(
    says="A walk with momentum shrinks by the factor per step that the map predicts.",
    verdict="holds",
    measured="largest difference of the two factors over ten pairs of rate and momentum",
    band=(0, 0.02),
    setting=f"{SETTING}, κ = 22, pairs drawn where the map has at most 1",
    source=GOH,
)
def map_predicts_the_walk(seed: int) -> float:
    rng = np.random.default_rng(seed)
    differences: list[float] = []
    while len(differences) < 10:
        report = momentum_report(10 ** rng.uniform(-2, 1), rng.uniform(0, 0.95), 22.0)
        if report.predicted <= 1:
            differences.append(abs(report.predicted - report.measured))
    return max(differences)


@claim(
    says="At its best setting momentum needs fewer steps than plain descent at its own.",
    verdict="holds",
    measured="steps to a millionth without, as a multiple of those with it",
    band=(2, 6),
    setting=f"{SETTING}, κ = 22, start drawn from N(0, 1)",
    source=GOH,
)
def momentum_saves_steps(seed: int) -> float:
    return saved(seed, 22.0)


@claim(
    says="The longer the valley, the more it saves.",
    verdict="holds",
    measured="what is saved at κ = 100, as a multiple of what is saved at κ = 22",
    band=(1.3, 3),
    setting=f"{SETTING}, start drawn from N(0, 1), each at its best setting",
    source=f"{GOH}: about √κ, so √(100/22) = {math.sqrt(100 / 22):.1f}",
)
def momentum_saves_more_in_long_valleys(seed: int) -> float:
    return saved(seed, 100.0) / saved(seed, 22.0)
