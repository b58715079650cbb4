"""A layer with dropout, drawn; its mean and its norm in training against those in use."""

import ipywidgets as widgets

from coursekit.experiments.dropout import DropoutReport, diagnose_dropout, dropout_report
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.dropout import DropoutPicture

MODES = (("up in training", "upscale_in_train"), ("down in use", "downgrade_in_infer"))
NORMS = (("none", "none"), ("before the ReLU", "before"), ("behind dropout", "behind"))


class DropoutExplorer(Explorer):
    """Drop units with probability p, draw after draw; compare what the layer hands on with its use."""

    first = ("p", "draws")
    lines = (("p", "draws"), ("phase", "mode"), ("norm", "seed"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return p and the number of draws; what is drawn, the mode, the batch norm and the seed."""
        return {
            "p": controls.decimal("p", 0.5, 0, 0.95, step=0.05, width="400px"),
            "draws": controls.whole("draws", 10, 1, 400, width="430px"),
            "phase": controls.choice("drawn in", (("training", "training"), ("use", "use")), button="80px"),
            "mode": controls.choice("scaled", MODES, button="115px"),
            "norm": controls.choice("norm", NORMS, button="130px"),
            "seed": controls.whole("seed", 0, 0, 9, width="200px"),
        }

    def make_picture(self) -> DropoutPicture:
        """Return the drawn net and the panels beside it."""
        return DropoutPicture()

    def compute(self, p: float, draws: int, phase: str, mode: str, norm: str, seed: int) -> DropoutReport:
        """Draw the masks."""
        return dropout_report(p, draws, mode, phase, norm, seed)

    def describe(self, result: DropoutReport) -> str:
        """Say what is silent, and how mean and norm compare."""
        return diagnose_dropout(result)
