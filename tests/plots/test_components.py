"""Images and curves are those of the result."""

import numpy as np

from coursekit.experiments.components import SHOWN, components_report
from coursekit.palette import INK
from coursekit.plots.components import SPREADS, TOP, ComponentsPicture
from tests.plots.reading import data, line, panel, panel_over


def shown_in(ax):
    (image,) = ax.images
    return np.asarray(image.get_array())


def test_it_shows_the_result():
    picture = ComponentsPicture(components_report(3, 4, 0.2))
    result = components_report(50, 7, 0.1)
    assert not picture.move(result)
    for title, pixels in zip(TOP, (result.mean, result.photograph, result.rebuilt), strict=True):
        np.testing.assert_array_equal(shown_in(panel(picture, title)), pixels)
    for number, pixels in zip(SHOWN, result.pictures, strict=True):
        np.testing.assert_array_equal(shown_in(panel_over(picture, str(number + 1))), pixels)
    curves = panel(picture, SPREADS)
    x, y = data(curves.lines[1])
    assert (x[0], x[-1]) == (1, 500)
    np.testing.assert_allclose(y, result.noise_after)
    assert data(line(curves, color=INK, linestyle=":"))[0] == [50, 50]
    np.testing.assert_allclose(np.ravel(data(line(curves, marker="o"))), [50, result.noise_after[49]])
    left, right = curves.get_xlim()
    assert left < 0.9  # the dot at either end is whole
    assert right > 550
