"""Errors as they are and shifted, noise, and changes: each row and panel from its own numbers."""

import dataclasses

import numpy as np
import pytest
from matplotlib.colors import same_color

from coursekit.experiments.norm_choice import EDGES, NormChoice
from coursekit.plots.norm_choice import NormChoicePicture
from coursekit.plots.style import BLUE, GREEN, GREY, INK, ORANGE, VERMILION
from tests.plots.reading import data, left_to_right, legend, line, lines, panel, panel_over, ticks, words

NAMES = ("no norm", "batch norm", "layer norm", "group norm")
ROWS = {0: (VERMILION, "o"), 1: (BLUE, "o"), 2: (GREEN, "o"), 3: (ORANGE, "o"), 4: (BLUE, "s")}
TRUTH = ("Sandal", "Pullover", "Bag", "Dress", "Coat", "T-shirt/top")
SAID = (
    ("Sandal", "Coat", "T-shirt/top", "Dress", "Bag", "Ankle boot"),
    ("Sneaker", "Pullover", "Bag", "Shirt", "Coat", "T-shirt/top"),
)
PHOTOS = np.random.default_rng(2).random((6, 28, 28))


def made(batch_size=8, brightness=0.5, contrast=0.8):
    changes = np.zeros((2, 61))
    changes[0, 10:14] = 0.05, 0.1, 0.15, 0.7
    changes[1, 40:44] = 0.1, 0.2, 0.02, 0.68
    return NormChoice(
        batch_size, brightness, contrast, NAMES, np.array([0.11, 0.22, 0.33, 0.44]),
        np.array([0.55, 0.66, 0.77, 0.88]),
        0.25, np.array([2, 4, 8, 16, 32, 64]), np.array([0.7, 0.5, 0.35, 0.25, 0.18, 0.12]), EDGES, changes,
        PHOTOS, TRUTH, SAID,
    )  # fmt: skip


@pytest.fixture
def picture():
    shown = NormChoicePicture(
        dataclasses.replace(
            made(2),
            errors=made().shifted,
            changes=made().changes[::-1],
            photos=PHOTOS[::-1],
            said=SAID[::-1],
        )
    )
    shown.update(made())
    return shown


def test_each_row_has_its_errors(picture):
    ax, result = panel_over(picture, "wrong answers on unseen images"), made()
    shown = [t.replace("\n", " ") for t in ticks(ax.yaxis).values()]
    assert shown == [*NAMES, "batch norm, fresh statistics"]
    assert list(ticks(ax.yaxis)) == [0, 1, 2, 3, 4]
    plain = [*result.errors, result.errors[1]]
    shifted = [*result.shifted, result.refreshed]
    for row, (colour, marker) in ROWS.items():
        marks = [mark for mark in lines(ax, color=colour, marker=marker) if data(mark)[1] == [row]]
        (before,) = (mark for mark in marks if mark.get_markerfacecolor() == "white")
        (after,) = (mark for mark in marks if mark.get_markerfacecolor() != "white")
        assert data(before) == ([plain[row]], [row])
        assert data(after) == ([shifted[row]], [row])
        (bar,) = (bar for bar in lines(ax, color=colour, linestyle="-") if data(bar)[1] == [row, row])
        assert data(bar) == ([plain[row], shifted[row]], [row, row])
    named = legend(ax)
    assert list(named) == ["images as they are", "shifted"]
    assert [handle.get_markerfacecolor() == "white" for handle in named.values()] == [True, False]


def test_the_noise_and_the_batch_size_that_is_chosen(picture):
    result = made(brightness=0, contrast=1)
    picture.update(result)
    ax = panel(picture, "how far a batch's mean is off, in spreads")
    assert data(line(ax, color=BLUE, markersize=5)) == (result.sizes.tolist(), result.noise.tolist())
    assert data(line(ax, color=BLUE, markersize=12)) == ([8], [0.35])
    x, y = data(line(ax, color=GREY))
    np.testing.assert_allclose(y, np.array(x) ** -0.5)
    assert (ax.get_xlim(), ax.get_ylim()) == ((1.6, 80), (0.08, 1.1))
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_xlabel() == "batch size B"
    assert list(ticks(ax.xaxis).values()) == ["2", "4", "8", "16", "32", "64"]


