"""Photographs as sums of components, by a slider."""

import ipywidgets as widgets

from coursekit.experiments.components import (
    CHOICE,
    MOST,
    ComponentsReport,
    components_report,
    diagnose_components,
)
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.components import ComponentsPicture


class ComponentsExplorer(Explorer):
    """Choose how many components; see a photograph rebuilt of them, and noise grow under whitening."""

    first = ("k", "image")
    lines = (("k", "image"), ("noise",))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return k, the photograph, and the noise on it."""
        return {
            "k": controls.whole("k", 20, 1, MOST, width="480px"),
            "image": controls.whole("image", 7, 0, CHOICE - 1, width="300px"),
            "noise": controls.decimal("noise", 0.05, 0, 0.3, step=0.01, width="380px"),
        }

    def make_picture(self) -> ComponentsPicture:
        """Return the squares and the panel, still empty."""
        return ComponentsPicture()

    def compute(self, k: int, image: int, noise: float) -> ComponentsReport:
        """Rebuild."""
        return components_report(k, image, noise)

    def describe(self, result: ComponentsReport) -> str:
        """Say what is kept, and what whitening multiplies."""
        return diagnose_components(result)
