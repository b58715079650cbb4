"""Claims of lesson 02 on the learning rate: its limit, and the floor that it ends at."""

import numpy as np

from coursekit import datasets
from coursekit.claims.claim import claim
from coursekit.experiments.descent import descend

LECUN = "LeCun, Bottou, Orr & Müller 1998, section 5"
PROBLEM = "linear unit of two weights on LeCun's two clouds, 4,000 points"


def problem(seed: int, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return the Hessian of LeCun's problem and the weights of the lowest loss."""
    x, targets = (a.astype(np.float64) for a in datasets.two_gaussians(n, np.random.default_rng(seed)))
    hessian = x.T @ x / n
    return hessian, np.linalg.solve(hessian, x.T @ targets / n)


def loss_left(seed: int, rate: float, updates: int = 200) -> float:
    """Return the loss above its minimum after that many full-batch updates, as a share of the first."""
    hessian, _ = problem(seed)
    away = np.random.default_rng(seed).standard_normal(2)
    first = away @ hessian @ away
    for _ in range(updates):
        away = away - rate * hessian @ away
    return float(away @ hessian @ away / first)


@claim(
    says="On LeCun's problem full-batch gradient descent converges at the rate 1.5.",
    verdict="holds",
    measured="loss above its minimum after 200 updates, as a share of the first",
    band=(0, 1e-3),
    setting=f"{PROBLEM}, start drawn from N(0, 1)",
    source=LECUN,
    carries=True,
)
def gd_converges_at_1_5(seed: int) -> float:
    return loss_left(seed, 1.5)


@claim(
    says="At the rate 2.5 it diverges.",
    verdict="holds",
    measured="loss above its minimum after 200 updates, as a share of the first",
    band=(1e3, np.inf),
    setting=f"{PROBLEM}, start drawn from N(0, 1)",
    source=LECUN,
    carries=True,
)
def gd_diverges_at_2_5(seed: int) -> float:
    return loss_left(seed, 2.5)


@claim(
    says="The largest stable rate of LeCun's problem, 2/λ_max, is 2.38.",
    verdict="holds",
    measured="2/λ_max",
    band=(2.33, 2.45),
    setting=PROBLEM,
    source=LECUN,
    carries=True,
)
def gd_largest_rate(seed: int) -> float:
    return float(2 / np.linalg.eigvalsh(problem(seed)[0])[1])


@claim(
    says="Of draws of 100 points, as LeCun's figure has, not all diverge at 2.5: each has its own limit.",
    verdict="holds",
    measured="share of 400 draws whose limit lies above 2.5",
    band=(0.1, 0.35),
    setting="linear unit of two weights on LeCun's two clouds, 100 points a draw",
    source="measured here",
)
def gd_limit_scatters(seed: int) -> float:
    draws = range(400 * seed, 400 * (seed + 1))
    return float(np.mean([2 / np.linalg.eigvalsh(problem(draw, 100)[0])[1] > 2.5 for draw in draws]))


def floor(seed: int, rate: float, *, replacement: bool, passes: int = 60) -> float:
    """Return the loss above its minimum that a constant rate ends at, one of 100 samples an update.

    It is the mean over the second half of the passes, and over 100 walkers side by side.
    """
    rng = np.random.default_rng(seed)
    x, targets = (a.astype(np.float64) for a in datasets.two_gaussians(100, rng))
    hessian = x.T @ x / 100
    best = np.linalg.solve(hessian, x.T @ targets / 100)
    w, losses = np.tile(best, (100, 1)), []
    for epoch in range(passes):
        orders = rng.permuted(np.tile(np.arange(100), (100, 1)), axis=1)
        if replacement:
            orders = rng.integers(100, size=(100, 100))
        for rows in orders.T:
            error = (x[rows] * w).sum(axis=1) - targets[rows]
            w = w - rate * error[:, None] * x[rows]
            if epoch >= passes // 2:
                away = w - best
                losses.append((0.5 * (away @ hessian) * away).sum(axis=1).mean())
    return float(np.mean(losses))


@claim(
    says="At a constant rate SGD does not stop. It ends on a floor of the loss, proportional to the rate.",
    verdict="holds",
    measured="floor at the rate 0.1, as a multiple of that at 0.05",
    band=(1.7, 2.4),
    setting="LeCun's problem, 100 points, one drawn with replacement an update, 100 walkers, 60 passes",
    source="Robbins & Monro 1951, who let the rate fall",
    carries=True,
)
def sgd_floor_follows_rate(seed: int) -> float:
    return floor(seed, 0.1, replacement=True) / floor(seed, 0.05, replacement=True)


@claim(
    says="If each sample comes once a pass, the floor falls faster than the rate.",
    verdict="holds",
    measured="floor at the rate 0.1, as a multiple of that at 0.05",
    band=(2.3, 3),
    setting="LeCun's problem, 100 points, one an update, each once a pass, 100 walkers, 60 passes",
    source="measured here",
)
def sgd_floor_without_replacement(seed: int) -> float:
    return floor(seed, 0.1, replacement=False) / floor(seed, 0.05, replacement=False)


@claim(
    says="Each sample once a pass gives a lower floor than drawing with replacement, at the same rate.",
    verdict="holds",
    measured="floor with replacement, as a multiple of that without",
    band=(1.2, 20),
    setting="LeCun's problem, 100 points, rate 0.05, one an update, 100 walkers, 60 passes",
    source="measured here",
)
def sgd_floor_is_lower_in_passes(seed: int) -> float:
    return floor(seed, 0.05, replacement=True) / floor(seed, 0.05, replacement=False)


@claim(
    says="One sample an update is thrown out at a rate at which all samples together still converge.",
    verdict="holds",
    measured="loss of one sample an update over the last eight passes, as a multiple of the full batch's",
    band=(1e3, np.inf),
    setting="LeCun's problem, 100 points, rate 2.2, 40 passes, loss above its minimum",
    source="measured here",
)
def one_sample_is_thrown_out(seed: int) -> float:
    full, _, one = descend(2.2, 10, np.random.default_rng(seed)).walks
    return float(one.smooth[-1] / full.smooth[-1])


@claim(
    says="A rate that falls takes the floor away.",
    verdict="holds",
    measured="loss over the last eight passes at rate 0.2/(1 + p/2), as a share of that at 0.2",
    band=(0, 0.2),
    setting="LeCun's problem, 100 points, one sample an update, 40 passes, loss above its minimum",
    source="Robbins & Monro 1951",
)
def falling_rate_has_no_floor(seed: int) -> float:
    falling, constant = (
        descend(0.2, 10, np.random.default_rng(seed), decay=decay).walks[2].smooth[-1]
        for decay in (0.5, 0.0)
    )
    return float(falling / constant)
