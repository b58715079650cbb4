"""The error-surface explorer of lesson 08: the same weights, with and without batch norm."""

from collections.abc import Iterator
from functools import lru_cache

import ipywidgets as widgets
import numpy as np

from coursekit import datasets
from coursekit.diagnostics.plane import Plane, random_direction, weight_direction
from coursekit.diagnostics.surface_pair import (
    POSITIONS,
    TRAINED,
    SurfacePair,
    bends_of,
    diagnose_pair,
    pairs,
    twin_nets,
)
from coursekit.explorers import controls
from coursekit.explorers.long import LongExplorer
from coursekit.plots.error_surface import VIEWS, ErrorSurfaces

DEPTH, WIDTH, SAMPLES = 5, 32, 256
WHICH = ("layer", "unit", "weight_a", "weight_b")
DIRECTIONS = ("random, filter-normalised", "two weights of a unit")


@lru_cache(maxsize=32)
def place(activation, trained, position):
    """Return the two nets at a place along training, and their curvatures; found once a place."""
    split = datasets.fashion_split()
    nets = twin_nets(activation, DEPTH, WIDTH, split.x, split.labels, trained=trained, position=position)
    return *nets, bends_of(nets, split.x[:SAMPLES], split.labels[:SAMPLES])


class ErrorSurfaceExplorer(LongExplorer):
    """Walk over the loss of a net of five hidden layers on 256 images, without and with batch norm.

    Both pictures stand at the same weights and show the same plane, on one colour scale. Which weights:
    those of a net before, during or after training, trained without or with batch norm.
    """

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return what chooses the place, the plane and the view."""
        return {
            "position": controls.choice("weights", tuple(POSITIONS), button="140px"),
            "trained": controls.choice("trained", TRAINED, button="160px"),
            "activation": controls.choice("activation", ("relu", "tanh"), button="70px"),
            "view": controls.choice("view", VIEWS, button="90px"),
            "directions": controls.choice("directions", DIRECTIONS, button="200px"),
            "points": controls.choice("points", (51, 31, 21, 11), button="44px"),
            "reach": controls.logarithmic("reach", 1.0, -2, 1, width="240px"),
            "seed": controls.whole("seed", 0, 0, 9, width="180px"),
            "layer": controls.whole("layer", 3, 1, DEPTH + 1, width="180px"),
            "unit": controls.whole("unit", 1, 1, 10, width="180px"),
            "weight_a": controls.whole("weight a", 1, 1, 20, width="200px"),
            "weight_b": controls.whole("weight b", 2, 1, 20, width="200px"),
        }

    def arrange_controls(self) -> widgets.Widget:
        """Put place, plane and view in rows."""
        c = self.controls
        return controls.rows(
            (c["position"], c["activation"]),
            (c["trained"], c["view"]),
            (c["directions"], c["points"]),
            (c["reach"], c["seed"]),
            (c["layer"], c["unit"], c["weight_a"], c["weight_b"]),
        )

    def make_picture(self) -> ErrorSurfaces:
        """Return the two panels."""
        return ErrorSurfaces()

    def settings(self, values: dict[str, object]) -> dict[str, object]:
        """Leave out the view, and what the chosen kind of direction does not listen to."""
        deaf = {"view", *(("seed",) if values["directions"] == DIRECTIONS[1] else WHICH)}
        if not POSITIONS[values["position"]]:
            deaf.add("trained")  # before training both nets have the same weights
        return {name: value for name, value in values.items() if name not in deaf}

    def results(self, **values: object) -> Iterator[SurfacePair]:
        """Yield the two surfaces from coarse to fine."""
        self.picture.view = values["view"]
        for name in (*WHICH, "seed", "trained"):
            self.controls[name].disabled = name not in self.settings(values)
        yield from super().results(**values)

    def pieces(self, **values: object) -> Iterator[SurfacePair]:
        """Cut the plane and compute it from coarse to fine."""
        off, on, bends = place(values["activation"], values["trained"], values["position"])
        d1, d2 = self._directions(off, **values)
        split = datasets.fashion_split()
        x, labels = split.x[:SAMPLES], split.labels[:SAMPLES]
        planes = [Plane(net, d1, d2, x, labels) for net in (off, on)]
        yield from pairs(*planes, bends, values["reach"], values["points"])

    @staticmethod
    def _directions(net, directions, seed, layer, unit, weight_a, weight_b, **rest):
        if directions == DIRECTIONS[0]:
            rng = np.random.default_rng([seed, 3])  # not the draws that made the weights
            return random_direction(net, rng), random_direction(net, rng)
        return [weight_direction(net, layer, unit, rank) for rank in (weight_a, weight_b)]

    def describe(self, result: SurfacePair) -> str:
        """Say how rough the two surfaces are."""
        return diagnose_pair(result)
