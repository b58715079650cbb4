"""Break the package on purpose, one mistake at a time, and see that a test fails each time.

Run with ``python -m scripts.mutants``, or name files (``nn/dense.py``) to break only those. The mistakes
stand in scripts/mutants.toml. Each is made in a temporary copy. The tests listed beside it run there with
-x, in a fork of this process, which has NumPy and pytest loaded already. Takes minutes; leaves nothing.
"""

import os
import shutil
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = Path(__file__).with_suffix(".toml")
CAUGHT, SURVIVED = 1, 0  # pytest's own exit codes
PYTEST = [
    "-x",
    "-q",
    "--timeout=60",
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


def read_mutants(path: Path = TABLE) -> list[Mutant]:
    """Return all mistakes of the table."""
    table = tomllib.loads(path.read_text())
    return [
        Mutant(file, what, old, new, tuple(own or part["tests"]))
        for file, part in table.items()
        for what, old, new, *own in part["mutants"]
    ]


def copy_to(folder: Path) -> None:
    """Copy what the tests need."""
    skip = shutil.ignore_patterns("__pycache__")
    for part in ("coursekit", "tests/nn"):
        shutil.copytree(ROOT / part, folder / part, ignore=skip)
    for file in ("pyproject.toml", "tests/test_training.py"):
        shutil.copy(ROOT / file, folder / file)


def run_tests(folder: Path, tests: tuple[str, ...]) -> int:
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
    import numpy as np  # noqa: F401
    from hypothesis import Phase, settings

    # A mistake has to be found; the smallest example of it is of no interest here.
    settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], database=None)
    settings.load_profile("mutants")
    copy_to(folder)
    for tests in sorted({mutant.tests for mutant in mutants}):
        if run_tests(folder, tests) != SURVIVED:
            raise SystemExit(f"{', '.join(tests)} fails with nothing broken.")
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


def main(files: list[str]) -> int:
    """Try all mistakes, or those of some files; return how many survived."""
    mutants = [mutant for mutant in read_mutants() if not files or mutant.file in files]
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
    sys.exit(bool(main(sys.argv[1:])))
