"""A renderer that keeps the letters it has drawn: most words of a picture are the same at the next move.

Laying out and rasterising a short text takes matplotlib more than a millisecond, longer than all lines of a
panel. What comes of it depends on the words, their font and where they stand, so it is kept under those.
"""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

Stamp = tuple[np.ndarray, int, int, float]


class _Recorder:
    """Stands in for the inner renderer while one text is drawn: passes all on, and notes the letters."""

    def __init__(self, inner):
        self._inner = inner
        self.stamps: list[Stamp] = []
        self.only_letters = True

    def draw_text_image(self, image, x, y, angle, gc):
        self.stamps.append((np.array(image), x, y, angle))
        self._inner.draw_text_image(image, x, y, angle, gc)

    def __getattr__(self, name):
        self.only_letters = False
        return getattr(self._inner, name)


class KeepingRenderer(RendererAgg):
    """Draws as `RendererAgg` does, pixel for pixel, and the same text at the same place faster."""

    MOST = 600  # texts; then it begins anew

    def __init__(self, width: float, height: float, dpi: float):
        super().__init__(width, height, dpi)
        self._kept: dict[tuple[Any, ...], list[Stamp]] = {}

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Draw a text whose baseline begins at x, y."""
        how = (gc.get_antialiased(), mpl.rcParams["text.hinting"], mpl.rcParams["text.hinting_factor"])
        of_artist = () if mtext is None else (mtext.get_fontfeatures(), mtext.get_language())
        key = (s, x, y, hash(prop), angle, ismath, how, str(of_artist))
        stamps = self._kept.get(key)
        if stamps is None:
            self._draw_and_keep(key, gc, x, y, s, prop, angle, ismath, mtext)
            return
        for image, left, bottom, turned in stamps:
            self._renderer.draw_text_image(image, left, bottom, turned, gc)

    def _draw_and_keep(self, key, gc, *args):
        inner = self._renderer
        self._renderer = recorder = _Recorder(inner)
        try:
            super().draw_text(gc, *args)
        finally:
            self._renderer = inner
        if recorder.only_letters:
            if len(self._kept) >= self.MOST:
                self._kept.clear()
            self._kept[key] = recorder.stamps
