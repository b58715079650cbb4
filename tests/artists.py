"""All that a figure shows, as plain data: two figures can be compared without drawing either.

What a full draw would only find out by itself is left out: extents of texts, colours of a mapped collection
(its numbers, its scale and its map are there), tick marks (their places, their words and their looks are).
"""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.offsetbox import OffsetBox
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text


def artists_data(figure: Figure) -> dict[str, object]:
    """Return what every artist of a figure shows: its path, such as "Axes 1/Line2D 2", → its numbers."""
    found = {"figure": {"size": tuple(figure.get_size_inches()), "dpi": figure.dpi}}
    _walk(figure, "", found)
    return found


def frame_data(figure: Figure) -> dict[str, object]:
    """Return the same of those artists alone that a picture does not move: they need a full draw."""
    return {path: numbers for path, numbers in artists_data(figure).items() if not numbers.get("moves")}


def differences(one: dict[str, object], other: dict[str, object]) -> list[str]:
    """Return in words where two figures differ, nothing if they show the same."""
    lines = [f"only one of them has {path}" for path in sorted(set(one) ^ set(other))]
    for path in sorted(set(one) & set(other)):
        for name in sorted(set(one[path]) | set(other[path])):
            a, b = (side[path].get(name) for side in (one, other))
            if not _equal(a, b):
                lines.append(f"{path}: {name} is {_short(a)}, not {_short(b)}")
    return lines


def _short(value):
    text = np.array2string(value, threshold=6) if isinstance(value, np.ndarray) else repr(value)
    return text if len(text) < 120 else f"{text[:117]}…"


def _equal(a, b):
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == b.dtype.kind == "f")
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(_equal, a, b))
    return type(a) is type(b) and (a == b or (a != a and b != b))


def _walk(artist, path, found):
    counts = {}
    for child in artist.get_children():
        if isinstance(artist, Legend) and child is artist.legendPatch:
            continue  # placed by the draw
        kind = type(child).__name__
        counts[kind] = counts.get(kind, 0) + 1
        here = f"{path}/{kind} {counts[kind]}".lstrip("/")
        found[here] = _numbers(child)
        if isinstance(artist, Axes) and child in (artist.title, artist._left_title, artist._right_title):
            found[here].pop("place", None)  # found by the draw
        if child.get_visible() and isinstance(child, Axes | Legend | OffsetBox):
            _walk(child, here, found)


def _numbers(artist: Artist) -> dict[str, object]:
    """Return what one artist shows: where a hidden one would stand is nobody's business."""
    if not artist.get_visible():
        return {"visible": False, "moves": artist.get_animated()}
    numbers = {
        "visible": artist.get_visible(),
        "moves": artist.get_animated(),
        "zorder": float(artist.get_zorder()),
        "alpha": artist.get_alpha(),
        "clipped": artist.get_clip_on(),
    }
    for kind, of_kind in _KINDS.items():
        if isinstance(artist, kind):
            return numbers | of_kind(artist)
    return numbers


def _line(line):
    return {
        "data": np.array(line.get_xydata(), float),
        "colour": to_hex(line.get_color(), keep_alpha=True),
        "dashes": repr(line._dash_pattern),
        "width": line.get_linewidth(),
        "marker": repr(line.get_marker()),
        "marker size": line.get_markersize(),
        "marker colours": [_colour(line.get_markerfacecolor()), _colour(line.get_markeredgecolor())],
    }


def _text(text):
    place = text.xy if isinstance(text, Annotation) else ()
    return {
        "text": text.get_text(),
        "place": np.array([*text.get_position(), *place], float),
        "colour": to_hex(text.get_color(), keep_alpha=True),
        "style": (text.get_style(), text.get_weight(), text.get_fontsize(), text.get_fontname()),
        "alignment": (text.get_ha(), text.get_va(), text.get_rotation()),
    }


def _patch(patch):
    # An arrow's path is cut on the screen; its two ends tell all.
    arrow = isinstance(patch, FancyArrowPatch)
    return {
        "outline": np.array(patch._posA_posB, float)
        if arrow
        else patch.get_patch_transform().transform(patch.get_path().vertices),
        "colours": [_colour(patch.get_facecolor()), _colour(patch.get_edgecolor())],
        "line": (patch.get_linewidth(), repr(patch._dash_pattern), patch.get_fill()),
    }


def _collection(collection):
    mapped = collection.get_array() is not None
    return {
        "outlines": [path.vertices.copy() for path in collection.get_paths()],
        "offsets": np.array(collection.get_offsets(), float),
        "edges": np.array(collection.get_edgecolor(), float),
        "faces": None if mapped else np.array(collection.get_facecolor(), float),
        "widths": np.array(collection.get_linewidth(), float),
        **(_mapped(collection) if mapped else {}),
    }


def _image(image):
    return {"extent": tuple(image.get_extent()), "smooth": image.get_interpolation(), **_mapped(image)}


def _mapped(artist):
    norm = artist.norm
    return {
        "array": np.ma.filled(np.ma.asarray(artist.get_array(), float), np.nan),
        "scale": (type(norm).__name__, norm.vmin, norm.vmax, tuple(getattr(norm, "boundaries", ()))),
        "map": artist.cmap.name,
    }


def _axes(ax):
    return {
        "place": np.array(ax.get_position(original=True).bounds),
        "limits": (ax.get_xlim(), ax.get_ylim()),
        "scales": (ax.get_xscale(), ax.get_yscale()),
    }


def _axis(axis):
    numbers = {"label": axis.label.get_text(), "label colour": _colour(axis.label.get_color())}
    for which, ticker, places in (
        ("major", axis.major, axis.get_majorticklocs()),
        ("minor", axis.minor, axis.get_minorticklocs()),
    ):
        low, high = sorted(axis.get_view_interval())
        inside = np.array([place for place in places if low <= place <= high], float)
        numbers[f"{which} ticks"] = inside
        numbers[f"{which} words"] = list(map(str, ticker.formatter.format_ticks(places)))
        numbers[f"{which} looks"] = repr(sorted(axis.get_tick_params(which).items()))
    return numbers


def _legend(legend):
    place = legend.get_bbox_to_anchor().bounds if legend._bbox_to_anchor is not None else ()
    return {"place": np.array(place, float), "where": legend._loc, "columns": legend._ncols}


def _colour(colour):
    return colour if isinstance(colour, str) and colour == "none" else to_hex(colour, keep_alpha=True)


_KINDS = {
    Line2D: _line,
    Text: _text,
    Spine: lambda spine: {"colour": _colour(spine.get_edgecolor())},
    Patch: _patch,
    Collection: _collection,
    AxesImage: _image,
    Axes: _axes,
    Axis: _axis,
    Legend: _legend,
}
