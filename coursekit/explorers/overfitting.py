"""A net that learns its images by heart, and what weight decay, dropout and an early stop do about it."""

from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets

from coursekit.experiments.overfitting import Overfitting, diagnose_overfitting, overfit
from coursekit.explorers import controls
from coursekit.explorers.long import LongExplorer
from coursekit.plots.overfitting import OverfittingCurves

WIDTHS = (("4", 4), ("16", 16), ("64", 64), ("256", 256))
IMAGES = (("100", 100), ("250", 250), ("500", 500), ("1,000", 1000))
DECAYS = (("0", 0.0), ("0.001", 0.001), ("0.003", 0.003), ("0.01", 0.01), ("0.03", 0.03), ("0.1", 0.1))


class OverfittingExplorer(LongExplorer):
    """Train a net of two hidden layers, and the same net without λ and p beside it, for forty passes."""

    first = ("p", "decay", "images", "units")
    lines = (("p", "seed"), ("decay",), ("images", "units"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return p, λ, how many images there are, the width of the hidden layers and the seed."""
        return {
            "p": controls.decimal("p", 0.0, 0, 0.9, step=0.1, width="400px", digits=1),
            "decay": controls.choice("λ", DECAYS, button="60px"),
            "images": controls.choice("images", IMAGES, button="60px", value=250),
            "units": controls.choice("units", WIDTHS, button="60px", value=64),
            "seed": controls.whole("seed", 0, 0, 9, width="200px"),
        }

    def make_picture(self) -> OverfittingCurves:
        """Return the two panels of curves."""
        return OverfittingCurves()

    def pieces(self, **values: Any) -> Iterator[Overfitting]:
        """Yield how both nets do after every pass."""
        yield from overfit(width=values.pop("units"), **values)

    def describe(self, result: Overfitting) -> str:
        """Say how far training and validation have come apart, and where to stop."""
        return diagnose_overfitting(result)
