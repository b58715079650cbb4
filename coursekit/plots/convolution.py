"""A window on an image: the image in its padding, the window's arithmetic, and what comes out."""

from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from coursekit.experiments.convolution import MOST_PADDING, Convolution, size_formula
from coursekit.palette import BLUE, GREEN, GREY, INK, ORANGE, PURPLE
from coursekit.plots.picture import Picture
from coursekit.words import two_decimals

MOST = 5  # pixels of a window along each side
ROOM = 0.3  # pixels for the frames' own width
TITLE, WINDOW, OUTPUT = "Image", "Pixel × weight", "Feature map"
HERE = GREEN  # where the window lies, and what comes of it; the signs of numbers are orange and purple


class ConvolutionWindow(Picture):
    """A `Convolution`: three squares from left to right, image, window and output, at one scale outside."""

    size = (9.6, 4.1)

    def build(self) -> None:
        """Make two images, the window's frames, and a cell for each of its pixels."""
        self._shape: tuple[int, ...] | None = None
        height = 0.72
        width = height * self.size[1] / self.size[0]
        axes = [self.figure.add_axes((x, 0.16, width, height)) for x in (0.015, 0.347, 0.679)]
        for ax, title in zip(axes, (TITLE, WINDOW, OUTPUT), strict=True):
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
            self._titles = [*getattr(self, "_titles", []), ax.set_title(title, loc="left", weight="bold")]
        self._image_axes, self._cell_axes, self.output_axes = axes
        self._image = self._show(axes[0])
        self._output = self._show(axes[2])
        style: dict[str, Any] = {"fill": False, "ec": INK, "ls": (0, (4, 3)), "lw": 1.0}
        self._padding = self.moving(axes[0].add_patch(Rectangle((0, 0), 1, 1, **style)))
        edge = Rectangle((0, 0), 1, 1, fill=False, ec=GREY, lw=0.8)
        self._image_edge = self.moving(axes[0].add_patch(edge))
        self._edge = self.moving(axes[2].add_patch(Rectangle((0, 0), 1, 1, fill=False, ec=INK, lw=1.0)))
        dots = Line2D([], [], color=HERE, marker="s", ms=3, ls="", zorder=7)
        self._dots = self.moving(axes[0].add_line(dots))
        neighbour = Rectangle((0, 0), 1, 1, fill=False, ec=BLUE, lw=1.4, ls=":", zorder=6)
        self._neighbour = self.moving(axes[0].add_patch(neighbour))
        self._build_cells(axes[1])
        self._formula = self.moving(self.figure.text(0.61, 0.045, "", color=INK, fontsize=9.5))
        self._sum = self.moving(self.figure.text(0.347, 0.045, "", color=INK, fontsize=9.5))
        self.figure.text(0.015, 0.075, "green: this window", color=HERE, fontsize=9.5, weight="bold")
        self.figure.text(0.015, 0.025, "blue dots: its neighbour on the right", color=BLUE, fontsize=9.5)
        self._dashed = self.moving(
            self.figure.text(0.17, 0.075, "dashed: padding", color=INK, fontsize=9.5)
        )

    def _show(self, ax):
        image = self.moving(ax.imshow([[0.0]], cmap="gray_r", interpolation="nearest", aspect="equal"))
        frame = Rectangle((0, 0), 1, 1, fill=False, ec=HERE, lw=2.6, zorder=8)
        return image, self.moving(ax.add_patch(frame))

    def _build_cells(self, ax):
        ax.set(xlim=(0, 1), ylim=(1, 0))
        self._cells = {}
        for at in np.ndindex(MOST, MOST):
            box = self.moving(ax.add_patch(Rectangle((0, 0), 1, 1, ec="#BBBBBB", lw=0.8)))
            upper = ax.text(0, 0, "", ha="center", va="center", fontsize=9, color=INK)
            lower = ax.text(0, 0, "", ha="center", va="center", fontsize=9.5, weight="bold", color=INK)
            self._cells[at] = box, self.moving(upper), self.moving(lower)

    def move(self, result: Convolution) -> bool:
        """Set images, frames and cells; limits and titles follow the image's size and the operation."""
        c = result
        self._move_image(c)
        self._move_cells(c)
        self._move_output(c)
        pooling = c.kernel is None
        state = (*c.image.shape, pooling)
        changed, self._shape = state != self._shape, state
        if changed:
            most = max(c.image.shape) + 2 * MOST_PADDING
            for ax, low in ((self._image_axes, -MOST_PADDING - 0.5), (self.output_axes, -0.5)):
                low, high = low - ROOM, low + most + ROOM
                ax.set(xlim=(low, high), ylim=(high, low))
            self._titles[1].set_text("Which pixel represents them?" if pooling else WINDOW)
            self._titles[2].set_text("After pooling" if pooling else OUTPUT)
        return changed

    def _move_image(self, c):
        image, frame = self._image
        (height, width), p = c.image.shape, c.padding
        image.set_data(c.image)
        image.set_extent((-0.5, width - 0.5, height - 0.5, -0.5))
        image.set_clim(0, 1)
        self._padding.set_bounds(-0.5 - p, -0.5 - p, width + 2 * p, height + 2 * p)
        self._image_edge.set_bounds(-0.5, -0.5, width, height)
        self._padding.set_visible(p > 0)
        self._dashed.set_visible(p > 0)
        left, top = c.columns[0] - 0.5, c.rows[0] - 0.5
        frame.set_bounds(left, top, c.covered, c.covered)
        self._neighbour.set_bounds(left + c.stride, top, c.covered, c.covered)
        self._neighbour.set_visible(c.place[1] + 1 < c.output.shape[1])
        seen = np.meshgrid(c.columns, c.rows) if c.dilation > 1 else ([], [])
        self._dots.set_data(*(np.ravel(s) for s in seen))

    def _move_cells(self, c):
        side, pooling = 1 / c.size, c.kernel is None
        # A trained weight has a sign and two decimals: "0.91 × −1.20" has to fit.
        small = {2: 11, 3: 8.6 if c.operation in ("learned", "filter") else 10, 4: 7.6, 5: 6.2}[c.size]
        for at, (box, upper, lower) in self._cells.items():
            inside = max(at) < c.size
            for artist in (box, upper, lower):
                artist.set_visible(inside and not (pooling and artist is upper))
            pixel = two_decimals(c.window[at]) if inside else ""
            x, y = (at[1] + 0.5) * side, (at[0] + 0.5) * side
            box.set_bounds(at[1] * side, at[0] * side, side, side)
            box.set_facecolor(_tint(c, at) if inside else "none")
            upper.set(position=(x, y - 0.14 * side), fontsize=small)
            lower.set(
                position=(x, y if pooling else y + 0.2 * side), fontsize={2: 12, 3: 11}.get(c.size, 9)
            )
            upper.set_text("" if pooling or not inside else f"{pixel} × {_short(c.kernel[at])}")
            lower.set_text(pixel if pooling or not inside else two_decimals(c.products[at]))

    def _move_output(self, c):
        image, frame = self._output
        height, width = c.output.shape
        image.set_data(c.output)
        image.set_extent((-0.5, width - 0.5, height - 0.5, -0.5))
        signed = c.kernel is not None and (c.kernel < 0).any()
        image.set_cmap("PuOr_r" if signed else "gray_r")
        most = max(float(c.kernel.clip(0).sum()), float(-c.kernel.clip(None, 0).sum())) if signed else 1.0
        image.set_clim(-most if signed else 0.0, most)
        self._edge.set_bounds(-0.5, -0.5, width, height)
        frame.set_bounds(c.place[1] - 0.5, c.place[0] - 0.5, 1, 1)
        self._formula.set_text(f"rows: {size_formula(c)}")
        how = "sum" if c.kernel is not None else c.operation
        self._sum.set_text(f"{how} = {two_decimals(c.value)}  →  output ({c.place[0]}, {c.place[1]})")

    def place_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return row and column of the output under a pixel of the figure, counted from below; or None."""
        ax = self.output_axes
        if not ax.bbox.contains(x, y):
            return None
        column, row = ax.transData.inverted().transform((x, y))
        return max(0, round(row)), max(0, round(column))


def _short(value):
    """Write a weight: −1, 0.11."""
    return two_decimals(value) if abs(value - round(value)) > 0.005 else f"{round(value)}".replace("-", "−")


def _tint(c, at):
    """Return pale orange for a positive product, purple for a negative; green for what pooling keeps."""
    if c.products is None:
        return to_rgba(HERE, 0.35 if c.operation != "mean" and c.window[at] == c.value else 0.0)
    value = c.products[at]
    return to_rgba(ORANGE if value > 0 else PURPLE, 0.45 * min(abs(value), 1.0))
