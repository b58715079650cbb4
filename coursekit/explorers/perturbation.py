"""The perturbation explorer of lesson 07 asks whether a backward pass tells the truth."""

import ipywidgets as widgets

from coursekit.experiments.perturbation import (
    FEATURES,
    LARGEST,
    SAMPLES,
    SMALLEST,
    Perturbation,
    diagnose_perturbation,
    perturb,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.perturbation import PerturbationPicture

UPSTREAMS = (("random", "random"), ("all ones", "ones"))
BACKWARDS = (
    ("complete", "complete"),
    ("no variance path", "no_variance_path"),
    ("constant statistics", "constant_statistics"),
)


class PerturbationExplorer(Explorer):
    """Nudge one input of a batch norm; compare the loss with the slope that a backward pass predicts."""

    first = ("nudge", "backward")
    lines = (("nudge",), ("backward",), ("upstream", "sample", "feature"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the entry to move, the nudge, δ, and the backward pass to be tried."""
        return {
            "nudge": controls.logarithmic("nudge", 10**-0.2, SMALLEST, LARGEST, width="420px"),
            "sample": controls.whole("sample", 1, 1, SAMPLES, width="210px"),
            "feature": controls.whole("feature", 1, 1, FEATURES, width="210px"),
            "upstream": controls.choice("δ", UPSTREAMS, button="110px"),
            "backward": controls.choice("backward", BACKWARDS, button="160px"),
        }

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
