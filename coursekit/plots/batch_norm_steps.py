"""Batch normalization as a table of all its numbers, or on the sigmoid that the values go into."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from coursekit.experiments.batch_norm_steps import FLAT_SLOPE, BatchNormSteps
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK, VERMILION
from coursekit.words import digits, narrow, tiny

SAMPLES, FEATURES = ("A", "B", "C"), 2
COLOURS, MARKERS = (BLUE, VERMILION), ("o", "s", "^")
REACH = 20.0
# Where each group of columns stands, and its two columns within it.
GROUPS = np.array([0.195, 0.36, 0.53, 0.715, 0.9])
COLUMNS = np.array([-0.036, 0.036])
HEADS = (
    ("mini-batch", "x"),
    ("step 1: mean", "x − μ"),
    ("step 2: variance", "(x − μ)²"),
    ("step 3: normalize", "x̂ = (x − μ) / √(v + ε)"),
    ("step 4: scale, shift", "y = γ x̂ + β"),
)
ROWS = {"A": 0.68, "B": 0.59, "C": 0.50, "mean": 0.385, "spread": 0.30, "used": 0.16, "used too": 0.07}


class BatchNormTable(Picture):
    """The steps of a `BatchNormSteps` of 3 samples × 2 features, or where its values lie on a sigmoid."""

    size = (9.2, 4.0)

    def build(self) -> None:
        """Make the empty table, and in the same place two sigmoids; one of both is seen."""
        self._view: str | None = None
        self._of: dict[str, list[Artist]] = {"table": [], "sigmoid": []}
        self._build_table()
        self._build_sigmoids()

    def _seen_in(self, view, artist):
        """Register an artist that moves and belongs to this view."""
        self._of[view].append(artist)
        return self.moving(artist)

    def _build_table(self):
        ax = self.figure.add_axes((0.01, 0.0, 0.98, 1.0))
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.set_axis_off()
        self._cells = {}
        self._build_heads(ax)
        self._build_rows(ax)
        used = ax.text(0.008, ROWS["used"] - 0.04, "", va="center", fontsize=10)
        self._used = self._seen_in("table", used)
        self._table_axes = [ax]

    def _build_sigmoids(self):
        places = [(0.055 + 0.49 * k, 0.135, 0.44, 0.64) for k in range(FEATURES)]
        self._sigmoid_axes = [self.figure.add_axes(place) for place in places]
        self._marks = [self._build_sigmoid(ax, k) for k, ax in enumerate(self._sigmoid_axes)]
        self._build_legend(self._sigmoid_axes[0])

    def _build_heads(self, ax):
        for group, (step, formula) in zip(GROUPS, HEADS, strict=True):
            ax.text(group, 0.955, step, ha="center", va="center", weight="bold", fontsize=10.5)
            ax.text(group, 0.875, formula, ha="center", va="center", fontsize=10.5)
            for feature, offset in enumerate(COLUMNS):
                name = f"feature {feature + 1}" if group == GROUPS[0] else f"{feature + 1}"
                x = group + offset * (1.25 if group == GROUPS[0] else 1)
                ax.text(x, 0.785, name, ha="center", va="center", fontsize=9.5, color=COLOURS[feature])
        for y, width in ((0.74, 1.2), (0.445, 0.8), (0.245, 0.8)):
            ax.plot([0.005, 0.995], [y, y], color=GREY, lw=width)

    def _build_rows(self, ax):
        for name in (*SAMPLES, "mean", "spread"):
            label = f"sample {name}" if name in SAMPLES else f"their {name}"
            ax.text(0.008, ROWS[name], label, va="center", fontsize=10)
            for group in range(len(GROUPS)):
                if (name, group) != ("spread", 2):  # the spread of squares says nothing here
                    self._cells[name, group] = self._pair(ax, group, ROWS[name])
        for key, group, row, symbol in (
            ("mean", 0, "used", "μ"),
            ("var", 2, "used", "v"),
            ("std", 3, "used", ""),
            ("gamma", 4, "used", "γ"),
            ("beta", 4, "used too", "β"),
        ):
            self._cells[key] = self._pair(ax, group, ROWS[row], weight="bold")
            ax.text(GROUPS[group] - 0.077, ROWS[row], symbol, ha="right", va="center")
        ax.text(GROUPS[3], ROWS["used too"], "= √(v + ε)", ha="center", va="center")
        eps = ax.text(GROUPS[2], ROWS["used too"], "", ha="center", va="center")
        self._eps = self._seen_in("table", eps)

    def _pair(self, ax, group, y, **style):
        style = {"ha": "center", "va": "center", "fontsize": 10.5, **style}
        return [
            self._seen_in("table", ax.text(GROUPS[group] + dx, y, "", color=colour, **style))
            for dx, colour in zip(COLUMNS, COLOURS, strict=True)
        ]

    def _build_sigmoid(self, ax, feature):
        s = np.linspace(-REACH, REACH, 400)
        ax.set(xlim=(-REACH, REACH), ylim=(-0.12, 1.12), yticks=[0, 0.5, 1])
        ax.set_xlabel("what goes into the sigmoid")
        ax.set_title(
            f"feature {feature + 1} on a sigmoid", loc="left", color=COLOURS[feature], weight="bold", pad=8
        )
        flat = np.log((1 + np.sqrt(1 - 4 * FLAT_SLOPE)) / (1 - np.sqrt(1 - 4 * FLAT_SLOPE)))
        for left in (-REACH, flat):
            ax.add_patch(Rectangle((left, -0.2), REACH - flat, 1.4, color="#F0F0F0", zorder=0))
        ax.text(-REACH + 0.6, 0.5, f"flat: slope\nbelow {FLAT_SLOPE:g}", va="center", fontsize=9.5)
        ax.plot(s, 1 / (1 + np.exp(-s)), color=GREY, lw=1.5)
        return {(when, i): self._build_mark(ax, when, feature, i)
                for when in ("before", "after") for i in range(len(SAMPLES))}  # fmt: skip

    def _build_mark(self, ax, when, feature, sample):
        colour, before = COLOURS[feature], when == "before"
        look = {"marker": MARKERS[sample], "ls": "", "mec": colour, "mew": 1.7, "clip_on": False}
        look |= {"ms": 12, "mfc": "white", "zorder": 4} if before else {"ms": 9, "mfc": colour, "zorder": 5}
        return self._seen_in("sigmoid", ax.add_line(Line2D([], [], **look)))

    def _build_legend(self, ax):
        style = {"ls": "", "mec": INK, "mew": 1.3, "ms": 8}
        handles = [
            Line2D([], [], marker=m, mfc="white", label=f"sample {name}", **style)
            for m, name in zip(MARKERS, SAMPLES, strict=True)
        ]
        handles += [
            Line2D([], [], marker="o", mfc="white", label="hollow: before (x)", **style),
            Line2D([], [], marker="o", mfc=INK, label="filled: after (y); at the border: beyond", **style),
        ]
        ax.legend(
            handles=handles, loc="upper center", bbox_to_anchor=(0.5, 1.0), ncols=5, fontsize=9.5,
            bbox_transform=self.figure.transFigure, columnspacing=1.3, handletextpad=0.2,
        )  # fmt: skip

    def move(self, result: BatchNormSteps) -> bool:
        """Write every number and move the marks; the frame changes with the view alone."""
        columns = (result.x, result.centred, result.squared, result.x_hat, result.y)
        for group, values in enumerate(columns):
            rows = dict(zip(SAMPLES, values, strict=True))
            rows |= {"mean": values.mean(axis=0), "spread": values.std(axis=0)}
            for name, row in rows.items():
                self._write((name, group), row)
        self._write("mean", result.mean)
        self._write("var", result.var)
        for text, std in zip(self._cells["std"], np.sqrt(result.var + result.eps), strict=True):
            write = narrow if std == 0 or std >= 0.1 else tiny
            text.set_text(write(std))
        self._write("gamma", result.gamma)
        self._write("beta", result.beta)
        self._eps.set_text(f"ε = {digits(result.eps, 2)}")
        self._used.set_text("used: this\nbatch's own" if result.training else "used: stored\nin training")
        for feature, marks in enumerate(self._marks):
            for when, values in (("before", result.x), ("after", result.y)):
                for i, value in enumerate(values[:, feature]):
                    at = np.clip(value, -REACH, REACH)
                    marks[when, i].set_data([at], [1 / (1 + np.exp(-at))])
        changed, self._view = result.view != self._view, result.view
        if changed:
            self._show_view(result.view)
        return changed

    def _show_view(self, view):
        for name, axes in (("table", self._table_axes), ("sigmoid", self._sigmoid_axes)):
            for artist in (*axes, *self._of[name]):
                artist.set_visible(name == view)

    def _write(self, key, values):
        for text, value in zip(self._cells.get(key, ()), values, strict=False):
            text.set_text(narrow(value))
