"""The peek meter: order statistics by other means, and what the best of many is worth."""

from itertools import product

import numpy as np
import pytest

from coursekit.experiments.peek import (
    diagnose_peek,
    expected_best,
    peek,
    peeks_worth,
    right_answers,
    two_scores,
)


def test_the_best_of_two_coins_by_hand():
    # Two flips each: none, one or two right with 1/4, 1/2, 1/4; the larger of two such counts on average.
    chance = {0: 0.25, 1: 0.5, 2: 0.25}
    mean = sum(chance[a] * chance[b] * max(a, b) for a, b in product(chance, chance)) / 2
    assert expected_best(2, 2, 0.5) == pytest.approx(mean)


@pytest.mark.parametrize(("k", "n", "p"), [(1, 1000, 0.8), (20, 1000, 0.1), (100, 100, 0.75)])
def test_it_agrees_with_draws(k, n, p):
    drawn = np.random.default_rng(0).binomial(n, p, (20_000, k)).max(axis=1) / n
    assert expected_best(k, n, p) == pytest.approx(drawn.mean(), abs=4 * drawn.std() / 20_000**0.5)


@pytest.mark.parametrize("wrong", [(0, 10, 0.5), (2, 0, 0.5), (2, 10, 1.0), (2, 10, 0.0)])
def test_wrong_questions_are_refused(wrong):
    with pytest.raises(ValueError, match=r"must"):
        expected_best(*wrong)


@pytest.mark.gate
def test_nets_of_one_recipe_are_about_equal():
    accuracies = right_answers().mean(axis=1)
    assert accuracies.shape == (100,)
    assert 0.7 < accuracies.mean() < 0.82
    assert accuracies.std() < 0.015


@pytest.mark.gate
def test_scores_are_of_different_images():
    right = right_answers()
    scores, fresh = two_scores("nets", 1000, np.random.default_rng(1))
    rng = np.random.default_rng(1)
    order, who = rng.permutation(3000), rng.permutation(100)
    np.testing.assert_allclose(scores, [right[i, order[:1000]].mean() for i in who])
    np.testing.assert_allclose(fresh, [right[i, order[1000:]].mean() for i in who])


def test_guessers_are_worth_what_the_binomial_says():
    worth, expected = peeks_worth("guessers", 300)
    np.testing.assert_allclose(100 * worth, 100 * expected, atol=0.25)
    assert expected[19] == pytest.approx(expected_best(20, 300, 0.1) - 0.1)


def test_a_peek_holds_what_it_says():
    result = peek(20, 1000, "guessers", 3)
    assert result.scores[result.best] == result.scores.max()
    assert result.lost == pytest.approx(result.scores.max() - result.fresh[result.best])
    assert len(result.scores) == len(result.fresh) == 20
    # More tries with the same draw: the first ones stay.
    np.testing.assert_array_equal(peek(50, 1000, "guessers", 3).scores[:20], result.scores)
    said = diagnose_peek(result)
    assert "best of 20" in said
    assert "the binomial predicts 1.8" in said


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": 101}, {"images": 1001}, {"candidates": "oracles"}])
def test_wrong_peeks_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        peek(**{"k": 5, **wrong})
