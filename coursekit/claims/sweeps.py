"""Sweeps: measurements that take minutes, kept in small files and measured again in part by a test.

``python -m tools.run_sweeps`` runs every plan and writes data/results/NAME.npz; with ``--jobs`` or
``--dask`` on several processes or machines, and it goes on where it was interrupted. A lesson shows the
file; `remeasure` runs a few of its points anew.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit.experiments.sweep import Sweep
from coursekit.nn import checks

Point = tuple[str, float, int]
FOLDER = Path(__file__).parents[2] / "data" / "results"


@dataclass(frozen=True)
class Plan:
    """What to measure where.

    Attributes
    ----------
    name : str
        Of the file.
    lesson : str
        Two digits.
    question, x_label, y_label : str
        For the picture.
    x : tuple of float
        The settings.
    names : tuple of str
        The series.
    measure : callable
        (series, setting, seed) to a number.
    seeds : tuple of int
    tolerance : float
        By how much a number may differ when it is measured again: processors round differently, and
        training amplifies that. With `log_y` a share of the number.
    log_y : bool
        Whether the numbers span decades.
    sample : int
        How many of its points a test of each change measures again; fewer where one takes seconds.
        ``python -m tools.run_sweeps --check`` measures all of them.
    """

    name: str
    lesson: str
    question: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    names: tuple[str, ...]
    measure: Callable[[str, float, int], float]
    seeds: tuple[int, ...]
    tolerance: float
    log_y: bool = False
    sample: int = 4

    @property
    def path(self) -> Path:
        """Where its results are kept."""
        return FOLDER / f"{self.name}.npz"

    def run(self, x: tuple[float, ...] | None = None, seeds: tuple[int, ...] | None = None) -> Sweep:
        """Measure now, all of it or the given settings and seeds."""
        points = self.points(x, seeds)
        return self.filled({point: self.measure(*point) for point in points}, x, seeds)

    def points(
        self, x: tuple[float, ...] | None = None, seeds: tuple[int, ...] | None = None
    ) -> list[Point]:
        """Return every (series, setting, seed) in order, of all or of the given settings and seeds."""
        x, seeds = self.x if x is None else x, self.seeds if seeds is None else seeds
        return [(name, at, seed) for name in self.names for at in x for seed in seeds]

    def filled(
        self,
        values: Mapping[Point, float],
        x: tuple[float, ...] | None = None,
        seeds: tuple[int, ...] | None = None,
    ) -> Sweep:
        """Return the sweep whose numbers were measured elsewhere, one for each point."""
        x, seeds = self.x if x is None else x, self.seeds if seeds is None else seeds
        numbers = [[[values[name, at, seed] for seed in seeds] for at in x] for name in self.names]
        return Sweep(
            self.question,
            self.x_label,
            self.y_label,
            np.array(x, dtype=float),
            self.names,
            np.array(numbers, dtype=float),
            tuple(seeds),
            f"coursekit.claims sweep '{self.name}', NumPy {np.__version__}, float32",
            self.log_y,
        )


def save(sweep: Sweep, path: Path) -> None:
    """Write the numbers, the seeds and how they were made; no pickles."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path, allow_pickle=False, x=sweep.x, values=sweep.values, names=np.array(sweep.names),
        seeds=np.array(sweep.seeds), provenance=np.array(sweep.provenance),
    )  # fmt: skip


def load(plan: Plan) -> Sweep:
    """Return the results that are kept for `plan`.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If the file cannot be read, or belongs to other settings than the plan's.
    """
    if not plan.path.exists():
        raise FileNotFoundError(f"{plan.path} is missing: restore it, or run python -m tools.run_sweeps.")
    try:
        with np.load(io.BytesIO(plan.path.read_bytes()), allow_pickle=False) as file:
            kept = {key: file[key] for key in ("x", "values", "names", "seeds", "provenance")}
        numbers = kept["x"].dtype.kind == kept["values"].dtype.kind == "f"
        same = numbers and all(
            (
                kept["values"].shape == (len(plan.names), len(plan.x), len(plan.seeds)),
                kept["names"].tolist() == list(plan.names),
                kept["seeds"].tolist() == list(plan.seeds),
                kept["x"].shape == (len(plan.x),) and np.allclose(kept["x"], plan.x),
            )
        )
    except Exception as error:  # a broken archive can raise anything
        raise ValueError(f"{plan.path} is no results file ({error}): restore it.") from error
    if not same:
        raise ValueError(f"{plan.path} was made by another plan: run python -m tools.run_sweeps.")
    return Sweep(
        plan.question, plan.x_label, plan.y_label, kept["x"], plan.names, kept["values"], plan.seeds,
        str(kept["provenance"]), plan.log_y,
    )  # fmt: skip


def agrees(plan: Plan, kept: float, now: float) -> bool:
    """Whether a number measured again lies within the plan's tolerance of the kept one; nan never does."""
    allowed = plan.tolerance * abs(kept) if plan.log_y else plan.tolerance
    return abs(now - kept) <= allowed


def remeasure(
    plan: Plan, points: int, rng: np.random.Generator
) -> list[tuple[str, float, int, float, float]]:
    """Measure `points` random points of a plan again; return series, setting, seed, kept and new number."""
    kept, found = load(plan), []
    for _ in range(checks.positive_int("points", points)):
        s, i, r = (int(rng.integers(n)) for n in kept.values.shape)
        name, at, seed = plan.names[s], plan.x[i], plan.seeds[r]
        found.append((name, at, seed, float(kept.values[s, i, r]), float(plan.measure(name, at, seed))))
    return found
