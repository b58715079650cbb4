"""A picture that is drawn once and then moved: what makes a slider feel immediate.

Drawing text and ticks costs more than everything else in a figure. So a picture keeps its artists,
keeps the finished frame (axes, ticks, labels) as an image, and on an update draws only what moved.
"""

import io

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from coursekit.plots.style import RC


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

    def __init__(self, result: object = None):
        self._moving: list[Artist] = []
        self._background = None
        with mpl.rc_context(RC):
            self.figure = Figure(figsize=self.size)
            FigureCanvasAgg(self.figure)
            self.build()
            veil = Rectangle((0, 0), 1, 1, transform=self.figure.transFigure, color="white", alpha=0.7)
            self._veil = self.moving(self.figure.add_artist(veil))
            self._veil.set(visible=False, zorder=100)
        self.watch()
        if result is not None:
            self.update(result)

    def build(self) -> None:
        """Make axes and artists; hand those that move to `moving`."""
        raise NotImplementedError

    def move(self, result: object) -> bool:
        """Set the artists to `result`; return True if the frame (limits, ticks, titles) changed too."""
        raise NotImplementedError

    def moving(self, artist: Artist) -> Artist:
        """Register an artist that `move` sets; it is drawn on top of the kept frame."""
        artist.set_animated(True)
        self._moving.append(artist)
        return artist

    def watch(self) -> None:
        """Follow the draws of the figure's present canvas; call it again after a change of canvas."""
        self.figure.canvas.mpl_connect("draw_event", self._after_full_draw)

    def update(self, result: object) -> None:
        """Show `result`: moved artists on the kept frame, or a full draw where the frame changed."""
        self._veil.set_visible(False)
        with mpl.rc_context(RC):
            frame_changed = self.move(result)
        self._show(full=frame_changed)

    def veil(self) -> None:
        """Grey the picture: what it shows is no longer what the controls say."""
        self._veil.set_visible(True)
        self._show(full=False)

    def _show(self, *, full):
        canvas = self.figure.canvas
        # A live canvas that no browser has taken over yet must not be blitted: it would stay blank
        # for ever (ipympl issue 472). draw_idle only asks for a draw, which the browser fetches.
        connected = not getattr(canvas, "syncing_data_url", False)
        if full or self._background is None or not connected:
            self._background = None
            canvas.draw_idle()
            return
        canvas.restore_region(self._background)
        self._draw_moving()
        canvas.blit(self.figure.bbox)

    def _after_full_draw(self, event):
        canvas = self.figure.canvas
        if canvas.is_saving() or event.canvas is not canvas:
            return
        self._background = canvas.copy_from_bbox(self.figure.bbox)
        self._draw_moving()

    def _draw_moving(self):
        for artist in sorted(self._moving, key=lambda a: a.get_zorder()):
            if artist.get_visible():
                self.figure.draw_artist(artist)

    def png(self) -> bytes:
        """Return the picture as PNG data."""
        # Saving redraws the canvas's own buffer, so the kept frame no longer fits it.
        self._background = None
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
