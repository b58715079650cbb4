"""The fully connected layer."""

from typing import Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer, Plan, get


class Dense(Block):
    r"""Every output sees every input: :math:`y = x W + b`.

    Parameters
    ----------
    units : int
        Number of outputs, n_out.
    in_units : int, optional
        Number of inputs, n_in. Left out, it is read off the first batch.
    bias : bool
        Whether b is there. It starts at zero.

    Notes
    -----
    Shapes: x (N, n_in), W (n_in, n_out), b (n_out,), y (N, n_out).

    Backward, with :math:`\delta = \partial C / \partial y` of shape (N, n_out):
    :math:`\partial C/\partial W = x^T \delta`, :math:`\partial C/\partial b = \sum_i \delta_i`,
    :math:`\partial C/\partial x = \delta W^T`.
    """

    learns = True

    def __init__(self, units: int, in_units: int | None = None, bias: bool = True):
        super().__init__()
        self.units = checks.positive_int("units", units)
        self.in_units = None if in_units is None else checks.positive_int("in_units", in_units)
        self.bias = checks.flag("bias", bias)
        self._plan: tuple[Initializer, np.random.Generator] | None = (
            None  # (initializer, rng) waiting for n_in
        )
        self._x: np.ndarray | None = None

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> Self:
        """Draw W by `scheme` and set b to zero: now if n_in is known, else at the first forward."""
        self._plan = get(scheme), checks.generator(rng)
        if self.in_units is not None:
            self._build(self._plan, self.in_units, np.float32)
        return self

    def _build(self, plan: Plan, n_in: int, dtype: np.dtype | type) -> None:
        scheme, rng = plan
        self.params["W"] = scheme((n_in, self.units), rng, dtype)
        if self.bias:
            self.params["b"] = np.zeros(self.units, dtype)
        self.in_units, self._plan = n_in, None

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return x W + b, shape (N, n_out), for x of shape (N, n_in). Both modes are the same.

        Raises
        ------
        ValueError
            If x is not (N, n_in).
        RuntimeError
            If `initialize` has not been called.
        """
        x = checks.float_array("x", x, ndim=2)
        if self.in_units not in (None, x.shape[1]):
            raise ValueError(f"this Dense layer takes {self.in_units} inputs; x has {x.shape[1]} columns.")
        if not self.params:
            if self._plan is None:
                raise RuntimeError("this Dense layer has no weights: call initialize(scheme, rng).")
            self._build(self._plan, x.shape[1], x.dtype)
        self._x = x
        y = x @ self.params["W"].astype(x.dtype, copy=False)
        if self.bias:
            y += self.params["b"]
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Fill grads["W"] (and "b") from dC/dy of shape (N, n_out); return dC/dx, (N, n_in)."""
        dy = self._fill_grads(dy)
        return dy @ self.params["W"].astype(dy.dtype, copy=False).T

    def fill_grads(self, dy: np.ndarray) -> None:
        """Fill grads alone: for a first layer, whose dC/dx nobody needs."""
        if self._has_own_backward(Dense):
            super().fill_grads(dy)
        else:
            self._fill_grads(dy)

    def _fill_grads(self, dy):
        x = checks.after_forward(self, self._x)
        dy = checks.same_shape("dy", dy, (len(x), self.units))
        self.grads["W"] = x.T @ dy
        if self.bias:
            self.grads["b"] = dy.sum(axis=0)
        return dy

    def __repr__(self) -> str:
        n_in = "?" if self.in_units is None else self.in_units
        return f"Dense({n_in} -> {self.units})"
