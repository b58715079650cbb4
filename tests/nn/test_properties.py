"""Every backward pass is the slope of its forward pass, whatever the shape, the values and the mode."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coursekit import nn
from tests.nn.slopes import slopes

TOLERANCE = 1e-7
EXAMPLES = settings(max_examples=25, deadline=None, database=None, derandomize=True)
SMALL, TWO, THREE = st.integers(1, 4), st.integers(1, 2), st.integers(1, 3)
EPS = st.sampled_from([0.1, 0.5, 1.0])  # large, so that equal values make no kink


def numbers(shape, low=-2, high=2):
    return arrays(np.float64, shape, elements=st.floats(low, high, allow_subnormal=False))


def off_zero(x):
    """Move numbers away from 0, where a ReLU has its kink."""
    return np.where(x >= 0, 0.1, -0.1) + x


def apart(x):
    """Put numbers 0.1 apart in the order that they have: no tie is near, where a maximum has its kink."""
    return 0.1 * np.argsort(np.argsort(x.ravel(), kind="stable")).reshape(x.shape).astype(float)


@st.composite
def any_shape(draw, least=1, most=4):
    return tuple(draw(st.lists(THREE, min_size=least, max_size=most)))


@st.composite
def rows_or_images(draw, channels=SMALL):
    n, c = draw(SMALL), draw(channels)
    return (n, c) if draw(st.booleans()) else (n, c, draw(TWO), draw(THREE))


# Each of these draws a block and a batch for it.


def activation(make, kink=False):
    def case(draw):
        x = draw(numbers(draw(any_shape())))
        return make(draw), off_zero(x) if kink else x

    return case


def dense(draw):
    return nn.Dense(draw(SMALL), bias=draw(st.booleans())), draw(numbers((draw(SMALL), draw(SMALL))))


def conv(draw):
    kernel, padding = draw(st.tuples(THREE, THREE)), draw(st.tuples(*[st.integers(0, 2)] * 2))
    dilation = draw(st.tuples(TWO, TWO))
    layer = nn.Conv2D(
        *(draw(TWO), kernel, draw(st.tuples(THREE, THREE)), padding, dilation), bias=draw(st.booleans())
    )
    image = (
        max(1, d * (k - 1) + 1 - 2 * p) + draw(st.integers(0, 2))
        for k, p, d in zip(kernel, padding, dilation, strict=True)
    )
    return layer, draw(numbers((draw(TWO), draw(TWO), *image)))


def pool(kind):
    def case(draw):
        size = draw(st.tuples(THREE, THREE))
        layer = kind(size, draw(st.none() | st.tuples(THREE, THREE)))
        image = (k + draw(st.integers(0, 2)) for k in size)
        return layer, apart(draw(numbers((draw(TWO), draw(TWO), *image))))

    return case


def batch_norm(draw):
    shape = draw(any_shape(least=2))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    return nn.BatchNorm(eps=draw(EPS), axis=axis), draw(numbers(shape))


def group_norm(draw):
    groups = draw(THREE)
    shape = draw(rows_or_images(channels=THREE.map(lambda size: size * groups)))
    return nn.GroupNorm(groups, eps=draw(EPS)), draw(numbers(shape))


def local_response_norm(draw):
    constants = (draw(st.sampled_from(each)) for each in ([0.1, 0.5], [0.5, 0.75, 2], [1, 2]))
    return nn.LocalResponseNorm(draw(st.integers(1, 6)), *constants), draw(numbers(draw(rows_or_images())))


def dropout(draw):
    mode = draw(st.sampled_from(["upscale_in_train", "downgrade_in_infer"]))
    layer = nn.Dropout(draw(st.floats(0, 0.9)), mode, rng=np.random.default_rng(draw(SMALL)))
    return layer, draw(numbers(draw(any_shape())))


def simple_rnn(draw):
    norm = draw(st.sampled_from([None, "batch", "layer"]))
    x = draw(numbers((draw(SMALL), draw(THREE), draw(TWO))))
    lengths = draw(arrays(np.int64, len(x), elements=st.integers(1, x.shape[1])))
    return nn.SimpleRNN(draw(THREE), norm, eps=draw(EPS)), x, {"lengths": lengths}


def shared(draw):
    """A net whose second dense layer has the weights of its first."""
    units = draw(SMALL)
    first = nn.Dense(units)
    net = nn.Sequential(first, nn.Tanh(), nn.Shared(first), nn.Sigmoid(), nn.Dense(draw(TWO)))
    return net, draw(numbers((draw(SMALL), units)))


def net_of_images(draw):
    norm = draw(st.sampled_from([nn.BatchNorm(eps=0.5), nn.GroupNorm(2, eps=0.5), nn.LocalResponseNorm()]))
    pooling = nn.AvgPool2D(draw(TWO), stride=draw(TWO))
    net = nn.Sequential(
        *(nn.Conv2D(2, draw(THREE), padding=1), norm, nn.Tanh(), pooling, nn.Flatten()),
        *(nn.Dropout(0.3, rng=np.random.default_rng(0)), nn.Dense(2), nn.LayerNorm(eps=0.5)),
    )
    return net, draw(numbers((draw(TWO), draw(TWO), 3, 3)))


LAYERS = {
    "AvgPool2D": pool(nn.AvgPool2D),
    "BatchNorm": batch_norm,
    "Conv2D": conv,
    "Dense": dense,
    "Dropout": dropout,
    "Flatten": lambda draw: (nn.Flatten(), draw(numbers(draw(any_shape(least=2))))),
    "GroupNorm": group_norm,
    "Identity": activation(lambda draw: nn.Identity()),
    "LayerNorm": lambda draw: (nn.LayerNorm(eps=draw(EPS)), draw(numbers(draw(any_shape(least=2))))),
    "LeakyReLU": activation(lambda draw: nn.LeakyReLU(draw(st.floats(0, 1))), kink=True),
    "LocalResponseNorm": local_response_norm,
    "MaxPool2D": pool(nn.MaxPool2D),
    "ReLU": activation(lambda draw: nn.ReLU(), kink=True),
    "Sequential": net_of_images,
    "Shared": shared,
    "Sigmoid": activation(lambda draw: nn.Sigmoid()),
    "SimpleRNN": simple_rnn,
    "Tanh": activation(lambda draw: nn.Tanh()),
}


def settle(draw, block, x, inputs):
    """Let the block make its arrays, and fill them with drawn numbers."""
    block.initialize("zeros", np.random.default_rng(0)).forward(x, **inputs)
    for array in block.params.values():
        array[...] = draw(numbers(array.shape))
    for name, array in block.buffers.items():
        array[...] = draw(numbers(array.shape, 0.5, 2) if "var" in name else numbers(array.shape))


def assert_slope(analytic, f, array, name):
    numeric = slopes(f, array)
    assert np.shape(analytic) == numeric.shape, name
    assert np.abs(analytic - numeric).max() <= TOLERANCE * max(1, np.abs(numeric).max()), name


@pytest.mark.parametrize("training", [False, True], ids=["predict", "train"])
@pytest.mark.parametrize("name", LAYERS)
@EXAMPLES
@given(data=st.data())
def test_backward_is_the_slope_of_forward(name, training, data):
    block, x, *more = LAYERS[name](data.draw)
    inputs = more[0] if more else {}
    settle(data.draw, block, x, inputs)
    generators = [leaf.rng.bit_generator for leaf in block.leaves().values() if leaf.rng is not None]
    states = [bits.state for bits in generators]

    def forward():
        for bits, state in zip(generators, states, strict=True):
            bits.state = state
        return block.forward(x, training=training, **inputs)

    buffers = {key: array.copy() for key, array in block.buffers.items()}
    dy = data.draw(numbers(forward().shape))
    dx = block.backward(dy)
    analytic = {key: gradient.copy() for key, gradient in block.grads.items()}
    assert analytic.keys() == block.params.keys()

    def loss():
        for key, array in buffers.items():
            block.buffers[key][...] = array
        return math.fsum((dy * forward()).ravel())

    assert_slope(dx, loss, x, "x")
    for key, array in block.params.items():
        assert_slope(analytic[key], loss, array, key)


def labels(draw, z):
    return draw(arrays(np.int64, len(z), elements=st.integers(0, z.shape[1] - 1)))


LOSSES = {
    "binary_cross_entropy": (any_shape(), lambda draw, z: draw(numbers(z.shape, 0, 1))),
    "softmax_cross_entropy": (st.tuples(SMALL, SMALL), labels),
    "squared_error": (any_shape(), lambda draw, y: draw(numbers(y.shape))),
}


@pytest.mark.parametrize("name", LOSSES)
@EXAMPLES
@given(data=st.data())
def test_the_gradient_of_a_loss_is_its_slope(name, data):
    shape, targets = LOSSES[name]
    z = data.draw(numbers(data.draw(shape), -5, 5))
    t, loss = targets(data.draw, z), getattr(nn, name)
    assert_slope(loss(z, t)[1], lambda: loss(z, t)[0], z, name)


def test_every_exported_layer_is_here():
    exported = {name for name in nn.__all__ if isinstance(getattr(nn, name), type)}
    blocks = {name for name in exported if issubclass(getattr(nn, name), nn.Block)} - {"Block", "Composite"}
    assert set(LAYERS) == blocks, f"draw a case in LAYERS for {blocks ^ set(LAYERS)}"
