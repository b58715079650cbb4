"""Without batch norm left, with it right, each with its own losses and its own curvature."""

import dataclasses

import numpy as np
import pytest
from matplotlib.colors import same_color

from coursekit.diagnostics.curvature import Curvature
from coursekit.diagnostics.surface import Surface
from coursekit.experiments.error_surface import SurfacePair
from coursekit.experiments.surface_walk import Walk
from coursekit.plots import ErrorSurfaces
from coursekit.plots.error_surface import scale_of
from coursekit.plots.style import BATCH_NORM, WITHOUT_NORM
from tests.plots.reading import data, left_to_right, line, lines, panel, ticks, words

WITHOUT, WITH = "without batch norm", "with batch norm"


def surface(losses, reach=2.0, done=1.0):
    return Surface(reach, losses, losses[::5, ::5], done)


def made(scale=1.0, **changes):
    """Two surfaces over 11 × 11 points in which no number stands twice, from 0.2 to about 13."""
    steps = np.arange(121.0).reshape(11, 11)
    off, on = surface(scale * (0.2 + steps / 20)), surface(scale * (7 + steps[:, ::-1] / 20))
    bends = Curvature(1.0, 1.0, 12.0, 34.0), Curvature(1.0, 1.0, 5.6, 7.8)
    return SurfacePair(
        **{"off": off, "on": on, "off_bend": bends[0], "on_bend": bends[1], "done": 1.0, **changes}
    )


@pytest.fixture
def picture():
    other = made()
    shown = ErrorSurfaces(dataclasses.replace(other, off=other.on, on=other.off, off_bend=other.on_bend))
    shown.update(made())
    return shown


def losses_of(image, low=0.1, high=100.0):
    """Turn colours, 0 to 1 on a log scale, back into losses."""
    return low * (high / low) ** np.ma.filled(image.get_array(), np.nan)


def test_each_map_shows_the_losses_of_its_own_net(picture):
    for title, shown in ((WITHOUT, made().off), (WITH, made().on)):
        ax = panel(picture, title)
        coarse, fine = sorted(ax.images, key=lambda image: image.get_zorder())
        np.testing.assert_allclose(losses_of(fine), shown.losses)
        np.testing.assert_allclose(losses_of(coarse), shown.coarse)
        # Row i is b, upwards; pixels are centred on the points, so they reach half a step beyond.
        assert fine.origin == "lower"
        assert fine.get_extent() == pytest.approx([-2.2, 2.2, -2.2, 2.2])
        assert coarse.get_extent() == pytest.approx([-3, 3, -3, 3])
        assert fine.get_visible()
        assert data(line(ax, marker="o")) == ([0], [0])
        assert (ax.get_xlim(), ax.get_ylim()) == ((-2, 2), (-2, 2))
        assert ticks(ax.xaxis) == {-2: "−2", 0: "0", 2: "2"}
        assert ax.get_xlabel() == "a, along d₁"


def test_what_is_not_known_yet_is_left_to_the_coarse_map(picture):
    losses = made().off.losses.copy()
    losses[4:] = np.nan
    picture.update(made(off=dataclasses.replace(made().off, losses=losses, done=0.4), done=0.7))
    coarse, fine = sorted(panel(picture, WITHOUT).images, key=lambda image: image.get_zorder())
    assert np.ma.getmaskarray(fine.get_array())[4:].all()
    assert not np.ma.getmaskarray(fine.get_array())[:4].any()
    assert np.isfinite(losses_of(coarse)).all()


def test_each_net_has_its_own_numbers_below(picture):
    said = {title: words(panel(picture, title)) for title in (WITHOUT, WITH)}
    assert said == {WITHOUT: ["loss at the centre 3.2"], WITH: ["loss at the centre 10"]}
    picture.update(made(curvature=True))
    said = {title: words(panel(picture, title)) for title in (WITHOUT, WITH)}
    assert said[WITHOUT] == ["loss at the centre 3.2\ncurvature along the gradient 12, sharpest 34"]
    assert said[WITH] == ["loss at the centre 10\ncurvature along the gradient 5.6, sharpest 7.8"]


def test_without_stands_left_and_one_scale_serves_both(picture):
    left, right, bar = left_to_right(picture.figure.axes)
    assert left is panel(picture, WITHOUT)
    assert right is panel(picture, WITH)
    assert (left.get_ylabel(), right.get_ylabel()) == ("b, along d₂", "")
    assert bar.get_ylabel() == "loss C (log scale)"
    marks = ticks(bar.yaxis)
    assert list(marks.values()) == ["0.1", "0.3", "1", "3", "10", "30", "100"]
    np.testing.assert_allclose([float(word) for word in marks.values()], [0.1 * 1000**t for t in marks])
    images = [image for ax in (left, right) for image in ax.images]
    assert len({image.norm for image in images}) == len({image.cmap.name for image in images}) == 1
    assert images[0].norm.vmin == 0
    assert images[0].norm.vmax == 1


