"""The training race of lesson 08: the same net without and with batch norm, on the same mini-batches."""

from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets

from coursekit.experiments.race import Race, diagnose_race, norm_race
from coursekit.explorers import controls
from coursekit.explorers.long import LongExplorer
from coursekit.plots.race import RaceCurves

ACTIVATIONS = (("ReLU", "relu"), ("tanh", "tanh"), ("sigmoid", "sigmoid"))
PLACEMENTS = (("before the activation", "before"), ("after the activation", "after"))


class TrainingRaceExplorer(LongExplorer):
    """Train two nets, or three, side by side; their curves grow while they learn.

    Hidden layers of 50 units, weights from N(0, σ²), plain gradient descent on mini-batches of 128 of
    4,000 images. The third lane has noise behind each batch norm that shifts and scales at every step.
    """

    waits_for_play = True
    first = ("rate", "sigma")
    lines = (("rate", "sigma"), ("depth", "steps", "seed"), ("activation", "noise"), ("placement",))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the rate, the start, the net and the length of the race."""
        return {
            "rate": controls.logarithmic("rate", 10**-0.3, -3, 1, width="270px"),
            "sigma": controls.logarithmic("σ", 10**-0.7, -4, 1, width="200px"),
            "depth": controls.whole("depth", 5, 1, 8, width="210px"),
            "steps": controls.whole("steps", 100, 20, 100, step=20, width="210px"),
            "seed": controls.whole("seed", 0, 0, 9, width="180px"),
            "activation": controls.choice("activation", ACTIVATIONS, button="80px"),
            "placement": controls.choice("batch norm", PLACEMENTS, button="160px"),
            "noise": controls.switch("third lane: noise after batch norm"),
        }

    def make_picture(self) -> RaceCurves:
        """Return the two panels of curves."""
        return RaceCurves()

    def pieces(self, **values: Any) -> Iterator[Race]:
        """Yield the race after every ten steps."""
        yield from norm_race(**values)

    def describe(self, result: Race) -> str:
        """Say who learned how much."""
        return diagnose_race(result)
