"""Mean left, variance right; each rule is the line that the legend says."""

import dataclasses

import numpy as np
import pytest

from coursekit.experiments import RunningStatistics
from coursekit.experiments.running_statistics import RULES
from coursekit.plots import RunningLines
from tests.plots.reading import data, left_to_right, legend, line, lines, looks, panel, words

# Rule, as the result orders them → a word of the legend's row.
SAID = dict(zip(RULES, ("Keras", "PyTorch", "plain average", "freed"), strict=True))


def made():
    """Five steps in which no number stands twice."""
    rules = np.arange(24).reshape(4, 6) / 8
    return RunningStatistics(
        momentum=0.9,
        start_var=0.0,
        batch_size=4,
        unbiased=False,
        true_mean=np.linspace(1, 5, 5),
        true_var=np.full(5, 4.0),
        batch_mean=np.array([1.0, 2.0, 9.0, -3.0, 2.5]),
        batch_var=np.array([3.0, 50.0, 4.5, 5.5, 6.5]),
        mean=rules,
        var=rules + 4,
    )


@pytest.fixture
def picture():
    first = made()
    shown = RunningLines(dataclasses.replace(first, mean=first.mean + 1, batch_var=first.batch_var[::-1]))
    shown.update(first)
    return shown


@pytest.mark.parametrize(("title", "name"), [("running mean", "mean"), ("running variance", "var")])
def test_every_rule_is_the_line_of_its_legend(picture, title, name):
    ax, numbers = panel(picture, title), getattr(made(), name)
    named = legend(picture.figure)
    for row, rule in enumerate(RULES):
        (handle,) = (handle for label, handle in named.items() if SAID[rule] in label)
        (drawn,) = (shown for shown in ax.lines if looks(shown) == looks(handle))
        assert drawn.get_linewidth() == handle.get_linewidth()
        # The average starts with the first batch: it has no start of its own.
        first = 1 if rule == "plain average" else 0
        assert data(drawn) == (list(range(first, 6)), numbers[row, first:].tolist())


@pytest.mark.parametrize(("title", "name"), [("running mean", "mean"), ("running variance", "var")])
def test_truth_and_batches_are_marked(picture, title, name):
    ax, result = panel(picture, title), made()
    truth = line(ax, linestyle=":")
    assert looks(truth) == looks(legend(picture.figure)["the truth"])
    assert data(truth) == ([1, 2, 3, 4, 5], getattr(result, f"true_{name}").tolist())
    own = getattr(result, f"batch_{name}")
    low, high = ax.get_ylim()
    inside = [i for i in range(5) if low <= own[i] <= high]
    assert data(line(ax, marker="o")) == ([i + 1 for i in inside], own[inside].tolist())
    x, y = data(line(ax, marker="D"))
    assert x == [i + 1 for i in range(5) if i not in inside]
    for at, value in zip(x, y, strict=True):
        assert low < value < high
        assert abs(value - (low if own[int(at) - 1] < low else high)) < 0.2
    assert "each batch's own (◆ beyond)" in legend(picture.figure)


def test_the_frame_is_fixed_and_the_mean_stands_left(picture):
    left, right = left_to_right(picture.figure.axes)
    assert left is panel(picture, "running mean")
    assert right is panel(picture, "running variance")
    assert (left.get_ylim(), right.get_ylim()) == ((-0.8, 7), (-0.8, 12))
    assert left.get_xlim() == right.get_xlim() == (-1, 101)
    assert left.get_xlabel() == right.get_xlabel() == "training step"
    assert not picture.move(made())
    assert len(lines(left)) == len(lines(right)) == 7


def seen(picture):
    """Title of each panel that is seen, or in which anything is: the colours and dashes of its lines."""
    return {
        ax.get_title("left"): {looks(shown)[:2] for shown in lines(ax) if looks(shown)[2] == "None"}
        for ax in left_to_right(picture.figure.axes)
        if ax.get_visible() or lines(ax)
    }


def test_it_begins_with_two_lines_and_others_join(picture):
    of_all = seen(picture)
    assert {name: len(shown) for name, shown in of_all.items()} == {
        "running mean": 5,
        "running variance": 5,
    }
    assert words(picture.figure) == ["One number m, three conventions"]
    assert len(legend(picture.figure)) == 6
    width = panel(picture, "running mean").get_position().width
    assert picture.move(dataclasses.replace(made(), compare="mean"))
    two = {looks(handle)[:2] for label, handle in legend(picture.figure).items() if "batch" not in label}
    assert seen(picture) == {"running mean": two}
    assert len(two) == 2
    (running,) = (
        s for s in lines(panel(picture, "running mean")) if looks(s)[:2] in two and s.get_linestyle() == "-"
    )
    assert data(running)[1] == made().mean[0].tolist()
    assert panel(picture, "running mean").get_position().width > 2 * width
    assert words(picture.figure) == ["Does the running mean reach the true one?"]
    assert not picture.move(dataclasses.replace(made(), compare="mean", momentum=0.5))
    assert picture.move(dataclasses.replace(made(), compare="variance"))
    assert seen(picture) == {"running mean": two, "running variance": two}
    assert words(picture.figure) == ["Do running mean and variance reach the true ones?"]
    assert picture.move(made())
    assert seen(picture) == of_all
    assert panel(picture, "running mean").get_position().width == width
