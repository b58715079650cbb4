"""Is the error surface smoother with batch norm? Two landscapes of the loss, or two maps, on one scale."""

import matplotlib as mpl
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import FixedLocator

from coursekit.experiments.error_surface import SurfacePair, say_walk
from coursekit.plots.landscape import on_page, tiles_of
from coursekit.plots.picture import Picture
from coursekit.plots.style import BATCH_NORM, GREY, INK, WITHOUT_NORM
from coursekit.words import digits, number, power

LIMITS, BANDS = (0.1, 100.0), 36
TICKS = (0.1, 0.3, 1, 3, 10, 30, 100)
# Where all losses of both panels lie within this factor, the fixed scale would show two even squares.
ALIKE = 3.0
# The share of both surfaces that may lie above the fixed scale; else it is made to reach to the highest.
CUT = 0.02
# Where the names of the directions stand, seen from the centre, in lengths of a side's half.
BESIDE = 1.24


class ErrorSurfaces(Picture):
    """A `SurfacePair`, without batch norm on the left and with it on the right, on one colour scale.

    In its view "landscape" height is the loss, on the log scale of the colours; "map" is from above.
    On each a ball has taken gradient steps.
    """

    size = (9.6, 4.4)

    def build(self) -> None:
        """Make two square axes and the colour bar between fixed limits."""
        # Colours and heights show t, from 0 at the scale's lower end to 1 at its upper end.
        self._limits, self._norm = LIMITS, BoundaryNorm(np.linspace(0, 1, BANDS + 1), 256, extend="both")
        self._colours = mpl.colormaps["viridis"].with_extremes(
            bad=(1, 1, 1, 0), over="#FDF3C8", under="#1B0030"
        )
        self._frame_key: tuple | None = None
        self._grounds: list[tuple] = []
        self._balls: list[tuple] = []
        self.figure.text(
            0.015, 0.935, "Does batch norm smooth the error surface?", fontsize=12, weight="bold", color=INK
        )
        self._panels = [
            self._panel(0.065, "without batch norm", WITHOUT_NORM),
            self._panel(0.485, "with batch norm", BATCH_NORM),
        ]
        bar = self.figure.add_axes((0.91, 0.245, 0.017, 0.6))
        colorbar = self.figure.colorbar(
            ScalarMappable(self._norm, self._colours), cax=bar, spacing="proportional", extend="both"
        )
        bar.yaxis.set_minor_locator(FixedLocator([]))
        colorbar.set_label("loss C (log scale)")
        self._bar = bar

    def _panel(self, left, title, colour):
        ax = self.figure.add_axes((left, 0.245, 0.38, 0.6))
        ax.set_title(title, color=colour, weight="bold")
        # Smoothed before it is cut into bands, so that the bands' edges are contour lines.
        image = {"interpolation": "bilinear", "interpolation_stage": "data", "origin": "lower"}
        image |= {"cmap": self._colours, "norm": self._norm, "aspect": "auto"}
        coarse, fine = (self.moving(ax.imshow(np.full((2, 2), np.nan), zorder=z, **image)) for z in (1, 2))
        land = self.moving(
            ax.add_collection(
                PolyCollection([], cmap=self._colours, norm=self._norm, lw=0.25, ec="#00000040")
            )
        )
        (floor,) = ax.plot([], [], "-", color=GREY, lw=0.8, zorder=0)
        outlined = [Stroke(linewidth=3.6, foreground=INK), Normal()]
        (way,) = ax.plot([], [], "-", color="white", lw=1.8, zorder=5, path_effects=outlined)
        (stops,) = ax.plot([], [], ".", color="white", ms=5, mec=INK, mew=0.6, zorder=6)
        (centre,) = ax.plot([0], [0], "o", ms=8, mfc="none", mec="white", mew=1.8, zorder=7)
        centre.set_path_effects([Stroke(linewidth=3.4, foreground=INK), Normal()])
        (start,) = ax.plot([], [], "o", ms=6, mfc=INK, mec="white", mew=1.2, zorder=7)
        (ball,) = ax.plot([], [], "o", ms=11, mfc=colour, mec="white", mew=1.5, zorder=8)
        (lost,) = ax.plot([], [], "X", ms=12, mfc=colour, mec="white", mew=1.2, zorder=8, clip_on=False)
        names = [ax.text(0, 0, name, ha="center", va="center", color=INK) for name in ("a", "b")]
        numbers = ax.text(
            0.5, 0, "", transform=ax.transAxes, ha="center", va="top", color=INK, fontsize=8.5
        )
        for artist in (floor, way, stops, centre, start, ball, lost, *names, numbers):
            self.moving(artist)
        self._grounds.append((floor, *names))
        self._balls.append((way, stops, start, ball, lost))
        return ax, coarse, fine, centre, land, numbers

    def move(self, result: SurfacePair) -> bool:
        """Set both panels to `result`; the frame changes with the reach, the view and the scale."""
        self._limits, self._view, self._turn = scale_of(result), result.view, result.turn
        flat = self._view == "map"
        for panel, ball, surface, bend, walk in zip(
            self._panels,
            self._balls,
            (result.off, result.on),
            (result.off_bend, result.on_bend),
            (result.off_walk, result.on_walk),
            strict=True,
        ):
            _, coarse, fine, centre, land, numbers = panel
            for artist, shown in ((coarse, flat), (fine, flat), (land, not flat)):
                artist.set_visible(shown)
            self._spread_out((coarse, fine), surface)
            if not flat:
                z = self._t(surface.losses if surface.done == 1 else surface.coarse)
                tiles, colours = tiles_of(z, self._turn)
                land.set_verts(tiles)
                land.set_array(colours)
            centre.set_data(*self._place([0.0], [0.0], [surface.centre], surface.reach))
            self._move_ball(ball, surface, walk)
            numbers.set_y(-0.17 if flat else -0.03)
            numbers.set_text(self._numbers(surface, bend if result.curvature else None, walk))
        for ground in self._grounds:
            self._move_ground(*ground)
        return self._frame(result.off.reach)

    def _t(self, losses):
        """Return the place of each loss on the scale; nan stays nan, and inf lies above all."""
        low, high = self._limits
        with np.errstate(divide="ignore"):
            return np.clip(np.log(losses / low) / np.log(high / low), -9, 9)

    def _spread_out(self, images, surface):
        for image, losses in zip(images, (surface.coarse, surface.losses), strict=True):
            image.set_data(np.ma.masked_invalid(self._t(losses)))
            # A pixel is centred on its grid point, so the outer ones reach half a step beyond.
            edge = surface.reach * len(losses) / (len(losses) - 1)
            image.set_extent((-edge, edge) * 2)

    def _place(self, a, b, losses, reach):
        """Return where points of the plane stand in the panel, as x and y."""
        if self._view == "map":
            return np.asarray(a), np.asarray(b)
        height = np.clip(self._t(np.asarray(losses, float)), 0, 1)
        return on_page(np.asarray(a) / reach, np.asarray(b) / reach, height, self._turn).T

    def _move_ball(self, artists, surface, walk):
        way, stops, start, ball, lost = artists
        for artist in artists:
            artist.set_visible(walk is not None)
        if walk is None:
            return
        x, y = self._place(walk.a, walk.b, walk.losses, surface.reach)
        way.set_data(x, y)
        stops.set_data(x[:-1], y[:-1])
        start.set_data(x[:1], y[:1])
        gone = walk.left_at is not None
        ball.set_data(x[-1:], y[-1:])
        lost.set_data(x[-1:], y[-1:])
        ball.set_visible(not gone)
        lost.set_visible(gone)

    def _move_ground(self, floor, *names):
        """Draw the square below, and name each direction along that side which is nearer to the viewer."""
        floor.set_visible(self._view == "landscape")
        square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
        floor.set_data(*on_page(*square.T, 0, self._turn).T)
        for text, (a, b), word in zip(names, ((1, 0), (0, 1)), ("a, along d₁", "b, along d₂"), strict=True):
            text.set_visible(self._view == "landscape")
            along = on_page(a, b, 0, self._turn) - on_page(0, 0, 0, self._turn)
            sides = [on_page(BESIDE * side * b, BESIDE * side * a, 0, self._turn) for side in (-1, 1)]
            slope = np.degrees(np.arctan(along[1] / along[0])) if abs(along[0]) > 1e-9 else 90.0
            text.set(position=min(sides, key=lambda place: place[1]), text=word, rotation=slope)

    def _numbers(self, surface, bend, walk):
        """Return the words below a panel."""
        high = self._limits[1]
        above = np.mean(surface.losses > high) if surface.done == 1 else 0
        lines = [f"loss at the centre {number(surface.centre)}"]
        if bend is not None:
            lines.append(
                f"curvature along the gradient {number(bend.along_gradient)}, sharpest {number(bend.top)}"
            )
        if walk is not None:
            lines.append(f"the ball {say_walk(walk)}")
        if above:
            share = f"{100 * above:.0f} %" if above >= 0.01 else "< 1 %"
            lines.append(f"{share} of the surface lies above {digits(high, 1)}, cut off there")
        return "\n".join(lines)

    def _frame(self, reach):
        key = (self._view, reach, self._limits)
        if key == self._frame_key:
            return False
        self._frame_key = key
        ticks = ticks_of(self._limits)
        self._bar.set_yticks(self._t(np.array(list(ticks))), list(ticks.values()))
        as_well = ", also the height" if self._view == "landscape" else ""
        self._bar.set_ylabel(f"loss C (log scale){as_well}")
        self._panels[0][0].set_ylabel("b, along d₂" if self._view == "map" else "")
        for ax, *_ in self._panels:
            if self._view == "map":
                ax.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="a, along d₁")
                ticks = [-reach, 0, reach]
                ax.set_xticks(ticks, [number(tick) for tick in ticks])
                ax.set_yticks(ticks, [number(tick) for tick in ticks] if ax is self._panels[0][0] else [])
            else:
                ax.set(xlim=(-1.08, 1.08), ylim=(-1.02, 1.02), xlabel="", xticks=[], yticks=[])
            for spine in ax.spines.values():
                spine.set(visible=self._view == "map", color=GREY)
        return True


