"""Which frame goes to the browser, and when: one under way, always the newest, the last one always."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.explorers import png


@dataclass
class View:
    """One place on a page that shows the picture, as far as the kernel knows.

    Attributes
    ----------
    shown : int
        Number of the newest frame that the browser says it has painted.
    sent : int
        Number of the frame under way; equal to `shown` if there is none.
    due : float
        When to give up waiting for word of it, in seconds of `time.monotonic`.
    tries : int
        How often in a row that has happened.
    """

    shown: int = 0
    sent: int = 0
    due: float = 0.0
    tries: int = 0

    def is_waiting(self) -> bool:
        """Whether a frame is under way that the browser has not acknowledged."""
        return self.sent > self.shown


class Delivery:
    """Brings the newest complete frame to every view, each at the speed at which that view paints.

    Frames that come while one is under way replace one another: a view that is slow skips some, but never
    the last. A frame that nobody acknowledges is sent again, each time after a longer wait, and a view that
    stays silent is forgotten, until it says hello again.

    Parameters
    ----------
    send : callable
        ``send(view, number, data, shape)`` brings a frame as PNG data on its way. If it raises an
        Exception, the frame counts as lost on the way.

    Notes
    -----
    Threads meet here: cells, the explorer's worker, the browser's messages, the timer. The lock is held for
    no longer than it takes to encode and to send, and nobody waits for the explorer's own lock under it.
    """

    PATIENCE = 2.0  # seconds; doubled with each try
    TRIES = 6

    def __init__(self, send: Callable[[str, int, bytes, tuple[int, int]], None]):
        self._send = send
        self._lock = threading.RLock()
        self._views: dict[str, View] = {}
        self._number = 0
        self._pixels: np.ndarray | None = None
        self._data: bytes | None = None
        self._shape = (0, 0)
        self._timer: threading.Timer | None = None
        self._closed = False

    def knows(self, name: str) -> bool:
        """Whether a view of that name is looking."""
        return name in self._views

    def is_watched(self) -> bool:
        """Whether any view is looking."""
        return bool(self._views)

    def offer(self, pixels: np.ndarray) -> None:
        """Take a new frame, (height, width, 4) uint8; it is copied, and sent to whoever is free."""
        with self._lock:
            if self._closed:
                return
            self._pixels, self._data, self._shape = pixels.copy(), None, pixels.shape[:2]
            self._number += 1
            self._serve()

    def newest(self) -> bytes:
        """Return the newest frame as PNG data, empty if there is none yet."""
        with self._lock:
            # Encoded once for all views, and not at all if the next frame comes before one is free.
            if self._data is None and self._pixels is not None:
                self._data, self._pixels = png.encode(self._pixels), None
            return self._data or b""

    def hello(self, name: str, shown: int = 0) -> None:
        """Serve a view that has appeared, or that asks again, with the newest frame."""
        with self._lock:
            view = self._views.get(name)
            if self._closed or (view is not None and view.shown == shown and view.is_waiting()):
                return  # what it asks for is on its way
            self._views[name] = View(shown=shown, sent=shown)
            self._serve()

    def acknowledge(self, name: str, number: int) -> None:
        """Note that a view has painted a frame; send the newest if there is a newer one."""
        with self._lock:
            view = self._views.get(name)
            if view is None:
                return
            view.shown = max(view.shown, number)
            view.tries = 0
            self._serve()

    def bye(self, name: str) -> None:
        """Forget a view."""
        with self._lock:
            self._views.pop(name, None)

    def close(self) -> None:
        """Forget everything and send nothing more."""
        with self._lock:
            self._closed = True
            self._views.clear()
            self._pixels = self._data = None
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _serve(self):
        try:
            for name, view in list(self._views.items()):
                if view.shown < self._number and not view.is_waiting():
                    self._dispatch(name, view)
        finally:
            self._watch_the_clock()

    def _dispatch(self, name, view):
        # Noted first: if anything fails from here on, an interrupt included, it is as if lost on the way.
        view.sent = self._number
        view.due = time.monotonic() + self.PATIENCE * 2**view.tries
        with contextlib.suppress(Exception):
            self._send(name, self._number, self.newest(), self._shape)

    def _watch_the_clock(self):
        waiting = [view.due for view in self._views.values() if view.is_waiting()]
        if waiting and self._timer is None:
            self._timer = threading.Timer(max(0.0, min(waiting) - time.monotonic()), self._look_for_lost)
            self._timer.daemon = True
            self._timer.start()

    def _look_for_lost(self):
        with self._lock:
            self._timer = None
            now = time.monotonic()
            for name, view in list(self._views.items()):
                if view.is_waiting() and view.due <= now:
                    view.sent = view.shown
                    view.tries += 1
                    if view.tries > self.TRIES:
                        del self._views[name]
            self._serve()
