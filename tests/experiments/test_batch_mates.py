"""A shirt alone and among coats: the same pixels, and what the net says of them."""

import numpy as np
import pytest

from coursekit.experiments import batch_mates, shirt_among_coats


@pytest.fixture(scope="module")
def mates():
    return shirt_among_coats()


def test_the_same_shirt_is_judged_twice(mates):
    assert mates.alone.shape == (1, 784)
    assert mates.beside.shape == (100, 784)
    np.testing.assert_array_equal(mates.alone[0], mates.beside[0])
    assert (mates.said_alone, mates.said_beside) == ("Shirt", "Coat")
    assert 0 < mates.changed < mates.shirts


def test_with_each_row_s_own_mean_no_shirt_changes(monkeypatch):
    centring = batch_mates.Centring
    monkeypatch.setattr(batch_mates, "Centring", lambda of: centring("row"))
    mates = shirt_among_coats()
    assert mates.changed == 0
    assert mates.said_alone == mates.said_beside


def test_the_shirt_comes_first_in_the_picture(mates):
    shown = mates.pictured()
    assert shown.names == ("a shirt", *["a coat"] * 5)
    assert shown.labels is None
    assert (shown.images.min(), shown.images.max()) == (0, 1)
    np.testing.assert_allclose(np.corrcoef(shown.images[0].ravel(), mates.alone[0])[0, 1], 1, rtol=1e-5)


@pytest.mark.parametrize("seed", [-1, 1.5, None])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises((TypeError, ValueError), match="seed"):
        shirt_among_coats(seed)
