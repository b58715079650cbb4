"""The layer-by-layer picture at depths and quantities where things used to collide."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.diagnostics import QUANTITIES, deep_net, signal_report
from coursekit.plots import LayerSignals


def report(depth, sigma, quantity=QUANTITIES[0], activation="identity"):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((60, 40)).astype(np.float32)
    net = deep_net(activation, depth, 40).initialize(nn.initializers.normal(sigma), rng)
    return signal_report(net, x, rng.integers(0, 10, 60), quantity=quantity)


def shown(texts):
    return [i + 1 for i, text in enumerate(texts) if text.get_visible()]


@pytest.mark.parametrize(("depth", "step"), [(10, 1), (12, 1), (13, 2), (20, 2), (21, 3), (30, 3)])
def test_border_numbers_stand_only_where_a_layer_has_its_number(depth, step):
    picture = LayerSignals(report(depth, 0.3))
    numbers = shown(picture._above)
    assert len(numbers) > 2
    assert set(numbers) <= {1 + step * i for i in range(30)}
    assert {round(tick) for tick in picture._hist.get_yticks()} >= set(numbers)
    texts = [picture._above[i - 1].get_text() for i in numbers]
    assert any("<" in text for text in texts) == (step == 1)


def test_the_mean_of_gradients_is_not_shown_and_comes_back():
    picture = LayerSignals(report(6, 0.3, QUANTITIES[2], "tanh"))
    narrow = LayerSignals(report(6, 0.3))._spread.get_position().width
    moving = (picture._mean, picture._mean_line, picture._mean_out)
    assert not any(artist.get_visible() for artist in moving)
    assert picture._spread.get_position().width > 1.5 * narrow
    picture.update(report(6, 0.3))
    assert all(artist.get_visible() for artist in moving)
    assert picture._spread.get_position().width == narrow


@pytest.mark.parametrize(("sigma", "quantity"), [(0.01, QUANTITIES[0]), (1.0, QUANTITIES[2])])
def test_the_two_examples_of_the_lesson_fit_the_axis_of_the_spread(sigma, quantity):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((100, 784)).astype(np.float32)
    net = deep_net("tanh", 10, 500).initialize(nn.initializers.normal(sigma), rng)
    picture = LayerSignals(signal_report(net, x, rng.integers(0, 10, 100), quantity=quantity))
    assert len(picture._too_small.get_xdata()) == len(picture._too_large.get_xdata()) == 0


@pytest.mark.parametrize("depth", [2, 3, 10, 30])
def test_the_tallest_bar_stays_below_the_top(depth):
    picture = LayerSignals(report(depth, 1e-6))
    tops = [path.vertices[:, 1].min() for path in picture._bars.get_paths()]
    top = picture._hist.get_ylim()[1]
    assert min(tops) > top
    assert min(tops) - top < 0.2 * depth
