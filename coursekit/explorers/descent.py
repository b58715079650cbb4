"""Full batch, mini-batch and one sample side by side, on a loss of two weights."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from coursekit.experiments.descent import Descent, descend, diagnose_descent
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.descent import DescentPaths

AXES = (("samples", "samples"), ("updates", "updates"), ("seconds", "seconds"))


class DescentExplorer(Explorer):
    """Choose a learning rate and a batch size; see three walkers descend on LeCun's problem of 1998.

    Parameters
    ----------
    alone : bool
        Whether the full batch is shown alone, without its limit: for a first look.
    """

    first = ("rate", "batch_size", "momentum", "decay")
    lines = (
        ("rate", "decay", "seed"),
        ("batch_size", "axis", "replacement"),
        ("momentum", "w1", "w2"),
    )

    def __init__(self, *, alone: bool = False, **more: Any):
        self._alone = alone
        super().__init__(**more)

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return rate, batch size, momentum and decay; start, seed, axis and the way of drawing."""
        return {
            "rate": controls.logarithmic("η", 10**-0.7, -2, 1, width="380px"),
            "batch_size": controls.whole("batch", 10, 1, 100, width="330px"),
            "momentum": controls.decimal("β", 0.0, 0, 0.99, step=0.01, width="330px"),
            "decay": controls.decimal("decay", 0.0, 0, 1, step=0.05, width="300px"),
            "w1": controls.decimal("w₁", -1.2, -2, 3, step=0.1, width="260px", digits=1),
            "w2": controls.decimal("w₂", 0.6, -1, 3, step=0.1, width="260px", digits=1),
            "seed": controls.whole("seed", 0, 0, 9, width="200px"),
            "axis": controls.choice("count", AXES, button="90px"),
            "replacement": controls.switch("draw with replacement"),
        }

    def make_picture(self) -> DescentPaths:
        """Return the contours, the strip of rates and the losses, still without walkers."""
        return DescentPaths(alone=self._alone)

    def compute(
        self,
        rate: float,
        batch_size: int,
        momentum: float,
        decay: float,
        w1: float,
        w2: float,
        seed: int,
        axis: str,
        replacement: bool,
    ) -> Descent:
        """Let the three walkers walk."""
        return descend(
            rate,
            batch_size,
            np.random.default_rng(seed),
            momentum=momentum,
            decay=decay,
            start=(w1, w2),
            replacement=replacement,
            axis=axis,
        )

    def describe(self, result: Descent) -> str:
        """Say where the rate stands, and where the walkers end."""
        return diagnose_descent(result, alone=self._alone)
