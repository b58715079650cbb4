"""What becomes of three scores: probabilities, a loss and a gradient."""

from typing import Any

import ipywidgets as widgets

from coursekit.experiments.softmax import (
    CLASSES,
    DTYPES,
    HEADS,
    METHODS,
    Scores,
    diagnose_scores,
    scores,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.softmax import ScoresPicture

START = {"coat": 2.0, "shirt": 1.0, "bag": -1.0}


class SoftmaxExplorer(Explorer):
    """Move three scores and the temperature; see probabilities, the loss and its gradient.

    Parameters
    ----------
    panels : int
        How many are shown: 1, the probabilities; 2, the loss too; 3, the push on each score as well.
    """

    first = ("coat", "shirt", "bag", "label")
    lines = (
        ("coat", "temperature"),
        ("shirt", "label"),
        ("bag", "head"),
        ("method", "dtype"),
    )

    def __init__(self, *, panels: int = 3, **more: Any):
        self._panels = panels
        super().__init__(**more)

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return three scores, T, the right class, and how it is computed."""
        sliders = {
            name: controls.decimal(name, value, -10, 10, step=0.1, width="400px", digits=1)
            for name, value in START.items()
        }
        return {
            **sliders,
            "temperature": controls.logarithmic("T", 1.0, -2, 2, width="330px"),
            "label": controls.choice(
                "it is a", [(name, k) for k, name in enumerate(CLASSES)], button="64px"
            ),
            "head": controls.choice("head", [(name, name) for name in HEADS], button="80px"),
            "method": controls.choice("computed", [(name, name) for name in METHODS], button="80px"),
            "dtype": controls.choice("in", [(name, name) for name in DTYPES], button="80px"),
        }

    def make_picture(self) -> ScoresPicture:
        """Return bars, and as many of the curve of the loss and the arrows as are asked for."""
        return ScoresPicture(panels=self._panels)

    def compute(
        self,
        coat: float,
        shirt: float,
        bag: float,
        temperature: float,
        label: int,
        head: str,
        method: str,
        dtype: str,
    ) -> Scores:
        """Turn the scores into probabilities."""
        return scores((coat, shirt, bag), temperature, label, head, method, dtype)

    def describe(self, result: Scores) -> str:
        """Say what the loss is, or why there is none."""
        return diagnose_scores(result, self._panels)
