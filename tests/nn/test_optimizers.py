"""Optimizers: two steps of each by hand, and what a step must not do."""

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import (
    SGD,
    Adam,
    AdamW,
    BatchNorm,
    Block,
    Dense,
    Optimizer,
    ReLU,
    RMSProp,
    Sequential,
    exponential_decay,
    softmax_cross_entropy,
)

ALL = [lambda: SGD(0.1), lambda: SGD(0.1, momentum=0.9), RMSProp, Adam, AdamW]


class Free(Block):
    """A block whose parameters and gradients the test writes itself."""

    def __init__(self, **params):
        super().__init__()
        self.params = {name: np.array(value, float) for name, value in params.items()}


def steps(optimizer, gradients, start=1.0):
    """Return where a single number goes, step by step."""
    block, path = Free(p=start), []
    for gradient in gradients:
        block.grads = {"p": np.array(float(gradient))}
        optimizer.step(block)
        path.append(block.params["p"].item())
    return path


# Each line: p = 1 at first, then the gradients, and p after each step, worked by hand.
BY_HAND = {
    "SGD": (SGD(0.1), [2, 3], [0.8, 0.5]),
    # v = 2, then 0.9 * 2 + 3 = 4.8
    "SGD, momentum": (SGD(0.1, momentum=0.9), [2, 3], [0.8, 0.32]),
    # g' = 2 + 0.5 * 1, then 1 + 0.5 * 0.75
    "SGD, weight decay": (SGD(0.1, weight_decay=0.5), [2, 1], [0.75, 0.6125]),
    # g' = 2.5; then g' = 1 + 0.375 and v = 0.5 * 2.5 + 1.375 = 2.625: the decay passes through v
    "SGD, both": (SGD(0.1, momentum=0.5, weight_decay=0.5), [2, 1], [0.75, 0.4875]),
    # v = 0.25 * 4 = 1, then 0.75 * 1 + 0.25 * 1 = 1
    "RMSProp": (RMSProp(0.1, decay=0.75, eps=0), [2, 1], [0.8, 0.7]),
    # g' = 3.5 + 0.5 = 4 and v = 0.25 * 16 = 4, then g' = 1.6 + 0.4 = 2 and v = 0.75 * 4 + 0.25 * 4 = 4
    "RMSProp, L2": (RMSProp(0.1, decay=0.75, eps=0, weight_decay=0.5), [3.5, 1.6], [0.8, 0.7]),
    "RMSProp, eps 1": (RMSProp(0.1, decay=0.75, eps=1), [2, 1], [0.9, 0.85]),
    # m = 1, v = 1: unbiased 2 and 4. Then m = 1, v = 1: unbiased 4/3 and 16/7.
    "Adam": (Adam(0.1, 0.5, 0.75, eps=0), [2, 1], [0.9, 0.9 - 0.1 * math.sqrt(7) / 3]),
    "Adam, eps 1": (Adam(0.1, 0.5, 0.75, eps=1), [2], [1 - 0.1 * 2 / 3]),
    # g' = 2.5, then 1.45: m = 1.35, v = 0.75 * 1.5625 + 0.25 * 2.1025; unbiased by 0.75 and 0.4375
    "Adam, L2": (
        Adam(0.1, 0.5, 0.75, eps=0, weight_decay=0.5),
        [2, 1],
        [0.9, 0.9 - 0.1 * 1.8 / math.sqrt(1.6975 / 0.4375)],
    ),
    # 0.95 * 1 - 0.1, then 0.95 * 0.85 - 0.1 * √7/3
    "AdamW": (
        AdamW(0.1, 0.5, 0.75, eps=0, weight_decay=0.5),
        [2, 1],
        [0.85, 0.8075 - 0.1 * math.sqrt(7) / 3],
    ),
}


@pytest.mark.parametrize(("optimizer", "gradients", "path"), BY_HAND.values(), ids=BY_HAND)
def test_the_first_steps_by_hand(optimizer, gradients, path):
    assert steps(copy.deepcopy(optimizer), gradients) == pytest.approx(path, rel=1e-14)


