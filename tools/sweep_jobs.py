"""The points of a sweep on several processes or machines, each number kept as soon as it is known."""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from coursekit.claims.sweeps import Plan, Point
from coursekit.experiments.sweep import Sweep
from coursekit.nn import checks

Measure = Callable[[str, float, int], float]
Workers = Callable[[Measure, list[Point]], Iterable[tuple[Point, float]]]


class Journal:
    """A file of measured numbers, a line each, so that an interrupted sweep loses none.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path):
        self.path = path

    def load(self) -> dict[Point, float]:
        """Return what was measured; a line that an interruption has torn is left out."""
        if not self.path.exists():
            return {}
        known = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(ValueError, TypeError):
                name, at, seed, value = json.loads(line)
                known[str(name), float(at), int(seed)] = float(value)
        return known

    def add(self, point: Point, value: float) -> None:
        """Write one number; it starts a new line, whatever the last one was torn off at."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" + json.dumps([*point, value], ensure_ascii=False) + "\n")

    def forget(self) -> None:
        """Remove the file: its numbers are kept elsewhere now."""
        self.path.unlink(missing_ok=True)


def measure_all(plan: Plan, journal: Journal, workers: Workers) -> Sweep:
    """Measure each point that the journal does not know, and return the whole sweep."""
    known = journal.load()
    left = [point for point in plan.points() if point not in known]
    for point, value in workers(plan.measure, left) if left else ():
        known[point] = value
        journal.add(point, value)
    return plan.filled(known)


def on_processes(jobs: int) -> Workers:
    """Return workers that are processes of this machine (joblib).

    Parameters
    ----------
    jobs : int
        How many; with 1 the points are measured here, one after another.
    """
    jobs = checks.positive_int("jobs", jobs)

    def measure_each(measure: Measure, points: list[Point]) -> Iterator[tuple[Point, float]]:
        import joblib

        run = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
        yield from run(joblib.delayed(_measured)(measure, point) for point in points)

    return measure_each


def on_dask(address: str) -> Workers:
    """Return workers of a Dask cluster. One that dies is replaced, and its points are measured elsewhere.

    Parameters
    ----------
    address : str
        A scheduler's, such as ``tcp://host:8786``; or ``local``, for two workers on this machine.
    """

    def measure_each(measure: Measure, points: list[Point]) -> Iterator[tuple[Point, float]]:
        import distributed

        with contextlib.ExitStack() as stack:
            cluster = address
            if address == "local":
                cluster = stack.enter_context(
                    distributed.LocalCluster(
                        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
                    )
                )
            client = stack.enter_context(distributed.Client(cluster))
            jobs = [client.submit(_measured, measure, point, pure=False) for point in points]
            for _, pair in distributed.as_completed(jobs, with_results=True):
                yield pair

    return measure_each


def _measured(measure, point):
    return point, float(measure(*point))
