"""The picture of one unit's sum marks what does not fit it."""

import dataclasses

import numpy as np

from coursekit.diagnostics import unit_report
from coursekit.diagnostics.histogram import Histograms
from coursekit.plots import UnitSum


def report(counts, below=0, above=0):
    """Return a report whose histogram has these counts in its middle bins."""
    row = np.zeros((1, 51), int)
    row[0, 25 : 25 + len(counts)] = counts
    made = unit_report(10, 0.1, np.random.default_rng(0))
    histograms = Histograms(made.histograms.edges, row, np.array([below]), np.array([above]))
    return dataclasses.replace(made, histograms=histograms)


def test_bars_that_are_cut_are_marked_at_the_top():
    picture = UnitSum(report([50, 19, 31]))
    x, y = picture._cut.get_data()
    np.testing.assert_allclose(x, [0, 0.32], atol=1e-12)  # bins are 0.16 wide; 0.19 fits below 0.2
    assert list(y) == [0.2, 0.2]
    assert picture._note.get_text() == "▲ up to 0.50"
    picture.update(report([19] * 5 + [5]))
    assert len(picture._cut.get_xdata()) == 0
    assert picture._note.get_text() == ""


def test_what_lies_outside_is_said_with_both_arrows():
    picture = UnitSum()
    for below, above, words in ((0, 0, ""), (4, 4, "◂ < 1 % outside ▸"), (340, 340, "◂ 68 % outside ▸")):
        picture.update(report([1000 - below - above], below, above))
        assert picture._outside.get_text() == words
