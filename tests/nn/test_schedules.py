"""Learning-rate schedules: values by hand, limits, refusals."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.nn import cosine, exponential_decay, step_decay


def test_exponential_decay_by_hand():
    assert [exponential_decay(0.8, 0.5)(t) for t in range(4)] == [0.8, 0.4, 0.2, 0.1]
    rate = exponential_decay(1, 0.25, every=2)
    assert [rate(t) for t in range(5)] == pytest.approx([1, 0.5, 0.25, 0.125, 0.0625])


def test_step_decay_by_hand():
    assert [step_decay(1, 0.5, every=3)(t) for t in range(8)] == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_cosine_by_hand():
    rate = cosine(0.4, steps=6)
    # cos 0, 30, 60, 90, 120, 150, 180 degrees
    half, root = 0.5, math.sqrt(3) / 2
    expected = [0.2 * (1 + c) for c in (1, root, half, 0, -half, -root, -1)]
    assert [rate(t) for t in range(7)] == pytest.approx(expected, abs=1e-15)
    assert rate(7) == rate(1000) == pytest.approx(0, abs=1e-15)
    up = cosine(0.1, steps=2, final=0.5)
    assert [up(0), up(1), up(2), up(3)] == pytest.approx([0.1, 0.3, 0.5, 0.5])


@settings(max_examples=50, deadline=None, database=None, derandomize=True)
@given(rate=st.floats(1e-6, 10), factor=st.floats(0.01, 1), every=st.integers(1, 50), t=st.integers(0, 200))
def test_the_two_decays_meet_at_each_drop_and_never_rise(rate, factor, every, t):
    smooth, stairs = exponential_decay(rate, factor, every), step_decay(rate, factor, every)
    assert stairs(t * every) == pytest.approx(smooth(t * every), rel=1e-9)
    assert smooth(t) <= stairs(t) * (1 + 1e-9)
    assert 0 <= stairs(t + 1) <= stairs(t) <= rate
    assert 0 <= smooth(t + 1) <= smooth(t) <= rate


@settings(max_examples=50, deadline=None, database=None, derandomize=True)
@given(rate=st.floats(0, 10), final=st.floats(0, 10), steps=st.integers(1, 100), t=st.integers(0, 200))
def test_cosine_stays_between_its_ends(rate, final, steps, t):
    schedule = cosine(rate, steps, final)
    low, high = sorted((rate, final))
    assert low - 1e-12 <= schedule(t) <= high + 1e-12
    assert schedule(0) == pytest.approx(rate, abs=1e-12)
    assert schedule(steps + t) == pytest.approx(final, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: exponential_decay(-1, 0.5), ValueError, "rate must be"),
        (lambda: exponential_decay("1", 0.5), TypeError, "rate must be a number"),
        (lambda: exponential_decay(1, 0), ValueError, "factor must be above 0"),
        (lambda: exponential_decay(1, 1.5), ValueError, "factor must be .*from 0 to 1; got 1.5"),
        (lambda: exponential_decay(1, 0.5, 0), ValueError, "every must be 1 or more"),
        (lambda: step_decay(1, 0.5, 2.5), TypeError, "every must be a whole number"),
        (lambda: step_decay(1, -0.5, 2), ValueError, "factor must be"),
        (lambda: step_decay(math.inf, 0.5, 2), ValueError, "rate must be a finite number"),
        (lambda: cosine(0.1, 0), ValueError, "steps must be 1 or more"),
        (lambda: cosine(0.1, 10.0), TypeError, "steps must be a whole number"),
        (lambda: cosine(0.1, 10, -1), ValueError, "final must be"),
        (lambda: cosine(math.nan, 10), ValueError, "rate must be"),
    ],
)
def test_wrong_schedules_are_refused(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()
