"""fit and evaluate: the steps by hand, stopping and going on, divergence, and what they must not change."""

import copy
import dataclasses
import itertools
import math

import numpy as np
import pytest

from coursekit import datasets, nn
from coursekit.nn import (
    SGD,
    Adam,
    BatchNorm,
    Block,
    Dense,
    ReLU,
    Sequential,
    exponential_decay,
    initializers,
    softmax_cross_entropy,
    squared_error,
)
from coursekit.training import Evaluation, StepRecord, evaluate, fit


def clouds(n=47, seed=0):
    """Three classes of points, 47 of them, so that batches of 10 leave 7."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, n)
    return (rng.standard_normal((n, 2)) + 3 * np.eye(3)[labels, :2]).astype(np.float32), labels


def classifier(seed=0):
    net = Sequential(Dense(8), BatchNorm(), ReLU(), Dense(3))
    return net.initialize("he_normal", np.random.default_rng(seed))


def arrays(net):
    return {name: array.copy() for name, array in (net.params | net.buffers).items()}


def assert_same(a, b):
    assert a.keys() == b.keys()
    for name in a:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)


def line(start=0.0):
    """The net y = w x, w a single number."""
    return Dense(1, in_units=1, bias=False).initialize(
        initializers.constant(start), np.random.default_rng(0)
    )


def test_steps_by_hand():
    """y = w x on one sample, x = 1 and t = 3: the loss (w - 3)², its slope 2 (w - 3)."""
    net = line()
    run = fit(
        net,
        np.array([[1.0]]),
        np.array([[3.0]]),
        SGD(exponential_decay(0.25, 0.5)),
        epochs=3,
        batch_size=5,
        rng=np.random.default_rng(0),
        loss=squared_error,
    )
    # w: 0, then 0 + 0.25 * 6 = 1.5, then 1.5 + 0.125 * 3 = 1.875
    assert next(run) == StepRecord(1, 1, 1, 9.0, 0.25)
    assert net.params["W"] == 1.5
    assert next(run) == StepRecord(2, 2, 1, 2.25, 0.125)
    assert net.params["W"] == 1.875
    assert next(run) == StepRecord(3, 3, 1, 1.125**2, 0.0625)
    with pytest.raises(StopIteration):
        next(run)
    with pytest.raises(dataclasses.FrozenInstanceError):
        StepRecord(1, 1, 1, 0.0, 0.1).loss = 1


class Watch(Block):
    """Keeps which samples pass through."""

    def __init__(self):
        super().__init__()
        self.seen, self.modes = [], []

    def forward(self, x, *, training=False):
        self.seen.append(x[:, 0].tolist())
        self.modes.append(training)
        return x

    def backward(self, dy):
        return dy


def test_every_sample_comes_once_an_epoch_in_a_new_order():
    watch = Watch()
    net = Sequential(watch, Dense(3)).initialize("he_normal", np.random.default_rng(0))
    x = np.arange(23, dtype=float)[:, None]
    records = list(
        fit(net, x, np.zeros(23, int), SGD(0), epochs=3, batch_size=5, rng=np.random.default_rng(0))
    )
    assert [r.batch_size for r in records] == [5, 5, 5, 5, 3] * 3 == [len(s) for s in watch.seen]
    assert [r.epoch for r in records] == [1] * 5 + [2] * 5 + [3] * 5
    assert [r.step for r in records] == list(range(1, 16))
    epochs = [list(itertools.chain(*watch.seen[i : i + 5])) for i in (0, 5, 10)]
    for order in epochs:
        assert sorted(order) == list(range(23))
    assert epochs[0] != epochs[1] != epochs[2]
    assert all(watch.modes)


def test_fit_is_the_loop_written_out():
    x, labels = clouds()
    net, by_hand = classifier(), classifier()
    records = list(fit(net, x, labels, Adam(0.01), epochs=2, batch_size=10, rng=np.random.default_rng(5)))
    rng, optimizer, losses, right = np.random.default_rng(5), Adam(0.01), [], []
    for _ in range(2):
        for inputs, targets in datasets.minibatches(x, labels, 10, rng):
            logits = by_hand.forward(inputs, training=True)
            loss, dlogits = softmax_cross_entropy(logits, targets)
            by_hand.backward(dlogits)
            optimizer.step(by_hand)
            losses.append(loss)
            right.append(sum(int(row.argmax()) == t for row, t in zip(logits, targets, strict=True)))
    assert_same(arrays(net), arrays(by_hand))
    assert [r.loss for r in records] == losses
    assert [r.accuracy * r.batch_size for r in records] == pytest.approx(right)
    assert not any(r.diverged for r in records)


def test_it_learns():
    x, labels = clouds(300)
    net = classifier()
    before = evaluate(net, x, labels)
    records = list(fit(net, x, labels, SGD(0.1), epochs=5, batch_size=20, rng=np.random.default_rng(0)))
    after = evaluate(net, x, labels)
    assert after.accuracy > 0.8 > before.accuracy
    assert after.loss < 0.5 * before.loss
    assert records[-1].loss < records[0].loss


# Stopping and going on


def test_a_stopped_run_that_goes_on_equals_one_that_was_not_stopped():
    x, labels = clouds()
    whole, stopped = classifier(), classifier()

    def run(net, optimizer, rng):
        return fit(net, x, labels, optimizer, epochs=3, batch_size=10, rng=rng)

    at_once = list(run(whole, Adam(0.02), np.random.default_rng(1)))
    paused = run(stopped, Adam(0.02), np.random.default_rng(1))
    first = []
    for record in paused:  # a Stop button in the middle of the second epoch
        first.append(record)
        if record.step == 7:
            break
    kept = arrays(stopped)
    evaluate(stopped, x, labels)
    assert_same(arrays(stopped), kept)
    rest = list(paused)
    assert first + rest == at_once
    assert len(first) == 7
    assert_same(arrays(stopped), arrays(whole))


def test_a_second_call_goes_on_where_the_first_one_ended():
    x, labels = clouds()
    whole, parts = classifier(), classifier()
    rng, optimizer = np.random.default_rng(1), SGD(exponential_decay(0.1, 0.9), momentum=0.9)
    at_once = list(
        fit(
            whole,
            x,
            labels,
            SGD(exponential_decay(0.1, 0.9), momentum=0.9),
            epochs=3,
            batch_size=10,
            rng=np.random.default_rng(1),
        )
    )
    records = [
        record
        for epochs in (1, 2)
        for record in fit(parts, x, labels, optimizer, epochs=epochs, batch_size=10, rng=rng)
    ]
    assert [r.step for r in records] == list(range(1, 16))
    assert [(r.loss, r.rate) for r in records] == [(r.loss, r.rate) for r in at_once]
    assert_same(arrays(parts), arrays(whole))


def test_nothing_is_done_that_was_not_asked_for():
    x, labels = clouds()
    net, rng = classifier(), np.random.default_rng(0)
    state = rng.bit_generator.state
    run = fit(net, x, labels, SGD(0.1), epochs=1, batch_size=10, rng=rng)
    assert rng.bit_generator.state == state
    assert net.params == {}
    next(run)
    after_one = arrays(net)
    run.close()
    assert_same(arrays(net), after_one)


# Divergence


def test_a_run_that_diverges_ends_with_a_record_that_says_so():
    """f(w) = w² on x = 1, t = 0 at η = 2: w is multiplied by 1 - 2 η = -3 a step, until it overflows."""
    net, x, y = line(1.0), np.ones((4, 1), np.float32), np.zeros((4, 1), np.float32)
    rng = np.random.default_rng(0)
    records = list(fit(net, x, y, SGD(2.0), epochs=300, batch_size=4, rng=rng, loss=squared_error))
    assert [r.diverged for r in records] == [False] * (len(records) - 1) + [True]
    assert [r.loss for r in records[:4]] == [1, 9, 81, 729]
    # Record n has w = (-3)^(n - 1), and 3^81 = 4.4e38 exceeds float32 (3.4e38).
    assert len(records) == 82
    assert np.isfinite([r.loss for r in records[:-1]]).all()


def explosive(dtype=np.float64):
    """A net whose output overflows in training, batch norm in front."""
    net = Sequential(BatchNorm(), Dense(2), Dense(2)).initialize("he_normal", np.random.default_rng(0))
    net.forward(np.random.default_rng(1).standard_normal((4, 2)).astype(dtype), training=True)
    return net


@pytest.mark.parametrize("where", ["output", "loss", "gradient"])
def test_a_diverged_step_changes_nothing_and_warns_of_nothing(where):
    net, optimizer = explosive(), SGD(0.1, momentum=0.9)
    x, labels = np.random.default_rng(2).standard_normal((4, 2)), np.array([0, 1, 1, 0])
    loss = softmax_cross_entropy
    if where == "output":
        net.layers[1].params["W"][...] = net.layers[2].params["W"][...] = 1e200
        net.layers[2].params["W"][0] = -1e200
    elif where == "loss":

        def loss(output, targets):
            return math.inf, np.zeros_like(output)

    else:

        def loss(output, targets):
            return 1.0, np.full_like(output, 1e308)

    before, errors = arrays(net), np.geterr()
    (record,) = fit(
        net, x, labels, optimizer, epochs=3, batch_size=4, rng=np.random.default_rng(0), loss=loss
    )
    assert record.diverged
    assert record.step == 1
    assert (where == "output") == math.isnan(record.loss)
    assert_same(arrays(net), before)
    assert optimizer.steps == 0
    assert np.geterr() == errors


def test_after_a_divergence_a_smaller_rate_goes_on():
    x, labels = clouds()
    net, rng = classifier(), np.random.default_rng(0)
    records = list(fit(net, x, labels, SGD(1e38), epochs=50, batch_size=10, rng=rng))
    assert records[-1].diverged
    for name, array in net.buffers.items():
        assert np.isfinite(array).all(), name


def test_the_caller_s_floating_point_settings_hold_between_steps():
    x, labels = clouds()
    errors = np.geterr()
    for _ in fit(classifier(), x, labels, SGD(0.1), epochs=1, batch_size=10, rng=np.random.default_rng(0)):
        assert np.geterr() == errors
        with pytest.warns(RuntimeWarning, match="divide by zero"):
            np.ones(1) / np.zeros(1)


# Evaluation


def test_evaluation_by_hand():
    """w = 1 and logits x itself: ln(1 + e^-1) for a difference of 1 that is right, and so on."""
    net = Dense(2, in_units=2, bias=False).initialize("zeros", np.random.default_rng(0))
    net.params["W"][...] = np.eye(2)
    x = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 0.0]])
    result = evaluate(net, x, np.array([0, 0, 1]))
    expected = (math.log1p(math.exp(-1)) + math.log1p(math.e) + math.log1p(math.exp(2))) / 3
    assert result.loss == pytest.approx(expected, rel=1e-12)
    assert result.accuracy == pytest.approx(1 / 3)
    assert evaluate(line(2.0), np.array([[1.0], [2.0]]), np.array([[1.0], [1.0]]), loss=squared_error) == (
        Evaluation(5.0, None)  # 2 - 1 and 4 - 1
    )


@pytest.mark.parametrize("batch_size", [1, 10, 46, 47, 1000])
def test_the_batch_size_bounds_what_passes_through_and_not_the_outcome(batch_size):
    x, labels = clouds()
    watch = Watch()
    net = Sequential(watch, *classifier().layers)
    for _ in fit(net, x, labels, SGD(0.1), epochs=1, batch_size=10, rng=np.random.default_rng(0)):
        pass
    watch.seen.clear()
    watch.modes.clear()
    at_once = softmax_cross_entropy(net.forward(x), labels)[0]
    watch.seen.clear()
    watch.modes.clear()
    result = evaluate(net, x, labels, batch_size)
    assert result.loss == pytest.approx(at_once, rel=1e-6)
    assert result.accuracy == pytest.approx((net.forward(x).argmax(axis=1) == labels).mean())
    assert max(map(len, watch.seen[:-1])) == min(batch_size, 47)
    assert sum(map(len, watch.seen[:-1])) == 47
    assert not any(watch.modes)


def test_evaluation_changes_nothing():
    x, labels = clouds()
    net, optimizer = classifier(), Adam(0.1)
    run = fit(net, x, labels, optimizer, epochs=1, batch_size=10, rng=np.random.default_rng(0))
    next(run)
    dy = np.random.default_rng(1).standard_normal((10, 3)).astype(np.float32)
    before, grads, dx = arrays(net), dict(net.grads), copy.deepcopy(net).backward(dy)
    kept = x.copy()
    x.setflags(write=False)
    evaluate(net, x, labels, 7)
    assert_same(arrays(net), before)
    assert all(net.grads[name] is g for name, g in grads.items())
    np.testing.assert_array_equal(net.backward(dy), dx)  # even what forward kept for backward
    np.testing.assert_array_equal(x, kept)


def test_evaluating_a_net_of_unknown_sizes_draws_what_training_will_draw():
    x, labels = clouds()
    net = classifier()
    first = evaluate(net, x, labels)
    assert net.params == {}
    assert evaluate(net, x, labels) == first


def test_a_diverged_net_is_evaluated_without_a_warning():
    net = line(1e30)
    net.params["W"] = np.array([[1e30, -1e30]], np.float32)
    net.units = 2
    x = np.array([[1e30], [1.0], [-1.0]], np.float32)
    result = evaluate(net, x, np.array([0, 0, 0]))
    assert math.isnan(result.loss)
    assert result.accuracy == pytest.approx(1 / 3)


# Refusals

X, LABELS = clouds(6)
GOOD = {"epochs": 1, "batch_size": 2, "rng": np.random.default_rng(0)}


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"net": "net"}, TypeError, "fit takes a layer or a net; got 'net'"),
        ({"optimizer": 0.1}, TypeError, r"optimizer must be one such as SGD\(0\.1\); got 0\.1"),
        ({"optimizer": SGD}, TypeError, "optimizer must be one such as"),
        ({"epochs": 0}, ValueError, "epochs must be 1 or more; got 0"),
        ({"epochs": 1.5}, TypeError, "epochs must be a whole number"),
        ({"batch_size": 0}, ValueError, "batch_size must be 1 or more"),
        ({"rng": 0}, TypeError, r"default_rng\(0\); got 0"),
        ({"y": LABELS[:5]}, ValueError, "got 6 and 5"),
        ({"x": X.tolist()}, TypeError, "should be arrays"),
    ],
)
def test_wrong_arguments_are_refused_at_the_call(change, error, sentence):
    given = {"net": classifier(), "x": X, "y": LABELS, "optimizer": SGD(0.1)} | GOOD | change
    state = GOOD["rng"].bit_generator.state
    with pytest.raises(error, match=sentence):
        fit(**given)
    assert GOOD["rng"].bit_generator.state == state


def test_targets_that_the_loss_refuses_leave_the_net_as_it_was():
    net, optimizer = classifier(), SGD(0.1)
    net.forward(X, training=True)
    before = arrays(net)
    run = fit(net, X, LABELS + 1, optimizer, epochs=1, batch_size=6, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="labels must lie in 0 … 2"):
        next(run)
    assert_same(arrays(net), before)
    assert optimizer.steps == 0
    with pytest.raises(ValueError, match="labels must lie in 0 … 2"):
        evaluate(net, X, LABELS + 1)
    assert_same(arrays(net), before)


@pytest.mark.parametrize(
    ("args", "error", "sentence"),
    [
        ((None, X, LABELS), TypeError, "evaluate takes a layer or a net; got None"),
        ((classifier(), X, LABELS[:4]), ValueError, r"equally many samples.*got \(6, 2\) and \(4,\)"),
        ((classifier(), X[:0], LABELS[:0]), ValueError, "at least one"),
        ((classifier(), X, LABELS, 0), ValueError, "batch_size must be 1 or more"),
    ],
)
def test_wrong_evaluations_are_refused(args, error, sentence):
    with pytest.raises(error, match=sentence):
        evaluate(*args)


def test_taking_some_steps_of_a_long_run():
    x, labels = clouds()
    run = fit(classifier(), x, labels, SGD(0.1), epochs=10**9, batch_size=10, rng=np.random.default_rng(0))
    assert [r.step for r in itertools.islice(run, 3)] == [1, 2, 3]
    assert next(run).step == 4


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_broken_data_is_refused_at_the_door(broken):
    x, y = np.ones((4, 2)), np.zeros((4, 1))
    net = nn.Sequential(nn.Dense(1)).initialize("he_normal", np.random.default_rng(0))
    for name, array in (("x", x), ("y", y)):
        array[2, 0] = broken
        with pytest.raises(ValueError, match=f"{name} holds nan or inf"):
            fit(
                net, x, y, nn.SGD(0.1), epochs=1, batch_size=2, rng=np.random.default_rng(0),
                loss=nn.squared_error,
            )  # fmt: skip
        array[2, 0] = 0


def test_with_replacement_it_draws_what_minibatches_draws():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((30, 4)), rng.integers(0, 3, 30)
    net = nn.Sequential(nn.Dense(3, in_units=4)).initialize("zeros", rng)
    by_hand = np.zeros((4, 3))
    records = fit(
        net, x, y, nn.SGD(0.1), epochs=2, batch_size=8, rng=np.random.default_rng(5), replacement=True
    )
    draw, bias = np.random.default_rng(5), np.zeros(3)
    steps = len(list(records))
    taken = 0
    for _ in range(2):
        order = draw.integers(30, size=30)
        for start in range(0, 30, 8):
            xb, yb = x[order[start : start + 8]], y[order[start : start + 8]]
            _, d = nn.softmax_cross_entropy(xb @ by_hand + bias, yb)
            by_hand -= 0.1 * xb.T @ d
            bias -= 0.1 * d.sum(axis=0)
            taken += 1
    assert taken == steps == 8
    np.testing.assert_allclose(net.params["0.W"], by_hand, rtol=1e-5, atol=1e-7)


def test_right_and_wrong_answers_are_known_only_for_classes():
    judged = Evaluation(0.5, 0.75)
    assert (judged.right, judged.error) == (0.75, 0.25)
    for name in ("right", "error"):
        with pytest.raises(ValueError, match="no class indices"):
            getattr(Evaluation(0.5, None), name)
