"""Three walkers on one loss of two weights: all samples an update, some of them, or one."""

import functools
import math
from dataclasses import dataclass

import numpy as np

from coursekit.datasets import two_gaussians
from coursekit.nn import checks
from coursekit.words import digits, number

SAMPLES, PASSES = 100, 40
# The weights whose losses are drawn.
W1, W2, GRID = (-2.5, 3.5), (-1.5, 3.5), 101
AXES = ("samples", "updates", "seconds")
WALKERS = ("full batch", "mini-batch", "one sample")
# Seconds of an update and of each of its samples, as NumPy took them for a net of 784-256-10 on two cores.
UPDATE_SECONDS, SAMPLE_SECONDS = 4.5e-4, 1e-5
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class LinearProblem:
    r"""The loss :math:`C(w) = \frac{1}{2N} \sum_i (w \cdot x_i - t_i)^2` of two weights.

    Attributes
    ----------
    x : ndarray, float64, shape (N, 2)
    targets : ndarray, float64, shape (N,)
    hessian : ndarray, shape (2, 2)
        XᵀX/N, the second derivatives of C, the same everywhere.
    best : ndarray, shape (2,)
        The weights of the lowest loss.
    lowest : float
        That loss.
    """

    x: np.ndarray
    targets: np.ndarray
    hessian: np.ndarray
    best: np.ndarray
    lowest: float

    @property
    def curvatures(self) -> np.ndarray:
        """The eigenvalues of the Hessian, the smaller first."""
        return np.linalg.eigvalsh(self.hessian)

    def above_lowest(self, w: np.ndarray) -> np.ndarray:
        """Return C − C_min = ½ (w − w*)ᵀ H (w − w*) for weights of shape (..., 2), all at once."""
        away = np.asarray(w) - self.best
        with np.errstate(over="ignore", invalid="ignore"):
            return 0.5 * ((away @ self.hessian) * away).sum(axis=-1)


@functools.cache
def lecun_problem() -> LinearProblem:
    """Return LeCun's problem of 1998, 100 points: a draw whose largest rate is that of all draws, 2.39."""
    x, targets = (a.astype(np.float64) for a in two_gaussians(SAMPLES, np.random.default_rng(2)))
    hessian = x.T @ x / len(x)
    best = np.linalg.solve(hessian, x.T @ targets / len(x))
    return LinearProblem(x, targets, hessian, best, float(0.5 * np.mean((x @ best - targets) ** 2)))


@dataclass(frozen=True)
class Landscape:
    """The loss above its minimum for a grid of weights.

    Attributes
    ----------
    w1, w2 : ndarray, shape (101,)
    excess : ndarray, shape (101, 101)
        Rows are w₂, columns w₁.
    """

    w1: np.ndarray
    w2: np.ndarray
    excess: np.ndarray


@functools.cache
def lecun_landscape() -> Landscape:
    """Return the loss of LeCun's problem for the weights that are drawn; it is the same for all walks."""
    w1, w2 = np.linspace(*W1, GRID), np.linspace(*W2, GRID)
    return Landscape(w1, w2, lecun_problem().above_lowest(np.stack(np.meshgrid(w1, w2), axis=-1)))


@dataclass(frozen=True)
class Walk:
    """One walker's way.

    Attributes
    ----------
    name : str
        One of `WALKERS`.
    batch_size : int
    path : ndarray, shape (U + 1, 2)
        The weights before the first and after each of U updates; nan once they have left float32.
    samples : ndarray, shape (U + 1,)
        Samples used so far.
    excess : ndarray, shape (U + 1,)
        The loss above its minimum.
    """

    name: str
    batch_size: int
    path: np.ndarray
    samples: np.ndarray
    excess: np.ndarray

    @property
    def updates(self) -> int:
        """U, the number of updates."""
        return len(self.path) - 1

    @property
    def lost_at(self) -> int | None:
        """The first update after which the weights are no numbers; None if they stay numbers."""
        lost = np.isnan(self.path[:, 0])
        return int(lost.argmax()) if lost.any() else None

    def along(self, axis: str) -> np.ndarray:
        """Return how far the walker is after 0, 1, … updates, in samples, updates or seconds."""
        updates = np.arange(self.updates + 1)
        if axis == "samples":
            return self.samples
        if axis == "updates":
            return updates
        return UPDATE_SECONDS * updates + SAMPLE_SECONDS * self.samples

    @functools.cached_property
    def smooth(self) -> np.ndarray:
        """The loss averaged over the last fifth of the updates so far."""
        updates = np.arange(1, self.updates + 2)
        first = (0.8 * updates).astype(int)
        with np.errstate(over="ignore", invalid="ignore"):
            sums = np.concatenate([[0.0], np.cumsum(self.excess)])
            return (sums[updates] - sums[first]) / (updates - first)


