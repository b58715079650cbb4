"""Nets that overfit: the course's own loop by hand, the two lanes, and what early stopping says."""

import dataclasses
import itertools

import numpy as np
import pytest

from coursekit import nn
from coursekit.datasets import fashion_mnist
from coursekit.experiments.overfitting import (
    Overfitting,
    Run,
    diagnose_overfitting,
    overfit,
    regularized_net,
    split,
)


def last(*values, **more):
    *_, result = overfit(*values, **more)
    return result


def test_the_split_leaves_the_test_images_alone():
    data, shipped = split(100), fashion_mnist()
    np.testing.assert_array_equal(data.y_train, shipped.y_train[:100])
    np.testing.assert_array_equal(data.y_test, shipped.y_train[9000:])
    assert data.x_train.mean() == pytest.approx(0, abs=1e-4)
    with pytest.raises(ValueError, match="at most 9,000"):
        split(9001)


def test_one_pass_by_hand():
    data, result = split(100), last(8, 0.01, 0.0, 100, passes=1)
    net, rng = regularized_net(8), np.random.default_rng([0, 1])
    order = rng.permutation(100)
    for start in range(0, 100, 32):
        rows = order[start : start + 32]
        logits = net.forward(data.x_train[rows], training=True)
        net.backward(nn.softmax_cross_entropy(logits, data.y_train[rows])[1])
        for name, values in net.params.items():
            values *= 1 - 0.1 * 0.01
            values -= 0.1 * net.grads[name]
    logits = net.forward(data.x_test)
    loss, _ = nn.softmax_cross_entropy(logits, data.y_test)
    assert result.chosen.validation[-1] == pytest.approx(loss, rel=1e-4)
    assert result.chosen.right[-1] == pytest.approx(
        (logits.argmax(axis=1) == data.y_test).mean(), abs=0.003
    )
    assert result.weights == 784 * 8 + 8 + 8 * 8 + 8 + 8 * 10 + 10


def test_pieces_grow_and_begin_at_once():
    pieces = list(overfit(8, 0.0, 0.5, 100, passes=3))
    assert [len(piece.chosen.training) for piece in pieces] == [1, 2, 3, 4]
    assert [piece.done for piece in pieces] == [0, 1 / 3, 2 / 3, 1]
    for early, late in itertools.pairwise(pieces):
        np.testing.assert_array_equal(early.chosen.validation, late.chosen.validation[:-1])


def test_the_plain_net_is_the_one_without():
    with_both, plain = last(8, 0.01, 0.5, 100, passes=2), last(8, 0.0, 0.0, 100, passes=2)
    np.testing.assert_array_equal(with_both.plain.validation, plain.chosen.validation)
    assert not plain.regularized
    np.testing.assert_array_equal(plain.chosen.training, plain.plain.training)
    assert not np.array_equal(with_both.chosen.training, plain.chosen.training)


def test_dropout_and_norms_stand_where_they_should():
    kinds = lambda **more: [type(layer).__name__ for layer in regularized_net(4, **more).layers]  # noqa: E731
    assert kinds()[:3] == ["Dense", "ReLU", "Dropout"]
    assert kinds(norm="before")[:4] == ["Dense", "BatchNorm", "ReLU", "Dropout"]
    assert kinds(norm="behind")[:4] == ["Dense", "ReLU", "Dropout", "BatchNorm"]
    assert [layer.p for layer in regularized_net(4, 0.2, 0.5).layers if isinstance(layer, nn.Dropout)] == [
        0.2,
        0.5,
    ]


def made(validation, training=(3.0, 0.5, 0.1), *, done=1.0, decay=0.0, p=0.0, plain_diverged=False):
    right = np.full(3, 0.8)
    run = Run(np.array(training), np.array(validation), right, right)
    plain = ((3.0, np.nan, np.nan),) * 2 if plain_diverged else ((3.0, 0.5, 0.1), (3.0, 1.0, 2.0))
    beside = Run(*map(np.array, plain), right, right)
    return Overfitting(run, beside, 250, 1234, decay, p, done)


def test_the_sentence_carries_the_numbers():
    text = diagnose_overfitting(made((3.0, 0.7, 0.9)))
    assert "After 2 passes, 1,234 weights on 250 images" in text
    assert "training loss 0.1, validation loss 0.9, gap 0.8" in text
    assert "Lowest validation loss 0.7 after 1 pass." in text
    assert "Without" not in text
    assert "Without λ and p the gap is 1.9." in diagnose_overfitting(made((3, 0.7, 0.9), decay=0.1))
    assert "Without λ and p the gap is 1.9." in diagnose_overfitting(made((3, 0.7, 0.9), p=0.1))
    assert "nothing is learned yet" in diagnose_overfitting(made((3.0, 0.7, 0.9), done=0))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"decay": 30.0}, "The net diverged in pass 1: this λ is too large for the rate."),
        ({"decay": 30.0, "p": 0.5}, "this λ is too large for the rate."),
        ({"p": 0.9}, "the outputs are too loud for the rate; those that are left are divided by 0.1."),
        ({"decay": 0.01, "p": 0.8}, "divided by 0.2."),
        ({"p": 0.9, "plain_diverged": True}, "the rate is too large, even without λ and p."),
    ],
)
def test_what_made_it_diverge_is_told(more, said):
    lost = (3.0, np.nan, np.nan)
    assert diagnose_overfitting(made(lost, lost, **more)).endswith(said)


def test_divergence_is_told():
    result = last(8, 1000.0, 0.0, 100, passes=4)
    assert "this λ is too large" in diagnose_overfitting(result)
    assert np.isfinite(result.plain.training).all()


def test_the_net_that_the_explorer_can_make_diverge():
    result = last(64, 0.0, 0.9, 250)
    assert "at this p the outputs are too loud" in diagnose_overfitting(result)


def test_best_is_the_lowest_and_it_is_frozen():
    assert made((3.0, 0.7, 0.9)).chosen.best == 1
    assert made((np.nan,) * 3).chosen.best == 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        made((3.0, 0.7, 0.9)).images = 3
    for bad, sentence in (((0, 0.0, 0.0, 100), "width"), ((8, -1.0, 0.0, 100), "decay")):
        with pytest.raises(ValueError, match=sentence):
            next(overfit(*bad))
