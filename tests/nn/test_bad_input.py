"""Wrong calls: each is refused with a sentence that helps, and changes nothing."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest

from coursekit import nn
from coursekit.nn import initializers


@pytest.fixture
def made():
    """Layers in the middle of their work, and good arguments for them."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 3))
    dense = nn.Dense(2).initialize("he_normal", rng)
    norm = nn.BatchNorm()
    net = nn.Sequential(nn.Dense(3), nn.BatchNorm(), nn.Tanh(), nn.Dense(2))
    net.initialize("xavier_uniform", rng)
    for block in (dense, norm, net):
        block.backward(np.ones_like(block.forward(x, training=True)))
    known = nn.Dense(2, in_units=3).initialize("he_normal", rng)
    fresh = nn.Dense(2).initialize("he_normal", rng)
    return SimpleNamespace(
        x=x,
        rng=rng,
        dense=dense,
        norm=norm,
        net=net,
        known=known,
        fresh=fresh,
        labels=np.array([0, 2, 1, 1]),
    )


def snapshot(made):
    """Everything that a refused call could have touched."""
    seen = {"rng": copy.deepcopy(made.rng.bit_generator.state), "x": made.x.copy(), "labels": made.labels}
    for name in ("dense", "norm", "net", "known", "fresh"):
        block = getattr(made, name)
        seen[f"{name} repr"] = repr(block)
        for kind in ("params", "grads", "buffers"):
            for key, array in getattr(block, kind).items():
                seen[f"{name}.{kind}.{key}"] = array.copy()
    for name in ("dense", "norm", "net"):  # what the last forward kept for backward
        block = copy.deepcopy(getattr(made, name))
        columns = 3 if name == "norm" else 2
        seen[f"{name} backward"] = block.backward(np.cos(np.arange(4.0 * columns)).reshape(4, columns))
    return seen


NAN, INF = float("nan"), float("inf")
RNG = np.random.default_rng(0)

