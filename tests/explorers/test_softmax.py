"""What only the explorer of three scores does; test_sweeps.py sees that every control moves something."""

import numpy as np

from coursekit.experiments.softmax import scores
from coursekit.explorers import SoftmaxExplorer
from tests.explorers.driving import same


def test_each_control_reaches_the_numbers():
    explorer = SoftmaxExplorer(
        coat=1.5, shirt=-2.0, bag=4.0, temperature=0.5, label=2, head="sigmoid", method="naive",
        dtype="float64",
    )  # fmt: skip
    assert same(explorer.result, scores((1.5, -2.0, 4.0), 0.5, 2, "sigmoid", "naive", "float64"))


def test_it_overflows_and_recovers():
    explorer = SoftmaxExplorer(coat=10.0, temperature=0.1, method="naive")
    assert np.isnan(explorer.result.probabilities[0])
    assert "float32 ends at e to the power of 88.7" in explorer.diagnosis
    explorer.set(dtype="float64")
    assert "exactly 1" in explorer.diagnosis
    explorer.set(temperature=0.01)
    assert "float64 ends at e to the power of 709.8" in explorer.diagnosis
    explorer.set(method="stable")
    assert explorer.result.probabilities[0] == 1


def test_what_has_no_panel_is_not_told():
    """The first explorer of the lesson speaks of probabilities alone."""
    one, two, three = (SoftmaxExplorer(panels=n).diagnosis for n in (1, 2, 3))
    assert one == "The probabilities are 0.705, 0.259 and 0.035: together 1."
    assert "loss" in two
    assert "push" not in two
    assert three == f"{two} Its score is pushed up by 0.29, the others down by as much together."
    sigmoid = SoftmaxExplorer(panels=1, head="sigmoid").diagnosis
    assert "They need not make 1; they make 1.88." in sigmoid
