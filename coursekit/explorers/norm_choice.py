"""The explorer of lesson 09 on small batches and shifted images."""

import ipywidgets as widgets

from coursekit.diagnostics.norm_choice import (
    BATCH_SIZES,
    NormChoice,
    diagnose_norm_choice,
    norm_choice,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.norm_choice import NormChoicePicture


class NormChoiceExplorer(Explorer):
    """Train four nets that differ in their norm alone; judge them on images that have been shifted.

    Two hidden layers of 64 ReLU units, one pass over 1,024 images, a rate in proportion to the batch size;
    1,000 other images, each pixel times the contrast plus the brightness.
    """

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the batch size, the shift, where norms stand, and the seed."""
        size = controls.choice("batch size", BATCH_SIZES, button="52px")
        size.value = 32
        return {
            "batch_size": size,
            "brightness": _tenths("brightness", 0.0, -1.0, 1.0),
            "contrast": _tenths("contrast", 1.0, 0.3, 2.0),
            "first": controls.switch("normalize the image too"),
            "seed": controls.whole("seed", 0, 0, 4, width="210px"),
        }

    def arrange(self) -> widgets.Widget:
        """Put the training above the shift."""
        c = self.controls
        return controls.rows((c["batch_size"], c["first"]), (c["brightness"], c["contrast"], c["seed"]))

    def make_picture(self) -> NormChoicePicture:
        """Return the three panels."""
        return NormChoicePicture()

    def compute(
        self, batch_size: int, brightness: float, contrast: float, first: bool, seed: int
    ) -> NormChoice:
        """Train, once for each batch size and seed, and judge."""
        return norm_choice(batch_size, brightness, contrast, seed, first=first)

    def describe(self, result: NormChoice) -> str:
        """Say who fails."""
        return diagnose_norm_choice(result)


def _tenths(label, value, low, high):
    return widgets.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=0.1,
        description=label,
        readout_format=".1f",
        style={"description_width": "70px"},
        layout=widgets.Layout(width="290px"),
    )
