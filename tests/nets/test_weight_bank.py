"""The kept patterns give the weights that a direct draw gives, whatever was asked for before."""

import dataclasses

import numpy as np
import pytest

from coursekit import nn
from coursekit.diagnostics import QUANTITIES, signal_report
from coursekit.nets import WeightBank, deep_net, lenet, residual_net
from coursekit.nn.initializers import PATTERNS

PIXELS = 12


class Filled(WeightBank):
    """A bank with a net of its own for each call."""

    def net(self, scheme, in_units, activation, depth, width, *, batch_norm=False, seed=0):
        net = deep_net(activation, depth, width, norm=nn.BatchNorm if batch_norm else None)
        net.initialize("zeros", np.random.default_rng(9)).forward(np.zeros((1, in_units), np.float32))
        self.fill(net, scheme, seed)
        return net


def weights(net):
    return [layer.params["W"] for layer in net.layers if isinstance(layer, nn.Dense)]


def copies(net):
    return [w.copy() for w in weights(net)]


def normal_draws(seed, shapes):
    return [
        np.random.default_rng([seed, i]).standard_normal(shape, dtype=np.float32)
        for i, shape in enumerate(shapes)
    ]


def shapes_of(depth, width):
    return [(PIXELS, width)] + [(width, width)] * (depth - 1) + [(width, 10)]


@pytest.mark.parametrize("seed", [0, 7])
def test_normal_weights_equal_a_direct_draw(seed):
    net = Filled().net(nn.initializers.normal(0.3), PIXELS, "tanh", 3, 8, seed=seed)
    drawn = normal_draws(seed, shapes_of(3, 8))
    assert len(weights(net)) == 4
    for kept, direct in zip(weights(net), drawn, strict=True):
        np.testing.assert_array_equal(kept, direct * np.float32(0.3))


@pytest.mark.parametrize(
    ("name", "std"),
    [
        ("lecun_normal", lambda n_in, n_out: np.sqrt(1 / n_in)),
        ("he_normal", lambda n_in, n_out: np.sqrt(2 / n_in)),
        ("xavier_normal", lambda n_in, n_out: np.sqrt(2 / (n_in + n_out))),
    ],
)
def test_named_schemes_scale_by_the_fans_of_each_layer(name, std):
    for scheme in (name, nn.initializers.get(name)):
        net = Filled().net(scheme, PIXELS, "relu", 2, 30)
        for kept, direct in zip(weights(net), normal_draws(0, shapes_of(2, 30)), strict=True):
            np.testing.assert_allclose(kept, direct * std(*direct.shape), rtol=1e-6)


def test_uniform_constant_orthogonal_and_zeros():
    bank = Filled()
    for W in copies(bank.net("uniform_0.07", PIXELS, "tanh", 2, 40)):
        assert np.abs(W).max() <= 0.07
        assert W.std() == pytest.approx(0.07 / np.sqrt(3), rel=0.1)
    for W in copies(bank.net(nn.initializers.constant(-2), PIXELS, "tanh", 2, 40)):
        assert (W == -2).all()
    for W in copies(bank.net("orthogonal", PIXELS, "tanh", 2, 40)):
        gram = W @ W.T if W.shape[0] < W.shape[1] else W.T @ W
        np.testing.assert_allclose(gram, np.eye(len(gram)), atol=1e-5)
    for W in weights(bank.net("zeros", PIXELS, "tanh", 2, 40)):
        assert not W.any()


def test_a_layer_keeps_its_pattern_when_the_depth_changes():
    bank = Filled()
    scheme = nn.initializers.normal(0.2)
    shallow, deep, again = (copies(bank.net(scheme, PIXELS, "tanh", d, 9)) for d in (2, 6, 2))
    for i in range(2):
        np.testing.assert_array_equal(shallow[i], deep[i])
    for before, now in zip(shallow, again, strict=True):
        np.testing.assert_array_equal(before, now)
    assert (deep[1] != deep[2]).any()


def test_sigma_scales_exactly():
    bank = Filled()
    one, double, tenth = (
        copies(bank.net(nn.initializers.normal(s), PIXELS, "tanh", 3, 9)) for s in (1, 2, 0.1)
    )
    for a, b, c in zip(one, double, tenth, strict=True):
        np.testing.assert_array_equal(b, 2 * a)
        np.testing.assert_array_equal(c, a * np.float32(0.1))


