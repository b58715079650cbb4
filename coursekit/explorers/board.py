"""The board of lesson 13: train by a recipe, keep the run, and see whether another one is ahead of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import ipywidgets as widgets

from coursekit.experiments.board import Board, Kept, Opened, diagnose_board, keep
from coursekit.experiments.recipe_run import RECIPES, recipe_runs
from coursekit.experiments.run_report import RunReport, report_of
from coursekit.explorers import controls
from coursekit.explorers.long import LongExplorer
from coursekit.explorers.run_report import save_report
from coursekit.nets.recipe import Recipe
from coursekit.plots.board import BoardRuns

NAMES = (
    *(("your own", "own"), ("Gluon notes", "gluon")),
    *(("CS231n notes", "cs231n"), ("batch norm notes", "batch_norm_notes")),
)
SCHEMES = (("He", "he_normal"), ("Xavier", "xavier_uniform"), ("N(0, 0.01²)", "normal_0.01"))
DECAYS = (("0", 0.0), ("0.0001", 1e-4), ("0.001", 1e-3), ("0.01", 1e-2))
SIZES = (("32", 32), ("64", 64), ("256", 256))
IMAGES = (("1,000", 1000), ("4,000", 4000), ("8,000", 8000))
OF_A_RECIPE = ("scheme", "batch_norm", "dropout", "skip", "centre")


class BoardExplorer(LongExplorer):
    """Switch every technique of the course, train, and keep runs side by side, a dot for each seed.

    A LeNet learns Fashion-MNIST by plain gradient descent, its rate falling to 0 along half a cosine wave.
    What is kept belongs to this explorer; the test set opens once.

    Parameters
    ----------
    test_set : bool
        Whether there is a button for it; without one it stays closed, but for code.
    """

    waits_for_play = True
    first = ("recipe", "rate", "seed")
    lines = (
        ("recipe",),
        ("rate", "seed", "epochs"),
        ("scheme", "batch_norm", "dropout", "skip", "centre"),
        ("weight_decay", "batch_size"),
        ("learn_from",),
    )

    def __init__(self, *, test_set: bool = True, **more: Any):
        self._kept: tuple[Kept, ...] = ()
        self._opened: Opened | None = None
        self._asked_again = False
        self._buttons = [
            _button("Keep the run", "thumb-tack", self._press_keep),
            _button("Open the test set", "unlock", self._press_open),
            _button("Save a report", "file", self._press_report),
        ]
        self._buttons[1].layout.display = "" if test_set else "none"
        self._note = widgets.HTML()
        super().__init__(**more)
        for control in self.controls.values():  # what was said of a run is not true of the next
            control.observe(self._forget_note, names="value")

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the recipe, the rate and the switches."""
        return {
            "recipe": controls.choice("recipe", NAMES, button="150px"),
            "rate": controls.logarithmic("η", 1.0, -2, 1, width="330px"),
            "seed": controls.whole("seed", 0, 0, 9, width="190px"),
            "epochs": controls.whole("epochs", 4, 1, 8, width="240px"),
            "scheme": controls.choice("weights", SCHEMES, button="92px"),
            "batch_norm": controls.switch("batch norm", True),
            "dropout": controls.switch("dropout"),
            "skip": controls.switch("skip connection"),
            "centre": controls.switch("centred", True),
            "weight_decay": controls.choice("λ", DECAYS, button="72px"),
            "batch_size": controls.choice("batch", SIZES, button="56px", value=64),
            "learn_from": controls.choice("images", IMAGES, button="72px"),
        }

    def make_picture(self) -> BoardRuns:
        """Return the run's curves and the rows of dots."""
        return BoardRuns()

    def arrange(self, *extra: widgets.Widget) -> widgets.Widget:
        """Put the three buttons and their answer behind Play, Stop and progress."""
        return widgets.VBox([super().arrange(*extra), widgets.HBox([*self._buttons, self._note])])

    def greyed(self, recipe: str, **values: Any) -> dict[str, str]:
        """Grey the switches that a recipe sets."""
        if recipe == "own":
            return {}
        words = next(words for words, key in NAMES if key == recipe)
        return dict.fromkeys(OF_A_RECIPE, f"the recipe of the {words} sets the greyed switches")

    def recipe(self, recipe: str, learn_from: int, epochs: int, seed: int, **own: Any) -> Recipe:
        """Return the recipe that the controls describe; a named one keeps rate, λ and batch size as set."""
        if recipe == "own":
            return Recipe(**own)
        kept = {name: value for name, value in own.items() if name not in OF_A_RECIPE}
        return replace(RECIPES[recipe], **kept)

    def pieces(self, **values: Any) -> Iterator[Board]:
        """Yield the run five times an epoch."""
        recipe = self.recipe(**values)
        for run in recipe_runs(recipe, values["learn_from"], values["epochs"], values["seed"]):
            yield Board(run)

    def results(self, **values: Any) -> Iterator[Board]:
        """Yield the run beside what is kept."""
        for board in super().results(**values):
            yield replace(board, kept=self._kept, opened=self._opened, asked_again=self._asked_again)

    def describe(self, result: Board) -> str:
        """Say how the run fares beside the others."""
        return diagnose_board(result)

    def keep(self) -> "BoardExplorer":
        """Keep the finished run as a dot in its recipe's row.

        Raises
        ------
        ValueError
            If the run has not come to its end.
        """
        self._kept = keep(self.result.run, self._kept)
        return self._again()

    def open_test_set(self) -> "BoardExplorer":
        """Ask the test images about the finished run, once.

        Raises
        ------
        ValueError
            If the run has not come to its end.
        """
        run = self.result.run
        if run.done < 1:
            raise ValueError("the test set is for a finished run: let it come to its end first.")
        if self._opened is None:
            self._opened = Opened(run.recipe.words, run.sealed, run.right)
        else:
            self._asked_again = True
        return self._again()

    def report(self) -> RunReport:
        """Return the report of the finished run, with its picture."""
        with self._lock:
            return report_of(self.result, self.picture.png())

    def _again(self):
        """Show the same run beside what has changed round it."""
        self._outdated = True
        self._refresh()
        return self

    def _press(self, act):
        try:
            self._note.value = controls.note(act() or "")
        except (ValueError, OSError) as error:
            self._note.value = controls.note(str(error))

    def _forget_note(self, change):
        self._note.value = ""

    def _press_keep(self):
        self._press(lambda: self.keep() and "kept")

    def _press_open(self):
        self._press(lambda: self.open_test_set() and "")

    def _press_report(self):
        self._press(lambda: f"saved as {save_report(self.report())}")


def _button(words, icon, act):
    button = widgets.Button(description=words, icon=icon, layout=widgets.Layout(width="150px"))
    button.on_click(lambda clicked: act())
    return button
