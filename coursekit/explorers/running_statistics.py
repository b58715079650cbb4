"""A running mean, then the running variance, then the conventions of three libraries."""

from typing import Any

import ipywidgets as widgets
import numpy as np

from coursekit.experiments import RunningStatistics, diagnose_running, running_statistics
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.running_statistics import RunningLines

STARTS = (("0 (both)", 0.0), ("mean 0, variance 1", 1.0))
COMPARISONS = (("the mean", "mean"), ("mean and variance", "variance"), ("three libraries", "libraries"))
VARIANCES = (("n (biased)", "biased"), ("n − 1 (unbiased)", "unbiased"))


class RunningStatisticsExplorer(Explorer):
    """Choose a momentum, a start and a batch size; see whether running statistics find the truth.

    One feature, drawn from N(3, 2²) in 100 training steps; with the drift its mean moves from 1 to 5.
    """

    first = ("momentum", "batch_size", "compare")
    lines = (("momentum", "batch_size"), ("compare",), ("seed", "drift"), ("start", "variance"))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return momentum, batch size, seed, start, divisor of the variance, the drift, and the view."""
        return {
            "momentum": controls.decimal("m", 0.9, 0, 0.99, step=0.01, width="420px"),
            "batch_size": controls.whole("batch", 16, 2, 128, width="340px"),
            "seed": controls.whole("seed", 0, 0, 9, width="200px"),
            "drift": controls.switch("the mean drifts"),
            "start": controls.choice("start at", STARTS, button="150px"),
            "variance": controls.choice("divide by", VARIANCES, button="150px"),
            "compare": controls.choice("show", COMPARISONS, button="160px"),
        }

    def make_picture(self) -> RunningLines:
        """Return the panels, still empty."""
        return RunningLines()

    def compute(
        self,
        momentum: float,
        batch_size: int,
        seed: int,
        drift: bool,
        start: float,
        variance: str,
        compare: str,
    ) -> RunningStatistics:
        """Draw the batches and follow their statistics."""
        # What is greyed plays no part.
        if compare == "mean":
            start, variance = 0.0, "biased"
        return running_statistics(
            momentum,
            batch_size,
            np.random.default_rng(seed),
            start_var=start,
            unbiased=variance == "unbiased",
            drift=drift,
            compare=compare,
        )

    def greyed(self, compare: str, **values: Any) -> dict[str, str]:
        """Grey what concerns the variance alone as long as it is not shown."""
        if compare != "mean":
            return {}
        return dict.fromkeys(
            ("start", "variance"), "start and divisor are the variance's, which is not shown"
        )

    def describe(self, result: RunningStatistics) -> str:
        """Say what the start, m and the batch size do."""
        return diagnose_running(result)
