"""What does a temperature change? The loss over T, the accuracy over T, and how sure against how right."""

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from coursekit.experiments.temperature import EDGES, TEMPERATURES, Tempered
from coursekit.plots.picture import Picture
from coursekit.plots.style import FLAT_COLOUR, GREY, INK, MEASURED, PREDICTED
from coursekit.words import percent, two_decimals, whole_percent

TALL = 4.0  # of the loss axis
TICKS = (0.1, 0.3, 1, 3, 10)


class TemperaturePicture(Picture):
    """A `Tempered`: the loss with the present point, the accuracy, and the reliability diagram."""

    size = (9.8, 4.1)

    def build(self) -> None:
        """Make four panels with fixed limits."""
        self._loss_panel(self.figure.add_axes((0.065, 0.41, 0.415, 0.51)))
        self._accuracy_panel(self.figure.add_axes((0.065, 0.13, 0.415, 0.2)))
        self._reliability_panel(self.figure.add_axes((0.565, 0.41, 0.42, 0.51)))
        self._share_panel(self.figure.add_axes((0.565, 0.13, 0.42, 0.2)))

    def _over_temperatures(self, ax):
        ax.set(xscale="log", xlim=(0.093, 10.7))
        ax.xaxis.set_major_locator(FixedLocator(TICKS))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.grid(axis="y")

    def _loss_panel(self, ax):
        self._over_temperatures(ax)
        ax.set(ylim=(0, TALL), yticks=range(5), ylabel="loss")
        ax.set_xticklabels([])
        ax.set_title("Loss: it swings", loc="left", weight="bold")
        self._curve = self.moving(ax.add_line(Line2D([], [], color=GREY, lw=2)))
        self._best = self.moving(ax.add_line(Line2D([], [], color=PREDICTED, ls="--", lw=1.3)))
        self._best_said = self.moving(ax.text(1, TALL * 0.95, "", color=PREDICTED, va="top"))
        self._point = self.moving(ax.add_line(Line2D([], [], color=MEASURED, marker="o", ms=10, ls="")))
        self._above = self.moving(ax.add_line(Line2D([], [], color=MEASURED, marker="^", ms=10, ls="")))
        for line in (self._point, self._above):
            line.set_clip_on(False)

    def _accuracy_panel(self, ax):
        self._over_temperatures(ax)
        ax.set(ylim=(0, 1.08), yticks=[0, 0.5, 1], xlabel="temperature T", ylabel="accuracy")
        ax.set_xticklabels([f"{t:g}" for t in TICKS])
        self._flat = self.moving(ax.add_line(Line2D([], [], color=GREY, lw=2)))
        self._accurate = self.moving(ax.add_line(Line2D([], [], color=MEASURED, marker="o", ms=10, ls="")))
        self._accurate.set_clip_on(False)
        self._accuracy = self.moving(ax.text(0.1, 0.1, "", color=INK))

    def _reliability_panel(self, ax):
        ax.set(xlim=(0, 1), ylim=(0, 1), yticks=[0, 0.25, 0.5, 0.75, 1], ylabel="share named rightly")
        ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], [])
        ax.set_title("As right as it is sure?", loc="left", weight="bold")
        width = EDGES[1]
        self._bars = [
            self.moving(ax.add_patch(Rectangle((x, 0), width, 0, fc=MEASURED, ec="white", alpha=0.8)))
            for x in EDGES[:-1]
        ]
        self._gaps = [
            self.moving(ax.add_line(Line2D([], [], color=FLAT_COLOUR, lw=2.5, clip_on=False)))
            for _ in EDGES[:-1]
        ]
        ax.add_line(Line2D([0, 1], [0, 1], color=INK, ls="--", lw=1.2))
        note = "orange: the difference"
        ax.text(1, 1.045, note, ha="right", size=8.5, transform=ax.transAxes)

    def _share_panel(self, ax):
        ax.set(xlim=(0, 1), ylim=(0, 1), yticks=[0, 0.5, 1], ylabel="images")
        ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
        ax.set_xlabel("how sure: the largest probability of an image")
        width = EDGES[1]
        self._shares = [
            self.moving(ax.add_patch(Rectangle((x, 0), width, 0, fc=GREY, ec="white"))) for x in EDGES[:-1]
        ]
        self._sure = self.moving(ax.text(0.03, 0.8, "", color=INK, va="center"))

    def move(self, result: Tempered) -> bool:
        """Set curves, points and bars to `result`; the frame never changes."""
        t, loss = result.temperature, result.loss
        self._curve.set_data(result.temperatures, result.losses)
        self._point.set_data([t] if loss <= TALL else [], [loss] if loss <= TALL else [])
        self._above.set_data([t] if loss > TALL else [], [TALL] if loss > TALL else [])
        best, least = result.best
        self._best.set_data([best, best], [0, TALL])
        to_the_right = best < 1.5
        self._best_said.set_text(f" best T = {best:.2g}, loss {two_decimals(least)} ")
        self._best_said.set(x=best, ha="left" if to_the_right else "right")
        self._flat.set_data(TEMPERATURES[[0, -1]], [result.accuracy] * 2)
        self._accurate.set_data([t], [result.accuracy])
        self._accuracy.set_text(f"{percent(result.accuracy)} right, at every T")
        self._move_bins(result)
        return False

    def _move_bins(self, result):
        shares = result.counts / result.counts.sum()
        columns = zip(self._bars, self._gaps, self._shares, strict=True)
        for k, (bar, gap, share) in enumerate(columns):
            empty = not result.counts[k]
            bar.set_height(0 if empty else result.right[k])
            x = result.confidence[k]
            gap.set_data([] if empty else [x, x], [] if empty else [result.right[k], x])
            share.set_height(shares[k])
        self._sure.set_text(f"sure by {whole_percent(result.mean_confidence)} on average")
