"""Three scores: against decimals worked out by hand, and where float32 and float64 end."""

import dataclasses
import math

import numpy as np
import pytest

from coursekit.experiments.softmax import diagnose_scores, scores


@pytest.mark.parametrize("method", ["naive", "stable"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_by_hand(method, dtype):
    # e² = 7.389, e¹ = 2.718, e⁻¹ = 0.368: together 10.475.
    result = scores((2, 1, -1), 1, 0, method=method, dtype=dtype)
    np.testing.assert_allclose(result.probabilities, [0.7054, 0.2595, 0.0351], atol=5e-5)
    np.testing.assert_allclose(result.gradient, [-0.2946, 0.2595, 0.0351], atol=5e-5)
    assert result.loss == pytest.approx(0.3490, abs=5e-5)
    assert result.truth == pytest.approx([0.7054], abs=5e-5)
    assert {a.dtype.name for a in (result.scaled, result.probabilities, result.gradient)} == {dtype}


@pytest.mark.parametrize("method", ["naive", "stable"])
def test_three_sigmoids_by_hand(method):
    # 1/(1 + e⁻²) = 0.8808, 1/(1 + e⁻¹) = 0.7311, 1/(1 + e) = 0.2689.
    result = scores((2, 1, -1), 1, 1, "sigmoid", method, "float64")
    np.testing.assert_allclose(result.probabilities, [0.8808, 0.7311, 0.2689], atol=5e-5)
    np.testing.assert_allclose(result.truth, [0.1192, 0.7311, 0.7311], atol=5e-5)
    np.testing.assert_allclose(result.losses, [2.1269, 0.3133, 0.3133], atol=5e-5)
    np.testing.assert_allclose(result.gradient, [0.8808, -0.2689, 0.2689], atol=5e-5)
    assert result.loss == pytest.approx(2.7535, abs=1e-4)


def test_the_temperature_divides():
    cold, plain = scores((1, 0, -1), 0.5), scores((2, 0, -2), 1)
    np.testing.assert_array_equal(cold.probabilities, plain.probabilities)
    np.testing.assert_allclose(scores((9, 0, -5), 1e6).probabilities, 1 / 3, atol=1e-5)


@pytest.mark.parametrize(("dtype", "holds", "breaks"), [("float32", 88.7, 88.8), ("float64", 709.7, 709.8)])
@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_where_the_naive_way_ends(head, dtype, holds, breaks):
    for z, whole in ((holds, True), (breaks, False)):
        naive = scores((z, 0, 0), 1, 0, head, "naive", dtype)
        assert np.isfinite(naive.probabilities).all() == whole
        stable = scores((z, 0, 0), 1, 0, head, "stable", dtype)
        assert stable.probabilities[0] == 1
        assert np.isfinite(stable.loss)


def test_below_the_smallest_number_all_powers_are_nothing():
    naive = scores((-800, -801, -802), 1, 0, method="naive", dtype="float64")
    assert np.isnan(naive.probabilities).all()
    assert "0/0 is no number" in diagnose_scores(naive)
    stable = scores((-800, -801, -802), 1, 0, dtype="float64")
    np.testing.assert_allclose(stable.probabilities, [0.6652, 0.2447, 0.0900], atol=5e-5)


def test_exactly_one_in_float32():
    p32, p64 = (scores((100, 10, 0.1), 1, 0, dtype=d).probabilities for d in ("float32", "float64"))
    assert p32[0] == 1
    assert p32[1] > 0
    assert p64[0] == 1  # 1 - 8e-40 is no float64 either


def test_the_log_of_a_lost_probability():
    naive, stable = (scores((80, -60, 0), 1, 1, method=m) for m in ("naive", "stable"))
    assert naive.loss == math.inf
    assert stable.loss == pytest.approx(140)
    assert "it finds 140." in diagnose_scores(naive)
    sigmoid = scores((-200, 200, 0), 1, 0, "sigmoid", "stable")
    np.testing.assert_allclose(sigmoid.losses, [200, 200, math.log(2)], rtol=1e-6)


@pytest.mark.parametrize("head", ["softmax", "sigmoid"])
def test_the_gradient_is_the_slope(head):
    z, step = np.array([1.3, -0.4, 0.2]), 1e-5
    for k in range(3):
        e = step * np.eye(3)[k]
        up, down = (scores(z + s * e, 1, 2, head, dtype="float64").loss for s in (1, -1))
        slope = scores(z, 1, 2, head, dtype="float64").gradient[k]
        assert (up - down) / (2 * step) == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (((2, 1, -1), 1, 0), "The right class, coat, gets 0.705: the loss is −log of it, 0.35."),
        (((2, 1, -1), 1, 0), "pushed up by 0.29"),
        (((9, 1, 0), 1, 0), "−log of it, 0.0005. There is hardly anything left to push."),
        (((100, 1, 0), 1, 0, "softmax", "naive"), "power of 100 is too large: float32 ends at e to the "
         "power of 88.7"),
        (((900, 1, 0), 1, 0, "softmax", "naive", "float64"), "float64 ends at e to the power of 709.8"),
        (((10, 1, 0), 0.1, 0), "In float32 one probability is exactly 1"),
        (((2, 1, -1), 1, 1, "sigmoid"), "add up to 1.88, and need not make 1. The shirt gets 0.731; the "
         "three losses make 2.75."),
    ],
)  # fmt: skip
def test_the_sentence_carries_the_numbers(arguments, words):
    assert words in diagnose_scores(scores(*arguments))


def test_it_refuses_and_is_frozen():
    for bad, sentence in [
        (((1, 2),), "three scores"),
        (((1, 2, 3), 0.0), "temperature"),
        (((1, 2, 3), 1, 3), "label from 0 to 2"),
        (((1, 2, 3), 1, 0, "argmax"), "head"),
        (((1, 2, 3), 1, 0, "softmax", "fast"), "method"),
        (((1, 2, 3), 1, 0, "softmax", "naive", "float16"), "dtype"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            scores(*bad)
    with pytest.raises(dataclasses.FrozenInstanceError):
        scores((1, 2, 3)).label = 1
