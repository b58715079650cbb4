"""Is everything here that the course needs? Said in words."""

import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil
from packaging.requirements import Requirement

REMEDY = "Set the course up again as the README says: 'make lab', or the lines below it."
# The browser's half of the widgets lives in the environment that runs JupyterLab.
EXTENSIONS = {"anywidget": "anywidget", "ipywidgets": "@jupyter-widgets/jupyterlab-manager"}


@dataclass(frozen=True)
class Environment:
    """What `check` found.

    Attributes
    ----------
    problems : tuple of str
        One sentence each; empty if all is well.
    """

    problems: tuple[str, ...]

    def __repr__(self) -> str:
        if not self.problems:
            return "Everything the course needs is here."
        return "\n".join((*self.problems, REMEDY))


def check() -> Environment:
    """Look for missing or wrong packages, widgets without their half, mixed environments."""
    return Environment((*_packages(), *_extensions(Path(sys.prefix)), *_mixed()))


def _packages(requires=None):
    if requires is None:
        try:
            requires = metadata.requires("coursekit")
        except metadata.PackageNotFoundError:
            yield "The package coursekit itself is not installed here, so its needs are unknown."
            return
    for line in requires:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield f"The package {requirement.name} is missing."
            continue
        if version not in requirement.specifier:
            yield f"{requirement.name} is at version {version}; the course needs {requirement.specifier}."


def _extensions(prefix):
    for package, folder in EXTENSIONS.items():
        if not (prefix / "share" / "jupyter" / "labextensions" / folder).is_dir():
            yield f"JupyterLab's half of {package} is missing: sliders or pictures would stay blank."


def _mixed(server_pid=None):
    """Compare the Python that runs JupyterLab with the one that runs this kernel."""
    pid = os.environ.get("JPY_PARENT_PID") if server_pid is None else server_pid
    try:
        server = Path(psutil.Process(int(pid)).cmdline()[0])
    except (TypeError, ValueError, IndexError, psutil.Error):
        return  # no server, or one that may not be looked at: nothing to compare
    if server.is_absolute() and server.parent != Path(sys.executable).parent:
        yield (
            f"JupyterLab runs in {server.parent}, this notebook in {Path(sys.executable).parent}: widgets "
            "may stay blank. Choose the kernel 'Python 3 (coursekit)', or start JupyterLab from there."
        )
