"""What is the best of many equals worth? Its score, its fall on untouched images, and the average fall."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.peek import MOST, Peek
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, MEASURED, PREDICTED
from coursekit.words import percent

LIMITS = {"nets": (0.68, 0.84), "shuffled": (0.68, 0.84), "guessers": (0.04, 0.2)}
TOPS = ((1000, 4.0), (300, 7.5), (0, 13.0))  # from that many images on, points


class PeekPicture(Picture):
    """A `Peek`: the candidates and their best on the left, the worth of the choice over k on the right."""

    size = (9.8, 3.7)

    def build(self) -> None:
        """Make two panels."""
        self._frame: tuple[object, ...] = ()
        self._scores = self.figure.add_axes((0.075, 0.14, 0.4, 0.7))
        self._worth = self.figure.add_axes((0.575, 0.14, 0.41, 0.7))
        ax = self._scores
        ax.set(xlim=(0, MOST + 1), xlabel="candidate", ylabel="right answers")
        ax.set_title("The best of k, then revealed", loc="left", weight="bold")
        self._all = self.moving(ax.add_line(Line2D([], [], color=GREY, marker="o", ms=4, ls="")))
        self._mean = self.moving(ax.add_line(Line2D([], [], color=GREY, lw=1, ls=":")))
        self._fall = self.moving(ax.add_line(Line2D([], [], color=INK, lw=1.5)))
        self._best = self.moving(ax.add_line(Line2D([], [], color=MEASURED, marker="o", ms=9, ls="")))
        self._fresh = self.moving(ax.add_line(Line2D([], [], color=INK, marker="v", ms=9, ls="")))
        self._said = [
            self.moving(
                ax.text(0.99, y, "", color=colour, weight="bold", ha="right", transform=ax.transAxes)
            )
            for y, colour in ((0.93, MEASURED), (0.86, INK))
        ]
        ax = self._worth
        ax.set(xscale="log", xlim=(1, MOST), xlabel="k, how many are tried")
        ax.set_ylabel("points that the choice adds")
        ax.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
        ax.minorticks_off()
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        ax.set_title("What the peek is worth on average", loc="left", weight="bold")
        self._expected = self.moving(ax.add_line(Line2D([], [], color=PREDICTED, lw=2, ls="--")))
        self._measured = self.moving(ax.add_line(Line2D([], [], color=MEASURED, lw=2)))
        self._points = [
            self.moving(ax.add_line(Line2D([], [], color=colour, marker="o", ms=8, ls="")))
            for colour in (PREDICTED, MEASURED)
        ]
        names = ("binomial: independent answers", "measured, 400 draws of images")
        ax.legend((self._expected, self._measured), names, loc="upper left", fontsize=8.5)

    def move(self, result: Peek) -> bool:
        """Set points and curves; the frame changes with the candidates and the images."""
        at, best = np.arange(1, result.k + 1), result.best
        score, fresh = result.scores[best], result.fresh[best]
        low, high = LIMITS[result.candidates]
        self._all.set_data(at, np.clip(result.scores, low, high))
        self._mean.set_data([0, MOST + 1], [result.scores.mean()] * 2)
        shown = np.clip([score, fresh], low, high)
        self._fall.set_data([best + 1] * 2, shown)
        self._best.set_data([best + 1], shown[:1])
        self._fresh.set_data([best + 1], shown[1:])
        words = (f"● best: {percent(score)}", f"▼ on untouched images: {percent(fresh)}")
        for text, said in zip(self._said, words, strict=True):
            text.set_text(said)
        self._expected.set_data(result.ks, 100 * result.expected)
        self._measured.set_data(result.ks, 100 * result.worth)
        for point, values in zip(self._points, (result.expected, result.worth), strict=True):
            point.set_data([result.k], [100 * values[result.k - 1]])
        top = next(top for least, top in TOPS if result.images >= least)
        if (result.candidates, top) == self._frame:
            return False
        self._frame = result.candidates, top
        self._worth.set_ylim(-top / 12, top)
        self._scores.set_ylim(low, high)
        ticks = np.arange(low, high + 0.01, 0.04)
        self._scores.set_yticks(ticks, [f"{100 * tick:.0f} %" for tick in ticks])
        return True
