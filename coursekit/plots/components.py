"""Clothes as sums of components: a rebuilt image, components as pictures, noise under whitening."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.components import MOST, SHOWN, ComponentsReport
from coursekit.palette import BLUE, ORANGE
from coursekit.plots.picture import Picture
from coursekit.plots.style import INK

TOP = ("the mean image", "photograph", "rebuilt from k")
SPREADS = "Spread after whitening"


class ComponentsPicture(Picture):
    """A `ComponentsReport`: mean, image and rebuilt image; six components; spreads and noise."""

    size = (9.6, 4.1)

    def build(self) -> None:
        """Make nine squares and one panel of curves."""
        self._top = [self._square(column, 0.50, 0.37, name) for column, name in enumerate(TOP)]
        for shown in self._top:
            shown.set(cmap="gray_r", clim=(0, 1))
        self._small = [self._small_square(place, number) for place, number in enumerate(SHOWN)]
        self.figure.text(
            0.015, 0.405, "components, red adds ink and blue takes it away", weight="bold", color=INK
        )
        ax = self._curves = self.figure.add_axes((0.65, 0.13, 0.325, 0.76))
        ax.set(xlim=(0.85, 1.15 * MOST), ylim=(1e-3, 1e1), xscale="log", yscale="log", xlabel="component")
        ax.set_title(SPREADS, loc="left", weight="bold")
        ax.set_xticks([1, 10, 100, 500], ["1", "10", "100", "500"])
        ax.grid(axis="y")
        ax.plot([1, MOST], [1, 1], color=BLUE, lw=2)
        ax.text(1.15, 1.25, "training images: spread 1", color=BLUE, va="bottom")
        self._noise = self.moving(ax.add_line(Line2D([], [], color=ORANGE, lw=2.2)))
        ax.text(2.6, 1.55e-3, "noise, whitened with them", color=INK, va="center")
        ax.add_line(Line2D([1.2, 2.3], [1.55e-3, 1.55e-3], color=ORANGE, lw=2.2))
        self._at = self.moving(ax.add_line(Line2D([], [], color=INK, lw=1.2, ls=":")))
        self._dot = self.moving(ax.add_line(Line2D([], [], color=ORANGE, marker="o", mec=INK, ms=8, ls="")))

    def _square(self, column, bottom, height, name):
        ax = self.figure.add_axes((0.015 + 0.195 * column, bottom, 0.17, height))
        ax.set_title(name, weight="bold")
        return self._image(ax)

    def _small_square(self, place, number):
        ax = self.figure.add_axes((0.015 + 0.0965 * place, 0.09, 0.085, 0.27))
        ax.set_xlabel(str(number + 1), labelpad=3)
        shown = self._image(ax)
        shown.set(cmap="RdBu_r", clim=(-0.12, 0.12))
        return shown

    def _image(self, ax):
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        return self.moving(ax.imshow(np.zeros((28, 28)), interpolation="nearest"))

    def move(self, result: ComponentsReport) -> bool:
        """Set images, noise and the mark at k; nothing of the frame changes."""
        images = (result.mean, result.photograph, result.rebuilt)
        for shown, pixels in zip(self._top, images, strict=True):
            shown.set_data(pixels)
        for shown, pixels in zip(self._small, result.pictures, strict=True):
            shown.set_data(pixels)
        components = np.arange(1, MOST + 1)
        noise = result.noise_after
        self._noise.set_data(components, np.maximum(noise, 1e-9))
        self._at.set_data([result.k, result.k], [1e-3, 1e1])
        self._dot.set_data([result.k], noise[[result.k - 1]])
        return False
