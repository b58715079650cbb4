"""The recurrent layer: two steps by hand, sequence by sequence in loops, statistics step by step."""

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import SimpleRNN, check_gradients, initializers

TRAINING = pytest.mark.parametrize("training", [False, True])
NORMS = pytest.mark.parametrize("norm", [None, "batch", "layer"])
LN2 = math.log(2)


def made(units=4, norm=None, seed=0, **more):
    return SimpleRNN(units, norm, **more).initialize("xavier_normal", np.random.default_rng(seed))


def of_ones(norm=None, **more):
    """One input, one unit, both weights 1 and no bias."""
    ones = initializers.constant(1)
    return SimpleRNN(1, norm, **more).initialize(ones, np.random.default_rng(0))


# tanh(ln 2) = 3/5 with the slope 16/25. Sequence 1: h = 3/5, then a = -3/5 + 3/5 = 0. Sequence 2 ends
# after its first step; nan stands in its padding.
X = np.array([[[LN2], [-3 / 5]], [[LN2], [math.nan]]])
LENGTHS = np.array([2, 1])


@TRAINING
def test_two_steps_by_hand(training):
    layer = of_ones()
    h = layer.forward(X, training=training, lengths=LENGTHS)
    np.testing.assert_allclose(h, [[0], [3 / 5]], atol=1e-15)
    # Upstream 1 and 10. Sequence 1: da₂ = 1, da₁ = 16/25; sequence 2: da₁ = 10 · 16/25 = 32/5.
    dx = layer.backward(np.array([[1.0], [10.0]]))
    np.testing.assert_allclose(dx, [[[16 / 25], [1]], [[32 / 5], [0]]], rtol=1e-14)
    np.testing.assert_allclose(layer.grads["Wx"], [[16 / 25 * LN2 - 3 / 5 + 32 / 5 * LN2]], rtol=1e-14)
    np.testing.assert_allclose(layer.grads["Wh"], [[3 / 5]], rtol=1e-14)
    np.testing.assert_allclose(layer.grads["b"], [16 / 25 + 1 + 32 / 5], rtol=1e-14)


def test_statistics_per_time_step_by_hand():
    """Step 1: 0, 0, 3, mean 1, variance 2. Step 2: one sequence is left. Step 3: none."""
    layer = of_ones("batch", eps=0.25, momentum=0.9)
    x = np.array([[[0.0], [9], [9]], [[0], [9], [9]], [[3], [7], [9]]])
    h = layer.forward(x, training=True, lengths=[1, 1, 2])
    np.testing.assert_allclose(h[:2], np.tanh([[-2 / 3]] * 2), rtol=1e-14)
    assert h[2] == 0  # alone at step 2: β, whatever came
    np.testing.assert_allclose(layer.buffers["mean"][:, 0], [0.1, 0.1 * (7 + math.tanh(4 / 3)), 0])
    np.testing.assert_allclose(layer.buffers["var"][:, 0], [0.9 + 0.2, 0.9, 1], rtol=1e-14)
    # Prediction, with statistics set: a = 3, (3 - 1) / √(3.75 + 1/4) = 1.
    layer.buffers["mean"][0], layer.buffers["var"][0] = 1, 3.75
    np.testing.assert_allclose(layer.forward(np.array([[[3.0]]])), [[math.tanh(1)]], rtol=1e-14)


def in_loops(x, lengths, p, norm, eps, statistics=None):
    """Step after step on lists of single vectors; `statistics` (mean, var by step) means prediction."""
    states = [np.zeros(p["Wh"].shape[0]) for _ in x]
    for t in range(max(lengths)):
        here = [i for i in range(len(x)) if t < lengths[i]]
        a = {i: p["Wx"].T @ x[i, t] + p["Wh"].T @ states[i] + p["b"] for i in here}
        for unit_or_all in range(len(p["b"])) if norm == "batch" else ():
            column = [a[i][unit_or_all] for i in here]
            mean = sum(column) / len(column)
            var = sum((v - mean) ** 2 for v in column) / len(column)
            if statistics is not None:
                mean, var = statistics[0][t, unit_or_all], statistics[1][t, unit_or_all]
            for i, v in zip(here, column, strict=True):
                a[i][unit_or_all] = (v - mean) / math.sqrt(var + eps)
        for i in here:
            if norm == "layer":
                mean = sum(a[i]) / len(a[i])
                var = sum((v - mean) ** 2 for v in a[i]) / len(a[i])
                a[i] = (a[i] - mean) / math.sqrt(var + eps)
            states[i] = np.tanh(a[i] if norm is None else p["gamma"] * a[i] + p["beta"])
    return np.array(states)


