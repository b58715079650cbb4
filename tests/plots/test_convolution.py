"""Image, cells and feature map hold the numbers of the result, and the pointer finds its output."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from coursekit.experiments.convolution import convolve, picture_of
from coursekit.palette import GREEN, ORANGE, PURPLE
from coursekit.plots.convolution import ConvolutionWindow
from tests.plots.reading import panel, title_of, words


@pytest.fixture
def picture():
    return ConvolutionWindow(convolve(picture_of("digit"), "max", size=5))


def test_squares_hold_image_and_output(picture):
    result = convolve(picture_of("boot"), row=3, column=20, padding=2, stride=2)
    picture.update(result)
    (image,) = panel(picture, "Image").images
    (output,) = panel(picture, "Feature map").images
    np.testing.assert_array_equal(image.get_array(), result.image)
    np.testing.assert_array_equal(output.get_array(), result.output)
    assert output.get_clim() == (-4, 4)


def test_frames_stand_where_the_window_stands(picture):
    picture.update(convolve(picture_of("boot"), row=3, column=5, padding=2, stride=2, dilation=2))
    ax = panel(picture, "Image")
    boxes = [p.get_bbox().bounds for p in ax.patches if p.get_visible()]
    # The window starts at row 2·3 − 2 = 4 and column 8, and spans 5; its neighbour two columns on.
    assert (7.5, 3.5, 5, 5) in boxes
    assert (9.5, 3.5, 5, 5) in boxes
    assert (-2.5, -2.5, 32, 32) in boxes
    (dots,) = ax.lines
    assert sorted(set(dots.get_xdata())) == [8, 10, 12]
    (mark,) = (p for p in panel(picture, "Feature map").patches if p.get_width() == 1)
    assert mark.get_bbox().bounds == (4.5, 2.5, 1, 1)


def test_padding_is_drawn_and_named_where_there_is_some(picture):
    for padding in (0, 2):
        picture.update(convolve(picture_of("boot"), padding=padding))
        dashed = [
            p
            for p in panel(picture, "Image").patches
            if isinstance(p.get_linestyle(), tuple) and p.get_visible()
        ]
        assert len(dashed) == bool(padding)
        assert ("dashed: padding" in words(picture.figure)) == bool(padding)


def test_one_colour_is_the_window_s_and_two_are_the_signs(picture):
    picture.update(convolve(picture_of("boot"), row=14, column=17))
    windows = [
        p for p in panel(picture, "Image").patches if p.get_width() == 3 and p.get_linestyle() == "-"
    ]
    mark = next(p for p in panel(picture, "Feature map").patches if p.get_width() == 1)
    assert {to_hex(p.get_edgecolor()) for p in (*windows, mark)} == {GREEN.lower()}
    boxes = panel(picture, "Pixel × weight").patches
    tints = {to_hex(b.get_facecolor()) for b in boxes if b.get_visible() and b.get_facecolor()[3]}
    assert tints == {ORANGE.lower(), PURPLE.lower()}
    picture.update(convolve(picture_of("grid"), "max", size=2, stride=2, row=1))
    kept = [b for b in boxes if b.get_visible() and b.get_facecolor()[3]]
    assert [(to_hex(b.get_facecolor()), b.get_y()) for b in kept] == [(GREEN.lower(), 0)] * 2


def test_cells_are_pixel_times_weight(picture):
    result = convolve(picture_of("boot"), row=8, column=24)
    picture.update(result)
    said = words(panel(picture, "Pixel × weight"))
    assert len(said) == 18
    pixel, weight = said[4].split(" × ") if "×" in said[4] else said[5].split(" × ")
    assert float(pixel) == pytest.approx(result.window[0, 2], abs=0.005)
    assert weight == "1"
    total = sum(float(s.replace("−", "-")) for s in said if "×" not in s)
    assert total == pytest.approx(result.value, abs=0.05)
    assert f"→  output {result.place}" in " ".join(words(picture.figure))


def test_pooling_has_no_weights(picture):
    ax = panel(picture, "Which pixel represents them?")
    assert len(words(ax)) == 25
    assert not any("×" in word for word in words(ax))
    assert title_of(picture.output_axes) == "After pooling"


def test_the_frame_changes_with_image_size_and_kind_alone(picture):
    assert picture.move(convolve(picture_of("boot")))
    assert not picture.move(convolve(picture_of("shirt"), "blur", size=5, stride=3, padding=2))
    assert picture.move(convolve(picture_of("shirt"), "min"))


def test_the_pointer_finds_row_and_column(picture):
    to_pixels = picture.output_axes.transData.transform
    assert picture.place_at(*to_pixels((3.2, 1.9))) == (2, 3)
    assert picture.place_at(2, 2) is None
