"""The classifier's picture: curves, weights, confusion and mistakes are those of the result."""

from dataclasses import replace

import numpy as np
import pytest

from coursekit.experiments.classifier import Setting, Training, split_in_three
from coursekit.plots.classifier import ClassifierPicture, mosaic
from coursekit.plots.style import MEASURED, PREDICTED
from tests.plots.reading import data, legend, line, looks, panel, panel_over, title_of, words


def made(view="training", net="mlp", epochs=20, **more):
    labels = split_in_three()[0].y_test
    answers = labels.copy()
    for where, called in ((np.flatnonzero(labels == 6)[:7], 0), (np.flatnonzero(labels == 4)[:4], 2)):
        answers[where] = called
    p = np.full((1000, 10), 0.02)
    p[np.arange(1000), answers] = 0.82
    p[np.flatnonzero(labels == 4)[1], 2] = 0.99
    values = {
        "at": np.array([0.0, 5.0, 12.0]),
        "losses": np.array([2.3, 0.8, 9.0]),
        "accuracies": np.array([0.1, 0.7, 0.9]),
        "validation_losses": np.array([2.2, 0.9, np.nan]),
        "validation_accuracies": np.array([0.11, 0.6, 0.8]),
        "pictures": np.arange(10.0 if net == "softmax" else 20.0)[:, None, None] * np.ones((1, 28, 28)),
    }
    setting = Setting(net, 0.1, 32, epochs, 9000, 0)
    rest = {"probabilities": p, "labels": labels, "parameters": (), "view": view}
    return Training(**{"setting": setting, "done": 0.6, **values, **rest, **more})


def visible(picture):
    return [ax for ax in picture.figure.axes if ax.get_visible()]


def images_of(picture):
    return [np.asarray(ax.images[0].get_array()) for ax in visible(picture) if ax.images]


def test_curves_are_those_of_the_result_and_end_at_the_border():
    result = made()
    picture = ClassifierPicture(result)
    loss, right = panel(picture, "Loss"), panel(picture, "Right answers")
    assert data(line(loss, color=PREDICTED)) == ([0, 5, 12], [2.3, 0.8, 2.5])
    assert data(line(loss, color=MEASURED)) == ([0, 5, 12], [2.2, 0.9, 2.5])
    assert data(line(right, color=PREDICTED))[1] == [0.1, 0.7, 0.9]
    assert data(line(right, color=MEASURED))[1] == [0.11, 0.6, 0.8]
    names = {looks(handle): name for name, handle in legend(right).items()}
    assert names[looks(line(right, color=PREDICTED))] == "training images"
    assert names[looks(line(right, color=MEASURED))] == "validation images"
    assert loss.get_xlim() == right.get_xlim() == (0, 20)


def test_weights_lie_side_by_side():
    shown = mosaic(np.arange(1.0, 7.0)[:, None, None] * np.ones((1, 28, 28)), 5, 2)
    assert shown.shape == (60, 150)
    assert [shown[10, 30 * k + 10] for k in range(5)] == [1, 2, 3, 4, 5]
    assert shown[40, 10] == 6
    assert np.isnan([shown[29, 10], shown[10, 29], shown[40, 40]]).all()


@pytest.mark.parametrize(("net", "named"), [("mlp", False), ("softmax", True)])
def test_classes_are_named_where_units_are_classes(net, named):
    picture = ClassifierPicture(made(net=net))
    weights = panel(picture, "Weights of units, as pictures")
    assert ("sneaker" in words(weights)) == named
    (picture_of_all,) = weights.images
    low, high = picture_of_all.get_clim()
    assert low == -high


def test_confusion_shows_counts_and_pairs():
    result = made("confusion")
    picture = ClassifierPicture(result)
    matrix = panel_over(picture, "what the net calls it")
    shown = {tuple(map(round, t.get_position()[::-1])): t.get_text() for t in matrix.texts}
    for (row, column), count in np.ndenumerate(result.confusion):
        assert shown[row, column] == (str(count) if count else "")
    mistakes = np.asarray(matrix.images[0].get_array())
    assert mistakes.sum() == 11
    assert (mistakes[6, 0], mistakes[4, 2]) == (7, 4)
    said = words(picture.figure)
    assert "Shirt, called T-shirt/top: 7 times" in said
    assert "Coat, called Pullover: 4 times" in said
    first = split_in_three()[0].x_test[np.flatnonzero(result.labels == 6)[0]].reshape(28, 28)
    assert any(np.array_equal(image, first) for image in images_of(picture))


def test_the_surest_mistake_comes_first():
    result = made("mistakes")
    picture = ClassifierPicture(result)
    first = visible(picture)[0]
    surest = np.flatnonzero(result.labels == 4)[1]
    np.testing.assert_array_equal(
        np.asarray(first.images[0].get_array()), split_in_three()[0].x_test[surest].reshape(28, 28)
    )
    assert words(first) == ["is: coat\npullover, 99 % sure"]
    assert len(visible(picture)) == 12
    assert words(visible(picture)[-1]) == []  # 11 mistakes


def test_one_view_at_a_time_and_the_frame_says_when_it_changes():
    picture = ClassifierPicture(made())
    assert [title_of(ax) for ax in visible(picture)][:2] == ["Loss", "Right answers"]
    assert not picture.move(made(done=0.8))
    assert picture.move(made("confusion"))
    assert not any(title_of(ax) == "Loss" for ax in visible(picture))
    assert picture.move(replace(made("confusion"), setting=made(epochs=40).setting))
    assert picture.move(made("training", epochs=40))
    assert panel(picture, "Loss").get_xlim() == (0, 40)


def test_the_title_tells_the_setting():
    picture = ClassifierPicture(made(net="softmax"))
    assert "Softmax regression, rate 0.1, batch 32: does it learn?" in words(picture.figure)
    few = replace(made(), setting=replace(made().setting, images=500, rate=0.02))
    picture.update(few)
    assert "Net with 256 hidden units, rate 0.02, batch 32, 500 images: does it learn?" in words(
        picture.figure
    )
