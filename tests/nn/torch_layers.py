"""Layers beside PyTorch's: output, dC/dx, and the gradient of each parameter."""

import numpy as np

from coursekit import nn
from tests.nn.torch_cases import Case

LINEAR = {"W": "weight.T", "b": "bias"}
CONV = {"W": "weight", "b": "bias"}
NORM = {"gamma": "weight", "beta": "bias"}
ZEROS = np.random.default_rng(0)  # nothing is drawn from it


def normal(rng, shape):
    return rng.normal(0.5, 2, shape)


def ties(rng, shape):
    return rng.integers(-1, 2, shape)


def ready(layer, x, inputs):
    """Make the layer's parameters and write those of the case into them."""
    layer.initialize("zeros", ZEROS).forward(x)
    for name, array in layer.params.items():
        array[...] = inputs[name]
    return layer


def gradients(layer):
    return {f"d{name}": gradient for name, gradient in layer.grads.items()}


def set_parameters(module, names, inputs):
    """Write the case's parameters into a module; ".T" marks those that lie transposed there."""
    import torch

    for ours, theirs in names.items():
        array = inputs[ours].T if theirs.endswith(".T") else inputs[ours]
        getattr(module, theirs.removesuffix(".T")).data = torch.tensor(np.ascontiguousarray(array))


def their_gradients(module, names):
    found = {name: getattr(module, other.removesuffix(".T")).grad.numpy() for name, other in names.items()}
    return {f"d{name}": g.T if names[name].endswith(".T") else g for name, g in found.items()}


def compare(ours, theirs, x, y=None, params=None, names=None, draw=normal, training=False):
    """Build the case of a layer `ours()` and a module `theirs(torch)`; y is the output's shape."""
    params, names = params or {}, names or {}
    names = {name: names[name] for name in params}

    def inputs(rng):
        drawn = {"x": draw(rng, x), "dy": rng.standard_normal(y or x)}
        return drawn | {name: rng.standard_normal(shape) for name, shape in params.items()}

    def run_ours(given):
        layer = ready(ours(), given["x"], given)
        y, dx = layer.forward(given["x"], training=training), layer.backward(given["dy"])
        return {"y": y, "dx": dx} | gradients(layer)

    def run_theirs(given):
        import torch

        module = theirs(torch).double()
        set_parameters(module, names, given)
        tx = torch.tensor(given["x"], requires_grad=True)
        ty = module(tx)
        ty.backward(torch.tensor(given["dy"]))
        return {"y": ty.detach().numpy(), "dx": tx.grad.numpy()} | their_gradients(module, names)

    return Case(inputs, run_ours, run_theirs)


def dense(bias=True):
    params = {"W": (4, 3)} | ({"b": (3,)} if bias else {})
    return compare(
        lambda: nn.Dense(3, bias=bias),
        lambda t: t.nn.Linear(4, 3, bias=bias),
        (5, 4),
        (5, 3),
        params,
        LINEAR,
    )


def conv(x, w, y, bias=True, **sizes):
    params = {"W": w} | ({"b": w[:1]} if bias else {})
    return compare(
        lambda: nn.Conv2D(w[0], w[2:], bias=bias, **sizes),
        lambda t: t.nn.Conv2d(w[1], w[0], w[2:], bias=bias, **sizes),
        *(x, y, params, CONV),
    )


def pools(kind, size, stride, y):
    """One case of numbers that all differ, one with many ties: of equals the first takes all."""
    ours, theirs = {"max": (nn.MaxPool2D, "MaxPool2d"), "mean": (nn.AvgPool2D, "AvgPool2d")}[kind]
    return {
        f"{kind} pool {size} stride {stride}{suffix}": compare(
            lambda: ours(size, stride),
            lambda t: getattr(t.nn, theirs)(size, stride),
            *((2, 3, 7, 6), (2, 3, *y)),
            draw=draw,
        )
        for suffix, draw in (("", normal), (", ties", ties))
    }


def norm(ours, theirs, x, shape):
    return compare(ours, theirs, x, params={"gamma": shape, "beta": shape}, names=NORM)


def activation(ours, theirs):
    """Zeros are among the inputs: PyTorch's slope at a kink is the one of the left side too."""
    return compare(ours, theirs, (4, 5), draw=lambda rng, shape: rng.normal(0, 3, shape).round(0))


def local_response_norm(size, shape):
    """PyTorch divides alpha by the size of the window."""
    return compare(
        lambda: nn.LocalResponseNorm(size, alpha=0.5, beta=0.6, k=1.5),
        lambda t: t.nn.LocalResponseNorm(size, alpha=0.5 * size, beta=0.6, k=1.5),
        shape,
    )


IMAGES = (2, 6, 3, 2)
CASES = (
    {
        "dense": dense(),
        "dense without bias": dense(bias=False),
        "conv": conv((2, 3, 5, 4), (4, 3, 3, 3), (2, 4, 3, 2)),
        "conv, padding": conv((2, 2, 4, 5), (3, 2, 3, 3), (2, 3, 4, 5), padding=1),
        "conv, stride": conv((2, 2, 6, 6), (3, 2, 1, 1), (2, 3, 3, 3), stride=2, bias=False),
        "conv, dilation": conv((1, 2, 7, 6), (2, 2, 3, 2), (1, 2, 3, 3), dilation=(2, 3)),
        "conv, all sizes": conv(
            *((2, 2, 9, 7), (3, 2, 2, 3), (2, 3, 3, 5)), stride=(3, 2), padding=(0, 2), dilation=(2, 1)
        ),
        "conv, as large as the image": conv((1, 2, 4, 5), (2, 2, 4, 5), (1, 2, 1, 1)),
        "flatten": compare(nn.Flatten, lambda t: t.nn.Flatten(), (2, 2, 3, 2), (2, 12)),
        "layer norm": norm(nn.LayerNorm, lambda t: t.nn.LayerNorm(6), (7, 6), (6,)),
        "layer norm on images": norm(
            nn.LayerNorm, lambda t: t.nn.LayerNorm(IMAGES[1:]), IMAGES, IMAGES[1:]
        ),
        "tanh": activation(nn.Tanh, lambda t: t.nn.Tanh()),
        "sigmoid": activation(nn.Sigmoid, lambda t: t.nn.Sigmoid()),
        "relu": activation(nn.ReLU, lambda t: t.nn.ReLU()),
        "leaky relu": activation(lambda: nn.LeakyReLU(0.2), lambda t: t.nn.LeakyReLU(0.2)),
        "identity": activation(nn.Identity, lambda t: t.nn.Identity()),
    }
    | {
        f"group norm of {groups}, {shape}": norm(
            lambda groups=groups: nn.GroupNorm(groups),
            lambda t, groups=groups: t.nn.GroupNorm(groups, 6),
            *(shape, (6,)),
        )
        for groups in (1, 2, 3)
        for shape in ((5, 6), IMAGES)
    }
    | {
        f"local response norm of {size}, {shape}": local_response_norm(size, shape)
        for size in (1, 2, 3, 5, 9)
        for shape in ((3, 6, 1), IMAGES)
    }
    | pools("max", 2, None, (3, 3))
    | pools("max", 3, 2, (3, 2))
    | pools("max", (2, 3), (1, 2), (6, 2))
    | pools("mean", 2, None, (3, 3))
    | pools("mean", 3, 2, (3, 2))
    | pools("mean", (2, 3), (1, 2), (6, 2))
)