@dataclass(frozen=True)
class Descent:
    """The three walks, and what they were told.

    Attributes
    ----------
    rate, momentum, decay : float
        η, β, and d: the rate after p passes is η / (1 + d p).
    axis : str
        One of `AXES`: what their losses are drawn over.
    walks : tuple of Walk
        In the order of `WALKERS`.
    problem : LinearProblem
    landscape : Landscape
        What they walk on.
    """

    rate: float
    momentum: float
    decay: float
    axis: str
    walks: tuple[Walk, ...]
    problem: LinearProblem
    landscape: Landscape

    @property
    def limit(self) -> float:
        """The largest stable rate of full-batch descent, 2 (1 + β)/λ_max."""
        return 2 * (1 + self.momentum) / float(self.problem.curvatures[1])

    @functools.cached_property
    def crossing(self) -> float | None:
        """Where on the axis the mini-batch gets ahead of one sample for good; None if it never does."""
        return crossing(self.walks[1], self.walks[2], self.axis)


def crossing(larger: Walk, smaller: Walk, axis: str) -> float | None:
    """Return from where on the loss of `larger` stays below that of `smaller`, which was ahead before."""
    ends = [walk.along(axis)[-1] for walk in (larger, smaller)]
    start = max(walk.along(axis)[1] for walk in (larger, smaller))
    at = np.geomspace(start, min(ends), 400)
    losses = [np.interp(at, walk.along(axis), walk.smooth) for walk in (larger, smaller)]
    if not np.isfinite(losses).all():
        return None
    ahead = np.flatnonzero(losses[0] >= losses[1])
    return float(at[ahead[-1] + 1]) if ahead.size and ahead[-1] + 1 < len(at) else None


def descend(
    rate: float,
    batch_size: int,
    rng: np.random.Generator,
    *,
    momentum: float = 0.0,
    decay: float = 0.0,
    start: tuple[float, float] = (-1.2, 0.6),
    replacement: bool = False,
    axis: str = "samples",
) -> Descent:
    """Let the three walkers descend on LeCun's problem, 40 passes over its 100 samples each.

    Parameters
    ----------
    rate : float
        η, above 0.
    batch_size : int
        Of the mini-batch walker, at most 100.
    rng : numpy.random.Generator
        Draws the order of the samples, the same for all walkers.
    momentum : float
        β, from 0 to below 1.
    decay : float
        d, 0 or more.
    start : tuple of float
        The first weights.
    replacement : bool
        Whether each sample is drawn from all, those used before included.
    axis : str
        One of `AXES`; it changes no walk.

    Raises
    ------
    TypeError, ValueError
        If an argument is out of its range.
    """
    rate = checks.positive("rate", rate)
    if checks.positive_int("batch_size", batch_size) > SAMPLES:
        raise ValueError(f"batch_size must be at most {SAMPLES}, the number of samples; got {batch_size}.")
    checks.below_one("momentum", momentum)
    checks.finite("decay", decay, low=0)
    checks.one_of("axis", axis, AXES)
    draw = checks.generator(rng)
    if checks.flag("replacement", replacement):
        orders = draw.integers(SAMPLES, size=(PASSES, SAMPLES))
    else:
        orders = draw.permuted(np.tile(np.arange(SAMPLES), (PASSES, 1)), axis=1)
    problem = lecun_problem()
    sizes = zip(WALKERS, (SAMPLES, batch_size, 1), strict=True)
    settings = (rate, momentum, decay)
    walks = tuple(_walk(problem, name, size, orders, settings, start) for name, size in sizes)
    return Descent(rate, momentum, decay, axis, walks, problem, lecun_landscape())


