"""A picture of one's own, and the pointer on the feature map."""

import time

import numpy as np
import pytest

from coursekit.explorers import ConvolutionExplorer
from tests.explorers.fake_browser import FakeBrowser

OWN = np.random.default_rng(0).random((20, 24))


def wait_for(condition):
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_picture_of_ones_own_comes_first():
    explorer = ConvolutionExplorer(OWN, operation="max")
    assert explorer.values["image"] == "own"
    np.testing.assert_array_equal(explorer.result.image, OWN)
    explorer.set(image="digit")
    assert explorer.result.image.shape == (13, 13)


def test_it_is_kept_as_it_was():
    mine = OWN.copy()
    explorer = ConvolutionExplorer(mine)
    mine[:] = 0
    np.testing.assert_array_equal(explorer.result.image, OWN)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (OWN[:5], "13 to 28"),
        (OWN * 255, "from 0 to 1"),
        (OWN * np.nan, "from 0 to 1"),
        (OWN[0], "13 to 28"),
    ],
)
def test_what_is_no_picture_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        ConvolutionExplorer(wrong)


def test_the_pointer_moves_the_window():
    explorer = ConvolutionExplorer()
    browser = FakeBrowser(explorer)
    assert explorer.result.place == (8, 24)
    for column, row in ((3, 2), (7, 11)):
        x, y = explorer.picture.output_axes.transData.transform((column, row))
        browser.say("pointer", kind="move", x=x, y=y)
    assert wait_for(lambda: explorer.result.place == (11, 7))
    assert wait_for(lambda: "Output (11, 7)" in explorer.diagnosis)
    browser.say("pointer", kind="leave", x=0, y=0)
    browser.say("pointer", kind="down", x=1, y=1)
    time.sleep(0.1)
    assert (explorer.values["row"], explorer.values["column"]) == (11, 7)


def test_pointing_while_a_cell_moves_a_slider_locks_nothing():
    explorer = ConvolutionExplorer()
    browser = FakeBrowser(explorer)
    for step in range(20):
        x, y = explorer.picture.output_axes.transData.transform((step, 5))
        browser.say("pointer", kind="move", x=x, y=y)
        explorer.set(stride=1 + step % 2)
    assert wait_for(lambda: explorer._pointed is None)
    assert explorer.result.place[0] == 5


def test_after_close_the_pointer_is_ignored():
    explorer = ConvolutionExplorer()
    assert explorer.result
    point = explorer._point
    explorer.close()
    point("leave", 0, 0)
