"""Batch normalization as a table of all its numbers, above the sigmoid that the values go into."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from coursekit.diagnostics.batch_norm_steps import FLAT_SLOPE, BatchNormSteps
from coursekit.plots.picture import Picture
from coursekit.plots.style import BLUE, GREY, INK, VERMILION

SAMPLES, FEATURES = ("A", "B", "C"), 2
COLOURS, MARKERS = (BLUE, VERMILION), ("o", "s", "^")
REACH = 20.0
# Where each group of columns stands, and its two columns within it.
GROUPS = np.array([0.2, 0.37, 0.54, 0.71, 0.885])
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
    """The steps of a `BatchNormSteps` of 3 samples × 2 features, and where its values lie on a sigmoid."""

    size = (8.6, 5.6)

    def build(self):
        """Make the empty table and two sigmoids."""
        self._table = ax = self.figure.add_axes((0.01, 0.42, 0.98, 0.57))
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.set_axis_off()
        self._cells = {}
        self._build_heads(ax)
        self._build_rows(ax)
        self._used = self.moving(ax.text(0.008, ROWS["used"] - 0.04, "", va="center", fontsize=9))
        panels = [self.figure.add_axes((0.065 + 0.485 * k, 0.085, 0.435, 0.235)) for k in range(FEATURES)]
        self._marks = [self._build_sigmoid(ax, k) for k, ax in enumerate(panels)]
        self._build_legend()

    def _build_heads(self, ax):
        for group, (step, formula) in zip(GROUPS, HEADS, strict=True):
            ax.text(group, 0.955, step, ha="center", va="center", weight="bold", fontsize=9.5)
            ax.text(group, 0.875, formula, ha="center", va="center", fontsize=9.5)
            for feature, offset in enumerate(COLUMNS):
                name = f"feature {feature + 1}" if group == GROUPS[0] else f"{feature + 1}"
                x = group + offset * (1.25 if group == GROUPS[0] else 1)
                ax.text(x, 0.785, name, ha="center", va="center", fontsize=8.5, color=COLOURS[feature])
        for y, width in ((0.74, 1.2), (0.445, 0.8), (0.245, 0.8)):
            ax.plot([0.005, 0.995], [y, y], color=GREY, lw=width)

    def _build_rows(self, ax):
        for name in (*SAMPLES, "mean", "spread"):
            label = f"sample {name}" if name in SAMPLES else f"their {name}"
            ax.text(0.008, ROWS[name], label, va="center", fontsize=9)
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
        self._eps = self.moving(ax.text(GROUPS[2], ROWS["used too"], "", ha="center", va="center"))

    def _pair(self, ax, group, y, **style):
        return [
            self.moving(ax.text(GROUPS[group] + dx, y, "", ha="center", va="center", color=colour, **style))
            for dx, colour in zip(COLUMNS, COLOURS, strict=True)
        ]

    def _build_sigmoid(self, ax, feature):
        s = np.linspace(-REACH, REACH, 400)
        ax.set(xlim=(-REACH, REACH), ylim=(-0.12, 1.12), yticks=[0, 0.5, 1])
        ax.set_title(
            f"feature {feature + 1} on a sigmoid", loc="left", color=COLOURS[feature], weight="bold"
        )
        flat = np.log((1 + np.sqrt(1 - 4 * FLAT_SLOPE)) / (1 - np.sqrt(1 - 4 * FLAT_SLOPE)))
        for left in (-REACH, flat):
            ax.add_patch(Rectangle((left, -0.2), REACH - flat, 1.4, color="#F0F0F0", zorder=0))
        ax.text(-REACH + 0.6, 0.5, f"flat: slope\nbelow {FLAT_SLOPE:g}", va="center", fontsize=8.5)
        ax.plot(s, 1 / (1 + np.exp(-s)), color=GREY, lw=1.5)
        return {
            (when, i): self.moving(
                ax.add_line(
                    Line2D(
                        [],
                        [],
                        marker=MARKERS[i],
                        ms=9 if when == "before" else 7,
                        ls="",
                        mec=COLOURS[feature],
                        mfc="white" if when == "before" else COLOURS[feature],
                        mew=1.5,
                        clip_on=False,
                        zorder=4 if when == "before" else 5,
                    )
                )
            )
            for when in ("before", "after")
            for i in range(len(SAMPLES))
        }

    def _build_legend(self):
        style = {"ls": "", "mec": INK, "mew": 1.3, "ms": 7}
        handles = [
            Line2D([], [], marker=m, mfc="white", label=f"{name}", **style)
            for m, name in zip(MARKERS, SAMPLES, strict=True)
        ]
        handles += [
            Line2D([], [], marker="o", mfc="white", label="hollow: before (x)", **style),
            Line2D(
                [], [], marker="o", mfc=INK, label="filled: after (y); at the border: beyond it", **style
            ),
        ]
        self.figure.legend(
            handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.435), ncols=5, fontsize=9
        )

    def move(self, result: BatchNormSteps) -> bool:
        """Write every number and move the marks; the frame never changes."""
        columns = (result.x, result.centred, result.squared, result.x_hat, result.y)
        for group, values in enumerate(columns):
            rows = dict(zip(SAMPLES, values, strict=True))
            rows |= {"mean": values.mean(axis=0), "spread": values.std(axis=0)}
            for name, row in rows.items():
                self._write((name, group), row)
        self._write("mean", result.mean)
        self._write("var", result.var)
        for text, std in zip(self._cells["std"], np.sqrt(result.var + result.eps), strict=True):
            text.set_text(short(std) if std == 0 or std >= 0.1 else tiny(std))
        self._write("gamma", result.gamma)
        self._write("beta", result.beta)
        self._eps.set_text(f"ε = {result.eps:.3g}".replace("-", "−"))
        self._used.set_text("used: this\nbatch's own" if result.training else "used: stored\nin training")
        for feature, marks in enumerate(self._marks):
            for when, values in (("before", result.x), ("after", result.y)):
                for i, value in enumerate(values[:, feature]):
                    at = np.clip(value, -REACH, REACH)
                    marks[when, i].set_data([at], [1 / (1 + np.exp(-at))])
        return False

    def _write(self, key, values):
        for text, value in zip(self._cells.get(key, ()), values, strict=False):
            text.set_text(short(value))


def short(value: float) -> str:
    """Write a number in at most six characters, minus as minus: −3.27, 1,600."""
    text = f"{value:.2f}" if abs(value) < 99.995 else f"{value:,.0f}"
    return text.replace("-0.00", "0.00").replace("-", "−")


def tiny(value: float) -> str:
    """Write a number from 0.0001 to 0.1 in six characters: √ε alone must not read 0.00."""
    return f"{value:.2g}" if value >= 0.001 else f"{value:.1g}"
