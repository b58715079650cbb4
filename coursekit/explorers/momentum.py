"""The map of learning rate and momentum."""

import ipywidgets as widgets

from coursekit.experiments.momentum import MomentumReport, diagnose_momentum, momentum_report
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.momentum import MomentumMap


class MomentumExplorer(Explorer):
    """Choose a rate and a momentum; see how fast they converge, on the map and on a walk."""

    first = ("rate", "momentum")
    lines = (("rate", "momentum"), ("condition",))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return η, β and κ."""
        return {
            "rate": controls.logarithmic("η", 1.0, -2, 1, width="400px"),
            "momentum": controls.decimal("β", 0.0, 0, 0.99, step=0.01, width="400px"),
            "condition": controls.logarithmic("κ", 10**1.35, 0, 3, width="400px"),
        }

    def make_picture(self) -> MomentumMap:
        """Return the map, still without a point."""
        return MomentumMap()

    def compute(self, rate: float, momentum: float, condition: float) -> MomentumReport:
        """Walk, and compare with the prediction."""
        return momentum_report(rate, momentum, condition)

    def describe(self, result: MomentumReport) -> str:
        """Say the factor per step, predicted and measured."""
        return diagnose_momentum(result)
