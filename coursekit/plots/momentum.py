"""The map of rate and momentum: how fast each point converges, with a walk from one point beside it."""

import matplotlib as mpl
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.collections import QuadMesh
from matplotlib.colors import BoundaryNorm
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from coursekit.experiments.momentum import MOMENTA, RATES, STEPS, MomentumReport
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, MEASURED, PREDICTED

BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.99, 1.0)
DISTANCES = (1e-8, 1e4)


class MomentumMap(Picture):
    """A `MomentumReport`: the factor per step over η and β on the left, the walk on the right."""

    size = (9.6, 4.1)

    def build(self) -> None:
        """Make the map, its colour bar and the axis of the walk."""
        self._condition: float | None = None
        self._map = self.figure.add_axes((0.065, 0.14, 0.4, 0.73))
        bar = self.figure.add_axes((0.48, 0.14, 0.013, 0.73))
        self._walk = self.figure.add_axes((0.615, 0.14, 0.37, 0.73))
        self._build_map(self._map, bar)
        self._build_walk(self._walk)

    def _build_map(self, ax, bar):
        ax.set(xlim=RATES, ylim=MOMENTA, xscale="log", xlabel="learning rate η", ylabel="momentum β")
        ax.set_xticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_title("How fast is each pair of η and β?", loc="left", weight="bold")
        self._colours = mpl.colormaps["viridis_r"].with_extremes(over="#EFEFEF")
        self._norm = BoundaryNorm(BANDS, 256, extend="max")
        self._tiles: QuadMesh | None = None  # made with the first result
        self.figure.colorbar(ScalarMappable(self._norm, self._colours), cax=bar, ticks=BANDS, extend="max")
        bar.set_title("factor\nper step", fontsize=8.5)
        self._limit = ax.plot([], [], color=PREDICTED, lw=2)[0]
        ax.text(9.2, 0.04, "diverges", color=PREDICTED, fontsize=9, ha="right")
        self._critical = [ax.plot([], [], color="white", lw=1.4, ls=dashes)[0] for dashes in ("--", ":")]
        self._best = ax.plot([], [], marker="*", ms=13, color="white", mec=INK, ls="", zorder=6)[0]
        self._point = self.moving(
            ax.add_line(Line2D([], [], marker="o", ms=9, color=INK, mec="white", mew=1.5, ls="", zorder=8))
        )
        self._point.set_clip_on(False)

    def _build_walk(self, ax):
        ax.set(xlim=(0, STEPS), ylim=DISTANCES, yscale="log", xlabel="steps", ylabel="left of the way")
        ax.set_title("Does a walk do what the map says?", loc="left", weight="bold")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        self._measured = self.moving(ax.add_line(Line2D([], [], color=MEASURED, lw=2)))
        self._predicted = self.moving(
            ax.add_line(Line2D([], [], color=PREDICTED, lw=1.6, ls=(0, (5, 2)), zorder=5))
        )
        ax.axhline(1, color=GREY, lw=0.8)
        handles = [
            Line2D([], [], color=MEASURED, lw=2, label="the walk"),
            Line2D([], [], color=PREDICTED, lw=1.6, ls=(0, (5, 2)), label="the factor of the map"),
        ]
        ax.legend(handles=handles, loc="upper right", fontsize=8.5)

    def move(self, result: MomentumReport) -> bool:
        """Set point and walk; the map changes with κ alone."""
        self._point.set_data([result.rate], [result.momentum])
        steps = np.arange(len(result.distance))
        low, high = DISTANCES
        self._measured.set_data(steps, np.clip(result.distance, low / 100, high * 100))
        # Drawn through the walk at a third of its length, where the slowest direction is alone.
        at = len(steps) // 3
        later = steps if result.predicted > 0 else steps[at:]
        with np.errstate(over="ignore", under="ignore"):
            line = result.distance[at] * result.predicted ** (later - float(at))
        self._predicted.set_data(later, np.clip(line, low / 100, high * 100))
        changed, self._condition = result.condition != self._condition, result.condition
        if changed:
            self._draw_map(result)
        return changed

    def _draw_map(self, result):
        of = result.map
        if self._tiles is None:
            self._tiles = self._map.pcolormesh(
                of.rates, of.momenta, of.factors, cmap=self._colours, norm=self._norm
            )
        self._tiles.set_array(of.factors)
        for line, places in zip((self._limit, *self._critical), (of.limit, *of.critical), strict=True):
            line.set_data(*places)
        self._best.set_data([result.best[0]], [result.best[1]])
