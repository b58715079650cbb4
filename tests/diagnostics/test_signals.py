"""Reports of nets built so that every number is known beforehand."""

import dataclasses

import numpy as np
import pytest

from coursekit import nn
from coursekit.datasets import fashion_samples
from coursekit.diagnostics import QUANTITIES, signal_report, trace
from coursekit.nets import deep_net

H, S, DS, DW = QUANTITIES


def set_net(activation, weights, classes=2, biases=None):
    """Return a net whose hidden weights are the given matrices; the logits' weights are all different."""
    net = deep_net(activation, len(weights), weights[0].shape[1], classes=classes)
    net.initialize("zeros", np.random.default_rng(0))
    net.forward(np.zeros((1, len(weights[0])), np.float32))
    dense = [layer for layer in net.layers if isinstance(layer, nn.Dense)]
    for i, (layer, W) in enumerate(zip(dense, weights, strict=False)):
        layer.params["W"][...] = W
        if biases is not None:
            layer.params["b"][...] = biases[i]
    top = dense[-1].params["W"]
    top[...] = np.arange(1, top.size + 1).reshape(top.shape) ** 2 / 100
    return net


def samples(units=4, n=40):
    return np.random.default_rng(2).standard_normal((n, units)).astype(np.float32)


def scaled(c, depth, units=4):
    return [c * np.eye(units)] * depth


def test_each_layer_of_scaled_identities_multiplies_the_spread():
    x = samples()
    report = signal_report(set_net("identity", scaled(0.2, 5)), x)
    exact = x.astype(np.float64)
    powers = 0.2 ** np.arange(1, 6)
    np.testing.assert_allclose(report.std, exact.std() * powers, rtol=1e-5)
    np.testing.assert_allclose(report.mean, exact.mean() * powers, rtol=1e-4)
    np.testing.assert_allclose(report.between, np.sqrt(exact.var(axis=0).mean()) * powers, rtol=1e-5)
    assert report.factor == pytest.approx(0.2, rel=1e-5)
    # 1, 0.2 and 0.04 of layer 1's spread are more than a hundredth; 0.008 and 0.0016 are less.
    assert report.states == ("alive", "alive", "alive", "vanished", "vanished")
    assert (report.unit, report.start, report.backward, report.depth) == (1, 0, False, 5)
    assert report.diverged_at is None


def test_more_than_a_hundred_times_is_exploded():
    report = signal_report(set_net("identity", scaled(5, 5)), samples())
    assert report.states == ("alive", "alive", "alive", "exploded", "exploded")  # 1, 5, 25, 125, 625
    assert report.factor == pytest.approx(5, rel=1e-5)


@pytest.mark.parametrize(
    ("c", "states"),
    [
        (0.2, ("vanished", "vanished", "alive", "alive", "alive")),
        (5, ("exploded", "exploded", "alive", "alive", "alive")),
    ],
)
def test_gradients_are_followed_downwards(c, states):
    x, labels = samples(), np.arange(40) % 2
    net = set_net("identity", scaled(c, 5))
    report = signal_report(net, x, labels, quantity=DS)
    assert (report.backward, report.start, report.states) == (True, 4, states)
    assert report.factor == pytest.approx(c, rel=1e-5)
    assert np.isnan(report.between).all()
    # The unit is the spread where the way down begins: of (p - onehot) / N times the logits' weights.
    top = net.params["10.W"].astype(np.float64)
    logits = x.astype(np.float64) * c**5 @ top
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    at_layer_5 = ((e / e.sum(axis=1, keepdims=True) - np.eye(2)[labels]) / 40) @ top.T
    assert report.unit == pytest.approx(at_layer_5.std(), rel=1e-4)
    np.testing.assert_allclose(report.std, at_layer_5.std() * c ** np.arange(4.0, -1, -1), rtol=1e-4)


