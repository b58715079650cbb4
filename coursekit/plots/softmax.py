"""What becomes of three scores? Bars of probabilities, a point on the curve of the loss, and arrows."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from coursekit.experiments.softmax import CLASSES, LARGEST, Scores
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, MEASURED, PREDICTED
from coursekit.words import power_of_e, probability, short, short_loss, two_decimals

# Where the panels stand if there are one, two or three of them.
PLACES = {
    1: ((0.125, 0.34, 0.58, 0.56),),
    2: ((0.125, 0.34, 0.4, 0.56), (0.62, 0.15, 0.37, 0.75)),
    3: ((0.125, 0.34, 0.295, 0.56), (0.475, 0.15, 0.235, 0.75), (0.785, 0.15, 0.205, 0.75)),
}
TALL = 8.0  # of the loss axis; what is above stands at the border with a triangle
WIDTH = 0.62
ROWS = (("z / T", -0.20), ("", -0.31), ("p", -0.42))  # below the bars, as shares of the panel
POWERS = {
    ("softmax", "naive"): "exp(z/T)",
    ("softmax", "stable"): "exp(z/T − max)",
    ("sigmoid", "naive"): "exp(z/T)",
    ("sigmoid", "stable"): "exp(−|z/T|)",
}


class ScoresPicture(Picture):
    """A `Scores`: its probabilities over a table of how they came, its loss, and the push y − p.

    Parameters
    ----------
    result : Scores, optional
    panels : int
        1: the probabilities alone; 2: the loss too; 3: the push on each score as well.
    """

    size = (9.8, 3.75)

    def __init__(self, result: Scores | None = None, *, panels: int = 3):
        if panels not in PLACES:
            raise ValueError(f"panels must be 1, 2 or 3; got {panels}.")
        self._panels = panels
        super().__init__(result)

    def build(self) -> None:
        """Make up to three panels with fixed limits."""
        for make, place in zip(
            (self._bars_panel, self._loss_panel, self._push_panel), PLACES[self._panels], strict=False
        ):
            make(self.figure.add_axes(place))

    def _bars_panel(self, ax):
        ax.set(xlim=(-0.6, 2.6), ylim=(0, 1.08), yticks=[0, 0.25, 0.5, 0.75, 1])
        ax.set_xticks(range(3), CLASSES)
        ax.set_title("Probabilities p", loc="left", weight="bold")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        self._bars = [
            self.moving(ax.add_patch(Rectangle((k - WIDTH / 2, 0), WIDTH, 0, fc=MEASURED, ec=INK, lw=0)))
            for k in range(3)
        ]
        self._broken = [
            self.moving(ax.text(k, 0.04, "", ha="center", color=PREDICTED, weight="bold", size=15))
            for k in range(3)
        ]
        self._limit = self.moving(
            ax.text(1, 1.04, "", ha="right", size=8.5, color=GREY, transform=ax.transAxes)
        )
        self._right = self.moving(ax.add_line(Line2D([], [], color=INK, marker="v", ms=8, ls="")))
        self._right.set_clip_on(False)
        place = ax.get_xaxis_transform()
        self._cells = []
        for name, y in ROWS:
            label = ax.text(-0.64, y, name, ha="right", va="center", color=GREY, size=9, transform=place)
            if not name:
                self._power = self.moving(label)
            self._cells.append(
                [
                    self.moving(ax.text(k, y, "", ha="center", va="center", transform=place))
                    for k in range(3)
                ]
            )

    def _loss_panel(self, ax):
        ax.set(xlim=(-0.03, 1.03), ylim=(0, TALL), yticks=range(9), xlabel="probability of the truth")
        ax.set_title("Loss: −log of it", loc="left", weight="bold")
        ax.grid(axis="y")
        p = np.linspace(np.exp(-TALL), 1, 400)
        ax.add_line(Line2D(p, -np.log(p), color=GREY, lw=1.8))
        self._points = self.moving(ax.add_line(Line2D([], [], color=MEASURED, marker="o", ms=10, ls="")))
        self._above = self.moving(ax.add_line(Line2D([], [], color=MEASURED, marker="^", ms=10, ls="")))
        for line in (self._points, self._above):
            line.set(clip_on=False)
        self._loss = self.moving(ax.text(0.97, TALL * 0.93, "", ha="right", va="top", color=INK, size=11))

    def _push_panel(self, ax):
        ax.set(xlim=(-0.6, 2.6), ylim=(-1.1, 1.1), yticks=[-1, -0.5, 0, 0.5, 1])
        ax.set_xticks(range(3), CLASSES)
        ax.set_title("Push y − p", loc="left", weight="bold")
        ax.grid(axis="y")
        ax.axhline(0, color=GREY, lw=1)
        self._shafts = [self.moving(ax.add_line(Line2D([], [], color=MEASURED, lw=4))) for _ in range(3)]
        self._heads = [self.moving(ax.add_line(Line2D([], [], color=MEASURED, ms=11))) for _ in range(3)]
        self._values = [self.moving(ax.text(k, 0, "", ha="center", color=INK)) for k in range(3)]

    def move(self, result: Scores) -> bool:
        """Set bars, points and arrows to `result`; the frame never changes."""
        self._move_bars(result)
        if self._panels > 1:
            self._move_loss(result)
        if self._panels > 2:
            for k, value in enumerate(-np.asarray(result.gradient, float)):
                self._move_arrow(k, value)
        return False

    def _move_loss(self, result):
        truth, losses = np.asarray(result.truth, float), np.asarray(result.losses, float)
        known = ~np.isnan(losses)
        over = known & (losses > TALL)
        self._points.set_data(truth[known & ~over], losses[known & ~over])
        self._above.set_data(truth[over], np.full(over.sum(), TALL))
        self._loss.set_text(f"loss {short_loss(result.loss)}")

    def _move_bars(self, result):
        columns = zip(result.scaled, result.powers, result.probabilities, strict=True)
        for k, (score, power, p) in enumerate(columns):
            bad = bool(np.isnan(p))
            self._bars[k].set_height(0 if bad else float(p))
            is_faint = self._panels > 1 and k != result.label
            self._bars[k].set_alpha(0.45 if is_faint else 1.0)
            self._broken[k].set_text("nan" if bad else "")
            said = (short(float(score)), power_of_e(float(power)), probability(float(p)))
            for row, words in zip(self._cells, said, strict=True):
                row[k].set_text(words)
                row[k].set_color(PREDICTED if words in ("inf", "nan") else INK)
        ended = f"{result.dtype}: up to exp({LARGEST[result.dtype]:.1f})"
        self._limit.set_text(ended if np.isinf(result.powers).any() else result.dtype)
        self._power.set_text(POWERS[result.head, result.method])
        if self._panels > 1:  # where nothing is said of a loss, no class is the right one yet
            self._right.set_data([result.label], [1.05])

    def _move_arrow(self, k, value):
        drawn = np.isfinite(value) and abs(value) > 0.005
        self._shafts[k].set_data([k, k] if drawn else [], [0, value] if drawn else [])
        self._heads[k].set_data([k] if drawn else [], [value] if drawn else [])
        self._heads[k].set_marker("^" if value > 0 else "v")
        self._values[k].set_text(two_decimals(value) if np.isfinite(value) else "nan")
        self._values[k].set_position((k, -0.2 if value > 0 else 0.1))
