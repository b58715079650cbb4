"""Receptive fields against gradients, the matrix against the layer, counts by hand."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.experiments.receptive_field import (
    as_matrix,
    diagnose_receptive_field,
    receptive_field,
    span_of_layers,
)


@pytest.mark.parametrize(
    "layers",
    [[(3, 1, 1)] * 4, [(3, 2, 1), (3, 1, 2)], [(5, 2, 1), (2, 2, 1), (3, 1, 1)], [(4, 3, 2), (2, 1, 3)]],
)
def test_the_span_is_where_the_gradient_reaches(layers):
    spans, _ = span_of_layers(layers)
    side = spans[-1] + 8
    net = nn.Sequential(
        *(nn.Conv2D(1, k, stride=s, dilation=d, in_channels=1, bias=False) for k, s, d in layers)
    )
    net.initialize(nn.initializers.constant(1.0), np.random.default_rng(0))
    y = net.forward(np.ones((1, 1, side, side)))
    dy = np.zeros_like(y)
    dy[..., 0, 0] = 1
    reached = np.flatnonzero(net.backward(dy)[0, 0].any(axis=0))
    assert reached.max() - reached.min() + 1 == spans[-1]


def test_known_spans():
    # Araujo, Norris and Sim 2019: two 3 × 3 layers see 5 × 5, three see 7 × 7.
    assert receptive_field(3).spans == (3, 5, 7)
    # 3, then pooled 4; then 4 + 2·2 = 8, pooled 8 + 2 = 10.
    assert receptive_field(2, pooled=True).spans == (4, 10)
    assert receptive_field(2, pooled=True).steps == (2, 4)
    assert receptive_field(2, dilation=2).spans == (5, 9)


@pytest.mark.parametrize(("size", "stride"), [(3, 1), (2, 2), (4, 1), (6, 3), (3, 3)])
def test_the_matrix_is_the_layer(size, stride):
    rng = np.random.default_rng(size)
    layer = nn.Conv2D(1, size, stride=stride, in_channels=1, bias=False).initialize("he_normal", rng)
    x = rng.standard_normal((1, 1, 6, 6)).astype(np.float32)
    weights = np.append(0, layer.params["W"].ravel())
    np.testing.assert_allclose(
        weights[as_matrix(size, stride)] @ x.ravel(), layer.forward(x).ravel(), atol=1e-5
    )


def test_counts_by_hand():
    r = receptive_field(1, 3, channels=16)
    outputs = 16 * 26 * 26
    assert r.outputs == outputs == 10816
    assert r.weights == (784 * outputs + outputs, 160)
    assert r.products == (784 * outputs, 9 * outputs)
    said = diagnose_receptive_field(r)
    assert "160 parameters" in said
    assert "multiplies 87 times as often" in said


def test_more_than_the_image_is_said():
    said = diagnose_receptive_field(receptive_field(8, 6))
    assert said.startswith("A unit behind 8 layers sees 41 × 41 pixels: more than the whole image.")
    assert "17 × 17 pixels: 37 % of the image." in diagnose_receptive_field(receptive_field(8))
    said = diagnose_receptive_field(receptive_field(8, 6, stride=3, dilation=3))
    assert "sees 49,201 × 49,201 pixels" in said
    said = diagnose_receptive_field(receptive_field(1))
    assert said.startswith("A unit behind the first layer sees 3 × 3 pixels: 1.1 % of the image.")
    said = diagnose_receptive_field(receptive_field(2, pooled=True))
    assert said.startswith(
        "A unit behind 2 layers and their pooling sees 10 × 10 pixels: 13 % of the image."
    )
    assert "the first layer and its pooling sees 4 × 4" in diagnose_receptive_field(
        receptive_field(1, pooled=True)
    )


@pytest.mark.parametrize(
    "wrong",
    [{"layers": 0}, {"layers": 9}, {"size": 7}, {"stride": 4}, {"dilation": 0}, {"channels": 65},
     {"pooled": 1}, {"layers": 1.5}],
)  # fmt: skip
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises((TypeError, ValueError), match=next(iter(wrong))):
        receptive_field(**{"layers": 2, **wrong})
