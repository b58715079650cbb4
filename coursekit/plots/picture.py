"""A picture that is drawn once and then moved: what makes a slider feel immediate.

Drawing text and ticks costs more than everything else in a figure. So a picture keeps its artists,
keeps the finished frame (axes, ticks, labels) as an image, and on an update draws only what moved.
"""

import io
from typing import Any, Protocol, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.plots.style import RC
from coursekit.plots.theme import Theme

A = TypeVar("A", bound=Artist)


class Moving(Protocol):
    """What `Picture.moving` is: told of an artist that moves, it gives it back."""

    def __call__(self, artist: A, /) -> A:
        """Register an artist that `move` sets."""


class Follower(Protocol):
    """Somebody who shows a picture elsewhere, such as a canvas in the browser."""

    def changed(self) -> None:
        """React to artists that have moved: call the picture's `draw`, now or when somebody looks."""

    def drawn(self, pixels: np.ndarray) -> None:
        """Take the finished buffer, (height, width, 4) uint8, which the next draw overwrites."""


class Picture:
    """Base of all pictures. A subclass makes its axes in `build` and moves its artists in `move`.

    Parameters
    ----------
    result : object, optional
        A frozen result to show at once.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot, so that no global list of figures grows.
    size : tuple of float
        Width and height in inches, set by the subclass.
    """

    size = (9.8, 5.0)

    def __init__(self, result: Any = None):
        self._moving: list[Artist] = []
        self._background = None
        self._outdated = True
        self._follower: Follower | None = None
        with mpl.rc_context(RC):
            self.figure = Figure(figsize=self.size)
            FigureCanvasAgg(self.figure)
            self.build()
            veil = Rectangle((0, 0), 1, 1, transform=self.figure.transFigure, color="white", alpha=0.7)
            self._veil = self.moving(self.figure.add_artist(veil))
            self._veil.set(visible=False, zorder=100)
        self._dpi = self.figure.dpi
        self._theme = Theme()
        self.figure.canvas.mpl_connect("draw_event", self._after_full_draw)
        if result is not None:
            self.update(result)

    def build(self) -> None:
        """Make axes and artists; hand those that move to `moving`."""
        raise NotImplementedError

    def move(self, result: Any) -> bool:
        """Set the artists to `result`; return True if the frame (limits, ticks, titles) changed too."""
        raise NotImplementedError

    def moving(self, artist: A) -> A:
        """Register an artist that `move` sets; it is drawn on top of the kept frame."""
        artist.set_animated(True)
        self._moving.append(artist)
        return artist

    def follow(self, follower: Follower) -> None:
        """Tell `follower` from now on when the picture has to be drawn, and when it has been."""
        self._follower = follower
        self._background = None
        self._outdated = True

    def scale(self, ratio: float) -> None:
        """Draw with `ratio` times as many pixels each way, for a screen that has finer ones."""
        if self.figure.dpi != ratio * self._dpi:
            self.figure.dpi = ratio * self._dpi
            self._background = None
            self._outdated = True
            self._tell_change()

    def darken(self, dark: bool) -> None:
        """Put on the colours of a dark page, or those of a light one."""
        if self._theme.dark != dark:
            self._theme.dark = dark
            self._theme.dress(self.figure.findobj())
            self._background = None
            self._outdated = True
            self._tell_change()

    def update(self, result: Any) -> None:
        """Move the artists to `result`. A follower draws them; else the next `png` does."""
        self._veil.set_visible(False)
        frame_changed = True  # unless `move` gets to its end and says no
        try:
            with mpl.rc_context(RC):
                frame_changed = self.move(result)
        finally:
            self._theme.dress(self.figure.findobj() if frame_changed else self._moving)
            if frame_changed:
                self._background = None
            self._outdated = True
        self._tell_change()

    def veil(self) -> None:
        """Grey the picture: what it shows is no longer what the controls say."""
        self._veil.set_visible(True)
        self._outdated = True
        self._tell_change()

    def draw(self) -> None:
        """Bring the canvas's buffer up to date: only what moved, unless the frame changed."""
        if not self._outdated:
            return
        canvas = self.figure.canvas
        if self._background is None:
            canvas.draw()  # and then `_after_full_draw`
            return
        canvas.restore_region(self._background)
        self._draw_moving()
        self._is_drawn()

    def _tell_change(self):
        if self._follower is not None:
            self._follower.changed()

    def _after_full_draw(self, event):
        canvas = self.figure.canvas
        if canvas.is_saving() or event.canvas is not canvas:
            return
        self._background = canvas.copy_from_bbox(self.figure.bbox)
        self._draw_moving()
        self._is_drawn()

    def _is_drawn(self):
        self._outdated = False
        if self._follower is not None:
            self._follower.drawn(np.asarray(self.figure.canvas.buffer_rgba()))

    def _draw_moving(self):
        for artist in sorted(self._moving, key=lambda a: a.get_zorder()):
            if artist.get_visible():
                self.figure.draw_artist(artist)

    def png(self) -> bytes:
        """Return the picture as PNG data."""
        # Saving redraws the canvas's own buffer, so the kept frame no longer fits it.
        self._background = None
        self._outdated = True
        # Saving leaves out animated artists that stand on the figure itself, such as the veil.
        for artist in self._moving:
            artist.set_animated(False)
        try:
            with io.BytesIO() as file, mpl.rc_context(RC):
                self.figure.savefig(file, format="png", dpi=self.figure.dpi)
                return file.getvalue()
        finally:
            for artist in self._moving:
                artist.set_animated(True)

    def _repr_png_(self) -> bytes:
        return self.png()

    def __repr__(self) -> str:
        return f"<picture: {type(self).__name__}>"
