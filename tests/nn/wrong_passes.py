"""Wrong calls on the way forward and back, and to losses and the gradient check. See test_bad_input.py."""

import numpy as np

from coursekit import nn

NAN, INF = float("nan"), float("inf")

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

X4, X3 = np.ones((2, 2, 4, 4)), np.ones((3, 4, 2))
RNN = nn.SimpleRNN
PASSES += [
    (
        lambda m: m.dense.forward([[1, 2, 3], [1]]),
        ValueError,
        "x must be an array, or lists of equal length",
    ),
    (lambda m: m.net.forward(m.x, training="no"), TypeError, "training must be True or False; got 'no'"),
    (lambda m: m.norm.forward(m.x, training=None), TypeError, "training must be True or False; got None"),
    (lambda m: m.drop.forward(m.x, training=1), TypeError, "training must be True or False; got 1"),
    (lambda m: m.rnn.forward(X3, training="test"), TypeError, "training must be True or False; got 'test'"),
    (lambda m: nn.Conv2D(2, 3).forward(X4), RuntimeError, r"no weights: call initialize\(scheme, rng\)"),
    (lambda m: nn.Conv2D(2, 3).backward(X4), RuntimeError, "Conv2D.backward .*: call forward first"),
    (lambda m: m.conv.forward(X4[0]), ValueError, r"x must have 4 axes; its shape is \(2, 4, 4\)"),
    (lambda m: m.conv.forward(X4[:, :1]), ValueError, "takes 2 channels; x has 1"),
    (
        lambda m: m.conv.forward(X4[..., :1]),
        ValueError,
        "the image has 1, 1 with its padding: take a smaller",
    ),
    (
        lambda m: m.conv.backward(X4),
        ValueError,
        r"dy must have the shape \(2, 3, 3, 3\); got \(2, 2, 4, 4\)",
    ),
    (lambda m: m.pool.forward(m.x), ValueError, r"x must have 4 axes; its shape is \(4, 3\)"),
    (lambda m: m.pool.forward(X4[:, :, :1]), ValueError, "covers 2 pixels; the image has 1"),
    (lambda m: m.pool.backward(X4), ValueError, r"dy must have the shape \(2, 2, 2, 2\)"),
    (lambda m: nn.MaxPool2D(2).backward(X4), RuntimeError, "MaxPool2D.backward .*call forward first"),
    (lambda m: nn.AvgPool2D(2).forward(X4 * 1j), TypeError, "x must hold real numbers"),
    (lambda m: nn.Flatten().forward(np.ones(3)), ValueError, r"two axes or more.*its shape is \(3,\)"),
    (lambda m: m.flat.backward(X4), ValueError, r"dy must have the shape \(2, 32\); got \(2, 2, 4, 4\)"),
    (lambda m: m.layer.forward(np.ones((4, 5))), ValueError, r"shape \(3,\); those of x have \(5,\)"),
    (lambda m: m.layer.backward(np.ones((3, 4))), ValueError, r"dy must have the shape \(4, 3\)"),
    (lambda m: nn.LayerNorm().forward(np.ones(3)), ValueError, "two axes or more"),
    (lambda m: m.group.forward(np.ones((2, 3))), ValueError, "3 channels .* 2 equal groups"),
    (lambda m: m.group.forward(np.ones((2, 6))), ValueError, "has 4 channels; x has 6"),
    (lambda m: nn.GroupNorm(4).forward(np.ones((2, 6))), ValueError, "6 channels do not fall into 4"),
    (lambda m: nn.LocalResponseNorm().forward(np.ones(3)), ValueError, r"x has the shape \(3,\)"),
    (lambda m: nn.LocalResponseNorm().backward(m.x), RuntimeError, "call forward first"),
    (lambda m: m.drop.forward([]), ValueError, "x is empty"),
    (lambda m: m.drop.backward(np.ones(3)), ValueError, r"dy must have the shape \(4, 3\); got \(3,\)"),
    (lambda m: nn.Dropout(0.5).forward(m.x, training=True), RuntimeError, "no generator to draw its mask"),
    (lambda m: RNN(3).forward(X3), RuntimeError, r"call initialize\(scheme, rng\)"),
    (lambda m: m.rnn.forward(m.x, training=True), ValueError, r"x must have 3 axes; its shape is \(4, 3\)"),
    (lambda m: m.rnn.forward(X3[..., :1], training=True), ValueError, "takes 2 inputs a step; x has 1"),
    (lambda m: m.rnn.forward(np.ones((3, 5, 2)), training=True), ValueError, "for 4 steps; x has 5"),
    (lambda m: m.rnn.forward(X3, lengths=[4, 0, 1]), ValueError, r"in 1 … 4, .*got 0 … 4"),
    (lambda m: m.rnn.forward(X3, lengths=[4.0, 1.0, 1.0]), TypeError, "lengths must be whole numbers"),
    (lambda m: m.rnn.forward(X3, lengths=[4]), ValueError, r"shape \(3,\), one a sequence; got \(1,\)"),
    (lambda m: nn.Shared(nn.Dense(3)).forward(m.x), RuntimeError, "no parameters to share yet"),
    (lambda m: nn.Shared(m.dense).backward(m.x), RuntimeError, "Shared.backward .*call forward first"),
    (lambda m: nn.Identity().backward(m.x), RuntimeError, "Identity.backward .*call forward first"),
    (lambda m: nn.Sigmoid().forward(["a"]), TypeError, "x must hold real numbers"),
    (lambda m: nn.Block().forward(m.x), NotImplementedError, r"has to define forward\(x, \*, training\)"),
    (lambda m: nn.Block().backward(m.x), NotImplementedError, r"has to define backward\(dy\)"),
    # The net's first layer saw two samples by itself, the others four: it refuses when three have answered.
    (lambda m: m.uneven.backward(np.full((4, 2), 7.0)), ValueError, r"dy must have the shape \(2, 3\)"),
    (lambda m: m.uneven.fill_grads(np.full((4, 2), 7.0)), ValueError, r"dy must have the shape \(2, 3\)"),
    # Its second layer was never initialized; by then batch norm and dropout have seen the batch.
    (lambda m: m.half.forward(m.x, training=True), RuntimeError, "this Dense layer has no weights"),
    (lambda m: m.net.params.update(a=1), AttributeError, "no attribute 'update'"),
    (lambda m: m.net.params.__setitem__("0.W", m.x), TypeError, r"write into the array, \['0.W'\]\[...\]"),
    (lambda m: m.net.buffers.__delitem__("1.var"), TypeError, "cannot be removed by name: '1.var'"),
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
    (lambda m: CE(m.x, np.eye(3, dtype=int)[m.labels]), ValueError, r"one-hot, \(4, 3\)"),
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

BCE, SE = nn.binary_cross_entropy, nn.squared_error
LOSSES += [
    (lambda m: CE([[1, 2], [1]], [0, 0]), ValueError, "logits must be an array, or lists of equal length"),
    (lambda m: BCE(m.x, m.x[:, 0] > 0), ValueError, r"targets must have the shape \(4, 3\); got \(4,\)"),
    (lambda m: BCE(m.x, np.full((4, 3), 1.5)), ValueError, r"targets must lie in \[0, 1\]; got 1.5"),
    (lambda m: BCE(m.x, np.full((4, 3), NAN)), ValueError, r"targets must lie in \[0, 1\]; got nan"),
    (lambda m: BCE(m.x * INF, m.x > 0), ValueError, "logits must be finite.*the network diverged"),
    (lambda m: BCE(m.x, np.full((4, 3), "yes")), TypeError, "targets must hold real numbers"),
    (lambda m: SE(m.x[:, :1], m.x[:, 0]), ValueError, r"target must have the shape \(4, 1\); got \(4,\)"),
    (lambda m: SE(m.x * NAN, m.x), ValueError, "y must be finite"),
    (lambda m: SE(m.x, m.x * NAN), ValueError, "target holds nan or inf"),
    (lambda m: SE([], []), ValueError, "y is empty"),
]

CHECK = nn.check_gradients
CHECKS = [
    (lambda m: CHECK(np.tanh, m.x, m.rng), TypeError, "takes a layer or a net; got <ufunc 'tanh'>"),
    (lambda m: CHECK(nn.Tanh, m.x, m.rng), TypeError, "takes a layer or a net"),
    (lambda m: CHECK(m.net, m.x, 0), TypeError, r"default_rng\(0\); got 0"),
    (lambda m: CHECK(m.net, m.x), TypeError, "missing 1 required .* 'rng'"),
    (lambda m: CHECK(nn.Dense(2), m.x, m.rng), RuntimeError, "no weights: call initialize"),
    (lambda m: CHECK(m.net, m.x[:, :2], m.rng), ValueError, "takes 3 inputs; x has 2 columns"),
    (lambda m: CHECK(m.norm, np.full((4, 3), NAN), m.rng), ValueError, "x holds nan or inf"),
    (lambda m: CHECK(m.dense, np.full((4, 3), INF), m.rng), ValueError, "x holds nan or inf"),
    (lambda m: CHECK(m.net, [], m.rng), ValueError, "x is empty"),
    (lambda m: CHECK(m.net, m.x.astype(str), m.rng), TypeError, "x must hold real numbers"),
]

CHECKS += [
    (lambda m: CHECK(m.net, m.x, m.rng, training="yes"), TypeError, "training must be True or False"),
    (lambda m: CHECK(m.rnn, X3, m.rng, lengths=[9, 1, 1]), ValueError, "lengths must lie in 1 … 4"),
]

ALL = PASSES + LOSSES + CHECKS
