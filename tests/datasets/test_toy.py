"""Toy data has the statistics it promises."""

import numpy as np
import pytest

from coursekit import datasets


def test_gaussian_has_the_promised_moments():
    x, y = datasets.gaussian(4_000, 50, np.random.default_rng(1), classes=4)
    assert x.shape == (4_000, 50)
    assert x.dtype == np.float32
    assert y.dtype == np.int64
    # 200,000 draws: standard errors 0.0022 of the mean, 0.0032 of the variance, 0.011 of the
    # fourth moment (3 for a Gaussian); five of them allowed.
    assert abs(x.mean(dtype=float)) < 0.012
    assert abs(x.var(dtype=float) - 1) < 0.016
    assert abs((x.astype(float) ** 4).mean() - 3) < 0.11
    assert np.abs(np.bincount(y, minlength=4) - 1_000).max() < 140
    assert abs(np.corrcoef(y, x[:, 0])[0, 1]) < 0.08


def test_gaussian_draws_from_rng_alone():
    one, same = (datasets.gaussian(5, 3, np.random.default_rng(2)) for _ in range(2))
    np.testing.assert_array_equal(one[0], same[0])
    np.testing.assert_array_equal(one[1], same[1])
    assert datasets.gaussian(1_000, 1, np.random.default_rng(2))[1].max() == 9


@pytest.mark.parametrize("name", ["n", "features", "classes"])
def test_gaussian_refuses(name):
    good = {"n": 4, "features": 3, "rng": np.random.default_rng(0), "classes": 2}
    for bad, error in ((0, ValueError), (-3, ValueError), (1.5, TypeError), (None, TypeError)):
        with pytest.raises(error, match=f"{name} must be .*1 or more; got {bad}"):
            datasets.gaussian(**good | {name: bad})
    with pytest.raises(TypeError, match="rng must be a numpy"):
        datasets.gaussian(**good | {"rng": 0})


def test_two_gaussians_has_the_moments_of_the_paper():
    x, targets = datasets.two_gaussians(100_000, np.random.default_rng(3))
    assert x.shape == (100_000, 2)
    assert targets.shape == (100_000,)
    assert x.dtype == targets.dtype == np.float32
    x = x.astype(float)
    for target, centre in ((1, (0.4, 0.8)), (-1, (-0.4, -0.8))):
        cloud = x[targets == target]
        assert len(cloud) == 50_000
        # Standard errors: 0.00085 of a mean, 0.00023 of a variance; five of them allowed.
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=0.0043)
        np.testing.assert_allclose(np.cov(cloud.T), np.diag([0.036, 0.036]), atol=0.0012)
    # The paper's section 5: eigenvalues 0.84 and 0.036, largest rate 2/0.84 = 2.38.
    small, large = np.linalg.eigvalsh(x.T @ x / len(x))
    assert small == pytest.approx(0.036, abs=0.0008)
    assert large == pytest.approx(0.836, abs=0.006)
    assert 2 / large == pytest.approx(2.39, abs=0.02)


def test_two_gaussians_mixes_its_classes_and_draws_from_rng_alone():
    one, same = (datasets.two_gaussians(101, np.random.default_rng(2)) for _ in range(2))
    np.testing.assert_array_equal(one[0], same[0])
    np.testing.assert_array_equal(one[1], same[1])
    assert one[1].sum() == 1, "the odd one belongs to class +1"
    assert abs(one[1][:50].sum()) < 25, "the classes come in turn, not one after the other"
    assert datasets.two_gaussians(1, np.random.default_rng(0))[1].tolist() == [1]


def test_two_gaussians_refuses():
    for bad, error in ((0, ValueError), (2.5, TypeError), (None, TypeError)):
        with pytest.raises(error, match=f"n must be .*1 or more; got {bad}"):
            datasets.two_gaussians(bad, np.random.default_rng(0))
    with pytest.raises(TypeError, match="rng must be a numpy"):
        datasets.two_gaussians(4, 0)
