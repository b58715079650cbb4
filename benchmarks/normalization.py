"""Batch norm and an MLP's training step, beside PyTorch on the CPU and beside a staged batch norm.

Run with ``python -m benchmarks.normalization [--threads N]``. Both libraries get the same number of
threads. Candidates take turns, so that a busy machine slows them alike; printed are medians.
"""

import argparse
import importlib.util
import os
import statistics
import sys
import time

import numpy as np

from coursekit import nn

NO_TORCH = (
    "This compares with PyTorch, which is missing here: pip install torch (its build for the CPU will do)."
)


def staged_batch_norm(x, gamma, beta, dy, ones=np.float64, eps=1e-5):
    """Take one NumPy step a node of the computational graph, there and back, as CS231n teaches it.

    As there, what is handed back through a mean is a matrix of ones, in the default dtype of np.ones
    unless `ones` says otherwise.
    """
    n = len(x)
    mean = x.sum(axis=0) / n
    centred = x - mean
    square = centred**2
    var = square.sum(axis=0) / n
    root = np.sqrt(var + x.dtype.type(eps))
    inverse = 1 / root
    x_hat = centred * inverse
    scaled = gamma * x_hat
    y = scaled + beta

    dbeta = dy.sum(axis=0)
    dscaled = dy
    dgamma = (dscaled * x_hat).sum(axis=0)
    dx_hat = dscaled * gamma
    dinverse = (dx_hat * centred).sum(axis=0)
    dcentred = dx_hat * inverse
    droot = -dinverse / root**2
    dvar = droot / (2 * root)
    dsquare = np.ones(x.shape, ones) * dvar / n
    dcentred = dcentred + 2 * centred * dsquare
    dmean = -dcentred.sum(axis=0)
    dx = dcentred + np.ones(x.shape, ones) * dmean / n
    return y, dx, dgamma, dbeta


def take_turns(candidates: dict, rounds: int = 31, calls: int = 10) -> dict:
    """Return the median milliseconds of a call for each candidate, after a warm-up."""
    times = {name: [] for name in candidates}
    for turn in range(rounds + 5):
        for name, call in candidates.items():
            call()  # brings its arrays into the cache
            start = time.perf_counter()
            for _ in range(calls):
                call()
            if turn >= 5:
                times[name].append((time.perf_counter() - start) / calls * 1e3)
    return {name: statistics.median(ms) for name, ms in times.items()}


def report(title: str, medians: dict) -> None:
    print(title)
    ours = medians["coursekit"]
    for name, ms in medians.items():
        ratio = "" if name == "coursekit" else f"   coursekit takes {ours / ms:4.2f} of it"
        print(f"  {name:<28} {ms:8.3f} ms{ratio}")


def batch_norms(torch, shape):
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, *shape), dtype=np.float32)
    layer = nn.BatchNorm()
    kind = torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d
    other, tx, tdy = kind(shape[1]), torch.tensor(x, requires_grad=True), torch.tensor(dy)
    gamma, beta = np.ones(shape[1], np.float32), np.zeros(shape[1], np.float32)

    def ours():
        layer.forward(x, training=True)
        return layer.backward(dy)

    def theirs():
        tx.grad = other.weight.grad = other.bias.grad = None
        other(tx).backward(tdy)
        return tx.grad.numpy()

    def staged(ones):
        return lambda: staged_batch_norm(x, gamma, beta, dy, ones)[1]

    candidates = {"coursekit": ours, "PyTorch": theirs}
    if len(shape) == 2:
        candidates["one NumPy step a node"] = staged(np.float64)
        candidates["the same, float32 throughout"] = staged(np.float32)
    for call in candidates.values():  # all compute the same
        np.testing.assert_allclose(call(), ours(), atol=1e-4)
    return candidates


def mlps(torch, n=256, sizes=(784, 256, 10), rate=0.1):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, sizes[0]), dtype=np.float32)
    labels = rng.integers(0, sizes[2], n)
    net = nn.Sequential(nn.Dense(sizes[1]), nn.ReLU(), nn.Dense(sizes[2])).initialize("he_normal", rng)
    net.forward(x)
    other = torch.nn.Sequential(torch.nn.Linear(*sizes[:2]), torch.nn.ReLU(), torch.nn.Linear(*sizes[1:]))
    sgd, cross_entropy = torch.optim.SGD(other.parameters(), lr=rate), torch.nn.CrossEntropyLoss()
    tx, tlabels = torch.tensor(x), torch.tensor(labels)

    def step(back):
        _, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), labels)
        back(dlogits)
        for leaf in net.leaves().values():
            for name, array in leaf.params.items():
                array -= rate * leaf.grads[name]

    def theirs():
        sgd.zero_grad()
        cross_entropy(other(tx), tlabels).backward()
        sgd.step()

    return {
        "coursekit": lambda: step(net.fill_grads),
        "coursekit, with dC/dx as well": lambda: step(net.backward),
        "PyTorch": theirs,
    }


def training_pass(n, width):
    """Return a call: forward and backward of three layers, Dense, BatchNorm and ReLU each."""
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, n, width), dtype=np.float32)
    parts = [part for _ in range(3) for part in (nn.Dense(width), nn.BatchNorm(), nn.ReLU())]
    net = nn.Sequential(*parts).initialize("he_normal", rng)

    def call():
        net.forward(x, training=True)
        net.backward(dy)

    return call


def growth(title: str, sizes: tuple, make) -> None:
    """Print the cost at each size, and the exponent of the power law through the larger half."""
    ms = list(take_turns({size: make(size) for size in sizes}, rounds=15, calls=2).values())
    print(f"{title}\n  " + "".join(f"{size:>10}" for size in sizes))
    print("  " + "".join(f"{value:>7.2f} ms" for value in ms))
    half = len(sizes) // 2
    slope = np.polyfit(np.log(sizes[half:]), np.log(ms[half:]), 1)[0]
    print(f"  over the larger half the cost grows as size to the power {slope:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    threads = str(parser.parse_args().threads)
    if importlib.util.find_spec("torch") is None:
        sys.exit(NO_TORCH)
    wanted = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        # NumPy's BLAS reads them once, when it is loaded: start again.
        command = [sys.executable, "-m", "benchmarks.normalization", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | wanted)
    import torch

    torch.set_num_threads(int(threads))
    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}, {threads} thread(s) for each, float32")
    report("batch norm 256 × 512, forward and backward", take_turns(batch_norms(torch, (256, 512))))
    images = take_turns(batch_norms(torch, (64, 32, 14, 14)))
    report("batch norm 64 × 32 × 14 × 14, forward and backward", images)
    report("MLP 784-256-10, batch 256, one SGD step", take_turns(mlps(torch)))
    print("three layers of Dense, BatchNorm, ReLU, forward and backward")
    growth("  samples, width 256", (32, 64, 128, 256, 512, 1024), lambda n: training_pass(n, 256))
    growth("  width, 256 samples", (32, 64, 128, 256, 512, 1024), lambda k: training_pass(256, k))


if __name__ == "__main__":
    main()
