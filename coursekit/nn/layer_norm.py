"""Layer normalization (Ba, Kiros & Hinton 2016)."""

from typing import Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer
from coursekit.nn.standardize import standardize, standardize_backward


class LayerNorm(Block):
    r"""Give every sample mean 0 and variance 1 over all its own features, then scale and shift each.

    .. math:: \hat x_i = \frac{x_i - \mu_i}{\sqrt{v_i + \varepsilon}}, \qquad y_i = \gamma \hat x_i + \beta

    μ_i and v_i (divided by the number of features) belong to the sample i alone. So batch-mates play
    no part, there are no running statistics, and training and prediction are the same.

    Parameters
    ----------
    eps : float
        ε, added to the variance inside the root.

    Notes
    -----
    x is (N, K), or (N, C, H, W), or any (N, ...). gamma (1 at first) and beta (0 at first) have the
    shape of one sample, (K,) or (C, H, W), and are made at the first forward. Source: Ba et al. 2016,
    eq. 3; on images this is PyTorch's ``LayerNorm([C, H, W])``.
    """

    learns = True

    def __init__(self, eps: float = 1e-5):
        super().__init__()
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
            If x is not (N, ...), or its samples have another shape than before.
        """
        x = checks.float_array("x", x)
        if x.ndim < 2:
            raise ValueError(f"LayerNorm needs x with two axes or more, (N, K); its shape is {x.shape}.")
        shape = x.shape[1:]
        if self.params and self.params["gamma"].shape != shape:
            known = self.params["gamma"].shape
            raise ValueError(f"this LayerNorm takes samples of the shape {known}; those of x have {shape}.")
        if not self.params:
            self.params = {"gamma": np.ones(shape, x.dtype), "beta": np.zeros(shape, x.dtype)}
        x_hat, inv_std, _, _ = standardize(x, tuple(range(1, x.ndim)), self.eps)
        self._kept = x_hat, inv_std
        gamma, beta = (self.params[k].astype(x.dtype, copy=False) for k in ("gamma", "beta"))
        return gamma * x_hat + beta

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill grads["gamma"] and grads["beta"], the shape of a sample; return dC/dx, the shape of x."""
        x_hat, inv_std = checks.after_forward(self, self._kept)
        dy = checks.same_shape("dy", dy, x_hat.shape)
        self.grads = {"gamma": (dy * x_hat).sum(axis=0), "beta": dy.sum(axis=0)}
        dx_hat = dy * self.params["gamma"].astype(dy.dtype, copy=False)
        return standardize_backward(dx_hat, x_hat, inv_std, tuple(range(1, dy.ndim)))

    def __repr__(self) -> str:
        return f"LayerNorm(eps={self.eps:g})"
