"""Parameter paths of optimizers beside PyTorch's: on given gradients, and while whole nets learn."""

import numpy as np

from coursekit import nn
from tests.nn.torch_cases import Case
from tests.nn.torch_layers import ZEROS

STEPS = 25
SHAPES = {"W": (2, 3), "b": (3,)}


def path(ours, theirs):
    """Build the case of an optimizer; gradients are drawn, and lean on the parameter: g = G_t + 0.2 p."""

    def inputs(rng):
        start = {name: rng.standard_normal(shape) for name, shape in SHAPES.items()}
        return start | {f"G of {name}": rng.normal(0.3, 1, (STEPS, *s)) for name, s in SHAPES.items()}

    def run_ours(given):
        block, optimizer = nn.Block(), ours()
        block.params = {name: given[name].copy() for name in SHAPES}
        seen = {name: [] for name in SHAPES}
        for t in range(STEPS):
            block.grads = {name: given[f"G of {name}"][t] + 0.2 * p for name, p in block.params.items()}
            optimizer.step(block)
            for name, p in block.params.items():
                seen[name].append(p.copy())
        return {name: np.array(steps) for name, steps in seen.items()}

    def run_theirs(given):
        import torch

        params = {name: torch.tensor(given[name], requires_grad=True) for name in SHAPES}
        optimizer = theirs(torch.optim, params.values())
        seen = {name: [] for name in SHAPES}
        for t in range(STEPS):
            for name, p in params.items():
                p.grad = torch.tensor(given[f"G of {name}"][t]) + 0.2 * p.detach()
            optimizer.step()
            for name, p in params.items():
                seen[name].append(p.detach().numpy().copy())
        return {name: np.array(steps) for name, steps in seen.items()}

    return Case(inputs, run_ours, run_theirs)


def learning(layers, modules, x, optimizer, their_optimizer, steps=20, classes=3):
    """Build the case of a net that learns: every loss, and all parameters at the end."""

    def made(batch):
        net = nn.Sequential(*layers()).initialize("zeros", ZEROS)
        net.forward(batch)
        return net

    def inputs(rng):
        batch = rng.standard_normal(x)
        drawn = {"x": batch, "labels": rng.integers(0, classes, len(batch))}
        return drawn | {k: 0.5 * rng.standard_normal(p.shape) for k, p in made(batch).params.items()}

    def run_ours(given):
        net, by, losses = made(given["x"]), optimizer(), []
        for name, parameter in net.params.items():
            parameter[...] = given[name]
        for _ in range(steps):
            output = net.forward(given["x"], training=True)
            loss, gradient = nn.softmax_cross_entropy(output, given["labels"].astype(int))
            net.backward(gradient)
            by.step(net)
            losses.append(loss)
        return {"losses": np.array(losses)} | dict(net.params)

    def run_theirs(given):
        import torch

        net = torch.nn.Sequential(*modules(torch.nn)).double()
        # Both name their parameters layer by layer, weight before bias; a dense weight lies transposed.
        names = [name for name in given if name not in ("x", "labels")]
        for name, parameter in zip(names, net.parameters(), strict=True):
            parameter.data = torch.tensor(given[name].T.copy() if is_dense(name, given) else given[name])
        by, losses = their_optimizer(torch.optim, net.parameters()), []
        for _ in range(steps):
            by.zero_grad()
            labels = torch.tensor(given["labels"].astype(np.int64))
            loss = torch.nn.functional.cross_entropy(net(torch.tensor(given["x"])), labels)
            loss.backward()
            by.step()
            losses.append(loss.item())
        ends = {n: p.detach().numpy() for n, p in zip(names, net.parameters(), strict=True)}
        ends = {n: p.T if is_dense(n, given) else p for n, p in ends.items()}
        return {"losses": np.array(losses)} | ends

    return Case(inputs, run_ours, run_theirs)


def is_dense(name, given):
    return name.endswith(".W") and given[name].ndim == 2


