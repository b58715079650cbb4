"""Run every sweep that a lesson shows, and write data/results. Takes minutes.

Run with ``python -m tools.run_sweeps``, or name sweeps to run only those. ``--jobs 4`` measures in four
processes of this machine, ``--dask local`` on a Dask cluster of this machine, ``--dask tcp://host:8786`` on
one that runs elsewhere. What is measured is kept at once: a sweep that was interrupted goes on where it
stopped. With ``--check`` nothing is written: every number is measured again and compared with the kept one.
"""

import argparse
import sys
import time

from coursekit.claims import SWEEPS, sweeps
from coursekit.nn import checks
from tools import sweep_jobs


def run(plan: sweeps.Plan, workers: sweep_jobs.Workers) -> None:
    """Measure what is not yet measured of a sweep, and keep it."""
    start = time.perf_counter()
    journal = sweep_jobs.Journal(plan.path.with_suffix(".part.jsonl"))
    sweeps.save(sweep_jobs.measure_all(plan, journal, workers), plan.path)
    journal.forget()
    print(f"{plan.path.name}: {plan.path.stat().st_size:,} bytes, {time.perf_counter() - start:.0f} s")


def check(plan: sweeps.Plan) -> int:
    """Measure every number of a sweep again; tell those that differ, and return how many."""
    kept, start, wrong = sweeps.load(plan), time.perf_counter(), 0
    for (series, x, seed), before in zip(plan.points(), kept.values.ravel().tolist(), strict=True):
        now = float(plan.measure(series, x, seed))
        if not sweeps.agrees(plan, before, now):
            wrong += 1
            print(f"{plan.name}: {series} at {x:g}, seed {seed}: kept {before:.3g}, now {now:.3g}")
    seconds = time.perf_counter() - start
    print(
        f"{plan.name}: {kept.values.size - wrong} of {kept.values.size} as kept, {seconds:.0f} s",
        flush=True,
    )
    return wrong


def main(names: list[str], checking: bool = False, jobs: int = 1, dask: str | None = None) -> int:
    """Run the named sweeps, or all; return how many kept numbers are wrong, if only checking."""
    plans = [SWEEPS[checks.one_of("sweep", name, tuple(SWEEPS))] for name in names or SWEEPS]
    if checking:
        return sum(map(check, plans))
    workers = sweep_jobs.on_processes(jobs) if dask is None else sweep_jobs.on_dask(dask)
    for plan in plans:
        run(plan, workers)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"only these: {', '.join(SWEEPS)}")
    parser.add_argument("--check", action="store_true", help="compare with what is kept, write nothing")
    parser.add_argument("--jobs", type=int, default=1, help="processes on this machine, 1 if not said")
    parser.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler's address, or local")
    asked = parser.parse_args()
    sys.exit(bool(main(asked.names, asked.check, asked.jobs, asked.dask)))
