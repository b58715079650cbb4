"""Three ways down one error surface, the rate beside its limit, and the loss along each way."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from coursekit.experiments.descent import W1, W2, WALKERS, Descent
from coursekit.palette import BLUE, ORANGE, PURPLE
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, PREDICTED

COLOURS = dict(zip(WALKERS, (BLUE, ORANGE, PURPLE), strict=True))
RATES = (0.01, 10.0)
LOSSES = (1e-6, 1e2)
LIMITS = {"samples": (0.8, 5e3), "updates": (0.8, 5e3), "seconds": (4e-4, 3.0)}
STEPS = (0.9, 50)  # of a walker alone
LABELS = {"samples": "samples used", "updates": "updates", "seconds": "seconds"}
POINTS = 300  # of a curve: more are not seen
LINKED = 300  # updates of a path that are joined by lines: thousands would take long, and hide the rest


class DescentPaths(Picture):
    """A `Descent`: paths over the contours on the left, the rate below them, losses on the right.

    Parameters
    ----------
    result : Descent, optional
    alone : bool
        Whether the full batch walks alone, and nothing is said of a limit: for a first look.
    """

    size = (9.6, 4.3)

    def __init__(self, result: Descent | None = None, *, alone: bool = False):
        self._names = WALKERS[:1] if alone else WALKERS
        super().__init__(result)

    def build(self) -> None:
        """Make the panels, and a line for each walker in both of them."""
        self._axis: str | None = None
        self._is_mapped = False
        low = 0.13 if self._alone else 0.34
        self._map = self.figure.add_axes((0.06, low, 0.42, 0.905 - low))
        self._curves = self.figure.add_axes((0.565, 0.13, 0.42, 0.775))
        self._build_map(self._map)
        if not self._alone:
            self._build_strip(self.figure.add_axes((0.06, 0.13, 0.42, 0.05)))
        self._build_curves(self._curves)

    @property
    def _alone(self):
        return self._names == WALKERS[:1]

    def _build_map(self, ax):
        ax.set(xlim=W1, ylim=W2, xlabel="weight w₁", ylabel="weight w₂")
        ax.set_title(
            "Which way does it take?" if self._alone else "Which way does each walker take?",
            loc="left",
            weight="bold",
        )
        self._ways = {}
        for name, z, width in zip(WALKERS, (6, 5, 4), (2.2, 1.4, 0.7), strict=True):
            marker = "o" if name == "full batch" else ""
            line = Line2D([], [], color=COLOURS[name], lw=width, zorder=z, marker=marker, ms=3.5)
            dots = Line2D([], [], color=COLOURS[name], ls="", marker=".", ms=2, zorder=z - 0.5)
            self._ways[name] = self.moving(ax.add_line(line)), self.moving(ax.add_line(dots))
        self._start = self.moving(ax.add_line(Line2D([], [], color=INK, marker="s", ms=6, ls="", zorder=9)))

    def _build_strip(self, ax):
        ax.set(xlim=RATES, ylim=(0, 1), xscale="log", yticks=[], xlabel="learning rate η")
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_xticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
        ax.spines["left"].set_visible(False)
        self._unstable = self.moving(ax.axvspan(2.4, RATES[1], color=PREDICTED, alpha=0.2, lw=0))
        self._limit = self.moving(ax.add_line(Line2D([], [], color=PREDICTED, lw=2)))
        self._rate = self.moving(ax.add_line(Line2D([], [], color=INK, marker="o", ms=8, ls="", zorder=8)))
        self._rate.set_clip_on(False)
        ax.text(
            RATES[1], 1.2, "limit of the full batch", color=PREDICTED, fontsize=9, va="bottom", ha="right"
        )

    def _build_curves(self, ax):
        ax.set(yscale="log", xscale="log", ylim=LOSSES)
        ax.set_title("How far above the minimum is the loss?", loc="left", weight="bold")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        self._raw, self._smooth = {}, {}
        for name, z in zip(WALKERS, (6, 5, 4), strict=True):
            raw = Line2D([], [], color=COLOURS[name], lw=0.6, alpha=0.45, zorder=z - 3)
            smooth = Line2D([], [], color=COLOURS[name], lw=2.2, zorder=z)
            self._raw[name] = self.moving(ax.add_line(raw))
            self._smooth[name] = self.moving(ax.add_line(smooth))
        dash = Line2D([], [], color=INK, lw=1.2, ls=":", zorder=8)
        self._crossing = self.moving(ax.add_line(dash))
        self._nan = {
            name: self.moving(
                ax.add_line(Line2D([], [], color=COLOURS[name], marker="X", ms=10, ls="", zorder=9))
            )
            for name in WALKERS
        }
        if self._alone:
            ax.set(xlim=STEPS, xlabel="steps")
            return
        handles = [Line2D([], [], color=COLOURS[name], lw=2.2, label=name) for name in self._names]
        handles.append(Line2D([], [], color=INK, lw=1.2, ls=":", label="mini-batch gets ahead"))
        ax.legend(handles=handles, loc="lower left", fontsize=8.5)

    def move(self, result: Descent) -> bool:
        """Set paths, rate and losses; the frame changes with the axis alone, and at first."""
        if not self._is_mapped:  # one landscape for all results
            self._draw_landscape(result)
        for walk in result.walks[: len(self._names)]:
            far = ~(np.abs(walk.path).max(axis=1) < 100)
            shown = np.where(far[:, None], np.nan, walk.path)
            line, dots = self._ways[walk.name]
            line.set_data(*shown[: LINKED + 1].T)
            dots.set_data(*shown[LINKED + 1 :].T)
            self._draw_losses(walk, "updates" if self._alone else result.axis)
        self._start.set_data(*result.walks[0].path[:1].T)
        if not self._alone:
            self._draw_rate(result)
        at = None if self._alone or result.walks[1].batch_size == 1 else result.crossing
        self._crossing.set_data([], []) if at is None else self._crossing.set_data([at, at], LOSSES)
        changed, self._axis = result.axis != self._axis, result.axis
        if changed and not self._alone:
            self._curves.set(xlim=LIMITS[result.axis], xlabel=LABELS[result.axis])
        return changed

    def _draw_landscape(self, result):
        land, levels = result.landscape, np.geomspace(3e-3, 30, 9)
        self._map.contour(land.w1, land.w2, land.excess, levels=levels, colors=GREY, linewidths=0.7)
        self._map.plot(*result.problem.best, "+", color=INK, ms=12, mew=2, zorder=9)
        self._map.set(xlim=W1, ylim=W2)
        self._is_mapped = True

    def _draw_losses(self, walk, axis):
        x, (low, high) = walk.along(axis), LOSSES
        shown = np.unique(np.geomspace(1, walk.updates, POINTS).astype(int))
        for line, losses in ((self._raw, walk.excess), (self._smooth, walk.smooth)):
            line[walk.name].set_data(x[shown], np.clip(losses[shown], low / 10, high * 10))
        lost = walk.lost_at
        self._nan[walk.name].set_data(([], []) if lost is None else ([x[lost]], [high / 3]))

    def _draw_rate(self, result):
        limit = min(result.limit, RATES[1])
        self._rate.set_data([result.rate], [0.5])
        self._limit.set_data([limit, limit], [0, 1])
        self._unstable.set(x=limit, width=RATES[1] - limit)
