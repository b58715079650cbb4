"""A dark page: dark background, light words, colours of the same hue; and back again, pixel for pixel."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb, to_rgba

from coursekit import explorers
from coursekit.plots.style import BLUE, GREY, INK, VERMILION
from coursekit.plots.theme import dark_version
from tests.explorers.fake_browser import FakeBrowser


def luminance(colour):
    return float(np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)))


def test_ink_becomes_light_and_paper_dark_and_hues_stay():
    assert luminance(dark_version(to_rgba(INK))) > 0.7
    assert luminance(dark_version(to_rgba("white"))) < 0.1
    assert luminance(dark_version(to_rgba("#FDF3C8"))) < 0.3
    for colour in (BLUE, VERMILION):
        made = dark_version(to_rgba(colour))
        assert np.argsort(made[:3]).tolist() == np.argsort(to_rgb(colour)).tolist()
        assert luminance(made) > luminance(dark_version(to_rgba("white"))) + 0.1
    assert dark_version((0, 0, 0, 0.25))[3] == 0.25
    assert 0.3 < luminance(dark_version(to_rgba(GREY))) < 0.7


@pytest.mark.gate
@pytest.mark.parametrize("kind", explorers.ALL, ids=lambda kind: kind.__name__)
def test_a_dark_page_gets_a_dark_picture_and_a_light_one_its_old_one(kind):
    explorer = kind().set()  # one that waits for Play has run
    browser = FakeBrowser(explorer)
    light = browser.pixels()[..., :3].astype(float)
    browser.say("screen", ratio=1.0, dark=True)
    dark = browser.pixels()[..., :3].astype(float)
    assert np.median(light) > 240
    assert np.median(dark) < 60
    name = next(iter(explorer.controls))
    control = explorer.controls[name]
    if hasattr(control, "max"):  # what is set anew in light colours is noticed
        start = control.value
        control.value = control.min if start != control.min else control.max
        assert np.median(browser.pixels()[..., :3]) < 60
        control.value = start
    browser.say("screen", ratio=1.0, dark=False)
    assert (browser.pixels()[..., :3] == light).all()
