"""A shifted image, its feature map beside the moved one, and accuracy over the shift."""

from matplotlib.lines import Line2D

from coursekit.experiments.shift import MOST, NETS, SHIFTS, Shift
from coursekit.palette import BLUE, GREEN, INK, VERMILION
from coursekit.plots.picture import Picture

COLOURS = dict(zip(NETS, (VERMILION, BLUE, GREEN), strict=True))
SQUARES = ("What the nets see", "Its feature map", "The old map, moved")
CURVES = "How often are they right?"


class ShiftPicture(Picture):
    """A `Shift`: three squares on the left, a curve for each net on the right."""

    size = (9.6, 3.3)

    def build(self) -> None:
        """Make the squares, the curves and a mark on each."""
        self._squares = []
        for x, title in zip((0.01, 0.205, 0.4), SQUARES, strict=True):
            ax = self.figure.add_axes((x, 0.2, 0.185, 0.185 * self.size[0] / self.size[1]))
            ax.set(xticks=[], yticks=[])
            ax.set_title(title, loc="left", weight="bold", fontsize=9.5)
            self._squares.append(self.moving(ax.imshow([[0.0]], extent=(0, 28, 28, 0))))
        self._squares[0].set_cmap("gray_r")
        self._squares[0].set_clim(0, 1)
        for square in self._squares[1:]:
            square.set_cmap("PuOr_r")
        ax = self.figure.add_axes((0.665, 0.17, 0.32, 0.7))
        ax.set(xlim=(-0.2, MOST + 0.2), ylim=(0, 1), xticks=SHIFTS, xlabel="shifted by … pixels")
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        ax.set_title(CURVES, loc="left", weight="bold")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        self._lines = {}
        for name, colour in COLOURS.items():
            line = self.moving(ax.add_line(Line2D([], [], color=colour, lw=2, label=name)))
            self._lines[name] = (
                line,
                self.moving(ax.add_line(Line2D([], [], color=colour, marker="o", ms=8))),
            )
        self._here = self.moving(ax.add_line(Line2D([], [], color=INK, lw=1, ls=":")))
        ax.legend(handles=[line for line, _ in self._lines.values()], loc="upper right", fontsize=9)

    def move(self, result: Shift) -> bool:
        """Set squares and curves; the frame stays."""
        most = max(abs(result.moved_map).max(), 1e-9)
        images = (result.image, result.feature_map, result.moved_map)
        for square, values in zip(self._squares, images, strict=True):
            square.set_data(values)
        for square in self._squares[1:]:
            square.set_clim(-most, most)
        for (line, mark), shares in zip(self._lines.values(), result.accuracies, strict=True):
            line.set_data(SHIFTS, shares)
            mark.set_data([result.shift], [shares[result.shift]])
        self._here.set_data([result.shift] * 2, [0, 1])
        return False
