"""The face that outside code may rely on: names, signatures and the promises that come with them."""

import inspect

import numpy as np
import pytest

from coursekit import nn, training
from coursekit.nn import initializers

NAMES = [
    "Dense",
    "Conv2D",
    "MaxPool2D",
    "AvgPool2D",
    "Flatten",
    "BatchNorm",
    "LayerNorm",
    "GroupNorm",
    "LocalResponseNorm",
    "Dropout",
    "Tanh",
    "Sigmoid",
    "ReLU",
    "LeakyReLU",
    "Identity",
    "Sequential",
    "Block",
    "SGD",
    "Adam",
    "softmax",
    "sigmoid",
    "softmax_cross_entropy",
    "binary_cross_entropy",
    "squared_error",
    "initializers",
    "check_gradients",
]
SIGNATURES = {
    "Dense": "(units, in_units=None, bias=True)",
    "Conv2D": "(channels, kernel_size, stride=1, padding=0, dilation=1, in_channels=None, bias=True)",
    "BatchNorm": "(momentum=0.9, eps=1e-05, axis=1)",
    "GroupNorm": "(groups)",
    "Dropout": "(p, mode='upscale_in_train', rng=None)",
    "Sequential": "(*layers)",
    "softmax": "(logits)",
    "softmax_cross_entropy": "(logits, labels)",
    "check_gradients": "(block, x, rng, *, training=False)",
    "initializers.normal": "(sigma)",
    "initializers.uniform": "(limit)",
    "initializers.constant": "(c)",
    "initializers.variance_scaling": "(scale, mode, distribution)",
    "Block.forward": "(self, x, *, training=False)",
    "Block.backward": "(self, dy)",
    "Block.initialize": "(self, scheme, rng)",
    "Optimizer.step": "(self, net)",
}
LAYERS = [name for name in nn.__all__ if isinstance(getattr(nn, name), type)]
LAYERS = [name for name in LAYERS if issubclass(getattr(nn, name), nn.Block)]


def rng(seed=0):
    return np.random.default_rng(seed)


def plain(parameters):
    """Return parameters without annotations, as text."""
    return [str(p.replace(annotation=inspect.Parameter.empty)) for p in parameters]


def listed(signature):
    """Return the parameters of a signature that is written as text."""
    made = {}
    exec(f"def f{signature}: pass", made)
    return list(inspect.signature(made["f"]).parameters.values())


def find(name):
    owner = nn
    for part in name.split("."):
        owner = getattr(owner, part)
    return owner


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_exported(name):
    assert name in nn.__all__
    assert getattr(nn, name) is not None


@pytest.mark.parametrize(("name", "signature"), SIGNATURES.items())
def test_the_signature_is_the_promised_one(name, signature):
    """What comes on top of it stands behind, and may be left out."""
    found, promised = list(inspect.signature(find(name)).parameters.values()), listed(signature)
    assert plain(found[: len(promised)]) == plain(promised)
    for more in found[len(promised) :]:
        assert more.default is not more.empty or more.kind is more.VAR_KEYWORD, more


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_has_the_same_two_methods(name):
    layer = getattr(nn, name)
    forward = list(inspect.signature(layer.forward).parameters.values())
    assert plain(forward[:3]) == ["self", "x", "training=False"]
    assert all(p.kind is p.KEYWORD_ONLY and p.default is not p.empty for p in forward[2:])
    assert plain(inspect.signature(layer.backward).parameters.values()) == ["self", "dy"]
    assert plain(inspect.signature(layer.initialize).parameters.values()) == ["self", "scheme", "rng"]
    assert inspect.getdoc(layer)
    for attribute in ("params", "grads", "buffers"):
        assert hasattr(layer, attribute) or hasattr(nn.Block(), attribute)


@pytest.mark.parametrize("name", ["SGD", "RMSProp", "Adam", "AdamW"])
def test_every_optimizer_takes_a_rate_first_and_steps_a_net(name):
    optimizer = getattr(nn, name)
    assert next(iter(inspect.signature(optimizer).parameters)) == "rate"
    net = nn.Sequential(nn.Dense(2), nn.BatchNorm()).initialize("he_normal", rng())
    net.backward(np.ones_like(net.forward(rng().standard_normal((3, 4)), training=True)))
    before = {name: array.copy() for name, array in (net.params | net.buffers).items()}
    assert optimizer(0.5).step(net) is None
    assert not np.array_equal(net.params["1.beta"], before["1.beta"])
    for name in net.buffers:
        np.testing.assert_array_equal(net.buffers[name], before[name])


