"""The net of the last time is kept, and what is kept never shows in a report."""

import dataclasses

import numpy as np
import pytest

from coursekit import datasets, nn
from coursekit.diagnostics import QUANTITIES, signal_report
from coursekit.experiments.initialization import INPUTS, SCHEMES, Initialization, scheme_of
from coursekit.nets import ACTIVATIONS, deep_net


def equal(a, b):
    for field in dataclasses.fields(a):
        left, right = getattr(a, field.name), getattr(b, field.name)
        if dataclasses.is_dataclass(left):
            equal(left, right)
        else:
            np.testing.assert_array_equal(left, right, err_msg=field.name)


def test_it_is_the_report_of_a_net_drawn_by_hand():
    report = Initialization().report("tanh", "normal", 0.05, 3, 20, seed=4)
    net = deep_net("tanh", 3, 20).initialize("zeros", np.random.default_rng(0))
    x, labels = datasets.fashion_samples(500)
    net.forward(x[:1])
    for i, name in enumerate(name for name in net.params if name.endswith("W")):
        drawn = np.random.default_rng([4, i]).standard_normal(net.params[name].shape, dtype=np.float32)
        net.params[name][...] = np.float32(0.05) * drawn
    equal(report, signal_report(net, x, labels, quantity="activations"))


def test_a_walk_gives_the_reports_of_a_fresh_one():
    kept, rng = Initialization(), np.random.default_rng(1)
    for _ in range(40):
        values = {
            "activation": rng.choice(list(ACTIVATIONS)),
            "scheme": rng.choice(SCHEMES),
            "sigma": float(rng.choice([0.01, 0.3, 3.0])),
            "depth": int(rng.choice([2, 4])),
            "width": int(rng.choice([7, 12])),
            "input": str(rng.choice(INPUTS)),
            "batch_norm": bool(rng.integers(2)),
            "quantity": QUANTITIES[rng.integers(4)],
            "seed": int(rng.integers(2)),
        }
        equal(kept.report(**values), Initialization().report(**values))


def test_the_net_is_the_same_object_while_its_architecture_is():
    kept = Initialization()
    kept.report("relu", "he_normal", 1.0, 2, 9)
    net = kept._net
    kept.report("relu", "normal", 3.0, 2, 9, seed=4, input="gaussian")
    assert kept._net is net
    for other in (("tanh", 2, 9), ("relu", 3, 9), ("relu", 2, 8)):
        kept.report(other[0], "he_normal", 1.0, *other[1:])
        assert kept._net is not net


def test_only_two_schemes_listen_to_sigma():
    for name in SCHEMES:
        drawn = [scheme_of(name, s)((6, 5), np.random.default_rng(0)) for s in (0.1, 2.0)]
        assert np.array_equal(*drawn) == (name not in ("normal", "constant"))


def test_wrong_settings_are_refused():
    with pytest.raises(ValueError, match="scheme must be one of 'normal'"):
        Initialization().report("relu", "He normal", 1.0, 2, 9)
    with pytest.raises(ValueError, match="input must be one of"):
        Initialization().report("relu", "he_normal", 1.0, 2, 9, input="cifar")
    with pytest.raises(ValueError, match="activation must be one of"):
        Initialization().report("relux", "he_normal", 1.0, 2, 9)
    with pytest.raises(ValueError, match="got -1"):
        Initialization().report("relu", "normal", -1.0, 2, 9)
    assert nn.initializers.get("he_normal") is scheme_of("he_normal", 1.0)
