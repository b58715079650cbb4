"""Batch normalization (Ioffe & Szegedy 2015)."""

from typing import Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer
from coursekit.nn.standardize import standardize, wide_scale


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
    start_var : float
        Where the running variance starts; the running mean starts at 0. Most libraries take 1. With 0
        both statistics are too small by the same factor 1 - momentum^t after t batches of one kind.

    Notes
    -----
    gamma, beta, mean and var have the shape (K,), and are made at the first forward: γ = 1, β = 0.

    A batch whose mean or variance is not finite leaves that feature's running statistics as they are: one
    broken batch would otherwise stay in them for ever.

    A training batch with a single entry per feature (n = 1), as the last one of an epoch may be, has v = 0:
    every output is β, whatever x was, and dC/dx is 0. PyTorch refuses such a batch; here it goes through,
    to be looked at, and leaves the running statistics as they are: of one entry there is no spread.

    Backward in training, sums over the n entries that share a statistic:
    :math:`\partial C/\partial x = \frac{\gamma}{n\sqrt{v+\varepsilon}}
    (n\,\delta - \sum\delta - \hat x \sum \delta\hat x)` with :math:`\delta = \partial C/\partial y`.
    """

    learns = True

    def __init__(self, momentum: float = 0.9, eps: float = 1e-5, axis: int = 1, start_var: float = 1.0):
        super().__init__()
        self.momentum = checks.finite("momentum", momentum, low=0, high=1)
        self.eps = checks.finite("eps", eps, low=0)
        self.axis = checks.whole("axis", axis)
        self.start_var = checks.finite("start_var", start_var, low=0)
        self._kept: tuple[np.ndarray, np.ndarray, bool] | None = None

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> Self:
        """Draw nothing; if there are parameters and running statistics already, start them afresh."""
        super().initialize(scheme, rng)
        start = {"gamma": 1, "beta": 0, "mean": 0, "var": self.start_var}
        for name, array in (self.params | self.buffers).items():
            array[...] = start[name]
        return self

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return y, the shape of x: with the batch's statistics in training, else the running ones.

        Raises
        ------
        ValueError
            If x has no such axis, or another number of features than before.
        """
        x, training = checks.float_array("x", x), checks.flag("training", training)
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
            self.buffers = {
                "mean": np.zeros(features, x.dtype),
                "var": np.full(features, self.start_var, x.dtype),
            }

        n, along = self._layout(x)
        if training:
            centred, mean, var = self._statistics(x, n, along)
            if n > 1:
                self._update_running(mean, var)
        else:
            mean, var = (self.buffers[k].astype(x.dtype, copy=False) for k in ("mean", "var"))
            centred = x - mean.reshape(along)
        inv_std = 1 / np.sqrt(var + x.dtype.type(self.eps))
        if training and not np.isfinite(var).all():
            centred, inv_std = self._wide(x, along, centred, inv_std, var)
        self._kept = centred, inv_std, training
        gamma, beta = (self.params[k].astype(x.dtype, copy=False) for k in ("gamma", "beta"))
        y = centred * (gamma * inv_std).reshape(along)  # γ x̂ in one pass: x̂ itself is never stored
        y += beta.reshape(along)
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill grads["gamma"] and grads["beta"], each (K,); return dC/dx, the shape of x."""
        centred, inv_std, training = checks.after_forward(self, self._kept)
        dy = checks.same_shape("dy", dy, centred.shape)
        n, along = self._layout(dy)
        sum_dy = self._sum(dy)
        sum_dy_x_hat = self._sum(dy, centred) * inv_std
        self.grads = {"gamma": sum_dy_x_hat, "beta": sum_dy}
        scale = (self.params["gamma"] * inv_std).astype(dy.dtype, copy=False).reshape(along)
        if not training:
            return scale * dy
        # scale (δ - (Σδ + x̂ Σδx̂) / n), term by term into one array
        dx = centred * (inv_std * sum_dy_x_hat / -n).reshape(along)
        dx += dy
        dx -= (sum_dy / n).reshape(along)
        dx *= scale
        return dx

    def _statistics(self, x, n, along):
        """Return x − μ, μ and v; v is inf where it exceeds what the dtype can hold."""
        with np.errstate(over="ignore", invalid="ignore"):
            mean = self._sum(x) / n
            centred = x - mean.reshape(along)
            var = self._sum(centred, centred) / n
            if (np.square(mean) > var + self.eps).any():
                # Far from 0 the mean is rounded by more than x may vary: take off what is left of it.
                left = self._sum(centred) / n
                centred -= left.reshape(along)
                mean, var = mean + left, self._sum(centred, centred) / n
        return centred, mean, var

    def _wide(self, x, along, centred, inv_std, var):
        """Return x − μ and 1/√(v + ε) where the variance overflowed, from x divided by its largest."""
        axes = tuple(i for i in range(x.ndim) if i != self.axis % x.ndim)
        scale = wide_scale(x, axes, var.reshape(along))
        if (scale == 1).all():
            return centred, inv_std
        _, wide_inv_std, mean, _ = standardize(x, axes, self.eps)
        wide = scale != 1
        inv_std = np.where(wide, wide_inv_std, inv_std.reshape(along)).ravel()
        return np.where(wide, x - mean, centred), inv_std

    def _layout(self, x):
        """Return how many entries share a statistic, and the shape that lines one up with x."""
        along = [1] * x.ndim
        along[self.axis] = x.shape[self.axis]
        return x.size // x.shape[self.axis], along

    def _sum(self, *factors):
        """Sum the product of arrays over all axes but the features', without storing the product."""
        axes = list(range(factors[0].ndim))
        operands = [part for factor in factors for part in (factor, axes)]
        return np.einsum(*operands, [axes[self.axis]])

    def _update_running(self, mean, var):
        usable = np.isfinite(mean) & np.isfinite(var)
        for name, batch in (("mean", mean), ("var", var)):
            running = self.buffers[name]
            moved = self.momentum * running + (1 - self.momentum) * batch
            np.copyto(running, moved, where=usable, casting="same_kind")

    def __repr__(self) -> str:
        start = "" if self.start_var == 1 else f", start_var={self.start_var:g}"
        return f"BatchNorm(momentum={self.momentum:g}, eps={self.eps:g}, axis={self.axis}{start})"