def explained(picture):
    """The titles of those panels below the photographs of which anything is seen."""
    titles = ("how far a batch's mean is off, in spreads", "by how much a ReLU's input changes")
    panels = {title: panel(picture, title) for title in titles}
    return [
        title
        for title, ax in panels.items()
        if ax.get_visible() or any(a.get_visible() for a in (*ax.lines, *ax.patches) if a.get_animated())
    ]


def test_a_shift_puts_its_changes_in_the_place_of_the_noise(picture):
    noise, changes = ("how far a batch's mean is off, in spreads", "by how much a ReLU's input changes")
    assert explained(picture) == [changes]
    assert not picture.move(made(2, brightness=-0.5)), "another shift is the same frame"
    for shift in ({"brightness": 0, "contrast": 1}, {"brightness": 0, "contrast": 0.5}):
        assert picture.move(made(**shift))
        assert explained(picture) == [noise if shift["contrast"] == 1 else changes]


def test_the_photographs_and_what_is_said_of_them(picture):
    shown = left_to_right(ax for ax in picture.figure.axes if ax.images)
    assert len(shown) == 6
    for i, ax in enumerate(shown):
        (image,) = ax.images
        np.testing.assert_array_equal(image.get_array(), PHOTOS[i])
        assert (image.get_clim(), image.get_cmap().name) == ((0, 1), "gray"), "brighter is brighter"
        truth, batch, layer = sorted(ax.texts, key=lambda t: -t.get_position()[1])
        assert truth.get_text() == TRUTH[i].split("/")[0]
        for text, said, colour in ((batch, SAID[0][i], BLUE), (layer, SAID[1][i], GREEN)):
            sign = "✓" if said == TRUTH[i] else "✗"
            assert text.get_text() == f"{sign} {said.split('/')[0]}"
            assert same_color(text.get_color(), colour)
    rows = {t.get_text(): t for t in picture.figure.texts}
    heights = [rows[name].get_position()[1] for name in ("it is a", "batch norm", "layer norm")]
    assert heights == sorted(heights, reverse=True)
    for name, colour in (("it is a", INK), ("batch norm", BLUE), ("layer norm", GREEN)):
        assert same_color(rows[name].get_color(), colour)


def test_the_changes_stand_in_the_panel_of_their_norm(picture):
    left, right = left_to_right(
        ax for ax in picture.figure.axes if ax.get_xlabel() == "change of a ReLU's input, first layer"
    )
    assert left is panel(picture, "by how much a ReLU's input changes")
    for ax, name, colour, shares in zip(
        (left, right), ("batch norm", "layer norm"), (BLUE, GREEN), made().changes, strict=True
    ):
        (bars,), (said,) = ax.patches, ax.texts
        assert said.get_text() == name
        assert same_color(said.get_color(), colour)
        assert same_color(bars.get_facecolor(), colour)
        np.testing.assert_allclose(bars.get_data().values, np.minimum(shares, 0.22))
        np.testing.assert_array_equal(bars.get_data().edges, EDGES)
        assert (ax.get_xlim(), ax.get_ylim()) == (pytest.approx((-3.05, 3.05)), (0, 0.2))


def test_the_frame_is_fixed(picture):
    ax = panel_over(picture, "wrong answers on unseen images")
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 1), (4.5, -0.5))
    assert ticks(ax.xaxis) == {0: "0", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1: "100 %"}
    assert set(data(line(ax, linestyle=":"))[0]) == {0.9}, "guessing among ten classes errs in nine of ten"
    assert "guessing" in words(ax)
    assert "Trained on batches of 8, judged on shifted images: who errs?" in words(ax)
    assert not picture.move(made(2))
    assert "Trained on batches of 2, judged on shifted images: who errs?" in words(ax)


def test_two_kinds_of_circle_are_told_apart_only_where_there_are_two(picture):
    (known,) = (ax.get_legend() for ax in picture.figure.axes if ax.get_legend())
    assert known.get_visible()
    picture.update(dataclasses.replace(made(), brightness=0.0, contrast=1.0))
    assert not known.get_visible()
