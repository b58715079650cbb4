"""Stands in for the browser's half of an ipympl canvas: connects, and answers requests to draw."""

import json

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg


class FakeBrowser:
    """Connect to an explorer's canvas as JupyterLab does, and draw whenever the kernel asks for it."""

    def __init__(self, explorer):
        self.canvas = explorer._canvas
        self.wanted = False
        self.frames = 0
        send = self.canvas.send

        def listen(content, buffers=None):
            message = json.loads(content["data"])
            self.wanted |= message["type"] == "draw"
            self.frames += message["type"] == "binary"
            send(content, buffers)

        self.canvas.send = listen
        for kind in ("send_image_mode", "initialized", "refresh"):
            self.canvas._handle_message(None, {"type": kind}, None)
        self.answer()

    def answer(self):
        """Deliver the draw that the kernel has asked for, if any."""
        if self.wanted:
            self.wanted = False
            self.canvas._handle_message(None, {"type": "draw"}, None)

    def pixels(self):
        """Return what the screen shows, (height, width, 4)."""
        self.answer()
        return np.array(self.canvas.buffer_rgba())


def drawn_afresh(explorer):
    """Return what an explorer looks like that nobody has moved: one full draw, without sending it."""
    FigureCanvasAgg.draw(explorer._canvas)
    return np.array(explorer._canvas.buffer_rgba())
