"""Initializers against the papers' formulas, with the numbers worked out by hand."""

import math

import numpy as np
import pytest

from coursekit.nn import Dense, Sequential, initializers

DENSE, CONV = (300, 200), (64, 16, 3, 5)

# The spread each paper asks for, as decimals. DENSE has n_in = 300, n_out = 200. CONV has 16 x 3 x 5 =
# 240 numbers feeding an output and 64 x 3 x 5 = 960 outputs fed by an input, so their sum is 1200.
# A uniform law is told by its limit L (variance L²/3), a normal law by its standard deviation.
PAPERS = {
    # Gluon's default: U(±0.07).
    "uniform_0.07": ("uniform", 0.07, 0.07),
    # Glorot & Bengio 2010, eq. 1: U(±1/√n): 1/√300, 1/√240.
    "standard_uniform": ("uniform", 0.0577350, 0.0645497),
    # Glorot & Bengio 2010, eq. 16: U(±√6/√(n_j + n_j+1)): √(6/500), √(6/1200).
    "xavier_uniform": ("uniform", 0.1095445, 0.0707107),
    # The same variance, 2/(n_j + n_j+1), as a normal law: √(2/500), √(2/1200).
    "xavier_normal": ("normal", 0.0632456, 0.0408248),
    # LeCun et al. 1998, eq. 16: σ = m^(-1/2), m connections in: 1/√300, 1/√240.
    "lecun_normal": ("normal", 0.0577350, 0.0645497),
    # He et al. 2015, eq. 10: ½ n var(w) = 1: √(2/300), √(2/240); as a uniform law √3 times that.
    "he_normal": ("normal", 0.0816497, 0.0912871),
    "he_uniform": ("uniform", 0.1414214, 0.1581139),
}
KURTOSIS = {"normal": 3.0, "uniform": 1.8}


def test_no_scheme_is_left_out():
    assert set(PAPERS) | {"zeros", "orthogonal"} == set(initializers.SCHEMES)


@pytest.mark.parametrize("shape", [DENSE, CONV], ids=["dense", "conv"])
@pytest.mark.parametrize("scheme", PAPERS)
def test_a_scheme_has_its_paper_s_law(scheme, shape):
    law, *spreads = PAPERS[scheme]
    spread = spreads[shape == CONV]
    w = initializers.get(scheme)(shape, np.random.default_rng(1), np.float64)
    assert w.shape == shape
    variance = spread**2 / (3 if law == "uniform" else 1)
    # Bands of five standard errors: those of a variance are √(2/n) and √(0.8/n), of a kurtosis √(24/n).
    assert abs(w.mean()) < 5 * math.sqrt(variance / w.size)
    assert w.var() == pytest.approx(variance, rel=5 * math.sqrt(2 / w.size))
    kurtosis = ((w - w.mean()) ** 4).mean() / w.var() ** 2
    assert kurtosis == pytest.approx(KURTOSIS[law], abs=5 * math.sqrt(24 / w.size))
    if law == "uniform":
        assert 0.998 * spread < np.abs(w).max() <= spread * (1 + 1e-6)
    else:
        beyond_two_sigma = (np.abs(w) > 2 * spread).mean()
        assert beyond_two_sigma == pytest.approx(0.0455, abs=5 * math.sqrt(0.0455 / w.size))


@pytest.mark.parametrize("scheme", PAPERS)
def test_entries_are_drawn_one_by_one(scheme):
    w = initializers.get(scheme)((50, 40), np.random.default_rng(2))
    assert len(np.unique(w)) > 1990  # float32 coincidences only


def test_fans_tell_inputs_from_outputs():
    assert initializers.fans((784, 500)) == (784, 500)
    assert initializers.fans((6, 1, 5, 5)) == (25, 150)  # LeNet's first layer
    assert initializers.fans(np.array([3, 7])) == (3, 7)


@pytest.mark.parametrize(("mode", "variance"), [("fan_in", 0.01), ("fan_out", 0.015), ("fan_avg", 0.012)])
@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_variance_scaling_by_mode(mode, variance, distribution):
    # 3/300, 3/200 and 3/250.
    w = initializers.variance_scaling(3, mode, distribution)(DENSE, np.random.default_rng(3))
    assert w.var() == pytest.approx(variance, rel=0.03)


def test_normal_and_uniform_know_no_sizes():
    for shape in ((400, 100), (100, 400)):
        rng = np.random.default_rng(4)
        assert initializers.normal(0.25)(shape, rng).std() == pytest.approx(0.25, rel=0.02)
        w = initializers.uniform(0.25)(shape, rng)
        assert 0.2499 < np.abs(w).max() <= 0.25
        assert w.std() == pytest.approx(0.25 / math.sqrt(3), rel=0.02)
    assert not initializers.normal(0)(shape, rng).any()


