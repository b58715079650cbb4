"""How does a number depend on a setting? One line a net, a band from the worst seed to the best."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.sweep import Sweep
from coursekit.palette import SKY
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREEN, INK, ORANGE, PURPLE, VERMILION

COLOURS = (VERMILION, BLUE, GREEN, ORANGE, PURPLE, SKY)
MARKERS = "osD^vP"


class SweepLines(Picture):
    """The series of a `Sweep` over its settings, these on a log scale. Built for one sweep, not moved.

    Parameters
    ----------
    result : Sweep
        A series "net, changed" has the colour of the series "net", and is dashed.
    percent : bool
        Whether the numbers are shares, and read as such.
    """

    size = (7.6, 3.9)

    def __init__(self, result: Sweep, *, percent: bool = False):
        self._sweep, self._percent = result, percent
        super().__init__(result)

    def build(self) -> None:
        """Draw lines and bands; the vertical limits hold every finite number."""
        sweep = self._sweep
        ax = self.figure.add_axes((0.1, 0.14, 0.62, 0.7))
        self.figure.text(0.015, 0.93, sweep.question, fontsize=12, weight="bold", color=INK)
        ax.set(xscale="log", yscale="log" if sweep.log_y else "linear")
        ax.set(xlabel=sweep.x_label, ylabel=sweep.y_label)
        if self._percent:
            ax.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g} %")
        handles = []
        for name, (colour, marker, dashes) in _looks(sweep.names).items():
            values = np.where(np.isfinite(sweep.series(name)), sweep.series(name), np.nan)
            known = ~np.isnan(values).any(axis=1)
            x, low, high = sweep.x[known], values[known].min(axis=1), values[known].max(axis=1)
            ax.fill_between(x, low, high, color=colour, alpha=0.18, lw=0)
            look = {"color": colour, "marker": marker, "ls": dashes, "ms": 5, "lw": 1.8}
            handles.append(ax.add_line(Line2D(x, np.median(values[known], axis=1), **look)))
        ax.set_xlim(sweep.x[0] / 1.15, sweep.x[-1] * 1.15)
        if sweep.x[-1] < 100 * sweep.x[0]:  # too few powers of ten to read the axis by
            ax.minorticks_off()
            ax.set_xticks(sweep.x, [f"{x:g}" for x in sweep.x])
        ax.autoscale_view(scalex=False)
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        self.figure.legend(handles, sweep.names, loc="center left", bbox_to_anchor=(0.735, 0.5))
        self.figure.text(
            0.735,
            0.16,
            f"line: middle of {len(sweep.seeds)} seeds\nband: all of them",
            fontsize=8.5,
            color=INK,
        )
        self._axis = ax

    def move(self, result: Sweep) -> bool:
        """Do nothing: the picture is of one sweep."""
        return False


def _looks(names):
    """Return colour, marker and dashes of each series; a changed net has the colour of the net."""
    looks, free = {}, iter(zip(COLOURS, MARKERS, strict=True))
    for name in names:
        net = name.partition(", ")[0]
        looks[name] = (*looks[net][:2], "--") if net != name and net in looks else (*next(free), "-")
    return looks
