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
    mean, var = (f(axis=p.axes, keepdims=True) for f in (p.x.mean, p.x.var))
    if near(y, p.scale * p.x - mean / np.sqrt(var + p.eps) + p.shift):
        return "Mind the brackets: x − μ comes first, γ (x − μ) / √(v + ε) + β."
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
    taken, due = (_taken_apart(p, one) for one in (mine, wanted))
    if taken and due:
        return _what_was_taken(p, taken, due)
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
        f"and the spread {s[place]:.3g}; they should have {_short(m0[place])} and "
        f"{s0[place]:.3g}. Look at {look}."
    )


def _taken_apart(p, x_hat):
    """Return what was subtracted from x and what divided it, one of each for those that share a statistic.

    None if x̂ is not made of x in that way.
    """
    c = p.x - p.x.mean(axis=p.axes, keepdims=True)
    total = (c * c).sum(axis=p.axes, keepdims=True)
    slope = (c * x_hat).sum(axis=p.axes, keepdims=True) / np.where(total, total, 1)
    offset = x_hat.mean(axis=p.axes, keepdims=True)
    if not slope.all() or not near(x_hat, offset + slope * c):
        return None
    return p.x.mean(axis=p.axes, keepdims=True) - offset / slope, 1 / slope


def _what_was_taken(p, taken, due):
    """Say what was subtracted and what divided, beside what should be."""
    said = []
    for mine, right, does, what in zip(
        taken, due, ("subtract", "divide by"), ("μ", "√(v + ε)"), strict=True
    ):
        if near(mine, right):
            continue
        place = np.unravel_index(np.abs(mine - right).argmax(), right.shape)
        last = right.size > 1 and near(mine, np.full_like(mine, right.ravel()[-1]))
        why = " (that of the last, for all: a variable keeps its last value)" if last else ""
        why = why or _not_counted(p, mine, right)
        said.append(f"you {does} {mine[place]:.3g} where {what} is {right[place]:.3g}{why}")
    right_one = "; the mean is right" if near(taken[0], due[0]) else ""
    right_one = right_one or ("; what divides is right" if near(taken[1], due[1]) else "")
    return f"With γ and β taken off, {', and '.join(said)}{right_one}."


def _not_counted(p, mine, right):
    """Say so if a mean is off by the number of values, or by the length of an axis that was summed over."""
    n = int(np.prod([p.x.shape[axis] for axis in p.axes]))
    if n > 1 and near(n * mine, right):
        return f" (it is divided by the {n} values once too often)"
    for axis in p.axes if len(p.axes) > 1 else ():
        if p.x.shape[axis] > 1 and near(mine, right * p.x.shape[axis]):
            return f" ({p.x.shape[axis]} times that: axis {axis} is summed over and not counted)"
    return ""


def _short(value):
    """Return a mean in words; what rounding leaves of 0 is 0."""
    return f"{value:.3g}" if abs(value) > 1e-9 else "0"


def _factor(mine, wanted):
    """Return by what one array is the other's multiple, or None."""
    total = (wanted * wanted).sum()
    factor = (mine * wanted).sum() / total if total else 0.0
    return factor if abs(factor) > 1e-6 and near(mine, factor * wanted) else None
