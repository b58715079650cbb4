"""What do the nets of the course look at? Photographs of clothes, each with its class."""

import math

from coursekit.experiments.photographs import Photographs as Images
from coursekit.plots.picture import Picture
from coursekit.plots.style import INK

COLUMNS = 6


class Photographs(Picture):
    """The images of a `Photographs`, in rows of six, with number and name of the class below each."""

    def __init__(self, result: Images):
        self._count, self._title = len(result.names), result.title
        self._rows = math.ceil(self._count / COLUMNS)
        self.size = (9.4, 0.45 + 1.75 * self._rows)
        super().__init__(result)

    def build(self) -> None:
        """Make a square for each image."""
        width, height = self.size
        self.figure.text(
            0.015, 1 - 0.28 / height, self._title, fontsize=12, weight="bold", color=INK
        )  # fmt: skip
        self._squares = []
        for number in range(self._count):
            row, column = divmod(number, COLUMNS)
            left, bottom = 0.12 + column * (width - 0.15) / COLUMNS, height - 0.45 - 1.75 * row - 1.42
            ax = self.figure.add_axes((left / width, bottom / height, 1.4 / width, 1.4 / height))
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
            # Dark on light, as the clothes were photographed; the data hold them the other way round.
            image = ax.imshow([[0.0]], cmap="gray_r", vmin=0, vmax=1, extent=(0, 1, 0, 1))
            name = ax.text(0.5, -0.03, "", transform=ax.transAxes, ha="center", va="top", color=INK)
            self._squares.append((self.moving(image), self.moving(name)))

    def move(self, result: Images) -> bool:
        """Set the images, as many as before."""
        below = result.names
        if result.labels is not None:
            below = tuple(f"{label}  {word}" for label, word in zip(result.labels, below, strict=True))
        for (image, name), pixels, words in zip(self._squares, result.images, below, strict=True):
            image.set_data(pixels)
            name.set_text(words)
        return False