def test_weight_decay_is_l2_for_sgd_and_not_for_adam():
    """L2: the gradient of λ/2 ‖p‖² added by hand. Decay: p shrinks by 1 - ηλ, then the plain step."""
    rng = np.random.default_rng(1)
    start, rate, decay = rng.standard_normal(50), 0.1, 0.3
    gradients = rng.standard_normal((20, 50))

    def end(optimizer, change=lambda p: 0, shrink=1.0):
        block = Free(p=start)
        for g in gradients:
            block.grads = {"p": g + change(block.params["p"])}
            block.params["p"] *= shrink
            optimizer.step(block)
        return block.params["p"]

    def l2(p):
        return decay * p

    shrink = 1 - rate * decay
    by_option = end(SGD(rate, weight_decay=decay))
    np.testing.assert_allclose(by_option, end(SGD(rate), l2), rtol=0, atol=1e-12)
    np.testing.assert_allclose(by_option, end(SGD(rate), shrink=shrink), rtol=0, atol=1e-12)
    np.testing.assert_allclose(end(Adam(rate, weight_decay=decay)), end(Adam(rate), l2), rtol=0, atol=1e-12)
    decoupled = end(AdamW(rate, weight_decay=decay))
    np.testing.assert_allclose(decoupled, end(Adam(rate), shrink=shrink), rtol=0, atol=1e-12)
    assert np.abs(decoupled - end(Adam(rate), l2)).max() > 0.01


def trained(optimizer, dtype=np.float32, count=3):
    rng = np.random.default_rng(2)
    x = rng.standard_normal((8, 4)).astype(dtype)
    net = Sequential(Dense(5), BatchNorm(), ReLU(), Dense(3)).initialize("he_normal", rng)
    for _ in range(count):
        net.backward(softmax_cross_entropy(net.forward(x, training=True), np.arange(8) % 3)[1])
        optimizer.step(net)
    return net


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_stay_the_layers_own_and_buffers_are_never_touched(make, dtype):
    net, optimizer = trained(SGD(0), dtype), make()
    arrays = {**net.params}
    others = {**net.buffers, **{f"grad of {name}": g for name, g in net.grads.items()}}
    before = {name: array.copy() for name, array in {**arrays, **others}.items()}
    for _ in range(3):
        optimizer.step(net)
    for name, array in net.params.items():
        assert array is arrays[name]
        assert array.dtype == dtype
        assert not np.array_equal(array, before[name]), "biases, gamma and beta move too"
    for name, array in others.items():
        np.testing.assert_array_equal(array, before[name])


def test_weight_decay_acts_on_every_parameter():
    for optimizer in (SGD(0.1, weight_decay=0.5), AdamW(0.1, weight_decay=0.5)):
        block = Free(W=[[4.0]], b=[4.0], gamma=[4.0], beta=[4.0])
        block.grads = {name: np.zeros_like(p) for name, p in block.params.items()}
        optimizer.step(block)
        assert {p.item() for p in block.params.values()} == {4 * 0.95}


@settings(max_examples=50, deadline=None, database=None, derandomize=True)
@given(size=st.floats(1e-3, 1e6), sign=st.sampled_from([-1, 1]), rate=st.floats(1e-4, 1))
def test_adam_s_first_step_has_the_size_of_the_rate_whatever_the_gradient(size, sign, rate):
    assert steps(Adam(rate), [sign * size]) == pytest.approx([1 - sign * rate], abs=2e-5 * rate)


@settings(max_examples=50, deadline=None, database=None, derandomize=True)
@given(
    g=st.lists(st.floats(-10, 10), min_size=1, max_size=8),
    mu=st.floats(0, 0.99),
    rate=st.floats(0, 1),
)
def test_momentum_is_a_sum_of_past_gradients(g, mu, rate):
    """v_t = Σ_s μ^(t-s) g_s, so p_T = p_0 - η Σ_t Σ_s≤t μ^(t-s) g_s."""
    total = sum(mu ** (t - s) * g[s] for t in range(len(g)) for s in range(t + 1))
    assert steps(SGD(rate, momentum=mu), g)[-1] == pytest.approx(1 - rate * total, abs=1e-10)


