"""Each way to prepare features, against numbers by hand and what it promises of the training samples."""

import numpy as np
import pytest

from coursekit.datasets import (
    constant_features,
    fashion_split,
    fit_centring,
    fit_components,
    fit_min_max,
    fit_standardization,
    fit_whitening,
)

X = np.array([[1.0, 10.0], [3.0, 10.0], [5.0, 40.0]])
MIXED = np.random.default_rng(0).normal(0, 1, (200, 4)) @ np.random.default_rng(1).normal(0, 1, (4, 4)) + 3


def test_by_hand():
    # means 3 and 20; variances (4 + 0 + 4)/3 and (100 + 100 + 400)/3
    other = np.array([[4.0, 25.0]])
    np.testing.assert_allclose(fit_centring(X)(other), [[1, 5]])
    np.testing.assert_allclose(fit_standardization(X)(other), [[1 / (8 / 3) ** 0.5, 5 / 200**0.5]])
    np.testing.assert_allclose(
        fit_standardization(X, eps=1.0)(other), [[1 / ((8 / 3) ** 0.5 + 1), 5 / (200**0.5 + 1)]]
    )
    np.testing.assert_allclose(fit_min_max(X)(other), [[0.75, 0.5]])
    np.testing.assert_allclose(fit_min_max(X)(np.array([[9.0, 0.0]])), [[2, -1 / 3]])


def test_other_samples_get_the_training_statistics():
    for fit in (fit_centring, fit_standardization, fit_min_max, fit_components, fit_whitening):
        ready = fit(MIXED)
        np.testing.assert_allclose(ready(MIXED)[:5], ready(MIXED[:5]), atol=1e-12)


def test_components_by_hand():
    # Points on the line (1, 1)/√2, and a little across it.
    x = np.array([[2.0, 2.0], [-2.0, -2.0], [1.0, -1.0], [-1.0, 1.0]])
    found = fit_components(x)
    np.testing.assert_allclose(found.variances, [4, 1])
    np.testing.assert_allclose(np.abs(found.directions), np.full((2, 2), 0.5**0.5))
    np.testing.assert_allclose(np.abs(found(np.array([[3.0, 3.0]]))), [[18**0.5, 0]], atol=1e-12)
    np.testing.assert_allclose(found.back(found(x)), x)
    np.testing.assert_allclose(found.back(found(x)[:, :1])[2:], np.zeros((2, 2)), atol=1e-12)
    assert found.total == pytest.approx(5)
    moved = x + np.array([7.0, -3.0])
    shifted = fit_components(moved)
    np.testing.assert_allclose(shifted.back(shifted(moved)), moved)
    assert (found.directions[np.abs(found.directions).argmax(axis=0), [0, 1]] > 0).all()


def test_components_are_those_of_the_singular_values():
    _, values, rows = np.linalg.svd(MIXED - MIXED.mean(axis=0), full_matrices=False)
    found = fit_components(MIXED, 3)
    np.testing.assert_allclose(found.variances, values[:3] ** 2 / len(MIXED))
    np.testing.assert_allclose(np.abs(found.directions.T @ rows[:3].T), np.eye(3), atol=1e-8)


@pytest.mark.parametrize("zca", [False, True])
def test_whitened_samples_have_the_identity_for_covariance(zca):
    white = fit_whitening(MIXED, zca=zca)(MIXED)
    np.testing.assert_allclose(white.mean(axis=0), 0, atol=1e-10)
    np.testing.assert_allclose(white.T @ white / len(white), np.eye(4), atol=1e-10)
    if zca:  # each feature stays nearest to itself
        crossed = np.corrcoef(MIXED.T, white.T)[:4, 4:]
        assert (crossed.argmax(axis=1) == np.arange(4)).all()


def test_epsilon_holds_back_the_last_components():
    plain, held = fit_whitening(MIXED), fit_whitening(MIXED, eps=1.0)
    np.testing.assert_allclose(held.factors, 1 / np.sqrt(plain.components.variances + 1))
    assert fit_whitening(MIXED, 2)(MIXED).shape == (200, 2)


def test_a_constant_feature_in_each_way():
    x = np.column_stack([X, np.full(3, 7.0)])
    assert constant_features(x).tolist() == [False, False, True]
    other = np.array([[4.0, 25.0, 8.0]])
    assert np.isinf(fit_standardization(x)(other)[0, 2])
    assert fit_standardization(x, eps=0.5)(other)[0, 2] == 2
    assert fit_standardization(x, eps=1e-6, clip=5)(other)[0, 2] == 5
    assert fit_standardization(x, drop=True)(other).shape == (1, 2)
    assert fit_min_max(x)(x)[:, 2].tolist() == [0, 0, 0]


def test_rounding_hides_the_constant_pixels():
    data = fashion_split(500, 1000)
    assert constant_features(data.x_train).sum() == 6
    assert (data.x_train.std(axis=0) == 0).sum() == 0
    assert np.abs(fit_standardization(data.x_train)(data.x_test)).max() > 10_000
    assert np.abs(fit_standardization(data.x_train, eps=0.1)(data.x_test)).max() < 100
    assert fit_standardization(data.x_train, drop=True)(data.x_test).shape == (1000, 778)


def test_the_dtype_is_kept():
    for fit in (fit_centring, fit_standardization, fit_min_max, fit_components, fit_whitening):
        assert fit(X.astype(np.float32))(X.astype(np.float32)).dtype == np.float32


def test_it_refuses_in_a_sentence():
    cases = [
        (lambda: fit_centring(X[0]), "x"),
        (lambda: fit_centring(np.zeros((0, 2))), "x is empty"),
        (lambda: fit_min_max(np.array([[np.nan]])), "nan or infinite"),
        (lambda: fit_centring(X)(np.ones((2, 3))), "2 features; x has 3"),
        (lambda: fit_standardization(X, eps=-1.0), "eps"),
        (lambda: fit_standardization(X, clip=0.0), "clip must be above 0"),
        (lambda: fit_components(X, 3), "at most 2"),
        (lambda: fit_components(X, 1).back(X), "there are 1 components"),
        (lambda: fit_whitening(X, eps=-1.0), "eps"),
    ]
    for call, sentence in cases:
        with pytest.raises(ValueError, match=sentence):
            call()
    with pytest.raises(TypeError, match="drop"):
        fit_standardization(X, drop=1)
