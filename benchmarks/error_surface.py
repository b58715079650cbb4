"""A 51 × 51 error surface of a five-layer net on 256 images: the plane at once, beside one call a point.

Run with ``python -m benchmarks.error_surface``. Both use the same two cores and give the same numbers. The
net of lesson 08 has 32 units a layer; with more, matrix products take over, and both do the same of those.
"""

import statistics
import time

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.diagnostics.plane import Plane
from coursekit.diagnostics.surface import surface
from coursekit.diagnostics.weights import random_direction, weights_of
from coursekit.experiments.preprocessing import prepared_problem, surface_of
from coursekit.nets.deep import deep_net

POINTS, REPEATS = 51, 7


def point_by_point(plane: Plane, along: np.ndarray) -> np.ndarray:
    """Write the weights of each point into the net and run it, one forward call a point."""
    weights = list(weights_of(plane.net).values())
    kept = [W.copy() for W in weights]
    losses = np.empty((len(along), len(along)))
    for i, b in enumerate(along):
        for j, a in enumerate(along):
            for W, centre, d1, d2 in zip(weights, kept, plane.d1, plane.d2, strict=True):
                W[...] = centre + np.float32(a) * d1 + np.float32(b) * d2
            logits = plane.net.forward(plane.x, training=True)
            losses[i, j] = nn.softmax_cross_entropy(logits, plane.labels)[0]
    for W, centre in zip(weights, kept, strict=True):
        W[...] = centre
    return losses


def linear_surface() -> None:
    """Time the 101 × 101 surface of a linear unit: all at once, beside a loss for each pair of weights."""
    problem = prepared_problem("raw", 0.1).problem
    along = np.linspace(-1.5, 1.5, 101)

    def slowly():
        grid = [[problem.best + np.array([a, b]) for a in along] for b in along]
        return [[0.5 * np.mean((problem.x @ w - problem.targets) ** 2) for w in row] for row in grid]

    fast = statistics.median(timed(lambda: surface_of(problem))[0] for _ in range(REPEATS))
    slow, losses = timed(slowly)
    gap = np.abs(surface_of(problem) - (np.array(losses) - problem.lowest)).max()
    print(
        f"linear unit, 101 × 101: {1000 * fast:.2f} ms at once, {1000 * slow:.0f} ms point by point: "
        f"{slow / fast:,.0f} times; they differ by at most {gap:.0e}"
    )


def timed(function) -> tuple[float, object]:
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main() -> None:
    linear_surface()
    split = fashion_split()
    for width in (32, 64):
        for name, norm in (("without batch norm", None), ("with batch norm", nn.BatchNorm)):
            rng = np.random.default_rng(0)
            net = deep_net("relu", 5, width, norm=norm).initialize("he_normal", rng)
            net.forward(split.x_train[:2])
            directions = random_direction(net, rng), random_direction(net, rng)
            plane = Plane(net, *directions, split.x_train[:256], split.y_train[:256])
            runs = [timed(lambda plane=plane: surface(plane, 1.0, POINTS)) for _ in range(REPEATS)]
            fast = statistics.median(seconds for seconds, _ in runs)
            along = np.linspace(-1, 1, POINTS)
            slows = [timed(lambda plane=plane, along=along: point_by_point(plane, along)) for _ in range(3)]
            slow, losses = statistics.median(seconds for seconds, _ in slows), slows[0][1]
            gap = np.abs(runs[0][1].losses / losses - 1).max()
            print(
                f"5 × {width} units, {name:<18} {fast:5.2f} s at once, {slow:6.2f} s point by point: "
                f"{slow / fast:5.1f} times as fast, largest difference {gap:.0e}",
                flush=True,
            )


if __name__ == "__main__":
    main()
