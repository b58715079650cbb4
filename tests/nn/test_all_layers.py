"""What every layer that coursekit.nn exports owes, each tested in the same way."""

import copy

import numpy as np
import pytest

from coursekit import nn


def rng():
    return np.random.default_rng(0)


def shared():
    return nn.Shared(nn.Dense(3, in_units=4).initialize("he_normal", rng()))


def net():
    return nn.Sequential(nn.Dense(5), nn.BatchNorm(), nn.ReLU(), nn.Dropout(0.3), nn.Dense(2))


ROWS, IMAGES, SEQUENCES = (6, 4), (3, 4, 6, 5), (3, 5, 2)
LAYERS = {
    "AvgPool2D": [(lambda: nn.AvgPool2D(2), IMAGES), (lambda: nn.AvgPool2D(3, 2), IMAGES)],
    "BatchNorm": [(nn.BatchNorm, ROWS), (nn.BatchNorm, IMAGES), (lambda: nn.BatchNorm(axis=-1), IMAGES)],
    "Conv2D": [
        (lambda: nn.Conv2D(3, 2), IMAGES),
        (lambda: nn.Conv2D(2, (3, 2), (2, 1), (0, 1), (1, 2), bias=False), IMAGES),
    ],
    "Dense": [(lambda: nn.Dense(3), ROWS), (lambda: nn.Dense(3, bias=False), ROWS)],
    "Dropout": [
        (lambda: nn.Dropout(0.4), ROWS),
        (lambda: nn.Dropout(0.4, mode="downgrade_in_infer"), IMAGES),
    ],
    "Flatten": [(nn.Flatten, IMAGES), (nn.Flatten, ROWS)],
    "GroupNorm": [(lambda: nn.GroupNorm(2), ROWS), (lambda: nn.GroupNorm(4), IMAGES)],
    "Identity": [(nn.Identity, ROWS), (nn.Identity, IMAGES)],
    "LayerNorm": [(nn.LayerNorm, ROWS), (nn.LayerNorm, IMAGES)],
    "LeakyReLU": [(nn.LeakyReLU, ROWS), (lambda: nn.LeakyReLU(0.3), IMAGES)],
    "LocalResponseNorm": [(nn.LocalResponseNorm, ROWS), (lambda: nn.LocalResponseNorm(2), IMAGES)],
    "MaxPool2D": [(lambda: nn.MaxPool2D(2), IMAGES), (lambda: nn.MaxPool2D(3, 2), IMAGES)],
    "ReLU": [(nn.ReLU, ROWS), (nn.ReLU, IMAGES)],
    "Sequential": [
        (net, ROWS),
        (lambda: nn.Sequential(nn.Conv2D(2, 2), nn.MaxPool2D(2), nn.Flatten()), IMAGES),
    ],
    "Shared": [(shared, ROWS)],
    "Sigmoid": [(nn.Sigmoid, ROWS), (nn.Sigmoid, IMAGES)],
    "SimpleRNN": [
        (lambda: nn.SimpleRNN(3), SEQUENCES),
        (lambda: nn.SimpleRNN(3, "batch"), SEQUENCES),
        (lambda: nn.SimpleRNN(3, "layer"), SEQUENCES),
    ],
    "Tanh": [(nn.Tanh, ROWS), (nn.Tanh, IMAGES)],
}
EACH = pytest.mark.parametrize(
    ("make", "shape"),
    [
        pytest.param(*case, id=f"{name} {i}")
        for name, cases in LAYERS.items()
        for i, case in enumerate(cases)
    ],
)
MODES = pytest.mark.parametrize("training", [False, True], ids=["predict", "train"])
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def test_every_exported_layer_is_in_the_table():
    classes = {name for name in nn.__all__ if isinstance(getattr(nn, name), type)}
    blocks = {name for name in classes if issubclass(getattr(nn, name), nn.Block)} - {"Block", "Composite"}
    assert blocks <= set(LAYERS), f"{blocks - set(LAYERS)}: exported, and not in this table. Add them."
    assert set(LAYERS) <= blocks, f"{set(LAYERS) - blocks}: in this table, and not exported."


def ready(make, shape, dtype=np.float64):
    """Return a layer that knows its sizes, a batch and an upstream gradient for it."""
    layer = make().initialize("lecun_normal", rng())
    x = np.random.default_rng(1).normal(0.3, 2, shape).astype(dtype)
    y = layer.forward(x)
    return layer, x, np.random.default_rng(2).standard_normal(y.shape).astype(dtype)


def outcome(layer, x, dy, training):
    """Go there and back on a copy of the layer, so that two calls draw the same masks."""
    layer = copy.deepcopy(layer)
    y = layer.forward(x, training=training)
    found = {"y": y, "dx": layer.backward(dy)}
    for kind in ("grads", "buffers", "params"):
        found |= {f"{kind} {name}": array for name, array in getattr(layer, kind).items()}
    return found


def assert_same(found, expected, **tolerance):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, **tolerance, err_msg=name)


