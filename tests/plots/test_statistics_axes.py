"""Equal colours share a statistic; each channel's histogram stands before and after in its own row."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from coursekit.experiments import shared_statistics
from coursekit.plots import StatisticsAxes
from coursekit.plots.style import BLUE, GREY
from tests.plots.reading import ticks, words


def maps(images=8, seed=0):
    """Three channels of different mean, spread and shape."""
    rng = np.random.default_rng(seed)
    return np.stack(
        [
            rng.normal(1, 2, (images, 7, 7)),
            rng.exponential(3, (images, 7, 7)),
            -rng.exponential(0.5, (images, 7, 7)),
        ],
        axis=1,
    )


@pytest.fixture
def picture():
    return StatisticsAxes(shared_statistics(maps(seed=1), "(N, K)", 0))


def strip(picture, name):
    """The row of images with this name on its left."""
    (found,) = (ax for ax in picture.figure.axes if ticks(ax.yaxis).get(7 / 2) == name or
                ticks(ax.yaxis).get(14) == name)  # fmt: skip
    return found


def histogram(picture, channel, when):
    """The panel on the row of this channel, below this heading."""
    (heading,) = (t for t in picture.figure.texts if t.get_text() == when)
    row = strip(picture, f"channel {channel}").get_position()
    (found,) = (
        ax
        for ax in picture.figure.axes
        if ax.get_position().y0 == row.y0
        and ax.get_position().x0 < heading.get_position()[0] < ax.get_position().x1
    )
    return found


@pytest.mark.parametrize(("averaged", "axis"), [(False, 1), (True, 1), (False, 3)])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("channel", [1, 2, 3])
def test_each_histogram_is_that_of_its_channel(picture, channel, when, averaged, axis):
    result = shared_statistics(maps(), axis=axis, averaged=averaged)
    picture.update(result)
    ax = histogram(picture, channel, when)
    (bars,) = ax.patches
    values = (result.maps if when == "before" else result.normalized)[:, channel - 1]
    u = (values - values.mean()) / values.std()
    counts, edges = np.histogram(u, 30, (-3, 3))
    np.testing.assert_allclose(bars.get_data().values, counts / counts.max())
    np.testing.assert_allclose(bars.get_data().edges, edges)

    def said(value):
        return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")

    title, *numbers = words(ax)
    mean, spread = values.mean(), values.std()
    assert title == f"{said(mean)} ± {said(spread)}, skewness {said((u**3).mean())}"
    assert [t.get_position()[0] for t in ax.texts[1:]] == [-2, 0, 2]
    assert numbers == [said(mean - 2 * spread), said(mean), said(mean + 2 * spread)]
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3, 3), (0, 1.02))
    assert list(ticks(ax.xaxis)) == [-2, 0, 2]


@pytest.mark.parametrize(
    ("layout", "axis"), [("(N, C, H, W)", 1), ("(N, H, W, C)", -1), ("(N, K)", 1), ("(N, C, H, W)", 0),
                         ("(N, C, H, W)", 2), ("(N, K)", 0)]
)  # fmt: skip
def test_a_channel_keeps_its_colour_where_its_entries_share_one_statistic(picture, layout, axis):
    result = shared_statistics(maps(), layout, axis)
    picture.update(result)
    for channel in (1, 2, 3):
        brightest = result.maps[:, channel - 1] == result.maps[:, channel - 1].max()
        page = np.asarray(strip(picture, f"channel {channel}").images[0].get_array())
        i, row, column = np.argwhere(brightest)[0]
        ink = page[row, 8 * i + column]  # where it is darkest a map has the full colour
        for when in ("before", "after"):
            (bars,) = histogram(picture, channel, when).patches
            shared = result.kind in ("channel", "feature")
            wanted = ink if shared else to_rgb(GREY)
            np.testing.assert_allclose(to_rgb(bars.get_facecolor()), wanted, atol=1e-9)


def test_as_many_images_as_channels_are_no_channels(picture):
    picture.update(shared_statistics(maps(3), axis=0))
    for channel in (1, 2, 3):
        (bars,) = histogram(picture, channel, "after").patches
        np.testing.assert_allclose(to_rgb(bars.get_facecolor()), to_rgb(GREY), atol=1e-9)


def test_before_stands_left_of_after_and_channel_one_on_top(picture):
    lefts = [histogram(picture, 1, when).get_position().x0 for when in ("before", "after")]
    heights = [histogram(picture, channel, "before").get_position().y0 for channel in (1, 2, 3)]
    assert lefts == sorted(lefts)
    assert heights == sorted(heights, reverse=True)
    assert strip(picture, "image").get_position().y0 > heights[0]


def test_each_photograph_stands_above_its_maps(picture):
    photos = np.random.default_rng(4).random((2, 1, 28, 28))
    picture.update(shared_statistics(maps(2), photos=photos))
    ax = strip(picture, "image")
    page = np.asarray(ax.images[0].get_array())
    np.testing.assert_allclose(page[:, 32:60], 1 - np.repeat(photos[1, 0][..., None], 3, axis=2))
    assert (page[:, 28:32] == 1).all()
    assert (page[:, 60:] == 1).all()
    below = strip(picture, "channel 1")
    assert ax.get_position().x0 == below.get_position().x0
    assert [8 * x / 32 for x in ax.get_xlim()] == list(below.get_xlim())
    assert ax.get_position().width == below.get_position().width
    picture.update(shared_statistics(maps(2)))
    assert (np.asarray(ax.images[0].get_array()) == 1).all()


@pytest.mark.parametrize("axis", [0, 1, 2, 3])
def test_the_tint_of_a_pixel_tells_its_statistic_and_its_value(picture, axis):
    result = shared_statistics(maps(), axis=axis)
    picture.update(result)
    pages = [np.asarray(strip(picture, f"channel {c}").images[0].get_array()) for c in (1, 2, 3)]
    colours = {}
    for i, c, row, column in np.ndindex(8, 3, 7, 7):
        group = (i, c, row, column)[axis]
        ink = 1 - pages[c][row, 8 * i + column]
        values = result.maps[:, c]
        strength = 0.2 + 0.8 * (result.maps[i, c, row, column] - values.min()) / np.ptp(values)
        colours.setdefault(group, ink / strength)
        np.testing.assert_allclose(ink, colours[group] * strength, atol=1e-9)
    assert (
        len({tuple(colour.round(6)) for colour in colours.values()}) == len(colours) == (8, 3, 7, 7)[axis]
    )
    np.testing.assert_allclose(1 - colours[0], to_rgb(BLUE), atol=1e-9)


def test_images_that_are_left_out_stay_white(picture):
    picture.update(shared_statistics(maps(3)))
    for channel in (1, 2, 3):
        page = np.asarray(strip(picture, f"channel {channel}").images[0].get_array())
        assert page.shape == (7, 63, 3)
        assert (page[:, 24:] == 1).all()
        assert (page[:, 16:23] < 1).any()
        assert (page[:, [7, 15]] == 1).all()


def test_the_page_is_labelled(picture):
    picture.update(shared_statistics(maps(3), "(N, H, W, C)", -1))
    ax = strip(picture, "image")
    assert ticks(ax.xaxis) == {32 * i + 14: str(i + 1) for i in range(8)}
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "an image stands upright"
    assert words(ax) == [
        "x is (N, H, W, C), shape (3, 7, 7, 3); its axes: "
        "0 images · 1 pixel rows · 2 pixel columns · 3 channels",
        "axis 3 keeps its own: μ and v of shape (3,), each from 147 entries",
    ]
    picture.update(shared_statistics(maps(1), "(N, K)", 1))
    assert words(ax)[1] == "axis 1 keeps its own: μ and v of shape (3,), each from 1 entry"
    assert "no spread" in words(histogram(picture, 1, "before"))[0]
    assert not picture.move(shared_statistics(maps(3)))
