"""One histogram per layer, each on a row of its own, drawn alike wherever its row falls on the screen."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from coursekit.diagnostics.signals import SignalReport
from coursekit.plots.picture import Moving
from coursekit.plots.style import GREY, INK, STATE_COLOURS
from coursekit.words import power, whole_percent

MAX_DEPTH = 30
# Heights grow with the square root of the share, so that a thin tail can be seen beside a spike; a bin
# that holds all of a layer's values is up to TALLEST rows tall, and reaches over the rows above.
TALLEST = 1.9
BASE, ROW = 0.42, 0.8  # a row stands this far below its layer's number, and is this tall
ZERO_AT = (-0.07, -0.042)  # where the bin of exact zeros stands, in widths of a log axis left of its end


def tick_step(depth: int) -> int:
    """Return 1 if every layer has its number at the axis, 2 if every other one has, and so on."""
    return 1 if depth <= 12 else 2 if depth <= 20 else 3


def tallest(depth: int) -> float:
    """Return how many rows a bar may reach over; a few rows are high enough by themselves."""
    return min(TALLEST, 1 + 0.1 * depth)


class LayerRows:
    """The histograms of a `SignalReport` on one panel, with the shares beyond its borders.

    Parameters
    ----------
    ax : Axes
    moving : callable
        Told of each artist that moves; see `Picture.moving`.
    tall : int
        Height of the panel in pixels, at a ratio of 1.
    """

    def __init__(self, ax: Axes, moving: Moving, tall: int):
        self._ax, self._tall = ax, tall
        # Not snapped to pixels, which rounds a thin bar to nothing on one row and to a pixel on another.
        self.bars = moving(PolyCollection([], lw=0, alpha=0.85, antialiaseds=True, snap=False))
        ax.add_collection(self.bars, autolim=False)
        self._one = ax.axvline(0, color=GREY, lw=1, ls=":")
        across: dict[str, Any] = {"transform": ax.get_yaxis_transform()}
        self._lost = moving(ax.add_patch(Rectangle((0, 0), 1, 0, fc="#8A8A8A33", **across)))
        self._lost_text = moving(ax.text(0.5, 0, "", ha="center", va="center", color=INK, **across))
        side: dict[str, Any] = {"va": "bottom", "color": INK, "fontsize": 8, **across}
        self._below = [moving(ax.text(0.005, 0, "", **side)) for _ in range(MAX_DEPTH)]
        self._above = [moving(ax.text(0.995, 0, "", ha="right", **side)) for _ in range(MAX_DEPTH)]

    def frame(self, r: SignalReport, scale: tuple[int, int]) -> None:
        """Set limits and ticks to a report; `scale` are the powers of ten at the ends of a log axis."""
        top = 1 + BASE - ROW * tallest(r.depth) - 0.1
        self._ax.set_ylim(r.depth + 0.6, top)
        self._ax.set_yticks(range(1, r.depth + 1, tick_step(r.depth)))
        self._one.set_visible(r.by_size)
        for text in self._below:
            text.set_x(0.095 if r.by_size else 0.005)  # behind the bin of zeros
        if not r.by_size:
            self._ax.set_xlim(r.histograms.edges[0], r.histograms.edges[-1])
            self._ax.xaxis.set_major_locator(MaxNLocator(6))
            self._ax.xaxis.set_major_formatter("{x:g}")
            return
        low, high = scale
        self._ax.set_xlim(low - 0.1 * (high - low), high)
        orders = np.linspace(low, high, 9)[1:]
        zero = low + np.mean(ZERO_AT) * (high - low)
        self._ax.set_xticks([zero, *orders], ["0", *map(power, orders)])

    def move(self, r: SignalReport, scale: tuple[int, int]) -> None:
        """Set every row to a report; `frame` comes first."""
        x, counts, below, above = bins_of(r, scale)
        total = np.maximum(r.histograms.total, 1)
        low, top = self._ax.get_ylim()
        pixel = (low - top) / self._tall
        heights = np.sqrt(counts / total[:, None]) * tallest(r.depth) * ROW
        if r.by_size:  # as tall as a row if all are zero: taller ones would grow together to one pillar
            heights[:, 0] /= tallest(r.depth)
        # Whatever is there is seen, on each row alike: one pixel high at least, above a whole pixel.
        heights = np.where(counts > 0, np.maximum(heights, pixel), 0)
        layers = np.arange(1, r.depth + 1)
        base = low - np.round((low - layers - BASE) / pixel) * pixel
        # A step outline: up and along the top of every bin, closed along the base line.
        y = np.tile(base[:, None], (1, len(x)))
        y[:, 1:-1] -= np.repeat(heights, 2, axis=1)
        finite = np.array([state != "diverged" for state in r.states])
        self.bars.set_verts([np.column_stack([x, row]) for row in y[finite]])
        self.bars.set_facecolor([STATE_COLOURS[s] for s in r.states if s != "diverged"])
        self._move_outside(r, base, below / total, above / total)
        self._move_lost(np.flatnonzero(~finite) + 1)

    def _move_outside(self, r, base, below, above):
        # Where rows are too low for a number each, only those with a tick have one; and beside the bin of
        # zeros only what counts is told.
        depth, step = r.depth, tick_step(r.depth)
        least = 0 if step == 1 else 0.01
        sides = (
            (self._below, below, "◂ {}", 0.03 if r.by_size else least),
            (self._above, above, "{} ▸", least),
        )
        for texts, shares, form, smallest in sides:
            for i, text in enumerate(texts):
                share = shares[i] if i < depth else 0
                shown = share > smallest and i % step == 0
                text.set_visible(shown)
                if shown:
                    number = whole_percent(share) if share >= 0.01 else "< 1 %"
                    colour = INK if share >= 0.01 else GREY
                    text.set(text=form.format(number), y=base[i], color=colour)

    def _move_lost(self, lost):
        self._lost.set_visible(lost.size > 0)
        self._lost_text.set_visible(lost.size > 0)
        if lost.size:
            top, bottom = lost.min() - 0.5, lost.max() + 0.5
            self._lost.set(y=top, height=bottom - top)
            only = lost.size == 1
            self._lost_text.set(
                text=f"layer {lost[0]}: diverged"
                if only
                else f"layers {lost[0]}–{lost[-1]}: no finite numbers",
                y=(top + bottom) / 2,
            )


def bins_of(r: SignalReport, scale: tuple[int, int]) -> tuple[np.ndarray, ...]:
    """Return the bins as they are drawn: the outline's x, counts of each layer, and those left and right.

    Sizes are drawn by their power of ten. Zero has none, so it gets a bin of its own on the left, and what
    the axis does not reach is counted as outside.
    """
    h = r.histograms
    if not r.by_size:
        return np.repeat(h.edges, 2), h.counts, h.below, h.above
    low, high = scale
    edges = np.log10(h.edges)
    first, last = np.searchsorted(edges, (low, high))
    last = min(last, len(edges) - 1)
    inside = slice(first, last)
    zero = low + np.array(ZERO_AT) * (high - low)
    x = np.repeat(np.concatenate([zero, edges[first : last + 1]]), 2)
    gap = np.zeros((r.depth, 1), h.counts.dtype)
    counts = np.concatenate([h.below[:, None], gap, h.counts[:, inside]], axis=1)
    return x, counts, h.counts[:, :first].sum(axis=1), h.counts[:, last:].sum(axis=1) + h.above
