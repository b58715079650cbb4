"""Batch norm's graph: a box a node, its value and its gradient filled in step by step."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.text import Text

from coursekit.experiments.batch_norm_graph import EDGES, FORMULA_OF, GraphStep
from coursekit.experiments.batch_norm_rules import explain
from coursekit.plots.batch_norm_boxes import BOX_WIDTH, BOXES, HEAD, HEIGHT, WIDTH, arrow, lane
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK, VERMILION
from coursekit.words import short

BACK, BACK_TEXT, FAINT = VERMILION, "#A84300", "#DADADA"
NAMES = {"x": "input", "y": "output", "inverse_std": "inverse std", "x_hat": "normalised"}
MONO = {"family": "DejaVu Sans Mono", "fontsize": 9, "ha": "center", "va": "center", "linespacing": 1.28}
# Below the boxes of γ and β the rule of the step is told, and the sum where two contributions meet.
PANEL_X, PANEL_Y, PART_WIDTH = 506, 333, 126


def as_mathtext(text: str) -> str:
    """Set x̂ as mathematics: a hat is a combining character, which plain text puts askew."""
    return text.replace("x̂", r"$\hat{x}$")


def matrix_text(array: np.ndarray) -> str:
    """Write a matrix, its columns of one width, with at most two decimals."""
    rows = [[short(value) for value in row] for row in np.atleast_2d(array)]
    width = max(5, *(len(text) for row in rows for text in row))
    return "\n".join("  ".join(text.rjust(width) for text in row) for row in rows)


class BatchNormGraph(Picture):
    """Draw a `GraphStep`: dark values and arrows forward, coloured gradients and arrows backward."""

    size = (WIDTH / 100, HEIGHT / 100)

    def build(self) -> None:
        """Make one axis in pixels, with its origin at the top left."""
        self._ax = self.figure.add_axes((0, 0, 1, 1))
        self._ax.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        self._ax.set_axis_off()
        self._values: dict[str, Text] = {}
        self._gradients: dict[str, Text] = {}
        for name, box in BOXES.items():
            self._build_box(name, box)
        self._build_arrows()
        ring = FancyBboxPatch((0, 0), 1, 1, boxstyle="round,pad=2.5", fill=False, ec=BLUE, lw=2.6)
        self._ring = self.moving(ring)
        self._ax.add_patch(ring)
        self._build_panel()
        self._build_key()

    def _write(self, x, y, text="", **style):
        return self._ax.text(x, y, text, **{"color": INK, **style})

    def _build_box(self, name, box):
        for y, height, colour in (
            (box.top, HEAD, "#E8EEF4"),
            (box.top + HEAD, box.field, "white"),
            (box.top + HEAD + box.field, box.field, "#FDF1E9"),
        ):
            self._ax.add_patch(Rectangle((box.left, y), BOX_WIDTH, height, fc=colour, ec=GREY, lw=0.8))
        centred = {"ha": "center", "va": "center"}
        self._write(box.middle, box.top + 9.5, NAMES.get(name, name), fontsize=8.5, **centred)
        self._write(box.middle, box.top + 25, as_mathtext(FORMULA_OF[name]), fontsize=10, **centred)
        self._values[name] = self.moving(self._write(box.middle, box.value_y, **MONO))
        self._gradients[name] = self.moving(
            self._write(box.middle, box.gradient_y, **{**MONO, "color": BACK_TEXT})
        )

    def _build_arrows(self):
        """Make for each edge a faint place holder, a forward arrow, and a backward arrow beside it."""
        self._forward, self._back = {}, {}
        for parent, child in EDGES:
            start, end = arrow(parent, child)
            up, down = lane(start, end, -6), lane(end, start, -6)
            self._ax.add_patch(self._arrow(up, FAINT))
            self._ax.add_patch(self._arrow(down, FAINT))
            self._forward[parent, child] = self.moving(self._ax.add_patch(self._arrow(up, INK)))
            self._back[parent, child] = self.moving(self._ax.add_patch(self._arrow(down, BACK)))
        y = BOXES["y"]
        loss = ((WIDTH - 3, y.gradient_y), (y.right + 3, y.gradient_y))
        self._ax.add_patch(self._arrow(loss, BACK))
        self._write(
            WIDTH - 26, y.gradient_y - 12, "δ", fontsize=12, color=BACK_TEXT, ha="center", va="center"
        )

    @staticmethod
    def _arrow(ends, colour):
        style = "-|>,head_length=5,head_width=3"
        return FancyArrowPatch(*ends, arrowstyle=style, color=colour, lw=1.3, shrinkA=0, shrinkB=0)

    def _build_panel(self):
        top = {"ha": "left", "va": "top"}
        self._title = self.moving(self._write(14, 6, fontsize=12, weight="bold", **top))
        lines = [PANEL_Y, PANEL_Y + 44]
        example = "This step's rule, in numbers for sample 1, feature 1:"
        self._example = self.moving(
            self._write(PANEL_X, PANEL_Y - 22, example, fontsize=8.5, color="#666666", **top)
        )
        self._rules = [self.moving(self._write(PANEL_X, y, fontsize=12, **top)) for y in lines]
        self._worked = [self.moving(self._write(PANEL_X + 14, y + 20, fontsize=9, **top)) for y in lines]
        middle = {"ha": "center", "va": "center"}
        x = [PANEL_X + 56 + PART_WIDTH * i for i in range(3)]
        y = PANEL_Y + 126
        self._captions = [self.moving(self._write(at, y - 36, fontsize=9, **middle)) for at in x]
        self._parts = [
            self.moving(self._write(at, y, **{**MONO, "fontsize": 8.5, "color": BACK_TEXT})) for at in x
        ]
        self._signs = [
            self.moving(self._write(at + PART_WIDTH / 2, y, sign, fontsize=14, **middle))
            for at, sign in zip(x, "+=", strict=False)
        ]

    def _build_key(self):
        handles = [
            Line2D([], [], color=INK, lw=2, label="value, forward"),
            Line2D([], [], color=BACK, lw=2, label="gradient, backward"),
            Line2D([], [], color=BLUE, lw=2.6, label="the node of this step"),
        ]
        self._ax.legend(
            handles=handles, loc="upper left", bbox_to_anchor=(14, 344), bbox_transform=self._ax.transData,
            fontsize=8.5, handlelength=1.2, labelspacing=0.6, borderaxespad=0, borderpad=0,
        )  # fmt: skip
        self._write(
            14,
            412,
            "rows: samples 1, 2, 3\ncolumns: features 1, 2\nitalic: one part of two",
            fontsize=8.5,
            va="top",
        )

    def move(self, result: GraphStep) -> bool:
        """Fill in what is known after the step; the frame never changes."""
        for name, node in result.graph.nodes.items():
            arrived = result.arrived(name)
            self._values[name].set_text(matrix_text(node.value) if result.knows_value(name) else "")
            self._gradients[name].set(
                text="" if arrived is None else matrix_text(arrived),
                style="italic" if result.is_partial(name) else "normal",
            )
        for (parent, child), forward in self._forward.items():
            now = child == result.node
            forward.set(visible=result.knows_value(child), lw=2.6 if now and not result.backward else 1.3)
            back = self._back[parent, child]
            back.set(visible=result.has_passed_back(child), lw=2.6 if now and result.backward else 1.3)
        self._ring.set_visible(bool(result.node))
        if result.node:
            box = BOXES[result.node]
            self._ring.set_bounds(box.left, box.top, BOX_WIDTH, box.height)
        self._move_panel(result)
        return False

    def _move_panel(self, result):
        told = explain(result)
        self._example.set_visible(bool(told.worked))
        self._title.set_text(as_mathtext(told.title))
        for texts, lines in ((self._rules, told.rules), (self._worked, told.worked)):
            for i, text in enumerate(texts):
                text.set_text(as_mathtext(lines[i]) if i < len(lines) else "")
        meeting = result.meeting
        for artist in (*self._captions, *self._parts, *self._signs):
            artist.set_visible(meeting is not None)
        if meeting is None:
            return
        node = result.graph.nodes[meeting]
        symbol = {name: formula.split(" ")[0] for name, formula in FORMULA_OF.items()}
        for i, child in enumerate(node.children):
            self._captions[i].set_text(as_mathtext(f"through {symbol[child]}"))
            self._parts[i].set_text(matrix_text(node.contributions[i]))
        self._captions[2].set_text(as_mathtext(f"∂C/∂{symbol[meeting]}"))
        self._parts[2].set_text(matrix_text(node.gradient))