def test_forward_variance_is_kept_by_lecun_and_he():
    """What the two papers promise: LeCun for a linear layer; He for E[x²] behind a ReLU."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((2000, 300))
    y = x @ initializers.lecun_normal(DENSE, rng, np.float64)
    assert y.var() == pytest.approx(1, rel=0.05)
    y = x @ initializers.he_normal(DENSE, rng, np.float64)
    assert np.square(np.maximum(y, 0)).mean() == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize("shape", [(30, 20), (20, 30), (25, 25), (32, 2, 3, 3), (8, 3, 2, 2), (1, 1)])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 2e-6), (np.float64, 1e-14)])
def test_orthogonal_rows_or_columns(shape, dtype, tolerance):
    q = initializers.orthogonal()(shape, np.random.default_rng(6), dtype)
    assert (q.shape, q.dtype) == (shape, dtype)
    matrix = q.reshape(shape[0], -1)
    gram = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
    np.testing.assert_allclose(gram, np.eye(len(gram)), atol=tolerance)


def test_orthogonal_gain_and_uniform_draw():
    q = initializers.orthogonal(1.5)((12, 5), np.random.default_rng(7), np.float64)
    np.testing.assert_allclose(q.T @ q, 2.25 * np.eye(5), atol=1e-13)
    # A QR without the sign correction always returns the same sign for a 1 x 1 matrix.
    rng = np.random.default_rng(8)
    signs = [initializers.orthogonal()((1, 1), rng).item() for _ in range(200)]
    assert {round(s, 5) for s in signs} == {-1, 1}
    assert abs(np.mean(signs)) < 5 / math.sqrt(200)


def test_zeros_and_constant():
    rng = np.random.default_rng(9)
    np.testing.assert_array_equal(initializers.zeros((2, 3), rng), np.zeros((2, 3)))
    np.testing.assert_array_equal(initializers.constant(-0.5)((2, 3), rng), np.full((2, 3), -0.5))
    np.testing.assert_array_equal(initializers.constant(2)((1, 2, 1, 1), rng), np.full((1, 2, 1, 1), 2))


@pytest.mark.parametrize("scheme", initializers.SCHEMES)
def test_dtype_and_seed(scheme):
    draw = initializers.SCHEMES[scheme]
    first = draw((6, 5), np.random.default_rng(10))
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, draw((6, 5), np.random.default_rng(10)))
    wide = draw((6, 5), np.random.default_rng(10), np.float64)
    assert wide.dtype == np.float64
    if scheme != "zeros":
        assert not np.array_equal(first, draw((6, 5), np.random.default_rng(11)))
        rng = np.random.default_rng(10)
        assert not np.array_equal(draw((6, 5), rng), draw((6, 5), rng))


def test_float64_is_drawn_in_float64_not_widened():
    rng = np.random.default_rng(15)
    w = initializers.normal(1)((20, 20), rng, np.float64)
    assert (w != w.astype(np.float32)).mean() > 0.9
    steps = (initializers.uniform(1)((20, 20), rng, np.float64) + 1) * 2**23  # whole for float32 draws
    assert (np.abs(steps - np.round(steps)) > 0.01).mean() > 0.9
    q = initializers.orthogonal()((5, 5), rng, np.float64)
    np.testing.assert_allclose(q.T @ q, np.eye(5), atol=1e-14)


def test_names_are_the_initializers_themselves():
    for name in ("xavier_uniform", "xavier_normal", "he_uniform", "he_normal", "lecun_normal", "zeros"):
        assert getattr(initializers, name) is initializers.get(name)
    own = initializers.normal(0.01)
    assert initializers.get(own) is own
    assert own.name == "normal(0.01)"


def test_sizes_are_unknown_until_the_first_forward():
    layer = Dense(5).initialize("he_normal", np.random.default_rng(12))
    assert repr(layer) == "Dense(? -> 5)"
    assert layer.params == {}
    layer.forward(np.ones((2, 7), np.float32))
    assert repr(layer) == "Dense(7 -> 5)"
    assert layer.params["W"].shape == (7, 5)
    at_once = Dense(5, in_units=7).initialize("he_normal", np.random.default_rng(12))
    assert repr(at_once) == "Dense(7 -> 5)"
    np.testing.assert_array_equal(at_once.params["W"], layer.params["W"])
    np.testing.assert_array_equal(at_once.params["b"], np.zeros(5))


def test_the_first_batch_decides_the_dtype_of_deferred_weights():
    for dtype in (np.float32, np.float64):
        layer = Dense(3).initialize("xavier_uniform", np.random.default_rng(0))
        layer.forward(np.ones((2, 4), dtype))
        assert {p.dtype for p in layer.params.values()} == {np.dtype(dtype)}
    assert (
        Dense(3, in_units=4).initialize("zeros", np.random.default_rng(0)).params["W"].dtype == np.float32
    )


@pytest.mark.parametrize("sizes", [(None, None, None), (5, 4, 3)], ids=["deferred", "at once"])
def test_a_net_draws_layer_after_layer_from_one_generator(sizes):
    net = Sequential(*(Dense(units, n_in) for units, n_in in zip((4, 3, 2), sizes, strict=True)))
    net.initialize(initializers.normal(1), np.random.default_rng(13))
    assert bool(net.params) == (None not in sizes)
    net.forward(np.ones((1, 5), np.float32))
    rng = np.random.default_rng(13)
    for i, shape in enumerate([(5, 4), (4, 3), (3, 2)]):
        np.testing.assert_array_equal(net.params[f"{i}.W"], rng.standard_normal(shape, np.float32))


def test_initializing_again_draws_again_and_clears_the_bias():
    rng = np.random.default_rng(14)
    layer = Dense(3, in_units=4).initialize("he_normal", rng)
    first = layer.params["W"].copy()
    layer.params["b"][...] = 7
    layer.initialize("he_normal", rng)
    assert not np.array_equal(layer.params["W"], first)
    assert not layer.params["b"].any()
