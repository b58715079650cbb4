"""Running statistics, against closed forms and against the layer."""

import dataclasses
import math

import numpy as np
import pytest

from coursekit import nn
from coursekit.experiments import diagnose_running, running_rules, running_statistics


def run(momentum=0.9, batch_size=16, seed=0, **options):
    return running_statistics(momentum, batch_size, np.random.default_rng(seed), **options)


def test_the_rules_by_hand():
    r = running_rules(np.array([4.0, 8.0]), 0.75, 2.0)
    assert r[0].tolist() == [2, 0.75 * 2 + 0.25 * 4, 0.75 * 2.5 + 0.25 * 8]
    assert r[1].tolist() == [2, 0.25 * 2 + 0.75 * 4, 0.25 * 3.5 + 0.75 * 8]
    assert r[2].tolist() == [2, 4, 6]
    assert math.isnan(r[3, 0])
    assert r[3, 1] == pytest.approx(4)  # freed from its start, the first batch is all there is
    assert r[3, 2] == pytest.approx((0.75 * 0.25 * 4 + 0.25 * 8) / (1 - 0.75**2))


@pytest.mark.parametrize("momentum", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_constant_batch_shows_the_bias_of_the_start(momentum):
    r = running_rules(np.full(60, 5.0), momentum, 0.0)
    t = np.arange(61)
    assert np.allclose(r[0], 5 * (1 - momentum**t))
    assert np.allclose(r[1], 5 * (1 - (1 - momentum) ** t))
    assert np.allclose(r[2:, 1:], 5)


def test_one_minus_the_momentum_is_the_other_rule():
    batch = np.random.default_rng(0).random(40)
    a, b = running_rules(batch, 0.9, 1.0), running_rules(batch, 0.1, 1.0)
    assert np.allclose(a[0], b[1])
    assert np.allclose(a[1], b[0])


def test_the_first_rule_is_the_layers():
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((30, 8))
    layer = nn.BatchNorm(momentum=0.8)
    for row in 3 + 2 * noise:
        layer.forward(row[:, None], training=True)
    r = run(0.8, 8, start_var=1.0, steps=30)
    assert r.mean[0, -1] == pytest.approx(layer.buffers["mean"][0])
    assert r.var[0, -1] == pytest.approx(layer.buffers["var"][0])


def test_over_many_runs_the_statistics_are_what_theory_says():
    runs = [run(0.9, 4, seed) for seed in range(300)]
    assert np.mean([r.batch_mean.mean() for r in runs]) == pytest.approx(3, abs=0.02)
    assert np.mean([r.batch_var.mean() for r in runs]) == pytest.approx(4 * 3 / 4, rel=0.01)
    unbiased = [run(0.9, 4, seed, unbiased=True) for seed in range(300)]
    assert np.mean([r.batch_var.mean() for r in unbiased]) == pytest.approx(4, rel=0.01)
    assert np.mean([r.var[0, 10] for r in runs]) == pytest.approx(3 * (1 - 0.9**10), rel=0.03)
    assert np.std([r.batch_mean[0] for r in runs]) == pytest.approx(2 / math.sqrt(4), rel=0.1)


def test_options_change_only_what_they_should():
    plain, unbiased, drifting, started = (
        run(),
        run(unbiased=True),
        run(drift=True),
        run(start_var=1.0),
    )
    assert np.allclose(unbiased.batch_var, plain.batch_var * 16 / 15)
    assert (unbiased.batch_mean == plain.batch_mean).all()
    assert (drifting.true_mean[0], drifting.true_mean[-1]) == (1, 5)
    assert np.allclose(drifting.batch_var, plain.batch_var)
    assert drifting.drifts
    assert not plain.drifts
    assert started.var[0, 0] == started.var[1, 0] == 1
    assert (started.mean == plain.mean)[:, 1:].all()
    assert np.allclose(started.var[2:, 1:], plain.var[2:, 1:])
    assert plain.steps == 100
    assert run(seed=1).batch_mean[0] != plain.batch_mean[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "still keeps m¹⁰ = 35 % of its start"),
        ({}, "m = 0.90 means a memory of about 10 steps (Keras, Paddle) or about 1 step (PyTorch)"),
        ({"momentum": 0.1}, "about 1 step (Keras, Paddle) or about 10 steps (PyTorch)"),
        ({"momentum": 0.1}, "has forgotten its start"),
        ({"momentum": 0.0}, "for ever (PyTorch)"),
        ({"momentum": 0.5}, "the first two rules are the same"),
        ({}, "off the true 3."),
        ({"drift": True}, "The mean drifts: at the end the first rule is"),
        ({"drift": True}, "the plain average 2.0"),
        (
            {"compare": "mean"},
            "after 10 steps, in truth 3: m¹⁰ = 35 % of the start is left. Its memory is about 10",
        ),
        ({"compare": "variance"}, "in truth 3 and 4:"),
        ({"compare": "mean", "drift": True}, "in truth 1.36:"),  # 1 + 4 · 9/99
    ],
)
def test_the_sentence(changes, words):
    text = diagnose_running(run(**changes))
    assert words in text
    assert text.endswith(".")
    assert "nan" not in text


def test_the_numbers_of_the_sentence_are_the_results():
    r = run(seed=4)
    off = [abs(r.mean[rule, -1] - 3) for rule in range(3)]
    assert f"{off[0]:.1f}, {off[1]:.1f} and {off[2]:.1f} off" in diagnose_running(r)
    assert f"its variance is {r.var[0, 10]:.1f}, the true one 4" in diagnose_running(r)


@pytest.mark.parametrize("compare", ["mean", "variance"])
def test_the_numbers_of_the_short_sentence_too(compare):
    r = run(seed=4, drift=True, compare=compare)
    text, off = diagnose_running(r), f"{abs(r.mean[0, -1] - 5):.2f}"
    off += f" and {abs(r.var[0, -1] - 4):.2f}" if compare == "variance" else ""
    assert f"at the end it is off by {off}." in text
    early = f"{r.mean[0, 10]:.1f}" + (f" and {r.var[0, 10]:.1f}" if compare == "variance" else "")
    assert f"{early} after 10 steps" in text


def test_it_refuses_and_is_frozen():
    for changes, error, sentence in [
        ({"momentum": 1.0}, ValueError, "momentum must be below 1"),
        ({"momentum": -0.1}, ValueError, "momentum must be a finite number"),
        ({"batch_size": 1}, ValueError, "batch_size must be 2 or more"),
        ({"batch_size": 2.0}, TypeError, "batch_size must be a whole number"),
        ({"steps": 0}, ValueError, "steps must be 1 or more"),
        ({"start_var": -1.0}, ValueError, "start_var must be a finite number"),
        ({"compare": "everything"}, ValueError, "compare"),
    ]:
        with pytest.raises(error, match=sentence):
            run(**changes)
    with pytest.raises(TypeError, match=r"default_rng\(0\)"):
        running_statistics(0.9, 4, 0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        run().momentum = 0
