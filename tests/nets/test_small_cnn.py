"""The small CNN: its sizes by hand, its gradients, and which sizes of images it takes."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.nets import GlobalAverage, small_cnn


def test_parameters_by_hand():
    net = small_cnn().initialize("he_normal", np.random.default_rng(0))
    assert net.forward(np.zeros((2, 1, 28, 28), np.float32)).shape == (2, 10)
    # 16 · 9 + 16, 32 · 16 · 9 + 32, 32 · 7 · 7 · 10 + 10.
    assert sum(p.size for p in net.params.values()) == 160 + 4640 + 15690 == 20490


def test_the_average_by_hand():
    x = np.arange(12.0).reshape(1, 2, 2, 3)
    layer = GlobalAverage()
    np.testing.assert_allclose(layer.forward(x), [[2.5, 8.5]])
    np.testing.assert_allclose(layer.backward(np.array([[6.0, 12.0]]))[0, :, 0, 0], [1, 2])


@pytest.mark.parametrize("any_size", [False, True])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_gradients(any_size, batch_norm):
    rng = np.random.default_rng(0)
    net = small_cnn((2, 3), batch_norm=batch_norm, any_size=any_size, classes=3).initialize(
        "he_normal", rng
    )
    x, upstream = rng.standard_normal((2, 1, 8, 8)), rng.standard_normal((2, 3))
    net.forward(x)  # builds float64 weights
    dx = net.forward(x, training=True) * 0
    dx = net.backward(upstream)
    step, at = 1e-6, (1, 0, 3, 4)
    values = []
    for sign in (1, -1):
        moved = x.copy()
        moved[at] += sign * step
        values.append((net.forward(moved, training=True) * upstream).sum())
    assert dx[at] == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-4, abs=1e-7)


def test_any_size_or_one():
    net = small_cnn((2, 3), any_size=True).initialize("he_normal", np.random.default_rng(0))
    for side in (8, 12, 31):
        assert net.forward(np.zeros((1, 1, side, side + 1))).shape == (1, 10)
    net = small_cnn((2, 3)).initialize("he_normal", np.random.default_rng(0))
    net.forward(np.zeros((1, 1, 28, 28)))
    with pytest.raises(ValueError, match="Dense"):
        net.forward(np.zeros((1, 1, 32, 32)))


def test_what_does_not_fit_is_refused():
    with pytest.raises(TypeError, match="any_size"):
        small_cnn(any_size=1)
    with pytest.raises((TypeError, ValueError)):
        small_cnn((0, 3))
    with pytest.raises(ValueError, match="x"):
        GlobalAverage().forward(np.zeros((2, 3)))
    assert isinstance(small_cnn().layers[-2], nn.Flatten)
