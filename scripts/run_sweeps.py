"""Run every sweep that a lesson shows, and write data/results. Takes minutes.

Run with ``python -m scripts.run_sweeps``, or name sweeps to run only those.
"""

import sys
import time

from coursekit.claims import SWEEPS, sweeps


def main(names: list[str]) -> None:
    """Run the named sweeps, or all."""
    for name in names or SWEEPS:
        start = time.perf_counter()
        plan = SWEEPS[name]
        sweeps.save(plan.run(), plan.path)
        print(f"{plan.path.name}: {plan.path.stat().st_size:,} bytes, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
