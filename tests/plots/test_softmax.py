"""The picture of three scores shows its result, read back from its artists."""

import numpy as np
import pytest

from coursekit.experiments.softmax import scores
from coursekit.plots.softmax import POWERS, ScoresPicture
from tests.plots.reading import data, lines, panel, words


def bars(picture):
    return panel(picture, "Probabilities p")


def loss(picture):
    return panel(picture, "Loss: −log of it")


def arrows(picture):
    return panel(picture, "Push y − p")


def shown(picture):
    picture.update(scores((2, 1, -1), 1, 1))
    return picture


def test_the_bars_are_the_probabilities():
    picture = shown(ScoresPicture(scores((10, 1, 0), 0.1, 0, "softmax", "naive")))
    result = scores((2, 1, -1), 1, 1)
    heights = [bar.get_height() for bar in bars(picture).patches]
    np.testing.assert_array_equal(np.float32(heights), result.probabilities)
    middles = [bar.get_x() + bar.get_width() / 2 for bar in bars(picture).patches]
    assert middles == pytest.approx([0, 1, 2])
    assert [t.get_text() for t in bars(picture).get_xticklabels()] == ["coat", "shirt", "bag"]
    assert [bar.get_alpha() for bar in bars(picture).patches] == [0.45, 1.0, 0.45]
    (mark,) = lines(bars(picture), marker="v")
    assert data(mark) == ([1], [1.05])
    assert "nan" not in words(bars(picture))


def test_the_table_below_tells_how_they_came():
    picture = shown(ScoresPicture())
    said = {t.get_text(): t.get_position() for t in bars(picture).texts}
    for text, column in (("2", 0), ("−1", 2), ("0.368", 1), ("0.0498", 2), ("0.705", 0), ("0.035", 2)):
        assert said[text][0] == column
    assert said["2"][1] == said["z / T"][1] > said["0.368"][1] > said["0.705"][1] == said["p"][1]
    for (head, method), label in POWERS.items():
        picture.update(scores((2, 1, -1), 1, 1, head, method))
        assert label in words(bars(picture))


def test_it_says_where_the_numbers_end():
    picture = shown(ScoresPicture())
    assert not any("up to exp" in said for said in words(bars(picture)))  # no need before it overflows
    picture.update(scores((10, 1, -1), 0.1, 1, method="naive"))
    assert "float32: up to exp(88.7)" in words(bars(picture))
    picture.update(scores((10, 1, -1), 0.01, 1, method="naive", dtype="float64"))
    assert "float64: up to exp(709.8)" in words(bars(picture))


def test_what_breaks_is_seen():
    picture = ScoresPicture(scores((10, 1, -9), 0.1, 1, "softmax", "naive"))
    said = words(bars(picture))
    assert (said.count("nan"), said.count("inf"), said.count("0 exactly")) == (2, 1, 2)
    assert [bar.get_height() for bar in bars(picture).patches] == [0, 0, 0]
    assert data(lines(loss(picture), marker="^")[0]) == ([0], [8])
    assert words(loss(picture)) == ["loss inf"]
    assert words(arrows(picture)) == ["nan", "1.00", "0.00"]


def test_the_points_lie_on_the_curve():
    picture = ScoresPicture()
    for head, count in (("sigmoid", 3), ("softmax", 1)):
        result = scores((2, 1, -1), 1, 1, head)
        picture.update(result)
        x, y = data(lines(loss(picture), marker="o")[0])
        assert len(x) == count
        np.testing.assert_allclose(y, -np.log(x), rtol=1e-5)
        np.testing.assert_allclose(x, result.truth, rtol=1e-6)
        assert words(loss(picture)) == [f"loss {result.loss:.2f}"]
    (curve,) = lines(loss(picture), marker="None")
    x, y = map(np.array, data(curve))
    np.testing.assert_allclose(y, -np.log(x))
    picture.update(scores((9, -9, 0), 1, 1))
    assert data(lines(loss(picture), marker="o")[0]) == ([], [])
    assert data(lines(loss(picture), marker="^")[0])[1] == [8]


def test_the_arrows_go_against_the_gradient():
    picture = ScoresPicture()
    result = scores((2, 1, -1), 1, 1)
    picture.update(result)
    ax = arrows(picture)
    shafts = [data(line) for line in lines(ax, linewidth=4)]
    assert [x for x, _ in shafts] == [[0, 0], [1, 1], [2, 2]]
    np.testing.assert_array_equal(np.float32([y for _, y in shafts]), [[0, -g] for g in result.gradient])
    heads = [line for line in ax.lines if line.get_marker() in "^v"]
    assert [line.get_marker() for line in heads] == ["v", "^", "v"]
    np.testing.assert_array_equal(np.float32([data(h)[1][0] for h in heads]), -result.gradient)
    assert words(ax) == ["−0.71", "0.74", "−0.04"]


def test_the_frame_is_fixed():
    picture = ScoresPicture()
    assert bars(picture).get_ylim() == (0, 1.08)
    assert loss(picture).get_ylim() == (0, 8)
    assert loss(picture).get_xlabel() == "probability of the truth"
    assert arrows(picture).get_ylim() == (-1.1, 1.1)
    assert not picture.move(scores((1, 2, 3)))


@pytest.mark.parametrize("panels", [1, 2, 3])
def test_as_many_panels_as_are_asked_for(panels):
    picture = ScoresPicture(scores((2, 1, -1), 1, 1), panels=panels)
    titles = ["Probabilities p", "Loss: −log of it", "Push y − p"]
    assert [ax.get_title("left") for ax in picture.figure.axes] == titles[:panels]
    heights = [bar.get_height() for bar in bars(picture).patches]
    assert heights == pytest.approx(scores((2, 1, -1), 1, 1).probabilities)
    (mark,) = lines(bars(picture), marker="v")
    assert data(mark) == (([], []) if panels == 1 else ([1], [1.05]))
    assert bars(picture).patches[0].get_alpha() == (1.0 if panels == 1 else 0.45)


@pytest.mark.parametrize("panels", [1, 2, 3])
def test_the_names_of_the_rows_are_whole(panels):
    picture = ScoresPicture(scores((2, 1, -1), 1, 1), panels=panels)
    picture.png()
    for label in bars(picture).texts:
        assert label.get_window_extent().x0 >= 0, label.get_text()


def test_no_other_number_of_panels():
    with pytest.raises(ValueError, match="panels must be 1, 2 or 3"):
        ScoresPicture(panels=4)
