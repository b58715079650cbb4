"""Read a picture as a viewer does: by titles, labels and colours, not by the names of its attributes."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text


def title_of(ax: Axes) -> str:
    """The title of a panel, wherever it stands."""
    return "".join(ax.get_title(loc) for loc in ("left", "center", "right"))


def panel(picture, title: str) -> Axes:
    """The one panel with this title."""
    (found,) = (ax for ax in picture.figure.axes if title_of(ax) == title)
    return found


def panel_over(picture, label: str) -> Axes:
    """The one panel whose horizontal axis has this label."""
    (found,) = (ax for ax in picture.figure.axes if ax.get_xlabel() == label)
    return found


def left_to_right(axes) -> list[Axes]:
    """Panels in the order in which they stand."""
    return sorted(axes, key=lambda ax: ax.get_position().x0)


def looks(artist) -> tuple:
    """What tells one line from another in a legend: colour, dashes, marker."""
    return to_hex(artist.get_color()), artist.get_linestyle(), artist.get_marker()


def lines(ax: Axes, **wanted) -> list[Line2D]:
    """All visible lines of a panel with this colour, marker or linestyle."""
    return [
        line
        for line in ax.lines
        if line.get_visible()
        and all(
            same_color(line.get_color(), value)
            if name == "color"
            else getattr(line, f"get_{name}")() == value
            for name, value in wanted.items()
        )
    ]


def line(ax: Axes, **wanted) -> Line2D:
    """The one line of this look."""
    (found,) = lines(ax, **wanted)
    return found


def data(artist: Line2D) -> tuple[list, list]:
    """What a line shows, as two lists of plain numbers."""
    x, y = artist.get_data()
    return np.asarray(x, float).tolist(), np.asarray(y, float).tolist()


def legend(holder: Axes | Figure) -> dict[str, object]:
    """Label of a legend's row → the handle drawn beside it."""
    made: Legend = holder.get_legend() if isinstance(holder, Axes) else holder.legends[0]
    names = [text.get_text() for text in made.get_texts()]
    return dict(zip(names, made.legend_handles, strict=True))


def words(holder) -> list[str]:
    """All visible texts of a panel or a figure, empty ones left out."""
    return [t.get_text() for t in holder.texts if t.get_visible() and t.get_text()]


def text(holder, start: str) -> Text:
    """The one visible text that begins so."""
    (found,) = (t for t in holder.texts if t.get_visible() and t.get_text().startswith(start))
    return found


def ticks(axis) -> dict[float, str]:
    """Where an axis has its ticks, and what is written there."""
    at = axis.get_majorticklocs()
    return dict(zip(at.tolist(), map(str, axis.get_major_formatter().format_ticks(at)), strict=True))
