"""Does the initialization explorer leak? Memory and open figures over 1,000 slider moves.

Run with ``python -m benchmarks.memory``. A stand-in for the browser's half of the canvas answers every
request to draw, so that pictures are drawn, encoded and sent.
"""

import gc

import matplotlib.pyplot as plt
import numpy as np
import psutil

from coursekit.explorers import InitializationExplorer
from tests.explorers.fake_browser import FakeBrowser


def main() -> None:
    explorer = InitializationExplorer()
    browser = FakeBrowser(explorer)
    rng = np.random.default_rng(0)
    process = psutil.Process()
    start = None
    for move in range(1, 1001):
        explorer.controls["sigma"].value = 10 ** rng.uniform(-4, 1)
        browser.answer()
        if move % 100 == 0:
            gc.collect()
            used = process.memory_info().rss / 2**20
            start = start or used
            figures = len(plt.get_fignums())
            print(
                f"{move:5d} moves: {used:7.1f} MiB, {used - start:+5.1f} since 100, {figures} open figures"
            )


if __name__ == "__main__":
    main()
