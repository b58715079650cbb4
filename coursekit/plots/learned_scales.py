"""How far have γ and β come from where they started? One histogram per layer."""

import numpy as np

from coursekit.experiments.learned_scales import LearnedScales
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK

BINS, TALL = 24, 0.85
PANELS = (("gamma", "scale γ, from 1", 1.0), ("beta", "shift β, from 0", 0.0))


class LearnedScalePicture(Picture):
    """Histograms of a `LearnedScales`; dotted is where training started. Built for one net, not moved."""

    size = (7.6, 3.6)

    def __init__(self, result: LearnedScales):
        self._scales = result
        super().__init__(result)

    def build(self) -> None:
        """Draw both panels, over the same width of values; layer 1 comes first in each."""
        place = {"left": 0.08, "right": 0.98, "top": 0.84, "bottom": 0.14, "wspace": 0.12}
        axes = self.figure.subplots(1, 2, sharey=True, gridspec_kw=place)
        self.figure.text(0.015, 0.93, "How far did γ and β come?", fontsize=12, weight="bold", color=INK)
        far = max(
            np.abs(values - start).max()
            for name, _, start in PANELS
            for values in getattr(self._scales, name)
        )
        reach = 1.05 * max(far, 0.1)
        for ax, (name, label, start) in zip(axes, PANELS, strict=True):
            edges = np.linspace(start - reach, start + reach, BINS + 1)
            layers = getattr(self._scales, name)
            for layer, values in enumerate(layers, start=1):
                counts, _ = np.histogram(values, edges)
                heights = TALL * counts / counts.max()
                ax.bar(
                    edges[:-1], -heights, np.diff(edges), layer + 0.4, align="edge", color=BLUE, alpha=0.85
                )
            ax.axvline(start, color=GREY, lw=1, ls=":")
            ax.set(xlim=edges[[0, -1]], xlabel=label, ylim=(len(layers) + 0.55, 0.4))
            ax.set_yticks(range(1, len(layers) + 1))
        axes[0].set_ylabel("layer")

    def move(self, result: LearnedScales) -> bool:
        """Do nothing: the picture is of one net."""
        return False
