"""Claims of lesson 04 on the error surface: κ before and after each way to prepare the features."""

from collections.abc import Callable

import numpy as np

from coursekit import datasets
from coursekit.claims.claim import claim
from coursekit.experiments.preprocessing import steps_to

LECUN = "LeCun, Bottou, Orr & Müller 1998, section 5"
PROBLEM = "LeCun's two clouds, 20,000 points a draw"
HERE = "measured here"


def clouds(seed: int, n: int = 20_000) -> np.ndarray:
    """Return the points of LeCun's problem in float64."""
    return datasets.two_gaussians(n, np.random.default_rng(seed))[0].astype(np.float64)


def condition(x: np.ndarray) -> float:
    """Return κ of the loss of a linear unit on these features."""
    curvatures = np.linalg.eigvalsh(x.T @ x / len(x))
    return float(curvatures[-1] / curvatures[0])


@claim(
    says="The valley of LeCun's problem bends 23 times more across than along.",
    verdict="holds",
    measured="κ = λ_max/λ_min",
    band=(22, 24.5),
    setting=PROBLEM,
    source=f"{LECUN}; of all points (0.8 + 0.036)/0.036 = 23.2",
)
def condition_raw(seed: int) -> float:
    return condition(clouds(seed))


@claim(
    says="LeCun's problem, κ = 23 as it comes, still has κ = 15.5 when it is standardized.",
    verdict="holds",
    measured="κ of the standardized features",
    band=(14.8, 16.3),
    setting=PROBLEM,
    source="(1 + ρ)/(1 − ρ) with the correlation ρ = 0.32/√(0.196 · 0.676)",
    carries=True,
)
def condition_standardized(seed: int) -> float:
    x = clouds(seed)
    return condition(datasets.fit_standardization(x)(x))


@claim(
    says="Whitened, its valley is round, on new points too.",
    verdict="holds",
    measured="κ of 20,000 new points, whitened by the statistics of others",
    band=(1, 1.15),
    setting=PROBLEM,
    source=LECUN,
    carries=True,
)
def condition_whitened(seed: int) -> float:
    return condition(datasets.fit_whitening(clouds(seed))(clouds(seed + 1000)))


@claim(
    says="Standardizing does not remove a correlation.",
    verdict="holds",
    measured="correlation afterwards, as a multiple of that before",
    band=(0.999, 1.001),
    setting=PROBLEM,
    source=HERE,
)
def standardizing_keeps_correlation(seed: int) -> float:
    x = clouds(seed)
    before, after = (np.corrcoef(part.T)[0, 1] for part in (x, datasets.fit_standardization(x)(x)))
    return float(after / before)


@claim(
    says="The steps to a fixed share of the loss grow in proportion to κ.",
    verdict="holds",
    measured="slope of the steps over κ, both logarithmic",
    band=(0.93, 1.07),
    setting="two weights, κ from 10 to 1,000, 50 random starts, each at its best rate 2/(λ_min + λ_max), "
    "until a millionth of the loss is left",
    source="factor per step (κ − 1)/(κ + 1)",
    carries=True,
)
def steps_follow_condition(seed: int) -> float:
    starts, steps = np.random.default_rng(seed).standard_normal((50, 2)), []
    conditions = np.geomspace(10, 1000, 7)
    for kappa in conditions:
        hessian, rate = np.diag([1 / kappa, 1.0]), 2 / (1 + 1 / kappa)
        taken = [steps_to(hessian, rate, start, 1e-6) for start in starts]
        steps.append(np.mean([count for count in taken if count]))
    return float(np.polyfit(np.log(conditions), np.log(steps), 1)[0])


def shrunk_by_outlier(seed: int, fit: Callable) -> float:
    """Return the spread of 999 prepared samples beside an outlier, as a share of that without it."""
    x = np.random.default_rng(seed).standard_normal((1000, 1))
    far = x.copy()
    far[-1] = 20.0
    return float(fit(far)(far)[:-1].std() / fit(x)(x)[:-1].std())


@claim(
    says="Min–max is at the mercy of one outlier.",
    verdict="holds",
    measured="spread of the other samples with the outlier, as a share of that without",
    band=(0.2, 0.4),
    setting="1,000 samples of N(0, 1), one of them moved to 20",
    source=HERE,
    carries=True,
)
def min_max_and_an_outlier(seed: int) -> float:
    return shrunk_by_outlier(seed, datasets.fit_min_max)


@claim(
    says="Standardizing suffers much less from it.",
    verdict="holds",
    measured="spread of the other samples with the outlier, as a share of that without",
    band=(0.75, 0.95),
    setting="1,000 samples of N(0, 1), one of them moved to 20",
    source=HERE,
)
def standardizing_and_an_outlier(seed: int) -> float:
    return shrunk_by_outlier(seed, datasets.fit_standardization)


@claim(
    says="Features put between 0 and 1 are not centred, and that alone makes a long valley.",
    verdict="holds",
    measured="κ of min–max features, as a multiple of κ of the same features centred afterwards",
    band=(4, 60),
    setting="two uncorrelated features of N(0, 1), 100 samples",
    source=HERE,
)
def min_max_is_not_centred(seed: int) -> float:
    x = datasets.fit_min_max(z := np.random.default_rng(seed).standard_normal((100, 2)))(z)
    return condition(x) / condition(x - x.mean(axis=0))
