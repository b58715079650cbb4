"""Each photograph has its own class below it."""

import numpy as np
import pytest

from coursekit.experiments import Photographs as Images
from coursekit.plots import Photographs
from tests.plots.reading import words


def made(count):
    images = np.arange(count * 784.0).reshape(count, 28, 28) / (count * 784)
    return Images(images, np.arange(count) % 10, tuple(f"thing {i}" for i in range(count)))


@pytest.mark.parametrize("count", [1, 6, 12, 13])
def test_images_stand_in_rows_of_six_with_their_names(count):
    result = made(count)
    picture = Photographs(made(count))
    picture.update(result)
    assert len(picture.figure.axes) == count
    places = []
    for ax, image, label, name in zip(
        picture.figure.axes, result.images, result.labels, result.names, strict=True
    ):
        (shown,) = ax.images
        np.testing.assert_array_equal(shown.get_array(), image)
        assert (shown.norm.vmin, shown.norm.vmax, shown.origin) == (0, 1, "upper")
        assert words(ax) == [f"{label}  {name}"]
        box = ax.get_window_extent()
        assert box.width == pytest.approx(box.height)
        places.append((round(-box.y0), round(box.x0)))
    assert places == sorted(places), "in the order of reading"
    assert len({y for y, _ in places}) == -(-count // 6)
    assert min(y for y, _ in places) < 0
    assert all(x + 140 <= 940 for _, x in places)


def test_another_number_of_images_is_refused():
    with pytest.raises(ValueError, match="zip"):
        Photographs(made(3)).update(made(4))


def test_without_labels_the_names_stand_alone_under_a_title_of_their_own():
    picture = Photographs(Images(np.zeros((2, 28, 28)), None, ("one", "other"), "Two things"))
    assert [words(ax) for ax in picture.figure.axes] == [["one"], ["other"]]
    assert "Two things" in {text.get_text() for text in picture.figure.texts}