def test_moving_sigma_draws_nothing_anew(monkeypatch):
    drawn = []
    draw = PATTERNS["normal"]

    def counted(shape, rng, dtype):
        drawn.append(shape)
        return draw(shape, rng, dtype)

    monkeypatch.setitem(PATTERNS, "normal", counted)
    bank = Filled()
    for sigma in (0.1, 0.2, 0.3):
        bank.net(nn.initializers.normal(sigma), PIXELS, "tanh", 3, 9)
    assert drawn == shapes_of(3, 9)


def test_another_seed_draws_other_weights():
    bank = Filled()
    a, b, c = (copies(bank.net("he_normal", PIXELS, "relu", 2, 9, seed=s)) for s in (0, 1, 0))
    assert all((u != v).any() for u, v in zip(a, b, strict=True))
    assert all((u == v).all() for u, v in zip(a, c, strict=True))


def equal(a, b):
    for field in dataclasses.fields(a):
        left, right = getattr(a, field.name), getattr(b, field.name)
        if dataclasses.is_dataclass(left):
            equal(left, right)
        else:
            np.testing.assert_array_equal(left, right, err_msg=field.name)


def test_going_back_and_forth_gives_the_reports_of_a_fresh_bank():
    rng = np.random.default_rng(0)
    inputs = {n: rng.standard_normal((25, n)).astype(np.float32) for n in (PIXELS, 20)}
    labels = rng.integers(0, 10, 25)
    normal = nn.initializers.normal
    settings = [
        (normal(0.1), PIXELS, "tanh", 4, 9, False, 0),
        (normal(0.1), PIXELS, "tanh", 4, 9, True, 0),
        (normal(1.0), PIXELS, "relu", 4, 9, False, 0),
        ("xavier_uniform", PIXELS, "tanh", 6, 9, False, 0),
        (normal(0.1), 20, "tanh", 4, 9, False, 0),
        (normal(0.1), PIXELS, "tanh", 4, 15, False, 1),
        ("orthogonal", PIXELS, "sigmoid", 3, 15, True, 1),
        ("zeros", PIXELS, "tanh", 4, 9, False, 0),
    ]
    bank, walk = Filled(), np.random.default_rng(1)
    for step in range(60):
        scheme, in_units, activation, depth, width, batch_norm, seed = settings[walk.integers(8)]
        quantity = QUANTITIES[step % 4]
        reports = [
            signal_report(
                b.net(scheme, in_units, activation, depth, width, batch_norm=batch_norm, seed=seed),
                inputs[in_units],
                labels,
                quantity=quantity,
            )
            for b in (bank, Filled())
        ]
        equal(*reports)


def test_bad_arguments_are_refused_and_change_nothing():
    bank = Filled()
    first = bank.net("he_normal", PIXELS, "relu", 2, 9)
    before = copies(first)
    for bad, error in [("he", ValueError), (0.1, TypeError)]:
        with pytest.raises(error):
            bank.fill(first, bad)
    with pytest.raises(ValueError, match="no weights yet"):
        bank.fill(deep_net("relu", 2, 9), "he_normal")
    for a, b in zip(before, weights(first), strict=True):
        np.testing.assert_array_equal(a, b)


def test_weights_inside_blocks_and_of_convolutions_are_found():
    images = np.zeros((1, 1, 28, 28), np.float32)
    for net, x, count in ((residual_net("tanh", 3, 8), images.reshape(1, -1), 5), (lenet(), images, 5)):
        net.initialize("zeros", np.random.default_rng(0)).forward(x)
        WeightBank().fill(net, "he_normal", seed=2)
        filled = [array for name, array in net.params.items() if name.endswith("W")]
        assert len(filled) == count
        for i, W in enumerate(filled):
            fan_in = W.shape[0] if W.ndim == 2 else W[0].size
            drawn = np.random.default_rng([2, i]).standard_normal(W.shape, dtype=np.float32)
            np.testing.assert_allclose(W, drawn * np.sqrt(2 / fan_in), rtol=1e-5)


def test_a_shared_layer_is_filled_once():
    first = nn.Dense(6)
    net = nn.Sequential(nn.Dense(6), first, nn.Tanh(), nn.Shared(first), nn.Dense(2))
    net.initialize("zeros", np.random.default_rng(0)).forward(np.zeros((1, 6), np.float32))
    WeightBank().fill(net, nn.initializers.normal(1.0))
    drawn = normal_draws(0, [(6, 6), (6, 6), (6, 2)])
    for W, direct in zip((net.params[f"{i}.W"] for i in (0, 1, 4)), drawn, strict=True):
        np.testing.assert_array_equal(W, direct)
