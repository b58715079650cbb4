"""Which run learns? The losses of several runs, one line each."""

import numpy as np
from matplotlib.lines import Line2D

from coursekit.experiments.loss_curves import LossCurves as Curves
from coursekit.plots.picture import Picture
from coursekit.plots.style import (
    BATCH_NORM,
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    VERMILION,
    WITHOUT_NORM,
)

# Told apart by colour and by dashes, for those who see one of them badly.
LOOKS = tuple(
    zip(
        (BLUE, VERMILION, GREEN, PURPLE, ORANGE, INK),
        ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)), (0, (8, 3)), (0, (2, 3))),
        strict=True,
    )
)
# What has a colour of its own throughout the course.
NAMED = {"with batch norm": (BATCH_NORM, LOOKS[0][1]), "no batch norm": (WITHOUT_NORM, LOOKS[1][1])}


class LossCurves(Picture):
    """The `LossCurves` of diagnostics, up to six runs, with the loss of guessing.

    Parameters
    ----------
    result : LossCurves, optional
    log : bool
        Whether the loss has a logarithmic axis.
    """

    size = (7.5, 3.2)

    def __init__(self, result: Curves | None = None, *, log: bool = False):
        self._log = log
        super().__init__(result)

    def build(self) -> None:
        """Make one axis, six lines and room for their names."""
        self._ax = ax = self.figure.add_axes((0.09, 0.155, 0.66, 0.74))
        ax.set(xlabel="step", ylabel="loss", yscale="log" if self._log else "linear")
        ax.set_title("Which run learns?", loc="left", weight="bold")
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        self._guessing = ax.axhline(1, color=GREY, lw=1, ls=":")
        self._lines = [
            self.moving(ax.add_line(Line2D([], [], color=colour, ls=dashes, lw=2)))
            for colour, dashes in LOOKS
        ]
        self._frame_key: tuple | None = None

    def move(self, result: Curves) -> bool:
        """Draw the runs of `result`; the frame changes with their names, their length and their range."""
        if len(result.names) > len(LOOKS):
            raise ValueError(f"at most {len(LOOKS)} runs can be told apart; got {len(result.names)}.")
        steps = result.losses.shape[1]
        low, high = self._range(result)
        for i, line in enumerate(self._lines):
            known = result.losses[i] if i < len(result.names) else np.empty(0)
            line.set_data(np.arange(len(known)), np.clip(known, low, None))
        key = (result.names, steps, low, high, result.guessing)
        if key == self._frame_key:
            return False
        self._frame_key = key
        self._ax.set(xlim=(0, max(steps - 1, 1)), ylim=(low, high))
        self._guessing.set_ydata([result.guessing] * 2)
        for name, line, look in zip(result.names, self._lines, LOOKS, strict=False):
            colour, dashes = NAMED.get(name, look)
            line.set(color=colour, linestyle=dashes)
        handles = [*self._lines[: len(result.names)], self._guessing]
        names = [*result.names, "guessing"]
        if result.classes is None:
            handles, names = handles[:-1], names[:-1]
        self._ax.legend(handles, names, loc="upper left", bbox_to_anchor=(1.01, 1.03), handlelength=2.6)
        return True

    def _range(self, result):
        """Return round limits that hold every finite loss."""
        finite = result.losses[np.isfinite(result.losses)]
        top = max(finite.max(initial=0), 0 if result.classes is None else result.guessing, 1e-6)
        if not self._log:
            step = 10.0 ** np.floor(np.log10(top))
            return 0.0, step * np.ceil(1.02 * top / step)
        bottom = min(finite[finite > 0].min(initial=top), top / 10)
        return 10.0 ** np.floor(np.log10(bottom)), 10.0 ** np.ceil(np.log10(1.02 * top))