@MODES
@DTYPES
@EACH
def test_the_dtype_of_the_input_is_kept(make, shape, dtype, training):
    """Whatever the dtype of the parameters, which are made in that of the first batch and keep it."""
    other = {np.float32: np.float64, np.float64: np.float32}[dtype]
    for first in (dtype, other):
        layer, x, dy = ready(make, shape, first)
        kept = {name: array.dtype for name, array in (layer.params | layer.buffers).items()}
        found = outcome(layer, x.astype(dtype), dy.astype(dtype), training)
        for name, array in found.items():
            wanted = dtype if name[:5] in ("y", "dx", "grads") else kept[name.split()[1]]
            assert array.dtype == wanted, name


@MODES
@EACH
def test_float32_and_float64_say_the_same(make, shape, training):
    layer, x, dy = ready(make, shape, np.float32)
    layer = copy.deepcopy(layer)
    if any(leaf.rng is not None for leaf in layer.leaves().values()):
        training = False  # masks of the two dtypes are drawn from other bits
    single = outcome(layer, x, dy, training)
    double = outcome(layer, x.astype(np.float64), dy.astype(np.float64), training)
    assert_same(single, double, rtol=2e-4, atol=2e-5)


@MODES
@EACH
def test_inputs_are_never_written_to(make, shape, training):
    layer, x, dy = ready(make, shape)
    before = x.copy(), dy.copy()
    expected = outcome(layer, x, dy, training)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(dy, before[1])
    x.setflags(write=False)
    dy.setflags(write=False)
    assert_same(outcome(layer, x, dy, training), expected, rtol=0)


def strided(array):
    big = np.full([2 * n + 1 for n in array.shape], np.nan, array.dtype)
    view = big[tuple(slice(1, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def reversed_in_memory(array):
    back = tuple(slice(None, None, -1) for _ in array.shape)
    return array[back].copy()[back]


def last_axis_first(array):
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, -1, 0)), 0, -1)


VIEWS = [strided, reversed_in_memory, last_axis_first, np.asfortranarray]


@MODES
@pytest.mark.parametrize("view", VIEWS)
@EACH
def test_views_are_as_good_as_contiguous_arrays(make, shape, view, training):
    layer, x, dy = ready(make, shape)
    expected = outcome(layer, x, dy, training)
    assert not view(x).flags.c_contiguous
    assert_same(outcome(layer, view(x), view(dy), training), expected, rtol=1e-11, atol=1e-12)


@MODES
@EACH
def test_a_broadcast_batch_and_gradient_are_taken(make, shape, training):
    layer, x, dy = ready(make, shape)
    x, dy = (np.broadcast_to(array[:1], array.shape) for array in (x, dy))
    assert_same(
        outcome(layer, x, dy, training),
        outcome(layer, x.copy(), dy.copy(), training),
        rtol=1e-11,
        atol=1e-12,
    )


@MODES
@EACH
def test_whole_numbers_lists_and_other_byte_orders_are_taken(make, shape, training):
    layer, _, dy = ready(make, shape, np.float32)
    x = np.random.default_rng(3).integers(0, 9, shape)
    expected = outcome(layer, x.astype(np.float32), dy, training)
    for same in (x, x.tolist(), x.astype(np.uint8), x.astype(np.float16)):
        assert_same(outcome(layer, same, dy, training), expected, rtol=0)
    doubles = x.astype(np.float64)
    expected = outcome(layer, doubles, dy, training)
    assert_same(outcome(layer, doubles.astype(">f8"), dy, training), expected, rtol=0)


@MODES
@EACH
def test_gradients_fit_their_parameters_and_do_not_add_up(make, shape, training):
    layer, x, dy = ready(make, shape)
    before = outcome(layer, x, dy, training)
    layer = copy.deepcopy(layer)
    layer.forward(x, training=training)
    arrays = {name: (array, array.copy()) for name, array in (layer.params | layer.buffers).items()}
    layer.backward(-3 * dy)
    dx = layer.backward(dy)
    np.testing.assert_array_equal(dx, before["dx"])
    assert layer.grads.keys() == layer.params.keys()
    for name, gradient in layer.grads.items():
        assert gradient.shape == layer.params[name].shape
        assert gradient is not layer.params[name]
        np.testing.assert_array_equal(gradient, before[f"grads {name}"])
    for name, (array, kept) in arrays.items():  # a backward pass moves neither parameters nor statistics
        assert (layer.params | layer.buffers)[name] is array
        np.testing.assert_array_equal(array, kept)


@EACH
def test_prediction_leaves_no_trace_and_depends_on_no_draw(make, shape):
    layer, x, _ = ready(make, shape)
    generators = [leaf.rng for leaf in layer.leaves().values() if leaf.rng is not None]
    states = [copy.deepcopy(generator.bit_generator.state) for generator in generators]
    before = {name: array.copy() for name, array in (layer.params | layer.buffers).items()}
    np.testing.assert_array_equal(layer.forward(x), layer.forward(x))
    np.testing.assert_array_equal(layer(x), layer.forward(x, training=False))
    assert [generator.bit_generator.state for generator in generators] == states
    for name, array in before.items():
        np.testing.assert_array_equal((layer.params | layer.buffers)[name], array)
