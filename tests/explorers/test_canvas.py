"""What is sent to the browser: frames that, put together there, show the picture."""

import io

import numpy as np
import pytest
from PIL import Image

from coursekit.explorers import OneUnitExplorer, png
from tests.explorers.fake_browser import FakeBrowser


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (64, 33)])
def test_a_written_png_is_read_back_by_pillow(shape):
    rgba = np.random.default_rng(0).integers(0, 256, (*shape, 4), dtype=np.uint8)
    image = Image.open(io.BytesIO(png.encode(rgba)))
    assert image.mode == "RGBA"
    assert (np.array(image) == rgba).all()


def test_the_frames_sent_add_up_to_the_picture(monkeypatch):
    """Full frames replace, differences are laid over: the browser has what the kernel drew."""
    explorer = OneUnitExplorer()
    canvas = explorer._canvas
    screen = []

    def paint(data):
        frame = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))
        if canvas._current_image_mode == "full" or not screen:
            screen[:] = [frame]
        else:
            screen[0] = np.where(frame[..., 3:] > 0, frame, screen[0])

    monkeypatch.setattr(canvas, "send_binary", paint)
    browser = FakeBrowser(explorer)
    for sigma in (1.0, 0.1, 0.1, 0.01, 10.0):
        explorer.set(sigma=sigma)
        browser.answer()
        assert (screen[0] == browser.pixels()).all()
    explorer._canvas._handle_message(
        None, {"type": "set_device_pixel_ratio", "device_pixel_ratio": 2}, None
    )
    explorer.set(sigma=0.5)
    browser.answer()
    assert (screen[0] == browser.pixels()).all()
