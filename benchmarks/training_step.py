"""A training step of an MLP 784-256-10 at batch size 256, here and in PyTorch, in one process.

Run with ``python -m benchmarks.training_step``. PyTorch is no package of the project, and is left out
where it is missing. Both have one thread.
"""

import time

import numpy as np
from threadpoolctl import threadpool_limits

from coursekit import nn
from coursekit.training import fit

try:
    import torch
except ImportError:
    torch = None

RNG = np.random.default_rng(0)
X = RNG.standard_normal((256 * 40, 784), np.float32)
Y = RNG.integers(0, 10, len(X))


def ours(name):
    net = nn.Sequential(nn.Dense(256), nn.ReLU(), nn.Dense(10)).initialize("he_normal", RNG)
    optimizer = getattr(nn, name)(1e-3)
    return lambda: [r.loss for r in fit(net, X, Y, optimizer, epochs=1, batch_size=256, rng=RNG)]


def ours_by_hand(name):
    net = nn.Sequential(nn.Dense(256), nn.ReLU(), nn.Dense(10)).initialize("he_normal", RNG)
    optimizer = getattr(nn, name)(1e-3)

    def epoch():
        for i in range(0, len(X), 256):
            _, dlogits = nn.softmax_cross_entropy(
                net.forward(X[i : i + 256], training=True), Y[i : i + 256]
            )
            net.fill_grads(dlogits)
            optimizer.step(net)

    return epoch


def theirs(name):
    torch.set_num_threads(1)
    net = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
    optimizer = getattr(torch.optim, name)(net.parameters(), 1e-3)
    x, y = torch.from_numpy(X), torch.from_numpy(Y)

    def epoch():
        for i in range(0, len(X), 256):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(x[i : i + 256]), y[i : i + 256]).backward()
            optimizer.step()

    return epoch


def step_alone(name):
    net = nn.Sequential(nn.Dense(256), nn.ReLU(), nn.Dense(10)).initialize("he_normal", RNG)
    optimizer = getattr(nn, name)(1e-3)
    net.backward(np.ones_like(net.forward(X[:256])))
    return lambda: [optimizer.step(net) for _ in range(40)]


def their_step_alone(name):
    net = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
    optimizer = getattr(torch.optim, name)(net.parameters(), 1e-3)
    net(torch.from_numpy(X[:256])).sum().backward()
    return lambda: [optimizer.step() for _ in range(40)]


def milliseconds(epochs, rounds=15):
    """Median time of a step for each, the contestants taking turns."""
    times = [[] for _ in epochs]
    for _ in range(rounds):
        for epoch, found in zip(epochs, times, strict=True):
            start = time.perf_counter()
            epoch()
            found.append((time.perf_counter() - start) / 40 * 1000)
    return [float(np.median(found[2:])) for found in times]


def main() -> None:
    makers = {"fit": ours, "loop": ours_by_hand, "step alone": step_alone}
    if torch:
        makers |= {"PyTorch loop": theirs, "PyTorch step alone": their_step_alone}
    for name in ("SGD", "Adam", "AdamW"):
        with threadpool_limits(1):
            found = dict(zip(makers, milliseconds([make(name) for make in makers.values()]), strict=True))
        print(f"{name:6s}", *(f"{what} {ms:.2f} ms" for what, ms in found.items()), sep="  ")
        if torch:
            ratios = (f"{what} {found[what] / found['PyTorch loop']:.2f}" for what in ("fit", "loop"))
            print("       ÷ PyTorch loop:", ", ".join(ratios), flush=True)


if __name__ == "__main__":
    main()
