"""The four steps, against numbers worked out by hand and against the layer itself."""

import dataclasses

import numpy as np
import pytest

from coursekit import nn
from coursekit.experiments import batch_norm_steps, diagnose_steps

X = np.array([[-1.0, 10.0], [2.0, 13.0], [5.0, 4.0]])
ONE, ZERO = np.ones(2), np.zeros(2)


def test_every_number_by_hand():
    s = batch_norm_steps(X, [2.0, 3.0], [1.0, -1.0], 0.0)
    # Column 1: mean 6/3, squares 9 + 0 + 9 over 3. Column 2: mean 27/3, squares 1 + 16 + 25 over 3.
    assert s.mean.tolist() == [2, 9]
    assert s.var.tolist() == [6, 14]
    assert s.centred.tolist() == [[-3, 1], [0, 4], [3, -5]]
    assert s.squared.tolist() == [[9, 1], [0, 16], [9, 25]]
    assert np.allclose(s.x_hat, [[-3 / 6**0.5, 1 / 14**0.5], [0, 4 / 14**0.5], [3 / 6**0.5, -5 / 14**0.5]])
    assert np.allclose(
        s.y, [[1 - 6 / 6**0.5, 3 / 14**0.5 - 1], [1, 12 / 14**0.5 - 1], [1 + 6 / 6**0.5, -1 - 15 / 14**0.5]]
    )
    assert s.training


@pytest.mark.parametrize("eps", [1e-5, 0.5, 10.0])
def test_it_is_what_the_layer_computes(eps):
    rng = np.random.default_rng(1)
    x, gamma, beta = rng.normal(3, 2, (7, 4)), rng.normal(size=4), rng.normal(size=4)
    layer = nn.BatchNorm(eps=eps)
    layer.forward(x, training=True)
    layer.params["gamma"][...], layer.params["beta"][...] = gamma, beta
    assert np.allclose(batch_norm_steps(x, gamma, beta, eps).y, layer.forward(x, training=True), atol=1e-12)
    stored = layer.buffers["mean"], layer.buffers["var"]
    predicted = batch_norm_steps(x, gamma, beta, eps, stored)
    assert np.allclose(predicted.y, layer.forward(x), atol=1e-12)
    assert not predicted.training


def test_epsilon_stands_inside_the_root():
    s = batch_norm_steps(X, ONE, ZERO, 3.0)
    assert s.x_hat[0, 0] == pytest.approx(-3 / np.sqrt(6 + 3))


def test_what_is_left_out_undoes():
    for stored in (None, ([1.0, 2.0], [4.0, 9.0])):
        s = batch_norm_steps(X, eps=0.3, stored=stored)
        assert np.allclose(s.y, X, atol=1e-12)
        assert np.allclose(s.gamma**2, s.var + 0.3)
        assert np.allclose(s.beta, s.mean)
    assert batch_norm_steps(X, beta=ZERO).beta.tolist() == [0, 0]


def test_a_constant_feature_gives_beta_even_without_epsilon():
    s = batch_norm_steps(np.full((3, 2), 7.0), ONE, [1.0, 2.0], 0.0)
    assert s.x_hat.tolist() == [[0, 0]] * 3
    assert s.y.tolist() == [[1, 2]] * 3


def test_slopes_of_the_sigmoid():
    before, after = batch_norm_steps(np.array([[0.0], [0.0]]), [1.0], [10.0]).slopes
    assert before == pytest.approx([0.25])
    assert after == pytest.approx([np.exp(-10) / (1 + np.exp(-10)) ** 2])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "in this company sample A comes out as (−1.22, 0.27); move another and it changes"),
        ({}, "Each feature of x̂ has mean 0 and spread 1."),
        (
            {"view": "sigmoid"},
            "mean slope was 0.1 at feature 1 and 0.0059 at feature 2 (flat); after batch normalization "
            "it is 0.2 and 0.2. At most",
        ),
        ({"x": X[:, :1], "gamma": [1.0], "beta": [30.0], "view": "sigmoid"}, "is below 0.0001 (flat)"),
        ({"gamma": None, "beta": None, "view": "sigmoid"}, "mean slope stays 0.1 at feature 1"),
        ({"eps": 10.0}, "ε = 10 is no longer small beside feature 1's variance, 6.00"),
        ({"eps": 10.0}, "x̂ has the spread 0.61"),  # √(6 / 16)
        ({"gamma": None, "beta": None}, "undo the normalization"),
        ({"gamma": ZERO}, "γ = 0 wipes the samples out"),
        ({"x": X[:1]}, "sample A is alone"),
        ({"x": np.ones((3, 2))}, "Feature 1 has no spread"),
        (
            {"stored": ([2.0, 9.0], [6.0, 14.0])},
            "Prediction: sample A comes out as (−1.22, 0.27), whatever",
        ),
        ({"stored": ([0.0, 0.0], [1.0, 1.0])}, "by feature they are 2.00 and 2.45; 9.00 and 3.74"),
    ],
)
def test_the_sentence(changes, words):
    given = {"x": X, "gamma": ONE, "beta": ZERO} | changes
    text = diagnose_steps(batch_norm_steps(**given))
    assert words in text
    assert text.endswith((".", ")."))
    assert "nan" not in text


def test_in_prediction_the_sentence_on_a_does_not_change_with_b():
    moved = X.copy()
    moved[1:] += 7
    stored = ([2.0, 9.0], [6.0, 14.0])
    texts = [diagnose_steps(batch_norm_steps(x, ONE, ZERO, stored=stored)) for x in (X, moved)]
    assert texts[0].split("whatever")[0] == texts[1].split("whatever")[0]


def test_in_prediction_no_spread_is_laid_on_eps():
    """The spread of x̂ follows from what is stored as well: ε alone is not to blame."""
    text = diagnose_steps(batch_norm_steps(X, ONE, ZERO, 10.0, ([2.0, 9.0], [6.0, 14.0])))
    assert "ε" not in text
    assert "need not be 0 and 1" in text


def test_it_keeps_its_input_and_is_frozen():
    x = X.astype(np.float32)
    s = batch_norm_steps(x)
    assert (x == X).all()
    with pytest.raises(dataclasses.FrozenInstanceError):
        s.eps = 1


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"x": np.ones(3)}, ValueError, "x must have 2 axes"),
        ({"x": "numbers"}, TypeError, "x must hold real numbers"),
        ({"gamma": np.ones(3)}, ValueError, "gamma must have the shape"),
        ({"beta": np.ones((2, 1))}, ValueError, "beta must have the shape"),
        ({"eps": -1.0}, ValueError, "eps must be a finite number"),
        ({"stored": ([0.0, 0.0], [1.0, -1.0])}, ValueError, "must not be negative"),
        ({"stored": ([0.0], [1.0])}, ValueError, "stored must have the shape"),
        ({"view": "graph"}, ValueError, "view"),
    ],
)
def test_it_refuses(changes, error, sentence):
    with pytest.raises(error, match=sentence):
        batch_norm_steps(**({"x": X, "gamma": ONE, "beta": ZERO} | changes))
