"""Losses and softmax beside PyTorch's, their gradients, and learning-rate schedules."""

import numpy as np

from coursekit import nn
from tests.nn.torch_cases import Case


def loss(ours, theirs, draw, target):
    """Build the case of a loss: `ours(z, t)` gives both, `theirs(functional, z, t)` the loss."""

    def run_ours(given):
        value, gradient = ours(given["z"], target(given["t"]))
        return {"loss": value, "dz": gradient}

    def run_theirs(given):
        import torch

        z = torch.tensor(given["z"], requires_grad=True)
        value = theirs(torch.nn.functional, z, torch.tensor(target(given["t"])))
        value.backward()
        return {"loss": value.detach().numpy(), "dz": z.grad.numpy()}

    return Case(lambda rng: dict(zip("zt", draw(rng), strict=True)), run_ours, run_theirs)


def cross_entropy(n, k, spread):
    return loss(
        nn.softmax_cross_entropy,
        lambda f, z, t: f.cross_entropy(z, t),
        lambda rng: (rng.normal(0, spread, (n, k)), rng.integers(0, k, n)),
        lambda t: t.astype(np.int64),
    )


def binary(shape, spread, soft):
    return loss(
        nn.binary_cross_entropy,
        lambda f, z, t: f.binary_cross_entropy_with_logits(z, t),
        lambda rng: (
            rng.normal(0, spread, shape),
            rng.random(shape) if soft else rng.integers(0, 2, shape),
        ),
        lambda t: t,
    )


def squared(shape):
    return loss(
        nn.squared_error,
        lambda f, y, t: f.mse_loss(y, t),
        lambda rng: (rng.normal(0, 3, shape), rng.normal(0, 3, shape)),
        lambda t: t,
    )


def function(ours, theirs, shape, spread=5):
    def run_theirs(given):
        import torch

        return {"y": theirs(torch, torch.tensor(given["z"])).numpy()}

    return Case(
        lambda rng: {"z": rng.normal(0, spread, shape)}, lambda given: {"y": ours(given["z"])}, run_theirs
    )


def schedule(ours, theirs, steps=21):
    """Build the case of a learning rate; `theirs(torch, optimizer)` makes PyTorch's scheduler."""

    def run_theirs(given):
        import torch

        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        scheduler, rates = theirs(torch.optim.lr_scheduler, optimizer), []
        for _ in given["steps"]:
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return {"rates": np.array(rates)}

    return Case(
        lambda rng: {"steps": np.arange(steps)},
        lambda given: {"rates": np.array([ours(int(t)) for t in given["steps"]])},
        run_theirs,
    )


CASES = {
    "softmax cross entropy": cross_entropy(6, 4, 2),
    "softmax cross entropy, far apart": cross_entropy(5, 3, 300),
    "softmax cross entropy, one row": cross_entropy(1, 10, 1),
    "binary cross entropy": binary((5, 3), 3, soft=False),
    "binary cross entropy, probabilities": binary((7,), 3, soft=True),
    "binary cross entropy, far out": binary((4, 2), 300, soft=True),
    "squared error": squared((4, 3)),
    "squared error of a vector": squared((6,)),
    "softmax": function(nn.softmax, lambda t, z: t.softmax(z, dim=-1), (4, 5)),
    "softmax of a vector": function(nn.softmax, lambda t, z: t.softmax(z, dim=-1), (7,), 200),
    "sigmoid function": function(nn.sigmoid, lambda t, z: t.sigmoid(z), (9,), 200),
    "exponential decay": schedule(
        nn.exponential_decay(0.1, 0.9), lambda s, o: s.ExponentialLR(o, gamma=0.9)
    ),
    "step decay": schedule(
        nn.step_decay(0.1, 0.5, every=4), lambda s, o: s.StepLR(o, step_size=4, gamma=0.5)
    ),
    "cosine": schedule(
        nn.cosine(0.1, steps=20, final=0.01), lambda s, o: s.CosineAnnealingLR(o, T_max=20, eta_min=0.01)
    ),
}
