"""Which entries of a stack of feature maps share one mean and one variance."""

import ipywidgets as widgets
import numpy as np

from coursekit import datasets
from coursekit.diagnostics import SharedStatistics, diagnose_shared, shared_statistics
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.statistics_axes import StatisticsAxes

LAYOUTS = ("(N, C, H, W)", "(N, H, W, C)", "(N, K)")
AXES = {"axis=1": 1, "axis=-1 (the last)": -1, "axis=0": 0}
VARIANCES = ("of all its entries", "average over images")
SCALE = np.array([10.0, 6.0, 6.0]).reshape(1, 3, 1, 1)


def feature_maps(images: np.ndarray) -> np.ndarray:
    """Return three maps of each image, (N, 3, 7, 7): brightness, and edges to the right and downwards.

    The 28 × 28 pixels in [0, 1] are averaged in blocks of 4 × 4 first. Brightness is scaled to 0 … 10, so
    that the channels differ in mean and spread, as those of a network do.
    """
    small = images.reshape(-1, 7, 4, 7, 4).mean(axis=(2, 4))
    right = np.diff(small, axis=2, append=small[:, :, -1:])
    down = np.diff(small, axis=1, append=small[:, -1:])
    return np.stack([small, right, down], axis=1) * SCALE


class StatisticsAxesExplorer(Explorer):
    """Choose a layout and an axis; see which pixels of real images are judged together.

    The maps are brightness and two edge filters on Fashion-MNIST; `which` picks other images.
    """

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return which images, how many, the layout, the axis, and the kind of variance."""
        return {
            "which": controls.whole("which", 4, 0, 99, width="260px"),
            "images": controls.whole("N", 8, 1, 8, width="230px"),
            "layout": controls.choice("layout", LAYOUTS, button="120px"),
            "axis": controls.choice("axis", tuple(AXES), button="150px"),
            "variance": controls.choice("variance", VARIANCES, button="160px"),
        }

    def arrange(self) -> widgets.Widget:
        """Put the choices above the sliders."""
        c = self.controls
        return controls.rows((c["layout"],), (c["axis"],), (c["variance"],), (c["images"], c["which"]))

    def make_picture(self) -> StatisticsAxes:
        """Return the coloured maps with their histograms."""
        return StatisticsAxes()

    def compute(self, which: int, images: int, layout: str, axis: str, variance: str) -> SharedStatistics:
        """Normalize the maps of the chosen images."""
        pixels = datasets.fashion_mnist().x_train[8 * which : 8 * which + images]
        maps = feature_maps(pixels)
        return shared_statistics(maps, layout, AXES[axis], averaged=variance == VARIANCES[1])

    def describe(self, result: SharedStatistics) -> str:
        """Say what shares a statistic and what comes of it."""
        return diagnose_shared(result)
