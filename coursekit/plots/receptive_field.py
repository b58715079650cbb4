"""The receptive field on the image, the convolution as a sparse and tied matrix, and what both cost."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import ListedColormap, to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from coursekit.experiments.receptive_field import SIDE, SMALL, ReceptiveField
from coursekit.palette import BLUE, INK, VERMILION
from coursekit.plots.picture import Picture
from coursekit.words import number

MOST = 8  # layers
HALF, WIDE = 20, 36  # pixels from the middle to the picture's border; of a square that all but fills it
COLOURS = [to_hex(colour) for colour in colormaps["plasma"](np.linspace(0.05, 0.85, MOST))]
SEEN, MATRIX, COST = (
    "What does one unit see?",
    "A convolution as a matrix",
    "First layer: dense and convolution",
)
# 0 is white; the weights of a 6 × 6 kernel at most.
WEIGHTS = ListedColormap(np.vstack([[1, 1, 1, 0], colormaps["turbo"](np.linspace(0.05, 0.95, 36))]))


class ReceptiveFieldPicture(Picture):
    """A `ReceptiveField`: squares of the layers on the image, the matrix, and bars for dense and conv."""

    size = (9.6, 4.2)

    def build(self) -> None:
        """Make the image with a square for each layer, the matrix, and four bars."""
        self._rows: int | None = None
        self._build_image(self.figure.add_axes((0.015, 0.07, 0.36, 0.82)))
        self._build_matrix(self.figure.add_axes((0.47, 0.52, 0.51, 0.37)))
        self._build_bars(self.figure.add_axes((0.6, 0.1, 0.3, 0.26)))

    def _build_image(self, ax):
        middle = (SIDE - 1) / 2
        ax.set(
            xticks=[], yticks=[], xlim=(middle - HALF, middle + HALF), ylim=(middle + HALF, middle - HALF)
        )
        ax.spines[:].set_visible(False)
        ax.set_aspect("equal", anchor="W")
        ax.set_title(SEEN, loc="left", weight="bold")
        self._image = self.moving(ax.imshow([[0.0]], cmap="gray_r", vmin=0, vmax=1, alpha=0.55))
        self._image.set_extent((-0.5, SIDE - 0.5, SIDE - 0.5, -0.5))
        ax.set(xlim=(middle - HALF, middle + HALF), ylim=(middle + HALF, middle - HALF))
        frame = Rectangle((-0.5, -0.5), SIDE, SIDE, fill=False, ec=INK, lw=1.0, ls=(0, (4, 3)))
        ax.add_patch(frame)
        self._squares = []
        for layer in range(MOST):
            square = Rectangle((0, 0), 1, 1, fill=False, ec=COLOURS[layer], lw=2.4, zorder=20 - layer)
            name = ax.text(
                0, 0, "", color=COLOURS[layer], fontsize=9.5, weight="bold", va="bottom", zorder=30
            )
            name.set_path_effects([withStroke(linewidth=3, foreground="white")])  # it stands on the image
            self._squares.append((self.moving(ax.add_patch(square)), self.moving(name)))

    def _build_matrix(self, ax):
        ax.set_title(MATRIX, loc="left", weight="bold")
        ax.set(
            xlabel=f"{SMALL**2} pixels of a {SMALL} × {SMALL} image", ylabel="outputs", xticks=[], yticks=[]
        )
        self._matrix_axes = ax
        image = ax.imshow([[0]], cmap=WEIGHTS, vmin=0, vmax=36, interpolation="nearest", aspect="auto")
        self._matrix = self.moving(image)
        self._tied = self.moving(
            ax.text(1.0, 1.035, "", transform=ax.transAxes, ha="right", va="bottom", fontsize=9, color=INK)
        )

    def _build_bars(self, ax):
        ax.set_title(COST, loc="left", weight="bold", x=-0.42)
        ax.set(xscale="log", xlim=(1, 1e9), ylim=(3.6, -0.6), xticks=[1, 1e3, 1e6, 1e9])
        ax.set_yticks(
            [0, 1, 2, 3], ["dense, parameters", "conv, parameters", "dense, products", "conv, products"]
        )
        ax.tick_params(axis="y", length=0)
        ax.minorticks_off()
        self._bars = []
        for at in range(4):
            colour = BLUE if at % 2 else VERMILION
            line = Line2D([], [], color=colour, lw=9, solid_capstyle="butt")
            label = ax.text(1, at, "", va="center", fontsize=9, color=INK)
            self._bars.append((self.moving(ax.add_line(line)), self.moving(label)))

    def move(self, result: ReceptiveField) -> bool:
        """Set squares, matrix and bars; the frame changes with the number of the matrix's rows."""
        middle = (SIDE - 1) / 2
        self._image.set_data(result.image)
        spans = [*result.spans, *[result.spans[-1]] * (MOST - len(result.spans))]
        for layer, ((square, name), span) in enumerate(zip(self._squares, spans, strict=True)):
            corner = middle - span / 2
            square.set_bounds(corner, corner, span, span)
            # The widest has no room above it.
            name.set(position=(corner + 0.4, corner + 2.6) if span > WIDE else (corner, corner - 0.2))
            inside = span <= 2 * HALF
            name.set_text(f"layer {layer + 1}: {span} × {span}")
            square.set_visible(layer < len(result.spans) and inside)
            last = [i for i, s in enumerate(result.spans) if s <= 2 * HALF][-1:]
            name.set_visible([layer] == last)
        self._move_matrix(result.matrix, result.size**2)
        counts = [result.weights[0], result.weights[1], result.products[0], result.products[1]]
        for at, ((line, label), count) in enumerate(zip(self._bars, counts, strict=True)):
            line.set_data([1, count], [at, at])
            label.set_position((count * 1.5, at))
            label.set_text(number(count))
        changed, self._rows = self._rows != len(result.matrix), len(result.matrix)
        return changed

    def _move_matrix(self, matrix, weights):
        rows, columns = matrix.shape
        self._matrix.set_data(np.where(matrix, 1 + (matrix - 1) * 35 // max(1, weights - 1), 0))
        self._matrix.set_extent((-0.5, columns - 0.5, rows - 0.5, -0.5))
        self._matrix_axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
        words = f"{(matrix > 0).sum()} of {matrix.size:,} not 0; {weights} different"
        self._tied.set_text(words)
