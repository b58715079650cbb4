"""Running mean and variance by the conventions of three libraries."""

import ipywidgets as widgets
import numpy as np

from coursekit.diagnostics import RunningStatistics, diagnose_running, running_statistics
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.running_statistics import RunningLines

STARTS = {"0 (both)": 0.0, "mean 0, variance 1": 1.0}
VARIANCES = ("n (biased)", "n − 1 (unbiased)")


class RunningStatisticsExplorer(Explorer):
    """Choose a momentum, a start and a batch size; see whether running statistics find the truth.

    One feature, drawn from N(3, 2²) in 100 training steps; with the drift its mean moves from 1 to 5.
    """

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return momentum, batch size, seed, start, divisor of the variance, and the drift."""
        return {
            "momentum": controls.decimal("m", 0.9, 0, 0.99, step=0.01, width="260px"),
            "batch_size": controls.whole("batch", 16, 2, 128, width="260px"),
            "seed": controls.whole("seed", 0, 0, 9, width="200px"),
            "drift": controls.switch("the mean drifts"),
            "start": controls.choice("start at", tuple(STARTS), button="150px"),
            "variance": controls.choice("divide by", VARIANCES, button="150px"),
        }

    def arrange(self) -> widgets.Widget:
        """Put the sliders above the choices."""
        c = self.controls
        return controls.rows(
            (c["momentum"], c["batch_size"], c["seed"], c["drift"]), (c["start"],), (c["variance"],)
        )

    def make_picture(self) -> RunningLines:
        """Return the two panels."""
        return RunningLines()

    def compute(
        self, momentum: float, batch_size: int, seed: int, drift: bool, start: str, variance: str
    ) -> RunningStatistics:
        """Draw the batches and follow their statistics."""
        return running_statistics(
            momentum,
            batch_size,
            np.random.default_rng(seed),
            start_var=STARTS[start],
            unbiased=variance == VARIANCES[1],
            drift=drift,
        )

    def describe(self, result: RunningStatistics) -> str:
        """Say what the start, m and the batch size do."""
        return diagnose_running(result)
