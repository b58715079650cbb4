"""A 51 × 51 error surface of a five-layer net on 256 images: the plane at once, beside one call a point.

Run with ``python -m benchmarks.error_surface``. Both use the same two cores and give the same numbers. The
net of lesson 08 has 32 units a layer; with more, matrix products take over, and both do the same of those.
"""

import statistics
import time

import numpy as np

from coursekit import nn
from coursekit.datasets import fashion_split
from coursekit.diagnostics.plane import Plane, dense_layers, random_direction
from coursekit.diagnostics.stack import stacked_net
from coursekit.diagnostics.surface import surface

POINTS, REPEATS = 51, 7


def point_by_point(plane: Plane, along: np.ndarray) -> np.ndarray:
    """Write the weights of each point into the net and run it, one forward call a point."""
    dense = dense_layers(plane.net)
    kept = [layer.params["W"].copy() for layer in dense]
    losses = np.empty((len(along), len(along)))
    for i, b in enumerate(along):
        for j, a in enumerate(along):
            for layer, W, d1, d2 in zip(dense, kept, plane.d1, plane.d2, strict=True):
                layer.params["W"][...] = W + np.float32(a) * d1 + np.float32(b) * d2
            logits = plane.net.forward(plane.x, training=True)
            losses[i, j] = nn.softmax_cross_entropy(logits, plane.labels)[0]
    for layer, W in zip(dense, kept, strict=True):
        layer.params["W"][...] = W
    return losses


def timed(function) -> tuple[float, object]:
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main() -> None:
    split = fashion_split()
    for width in (32, 64):
        for name, norm in (("without batch norm", None), ("with batch norm", nn.BatchNorm)):
            rng = np.random.default_rng(0)
            net = stacked_net("relu", 5, width, norm=norm).initialize("he_normal", rng)
            net.forward(split.x[:2])
            directions = random_direction(net, rng), random_direction(net, rng)
            plane = Plane(net, *directions, split.x[:256], split.labels[:256])
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
