"""Curvature, smoothness and shift: on bowls whose Hessian is known, and by brute force on a small net."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.diagnostics.curvature import WeightSpace, _lanczos, curvature
from coursekit.diagnostics.smoothness import FACTORS, layer_shift, smoothness
from coursekit.nets.deep import deep_net

RNG = np.random.default_rng


def small(norm=None, seed=0):
    rng = RNG(seed)
    x, labels = rng.standard_normal((30, 4)), rng.integers(0, 3, 30)
    net = deep_net("tanh", 2, 3, norm=norm, classes=3).initialize("xavier_uniform", rng)
    net.forward(x)
    return net, x, labels


def hessian(net, x, labels):
    """All second derivatives, by differences of gradients along each single weight."""
    space = WeightSpace(net, x, labels)
    n, h = space.theta.size, 1e-5
    rows = []
    for e in np.eye(n):
        ahead, behind = (space.gradient(space.theta + s * e)[1] for s in (h, -h))
        rows.append((ahead - behind) / (2 * h))
    return np.array(rows)


@pytest.mark.parametrize("norm", [None, nn.BatchNorm])
def test_it_is_that_of_the_whole_hessian(norm):
    net, x, labels = small(norm)
    H = hessian(net, x, labels)
    np.testing.assert_allclose(H, H.T, atol=1e-6)
    found = curvature(net, x, labels, products=len(H))
    loss, g = WeightSpace(net, x, labels).gradient(WeightSpace(net, x, labels).theta)
    assert found.loss == pytest.approx(loss)
    assert found.gradient == pytest.approx(np.sqrt((g**2).sum()))
    assert found.along_gradient == pytest.approx(g @ H @ g / (g @ g), rel=1e-4)
    assert found.top == pytest.approx(np.linalg.eigvalsh(H)[-1], rel=1e-4)
    assert curvature(net, x, labels).top == pytest.approx(found.top, rel=0.02)


@pytest.mark.parametrize("layer", [1, 2])
def test_of_one_layer_it_is_that_of_its_block_of_the_hessian(layer):
    net, x, labels = small()
    space = WeightSpace(net, x, labels)
    part = space.parts[layer - 1]
    columns = [space.bend(unit)[part] for unit in np.eye(len(space.theta))[part]]
    block = np.stack(columns, axis=1)
    g = space.gradient(space.theta)[1][part]
    found = curvature(net, x, labels, products=20, layer=layer)
    assert found.top == pytest.approx(np.linalg.eigvalsh((block + block.T) / 2)[-1], rel=1e-4)
    assert found.gradient == pytest.approx(np.linalg.norm(g))
    assert found.along_gradient == pytest.approx(g @ block @ g / (g @ g), rel=1e-4)


@pytest.mark.parametrize("layer", [0, 9])
def test_a_layer_that_is_not_there_is_refused(layer):
    net, x, labels = small()
    with pytest.raises(ValueError, match="layer"):
        curvature(net, x, labels, layer=layer)


def test_nets_inside_a_net_count():
    net, x, labels = small(nn.BatchNorm)
    nested = nn.Sequential(nn.Sequential(*net.layers[:3]), nn.Sequential(*net.layers[3:]))
    assert curvature(nested, x, labels) == curvature(net, x, labels)


def test_lanczos_on_a_known_matrix():
    rng = RNG(1)
    Q, _ = np.linalg.qr(rng.standard_normal((40, 40)))
    H = Q @ np.diag(np.r_[-9.0, np.linspace(-1, 2, 38), 7.0]) @ Q.T
    start = np.ones(40) / np.sqrt(40)
    along, top = _lanczos(lambda v: H @ v, start, 20)
    assert along == pytest.approx(start @ H @ start)
    assert top == pytest.approx(7, rel=1e-6)


def test_lanczos_stops_when_there_is_nothing_left():
    H = np.diag([3.0, 1.0, 0.0])
    along, top = _lanczos(lambda v: H @ v, np.array([1.0, 0, 0]), 12)
    assert (along, top) == (3, 3)
    # Started between two eigenvectors it finds both and stops.
    assert _lanczos(lambda v: H @ v, np.array([0.6, 0.8, 0]), 12)[1] == pytest.approx(3)


def test_weights_twice_as_large_bend_a_quarter_behind_batch_norm():
    """Scale invariance: C(cθ) = C(θ), so H(cθ) = H(θ) / c². Only the logits' layer has no norm above it."""
    net, x, labels = small(lambda: nn.BatchNorm(eps=0))
    space = WeightSpace(net, x, labels)
    part = space.parts[0]
    loss, g = space.gradient(space.theta)
    doubled = space.theta.copy()
    doubled[part] *= 2
    loss2, g2 = space.gradient(doubled)
    assert loss2 == pytest.approx(loss)
    np.testing.assert_allclose(g2[part], g[part] / 2, rtol=1e-8)
    assert abs(g[part] @ space.theta[part]) < 1e-12  # no slope along the weights themselves


