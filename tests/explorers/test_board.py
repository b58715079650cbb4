"""The board: recipes set switches, runs are kept, the test set opens once, a report is saved."""

import numpy as np
import pytest

from coursekit.experiments.recipe_run import last_run
from coursekit.explorers import BoardExplorer
from coursekit.nets.recipe import Recipe
from tests.explorers.driving import same


@pytest.fixture
def board():
    board = BoardExplorer(epochs=1)
    board.set(seed=0)
    yield board
    board.close()


def test_a_recipe_sets_the_switches_and_leaves_the_rest(board):
    values = {**board.values, "recipe": "gluon", "rate": 0.3, "weight_decay": 1e-3, "batch_size": 32}
    assert board.recipe(**values) == Recipe(
        "normal_0.01", False, True, 1e-3, False, centre=False, rate=0.3, batch_size=32
    )
    board.set(recipe="cs231n")
    assert board.controls["scheme"].disabled
    assert not board.controls["rate"].disabled
    assert "CS231n notes" in board._why[1].value + board._why[0].value
    assert board.result.run.recipe.scheme == "xavier_uniform"


def test_what_is_kept_stays_while_controls_move(board):
    board.keep().set(seed=1).keep().keep()
    ((words, rights),) = board.result.rows
    assert words == "He, batch norm, η 1"
    assert len(rights) == 2
    assert "2 kept seeds" in board.diagnosis
    board.set(epochs=2)
    assert board.result.rows == ()


def test_the_test_set_opens_once(board):
    sealed = board.result.run.sealed
    board.open_test_set()
    assert board.result.opened.right == sealed
    board.set(seed=1).open_test_set()
    assert board.result.opened.right == sealed
    assert "It opens once" in board.diagnosis


def test_what_has_not_ended_is_refused_in_words():
    BoardExplorer._finished.clear()
    board = BoardExplorer(epochs=1)
    assert board.result.done < 1  # it waits for Play
    for act in (board.keep, board.open_test_set, board.report):
        with pytest.raises(ValueError, match="come to its end"):
            act()
    board._buttons[0].click()
    assert "come to its end" in board._note.value
    board.close()


def test_buttons_do_what_they_say(board, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keep, open_, report = board._buttons
    keep.click()
    assert len(board.result.kept) == 1
    open_.click()
    assert board.result.opened is not None
    report.click()
    assert "saved as my_runs" in board._note.value
    assert {path.suffix for path in (tmp_path / "my_runs").iterdir()} == {".md", ".png"}
    text = next((tmp_path / "my_runs").glob("*.md")).read_text(encoding="utf-8")
    assert f"{100 * board.result.run.right:.1f} %" in text


def test_a_report_that_cannot_be_saved_says_why(board, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_runs").write_text("")
    board._buttons[2].click()
    assert "is a file" in board._note.value


def test_two_seeds_of_one_recipe_differ(board):
    first = board.result.run.right
    board.set(seed=1)
    assert board.result.run.right != first
    assert np.isfinite(board.result.run.sealed)


def test_every_control_reaches_the_run():
    own = {"rate": 0.5, "scheme": "xavier_uniform", "batch_norm": False, "dropout": True, "skip": True}
    own |= {"centre": False, "weight_decay": 1e-4, "batch_size": 32}
    board = BoardExplorer().set(seed=3, epochs=1, **own)
    by_hand = last_run(Recipe("xavier_uniform", False, True, 1e-4, True, False, 0.5, 32), 1000, 1, 3)
    assert same(board.result.run, by_hand)
    board.close()


def test_the_button_of_the_test_set_can_be_left_out_and_the_note_goes_with_the_run():
    board = BoardExplorer(test_set=False)
    keep, unlock, save = board._buttons
    assert [button.layout.display for button in (keep, unlock, save)] == [None, "none", None]
    board._note.value = "kept"
    board.controls["rate"].value = 0.5
    assert board._note.value == ""
