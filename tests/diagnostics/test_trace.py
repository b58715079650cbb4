"""The trace against a forward and a backward pass written here, and against numerical slopes."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.diagnostics import trace
from coursekit.nets import ACTIVATIONS, deep_net

F = {
    "tanh": (np.tanh, lambda s: 1 / np.cosh(s) ** 2),
    "sigmoid": (
        lambda s: 1 / (1 + np.exp(-s)),
        lambda s: np.exp(-s) / (1 + np.exp(-s)) ** 2,
    ),
    "relu": (lambda s: np.where(s > 0, s, 0), lambda s: np.where(s > 0, 1.0, 0.0)),
    "leaky_relu": (lambda s: np.where(s > 0, s, 0.01 * s), lambda s: np.where(s > 0, 1.0, 0.01)),
    "identity": (lambda s: s, np.ones_like),
}
DEPTH, WIDTH, N, PIXELS = 4, 6, 7, 5


def example(activation, *, batch_norm=False, dtype=np.float64):
    rng = np.random.default_rng(3)
    x = rng.standard_normal((N, PIXELS)).astype(dtype)
    labels = rng.integers(0, 3, N)
    net = deep_net(activation, DEPTH, WIDTH, norm=nn.BatchNorm if batch_norm else None, classes=3)
    net.initialize("he_normal", rng).forward(x)
    for layer in net.layers:  # biases, so that no pre-activation is mistaken for a bare product
        if isinstance(layer, nn.Dense):
            layer.params["b"][...] = 0.3 * rng.standard_normal(layer.units)
        elif isinstance(layer, nn.BatchNorm):
            layer.params["gamma"][...] = rng.uniform(0.5, 1.5, WIDTH)
            layer.params["beta"][...] = rng.standard_normal(WIDTH)
    return net, x, labels


def pairs_of(net):
    """Return a copy of (W, b, gamma, beta) of each dense layer, the logits' last."""
    pairs = []
    for layer in net.layers:
        if isinstance(layer, nn.Dense):
            pairs.append([layer.params["W"].copy(), layer.params["b"].copy(), None, None])
        elif isinstance(layer, nn.BatchNorm):
            pairs[-1][2:] = layer.params["gamma"].copy(), layer.params["beta"].copy()
    return pairs


def forward(pairs, x, f, first=0, s=None):
    """Return every s, every h and the logits; from layer `first` on with its `s` given, if it is."""
    all_s, all_h, h = [], [], x
    for i, (W, b, gamma, beta) in enumerate(pairs[:-1]):
        if i < first:
            continue
        if s is not None and i == first:
            z = s
        else:
            z = h @ W + b
            if gamma is not None:
                z = gamma * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5) + beta
        h = f(z)
        all_s.append(z)
        all_h.append(h)
    return all_s, all_h, h @ pairs[-1][0] + pairs[-1][1]


def cross_entropy(logits, labels):
    e = np.exp(logits)
    return -np.log((e / e.sum(axis=1, keepdims=True))[np.arange(len(labels)), labels]).mean()


def slope(f, array, index, step=1e-5):
    kept = array[index]
    array[index] = kept + step
    up = f()
    array[index] = kept - step
    down = f()
    array[index] = kept
    return (up - down) / (2 * step)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", F)