def test_losses_that_are_all_alike_get_a_scale_of_their_own(picture):
    flat = surface(2 + made().off.losses / 20), surface(2.1 + made().off.losses / 20)
    alike = made(off=flat[0], on=flat[1])
    assert picture.move(alike)
    low, high = 2.01 / 1.02, (2.1 + 0.31) * 1.02
    _, fine = sorted(panel(picture, WITH).images, key=lambda image: image.get_zorder())
    np.testing.assert_allclose(losses_of(fine, low, high), alike.on.losses)
    marks = list(ticks(picture.figure.axes[2].yaxis).values())
    assert (marks[0], marks[-1], len(marks)) == (f"{low:.3g}", f"{high:.3g}", 5)
    assert picture.move(made())


def test_a_landscape_stands_as_high_as_its_losses(picture):
    picture.update(made(view="landscape"))
    for title, shown in ((WITHOUT, made().off), (WITH, made().on)):
        ax = panel(picture, title)
        assert not any(image.get_visible() for image in ax.images)
        (land,) = ax.collections
        assert land.get_visible()
        t = np.log(shown.losses / 0.1) / np.log(1000)
        corners = {
            ((a - b) / 2 / 5, (a + b - 10) * 0.24 / 5 + (2 * t[b, a] - 1) / 2)
            for a in range(11)
            for b in range(11)
        }
        drawn = np.concatenate([path.vertices[:4] for path in land.get_paths()])
        assert {tuple(corner) for corner in drawn.round(9)} == {tuple(np.round(c, 9)) for c in corners}
        far = np.array([path.vertices[0, 1] - path.vertices[2, 1] for path in land.get_paths()])
        assert len(far) == 100
        assert ax.get_xlabel() == ""
        middle = (2 * np.log(shown.centre / 0.1) / np.log(1000) - 1) / 2
        assert data(line(ax, marker="o")) == ([0], [pytest.approx(middle)])
        named = {t.get_text(): t for t in ax.texts if t.get_visible()}
        assert named["a, along d₁"].get_position()[0] > 0 > named["b, along d₂"].get_position()[0]
        assert named["a, along d₁"].get_rotation() > 0, "along a to the right, away from the viewer"
        assert (ax.get_xlim(), ax.get_ylim()) == ((-1.08, 1.08), (-1.02, 1.02))
    picture.update(made(view="map"))
    assert not panel(picture, WITH).collections[0].get_visible()
    assert all(image.get_visible() for image in panel(picture, WITH).images)


def test_near_tiles_are_drawn_over_far_ones(picture):
    flat = surface(np.full((11, 11), 3.0))
    picture.update(made(off=flat, view="landscape"))
    (land,) = panel(picture, WITHOUT).collections
    height = np.array([path.vertices[:4, 1].mean() for path in land.get_paths()])
    assert (np.diff(height) < 1e-12).all(), "on a flat land the far tiles stand higher on the page"


def test_a_tile_is_coloured_by_the_losses_at_its_corners(picture):
    picture.update(made(view="landscape"))
    (land,) = panel(picture, WITH).collections
    t = np.log(made().on.losses / 0.1) / np.log(1000)
    tiles = {}
    for path, colour in zip(land.get_paths(), land.get_array(), strict=True):
        tiles[tuple(path.vertices[0].round(9))] = colour
    for b in range(10):
        for a in range(10):
            corner = ((a - b) / 10, (a + b - 10) * 0.048 + (2 * t[b, a] - 1) / 2)
            assert tiles[tuple(np.round(corner, 9))] == pytest.approx((t[b, a] + t[b + 1, a + 1]) / 2)


def place_of(a, b, loss, degrees):
    """Turn a point against the clock, then see it from above the corner; height is log loss, 0.1 to 100."""
    turn = np.exp(1j * np.radians(degrees)) * (a + 1j * b)
    t = np.log(loss / 0.1) / np.log(1000)
    return (turn.real - turn.imag) / 2, 0.24 * (turn.real + turn.imag) + (2 * t - 1) / 2


@pytest.mark.parametrize("degrees", [-180, -75, 30, 90, 145])
def test_a_landscape_can_be_turned(picture, degrees):
    picture.update(made(view="landscape"))
    assert not picture.move(made(view="landscape", turn=degrees)), "turning leaves the frame as it is"
    ax, losses = panel(picture, WITH), made().on.losses
    (land,) = ax.collections
    drawn = {tuple(corner.round(9)) for path in land.get_paths() for corner in path.vertices[:4]}
    points = np.linspace(-1, 1, 11)
    expected = {
        tuple(np.round(place_of(a, b, losses[i, j], degrees), 9))
        for i, b in enumerate(points)
        for j, a in enumerate(points)
    }
    assert drawn == expected
    assert np.abs([x for x, _ in drawn]).max() < 1.08
    # From the far ones to the near ones: on the ground, the nearer the lower on the page.
    ground = [
        place_of(*np.mean([p for p in corners_of(path, losses, degrees)], axis=0), 0.1, degrees)[1]
        for path in land.get_paths()
    ]
    assert (np.diff(ground) < 1e-6).all()
    # Each name stands outside the square below, along the nearer of its two sides.
    for name, direction in (("a, along d₁", (1, 0)), ("b, along d₂", (0, 1))):
        (text,) = (t for t in ax.texts if t.get_text() == name)
        across = np.array(direction[::-1]) * 1.24
        sides = [place_of(*(sign * across), 0.1, degrees) for sign in (-1, 1)]
        assert text.get_position() == pytest.approx(min(sides, key=lambda place: place[1]))
        (x0, y0), (x1, y1) = (place_of(*(s * np.array(direction)), 0.1, degrees) for s in (0, 1))
        assert np.tan(np.radians(text.get_rotation())) == pytest.approx((y1 - y0) / (x1 - x0), abs=1e-6)


