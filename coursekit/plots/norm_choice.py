"""Which normalization holds? Errors as they are and shifted, the noise of a batch, what a shift changes."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import StepPatch

from coursekit.diagnostics.norm_choice import BATCH_SIZES, EDGES, NORMS, NormChoice
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION

COLOURS = (VERMILION, BLUE, GREEN, ORANGE, PURPLE)
ROWS = (*NORMS, "batch norm,\nfresh statistics")
TALLEST = 0.2


class NormChoicePicture(Picture):
    """A `NormChoice` as three panels with fixed limits."""

    size = (9.4, 4.3)

    def build(self):
        """Make the axes: errors, noise, and two histograms of changes."""
        self.figure.text(0.015, 0.93, "Which normalization holds?", fontsize=12, weight="bold", color=INK)
        self._build_errors(self.figure.add_axes((0.13, 0.14, 0.265, 0.66)))
        self._build_noise(self.figure.add_axes((0.48, 0.14, 0.19, 0.66)))
        self._build_changes()

    def _build_errors(self, ax):
        ax.set(xlim=(0, 1), ylim=(len(ROWS) - 0.5, -0.5), xlabel="wrong answers on unseen images")
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        ax.set_yticks(range(len(ROWS)), ROWS)
        ax.grid(axis="x")
        ax.set_axisbelow(True)
        ax.axvline(0.9, color=GREY, lw=1, ls=":")
        ax.annotate("guessing", (0.89, -0.42), ha="right", va="top", color=GREY, fontsize=8.5)
        self._bars, self._plain, self._shifted = [], [], []
        for colour in COLOURS:
            line = Line2D([], [], color=colour, lw=3, alpha=0.5)
            plain = Line2D([], [], color=colour, marker="o", ms=8, mfc="white", mew=2, ls="")
            shifted = Line2D([], [], color=colour, marker="o", ms=8, ls="")
            for artist, kept in ((line, self._bars), (plain, self._plain), (shifted, self._shifted)):
                kept.append(self.moving(ax.add_line(artist)))
        ink = {"color": INK, "marker": "o", "ms": 7, "ls": ""}
        handles = [Line2D([], [], mfc="white", mew=2, **ink), Line2D([], [], **ink)]
        ax.legend(
            handles, ["images as they are", "shifted"], ncols=2, loc="lower left",
            bbox_to_anchor=(-0.3, 1.0), handletextpad=0.1, columnspacing=0.8,
        )  # fmt: skip

    def _build_noise(self, ax):
        ax.set(xscale="log", yscale="log", xlim=(1.6, 80), ylim=(0.08, 1.1), xlabel="batch size B")
        ax.set_title("how far a batch's mean is off", loc="left")
        ax.set_ylabel("in spreads", labelpad=0)
        ax.minorticks_off()
        ax.set_xticks(BATCH_SIZES, map(str, BATCH_SIZES))
        ax.set_yticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
        ax.grid(axis="y")
        sizes = np.array(BATCH_SIZES)
        ax.add_line(Line2D(sizes, sizes**-0.5, color=GREY, lw=1.5))
        ax.text(10, 0.36, r"$1/\sqrt{B}$", color=INK)
        self._noise = self.moving(ax.add_line(Line2D([], [], color=BLUE, marker="o", ms=5, ls="")))
        self._here = self.moving(
            ax.add_line(Line2D([], [], color=BLUE, marker="o", ms=12, mfc="none", mew=2, ls=""))
        )

    def _build_changes(self):
        self._changes = []
        for name, colour, bottom in (("batch norm", BLUE, 0.49), ("layer norm", GREEN, 0.14)):
            ax = self.figure.add_axes((0.745, bottom, 0.235, 0.31))
            ax.set(xlim=(EDGES[0], EDGES[-1]), ylim=(0, TALLEST), yticks=[])
            ax.spines["left"].set_visible(False)
            ax.text(-2.95, 0.95 * TALLEST, name, color=colour, weight="bold", va="top")
            bars = StepPatch(np.zeros(len(EDGES) - 1), EDGES, fill=True, fc=colour, ec=colour)
            self._changes.append(self.moving(ax.add_patch(bars)))
            if not self._changes[1:]:
                ax.set_title("change of a ReLU's input", loc="left")
                ax.set_xticklabels([])
        ax.set_xlabel("shifted minus as it is, first layer")

    def move(self, result: NormChoice) -> bool:
        """Set all artists to `result`; the frame never changes."""
        at_batch = list(result.names).index("batch norm")
        plain = [*result.errors, result.errors[at_batch]]
        shifted = [*result.shifted, result.refreshed]
        for row, (one, other) in enumerate(zip(plain, shifted, strict=True)):
            self._bars[row].set_data([one, other], [row, row])
            self._plain[row].set_data([one], [row])
            self._shifted[row].set_data([other], [row])
        self._noise.set_data(result.sizes, result.noise)
        here = list(result.sizes).index(result.batch_size)
        self._here.set_data([result.batch_size], [result.noise[here]])
        for bars, shares in zip(self._changes, result.changes, strict=True):
            bars.set_data(np.minimum(shares, 1.1 * TALLEST))
        return False
