"""Which entries share one mean and one variance, and how each channel lies before and after."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import StepPatch

from coursekit.diagnostics.shared_statistics import BINS, REACH, SharedStatistics
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION

IMAGES, CHANNELS, SIDE = 8, 3, 7
TICKS = (-2, 0, 2)  # in spreads from the mean
# Okabe & Ito's eight, neighbours far apart: one for each statistic.
GROUP_COLOURS = np.array(
    [to_rgb(c) for c in (BLUE, ORANGE, GREEN, VERMILION, "#56B4E9", PURPLE, "#444444", "#D5C711")]
)
GAP = 1


class StatisticsAxes(Picture):
    """A `SharedStatistics` of up to 8 images × 3 channels × 7 × 7; equal colours share a statistic."""

    size = (8.6, 5.8)

    def build(self):
        """Make the mosaic of maps on the left, two histograms for each channel on the right."""
        self.figure.text(
            0.012, 0.945, "Which entries share one mean and one variance?", fontsize=12, weight="bold"
        )
        self._build_mosaic()
        self._rows = [self._build_row(c) for c in range(CHANNELS)]

    def _build_mosaic(self):
        self._axes = ax = self.figure.add_axes((0.085, 0.42, 0.45, 0.41))
        cell = SIDE + GAP
        ax.set(
            xlim=(-0.5 - GAP, IMAGES * cell - 0.5),
            ylim=(CHANNELS * cell - 0.5, -0.5 - GAP),
            xticks=np.arange(IMAGES) * cell + SIDE / 2 - 0.5,
            yticks=np.arange(CHANNELS) * cell + SIDE / 2 - 0.5,
        )
        ax.set_xticklabels(range(1, IMAGES + 1))
        ax.set_yticklabels([f"channel {c + 1}" for c in range(CHANNELS)])
        ax.xaxis.tick_top()
        ax.set_title("image", fontsize=9.5, weight="normal")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        blank = np.ones((CHANNELS * cell - GAP, IMAGES * cell - GAP, 3))
        extent = (-0.5, IMAGES * cell - GAP - 0.5, CHANNELS * cell - GAP - 0.5, -0.5)
        self._mosaic = self.moving(ax.imshow(blank, interpolation="nearest", extent=extent, aspect="auto"))
        self._says = [
            self.moving(ax.text(0, y, "", transform=ax.transAxes, va="center", fontsize=9.5, color=INK))
            for y in (-0.13, -0.27)
        ]
        self.figure.text(
            0.085,
            0.15,
            "one colour = one statistic · darker = larger value\n"
            "each map has 7 × 7 pixels; for (N, K) it is replaced by its mean\n\n"
            "each histogram has its own axis, mean ± 3 spreads wide,\n"
            "and its tallest bar fills the height",
            va="center",
            fontsize=8.5,
            color=INK,
        )

    def _build_row(self, channel):
        bottom = 0.06 + (CHANNELS - 1 - channel) * 0.315
        return {
            "before": self._build_histogram(bottom + 0.14, f"channel {channel + 1} before", INK),
            "after": self._build_histogram(bottom, f"channel {channel + 1} after", BLUE),
        }

    def _build_histogram(self, bottom, name, colour):
        """Make one histogram over mean ± 3 spreads; its axis stays, the numbers at its ticks move."""
        ax = self.figure.add_axes((0.59, bottom, 0.385, 0.08))
        ax.set(xlim=(-REACH, REACH), ylim=(0, 1.02), yticks=[], xticks=TICKS)
        ax.set_xticklabels([])
        ax.spines["left"].set_visible(False)
        ax.axvline(0, color=GREY, lw=0.8, ls=":")
        edges = np.linspace(-REACH, REACH, BINS + 1)
        look = {"fill": True, "fc": BLUE, "alpha": 0.8} if colour == BLUE else {"fill": False, "ec": INK}
        says = ax.text(0, 1.04, "", transform=ax.transAxes, va="bottom", fontsize=8.5, color=colour)
        ticks = [ax.text(at, -0.16, "", ha="center", va="top", fontsize=8, color=INK) for at in TICKS]
        return {
            "name": name,
            "bars": self.moving(ax.add_patch(StepPatch(np.zeros(BINS), edges, **look))),
            "says": self.moving(says),
            "ticks": [self.moving(text) for text in ticks],
        }

    def move(self, result: SharedStatistics) -> bool:
        """Colour the entries and set the histograms; the frame never changes."""
        self._mosaic.set_data(mosaic(result))
        self._says[0].set_text(
            f"x is {result.layout}: shape {result.shape}; axis {result.axis}: {result.kind}"
        )
        entries = "entries" if result.entries > 1 else "entry"
        self._says[1].set_text(
            f"statistics of shape ({len(result.mean)},), each from {result.entries:,} {entries}"
        )
        sides = zip(
            ("before", "after"),
            (result.maps, result.normalized),
            (result.before, result.after),
            result.skewness,
            strict=True,
        )
        for when, maps, histograms, skewness in sides:
            for channel, row in enumerate(self._rows):
                self._move_histogram(
                    row[when], maps[:, channel], histograms.shares()[channel], skewness[channel]
                )
        return False

    def _move_histogram(self, part, values, shares, skewness):
        part["bars"].set_data(shares / shares.max())
        lopsided = "no spread" if np.isnan(skewness) else f"skewness {number(skewness)}"
        part["says"].set_text(f"{part['name']}: {moments(values)}, {lopsided}")
        for at, text in zip(TICKS, part["ticks"], strict=True):
            text.set_text(number(values.mean() + at * values.std()))


def number(value: float) -> str:
    """Write a number with two decimals, minus as minus."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def moments(values: np.ndarray) -> str:
    """Write mean ± spread of all values."""
    return f"{number(values.mean())} ± {number(values.std())}"


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
