"""Three walkers on two weights, against arrays updated the slow way and against the exact limit."""

import dataclasses
import time

import numpy as np
import pytest

from coursekit.experiments.descent import (
    LARGEST,
    crossing,
    descend,
    diagnose_descent,
    lecun_problem,
)


def made(rate=0.2, batch_size=10, seed=0, **more):
    return descend(rate, batch_size, np.random.default_rng(seed), **more)


def slowly(orders, size, rate, momentum=0.0, decay=0.0, start=(-1.2, 0.6)):
    """The textbook's loop: one batch after another, arrays, the mean gradient of the batch."""
    problem, w, v, path = lecun_problem(), np.array(start), np.zeros(2), [np.array(start)]
    for number, order in enumerate(orders):
        for at in range(0, 100, size):
            rows = order[at : at + size]
            error = problem.x[rows] @ w - problem.targets[rows]
            v = momentum * v + (error[:, None] * problem.x[rows]).mean(axis=0)
            w = w - rate / (1 + decay * (number + at / 100)) * v
            path.append(w)
    return np.array(path)


def test_the_problem_is_lecuns():
    problem = lecun_problem()
    small, large = problem.curvatures
    # 100 points: the paper has 0.036 and 0.84, and 2.38 for the largest rate.
    assert small == pytest.approx(0.036, rel=0.3)
    assert 2 / large == pytest.approx(2.39, abs=0.01)
    losses = [
        0.5 * np.mean((problem.x @ w - problem.targets) ** 2) for w in (problem.best, np.array([2.0, -1.0]))
    ]
    assert losses[0] == pytest.approx(problem.lowest)
    above = problem.above_lowest(np.array([problem.best, [2.0, -1.0]]))
    np.testing.assert_allclose(above, [0, losses[1] - losses[0]], atol=1e-12)


def test_the_landscape_is_the_loss_of_each_pair_of_weights():
    land = made().landscape
    assert (land.w1[0], land.w1[-1], land.w2[0], land.w2[-1]) == (-2.5, 3.5, -1.5, 3.5)
    assert land.excess.shape == (101, 101)
    problem = lecun_problem()
    for i, j in ((0, 100), (7, 3), (60, 80)):
        w = np.array([land.w1[j], land.w2[i]])
        loss = 0.5 * np.mean((problem.x @ w - problem.targets) ** 2)
        assert land.excess[i, j] == pytest.approx(loss - problem.lowest)


def test_a_surface_takes_a_moment():
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 101), np.linspace(-2, 2, 101)), axis=-1)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        surface = lecun_problem().above_lowest(grid)
        seconds.append(time.perf_counter() - start)
    assert surface.shape == (101, 101)
    assert min(seconds) < 0.02


@pytest.mark.parametrize("size", [1, 7, 10, 100])
@pytest.mark.parametrize(
    "more", [{}, {"momentum": 0.8}, {"decay": 0.5, "start": (2.0, -0.5)}, {"replacement": True}]
)
def test_the_walks_are_those_of_the_slow_loop(size, more):
    draw = np.random.default_rng(4)
    if more.get("replacement"):
        orders = draw.integers(100, size=(40, 100))
    else:
        orders = draw.permuted(np.tile(np.arange(100), (40, 1)), axis=1)
    result = made(0.3, size, 4, **more)
    told = {key: value for key, value in more.items() if key != "replacement"}
    if size == 100:
        orders = [np.arange(100)] * 40
    np.testing.assert_allclose(
        result.walks[1].path, slowly(orders, size, 0.3, **told), rtol=1e-6, atol=1e-9
    )
    full = slowly([np.arange(100)] * 40, 100, 0.3, **told)
    np.testing.assert_allclose(result.walks[0].path, full, rtol=1e-6, atol=1e-9)


