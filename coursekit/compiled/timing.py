"""Imperative against compiled time of one forward pass, in one run, compiling apart."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit import nn
from coursekit.compiled.backends import available, need_jax
from coursekit.compiled.forward import forward, parameters_of
from coursekit.nn import checks


@dataclass(frozen=True)
class Timing:
    """How long a forward pass takes; all in milliseconds, medians over the calls.

    Attributes
    ----------
    numpy : float
        On NumPy, one operation after another.
    imperative, compiled, compiling : float or None
        On JAX one operation after another, as one program, and what making that program took, once.
        None where JAX is not installed.
    """

    numpy: float
    imperative: float | None = None
    compiled: float | None = None
    compiling: float | None = None

    @property
    def pays_after(self) -> float | None:
        """After how many calls compiling has paid, against JAX's own imperative way; None if never."""
        if self.compiled is None or self.imperative is None or self.compiling is None:
            return None
        gained = self.imperative - self.compiled
        return self.compiling / gained if gained > 0 else None


def time_forward(net: nn.Block, x: np.ndarray, calls: int = 50) -> Timing:
    """Time `forward` with the parameters of a net, on each way that is there.

    Parameters
    ----------
    net : Block
        As for `parameters_of`.
    x : ndarray, shape (N, n_in)
    calls : int
        How often each way is timed.
    """
    calls, params = checks.positive_int("calls", calls), parameters_of(net)
    on_numpy = _median(lambda: forward(params, x), calls)
    if not available():
        return Timing(on_numpy)
    jax = need_jax()
    arrays, samples = [jax.numpy.asarray(p) for p in params], jax.numpy.asarray(x)

    def fresh(given, x):  # a new function, so that nothing compiled before is found
        return forward(given, x)

    compiled = jax.jit(fresh)
    # JAX returns before it has computed: waiting belongs to the time.
    first = _median(lambda: compiled(arrays, samples).block_until_ready(), 1)
    later = _median(lambda: compiled(arrays, samples).block_until_ready(), calls)
    forward(arrays, samples)  # each of its operations is compiled at its first use
    step_by_step = _median(lambda: forward(arrays, samples).block_until_ready(), calls)
    return Timing(on_numpy, step_by_step, later, max(first - later, 0.0))


def _median(work: Callable[[], object], calls: int) -> float:
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times))
