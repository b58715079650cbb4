"""Each lane of a race has its own colour in both panels, and its name in it."""

import math

import numpy as np
import pytest
from matplotlib.colors import same_color

from coursekit.experiments.race import Lane, Race
from coursekit.plots import RaceCurves
from coursekit.plots.style import BATCH_NORM, INK, NOISE, WITHOUT_NORM
from tests.plots.reading import data, left_to_right, line, lines, text, ticks, words

COLOURS = (WITHOUT_NORM, BATCH_NORM, NOISE)


def lane(name, loss, right, diverged_at=None, steps=4):
    losses = loss + np.arange(steps) / 10
    return Lane(name, losses, np.array([0, 2, 4]), right + np.array([0, 0.1, 0.2]), diverged_at)


def made(lanes=3, **options):
    all_three = (lane("slow", 2.0, 0.1), lane("fast", 1.0, 0.5), lane("lost", 3.0, 0.3, 3, steps=2))
    return Race(all_three[:lanes], **{"steps": 20, "done": 0.2, **options})


def panels(picture):
    loss, right = left_to_right(picture.figure.axes)
    assert loss.get_ylabel() == "loss of the mini-batch"
    assert right.get_ylabel() == "right answers on unseen images"
    return loss, right


def marks(picture):
    """The coloured squares that are shown, from left to right."""
    found = [t for t in picture.figure.texts if t.get_text() == "■" and t.get_visible()]
    return sorted(found, key=lambda t: t.get_position()[0])


def assert_lane(picture, number, shown, said):
    loss, right = panels(picture)
    colour = COLOURS[number]
    curve = line(loss, color=colour, linestyle="-")
    assert data(curve) == (list(range(1, len(shown.losses) + 1)), shown.losses.tolist())
    assert data(line(right, color=colour, marker="o")) == (shown.at.tolist(), shown.accuracies.tolist())
    name = text(picture.figure, shown.name)
    assert name.get_text() == said
    assert same_color(name.get_color(), INK), "the colour of noise is too pale for words"
    mark = marks(picture)[number]
    assert same_color(mark.get_color(), colour)
    assert 0 < name.get_position()[0] - mark.get_position()[0] < 0.03


def test_every_lane_is_drawn_in_its_colour_in_both_panels():
    result = made()
    picture = RaceCurves(result)
    for number, said in enumerate(("slow", "fast", "lost ✕ at step 3")):
        assert_lane(picture, number, result.lanes[number], said)


def test_a_lane_that_is_lost_has_a_cross_at_the_top():
    picture = RaceCurves(made())
    loss, _ = panels(picture)
    crosses = {c.get_color(): data(c) for c in lines(loss, marker="X")}
    assert crosses == {WITHOUT_NORM: ([], []), BATCH_NORM: ([], []), NOISE: ([3], [30])}
    picture.update(Race((lane("lost", 3.0, 0.3),) * 3, 20, 0.2))
    assert [data(c) for c in lines(loss, marker="X")] == [([], [])] * 3
    assert not any("✕" in word for word in words(picture.figure))


def test_a_race_of_two_shows_no_third():
    picture = RaceCurves(made())
    picture.update(made(2))
    loss, right = panels(picture)
    assert lines(loss, color=NOISE) == lines(right, color=NOISE) == []
    assert not any("lost" in word for word in words(picture.figure))
    assert len(marks(picture)) == 2
    picture.update(made())
    assert len(lines(loss, color=NOISE)) == 2


def test_losses_beyond_the_axis_lie_on_its_border():
    picture = RaceCurves(
        Race((Lane("a", np.array([1e-3, 1.0, 1e6]), np.array([0]), np.array([0.5])),), 3, 1)
    )
    assert data(line(panels(picture)[0], color=WITHOUT_NORM, linestyle="-"))[1] == [0.1, 1.0, 30.0]


@pytest.mark.parametrize("classes", [10, 3])
def test_the_frame_follows_steps_and_classes_alone(classes):
    picture = RaceCurves(made(steps=50))
    assert not picture.move(made(2, steps=50, done=0.5))
    assert picture.move(made(steps=50, classes=classes)) == (classes != 10)
    assert picture.move(made(steps=70, classes=classes))
    loss, right = panels(picture)
    assert loss.get_xlim() == right.get_xlim() == (0, 70)
    assert (loss.get_ylim(), loss.get_yscale()) == ((0.1, 30), "log")
    assert (right.get_ylim(), right.get_yscale()) == ((0, 1), "linear")
    assert loss.get_xlabel() == right.get_xlabel() == "step"
    assert line(loss, linestyle=":").get_ydata()[0] == pytest.approx(math.log(classes))
    assert text(loss, "guessing").xy == (1, pytest.approx(math.log(classes)))
    assert ticks(loss.yaxis) == {0.1: "0.1", 0.3: "0.3", 1: "1", 3: "3", 10: "10", 30: "30"}
    assert ticks(right.yaxis) == {0: "0", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1: "100 %"}
