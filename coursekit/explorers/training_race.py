"""The training race of lesson 08: the same net without and with batch norm, on the same mini-batches."""

from collections.abc import Iterator

import ipywidgets as widgets
import numpy as np

from coursekit import datasets, nn
from coursekit.diagnostics.noise import noisy_batch_norm
from coursekit.diagnostics.race import Race, diagnose_race, races
from coursekit.diagnostics.stack import PLACEMENTS, stacked_net
from coursekit.explorers import controls
from coursekit.explorers.long import LongExplorer
from coursekit.plots.race import RaceCurves

WIDTH = 50


class TrainingRaceExplorer(LongExplorer):
    """Train two nets, or three, side by side; their curves grow while they learn.

    Hidden layers of 50 units, weights from N(0, σ²), plain gradient descent on mini-batches of 128 of
    4,000 images. The third lane has noise behind each batch norm that shifts and scales at every step.
    """

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the rate, the start, the net and the length of the race."""
        return {
            "rate": controls.logarithmic("rate", 0.1, -3, 1, width="250px"),
            "sigma": controls.logarithmic("σ", 10**-0.7, -4, 1, width="250px"),
            "depth": controls.whole("depth", 5, 1, 8, width="190px"),
            "steps": controls.whole("steps", 100, 20, 100, step=20, width="190px"),
            "seed": controls.whole("seed", 0, 0, 9, width="170px"),
            "activation": controls.choice("activation", ("relu", "tanh", "sigmoid"), button="80px"),
            "placement": controls.choice("place", PLACEMENTS, button="160px"),
            "noise": controls.switch("third lane: noise after batch norm"),
        }

    def arrange_controls(self) -> widgets.Widget:
        """Put what is moved most next to the picture."""
        c = self.controls
        return controls.rows(
            (c["activation"], c["noise"]),
            (c["placement"],),
            (c["depth"], c["steps"], c["seed"]),
            (c["rate"], c["sigma"]),
        )

    def make_picture(self) -> RaceCurves:
        """Return the two panels of curves."""
        return RaceCurves()

    def pieces(self, rate: float, steps: int, seed: int, noise: bool, **net: object) -> Iterator[Race]:
        """Yield the race after every ten steps."""
        nets = self._nets(seed=seed, noise=noise, **net)
        yield from races(nets, datasets.fashion_split(4000, 500), rate, steps=steps, seed=seed)

    @staticmethod
    def _nets(sigma, depth, activation, placement, seed, noise):
        norms = {"without batch norm": None, "with batch norm": nn.BatchNorm}
        if noise:
            rng = np.random.default_rng([seed, 2])
            norms["noise after it"] = lambda: noisy_batch_norm(rng)
        scheme = nn.initializers.normal(sigma)
        return {
            name: stacked_net(activation, depth, WIDTH, norm=norm, placement=placement).initialize(
                scheme, np.random.default_rng(seed)
            )
            for name, norm in norms.items()
        }

    def describe(self, result: Race) -> str:
        """Say who learned how much."""
        return diagnose_race(result)
