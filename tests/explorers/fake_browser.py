"""Stands in for the browser's half of a canvas: says hello, takes frames, acknowledges, shows pixels."""

import collections
import io
import itertools
import threading

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image


class FakeBrowser:
    """One view of an explorer's canvas, as canvas.js makes it.

    Frames are painted and acknowledged by `answer`, not as they come: as in a browser, where that takes
    until later. What is acknowledged may bring the next one, so `answer` goes on until all is quiet.
    """

    numbers = itertools.count(1)

    def __init__(self, explorer, *, ratio=1.0, dark=False):
        explorer._begin()  # as the page that displays it does
        self.explorer = explorer
        self.canvas = explorer._canvas
        self.name = f"view {next(self.numbers)}"
        self.under_way = collections.deque()
        self.frames = 0
        self.shown = 0
        self.screen = None
        self._one_at_a_time = threading.Lock()
        pass_on = self.canvas.send

        def listen(content, buffers=None):
            pass_on(content, buffers)
            if content["view"] == self.name:
                self.frames += 1
                self.under_way.append((content, bytes(buffers[0])))

        self.canvas.send = listen
        self.hello(ratio=ratio, dark=dark)
        self.answer()

    def say(self, type, **content):
        """Deliver a message as ipywidgets does when one comes from the page."""
        self.canvas._handle_custom_msg({"type": type, "view": self.name, **content}, [])

    def hello(self, *, ratio=1.0, dark=False):
        """Ask for the newest frame."""
        self.say("hello", shown=self.shown, ratio=ratio, dark=dark)

    def paint(self):
        """Show the frame that came first; return its number."""
        content, data = self.under_way.popleft()
        screen = np.array(Image.open(io.BytesIO(data)))
        assert screen.shape == (content["height"], content["width"], 4)
        if content["number"] >= self.shown:
            self.screen, self.shown = screen, content["number"]
        return content["number"]

    def answer(self):
        """Paint and acknowledge whatever comes, until nothing does."""
        with self._one_at_a_time:
            while self.under_way:
                self.say("shown", number=self.paint())

    def pixels(self):
        """Return what the screen shows, (height, width, 4)."""
        self.answer()
        return self.screen


def drawn_afresh(explorer):
    """Return what an explorer looks like that nobody has moved: one full draw, which is sent as well."""
    canvas = explorer.picture.figure.canvas
    FigureCanvasAgg.draw(canvas)
    return np.array(canvas.buffer_rgba())
