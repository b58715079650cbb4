"""The checkers of lesson 08: a filter-normalised direction, and the curvature along the gradient."""

from collections.abc import Callable

import numpy as np

from coursekit.exercises.arrays import as_array, call_on_copies, say_where, told_apart
from coursekit.exercises.feedback import AnswerError, call, checked


def _name(value, wrong):
    """Raise the message of the wrong answer that `value` equals, if it equals one."""
    for answer, message in wrong:
        if np.allclose(value, answer, rtol=1e-6, atol=1e-9):
            raise AnswerError(message)


@checked
def check_filter_normalise(function: Callable) -> str:
    """Check ``filter_normalise(d, W)``: each column of d, scaled to the length of that column of W.

    Returns
    -------
    Feedback
        Names rows for columns, one length for all, a missing length of W or of d, squares, a changed input.
    """
    rng = np.random.default_rng(8)
    W = rng.standard_normal((5, 3)) * np.array([0.5, 2.0, 10.0])
    d = rng.standard_normal((5, 3))
    try:
        answer = call_on_copies(function, d, W)
    except AnswerError as error:
        if "(5,)" in str(error):
            raise AnswerError(
                "you took the lengths of rows; a unit's weights are a column of W: axis=0."
            ) from None
        raise
    value = as_array("the result", answer, (5, 3))
    length = np.linalg.norm
    columns_W, columns_d = length(W, axis=0), length(d, axis=0)
    right = d * columns_W / columns_d
    if np.allclose(value, right, rtol=1e-6):
        return "each unit's part of the direction has the length of that unit's weights."
    rows = d * (length(W, axis=1) / length(d, axis=1))[:, None]
    _name(
        value,
        (
            (d, "you return d as it is: give each column the length of W's column."),
            (rows, "you scale rows; a unit's weights are a column of W: sum over axis 0."),
            (d * length(W) / length(d), "you scale the whole of d by one factor: each column has its own."),
            (d / columns_d, "every column has length 1 now: multiply by the length of W's column."),
            (d * columns_W, "divide by the length of d's own column first."),
            (d * columns_d / columns_W, "the factor is upside down: W's length goes on top."),
            (right * columns_W / columns_d, "the ratio belongs there once, not squared."),
            (d * W.std(axis=0) / d.std(axis=0), "a length is no standard deviation: subtract no mean."),
            (d * np.abs(W), "you multiply entry by entry; scale each column by one number."),
            (d * np.abs(W).sum(axis=0) / np.abs(d).sum(axis=0), "length is the root of the sum of squares, "
             "not the sum of sizes."),
            (d * np.abs(W) / np.abs(d), "that gives W's sizes with d's signs: multiply each column by one "
             "number."),
            (W, "you return W: the direction has to stay d's."),
            (-right, "the sign is turned around."),
        ),
    )  # fmt: skip
    if np.allclose(length(value, axis=0), columns_W, rtol=1e-4):
        if np.allclose(value, right, rtol=1e-3):
            raise AnswerError(f"{say_where('the result', value, right)} Is something added below?")
        raise AnswerError("each column has the right length, and another direction than d: only scale d's.")
    ratio = length(value, axis=0) / columns_W
    raise AnswerError(
        "the columns of your result should be as long as those of W; "
        f"yours have {', '.join(f'{r:.3g}' for r in ratio)} times that length."
    )


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


@checked
def check_curvature_along(function: Callable) -> str:
    """Check ``curvature_along(loss, theta, g, h)``: the second difference of the loss along g / ‖g‖.

    Returns
    -------
    Feedback
        Names a direction that is not of length 1, h not squared, a missing 2, a one-sided or first
        difference, a lost sign.
    """
    # One surface that bends up along its gradient, and one that bends down.
    up, down = _curvature_at(function, sign=1, h=0.1), _curvature_at(function, sign=-1, h=0.25)
    return (
        f"uᵀHu, {up:.3g} and {down:.3g} for the two surfaces tried: by how much the slope changes along "
        "the gradient. A negative one bends down."
    )


def _curvature_at(function, sign, h):
    H = sign * np.array([[2.0, 1.0, 0.0], [1.0, 5.0, 0.0], [0.0, 0.0, 0.5]])
    theta, slope = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, -1.0])

    def loss(t):
        t = np.asarray(t)
        if t.shape != (3,):
            raise AnswerError("loss wants a point, of the shape of theta: loss(theta + h * u).")
        return 0.5 * t @ H @ t + (t**3).sum() / 6 + slope @ t + 3.0

    g = H @ theta + theta**2 / 2 + slope
    u = g / np.linalg.norm(g)
    value = float(as_array("the curvature", _called(function, loss, theta.copy(), g.copy(), h), ()))
    right = float(u @ (H + np.diag(theta)) @ u)  # of a cubic the second difference is exact
    if not np.isclose(value, right, rtol=1e-6):
        _name(value, _wrong_curvatures(loss, theta, g, u, h, right))
        wanted, got = told_apart(right, value)
        raise AnswerError(f"for the surface tried the curvature is {wanted}; yours is {got}.")
    return value


def _wrong_curvatures(loss, theta, g, u, h, right):
    """Return (wrong value, message) pairs."""
    up, down, mid = loss(theta + h * u), loss(theta - h * u), loss(theta)
    at_0 = [loss(s * u) for s in (h, 0.0, -h)]
    raw_up, raw_down = loss(theta + h * g), loss(theta - h * g)
    return (
        ((raw_up - 2 * mid + raw_down) / h**2, "your direction is g itself: divide it by its length."),
        ((at_0[0] - 2 * at_0[1] + at_0[2]) / h**2, "start at theta, not at 0: loss(theta + h * u)."),
        (up - 2 * mid + down / h**2, "divide the whole difference by h²: mind the brackets."),
        ((loss(theta + h) - 2 * mid + loss(theta - h)) / h**2, "theta + h moves every coordinate by h; "
         "move along the gradient, by h * u."),
        ((up - 2 * mid + down) / h, "divide by h², not by h: it is a second derivative."),
        (up - 2 * mid + down, "divide by h²."),
        ((up - 2 * mid + down) / (2 * h), "that divides by 2h; a second difference divides by h²."),
        ((up - mid + down) / h**2, "the middle counts twice: f(θ+hu) - 2 f(θ) + f(θ-hu)."),
        ((up + 2 * mid + down) / h**2, "the middle is subtracted: f(θ+hu) - 2 f(θ) + f(θ-hu)."),
        ((up - down) / (2 * h), "that is the slope, the first derivative. Take the second difference."),
        ((up - mid) / h, "that is the slope to one side. Take the second difference."),
        (abs(right), "where a surface bends down its curvature is negative: take no absolute value."),
        (-right, "the sign is turned around."),
        ((up - 2 * mid + down) / (2 * h**2), "there is no 2 below: divide by h²."),
        ((up - 2 * mid + down) / (4 * h**2), "the points are h apart, not 2h: divide by h²."),
    )  # fmt: skip
