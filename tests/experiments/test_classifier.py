"""A classifier on its way: what is judged, what is kept, and what is said."""

from dataclasses import replace

import numpy as np
import pytest

from coursekit import nn
from coursekit.datasets import fashion_mnist
from coursekit.experiments.classifier import (
    Setting,
    Training,
    diagnose_training,
    net_of,
    new_net,
    split_in_three,
    train_classifier,
)
from coursekit.training import evaluate


def run(*setting, **more):
    return list(train_classifier(*setting, **more))


@pytest.fixture(scope="module")
def short():
    return run("softmax", 0.1, 100, 2, 500)


def test_three_parts_that_share_no_image():
    learning, final = split_in_three()
    assert (len(learning.x_train), len(learning.x_test), len(final.x_test)) == (9000, 1000, 2000)
    whole = fashion_mnist().flat()
    both = np.concatenate([learning.x_train, learning.x_test]).sum(axis=1)
    np.testing.assert_allclose(np.sort(both), np.sort(whole.x_train.sum(axis=1)))
    np.testing.assert_array_equal(final.x_test, whole.x_test)
    # Drawn at random, each class has about 100 of 1,000: sd 9.5.
    assert np.abs(np.bincount(learning.y_test) - 100).max() < 30
    assert (learning.x_train.min(), learning.x_train.max()) == (0, 1)


def test_the_first_look_is_at_the_untrained_net(short):
    first = short[0]
    assert (first.done, first.at.tolist()) == (0, [0])
    assert first.losses[0] == pytest.approx(np.log(10), abs=0.1)
    w = nn.Dense(10, 784).initialize(nn.initializers.normal(0.01), np.random.default_rng(0)).params["W"]
    np.testing.assert_array_equal(first.pictures, w.T.reshape(10, 28, 28))


def test_it_is_looked_at_on_its_way_to_the_end(short):
    # 5 steps an epoch, 10 in all: judged after each.
    assert [piece.at[-1] for piece in short] == pytest.approx(np.arange(11) / 5)
    assert [piece.done for piece in short] == pytest.approx(np.arange(11) / 10)
    assert len(short[-1].losses) == len(short[-1].validation_accuracies) == 11


def test_what_is_judged_is_what_the_net_does(short):
    last, data = short[-1], split_in_three()[0]
    net = net_of(last)
    judged = evaluate(net, data.x_test, data.y_test)
    assert (last.validation_losses[-1], last.validation_accuracies[-1]) == (judged.loss, judged.accuracy)
    mine = evaluate(net, data.x_train[:500], data.y_train[:500])
    assert (last.losses[-1], last.accuracies[-1]) == (mine.loss, mine.accuracy)
    assert (last.answers == data.y_test).mean() == pytest.approx(judged.accuracy)


def test_a_net_that_is_handed_out_is_nobody_else_s(short):
    net = net_of(short[-1])
    net.params["0.W"][...] = 0
    assert np.abs(net_of(short[-1]).params["0.W"]).max() > 0


def test_the_recipe_by_hand():
    """Two steps on 200 images in batches of 100, written out."""
    data, rng = split_in_three()[0], np.random.default_rng(3)
    x, labels = data.x_train[:200], data.y_train[:200]
    start = nn.Dense(10, 784).initialize(nn.initializers.normal(0.01), rng)
    w, b = start.params["W"].copy(), np.zeros(10)
    order = rng.permutation(200)
    for step, rate in enumerate((0.2, 0.1)):  # half a cosine wave, in two steps
        rows = order[100 * step : 100 * step + 100]
        e = np.exp(x[rows] @ w + b)
        p = e / e.sum(axis=1, keepdims=True) - np.eye(10)[labels[rows]]
        w, b = w - rate * x[rows].T @ p / 100, b - rate * p.mean(axis=0)
    last = run("softmax", 0.2, 100, 1, 200, 3)[-1]
    kept = dict(last.parameters)
    np.testing.assert_allclose(kept["0.W"], w, atol=1e-5)
    np.testing.assert_allclose(kept["0.b"], b, atol=1e-5)
    constant = dict(run("softmax", 0.2, 100, 1, 200, 3, falling=False)[-1].parameters)
    assert np.abs(constant["0.W"] - w).max() > 1e-3


def test_an_mlp_has_256_units_and_20_of_them_as_pictures():
    first = next(train_classifier("mlp", 0.1, 32, 1))
    assert {name: array.shape for name, array in first.parameters} == {
        "0.W": (784, 256), "0.b": (256,), "2.W": (256, 10), "2.b": (10,)
    }  # fmt: skip
    assert first.pictures.shape == (20, 28, 28)
    assert isinstance(new_net("mlp").layers[1], nn.ReLU)


def test_divergence_ends_it_and_is_said():
    last = run("mlp", 1e30, 32, 2, 500, falling=False)[-1]
    assert last.diverged
    assert last.done == 1
    assert all(np.isfinite(array).all() for _, array in last.parameters)
    assert "Diverged in epoch 1" in diagnose_training(last)
    assert "nan" not in diagnose_training(last)


def made(labels, answers, sure, right=(0.9, 0.8), **more):
    p = np.full((len(labels), 10), 0.0)
    p[np.arange(len(labels)), answers] = sure
    two = tuple(np.array([0.1, value]) for value in (2.0, 0.5, 2.1, 0.7))
    return Training(
        Setting("mlp", 0.1, 32, 20, 9000, 0), 1.0, np.array([0, 20.0]), two[0], np.array([0.1, right[0]]),
        two[2], np.array([0.1, right[1]]), np.zeros((1, 28, 28)), p, np.array(labels), (), **more,
    )  # fmt: skip


def test_confusion_and_mistakes_by_hand():
    result = made([6, 6, 6, 0, 1, 9], [0, 0, 6, 6, 1, 7], [0.6, 0.9, 0.8, 0.99, 1.0, 0.95])
    table = np.zeros((10, 10), int)
    table[6, 0], table[6, 6], table[0, 6], table[1, 1], table[9, 7] = 2, 1, 1, 1, 1
    np.testing.assert_array_equal(result.confusion, table)
    assert result.confused_pairs(3) == [(6, 0, 2), (0, 6, 1), (9, 7, 1)]
    assert result.sure_mistakes().tolist() == [3, 5, 1, 0]
    said = diagnose_training(replace(result, view="confusion"))
    assert "4 of 6 validation images" in said
    assert "2 times: Shirt called T-shirt/top" in said
    said = diagnose_training(replace(result, view="mistakes"))
    assert "Of 4 wrong answers the net gives 2 more than 90 %" in said
    assert "99 %: T-shirt/top called Shirt" in said
    right = replace(made([1], [1], [1.0]), view="mistakes")
    assert diagnose_training(right) == "No validation image is named wrongly."


@pytest.mark.parametrize(
    ("right", "words"),
    [((0.95, 0.85), "overfitting"), ((0.6, 0.59), "underfitting"), ((0.86, 0.85), "are close")],
)
def test_curves_are_said(right, words):
    said = diagnose_training(made([1], [1], [1.0], right))
    assert words in said
    assert "After 20 of 20 epochs at rate 0.1" in said


@pytest.mark.parametrize(
    "wrong",
    [{"net": "cnn"}, {"rate": -1.0}, {"batch_size": 0}, {"epochs": 0}, {"images": 9001}, {"falling": 2}],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises((TypeError, ValueError), match=next(iter(wrong))):
        train_classifier(**{"net": "mlp", "rate": 0.1, "batch_size": 32, "epochs": 2, **wrong})
