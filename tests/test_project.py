"""The project's own files: dependency lists, commands, and what must not be in a commit."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import coursekit

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(lines):
    found = (re.fullmatch(r"\s*(?:- )?([A-Za-z0-9_.-]+)==([\w.]+)\s*", line) for line in lines)
    return {canonicalize_name(m[1]): m[2] for m in found if m}


CONSTRAINTS = pins((ROOT / "constraints.txt").read_text().splitlines())
ENVIRONMENT = (ROOT / "environment.yml").read_text()


def requirements(lines):
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def test_the_card_s_packages_are_real_dependencies():
    named = requirements(PROJECT["dependencies"])
    assert {"numpy", "jupyterlab", "ipywidgets", "matplotlib", "nbval", "ipympl"} <= set(named)


def test_every_requirement_is_pinned_inside_its_range():
    lines = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
    for name, requirement in requirements(lines).items():
        assert name in CONSTRAINTS, f"{name} is not in constraints.txt: make lock"
        assert CONSTRAINTS[name] in requirement.specifier


def test_environment_yml_names_the_same_packages_at_the_same_versions():
    named = requirements(PROJECT["dependencies"])
    assert pins(ENVIRONMENT.splitlines()) == {name: CONSTRAINTS[name] for name in named}
    assert f"python{PROJECT['requires-python']}" in ENVIRONMENT
    assert "-c constraints.txt" in ENVIRONMENT
    assert "-e ." in ENVIRONMENT


def test_the_versions_agree():
    assert coursekit.__version__ == PROJECT["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_readme_promises_what_is_there():
    readme = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make (\w+)`", readme):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", readme):
        assert (ROOT / link).exists(), link


def test_ci_runs_the_readme_s_own_command():
    run = (ROOT / ".ci" / "run").read_text()
    assert re.search(r"^make test$", run, re.M)
    assert "chromium" in run


@pytest.mark.parametrize("target", ["lab", "test"])
def test_a_second_call_installs_nothing(target):
    """Make's dry run of an up-to-date set-up names no pip."""
    stamp = ROOT / ".venv" / f".ready-{target}"
    if not stamp.exists():
        pytest.skip("not set up by make on this machine")
    plan = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "pip" not in plan.replace("nbval", "")
    assert "127.0.0.1" in plan or target == "test"