def test_gradients_are_counted_in_units_of_the_first_one():
    rng = np.random.default_rng(5)
    x, labels = samples(6, 50), np.arange(50) % 3
    net = deep_net("tanh", 4, 6, classes=3).initialize("xavier_normal", rng)
    for quantity, name in ((DS, "ds"), (DW, "dW")):
        report = signal_report(net, x, labels, quantity=quantity)
        signals = getattr(trace(net, x, labels), name)
        assert report.unit == pytest.approx(signals[-1].std(dtype=np.float64), rel=1e-5)
        for i, values in enumerate(signals):
            sizes = np.abs(values.astype(np.float64)) / report.unit
            counts = np.histogram(sizes, report.histograms.edges)[0]
            assert np.abs(report.histograms.counts[i] - counts).sum() <= 2  # rounding at an edge
        assert report.histograms.total.tolist() == [signal.size for signal in signals]


def test_histograms_of_the_way_forward_hold_every_value():
    x = samples(30, 20)
    sizes = (1e-37, 1e38)  # of what has no bounds
    for activation, (low, high) in {
        "tanh": (-1, 1),
        "sigmoid": (0, 1),
        "relu": sizes,
        "leaky_relu": sizes,
        "identity": sizes,
    }.items():
        net = deep_net(activation, 3, 30).initialize("he_normal", np.random.default_rng(0))
        kept, report = trace(net, x), signal_report(net, x)
        edges = report.histograms.edges
        assert report.by_size == (high > 1)
        assert edges[0] <= low < high <= edges[-1]
        assert report.histograms.total.tolist() == [600] * 3
        for i, h in enumerate(kept.h):
            exact = np.abs(h.astype(np.float64)) if report.by_size else h.astype(np.float64)
            counts = np.histogram(exact, edges)[0]
            assert np.abs(report.histograms.counts[i] - counts).sum() <= 2
            assert report.histograms.below[i] == (exact < edges[0]).sum()
            assert report.histograms.above[i] == (exact > edges[-1]).sum()


# Saturated from |s| = atanh 0.97 = 2.0923 on under tanh, from 2 atanh 0.97 = 4.1846 on under sigmoid.
@pytest.mark.parametrize(
    ("activation", "flat", "stuck", "label"),
    [
        ("tanh", 8 / 12, 1 / 3, "saturated"),
        ("sigmoid", 5 / 12, 1 / 3, "saturated"),
        ("relu", 6 / 12, 1 / 3, "zero"),
        ("leaky_relu", 5 / 12, 1 / 3, "leaky"),
        ("identity", 1 / 12, 0, "zero"),
    ],
)
def test_flat_shares_by_hand(activation, flat, stuck, label):
    x = np.array([[2.10, -5, 1], [-2.08, -6, 2], [0, -7, 4.17], [-2.11, -8, 4.19]], np.float32)
    if activation in ("relu", "leaky_relu"):
        x[3, 0] = 3  # column 0: 2.10, -2.08, 0, 3
    report = signal_report(set_net(activation, [np.eye(3)]), x)
    assert report.flat[0] == pytest.approx(flat)
    assert report.stuck[0] == pytest.approx(stuck)
    assert label in report.flat_label


@pytest.mark.parametrize(("activation", "c"), [("tanh", 50), ("sigmoid", 100)])
def test_mostly_saturated_layers_are_stuck_for_the_signal_but_not_for_gradients(activation, c):
    x, labels = np.sign(samples()), np.arange(40) % 2
    net = set_net(activation, scaled(c, 2), biases=[0, 0 if activation == "tanh" else -c / 2])
    assert signal_report(net, x).states == ("stuck", "stuck")
    assert "stuck" not in signal_report(net, x, labels, quantity=DW).states


def test_mostly_dead_units_are_stuck_and_mostly_zero_outputs_are_not():
    dead = [np.array([0, -100, -100, -100])]
    report = signal_report(set_net("relu", scaled(1, 1), biases=dead), samples())
    assert (report.stuck[0], report.states) == (0.75, ("stuck",))
    x = samples()
    x[1:] = -np.abs(x[1:])
    x[0] = 1
    report = signal_report(set_net("relu", scaled(1, 1)), x)
    assert report.flat[0] == 39 / 40
    assert (report.stuck[0], report.states) == (0, ("alive",))


