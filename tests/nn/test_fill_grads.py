"""`fill_grads`: the gradients of `backward`, without the work that only dC/dx needs."""

import numpy as np
import pytest

from coursekit.nn import BatchNorm, Block, Dense, Dropout, LayerNorm, ReLU, Sequential, Tanh


class Watched(Dense):
    """Counts what is asked of it."""

    def __init__(self, units):
        super().__init__(units)
        self.asked = []

    def backward(self, dy):
        self.asked.append("backward")
        return super().backward(dy)

    def fill_grads(self, dy):
        self.asked.append("fill_grads")
        super().fill_grads(dy)


NETS = {
    "dense": lambda: Dense(3),
    "mlp": lambda: Sequential(Dense(5), ReLU(), Dense(3)),
    "norms": lambda: Sequential(BatchNorm(), Dense(5), LayerNorm(), Tanh(), Dense(3)),
    "layers without parameters first": lambda: Sequential(Tanh(), Dropout(0.3), Dense(3), Tanh()),
    "a net in a net": lambda: Sequential(Sequential(Tanh(), Dense(4)), Sequential(BatchNorm(), Dense(3))),
    "no parameters at all": lambda: Sequential(Tanh(), ReLU()),
}


@pytest.mark.parametrize("make", NETS.values(), ids=NETS)
def test_the_gradients_are_those_of_backward(make):
    rng = np.random.default_rng(0)
    net = make().initialize("he_normal", rng)
    y = net.forward(rng.standard_normal((6, 4)), training=True)
    dy = rng.standard_normal(y.shape)
    net.backward(dy)
    expected = {name: g.copy() for name, g in net.grads.items()}
    for leaf in net.leaves().values():
        leaf.grads = {}
    assert net.fill_grads(dy) is None
    assert net.grads.keys() == expected.keys() == net.params.keys()
    for name, g in net.grads.items():
        np.testing.assert_array_equal(g, expected[name], err_msg=name)


def test_only_the_first_layer_with_parameters_is_spared():
    rng = np.random.default_rng(1)
    first, last = Watched(3), Watched(2)
    net = Sequential(Tanh(), first, ReLU(), last).initialize("he_normal", rng)
    net.fill_grads(net.forward(rng.standard_normal((4, 3)), training=True))
    # A layer with a `backward` of its own has `fill_grads` call it.
    assert (first.asked, last.asked) == (["fill_grads", "backward"], ["backward"])
    outer = Sequential(Sequential(Watched(3)), Tanh()).initialize("he_normal", rng)
    outer.fill_grads(outer.forward(np.ones((2, 3))))
    assert outer.layers[0].layers[0].asked[0] == "fill_grads"


def test_a_layer_that_knows_only_backward_is_asked_for_that():
    class Scale(Block):
        def __init__(self):
            super().__init__()
            self.params["a"] = np.array([2.0])

        def forward(self, x, *, training=False):
            self.x = x
            return self.params["a"] * x

        def backward(self, dy):
            self.grads["a"] = np.array([(dy * self.x).sum()])
            return self.params["a"] * dy

    net = Sequential(Scale(), Tanh())
    net.forward(np.zeros((1, 2)) + 0.1)
    net.fill_grads(np.ones((1, 2)))
    assert net.grads["0.a"].shape == (1,)


def test_wrong_calls_are_refused_as_in_backward():
    rng = np.random.default_rng(2)
    net = Sequential(Dense(3), Tanh()).initialize("he_normal", rng)
    with pytest.raises(RuntimeError, match="call forward first"):
        net.fill_grads(np.ones((4, 3)))
    net.forward(np.ones((4, 2)))
    for block, sentence in ((net, r"dy must have the shape \(4, 3\)"), (net.layers[0], r"shape \(4, 3\)")):
        with pytest.raises(ValueError, match=sentence):
            block.fill_grads(np.ones((4, 2)))
    assert net.grads == {}
