"""The convolution beside PyTorch's and beside loops; and an epoch of a LeNet beside PyTorch's.

Run with ``python -m benchmarks.convolution``: first with one thread, then with two (``--threads 2`` does
those alone). Every part runs in a process of its own, in which PyTorch and NumPy have the same number of
threads and take turns.
"""

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from coursekit import datasets, nn

# Batch, channels in, height and width, channels out, kernel, stride, padding.
SHAPES = {
    "64 × 16 × 28 × 28 → 32, 3 × 3": (64, 16, 28, 32, 3, 1, 0),
    "the same, padding 1": (64, 16, 28, 32, 3, 1, 1),
    "the same, padding 1, stride 2": (64, 16, 28, 32, 3, 2, 1),
    "64 × 64 × 14 × 14 → 64, 3 × 3, padding 1": (64, 64, 14, 64, 3, 1, 1),
    "64 × 6 × 14 × 14 → 16, 5 × 5": (64, 6, 14, 16, 5, 1, 0),
}
# A library's threads spin for a while after their work, and so take a core from the library whose turn
# comes next. With one thread there is nothing to wait for.
REST = 0.2
CALLS = 5  # calls in a turn
MEMORY_BATCH = 256  # large enough that the arrays, and not the libraries, are what is measured


class Both:
    """One convolution in both libraries, with the same numbers."""

    def __init__(self, batch, c_in, side, c_out, kernel, stride, padding):
        import torch

        rng = np.random.default_rng(0)
        self.x = rng.standard_normal((batch, c_in, side, side), dtype=np.float32)
        self.layer = nn.Conv2D(c_out, kernel, stride, padding, in_channels=c_in).initialize(
            "he_normal", rng
        )
        self.dy = rng.standard_normal(self.layer.forward(self.x).shape, dtype=np.float32)
        self.torch, self.sizes = torch, dict(stride=stride, padding=padding)
        arrays = self.x, self.layer.params["W"], self.layer.params["b"]
        self.theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
        self.their_dy = torch.tensor(self.dy)

    def forward(self):
        """Run coursekit's forward pass."""
        return self.layer.forward(self.x)

    def step(self):
        """Run coursekit's forward and backward pass."""
        y = self.layer.forward(self.x)
        return y, self.layer.backward(self.dy)

    def their_forward(self):
        """Run PyTorch's forward pass."""
        with self.torch.no_grad():
            return self.torch.nn.functional.conv2d(*self.theirs, **self.sizes)

    def their_step(self):
        """Run PyTorch's forward and backward pass."""
        for tensor in self.theirs:
            tensor.grad = None
        y = self.torch.nn.functional.conv2d(*self.theirs, **self.sizes)
        y.backward(self.their_dy)
        return y, self.theirs[0].grad


def im2col_by_loops(layer: nn.Conv2D, x: np.ndarray) -> np.ndarray:
    """Convolve as one does without thinking about speed: copy window after window, then multiply."""
    weight, (k, _) = layer.params["W"], layer.kernel_size
    places = x.shape[2] - k + 1
    columns = np.zeros((weight[0].size, len(x) * places * places), x.dtype)
    for n in range(len(x)):
        for p in range(places):
            for q in range(places):
                columns[:, (n * places + p) * places + q] = x[n, :, p : p + k, q : q + k].ravel()
    y = weight.reshape(len(weight), -1) @ columns + layer.params["b"][:, None]
    return y.reshape(len(weight), len(x), places, places).transpose(1, 0, 2, 3)


