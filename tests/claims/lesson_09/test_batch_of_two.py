"""The instruments that tell apart what is wrong with a batch of two."""

import numpy as np
import pytest

from coursekit import claims, nn
from coursekit.claims.lesson_08.statistics_noise import step_in_groups
from coursekit.claims.lesson_09 import batch_size_in_use as in_use
from coursekit.claims.lesson_09.step_or_statistics import BEST, RATES, WAYS
from coursekit.experiments.norm_choice import norm_net


def small_net(seed=0):
    rng = np.random.default_rng(seed)
    net = nn.Sequential(nn.Dense(5), nn.BatchNorm(), nn.ReLU(), nn.Dense(3))
    net.initialize("he_normal", rng).forward(rng.standard_normal((2, 4)))
    net.params["1.gamma"][...] = rng.uniform(0.5, 2, 5)
    net.params["1.beta"][...] = rng.standard_normal(5)
    return net, rng


def test_scores_of_pairs_are_those_of_training():
    net, rng = small_net()
    x = rng.standard_normal((6, 4))
    expected = np.concatenate([net.forward(pair, training=True) for pair in np.split(x, 3)])
    np.testing.assert_allclose(in_use.scores(net, x, [in_use.of_pairs]), expected, rtol=1e-6)


def test_an_average_pair_is_the_average_over_all_mates():
    rng = np.random.default_rng(1)
    x, mates = rng.standard_normal((3, 2)), rng.gamma(2, size=(50, 2))
    mean, var = in_use.of_an_average_pair(x, mates.mean(axis=0), mates.var(axis=0))
    for i in range(3):
        pairs = np.array([[x[i], mate] for mate in mates])
        np.testing.assert_allclose(mean[i], pairs.mean(axis=1).mean(axis=0))
        np.testing.assert_allclose(var[i], pairs.var(axis=1).mean(axis=0))


def test_the_population_of_average_pairs_is_what_enters_each_batch_norm():
    rng = np.random.default_rng(2)
    net = norm_net("batch norm").initialize("he_normal", rng)
    x = rng.standard_normal((10, 784), dtype=np.float32)
    net.forward(x[:2])
    first, second = (part.keywords for part in in_use.average_pairs(net, x))
    s = net.layers[0].forward(x)
    np.testing.assert_allclose(first["mean"], s.mean(axis=0), rtol=1e-5, atol=1e-6)
    norm, hidden = net.layers[1], []
    for pair in np.split(s, 5):
        hidden.append(np.maximum(norm.forward(pair, training=True), 0))
    s = net.layers[3].forward(np.concatenate(hidden))
    np.testing.assert_allclose(second["var"], s.var(axis=0), rtol=1e-4)


@pytest.mark.parametrize("size", [2, 6])
def test_a_step_in_groups_goes_along_the_mean_of_their_gradients(size):
    net, rng = small_net()
    same, _ = small_net()
    x, y = rng.standard_normal((6, 4)), rng.integers(3, size=6)
    groups = 6 // size
    step_in_groups(net, np.split(x, groups), np.split(y, groups), 0.5)
    gradients = []
    for start in range(0, 6, size):
        logits = same.forward(x[start : start + size], training=True)
        same.fill_grads(nn.softmax_cross_entropy(logits, y[start : start + size])[1])
        gradients.append({name: g.copy() for name, g in same.grads.items()})
    for name, parameter in same.params.items():
        expected = parameter - 0.5 * np.mean([g[name] for g in gradients], axis=0)
        np.testing.assert_allclose(net.params[name], expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("way", WAYS)
def test_the_best_rate_is_that_of_the_sweep_and_no_end_of_it(way):
    best = claims.sweep("step_or_statistics").median(way).argmin()
    assert RATES[best] == BEST[way]
    assert 0 < best < len(RATES) - 1
