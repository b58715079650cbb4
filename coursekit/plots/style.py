"""The one place for colours, fonts and sizes."""

from typing import Any

from coursekit.palette import BLUE, DARK_ORANGE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION

# One colour has one meaning in the whole course, wherever nets are compared.
WITHOUT_NORM = VERMILION
BATCH_NORM = BLUE
LAYER_NORM = GREEN
GROUP_NORM = ORANGE
DROPOUT = PURPLE
NOISE = INK
# Within one picture: what was measured or drawn, and what a rule or a formula says of it.
MEASURED, PREDICTED = BLUE, VERMILION

STATE_COLOURS = {
    "alive": BLUE,
    "vanished": PURPLE,
    "exploded": VERMILION,
    "stuck": ORANGE,
    "diverged": GREY,
}

STATE_LABELS = {
    "alive": "alive",
    "vanished": "vanished",
    "exploded": "exploded",
    "stuck": "saturated or dead",
    "diverged": "diverged",
}
FLAT_COLOUR = DARK_ORANGE

RC: dict[Any, Any] = {
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.labelsize": 9.5,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
}