def medians(ours, theirs, repeats: int, rest: float = 0, calls: int = 1) -> tuple[float, float]:
    """Let the two take turns, and return the median of each, in milliseconds."""
    times = [], []
    for _ in range(-(-repeats // calls) + 1):
        for call, kept in zip((ours, theirs), times, strict=True):
            if rest:
                time.sleep(rest)
                call()  # wakes its own threads
            for _ in range(calls):
                start = time.perf_counter()
                call()
                kept.append(1000 * (time.perf_counter() - start))
    return tuple(statistics.median(kept[calls:]) for kept in times)


def line(name: str, ours: float, theirs: float, unit: str) -> None:
    print(f"  {name:<44}{ours:9.2f} {unit} {theirs:9.2f} {unit}   ratio {ours / theirs:5.2f}", flush=True)


def part_layers(repeats: int, threads: int) -> None:
    turns = {"rest": REST if threads > 1 else 0, "calls": CALLS}
    for name, sizes in SHAPES.items():
        both = Both(*sizes)
        assert np.allclose(both.forward(), both.their_forward().numpy(), atol=1e-3)
        assert np.allclose(both.step()[1], both.their_step()[1].numpy(), atol=1e-3)
        print(name)
        line("forward", *medians(both.forward, both.their_forward, repeats, **turns), "ms")
        line("forward + backward", *medians(both.step, both.their_step, repeats, **turns), "ms")
    both = Both(*next(iter(SHAPES.values())))
    assert np.allclose(both.forward(), im2col_by_loops(both.layer, both.x), atol=1e-3)
    ours, loops = medians(both.forward, lambda: im2col_by_loops(both.layer, both.x), 5)
    print("the first, forward, beside im2col by loops: ", end="")
    print(f"{ours:.1f} ms, {loops:.0f} ms, {loops / ours:.0f} × faster")


def part_memory(whose: str) -> None:
    """Print by how many MB the process grew at most in one forward and backward pass."""
    first = next(iter(SHAPES.values()))
    small, large = Both(1, *first[1:]), Both(MEMORY_BATCH, *first[1:])
    steps = [both.step if whose == "ours" else both.their_step for both in (small, large)]
    steps[0]()  # loads what a first call loads
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    before = memory("VmRSS")
    results = steps[1]()  # kept alive, as a network's next layer keeps them
    print(memory("VmHWM") - before)
    del results


def memory(kind: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(text.split()[1]) / 1024 for text in lines if text.startswith(kind))


def lenet(rng: np.random.Generator) -> nn.Sequential:
    return nn.Sequential(
        *(
            nn.Conv2D(6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2D(2),
            nn.Conv2D(16, 5),
            nn.ReLU(),
            nn.MaxPool2D(2),
        ),
        *(nn.Flatten(), nn.Dense(120), nn.ReLU(), nn.Dense(84), nn.ReLU(), nn.Dense(10)),
    ).initialize("he_normal", rng)


def their_lenet(net: nn.Sequential):
    """Build the same net with the same weights in PyTorch, whose dense weights are (n_out, n_in)."""
    import torch
    from torch import nn as tnn

    theirs = tnn.Sequential(
        *(tnn.Conv2d(1, 6, 5, padding=2), tnn.ReLU(), tnn.MaxPool2d(2)),
        *(tnn.Conv2d(6, 16, 5), tnn.ReLU(), tnn.MaxPool2d(2), tnn.Flatten()),
        *(tnn.Linear(400, 120), tnn.ReLU(), tnn.Linear(120, 84), tnn.ReLU(), tnn.Linear(84, 10)),
    )
    with torch.no_grad():
        for parameter, array in zip(theirs.parameters(), net.params.values(), strict=True):
            parameter.copy_(torch.tensor(array.T if array.ndim == 2 else array))
    return theirs


def epoch(net: nn.Sequential, data: datasets.Dataset, rate: float) -> None:
    for x, y in datasets.minibatches(data.x_train, data.y_train, 64, np.random.default_rng(0)):
        _, dlogits = nn.softmax_cross_entropy(net.forward(x, training=True), y)
        net.backward(dlogits)
        grads = net.grads
        for name, parameter in net.params.items():
            parameter -= rate * grads[name]


def their_epoch(net, data: datasets.Dataset, rate: float) -> None:
    import torch

    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    for x, y in datasets.minibatches(data.x_train, data.y_train, 64, np.random.default_rng(0)):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(torch.from_numpy(x)), torch.from_numpy(y))
        loss.backward()
        optimizer.step()


def part_epoch(repeats: int) -> None:
    data = datasets.fashion_mnist()
    ours = lenet(np.random.default_rng(0))
    ours.forward(data.x_train[:1])
    theirs = their_lenet(ours)
    print(f"LeNet, an epoch of {len(data.x_train):,} images, batch 64")
    ms = medians(lambda: epoch(ours, data, 0.05), lambda: their_epoch(theirs, data, 0.05), repeats)
    line("forward, backward and SGD step", *(t / 1000 for t in ms), "s ")


def run_part(threads: int, *arguments: str) -> subprocess.CompletedProcess:
    # The libraries read these when they are loaded, so a process has to be born with them.
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    variables = os.environ | dict.fromkeys(names, str(threads))
    command = [sys.executable, "-m", "benchmarks.convolution", "--threads", str(threads), *arguments]
    return subprocess.run(command, env=variables, check=True, text=True, stdout=subprocess.PIPE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeats", type=int, default=25)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if importlib.util.find_spec("torch") is None:
        sys.exit("This benchmark compares with PyTorch, which is not here: `pip install torch` brings it.")
    if given.part:
        return run(given.part, given.repeats, *given.threads)
    for threads in given.threads:
        compare(threads, given.repeats)


def run(part: str, repeats: int, threads: int) -> None:
    """Do one part, in the process that is there for it."""
    import torch

    torch.set_num_threads(threads)
    if part == "layers":
        part_layers(repeats, threads)
    elif part == "epoch":
        part_epoch(5)
    else:
        part_memory(part)


def compare(threads: int, repeats: int) -> None:
    """Run all parts with this many threads, and print what they found."""
    import torch

    print(f"\nNumPy {np.__version__}, PyTorch {torch.__version__}, float32, threads for each: {threads}")
    print(f"medians of {repeats}, in turns; left coursekit, right PyTorch", flush=True)
    print(run_part(threads, "--repeats", str(repeats), "--part", "layers").stdout, end="")
    if Path("/proc/self/clear_refs").exists():
        grown = [float(run_part(threads, "--part", whose).stdout) for whose in ("ours", "torch")]
        print(f"the first with a batch of {MEMORY_BATCH}, peak memory above that of inputs and weights")
        line("forward + backward", *grown, "MB")
    else:
        print("peak memory is measured on Linux only")
    print(run_part(threads, "--part", "epoch").stdout, end="")


if __name__ == "__main__":
    main()
