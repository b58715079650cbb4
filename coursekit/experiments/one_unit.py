"""How wide is a sum of n random products? The seed of every initialization rule."""

import math
from dataclasses import dataclass

import numpy as np

from coursekit.diagnostics.histogram import Histograms, count_in_bins
from coursekit.diagnostics.moments import mean_and_std
from coursekit.nn import checks
from coursekit.words import digits, percent

INPUTS, UNITS = 50, 80
LOW, HIGH, BINS = -4.08, 4.08, 51
OUTER = 1.02  # of the bins of tanh(s), as many: the last ones hold ±1
FLAT = 0.97  # beyond it a tanh counts as saturated


@dataclass(frozen=True)
class UnitReport:
    r"""Many draws of :math:`s = \sum_{j=1}^{n} x_j w_j` with x from N(0, 1) and w from N(0, σ²).

    Attributes
    ----------
    n_in : int
        n, the number of inputs of the unit.
    sigma : float
        σ.
    std : float
        Measured spread of s.
    predicted : float
        σ √n, since the variances of n independent products add up.
    histograms : Histograms
        Of s, one row.
    outputs : Histograms
        Of h = tanh(s) for the same sums, one row.
    saturated : float
        Share of them with |h| > 0.97, where tanh is flat.
    """

    n_in: int
    sigma: float
    std: float
    predicted: float
    histograms: Histograms
    outputs: Histograms
    saturated: float

    @property
    def outside(self) -> float:
        """Share of the sums that lie beyond the bins."""
        h = self.histograms
        return float((h.below + h.above)[0] / h.total[0])


def unit_report(n_in: int, sigma: float, rng: np.random.Generator) -> UnitReport:
    """Draw 50 inputs and 80 units of `n_in` weights each, and report the 4,000 sums.

    Raises
    ------
    TypeError, ValueError
        If n_in is no whole number of at least 1, or sigma negative or not finite.
    """
    n_in, sigma = checks.positive_int("n_in", n_in), checks.finite("sigma", sigma, low=0)
    checks.generator(rng)
    x = rng.standard_normal((INPUTS, n_in), dtype=np.float32)
    w = rng.standard_normal((n_in, UNITS), dtype=np.float32) * np.float32(sigma)
    s = x @ w
    h = np.tanh(s)
    return UnitReport(
        n_in=n_in,
        sigma=sigma,
        std=mean_and_std(s)[1],
        predicted=sigma * math.sqrt(n_in),
        histograms=_histogram(s, HIGH),
        outputs=_histogram(h, OUTER),
        saturated=float(np.mean(np.abs(h) > FLAT)),
    )


def _histogram(values, end):
    counts, below, above = count_in_bins(values, -end, end, BINS)
    edges = np.linspace(-end, end, BINS + 1)
    return Histograms(edges, counts[None], np.array([below]), np.array([above]))


def diagnose_unit(report: UnitReport) -> str:
    """Say how wide the sum is, and what a tanh would make of it."""
    inputs = "1 input" if report.n_in == 1 else f"{report.n_in} inputs"
    text = (
        f"A unit with {inputs} and σ = {report.sigma:.2g} has the spread {digits(report.std, 2)}; "
        f"the rule σ√n says {digits(report.predicted, 2)}."
    )
    if report.n_in <= 3:
        text += " So few terms make no bell yet."
    if report.predicted < 0.1:
        return f"{text} Too narrow: the next layer gets almost the same number every time."
    if report.predicted < 0.5:
        return (
            f"{text} Narrow: a tanh is nearly a straight line for such sums, and hands them on as they are."
        )
    if report.predicted > 2.5:
        return f"{text} Too wide: a tanh would saturate on {percent(report.saturated)} of these sums."
    return f"{text} A width that a tanh can work with."
