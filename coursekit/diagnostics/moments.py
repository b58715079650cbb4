"""Mean and standard deviation, safe from 1e-38 to 1e38."""

import numpy as np

from coursekit.nn import checks


def mean_and_std(values: np.ndarray) -> tuple[float, float]:
    """Return the mean and the standard deviation of all entries (divided by n).

    float32 squares underflow below 1e-19 and overflow above 1e19, which deep nets reach easily; there
    the sums are done again in float64. Entries that are not finite give (nan, nan).
    """
    return moments(checks.float_array("values", values).reshape(-1, 1))[:2]


def spread_between_samples(values: np.ndarray) -> float:
    """Return how far samples lie apart: √ of the mean over units of the variance over samples.

    The spread of all entries also counts differences between units, which are there even if every
    sample gives the same numbers. Only what differs between samples can tell them apart.

    Parameters
    ----------
    values : ndarray, shape (N, ...)
        N samples; K units, or the C · H · W pixels of feature maps.
    """
    return moments(values)[2]


def moments(values: np.ndarray) -> tuple[float, float, float]:
    """Return mean and standard deviation of all entries, and the spread between samples, in one go.

    The variance of all entries is the mean variance of a unit over the samples, plus the variance of the
    units' means (the law of total variance), so the distances from those means tell both. The means
    themselves are rounded; what that adds to the distances is taken off again (the corrected two-pass
    algorithm of Chan, Golub & LeVeque 1983), since samples may differ by less than that rounding. Where it
    is much of what there is, all is done again in float64.

    Parameters
    ----------
    values : ndarray, shape (N, ...)
        N samples; K units, or the C · H · W pixels of feature maps. Entries that are not finite give three
        nan.
    """
    values = checks.float_array("values", values)
    if values.ndim < 2:
        raise ValueError(f"values must have 2 axes or more, samples first; their shape is {values.shape}.")
    values = values.reshape(len(values), -1)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        unit_means = values.mean(axis=0)
        distances = values - unit_means
        rounding = distances.mean(axis=0)
        mean_square = np.vdot(distances, distances) / distances.size
        taken_off = np.square(rounding).mean()
        between = max(mean_square - taken_off, 0)
        variance = between + unit_means.var()
        safe = between > 1e-25 and variance < 1e25 and taken_off < 1e-3 * mean_square
        if not safe and values.dtype == np.float32:
            return moments(values.astype(np.float64))
    if not np.isfinite(variance):
        return np.nan, np.nan, np.nan
    return float(unit_means.mean()), float(np.sqrt(variance)), float(np.sqrt(between))
