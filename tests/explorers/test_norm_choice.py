"""The explorers of lesson 09 at settings whose outcome is known."""

import numpy as np
import pytest

from coursekit.explorers import NormChoiceExplorer, SequenceNormExplorer


def test_they_have_the_controls_of_the_curriculum():
    one, other = NormChoiceExplorer().controls, SequenceNormExplorer().controls
    assert [size for _, size in one["batch_size"].options] == [2, 4, 8, 16, 32, 64]
    assert set(one) == {"batch_size", "brightness", "contrast", "first", "seed"}
    assert set(other) == {"share_long", "batch_size", "step", "seed"}


@pytest.mark.parametrize("seed", range(5))
def test_it_opens_where_batch_norm_fails_and_the_others_do_not(seed):
    explorer = NormChoiceExplorer(seed=seed)
    assert explorer.result.batch_size == 2
    none, batch, layer, group = explorer.result.errors
    assert batch > 0.5
    assert max(none, layer, group) < 0.4
    explorer.set(batch_size=32)
    assert explorer.result.errors.max() < 0.4


def test_the_circles_stand_where_the_numbers_are():
    explorer = NormChoiceExplorer(batch_size=32, contrast=0.5, brightness=0.3)
    picture, result = explorer.picture, explorer.result
    for row in range(4):
        assert picture._plain[row].get_xdata() == [result.errors[row]]
        assert picture._shifted[row].get_xdata() == [result.shifted[row]]
        assert list(picture._bars[row].get_xdata()) == [result.errors[row], result.shifted[row]]
    assert picture._plain[4].get_xdata() == [result.errors[1]]
    assert picture._shifted[4].get_xdata() == [result.refreshed]
    np.testing.assert_array_equal(picture._noise.get_ydata(), result.noise)
    assert picture._here.get_xdata() == [32]
    assert picture._here.get_ydata() == [result.noise[4]]
    np.testing.assert_array_equal(picture._changes[0].get_data().values, result.changes[0])


def test_the_bars_are_the_sequences_and_the_marked_one_is_the_step():
    explorer = SequenceNormExplorer(step=6)
    picture, result = explorer.picture, explorer.result
    ends = [path.vertices[:, 0].max() - 0.5 for path in picture._bars.get_paths()]
    assert ends == result.example.tolist()
    colours = picture._bars.get_facecolor()
    assert [(colour == colours[0]).all() for colour in colours] == [end >= 6 for end in ends]
    assert picture._here.get_ydata() == [result.noise[5]]
    for line, errors in zip(picture._lines, result.errors, strict=True):
        y = np.asarray(line.get_ydata())
        np.testing.assert_array_equal(y[np.isfinite(y)], errors)


@pytest.mark.parametrize(("share", "words"), [(0.05, "one or none"), (1.0, "32.0 of 32")])
def test_the_diagnosis_of_a_known_case(share, words):
    step = 14 if share == 0.05 else 3
    assert words in SequenceNormExplorer(share_long=share, step=step).diagnosis
