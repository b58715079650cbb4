"""The error-surface explorer of lesson 08: the same weights, with and without batch norm."""

from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets

from coursekit.experiments.error_surface import (
    DEPTH,
    POSITIONS,
    SurfacePair,
    cut,
    diagnose_pair,
    looked_at,
)
from coursekit.explorers import controls
from coursekit.explorers.long import LongExplorer
from coursekit.plots.error_surface import ErrorSurfaces

WHICH = ("layer", "unit", "weight_a", "weight_b")
ACTIVATIONS = (("ReLU", "relu"), ("tanh", "tanh"))
PLACES = (
    ("before training", "before"),
    ("during (20 steps)", "during"),
    ("after (150 steps)", "after"),
)
TRAINED = (("without batch norm", "plain"), ("with batch norm", "batch_norm"))
DIRECTIONS = (("random, filter-normalised", "random"), ("two weights of a unit", "two_weights"))
VIEWS = (("landscape", "landscape"), ("map", "map"))
# What changes how the surfaces are looked at, and not what they are.
LOOKS = ("view", "turn", "rate", "steps", "curvature")
POINTS = tuple((str(points), points) for points in (51, 31, 21, 11))


class ErrorSurfaceExplorer(LongExplorer):
    """Walk over the loss of a net of five hidden layers on 256 images, without and with batch norm.

    Both pictures stand at the same weights and show the same plane, on one colour scale. Which weights:
    those of a net before, during or after training, trained without or with batch norm. On each picture a
    ball takes gradient steps, in the plane and both at the same rate.
    """

    first = ("rate", "steps", "turn")
    lines = (
        ("rate", "steps", "turn"),
        ("reach", "view"),
        ("position", "activation"),
        ("trained", "points"),
        ("directions", "seed", "curvature"),
        WHICH,
    )

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return what chooses the place, the plane and the view."""
        return {
            "position": controls.choice("weights", PLACES, button="140px"),
            "trained": controls.choice("trained", TRAINED, button="160px"),
            "activation": controls.choice("activation", ACTIVATIONS, button="70px"),
            "view": controls.choice("view", VIEWS, button="90px"),
            "turn": controls.whole("turn °", 0, -180, 180, step=5, width="230px"),
            "rate": controls.logarithmic("rate", 0.1, -4, 1, width="270px"),
            "steps": controls.whole("steps", 30, 0, 30, width="220px"),
            "directions": controls.choice("directions", DIRECTIONS, button="200px"),
            "points": controls.choice("points", POINTS, button="44px"),
            "reach": controls.logarithmic("reach", 1.0, -2, 1, width="320px"),
            "seed": controls.whole("seed", 0, 0, 9, width="180px"),
            "curvature": controls.switch("tell the curvature"),
            "layer": controls.whole("layer", 3, 1, DEPTH + 1, width="180px"),
            "unit": controls.whole("unit", 1, 1, 10, width="180px"),
            "weight_a": controls.whole("weight a", 1, 1, 20, width="200px"),
            "weight_b": controls.whole("weight b", 2, 1, 20, width="200px"),
        }

    def make_picture(self) -> ErrorSurfaces:
        """Return the two panels."""
        return ErrorSurfaces()

    def greyed(self, directions: str, position: str, view: str, **values: Any) -> dict[str, str]:
        """Grey what the chosen directions and place do not listen to."""
        reasons: dict[str, str] = {}
        if directions == "random":
            reasons |= dict.fromkeys(WHICH, "layer, unit and weights: for two weights of a unit only")
        else:
            reasons["seed"] = "the seed: for random directions only"
        if view == "map":
            reasons["turn"] = "a map is seen from above: there is nothing to turn"
        if not POSITIONS[position]:
            reasons["trained"] = "before training both nets have the same weights"
        return reasons

    def settings(self, values: dict[str, Any]) -> dict[str, Any]:
        """Leave out how the surfaces are looked at: their numbers are the same."""
        return {name: value for name, value in super().settings(values).items() if name not in LOOKS}

    def results(self, **values: Any) -> Iterator[SurfacePair]:
        """Yield the two surfaces from coarse to fine, each looked at in the chosen way."""
        for pair in super().results(**values):
            yield looked_at(pair, **{name: values[name] for name in LOOKS})

    def pieces(self, **values: Any) -> Iterator[SurfacePair]:
        """Cut the plane and compute it from coarse to fine."""
        yield from cut(**{name: value for name, value in values.items() if name not in LOOKS})

    def describe(self, result: SurfacePair) -> str:
        """Say how rough the two surfaces are."""
        return diagnose_pair(result)
