"""Is the error surface smoother with batch norm? Two maps of the loss, or two landscapes, on one scale."""

import matplotlib as mpl
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm
from matplotlib.ticker import FixedLocator

from coursekit.diagnostics.surface_pair import SurfacePair
from coursekit.diagnostics.words import number
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, VERMILION

LIMITS, BANDS = (0.1, 100.0), 36
TICKS = (0.1, 0.3, 1, 3, 10, 30, 100)
# Where all losses of both panels lie within this factor, the fixed scale would show two even squares.
ALIKE = 3.0
CORNERS = 26  # of a landscape, a side: more would be drawn finer than one can see
# Where a corner comes to lie on the page, seen from above: a grows to the right, b to the left, both
# away from the viewer.
ACROSS, BACK, UP = 0.5, 0.24, 0.5
VIEWS = ("map", "landscape")


class ErrorSurfaces(Picture):
    """A `SurfacePair`, without batch norm on the left and with it on the right, on one colour scale.

    Parameters
    ----------
    result : SurfacePair, optional
    view : str
        "map": from above, colour is the loss; "landscape": height is the loss too, on a log scale.
    """

    size = (9.4, 5.3)

    def __init__(self, result: SurfacePair | None = None, view: str = VIEWS[0]):
        self.view = view
        super().__init__(result)

    def build(self):
        """Make two square axes and the colour bar between fixed limits."""
        # Colours and heights show t, from 0 at the scale's lower end to 1 at its upper end.
        self._limits, self._norm = LIMITS, BoundaryNorm(np.linspace(0, 1, BANDS + 1), 256, extend="both")
        self._colours = mpl.colormaps["viridis"].with_extremes(
            bad=(1, 1, 1, 0), over="#FDF3C8", under="#1B0030"
        )
        self._frame_key, self._edges = None, []
        self.figure.text(
            0.02, 0.945, "Does batch norm smooth the error surface?", fontsize=12, weight="bold", color=INK
        )
        self._panels = [self._panel(0.085, "without batch norm"), self._panel(0.51, "with batch norm")]
        bar = self.figure.add_axes((0.905, 0.2, 0.02, 0.64))
        colorbar = self.figure.colorbar(
            ScalarMappable(self._norm, self._colours), cax=bar, spacing="proportional", extend="both"
        )
        bar.yaxis.set_minor_locator(FixedLocator([]))
        colorbar.set_label("loss C (log scale)")
        self._bar = bar

    def _panel(self, left, title):
        ax = self.figure.add_axes((left, 0.2, 0.345, 0.64))
        ax.set_title(title)
        # Smoothed before it is cut into bands, so that the bands' edges are contour lines.
        image = {"interpolation": "bilinear", "interpolation_stage": "data", "origin": "lower"}
        image |= {"cmap": self._colours, "norm": self._norm, "aspect": "auto"}
        coarse, fine = (self.moving(ax.imshow(np.full((2, 2), np.nan), zorder=z, **image)) for z in (1, 2))
        (centre,) = ax.plot([0], [0], "o", ms=7, mfc="none", mec=VERMILION, mew=2, zorder=5)
        self.moving(centre)
        land = self.moving(
            ax.add_collection(
                PolyCollection([], cmap=self._colours, norm=self._norm, lw=0.25, ec="#00000040")
            )
        )
        note = {"ha": "center", "color": INK, "visible": False}
        self._edges.append(ax.text(0, -0.98, "height: the loss, on the scale of the colours", **note))
        for x, name, turn in ((0.55, "a, along d₁", 26), (-0.55, "b, along d₂", -26)):
            self._edges.append(ax.text(x, -0.74, name, rotation=turn, va="center", **note))
        numbers = self.moving(
            ax.text(0.5, -0.165, "", transform=ax.transAxes, ha="center", va="top", color=INK, fontsize=9)
        )
        return ax, coarse, fine, centre, land, numbers

    def move(self, result: SurfacePair) -> bool:
        """Set both panels to `result`; the frame changes with the reach, the view and the scale."""
        self._limits = scale_of(result)
        for panel, surface, bend in zip(
            self._panels, (result.off, result.on), (result.off_bend, result.on_bend), strict=True
        ):
            _, coarse, fine, centre, land, numbers = panel
            flat = self.view == VIEWS[0]
            for artist in (coarse, fine):
                artist.set_visible(flat)
            land.set_visible(not flat)
            height = float(np.clip(self._t(np.float64(surface.centre)), 0, 1))
            centre.set_data([0], [0 if flat else (2 * height - 1) * UP])
            if flat:
                for image, losses in ((coarse, surface.coarse), (fine, surface.losses)):
                    image.set_data(np.ma.masked_invalid(self._t(losses)))
                    # A pixel is centred on its grid point, so the outer ones reach half a step beyond.
                    edge = surface.reach * len(losses) / (len(losses) - 1)
                    image.set_extent((-edge, edge) * 2)
            else:
                self._raise(land, surface)
            numbers.set_text(
                f"loss at the centre {number(surface.centre)}\n"
                f"curvature along the gradient {number(bend.along_gradient)}, sharpest {number(bend.top)}"
            )
        return self._frame(result.off.reach)

    def _t(self, losses):
        """Return the place of each loss on the scale; nan stays nan, and inf lies above all."""
        low, high = self._limits
        with np.errstate(divide="ignore"):
            return np.clip(np.log(losses / low) / np.log(high / low), -9, 9)

    def _raise(self, land, surface):
        """Turn the losses into four-cornered tiles, the farthest first."""
        z = self._t(surface.losses if surface.done == 1 else surface.coarse)
        step = max(1, (len(z) - 1) // (CORNERS - 1))
        height = np.clip(z[::step, ::step], 0, 1)
        b, a = np.meshgrid(*[np.linspace(-1, 1, len(height))] * 2, indexing="ij")
        corners = np.stack([(a - b) * ACROSS, (a + b) * BACK + (2 * height - 1) * UP], axis=-1)
        tiles = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]], axis=2)
        far_first = np.argsort(-(a + b)[:-1, :-1].ravel(), kind="stable")
        land.set_verts(tiles.reshape(-1, 4, 2)[far_first])
        means = (z[::step, ::step][:-1, :-1] + z[::step, ::step][1:, 1:]) / 2
        land.set_array(means.ravel()[far_first])

    def _frame(self, reach):
        key = (self.view, reach, self._limits)
        if key == self._frame_key:
            return False
        self._frame_key = key
        for edge in self._edges:
            edge.set_visible(self.view == VIEWS[1])
        low, high = self._limits
        ticks = TICKS if self._limits == LIMITS else np.geomspace(low, high, 5)
        self._bar.set_yticks(self._t(np.array(ticks)), [f"{tick:.3g}" for tick in ticks])
        self._panels[0][0].set_ylabel("b, along d₂" if self.view == VIEWS[0] else "")
        for ax, *_ in self._panels:
            if self.view == VIEWS[0]:
                ax.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="a, along d₁")
                ticks = [-reach, 0, reach]
                ax.set_xticks(ticks, [number(tick) for tick in ticks])
                ax.set_yticks(ticks, [number(tick) for tick in ticks] if ax is self._panels[0][0] else [])
            else:
                ax.set(xlim=(-1.08, 1.08), ylim=(-1.02, 1.02), xlabel="", xticks=[], yticks=[])
                ax.set_xlabel("")
            for spine in ax.spines.values():
                spine.set(visible=self.view == VIEWS[0], color=GREY)
        return True


def scale_of(pair: SurfacePair) -> tuple[float, float]:
    """Return the ends of the colour scale: fixed, or those of the pair where its losses are all alike."""
    known = np.concatenate([surface.coarse.ravel() for surface in (pair.off, pair.on)])
    low, high = known.min(), known.max()
    if not 0 < low <= high < ALIKE * low:
        return LIMITS
    return float(low / 1.02), float(high * 1.02)
