"""A live canvas in the notebook for a figure that pyplot knows nothing of."""

import threading
import warnings
from unittest import mock

import matplotlib as mpl
import numpy as np

from coursekit.explorers import png
from coursekit.plots import Picture

# Importing ipympl would make it pyplot's backend (its __init__ calls matplotlib.use). The reader's own
# plt.plot should stay what it was.
with mock.patch.object(mpl, "use"):
    from ipympl.backend_nbagg import Canvas, FigureManager


class LiveCanvas(Canvas):
    """An ipympl canvas that answers the browser only while its explorer is not computing or drawing.

    JupyterLab's messages arrive on another thread than the cells run on, so a browser asking for a
    redraw could otherwise meet a half-moved picture.
    """

    def __init__(self, picture: Picture, lock: threading.RLock):
        self._explorer_lock = lock
        super().__init__(picture.figure)
        self.toolbar_visible = False
        self.header_visible = False
        self.footer_visible = False
        self.resizable = False
        with warnings.catch_warnings():
            # ipympl 0.10's own toolbar trips a deprecation of traitlets; nothing of ours does.
            warnings.filterwarnings("ignore", "Passing unrecognized arguments", DeprecationWarning)
            FigureManager(self, 0)
        picture.watch()

    def _handle_message(self, widget, content, buffers):
        with self._explorer_lock:
            super()._handle_message(widget, content, buffers)

    def get_diff_image(self) -> bytes | None:
        """Return what changed since the last frame as PNG data, None if nothing was drawn.

        As matplotlib's own, for a picture without transparency, with the faster encoder.
        """
        if not self._png_is_old or self._force_full:
            return super().get_diff_image()
        pixels = np.asarray(self.get_renderer().buffer_rgba())
        frame = pixels.view(np.uint32).squeeze(2)
        if frame.shape != self._last_buff.shape:
            return super().get_diff_image()
        self.set_image_mode("diff")
        changed = np.where(frame != self._last_buff, frame, 0)
        self._last_buff = frame.copy()
        self._png_is_old = False
        return png.encode(changed.view(np.uint8).reshape(pixels.shape))
