"""Who notices that a photograph moves, or that its pixels are shuffled."""

import ipywidgets as widgets

from coursekit.experiments.shift import FILTERS, MOST, Shift, diagnose_shift, shift_report
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.shift import ShiftPicture

IMAGES = (("boot", "boot"), ("shirt", "shirt"))


class ShiftExplorer(Explorer):
    """Shift an image; see its feature map follow, and what an MLP and two CNNs make of it."""

    first = ("shift", "shuffled")
    lines = (("shift", "shuffled"), ("image", "filter_number"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return shift, shuffle, image and filter."""
        return {
            "shift": controls.whole("shift", 0, 0, MOST, width="400px"),
            "shuffled": controls.switch("shuffle the pixels of all images"),
            "image": controls.choice("image", IMAGES, button="90px"),
            "filter_number": controls.whole("filter", 0, 0, FILTERS - 1, width="260px"),
        }

    def make_picture(self) -> ShiftPicture:
        """Return squares and curves, still empty."""
        return ShiftPicture()

    def compute(self, shift: int, shuffled: bool, image: str, filter_number: int) -> Shift:
        """Shift the image; the nets were trained before."""
        return shift_report(image, shift, filter_number, shuffled)

    def describe(self, result: Shift) -> str:
        """Say what follows, and what is lost."""
        return diagnose_shift(result)
