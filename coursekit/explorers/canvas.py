"""A live canvas in the notebook for a figure that pyplot knows nothing of."""

import threading
import warnings
from unittest import mock

import matplotlib as mpl

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
