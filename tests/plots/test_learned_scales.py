"""γ and β of every batch norm, a histogram for each layer around where training started."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.experiments import learned_scales
from coursekit.nets.deep import deep_net
from coursekit.plots import LearnedScalePicture


def net_of(gammas):
    net = deep_net("relu", len(gammas), 4, norm=nn.BatchNorm)
    net.initialize("he_normal", np.random.default_rng(0)).forward(np.ones((2, 3)))
    norms = [layer for layer in net.layers if isinstance(layer, nn.BatchNorm)]
    for norm, gamma in zip(norms, gammas, strict=True):
        norm.params["gamma"][...] = gamma
    return net


def test_it_copies_every_layer_in_order():
    net = net_of([(1, 1, 1, 1), (0.5, 1, 1, 2)])
    found = learned_scales(net)
    np.testing.assert_array_equal(found.gamma, [(1, 1, 1, 1), (0.5, 1, 1, 2)])
    np.testing.assert_array_equal(found.beta, np.zeros((2, 4)))
    net.params["1.gamma"][...] = 7
    assert found.gamma[0].max() == 1


@pytest.mark.parametrize("net", [deep_net("relu", 2, 4), deep_net("relu", 2, 4, norm=nn.BatchNorm)])
def test_a_net_without_known_batch_norms_is_refused(net):
    with pytest.raises(ValueError, match="batch norm"):
        learned_scales(net)


def test_every_unit_is_inside_and_the_tallest_bar_of_a_layer_stands_where_most_units_are():
    picture = LearnedScalePicture(learned_scales(net_of([(1, 1, 1, 1), (0.5, 0.5, 0.5, 2)])))
    picture.draw()
    gamma, beta = picture.figure.axes[:2]
    assert gamma.get_xlim()[0] < 0 < 2 < gamma.get_xlim()[1]
    assert np.ptp(gamma.get_xlim()) == pytest.approx(np.ptp(beta.get_xlim()))
    first, second = gamma.containers
    heights = np.array([-bar.get_height() for bar in second])
    tallest = second[int(heights.argmax())]
    assert tallest.get_x() <= 0.5 <= tallest.get_x() + tallest.get_width()
    assert heights.sum() == pytest.approx(heights.max() * 4 / 3)
    starts = [bar for bar in beta.containers[1] if bar.get_x() <= 0 < bar.get_x() + bar.get_width()]
    assert [bar.get_height() for bar in starts] == [pytest.approx(-0.85)]  # all four β are 0
    assert first[0].get_y() == pytest.approx(1.4)
    assert second[0].get_y() == pytest.approx(2.4)
