"""The learner's own copy: outputs cleared, nothing overwritten, a fresh one beside the old."""

import json

import nbformat
import pytest

from tools import own_copy


@pytest.fixture
def folders(tmp_path):
    lessons = tmp_path / "notebooks"
    lessons.mkdir()
    for name in ("00_start.ipynb", "05_weights.ipynb"):
        cell = nbformat.v4.new_code_cell("1 + 1", execution_count=7)
        cell.outputs = [nbformat.v4.new_output("stream", text="the answer")]
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# é"), cell])
        nbformat.write(made, lessons / name)
    return lessons, tmp_path / "my_course"


def test_outputs_are_cleared_and_sources_are_the_same(folders):
    lessons, own = folders
    assert [path.name for path in own_copy.copy_missing(*folders)] == ["00_start.ipynb", "05_weights.ipynb"]
    copied = nbformat.read(own / "05_weights.ipynb", as_version=4)
    nbformat.validate(copied)
    original = nbformat.read(lessons / "05_weights.ipynb", as_version=4)
    assert [cell.source for cell in copied.cells] == [cell.source for cell in original.cells]
    assert copied.cells[1].outputs == []
    assert copied.cells[1].execution_count is None
    assert "the answer" not in (own / "05_weights.ipynb").read_text()


def test_work_survives_an_update_of_the_course(folders):
    lessons, own = folders
    own_copy.copy_missing(*folders)
    (own / "00_start.ipynb").write_text("my own work")
    (lessons / "10_new.ipynb").write_text((lessons / "00_start.ipynb").read_text())
    assert [path.name for path in own_copy.copy_missing(*folders)] == ["10_new.ipynb"]
    assert (own / "00_start.ipynb").read_text() == "my own work"


def test_a_fresh_copy_stands_beside_the_old_one(folders):
    _, own = folders
    own_copy.copy_missing(*folders)
    (own / "05_weights.ipynb").write_text("my own work")
    fresh = [own_copy.copy_fresh("05", *folders).name for _ in range(2)]
    assert fresh == ["05_weights_fresh_1.ipynb", "05_weights_fresh_2.ipynb"]
    assert (own / "05_weights.ipynb").read_text() == "my own work"
    assert json.loads((own / fresh[0]).read_text())["cells"][1]["outputs"] == []
    for wrong in ("5", "99", "", "xx"):
        with pytest.raises(ValueError, match=r"there is no lesson .*; there are 00, 05"):
            own_copy.copy_fresh(wrong, *folders)


def test_an_unknown_lesson_is_told_and_makes_nothing(capsys):
    assert own_copy.main(["77"]) == 2
    assert "there is no lesson '77'" in capsys.readouterr().err


def test_git_ignores_it():
    assert "my_course/" in (own_copy.ROOT / ".gitignore").read_text().split()