def test_the_state_goes_by_the_spread_between_samples():
    # The biases keep the spread of all entries at 1 while what differs between samples is cut to 1/1000.
    apart = np.array([-1.0, 1, -1, 1])
    net = set_net("identity", [np.eye(4), 1e-3 * np.eye(4)], biases=[apart, apart])
    report = signal_report(net, samples())
    assert report.std[1] / report.std[0] > 0.5
    assert report.states == ("alive", "vanished")


def test_divergence_is_marked_from_its_layer_on():
    # 1e10, 1e20, 1e30, and 1e40 is no float32.
    report = signal_report(set_net("identity", scaled(1e10, 6)), samples())
    assert report.diverged_at == 4
    assert report.states == ("alive", "exploded", "exploded", "diverged", "diverged", "diverged")
    for row in (report.mean, report.std, report.between, report.flat, report.stuck):
        assert np.isfinite(row).tolist() == [True] * 3 + [False] * 3
    assert report.histograms.total.tolist() == [160] * 3 + [0] * 3
    assert report.factor == pytest.approx(1e10, rel=1e-5)
    gradients = signal_report(
        set_net("identity", scaled(1e10, 6)), samples(), np.arange(40) % 2, quantity=DS
    )
    assert gradients.diverged_at == 4
    assert gradients.states == ("diverged",) * 6
    assert np.isnan(gradients.factor)


def test_a_gradient_that_diverges_on_its_way_down_says_where():
    # Inputs of zero keep the signal at zero. At layer 5 the gradient is (1/2 - onehot) / 40 times the
    # logits' weights k²/100, about 0.002 at most; then 2e11, 2e25, and 2e39 is no float32.
    net = set_net("identity", scaled(1e14, 5))
    report = signal_report(net, np.zeros((40, 4), np.float32), np.arange(40) % 2, quantity=DS)
    assert report.diverged_at == 2
    assert report.states == ("diverged", "diverged", "exploded", "exploded", "alive")


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "leaky_relu", "identity"])
def test_zero_weights_leave_no_spread_anywhere(activation, quantity):
    net = deep_net(activation, 4, 8).initialize("zeros", np.random.default_rng(0))
    report = signal_report(net, samples(), np.arange(40) % 10, quantity=quantity)
    assert report.std.tolist() == [0] * 4
    assert report.states == ("vanished",) * 4
    assert report.unit == 1
    assert np.isnan(report.factor)


def test_one_layer_has_no_factor():
    assert np.isnan(signal_report(set_net("tanh", scaled(1, 1)), samples()).factor)


def test_weight_gradients_too_small_for_float32_to_divide_by():
    # 0.0001 · √50 a layer: at layer 13 the weight gradients are near float32's smallest number, 1e-45.
    x, labels = fashion_samples(100)
    smallest = []
    for depth in range(10, 16):
        net = deep_net("tanh", depth, 50)
        net.initialize(nn.initializers.normal(1e-4), np.random.default_rng(0))
        report = signal_report(net, x, labels, quantity=DW)
        smallest.append(report.std[-1])
        assert report.histograms.total.tolist() == [784 * 50] + [2500] * (depth - 1)
    assert any(0 < s < 1e-40 for s in smallest)


def test_a_report_is_frozen():
    report = signal_report(set_net("tanh", scaled(1, 2)), samples())
    for field in dataclasses.fields(report):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(report, field.name, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.histograms.counts = None


def test_a_later_pass_leaves_an_earlier_report_alone():
    net, x = set_net("tanh", scaled(1, 3)), samples()
    report = signal_report(net, x)
    kept = [np.copy(a) for a in (report.std, report.flat, report.histograms.counts)]
    net.layers[0].params["W"] *= 7
    signal_report(net, 3 * x)
    for before, now in zip(kept, (report.std, report.flat, report.histograms.counts), strict=True):
        np.testing.assert_array_equal(before, now)


def test_it_refuses():
    net = set_net("tanh", scaled(1, 2))
    with pytest.raises(ValueError, match="quantity must be one of 'activations', 'pre_activations'"):
        signal_report(net, samples(), quantity="weights")
    for quantity in (DS, DW):
        with pytest.raises(ValueError, match="need labels"):
            signal_report(net, samples(), quantity=quantity)
