"""Wrong calls to optimizers' steps, `fit`, `evaluate`, and to saving and loading. See test_bad_input.py."""

import numpy as np

from coursekit import nn

NAN, INF = float("nan"), float("inf")


def spoiled(net, kind, name, value):
    """Put something else under the name of an array of the net's last layer, call a step, put it back."""
    arrays = getattr(net.layers[-1], kind)

    def step(optimizer):
        kept = arrays[name]
        arrays[name] = value
        try:
            optimizer.step(net)
        finally:
            arrays[name] = kept

    return step


def read_only(m):
    bias = m.net.params["3.b"].copy()
    bias.setflags(write=False)
    spoiled(m.net, "params", "b", bias)(m.adam)


def without_gradient(m):
    kept = m.net.layers[3].grads.pop("b")
    try:
        m.adam.step(m.net)
    finally:
        m.net.layers[3].grads["b"] = kept


STEPS = [
    (lambda m: m.adam.step(m.net.params), TypeError, "step takes a layer or a net; got"),
    (lambda m: m.adam.step(nn.Dense), TypeError, "step takes a layer or a net; got <class"),
    (lambda m: m.adam.step(m.fresh), RuntimeError, "sizes are unknown until the first forward"),
    (lambda m: m.adam.step(nn.Tanh()), RuntimeError, "the net has no parameters to step"),
    (lambda m: m.adam.step(m.known), RuntimeError, "no gradient for 'W': call forward and backward first"),
    (without_gradient, RuntimeError, "no gradient for '3.b': call forward and backward first"),
    (
        lambda m: spoiled(m.net, "grads", "b", np.ones((1, 2)))(m.adam),
        ValueError,
        r"gradient of '3.b' must have its parameter's shape \(2,\); got \(1, 2\)",
    ),
    (
        lambda m: spoiled(m.net, "grads", "b", np.ones(2, complex))(m.adam),
        TypeError,
        "gradient of '3.b' must hold real numbers; its dtype is complex128",
    ),
    (
        lambda m: spoiled(m.net, "grads", "b", ["a", "b"])(m.adam),
        TypeError,
        "real numbers; its dtype is <U1",
    ),
    (lambda m: spoiled(m.net, "grads", "b", None)(m.adam), RuntimeError, "no gradient for '3.b'"),
    (
        lambda m: spoiled(m.net, "params", "b", np.ones(2, int))(m.adam),
        TypeError,
        "parameter '3.b' must be a float array; its dtype is int64",
    ),
    (
        lambda m: spoiled(m.net, "params", "b", [1.0, 2.0])(m.adam),
        TypeError,
        "parameter '3.b' must be a float array; its dtype is list",
    ),
    (read_only, ValueError, "parameter '3.b' is a read-only array: a step writes into it"),
    (lambda m: nn.SGD(lambda step: -1).step(m.net), ValueError, "rate at step 0 must be .*got -1"),
    (lambda m: nn.RMSProp(lambda step: "1").step(m.net), TypeError, "rate at step 0 must be a number"),
    (lambda m: nn.Optimizer(0.1).step(m.dense), NotImplementedError, "has to define _update"),
]


def loss_of_one_number(output, targets):
    return 3.0


def loss_of_a_vector(output, targets):
    return np.ones(len(output)), np.ones_like(output)


def loss_with_a_wrong_gradient(output, targets):
    return 1.0, np.ones(len(output))


