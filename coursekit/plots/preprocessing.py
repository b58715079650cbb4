"""A cloud of two features, the error surface that it makes from above and as a landscape, and a path."""

import matplotlib as mpl
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke

from coursekit.experiments.preprocessing import REACH, PreparedProblem
from coursekit.palette import BLUE, ORANGE
from coursekit.plots.landscape import on_page, tiles_of
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, PREDICTED

LOSSES = (1e-2, 1e2)
BANDS = 12
WAY = "#FFE680"  # stands out on all shades of the surface, and stays on a dark page
REACH_X = 4.0
FEATURES = ("first feature", "second feature")
TITLES = ("The features", "Loss, seen from above", "The same loss as a landscape")


class PreparedSurface(Picture):
    """A `PreparedProblem`: its cloud, its loss from above with the path, and the same as a landscape.

    Parameters
    ----------
    result : PreparedProblem, optional
    features : tuple of str
        What the two features are called.
    """

    size = (9.6, 3.7)

    def __init__(self, result: PreparedProblem | None = None, *, features: tuple[str, str] = FEATURES):
        self._features = features
        super().__init__(result)

    def build(self) -> None:
        """Make three panels with fixed limits, and the artists that move."""
        self._cloud, self._map, self._land = (
            self.figure.add_axes(box)
            for box in ((0.06, 0.15, 0.24, 0.74), (0.385, 0.15, 0.27, 0.74), (0.68, 0.03, 0.315, 0.86))
        )
        for ax, title in zip((self._cloud, self._map, self._land), TITLES, strict=True):
            ax.set_title(title, loc="left", weight="bold")
        self._build_cloud(self._cloud)
        self._colours = mpl.colormaps["viridis"].resampled(BANDS)
        self._build_map(self._map)
        self._build_land(self._land)

    def _build_cloud(self, ax):
        ax.set(xlim=(-REACH_X, REACH_X), ylim=(-REACH_X, REACH_X), xlabel=self._features[0])
        ax.set_ylabel(self._features[1], labelpad=0)
        ax.axhline(0, color=GREY, lw=0.7)
        ax.axvline(0, color=GREY, lw=0.7)
        self._classes = [
            self.moving(ax.add_line(Line2D([], [], color=colour, marker=marker, ms=4, ls="", alpha=0.8)))
            for colour, marker in ((BLUE, "o"), (ORANGE, "s"))
        ]
        beyond = ax.text(0.98, 0.02, "", transform=ax.transAxes, ha="right", fontsize=8.5)
        self._beyond = self.moving(beyond)

    def _build_map(self, ax):
        ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xlabel="w₁, from the best")
        ax.set_ylabel("w₂, from the best", labelpad=0)
        ax.set_xticks([-1, 0, 1])
        ax.set_yticks([-1, 0, 1])
        self._image = self.moving(
            ax.imshow(
                np.zeros((2, 2)), cmap=self._colours, vmin=0, vmax=1, origin="lower", aspect="auto",
                extent=(-REACH, REACH) * 2, interpolation="nearest",
            )
        )  # fmt: skip
        self._ways = [self._way(ax)]
        self._plus = self.moving(ax.add_line(Line2D([0], [0], marker="+", color=WAY, ms=11, mew=2)))
        self._plus.set_zorder(3)

    def _build_land(self, ax):
        ax.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.0), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        tiles = PolyCollection([], cmap=self._colours, norm=Normalize(0, 1), lw=0.25, ec="#00000040")
        self._tiles = self.moving(ax.add_collection(tiles))
        self._floor = self.moving(ax.add_line(Line2D([], [], color=GREY, lw=0.8, zorder=0)))
        self._ways.append(self._way(ax))
        self._corners = [self.moving(ax.text(0, 0, w, ha="center", va="center")) for w in ("w₁", "w₂")]
        ax.text(0.5, 0.005, "height: loss, log scale", transform=ax.transAxes, ha="center", fontsize=8.5)

    def _way(self, ax):
        way = Line2D([], [], color=WAY, marker="o", ms=4, mec=INK, mew=0.7, lw=1.4, zorder=5)
        start = Line2D([], [], color=WAY, marker="s", ms=7, mec=INK, ls="", zorder=6)
        lost = Line2D([], [], color=PREDICTED, marker="X", ms=13, mec="white", ls="", zorder=7)
        lost.set_clip_on(False)
        way.set_path_effects([Stroke(linewidth=2.8, foreground=INK), Normal()])
        return tuple(self.moving(ax.add_line(artist)) for artist in (way, start, lost))

    def move(self, result: PreparedProblem) -> bool:
        """Set cloud, surface and path; the frame changes with the cloud's limits alone."""
        x, targets = result.problem.x, result.problem.targets
        for line, sign in zip(self._classes, (1, -1), strict=True):
            line.set_data(*x[targets == sign].T)
        outside = int((np.abs(x) > REACH_X).any(axis=1).sum())
        self._beyond.set_text(f"{outside} beyond" if outside else "")
        heights = level(result.surface)
        self._image.set_data(heights)
        tiles, colours = tiles_of(heights, result.turn)
        self._tiles.set_verts(tiles)
        self._tiles.set_array(colours)
        inside = np.abs(result.path).max(axis=1) <= REACH
        end = len(inside) if inside.all() else int(inside.argmin())
        self._draw_ways(result, end)
        self._move_ground(result.turn)
        # Between 0 and 1 a cloud would be a thumbnail in the usual limits.
        limits = (-0.1, 1.1) if result.method == "min_max" else (-REACH_X, REACH_X)
        if self._cloud.get_xlim() == limits:
            return False
        self._cloud.set(xlim=limits, ylim=limits)
        return True

    def _move_ground(self, turn):
        """Draw the square below, and name each weight along that side which is nearer to the viewer."""
        square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
        self._floor.set_data(*on_page(*square.T, 0, turn).T)
        for text, (a, b) in zip(self._corners, ((1, 0), (0, 1)), strict=True):
            sides = [on_page(1.2 * side * b, 1.2 * side * a, 0, turn) for side in (-1, 1)]
            text.set_position(min(sides, key=lambda place: place[1]))

    def _draw_ways(self, result, end):
        path = result.path[:end]
        heights = np.clip(level(result.losses[:end]), 0, 1)
        leaving = result.path[: end + 1]  # the first step out of the map is cut off at its border
        on_land = on_page(*(path / REACH).T, heights, result.turn)
        for (way, start, lost), drawn, places in zip(
            self._ways, (leaving, on_land), (path, on_land), strict=True
        ):
            way.set_data(*drawn.T)
            start.set_data(*places[:1].T)
            lost.set_data(*(places[-1:].T if result.diverged else np.empty((2, 0))))


def level(losses: np.ndarray) -> np.ndarray:
    """Return where losses stand on the log scale of colours and heights, 0 to 1 from 10⁻² to 10²."""
    low, high = LOSSES
    with np.errstate(divide="ignore"):
        return np.clip(np.log(np.maximum(losses, 1e-300) / low) / np.log(high / low), 0, 1)