@pytest.mark.parametrize(
    ("layer", "names", "buffers", "x"),
    [
        (nn.Dense(3), {"W": (4, 3), "b": (3,)}, {}, (2, 4)),
        (nn.Dense(3, bias=False), {"W": (4, 3)}, {}, (2, 4)),
        (nn.Conv2D(3, (2, 1)), {"W": (3, 4, 2, 1), "b": (3,)}, {}, (2, 4, 5, 5)),
        (nn.BatchNorm(), {"gamma": (4,), "beta": (4,)}, {"mean": (4,), "var": (4,)}, (2, 4)),
        (nn.BatchNorm(axis=-1), {"gamma": (5,), "beta": (5,)}, {"mean": (5,), "var": (5,)}, (2, 4, 3, 5)),
        (nn.LayerNorm(), {"gamma": (4,), "beta": (4,)}, {}, (2, 4)),
        (nn.GroupNorm(2), {"gamma": (4,), "beta": (4,)}, {}, (2, 4, 3, 3)),
        *((kind(), {}, {}, (2, 4)) for kind in (nn.Tanh, nn.Sigmoid, nn.ReLU, nn.LeakyReLU, nn.Identity)),
        *(
            (layer, {}, {}, (2, 4, 3, 3))
            for layer in (nn.Flatten(), nn.LocalResponseNorm(), nn.Dropout(0.5))
        ),
        *((pool(2), {}, {}, (2, 4, 3, 3)) for pool in (nn.MaxPool2D, nn.AvgPool2D)),
    ],
    ids=repr,
)
def test_names_and_shapes_of_the_arrays(layer, names, buffers, x):
    assert layer.initialize("he_normal", rng()) is layer
    x = rng().standard_normal(x).astype(np.float32)
    y = layer.forward(x, training=True)
    layer.backward(np.ones_like(y))
    for found, promised in ((layer.params, names), (layer.grads, names), (layer.buffers, buffers)):
        assert {name: array.shape for name, array in found.items()} == promised
        assert all(array.dtype == np.float32 for array in found.values())


@pytest.mark.parametrize("nested", [False, True])
def test_writing_into_parameters_and_buffers_after_a_first_forward_takes_effect(nested):
    dense, norm = nn.Dense(2).initialize("he_normal", rng()), nn.BatchNorm(eps=0)
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    net = nn.Sequential(dense, norm)
    net.forward(x)
    params, buffers = (net.params, net.buffers) if nested else (dense.params | norm.params, norm.buffers)
    names = {name.split(".")[-1]: name for name in (*params, *buffers)}
    params[names["W"]][...] = [[1, 0], [0, 10]]
    params[names["b"]][...] = [5, -5]
    params[names["gamma"]][...] = [2, 3]
    params[names["beta"]][...] = [0, 1]
    buffers[names["mean"]][...] = [6, 5]
    buffers[names["var"]][...] = [4, 25]
    # x W + b is (6, 15) and (8, 35); less the mean, by the deviation: (0, 2) and (1, 6)
    np.testing.assert_allclose(net.forward(x), [[0, 7], [2, 19]], rtol=1e-14)


def test_batch_norm_keeps_the_biased_variance_and_momentum_weighs_the_old_value():
    layer = nn.BatchNorm(momentum=0.75)
    layer.forward(np.array([[0.0], [2.0], [4.0]]), training=True)  # mean 2, squares 4, 0, 4: 8/3, not 8/2
    assert layer.buffers["mean"] == pytest.approx(0.25 * 2, rel=1e-14)
    assert layer.buffers["var"] == pytest.approx(0.75 + 0.25 * 8 / 3, rel=1e-14)


def test_losses_give_a_number_and_a_gradient():
    z = np.array([[0.0, 0.0], [0.0, 0.0]])
    for loss, targets in (
        (nn.softmax_cross_entropy, [0, 1]),
        (nn.binary_cross_entropy, [[0, 1], [1, 0]]),
        (nn.squared_error, [[0, 1], [1, 0]]),
    ):
        answer = loss(z, np.array(targets))
        assert type(answer) is tuple
        value, gradient = answer
        assert type(value) is float
        assert gradient.shape == z.shape
    np.testing.assert_allclose(nn.softmax_cross_entropy(z, [0, 1])[1], [[-0.25, 0.25], [0.25, -0.25]])


def test_initializers_and_names_of_schemes_are_taken_by_layers_and_nets():
    """U(-limit, limit), N(0, sigma²), c; and the field's names for the others."""
    shape = {"in_units": 400}
    for scheme, low, high, std in (
        (initializers.uniform(0.5), -0.5, 0.5, 0.5 / 3**0.5),
        (initializers.normal(0.1), -0.7, 0.7, 0.1),
        (initializers.constant(0.25), 0.25, 0.25, 0),
        ("xavier_uniform", -0.0866, 0.0866, (2 / 800) ** 0.5),  # √(6 / 800) = 0.0866
        ("he_normal", -0.5, 0.5, (2 / 400) ** 0.5),
    ):
        for block in (nn.Dense(400, **shape), nn.Sequential(nn.Dense(400, **shape))):
            (weight, bias) = block.initialize(scheme, rng()).params.values()
            assert weight.dtype == np.float32
            assert low - 1e-4 <= weight.min() <= weight.max() <= high + 1e-4
            assert weight.std() == pytest.approx(std, rel=0.01, abs=1e-7)
            assert not bias.any()


def test_initialize_is_deferred_until_sizes_are_known():
    net = nn.Sequential(nn.Dense(3), nn.Conv2D(2, 1)).initialize("he_normal", rng())
    assert "Dense(? -> 3)" in repr(net)
    assert "Conv2D(? -> 2" in repr(net)
    assert len(net.params) == 0
    net.layers[0].forward(np.ones((2, 5)))
    assert "Dense(5 -> 3)" in repr(net)


def test_training_s_face():
    promised = "(net, x, y, optimizer, *, epochs, batch_size, rng)"
    found = list(inspect.signature(training.fit).parameters.values())
    assert plain(found[:7]) == plain(listed(promised))
    assert [p.name for p in found[7:]] == ["loss", "replacement"]
    found = plain(inspect.signature(training.evaluate).parameters.values())
    assert found[:4] == ["net", "x", "y", "batch_size=1000"]