def test_updates_samples_and_seconds():
    full, some, one = made(batch_size=30).walks
    assert [walk.updates for walk in (full, some, one)] == [40, 160, 4000]
    assert [walk.samples[-1] for walk in (full, some, one)] == [4000] * 3
    assert some.samples[:6].tolist() == [0, 30, 60, 90, 100, 130]
    assert some.along("updates")[:3].tolist() == [0, 1, 2]
    assert some.along("samples") is some.samples
    seconds = [walk.along("seconds")[-1] for walk in (full, some, one)]
    assert seconds == pytest.approx([0.058, 0.112, 1.84])


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_the_limit_is_where_the_full_batch_stops_converging(momentum):
    limit = made(momentum=momentum).limit
    assert limit == pytest.approx(2 * (1 + momentum) / lecun_problem().curvatures[1])
    below, above = (
        made(share * limit, momentum=momentum, start=(2.0, 3.0)).walks[0].excess for share in (0.97, 1.03)
    )
    assert below[-5:].mean() < below[0]
    assert above[-5:].mean() > above[0]


def test_rate_1_5_converges_and_2_5_does_not():
    assert made(1.5).walks[0].excess[-1] < 0.01 * made(1.5).walks[0].excess[0]
    assert made(2.5).walks[0].excess[-1] > 100 * made(2.5).walks[0].excess[0]


def test_weights_that_leave_float32_are_nan_from_there_on():
    full, _, one = made(10.0).walks
    assert full.lost_at is None
    lost = one.lost_at
    assert np.abs(one.path[:lost]).max() < LARGEST
    assert np.isnan(one.path[lost:]).all()
    assert np.isnan(one.excess[lost:]).all()
    assert made(0.2).walks[2].lost_at is None


def test_the_smooth_loss_is_the_mean_of_the_last_fifth():
    walk = made().walks[2]
    assert walk.smooth[0] == walk.excess[0]
    # after 999 updates there are 1,000 losses: the last 200 of them
    assert walk.smooth[999] == pytest.approx(walk.excess[800:1000].mean())


def test_the_crossing_is_where_the_order_turns_for_good():
    result = made()
    _, some, one = result.walks
    assert result.crossing == crossing(some, one, "samples")
    for at, first in ((0.8 * result.crossing, one), (1.2 * result.crossing, some)):
        losses = {w.name: np.interp(at, w.along("samples"), w.smooth) for w in (some, one)}
        assert min(losses, key=losses.get) == first.name
    assert made(batch_size=100, rate=0.01).crossing is None
    assert made(10.0).crossing is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "η = 0.2 is 8.4 % of the limit 2.39 of the full batch."),
        ({}, "(10 at a time)"),
        ({}, "The mini-batch is ahead of one sample for good from 2,500 samples on."),
        ({"axis": "updates"}, "from 81 updates on."),
        ({"axis": "seconds"}, " s on."),
        ({"rate": 2.389}, "stands just below the limit 2.39"),
        ({"rate": 2.5}, "is above the limit 2.39 of the full batch: its steps overshoot"),
        ({"rate": 2.5, "decay": 1.0}, "starts above the limit 2.39 of the full batch; its decay"),
        ({"rate": 2.5, "momentum": 0.5}, "of the limit 3.59 of the full batch."),
        (
            {"rate": 10.0},
            "NaN, “not a number”: after 47 updates the weights of the one sample walker",
        ),
        ({"batch_size": 1}, "(1 at a time)"),
    ],
)
def test_the_sentence_carries_the_numbers(values, said):
    assert said in diagnose_descent(made(**values))


def test_the_sentence_gives_the_last_fifth():
    result = made()
    for walk in result.walks:
        assert f"{walk.smooth[-1]:.2g} (" in diagnose_descent(result)


def test_it_refuses_and_is_frozen():
    for bad, error, sentence in [
        ({"rate": -1.0}, ValueError, "rate must be a finite number"),
        ({"rate": 0.0}, ValueError, "rate must be above 0"),
        ({"batch_size": 101}, ValueError, "at most 100"),
        ({"batch_size": 0}, ValueError, "batch_size must be 1 or more"),
        ({"momentum": 1.0}, ValueError, "momentum must be below 1"),
        ({"decay": -0.1}, ValueError, "decay must be"),
        ({"axis": "hours"}, ValueError, "axis"),
        ({"replacement": 2}, TypeError, "replacement"),
    ]:
        with pytest.raises(error, match=sentence):
            made(**bad)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made().rate = 0
