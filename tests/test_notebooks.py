"""The committed notebooks: executed, equal to their paired scripts, readable without a kernel."""

import re
import statistics
from pathlib import Path

import jupytext
import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
SCRIPTS = Path(__file__).parents[1] / "lessons"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_there_are_notebooks_and_each_has_its_script():
    assert NOTEBOOKS
    assert [n.stem for n in NOTEBOOKS] == [s.stem for s in sorted(SCRIPTS.glob("*.py"))]
    assert {path.suffix for path in FOLDER.iterdir() if path.is_file()} == {".ipynb"}, (
        "learners open this folder"
    )


@each
def test_it_is_valid_and_equals_its_paired_script(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    script = jupytext.read(SCRIPTS / f"{path.stem}.py", fmt="py:percent")
    cells = [[(c.cell_type, c.source.strip()) for c in one.cells] for one in (notebook, script)]
    assert cells[0] == cells[1], "run 'make notebooks'"


@each
def test_it_was_executed_from_top_to_bottom_without_errors(path):
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", cell.source


@each
def test_explorers_and_pictures_are_there_without_a_kernel(path):
    shown = [c for c in code_cells(path) if re.search(r"Explorer\(.*\)$|plots\.", c.source, re.M)]
    assert shown
    for cell in shown:
        data = next(o.data for o in cell.outputs if "image/png" in o.get("data", {}))
        assert data["image/png"].startswith("iVBORw0KGgo"), cell.source
        assert len(data["text/plain"]) > 10


@each
def test_cells_are_short_and_plotting_lives_in_the_package(path):
    sources = [cell.source for cell in code_cells(path)]
    lines = [
        len([x for x in s.splitlines() if x.strip() and not x.lstrip().startswith("#")]) for s in sources
    ]
    assert statistics.median(lines) <= 6
    assert max(lines) <= 20
    assert not any("plt." in source or "Output(" in source or "interact" in source for source in sources)


@each
def test_links_lead_somewhere(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\(([^)#]+)\)", cell.source):
                assert target.startswith("https://") or (FOLDER / target).exists(), target


@each
def test_every_lesson_is_on_the_map_of_the_first(path):
    start = nbformat.read(NOTEBOOKS[0], as_version=4)
    map_ = "\n".join(cell.source for cell in start.cells if "## The course" in cell.source)
    assert re.search(rf"^\| {path.stem[:2]} \| .*\|", map_, re.M)
    assert path == NOTEBOOKS[0] or f"({path.name})" in map_


@each
def test_every_lesson_has_its_parts(path):
    if path.stem.startswith("00"):
        pytest.skip("lesson 00 tells how lessons work; it is none itself")
    text = "\n".join(c.source for c in nbformat.read(path, as_version=4).cells)
    for part in ("After this lesson you can", "exercises.predict(", "Explorer(", "How to read it",
                 f'claims.table("{path.stem[:2]}")', "## Exercises", "exercises.check_",
                 "## What to remember", "## Sources", "Where this stops being true"):  # fmt: skip
        assert part in text, part


def words(markdown):
    """Return how many words are read where all folds are closed; a formula counts as one."""
    text = re.sub(r"<details>.*?</details>", "", markdown, flags=re.S)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " x ", re.sub(r"\]\([^)]*\)", "]", text), flags=re.S)
    return len(re.findall(r"\b[\w’'-]+\b", text))


def stretches(path):
    """Return how many words stand before each thing that shows something, and after the last."""
    counts = [0]
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            counts[-1] += words(cell.source)
        elif cell.outputs:
            counts.append(0)
    return counts


def test_words_are_counted_outside_folds():
    assert words("one two <details>three</details> $x + y$ [four](five/six.ipynb)") == 4


@each
def test_a_lesson_is_short_and_begins_soon(path):
    counts = stretches(path)
    assert sum(counts) <= 2400
    assert counts[0] <= 160
    assert max(counts[:-1]) <= 250


@each
def test_the_stated_minutes_are_those_of_its_words_moves_and_exercises(path):
    """120 words a minute, a minute for a prediction or an explorer, three for an exercise."""
    source = "\n".join(cell.source for cell in code_cells(path))
    text = "\n".join(c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown")
    moves = len(re.findall(r"exercises\.predict\(|explorers\.\w+Explorer\(|^explorer\.set\(", source, re.M))
    minutes = sum(stretches(path)) / 120 + moves + 3 * len(re.findall(r"exercises\.check_", source))
    stated = re.search(r"(\d+|ten) minutes", text)
    assert stated, "say how many minutes it takes"
    told = 10 if stated[1] == "ten" else int(stated[1])
    assert abs(told - minutes) <= 7, minutes
    assert minutes <= 45
