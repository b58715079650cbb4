"""Skeletons: what `make explorer` and `make lesson` write passes all checks, but for what is to do."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import skeleton

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv*", "my_course", "screenshots", "__pycache__", ".*_cache", "*.egg-info", "build")
)
EXPLORER = {
    "coursekit/experiments/wobble_of_things.py",
    "coursekit/plots/wobble_of_things.py",
    "coursekit/explorers/wobble_of_things.py",
    "tests/experiments/test_wobble_of_things.py",
    "tests/plots/test_wobble_of_things.py",
    "tests/explorers/test_wobble_of_things.py",
    "tools/faults/wobble_of_things.toml",
}
LESSON = {
    "lessons/42_last_things.py",
    "coursekit/claims/lesson_42/__init__.py",
    "coursekit/claims/lesson_42/last_things.py",
    "coursekit/exercises/lesson_42/__init__.py",
    "coursekit/exercises/lesson_42/last_things.py",
    "coursekit/exercises/lesson_42/predictions.py",
    "tests/exercises/lesson_42/test_last_things.py",
}
# What is still to do after `make lesson`: more claims, and the map of lesson 00.
TO_DO = {
    "test_a_lesson_rests_on_five_to_seven_claims_that_take_few_seconds[42]",
    "test_every_lesson_is_on_the_map_of_the_first[42_last_things]",
    "test_the_stated_minutes_are_those_of_its_words_moves_and_exercises[42_last_things]",
}


def contents(folder):
    """All files below a folder and what they hold, but for what tools leave behind."""
    paths = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Return a copy of the project in which both skeletons were made, and what it held before."""
    folder = tmp_path_factory.mktemp("copy") / "coursekit"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    before = contents(folder)
    skeleton.main(["explorer", "wobble_of_things", "42"], folder)
    skeleton.main(["lesson", "42_last_things"], folder)
    return folder, before


def run(folder, *command):
    """Run a module of Python in the copy, which stands first on its path."""
    env = {**os.environ, "PYTHONPATH": str(folder), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=env, capture_output=True, encoding="utf-8"
    )


def test_new_files_are_written_and_no_other_is_touched(house):
    folder, before = house
    after = contents(folder)
    assert after.keys() - before.keys() == EXPLORER | LESSON
    assert {name: after[name] for name in before} == before
    written = "".join(after[name].decode() for name in EXPLORER | LESSON)
    assert not re.search(r"my_subject|MySubject|my subject|\bNN\b|lesson_NN", written)
    for name in EXPLORER | LESSON:
        assert b"TODO" in after[name] or name.endswith(("__init__.py", "predictions.py"))


def test_they_pass_the_linter(house):
    folder, _ = house
    scripts = sorted(name for name in EXPLORER | LESSON if name.endswith(".py"))
    for job in (["check"], ["format", "--check"]):
        ruff = run(folder, "ruff", *job, "--no-cache", *scripts)
        assert ruff.returncode == 0, ruff.stdout


@pytest.mark.gate
def test_they_pass_the_tests_but_for_what_is_to_do(house):
    folder, _ = house
    for job in (["build_notebooks", "lessons/42_last_things.py"], ["claims_page", "last_things_todo"]):
        done = run(folder, f"tools.{job[0]}", *job[1:])
        assert done.returncode == 0, done.stderr
    files = sorted(name for name in EXPLORER | LESSON if Path(name).name.startswith("test_"))
    files += [
        "tests/explorers/test_sweeps.py",
        "tests/test_notebooks.py",
        "tests/claims/test_all_claims.py",
    ]
    chosen = "obble or 42 or last_things"
    options = ["-p", "no:nbval", "-p", "no:cacheprovider", "-q", "-m", "not slow", "-k", chosen]
    tests = run(folder, "pytest", *options, *files)
    failed = set(re.findall(r"^FAILED \S+?::(\S+)", tests.stdout, re.M))
    assert failed == TO_DO, tests.stdout
    assert int(re.search(r"(\d+) passed", tests.stdout)[1]) > 60


@pytest.mark.slow
def test_the_planted_faults_are_caught(house):
    folder, _ = house
    files = [name.removeprefix("coursekit/") for name in EXPLORER if name.startswith("coursekit/")]
    mutants = run(folder, "tools.mutants", "--table", "faults", *files)
    assert mutants.returncode == 0, mutants.stdout
    assert "5 of 5 caught" in mutants.stdout


BAD = ["", "Wobble", "wob-ble", "_wobble", "wobble_", "wob__ble", "2wobble", "class", "wob ble", "ä"]


@pytest.mark.parametrize("name", [*BAD, "../x", "w" * 25])
def test_a_bad_name_is_refused(name, tmp_path):
    for arguments in (["explorer", name, "05"], ["lesson", f"42_{name}"]):
        with pytest.raises(SystemExit, match="a name"):
            skeleton.main(arguments, tmp_path)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("lesson", ["", "5", "005", "x5", "0٥"])
def test_a_bad_lesson_is_refused(lesson, tmp_path):
    for arguments in (["explorer", "wobble", lesson], ["lesson", f"{lesson}_wobble"]):
        with pytest.raises(SystemExit, match="two digits"):
            skeleton.main(arguments, tmp_path)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("there", ["plots", "experiments", "explorers"])
def test_nothing_is_overwritten_and_nothing_half_written(there, tmp_path):
    file = tmp_path / "coursekit" / there / "wobble.py"
    file.parent.mkdir(parents=True)
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit, match=rf"coursekit/{there}/wobble\.py is there already"):
        skeleton.main(["explorer", "wobble", "05"], tmp_path)
    assert contents(tmp_path) == {f"coursekit/{there}/wobble.py": b"mine"}


def test_a_lesson_s_number_is_given_once(tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "10_overfitting.py").touch()
    with pytest.raises(SystemExit, match=r"lessons/10_overfitting\.py is there already"):
        skeleton.main(["lesson", "10_dropout"], tmp_path)


def test_the_longest_name_still_fits_the_lines(tmp_path):
    name = "a" * skeleton.LONGEST
    files = {
        **skeleton.plan("explorer", name, "05", tmp_path),
        **skeleton.plan("lesson", name, "42", tmp_path),
    }
    skeleton.write(files)
    scripts = [str(path) for path in files if path.suffix == ".py" and "lessons" not in path.parts]
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ruff = run(tmp_path, "ruff", "check", "--no-cache", "--select", "E501", *scripts)
    assert ruff.returncode == 0, ruff.stdout
