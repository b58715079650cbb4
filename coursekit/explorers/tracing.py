"""A forward pass called again and again: what it prints, and the program that tracing makes of it."""

import ipywidgets as widgets

from coursekit.experiments.tracing import KINDS, MOST, Tracing, diagnose_tracing, trace_calls
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.tracing import TracingPicture

PROGRAMS = (
    ("plain", "plain"),
    ("if on the shape", "branch_on_shape"),
    ("if on the data", "branch_on_data"),
    ("where", "choice_by_where"),
    ("NumPy mask", "numpy_mask"),
    ("given mask", "mask_handed_in"),
)


class TraceExplorer(Explorer):
    """Choose a function and how often to call it; see prints, calls and the traced program."""

    first = ("calls", "sizes", "program")
    lines = (("calls", "sizes"), ("program",))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the number of calls, of batch sizes, and the function."""
        return {
            "calls": controls.whole("calls", 5, 1, MOST, width="400px"),
            "sizes": controls.whole("sizes", 1, 1, KINDS, width="300px"),
            "program": controls.choice("function", PROGRAMS, button="120px"),
        }

    def make_picture(self) -> TracingPicture:
        """Return the two listings and the panel of prints, still empty."""
        return TracingPicture()

    def compute(self, calls: int, sizes: int, program: str) -> Tracing:
        """Call it, imperative and compiled."""
        return trace_calls(program, calls, sizes)

    def describe(self, result: Tracing) -> str:
        """Say how often it printed, and what tracing kept."""
        return diagnose_tracing(result)
