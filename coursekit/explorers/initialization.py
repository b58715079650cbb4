"""The initialization explorer of lesson 05 asks how wide weights should start."""

import ipywidgets as widgets
import numpy as np

from coursekit import datasets, diagnostics, nn
from coursekit.diagnostics import QUANTITIES, SignalReport
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots import LayerSignals

SAMPLES, PIXELS = 500, 784

# What the buttons say, and how to get the initializer from σ; only the first two listen to σ.
SCHEMES = {
    "normal, σ": nn.initializers.normal,
    "constant, σ": nn.initializers.constant,
    "zeros": lambda sigma: nn.initializers.get("zeros"),
    "U(±0.07)": lambda sigma: nn.initializers.get("uniform_0.07"),
    "U(±1/√fan_in)": lambda sigma: nn.initializers.get("standard_uniform"),
    "LeCun normal": lambda sigma: nn.initializers.get("lecun_normal"),
    "Xavier uniform": lambda sigma: nn.initializers.get("xavier_uniform"),
    "Xavier normal": lambda sigma: nn.initializers.get("xavier_normal"),
    "He uniform": lambda sigma: nn.initializers.get("he_uniform"),
    "He normal": lambda sigma: nn.initializers.get("he_normal"),
    "orthogonal": lambda sigma: nn.initializers.get("orthogonal"),
}
LISTENS_TO_SIGMA = tuple(SCHEMES)[:2]
INPUTS = ("Fashion-MNIST", "Gaussian N(0, 1)")


class InitializationExplorer(Explorer):
    """Choose an activation, a weight scheme and a depth; see which layers the signal reaches.

    500 inputs of 784 numbers pass through the net; for gradients, the softmax cross-entropy of ten
    classes comes back. Layer i draws the same random pattern at any depth, so that a slider changes one
    thing at a time; `seed` draws other patterns.
    """

    def __init__(self, **values: object):
        self._bank = diagnostics.WeightBank()
        self._inputs = {}
        super().__init__(**values)

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the nine controls of lesson 05, and the seed."""
        return {
            "activation": controls.choice("activation", tuple(diagnostics.ACTIVATIONS), button="94px"),
            "scheme": controls.choice("scheme", tuple(SCHEMES), button="124px"),
            "sigma": controls.logarithmic("σ", 0.01, -4, 1, width="250px"),
            "depth": controls.whole("depth", 10, 2, 30, width="190px"),
            "width": controls.whole("width", 500, 50, 1000, step=50, width="195px"),
            "seed": controls.whole("seed", 0, 0, 9, width="170px"),
            "input": controls.choice("input", INPUTS, button="135px"),
            "batch_norm": controls.switch("batch norm"),
            "quantity": controls.choice("show", QUANTITIES, button="182px"),
        }

    def arrange(self) -> widgets.Widget:
        """Put what is moved most next to the picture."""
        c = self.controls
        return controls.rows(
            (c["activation"], c["batch_norm"]),
            (c["scheme"],),
            (c["input"],),
            (c["quantity"],),
            (c["sigma"], c["depth"], c["width"], c["seed"]),
        )

    def make_picture(self) -> LayerSignals:
        """Return the layer-by-layer picture."""
        return LayerSignals()

    def compute(
        self,
        activation: str,
        scheme: str,
        sigma: float,
        depth: int,
        width: int,
        seed: int,
        input: str,
        batch_norm: bool,
        quantity: str,
    ) -> SignalReport:
        """Send the inputs through the net that the controls describe."""
        self.controls["sigma"].disabled = scheme not in LISTENS_TO_SIGMA
        x, labels = self._samples(input)
        net = self._bank.net(
            SCHEMES[scheme](sigma),
            x.shape[1],
            activation,
            depth,
            width,
            batch_norm=batch_norm,
            seed=seed,
        )
        return diagnostics.signal_report(net, x, labels, quantity=quantity)

    def describe(self, result: SignalReport) -> str:
        """Say whether the signal survives."""
        return diagnostics.diagnose(result)

    def _samples(self, name):
        if name not in self._inputs:
            self._inputs[name] = (
                datasets.fashion_samples(SAMPLES)
                if name == INPUTS[0]
                else datasets.gaussian(SAMPLES, PIXELS, np.random.default_rng(0))
            )
        return self._inputs[name]
