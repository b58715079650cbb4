"""What does a classifier learn? Its curves, its first weights as pictures, and the mistakes it makes."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.lines import Line2D

from coursekit.experiments.classifier import NAMES, TRAIN, VIEWS, Training, split_in_three
from coursekit.plots.picture import Picture
from coursekit.plots.style import GREY, INK, MEASURED, PREDICTED
from coursekit.words import percent

# Clear where there is no mistake, so that numbers can be read on light and dark pages.
MISTAKEN = LinearSegmentedColormap.from_list("mistaken", [to_rgba(PREDICTED, a) for a in (0, 0.85)])
SIDE, GAP, NAME_ROOM = 28, 2, 9
LOSS_TOP = 2.5
PAIRS, EXAMPLES, MISTAKES = 3, 5, 12
SHORT = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")


class ClassifierPicture(Picture):
    """A `Training`, in one of three views: while it learns, its confusion matrix, its surest mistakes."""

    size = (9.8, 4.15)

    def build(self) -> None:
        """Make the panels of all views; one view is visible at a time."""
        self._title = self.moving(self.figure.text(0.015, 0.93, "", fontsize=12, weight="bold", color=INK))
        self._axes: dict[str, list[Axes]] = {view: [] for view in VIEWS}
        self._artists: dict[str, list[Artist]] = {view: [] for view in VIEWS}
        self._frame: tuple[object, ...] = ()
        self._build_curves()
        self._build_weights()
        self._build_confusion()
        self._build_pairs()
        self._build_mistakes()

    def _add(self, view, artist):
        self._artists[view].append(artist)
        return self.moving(artist)

    def _panel(self, view, place):
        ax = self.figure.add_axes(place)
        self._axes[view].append(ax)
        return ax

    def _square(self, view, place):
        """Return a panel without ticks, an image in it, and the text above it."""
        ax = self._panel(view, place)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        image = ax.imshow(np.zeros((SIDE, SIDE)), cmap="gray_r", vmin=0, vmax=1, extent=(0, 1, 0, 1))
        words = ax.text(0.5, 1.03, "", transform=ax.transAxes, ha="center", va="bottom", fontsize=8.5)
        return self._add(view, image), self._add(view, words)

    def _build_curves(self):
        places = (0.06, 0.13, 0.265, 0.64), (0.395, 0.13, 0.265, 0.64)
        self._loss, self._right = (self._panel("training", place) for place in places)
        self._loss.set(ylim=(0, LOSS_TOP), xlabel="epoch", yticks=[0, 0.5, 1, 1.5, 2, 2.5])
        self._right.set(ylim=(0, 1), xlabel="epoch")
        self._right.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0", "20 %", "40 %", "60 %", "80 %", "100 %"])
        self._loss.axhline(np.log(10), color=GREY, lw=1, ls=":")
        self._right.axhline(0.1, color=GREY, lw=1, ls=":")
        self._loss.text(0.99, np.log(10) + 0.03, "guessing", color=GREY, ha="right", fontsize=8.5,
                        transform=self._loss.get_yaxis_transform())  # fmt: skip
        for ax, title in ((self._loss, "Loss"), (self._right, "Right answers")):
            ax.set_title(title, loc="left", weight="bold")
            ax.grid(axis="y")
            ax.set_axisbelow(True)
        looks = ({"color": PREDICTED, "ls": "--"}, {"color": MEASURED, "ls": "-"})
        style = {"lw": 1.8, "marker": "o", "ms": 4, "markevery": [-1]}
        self._curves = [
            [self._add("training", ax.add_line(Line2D([], [], **style, **look))) for look in looks]
            for ax in (self._loss, self._right)
        ]
        names = ("training images", "validation images")
        self._right.legend(self._curves[1], names, loc="center right", fontsize=8.5, handlelength=3.2)

    def _build_weights(self):
        ax = self._panel("training", (0.695, 0.02, 0.295, 0.75))
        ax.set(xticks=[], yticks=[], xlim=(0, 150), ylim=(120, 0), aspect="equal", anchor="N")
        ax.spines[:].set_visible(False)
        ax.set_title("Weights of units, as pictures", loc="left", weight="bold")
        self._weights_ax = ax
        self._weights = self._add(
            "training", ax.imshow(np.zeros((1, 1)), cmap="RdBu_r", extent=(0, 1, 1, 0), aspect="equal")
        )
        ax.set(xlim=(0, 150), ylim=(120, 0))
        self._names = [
            self._add("training", ax.text(x, y, name, ha="center", va="top", fontsize=7.5, color=INK))
            for (x, y), name in zip(_under_tiles(), SHORT, strict=True)
        ]

    def _build_confusion(self):
        ax = self._panel("confusion", (0.085, 0.17, 0.39, 0.71))
        self._matrix = self._add(
            "confusion", ax.imshow(np.zeros((10, 10)), cmap=MISTAKEN, vmin=0, vmax=25, aspect="auto")
        )
        ax.set_xticks(range(10), SHORT, rotation=45, ha="right", rotation_mode="anchor", fontsize=8)
        ax.set_yticks(range(10), SHORT, fontsize=8)
        ax.set(xlabel="what the net calls it", ylabel="what it is")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        self._counts = [
            self._add("confusion", ax.text(c, r, "", ha="center", va="center", fontsize=8, color=INK))
            for r in range(10)
            for c in range(10)
        ]

    def _build_pairs(self):
        self._pairs = []
        for row in range(PAIRS):
            top = 0.86 - 0.305 * row
            said = self._add(
                "confusion", self.figure.text(0.53, top, "", fontsize=9.5, weight="bold", color=INK)
            )
            squares = [
                self._square("confusion", (0.53 + 0.092 * k, top - 0.225, 0.085, 0.205))
                for k in range(EXAMPLES)
            ]
            self._pairs.append((said, [image for image, _ in squares]))

    def _build_mistakes(self):
        self._mistakes = [
            self._square("mistakes", (0.015 + 0.165 * (k % 6), 0.44 - 0.43 * (k // 6), 0.15, 0.32))
            for k in range(MISTAKES)
        ]

    def move(self, result: Training) -> bool:
        """Set all views to `result`; the frame changes with the view and the number of epochs."""
        images = split_in_three()[0].x_test.reshape(-1, SIDE, SIDE)
        self._title.set_text(_title(result))
        frame_moved = self._move_frame(result)
        self._move_curves(result)
        self._move_weights(result)
        self._move_confusion(result, images)
        self._move_mistakes(result, images)
        return frame_moved

    def _move_frame(self, result):
        frame = result.view, result.setting.epochs
        if frame == self._frame:
            return False
        self._frame = frame
        for view in VIEWS:
            for artist in (*self._axes[view], *self._artists[view]):
                artist.set_visible(view == result.view)
        for ax in (self._loss, self._right):
            ax.set_xlim(0, result.setting.epochs)
        return True

    def _move_curves(self, result):
        pairs = (
            (result.losses, result.validation_losses),
            (result.accuracies, result.validation_accuracies),
        )
        for lines, values in zip(self._curves, pairs, strict=True):
            for line, value in zip(lines, values, strict=True):
                line.set_data(result.at, np.minimum(np.nan_to_num(value, nan=LOSS_TOP), LOSS_TOP))

    def _move_weights(self, result):
        of_classes = result.setting.net == "softmax"
        shown = mosaic(result.pictures, 4 if of_classes else 5, NAME_ROOM if of_classes else GAP)
        largest = max(0.05, float(np.quantile(np.abs(result.pictures), 0.995)))
        self._weights.set_data(shown)
        self._weights.set_clim(-largest, largest)
        self._weights.set_extent((0, shown.shape[1], shown.shape[0], 0))
        self._weights_ax.set(xlim=(0, 150), ylim=(120, 0))
        for name in self._names:
            name.set_visible(of_classes and result.view == "training")

    def _move_confusion(self, result, images):
        table = result.confusion
        mistakes = table - np.diag(np.diag(table))
        self._matrix.set_data(mistakes)
        for words, count in zip(self._counts, table.ravel(), strict=True):
            words.set_text(str(count) if count else "")
        for (said, squares), (label, called, times) in zip(
            self._pairs, result.confused_pairs(PAIRS), strict=True
        ):
            said.set_text(f"{NAMES[label]}, called {NAMES[called]}: {times} times")
            found = np.flatnonzero((result.labels == label) & (result.answers == called))[:EXAMPLES]
            for k, square in enumerate(squares):
                square.set_data(images[found[k]] if k < len(found) else np.zeros((SIDE, SIDE)))

    def _move_mistakes(self, result, images):
        places = result.sure_mistakes(MISTAKES)
        for k, (image, words) in enumerate(self._mistakes):
            if k >= len(places):
                image.set_data(np.zeros((SIDE, SIDE)))
                words.set_text("")
                continue
            at = places[k]
            image.set_data(images[at])
            sure = percent(result.probabilities[at].max())
            words.set_text(f"is: {SHORT[result.labels[at]]}\n{SHORT[result.answers[at]]}, {sure} sure")


def _title(result):
    of = result.setting
    name = "Softmax regression" if of.net == "softmax" else "Net with 256 hidden units"
    images = "" if of.images == TRAIN else f", {of.images:,} images"
    doing = {
        "training": "does it learn?",
        "confusion": "which clothes does it mix up?",
        "mistakes": "where is it sure, and wrong?",
    }[result.view]
    return f"{name}, rate {of.rate:.2g}, batch {of.batch_size}{images}: {doing}"


def mosaic(pictures: np.ndarray, columns: int, gap: int) -> np.ndarray:
    """Lay pictures side by side in rows, 2 pixels apart, the rows `gap` pixels apart; nan between them.

    Parameters
    ----------
    pictures : ndarray, shape (P, 28, 28)
    columns, gap : int
    """
    rows = -(-len(pictures) // columns)
    shown = np.full((rows * (SIDE + gap), columns * (SIDE + GAP)), np.nan, pictures.dtype)
    for k, picture in enumerate(pictures):
        y, x = (k // columns) * (SIDE + gap), (k % columns) * (SIDE + GAP)
        shown[y : y + SIDE, x : x + SIDE] = picture
    return shown


def _under_tiles():
    """Return the middle of the lower edge of each of the ten tiles of softmax regression."""
    for k in range(10):
        row, column = divmod(k, 4)
        yield column * (SIDE + GAP) + SIDE / 2, row * (SIDE + NAME_ROOM) + SIDE + 0.5
