"""What does one technique do? Differences to the same net without it, seed by seed."""

from dataclasses import dataclass

import numpy as np

from coursekit.experiments.sweep import Sweep

# The 97.5 % quantile of Student's t with 1, 2, … 9 degrees of freedom (any table of it).
T_QUANTILE = (12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


def half_width(differences: np.ndarray) -> float:
    r"""Return half the width of the 95 % interval of a mean, :math:`t_{R-1}\, s / \sqrt R`.

    Parameters
    ----------
    differences : ndarray, shape (R,)
        R from 2 to 10; s is their spread with R − 1 in the divisor.

    Raises
    ------
    ValueError
        If there are fewer or more.
    """
    differences = np.asarray(differences, dtype=float)
    count = differences.size
    if differences.ndim != 1 or not 2 <= count <= 10:
        raise ValueError(f"an interval needs 2 to 10 differences in a row; got {differences.shape}.")
    return float(T_QUANTILE[count - 2] * differences.std(ddof=1) / np.sqrt(count))


@dataclass(frozen=True)
class Effect:
    """One technique, switched.

    Attributes
    ----------
    name : str
        What was switched.
    rate : float
        The rate at which its accuracy, averaged over the seeds, is highest in the grid.
    differences : ndarray, shape (R,)
        Its accuracy at that rate minus the base's at the base's best rate, for each seed.
    """

    name: str
    rate: float
    differences: np.ndarray

    @property
    def mean(self) -> float:
        """The mean difference."""
        return float(self.differences.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the mean difference."""
        half = half_width(self.differences)
        return self.mean - half, self.mean + half

    @property
    def exceeds_scatter(self) -> bool:
        """Whether the interval excludes 0."""
        low, high = self.interval
        return low > 0 or high < 0


@dataclass(frozen=True)
class Ablation:
    """A base and what each switch does to it.

    Attributes
    ----------
    base : str
    base_rate : float
        The base's best rate.
    right : ndarray, shape (R,)
        The base's accuracies there.
    effects : tuple of Effect
    seeds : tuple of int
    """

    base: str
    base_rate: float
    right: np.ndarray
    effects: tuple[Effect, ...]
    seeds: tuple[int, ...]


IN_FULL = {"neither": "N(0, 0.01²), no batch norm"}


def ablation_of(sweep: Sweep) -> Ablation:
    """Return what each series of a sweep does to the first, each at its own best rate."""
    at_best = {name: _best(sweep, name) for name in sweep.names}
    base, *others = sweep.names
    base_rate, right = at_best[base]
    effects = tuple(
        Effect(IN_FULL.get(name, name), at_best[name][0], at_best[name][1] - right) for name in others
    )
    return Ablation(base, base_rate, right, effects, sweep.seeds)


def _best(sweep, name):
    values = sweep.series(name)
    best = int(values.mean(axis=1).argmax())
    return float(sweep.x[best]), values[best]


def diagnose_ablation(ablation: Ablation) -> str:
    """Say which switches do more than the scatter, and which do not."""
    clear = [e for e in ablation.effects if e.exceeds_scatter]
    unclear = [e.name for e in ablation.effects if not e.exceeds_scatter]
    parts = [f"{e.name} {100 * e.mean:+.1f}".replace("-", "−") for e in clear]
    said = f"Beyond the scatter of {len(ablation.seeds)} seeds, in points: {'; '.join(parts) or 'nothing'}."
    return f"{said}\nWithin it: {', '.join(unclear)}." if unclear else said
