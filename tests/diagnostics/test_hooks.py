"""Watching a net: every layer is told of, in the order of work, and nothing is left behind."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.diagnostics import QUANTITIES, signal_report, trace
from coursekit.diagnostics.hooks import watching
from coursekit.diagnostics.plane import Plane
from coursekit.diagnostics.weights import random_direction
from coursekit.nets import Residual, lenet, residual_net

RNG = np.random.default_rng


def net_and_batch():
    net = nn.Sequential(nn.Dense(4), Residual(nn.Dense(4), nn.ReLU()), nn.Dense(2))
    return net.initialize("he_normal", RNG(0)), RNG(1).standard_normal((3, 5))


def test_each_pass_of_each_layer_is_told_of_with_what_went_in_and_came_out():
    net, x = net_and_batch()
    told = []
    with watching(
        net,
        forward=lambda layer, before, after: told.append(("f", layer, before, after)),
        backward=lambda layer, before, after: told.append(("b", layer, before, after)),
    ):
        y = net.forward(x)
        net.backward(np.ones((3, 2)))
    inside = net.layers[1].body.layers
    order = [net.layers[0], *inside, net.layers[2]]
    assert [(way, layer) for way, layer, *_ in told] == [("f", each) for each in order] + [
        ("b", each) for each in (net.layers[2], inside[1], inside[0], net.layers[0])
    ]
    assert told[0][2] is x
    assert told[3][3] is y
    np.testing.assert_array_equal(told[2][3], np.maximum(told[2][2], 0))


def test_afterwards_the_layers_are_as_before_even_after_an_error():
    net, x = net_and_batch()
    before = {id(leaf): set(vars(leaf)) for leaf in net.leaves().values()}

    def boom(*told):
        raise RuntimeError("seen enough")

    with pytest.raises(RuntimeError, match="seen enough"), watching(net, forward=boom):
        net.forward(x)
    for leaf in net.leaves().values():
        assert set(vars(leaf)) == before[id(leaf)]
        assert leaf.forward.__func__ is type(leaf).forward
    seen = []
    with watching(net, backward=lambda *told: seen.append(told)):
        net.forward(x)
    assert not seen


def test_a_shared_layer_s_second_place_is_told_of_by_itself():
    first = nn.Dense(5)
    net = nn.Sequential(first, nn.Tanh(), nn.Shared(first)).initialize("he_normal", RNG(0))
    x, told = RNG(1).standard_normal((3, 5)), []
    with watching(net, forward=lambda layer, *signals: told.append(layer)):
        y = net.forward(x)
    assert told == net.layers
    assert net.backward(np.ones_like(y)).shape == x.shape
    W, b = net.params["0.W"], net.params["0.b"]
    np.testing.assert_allclose(y, np.tanh(x @ W + b) @ W + b, rtol=1e-12)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_residual_net_of_thirty_blocks_is_seen_whole(quantity):
    x, labels = RNG(1).standard_normal((20, 12)).astype(np.float32), RNG(2).integers(0, 10, 20)
    net = residual_net("tanh", 30, 12).initialize("xavier_normal", RNG(0))
    report = signal_report(net, x, labels, quantity=quantity)
    assert report.depth == len(report.states) == 30
    assert np.isfinite(report.std).all()
    plain = residual_net("tanh", 30, 12, skip=False).initialize(nn.initializers.normal(0.05), RNG(0))
    assert signal_report(plain, x, labels, quantity=quantity).depth == 30


def test_feature_maps_count_a_dead_filter_as_one_unit():
    net = lenet().initialize("he_normal", RNG(0))
    x = RNG(1).random((4, 1, 28, 28)).astype(np.float32)
    net.forward(x)
    net.params["0.b"][:2] = -100  # two of six filters never fire
    report = signal_report(net, x)
    assert report.stuck[0] == pytest.approx(2 / 6)
    assert report.flat[0] >= 2 / 6
    assert report.depth == 4
    assert report.histograms.total.tolist() == [4 * 6 * 28 * 28, 4 * 16 * 100, 4 * 120, 4 * 84]


def test_activations_of_several_kinds_are_judged_by_their_own_test():
    net = nn.Sequential(nn.Dense(6), nn.Tanh(), nn.Dense(6), nn.ReLU(), nn.Dense(3))
    net.initialize(nn.initializers.normal(3.0), RNG(0))
    report = signal_report(net, RNG(1).standard_normal((30, 6)))
    kept = trace(net, RNG(1).standard_normal((30, 6)))
    assert report.flat_label == "flat outputs"
    assert report.flat[0] == np.mean(np.abs(kept.h[0]) > 0.97)
    assert report.flat[1] == np.mean(kept.h[1] == 0)


def test_an_activation_without_weights_of_its_own_has_no_weight_gradient():
    net = nn.Sequential(nn.Dense(4), nn.Tanh(), nn.ReLU(), nn.Dense(3)).initialize("he_normal", RNG(0))
    x, labels = RNG(1).standard_normal((5, 6)), RNG(2).integers(0, 3, 5)
    kept = trace(net, x, labels)
    assert [g.shape for g in kept.dW] == [(6, 4), (0,)]
    assert np.isnan(signal_report(net, x, labels, quantity=QUANTITIES[3]).std[1])


def test_a_plane_through_a_net_that_is_no_chain_is_the_net_point_by_point():
    for net, x in (
        (residual_net("tanh", 3, 5), RNG(1).standard_normal((8, 6))),
        (lenet(), RNG(1).random((2, 1, 28, 28))),
    ):
        net.initialize("he_normal", RNG(0)).forward(x)
        net = net.astype(x.dtype)
        labels = RNG(2).integers(0, 10, len(x))
        plane = Plane(net, random_direction(net, RNG(3)), random_direction(net, RNG(4)), x, labels)
        assert not plane.is_chain
        before = {name: array.copy() for name, array in net.params.items()}
        found = plane.losses(np.array([0.0, 0.2]), np.array([0.0, -0.1]))
        for name, array in net.params.items():
            np.testing.assert_array_equal(array, before[name])
        weights = [array for name, array in net.params.items() if name.endswith("W")]
        for W, d1, d2 in zip(weights, plane.d1, plane.d2, strict=True):
            W += 0.2 * d1 - 0.1 * d2
        expected = nn.softmax_cross_entropy(net.forward(x, training=True), labels)[0]
        assert found[1] == pytest.approx(expected, rel=1e-10)
