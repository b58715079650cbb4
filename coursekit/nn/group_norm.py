"""Group normalization (Wu & He 2018)."""

from typing import Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer
from coursekit.nn.standardize import standardize, standardize_backward


class GroupNorm(Block):
    r"""Give every group of channels of every sample mean 0 and variance 1; scale and shift each channel.

    .. math:: \hat x = \frac{x - \mu_{ig}}{\sqrt{v_{ig} + \varepsilon}}, \quad y = \gamma_c \hat x + \beta_c

    μ_ig and v_ig are the mean and the biased variance of the sample i over the pixels of the C / groups
    neighbouring channels of the group g. No batch-mate plays a part: batches may be as small as 1, and
    training and prediction are the same.

    Parameters
    ----------
    groups : int
        Number of groups; it has to divide the number of channels C. With 1 the statistics are those of
        layer normalization; with C they are each channel's own (instance normalization).
    eps : float
        ε, added to the variance inside the root.

    Notes
    -----
    x is (N, C) or (N, C, H, W). gamma (1 at first) and beta (0 at first) have the shape (C,) and are
    made at the first forward. Source: Wu & He 2018, section 3.1, eq. 7. A group of one number becomes β.
    """

    learns = True

    def __init__(self, groups: int, eps: float = 1e-5):
        super().__init__()
        self.groups = checks.positive_int("groups", groups)
        self.eps = checks.finite("eps", eps, low=0)
        self._kept: tuple[np.ndarray, np.ndarray] | None = None

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> Self:
        """Draw nothing; put γ back to 1 and β to 0."""
        super().initialize(scheme, rng)
        for name, array in self.params.items():
            array[...] = 1 if name == "gamma" else 0
        return self

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return y, the shape of x. Both modes are the same.

        Raises
        ------
        ValueError
            If x has fewer than two axes, a number of channels that `groups` does not divide, or
            another number of channels than before.
        """
        x = checks.float_array("x", x)
        if x.ndim < 2:
            raise ValueError(f"GroupNorm needs x as (N, C) or (N, C, H, W); its shape is {x.shape}.")
        channels = x.shape[1]
        if channels % self.groups:
            raise ValueError(
                f"{channels} channels do not fall into {self.groups} equal groups: choose a number of "
                f"groups that divides {channels}."
            )
        if self.params and len(self.params["gamma"]) != channels:
            known = len(self.params["gamma"])
            raise ValueError(f"this GroupNorm has {known} channels; x has {channels} ({x.shape}).")
        if not self.params:
            self.params = {"gamma": np.ones(channels, x.dtype), "beta": np.zeros(channels, x.dtype)}
        x_hat, inv_std, _, _ = standardize(self._grouped(x), 2, self.eps)
        x_hat = x_hat.reshape(x.shape)
        self._kept = x_hat, inv_std
        return self._per_channel("gamma", x) * x_hat + self._per_channel("beta", x)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill grads["gamma"] and grads["beta"], each (C,); return dC/dx, the shape of x."""
        x_hat, inv_std = checks.after_forward(self, self._kept)
        dy = checks.same_shape("dy", dy, x_hat.shape)
        others = (0, *range(2, dy.ndim))
        self.grads = {"gamma": (dy * x_hat).sum(axis=others), "beta": dy.sum(axis=others)}
        dx_hat = dy * self._per_channel("gamma", dy)
        dx = standardize_backward(self._grouped(dx_hat), self._grouped(x_hat), inv_std, 2)
        return dx.reshape(dy.shape)

    def _grouped(self, x):
        """View x as (N, groups, entries of a group): the channels of a group are neighbours."""
        return x.reshape(len(x), self.groups, -1)

    def _per_channel(self, name, x):
        return self.params[name].astype(x.dtype, copy=False).reshape(-1, *[1] * (x.ndim - 2))

    def __repr__(self) -> str:
        return f"GroupNorm({self.groups}, eps={self.eps:g})"
