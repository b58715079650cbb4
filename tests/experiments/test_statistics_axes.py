"""Shared statistics, against the layer in the same layout and against sums done one by one."""

import dataclasses

import numpy as np
import pytest

from coursekit import nn
from coursekit.experiments import diagnose_shared, shared_statistics
from coursekit.experiments.statistics_axes import LAYOUTS

RNG = np.random.default_rng(3)
MAPS = RNG.normal(RNG.uniform(-2, 4, (5, 3, 1, 1)), RNG.uniform(0.5, 2, (1, 3, 1, 1)), (5, 3, 4, 6))


def laid_out(layout):
    return {
        "(N, C, H, W)": MAPS,
        "(N, H, W, C)": MAPS.transpose(0, 2, 3, 1),
        "(N, K)": MAPS.mean(axis=(2, 3)),
    }[layout]


def back(array, layout):
    if layout == "(N, K)":
        return array[:, :, None, None]
    return array.transpose(0, 3, 1, 2) if layout == "(N, H, W, C)" else array


CASES = [
    (layout, axis) for layout in LAYOUTS for axis in range(-len(LAYOUTS[layout]), len(LAYOUTS[layout]))
]


@pytest.mark.parametrize(("layout", "axis"), CASES)
def test_it_is_what_the_layer_computes(layout, axis):
    s = shared_statistics(MAPS, layout, axis)
    x = laid_out(layout)
    layer = nn.BatchNorm(axis=axis, momentum=0.0)
    y = layer.forward(x, training=True)
    assert s.shape == x.shape
    assert np.allclose(s.normalized, back(y, layout), atol=1e-10)
    assert np.allclose(s.mean, layer.buffers["mean"])
    assert np.allclose(s.var, layer.buffers["var"])
    assert s.entries == x.size // x.shape[axis]
    assert s.kind == LAYOUTS[layout][axis]


@pytest.mark.parametrize(("layout", "axis"), CASES)
def test_groups_are_the_entries_of_one_statistic(layout, axis):
    s = shared_statistics(MAPS, layout, axis)
    for g in range(len(s.mean)):
        entries = s.maps[s.groups == g]
        assert entries.size == s.entries
        assert entries.mean() == pytest.approx(s.mean[g])
        assert entries.var() == pytest.approx(s.var[g])


@pytest.mark.parametrize(("layout", "axis"), CASES)
def test_the_law_of_total_variance(layout, axis):
    s = shared_statistics(MAPS, layout, axis)
    for g in range(len(s.mean)):
        images = [s.maps[i][s.groups[i] == g] for i in range(len(s.maps))]
        images = [image for image in images if image.size]
        assert np.mean([image.var() for image in images]) == pytest.approx(s.within[g], abs=1e-12)
        assert np.var([image.mean() for image in images]) == pytest.approx(s.between[g], abs=1e-12)


def test_the_average_of_variances_leaves_too_much_spread():
    s = shared_statistics(MAPS, averaged=True, eps=0)
    assert np.allclose(s.channel_spreads, np.sqrt(s.var / s.within))
    assert (s.channel_spreads > 1.01).all()
    assert np.allclose(s.channel_means, 0)


def test_by_hand():
    maps = np.array([[1.0, 3.0], [7.0, 9.0]]).reshape(2, 1, 1, 2)
    s = shared_statistics(maps, averaged=True, eps=0)
    assert (s.mean, s.var, s.within, s.between) == (5, 10, 1, 9)
    assert s.normalized.ravel().tolist() == [-4, -2, 2, 4]
    assert shared_statistics(maps, eps=0).normalized.ravel() == pytest.approx(
        np.array([-4, -2, 2, 4]) / 10**0.5
    )


def test_histograms_count_every_pixel_of_a_channel_in_spreads():
    s = shared_statistics(MAPS)
    for h, maps in ((s.before, s.maps), (s.after, s.normalized)):
        assert h.total.tolist() == [5 * 4 * 6] * 3
        for c in range(3):
            u = (maps[:, c] - maps[:, c].mean()) / maps[:, c].std()
            expected = np.histogram(u, np.linspace(-3, 3, 31))[0]
            assert np.abs(h.counts[c] - expected).sum() <= 2  # a value on an edge


def test_skewness():
    """0, 0, 0, 4: mean 1, variance 3, mean cube (-1 - 1 - 1 + 27)/4 = 6, so 6/√27 = 2/√3."""
    lopsided = shared_statistics(np.array([0.0, 0, 0, 4]).reshape(4, 1, 1, 1))
    assert [float(part[0]) for part in lopsided.skewness] == pytest.approx([2 / 3**0.5] * 2)
    flat = shared_statistics(np.ones((4, 1, 1, 1)))
    assert np.isnan(flat.skewness).all()
    assert flat.before.counts.sum() == 4
    mixed = shared_statistics(MAPS, axis=0)
    assert not np.allclose(*mixed.skewness)  # a wrong axis bends the shape, too


@pytest.mark.parametrize(
    ("layout", "axis", "averaged", "words"),
    [
        (
            "(N, C, H, W)",
            1,
            False,
            "shape (5, 3, 4, 6); axis 1 counts channels: 3 statistics, each from 120 entries",
        ),
        ("(N, C, H, W)", 1, False, "Each channel comes out with mean 0 and spread 1."),
        ("(N, H, W, C)", -1, False, "shape (5, 4, 6, 3); axis 3 counts channels: 3 statistics"),
        ("(N, H, W, C)", 1, False, "Every pixel row mixes all channels"),
        ("(N, C, H, W)", -1, False, "Every pixel column mixes all channels"),
        ("(N, C, H, W)", 0, False, "Each image is judged alone"),
        ("(N, C, H, W)", 0, False, "The wrong axis"),
        ("(N, K)", 1, False, "axis 1 counts features: 3 statistics, each from 5 entries"),
        ("(N, K)", 1, True, "divided by √ε alone"),
        ("(N, C, H, W)", 1, True, "is missing, the variance of the images' means"),
    ],
)
def test_the_sentence(layout, axis, averaged, words):
    text = diagnose_shared(shared_statistics(MAPS, layout, axis, averaged=averaged))
    assert words in text
    assert text.endswith(".")


def test_the_missing_share_is_told():
    s = shared_statistics(MAPS, averaged=True)
    worst = (s.between / s.var).max()
    assert f"{100 * worst:.0f} % is missing" in diagnose_shared(s)


def test_a_channel_without_spread_is_not_said_to_have_one():
    maps = MAPS.copy()
    maps[:, 1] = 3.0
    assert "channel 2 had variance 0.00, next to ε, and comes out with spread 0.00" in diagnose_shared(
        shared_statistics(maps)
    )


def test_a_single_image():
    assert "nothing is missing" in diagnose_shared(shared_statistics(MAPS[:1], averaged=True))
    assert "x̂ is 0 whatever goes in" in diagnose_shared(shared_statistics(MAPS[:1], "(N, K)"))


def test_it_refuses_and_is_frozen():
    for given, sentence in [
        ((np.ones((2, 3)),), "maps must have 4 axes"),
        ((MAPS, "(C, N)"), "layout must be one of"),
        ((MAPS, "(N, K)", 2), r"has the axes 0 to 1; there is no axis 2"),
        ((MAPS, "(N, C, H, W)", -5), "there is no axis -5"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            shared_statistics(*given)
    with pytest.raises(dataclasses.FrozenInstanceError):
        shared_statistics(MAPS).axis = 0
