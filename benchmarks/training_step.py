"""A training step of an MLP 784-256-10 at batch size 256, here and in PyTorch, in one process.

Run with ``python -m benchmarks.training_step``. PyTorch is no package of the project, and is left out
where it is missing. Both have first one thread, then two.
"""

import argparse
import time

import numpy as np
from threadpoolctl import threadpool_limits

from coursekit import nn
from coursekit.training import fit

try:
    import torch
except ImportError:
    torch = None

BATCH, STEPS = 256, 40  # samples in a step, steps in a turn
# A library's threads spin for a while after their work, and so take a core from the library whose turn
# comes next: without a rest PyTorch took twice as long with two threads.
REST = 0.2
RNG = np.random.default_rng(0)
X = RNG.standard_normal((BATCH * STEPS, 784), np.float32)
Y = RNG.integers(0, 10, len(X))


def ours(name: str):
    """Train with `fit`, which shuffles, looks for nan and counts what is right."""
    net = nn.Sequential(nn.Dense(256), nn.ReLU(), nn.Dense(10)).initialize("he_normal", RNG)
    optimizer = getattr(nn, name)(1e-3)
    return lambda: [r.loss for r in fit(net, X, Y, optimizer, epochs=1, batch_size=BATCH, rng=RNG)]


def ours_by_hand(name: str):
    """Train with a loop that does no more than PyTorch's."""
    net = nn.Sequential(nn.Dense(256), nn.ReLU(), nn.Dense(10)).initialize("he_normal", RNG)
    optimizer = getattr(nn, name)(1e-3)

    def epoch():
        for i in range(0, len(X), BATCH):
            logits = net.forward(X[i : i + BATCH], training=True)
            _, dlogits = nn.softmax_cross_entropy(logits, Y[i : i + BATCH])
            net.fill_grads(dlogits)
            optimizer.step(net)

    return epoch


def theirs(name: str):
    """Train with the usual loop of PyTorch."""
    net = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
    optimizer = getattr(torch.optim, name)(net.parameters(), 1e-3)
    x, y = torch.from_numpy(X), torch.from_numpy(Y)

    def epoch():
        for i in range(0, len(X), BATCH):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(net(x[i : i + BATCH]), y[i : i + BATCH]).backward()
            optimizer.step()

    return epoch


def milliseconds(epochs: list, turns: int) -> np.ndarray:
    """Time of a step in each turn of each, shape (turns, contestants); they take turns."""
    times = np.empty((turns + 1, len(epochs)))
    for turn in times:
        for position, epoch in enumerate(epochs):
            time.sleep(REST)
            start = time.perf_counter()
            epoch()
            turn[position] = (time.perf_counter() - start) / STEPS * 1000
    return times[1:]  # the first turn loads what a first call loads


def compare(name: str, threads: int, turns: int) -> None:
    """Print the medians of the times, and of the ratios within a turn, which a busy machine moves less."""
    makers = {"fit": ours, "loop": ours_by_hand} | ({"PyTorch": theirs} if torch else {})
    with threadpool_limits(threads):
        if torch:
            torch.set_num_threads(threads)
        times = milliseconds([make(name) for make in makers.values()], turns)
    medians = zip(makers, np.median(times, axis=0), strict=True)
    found = [f"{what} {ms:.2f} ms" for what, ms in medians]
    if torch:
        ratios = np.median(times[:, :-1] / times[:, -1:], axis=0)
        found.append("÷ PyTorch: fit {:.2f}, loop {:.2f}".format(*ratios))
    print(f"{threads} thread{'s' * (threads > 1)}  {name:6s}", *found, sep="   ", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=15)
    turns = parser.parse_args().turns
    for threads in (1, 2):
        for name in ("SGD", "Adam", "AdamW"):
            compare(name, threads, turns)


if __name__ == "__main__":
    main()
