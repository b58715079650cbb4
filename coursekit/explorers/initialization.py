"""The initialization explorer of lesson 05 asks how wide weights should start."""

from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets

from coursekit.diagnostics import Quantity, SignalReport, diagnose
from coursekit.experiments.initialization import BY_SIGMA, Initialization
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots import LayerSignals

ACTIVATIONS = (
    *(("tanh", "tanh"), ("sigmoid", "sigmoid"), ("ReLU", "relu"), ("leaky ReLU", "leaky_relu")),
    ("identity", "identity"),
)
SCHEMES = (
    *(("normal, σ", "normal"), ("constant, σ", "constant"), ("zeros", "zeros")),
    *(
        ("U(±0.07)", "uniform_0.07"),
        ("U(±1/√fan_in)", "standard_uniform"),
        ("LeCun normal", "lecun_normal"),
    ),
    *(("Xavier uniform", "xavier_uniform"), ("Xavier normal", "xavier_normal")),
    *(("He uniform", "he_uniform"), ("He normal", "he_normal"), ("orthogonal", "orthogonal")),
)
# So many of the 500 inputs are a first look, taken where the net has more weights than this.
FIRST_LOOK, WORK_OF_A_FRAME = 100, 1_000_000
INPUTS = (("Fashion-MNIST", "fashion_mnist"), ("Gaussian N(0, 1)", "gaussian"))
QUANTITIES = (
    ("activations", Quantity.ACTIVATIONS),
    ("pre-activations", Quantity.PRE_ACTIVATIONS),
    ("gradients ∂C/∂s", Quantity.GRADIENTS),
    ("weight gradients ∂C/∂W", Quantity.WEIGHT_GRADIENTS),
)


class InitializationExplorer(Explorer):
    """Choose an activation, a weight scheme and a depth; see which layers the signal reaches.

    500 inputs of 784 numbers pass through the net; for gradients, the softmax cross-entropy of ten
    classes comes back. Layer i draws the same random pattern at any depth, so that a slider changes one
    thing at a time; `seed` draws other patterns.
    """

    first = ("sigma",)
    lines = (
        ("sigma",),
        ("depth", "width", "seed", "batch_norm"),
        ("activation",),
        ("scheme",),
        ("input",),
        ("quantity",),
    )

    def __init__(self, **more: Any):
        self._experiment = Initialization()
        super().__init__(**more)

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return the nine controls of lesson 05."""
        return {
            "activation": controls.choice("activation", ACTIVATIONS, button="94px"),
            "scheme": controls.choice("scheme", SCHEMES, button="124px"),
            "sigma": controls.logarithmic("σ", 0.01, -4, 1, width="420px"),
            "depth": controls.whole("depth", 10, 2, 30, width="220px"),
            "width": controls.whole("units", 500, 50, 1000, step=50, width="220px"),
            "seed": controls.whole("seed", 0, 0, 9, width="180px"),
            "input": controls.choice("input", INPUTS, button="135px"),
            "batch_norm": controls.switch("batch norm"),
            "quantity": controls.choice("show", QUANTITIES, button="182px"),
        }

    def make_picture(self) -> LayerSignals:
        """Return the layer-by-layer picture."""
        return LayerSignals()

    def results(self, **values: Any) -> Iterator[SignalReport]:
        """Yield a first look at some of the inputs, where all of them take longer than a frame."""
        if values["depth"] * values["width"] ** 2 > WORK_OF_A_FRAME:
            yield self._experiment.report(**values, samples=FIRST_LOOK)
        yield self.compute(**values)

    def compute(self, **values: Any) -> SignalReport:
        """Send the inputs through the net that the controls describe."""
        return self._experiment.report(**values)

    def greyed(self, scheme: str, **values: Any) -> dict[str, str]:
        """Grey σ where the scheme computes the width of the weights itself."""
        if scheme in BY_SIGMA:
            return {}
        words = next(words for words, key in SCHEMES if key == scheme)
        return {"sigma": f"σ plays no part: {words} sets the width of the weights itself"}

    def describe(self, result: SignalReport) -> str:
        """Say whether the signal survives."""
        return diagnose(result)
