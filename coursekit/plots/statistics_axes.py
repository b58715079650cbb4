"""Which entries share one mean and one variance, and how each channel lies before and after."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import StepPatch

from coursekit.experiments.statistics_axes import BINS, REACH, SharedStatistics
from coursekit.palette import SKY, YELLOW
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION
from coursekit.words import two_decimals

IMAGES, CHANNELS, SIDE, PHOTO = 8, 3, 7, 28
TICKS = (-2, 0, 2)  # in spreads from the mean
# Eight colours, neighbours far apart: one for each statistic. The first two are those that features 1 and 2
# have in the table of the four steps.
GROUP_COLOURS = np.array(
    [to_rgb(c) for c in (BLUE, VERMILION, YELLOW, PURPLE, GREEN, SKY, ORANGE, "#444444")]
)
GAP = 1
MIXED = to_rgb(GREY)  # a histogram of entries that do not share one statistic
# Where the columns and the rows of the picture stand, as shares of it.
LEFT, ACROSS, HIGH = 0.088, 0.43, 0.115
ROWS = (0.49, 0.275, 0.06)
SIDES = {"before": 0.56, "after": 0.785}
WIDE = 0.195


class StatisticsAxes(Picture):
    """A `SharedStatistics` of up to 8 images × 3 channels × 7 × 7; equal colours share a statistic."""

    size = (9.2, 4.8)

    def build(self) -> None:
        """Make the photographs above their maps, and on each channel's row its histograms."""
        self.figure.text(
            0.012,
            0.945,
            "Entries of one colour share one mean and one variance",
            fontsize=12,
            weight="bold",
        )
        # Texts of an axis, since moving ones of the figure would be left out of saved pictures.
        self._photos = self._build_strip(0.695, "image", PHOTO)
        self._says = [
            self.moving(
                self._photos.axes.text(
                    0.012, y, "", transform=self.figure.transFigure, va="center", color=INK
                )
            )
            for y in (0.905, 0.865)
        ]
        self._strips = [self._build_strip(y, f"channel {c + 1}", SIDE) for c, y in enumerate(ROWS)]
        self._rows = [{side: self._build_histogram(left, y) for side, left in SIDES.items()} for y in ROWS]
        for side, left in SIDES.items():
            self.figure.text(left + WIDE / 2, 0.72, side, ha="center", weight="bold", color=INK)
        self.figure.text(
            SIDES["before"] - 0.02,
            0.845,
            "All values of a channel, mean ± 3 spreads.\nGrey: they do not share one statistic.",
            va="center",
            fontsize=9,
            color=INK,
        )

    def _build_strip(self, bottom, name, side):
        """Make a row of up to eight images beside each other; above the photographs stand their numbers."""
        ax = self.figure.add_axes((LEFT, bottom, ACROSS, HIGH))
        gap = side * GAP / SIDE
        wide = IMAGES * (side + gap) - gap
        ax.set(xlim=(0, wide), ylim=(side, 0), yticks=[side / 2], yticklabels=[name], xticks=[])
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        if side == PHOTO:
            ax.set_xticks(np.arange(IMAGES) * (side + gap) + side / 2, range(1, IMAGES + 1))
            ax.xaxis.tick_top()
            ax.tick_params(length=0, pad=1)
        blank = np.ones((side, round(wide), 3))
        extent = (0, wide, side, 0)
        return self.moving(ax.imshow(blank, interpolation="nearest", extent=extent, aspect="auto"))

    def _build_histogram(self, left, bottom):
        """Make one histogram over mean ± 3 spreads; its axis stays, the numbers at its ticks move."""
        ax = self.figure.add_axes((left, bottom, WIDE, HIGH))
        ax.set(xlim=(-REACH, REACH), ylim=(0, 1.02), yticks=[], xticks=TICKS)
        ax.set_xticklabels([])
        ax.spines["left"].set_visible(False)
        ax.axvline(0, color=GREY, lw=0.8, ls=":")
        edges = np.linspace(-REACH, REACH, BINS + 1)
        says = ax.text(
            0.5, 1.06, "", transform=ax.transAxes, ha="center", va="bottom", fontsize=8.5, color=INK
        )
        ticks = [ax.text(at, -0.12, "", ha="center", va="top", fontsize=8, color=INK) for at in TICKS]
        return {
            "bars": self.moving(ax.add_patch(StepPatch(np.zeros(BINS), edges, fill=True))),
            "says": self.moving(says),
            "ticks": [self.moving(text) for text in ticks],
        }

    def move(self, result: SharedStatistics) -> bool:
        """Colour the entries and set the histograms; the frame never changes."""
        page = mosaic(result)
        for c, strip in enumerate(self._strips):
            strip.set_data(page[c * (SIDE + GAP) : c * (SIDE + GAP) + SIDE])
        self._photos.set_data(album(result))
        axes = " · ".join(f"{i} {name}s" for i, name in enumerate(result.axes))
        self._says[0].set_text(f"x is {result.layout}, shape {result.shape}; its axes: {axes}")
        entries = "entries" if result.entries > 1 else "entry"
        self._says[1].set_text(
            f"axis {result.axis} keeps its own: μ and v of shape ({len(result.mean)},), "
            f"each from {result.entries:,} {entries}"
        )
        sides = zip(
            SIDES,
            (result.maps, result.normalized),
            (result.before, result.after),
            result.skewness,
            strict=True,
        )
        for side, maps, histograms, skewness in sides:
            for channel, row in enumerate(self._rows):
                self._move_histogram(
                    row[side], maps[:, channel], histograms.shares()[channel], skewness[channel]
                )
                row[side]["bars"].set_color(colour_of(channel, result))
        return False

    def _move_histogram(self, part, values, shares, skewness):
        part["bars"].set_data(shares / shares.max())
        lopsided = "no spread" if np.isnan(skewness) else f"skewness {two_decimals(skewness)}"
        part["says"].set_text(f"{moments(values)}, {lopsided}")
        for at, text in zip(TICKS, part["ticks"], strict=True):
            text.set_text(two_decimals(values.mean() + at * values.std()))


