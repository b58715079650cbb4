"""Whole nets beside PyTorch: a residual net of thirty blocks and a LeNet, watched layer by layer.

Ours is what the course's instruments say, which watch the layers through hooks; theirs keeps every hidden
layer's signal by PyTorch's own means. See torch_cases.py.
"""

import numpy as np

from coursekit.diagnostics import QUANTITIES, signal_report, trace
from coursekit.diagnostics.curvature import WeightSpace
from coursekit.diagnostics.plane import Plane
from coursekit.diagnostics.weights import weights_of
from coursekit.nets import lenet, residual_net
from tests.nn.torch_cases import Case

DEPTH, WIDTH, SMALL = 30, 8, 0.3
AT = np.array([[0.0, 0.3, -0.2], [0.0, 0.1, 0.4]])


def numbers(shape, k):
    """Numbers between -1 and 1 without a pattern that matters: no generator has to be the same."""
    return np.sin(1e3 * np.sin(np.arange(np.prod(shape)) + 17.0 * k)).reshape(shape)


def fan_in(W):
    return W.shape[0] if W.ndim == 2 else W[0].size


def fill(named, gain):
    """Write weights of a variance in proportion to 1 / fan_in, and small biases, in the net's order."""
    for k, (name, array) in enumerate(named.items()):
        scale = gain * np.sqrt(3 / fan_in(array)) if name.endswith(("W", "weight")) else 0.1
        array[...] = scale * numbers(array.shape, k)


def watched(net, gain, given):
    """Return what the instruments say of the net at these inputs."""
    x, labels = given["x"], given["labels"].astype(int)
    net.initialize("zeros", np.random.default_rng(0)).forward(x)
    fill(net.params, gain)
    reports = {q: signal_report(net, x, labels, quantity=q) for q in QUANTITIES}
    space = WeightSpace(net, x, labels)
    loss, gradient = space.gradient(space.theta)
    d1, d2 = (
        [numbers(W.shape, k + shift) for k, W in enumerate(weights_of(net).values())] for shift in (50, 90)
    )
    return {
        "loss": np.array([trace(net, x, labels).loss, loss]),
        "gradient": np.array([np.linalg.norm(gradient)]),
        "plane": Plane(net, d1, d2, x, labels).losses(*AT),
        "flat": reports[QUANTITIES[0]].flat,
        "between": reports[QUANTITIES[0]].between,
        **{name: reports[q].std for name, q in zip(("h", "s", "ds", "dW"), QUANTITIES, strict=True)},
    }


def in_torch(forward, weights, given):
    """Return the same numbers from PyTorch: `forward` takes weights and x, and keeps s and h by the way."""
    import torch

    x, labels = torch.tensor(given["x"]), torch.tensor(given["labels"]).long()

    def run(weights):
        s, h = [], []
        logits = forward(
            weights, x, lambda value: (s.append(value), h.append(torch.relu(value)))[1] or h[-1]
        )
        return torch.nn.functional.cross_entropy(logits, labels), s, h

    named = {name: torch.tensor(value, requires_grad=True) for name, value in weights.items()}
    loss, s, h = run(named)
    for value in s:
        value.retain_grad()
    loss.backward()
    Ws = [name for name in named if name.endswith("W")]
    hidden = Ws[1:-1] if len(s) == DEPTH else Ws[:-1]
    directions = [
        [numbers(weights[name].shape, k + shift) for k, name in enumerate(Ws)] for shift in (50, 90)
    ]

    def moved(a, b):
        step = {n: a * d1 + b * d2 for n, d1, d2 in zip(Ws, *directions, strict=True)}
        return run({n: torch.tensor(v + step.get(n, 0.0)) for n, v in weights.items()})[0].item()

    return {
        "loss": np.full(2, loss.item()),
        "gradient": np.array([torch.sqrt(sum((named[n].grad ** 2).sum() for n in Ws)).item()]),
        "plane": np.array([moved(a, b) for a, b in AT.T]),
        "flat": np.array([(v == 0).double().mean().item() for v in h]),
        "between": np.array([v.flatten(1).var(0, unbiased=False).mean().sqrt().item() for v in h]),
        "h": np.array([v.std(unbiased=False).item() for v in h]),
        "s": np.array([v.std(unbiased=False).item() for v in s]),
        "ds": np.array([v.grad.std(unbiased=False).item() for v in s]),
        "dW": np.array([named[n].grad.std(unbiased=False).item() for n in hidden]),
    }


def residual_weights():
    named = {}
    for i in range(DEPTH + 2):
        n_in, n_out = (5 if i == 0 else WIDTH), (10 if i == DEPTH + 1 else WIDTH)
        named |= {f"{i}.W": np.empty((n_in, n_out)), f"{i}.b": np.empty(n_out)}
    fill(named, SMALL)
    return named


def residual_theirs(given):
    def forward(w, x, relu):
        x = x @ w["0.W"] + w["0.b"]
        for i in range(1, DEPTH + 1):
            x = x + relu(x @ w[f"{i}.W"] + w[f"{i}.b"])
        return x @ w[f"{DEPTH + 1}.W"] + w[f"{DEPTH + 1}.b"]

    return in_torch(forward, residual_weights(), given)


def lenet_weights():
    shapes = [(6, 1, 5, 5), (16, 6, 5, 5), (400, 120), (120, 84), (84, 10)]
    named = {}
    for i, shape in enumerate(shapes):
        out = shape[0] if len(shape) == 4 else shape[1]
        named |= {f"{i}.W": np.empty(shape), f"{i}.b": np.empty(out)}
    fill(named, 1.0)
    return named


def lenet_theirs(given):
    from torch.nn.functional import conv2d, max_pool2d

    def forward(w, x, relu):
        x = max_pool2d(relu(conv2d(x, w["0.W"], w["0.b"], padding=2)), 2)
        x = max_pool2d(relu(conv2d(x, w["1.W"], w["1.b"])), 2).flatten(1)
        for i in (2, 3):
            x = relu(x @ w[f"{i}.W"] + w[f"{i}.b"])
        return x @ w["4.W"] + w["4.b"]

    return in_torch(forward, lenet_weights(), given)


CASES = {
    "residual net of thirty blocks": Case(
        lambda rng: {"x": rng.standard_normal((6, 5)), "labels": rng.integers(0, 10, 6)},
        lambda given: watched(residual_net("relu", DEPTH, WIDTH), SMALL, given),
        residual_theirs,
    ),
    "LeNet": Case(
        lambda rng: {"x": rng.standard_normal((3, 1, 28, 28)), "labels": rng.integers(0, 10, 3)},
        lambda given: watched(lenet(), 1.0, given),
        lenet_theirs,
    ),
}
