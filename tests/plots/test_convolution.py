"""Image, cells and feature map hold the numbers of the result, and the pointer finds its output."""

import numpy as np
import pytest

from coursekit.experiments.convolution import convolve, picture_of
from coursekit.plots.convolution import ConvolutionWindow
from tests.plots.reading import panel, title_of, words


@pytest.fixture
def picture():
    return ConvolutionWindow(convolve(picture_of("digit"), "max", size=5))


def test_squares_hold_image_and_output(picture):
    result = convolve(picture_of("boot"), row=3, column=20, padding=2, stride=2)
    picture.update(result)
    (image,) = panel(picture, "Image (dashed: padding)").images
    (output,) = panel(picture, "Feature map").images
    np.testing.assert_array_equal(image.get_array(), result.image)
    np.testing.assert_array_equal(output.get_array(), result.output)
    assert output.get_clim() == (-4, 4)


def test_frames_stand_where_the_window_stands(picture):
    picture.update(convolve(picture_of("boot"), row=3, column=5, padding=2, stride=2, dilation=2))
    ax = panel(picture, "Image (dashed: padding)")
    boxes = [p.get_bbox().bounds for p in ax.patches if p.get_visible()]
    # The window starts at row 2·3 − 2 = 4 and column 8, and spans 5; its neighbour two columns on.
    assert (7.5, 3.5, 5, 5) in boxes
    assert (9.5, 3.5, 5, 5) in boxes
    assert (-2.5, -2.5, 32, 32) in boxes
    (dots,) = ax.lines
    assert sorted(set(dots.get_xdata())) == [8, 10, 12]
    (mark,) = (p for p in panel(picture, "Feature map").patches if p.get_width() == 1)
    assert mark.get_bbox().bounds == (4.5, 2.5, 1, 1)


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
