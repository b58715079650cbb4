"""Batch normalization (Ioffe & Szegedy 2015)."""

import numbers

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer


class BatchNorm(Block):
    r"""Give every feature mean β and standard deviation γ over the mini-batch.

    .. math:: \hat x = \frac{x - \mu}{\sqrt{v + \varepsilon}}, \qquad y = \gamma \hat x + \beta

    In training μ and v are the batch's own mean and biased variance (divided by n, not n - 1), and
    the running statistics move by ``running = momentum * running + (1 - momentum) * batch``: here a
    momentum of 0.9 weights the old value by 0.9, as in Keras and Paddle (in PyTorch the same rule is
    called 0.1). In prediction μ and v are the running statistics, so that an output does not depend
    on its batch-mates.

    Parameters
    ----------
    momentum : float
        Weight of the old running value, 0 to 1.
    eps : float
        ε, added to the variance inside the root.
    axis : int
        The axis of the features; the statistics run over all others. 1 suits (N, K) and (N, C, H, W).

    Notes
    -----
    gamma, beta, mean and var have the shape (K,), and are made at the first forward: γ = 1, β = 0,
    running mean 0, running variance 1.

    Backward in training, sums over the n entries that share a statistic:
    :math:`\partial C/\partial x = \frac{\gamma}{n\sqrt{v+\varepsilon}}
    (n\,\delta - \sum\delta - \hat x \sum \delta\hat x)` with :math:`\delta = \partial C/\partial y`.
    """

    def __init__(self, momentum: float = 0.9, eps: float = 1e-5, axis: int = 1):
        super().__init__()
        self.momentum = checks.finite("momentum", momentum, low=0, high=1)
        self.eps = checks.finite("eps", eps, low=0)
        if isinstance(axis, bool) or not isinstance(axis, numbers.Integral):
            raise TypeError(f"axis must be a whole number; got {axis!r}.")
        self.axis = int(axis)
        self._kept = None

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> "BatchNorm":
        """Draw nothing; if there are parameters and running statistics already, start them afresh."""
        super().initialize(scheme, rng)
        for name, array in (self.params | self.buffers).items():
            array[...] = 1 if name in ("gamma", "var") else 0
        return self

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return y, the shape of x: with the batch's statistics in training, else the running ones.

        Raises
        ------
        ValueError
            If x has no such axis, or another number of features than before.
        """
        x = checks.float_array("x", x)
        if not -x.ndim <= self.axis < x.ndim or x.ndim < 2:
            raise ValueError(
                f"BatchNorm(axis={self.axis}) needs x with two axes or more, axis {self.axis} among them; "
                f"its shape is {x.shape}."
            )
        features = x.shape[self.axis]
        if self.params and len(self.params["gamma"]) != features:
            known = len(self.params["gamma"])
            raise ValueError(f"this BatchNorm has {known} features; x has {features} ({x.shape}).")
        if not self.params:
            self.params = {"gamma": np.ones(features, x.dtype), "beta": np.zeros(features, x.dtype)}
            self.buffers = {"mean": np.zeros(features, x.dtype), "var": np.ones(features, x.dtype)}

        others, along = self._layout(x)
        if training:
            mean = x.mean(axis=others)
            centred = x - mean.reshape(along)
            var = np.square(centred).mean(axis=others)
            self._update_running(mean, var)
        else:
            mean, var = (self.buffers[k].astype(x.dtype, copy=False) for k in ("mean", "var"))
            centred = x - mean.reshape(along)
        inv_std = 1 / np.sqrt(var + x.dtype.type(self.eps))
        x_hat = centred * inv_std.reshape(along)
        self._kept = x_hat, inv_std, training
        gamma, beta = (self.params[k].astype(x.dtype, copy=False) for k in ("gamma", "beta"))
        return gamma.reshape(along) * x_hat + beta.reshape(along)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill grads["gamma"] and grads["beta"], each (K,); return dC/dx, the shape of x."""
        x_hat, inv_std, training = checks.after_forward(self, self._kept)
        dy = checks.same_shape("dy", dy, x_hat.shape)
        others, along = self._layout(dy)
        sum_dy = dy.sum(axis=others)
        sum_dy_x_hat = (dy * x_hat).sum(axis=others)
        self.grads = {"gamma": sum_dy_x_hat, "beta": sum_dy}
        scale = (self.params["gamma"] * inv_std).astype(dy.dtype, copy=False).reshape(along)
        if not training:
            return scale * dy
        n = dy.size // len(sum_dy)
        return scale * (dy - (sum_dy.reshape(along) + x_hat * sum_dy_x_hat.reshape(along)) / n)

    def _layout(self, x):
        """Return the axes that a statistic runs over, and the shape that lines it up with x."""
        feature_axis = self.axis % x.ndim
        others = tuple(i for i in range(x.ndim) if i != feature_axis)
        along = tuple(-1 if i == feature_axis else 1 for i in range(x.ndim))
        return others, along

    def _update_running(self, mean, var):
        for name, batch in (("mean", mean), ("var", var)):
            running = self.buffers[name]
            running *= self.momentum
            running += (1 - self.momentum) * batch

    def __repr__(self) -> str:
        return f"BatchNorm(momentum={self.momentum:g}, eps={self.eps:g}, axis={self.axis})"
