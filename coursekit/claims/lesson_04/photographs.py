"""Claims of lesson 04 on photographs: pixels that never change, leaks, components."""

import functools
from collections.abc import Callable

import numpy as np

from coursekit import datasets
from coursekit.claims.claim import claim

HERE = "measured here"
GREY = "500 of the 10,000 training photographs, drawn; grey values shifted and scaled alike, float32"


def drawn(seed: int, n: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """Return n training photographs and 1,000 test photographs, scaled alike by those n."""
    data = datasets.fashion_mnist().flat()
    x = data.x_train[np.random.default_rng(seed).choice(len(data.x_train), n, replace=False)]
    mean, std = x.mean(), x.std()
    return (x - mean) / std, (data.x_test[:1000] - mean) / std


@claim(
    says="With 500 training photographs some pixels never change.",
    verdict="holds",
    measured="pixels, of 784",
    band=(1, 30),
    setting=GREY,
    source=HERE,
)
def pixels_that_never_change(seed: int) -> float:
    return float(datasets.constant_features(drawn(seed)[0]).sum())


@claim(
    says="Of the pixels that never change in 500 photographs, shifted and scaled, std == 0 finds none.",
    verdict="holds",
    measured="pixels found",
    band=(0, 0),
    setting=GREY,
    source=HERE,
    carries=True,
)
def std_finds_none(seed: int) -> float:
    train = drawn(seed)[0]
    never = datasets.constant_features(train)
    return float((train.std(axis=0)[never] == 0).sum()) if never.any() else float("nan")


@claim(
    says="So a test photograph may have a pixel thousands of spreads away.",
    verdict="holds",
    measured="largest prepared value of 1,000 test photographs",
    band=(1000, 1e8),
    setting=GREY,
    source=HERE,
)
def thousands_of_spreads(seed: int) -> float:
    train, test = drawn(seed)
    return float(np.abs(datasets.fit_standardization(train)(test)).max())


@claim(
    says="With ε = 0.1 added to each spread none lies far away.",
    verdict="holds",
    measured="largest prepared value of 1,000 test photographs",
    band=(5, 100),
    setting=GREY,
    source=HERE,
)
def epsilon_mends_it(seed: int) -> float:
    train, test = drawn(seed)
    return float(np.abs(datasets.fit_standardization(train, eps=0.1)(test)).max())


def accuracy(
    ready: Callable, x: np.ndarray, labels: np.ndarray, new: np.ndarray, new_labels: np.ndarray
) -> float:
    """Return the test accuracy in percent of a linear classifier by least squares on prepared images."""
    a, b = (np.column_stack([ready(part), np.ones(len(part))]) for part in (x, new))
    wanted = np.eye(10)[labels] - 0.1
    weights = a.T @ np.linalg.solve(a @ a.T + 0.01 * len(a) * np.eye(len(a)), wanted)
    return float(100 * np.mean((b @ weights).argmax(axis=1) == new_labels))


@functools.lru_cache(maxsize=16)
def gains(seed: int, n: int, splits: int) -> np.ndarray:
    """Return by how many points accuracy rises, for each split, (splits, 2).

    In the first column 1,000 test images have a share in the statistics, in the second 1,000 others.
    """
    data, rng, rows = datasets.fashion_mnist().flat(), np.random.default_rng(seed), []
    for _ in range(splits):
        picked = rng.choice(len(data.x_train), n + 2000, replace=False)
        x, labels = data.x_train[picked], data.y_train[picked]
        train, test, others = x[:n], x[n:-1000], x[-1000:]
        alone, leaked, more = (
            accuracy(datasets.fit_standardization(seen, eps=0.01), train, labels[:n], test, labels[n:-1000])
            for seen in (train, x[:-1000], np.concatenate([train, others]))
        )
        rows.append((leaked - alone, more - alone))
    return np.array(rows)


LEAK = "1,000 test photographs, linear classifier by least squares with decay 0.01, ε = 0.01"
PITFALLS = "warnings against leaks, such as scikit-learn's “Common pitfalls and recommended practices”"


@claim(
    says="With 500 training photographs the same leak is worth a whole point.",
    verdict="not seen here",
    measured="accuracy with the leak less that without, in points, mean of 8 splits",
    band=(-0.3, 0.8),
    setting=f"500 training photographs, {LEAK}; over 120 splits the mean was 0.2",
    source=PITFALLS,
)
def leak_with_500(seed: int) -> float:
    return float(gains(seed, 500, 8)[:, 0].mean())


@claim(
    says="With 50 training photographs, statistics that have seen the test images raise the test accuracy.",
    verdict="holds",
    measured="accuracy with the leak less that without, in points, mean of 8 splits",
    band=(0.3, 4),
    setting=f"50 training photographs, {LEAK}",
    source=PITFALLS,
    carries=True,
)
def leak_with_50(seed: int) -> float:
    return float(gains(seed, 50, 8)[:, 0].mean())


@claim(
    says="As many other images raise it as much: it is more images that help.",
    verdict="holds",
    measured="what 1,000 others gain, as a share of what the test images gain, means of 8 splits",
    band=(0.5, 1.5),
    setting=f"50 training photographs, {LEAK}",
    source=PITFALLS,
    carries=True,
)
def leak_or_more_images(seed: int) -> float:
    found = gains(seed, 50, 8)
    return float(found[:, 1].mean() / found[:, 0].mean())


@claim(
    says="Whitening multiplies the noise of the last components.",
    verdict="holds",
    measured="factor of component 300, as a multiple of that of component 1",
    band=(30, 80),
    setting="1,000 training photographs, drawn",
    source=HERE,
)
def whitening_multiplies_noise(seed: int) -> float:
    rows = np.random.default_rng(seed).choice(10_000, 1000, replace=False)
    factors = datasets.fit_whitening(datasets.fashion_mnist().flat().x_train[rows], 300).factors
    return float(factors[-1] / factors[0])


@claim(
    says="Some two dozen of 784 components hold 80 % of the variance of clothes.",
    verdict="holds",
    measured="components needed",
    band=(18, 30),
    setting="2,000 training photographs, drawn",
    source=HERE,
)
def components_for_80_percent(seed: int) -> float:
    rows = np.random.default_rng(seed).choice(10_000, 2000, replace=False)
    found = datasets.fit_components(datasets.fashion_mnist().flat().x_train[rows])
    return float(np.searchsorted(np.cumsum(found.variances) / found.total, 0.8) + 1)
