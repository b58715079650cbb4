"""The smallest explorer: how wide is the sum that one unit computes."""

import ipywidgets as widgets
import numpy as np

from coursekit.experiments.one_unit import UnitReport, diagnose_unit, unit_report
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.one_unit import UnitSum


class OneUnitExplorer(Explorer):
    """Choose how many inputs a unit has and how wide its weights are; see how wide its sum is."""

    first = ("n_in", "sigma")

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return n, σ and the seed."""
        return {
            "n_in": controls.whole("inputs n", 10, 1, 1000, width="360px"),
            "sigma": controls.logarithmic("σ", 10**-0.5, -3, 1, width="330px"),
            "seed": controls.whole("seed", 0, 0, 9, width="200px"),
        }

    def make_picture(self) -> UnitSum:
        """Return the histogram with its predicted bell."""
        return UnitSum()

    def compute(self, n_in: int, sigma: float, seed: int) -> UnitReport:
        """Draw the sums."""
        return unit_report(n_in, sigma, np.random.default_rng(seed))

    def describe(self, result: UnitReport) -> str:
        """Say how wide the sum is."""
        return diagnose_unit(result)
