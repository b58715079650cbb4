"""Break the package on purpose, one mistake at a time, and see that a test fails each time.

Run with ``python -m tools.mutants``, or name files (``nn/dense.py``) to break only those. Two tables hold
the mistakes: tools/mutants.toml those in coursekit.nn, tools/faults.toml (``--table faults``) those in what
shows numbers: explorers, pictures, experiments, diagnostics, nets. Each is made in a temporary copy. The
tests listed beside it run there with -x, in a fork of this process, which has NumPy and pytest loaded
already. Takes minutes; leaves nothing.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLES = ("mutants", "faults")
CAUGHT, SURVIVED = 1, 0  # pytest's own exit codes
PYTEST = [
    "-x",
    "-q",
    "--timeout=120",
    "--disable-plugin-autoload",
    *("-p", "pytest_timeout", "-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # hypothesis is loaded before pytest
]


@dataclass(frozen=True)
class Mutant:
    """One mistake: in `file`, `old` (which stands there once) becomes `new`; `tests` ought to notice."""

    file: str
    what: str
    old: str
    new: str
    tests: tuple[str, ...]

    def apply(self, source: str) -> str:
        """Return the broken source.

        Raises
        ------
        ValueError
            If `old` does not stand in it exactly once, or nothing would change.
        SyntaxError
            If what comes out is no Python.
        """
        if source.count(self.old) != 1 or self.old == self.new:
            raise ValueError(
                f"{self.file}, {self.what}: found {source.count(self.old)} times: {self.old!r}"
            )
        broken = source.replace(self.old, self.new)
        compile(broken, self.file, "exec")
        return broken


def read_mutants(table: str = TABLES[0]) -> list[Mutant]:
    """Return all mistakes of one of the `TABLES`, and of the files in the folder of its name, if any."""
    here = Path(__file__).parent
    return [
        Mutant(file, what, old, new, tuple(own or part["tests"]))
        for path in (here / f"{table}.toml", *sorted((here / table).glob("*.toml")))
        for file, part in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for what, old, new, *own in part["mutants"]
    ]


def copy_to(folder: Path) -> None:
    """Copy what the tests need; the data, which nothing breaks, is only pointed at."""
    skip = shutil.ignore_patterns("__pycache__")
    for part in ("coursekit", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "data").symlink_to(ROOT / "data")


def run_tests(folder: Path, tests: Iterable[str]) -> int:
    """Run tests of the copy in a fork of this process; return pytest's exit code."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        import pytest

        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        os.chdir(folder)
        sys.path[:0] = [str(folder)]
        os._exit(pytest.main([*PYTEST, *(f"tests/{test}" for test in tests)]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def prepare(folder: Path, mutants: list[Mutant]) -> None:
    """Copy, load what all forks need, and demand that the tests pass while nothing is broken."""
    import hypothesis.extra.numpy  # noqa: F401
    import ipywidgets  # noqa: F401
    import matplotlib.figure  # noqa: F401
    import numpy as np  # noqa: F401
    from hypothesis import Phase, settings

    # A mistake has to be found; the smallest example of it is of no interest here.
    settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], database=None)
    settings.load_profile("mutants")
    copy_to(folder)
    wanted = sorted({test for mutant in mutants for test in mutant.tests})
    if run_tests(folder, wanted) != SURVIVED:
        failing = [test for test in wanted if run_tests(folder, [test]) != SURVIVED]
        raise SystemExit(f"{', '.join(failing)} fails with nothing broken.")
    sys.dont_write_bytecode = True


def is_caught(folder: Path, mutant: Mutant) -> bool:
    """Break the copy, run the tests, mend the copy."""
    path = folder / "coursekit" / mutant.file
    source = path.read_text()
    path.write_text(mutant.apply(source))
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()  # it would hide a change made within the same second
    try:
        code = run_tests(folder, mutant.tests)
    finally:
        path.write_text(source)
    if code not in (CAUGHT, SURVIVED):
        raise SystemExit(f"{mutant.file}, {mutant.what}: pytest ended with {code}.")
    return code == CAUGHT


def main(files: list[str], table: str = TABLES[0]) -> int:
    """Try all mistakes of a table, or those of some files; return how many survived."""
    mutants = [mutant for mutant in read_mutants(table) if not files or mutant.file in files]
    for mutant in mutants:
        mutant.apply((ROOT / "coursekit" / mutant.file).read_text())
    start, survivors = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, mutants)
        for mutant in mutants:
            caught = is_caught(folder, mutant)
            if not caught:
                survivors.append(mutant)
            print(f"{'caught  ' if caught else 'SURVIVED'}  {mutant.file}: {mutant.what}", flush=True)
    seconds = time.perf_counter() - start
    print(f"{len(mutants) - len(survivors)} of {len(mutants)} caught, {seconds:.0f} s")
    for mutant in survivors:
        print(f"SURVIVED  {mutant.file}: {mutant.what}  ({', '.join(mutant.tests)})")
    return len(survivors)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", help="break only these, such as nn/dense.py")
    parser.add_argument("--table", choices=TABLES, default=TABLES[0])
    asked = parser.parse_args()
    sys.exit(bool(main(asked.files, asked.table)))
