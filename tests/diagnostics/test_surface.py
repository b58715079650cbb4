"""Planes and surfaces: against one forward call a point, and where the answer is known."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.diagnostics.plane import Plane
from coursekit.diagnostics.surface import surface, surfaces
from coursekit.diagnostics.weights import random_direction, weight_direction, weights_of
from coursekit.nets.deep import PLACEMENTS, deep_net

RNG = np.random.default_rng


def plane_of(activation="tanh", norm=None, dtype=np.float64, placement=PLACEMENTS[0]):
    rng = RNG(0)
    x, labels = rng.standard_normal((20, 6)).astype(dtype), rng.integers(0, 10, 20)
    net = deep_net(activation, 3, 5, norm=norm, placement=placement).initialize("he_normal", rng)
    net.forward(x)
    for name, array in net.params.items():
        if not name.endswith("W"):
            array += 0.3 * rng.standard_normal(array.shape).astype(dtype)
    return Plane(net, random_direction(net, rng), random_direction(net, rng), x, labels)


def loss_at(plane, a, b):
    """Move the weights, run the net, put them back."""
    weights = list(weights_of(plane.net).values())
    kept = [W.copy() for W in weights]
    for W, d1, d2 in zip(weights, plane.d1, plane.d2, strict=True):
        W += a * d1 + b * d2
    loss, _ = nn.softmax_cross_entropy(plane.net.forward(plane.x, training=True), plane.labels)
    for W, centre in zip(weights, kept, strict=True):
        W[...] = centre
    return loss


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("norm", [None, nn.BatchNorm, lambda: nn.BatchNorm(eps=0.1)])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "leaky_relu", "identity"])
def test_many_points_at_once_are_the_net_point_by_point(activation, norm, placement):
    plane = plane_of(activation, norm, placement=placement)
    a, b = RNG(1).uniform(-1, 1, (2, 7))
    expected = [loss_at(plane, *point) for point in zip(a, b, strict=True)]
    np.testing.assert_allclose(plane.losses(a, b), expected, rtol=1e-10)


def test_a_grid_has_a_along_columns_and_b_along_rows():
    plane = plane_of()
    found = surface(plane, 0.5, points=11)
    along = np.linspace(-0.5, 0.5, 11)
    for i, j in ((0, 0), (2, 9), (10, 3)):
        assert found.losses[i, j] == pytest.approx(loss_at(plane, along[j], along[i]), rel=1e-10)
    assert found.centre == pytest.approx(loss_at(plane, 0, 0), rel=1e-10)
    assert found.done == 1
    assert found.reach == 0.5


def test_it_grows_from_coarse_to_fine_and_what_is_known_stays():
    pieces = list(surfaces(plane_of(norm=nn.BatchNorm), 1.0, points=21, rows=4))
    assert [round(p.done, 3) for p in pieces] == [
        round(25 / 441, 3),
        *(round(r / 21, 3) for r in (4, 8, 12, 16, 20, 21)),
    ]
    last = pieces[-1].losses
    for piece in pieces:
        known = ~np.isnan(piece.losses)
        np.testing.assert_array_equal(piece.losses[known], last[known])
        np.testing.assert_allclose(piece.coarse, last[::5, ::5], rtol=1e-10)
    assert np.isnan(pieces[0].losses).all()
    assert np.isnan(pieces[1].losses).sum() == 17 * 21


def test_a_random_direction_is_as_long_as_each_unit_s_weights():
    net = plane_of().net
    for W, d in zip(weights_of(net).values(), random_direction(net, RNG(3)), strict=True):
        np.testing.assert_allclose(np.sqrt((d**2).sum(axis=0)), np.sqrt((W**2).sum(axis=0)), rtol=1e-6)


def test_the_direction_of_one_weight():
    net = deep_net("tanh", 1, 2).initialize("zeros", RNG(0))
    net.forward(np.zeros((1, 3)))
    net.params["0.W"][...] = [[0, 3], [1, -4], [2, 0]]
    d = weight_direction(net, layer=1, unit=2, rank=1)
    np.testing.assert_array_equal(d[0], [[0, 0], [0, 5], [0, 0]])  # the largest is -4; √(9 + 16) = 5
    assert not d[1].any()
    np.testing.assert_array_equal(weight_direction(net, 1, 1, 3)[0][0], [np.sqrt(5), 0])


def test_numbers_that_leave_the_range_are_inf_and_no_warning():
    plane = plane_of("relu", dtype=np.float32)
    losses = plane.losses(np.array([0.0, 1e30]), np.zeros(2))
    assert np.isfinite(losses[0])
    assert losses[1] == np.inf
    found = surface(plane, 1e30, points=11)
    assert np.isinf(found.losses).any()
    assert np.isfinite(found.known).all()
    assert found.known.size


def test_the_net_is_left_alone():
    plane = plane_of(norm=nn.BatchNorm)
    before = {name: array.copy() for name, array in {**plane.net.params, **plane.net.buffers}.items()}
    surface(plane, 1.0, points=11)
    for name, array in {**plane.net.params, **plane.net.buffers}.items():
        np.testing.assert_array_equal(array, before[name])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p: surface(p, 0.0), "reach must be above 0"),
        (lambda p: surface(p, -1.0), "reach must be a finite number"),
        (lambda p: surface(p, np.nan), "reach must be a finite number"),
        (lambda p: surface(p, 1.0, points=20), "points must be one of 11, 21, 31, 41, 51"),
        (lambda p: weight_direction(p.net, 9, 1, 1), "layer must be at most 4; got 9"),
        (lambda p: weight_direction(p.net, 1, 9, 1), "unit must be at most 5; got 9"),
        (lambda p: weight_direction(p.net, 1, 1, 7), "rank must be at most 6; got 7"),
        (lambda p: weight_direction(p.net, 0, 1, 1), "layer must be 1 or more"),
        (lambda p: deep_net("tanh", 1, 1, placement="beside"), "placement must be one of"),
        (lambda p: deep_net("cosine", 1, 1), "activation must be one of"),
    ],
)
def test_wrong_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call(plane_of())
