"""The smallest explorer: how wide is the sum that one unit computes."""

import ipywidgets as widgets
import numpy as np

from coursekit.diagnostics.one_unit import UnitReport, diagnose_unit, unit_report
from coursekit.explorers.base import Explorer
from coursekit.plots.unit_sum import UnitSum


class OneUnitExplorer(Explorer):
    """Choose how many inputs a unit has and how wide its weights are; see how wide its sum is."""

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return n, σ and the seed."""
        slider = {
            "style": {"description_width": "66px"},
            "layout": widgets.Layout(width="270px"),
            "continuous_update": True,
        }
        return {
            "n_in": widgets.IntSlider(value=100, min=1, max=1000, step=1, description="inputs n", **slider),
            "sigma": widgets.FloatLogSlider(
                value=1.0, min=-3, max=1, step=0.05, description="σ", readout_format=".2g", **slider
            ),
            "seed": widgets.IntSlider(value=0, min=0, max=9, description="seed", **slider),
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
