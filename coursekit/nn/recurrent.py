"""A simple recurrent layer for sequences of unequal length, with or without normalization."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block
from coursekit.nn.initializers import Initializer, get
from coursekit.nn.standardize import standardize, standardize_backward

NORMS = (None, "batch", "layer")


@dataclass(frozen=True)
class _Step:
    """What one time step keeps for the way back; n sequences have not ended yet."""

    alive: np.ndarray  # (n,) the rows of the batch that have such a step
    before: np.ndarray  # (n, units) h_{t-1}
    after: np.ndarray  # (n, units) h_t
    a_hat: np.ndarray | None  # (n, units) standardized pre-activations
    inv_std: np.ndarray | None


class SimpleRNN(Block):
    r"""Read a sequence step by step into a hidden state: :math:`h_t = \tanh(\mathrm{norm}(a_t))`.

    .. math:: a_t = x_t W_x + h_{t-1} W_h + b, \qquad h_0 = 0

    With a norm, :math:`\mathrm{norm}(a) = \gamma \hat a + \beta`. For "layer" the statistics are those of
    each sequence over its own units. For "batch" they are each unit's own over the sequences that have
    not ended before step t, and each step has running statistics of its own: late steps see few
    sequences, and a step that only one sequence reaches gives tanh(β).

    Parameters
    ----------
    units : int
        Size of the hidden state.
    norm : {None, "batch", "layer"}
        What to normalize over.
    momentum : float
        Weight of the old running value, 0 to 1, as in `BatchNorm`.
    eps : float
        ε, added to the variance inside the root.

    Notes
    -----
    Shapes: x (N, T, K), Wx (K, units), Wh (units, units), b, gamma, beta (units,), all steps sharing
    them; buffers "mean" and "var" (T, units). Both weights are drawn by the scheme of `initialize`.
    Sources: Elman 1990; layer normalization of a_t, Ba et al. 2016, section 3.1; statistics for each
    time step, Cooijmans et al. 2017, section 3 (who normalize the two products by themselves).
    """

    learns = True

    def __init__(self, units: int, norm: str | None = None, momentum: float = 0.9, eps: float = 1e-5):
        super().__init__()
        self.units = checks.positive_int("units", units)
        self.norm = checks.one_of("norm", norm, NORMS)
        self.momentum = checks.finite("momentum", momentum, low=0, high=1)
        self.eps = checks.finite("eps", eps, low=0)
        self.in_units: int | None = None
        self._plan: tuple[Initializer, np.random.Generator] | None = (
            None  # (initializer, rng) waiting for K
        )
        self._kept: tuple[np.ndarray, list[_Step], bool] | None = None

    def initialize(self, scheme: str | Initializer, rng: np.random.Generator) -> Self:
        """Draw Wx, then Wh, by `scheme`: now if K is known, else at the first forward."""
        self._plan = get(scheme), checks.generator(rng)
        self.buffers = {}
        if self.in_units is not None:
            self._build(self.in_units, np.float32)
        return self

    def _build(self, n_in, dtype):
        scheme, rng = self._plan
        self.params["Wx"] = scheme((n_in, self.units), rng, dtype)
        self.params["Wh"] = scheme((self.units, self.units), rng, dtype)
        self.params["b"] = np.zeros(self.units, dtype)
        if self.norm:
            self.params |= {"gamma": np.ones(self.units, dtype), "beta": np.zeros(self.units, dtype)}
        self.in_units, self._plan = n_in, None

    def forward(
        self, x: np.ndarray, *, training: bool = False, lengths: np.ndarray | None = None
    ) -> np.ndarray:
        """Return the last state of every sequence, (N, units), for x of shape (N, T, K).

        Parameters
        ----------
        x : ndarray, shape (N, T, K)
            Sequences, padded at the end to a common T; what stands in the padding is never read.
        training : bool
            Whether "batch" takes the batch's statistics, else the running ones.
        lengths : ndarray of int, shape (N,), optional
            Steps of each sequence, 1 to T; after its last step a state stays as it is. Default: all T.

        Raises
        ------
        TypeError, ValueError
            If shapes do not fit, a length is no whole number or outside 1 … T, or, for "batch", T is
            larger than the number of steps that have running statistics.
        RuntimeError
            If `initialize` has not been called.
        """
        x, training = checks.float_array("x", x, ndim=3), checks.flag("training", training)
        lengths = self._lengths(lengths, *x.shape[:2])
        self._make_ready(x)
        p = {name: array.astype(x.dtype, copy=False) for name, array in self.params.items()}
        h, steps = np.zeros((len(x), self.units), x.dtype), []
        for t in range(lengths.max()):
            alive = np.flatnonzero(lengths > t)
            before = h[alive]
            a = x[alive, t] @ p["Wx"] + before @ p["Wh"] + p["b"]
            a_hat, inv_std = self._normalize(a, t, training)
            h[alive] = after = np.tanh(a if self.norm is None else p["gamma"] * a_hat + p["beta"])
            steps.append(_Step(alive, before, after, a_hat, inv_std))
        self._kept = x, steps, training
        return h

    def _lengths(self, lengths, n, longest):
        if lengths is None:
            return np.full(n, longest)
        lengths = np.asarray(lengths)
        if lengths.dtype.kind not in "iu":
            raise TypeError(f"lengths must be whole numbers, steps; their dtype is {lengths.dtype}.")
        if lengths.shape != (n,):
            raise ValueError(f"lengths must have the shape ({n},), one a sequence; got {lengths.shape}.")
        if lengths.min() < 1 or lengths.max() > longest:
            raise ValueError(
                f"lengths must lie in 1 … {longest}, the steps of x; got {lengths.min()} … {lengths.max()}."
            )
        return lengths

    def _make_ready(self, x):
        """Refuse an x that does not fit; draw the weights if they were waiting for K."""
        _, longest, n_in = x.shape
        if self.in_units not in (None, n_in):
            raise ValueError(f"this SimpleRNN takes {self.in_units} inputs a step; x has {n_in}.")
        if not self.params and self._plan is None:
            raise RuntimeError("this SimpleRNN has no weights: call initialize(scheme, rng).")
        if self.buffers and longest > len(self.buffers["mean"]):
            raise ValueError(
                f"this SimpleRNN has running statistics for {len(self.buffers['mean'])} steps; x has "
                f"{longest}: pad the first batch to the longest T there will be."
            )
        if not self.params:
            self._build(n_in, x.dtype)
        if self.norm == "batch" and not self.buffers:
            shape = longest, self.units
            self.buffers = {"mean": np.zeros(shape, x.dtype), "var": np.ones(shape, x.dtype)}

    def _normalize(self, a, t, training):
        """Return the standardized pre-activations of step t and 1 / √(v + ε); None without a norm."""
        if self.norm is None:
            return None, None
        if self.norm == "layer":
            return standardize(a, 1, self.eps)[:2]
        mean, var = (self.buffers[name][t] for name in ("mean", "var"))  # views of row t
        if training:
            a_hat, inv_std, *batch = standardize(a, 0, self.eps)
            for running, now in zip((mean, var), batch, strict=True):
                running *= self.momentum
                running += (1 - self.momentum) * now[0]
            return a_hat, inv_std
        inv_std = 1 / np.sqrt(var.astype(a.dtype) + a.dtype.type(self.eps))
        return (a - mean.astype(a.dtype)) * inv_std, inv_std

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Go back through time from dC/dh of the last states, (N, units); fill grads, return dC/dx."""
        x, steps, training = checks.after_forward(self, self._kept)
        dy = checks.same_shape("dy", dy, (len(x), self.units))
        p = {name: array.astype(dy.dtype, copy=False) for name, array in self.params.items()}
        grads = {name: np.zeros_like(array) for name, array in p.items()}
        dx, dh = np.zeros(x.shape, dy.dtype), dy.copy()
        for t, step in reversed(list(enumerate(steps))):
            da = dh[step.alive] * (1 - step.after**2)
            if self.norm:
                grads["gamma"] += (da * step.a_hat).sum(axis=0)
                grads["beta"] += da.sum(axis=0)
                da = self._normalize_backward(da * p["gamma"], step, training)
            grads["Wx"] += x[step.alive, t].T @ da
            grads["Wh"] += step.before.T @ da
            grads["b"] += da.sum(axis=0)
            dx[step.alive, t] = da @ p["Wx"].T
            dh[step.alive] = da @ p["Wh"].T
        self.grads = grads
        return dx

    def _normalize_backward(self, da_hat, step, training):
        if self.norm == "batch" and not training:
            return da_hat * step.inv_std  # the running statistics are constants
        axis = 1 if self.norm == "layer" else 0
        return standardize_backward(da_hat, step.a_hat, step.inv_std, axis)

    def __repr__(self) -> str:
        n_in = "?" if self.in_units is None else self.in_units
        return f"SimpleRNN({n_in} -> {self.units}, norm={self.norm!r})"