def corners_of(path, losses, degrees):
    """Find the points of the plane whose places are the corners of a tile."""
    points = np.linspace(-1, 1, 11)
    where = {
        tuple(np.round(place_of(a, b, losses[i, j], degrees), 9)): (a, b)
        for i, b in enumerate(points)
        for j, a in enumerate(points)
    }
    return [where[tuple(corner.round(9))] for corner in path.vertices[:4]]


GONE = Walk((1.5, 1.0, -2.0), (1.1, 0.5, 0.25), (6.0, 5.0, 4.0), left_at=2)
THERE = Walk((1.5, 1.4, 1.3), (1.1, 1.0, 0.9), (12.0, 11.0, 10.0))


def balls(picture, title):
    """The white way, and where ball and cross stand, if they are shown."""
    ax = panel(picture, title)
    colour = WITHOUT_NORM if title == WITHOUT else BATCH_NORM
    shown = {
        mark: [data(found) for found in lines(ax, marker=mark) if same_color(found.get_mfc(), colour)]
        for mark in "oX"
    }
    return [data(found) for found in lines(ax, color="white", linestyle="-")], shown["o"], shown["X"]


def test_each_ball_has_gone_its_own_way_on_the_map(picture):
    picture.update(made(off_walk=GONE, on_walk=THERE))
    assert balls(picture, WITHOUT) == ([([1.5, 1, -2], [1.1, 0.5, 0.25])], [], [([-2], [0.25])])
    assert balls(picture, WITH) == ([([1.5, 1.4, 1.3], [1.1, 1, 0.9])], [([1.3], [0.9])], [])
    said = ["".join(words(panel(picture, title))).splitlines()[-1] for title in (WITHOUT, WITH)]
    assert said == [
        "the ball rolls downhill out of the plane at step 2",
        "the ball goes from 12 to 10 in 2 steps",
    ]
    assert not picture.move(made(off_walk=THERE, on_walk=GONE))
    picture.update(made())
    assert balls(picture, WITHOUT) == ([], [], [])


def test_on_a_landscape_a_ball_stands_at_its_loss(picture):
    picture.update(made(on_walk=THERE, off_walk=GONE, view="landscape", turn=40))
    (way,), (ball,), crosses = balls(picture, WITH)
    expected = [place_of(a / 2, b / 2, loss, 40) for a, b, loss in zip(*way_of(THERE), strict=True)]
    np.testing.assert_allclose(np.transpose(way), expected)
    np.testing.assert_allclose(np.transpose(ball)[0], expected[-1])
    assert crosses == []


def way_of(walk):
    return walk.a, walk.b, walk.losses


@pytest.mark.parametrize("view", ["map", "landscape"])
def test_what_lies_far_above_the_scale_stretches_it(picture, view):
    """Cut off at 100 the steeper of two surfaces would look flat."""
    steep = surface(10.0 ** np.linspace(0, 6.2, 121).reshape(11, 11))
    assert picture.move(made(off=steep, view=view))
    high = 1e7
    assert scale_of(made(off=steep)) == (0.1, high)
    marks = ticks(picture.figure.axes[2].yaxis)
    assert list(marks.values()) == ["10⁻¹", "1", *(f"10{n}" for n in "¹²³⁴⁵⁶⁷")]
    np.testing.assert_allclose(list(marks), np.arange(9) / 8)
    assert not any("cut off" in word for word in words(panel(picture, WITHOUT)))
    if view == "map":
        _, fine = sorted(panel(picture, WITHOUT).images, key=lambda image: image.get_zorder())
        np.testing.assert_allclose(losses_of(fine, high=high), steep.losses)


def test_a_corner_above_the_scale_is_said_to_be_cut_off(picture):
    losses = made().off.losses.copy()
    losses[0, 0], losses[5, 6] = 500, np.inf
    picture.update(made(off=surface(losses)))
    assert scale_of(made(off=surface(losses))) == (0.1, 100)
    said = "".join(words(panel(picture, WITHOUT)))
    assert said.splitlines()[-1] == "2 % of the surface lies above 100, cut off there"
    assert "cut off" not in "".join(words(panel(picture, WITH)))


def test_the_frame_follows_reach_view_and_scale_alone(picture):
    assert not picture.move(made(off=made().on, on=made().off))
    wider = made(
        off=dataclasses.replace(made().off, reach=5.0), on=dataclasses.replace(made().on, reach=5.0)
    )
    assert picture.move(wider)
    assert panel(picture, WITH).get_xlim() == (-5, 5)
    assert picture.move(dataclasses.replace(wider, view="landscape"))