def ticks_of(limits: tuple[float, float]) -> dict[float, str]:
    """Return where the colour bar has its numbers: at fixed places, at powers of ten, or evenly spaced."""
    low, high = limits
    if low == LIMITS[0] and high != LIMITS[1]:
        first, last = (round(np.log10(end)) for end in limits)
        return {10.0**order: power(order) for order in range(first, last + 1, 1 + (last - first) // 10)}
    return {tick: f"{tick:.3g}" for tick in (TICKS if limits == LIMITS else np.geomspace(low, high, 5))}


def scale_of(pair: SurfacePair) -> tuple[float, float]:
    """Return the ends of the colour scale.

    It is the same for all, unless the losses of the pair are all alike (then it is theirs) or much of a
    surface lies above it, as one that is cut off would look flat (then it reaches up to the highest).
    """
    coarse = np.concatenate([surface.coarse.ravel() for surface in (pair.off, pair.on)])
    low, high = coarse.min(), coarse.max()
    if 0 < low <= high < ALIKE * low:
        return float(low / 1.02), float(high * 1.02)
    known = np.concatenate([surface.known for surface in (pair.off, pair.on)])
    if not known.size or np.mean(known > LIMITS[1]) <= CUT:
        return LIMITS
    return LIMITS[0], float(10.0 ** np.ceil(np.log10(known.max())))
