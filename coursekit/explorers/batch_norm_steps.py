"""Batch normalization of six numbers, each of which can be moved."""

import ipywidgets as widgets
import numpy as np

from coursekit.diagnostics import BatchNormSteps, batch_norm_steps, diagnose_steps
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.batch_norm_table import BatchNormTable

# Means 2 and 9, variances 6 and 14; feature 2 lies where a sigmoid is flat.
START = {"a1": -1.0, "a2": 10.0, "b1": 2.0, "b2": 13.0, "c1": 5.0, "c2": 4.0}
STORED = (np.array([2.0, 9.0]), np.array([6.0, 14.0]))
MODES = ("training", "prediction")
SCALES = ("from the sliders", "undo: γ = √(v + ε), β = μ")


class BatchNormStepsExplorer(Explorer):
    """Edit 3 samples × 2 features, γ, β and ε; see every number of the four steps.

    In prediction the statistics are those of the batch that the explorer starts with, as if it had been
    the training set.
    """

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the six numbers, γ and β of each feature, ε, the mode, and what sets γ and β."""
        numbers = {
            name: controls.decimal(f"{name[0].upper()}, {name[1]}", value, -20, 20, step=0.5, width="200px")
            for name, value in START.items()
        }
        scale = {
            f"gamma{k}": controls.decimal(f"γ, {k}", 1, 0, 5, step=0.05, width="200px") for k in (1, 2)
        }
        shift = {
            f"beta{k}": controls.decimal(f"β, {k}", 0, -10, 10, step=0.25, width="200px") for k in (1, 2)
        }
        return {
            **numbers,
            **scale,
            **shift,
            "eps": controls.logarithmic("ε", 1e-5, -7, 2, width="250px"),
            "mode": controls.choice("mode", MODES, button="110px"),
            "scale": controls.choice("γ and β", SCALES, button="190px"),
        }

    def arrange(self) -> widgets.Widget:
        """Put the mini-batch on the left as in the table, γ and β on the right."""
        c = self.controls
        return controls.rows(
            (c["a1"], c["a2"], c["gamma1"], c["gamma2"]),
            (c["b1"], c["b2"], c["beta1"], c["beta2"]),
            (c["c1"], c["c2"], c["eps"]),
            (c["mode"], c["scale"]),
        )

    def make_picture(self) -> BatchNormTable:
        """Return the table with its sigmoids."""
        return BatchNormTable()

    def compute(self, eps: float, mode: str, scale: str, **numbers: float) -> BatchNormSteps:
        """Normalize the six numbers."""
        undo = scale == SCALES[1]
        for name in ("gamma1", "gamma2", "beta1", "beta2"):
            self.controls[name].disabled = undo
        x, gamma, beta = (
            np.array([[numbers[f"{row}{k}"] for k in (1, 2)] for row in names])
            for names in ("abc", ("gamma",), ("beta",))
        )
        return batch_norm_steps(
            x,
            None if undo else gamma[0],
            None if undo else beta[0],
            eps,
            STORED if mode == MODES[1] else None,
        )

    def describe(self, result: BatchNormSteps) -> str:
        """Say what became of sample A."""
        return diagnose_steps(result)
