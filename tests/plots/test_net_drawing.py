"""The drawn net: every unit at its place, as bright as its activation, and the true class in its colour."""

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import FancyArrowPatch, Rectangle

from coursekit.experiments import NetDrawing as Pass
from coursekit.plots import NetDrawing
from coursekit.plots.style import GREY, MEASURED
from tests.plots.reading import text, words

LOGITS = np.linspace(-2, 2.5, 10)
SHARES = np.exp(LOGITS) / np.exp(LOGITS).sum()


def made(sizes=(5, 4, 3), label=7, seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    return Pass(
        image=rng.standard_normal((28, 28)),
        activations=tuple(scale * rng.uniform(-1, 1, size) for size in sizes),
        logits=LOGITS,
        probabilities=SHARES,
        label=label,
        loss=float(-np.log(SHARES[label])),
        names=tuple(f"class {i}" for i in range(10)),
    )


def axis(picture):
    (ax,) = picture.figure.axes
    return ax


def dots(picture):
    (found,) = (c for c in axis(picture).collections if c.get_array() is not None)
    return found


def test_every_unit_is_a_dot_as_bright_as_its_activation():
    result = made(scale=3.0)
    picture = NetDrawing(made(seed=1))
    picture.update(result)
    found, places = dots(picture), dots(picture).get_offsets()
    np.testing.assert_array_equal(found.get_array(), np.concatenate(result.activations))
    assert (found.norm.vmin, found.norm.vmax) == (-result.brightest, result.brightest)
    assert found.cmap(0.9)[0] > found.cmap(0.1)[0], "bright is high"
    rows = [places[:5], places[5:9], places[9:]]
    heights = [set(row[:, 1]) for row in rows]
    assert [len(height) for height in heights] == [1, 1, 1]
    assert heights[0] < heights[1] or min(heights[0]) < min(heights[1]) < min(heights[2])
    low, top = axis(picture).get_ylim()
    assert low > top, "the first layer is on top: forward is downwards"
    for i, height in enumerate(heights, start=1):
        assert text(axis(picture), f"layer {i}").get_position()[1] == min(height)
    (arrow,) = (p for p in axis(picture).patches if isinstance(p, FancyArrowPatch))
    (_, start), (_, end) = arrow._posA_posB
    assert start < min(heights[0]) < min(heights[2]) < end


def test_one_unit_is_shown_with_all_that_it_takes_in():
    picture = NetDrawing(made())
    places = dots(picture).get_offsets()
    (fan,) = (c for c in axis(picture).collections if c.get_array() is None)
    lines = [path.vertices for path in fan.get_paths()]
    assert [tuple(line[0]) for line in lines] == [tuple(place) for place in places[:5]]
    assert {tuple(line[1]) for line in lines} == {tuple(places[5 + 1])}


def test_the_image_is_that_of_the_result():
    result = made()
    picture = NetDrawing(made(seed=1))
    picture.update(result)
    (image,) = axis(picture).images
    np.testing.assert_array_equal(image.get_array(), result.image)
    x0, x1, bottom, top = image.get_extent()
    assert x1 - x0 == bottom - top == 84


@pytest.mark.parametrize("label", [7, 0])
def test_the_classes_have_their_scores_and_the_true_one_its_colour(label):
    picture = NetDrawing(made(label=3))
    picture.update(made(label=label))
    ax = axis(picture)
    bars = [p for p in ax.patches if isinstance(p, Rectangle)]
    tall = np.array([bar.get_height() for bar in bars])
    np.testing.assert_allclose(tall / tall.sum(), SHARES)
    feet = {round(bar.get_y() + bar.get_height(), 6) for bar in bars}  # heights are counted from the top
    assert feet == {round(max(line.get_ydata()[0] for line in ax.lines), 6)}
    for k, bar in enumerate(bars):
        assert same_color(bar.get_facecolor(), MEASURED if k == label else GREY)
        middle = bar.get_x() + bar.get_width() / 2
        above = {t.get_text() for t in ax.texts if t.get_position()[0] == pytest.approx(middle)}
        percent = f"{100 * SHARES[k]:.0f} %" if SHARES[k] >= 0.01 else "< 1 %"
        assert above == {f"class {k}", f"{LOGITS[k]:.2g}".replace("-", "−"), percent}
    said = f"True class: class {label}. The net gives it the probability {SHARES[label]:.2g}, "
    assert said + f"so the loss is C = −ln {SHARES[label]:.2g} = {-np.log(SHARES[label]):.2g}" in words(ax)


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ((5,), "784 → 5 → 10"),
        ((100, 100, 30), "784 → 100 → 100 → 30 → 10"),
        ((100,) * 10, "784 → 100 → 100 → … → 100 → 10"),
    ],
)
def test_the_title_names_the_sizes(sizes, said):
    assert f"One image on its way through a net: {said}" in words(axis(NetDrawing(made(sizes))))


def test_of_a_wide_layer_a_hundred_units_are_drawn_and_that_is_said():
    picture = NetDrawing(made((250, 20)))
    assert len(dots(picture).get_offsets()) == 120
    assert "layer 1 (100 of 250)" in words(axis(picture))
    assert "layer 2" in words(axis(picture))