CASES = {
    "SGD": path(lambda: nn.SGD(0.05), lambda o, p: o.SGD(p, lr=0.05)),
    "SGD, momentum": path(lambda: nn.SGD(0.05, momentum=0.9), lambda o, p: o.SGD(p, lr=0.05, momentum=0.9)),
    "SGD, weight decay": path(
        lambda: nn.SGD(0.05, weight_decay=0.3), lambda o, p: o.SGD(p, lr=0.05, weight_decay=0.3)
    ),
    "SGD, momentum and weight decay": path(
        lambda: nn.SGD(0.05, momentum=0.8, weight_decay=0.1),
        lambda o, p: o.SGD(p, lr=0.05, momentum=0.8, weight_decay=0.1),
    ),
    "RMSProp": path(lambda: nn.RMSProp(0.02), lambda o, p: o.RMSprop(p, lr=0.02)),
    "RMSProp, all settings": path(
        lambda: nn.RMSProp(0.02, decay=0.9, eps=1e-2, weight_decay=0.1),
        lambda o, p: o.RMSprop(p, lr=0.02, alpha=0.9, eps=1e-2, weight_decay=0.1),
    ),
    "Adam": path(nn.Adam, lambda o, p: o.Adam(p)),
    "Adam, all settings": path(
        lambda: nn.Adam(0.03, beta1=0.8, beta2=0.99, eps=1e-2, weight_decay=0.1),
        lambda o, p: o.Adam(p, lr=0.03, betas=(0.8, 0.99), eps=1e-2, weight_decay=0.1),
    ),
    "AdamW": path(lambda: nn.AdamW(0.03), lambda o, p: o.AdamW(p, lr=0.03)),
    "AdamW, all settings": path(
        lambda: nn.AdamW(0.03, beta1=0.8, beta2=0.99, eps=1e-2, weight_decay=0.3),
        lambda o, p: o.AdamW(p, lr=0.03, betas=(0.8, 0.99), eps=1e-2, weight_decay=0.3),
    ),
    "an MLP learns by Adam": learning(
        lambda: [nn.Dense(5), nn.ReLU(), nn.Dense(3)],
        lambda t: [t.Linear(6, 5), t.ReLU(), t.Linear(5, 3)],
        *((12, 6), lambda: nn.Adam(0.03), lambda o, p: o.Adam(p, lr=0.03)),
    ),
    "a convolutional net learns by SGD with momentum": learning(
        lambda: [
            *(nn.Conv2D(3, 3, padding=1), nn.Tanh(), nn.MaxPool2D(2), nn.Conv2D(4, 3), nn.AvgPool2D(2)),
            *(nn.Flatten(), nn.Dense(3)),
        ],
        lambda t: [
            *(t.Conv2d(2, 3, 3, padding=1), t.Tanh(), t.MaxPool2d(2), t.Conv2d(3, 4, 3), t.AvgPool2d(2)),
            *(t.Flatten(), t.Linear(4, 3)),
        ],
        *((5, 2, 8, 8), lambda: nn.SGD(0.2, momentum=0.5)),
        lambda o, p: o.SGD(p, lr=0.2, momentum=0.5),
    ),
    "a batch-normalized net learns by AdamW": learning(
        # No bias in front of the batch norm: its gradient is 0, and Adam would blow up the rounding.
        lambda: [nn.Dense(4, bias=False), nn.BatchNorm(), nn.LeakyReLU(0.1), nn.Dense(3)],
        lambda t: [t.Linear(5, 4, bias=False), t.BatchNorm1d(4), t.LeakyReLU(0.1), t.Linear(4, 3)],
        *((10, 5), lambda: nn.AdamW(0.02), lambda o, p: o.AdamW(p, lr=0.02)),
    ),
    "a layer-normalized net learns by RMSProp": learning(
        lambda: [nn.Dense(4), nn.LayerNorm(), nn.Sigmoid(), nn.Dense(3)],
        lambda t: [t.Linear(5, 4), t.LayerNorm(4), t.Sigmoid(), t.Linear(4, 3)],
        *((10, 5), lambda: nn.RMSProp(0.02), lambda o, p: o.RMSprop(p, lr=0.02)),
    ),
}
