"""Cloud, surface and path are those of the result."""

import numpy as np
import pytest

from coursekit.experiments.preprocessing import prepared_problem
from coursekit.palette import BLUE, ORANGE
from coursekit.plots.landscape import on_page, tiles_of
from coursekit.plots.preprocessing import TITLES, PreparedSurface, level
from tests.plots.reading import data, line, panel, words


@pytest.fixture
def picture():
    shown = PreparedSurface(prepared_problem("raw", 1.0, outlier=True, turn=40.0))
    return shown


def test_the_cloud_is_that_of_the_prepared_features(picture):
    p = prepared_problem("standardized", 0.2, correlation=0.5)
    picture.update(p)
    cloud = panel(picture, TITLES[0])
    for colour, marker, sign in ((BLUE, "o", 1), (ORANGE, "s", -1)):
        shown = np.transpose(data(line(cloud, color=colour, marker=marker)))
        np.testing.assert_array_equal(shown, p.problem.x[p.problem.targets == sign])
    assert words(cloud) == []
    picture.update(prepared_problem("raw", 0.2, ratio=20.0))
    assert words(cloud)[0].endswith("beyond")


def test_map_and_landscape_are_the_surface(picture):
    for turn in (0.0, 75.0):
        p = prepared_problem("pca", 0.2, correlation=0.5, turn=turn)
        picture.update(p)
        (image,) = panel(picture, TITLES[1]).images
        np.testing.assert_allclose(image.get_array(), level(p.surface))
        (land,) = panel(picture, TITLES[2]).collections
        tiles, colours = tiles_of(level(p.surface), turn)
        np.testing.assert_allclose(land.get_array(), colours)
        np.testing.assert_allclose([path.vertices[:4] for path in land.get_paths()], tiles)


def test_the_path_is_drawn_on_both(picture):
    p = prepared_problem("raw", 0.1, turn=20.0)
    picture.update(p)
    flat, land = (panel(picture, title) for title in TITLES[1:])
    np.testing.assert_allclose(np.transpose(data(line(flat, linewidth=1.4))), p.path)
    heights = level(p.losses)
    expected = on_page(*(p.path / 1.5).T, heights, 20.0)
    np.testing.assert_allclose(np.transpose(data(line(land, linewidth=1.4))), expected)
    assert data(line(flat, marker="s")) == ([-1.2], [0.9])
    assert data(line(flat, marker="X")) == data(line(land, marker="X")) == ([], [])


def test_a_diverged_path_is_marked(picture):
    p = prepared_problem("raw", 1.0)
    picture.update(p)
    flat, land = (panel(picture, title) for title in TITLES[1:])
    assert data(line(flat, marker="X")) == ([-1.2], [0.9])  # the next step is already beyond the map
    np.testing.assert_allclose(np.transpose(data(line(flat, linewidth=1.4))), p.path[:2])
    assert len(data(line(land, marker="X"))[0]) == 1


def test_the_scale():
    np.testing.assert_allclose(level(np.array([0, 1e-2, 1, 1e2, 1e9])), [0, 0, 0.5, 1, 1])


def test_the_frame_stays(picture):
    assert not picture.move(prepared_problem("whitened", 1.0))


def test_the_features_have_their_names():
    result = prepared_problem("raw", 0.2)
    for picture, names in (
        (PreparedSurface(result), ("first feature", "second feature")),
        (PreparedSurface(result, features=("rooms", "space")), ("rooms", "space")),
    ):
        cloud = panel(picture, TITLES[0])
        assert (cloud.get_xlabel(), cloud.get_ylabel()) == names
