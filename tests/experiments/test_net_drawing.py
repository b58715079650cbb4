"""The numbers of the drawn net are those of its own forward pass."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.experiments import learned_net, net_drawing
from coursekit.nets import deep_net


@pytest.fixture
def net():
    return deep_net("tanh", 3, 7).initialize("xavier_normal", np.random.default_rng(0))


@pytest.fixture
def x():
    return np.random.default_rng(1).standard_normal(784).astype(np.float32)


def test_it_holds_every_unit_and_the_loss(net, x):
    drawn = net_drawing(net, x, 3)
    h = x[None]
    layers = [leaf for leaf in net.leaves().values() if isinstance(leaf, nn.Dense)]
    for layer, shown in zip(layers[:-1], drawn.activations, strict=True):
        h = np.tanh(h @ layer.params["W"] + layer.params["b"])
        np.testing.assert_allclose(shown, h[0], rtol=1e-4, atol=1e-6)
    logits = (h @ layers[-1].params["W"] + layers[-1].params["b"])[0].astype(float)
    np.testing.assert_allclose(drawn.logits, logits, rtol=1e-4, atol=1e-5)
    probabilities = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(drawn.probabilities, probabilities, rtol=1e-4)
    assert drawn.loss == pytest.approx(-np.log(probabilities[3]), rel=1e-4)
    np.testing.assert_array_equal(drawn.image.ravel(), x)
    assert (drawn.label, drawn.names[3], drawn.brightest) == (3, "Dress", 1.0)


def test_large_activations_set_the_brightness(x):
    net = deep_net("relu", 2, 5).initialize(nn.initializers.normal(1.0), np.random.default_rng(0))
    drawn = net_drawing(net, x, 0)
    assert drawn.brightest == max(h.max() for h in drawn.activations) > 1


def test_so_do_large_negative_ones(x):
    net = deep_net("identity", 1, 1).initialize("zeros", np.random.default_rng(0))
    net.forward(x[None])  # now its size is known
    net.params["0.b"][...] = -3
    assert net_drawing(net, x, 0).brightest == 3


def test_the_net_of_the_lesson_has_learned_something():
    from coursekit.datasets import fashion_split

    split, net = fashion_split(), learned_net()
    right = (net.forward(split.x_test).argmax(axis=1) == split.y_test).mean()
    assert right > 0.6
    drawn = net_drawing(net, split.x_train[4], split.y_train[4])
    assert [len(h) for h in drawn.activations] == [100] * 10


def test_it_refuses(net, x):
    with pytest.raises(ValueError, match="row of 784 numbers"):
        net_drawing(net, x[None], 0)
    wide = deep_net("identity", 30, 50).initialize(nn.initializers.normal(100.0), np.random.default_rng(0))
    with pytest.raises(ValueError, match="left the range of floats"):
        net_drawing(wide, x, 0)
