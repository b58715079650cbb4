"""The one place for colours, fonts and sizes."""

# Okabe & Ito's palette: told apart with every common kind of colour blindness.
BLUE, ORANGE, GREEN, VERMILION, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7"
GREY, INK = "#8A8A8A", "#222222"

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
FLAT_COLOUR = "#B57700"  # ORANGE, dark enough for text

RC = {
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
