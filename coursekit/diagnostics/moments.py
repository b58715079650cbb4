"""Mean and standard deviation, safe from 1e-38 to 1e38."""

import numpy as np

from coursekit.nn import checks


def mean_and_std(values: np.ndarray) -> tuple[float, float]:
    """Return the mean and the standard deviation of all entries (divided by n).

    float32 squares underflow below 1e-19 and overflow above 1e19, which deep nets reach easily; there
    the sums are done again in float64. Entries that are not finite give (nan, nan).
    """
    values = checks.float_array("values", values).ravel()
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        mean = values.mean()
        centred = values - mean
        variance = np.dot(centred, centred) / len(centred)
        if not 1e-25 < variance < 1e25 and values.dtype == np.float32:
            return mean_and_std(values.astype(np.float64))
    if not np.isfinite(variance):
        return np.nan, np.nan
    return float(mean), float(np.sqrt(variance))
