"""Layers on layers: how much of the image a unit sees, and what sharing weights saves."""

import ipywidgets as widgets

from coursekit.experiments.receptive_field import (
    ReceptiveField,
    diagnose_receptive_field,
    receptive_field,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.receptive_field import ReceptiveFieldPicture


class ReceptiveFieldExplorer(Explorer):
    """Stack convolutions; see what a unit sees, the layer as a matrix, and its cost beside a dense one."""

    first = ("layers", "size")
    lines = (("layers", "size"), ("stride", "dilation", "channels"), ("pooled",))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return layers, kernel size, stride, dilation, channels, and whether a pooling follows each."""
        return {
            "layers": controls.whole("layers", 1, 1, 8, width="400px"),
            "size": controls.whole("kernel", 3, 1, 6, width="330px"),
            "stride": controls.whole("stride", 1, 1, 3, width="260px"),
            "dilation": controls.whole("dilation", 1, 1, 3, width="260px"),
            "channels": controls.whole("filters", 16, 1, 64, width="260px"),
            "pooled": controls.switch("a pooling by 2 after each"),
        }

    def make_picture(self) -> ReceptiveFieldPicture:
        """Return the three panels, still empty."""
        return ReceptiveFieldPicture()

    def compute(
        self, layers: int, size: int, stride: int, dilation: int, channels: int, pooled: bool
    ) -> ReceptiveField:
        """Stack the layers."""
        return receptive_field(
            layers, size, stride=stride, dilation=dilation, pooled=pooled, channels=channels
        )

    def describe(self, result: ReceptiveField) -> str:
        """Say what a unit sees, and what its layer costs."""
        return diagnose_receptive_field(result)
