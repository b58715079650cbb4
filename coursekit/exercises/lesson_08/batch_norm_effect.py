"""The checkers of lesson 08: a filter-normalised direction, and the curvature along the gradient."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, say_where, told_apart
from coursekit.exercises.feedback import AnswerError, UnnamedError, call, checked
from coursekit.exercises.slips.directions import (
    CURVATURE_PARTS,
    DIRECTION_PARTS,
    scaled,
    second_difference,
)
from coursekit.exercises.slips.search import explain


def _same(a, b):
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-5, atol=1e-9)


def direction_problem(shape: tuple[int, int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw d and W; the columns of W have lengths far apart."""
    rng = np.random.default_rng(seed)
    W = rng.standard_normal(shape) * np.geomspace(0.5, 10, shape[1])
    return rng.standard_normal(shape), W


DIRECTIONS = (direction_problem((5, 3), 8), direction_problem((4, 4), 9))


@checked
def check_filter_normalise(function: Callable) -> str:
    """Check ``filter_normalise(d, W)``: each column of d, scaled to the length of that column of W.

    Returns
    -------
    Feedback
        Names rows for columns, one length for all, a missing length of W or of d, squares, a changed input.
    """
    values = [_direction(function, *p) for p in DIRECTIONS]
    lengths = [[np.linalg.norm(a, axis=0) for a in p] for p in DIRECTIONS]
    rights = [d * of_W / of_d for (d, _), (of_d, of_W) in zip(DIRECTIONS, lengths, strict=True)]
    if all(map(_same, values, rights)):
        return "each unit's part of the direction has the length of that unit's weights."
    rounds = ((1, False), (2, False))
    found = explain(DIRECTION_PARTS, scaled, DIRECTIONS, values, _same, rounds)
    if found:
        raise AnswerError(found)
    first = next(i for i, (v, r) in enumerate(zip(values, rights, strict=True)) if not _same(v, r))
    value, right, wanted = values[first], rights[first], lengths[first][1]
    if first:
        raise UnnamedError(
            f"right for d of shape (5, 3), not for (4, 4): {say_where('the result', value, right)}"
        )
    ratio = np.linalg.norm(value, axis=0) / wanted
    if np.allclose(ratio, 1, rtol=1e-4):
        if np.allclose(value, right, rtol=1e-3):
            raise AnswerError(f"{say_where('the result', value, right)} Is something added below?")
        raise UnnamedError(
            "each column has the right length, and another direction than d: only scale d's."
        )
    raise UnnamedError(
        f"the columns of your result should be as long as those of W; yours have "
        f"{', '.join(f'{r:.3g}' for r in ratio)} times that length. Look at what d's column is multiplied "
        f"by, and divided by."
    )


def _direction(function, d, W):
    try:
        answer = call_on_copies(function, d, W)
    except AnswerError as error:
        if "(5,)" in str(error):
            raise AnswerError(
                "you took the lengths of rows; a unit's weights are a column of W: axis=0."
            ) from None
        raise
    turned = "It is transposed: keep (n_in, n_out)."
    factor = "That is one number for each column: multiply d by it."
    return as_array("the result", answer, d.shape, {d.shape[::-1]: turned, d.shape[1:]: factor})


def _called(function, *args):
    """Call the answer; a refusal of ours that comes out of it is told as it is."""
    refusals = []

    def loss(t):
        try:
            return args[0](t)
        except AnswerError as error:
            refusals.append(error)
            raise

    try:
        return call(function, loss, *args[1:])
    except AnswerError:
        if refusals:
            raise refusals[0] from None
        raise


@dataclass(frozen=True)
class Surface:
    """A cubic surface and a point on it: there the second difference is exact for every h."""

    H: np.ndarray
    theta: np.ndarray
    slope: np.ndarray
    h: float

    def loss(self, t: object) -> float:
        """Return the loss at the point t."""
        t = np.asarray(t)
        if t.shape != self.theta.shape:
            raise AnswerError("loss wants a point, of the shape of theta: loss(theta + h * u).")
        return 0.5 * t @ self.H @ t + (t**3).sum() / 6 + self.slope @ t + 3.0

    @property
    def g(self) -> np.ndarray:
        """The gradient at theta."""
        return self.H @ self.theta + self.theta**2 / 2 + self.slope

    @property
    def curvature(self) -> float:
        """The curvature at theta along the gradient."""
        u = self.g / np.linalg.norm(self.g)
        return float(u @ (self.H + np.diag(self.theta)) @ u)


H = np.array([[2.0, 1.0, 0.0], [1.0, 5.0, 0.0], [0.0, 0.0, 0.5]])
# One surface that bends up along its gradient, and one that bends down.
SURFACES = tuple(
    Surface(sign * H, np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, -1.0]), h)
    for sign, h in ((1, 0.1), (-1, 0.25))
)


@checked
def check_curvature_along(function: Callable) -> str:
    """Check ``curvature_along(loss, theta, g, h)``: the second difference of the loss along g / ‖g‖.

    Returns
    -------
    Feedback
        Names a direction that is not of length 1, h not squared, a missing 2, a one-sided or first
        difference, a lost sign.
    """
    values = [_curvature(function, p) for p in SURFACES]
    rights = [np.asarray(p.curvature) for p in SURFACES]
    if not all(np.isclose(v, r, rtol=1e-6) for v, r in zip(values, rights, strict=True)):
        rounds = ((1, False), (2, False))
        found = explain(CURVATURE_PARTS, second_difference, SURFACES, values, _same, rounds)
        if found:
            raise AnswerError(found)
        _refuse_far(function)
        first = next(
            i for i, (v, r) in enumerate(zip(values, rights, strict=True)) if not np.isclose(v, r, 1e-6)
        )
        (wanted, got), p = told_apart(float(rights[first]), float(values[first])), SURFACES[first]
        raise UnnamedError(
            f"for the surface tried, at h = {p.h:g}, the curvature is {wanted}; yours is {got}, "
            f"{values[first] / rights[first]:.3g} times that. Look at the direction, at the three values, "
            f"and at what divides."
        )
    up, down = values
    return (
        f"uᵀHu, {up:.3g} and {down:.3g} for the two surfaces tried: by how much the slope changes along "
        f"the gradient. A negative one bends down."
    )


def _refuse_far(function):
    """Refuse an answer that walks somewhere else than round theta."""
    p, seen = SURFACES[0], []

    def loss(t):
        seen.append(np.asarray(t, float).copy())
        return p.loss(t)

    call(function, loss, p.theta.copy(), p.g.copy(), p.h)
    if any(np.linalg.norm(t) < 3 * p.h for t in seen):
        raise AnswerError(
            "you walk from 0: theta is forgotten. Ask loss(theta + h * u), and on both sides."
        )


def _curvature(function, p):
    theta, g = p.theta.copy(), p.g.copy()
    value = as_array("the curvature", _called(function, p.loss, theta, g, p.h), ())
    if not np.array_equal(theta, p.theta):
        raise AnswerError("your function changes theta: make a new array, theta + h * u.")
    if not np.array_equal(g, p.g):
        raise AnswerError("your function changes g: make a new array (u = g / length, not g /= length).")
    return value
