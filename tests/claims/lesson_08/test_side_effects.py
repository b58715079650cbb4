"""What lesson 08's claims are measured with: groups of a batch, held γ and β, a rate chosen apart."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.claims.lesson_08 import trainings
from coursekit.claims.lesson_08.side_effects import HeldBatchNorm
from coursekit.claims.lesson_08.statistics_noise import step_in_groups
from coursekit.nets.deep import deep_net


def test_a_step_of_one_group_is_plain_gradient_descent():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((64, 6)), rng.integers(0, 10, 64)
    nets = [deep_net("relu", 2, 5, norm=nn.BatchNorm).initialize("he_normal", np.random.default_rng(1))
            for _ in range(2)]  # fmt: skip
    for net in nets:
        net.forward(x[:2])
    step_in_groups(nets[0], [x], [y], 0.1)
    _, dlogits = nn.softmax_cross_entropy(nets[1].forward(x, training=True), y)
    nets[1].fill_grads(dlogits)
    nn.SGD(0.1).step(nets[1])
    for name, value in nets[1].params.items():
        np.testing.assert_allclose(nets[0].params[name], value)


def test_without_a_norm_groups_change_nothing_and_with_one_they_do():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((64, 6)), rng.integers(0, 10, 64)
    for norm, same in ((None, True), (nn.BatchNorm, False)):
        found = []
        for groups in (1, 8):
            net = deep_net("relu", 2, 5, norm=norm).initialize("he_normal", np.random.default_rng(1))
            net.forward(x[:2])
            step_in_groups(net, np.split(x, groups), np.split(y, groups), 0.1)
            found.append(net.params["0.W"].copy())
        assert np.allclose(*found) == same


def test_held_batch_norm_trains_like_the_plain_one_but_for_gamma_and_beta():
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 12, 3))
    plain, held = nn.BatchNorm(), HeldBatchNorm()
    plain.forward(x, training=True)
    held.forward(x, training=True)
    np.testing.assert_array_equal(plain.backward(dy), held.backward(dy))
    assert plain.grads["gamma"].any()
    assert not held.grads["gamma"].any()
    assert not held.grads["beta"].any()


@pytest.mark.parametrize(
    ("choosing", "answer"), [((0.1, 0.9, 0.2), 0.4), ((0.9, 0.1, 0.2), np.nan), ((0.1, 0.2, 0.9), np.nan)]
)
def test_the_best_rate_must_lie_inside_the_grid(monkeypatch, choosing, answer):
    seen = dict(zip((0.1, 0.3, 1.0), zip(choosing, (0.5, 0.4, 0.6), strict=True), strict=True))
    monkeypatch.setattr(trainings, "judged_twice", lambda norm, seed, rate: np.array(seen[rate]))
    found = trainings.at_its_best_rate(object(), 0, (0.1, 0.3, 1.0))
    np.testing.assert_equal(found, answer)
