"""Runs side by side: what is kept, what is said, the test set that opens once, and the report."""

import dataclasses

import numpy as np
import pytest

from coursekit.experiments.board import Board, Kept, Opened, diagnose_board, keep
from coursekit.experiments.recipe_run import RecipeRun
from coursekit.experiments.run_report import report_of
from coursekit.nets.recipe import Recipe


def run(right=0.8, seed=0, done=1.0, **more):
    told = {"recipe": Recipe(rate=1.0), "images": 1000, "epochs": 2, "seed": seed, "done": done}
    curves = {"losses": np.array([2.0, 0.7]), "train": np.array([0.1, 0.85, 0.9])}
    return RecipeRun(
        **{**told, **curves, "validation": np.array([0.1, 0.7, right]), "sealed": 0.78, **more}
    )


def kept(*rights, words="He, batch norm, η 1", length=(1000, 2)):
    return tuple(Kept(words, length, seed, right) for seed, right in enumerate(rights))


def test_a_run_is_kept_once():
    once = keep(run(), ())
    assert once == (Kept("He, batch norm, η 1", (1000, 2), 0, 0.8),)
    assert keep(run(), once) == once
    assert len(keep(run(seed=1), once)) == 2
    with pytest.raises(ValueError, match="come to its end"):
        keep(run(done=0.5), ())


def test_rows_are_recipes_of_the_run_s_own_length():
    others = kept(0.7, words="other"), kept(0.9, length=(4000, 2))
    board = Board(run(), (*kept(0.8, 0.81), *others[0], *others[1]))
    assert board.rows == (("He, batch norm, η 1", (0.8, 0.81)), ("other", (0.7,)))
    many = tuple(Kept(str(k), (1000, 2), 0, 0.8) for k in range(10))
    assert [words for words, _ in Board(run(), many).rows] == list("23456789")


def test_it_says_how_far_the_seeds_lie_apart():
    said = diagnose_board(Board(run(), kept(0.79, 0.812, 0.8)))
    assert "After 2 epochs on 1,000 images 80.0 % of 2,000 validation images are right, 90.0 %" in said
    assert "3 kept seeds of this recipe lie between 79.0 % and 81.2 %, 2.2 points apart." in said
    assert "kept seeds" not in diagnose_board(Board(run(), kept(0.79)))


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (run(done=0.0, validation=np.array([0.09])), "At the start 9.0 %"),
        (run(done=0.25), "After 0.5 epochs the loss is 0.7."),
        (run(0.1), "It has learned nothing."),
        (run(diverged_at=7), "At step 7 the numbers left the range of floats"),
    ],
)
def test_what_it_says_on_the_way_and_of_a_failure(made, words):
    assert words in diagnose_board(Board(made))


def test_the_test_set_is_told_and_a_second_look_is_called_what_it_is():
    opened = Opened("He, batch norm, η 1", 0.78, 0.8)
    first = diagnose_board(Board(run(), opened=opened))
    assert "78.0 % right, where the validation images had said 80.0 %." in first
    assert "opens once" not in first
    assert "opens once" in diagnose_board(Board(run(), opened=opened, asked_again=True))


def test_a_report_has_the_numbers_and_names_its_picture():
    report = report_of(Board(run(), kept(0.81, 0.8)), b"png")
    assert report.name == "he-batch-norm-η-1-1000x2-seed0"
    assert "| 2 | 90.0 % | 80.0 % |" in report.text
    assert "| He, batch norm, η 1 | 2 | 80.0 %, 81.0 % |" in report.text
    assert report.png == b"png"
    assert f"![the run]({report.name}.png)" in report.text
    assert "png" not in report._repr_markdown_()


def test_a_report_is_of_a_finished_run():
    with pytest.raises(ValueError, match="come to its end"):
        report_of(Board(run(done=0.4)), b"")


def test_a_board_is_done_as_far_as_its_run():
    assert Board(dataclasses.replace(run(), done=0.4)).done == 0.4
