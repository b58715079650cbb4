"""The explorer of lesson 09 on small batches and shifted images."""

import ipywidgets as widgets

from coursekit.experiments.norm_choice import (
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

    first = ("batch_size", "brightness")
    lines = (("brightness",), ("contrast",), ("batch_size",), ("first", "seed"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the batch size, the shift, where norms stand, and the seed."""
        sizes = [(str(size), size) for size in BATCH_SIZES]
        return {
            "batch_size": controls.choice("batch size", sizes, button="52px", value=2),
            "brightness": _tenths("brightness", 0.0, -1.0, 1.0, width="420px"),
            "contrast": _tenths("contrast", 1.0, 0.3, 2.0, width="420px"),
            "first": controls.switch("normalize the image too"),
            "seed": controls.whole("seed", 0, 0, 4, width="210px"),
        }

    def make_picture(self) -> NormChoicePicture:
        """Return the errors, the photographs and what explains them."""
        return NormChoicePicture()

    def compute(
        self, batch_size: int, brightness: float, contrast: float, first: bool, seed: int
    ) -> NormChoice:
        """Train, once for each batch size and seed, and judge."""
        return norm_choice(batch_size, brightness, contrast, seed, first=first)

    def describe(self, result: NormChoice) -> str:
        """Say who fails."""
        return diagnose_norm_choice(result)


def _tenths(label, value, low, high, width):
    return controls.decimal(label, value, low, high, step=0.1, width=width, digits=1)
