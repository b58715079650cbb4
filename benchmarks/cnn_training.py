"""A pass over 2,000 images of lesson 11's small CNN and of LeNet, here and in PyTorch.

Run with ``python -m benchmarks.cnn_training``. PyTorch is no package of the project, and is left out where
it is missing. Both take turns in one process, first with one thread, then with two.
"""

import argparse
import time

import numpy as np
from threadpoolctl import threadpool_limits

from coursekit import nn
from coursekit.nets.lenet import lenet
from coursekit.nets.small_cnn import small_cnn
from coursekit.training import fit

try:
    import torch
except ImportError:
    torch = None

IMAGES, BATCH, REST = 2000, 64, 0.2
RNG = np.random.default_rng(0)
X = RNG.standard_normal((IMAGES, 1, 28, 28), np.float32)
Y = RNG.integers(0, 10, IMAGES)
NETS = {"small CNN, 16 and 32 channels": small_cnn, "LeNet": lenet}


def ours(make):
    """Train with `fit`."""
    net = make().initialize("he_normal", RNG)
    return lambda: [r.loss for r in fit(net, X, Y, nn.SGD(0.01), epochs=1, batch_size=BATCH, rng=RNG)]


def theirs(make):
    """Train the same net with the usual loop of PyTorch."""
    t = torch.nn
    if make is small_cnn:
        stages = (t.Conv2d(1, 16, 3, padding=1), t.Conv2d(16, 32, 3, padding=1))
        layers = [part for conv in stages for part in (conv, t.ReLU(), t.MaxPool2d(2))]
        net = t.Sequential(*layers, t.Flatten(), t.Linear(1568, 10))
    else:
        convs = (t.Conv2d(1, 6, 5, padding=2), t.Conv2d(6, 16, 5))
        layers = [part for conv in convs for part in (conv, t.ReLU(), t.MaxPool2d(2))]
        dense = (t.Linear(400, 120), t.ReLU(), t.Linear(120, 84), t.ReLU(), t.Linear(84, 10))
        net = t.Sequential(*layers, t.Flatten(), *dense)
    optimizer = torch.optim.SGD(net.parameters(), 0.01)
    x, y = torch.from_numpy(X), torch.from_numpy(Y)

    def epoch():
        for i in range(0, IMAGES, BATCH):
            optimizer.zero_grad()
            t.functional.cross_entropy(net(x[i : i + BATCH]), y[i : i + BATCH]).backward()
            optimizer.step()

    return epoch


def seconds(epochs, turns):
    """Time of each contestant in each turn, shape (turns, contestants), after one turn that warms up."""
    times = np.empty((turns + 1, len(epochs)))
    for turn in times:
        for position, epoch in enumerate(epochs):
            time.sleep(REST)
            start = time.perf_counter()
            epoch()
            turn[position] = time.perf_counter() - start
    return times[1:]


def compare(name, threads, turns):
    """Print the medians, and the median ratio within a turn."""
    with threadpool_limits(threads):
        if torch is None:
            (mine,) = np.median(seconds([ours(NETS[name])], turns), axis=0)
            print(f"{name}, {threads} thread(s): {mine:.2f} s a pass over {IMAGES:,} images")
            return
        torch.set_num_threads(threads)
        times = seconds([ours(NETS[name]), theirs(NETS[name])], turns)
    mine, other = np.median(times, axis=0)
    ratio = np.median(times[:, 0] / times[:, 1])
    print(f"{name}, {threads} thread(s): {mine:.2f} s, PyTorch {other:.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=7)
    asked = parser.parse_args()
    for net_name in NETS:
        for count in (1, 2):
            compare(net_name, count, asked.turns)
