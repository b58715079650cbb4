"""The graph explorer of lesson 07 asks how the gradient gets back through a batch norm."""

import ipywidgets as widgets

from coursekit.experiments.batch_norm_graph import STEPS, GraphStep, graph_step
from coursekit.experiments.batch_norm_rules import diagnose_graph
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.batch_norm_graph import BatchNormGraph

UPSTREAMS = (("mixed", "mixed"), ("one entry", "one_entry"), ("all ones", "ones"))


class BatchNormGraphExplorer(Explorer):
    """Step through batch norm node by node: nine steps forward, then nine back.

    Attributes
    ----------
    play : ipywidgets.Play
        Moves the step by itself, one each second and a half; it stops, goes on and starts again.
    """

    first = ("step",)
    lines = (("step",), ("batch", "upstream"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the step, the mini-batch and the upstream gradient δ."""
        return {
            "step": controls.whole("step", 0, 0, STEPS, width="420px"),
            "batch": controls.whole("batch", 0, 0, 9, width="200px"),
            "upstream": controls.choice("δ", UPSTREAMS, button="110px"),
        }

    def arrange(self, *extra: widgets.Widget) -> widgets.Widget:
        """Put a player behind the step."""
        step = self.controls["step"]
        self.play = widgets.Play(min=0, max=STEPS, value=step.value, interval=1500, show_repeat=False)
        self.play.tooltip = "play and pause; the square goes back to the start"
        self._link = widgets.jslink((self.play, "value"), (step, "value"))
        return super().arrange(self.play, *extra)

    def make_picture(self) -> BatchNormGraph:
        """Return the graph, still empty."""
        return BatchNormGraph()

    def compute(self, step: int, batch: int, upstream: str) -> GraphStep:
        """Compute the graph; the step says how much of it is shown."""
        return graph_step(step, batch, upstream)

    def describe(self, result: GraphStep) -> str:
        """Tell the rule of the step, with its numbers."""
        return diagnose_graph(result)
