"""A window moved over an image: convolution and pooling, with the arithmetic of each place."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from coursekit.experiments.convolution import (
    SIZED,
    Convolution,
    convolve,
    diagnose_convolution,
    picture_of,
)
from coursekit.experiments.trained_cnn import FILTERS
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.convolution import ConvolutionWindow

IMAGES = (("boot", "boot"), ("shirt", "shirt"), ("digit", "digit"), ("thin lines", "grid"))
OPERATIONS = (
    ("edges |", "edges_across"),
    ("edges –", "edges_down"),
    ("blur", "blur"),
    ("learned", "learned"),
    ("trained", "filter"),
    ("max", "max"),
    ("mean", "mean"),
    ("min", "min"),
)


class ConvolutionExplorer(Explorer):
    """Choose an image, a kernel and how it moves; point at an output and see its arithmetic.

    Parameters
    ----------
    picture : ndarray, optional
        A picture of one's own, grey values 0 to 1, 13 to 28 pixels a side, as `load_picture` returns it.
    **more : object
        As of any `Explorer`.
    """

    first = ("row", "column", "operation")
    lines = (
        ("row", "column"),
        ("operation", "flip"),
        ("image", "size", "filter_number"),
        ("stride", "padding", "dilation"),
    )

    def __init__(self, picture: np.ndarray | None = None, **more: Any):
        self._own = None if picture is None else _checked(picture)
        self._pointed: tuple[int, int] | None = None
        super().__init__(**more)
        self._canvas.on_pointer(self._point)

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return place, operation, image, and how the window moves."""
        images = IMAGES if self._own is None else (("your own", "own"), *IMAGES)
        column = controls.whole("column", 24, 0, 33, width="410px")
        column.style.description_width = "60px"
        return {
            "row": controls.whole("row", 8, 0, 33, width="400px"),
            "column": column,
            "operation": controls.choice("window", OPERATIONS, button="76px"),
            "image": controls.choice("image", images, button="84px"),
            "stride": controls.whole("stride", 1, 1, 4, width="250px"),
            "padding": controls.whole("padding", 0, 0, 3, width="250px"),
            "dilation": controls.whole("dilation", 1, 1, 3, width="250px"),
            "size": controls.whole("size", 3, 2, 5, width="225px"),
            "filter_number": controls.whole("filter", 0, 0, FILTERS - 1, width="225px"),
            "flip": controls.switch("flip the kernel"),
        }

    def make_picture(self) -> ConvolutionWindow:
        """Return the three squares, still empty."""
        return ConvolutionWindow()

    def compute(self, image: str, **how: Any) -> Convolution:
        """Lay the window on every place."""
        own = self._own if image == "own" else None
        return convolve(picture_of(image) if own is None else own, **how)

    def describe(self, result: Convolution) -> str:
        """Say what comes out here, and how large the output is."""
        return diagnose_convolution(result)

    def greyed(self, operation: str, **values: Any) -> dict[str, str]:
        """Return the controls of other operations."""
        reasons = {}
        if operation not in SIZED:
            reasons["size"] = "this kernel is 3 × 3"
        if operation != "filter":
            reasons["filter_number"] = "filter: choose “trained” to see a trained net's"
        if operation in ("max", "mean", "min"):
            reasons["flip"] = "pooling has no kernel to flip"
        return reasons

    def _point(self, kind, x, y):
        """Move the window to the output under the pointer.

        The pointer is told under the lock that drawing needs, so the move is left to the worker.
        """
        place = None if kind == "leave" else self._picture.place_at(x, y)
        if place is None or self._closed:
            return
        waiting, self._pointed = self._pointed is not None, place
        if not waiting:
            self._worker.submit(self._go)

    def _go(self):
        place, self._pointed = self._pointed, None
        if place is not None and not self._closed and self._result is not None:
            row, column = (min(at, n - 1) for at, n in zip(place, self._result.output.shape, strict=True))
            self.set(row=row, column=column)


def _checked(picture):
    """Return a picture of one's own as an array that nobody else changes."""
    own = np.array(picture, dtype=float)
    convolve(own)  # says what is wrong with its shape
    if not (np.isfinite(own).all() and own.min() >= 0 and own.max() <= 1):
        raise ValueError(
            "the picture's grey values must lie from 0 to 1: see coursekit.datasets.load_picture."
        )
    own.flags.writeable = False
    return own
