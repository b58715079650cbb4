"""Which entries of a stack of feature maps share one mean and one variance."""

import ipywidgets as widgets

from coursekit.experiments import SharedStatistics, diagnose_shared, shared_statistics
from coursekit.experiments.statistics_axes import LAYOUTS, example_photos, feature_maps
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.statistics_axes import StatisticsAxes

AXES = (("axis=1", 1), ("axis=-1, the last", -1), ("axis=0", 0))
VARIANCES = (("of all its entries", "all"), ("average over images", "averaged"))


class StatisticsAxesExplorer(Explorer):
    """Choose a layout and an axis; see which pixels of real images are judged together.

    The maps are brightness and two edge filters on Fashion-MNIST; `which` is the batch's number, from 1.
    """

    first = ("axis",)
    lines = (("axis",), ("layout",), ("variance",), ("images", "which"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return which images, how many, the layout, the axis, and the kind of variance."""
        return {
            "which": controls.whole("batch no.", 5, 1, 100, width="300px"),
            "images": controls.whole("N images", 8, 1, 8, width="300px"),
            "layout": controls.choice("layout", [(name, name) for name in LAYOUTS], button="120px"),
            "axis": controls.choice("axis", AXES, button="150px"),
            "variance": controls.choice("variance", VARIANCES, button="160px"),
        }

    def make_picture(self) -> StatisticsAxes:
        """Return the coloured maps with their histograms."""
        return StatisticsAxes()

    def compute(self, which: int, images: int, layout: str, axis: int, variance: str) -> SharedStatistics:
        """Normalize the maps of the chosen images."""
        photos = example_photos(which, images)
        averaged = variance == "averaged"
        return shared_statistics(feature_maps(photos), layout, axis, averaged=averaged, photos=photos)

    def describe(self, result: SharedStatistics) -> str:
        """Say what shares a statistic and what comes of it."""
        return diagnose_shared(result)
