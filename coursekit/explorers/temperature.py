"""Temperature on the scores of a trained net: accuracy stays, the loss swings."""

import ipywidgets as widgets

from coursekit.experiments.temperature import PASSES, Tempered, diagnose_tempered, temper
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.temperature import TemperaturePicture


class TemperatureExplorer(Explorer):
    """Divide the scores of a trained net by T; see the loss, and how sure it is against how often right.

    One hidden layer of 100 ReLU units, trained on 1,000 images of clothes.
    """

    first = ("temperature",)
    lines = (("temperature",), ("images", "passes"), ("seed",))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return T, on which images the net is judged, how long it was trained, and the seed."""
        passes = [(str(count), count) for count in PASSES]
        images = (("new ones", "new"), ("its training images", "training"))
        return {
            "temperature": controls.logarithmic("T", 1.0, -1, 1, width="460px"),
            "images": controls.choice("images", images, button="165px"),
            "passes": controls.choice("passes", passes, button="52px", value=40),
            "seed": controls.whole("seed", 0, 0, 4, width="210px"),
        }

    def make_picture(self) -> TemperaturePicture:
        """Return the loss over T, the accuracy, and the reliability diagram."""
        return TemperaturePicture()

    def compute(self, temperature: float, images: str, passes: int, seed: int) -> Tempered:
        """Train, once for each seed and number of passes, and judge."""
        return temper(temperature, passes, seed, images)

    def describe(self, result: Tempered) -> str:
        """Say how sure the net is."""
        return diagnose_tempered(result)
