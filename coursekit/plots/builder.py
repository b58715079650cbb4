"""A stack of layers as a table: shapes, parameters by name, and where the parameters are."""

from matplotlib.patches import Rectangle

from coursekit.experiments.builder import MOST, Built, BuiltLayer, shape_words
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK, VERMILION

WIDTH, ROW, HEAD, FOOT = 940, 27, 58, 26
NUMBER, NAME, OUT, PARAMS, COUNT, BAR = 16, 44, 190, 350, 720, 735
LONGEST = WIDTH - BAR - 20
PALE = "#E8EEF3"


class BuilderTable(Picture):
    """A `Built`: a row for each layer, the input on top, the sum below."""

    size = (WIDTH / 100, (HEAD + ROW * (MOST + 1) + FOOT) / 100)

    def build(self) -> None:
        """Make one axis in pixels, the heads of the columns, and a row of empty artists for each layer."""
        height = round(100 * self.size[1])
        self._ax = ax = self.figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, WIDTH), ylim=(height, 0))
        ax.axis("off")
        self._title = self._text(NUMBER, 18, size=12, weight="bold")
        heads = ((NAME, "layer"), (OUT, "puts out"), (PARAMS, "parameters, by name"), (BAR, "their share"))
        for x, words in heads:
            ax.text(x, 44, words, color=GREY, size=9, va="center")
        ax.text(COUNT, 44, "how many", color=GREY, size=9, va="center", ha="right")
        ax.plot([NUMBER, WIDTH - 16], [HEAD - 3] * 2, color=GREY, lw=0.8)
        self._input = self._text(NAME, HEAD + ROW / 2)
        self._entry = self._text(OUT, HEAD + ROW / 2)
        self._mark = self.moving(
            ax.add_patch(Rectangle((NUMBER - 8, 0), COUNT - 4, ROW - 2, fc=PALE, lw=0))
        )
        self._rows = [self._row(HEAD + ROW * (i + 1.5)) for i in range(MOST)]
        bottom = height - FOOT / 2
        self._total = self._text(COUNT, bottom, ha="right", weight="bold")
        self._sum = self._text(PARAMS, bottom, weight="bold")

    def _text(self, x, y, **more):
        look = {"va": "center", "size": 9.5, "color": INK, "zorder": 3, **more}
        return self.moving(self._ax.text(x, y, "", **look))

    def _row(self, y):
        bar = self.moving(self._ax.add_patch(Rectangle((BAR, y - 7), 0, 14, fc=BLUE, lw=0)))
        columns = (NUMBER, NAME, OUT, PARAMS)
        return [*(self._text(x, y) for x in columns), self._text(COUNT, y, ha="right"), bar]

    def move(self, result: Built) -> bool:
        """Write the table for `result`."""
        self._title.set_text(
            "After the first forward" if result.forward else "Before the first forward: declared, not sized"
        )
        self._input.set_text("input")
        self._entry.set_text(shape_words(result.entry))
        self._mark.set(y=HEAD + ROW * (result.at + 1) + 1)
        for i, row in enumerate(self._rows):
            layer = result.layers[i] if i < len(result.layers) else None
            self._write(row, i, layer, result.total)
        self._sum.set_text("all parameters of the net")
        self._total.set_text("?" if result.total is None else f"{result.total:,}")
        return False

    def _write(self, row, place, layer, total):
        words, colour, share = [""] * 5, INK, 0.0
        if layer is not None:
            words = [str(place), layer.name, self._out(layer), self._params(layer), _count(layer)]
            colour = {"refused": VERMILION, "not reached": GREY}.get(layer.state, INK)
            share = (layer.count or 0) / total if total else 0.0
        for text, word in zip(row, words, strict=False):
            text.set(text=word, color=colour)
        row[-1].set_width(share * LONGEST)

    def _out(self, layer):
        if layer.state in ("refused", "not reached"):
            return layer.state
        return shape_words(layer.out)

    def _params(self, layer):
        return "    ".join(f"{name} {_shape(shape)}" for name, shape in layer.params) or "–"


def _shape(shape):
    inside = ", ".join("?" if size is None else str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def _count(layer: BuiltLayer) -> str:
    return "?" if layer.count is None else f"{layer.count:,}"
