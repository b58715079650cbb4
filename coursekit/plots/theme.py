"""A dark page gets a dark picture: neutral colours and pale tints are turned round, the others stay.

Pictures are written for a light page. On a dark one each artist wears a dark version of its colours. The
light ones are remembered, so that the picture can go back, and a colour that is set anew is noticed.
"""

import colorsys
from collections.abc import Iterable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

# What of each kind of artist has a colour.
PROPERTIES: dict[type[Artist], tuple[str, ...]] = {
    Text: ("color",),
    Line2D: ("color", "markerfacecolor", "markeredgecolor"),
    Patch: ("facecolor", "edgecolor"),
    Collection: ("facecolor", "edgecolor"),
}
# Below this saturation a colour is neutral; above this lightness it is a pale tint.
NEUTRAL, PALE = 0.12, 0.82
DARKEST, LIGHTEST = 0.07, 0.92
DIM = 0.42  # a strong colour that is darker than this is hard to see on black


def dark_version(rgba: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return what a colour of a light picture becomes in a dark one, its opacity unchanged."""
    hue, light, saturation = colorsys.rgb_to_hls(*rgba[:3])
    if saturation < NEUTRAL or light > PALE:
        light = DARKEST + (LIGHTEST - DARKEST) * (1 - light)
        saturation *= 0.6
    else:
        light = max(light, DIM)
    return (*colorsys.hls_to_rgb(hue, light, saturation), rgba[3])


class Theme:
    """Dresses artists for a light or a dark page."""

    def __init__(self) -> None:
        self.dark = False
        self._worn: dict[tuple[int, str], tuple[np.ndarray, np.ndarray]] = {}

    def dress(self, artists: Iterable[Artist]) -> None:
        """Give each artist the colours of the present page; those that wear them already keep them."""
        if not self.dark and not self._worn:
            return
        for artist in artists:
            # All of an artist's colours are read before one is set: markers may follow their line's.
            worn = [(name, _colours(getattr(artist, f"get_{name}")())) for name in _own_colours(artist)]
            for name, colours in worn:
                self._dress(artist, name, colours)

    def _dress(self, artist, name, now):
        key = (id(artist), name)
        light, dark = self._worn.get(key, (None, None))
        if dark is None or not np.array_equal(now, dark):
            light = now  # set anew since, in a light picture's colours
        if self.dark:
            dark = np.array([dark_version(tuple(colour)) for colour in light]).reshape(-1, 4)
            self._worn[key] = light, dark
            _set(artist, name, dark)
        elif dark is not None:
            del self._worn[key]
            _set(artist, name, light)


def _own_colours(artist):
    """Yield the names of the colours that an artist has by itself."""
    for kind, names in PROPERTIES.items():
        if isinstance(artist, kind):
            for name in names:
                by_numbers = isinstance(artist, Collection) and name == "facecolor"
                if by_numbers and artist.get_array() is not None:
                    continue
                # matplotlib has no public way to ask whether a marker follows its line.
                if getattr(artist, f"_{name}", None) != "auto":
                    yield name


def _colours(value):
    """Return colours as rows of red, green, blue and opacity; "none" has no rows."""
    if isinstance(value, str) and value == "none":
        return np.zeros((0, 4))
    if isinstance(value, str) or np.ndim(value) == 1:
        return np.array([to_rgba(value)])
    return np.array(to_rgba_array(value))


def _set(artist, name, colours):
    if not colours[:, 3].any():  # none at all, or nothing to be seen
        return
    value = colours if isinstance(artist, Collection) else tuple(colours[0])
    getattr(artist, f"set_{name}")(value)
