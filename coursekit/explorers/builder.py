"""Nets from blocks: layers added, removed and moved; what is known before the first forward, and after."""

import ipywidgets as widgets

from coursekit.experiments.builder import INPUTS, MOST, Built, build_stack, diagnose_built
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.explorers.layer_stack import LayerStack
from coursekit.plots.builder import BuilderTable

LAYERS = (
    ("Dense", "dense"),
    ("Dense(10)", "logits"),
    ("ReLU", "relu"),
    ("BatchNorm", "batch_norm"),
    ("Dropout", "dropout"),
    ("Residual", "residual"),
    ("Shared", "shared"),
    ("Conv2D", "conv"),
    ("MaxPool", "max_pool"),
    ("Flatten", "flatten"),
)
STACKS = (
    ("two layers", "dense relu logits"),
    ("residual", "dense residual residual residual residual logits"),
    ("CNN", "conv relu max_pool conv relu max_pool flatten dense relu logits"),
    ("shared", "dense relu dense relu shared relu logits"),
)


class BuilderExplorer(Explorer):
    """Build a net, see shapes and parameters before and after its first forward, and break it."""

    first = ("units", "at", "forward", "stack")
    lines = (("units", "at", "forward"), ("stack",), ("entry",))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the layers' width, the marked layer, the first forward, the stack and its input."""
        at = controls.whole("layer", 0, 0, MOST - 1, width="380px")
        entries = [(name, name) for name in INPUTS]
        return {
            "units": controls.whole("units", 32, 1, 48, width="380px"),
            "at": at,
            "forward": controls.switch("first forward done"),
            "stack": LayerStack("start from", LAYERS, STACKS, at, MOST),
            "entry": controls.choice("input", entries, button="90px"),
        }

    def make_picture(self) -> BuilderTable:
        """Return the table, still empty."""
        return BuilderTable()

    def compute(self, units: int, at: int, forward: bool, stack: str, entry: str) -> Built:
        """Make the net, and send a batch through if asked to."""
        return build_stack(stack, units, entry=entry, forward=forward, at=at)

    def describe(self, result: Built) -> str:
        """Say what is known, or which layer refuses and why."""
        return diagnose_built(result)
