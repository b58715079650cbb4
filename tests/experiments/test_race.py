"""Races, twin nets and the noise layer."""

import re

import numpy as np
import pytest

from coursekit import nn
from coursekit.datasets import Dataset, fashion_split
from coursekit.experiments.error_surface import (
    POSITIONS,
    TRAINED,
    bends_of,
    diagnose_pair,
    looked_at,
    pairs,
    say_walk,
    twin_nets,
)
from coursekit.experiments.race import Lane, Race, diagnose_race, race, races
from coursekit.experiments.surface_walk import Walk
from coursekit.nets.deep import PLACEMENTS, deep_net
from coursekit.nets.noise import SCALE, SHIFT, ShiftingNoise
from coursekit.training import evaluate, fit


def data(n=64):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, n)
    x = (rng.standard_normal((n, 8)) + labels[:, None]).astype(np.float32)
    return Dataset(x, labels, x[:20], labels[:20])


def net(seed=0, norm=None):
    return deep_net("tanh", 2, 6, norm=norm).initialize("xavier_uniform", np.random.default_rng(seed))


def test_a_lane_is_what_fit_alone_would_do():
    split, alone = data(), net()
    records = fit(
        alone,
        split.x_train,
        split.y_train,
        nn.SGD(0.1),
        epochs=5,
        batch_size=16,
        rng=np.random.default_rng(3),
    )
    expected = [next(records).loss for _ in range(13)]
    run = race({"a": net(), "b": net(norm=nn.BatchNorm)}, split, 0.1, steps=13, batch_size=16, seed=3)
    np.testing.assert_array_equal(run.lanes[0].losses, expected)
    assert run.lanes[0].accuracies[-1] == evaluate(alone, split.x_test, split.y_test).accuracy
    assert [lane.name for lane in run.lanes] == ["a", "b"]
    assert run.done == 1
    np.testing.assert_array_equal(run.lanes[1].at, [0, 10, 13])


def test_it_grows_and_can_be_left():
    pieces = races({"a": net()}, data(), 0.1, steps=30, every=10)
    shares = [next(pieces).done for _ in range(3)]
    assert shares == pytest.approx([0, 1 / 3, 2 / 3])
    assert len(next(pieces).lanes[0].losses) == 30


def test_a_net_that_diverges_is_taken_out_and_the_others_go_on():
    split = data()
    wild = deep_net("identity", 6, 50).initialize(nn.initializers.normal(1.0), np.random.default_rng(0))
    run = race({"wild": wild, "tame": net()}, split, 1e4, steps=40)
    wild_lane, tame = run.lanes
    assert wild_lane.diverged_at is not None
    assert len(wild_lane.losses) == wild_lane.diverged_at - 1
    assert wild_lane.last_loss == np.inf
    assert len(tame.losses) == 40
    assert f"wild it diverged at step {wild_lane.diverged_at}" in diagnose_race(run)


def test_the_sentence_has_the_lanes_numbers():
    def lane(name, losses, right):
        return Lane(name, np.array(losses), np.array([0, len(losses)]), np.array([0.1, right]))

    run = Race((lane("A", [2.0] * 5 + [0.5] * 10, 0.8), lane("B", [2.3] * 15, 0.1)), 15, 1.0)
    assert (
        diagnose_race(run)
        == "After 15 steps: A loss 0.5, 80 % right; B loss 2.3, 10 % right, nothing learned."
    )
    blown = Race((lane("C", [50.0] * 15, 0.1),), 30, 0.5)
    assert diagnose_race(blown) == "After 15 steps: C the loss is thrown up to 50, 10 % right."
    assert diagnose_race(Race((lane("D", [], 0.1),), 30, 0.0)).startswith(
        "Press Play for 30 steps. At the start: D 10 % right"
    )


def test_guessing_depends_on_the_number_of_classes():
    """ln 100 = 4.6: a loss of 3.9 is then no failure, and one of 4.6 is no explosion."""

    def told(loss, classes):
        lanes = (Lane("A", np.full(15, loss), np.array([0, 15]), np.array([0.01, 0.01])),)
        return diagnose_race(Race(lanes, 15, 1.0, classes))

    assert "thrown up" in told(3.9, 10)
    assert told(3.9, 100).endswith("loss 3.9, 1 % right.")
    assert told(4.6, 100).endswith("loss 4.6, 1 % right, nothing learned.")
    split = data()
    classes = len(np.unique(split.y_train))
    assert race({"A": net()}, split, 0.1, steps=1).guessing == pytest.approx(np.log(classes))


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_the_order_of_layers(placement):
    kinds = [type(layer) for layer in deep_net("relu", 2, 3, norm=nn.BatchNorm, placement=placement).layers]
    pair = [nn.BatchNorm, nn.ReLU] if placement == PLACEMENTS[0] else [nn.ReLU, nn.BatchNorm]
    assert kinds == [nn.Dense, *pair, nn.Dense, *pair, nn.Dense]
    assert [type(layer) for layer in deep_net("relu", 1, 3).layers] == [nn.Dense, nn.ReLU, nn.Dense]