INITIALIZERS = [
    (lambda m: nn.Dense(2).initialize("xavier", m.rng), ValueError, "'xavier_uniform', 'xavier_normal'"),
    (lambda m: m.dense.initialize("He_normal", m.rng), ValueError, "'he_normal'.*got 'He_normal'"),
    (lambda m: m.net.initialize("glorot", m.rng), ValueError, "scheme must be one of .*got 'glorot'"),
    (lambda m: m.norm.initialize("msra", m.rng), ValueError, "scheme must be one of .*got 'msra'"),
    (lambda m: nn.Tanh().initialize("tanh", m.rng), ValueError, "scheme must be one of"),
    (lambda m: m.dense.initialize(0.01, m.rng), TypeError, r"like normal\(0.01\); got 0.01"),
    (lambda m: m.dense.initialize(None, m.rng), TypeError, "a name or an initializer"),
    (lambda m: m.dense.initialize(initializers.normal, m.rng), TypeError, "a name or an initializer"),
    (lambda m: m.dense.initialize("he_normal"), TypeError, "missing 1 required .* 'rng'"),
    (lambda m: m.dense.initialize("he_normal", 42), TypeError, r"default_rng\(0\); got 42"),
    (lambda m: nn.Dense(2).initialize("he_normal", 42), TypeError, r"default_rng\(0\); got 42"),
    (lambda m: m.net.initialize("he_normal", None), TypeError, r"default_rng\(0\); got None"),
    (lambda m: m.norm.initialize("he_normal", 0), TypeError, "rng must be a numpy.random.Generator"),
    (lambda m: m.known.initialize("he_normal", 1), TypeError, "rng must be a numpy.random.Generator"),
    (lambda m: initializers.he_normal((2, 3), 7), TypeError, "rng must be a numpy.random.Generator"),
    (lambda m: initializers.normal(-0.1), ValueError, "sigma must be .*from 0 to inf; got -0.1"),
    (lambda m: initializers.normal(NAN), ValueError, "sigma must be a finite number.*got nan"),
    (lambda m: initializers.normal(INF), ValueError, "sigma must be a finite number.*got inf"),
    (lambda m: initializers.normal("0.1"), TypeError, "sigma must be a number; got '0.1'"),
    (lambda m: initializers.normal(True), TypeError, "sigma must be a number; got True"),
    (lambda m: initializers.normal(1j), TypeError, "sigma must be a number; got 1j"),
    (lambda m: initializers.uniform(-1), ValueError, "limit must be .*got -1"),
    (lambda m: initializers.uniform((-1, 1)), TypeError, r"limit must be a number; got \(-1, 1\)"),
    (lambda m: initializers.constant(NAN), ValueError, "c must be a finite number; got nan"),
    (lambda m: initializers.orthogonal(-1), ValueError, "gain must be .*got -1"),
    (lambda m: initializers.variance_scaling(-2, "fan_in", "normal"), ValueError, "scale must be"),
    (
        lambda m: initializers.variance_scaling(2, "fan", "normal"),
        ValueError,
        "'fan_in', 'fan_out', 'fan_avg'",
    ),
    (lambda m: initializers.variance_scaling(2, "fan_in", "gauss"), ValueError, "'normal', 'uniform'"),
    (lambda m: initializers.he_normal((3,), m.rng), ValueError, r"\(n_in, n_out\).*got the shape \(3,\)"),
    (lambda m: initializers.he_normal((3, 4, 5), m.rng), ValueError, r"\(C_out, C_in, KH, KW\)"),
    (lambda m: initializers.he_normal(784, m.rng), TypeError, r"tuple such as \(784, 500\); got 784"),
    (lambda m: initializers.he_normal((3, 0), m.rng), ValueError, "1 or more; got 0"),
    (lambda m: initializers.he_normal((3, 2.0), m.rng), TypeError, "whole number, 1 or more; got 2.0"),
    (
        lambda m: initializers.he_normal((3, 2), m.rng, np.float16),
        TypeError,
        "float32 or float64; got float16",
    ),
    (lambda m: initializers.constant(1.5)((3, 2), m.rng, int), TypeError, "float32 or float64; got int"),
]

CONSTRUCTORS = [
    (lambda m: nn.Dense(0), ValueError, "units must be 1 or more; got 0"),
    (lambda m: nn.Dense(-3), ValueError, "units must be 1 or more; got -3"),
    (lambda m: nn.Dense(2.5), TypeError, "units must be a whole number, 1 or more; got 2.5"),
    (lambda m: nn.Dense(10.0), TypeError, "units must be a whole number, 1 or more; got 10.0"),
    (lambda m: nn.Dense(True), TypeError, "units must be a whole number, 1 or more; got True"),
    (lambda m: nn.Dense("10"), TypeError, "units must be a whole number, 1 or more; got '10'"),
    (lambda m: nn.Dense(None), TypeError, "units must be a whole number"),
    (lambda m: nn.Dense(NAN), TypeError, "units must be a whole number"),
    (lambda m: nn.Dense(10, 0), ValueError, "in_units must be 1 or more; got 0"),
    (lambda m: nn.Dense(10, "relu"), TypeError, "in_units must be a whole number.*got 'relu'"),
    (lambda m: nn.Dense(10, bias="no"), TypeError, "bias must be True or False; got 'no'"),
    (lambda m: nn.LeakyReLU(-0.1), ValueError, "slope must be .*from 0 to 1; got -0.1"),
    (lambda m: nn.LeakyReLU(1.5), ValueError, "slope must be .*from 0 to 1; got 1.5"),
    (lambda m: nn.LeakyReLU(NAN), ValueError, "slope must be .*got nan"),
    (lambda m: nn.LeakyReLU(None), TypeError, "slope must be a number; got None"),
    (lambda m: nn.BatchNorm(momentum=1.5), ValueError, "momentum must be .*from 0 to 1; got 1.5"),
    (lambda m: nn.BatchNorm(momentum=-0.1), ValueError, "momentum must be .*got -0.1"),
    (lambda m: nn.BatchNorm(momentum="0.9"), TypeError, "momentum must be a number"),
    (lambda m: nn.BatchNorm(eps=-1e-5), ValueError, "eps must be .*got -1e-05"),
    (lambda m: nn.BatchNorm(eps=INF), ValueError, "eps must be a finite number"),
    (lambda m: nn.BatchNorm(axis=1.0), TypeError, "axis must be a whole number; got 1.0"),
    (lambda m: nn.BatchNorm(axis=(0, 1)), TypeError, "axis must be a whole number"),
    (lambda m: nn.BatchNorm(axis=True), TypeError, "axis must be a whole number; got True"),
    (lambda m: nn.Sequential(), ValueError, r"at least one layer, such as Dense\(10\)"),
    (lambda m: nn.Sequential([nn.Dense(3)]), TypeError, "layer 0 must be a Block"),
    (lambda m: nn.Sequential(nn.Dense(3), nn.Tanh), TypeError, "layer 1 must be a Block .*Tanh"),
    (lambda m: nn.Sequential(nn.Dense(3), np.tanh), TypeError, "layer 1 must be a Block"),
    (lambda m: nn.Sequential(m.dense, nn.Tanh(), m.dense), ValueError, "two places: make a new one"),
    (lambda m: nn.Sequential(m.net, m.net.layers[0]), ValueError, "two places: make a new one"),
]

