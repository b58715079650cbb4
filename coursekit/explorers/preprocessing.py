"""Two features, several ways to prepare them, and the error surface that each makes."""

from typing import Any

import ipywidgets as widgets

from coursekit.experiments.preprocessing import PreparedProblem, diagnose_preparation, prepared_problem
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.preprocessing import FEATURES, PreparedSurface

METHODS = (
    ("raw", "raw"),
    ("centred", "centred"),
    ("standardized", "standardized"),
    ("min–max", "min_max"),
    ("PCA", "pca"),
    ("whitened", "whitened"),
)


class PreprocessingExplorer(Explorer):
    """Choose two features and how to prepare them; see data, error surface and the way down.

    Parameters
    ----------
    features : tuple of str
        What the two features are called on the axes of their cloud.
    """

    first = ("method", "rate")
    lines = (
        ("method",),
        ("correlation", "best", "outlier"),
        ("ratio", "rate"),
        ("mean", "turn"),
    )

    def __init__(self, *, features: tuple[str, str] = FEATURES, **more: Any):
        self._features = features
        super().__init__(**more)

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return ratio and correlation, the way of preparing, the rate; mean, outlier and the turn."""
        return {
            "ratio": controls.logarithmic("ratio", 10**0.7, 0, 2, width="380px"),
            "correlation": controls.decimal("correlation", 0.0, -0.95, 0.95, step=0.05, width="380px"),
            "method": controls.choice("features", METHODS, button="122px"),
            "rate": controls.logarithmic("η", 0.1, -3, 1, width="430px"),
            "best": controls.switch("at the best rate"),
            "mean": controls.decimal("mean", 0.0, -3, 3, step=0.1, width="330px", digits=1),
            "outlier": controls.switch("one outlier"),
            "turn": controls.whole("turn °", 0, -180, 180, step=5, width="380px"),
        }

    def make_picture(self) -> PreparedSurface:
        """Return cloud, map and landscape, still empty."""
        return PreparedSurface(features=self._features)

    def greyed(self, best: bool, **values: object) -> dict[str, str]:
        """At the best rate the slider plays no part."""
        return {"rate": "η is 2/(λ_min + λ_max) while “at the best rate” is ticked."} if best else {}

    def compute(
        self,
        method: str,
        rate: float,
        ratio: float,
        correlation: float,
        mean: float,
        outlier: bool,
        best: bool,
        turn: int,
    ) -> PreparedProblem:
        """Prepare, and walk."""
        return prepared_problem(
            method,
            rate,
            ratio=ratio,
            correlation=correlation,
            mean=mean,
            outlier=outlier,
            best=best,
            turn=float(turn),
        )

    def describe(self, result: PreparedProblem) -> str:
        """Say what the features are like, κ, the limit, and how the walk fares."""
        return diagnose_preparation(result)
