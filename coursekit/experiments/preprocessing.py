"""Two features, prepared in one of several ways: the error surface that they make, and a way down it."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.datasets import preprocessing as prepare
from coursekit.experiments.descent import LinearProblem
from coursekit.nn import checks
from coursekit.words import digits, number

METHODS = ("raw", "centred", "standardized", "min_max", "pca", "whitened")
NAMES = {
    "raw": "raw",
    "centred": "centred",
    "standardized": "standardized",
    "min_max": "put between 0 and 1",
    "pca": "turned onto their components",
    "whitened": "whitened",
}
_FITS: dict[str, Callable] = {
    "centred": prepare.fit_centring,
    "standardized": prepare.fit_standardization,
    "min_max": prepare.fit_min_max,
    "pca": prepare.fit_components,
    "whitened": prepare.fit_whitening,
}
SAMPLES, STEPS, REACH, GRID = 100, 60, 1.5, 101
START = (-1.2, 0.9)  # from the best weights
LEFT = 1e-3  # the share of the first loss at which a walk counts as arrived
LOST = 1e9


@dataclass(frozen=True)
class PreparedProblem:
    r"""What becomes of :math:`C(w) = \frac{1}{2N} \sum_i (w \cdot x_i - t_i)^2` when x is prepared.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    before : ndarray, shape (N, 2)
        The features as they came.
    problem : LinearProblem
        With the prepared features.
    rate : float
        η.
    path : ndarray, shape (T + 1, 2)
        Weights, less the best ones, after 0, 1, … steps; it ends where the walk is lost.
    surface : ndarray, shape (101, 101)
        The loss above its lowest for weights up to 1.5 from the best; rows are w₂.
    turn : float
        By how many degrees the surface is turned.
    """

    method: str
    before: np.ndarray
    problem: LinearProblem
    rate: float
    path: np.ndarray
    surface: np.ndarray
    turn: float

    @property
    def condition(self) -> float:
        """κ = λ_max/λ_min."""
        small, large = self.problem.curvatures
        return float(large / small) if small > 0 else math.inf

    @property
    def limit(self) -> float:
        """The largest stable rate, 2/λ_max."""
        return float(2 / self.problem.curvatures[1])

    @property
    def best_rate(self) -> float:
        """The rate that is fastest in the long run, 2/(λ_min + λ_max)."""
        return float(2 / self.problem.curvatures.sum())

    @property
    def diverged(self) -> bool:
        """Whether the rate is above the limit, and the walk goes away from the minimum."""
        return self.rate > self.limit * (1 + 1e-9)

    @property
    def losses(self) -> np.ndarray:
        """The loss above its lowest along the path, shape (T + 1,)."""
        return self.problem.above_lowest(self.path + self.problem.best)

    @functools.cached_property
    def steps(self) -> int | None:
        """After how many steps a thousandth of the first loss is left; None if never."""
        return steps_to(self.problem.hessian, self.rate, START)


def steps_to(
    hessian: np.ndarray, rate: float, start: tuple[float, float] | np.ndarray, share: float = LEFT
) -> int | None:
    """Return after how many steps of gradient descent at most `share` of the loss is left; None if never.

    Along each eigenvector every step multiplies what is left by 1 − ηλ, so no step has to be taken.
    """
    curvatures, directions = np.linalg.eigh(hessian)
    first = curvatures * (directions.T @ np.asarray(start, float)) ** 2
    factors = (1 - rate * curvatures) ** 2
    wanted = share * first.sum()

    def arrived(steps):
        return (first * factors**steps).sum() <= wanted

    if (factors[first > 1e-15 * first.sum()] >= 1).any():
        return None
    low, high = 0, 1
    while not arrived(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if arrived(middle) else (middle, high)
    return high


@functools.cache
def _round_cloud():
    """Return N points of mean 0, variance 1 and correlation 0, exactly, and a class ±1 for each."""
    z = prepare.fit_whitening(np.random.default_rng(4).standard_normal((SAMPLES, 2)))
    z = z(np.random.default_rng(4).standard_normal((SAMPLES, 2)))
    return z, np.where(z[:, 0] + z[:, 1] > 0, 1.0, -1.0)


def two_features(ratio: float, correlation: float, mean: float, *, outlier: bool = False) -> np.ndarray:
    """Return 100 samples of two features, x₁ small and x₂ large.

    Parameters
    ----------
    ratio : float
        Spread of x₂ over that of x₁; their product is 1.
    correlation : float
        Of the two, exactly.
    mean : float
        Of each, in spreads.
    outlier : bool
        Whether the last sample is replaced by one that lies 12 spreads out in both.

    Returns
    -------
    ndarray, float64, shape (100, 2)
    """
    z = _round_cloud()[0]
    both = np.column_stack([z[:, 0], correlation * z[:, 0] + math.sqrt(1 - correlation**2) * z[:, 1]])
    if outlier:
        both[-1] = 12.0
    return (both + mean) * np.array([ratio**-0.5, ratio**0.5])


def linear_problem(x: np.ndarray, targets: np.ndarray) -> LinearProblem:
    """Return the least-squares problem of these samples, (N, 2), and targets, (N,)."""
    hessian = x.T @ x / len(x)
    best = np.linalg.lstsq(x, targets, rcond=None)[0]
    return LinearProblem(x, targets, hessian, best, float(0.5 * np.mean((x @ best - targets) ** 2)))


def surface_of(problem: LinearProblem, reach: float = REACH, points: int = GRID) -> np.ndarray:
    """Return the loss above its lowest for a square of weights around the best, (points, points)."""
    along = np.linspace(-reach, reach, points)
    (a, b), (_, d) = problem.hessian
    return 0.5 * (a * along**2 + 2 * b * np.outer(along, along) + d * (along**2)[:, None])


def prepared(x: np.ndarray, method: str) -> np.ndarray:
    """Return samples, (N, 2), prepared by their own statistics."""
    return x if checks.one_of("method", method, METHODS) == "raw" else _FITS[method](x)(x)


def prepared_problem(
    method: str,
    rate: float,
    *,
    ratio: float = 5.0,
    correlation: float = 0.0,
    mean: float = 0.0,
    outlier: bool = False,
    best: bool = False,
    turn: float = 0.0,
) -> PreparedProblem:
    """Prepare two features, and let gradient descent walk on the loss that they make.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    rate : float
        η, above 0.
    ratio, correlation, mean, outlier
        See `two_features`; ratio 1 or more, correlation within ±0.99.
    best : bool
        Whether to walk at the best rate, 2/(λ_min + λ_max), whatever `rate` is.
    turn : float
        Degrees; it changes no number.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    rate = checks.positive("rate", rate)
    checks.finite("ratio", ratio, low=1)
    checks.finite("correlation", correlation, low=-0.99, high=0.99)
    checks.finite("mean", mean)
    x = two_features(ratio, correlation, mean, outlier=checks.flag("outlier", outlier))
    problem = linear_problem(prepared(x, method), _round_cloud()[1])
    if checks.flag("best", best):
        rate = float(2 / problem.curvatures.sum())
    path = _walk(problem.hessian, rate)
    return PreparedProblem(method, x, problem, rate, path, surface_of(problem), checks.finite("turn", turn))


def _walk(hessian, rate):
    path = [np.array(START)]
    for _ in range(STEPS):
        path.append(path[-1] - rate * hessian @ path[-1])
        if np.abs(path[-1]).max() > LOST:
            break
    return np.array(path)


def diagnose_preparation(p: PreparedProblem) -> str:
    """Say what the prepared features are like, how long the valley is, and how the walk fares."""
    correlation = np.corrcoef(p.problem.x.T)[0, 1]
    s1, s2 = p.problem.x.std(axis=0)
    text = (
        f"Features {NAMES[p.method]}: spreads {number(s1)} and {number(s2)}, "
        f"correlation {number(correlation, 1e-6)}. λ_max = {number(p.problem.curvatures[1])}, so 2/λ_max = "
        f"{number(p.limit)}; κ = {digits(p.condition, 2)}. "
    )
    if p.diverged:
        return f"{text}η = {number(p.rate)} is above the limit: each step lands farther away. Diverged (×)."
    if p.steps is None:
        return f"{text}η = {number(p.rate)} is at the limit: the walk jumps to and fro for ever."
    steps = "1 step" if p.steps == 1 else f"{digits(p.steps, 2)} steps"
    return f"{text}At η = {number(p.rate)} a thousandth of the loss is left after {steps}."
