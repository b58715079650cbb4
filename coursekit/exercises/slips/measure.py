"""What to say where no slip fits: what was measured, and where to look."""

import numpy as np

from coursekit.exercises.arrays import cut_short, partly
from coursekit.exercises.slips.search import near
from coursekit.exercises.slips.statistics import Problem


def measured(p: Problem, y: np.ndarray, right: np.ndarray) -> str:
    """Say how mean and spread of what the learner's formula makes of x lie beside those of the right one.

    Parameters
    ----------
    p : Problem
    y, right : ndarray, shape of p.x
        What came, and what should have come.
    """
    mine, wanted = ((one - p.shift) / p.scale for one in (y, right))
    names = (
        ("sample", "feature") if y.ndim == 2 else ("image", "channel", "row of pixels", "column of pixels")
    )
    seen = cut_short([y], [right])
    if not seen and near(np.sort(mine, axis=None), np.sort(wanted, axis=None)):
        seen = (
            "The numbers are right and lie in wrong places: look at reshapes and at the order of the axes."
        )
    seen = seen or partly(y, right, names)
    if seen:
        return seen
    factor = _factor(mine, wanted)
    if factor is not None:
        return f"Your x̂ is {factor:.3g} times what it should be everywhere: look at what divides x − μ."
    shift = (y - right).ravel()
    if near(shift, np.full_like(shift, shift[0])):
        return f"Your y is larger by {shift[0]:.3g} everywhere: look at what is added."
    (m, s), (m0, s0) = (
        (one.mean(axis=p.axes, keepdims=True), one.std(axis=p.axes, keepdims=True))
        for one in (mine, wanted)
    )
    place = np.unravel_index((np.abs(m - m0) + np.abs(s - s0)).argmax(), m.shape)
    look = "the mean that you subtract" if abs(m - m0)[place] > abs(s - s0)[place] else "what divides x − μ"
    if near(m, m0) and near(s, s0):
        return (
            "Mean and spread are right, so the numbers are in wrong places or bent: look at reshapes and "
            "at the order of the axes."
        )
    return (
        f"With γ and β taken off, the numbers that share that statistic have the mean {_short(m[place])} "
        f"and the spread {s[place]:.3g}; they should have {_short(m0[place])} and {s0[place]:.3g}. Look at "
        f"{look}."
    )


def _short(value):
    """Return a mean in words; what rounding leaves of 0 is 0."""
    return f"{value:.3g}" if abs(value) > 1e-9 else "0"


def _factor(mine, wanted):
    """Return by what one array is the other's multiple, or None."""
    total = (wanted * wanted).sum()
    factor = (mine * wanted).sum() / total if total else 0.0
    return factor if abs(factor) > 1e-6 and near(mine, factor * wanted) else None