def _walk(problem, name, size, orders, settings, start):
    """Walk through all passes of `orders` with batches of `size`; the last of a pass may be shorter."""
    if size == SAMPLES:  # whatever was drawn, the full batch is every sample once
        orders = np.tile(np.arange(SAMPLES), (PASSES, 1))
    starts = np.arange(0, SAMPLES, size)
    counts = np.diff(np.append(starts, SAMPLES))
    x, targets = problem.x[orders], problem.targets[orders]
    # The gradient of a batch is A w − b; A = xᵀx/B has three numbers, b = xᵀt/B two.
    terms = np.stack(
        [x[..., 0] ** 2, x[..., 0] * x[..., 1], x[..., 1] ** 2, x[..., 0] * targets, x[..., 1] * targets]
    )
    means = np.add.reduceat(terms, starts, axis=2) / counts
    samples = np.concatenate([[0], np.cumsum(np.tile(counts, PASSES))])
    path = _follow(means.reshape(5, -1).T.tolist(), samples[:-1] / SAMPLES, settings, start)
    return Walk(name, size, path, samples, problem.above_lowest(path))


def _follow(batches, passes, settings, start):
    """Return the weights after each update: v ← β v + g, w ← w − η v. Plain numbers are quicker."""
    rate, momentum, decay = settings
    path = np.full((len(batches) + 1, 2), np.nan)
    path[0] = w1, w2 = start
    v1 = v2 = 0.0
    done = []
    rates = (rate / (1 + decay * passes)).tolist()
    for (a11, a12, a22, b1, b2), eta in zip(batches, rates, strict=True):
        v1 = momentum * v1 + a11 * w1 + a12 * w2 - b1
        v2 = momentum * v2 + a12 * w1 + a22 * w2 - b2
        w1, w2 = w1 - eta * v1, w2 - eta * v2
        if not abs(w1) + abs(w2) < LARGEST:
            break
        done.append((w1, w2))
    if done:
        path[1 : len(done) + 1] = done
    return path


def diagnose_descent(d: Descent, *, alone: bool = False) -> str:
    """Say where the rate stands beside its limit, and where each walker ends; `alone`: the first."""
    if alone:
        return f"η = {d.rate:.3g}: after {PASSES} steps the loss is {_end(d.walks[0])} above its minimum."
    ends = [_end(walk) for walk in d.walks]
    text = (
        f"{_beside_limit(d)} After {PASSES} passes the loss is {ends[0]} (full batch), {ends[1]} "
        f"({_size(d.walks[1])}) and {ends[2]} (one sample) above its minimum."
    )
    lost = [walk for walk in d.walks if walk.lost_at is not None]
    if lost:
        text += (
            f" NaN, “not a number”: after {lost[-1].lost_at:,} updates the weights of "
            f"{_who(lost[-1])} passed 3·10³⁸, the end of float32, where ∞ − ∞ begins."
        )
    elif d.crossing is not None and d.walks[1].batch_size > 1:
        unit = {"samples": "samples", "updates": "updates", "seconds": "s"}[d.axis]
        text += f" The mini-batch is ahead of one sample for good from {number(d.crossing)} {unit} on."
    return text


def _beside_limit(d):
    share, limit = d.rate / d.limit, f"the limit {d.limit:.2f} of the full batch"
    if share < 0.995:
        return f"η = {d.rate:.3g} is {100 * share:.2g} % of {limit}."
    if share < 1:
        return f"η = {d.rate:.3g} stands just below {limit}."
    if d.decay:
        return f"η = {d.rate:.3g} starts above {limit}; its decay takes it down."
    return f"η = {d.rate:.3g} is above {limit}: its steps overshoot ever further."


def _end(walk):
    """Say the loss over the last fifth of the updates."""
    value = walk.smooth[-1]
    if not math.isfinite(value):
        return "NaN"
    return digits(value, 2) if value else "0"


def _size(walk):
    return "1 at a time" if walk.batch_size == 1 else f"{walk.batch_size} at a time"


def _who(walk):
    return "the mini-batch" if walk.name == "mini-batch" else f"the {walk.name} walker"
