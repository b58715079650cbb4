r"""Four optimizers: SGD, RMSProp, Adam, AdamW. The updates are those of PyTorch's classes of these names.

In the formulas p is a parameter, g its gradient, η the rate, λ the weight decay, t the step from 1 on;
squares, roots and quotients are taken entry by entry. The code writes each term into room that is kept.
"""

import math

import numpy as np

from coursekit.nn import checks
from coursekit.nn.optimizer import Optimizer
from coursekit.nn.schedules import Schedule


class SGD(Optimizer):
    r"""Gradient descent, on mini-batches "stochastic", with momentum (Polyak 1964) if asked for.

    .. math:: g' = g + \lambda p, \qquad v \leftarrow \mu v + g', \qquad p \leftarrow p - \eta v

    v starts at 0. Without momentum v is g', and the weight decay step p - η(g + λp) is the same as
    (1 - ηλ) p - ηg: for plain SGD weight decay and L2 are one thing.

    Parameters
    ----------
    rate : float or schedule
        η.
    momentum : float
        μ, from 0 to below 1.
    weight_decay : float
        λ, on all parameters.
    """

    def __init__(self, rate: float | Schedule, momentum: float = 0.0, weight_decay: float = 0.0):
        super().__init__(rate, weight_decay)
        self.momentum = checks.below_one("momentum", momentum)
        self.averages = 1 if self.momentum else 0

    def _update(self, parameter, gradient, rate, memory):
        change = self._with_l2(parameter, gradient)
        if self.momentum:
            (velocity,) = memory.averages
            velocity *= self.momentum
            velocity += change
            change = velocity
        parameter -= np.multiply(change, rate, out=self._scratch.like(parameter, "change"))


class RMSProp(Optimizer):
    r"""Divide each gradient by its own recent size (Hinton 2012, lecture 6e, who used a decay of 0.9).

    .. math:: v \leftarrow \rho v + (1 - \rho) g'^2, \qquad
              p \leftarrow p - \eta \frac{g'}{\sqrt v + \varepsilon}, \qquad g' = g + \lambda p

    Parameters
    ----------
    rate : float or schedule
        η.
    decay : float
        ρ, the weight of the old average, from 0 to below 1. 0.99 as in PyTorch.
    eps : float
        ε, outside the root.
    weight_decay : float
        λ, on all parameters, as L2 in the gradient.
    """

    averages = 1

    def __init__(
        self,
        rate: float | Schedule = 1e-2,
        decay: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ):
        super().__init__(rate, weight_decay)
        self.decay = checks.below_one("decay", decay)
        self.eps = checks.finite("eps", eps, low=0)

    def _update(self, parameter, gradient, rate, memory):
        (v,) = memory.averages
        g = self._with_l2(parameter, gradient)
        change = self._scratch.like(parameter, "change")
        move_average_of_squares(v, g, self.decay, change)
        np.sqrt(v, out=change)
        change += self.eps
        np.divide(g, change, out=change)
        change *= rate
        parameter -= change


class Adam(Optimizer):
    r"""Momentum over recent size, both freed of their start at zero (Kingma & Ba 2015, algorithm 1).

    .. math:: m \leftarrow \beta_1 m + (1 - \beta_1) g', \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g'^2
    .. math:: p \leftarrow p - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}

    Weight decay is L2 in the gradient, g' = g + λp; so it is divided by √v like the rest, and weights
    with large gradients decay less. `AdamW` keeps the two apart.

    Parameters
    ----------
    rate : float or schedule
        η.
    beta1, beta2 : float
        Weights of the old averages, from 0 to below 1.
    eps : float
        ε, outside the root.
    weight_decay : float
        λ, on all parameters.
    """

    averages = 2

    def __init__(
        self,
        rate: float | Schedule = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ):
        super().__init__(rate, weight_decay)
        self.beta1, self.beta2 = checks.below_one("beta1", beta1), checks.below_one("beta2", beta2)
        self.eps = checks.finite("eps", eps, low=0)

    def _update(self, parameter, gradient, rate, memory):
        self._adam(parameter, self._with_l2(parameter, gradient), rate, memory)

    def _adam(self, parameter, g, rate, memory):
        m, v = memory.averages
        change = self._scratch.like(parameter, "change")
        np.subtract(g, m, out=change)
        change *= 1 - self.beta1
        m += change  # m + (1 - β₁)(g - m) = β₁ m + (1 - β₁) g
        move_average_of_squares(v, g, self.beta2, change)
        np.sqrt(v, out=change)
        change /= math.sqrt(1 - self.beta2**memory.steps)
        change += self.eps
        np.divide(m, change, out=change)
        change *= rate / (1 - self.beta1**memory.steps)
        parameter -= change


class AdamW(Adam):
    r"""Adam with decoupled weight decay: first p ← (1 - ηλ) p, then Adam's step from g alone.

    Loshchilov & Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2, with η for their
    product of schedule and rate, as in PyTorch. Parameters are those of `Adam`; λ is 0.01.
    """

    def __init__(
        self,
        rate: float | Schedule = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ):
        super().__init__(rate, beta1, beta2, eps, weight_decay)

    def _update(self, parameter, gradient, rate, memory):
        parameter *= 1 - rate * self.weight_decay
        self._adam(parameter, gradient, rate, memory)


def move_average_of_squares(v: np.ndarray, g: np.ndarray, decay: float, room: np.ndarray) -> None:
    """Set v to decay * v + (1 - decay) * g², in place; `room` is overwritten."""
    v *= decay
    np.square(g, out=room)
    room *= 1 - decay
    v += room
