"""A training by a recipe: what it is judged on, what it leaves closed, and what each switch builds."""

import dataclasses

import numpy as np
import pytest

from coursekit import nn
from coursekit.datasets import fashion_mnist
from coursekit.experiments.recipe_run import RECIPES, last_run, recipe_runs, split
from coursekit.nets.recipe import Recipe, recipe_net
from coursekit.nets.residual import Residual


def kinds(**switches):
    return [type(layer) for layer in recipe_net(Recipe(**switches)).layers]


def test_the_base_is_a_lenet_with_batch_norm_before_each_relu():
    a = [nn.Conv2D, nn.BatchNorm, nn.ReLU, nn.MaxPool2D]
    b = [nn.Dense, nn.BatchNorm, nn.ReLU]
    assert kinds() == [*a, *a, nn.Flatten, *b, *b, nn.Dense]
    assert nn.BatchNorm not in kinds(batch_norm=False)
    assert kinds(dropout=True).count(nn.Dropout) == 2
    assert kinds(skip=True).count(Residual) == 1


def test_dropout_is_weaker_near_the_input():
    drops = [layer.p for layer in recipe_net(Recipe(dropout=True)).layers if isinstance(layer, nn.Dropout)]
    assert drops == [0.2, 0.5]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"scheme": "he"}, "scheme must be one of"),
        ({"rate": -1.0}, "rate"),
        ({"weight_decay": float("nan")}, "weight_decay"),
        ({"batch_size": 0}, "batch_size"),
        ({"dropout": 0.5}, "dropout"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(wrong, message):
    with pytest.raises((TypeError, ValueError), match=message):
        Recipe(**wrong)


def test_a_recipe_in_words():
    assert Recipe(rate=1.0).words == "He, batch norm, η 1"
    assert RECIPES["gluon"].words == "N(0, 0.01²), no norm, dropout, not centred, η 0.1"
    assert Recipe(weight_decay=1e-3, skip=True, batch_size=32).words == (
        "He, batch norm, λ 0.001, skip, batch 32, η 0.1"
    )


def test_the_recipes_are_those_of_the_notes():
    gluon, cs231n, notes = (RECIPES[name] for name in ("gluon", "cs231n", "batch_norm_notes"))
    assert (gluon.scheme, gluon.batch_norm, gluon.dropout) == ("normal_0.01", False, True)
    assert (cs231n.scheme, cs231n.batch_norm, cs231n.centre) == ("xavier_uniform", True, True)
    assert (notes.batch_norm, notes.dropout, notes.weight_decay) == (True, False, 0.0)


def test_nobody_learns_from_what_judges():
    """The three sets share no image, and grey values are scaled by those to learn from alone."""
    data, whole = split(1000), fashion_mnist()
    mean, std = whole.x_train[:1000].mean(), whole.x_train[:1000].std()
    np.testing.assert_allclose(data.x_train, (whole.x_train[:1000] - mean) / std, atol=1e-5)
    np.testing.assert_allclose(data.x_test[:2000], (whole.x_train[8000:] - mean) / std, atol=1e-5)
    np.testing.assert_allclose(data.x_test[2000:], (whole.x_test - mean) / std, atol=1e-5)
    assert np.array_equal(data.y_test, np.concatenate([whole.y_train[8000:], whole.y_test]))
    with pytest.raises(ValueError, match="at most 8000"):
        split(8001)


@pytest.fixture(scope="module")
def runs():
    return list(recipe_runs(Recipe(rate=1.0), 500, 2, 3))


def test_a_run_grows_five_pieces_an_epoch(runs):
    assert [len(run.losses) for run in runs] == list(range(11))
    assert [len(run.validation) for run in runs] == [1] * 5 + [2] * 5 + [3]
    assert [run.done for run in runs] == sorted(run.done for run in runs)
    assert (runs[0].done, runs[-1].done) == (0, 1)
    assert runs[-1].validation[-1] > 0.4 > runs[0].validation[0]
    assert runs[-1].losses[-1] < 1.3 < runs[-1].losses[0]


def test_the_test_images_stay_closed_until_the_end(runs):
    assert all(np.isnan(run.sealed) for run in runs[:-1])
    assert 0 < abs(runs[-1].sealed - runs[-1].right) < 0.06  # they are other images


def test_the_same_seed_is_the_same_run_and_another_is_not(runs):
    again, other = last_run(Recipe(rate=1.0), 500, 2, 3), last_run(Recipe(rate=1.0), 500, 2, 4)
    assert np.array_equal(again.losses, runs[-1].losses)
    assert again.right == runs[-1].right
    assert not np.array_equal(other.losses, again.losses)
    assert other.train[0] != again.train[0]  # its first weights differ too


@pytest.mark.parametrize("switch", ["batch_norm", "dropout", "skip", "centre"])
def test_every_switch_makes_another_run(runs, switch):
    recipe = Recipe(rate=1.0)
    other = dataclasses.replace(recipe, **{switch: not getattr(recipe, switch)})
    first = next(run for run in recipe_runs(other, 500, 1, 3) if len(run.losses))
    assert first.losses[0] != runs[1].losses[0]


def test_a_run_that_breaks_says_where():
    run = last_run(Recipe(batch_norm=False, rate=1000.0), 500, 1, 0)
    assert run.diverged_at is not None
    assert run.done == 1
