"""What is a layer, a unit, an activation, a loss? One image on its way through a drawn net."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import FancyArrowPatch

from coursekit.experiments.net_drawing import NetDrawing as Pass
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, MEASURED
from coursekit.words import number

# All in pixels at a ratio of 1, from the top: the image, the rows of units, the ten classes.
WIDTH, LEFT, RIGHT = 940, 128, 20
HEAD, IMAGE, ROW, GAP, CLASSES, FOOT = 40, 84, 21, 26, 70, 72
MOST = 100  # units of a layer that are drawn; of a wider one the first


class NetDrawing(Picture):
    """The `NetDrawing` of experiments: the image on top, a row of dots for each layer, ten bars below.

    Each dot is a unit, and the brighter it is, the larger is its activation.
    """

    def __init__(self, result: Pass):
        self._units = [min(len(h), MOST) for h in result.activations]
        self._inputs, self._all = result.image.size, [len(h) for h in result.activations]
        height = HEAD + IMAGE + GAP + ROW * len(self._units) + GAP + CLASSES + FOOT
        self.size = (WIDTH / 100, height / 100)
        super().__init__(result)

    def build(self) -> None:
        """Make one axis in pixels for the whole drawing, layer 1 on top, and the image on it."""
        _, self._height = (round(100 * side) for side in self.size)
        self._ax = ax = self.figure.add_axes((0, 0, 1, 1))
        ax.axis("off")
        sizes = (
            " → ".join(map(str, [self._inputs, *self._all, 10]))
            if len(self._all) < 4
            else (f"{self._inputs} → {self._all[0]} → {self._all[1]} → … → {self._all[-1]} → 10")
        )
        self._say(15, 22, f"One image on its way through a net: {sizes}", size=12, weight="bold")
        self._first = HEAD + IMAGE + GAP  # the height of layer 1
        self._rows = self._first + ROW * np.arange(len(self._units))
        self._build_image()
        self._build_layers()
        self._build_classes()
        self._build_arrow()

    def _say(self, x, y, text, **more):
        more = {"size": 9, "color": INK, "va": "center", **more}
        return self._ax.text(x, y, text, **more)

    def _build_image(self):
        top = HEAD
        extent = (LEFT, LEFT + IMAGE, top + IMAGE, top)
        # Over all that a standardized grey value can be.
        look = {"cmap": "gray_r", "vmin": -1, "vmax": 2, "aspect": "auto"}
        self._image = self.moving(self._ax.imshow(np.zeros((28, 28)), extent=extent, **look))
        self._ax.set(xlim=(0, WIDTH), ylim=(self._height, 0))
        self._say(LEFT - 12, top + IMAGE / 2, "input x", ha="right")
        for i, words in enumerate((
            f"The image: {self._inputs} grey values, a number for each pixel.",
            "Each dot is a unit. It multiplies every number of the layer before by a weight of its own,",
            "adds up, and puts out one number, its activation h. Dark: h is low. Bright: h is high.",
        )):  # fmt: skip
            self._say(LEFT + IMAGE + 18, top + 20 + 21 * i, words)

    def _build_layers(self):
        places = np.concatenate([np.column_stack(self._row(i)) for i in range(len(self._units))])
        look = {"s": 34, "cmap": "gray", "ec": GREY, "lw": 0.6, "zorder": 3}
        self._dots = self.moving(self._ax.scatter(*places.T, c=np.zeros(len(places)), **look))
        for i, (y, all_units) in enumerate(zip(self._rows, self._all, strict=True), start=1):
            few = "" if all_units <= MOST else f" ({MOST} of {all_units})"
            self._say(LEFT - 12, y, f"layer {i}{few}", ha="right")
        # All that one unit of the second layer takes in, or of the first if there is no other.
        if len(self._units) > 1:
            x, y = self._row(0)
            target = self._row(1)[0][self._units[1] // 3], self._rows[1]
            fan = [[(a, b), target] for a, b in zip(x, y, strict=True)]
            self._ax.add_collection(LineCollection(fan, colors=GREY, lw=0.3, zorder=1), autolim=False)

    def _row(self, layer):
        x = np.linspace(LEFT + 4, WIDTH - RIGHT - 4, self._units[layer])
        return x, np.full(len(x), self._rows[layer])

    def _build_classes(self):
        self._base = self._rows[-1] + GAP + CLASSES
        self._columns = LEFT + (np.arange(10) + 0.5) * (WIDTH - RIGHT - LEFT) / 10
        self._bars = [self.moving(bar) for bar in self._ax.bar(self._columns, 0, 44, color=GREY, zorder=2)]
        self._ax.plot([LEFT, WIDTH - RIGHT], [self._base] * 2, color=GREY, lw=1)
        middle = {"ha": "center", "size": 8.5}
        self._shares, self._names, self._scores = (
            [self.moving(self._say(x, y, "", **middle)) for x in self._columns]
            for y in (0, self._base + 11, self._base + 28)
        )
        self._say(LEFT - 12, self._base - CLASSES / 2, "probability", ha="right")
        self._say(LEFT - 12, self._base + 11, "class", ha="right")
        self._say(LEFT - 12, self._base + 28, "score (logit)", ha="right")
        self._loss = self.moving(self._say(LEFT, self._base + 56, "", size=10.5, weight="bold"))

    def _build_arrow(self):
        ends = (30, HEAD + 8), (30, self._base + 28)
        self._ax.add_patch(FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=13, color=GREY, lw=1.4))
        self._say(16, (HEAD + self._base) / 2, "forward", rotation=90, ha="center")

    def move(self, result: Pass) -> bool:
        """Set the brightness of all dots and the bars to `result`, a net of the same layers."""
        self._image.set_data(result.image)
        h = [values[:units] for values, units in zip(result.activations, self._units, strict=True)]
        self._dots.set_array(np.concatenate(h))
        self._dots.set_clim(-result.brightest, result.brightest)
        for k, share in enumerate(result.probabilities):
            true = k == result.label
            tall = float(share) * (CLASSES - 16)
            self._bars[k].set(y=self._base - tall, height=tall, color=MEASURED if true else GREY)
            weight = "bold" if true else "normal"
            percent = f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"
            self._shares[k].set(text=percent, y=self._base - tall - 9, weight=weight)
            self._names[k].set(text=result.names[k], weight=weight)
            self._scores[k].set(text=number(float(result.logits[k])), weight=weight)
        name, share = result.names[result.label], number(float(result.probabilities[result.label]))
        self._loss.set_text(
            f"True class: {name}. The net gives it the probability {share}, "
            f"so the loss is C = −ln {share} = {number(result.loss)}"
        )
        return False
