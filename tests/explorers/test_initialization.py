"""What the initialization explorer says and shows at settings whose outcome is known."""

import numpy as np
import pytest

from coursekit.diagnostics import QUANTITIES
from coursekit.explorers import InitializationExplorer
from coursekit.explorers.initialization import SCHEMES


def test_it_has_the_controls_of_the_curriculum():
    controls = InitializationExplorer().controls
    assert set(controls) >= {
        *("activation", "scheme", "sigma", "depth", "width", "batch_norm", "input", "quantity"),
    }
    assert (controls["depth"].min, controls["depth"].max) == (2, 30)
    assert (controls["width"].min, controls["width"].max) == (50, 1000)
    assert len(SCHEMES) >= 10


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sigma": 0.01}, "vanished"),
        ({"sigma": 1.0}, "saturated"),
        ({"sigma": 1.0, "quantity": QUANTITIES[2]}, "explodes"),
        ({"scheme": "xavier_uniform"}, "survives"),
        ({"activation": "relu", "scheme": "he_normal"}, "survives"),
        ({"activation": "sigmoid", "scheme": "lecun_normal"}, "between samples"),
        ({"scheme": "zeros"}, "No spread at all"),
        ({"scheme": "zeros", "quantity": QUANTITIES[3]}, "No spread at all"),
        ({"sigma": 0.01, "batch_norm": True}, "survives"),
    ],
)
def test_the_diagnosis_of_a_known_case(settings, words):
    assert words in InitializationExplorer(**settings).diagnosis


def test_overflow_is_named_with_its_layer():
    explorer = InitializationExplorer(activation="identity", sigma=10.0, depth=30)
    # Each layer multiplies by σ√n = 10·√500 = 224, the first by 10·√784 = 280. float32 ends at 3.4e38.
    layer = 1 + int(np.ceil((38.53 - np.log10(280)) / np.log10(10 * np.sqrt(500))))
    assert explorer.result.diverged_at in (layer - 1, layer)  # the largest value is a few spreads out
    assert explorer.diagnosis.startswith(f"Diverged at layer {explorer.result.diverged_at}:")
    explorer.set(quantity=QUANTITIES[2])
    assert "no gradient" in explorer.diagnosis


def test_sigma_is_greyed_where_nothing_listens_to_it():
    explorer = InitializationExplorer()
    assert not explorer.controls["sigma"].disabled
    explorer.set(scheme="he_normal")
    assert explorer.controls["sigma"].disabled
    explorer.set(scheme="constant")
    assert not explorer.controls["sigma"].disabled


def test_the_picture_moves_to_the_numbers_of_the_result():
    explorer = InitializationExplorer(sigma=0.1)
    x, y = explorer.picture._spread_line.get_data()
    assert np.allclose(x, explorer.result.std)
    assert list(y) == list(range(1, 11))
    assert np.allclose(explorer.picture._flat_line.get_xdata(), explorer.result.flat)
    assert len(explorer.picture._bars.get_paths()) == 10


def test_layer_i_is_the_same_at_any_depth():
    deep = InitializationExplorer(depth=20, scheme="he_normal").result
    shallow = InitializationExplorer(depth=5, scheme="he_normal").result
    assert np.array_equal(deep.std[:5], shallow.std)
