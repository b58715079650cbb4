"""Running mean and variance over the steps of training, one line a rule, against the truth."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.diagnostics.running_statistics import RunningStatistics
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREEN, GREY, INK, PURPLE, VERMILION

STEPS = 100
LIMITS = {"mean": (-0.8, 7.0), "var": (-0.8, 12.0)}
# By rule: colour, width, dashes, and what the legend says of it.
LOOKS = (
    (BLUE, 2.2, "-", "Keras, Paddle: keep m of the old"),
    (VERMILION, 1.3, "-", "PyTorch: take m of the new"),
    (GREEN, 2.2, "-", "plain average of all batches"),
    (PURPLE, 1.8, (0, (3, 2)), "first rule, freed from its start"),
)


class RunningLines(Picture):
    """Both statistics of a `RunningStatistics` of 100 steps."""

    size = (8.6, 4.8)

    def build(self):
        """Make an axis for the mean and one for the variance, above a common legend."""
        self.figure.text(
            0.012, 0.945, "Do the running statistics reach the true ones?", fontsize=12, weight="bold"
        )
        grid = self.figure.add_gridspec(
            1, 2, left=0.055, right=0.985, bottom=0.105, top=0.755, wspace=0.13
        ).subplots()
        self._panels = {
            name: self._build_panel(ax, name) for name, ax in zip(("mean", "var"), grid, strict=True)
        }
        handles = [
            Line2D([], [], color=colour, lw=width, ls=style, label=label)
            for colour, width, style, label in LOOKS
        ]
        handles += [
            Line2D([], [], color=INK, lw=1.2, ls=":", label="the truth"),
            Line2D([], [], color=GREY, marker="o", ms=3, ls="", label="each batch's own (◆ beyond)"),
        ]
        self.figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0.0, 0.93),
            ncols=3,
            fontsize=9,
            columnspacing=1.4,
        )

    def _build_panel(self, ax, name):
        ax.set(xlim=(-1, STEPS + 1), ylim=LIMITS[name], xlabel="training step")
        ax.set_title("running mean" if name == "mean" else "running variance", loc="left", weight="bold")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        line = {"ls": "", "color": GREY, "alpha": 0.75}
        return {
            "batch": self.moving(ax.add_line(Line2D([], [], marker="o", ms=2.6, **line))),
            "beyond": self.moving(ax.add_line(Line2D([], [], marker="D", ms=4, **line))),
            "truth": self.moving(ax.add_line(Line2D([], [], color=INK, lw=1.2, ls=":", zorder=6))),
            "rules": [
                self.moving(ax.add_line(Line2D([], [], color=colour, lw=width, ls=style, zorder=z)))
                for (colour, width, style, _), z in zip(LOOKS, (5, 3, 4, 5.5), strict=True)
            ],
        }

    def move(self, result: RunningStatistics) -> bool:
        """Set every line; the frame never changes."""
        steps = np.arange(1, result.steps + 1)
        for name, panel in self._panels.items():
            batch = getattr(result, f"batch_{name}")
            low, high = LIMITS[name]
            inside = (low <= batch) & (batch <= high)
            panel["batch"].set_data(steps[inside], batch[inside])
            panel["beyond"].set_data(steps[~inside], np.clip(batch[~inside], low + 0.1, high - 0.1))
            panel["truth"].set_data(steps, getattr(result, f"true_{name}"))
            for line, running in zip(panel["rules"], getattr(result, name), strict=True):
                line.set_data(np.arange(result.steps + 1), running)
            # The average has no start of its own: nothing is drawn before its first batch.
            average = getattr(result, name)[2, 1:]
            panel["rules"][2].set_data(steps, average)
        return False