@pytest.mark.parametrize("make", ALL)
def test_arrays_of_any_layout_shape_and_dtype(make):
    rng = np.random.default_rng(3)
    values, gradient = rng.standard_normal((3, 4)), rng.standard_normal((3, 4))
    block, flat = Free(), Free()
    big = np.zeros((6, 8))
    block.params = {
        "view": big[::2, ::2],
        "fortran": np.asfortranarray(values),
        "single": values.astype(np.float32),
        "number": np.array(values[0, 0]),
    }
    block.params["view"][...] = values
    optimizer, plain = make(), make()
    flat.params = {"p": values.ravel().copy()}
    for _ in range(3):
        block.grads = dict.fromkeys(("view", "fortran", "single"), gradient.T.copy().T)
        block.grads["number"] = gradient[0, 0]  # a NumPy number, as sums give
        flat.grads = {"p": gradient.ravel()}
        optimizer.step(block)
        plain.step(flat)
    expected = flat.params["p"].reshape(3, 4)
    np.testing.assert_allclose(block.params["view"], expected, rtol=1e-14)
    assert np.shares_memory(block.params["view"], big)
    np.testing.assert_allclose(block.params["fortran"], expected, rtol=1e-14)
    np.testing.assert_allclose(block.params["single"], expected, rtol=1e-4, atol=1e-6)
    assert block.params["single"].dtype == np.float32
    assert block.params["number"] == pytest.approx(expected[0, 0], rel=1e-14)


def test_a_schedule_is_asked_with_the_step_counted_from_zero():
    asked = []

    def rate(step):
        asked.append(step)
        return np.float64(0.5 / (step + 1))

    assert steps(SGD(rate), [1, 1, 1]) == pytest.approx([0.5, 0.25, 0.25 - 0.5 / 3])
    assert asked == [0, 1, 2]
    assert steps(SGD(exponential_decay(0.4, 0.5)), [1, 1]) == pytest.approx([0.6, 0.4])
    block = Free(p=np.float32([1]))
    block.params["p"] = block.params["p"].astype(np.float32)
    block.grads = {"p": np.ones(1, np.float32)}
    optimizer = Adam(lambda step: np.float64(0.1))
    assert optimizer.current_rate == 0.1
    optimizer.step(block)
    assert block.params["p"].dtype == np.float32


def test_two_nets_do_not_share_their_momentum():
    optimizer, one, two = SGD(1, momentum=0.5), Free(p=0), Free(p=0)
    for block, gradient in ((one, 8), (two, 1), (one, 8)):
        block.grads = {"p": np.array(float(gradient))}
        optimizer.step(block)
    assert one.params["p"] == -8 - 12
    assert two.params["p"] == -1


def test_a_replaced_array_starts_afresh():
    optimizer, block = SGD(1, momentum=0.5), Free(p=0)
    block.grads = {"p": np.array(8.0)}
    optimizer.step(block)
    block.params["p"] = np.array(0.0)
    optimizer.step(block)
    assert block.params["p"] == -8


def test_net_and_optimizer_copied_together_go_on_alike():
    net, optimizer = Sequential(Dense(2)).initialize("he_normal", np.random.default_rng(0)), Adam(0.1)

    def on(net, optimizer):
        net.backward(np.sign(net.forward(np.ones((2, 3)))))
        optimizer.step(net)

    on(net, optimizer)
    twin, twins = copy.deepcopy((net, optimizer))
    for _ in range(3):
        on(net, optimizer)
        on(twin, twins)
    np.testing.assert_array_equal(twin.params["0.W"], net.params["0.W"])
    assert twin.params["0.W"] is not net.params["0.W"]


def test_plain_sgd_holds_on_to_no_net():
    optimizer = SGD(0.1)
    trained(optimizer)
    assert not optimizer._memories


@pytest.mark.parametrize("make", ALL)
def test_a_gradient_that_is_not_finite_is_passed_on_without_a_warning(make):
    for bad in (math.nan, math.inf, 1e300):
        block = Free(p=[1.0, 1.0])
        block.grads = {"p": np.array([bad, 1.0])}
        optimizer = make()
        optimizer.step(block)
        optimizer.step(block)
        assert bad == 1e300 or not (np.isfinite(block.params["p"][0]) and block.params["p"][0] != 1)
        assert np.isfinite(block.params["p"][1])