@NORMS
@settings(max_examples=25, deadline=None, database=None, derandomize=True)
@given(
    lengths=st.lists(st.integers(1, 5), min_size=1, max_size=5),
    n_in=st.integers(1, 3),
    units=st.integers(1, 4),
    seed=st.integers(0, 999),
)
def test_any_lengths_against_loops(norm, lengths, n_in, units, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((len(lengths), 5, n_in))
    layer = made(units, norm, seed, eps=0.01)
    layer.forward(x)
    for array in layer.params.values():
        array[...] = rng.normal(0.3, 1, array.shape)
    expected = in_loops(x, lengths, layer.params, norm, 0.01)
    np.testing.assert_allclose(
        layer.forward(x, training=True, lengths=np.array(lengths)), expected, rtol=1e-9, atol=1e-12
    )
    if norm == "batch":
        for array in layer.buffers.values():
            array[...] = rng.uniform(0.5, 2, array.shape)
    statistics = copy.deepcopy(list(layer.buffers.values())) if norm == "batch" else None
    expected = in_loops(x, lengths, layer.params, norm, 0.01, statistics)
    h = layer.forward(x, lengths=np.array(lengths))
    assert h.shape == (len(lengths), units)
    np.testing.assert_allclose(h, expected, rtol=1e-9, atol=1e-12)


@NORMS
@TRAINING
@pytest.mark.parametrize("lengths", [None, [5, 3, 3, 1, 4, 2], [2, 1, 1, 1, 1, 1]])
def test_gradients(norm, training, lengths):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((6, 5, 3))
    outcome = check_gradients(made(4, norm, eps=0.1), x, rng, training=training, lengths=lengths)
    assert outcome.worst <= 1e-7
    assert set(outcome.errors) == {"x", "Wx", "Wh", "b"} | ({"gamma", "beta"} if norm else set())


class StopsAtTheLastStep(SimpleRNN):
    """Sends nothing back from h_t to h_{t-1}."""

    def backward(self, dy):
        x, steps, training = self._kept
        dx = super().backward(dy)
        self._kept = x, steps, training
        return dx * (np.arange(x.shape[1]) == x.shape[1] - 1)[:, None]


class StatisticsTakenForConstants(SimpleRNN):
    def _normalize_backward(self, da_hat, step, training):
        return da_hat * step.inv_std


@pytest.mark.parametrize(
    ("kind", "norm"),
    [
        (StopsAtTheLastStep, None),
        (StatisticsTakenForConstants, "batch"),
        (StatisticsTakenForConstants, "layer"),
    ],
)
def test_check_gradients_catches_broken_ones(kind, norm):
    rng = np.random.default_rng(2)
    layer = kind(3, norm).initialize("xavier_normal", rng)
    x = rng.standard_normal((5, 4, 2))
    assert check_gradients(layer, x, rng, training=True, lengths=[4, 4, 3, 2, 2]).worst > 1e-3


@NORMS
@TRAINING
def test_padding_is_never_read(norm, training):
    rng = np.random.default_rng(3)
    x, lengths = rng.standard_normal((4, 6, 2)), np.array([6, 2, 3, 2])
    layers = [made(3, norm), made(3, norm)]
    outcomes = []
    for layer, filler in zip(layers, (0, np.nan), strict=True):
        padded = np.where(np.arange(6)[:, None] < lengths[:, None, None], x, filler)
        h = layer.forward(padded, training=training, lengths=lengths)
        outcomes.append(
            [h, layer.backward(np.ones_like(h)), *layer.grads.values(), *layer.buffers.values()]
        )
    for a, b in zip(*outcomes, strict=True):
        np.testing.assert_array_equal(a, b)
    assert (outcomes[0][1][1, 2:] == 0).all()  # and gets no gradient


@pytest.mark.parametrize("norm", [None, "layer"])
def test_batch_mates_play_no_part_but_for_batch_norm(norm):
    rng = np.random.default_rng(4)
    x, lengths = rng.standard_normal((5, 4, 2)), np.array([4, 1, 3, 2, 4])
    layer = made(3, norm)
    together = layer.forward(x, training=True, lengths=lengths)
    for i, n in enumerate(lengths):
        np.testing.assert_allclose(layer.forward(x[i : i + 1, :n], training=True), together[i : i + 1])
    batch = made(3, "batch")
    together = batch.forward(x, training=True, lengths=lengths)
    assert np.abs(batch.forward(x[:1], training=True) - together[:1]).max() > 0.05


def test_statistics_of_late_steps_rest_on_few_sequences():
    """Lesson 09's point: with n sequences left the mean of a step scatters as 1/√n."""
    rng = np.random.default_rng(5)
    lengths = np.repeat([1, 2, 3], [300, 75, 25])  # 400, 100 and 25 are alive at the steps 1, 2, 3
    layer = SimpleRNN(1, "batch", momentum=0).initialize("zeros", rng)
    means = []
    for _ in range(300):
        x = rng.standard_normal((400, 3, 1))
        layer.forward(x, training=True, lengths=lengths)
        layer.params["Wx"][...] = 1
        means.append(layer.buffers["mean"][:, 0].copy())
    np.testing.assert_allclose(np.std(means[1:], axis=0), [1 / 20, 1 / 10, 1 / 5], rtol=0.15)


@NORMS
@TRAINING
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("first", [np.float32, np.float64])
def test_dtype_is_kept_and_inputs_are_left_alone(norm, training, dtype, first):
    rng = np.random.default_rng(6)
    big = rng.standard_normal((6, 8, 4)).astype(dtype)
    x, dy = big[::2, ::2, ::2], rng.standard_normal((3, 4)).astype(dtype)
    before = x.copy()
    big.setflags(write=False)
    dy.setflags(write=False)
    layer = made(4, norm)
    layer.forward(x.astype(first))
    h = layer.forward(x, training=training, lengths=[4, 2, 1])
    dx = layer.backward(dy)
    assert h.dtype == dx.dtype == dtype
    assert all(g.dtype == dtype for g in layer.grads.values())
    assert all(a.dtype == first for a in (*layer.params.values(), *layer.buffers.values()))
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(layer.forward(x.copy(), training=training, lengths=[4, 2, 1]), h)


def test_initialize():
    rng = np.random.default_rng(7)
    layer = SimpleRNN(3, "batch")
    assert repr(layer.initialize("orthogonal", rng)) == "SimpleRNN(? -> 3, norm='batch')"
    x = np.ones((2, 5, 4), np.float32)
    layer.forward(x, training=True)
    assert {name: array.shape for name, array in layer.params.items()} == {
        "Wx": (4, 3), "Wh": (3, 3), "b": (3,), "gamma": (3,), "beta": (3,)
    }  # fmt: skip
    np.testing.assert_allclose(layer.params["Wh"] @ layer.params["Wh"].T, np.eye(3), atol=1e-6)
    assert layer.buffers["mean"].shape == layer.buffers["var"].shape == (5, 3)
    layer.params["gamma"][...] = 7
    layer.initialize("zeros", rng)
    assert layer.buffers == {}
    assert (layer.params["gamma"] == 1).all()
    assert (layer.params["Wx"] == 0).all()
    assert set(made().params) == set()  # K is not known yet


@pytest.fixture
def ready():
    layer = made(4, "batch")
    x = np.random.default_rng(8).standard_normal((3, 5, 2))
    layer.forward(x, training=True)
    return layer


X3 = np.ones((3, 5, 2))
WRONG = [
    (lambda m: m.forward(np.ones((3, 5)), training=True), ValueError, r"3 axes; its shape is \(3, 5\)"),
    (lambda m: m.forward(np.ones((3, 5, 4)), training=True), ValueError, "takes 2 inputs a step; x has 4"),
    (lambda m: m.forward(np.ones((3, 6, 2)), training=True), ValueError, "5 steps; x has 6: pad the first"),
    (lambda m: m.forward(np.ones((3, 0, 2)), training=True), ValueError, "x is empty"),
    (lambda m: m.forward(X3, training=True, lengths=[5, 5]), ValueError, r"shape \(3,\), one a sequence"),
    (lambda m: m.forward(X3, training=True, lengths=[5, 0, 5]), ValueError, r"in 1 … 5, .* got 0 … 5"),
    (lambda m: m.forward(X3, training=True, lengths=[5, 6, 5]), ValueError, r"in 1 … 5, .* got 5 … 6"),
    (lambda m: m.forward(X3, training=True, lengths=[5.0, 1, 5]), TypeError, "whole numbers, steps"),
    (lambda m: m.forward(X3, training=True, lengths=5), ValueError, r"shape \(3,\).*got \(\)"),
    (lambda m: m.backward(np.ones((3, 5, 4))), ValueError, r"dy must have the shape \(3, 4\)"),
    (lambda m: m.initialize("he", np.random.default_rng(0)), ValueError, "scheme must be one of"),
    (lambda m: m.initialize("zeros", 3), TypeError, r"default_rng\(0\); got 3"),
]


@pytest.mark.parametrize(("call", "error", "sentence"), WRONG)
def test_a_wrong_call_is_refused_and_changes_nothing(ready, call, error, sentence):
    before = copy.deepcopy(ready)
    with pytest.raises(error, match=sentence):
        call(ready)
    for name, array in (before.params | before.buffers).items():
        np.testing.assert_array_equal((ready.params | ready.buffers)[name], array)
    dy = np.cos(np.arange(12.0)).reshape(3, 4)
    np.testing.assert_array_equal(ready.backward(dy), before.backward(dy))


def test_wrong_at_the_start():
    for call, error, sentence in (
        (lambda: SimpleRNN(0), ValueError, "units must be 1 or more"),
        (lambda: SimpleRNN(4, "group"), ValueError, "norm must be one of None, 'batch', 'layer'"),
        (lambda: SimpleRNN(4, "batch", momentum=2), ValueError, "momentum must be"),
        (lambda: SimpleRNN(4, eps=-1), ValueError, "eps must be"),
        (lambda: SimpleRNN(4).forward(X3), RuntimeError, r"call initialize\(scheme, rng\)"),
        (lambda: SimpleRNN(4).backward(X3), RuntimeError, "call forward first"),
    ):
        with pytest.raises(error, match=sentence):
            call()