FITS = [
    (lambda m: m.fit(net=nn.Dense), TypeError, "fit takes a layer or a net; got <class"),
    (lambda m: m.fit(optimizer=0.1), TypeError, r"one such as SGD\(0.1\); got 0.1"),
    (lambda m: m.fit(optimizer=nn.Adam), TypeError, "optimizer must be one such as"),
    (lambda m: m.fit(epochs=0), ValueError, "epochs must be 1 or more; got 0"),
    (lambda m: m.fit(epochs=0.5), TypeError, "epochs must be a whole number"),
    (lambda m: m.fit(batch_size=0), ValueError, "batch_size must be 1 or more; got 0"),
    (lambda m: m.fit(batch_size=2.0), TypeError, "batch_size must be a whole number"),
    (lambda m: m.fit(rng=np.random.RandomState(0)), TypeError, "rng must be a numpy.random.Generator"),
    (lambda m: m.fit(y=m.labels[:3]), ValueError, "equally many samples.*got 4 and 3"),
    (lambda m: m.fit(x=m.x.tolist()), TypeError, "x and y should be arrays.*got list"),
    (lambda m: m.fit(x=m.x[:0], y=m.labels[:0]), ValueError, "at least one"),
    (lambda m: m.fit(loss="cross-entropy"), TypeError, "loss must be a function .*got 'cross-entropy'"),
    (lambda m: m.fit(loss=loss_of_one_number), TypeError, "a number and the gradient .*got 3.0"),
    (lambda m: m.fit(loss=loss_of_a_vector), TypeError, "loss must return a number and the gradient"),
    (lambda m: m.fit(loss=loss_with_a_wrong_gradient), ValueError, r"dy must have the shape \(4, 2\)"),
    (lambda m: m.fit(y=m.labels + 1), ValueError, "labels must lie in 0 … 1"),
    (lambda m: m.fit(y=m.labels * 1.0), TypeError, "labels must be whole numbers"),
    (lambda m: m.fit(x=m.x[:, :2]), ValueError, "takes 3 inputs; x has 2 columns"),
    (lambda m: m.fit(x=m.x.astype(str)), TypeError, "x must hold real numbers"),
    (lambda m: m.fit(net=nn.Sequential(nn.Dense(2))), RuntimeError, "this Dense layer has no weights"),
    (lambda m: m.fit(net=m.half), RuntimeError, "this Dense layer has no weights"),
    (lambda m: m.fit(net=nn.Sequential(nn.Tanh())), RuntimeError, "no parameters to step"),
]

EVALUATIONS = [
    (lambda m: m.evaluate(net="net"), TypeError, "evaluate takes a layer or a net; got 'net'"),
    (lambda m: m.evaluate(y=m.labels[:3]), ValueError, r"equally many samples.*\(4, 3\) and \(3,\)"),
    (lambda m: m.evaluate(x=3.0), ValueError, "equally many samples"),
    (lambda m: m.evaluate(batch_size=0), ValueError, "batch_size must be 1 or more"),
    (lambda m: m.evaluate(batch_size=2.5), TypeError, "batch_size must be a whole number"),
    (lambda m: m.evaluate(loss=None), TypeError, "loss must be a function .*got None"),
    (lambda m: m.evaluate(loss=loss_of_one_number), TypeError, "a number and the gradient .*got 3.0"),
    (lambda m: m.evaluate(y=m.labels - 1), ValueError, "labels must lie in 0 … 1; got -1"),
    (lambda m: m.evaluate(net=m.half), RuntimeError, "this Dense layer has no weights"),
]

FILES = [
    (lambda m: nn.save_parameters(m.net.params, m.file), TypeError, "a layer or a net is needed"),
    (lambda m: nn.save_parameters(m.fresh, m.file), RuntimeError, "no parameters to save: run one forward"),
    (lambda m: nn.save_parameters(m.net, m.folder / "no" / "net.npz"), FileNotFoundError, "no"),
    (lambda m: nn.save_parameters(m.net, None), TypeError, "NoneType"),
    (lambda m: nn.load_parameters("net", m.file), TypeError, "a layer or a net is needed; got 'net'"),
    (lambda m: nn.load_parameters(m.net, m.folder / "no.npz"), FileNotFoundError, "no.npz"),
    (lambda m: nn.load_parameters(m.net, m.folder), IsADirectoryError, "directory"),
    (lambda m: nn.load_parameters(m.net, m.text), ValueError, "text.npz cannot be loaded: it is damaged"),
    (lambda m: nn.load_parameters(m.dense, m.file), ValueError, "has no params.W, which this net has"),
    (lambda m: nn.load_parameters(m.fresh, m.file), ValueError, "which this net does not have"),
    (
        lambda m: nn.load_parameters(nn.Sequential(*m.net.layers[:2]), m.file),
        ValueError,
        r"has params.3.W \(3, 2\), which this net does not have",
    ),
    (
        lambda m: nn.load_parameters(m.wider, m.file),
        ValueError,
        r"3.W .*shape \(3, 2\); this net's is \(3, 5\)",
    ),
]

ALL = STEPS + FITS + EVALUATIONS + FILES
