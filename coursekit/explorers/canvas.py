"""A live canvas in the notebook for a figure that pyplot knows nothing of."""

import contextvars
import threading
import time
from collections.abc import Callable
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from coursekit.explorers.delivery import Delivery
from coursekit.explorers.kept_text import KeepingRenderer
from coursekit.plots import Picture


class LockedCanvas(FigureCanvasAgg):
    """Draws a figure only while its explorer is not moving it: a cell may ask for a draw at any time."""

    def __init__(self, figure: Figure, lock: threading.RLock):
        self._lock = lock
        self._renderer: KeepingRenderer | None = None
        super().__init__(figure)

    def get_renderer(self) -> KeepingRenderer:
        """Return the renderer that fits the figure as it is."""
        width, height = self.get_width_height(physical=True)
        kept, dpi = self._renderer, self.figure.dpi
        if kept is None or (kept.width, kept.height, kept.dpi) != (width, height, dpi):
            self._renderer = self.renderer = kept = KeepingRenderer(width, height, dpi)
        return kept

    def draw(self) -> None:
        """Draw the whole figure into the buffer."""
        with self._lock:
            super().draw()


class LiveCanvas(anywidget.AnyWidget):
    """Shows a picture in the browser, complete frame by complete frame; canvas.js is the other half.

    Messages from a view are dicts with the keys ``type`` and ``view``, a name that the view gives itself:
    ``hello`` (``shown``, ``ratio``, ``dark``: it asks for the newest frame), ``shown`` (``number``: that
    frame is painted), ``screen`` (``ratio``, ``dark``), ``pointer`` (``kind``, ``x``, ``y``) and ``bye``.
    There is one message to a view, ``frame``, with ``view``, ``number``, ``width``, ``height`` and
    ``css_width``, and the PNG data as its buffer.

    Parameters
    ----------
    picture : Picture
    lock : RLock
        The explorer's: whoever holds it may move the picture and draw. Messages arrive on another thread
        than the cells run on, and without the lock could meet a half-moved picture.
    failed : callable
        Called with the exception if the picture cannot be drawn when the browser asks for it.
    welcomed : callable, optional
        Called when a view has said hello, on the thread of the browser's messages.

    Attributes
    ----------
    label : str
        Alternative text.
    listens : bool
        Whether the view tells where the pointer is; `on_pointer` sets it.
    dark : bool
        Whether the page is dark. Told by the browser; observe it to draw accordingly.
    greyed : bool
        Whether the browser fades what it shows, for a picture that can no longer be drawn.
    """

    # As text: anywidget would watch a path for changes, and keep every canvas alive for that.
    _esm = Path(__file__).with_name("canvas.js").read_text(encoding="utf-8")

    label = traitlets.Unicode("").tag(sync=True)
    listens = traitlets.Bool(False).tag(sync=True)
    greyed = traitlets.Bool(False).tag(sync=True)
    css_size = traitlets.Tuple(traitlets.Float(), traitlets.Float()).tag(sync=True)
    still = traitlets.Bytes(b"").tag(sync=True)
    dark = traitlets.Bool(False)

    STILL_EVERY = 0.5  # seconds
    RATIOS = (1.0, 2.0)  # more would cost four times the time and be hard to see

    def __init__(
        self,
        picture: Picture,
        lock: threading.RLock,
        failed: Callable[[Exception], None],
        welcomed: Callable[[], None] = lambda: None,
    ):
        self._picture, self._explorer_lock = picture, lock
        self._failed, self._welcomed = failed, welcomed
        self._delivery = Delivery(self._send_frame)
        # The context of the last message from the browser; see `reply`.
        self._browser: contextvars.Context | None = None
        self._pointer_callbacks: list[Callable[[str, float, float], None]] = []
        self._still_at = 0.0
        width, height = picture.figure.bbox.size
        super().__init__(css_size=(width, height))
        LockedCanvas(picture.figure, lock)
        picture.follow(self)
        self.on_msg(self._on_message)

    def changed(self) -> None:
        """Draw the picture if anybody looks; else it is drawn when a view says hello."""
        if self._delivery.is_watched():
            self.still = b""
            self._picture.draw()
        elif self.still and time.monotonic() > self._still_at + self.STILL_EVERY:
            # On the page, but its hello waits for a kernel that is busy and has no second thread for it.
            self._picture.draw()
            self.present(self._delivery.newest())

    def drawn(self, pixels: np.ndarray) -> None:
        """Bring a picture just drawn on its way."""
        self._delivery.offer(pixels)
        self.greyed = False

    def present(self, still: bytes) -> None:
        """Give views a still picture, as PNG data, to show until the kernel can answer their hello."""
        self._still_at = time.monotonic()
        self.still = still

    def on_pointer(self, callback: Callable[[str, float, float], None]) -> None:
        """Call ``callback(kind, x, y)`` when the pointer moves, goes down or leaves.

        ``kind`` is "move", "down" or "leave"; ``x`` and ``y`` are pixels of the figure, counted from its
        lower left corner as matplotlib counts them, so that ``axes.transData.inverted()`` gives data. The
        callback runs on the thread of the browser's messages, under the explorer's lock.
        """
        self._pointer_callbacks.append(callback)
        self.listens = True

    def reply(self, send: Callable[..., object], *args: object) -> None:
        """Call ``send(*args)`` as if in answer to the browser's last message.

        ipykernel brings what the browser says about a widget to the thread that last sent something about
        it, which it knows by the context. Without this, word of a frame that a cell or a worker had sent
        would wait for the running cell to end.
        """
        if self._browser is None:
            send(*args)
        else:
            self._browser.copy().run(send, *args)

    def send(self, content: dict, buffers: list | None = None) -> None:
        """Send a message to the views."""
        self.reply(super().send, content, buffers)

    def send_state(self, key: str | None = None) -> None:
        """Send traitlets to the views."""
        self.reply(super().send_state, key)

    def close(self) -> None:
        """Take the canvas off the page and send nothing more."""
        if self.comm is not None:  # also called when a widget is deleted that was never finished
            self._delivery.close()
            self.layout.close()
        super().close()

    def _send_frame(self, view, number, data, shape):
        height, width = shape
        content = {"type": "frame", "view": view, "number": number, "width": width, "height": height}
        self.send({**content, "css_width": self.css_size[0]}, [data])

    def _on_message(self, widget, content, buffers):
        self._browser = contextvars.copy_context()
        try:
            self._answer(content)
        except Exception as error:
            self._failed(error)

    def _answer(self, content):
        kind, view = content.get("type"), content.get("view")
        if kind == "shown" and self._delivery.knows(view):
            self._delivery.acknowledge(view, content["number"])
        elif kind == "hello":
            self._welcome(view, content["shown"], content)
        elif kind == "shown":  # silent for so long that it was forgotten, and perhaps nothing drawn since
            self._welcome(view, content["number"])
        elif kind == "screen":
            self._note_screen(content)
        elif kind == "pointer" and self.listens:
            with self._explorer_lock:
                for callback in self._pointer_callbacks:
                    callback(content["kind"], content["x"], content["y"])
        elif kind == "bye":
            self._delivery.bye(view)

    def _welcome(self, view, shown, screen=None):
        # The lock is held throughout: between drawing for a view and knowing it, nothing may move.
        with self._explorer_lock:
            try:
                if screen:
                    self._note_screen(screen)
                self._picture.draw()
            finally:
                self._delivery.hello(view, shown)
                self.still = b""
                self._welcomed()

    def _note_screen(self, content):
        low, high = self.RATIOS
        with self._explorer_lock:
            self._picture.scale(min(max(content["ratio"], low), high))
            self.dark = content["dark"]
            self._picture.darken(self.dark)
