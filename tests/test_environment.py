"""The environment check finds what makes widgets stay blank, and is content here."""

import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import psutil
import pytest

from coursekit import environment
from coursekit.environment import EXTENSIONS, REMEDY, Environment, check


def test_all_is_well_here(monkeypatch):
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    found = check()
    assert found.problems == ()
    assert repr(found) == "Everything the course needs is here."


def test_a_missing_package_is_named():
    problems = list(environment._packages(["numpy>=1", "no-such-package-at-all>=3"]))
    assert problems == ["The package no-such-package-at-all is missing."]


@pytest.mark.parametrize("wanted", ["numpy<1", "numpy>=99", "numpy==1.0"])
def test_a_version_out_of_range_is_named_with_both_versions(wanted):
    (problem,) = environment._packages([wanted])
    assert problem == (
        f"numpy is at version {metadata.version('numpy')}; the course needs {wanted.removeprefix('numpy')}."
    )


def test_versions_are_compared_as_versions(monkeypatch):
    versions = {"a": "4.10", "b": "4.9", "c": "5.0"}
    monkeypatch.setattr(environment.metadata, "version", versions.__getitem__)
    problems = list(environment._packages(["a>=4.9,<5", "b>=4.10,<5", "c>=4,<5"]))
    assert [problem[0] for problem in problems] == ["b", "c"]


def test_what_only_tests_or_other_systems_need_is_left_out():
    lines = [
        'no-such-package; extra == "test"',
        'no-such-package; python_version < "3"',
        'no-such-package; sys_platform == "nowhere"',
    ]
    assert list(environment._packages(lines)) == []
    assert list(environment._packages(['no-such-package; python_version >= "3"']))


def test_the_course_s_own_requirements_are_the_ones_looked_at(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(environment.metadata, "version", missing)
    text = " ".join(environment._packages())
    for name in ("numpy", "jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib"):
        assert f"The package {name} is missing." in text
    assert "pytest" not in text


def test_a_course_that_is_not_installed_is_said(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(environment.metadata, "requires", missing)
    (problem,) = environment._packages()
    assert "coursekit itself is not installed" in problem


def test_missing_halves_of_widgets_are_named(tmp_path):
    problems = list(environment._extensions(tmp_path))
    assert len(problems) == 2
    for package, problem in zip(EXTENSIONS, problems, strict=True):
        assert f"JupyterLab's half of {package} is missing" in problem
    there = tmp_path / "share" / "jupyter" / "labextensions"
    (there / "anywidget").mkdir(parents=True)
    (problem,) = environment._extensions(tmp_path)
    assert "half of ipywidgets" in problem
    (there / "@jupyter-widgets" / "jupyterlab-manager").mkdir(parents=True)
    assert list(environment._extensions(tmp_path)) == []


def test_the_folders_are_those_of_the_installed_packages():
    for package, folder in EXTENSIONS.items():
        owner = "jupyterlab_widgets" if package == "ipywidgets" else package
        files = metadata.files(owner)
        assert any(f"labextensions/{folder}/" in file.as_posix() for file in files)


@pytest.fixture
def server(tmp_path):
    """Return a function that starts a Python under another name and gives its process number."""
    started = []

    def start(python):
        process = subprocess.Popen([str(python), "-c", "import time; time.sleep(60)"])
        started.append(process)
        while not psutil.Process(process.pid).cmdline():
            time.sleep(0.01)
        return process.pid

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="a link to Python needs rights there")
def test_a_server_from_another_environment_is_named(server, tmp_path):
    other = tmp_path / "elsewhere" / "bin" / "python"
    other.parent.mkdir(parents=True)
    other.symlink_to(Path(sys.executable).resolve())
    (problem,) = environment._mixed(server(other))
    assert f"JupyterLab runs in {other.parent}, this notebook in {Path(sys.executable).parent}" in problem
    assert "Python 3 (coursekit)" in problem


def test_a_server_from_this_environment_is_fine(server):
    assert list(environment._mixed(server(sys.executable))) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a link to Python needs rights there")
def test_check_asks_the_server_that_started_the_kernel(server, tmp_path, monkeypatch):
    other = tmp_path / "python"
    other.symlink_to(Path(sys.executable).resolve())
    monkeypatch.setenv("JPY_PARENT_PID", str(server(other)))
    found = check()
    assert len(found.problems) == 1
    assert str(tmp_path) in found.problems[0]
    monkeypatch.setenv("JPY_PARENT_PID", str(server(sys.executable)))
    assert check().problems == ()


@pytest.mark.parametrize("pid", ["", "no number", "-1", "0", str(2**31 - 1)])
def test_a_server_that_cannot_be_looked_at_is_no_problem(pid, monkeypatch):
    monkeypatch.setenv("JPY_PARENT_PID", pid)
    assert list(environment._mixed()) == []


def test_a_server_hidden_from_us_is_no_problem(monkeypatch):
    def hidden(pid):
        raise psutil.AccessDenied(pid)

    monkeypatch.setattr(environment.psutil, "Process", hidden)
    assert list(environment._mixed(1)) == []


def test_problems_end_with_the_remedy():
    text = repr(Environment(("One thing.", "Another.")))
    assert text == f"One thing.\nAnother.\n{REMEDY}"
    assert "make lab" in text


def test_check_gathers_all_three(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.metadata, "requires", lambda name: ["no-such-package"])
    monkeypatch.setattr(environment.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(environment, "_mixed", lambda: ["mixed."])
    problems = check().problems
    assert len(problems) == 4
    assert problems[0] == "The package no-such-package is missing."
    assert problems[-1] == "mixed."
