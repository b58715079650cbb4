"""Which technique does more than a lucky seed? A row of dots for each, beside the line of no difference."""

from matplotlib.lines import Line2D

from coursekit.experiments.ablation import Ablation
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK, VERMILION

POINTS = (-7.0, 4.0)


class AblationRows(Picture):
    """The differences of an `Ablation`, in points of accuracy. Built for one, not moved."""

    size = (9.0, 4.4)

    def __init__(self, result: Ablation):
        self._result = result
        super().__init__(result)

    def build(self) -> None:
        """Draw a row of dots, a mean and its interval for each switch."""
        result = self._result
        self.figure.text(
            0.015,
            0.935,
            "Which technique does more than a lucky seed?",
            fontsize=12,
            weight="bold",
            color=INK,
        )
        ax = self.figure.add_axes((0.3, 0.13, 0.67, 0.72))
        ax.set(xlim=POINTS, ylim=(len(result.effects) - 0.4, -0.6))
        ax.set_xlabel(f"points beside “{result.base}”, η = {result.base_rate:g}; {len(result.seeds)} seeds")
        ax.axvline(0, color=INK, lw=1)
        ax.grid(axis="x")
        ax.set_axisbelow(True)
        ax.set_yticks(range(len(result.effects)), [_words(e) for e in result.effects])
        ax.tick_params(axis="y", length=0)
        for row, effect in enumerate(result.effects):
            self._draw(ax, row, effect)
        self._axis = ax

    def _draw(self, ax, row, effect):
        points = 100 * effect.differences
        if _beyond(effect):
            ax.annotate(
                f"◀ {100 * effect.mean:.0f} points: learns nothing".replace("-", "−"),
                (POINTS[0] + 0.2, row), va="center", color=VERMILION, fontsize=9,
            )  # fmt: skip
            return
        colour = VERMILION if effect.exceeds_scatter else GREY
        low, high = (100 * end for end in effect.interval)
        ax.add_line(Line2D([low, high], [row, row], color=colour, lw=7, alpha=0.3, solid_capstyle="butt"))
        ax.add_line(Line2D(points, [row] * len(points), color=BLUE, marker="o", ms=6, ls="", alpha=0.7))
        ax.add_line(Line2D([100 * effect.mean], [row], color=colour, marker="|", ms=16, mew=2.5, ls=""))

    def move(self, result: Ablation) -> bool:
        """Do nothing: the picture is of one ablation."""
        return False


def _beyond(effect):
    """Whether a row lies left of the picture."""
    return 100 * effect.mean < POINTS[0]


def _words(effect):
    return effect.name if _beyond(effect) else f"{effect.name}, η = {effect.rate:g}"