PASSES = [
    (lambda m: nn.Dense(2).forward(m.x), RuntimeError, r"no weights: call initialize\(scheme, rng\)"),
    (lambda m: nn.Dense(2, in_units=3).forward(m.x), RuntimeError, "no weights: call initialize"),
    (lambda m: nn.Dense(2).backward(m.x), RuntimeError, "Dense.backward .*: call forward first"),
    (lambda m: m.known.backward(np.ones((4, 2))), RuntimeError, "Dense.backward .*: call forward first"),
    (lambda m: nn.Tanh().backward(m.x), RuntimeError, "Tanh.backward .*: call forward first"),
    (lambda m: nn.ReLU().backward(m.x), RuntimeError, "ReLU.backward .*: call forward first"),
    (lambda m: nn.BatchNorm().backward(m.x), RuntimeError, "BatchNorm.backward .*: call forward first"),
    (lambda m: nn.Sequential(nn.Dense(2)).backward(m.x), RuntimeError, "call forward first"),
    (lambda m: m.dense.forward(np.ones((4, 5))), ValueError, "takes 3 inputs; x has 5 columns"),
    (lambda m: m.known.forward(np.ones((4, 2))), ValueError, "takes 3 inputs; x has 2 columns"),
    (
        lambda m: m.net.forward(np.ones((4, 5)), training=True),
        ValueError,
        "takes 3 inputs; x has 5 columns",
    ),
    (lambda m: m.fresh.forward(np.ones(3)), ValueError, r"x must have 2 axes; its shape is \(3,\)"),
    (lambda m: m.dense.forward(np.ones((4, 1, 2, 2))), ValueError, r"2 axes; its shape is \(4, 1, 2, 2\)"),
    (lambda m: m.fresh.forward(np.ones((0, 3))), ValueError, r"x is empty: its shape is \(0, 3\)"),
    (lambda m: m.fresh.forward(np.ones((4, 0))), ValueError, "x is empty"),
    (lambda m: nn.Tanh().forward([]), ValueError, "x is empty"),
    (
        lambda m: m.fresh.forward(np.array([["1", "2"]])),
        TypeError,
        "x must hold real numbers; its dtype is <U1",
    ),
    (lambda m: m.dense.forward(np.ones((4, 3), complex)), TypeError, "its dtype is complex128"),
    (lambda m: m.dense.forward(None), TypeError, "x must hold real numbers; its dtype is object"),
    (lambda m: nn.ReLU().forward(np.array([True, False])), TypeError, "its dtype is bool"),
    (lambda m: nn.sigmoid("0.5"), TypeError, "z must hold real numbers"),
    (lambda m: m.dense.forward(m.x, True), TypeError, "positional arguments"),
    (
        lambda m: m.dense.backward(np.ones((4, 3))),
        ValueError,
        r"dy must have the shape \(4, 2\); got \(4, 3\)",
    ),
    (lambda m: m.dense.backward(np.ones((1, 2))), ValueError, r"dy must have the shape \(4, 2\)"),
    (lambda m: m.dense.backward(1.0), ValueError, r"dy must have the shape \(4, 2\); got \(\)"),
    (lambda m: m.dense.backward(np.ones((4, 2), complex)), TypeError, "dy must hold real numbers"),
    (
        lambda m: m.norm.backward(np.ones((3, 4))),
        ValueError,
        r"dy must have the shape \(4, 3\); got \(3, 4\)",
    ),
    (lambda m: m.net.backward(np.ones((4, 7))), ValueError, r"dy must have the shape \(4, 2\)"),
    (lambda m: m.net.layers[2].backward(np.ones(3)), ValueError, r"dy must have the shape \(4, 3\)"),
    (lambda m: m.norm.forward(np.ones((4, 5)), training=True), ValueError, "has 3 features; x has 5"),
    (
        lambda m: m.norm.forward(np.ones(3), training=True),
        ValueError,
        r"two axes or more.*its shape is \(3,\)",
    ),
    (lambda m: nn.BatchNorm(axis=2).forward(m.x), ValueError, r"axis 2 among them; its shape is \(4, 3\)"),
    (lambda m: nn.BatchNorm(axis=-3).forward(m.x), ValueError, "axis -3 among them"),
    (lambda m: m.norm.forward(np.ones((0, 3)), training=True), ValueError, "x is empty"),
    (lambda m: m.norm.forward(np.array([["a", "b", "c"]]), training=True), TypeError, "real numbers"),
]

