"""Kept letters are the letters that matplotlib would draw, and are drawn once."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from coursekit.explorers.kept_text import KeepingRenderer


class KeepingCanvas(FigureCanvasAgg):
    """A canvas with a `KeepingRenderer`."""

    def get_renderer(self):
        if not isinstance(getattr(self, "renderer", None), KeepingRenderer):
            self.renderer = KeepingRenderer(*self.get_width_height(physical=True), self.figure.dpi)
        return self.renderer


def one_text(canvas):
    figure = Figure(figsize=(3, 1))
    canvas(figure)
    return figure, figure.text(0.1, 0.4, "−0.37 gray")


@pytest.fixture
def rendered(monkeypatch):
    """How often matplotlib itself laid out and rasterised a text."""
    count, inner = [], RendererAgg.draw_text

    def counted(self, gc, x, y, s, *args, **kwargs):
        count.append(s)
        return inner(self, gc, x, y, s, *args, **kwargs)

    monkeypatch.setattr(RendererAgg, "draw_text", counted)
    return count


CHANGES = [
    {"text": "p = 0.25"},
    {"color": "#D55E00"},
    {"alpha": 0.4},
    {"x": 0.303},
    {"y": 0.511},
    {"fontsize": 13},
    {"weight": "bold"},
    {"rotation": 30},
    {"ha": "right"},
    {"text": "$x^2 + \\frac{1}{2}$"},
    {"text": "two\nlines"},
    {"antialiased": False},
    {"fontfeatures": ("-kern",)},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_change_is_seen_and_equals_a_plain_drawing(change):
    kept, text = one_text(KeepingCanvas)
    kept.canvas.draw()
    text.set(**change)
    for _ in range(2):  # drawn, and drawn again from what was kept
        kept.canvas.draw()
        plain, other = one_text(FigureCanvasAgg)
        other.set(**change)
        plain.canvas.draw()
        np.testing.assert_array_equal(
            np.asarray(kept.canvas.buffer_rgba()), np.asarray(plain.canvas.buffer_rgba())
        )


def test_the_same_text_is_laid_out_once(rendered):
    figure, text = one_text(KeepingCanvas)
    for colour in ("black", "red", "black"):
        text.set_color(colour)
        figure.canvas.draw()
    assert rendered == ["−0.37 gray"]


def test_another_hinting_is_another_drawing(rendered):
    figure, _ = one_text(KeepingCanvas)
    figure.canvas.draw()
    with mpl.rc_context({"text.hinting": "none"}):
        figure.canvas.draw()
    assert len(rendered) == 2


def test_it_begins_anew_before_it_keeps_too_much(monkeypatch):
    monkeypatch.setattr(KeepingRenderer, "MOST", 5)
    figure, text = one_text(KeepingCanvas)
    for k in range(12):
        text.set_text(str(k))
        figure.canvas.draw()
        assert len(figure.canvas.renderer._kept) <= 5