REFUSED = [
    (lambda: SGD(-0.1), ValueError, "rate must be .*from 0 to inf; got -0.1"),
    (lambda: SGD(math.nan), ValueError, "rate must be a finite number"),
    (lambda: SGD("0.1"), TypeError, "rate must be a number; got '0.1'"),
    (lambda: SGD(True), TypeError, "rate must be a number; got True"),
    (lambda: SGD(0.1, momentum=1), ValueError, "momentum must be below 1; got 1"),
    (lambda: SGD(0.1, momentum=-0.1), ValueError, "momentum must be .*got -0.1"),
    (lambda: SGD(0.1, weight_decay=-1), ValueError, "weight_decay must be .*got -1"),
    (lambda: RMSProp(0.1, decay=1), ValueError, "decay must be below 1"),
    (lambda: RMSProp(0.1, eps=-1), ValueError, "eps must be .*got -1"),
    (lambda: Adam(beta1=1), ValueError, "beta1 must be below 1"),
    (lambda: Adam(beta2=2), ValueError, "beta2 must be .*from 0 to 1; got 2"),
    (lambda: Adam(eps=math.inf), ValueError, "eps must be a finite number"),
    (lambda: AdamW(weight_decay=None), TypeError, "weight_decay must be a number"),
]


@pytest.mark.parametrize(("call", "error", "sentence"), REFUSED)
def test_wrong_settings_are_refused(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


def missing(block):
    del block.grads["b"]


def misshapen(block):
    block.grads["b"] = np.ones(2)


def scalar(block):
    block.grads["b"] = 1.0


def whole(block):
    block.params["b"], block.grads["b"] = np.ones(3, int), np.ones(3)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize(
    ("spoil", "error", "sentence"),
    [
        (missing, RuntimeError, "no gradient for 'b': call forward and backward first"),
        (misshapen, ValueError, r"gradient of 'b' must have .* shape \(3,\); got \(2,\)"),
        (scalar, ValueError, r"shape \(3,\); got \(\)"),
        (whole, TypeError, "parameter 'b' must be a float array; its dtype is int64"),
    ],
)
def test_a_refused_step_changes_nothing(make, spoil, error, sentence):
    block, twin = Free(W=np.ones((2, 3)), b=np.ones(3)), Free(W=np.ones((2, 3)), b=np.ones(3))
    optimizer, other = make(), make()
    for each, by in ((block, optimizer), (twin, other)):
        each.grads = {"W": np.ones((2, 3)), "b": np.ones(3)}
        by.step(each)
    kept = {name: array.copy() for name, array in block.params.items()}
    spoil(block)
    with pytest.raises(error, match=sentence):
        optimizer.step(block)
    np.testing.assert_array_equal(block.params["W"], kept["W"])
    assert optimizer.steps == 1
    b = block.params["b"] = twin.params["b"]  # and the momenta have not moved either
    block.grads = {"W": np.ones((2, 3)), "b": np.ones(3)}
    block.params["b"] = b.copy()
    optimizer.step(block)
    other.step(twin)
    np.testing.assert_array_equal(block.params["W"], twin.params["W"])


def test_steps_without_parameters_or_without_a_net_are_refused():
    net = Sequential(Dense(3)).initialize("he_normal", np.random.default_rng(0))
    with pytest.raises(RuntimeError, match="sizes are unknown until the first forward"):
        SGD(0.1).step(net)
    net.forward(np.ones((1, 2)))
    with pytest.raises(RuntimeError, match=r"no gradient for '0\.W'"):
        SGD(0.1).step(net)
    with pytest.raises(TypeError, match="step takes a layer or a net; got"):
        SGD(0.1).step(net.params)


def test_a_schedule_s_bad_rate_is_refused_before_anything_moves():
    block = Free(p=1)
    block.grads = {"p": np.array(1.0)}
    for bad, error in ((math.nan, ValueError), (-1, ValueError), (None, TypeError)):
        optimizer = Adam(lambda step, bad=bad: bad)
        with pytest.raises(error, match="the schedule's rate at step 0 must be"):
            optimizer.step(block)
        assert optimizer.steps == 0
    assert block.params["p"] == 1


def test_repr_and_a_subclass_without_a_rule():
    assert repr(SGD(0.1)) == "SGD(rate=0.1, after 0 steps)"
    assert "a schedule" in repr(Adam(exponential_decay(0.1, 0.9)))
    block = Free(p=1)
    block.grads = {"p": np.array(1.0)}
    with pytest.raises(NotImplementedError, match="has to define _update"):
        Optimizer(0.1).step(block)
