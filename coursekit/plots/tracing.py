"""A function, the program that tracing wrote down, and prints against calls."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.compiled.programs import PROGRAMS, listing
from coursekit.experiments.tracing import MOST, Tracing
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, MEASURED, PREDICTED

WIDTH, HEIGHT = 940, 372
TOP, LINE = 62, 21
CODE, STEPS, NAMES = 16, 348, 544
ROWS = 12
MONO = {"family": "DejaVu Sans Mono", "size": 8.4}
SMALL = {"family": "DejaVu Sans Mono", "size": 7}


class TracingPicture(Picture):
    """A `Tracing`: code on the left, traced steps and JAX's names for them, prints, masks below."""

    size = (WIDTH / 100, HEIGHT / 100)

    def build(self) -> None:
        """Make one axis in pixels for all text, and the panel of the prints."""
        self._page = page = self.figure.add_axes((0, 0, 1, 1))
        page.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        page.axis("off")
        for x, words in ((CODE, "What is written"), (STEPS, "What tracing keeps")):
            page.text(x, 28, words, size=10.5, weight="bold", color=INK, va="center")
        longest = max(len(listing(name)) for name in PROGRAMS)
        self._code = [self._text(CODE, TOP + LINE * i, **MONO) for i in range(longest)]
        self._steps = [self._text(STEPS, TOP + LINE * i, **MONO) for i in range(ROWS)]
        self._names = [self._text(NAMES, TOP + LINE * i, **SMALL) for i in range(ROWS)]
        self._called = self._text(NAMES, 29, size=8.5)
        at = HEIGHT - 48, HEIGHT - 22
        page.text(CODE, at[0], "print shows on NumPy", color=MEASURED, size=9, va="center")
        page.text(CODE, at[1], "print shows compiled", color=PREDICTED, size=9, va="center")
        self._sees = [self._text(CODE + 150, y, **MONO) for y in at]
        self._build_masks(HEIGHT - 142)
        self._build_prints(self.figure.add_axes((0.765, 0.235, 0.22, 0.62)))

    def _text(self, x, y, **more):
        return self.moving(self._page.text(x, y, "", va="center", color=INK, **more))

    def _write_steps(self, result):
        """Write each step, and what JAX calls it."""
        steps = [step.text for step in result.steps] or _instead(result)
        for text, line in zip(self._steps, _filled(steps, ROWS), strict=True):
            text.set(text=line, color=INK if result.steps else PREDICTED)
        for text, name in zip(self._names, _filled([s.name for s in result.steps], ROWS), strict=True):
            text.set(text=name, color=GREY)
        self._called.set(text="JAX calls it" if result.steps else "", color=GREY)

    def _build_masks(self, top):
        """Make a strip for each way: a tile for each call, dark where the mask lets through."""
        self._title = self._text(CODE, top, size=9)
        extents = [(CODE + 150, CODE + 150 + 24 * MOST, y + 20, y) for y in (top + 12, top + 38)]
        look = {"cmap": "Greys", "vmin": 0, "vmax": 1.6, "aspect": "auto", "interpolation": "nearest"}
        self._masks = [
            self.moving(self._page.imshow(np.full((4, 7 * MOST), np.nan), extent=extent, **look))
            for extent in extents
        ]
        self._page.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        self._ways = [self._text(CODE, y, size=9) for y in (top + 22, top + 48)]

    def _build_prints(self, ax):
        ax.set(xlim=(0, MOST + 0.5), ylim=(0, MOST + 0.5), xlabel="calls", ylabel="prints so far")
        ax.set_title("How often does it print?", loc="left", weight="bold")
        ax.set_xticks([0, 5, 10, 15, 20])
        ax.set_yticks([0, 5, 10, 15, 20])
        ax.grid()
        ax.set_axisbelow(True)
        looks = (("on NumPy", MEASURED, "o"), ("compiled", PREDICTED, "s"))
        self._lines = [
            self.moving(ax.add_line(Line2D([], [], color=colour, marker=marker, ms=4.5, lw=1.3)))
            for _, colour, marker in looks
        ]
        handles = [Line2D([], [], color=c, marker=m, ms=4.5, lw=1.3, label=words) for words, c, m in looks]
        ax.legend(handles=handles, loc="upper left", fontsize=8.5)

    def move(self, result: Tracing) -> bool:
        """Write code and steps, and draw the prints."""
        for text, line in zip(self._code, _filled(result.code, len(self._code)), strict=True):
            text.set(text=line, color=GREY if "array_namespace" in line else INK)
        self._write_steps(result)
        for text, seen in zip(self._sees, result.sees, strict=True):
            text.set_text(seen or "–")
        for line, prints in zip(self._lines, (result.prints, result.traced_prints), strict=True):
            line.set_data(range(1, len(prints) + 1), prints)
        self._title.set_text("What the mask lets through (grey), call by call:" if result.masks else "")
        for way, (strip, words, name) in enumerate(
            zip(self._masks, self._ways, ("on NumPy", "compiled"), strict=True)
        ):
            strip.set_data(_tiles(result.patterns[way]))
            words.set(text=name if result.masks else "", color=(MEASURED, PREDICTED)[way])
        return False


def _tiles(patterns):
    """Lay masks (calls, 4, 6) side by side with a gap after each; nan is not drawn."""
    tiles = np.full((4, 7 * MOST), np.nan)
    for call, mask in enumerate(patterns):
        tiles[:, 7 * call : 7 * call + 6] = mask
    return tiles


def _instead(result):
    """Return what stands in the place of a program that is not there."""
    if not result.here:
        return ("JAX is not installed here:", "nothing can be traced.")
    return ("no program: tracing ended at", "    if xp.mean(x) > 0:", result.refusal.partition(":")[0])


def _filled(lines, rows):
    return [*lines[:rows], *[""] * (rows - len(lines))]
