"""The noise of batch means against σ/√B, and statistics taken over from another batch."""

import copy

import numpy as np
import pytest

from coursekit import nn
from coursekit.diagnostics.batch_statistics import noise_of_means, with_statistics_of


def test_the_noise_is_one_over_root_b():
    x = np.random.default_rng(0).normal(5, [[0.1, 1.0, 30.0]], (3000, 3))
    sizes = (1, 4, 25, 100)
    noise = noise_of_means(x, sizes, np.random.default_rng(1), batches=4000)
    np.testing.assert_allclose(noise, [1, 1 / 2, 1 / 5, 1 / 10], rtol=0.03)


def test_a_batch_of_one_is_off_by_a_whole_spread_and_constants_do_not_count():
    x = np.array([[0.0, 7.0], [2.0, 7.0]])
    noise = noise_of_means(x, (1,), np.random.default_rng(0), batches=4000)
    assert noise[0] == pytest.approx(1, abs=0.01)


def test_the_same_generator_gives_the_same_noise():
    x = np.random.default_rng(0).normal(size=(50, 4))
    one, two = (noise_of_means(x, (2, 8), np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("x", "sizes", "rng", "error"),
    [
        (np.ones(3), (2,), np.random.default_rng(0), ValueError),
        (np.ones((3, 2)), (2,), 0, TypeError),
        (np.array([["a"]]), (2,), np.random.default_rng(0), TypeError),
    ],
)
def test_what_is_no_input_is_refused(x, sizes, rng, error):
    with pytest.raises(error):
        noise_of_means(x, sizes, rng)


def net():
    rng = np.random.default_rng(0)
    made = nn.Sequential(nn.Dense(4), nn.BatchNorm(momentum=0.8), nn.ReLU(), nn.Sequential(nn.BatchNorm()))
    made.initialize("he_normal", rng)
    for _ in range(5):
        made.forward(rng.normal(2, 3, (16, 3)), training=True)
    return made


def test_fresh_statistics_are_those_of_the_batch():
    old = net()
    before = copy.deepcopy(dict(old.buffers) | dict(old.params))
    x = np.random.default_rng(1).normal(-1, 2, (200, 3))
    fresh = with_statistics_of(old, x)
    s = x @ old.params["0.W"] + old.params["0.b"]
    np.testing.assert_allclose(fresh.buffers["1.mean"], s.mean(axis=0))
    np.testing.assert_allclose(fresh.buffers["1.var"], s.var(axis=0))
    h = np.maximum((s - s.mean(axis=0)) / np.sqrt(s.var(axis=0) + 1e-5), 0)
    np.testing.assert_allclose(fresh.buffers["3.0.mean"], h.mean(axis=0))
    # In predict mode it now does what training does with that batch.
    np.testing.assert_allclose(fresh.forward(x), copy.deepcopy(old).forward(x, training=True))
    assert fresh.layers[1].momentum == 0.8
    for name, value in (dict(old.buffers) | dict(old.params)).items():
        np.testing.assert_array_equal(value, before[name])


def test_a_shift_of_a_feature_that_all_samples_share_is_taken_out():
    old, x = net(), np.random.default_rng(1).normal(0, 1, (100, 3))
    plain = with_statistics_of(old, x).forward(x)
    moved = 4 * x + 9
    np.testing.assert_allclose(with_statistics_of(old, moved).forward(moved), plain, atol=1e-4)
    assert np.abs(old.forward(moved) - old.forward(x)).max() > 1
