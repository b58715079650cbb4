"""Running mean and variance over the steps of training, one line a rule, against the truth."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.running_statistics import RunningStatistics
from coursekit.palette import YELLOW
from coursekit.plots.picture import Picture
from coursekit.plots.style import BATCH_NORM, GREY, INK

STEPS = 100
LIMITS = {"mean": (-0.8, 7.0), "var": (-0.8, 12.0)}
# By rule: colour, width, dashes, and what the legend says of it.
LOOKS = (
    (BATCH_NORM, 2.2, "-", "Keras, Paddle: keep m of the old"),
    (YELLOW, 1.5, "-", "PyTorch: take m of the new"),
    (INK, 1.4, "-", "plain average of all batches"),
    (BATCH_NORM, 2.0, (0, (3, 2)), "first rule, freed from its start"),
)
TITLES = {
    "mean": "Does the running mean reach the true one?",
    "variance": "Do running mean and variance reach the true ones?",
    "libraries": "One number m, three conventions",
}
# Left border and width of the panels of mean and variance, by what is compared.
PLACES = {
    "mean": {"mean": (0.055, 0.93)},
    "variance": {"mean": (0.055, 0.44), "var": (0.545, 0.44)},
}
PLACES["libraries"] = PLACES["variance"]


class RunningLines(Picture):
    """Both statistics of a `RunningStatistics` of 100 steps."""

    size = (9.2, 4.4)

    def build(self) -> None:
        """Make an axis for the mean and one for the variance."""
        self._compare: str | None = None
        self._title = self.figure.text(0.012, 0.935, "", fontsize=12, weight="bold")
        self._panels = {
            name: self._build_panel(self.figure.add_axes((left, 0.11, width, 0.6)), name)
            for name, (left, width) in PLACES["variance"].items()
        }

    def _build_legend(self, compare):
        """Make the legend above the panels, of what is seen in them."""
        for old in self.figure.legends:
            old.remove()
        looks = LOOKS if compare == "libraries" else [(*LOOKS[0][:3], "the running one")]
        handles = [
            Line2D([], [], color=colour, lw=width, ls=style, label=label)
            for colour, width, style, label in looks
        ]
        handles += [
            Line2D([], [], color=INK, lw=1.6, ls=":", label="the truth"),
            Line2D([], [], color=GREY, marker="o", ms=3, ls="", label="each batch's own (◆ beyond)"),
        ]
        self.figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0.0, 0.92),
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
            "ax": ax,
            "batch": self.moving(ax.add_line(Line2D([], [], marker="o", ms=2.6, **line))),
            "beyond": self.moving(ax.add_line(Line2D([], [], marker="D", ms=4, **line))),
            "truth": self.moving(ax.add_line(Line2D([], [], color=INK, lw=1.6, ls=":", zorder=6))),
            "rules": [
                self.moving(ax.add_line(Line2D([], [], color=colour, lw=width, ls=style, zorder=z)))
                for (colour, width, style, _), z in zip(LOOKS, (5, 3, 4, 5.5), strict=True)
            ],
        }

    def move(self, result: RunningStatistics) -> bool:
        """Set every line; the frame changes with what is compared alone."""
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
        changed, self._compare = result.compare != self._compare, result.compare
        if changed:
            self._arrange(result.compare)
        return changed

    def _arrange(self, compare):
        """Show the panels and the rules that are compared, and no others."""
        self._title.set_text(TITLES[compare])
        self._build_legend(compare)
        for name, panel in self._panels.items():
            place = PLACES[compare].get(name)
            if place:
                panel["ax"].set_position((place[0], 0.11, place[1], 0.6))
            for artist in (panel["ax"], panel["batch"], panel["beyond"], panel["truth"]):
                artist.set_visible(place is not None)
            for rule, line in enumerate(panel["rules"]):
                line.set_visible(place is not None and (rule == 0 or compare == "libraries"))
