r"""Learning rates that change as training goes on: functions from the step, counted from 0, to η.

Give one to an optimizer in place of a number: ``SGD(cosine(0.1, steps=1000))``. Any function of one whole
number does; a constant rate is a plain number.
"""

import math
from collections.abc import Callable

from coursekit.nn import checks

Schedule = Callable[[int], float]


def exponential_decay(rate: float, factor: float, every: int = 1) -> Schedule:
    r"""Return :math:`\eta_t = \eta_0 f^{t/T}`: smoothly smaller, by the factor f in each T steps.

    Parameters
    ----------
    rate : float
        η₀, the rate of step 0.
    factor : float
        f, above 0 and at most 1.
    every : int
        T, in steps.

    Raises
    ------
    TypeError, ValueError
        If a number is of another kind, or outside its range.
    """
    rate, factor, every = _rate(rate), _factor(factor), checks.positive_int("every", every)
    return lambda step: rate * factor ** (step / every)


def step_decay(rate: float, factor: float, every: int) -> Schedule:
    r"""Return :math:`\eta_t = \eta_0 f^{\lfloor t/T \rfloor}`: constant, then a drop each T steps.

    Parameters and errors are those of `exponential_decay`.
    """
    rate, factor, every = _rate(rate), _factor(factor), checks.positive_int("every", every)
    return lambda step: rate * factor ** (step // every)


def cosine(rate: float, steps: int, final: float = 0.0) -> Schedule:
    r"""Return half a cosine wave from η₀ down to :math:`\eta_{end}` at step T, constant from there on.

    .. math:: \eta_t = \eta_{end} + \frac{\eta_0 - \eta_{end}}2
              \left(1 + \cos\frac{\pi \min(t, T)}T\right)

    Loshchilov & Hutter, "SGDR", 2017, equation 5, without its restarts.

    Parameters
    ----------
    rate, final : float
        η₀ and the rate at the end.
    steps : int
        T, the steps of the whole descent.

    Raises
    ------
    TypeError, ValueError
        If a number is of another kind, or negative.
    """
    rate, final = _rate(rate), checks.finite("final", final, low=0)
    steps = checks.positive_int("steps", steps)
    return lambda step: final + (rate - final) / 2 * (1 + math.cos(math.pi * min(step, steps) / steps))


def _rate(value):
    return checks.finite("rate", value, low=0)


def _factor(value):
    checks.finite("factor", value, low=0, high=1)
    return checks.positive("factor", value, "the rate would be 0 from the first drop on")
