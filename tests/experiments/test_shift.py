"""Moving by hand, feature maps that follow or do not, and nets that lose by it."""

import dataclasses

import numpy as np
import pytest

from coursekit.experiments.convolution import picture_of
from coursekit.experiments.shift import (
    NETS,
    SHIFTS,
    Shift,
    accuracies,
    diagnose_shift,
    shift_report,
    shifted,
    trained_nets,
)


def test_shifting_by_hand():
    np.testing.assert_array_equal(shifted(np.array([[1, 2, 3]]), 1), [[0, 1, 2]])
    np.testing.assert_array_equal(shifted(np.array([[1, 2, 3]]), 0), [[1, 2, 3]])


@pytest.mark.parametrize("image", ["boot", "shirt"])
def test_the_feature_map_follows_a_shift(image):
    for filter_number in range(8):
        s = shift_report(image, 3, filter_number)
        np.testing.assert_allclose(s.feature_map[1:-1, 5:-1], s.moved_map[1:-1, 5:-1], atol=1e-4)
        assert s.difference < 1e-5
        np.testing.assert_array_equal(s.image, shifted(picture_of(image).astype(np.float32), 3))


def test_the_map_is_that_of_the_chosen_filter():
    conv, s = trained_nets(False)[1].layers[0], shift_report("boot", 3, 5)
    # Away from the border one filter sees the image, or the image less its mean, alike but for a constant.
    seen, w = np.lib.stride_tricks.sliding_window_view(s.image, (3, 3)), conv.params["W"][5, 0]
    by_hand = np.tensordot(seen, w, 2)
    assert np.corrcoef(by_hand.ravel(), s.feature_map[1:-1, 1:-1].ravel())[0, 1] > 0.9999


def test_shuffled_it_does_not():
    s = shift_report("boot", 3, shuffled=True)
    assert s.difference > 0.1
    assert "is another one" in diagnose_shift(s)
    plain = shift_report("boot", 3)
    assert sorted(s.image.ravel()) == sorted(plain.image.ravel())
    assert "moved along" in diagnose_shift(plain)


def test_the_nets_lose_by_a_shift():
    shares = accuracies(False)
    assert shares.shape == (len(NETS), len(SHIFTS))
    assert (shares[:2, 0] > 0.7).all()
    assert (shares[:2, 8] < 0.4).all()
    np.testing.assert_array_equal(shift_report("shirt", 2).accuracies, shares)


def test_words():
    s = Shift(2, False, np.zeros((28, 28)), np.ones((28, 28)), np.ones((28, 28)), np.full((3, 9), 0.5))
    assert diagnose_shift(s).endswith(
        "MLP 50 %, CNN 50 %, CNN, averaged 50 %; lost by the shift: 0, 0, 0 points."
    )
    won = np.full((3, 9), 0.5)
    won[2, 2] = 0.6
    assert "lost by the shift: 0, 0, −10 points" in diagnose_shift(dataclasses.replace(s, accuracies=won))
    assert diagnose_shift(shift_report("boot", 0)).startswith("Not shifted.")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"image": "cat"}, "image"), ({"shift": 9}, "shift"), ({"shift": 1.0}, "shift"),
     ({"filter_number": -1}, "filter_number"), ({"shuffled": 2}, "shuffled")],
)  # fmt: skip
def test_what_does_not_fit_is_refused(wrong, words):
    with pytest.raises((TypeError, ValueError), match=words):
        shift_report(**{"image": "boot", "shift": 1, **wrong})
