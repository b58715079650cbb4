"""Is a hand-written backward pass right? Compare it with numerical slopes."""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.nn import checks
from coursekit.nn.block import Block


@dataclass(frozen=True)
class GradientCheck:
    """The outcome of `check_gradients`.

    Attributes
    ----------
    errors : dict of str to float
        Relative error ‖analytic - numerical‖ / (‖analytic‖ + ‖numerical‖) for "x" and each parameter;
        inf where `backward` leaves a gradient out or gives it another shape.
    """

    errors: dict[str, float]

    @property
    def worst(self) -> float:
        """The largest of the errors; nan if one is nan."""
        return float(np.max(list(self.errors.values())))


def numerical_gradient(f: Callable[[], float], x: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Return df/dx of the number f(), entry by entry, by central differences.

    Parameters
    ----------
    f : callable
        Takes nothing and returns a number that depends on the array `x`.
    x : ndarray of float64
        Moved entry by entry by ±step, and put back.
    step : float
        1e-5 balances the error of the formula (∝ step²) against rounding (∝ 1/step) in float64.
    """
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + step
        above = f()
        x[index] = kept - step
        gradient[index] = (above - f()) / (2 * step)
        x[index] = kept
    return gradient


def relative_error(a: np.ndarray, b: np.ndarray, floor: float = 0.0) -> float:
    """Return ‖a - b‖ / max(‖a‖ + ‖b‖, floor), and 0 where both are zero."""
    total = max(float(np.linalg.norm(a) + np.linalg.norm(b)), floor)
    return float(np.linalg.norm(a - b) / total) if total else 0.0


def _unsettle(block, rng):
    """Return a copy of `block` in float64, its parameters moved off their initial values."""
    block = block.astype(np.float64)
    for array in block.params.values():
        array += 0.3 * rng.standard_normal(array.shape)
    return block


def _bookmark(block):
    """Remember running statistics and generators as they are now; return a function that restores them."""
    buffers = [(array, array.copy()) for array in block.buffers.values()]
    generators = {leaf.rng.bit_generator for leaf in block.leaves().values() if leaf.rng is not None}
    states = [(generator, generator.state) for generator in generators]

    def put_back():
        for array, kept in buffers:
            array[...] = kept
        for generator, state in states:
            generator.state = state

    return put_back


def check_gradients(
    block: Block, x: np.ndarray, rng: np.random.Generator, *, training: bool = False, **inputs: object
) -> GradientCheck:
    """Compare `block.backward` with central differences, in float64, on a copy of the block.

    The loss is Σ r · forward(x) with a random upstream r: with r all ones a batch norm whose variance
    path is missing would pass, since its outputs sum to a constant. Parameters are moved off their
    initial values, since γ = 1 and β = 0 hide mistakes too. The block itself, its running statistics
    included, stays as it was. What the copy draws in its forward passes (a dropout mask) is the same at
    each of them: its generators are put back, as running statistics are.

    Parameters
    ----------
    block : Block
        A layer or a net, initialized.
    x : ndarray
        A batch, at least `step` away from any kink (0 for a ReLU).
    rng : numpy.random.Generator
        For the upstream and the parameters' noise.
    training : bool
        The mode to check.
    **inputs
        What else `block.forward` takes, such as the lengths of sequences.

    Raises
    ------
    TypeError
        If `block` is no Block, `rng` no Generator, or `forward` returns no array.
    ValueError
        If `x` holds nan or inf.
    """
    if not isinstance(block, Block):
        raise TypeError(f"check_gradients takes a layer or a net; got {block!r}.")
    checks.generator(rng)
    x = checks.float_array("x", x).astype(np.float64)
    if not np.isfinite(x).all():
        raise ValueError("x holds nan or inf: slopes can be compared only where they are finite.")
    twin = copy.deepcopy(block)
    y = twin.forward(x, training=training, **inputs)
    if not isinstance(y, np.ndarray):
        raise TypeError(f"forward of {block!r} returns {y!r}, no array: is a return missing?")
    dy = rng.standard_normal(y.shape)
    twin = _unsettle(twin, rng)
    return _compare(twin, x, dy, training, inputs)


def _compare(twin, x, dy, training, inputs):
    """Return the errors of the gradients of Σ dy · forward(x)."""
    put_back = _bookmark(twin)

    def loss():
        put_back()
        return float((dy * twin.forward(x, training=training, **inputs)).sum())

    loss()
    twin.backward(-dy)  # makes wrong what adds up over calls, or stays from an earlier one
    loss()
    analytic = {"x": twin.backward(dy), **{name: np.copy(g) for name, g in twin.grads.items()}}
    arrays = {"x": x, **twin.params}
    # A gradient that is truly 0 (a bias in front of a batch norm) is rounding on both sides: what lies
    # below a thousandth of the largest gradient is measured against that thousandth.
    floor = 1e-3 * max((np.linalg.norm(g) for g in analytic.values() if g is not None), default=0)
    return GradientCheck(
        {
            name: relative_error(analytic[name], numerical_gradient(loss, array), floor)
            if np.shape(analytic.get(name)) == array.shape
            else math.inf
            for name, array in arrays.items()
        }
    )
