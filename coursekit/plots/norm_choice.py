"""Which normalization holds? Errors as they are and shifted, what nets say of six images, and why."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import StepPatch

from coursekit.experiments.norm_choice import BATCH_SIZES, EDGES, NORMS, PICTURED, NormChoice
from coursekit.plots.picture import Picture
from coursekit.plots.style import BATCH_NORM, GREY, GROUP_NORM, INK, LAYER_NORM, WITHOUT_NORM

# By row: colour and marker. The last row is batch norm once more: its colour again, another marker.
LOOKS = (
    (WITHOUT_NORM, "o"),
    (BATCH_NORM, "o"),
    (LAYER_NORM, "o"),
    (GROUP_NORM, "o"),
    (BATCH_NORM, "s"),
)
ROWS = (*NORMS, "batch norm,\nfresh statistics")
JUDGES = (("batch norm", BATCH_NORM), ("layer norm", LAYER_NORM))
RIGHT, WRONG = "✓", "✗"
TALLEST = 0.2
# Where the photographs begin, how far apart they stand, and how large they are, as shares of the picture.
PHOTOS, PITCH, WIDE, HIGH = 0.475, 0.0885, 0.0745, 0.152


class NormChoicePicture(Picture):
    """A `NormChoice`: errors; six images with what is said of them; below, what explains the errors.

    Where images are as they are, that is the noise of a batch's mean; where they are shifted, what the
    shift changes inside the nets.
    """

    size = (9.2, 4.6)

    def build(self) -> None:
        """Make the axes: errors, photographs, and in one place noise and two histograms."""
        self._is_shifted: bool | None = None
        self._of: dict[bool, list[Artist]] = {
            False: [],
            True: [],
        }  # what is seen without a shift, and with one
        self._build_errors(self.figure.add_axes((0.125, 0.13, 0.235, 0.675)))
        self._build_photos()
        self._build_noise(self.figure.add_axes((PHOTOS, 0.13, 0.52, 0.26)))
        self._changes = [self._build_change(k, *judge) for k, judge in enumerate(JUDGES)]

    def _build_errors(self, ax):
        # A text of the axes, since a moving one of the figure would be left out of saved pictures.
        title = {"transform": self.figure.transFigure, "fontsize": 12, "weight": "bold", "color": INK}
        self._title = self.moving(ax.text(0.015, 0.935, "", **title))
        ax.set(xlim=(0, 1), ylim=(len(ROWS) - 0.5, -0.5), xlabel="wrong answers on unseen images")
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        ax.set_yticks(range(len(ROWS)), ROWS)
        ax.grid(axis="x")
        ax.set_axisbelow(True)
        ax.axvline(0.9, color=GREY, lw=1, ls=":")
        ax.annotate("guessing", (0.89, -0.42), ha="right", va="top", color=GREY, fontsize=8.5)
        self._bars, self._plain, self._shifted = [], [], []
        for colour, marker in LOOKS:
            line = Line2D([], [], color=colour, lw=3, alpha=0.5)
            plain = Line2D([], [], color=colour, marker=marker, ms=9, mfc="white", mew=2, ls="")
            shifted = Line2D([], [], color=colour, marker=marker, ms=9, ls="")
            for artist, kept in ((line, self._bars), (plain, self._plain), (shifted, self._shifted)):
                kept.append(self.moving(ax.add_line(artist)))
        ink = {"color": INK, "marker": "o", "ms": 7, "ls": ""}
        handles = [Line2D([], [], mfc="white", mew=2, **ink), Line2D([], [], **ink)]
        legend = ax.legend(
            handles, ["images as they are", "shifted"], ncols=2, loc="lower left",
            bbox_to_anchor=(-0.4, 1.0), handletextpad=0.1, columnspacing=0.8,
        )  # fmt: skip
        self._of[True].append(legend)  # where nothing is shifted there is one kind of circle

    def _build_photos(self):
        """Make six photographs: above each what it is, below it what two nets say."""
        self._photos, self._truth, self._said = [], [], []
        for i in range(PICTURED):
            ax = self.figure.add_axes((PHOTOS + i * PITCH, 0.675, WIDE, HIGH))
            ax.set_axis_off()
            blank = np.zeros((28, 28))
            self._photos.append(self.moving(ax.imshow(blank, cmap="gray", vmin=0, vmax=1, aspect="auto")))
            middle = {"transform": ax.transAxes, "ha": "center", "va": "center", "fontsize": 9}
            self._truth.append(self.moving(ax.text(0.5, 1.12, "", color=INK, **middle)))
            self._said.append(
                [
                    self.moving(ax.text(0.5, -0.17 - 0.27 * k, "", color=colour, **middle))
                    for k, (_, colour) in enumerate(JUDGES)
                ]
            )
        for k, (name, colour) in enumerate((("it is a", INK), *JUDGES)):
            y = 0.675 + HIGH * (1.12, -0.17, -0.44)[k]
            self.figure.text(PHOTOS - 0.012, y, name, ha="right", va="center", color=colour, fontsize=9)

    def _build_noise(self, ax):
        ax.set(xscale="log", yscale="log", xlim=(1.6, 80), ylim=(0.08, 1.1), xlabel="batch size B")
        ax.set_title("how far a batch's mean is off, in spreads", loc="left")
        ax.minorticks_off()
        ax.set_xticks(BATCH_SIZES, map(str, BATCH_SIZES))
        ax.set_yticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
        ax.grid(axis="y")
        sizes = np.array(BATCH_SIZES)
        ax.add_line(Line2D(sizes, sizes**-0.5, color=GREY, lw=1.5))
        ax.text(10, 0.42, r"$1/\sqrt{B}$", color=INK)
        dot = {"color": BATCH_NORM, "marker": "o", "ls": ""}
        self._noise = self.moving(ax.add_line(Line2D([], [], ms=5, **dot)))
        self._here = self.moving(ax.add_line(Line2D([], [], ms=12, mfc="none", mew=2, **dot)))
        self._of[False] += [ax, self._noise, self._here]

    def _build_change(self, column, name, colour):
        ax = self.figure.add_axes((PHOTOS + 0.275 * column, 0.13, 0.245, 0.26))
        ax.set(xlim=(EDGES[0], EDGES[-1]), ylim=(0, TALLEST), yticks=[])
        ax.spines["left"].set_visible(False)
        ax.text(-2.95, 0.95 * TALLEST, name, color=colour, weight="bold", va="top")
        bars = StepPatch(np.zeros(len(EDGES) - 1), EDGES, fill=True, fc=colour, ec=colour)
        self.moving(ax.add_patch(bars))
        ax.set_title("by how much a ReLU's input changes" if not column else "", loc="left")
        ax.set_xlabel("change of a ReLU's input, first layer")
        self._of[True] += [ax, bars]
        return bars

    def move(self, result: NormChoice) -> bool:
        """Set all artists to `result`; the frame changes where a shift comes or goes."""
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
        self._move_photos(result)
        judged = "shifted images" if result.is_shifted else "images as they are"
        self._title.set_text(f"Trained on batches of {result.batch_size}, judged on {judged}: who errs?")
        changed, self._is_shifted = result.is_shifted != self._is_shifted, result.is_shifted
        if changed:
            for when, artists in self._of.items():
                for artist in artists:
                    artist.set_visible(when == result.is_shifted)
        return changed

    def _move_photos(self, result):
        for i, truth in enumerate(result.truth):
            self._photos[i].set_data(result.photos[i])
            self._truth[i].set_text(_short(truth))
            for text, said in zip(self._said[i], (names[i] for names in result.said), strict=True):
                text.set_text(f"{RIGHT if said == truth else WRONG} {_short(said)}")


def _short(name):
    """Write the name of a class in at most ten letters: T-shirt."""
    return name.split("/")[0]
