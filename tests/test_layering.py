"""Imports run one way, and nothing draws from NumPy's global generator: read off the syntax trees."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "coursekit").rglob("*.py"))

# What a part of coursekit may import of the rest of it, and from elsewhere (besides Python itself).
# A part that is missing here fails the test: say where it belongs.
OWN = {
    "nn": set(),
    "datasets": {"nn"},
    "training": {"nn", "datasets"},
    "diagnostics": {"nn", "datasets", "training"},
    "plots": {"diagnostics"},
    "explorers": {"nn", "datasets", "training", "diagnostics", "plots"},
    "exercises": {"nn", "datasets", "training", "diagnostics"},
    "claims": {"nn", "datasets", "training", "diagnostics"},
    "environment": set(),
}
FOREIGN = {
    "nn": {"numpy"},
    "datasets": {"numpy", "pooch", "requests"},
    "training": {"numpy"},
    "diagnostics": {"numpy", "threadpoolctl"},
    "plots": {"numpy", "matplotlib"},
    "explorers": {"numpy", "matplotlib", "ipywidgets", "ipympl", "IPython"},
    "exercises": {"numpy", "ipywidgets"},
    "claims": {"numpy"},
    "environment": {"packaging", "psutil"},
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


def breaches(source, part, package=None):
    """Return the imports that `part` of coursekit must not have."""
    bad = set()
    for name in imported(source, package or f"coursekit.{part}"):
        top, _, rest = name.partition(".")
        if top == "coursekit":
            if rest.split(".")[0] not in OWN[part] | {part}:
                bad.add(name)
        elif top not in sys.stdlib_module_names and top not in FOREIGN[part]:
            bad.add(name)
    return bad


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
def test_imports_run_one_way(path):
    part = part_of(path)
    source = path.read_text(encoding="utf-8")
    if not part:
        assert imported(source, "coursekit") == set(), "import coursekit has to stay free"
        return
    assert part in OWN, f"say in this test what coursekit/{part} may import"
    package = ".".join(path.relative_to(ROOT).with_suffix("").parts[:-1])
    assert breaches(source, part, package) == set()


def test_the_order_itself_has_no_circle():
    done = set()
    while remaining := OWN.keys() - done:
        free = {part for part in remaining if OWN[part] <= done}
        assert free, f"a circle among {sorted(remaining)}"
        done |= free
    assert not {"explorers", "plots"} & (OWN["claims"] | OWN["exercises"])


@pytest.mark.parametrize("path", FILES, ids=identity)
def test_nothing_draws_from_a_generator_that_all_share(path):
    assert hidden_draws(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("part", "source", "wrong"),
    [
        ("nn", "import matplotlib.pyplot as plt", "matplotlib.pyplot"),
        ("nn", "def f():\n    from coursekit import diagnostics", "coursekit.diagnostics"),
        ("nn", "from coursekit.datasets.toy import gaussian", "coursekit.datasets.toy.gaussian"),
        ("nn", "from ..plots import Picture", "coursekit.plots.Picture"),
        ("nn", "import scipy", "scipy"),
        ("datasets", "from coursekit import diagnostics", "coursekit.diagnostics"),
        ("diagnostics", "from coursekit import nn, plots", "coursekit.plots"),
        ("plots", "from coursekit.nn import Dense", "coursekit.nn.Dense"),
        ("plots", "import coursekit.explorers", "coursekit.explorers"),
        ("claims", "from coursekit.plots.style import RC", "coursekit.plots.style.RC"),
        ("exercises", "from coursekit import explorers as e", "coursekit.explorers"),
        ("datasets", "if True:\n    import ipywidgets", "ipywidgets"),
    ],
)
def test_a_wrong_import_would_be_seen(part, source, wrong):
    assert breaches(source, part) == {wrong}


def test_right_imports_pass():
    assert (
        breaches("import math\nimport numpy as np\nfrom . import dense\nfrom coursekit.nn import x", "nn")
        == set()
    )
    assert breaches("from coursekit import nn, datasets, diagnostics, plots", "explorers") == set()


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
        "print(sorted(tops & {'matplotlib', 'ipywidgets', 'IPython', 'ipympl', 'pooch'}))\n"
        "print(sorted(name for name in parts if not name.startswith('coursekit.nn')))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["[]", "[]"]
