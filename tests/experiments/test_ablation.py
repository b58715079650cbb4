"""Effects beside the scatter of seeds: best rates, paired differences, intervals worked out by hand."""

import numpy as np
import pytest

from coursekit.experiments.ablation import Ablation, Effect, ablation_of, diagnose_ablation, half_width
from coursekit.experiments.sweep import Sweep


def test_half_a_width_by_hand():
    # 1, 2, 3: s = 1, R = 3, t of two degrees of freedom 4.303: 4.303/√3.
    assert half_width(np.array([1.0, 2.0, 3.0])) == pytest.approx(2.4843, abs=1e-4)
    # Two values 0 and 2: s = √2, divided by √2 is 1, t = 12.71.
    assert half_width(np.array([0.0, 2.0])) == pytest.approx(12.71)


@pytest.mark.parametrize("wrong", [np.ones(1), np.ones(11), np.ones((2, 2))])
def test_too_few_and_too_many_are_refused(wrong):
    with pytest.raises(ValueError, match="2 to 10 differences"):
        half_width(wrong)


def made():
    values = [
        [[0.5, 0.5, 0.5], [0.80, 0.82, 0.84]],  # the base, best at the second rate
        [[0.78, 0.80, 0.82], [0.1, 0.1, 0.1]],  # always two points behind, at the first
        [[0.5, 0.5, 0.5], [0.84, 0.82, 0.80]],  # ahead, level, behind
    ]
    return Sweep(
        "?", "rate", "y", np.array([0.1, 1.0]), ("base", "a", "b"), np.array(values), (0, 1, 2), ""
    )


def test_each_is_taken_at_its_own_best_rate_and_seed_by_seed():
    ablation = ablation_of(made())
    assert (ablation.base, ablation.base_rate) == ("base", 1.0)
    a, b = ablation.effects
    assert (a.name, a.rate) == ("a", 0.1)
    assert a.differences == pytest.approx([-0.02] * 3)
    assert b.differences == pytest.approx([0.04, 0, -0.04])
    assert a.exceeds_scatter
    assert not b.exceeds_scatter
    assert b.interval == pytest.approx((-4.303 * 0.04 / 3**0.5, 4.303 * 0.04 / 3**0.5))


def test_the_words_name_only_what_exceeds_the_scatter():
    said = diagnose_ablation(ablation_of(made()))
    assert said == "Beyond the scatter of 3 seeds, in points: a −2.0.\nWithin it: b."
    none = Ablation("base", 1.0, np.ones(2), (Effect("c", 1.0, np.array([-1.0, 1.0])),), (0, 1))
    assert diagnose_ablation(none) == "Beyond the scatter of 2 seeds, in points: nothing.\nWithin it: c."
    gain = Ablation("base", 1.0, np.ones(2), (Effect("c", 1.0, np.array([0.02, 0.02])),), (0, 1))
    assert diagnose_ablation(gain) == "Beyond the scatter of 2 seeds, in points: c +2.0."
