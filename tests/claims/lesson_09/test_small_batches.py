"""What lesson 09's claims on small batches are measured with: own shares, steps and groups."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.claims.lesson_09 import long_sequences, response_norm, statistics_and_step
from coursekit.claims.lesson_09.batch_size import with_own_share


def normed(rng):
    """Return a batch norm that has seen a batch, in a net of its own."""
    norm = nn.BatchNorm(momentum=0)
    norm.forward(rng.normal(2, 3, (50, 4)), training=True)
    norm.params["gamma"][...] = 2
    norm.params["beta"][...] = -1
    return norm, nn.Sequential(norm, nn.ReLU())


def test_without_an_own_share_it_is_the_usual_prediction():
    rng = np.random.default_rng(0)
    _, net = normed(rng)
    x = rng.normal(2, 3, (7, 4))
    np.testing.assert_allclose(with_own_share(net, x, 0.0), net.forward(x))


def test_a_share_of_a_half_is_a_batch_of_the_sample_and_many_others():
    # 50 others, and the sample itself 50 times: it is half of the mean and of the variance.
    rng = np.random.default_rng(1)
    others, sample = rng.normal(2, 3, (50, 4)), rng.normal(2, 3, (1, 4))
    norm = nn.BatchNorm(momentum=0)
    norm.forward(others, training=True)
    batch = np.concatenate([others, np.repeat(sample, 50, axis=0)])
    expected = (sample - batch.mean(axis=0)) / np.sqrt(batch.var(axis=0) + 1e-5)
    np.testing.assert_allclose(with_own_share(nn.Sequential(norm), sample, 0.5), expected)


@pytest.mark.parametrize(("losses", "least"), [((3, 1, 2), 1), ((1, 2, 3), np.nan), ((3, 2, 1), np.nan)])
def test_the_best_rate_lies_inside_the_grid(monkeypatch, losses, least):
    grid = dict(zip((0.1, 0.3, 1.0), losses, strict=True))
    monkeypatch.setattr(statistics_and_step, "RATES", {(32, 2): tuple(grid)})
    monkeypatch.setattr(statistics_and_step, "trained", lambda step, group, rate, seed: (grid[rate], 0.0))
    np.testing.assert_equal(statistics_and_step.least_loss(32, 2, 0), least)

    monkeypatch.setattr(response_norm, "RATES", tuple(grid))
    monkeypatch.setattr(response_norm, "accuracy_with", lambda norm, rate, seed: -grid[rate])
    np.testing.assert_equal(response_norm.best_accuracy(None, 0), -least)

    monkeypatch.setattr(long_sequences, "RATES", tuple(grid))
    monkeypatch.setattr(long_sequences, "errors_by_length", lambda *_, rate: (9,) * 4 + (grid[rate],) * 4)
    np.testing.assert_equal(long_sequences.least_on_long("batch norm", 0.1, 0), least)


def test_all_arms_see_the_same_images_once(monkeypatch):
    seen = []
    step = statistics_and_step.step_in_groups

    def watched(net, images, labels, rate):
        seen.append([len(x) for x in images])
        step(net, images, labels, rate)

    monkeypatch.setattr(statistics_and_step, "step_in_groups", watched)
    statistics_and_step.trained.__wrapped__(32, 16, 0.1, 5)
    assert seen == [[16, 16]] * 32
