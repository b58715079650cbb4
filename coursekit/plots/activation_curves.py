"""How steep is an activation, and where? Its curve above its slope."""

from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from coursekit.experiments.activation_curves import ActivationCurves as Curves
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, FLAT_COLOUR, GREY, VERMILION

TOP, BOTTOM = (-1.3, 2.3), (-0.08, 1.18)


class ActivationCurves(Picture):
    """The `ActivationCurves` of diagnostics, one column an activation, shaded where it is flat."""

    size = (7.5, 3.3)

    def __init__(self, result: Curves):
        self._columns = len(result.names)
        super().__init__(result)

    def build(self) -> None:
        """Make two rows of axes, values above slopes."""
        place = {"left": 0.085, "right": 0.985, "top": 0.91, "bottom": 0.14, "hspace": 0.16, "wspace": 0.1}
        self._axes = self.figure.subplots(
            2, self._columns, sharex=True, sharey="row", squeeze=False, gridspec_kw=place
        )
        self._lines = []
        for row, limits, colour in zip(self._axes, (TOP, BOTTOM), (BLUE, VERMILION), strict=True):
            for ax in row:
                ax.set_ylim(*limits)
                ax.grid()
                ax.set_axisbelow(True)
                ax.axhline(0, color=GREY, lw=0.8)
                self._lines.append(self.moving(ax.add_line(Line2D([], [], color=colour, lw=2))))
        self._axes[0, 0].set_ylabel("value h(s)")
        self._axes[1, 0].set_ylabel("slope")
        for ax in self._axes[1]:
            ax.set_xlabel("s")
            ax.xaxis.set_major_locator(MaxNLocator(5, prune="both"))
        self._shades: list[Artist] = []

    def move(self, result: Curves) -> bool:
        """Draw the curves of `result`, of as many activations as at first."""
        for line, y in zip(self._lines, (*result.values, *result.slopes), strict=True):
            line.set_data(result.s, y)
        for shade in self._shades:
            shade.remove()
        self._shades = []
        for ax, name in zip(self._axes[0], result.names, strict=True):
            ax.set_title(name)
            ax.set_xlim(result.s[0], result.s[-1])
        for row, (low, high) in zip(self._axes, (TOP, BOTTOM), strict=True):
            for ax, flat in zip(row, result.flat, strict=True):
                shade = ax.fill_between(
                    result.s, low, high, where=flat, color=FLAT_COLOUR, alpha=0.13, lw=0
                )
                self._shades.append(shade)
        return True
