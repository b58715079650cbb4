"""Imports run one way, few come from elsewhere, and nothing draws from a generator that all share."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "coursekit").rglob("*.py"))

# What a part of coursekit may import from elsewhere, besides Python itself. What it may import of the rest
# of the package stands in pyproject.toml, for import-linter. A part that is missing here fails the test.
FOREIGN = {
    "words": set(),
    "palette": set(),
    "nets": {"numpy"},
    "compiled": {"numpy", "jax", "array_api_compat"},
    "experiments": {"numpy"},
    "nn": {"numpy"},
    "datasets": {"numpy", "pooch", "requests", "PIL"},  # Pillow comes with matplotlib
    "training": {"numpy"},
    "diagnostics": {"numpy", "threadpoolctl"},
    "plots": {"numpy", "matplotlib"},
    "explorers": {"numpy", "matplotlib", "ipywidgets", "anywidget", "traitlets", "IPython"},
    "exercises": {"numpy", "ipywidgets"},
    "claims": {"numpy"},
    "environment": {"packaging", "psutil"},
    "discovery": set(),
}
# The names under numpy.random that hold no hidden state.
EXPLICIT = {"Generator", "default_rng", "SeedSequence", "BitGenerator", "PCG64", "Philox"}


def part_of(path):
    """Name the part of coursekit that a file belongs to; "" for coursekit/__init__.py."""
    relative = path.relative_to(ROOT / "coursekit").with_suffix("")
    return "" if relative.parts == ("__init__",) else relative.parts[0]


def imported(source, package):
    """Return the full names of all that a file imports, wherever in it; `package` is the file's own."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            # `from coursekit import nn` names a part, `from coursekit.nn import Dense` does not.
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def foreign(source, part, package=None):
    """Return the imports from elsewhere that `part` of coursekit must not have."""
    names = imported(source, package or f"coursekit.{part}")
    tops = {name: name.partition(".")[0] for name in names}
    allowed = FOREIGN[part] | sys.stdlib_module_names | {"coursekit"}
    return {name for name, top in tops.items() if top not in allowed}


def hidden_draws(source):
    """Return the uses of a generator that all callers share: NumPy's global one, or Python's."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            chain = ast.unparse(node).split(".")
            if len(chain) == 3 and chain[:2] in (["np", "random"], ["numpy", "random"]):
                found |= {chain[2]} - EXPLICIT
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name in ("random", "numpy.random")}
        elif isinstance(node, ast.ImportFrom) and node.module in ("random", "numpy.random"):
            found |= {a.name for a in node.names} - (EXPLICIT if "numpy" in node.module else set())
        elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
            found |= {a.name for a in node.names if a.name == "random"}
    return found


def identity(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=identity)
def test_few_packages_are_imported(path):
    part = part_of(path)
    source = path.read_text(encoding="utf-8")
    if not part:
        assert imported(source, "coursekit") == set(), "import coursekit has to stay free"
        return
    assert part in FOREIGN, f"say in this test which packages coursekit/{part} may import"
    package = ".".join(path.relative_to(ROOT).with_suffix("").parts[:-1])
    assert foreign(source, part, package) == set()


@pytest.mark.parametrize("path", FILES, ids=identity)
def test_nothing_draws_from_a_generator_that_all_share(path):
    drawn = hidden_draws(path.read_text(encoding="utf-8"))
    if identity(path) == "coursekit/exercises/repair/search.py":
        drawn -= {"get_state", "set_state"}  # it puts the learner's own generator back
    assert drawn == set()


@pytest.mark.parametrize(
    ("part", "source", "wrong"),
    [
        ("nn", "import matplotlib.pyplot as plt", "matplotlib.pyplot"),
        ("nn", "import scipy", "scipy"),
        ("claims", "def f():\n    from matplotlib import cm", "matplotlib.cm"),
        ("experiments", "def f():\n    import jax", "jax"),
        ("datasets", "if True:\n    import ipywidgets", "ipywidgets"),
    ],
)
def test_a_wrong_package_would_be_seen(part, source, wrong):
    assert foreign(source, part) == {wrong}


def test_right_packages_pass():
    source = "import math\nimport numpy as np\nfrom . import dense\nfrom coursekit.nn import Dense"
    assert foreign(source, "nn") == set()


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the package, small enough to be broken on purpose."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path in FILES:
        to = folder / path.relative_to(ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to)
    return folder


def contracts(folder):
    """Run import-linter on a folder; return its exit code and what it says."""
    lint = shutil.which("lint-imports", path=Path(sys.executable).parent)
    command = [lint, "--no-cache", "--no-logo"]
    run = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    return run.returncode, run.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("nn/dense.py", "def f():\n    from coursekit import diagnostics"),
        ("nn/dense.py", "from ..plots import Picture"),
        ("nn/dense.py", "from coursekit.words import number"),
        ("datasets/toy.py", "from coursekit import training"),
        ("training.py", "from coursekit import nets"),
        ("nets/deep.py", "from coursekit import diagnostics"),
        ("diagnostics/plane.py", "import coursekit.experiments.race"),
        ("experiments/race.py", "from coursekit import plots"),
        ("plots/race.py", "import coursekit.explorers"),
        ("plots/race.py", "from coursekit.nn import Dense"),
        ("claims/claim.py", "from coursekit.plots.style import RC"),
        ("claims/claim.py", "from coursekit import exercises"),
        ("exercises/arrays.py", "from coursekit import explorers as e"),
        ("explorers/png.py", "from coursekit import claims"),
        ("experiments/tracing.py", "def f():\n    import jax"),
        ("nn/dense.py", "import array_api_compat"),
        ("compiled/forward.py", "from coursekit import experiments"),
        ("environment.py", "from coursekit import nn"),
        ("words.py", "from coursekit import palette"),
        ("rooms.py", "# a room without a place in the order"),
    ],
)
def test_a_wrong_import_breaks_a_contract(copy, file, line):
    path = copy / "coursekit" / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    code, said = contracts(copy)
    path.unlink() if before is None else path.write_text(before, encoding="utf-8")
    assert code == 1, said
    assert "BROKEN" in said or "declare every" in said or "xhaustive" in said, said


def test_imports_run_one_way(copy):
    code, said = contracts(copy)
    assert code == 0, said
    assert "0 broken" in said


@pytest.mark.parametrize(
    "source",
    [
        "np.random.seed(0)",
        "x = np.random.randn(3)",
        "numpy.random.normal(0, 1)",
        "def f(rng=np.random.mtrand): pass",
        "from numpy.random import rand",
        "from numpy import random",
        "import numpy.random as r",
        "import random",
        "from random import shuffle",
        "rng = np.random.RandomState(0)",
    ],
)
def test_a_hidden_draw_would_be_seen(source):
    assert hidden_draws(source)


def test_explicit_generators_pass():
    assert (
        hidden_draws("rng = np.random.default_rng(0)\ndef f(r: np.random.Generator): r.normal()") == set()
    )


def test_importing_nn_loads_no_picture_and_no_widget():
    code = (
        "import sys, coursekit.nn\n"
        "tops = {name.partition('.')[0] for name in sys.modules}\n"
        "parts = {name for name in sys.modules if name.startswith('coursekit.')}\n"
        "print(sorted(tops & {'matplotlib', 'ipywidgets', 'IPython', 'anywidget', 'pooch'}))\n"
        "print(sorted(name for name in parts if not name.startswith('coursekit.nn')))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["[]", "[]"]
