"""The peek meter: try many equals, keep the best, reveal images that played no part."""

import ipywidgets as widgets

from coursekit.experiments.peek import MOST, Peek, diagnose_peek, peek
from coursekit.explorers import controls
from coursekit.explorers.base import Explorer
from coursekit.plots.peek import PeekPicture

IMAGES = tuple((f"{count:,}", count) for count in (1000, 300, 100))
CANDIDATES = (
    ("guessers", "guessers"),
    ("nets of one recipe", "nets"),
    ("mistakes of their own", "shuffled"),
)


class PeekExplorer(Explorer):
    """Choose the best of k equals on some images; see how far it falls, and what chance predicts.

    The nets are softmax regressions of one recipe that differ by chance alone.
    """

    first = ("k",)
    lines = (("k", "seed"), ("images",), ("candidates",))

    def make_controls(self) -> dict[str, widgets.Widget]:
        """Return how many are tried, on how many images, and who they are."""
        return {
            "k": controls.whole("k", 20, 1, MOST, width="430px"),
            "seed": controls.whole("draw", 3, 0, 9, width="210px"),
            "images": controls.choice("images", IMAGES, button="70px"),
            "candidates": controls.choice("who", CANDIDATES, button="170px"),
        }

    def make_picture(self) -> PeekPicture:
        """Return the candidates, and the worth of the choice."""
        return PeekPicture()

    def compute(self, k: int, seed: int, images: int, candidates: str) -> Peek:
        """Compare k candidates, and reveal."""
        return peek(k, images, candidates, seed)

    def describe(self, result: Peek) -> str:
        """Say what the best is worth."""
        return diagnose_peek(result)