CE = nn.softmax_cross_entropy
LOSSES = [
    (lambda m: CE(m.x, [0, 1, 2, 3]), ValueError, r"labels must lie in 0 … 2; got 0 … 3"),
    (lambda m: CE(m.x, [0, 1, 2, -1]), ValueError, r"labels must lie in 0 … 2; got -1 … 2"),
    (lambda m: CE(m.x, [0.0, 1.0, 2.0, 2.0]), TypeError, "class indices.*float64"),
    (lambda m: CE(m.x, ["0", "1", "2", "2"]), TypeError, "labels must be whole numbers"),
    (lambda m: CE(m.x, [True, False, True, True]), TypeError, "labels must be whole numbers.*bool"),
    (
        lambda m: CE(m.x, m.labels[:3]),
        ValueError,
        r"labels must have the shape \(4,\), one a row; got \(3,\)",
    ),
    (lambda m: CE(m.x, m.labels[:, None]), ValueError, r"shape \(4,\), one a row; got \(4, 1\)"),
    (lambda m: CE(m.x, np.eye(3, dtype=int)[m.labels]), ValueError, r"one a row; got \(4, 3\)"),
    (lambda m: CE(m.x, 1), ValueError, r"one a row; got \(\)"),
    (lambda m: CE(m.x[0], [1]), ValueError, r"logits must have 2 axes; its shape is \(3,\)"),
    (lambda m: CE(m.x[:0], m.labels[:0]), ValueError, "logits is empty"),
    (lambda m: CE(np.where(m.x > 1, NAN, m.x), m.labels), ValueError, "nan or inf: the network diverged"),
    (lambda m: CE(np.where(m.x > 1, INF, m.x), m.labels), ValueError, "nan or inf: the network diverged"),
    (lambda m: CE(np.where(m.x > 1, -INF, m.x), m.labels), ValueError, "nan or inf: the network diverged"),
    (lambda m: CE(m.x.astype(complex), m.labels), TypeError, "logits must hold real numbers"),
    (lambda m: nn.softmax([[0.0, NAN]]), ValueError, "logits hold nan or inf"),
    (lambda m: nn.softmax([[0.0, INF]]), ValueError, "logits hold nan or inf"),
    (lambda m: nn.softmax([[-INF, -INF], [0, 1]]), ValueError, "logits hold nan or inf"),
    (
        lambda m: nn.softmax(np.ones((2, 2, 2))),
        ValueError,
        r"\(N, K\) or \(K,\); their shape is \(2, 2, 2\)",
    ),
    (lambda m: nn.softmax(3.0), ValueError, r"\(N, K\) or \(K,\); their shape is \(\)"),
    (lambda m: nn.softmax([]), ValueError, "logits is empty"),
]

