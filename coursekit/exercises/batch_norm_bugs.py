"""The ways to get a batch normalization wrong, each with its name, and all their combinations."""

from collections.abc import Iterable, Iterator

import numpy as np

WAYS = (
    (lambda c, v, v1, eps: c / np.sqrt(v + eps), ""),
    (
        lambda c, v, v1, eps: c / np.sqrt(v1 + eps),
        "your variance divides by n - 1; here it divides by n.",
    ),
    (
        lambda c, v, v1, eps: c / (np.sqrt(v) + eps),
        "ε is added outside the root, to the standard deviation: it belongs to the variance, √(v + ε).",
    ),
    (lambda c, v, v1, eps: c / np.sqrt(v) + eps, "ε is added to the quotient: it belongs under the root."),
    (lambda c, v, v1, eps: c / np.sqrt(v), "ε is missing (or not the one handed in): divide by √(v + ε)."),
    (lambda c, v, v1, eps: c / (v + eps), "you divide by the variance: take the root, √(v + ε)."),
    (lambda c, v, v1, eps: c * np.sqrt(v + eps), "you multiply by √(v + ε): divide by it."),
    (
        lambda c, v, v1, eps: c / v,
        "you divide by the variance, and ε is missing: take the root, √(v + ε).",
    ),
    (
        lambda c, v, v1, eps: c / np.sqrt(np.sqrt(v) + eps),
        "you take the root twice: √(v + ε), with the variance v, not its root.",
    ),
    (lambda c, v, v1, eps: c, "you only subtract the mean: divide by √(v + ε) too."),
)

AFFINE = (
    (lambda x_hat, gamma, beta: gamma * x_hat + beta, ""),
    (lambda x_hat, gamma, beta: x_hat, "γ and β are forgotten: y = γ x̂ + β."),
    (lambda x_hat, gamma, beta: gamma * x_hat, "β is forgotten: y = γ x̂ + β."),
    (lambda x_hat, gamma, beta: x_hat + beta, "γ is forgotten: y = γ x̂ + β."),
    (lambda x_hat, gamma, beta: gamma * (x_hat + beta), "β is scaled too: y = γ x̂ + β, not γ (x̂ + β)."),
    (lambda x_hat, gamma, beta: beta * x_hat + gamma, "γ and β are swapped: γ scales, β shifts."),
)


def bugs(
    statistics: Iterable[tuple], x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float
) -> Iterator[tuple[np.ndarray, str]]:
    """Yield every (wrong y, message): wrong statistics × wrong formula × wrong scale and shift.

    `statistics` gives (mean, variance, variance with n - 1, message); the first one has no message and is
    right, as are the first way and the first scale and shift.
    """
    for affine, message in AFFINE:
        yield affine(x, gamma, beta), " Also, ".join(filter(None, ("x is not normalized at all.", message)))
    with np.errstate(divide="ignore", invalid="ignore"):
        for affine, third in AFFINE:
            for way, second in WAYS:
                for mean, var, var1, first in statistics:
                    message = " Also, ".join(filter(None, (first, second, third)))
                    if message:
                        yield affine(way(x - mean, var, var1, eps), gamma, beta), message


def statistics_over(x: np.ndarray, axes: tuple[int, ...], message: str = "") -> tuple:
    """Return mean, variance and variance with n - 1 over `axes`, and the message."""
    n = np.prod([x.shape[i] for i in axes])
    var = x.var(axis=axes, keepdims=True)
    return x.mean(axis=axes, keepdims=True), var, var * n / max(n - 1, 1), message


def sums_over(x: np.ndarray, axes: tuple[int, ...]) -> tuple[tuple, ...]:
    """Return the statistics in which the variance, the mean, or both, are sums, not divided by N."""
    mean, var, _, _ = statistics_over(x, axes)
    n = np.prod([x.shape[i] for i in axes])
    around_sum = np.square(x - n * mean).mean(axis=axes, keepdims=True)
    forgotten = "you do not divide {} by N, the number of values that share it."
    return (
        (mean, n * var, n * var, forgotten.format("the variance")),
        (n * mean, var, var, forgotten.format("the mean")),
        (n * mean, around_sum, around_sum, forgotten.format("the mean")),
        (n * mean, n * around_sum, n * around_sum, forgotten.format("mean and variance")),
    )