def test_weight_space_is_the_nets_dense_weights_and_leaves_the_net_alone():
    net, x, labels = small(nn.BatchNorm)
    before = {name: array.copy() for name, array in {**net.params, **net.buffers}.items()}
    space = WeightSpace(net, x, labels)
    assert space.theta.size == 4 * 3 + 3 * 3 + 3 * 3
    assert [p.stop - p.start for p in space.parts] == [12, 9, 9]
    np.testing.assert_allclose(space.theta[space.parts[1]].reshape(3, 3), net.params["3.W"])
    space.gradient(space.theta + 1)
    curvature(net, x, labels)
    smoothness(net, x, labels, 0.1)
    layer_shift(net, x, labels, 0.1)
    for name, array in {**net.params, **net.buffers}.items():
        np.testing.assert_array_equal(array, before[name])


def test_a_net_without_gradient_has_no_direction():
    net, x, _ = small()
    for array in net.params.values():
        array[...] = 0
    bend = curvature(net, x, np.arange(30) % 3)
    assert bend.gradient == pytest.approx(0, abs=1e-12)


def test_smoothness_by_its_definition():
    net, x, labels = small(seed=2)
    space = WeightSpace(net, x, labels)
    loss, g = space.gradient(space.theta)
    points = [space.gradient(space.theta - f * 0.5 * g) for f in FACTORS]
    losses = [loss, *(p[0] for p in points)]
    changes = [np.linalg.norm(p[1] - g) for p in points]
    found = smoothness(net, x, labels, 0.5)
    assert found.loss_range == pytest.approx(max(losses) - min(losses))
    assert found.gradient_change == pytest.approx(max(changes) / np.linalg.norm(g))
    lengths = [f * 0.5 * np.linalg.norm(g) for f in FACTORS]
    assert found.beta == pytest.approx(max(c / s for c, s in zip(changes, lengths, strict=True)))


def test_smoothness_survives_steps_that_diverge():
    net, x, labels = small()
    found = smoothness(net, x, labels, 1e300)
    assert found.loss_range > 1


def test_the_first_layer_has_no_shift_and_the_second_that_of_one_layer_moved():
    net, x, labels = small(seed=3)
    shift = layer_shift(net, x, labels, 0.7)
    assert shift.difference[0] == 0
    assert shift.cosine[0] == pytest.approx(1)
    space = WeightSpace(net, x, labels)
    _, g = space.gradient(space.theta)
    moved = space.theta.copy()
    moved[:12] -= 0.7 * g[:12]  # the first layer alone
    _, after = space.gradient(moved)
    assert shift.difference[1] == pytest.approx(
        np.linalg.norm(after[12:21] - g[12:21]) / np.linalg.norm(g[12:21])
    )
    assert shift.distance[1] == pytest.approx(np.linalg.norm(after[12:21] - g[12:21]))
    assert np.isnan(shift.per_length[0])
    assert shift.per_length[1] == pytest.approx(shift.difference[1] / (0.7 * np.linalg.norm(g[:12])))
    assert (shift.difference[1:] > 0).all()
    assert layer_shift(net, x, labels, 0.0).difference.max() == 0