def test_s_and_h_equal_a_forward_pass_of_numpy(activation, batch_norm):
    net, x, _ = example(activation, batch_norm=batch_norm)
    kept = trace(net, x)
    s, h, _ = forward(pairs_of(net), x, F[activation][0])
    assert len(kept.s) == len(kept.h) == DEPTH
    for i in range(DEPTH):
        np.testing.assert_allclose(kept.s[i], s[i], rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(kept.h[i], h[i], rtol=1e-12, atol=1e-13)
    assert (kept.ds, kept.dW, kept.loss, kept.diverged_at) == ((), (), None, None)
    assert isinstance(kept.activation, ACTIVATIONS[activation])


@pytest.mark.parametrize("activation", F)
def test_gradients_equal_a_backward_pass_written_here(activation):
    net, x, labels = example(activation)
    f, derivative = F[activation]
    pairs = pairs_of(net)
    s, h, logits = forward(pairs, x, f)
    kept = trace(net, x, labels)
    assert kept.loss == pytest.approx(cross_entropy(logits, labels), rel=1e-12)
    assert len(kept.ds) == len(kept.dW) == DEPTH
    e = np.exp(logits)
    delta = (e / e.sum(axis=1, keepdims=True) - np.eye(3)[labels]) / N
    for i in reversed(range(DEPTH)):
        delta = (delta @ pairs[i + 1][0].T) * derivative(s[i])
        np.testing.assert_allclose(kept.ds[i], delta, rtol=1e-9, atol=1e-14)
        below = x if i == 0 else h[i - 1]
        np.testing.assert_allclose(kept.dW[i], below.T @ delta, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_gradients_equal_numerical_slopes(activation, batch_norm):
    net, x, labels = example(activation, batch_norm=batch_norm)
    f, pairs, kept = F[activation][0], pairs_of(net), trace(net, x, labels)
    rng = np.random.default_rng(0)
    for i in range(DEPTH):
        index = tuple(rng.integers(0, n) for n in kept.dW[i].shape)
        numerical = slope(lambda: cross_entropy(forward(pairs, x, f)[2], labels), pairs[i][0], index)
        assert kept.dW[i][index] == pytest.approx(numerical, rel=1e-5, abs=1e-9)
        s, index = kept.s[i].copy(), (int(rng.integers(N)), int(rng.integers(WIDTH)))
        numerical = slope(lambda i=i, s=s: cross_entropy(forward(pairs, x, f, i, s)[2], labels), s, index)
        assert kept.ds[i][index] == pytest.approx(numerical, rel=1e-5, abs=1e-9)


def test_float32_stays_float32():
    net, x, labels = example("tanh", dtype=np.float32)
    kept = trace(net, x, labels)
    assert {a.dtype for signals in (kept.s, kept.h, kept.ds, kept.dW) for a in signals} == {
        np.dtype(np.float32)
    }


@pytest.mark.parametrize("labelled", [False, True])
def test_divergence_is_found_at_the_layer_where_float64_leaves_float32_s_range(labelled):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((20, 30)).astype(np.float32)
    net = deep_net("identity", 30, 50).initialize(nn.initializers.normal(10), rng)
    net.forward(np.zeros((1, 30), np.float32))  # now all weights are drawn
    kept = trace(net, x, np.zeros(20, int) if labelled else None)
    h, largest = x.astype(np.float64), []
    for W, *_ in pairs_of(net)[:-1]:
        h = h @ W.astype(np.float64)
        largest.append(np.abs(h).max())
    end = 3.4028235e38
    expected = 1 + sum(m <= end for m in largest)
    assert not any(0.9 < m / end < 1.1 for m in largest)  # no layer for rounding to decide
    assert 15 < expected < 30
    assert kept.diverged_at == expected
    assert len(kept.s) == len(kept.h) == expected - 1
    assert (kept.ds, kept.dW, kept.loss) == ((), (), None)


def test_logits_that_diverge_alone_are_told_apart():
    x = np.ones((2, 3), np.float32)
    net = deep_net("identity", 2, 3).initialize(nn.initializers.constant(1), np.random.default_rng(0))
    net.forward(x)
    net.layers[-1].params["W"][...] = 3e38  # nine times it, three times over
    kept = trace(net, x, np.array([0, 1]))
    assert (kept.diverged_at, len(kept.s), kept.loss) == (3, 2, None)


def test_bad_inputs_are_refused():
    net, x, labels = example("tanh")
    for bad in (np.nan, np.inf, -np.inf):
        y = x.copy()
        y[1, 2] = bad
        with pytest.raises(ValueError, match="x holds nan or inf"):
            trace(net, y)
    with pytest.raises(ValueError, match="no activation layer"):
        trace(nn.Sequential(nn.Dense(3)).initialize("zeros", np.random.default_rng(0)), x)
    with pytest.raises(ValueError, match="takes 5 inputs"):
        trace(net, x[:, :4])
    with pytest.raises(ValueError, match="labels must have the shape"):
        trace(net, x, labels[:-1])
    with pytest.raises(ValueError, match="labels must lie in"):
        trace(net, x, labels + 3)
    with pytest.raises(TypeError, match="whole numbers"):
        trace(net, x, labels.astype(float))
    with pytest.raises(RuntimeError, match="initialize"):
        trace(deep_net("tanh", 2, 3), x)


def test_the_largest_finite_numbers_are_no_divergence():
    net, _, _ = example("tanh", dtype=np.float32)
    assert trace(net, np.full((2, PIXELS), 3e38, np.float32)).diverged_at == 1  # x is fine, s is not
    net = deep_net("tanh", 1, 2).initialize(nn.initializers.constant(0.1), np.random.default_rng(0))
    kept = trace(net, np.full((9, 2), 3e38, np.float32))  # the sum of all s overflows, no s does
    assert (kept.diverged_at, len(kept.s)) == (None, 1)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (("softplus", 2, 3), ValueError, "'leaky_relu', 'identity'; got 'softplus'"),
        (("tanh", 0, 3), ValueError, "depth must be 1 or more"),
        (("tanh", 2.0, 3), TypeError, "depth must be a whole number"),
        (("tanh", 2, 0), ValueError, "units must be 1 or more"),
        (("tanh", True, 3), TypeError, "got True"),
    ],
)
def test_deep_net_refuses(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        deep_net(*arguments)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_deep_net_is_built_as_said(batch_norm):
    kinds = [
        type(layer)
        for layer in deep_net("relu", 3, 8, norm=nn.BatchNorm if batch_norm else None, classes=4).layers
    ]
    hidden = [nn.Dense, nn.BatchNorm, nn.ReLU] if batch_norm else [nn.Dense, nn.ReLU]
    assert kinds == 3 * hidden + [nn.Dense]
