"""What lesson 09's sweeps show."""

import numpy as np
import pytest

from coursekit import claims, nn
from coursekit.claims.lesson_09.sweeps import REGULARIZERS, error_with_decay
from coursekit.datasets import fashion_split
from coursekit.training import evaluate, fit


def test_what_the_lesson_reads_off_the_batch_sizes():
    sweep = claims.sweep("batch_size")
    batch, group, layer = (sweep.median(f"{name} norm") for name in ("batch", "group", "layer"))
    assert len(sweep.seeds) == 5
    assert batch[0] > 0.4
    assert batch[1] < 0.3
    for steady in (group, layer):
        assert np.ptp(steady[:5]) < 0.03
    at_16_and_32 = np.array([sweep.median(name)[3:5] for name in sweep.names])
    assert (at_16_and_32.argmin(axis=0) == sweep.names.index("batch norm")).all()
    # Every seed at 2 is worse than any at 8 to 32.
    assert sweep.series("batch norm")[0].min() > sweep.series("batch norm")[2:5].max() + 0.2


def test_what_the_lesson_reads_off_step_or_statistics():
    sweep = claims.sweep("step_or_statistics")
    at_best = [round(100 * sweep.median(way).min()) for way in sweep.names]
    assert at_best == [18, 53, 53]


def test_what_the_lesson_reads_off_the_long_sequences():
    sweep = claims.sweep("long_sequences")
    gap = sweep.median("batch norm") - sweep.median("layer norm")
    assert (gap[:2] > 0.07).all()
    assert (np.abs(gap[3:]) < 0.04).all()
    assert (sweep.median("no norm")[:3] < sweep.median("layer norm")[:3] + 0.01).all()


def test_what_the_lesson_reads_off_dropout_and_decay():
    sweep = claims.sweep("dropout_and_decay")
    middle = {name: sweep.median(name) for name in sweep.names}
    assert np.ptp(sweep.values) < 0.035
    assert all((middle["batch norm"] >= middle[name]).all() for name in sweep.names)
    # At the last λ a net with neither is level with one with both.
    assert all((middle["both"][:-1] <= middle[name][:-1]).all() for name in sweep.names)
    assert middle["neither"][0] - middle["neither"][-1] > 0.008
    assert np.ptp(middle["batch norm"]) < 0.008


def test_the_series_are_what_they_are_called():
    # (batch norm, dropout p): differences between them are smaller than a new measurement may be off.
    assert REGULARIZERS == {
        "neither": (False, 0.0),
        "batch norm": (True, 0.0),
        "dropout": (False, 0.5),
        "both": (True, 0.5),
    }


def test_both_is_a_net_with_batch_norm_before_and_dropout_behind_each_relu():
    rng, split = np.random.default_rng(3), fashion_split(500, 2000)
    hidden = [[nn.Dense(100), nn.BatchNorm(), nn.ReLU(), nn.Dropout(0.5)] for _ in range(2)]
    net = nn.Sequential(*hidden[0], *hidden[1], nn.Dense(10)).initialize("he_normal", rng)
    steps = 40 * 16  # 500 images in batches of 32, the last one of 20
    optimizer = nn.SGD(lambda step: 0.05 * (1 + np.cos(np.pi * step / steps)), weight_decay=0.01)
    order = np.random.default_rng([3, 1])
    *_, last = fit(net, split.x_train, split.y_train, optimizer, epochs=40, batch_size=32, rng=order)
    assert last.step == steps
    expected = 1 - evaluate(net, split.x_test, split.y_test).accuracy
    assert error_with_decay("both", 0.01, 3) == pytest.approx(expected, abs=0.005)
