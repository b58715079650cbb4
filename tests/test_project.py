"""The project's own files: dependency lists, commands, and what must not be in a commit."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import coursekit

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(lines):
    found = (re.fullmatch(r"\s*(?:- )?([A-Za-z0-9_.-]+)==([\w.]+)\s*", line) for line in lines)
    return {canonicalize_name(m[1]): m[2] for m in found if m}


CONSTRAINTS = pins((ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def recipe(target):
    """Return what a target of the Makefile needs, and the lines that it runs."""
    found = re.search(rf"^{target}:([^#\n]*)(?:##.*)?\n((?:\t.*\n)+)", MAKEFILE, re.M)
    return found[1].split(), [line.strip() for line in found[2].splitlines()]


def requirements(lines):
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def test_the_card_s_packages_are_real_dependencies():
    named = requirements(PROJECT["dependencies"])
    assert {"numpy", "jupyterlab", "ipywidgets", "matplotlib", "nbval", "anywidget"} <= set(named)


def test_every_requirement_is_pinned_inside_its_range():
    extras = PROJECT["optional-dependencies"]
    lines = PROJECT["dependencies"] + extras["test"] + extras["compiled"] + extras["dev"]
    for name, requirement in requirements(lines).items():
        assert name in CONSTRAINTS, f"{name} is not in constraints.txt: make lock"
        assert CONSTRAINTS[name] in requirement.specifier


def test_environment_yml_names_the_same_packages_at_the_same_versions():
    named = requirements(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["compiled"])
    assert pins(ENVIRONMENT.splitlines()) == {name: CONSTRAINTS[name] for name in named}
    assert f"python{PROJECT['requires-python']}" in ENVIRONMENT
    assert "-c constraints.txt" in ENVIRONMENT
    assert "-e ." in ENVIRONMENT


def test_make_test_installs_the_optional_half_of_lesson_12_and_make_lab_does_not():
    lab, test = (recipe(rf"\.venv/\.ready-{name}")[1] for name in ("lab", "test"))
    assert any('".[test,compiled]"' in line for line in test)
    assert not any("compiled" in line for line in lab)


def test_the_versions_agree():
    assert coursekit.__version__ == PROJECT["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_promises_what_is_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)`", readme):
        assert re.search(rf"^{target}:", MAKEFILE, re.M), target
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", readme):
        assert (ROOT / link).exists(), link


def test_the_readme_s_example_runs(capsys):
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)[1]
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out.strip().endswith(".")


def test_each_tier_holds_the_one_before():
    """What a check runs, a test runs too; what gates a change is run at night too."""
    assert [recipe(tier)[0] for tier in ("check", "test", "full")] == [["style"]] * 3
    check, test, full = (recipe(tier)[1] for tier in ("check", "test", "full"))
    assert check == ['$(PYTEST) -m "not gate and not browser and not slow"']
    assert test == ['$(PYTEST) --durations=15 -m "not browser and not slow"', "$(NBVAL)", "$(BROWSER)"]
    assert set(test[1:]) <= set(full)
    for marked in ('$(PYTEST) -m "not browser and not slow"', '$(PYTEST) -m "slow and not browser"'):
        assert any(line.startswith(marked) for line in full)
    for table in ("tools.mutants", "tools.mutants --table faults", "tools.run_sweeps --check"):
        assert f"$(BIN)/python -m {table}" in full


def test_every_command_says_what_it_is_for():
    run = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.M)[1].split()
    assert sorted(re.findall(r"^make (\w+) +\S", run.stdout, re.M)) == sorted(phony)


def test_ci_runs_the_readme_s_own_command():
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^make test$", run, re.M)
    assert "chromium" in run


def workflow(name):
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))


def commands(job):
    return [step["run"].strip() for step in job["steps"] if "run" in step]


def test_workflows_cover_systems_pythons_and_both_ends_of_the_ranges():
    jobs = workflow("test")["jobs"]
    assert commands(jobs["gate"]) == [".ci/run"]
    assert jobs["linux"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert commands(jobs["linux"]) == ["make PYTHON=python check"]
    assert jobs["systems"]["strategy"]["matrix"]["system"] == ["macos-latest", "windows-latest"]
    assert not any(line.startswith("make") for line in commands(jobs["systems"])), "Windows has no make"
    versions = [one["versions"] for one in jobs["dependencies"]["strategy"]["matrix"]["include"]]
    assert versions == ["oldest", "newest"]
    nightly = workflow("nightly")
    assert nightly[True]["schedule"], "YAML reads the key `on` as true"
    assert commands(nightly["jobs"]["full"]) == [".ci/run full"]


def test_other_systems_run_the_very_tests_of_make_check():
    marks = workflow("test")["env"]["UNIT"]
    assert f'-m "{marks}"' in recipe("check")[1][0]


def test_hooks_run_what_the_style_check_runs_and_come_from_nowhere_else():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    tools = {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in hooks[0]["hooks"]}
    assert tools == {line.split()[0].removeprefix("$(BIN)/") for line in recipe("style")[1]}


def test_issue_forms_ask_for_something():
    forms = {path.stem: path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")}
    assert forms.keys() == {"config", "bug", "lesson_is_wrong", "question"}
    for name in forms.keys() - {"config"}:
        form = yaml.safe_load(forms[name].read_text(encoding="utf-8"))
        assert form["name"]
        assert form["description"]
        assert any(part.get("validations", {}).get("required") for part in form["body"])


def test_the_citation_names_this_version_and_both_licences():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert " AND ".join(citation["license"]) == PROJECT["license"]
    for file in PROJECT["license-files"]:
        assert (ROOT / file).exists()
    for page in ("README.md", "lessons/README.md"):
        assert "LICENSE-lessons.md" in (ROOT / page).read_text(encoding="utf-8")


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
