"""The perturbation explorer of lesson 07 asks whether a backward pass tells the truth."""

import ipywidgets as widgets

from coursekit.diagnostics.perturbation import (
    BACKWARDS,
    FEATURES,
    LARGEST,
    SAMPLES,
    SMALLEST,
    UPSTREAMS,
    Perturbation,
    diagnose_perturbation,
    perturb,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.perturbation import PerturbationPicture


class PerturbationExplorer(Explorer):
    """Nudge one input of a batch norm; compare the loss with the slope that a backward pass predicts."""

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the entry to move, the nudge, δ, and the backward pass to be tried."""
        made = {
            "nudge": controls.logarithmic("nudge", 10**-0.2, SMALLEST, LARGEST, width="330px"),
            "sample": controls.whole("sample", 1, 1, SAMPLES, width="210px"),
            "feature": controls.whole("feature", 1, 1, FEATURES, width="180px"),
            "upstream": controls.choice("δ", UPSTREAMS, button="110px"),
            "backward": controls.choice("backward", BACKWARDS, button="160px"),
        }
        for name in ("sample", "feature"):
            made[name].style.description_width = "54px"
        return made

    def arrange(self) -> widgets.Widget:
        """Put what is moved most next to the picture."""
        c = self.controls
        return controls.rows((c["backward"],), (c["upstream"],), (c["nudge"], c["sample"], c["feature"]))

    def make_picture(self) -> PerturbationPicture:
        """Return the curve with its tangent, still empty."""
        return PerturbationPicture()

    def compute(
        self, sample: int, feature: int, nudge: float, upstream: str, backward: str
    ) -> Perturbation:
        """Move the entry and measure."""
        return perturb(sample, feature, nudge, upstream, backward)

    def describe(self, result: Perturbation) -> str:
        """Say whether the slope was right."""
        return diagnose_perturbation(result)
