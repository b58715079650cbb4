"""What is known of a stack before and after its first forward: counted by hand, and against the nets."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.experiments.builder import KINDS, build_stack, diagnose_built

CNN = "conv relu max_pool conv relu max_pool flatten dense relu logits"


def test_before_the_first_forward_sizes_are_unknown():
    built = build_stack("dense relu logits", 32, forward=False)
    assert [layer.params for layer in built.layers] == [
        (("0.W", (None, 32)), ("0.b", (32,))), (), (("2.W", (None, 10)), ("2.b", (10,))),
    ]  # fmt: skip
    assert [layer.count for layer in built.layers] == [None, 0, None]
    assert built.total is None
    assert {layer.state for layer in built.layers} == {"waiting"}
    assert "2 of them wait" in diagnose_built(built)
    assert "the sizes of 42 numbers" in diagnose_built(built)


def test_after_it_they_are_those_of_a_net_made_by_hand():
    built = build_stack("dense relu logits", 32)
    net = nn.Sequential(nn.Dense(32), nn.ReLU(), nn.Dense(10))
    net.initialize("he_normal", np.random.default_rng(0)).forward(np.ones((1, 784), np.float32))
    shapes = {name: shape for layer in built.layers for name, shape in layer.params}
    assert shapes == {name: array.shape for name, array in net.params.items()}
    assert built.total == 784 * 32 + 32 + 32 * 10 + 10 == sum(a.size for a in net.params.values())
    assert [layer.out for layer in built.layers] == [(32,), (32,), (10,)]


def test_a_cnn_counted_by_hand():
    built = build_stack(CNN, 6, entry="images")
    assert [layer.out for layer in built.layers][:3] == [(6, 28, 28), (6, 28, 28), (6, 14, 14)]
    assert [layer.count for layer in built.layers] == [
        6 * 9 + 6, 0, 0, 6 * 6 * 9 + 6, 0, 0, 0, 6 * 49 * 6 + 6, 0, 70,
    ]  # fmt: skip


def test_a_shared_layer_is_counted_once():
    built = build_stack("dense relu dense relu shared relu logits", 8)
    assert built.layers[4].params == ()
    assert built.total == 784 * 8 + 8 + 8 * 8 + 8 + 80 + 10
    assert "counted once" in diagnose_built(built)


def test_a_residual_block_names_its_body():
    built = build_stack("dense residual logits", 8)
    assert built.layers[1].params == (("1.body.0.W", (8, 8)), ("1.body.0.b", (8,)))
    assert built.layers[1].name == "Residual(8)"


@pytest.mark.parametrize(
    ("stack", "entry", "said"),
    [
        ("dense logits", "images", "Layer 0, Dense(32), takes rows (N, K) and gets (N, 1, 28, 28)"),
        ("flatten conv", "images", "Layer 1, Conv2D(32, 3), takes maps (N, C, H, W) and gets (N, 784)"),
        ("max_pool", "rows", "Layer 0, MaxPool2D(2), takes maps"),
        ("residual logits", "rows", "adds f(x), which is (N, 32), to x, which is (N, 784)"),
        ("residual logits", "images", "put a Flatten before it"),
        ("shared dense", "rows", "Layer 0, Shared(Dense), has nothing to share"),
        ("dense shared", "rows", "whose W is (784, 32) and gets (N, 32)"),
        ("max_pool " * 5, "images", "looks at 2 × 2 pixels and gets maps of 1 × 1"),
    ],
)
def test_a_stack_that_cannot_run_is_explained(stack, entry, said):
    built = build_stack(stack, 32, entry=entry)
    assert said in built.fault
    assert said in diagnose_built(built)
    states = [layer.state for layer in built.layers]
    refused = states.index("refused")
    assert states == ["ran"] * refused + ["refused"] + ["not reached"] * (len(states) - refused - 1)
    if stack != "shared dense":
        assert not build_stack(stack, 32, entry=entry, forward=False).fault


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        ("dense logits", "Layers 0 and 1 are two products with nothing between"),
        ("dense relu", "(N, 32) comes out; ten classes need (N, 10)"),
        ("logits relu", "no score can be below 0"),
        ("relu logits", "100 % of them in layer 1"),
        ("relu dropout", "nothing to learn"),
    ],
)
def test_what_is_odd_is_said(stack, said):
    assert said in diagnose_built(build_stack(stack, 32))


def test_every_kind_can_be_declared_and_stands_somewhere():
    for kind in KINDS:
        assert build_stack(f"dense {kind}", 32, forward=False).layers[1].kind == kind
    built = build_stack("dense batch_norm dropout relu logits", 32)
    assert not built.fault
    assert built.layers[1].params == (("1.gamma", (32,)), ("1.beta", (32,)))


def test_the_mark_stays_on_the_stack():
    assert build_stack("dense relu logits", 4, at=9).at == 2
    assert build_stack("dense relu logits", 4, at=1).at == 1


@pytest.mark.parametrize("wrong", ["", "dense " * 11, "dense softmax"])
def test_wrong_stacks_are_refused(wrong):
    with pytest.raises(ValueError, match=r"a stack has 1 to 10|a layer must be one of"):
        build_stack(wrong, 32)
