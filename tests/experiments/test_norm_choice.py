"""The four nets of lesson 09: what differs, how they are judged, and what is said of them."""

import numpy as np
import pytest

from coursekit import nn
from coursekit.datasets import fashion_mnist, fashion_split
from coursekit.experiments.norm_choice import (
    BATCH_SIZES,
    EDGES,
    NORMS,
    batch_noise,
    diagnose_norm_choice,
    error,
    norm_choice,
    norm_net,
    quick_net,
    shift,
    train_norm_net,
)

KINDS = {
    "no norm": None,
    "batch norm": nn.BatchNorm,
    "layer norm": nn.LayerNorm,
    "group norm": nn.GroupNorm,
}


@pytest.mark.parametrize("name", NORMS)
def test_nets_differ_in_their_norm_alone(name):
    kind = KINDS[name]
    norm = [] if kind is None else [kind]
    hidden = [nn.Dense, *norm, nn.ReLU]
    assert [type(layer) for layer in norm_net(name).layers] == [*hidden, *hidden, nn.Dense]
    assert [type(layer) for layer in norm_net(name, first=True).layers] == [
        *norm, *hidden, *hidden, nn.Dense
    ]  # fmt: skip


def test_groups_are_eight_units_wide():
    assert norm_net("group norm").layers[1].groups == 8


def test_an_unknown_norm_is_refused():
    with pytest.raises(ValueError, match="name must be one of 'no norm'"):
        norm_net("weight norm")


def test_the_rate_is_in_proportion_to_the_batch_size():
    split = fashion_split(64, 10)
    made = train_norm_net("no norm", split, 64, 0)  # one step on all 64: the order does not matter
    by_hand = norm_net("no norm").initialize("he_normal", np.random.default_rng(0))
    _, d = nn.softmax_cross_entropy(by_hand.forward(split.x_train, training=True), split.y_train)
    by_hand.backward(d)
    for name, value in by_hand.params.items():
        expected = value - 0.1 * 64 / 32 * by_hand.grads[name]
        np.testing.assert_allclose(made.params[name], expected, rtol=1e-4, atol=1e-6)


def test_a_shift_is_contrast_then_brightness_and_keeps_the_dtype():
    x = np.array([[1.0, -2.0]], dtype=np.float32)
    moved = shift(x, 0.5, 3.0)
    np.testing.assert_array_equal(moved, [[3.5, -5.5]])
    assert moved.dtype == np.float32
    np.testing.assert_array_equal(x, [[1.0, -2.0]])


def test_the_error_is_the_share_of_wrong_answers_in_predict_mode():
    split = fashion_split(1024, 1000)
    net = quick_net("batch norm", 32, 0)
    wrong = net.forward(split.x_test).argmax(axis=1) != split.y_test
    assert error(net, split.x_test, split.y_test) == pytest.approx(wrong.mean())


def test_without_a_shift_both_errors_agree_and_nothing_changes():
    result = norm_choice(32)
    np.testing.assert_array_equal(result.errors, result.shifted)
    assert result.names == tuple(NORMS)
    middle = len(EDGES) // 2 - 1
    assert EDGES[middle] < 0 < EDGES[middle + 1]
    np.testing.assert_array_equal(result.changes[:, middle], [1, 1])
    np.testing.assert_array_equal(result.noise, batch_noise(0))


def test_six_images_of_six_classes_as_they_are_and_brightened():
    split, raw = fashion_split(1024, 1000), fashion_mnist()
    plain, bright = norm_choice(32), norm_choice(32, 0.5)
    assert len(set(plain.truth)) == 6
    firsts = [raw.y_test[:1000].tolist().index(raw.class_names.index(name)) for name in plain.truth]
    assert firsts == sorted(firsts)
    np.testing.assert_allclose(plain.photos, raw.x_test[firsts, 0], atol=1e-6)
    # A brightness of one half is half a spread of the grey values, and white stays white.
    wanted = np.minimum(raw.x_test[firsts, 0] + 0.5 * raw.x_train[:1024].std(), 1)
    np.testing.assert_allclose(bright.photos, wanted, atol=1e-5)
    for result, x in ((plain, split.x_test[firsts]), (bright, split.x_test[firsts] + np.float32(0.5))):
        for name, said in zip(("batch norm", "layer norm"), result.said, strict=True):
            scores = quick_net(name, 32, 0).forward(x)
            assert said == tuple(raw.class_names[k] for k in scores.argmax(axis=1))


def test_changes_add_up_to_one_and_are_those_of_the_first_relu():
    split = fashion_split(1024, 1000)
    result = norm_choice(32, 0.5, 0.5)
    np.testing.assert_allclose(result.changes.sum(axis=1), 1)
    dense, norm, *_ = quick_net("batch norm", 32, 0).layers
    moved = (0.5 * split.x_test + 0.5).astype(np.float32)
    change = norm.forward(dense.forward(moved)) - norm.forward(dense.forward(split.x_test))
    inside = np.abs(change) < 3
    mean = (result.changes[0] * (EDGES[:-1] + EDGES[1:]) / 2).sum()
    assert mean == pytest.approx(np.clip(change, -3, 3).mean(), abs=0.02)
    assert inside.mean() > 0.9


def test_a_norm_of_the_image_itself_removes_the_shift_if_it_is_the_images_own():
    result = norm_choice(32, 0.5, 0.5, first=True)
    batch, layer = result.changes
    assert layer.max() > 0.999
    assert batch.max() < 0.5
    names = list(result.names)
    assert result.shifted[names.index("batch norm")] > result.errors[names.index("batch norm")] + 0.1
    for name in ("layer norm", "group norm"):
        at = names.index(name)
        assert abs(result.shifted[at] - result.errors[at]) <= 0.01


def test_the_sentence_has_the_numbers():
    result = norm_choice(2)
    text = diagnose_norm_choice(result)
    assert text.startswith("Batches of 2: a batch's mean is off by 0.")
    assert f"batch norm {100 * result.errors[1]:.0f} %" in text
    assert "shifted" not in text
    result = norm_choice(32, brightness=1.0)
    text = diagnose_norm_choice(result)
    assert f"layer norm {100 * result.shifted[2]:.0f} %" in text.split("On shifted images")[1]
    assert f"fresh statistics {100 * result.refreshed:.0f} %" in text


def test_every_batch_size_has_its_noise():
    np.testing.assert_allclose(batch_noise(3), np.array(BATCH_SIZES) ** -0.5, rtol=0.1)