def colour_of(channel: int, result: SharedStatistics) -> np.ndarray:
    """Return the colour of the statistic that all entries of a channel share; grey where they do not."""
    groups = np.unique(result.groups[:, channel])
    alone = len(groups) == 1 and len(result.mean) == result.maps.shape[1]
    return GROUP_COLOURS[groups[0]] if alone else np.array(MIXED)


def moments(values: np.ndarray) -> str:
    """Write mean ± spread of all values."""
    return f"{two_decimals(values.mean())} ± {two_decimals(values.std())}"


def mosaic(result: SharedStatistics) -> np.ndarray:
    """Paint the maps side by side, images across and channels down: (rows, columns, 3) in [0, 1]."""
    maps = result.maps
    n, channels, height, _ = maps.shape
    low = maps.min(axis=(0, 2, 3), keepdims=True)
    reach = np.maximum(np.ptp(maps, axis=(0, 2, 3), keepdims=True), 1e-12)
    strength = (0.2 + 0.8 * (maps - low) / reach)[..., None]
    painted = 1 - strength * (1 - GROUP_COLOURS[result.groups])
    if height == 1:
        painted = np.broadcast_to(painted, (n, channels, SIDE, SIDE, 3))
    cell = SIDE + GAP
    page = np.ones((CHANNELS * cell, IMAGES * cell, 3))
    for i in range(n):
        for c in range(channels):
            page[c * cell : c * cell + SIDE, i * cell : i * cell + SIDE] = painted[i, c]
    return np.clip(page, 0, 1)[:-GAP, :-GAP]  # rounding can leave it by 1e-16


def album(result: SharedStatistics) -> np.ndarray:
    """Paint the photographs side by side, darker where they are brighter, as the maps: (28, columns, 3)."""
    cell = PHOTO + PHOTO * GAP // SIDE
    page = np.ones((PHOTO, IMAGES * cell, 3))
    for i, photo in enumerate(() if result.photos is None else result.photos):
        page[:, i * cell : i * cell + PHOTO] = 1 - photo[..., None]
    return page[:, : -PHOTO * GAP // SIDE]
