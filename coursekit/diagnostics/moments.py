"""Mean and standard deviation, safe from 1e-38 to 1e38."""

import numpy as np

from coursekit.nn import checks


def mean_and_std(values: np.ndarray) -> tuple[float, float]:
    """Return the mean and the standard deviation of all entries (divided by n).

    float32 squares underflow below 1e-19 and overflow above 1e19, which deep nets reach easily; there
    the sums are done again in float64. Entries that are not finite give (nan, nan).
    """
    mean, std = _moments(checks.float_array("values", values).ravel())
    return float(mean), std


def spread_between_samples(values: np.ndarray) -> float:
    """Return how far samples lie apart: √ of the mean over units of the variance over samples.

    The spread of all entries also counts differences between units, which are there even if every
    sample gives the same numbers. Only what differs between samples can tell them apart.

    Parameters
    ----------
    values : ndarray, shape (N, K)
        N samples, K units.
    """
    return _moments(checks.float_array("values", values, ndim=2))[1]


def _moments(values):
    """Return the mean over the first axis, and the root of the mean squared distance from it."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        mean = values.mean(axis=0)
        centred = (values - mean).ravel()
        variance = np.dot(centred, centred) / centred.size
        if not 1e-25 < variance < 1e25 and values.dtype == np.float32:
            return _moments(values.astype(np.float64))
    if not np.isfinite(variance):
        return np.nan, np.nan
    return mean, float(np.sqrt(variance))
