"""Batch normalization of six numbers, each of which can be moved."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from coursekit.experiments import BatchNormSteps, batch_norm_steps, diagnose_steps
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.batch_norm_steps import BatchNormTable

# Means 2 and 9, variances 6 and 14; feature 2 lies where a sigmoid is flat.
START = {"a1": -1.0, "a2": 10.0, "b1": 2.0, "b2": 13.0, "c1": 5.0, "c2": 4.0}
STORED = (np.array([2.0, 9.0]), np.array([6.0, 14.0]))
MODES = (("training", "training"), ("prediction", "prediction"))
VIEWS = (("every number of the steps", "table"), ("x and y on a sigmoid", "sigmoid"))
SCALES = (("from the sliders", "sliders"), ("undo: γ = √(v + ε), β = μ", "undo"))


class BatchNormStepsExplorer(Explorer):
    """Edit 3 samples × 2 features, γ, β and ε; see every number of the four steps, or a sigmoid.

    In prediction the statistics are those of the batch that the explorer starts with, as if it had been
    the training set.
    """

    first = ("a1", "a2", "view")
    lines = (
        ("a1", "a2"),
        ("b1", "b2"),
        ("c1", "c2"),
        ("gamma1", "gamma2"),
        ("beta1", "beta2"),
        ("eps", "mode"),
        ("scale",),
        ("view",),
    )

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the six numbers, γ and β of each feature, ε, the mode, what sets γ and β, and the view."""
        numbers = {
            name: controls.decimal(f"{name[0].upper()}, {name[1]}", value, -20, 20, step=0.5, width="400px")
            for name, value in START.items()
        }
        scale = {
            f"gamma{k}": controls.decimal(f"γ, {k}", 1, 0, 5, step=0.05, width="400px") for k in (1, 2)
        }
        shift = {
            f"beta{k}": controls.decimal(f"β, {k}", 0, -10, 10, step=0.25, width="400px") for k in (1, 2)
        }
        return {
            **numbers,
            **scale,
            **shift,
            "eps": controls.logarithmic("ε", 1e-5, -7, 2, width="400px"),
            "mode": controls.choice("mode", MODES, button="110px"),
            "scale": controls.choice("γ and β", SCALES, button="190px"),
            "view": controls.choice("look at", VIEWS, button="200px"),
        }

    def make_picture(self) -> BatchNormTable:
        """Return the table and the sigmoids, one of which is seen."""
        return BatchNormTable()

    def compute(self, eps: float, mode: str, scale: str, view: str, **numbers: float) -> BatchNormSteps:
        """Normalize the six numbers."""
        x, gamma, beta = (
            np.array([[numbers[f"{row}{k}"] for k in (1, 2)] for row in names])
            for names in ("abc", ("gamma",), ("beta",))
        )
        stored = STORED if mode == "prediction" else None
        if scale == "sliders":
            return batch_norm_steps(x, gamma[0], beta[0], eps, stored, view=view)
        return batch_norm_steps(x, None, None, eps, stored, view=view)

    def greyed(self, scale: str, **values: Any) -> dict[str, str]:
        """Grey γ and β where they are set so that they undo the normalization."""
        if scale == "sliders":
            return {}
        why = "γ and β are set so that they undo the normalization"
        return dict.fromkeys(("gamma1", "gamma2", "beta1", "beta2"), why)

    def describe(self, result: BatchNormSteps) -> str:
        """Say what became of sample A, or where the values lie now."""
        return diagnose_steps(result)
