"""What `artists_data` reads: whatever a viewer could tell from two figures."""

import matplotlib.colors as mcolors
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, StepPatch

from tests.artists import artists_data, differences, frame_data


def made():
    """One artist of every kind that the pictures use."""
    figure = Figure(figsize=(4, 3))
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    ax.plot([0, 1], [1, 2], "o-", label="a line")
    ax.text(0.5, 0.5, "words")
    ax.annotate("here", (0.1, 0.2), (0.3, 0.4))
    ax.add_patch(StepPatch([1, 2], [0, 1, 2], fill=True))
    ax.add_patch(FancyArrowPatch((0, 0), (1, 1)))
    ax.add_collection(PolyCollection([[(0, 0), (1, 0), (1, 1)]]))
    ax.imshow(np.arange(4.0).reshape(2, 2), extent=(0, 1, 0, 1))
    ax.legend(loc="upper left")
    ax.set_title("title")
    ax.grid(axis="y")
    return figure, ax


CHANGES = {
    "line data": lambda ax: ax.lines[0].set_ydata([1, 3]),
    "line colour": lambda ax: ax.lines[0].set_color("red"),
    "line dashes": lambda ax: ax.lines[0].set_linestyle((0, (3, 2))),
    "line width": lambda ax: ax.lines[0].set_linewidth(3),
    "marker": lambda ax: ax.lines[0].set_marker("s"),
    "marker's face": lambda ax: ax.lines[0].set_markerfacecolor("white"),
    "words": lambda ax: ax.texts[0].set_text("other words"),
    "place of words": lambda ax: ax.texts[0].set_position((0.5, 0.6)),
    "style of words": lambda ax: ax.texts[0].set_style("italic"),
    "point of a note": lambda ax: setattr(ax.texts[1], "xy", (0.9, 0.2)),
    "heights of bars": lambda ax: ax.patches[0].set_data([2, 1]),
    "edges of bars": lambda ax: ax.patches[0].set_data(edges=[0, 1, 3]),
    "colour of bars": lambda ax: ax.patches[0].set_facecolor("red"),
    "ends of an arrow": lambda ax: ax.patches[1].set_positions((0, 0), (1, 2)),
    "corners of a shape": lambda ax: ax.collections[0].set_verts([[(0, 0), (1, 0), (1, 2)]]),
    "colour of a shape": lambda ax: ax.collections[0].set_facecolor("red"),
    "numbers of a map": lambda ax: ax.images[0].set_data(np.ones((2, 2))),
    "extent of a map": lambda ax: ax.images[0].set_extent((0, 2, 0, 1)),
    "scale of a map": lambda ax: ax.images[0].set_norm(mcolors.Normalize(0, 9)),
    "colours of a map": lambda ax: ax.images[0].set_cmap("magma"),
    "an artist is hidden": lambda ax: ax.images[0].set_visible(False),
    "an artist comes": lambda ax: ax.plot([0], [0]),
    "an artist goes": lambda ax: ax.lines[0].remove(),
    "what lies above": lambda ax: ax.lines[0].set_zorder(0),
    "title": lambda ax: ax.set_title("another"),
    "label": lambda ax: ax.set_xlabel("s"),
    "limits": lambda ax: ax.set_xlim(0, 7),
    "scale": lambda ax: ax.set_xscale("symlog"),
    "ticks": lambda ax: ax.set_xticks([0, 1]),
    "tick words": lambda ax: ax.set_xticks(ax.get_xticks(), ["x"] * len(ax.get_xticks())),
    "grid": lambda ax: ax.grid(axis="x"),
    "place of a panel": lambda ax: ax.set_position((0.1, 0.1, 0.8, 0.7)),
    "legend's words": lambda ax: ax.get_legend().get_texts()[0].set_text("the line"),
    "legend's line": lambda ax: ax.get_legend().legend_handles[0].set_color("red"),
    "legend's place": lambda ax: ax.get_legend().set_loc("lower right"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_told(change):
    figure, ax = made()
    change(ax)
    assert differences(artists_data(made()[0]), artists_data(figure))


def test_drawing_changes_nothing_and_equals_are_equal():
    figure, _ = made()
    before = artists_data(figure)
    figure.canvas.draw()
    assert differences(before, artists_data(figure)) == differences(before, artists_data(made()[0])) == []


def test_what_is_read_does_not_change_with_the_figure():
    figure, ax = made()
    before = artists_data(figure)
    for change in list(CHANGES.values())[:20]:
        change(ax)
    assert differences(before, artists_data(made()[0])) == []


def test_a_moving_artist_is_no_part_of_the_frame():
    figure, ax = made()
    ax.lines[0].set_animated(True)
    before = frame_data(figure)
    ax.lines[0].set_ydata([7, 7])
    assert differences(before, frame_data(figure)) == []
    ax.set_title("another")
    assert differences(before, frame_data(figure)) == ["Axes 1/Text 2: text is 'title', not 'another'"]
