"""Rebuilt photographs, against the singular value decomposition and its own promises."""

import numpy as np
import pytest

from coursekit.datasets import fashion_mnist
from coursekit.experiments.components import (
    SHOWN,
    clothes_components,
    components_report,
    diagnose_components,
)


def test_the_rebuilt_image_is_the_nearest_of_all_sums_of_k_components():
    report = components_report(7, 3, 0.0)
    np.testing.assert_array_equal(report.photograph.ravel(), fashion_mnist().flat().x_test[3])
    x = fashion_mnist().flat().x_train[:2000].astype(float)
    rows = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2][:7]
    away = report.photograph.ravel() - x.mean(axis=0)
    least = np.linalg.lstsq(rows.T, away, rcond=None)[0] @ rows + x.mean(axis=0)
    np.testing.assert_allclose(report.rebuilt.ravel(), least, atol=2e-4)


def test_more_components_come_closer():
    reports = [components_report(k, 5, 0.0) for k in (1, 10, 100, 500)]
    off, kept = [r.off for r in reports], [r.kept for r in reports]
    assert off == sorted(off, reverse=True)
    assert kept == sorted(kept)
    assert kept[0] == pytest.approx(clothes_components().variances[0] / clothes_components().total)
    assert off[-1] < 0.05 < off[0]


def test_noise_is_the_same_along_each_component_and_is_multiplied():
    report = components_report(20, 0, 0.1)
    noise = np.random.default_rng(1).normal(0, 0.1, (3000, 784)).astype(np.float32)
    along = noise @ clothes_components().directions
    np.testing.assert_allclose(along.std(axis=0) / report.spreads, report.noise_after, rtol=0.06)
    assert report.noise_after[-1] > 50 * report.noise_after[0]


def test_the_pictures_are_components():
    report = components_report(20, 0)
    for place, number in enumerate(SHOWN):
        expected = clothes_components().directions[:, number]
        np.testing.assert_array_equal(report.pictures[place].ravel(), expected)
    assert (report.photograph != components_report(20, 0, 0.0).photograph).any()


def test_the_sentence():
    report = components_report(20, 0)
    said = diagnose_components(report)
    assert f"20 of 784 components: {100 * report.kept:.0f} % of" in said
    assert f"component 20 by {report.factors[19]:.2g}: there noise of 0.05 becomes" in said
    alone = diagnose_components(components_report(1, 0))
    assert alone.startswith("The mean image and the first of 784 components: ")
    assert f"multiplies component 1 by {report.factors[0]:.2g}: there noise" in alone
    assert diagnose_components(components_report(20, 0, 0.0)).endswith("component 20 by 1.8.")


def test_it_refuses():
    for bad, sentence in [
        ((0, 0), "k"),
        ((501, 0), "at most 500"),
        ((1, 40), "0 to 39"),
        ((1, -1), "image"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            components_report(*bad)
    with pytest.raises(ValueError, match="noise"):
        components_report(1, 0, -0.1)