CHECK = nn.check_gradients
CHECKS = [
    (lambda m: CHECK(np.tanh, m.x, RNG), TypeError, "takes a layer or a net; got <ufunc 'tanh'>"),
    (lambda m: CHECK(nn.Tanh, m.x, RNG), TypeError, "takes a layer or a net"),
    (lambda m: CHECK(m.net, m.x, 0), TypeError, r"default_rng\(0\); got 0"),
    (lambda m: CHECK(m.net, m.x), TypeError, "missing 1 required .* 'rng'"),
    (lambda m: CHECK(nn.Dense(2), m.x, RNG), RuntimeError, "no weights: call initialize"),
    (lambda m: CHECK(m.net, m.x[:, :2], RNG), ValueError, "takes 3 inputs; x has 2 columns"),
    (lambda m: CHECK(m.norm, np.full((4, 3), NAN), RNG), ValueError, "x holds nan or inf"),
    (lambda m: CHECK(m.dense, np.full((4, 3), INF), RNG), ValueError, "x holds nan or inf"),
    (lambda m: CHECK(m.net, [], RNG), ValueError, "x is empty"),
    (lambda m: CHECK(m.net, m.x.astype(str), RNG), TypeError, "x must hold real numbers"),
]

WRONG_CALLS = INITIALIZERS + CONSTRUCTORS + PASSES + LOSSES + CHECKS


@pytest.mark.parametrize(("call", "error", "sentence"), WRONG_CALLS)
def test_a_wrong_call_is_refused_and_changes_nothing(made, call, error, sentence):
    before = snapshot(made)
    with pytest.raises(error, match=sentence):
        call(made)
    after = snapshot(made)
    assert before.keys() == after.keys()
    for name, value in before.items():
        if isinstance(value, np.ndarray):
            assert value.dtype == after[name].dtype, name
            np.testing.assert_array_equal(after[name], value, err_msg=name)
        else:
            assert after[name] == value, name


def test_a_refused_first_batch_does_not_fix_the_sizes(made):
    for bad in (np.ones(3), np.ones((0, 9)), np.array([["a"]])):
        with pytest.raises((TypeError, ValueError)):
            made.fresh.forward(bad)
    assert made.fresh.forward(np.ones((2, 5))).shape == (2, 2)
    bare = nn.Dense(2)
    with pytest.raises(RuntimeError, match="call initialize"):
        bare.forward(np.ones((2, 9)))
    assert repr(bare) == "Dense(? -> 2)"
    assert bare.initialize("he_normal", made.rng).forward(np.ones((2, 5))).shape == (2, 2)
    norm = nn.BatchNorm(axis=2)
    with pytest.raises(ValueError, match="axis 2 among them"):
        norm.forward(np.ones((2, 3)))
    assert norm.params == norm.buffers == {}
    assert norm.forward(np.ones((2, 3, 4))).shape == (2, 3, 4)
