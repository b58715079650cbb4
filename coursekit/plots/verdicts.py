"""What was folklore, what held? Each statement of the course is a dot in its lesson's column."""

from matplotlib.lines import Line2D

from coursekit.experiments.verdicts import VERDICTS, Verdicts
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK, PURPLE, VERMILION

COLOURS = (BLUE, "none", VERMILION, PURPLE, GREY)
EDGES = (BLUE, BLUE, VERMILION, PURPLE, GREY)
MARKERS = ("o", "o", "X", "D", "s")


class VerdictDots(Picture):
    """The `Verdicts` of all lessons, stacked from what holds to what was not seen. It does not move."""

    size = (9.0, 5.0)

    def __init__(self, result: Verdicts):
        self._result = result
        super().__init__(result)

    def build(self) -> None:
        """Stack a dot for each claim over its lesson."""
        result = self._result
        self.figure.text(
            0.015, 0.94, "What held, and what was folklore?", fontsize=12, weight="bold", color=INK
        )
        ax = self.figure.add_axes((0.06, 0.12, 0.68, 0.76))
        highest = max(map(sum, result.counts))
        ax.set(xlim=(-0.6, len(result.lessons) - 0.4), ylim=(0, highest + 1), xlabel="lesson")
        ax.set_ylabel("statements")
        ax.set_xticks(range(len(result.lessons)), result.lessons)
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        self._lines = []
        for kind, name in enumerate(VERDICTS):
            points = [
                (column, sum(counts[:kind]) + k + 0.5)
                for column, counts in enumerate(result.counts)
                for k in range(counts[kind])
            ]
            line = Line2D(*(zip(*points, strict=True) if points else ([], [])), ls="", marker=MARKERS[kind],
                          ms=4.5, mfc=COLOURS[kind], mec=EDGES[kind], mew=1.0,
                          label=f"{name} ({result.totals[kind]})")  # fmt: skip
            self._lines.append(ax.add_line(line))
        self.figure.legend(
            self._lines[::-1], [str(line.get_label()) for line in self._lines[::-1]],
            loc="center left", bbox_to_anchor=(0.76, 0.5),
        )  # fmt: skip

    def move(self, result: Verdicts) -> bool:
        """Do nothing: the picture is of one course."""
        return False