def test_noise_shifts_and_scales_in_training_alone():
    noise = ShiftingNoise(np.random.default_rng(0))
    x = np.zeros((20_000, 3))
    assert (noise.forward(x) == 0).all()
    y = noise.forward(x, training=True)  # of zeros only the shift is left
    # Two uniform draws of half width 1/2; the unit's own is shared by all samples.
    assert (np.abs(y.mean(axis=0)) < SHIFT).all()
    np.testing.assert_allclose(y.var(axis=0), (2 * SHIFT) ** 2 / 12, rtol=0.05)
    assert (noise.forward(x, training=True).mean(axis=0) != y.mean(axis=0)).all()
    ones = noise.forward(np.ones_like(x), training=True) - 1
    assert (ones.var(axis=0) > (2 * SHIFT) ** 2 / 12 + 0.9 * SCALE**2).all()


def test_the_strength_multiplies_shift_and_scale():
    one, three = (ShiftingNoise(np.random.default_rng(0), strength) for strength in (1, 3))
    x = np.random.default_rng(1).standard_normal((50, 4))
    zeros = np.zeros_like(x)
    np.testing.assert_allclose(three.forward(zeros, training=True), 3 * one.forward(zeros, training=True))
    np.testing.assert_allclose(three._scale - 1, 3 * (one._scale - 1), atol=1e-12)
    assert (ShiftingNoise(np.random.default_rng(0), 0.0).forward(x, training=True) == x).all()
    with pytest.raises(ValueError, match="strength"):
        ShiftingNoise(np.random.default_rng(0), -1.0)


@pytest.mark.parametrize("training", [False, True])
def test_the_noise_layer_s_backward(training):
    noise = ShiftingNoise(np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((5, 4))
    assert nn.check_gradients(noise, x, np.random.default_rng(2), training=training).worst < 1e-8


def test_twins_share_weights_and_biases():
    split = fashion_split()
    for trained in TRAINED:
        off, on = twin_nets("relu", 2, 8, split.x_train, split.y_train, trained=trained, position="during")
        dense = lambda n: [layer for layer in n.layers if isinstance(layer, nn.Dense)]  # noqa: E731
        for a, b in zip(dense(off), dense(on), strict=True):
            assert all((a.params[name] == b.params[name]).all() for name in ("W", "b"))
        gamma = next(layer for layer in on.layers if isinstance(layer, nn.BatchNorm)).params["gamma"]
        assert (gamma == 1).all() == (trained == TRAINED[0])
    fresh, _ = twin_nets("relu", 2, 8, split.x_train, split.y_train)
    assert (fresh.params["0.W"] != off.params["0.W"]).any()
    assert next(iter(POSITIONS.values())) == 0


def test_a_pair_stands_on_one_plane_and_says_what_it_spans():
    from coursekit.diagnostics.plane import Plane
    from coursekit.diagnostics.weights import random_direction

    split, rng = fashion_split(), np.random.default_rng(0)
    nets = twin_nets("relu", 4, 16, split.x_train, split.y_train)
    d1, d2 = random_direction(nets[0], rng), random_direction(nets[0], rng)
    planes = [Plane(n, d1, d2, split.x_train[:50], split.y_train[:50]) for n in nets]
    bends = bends_of(nets, split.x_train[:50], split.y_train[:50])
    *_, pair = pairs(*planes, bends, 1.0, points=11)
    assert pair.done == 1
    assert (pair.off_bend, pair.on_bend) == bends
    spans = [np.ptp(s.losses) for s in (pair.off, pair.on)]
    text = diagnose_pair(pair)
    assert f"a span {spans[0] / spans[1]:.2g} times smaller: flatter with it" in text
    assert "ball" not in text
    seen = diagnose_pair(looked_at(pair, "map", 0, 1e-3, 1))
    assert seen.startswith(text)
    assert " At a rate of 0.001 in this plane the ball without it " in seen
    assert "bends" not in seen
    bent = diagnose_pair(looked_at(pair, "map", 0, 1e-3, 1, curvature=True))
    told = re.search(
        r"bends by (\S+) without and (\S+) with, in its sharpest direction by (\S+) and (\S+)\.", bent
    )
    wanted = bends[0].along_gradient, bends[1].along_gradient, bends[0].top, bends[1].top
    for word, bend in zip(told.groups(), wanted, strict=True):
        assert float(word.replace("−", "-").replace(",", "")) == pytest.approx(bend, rel=0.06)
    *_, turned = pairs(*planes[::-1], bends[::-1], 1.0, points=11)
    assert "larger: rougher with it" in diagnose_pair(turned)


@pytest.mark.parametrize(
    ("walk", "words"),
    [
        (Walk((1.0, 2.0), (0.0, 0.0), (4.0, 9.0), 1), "is thrown out of the plane at step 1"),
        (Walk((1.0, 2.0), (0.0, 0.0), (4.0, np.inf), 1), "is thrown out of the plane at step 1"),
        (Walk((1.0,), (0.0,), (np.inf,), 1), "is thrown out of the plane at step 1"),
        (
            Walk((1.0, 1.5, 2.0), (0.0,) * 3, (4.0, 3.0, 2.0), 2),
            "rolls downhill out of the plane at step 2",
        ),
        (Walk((1.0, 1.5), (0.0, 0.0), (4.0, 3.0)), "goes from 4 to 3 in 1 step"),
        (Walk((1.0, 1.5, 1.2), (0.0,) * 3, (4.0, 3.0, 4.01)), "stays near 4 for 2 steps"),
    ],
)
def test_the_fate_of_a_ball_in_words(walk, words):
    assert say_walk(walk) == words
