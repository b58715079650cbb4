"""What goes wrong with a filter-normalised direction, and with a second difference along the gradient."""

from typing import Any

import numpy as np

from coursekit.exercises.slips.search import How, Option

# A problem of the first kind has d and W; of the second loss, theta, g and h.


def _length(a):
    return np.linalg.norm(a, axis=0)


COLUMN = "a unit's weights are a column of W: axis=0."
MEASURES = (
    Option(_length),
    Option(lambda a: np.linalg.norm(a, axis=1, keepdims=True),
        "you scale rows; a unit's weights are a column of W: sum over axis 0."),
    Option(lambda a: np.linalg.norm(a, axis=1), f"you took the lengths of rows; {COLUMN}"),
    Option(np.linalg.norm, "you scale the whole of d by one factor: each column has its own."),
    Option(lambda a: np.square(a).sum(axis=0),
        "the ratio belongs there once, not squared: the root of the sum of squares is missing."),
    Option(lambda a: np.square(a).sum(),
        "one factor for the whole, and squared: each column has its own length, "
        "the root of its sum of squares."),
    Option(lambda a: np.square(a).sum(axis=1, keepdims=True),
        "you scale rows, by sums of squares: a unit's weights are a column, "
        "axis=0, and the root is missing."),
    Option(lambda a: np.sqrt(_length(a)), "the root is taken twice: np.linalg.norm takes it already."),
    Option(lambda a: a.std(axis=0), "a length is no standard deviation: subtract no mean."),
    Option(lambda a: a.var(axis=0),
        "a length is no variance: take the root of the sum of squares, subtract no mean."),
    Option(lambda a: a.std(),
        "one standard deviation for the whole: each column has its own length, axis=0."),
    Option(np.abs, "that gives W's sizes with d's signs: multiply each column by one number."),
    Option(lambda a: np.abs(a).sum(axis=0),
        "length is the root of the sum of squares, not the sum of sizes."),
    Option(lambda a: np.abs(a).mean(axis=0),
        "length is the root of the sum of squares, not the mean of sizes."),
    Option(lambda a: np.abs(a).max(axis=0),
        "length is the root of the sum of squares, not the largest size."),
    Option(lambda a: a.max(axis=0), "length is the root of the sum of squares, not the largest entry."),
    Option(lambda a: a.sum(axis=0),
        "you add the entries up: square them first, and take the root of the sum."),
    Option(lambda a: a.mean(axis=0),
        "a length is no mean: square the entries, add them up, take the root."),
    Option(lambda a: np.sqrt(np.abs(a).sum(axis=0)), "the entries are not squared under the root."),
    Option(lambda a: np.linalg.norm(a, 2),
        "that is the matrix's spectral norm, one number for the whole: say axis=0."),
    Option(lambda a: np.linalg.norm(a, 1),
        "that is the largest column sum, one number for the whole: say axis=0."),
    Option(lambda a: _length(a).mean(),
        "the mean of all lengths is used for all: each column has its own."),
    Option(lambda a: _length(a).max(), "the largest length is used for all: each column has its own."),
    Option(lambda a: _length(a)[::-1], "the lengths are in reverse order."),
    Option(lambda a: _length(a - a.mean(axis=0)), "the mean is subtracted: a length is taken from 0."),
)  # fmt: skip
TOPS = (
    Option(None),
    Option(lambda a: np.ones(a.shape[1]),
        "every column has length 1 now: multiply by the length of W's column."),
    Option(lambda a: np.sqrt(np.square(a).mean(axis=0)),
        "the length of W's column is divided by √n: that is its root mean square."),
    *(Option(o.how, f"in the length of W: {o.says}") for o in MEASURES[1:]),
)  # fmt: skip
BOTTOMS = (
    Option(None),
    Option(lambda a: np.ones(a.shape[1]), "divide by the length of d's own column first."),
    Option(lambda a: np.sqrt(np.square(a).mean(axis=0)),
        "you divide by the root mean square of d's column, not by its length."),
    *(Option(lambda a, e=e: _length(a) + e,
        "something is added below: leave it out.") for e in (1e-3, 1e-2, 0.1, 1.0)),
    *(Option(o.how, f"in the length of d: {o.says}") for o in MEASURES[1:]),
)  # fmt: skip
WAYS = (
    Option(lambda d, W, top, bottom: d * top / bottom),
    Option(lambda d, W, top, bottom: d,
        "you return d as it is: give each column the length of W's column."),
    Option(lambda d, W, top, bottom: d * bottom / top,
        "the factor is upside down: W's length goes on top."),
    Option(lambda d, W, top, bottom: W, "you return W: the direction has to stay d's."),
    Option(lambda d, W, top, bottom: W * bottom / top, "you scale W to d's lengths: scale d to W's."),
    Option(lambda d, W, top, bottom: W * top / bottom, "you scale W: the direction has to stay d's."),
    Option(lambda d, W, top, bottom: W / top,
        "you return W's columns at length 1: the direction has to stay d's."),
    Option(lambda d, W, top, bottom: d * W / bottom,
        "you multiply d by W entry by entry: multiply each column by one "
        "number, the length of W's column."),
    Option(lambda d, W, top, bottom: W + d * top / bottom, "W is added: return the direction alone."),
    Option(lambda d, W, top, bottom: W - d * top / bottom, "W is added: return the direction alone."),
    Option(lambda d, W, top, bottom: d * top * bottom, "you multiply by d's length: divide by it."),
    Option(lambda d, W, top, bottom: d / top / bottom, "you divide by W's length: multiply by it."),
    Option(lambda d, W, top, bottom: d / top,
        "you divide by W's length: divide by d's, and multiply by W's."),
    Option(lambda d, W, top, bottom: -d * top / bottom, "the sign is turned around."),
    Option(lambda d, W, top, bottom: np.abs(d) * top / bottom,
        "the signs of d are lost: the columns have the right length, and another direction."),
    Option(lambda d, W, top, bottom: np.sign(d) * np.abs(W),
        "that gives W's sizes with d's signs: multiply each column by one number."),
    Option(lambda d, W, top, bottom: d * np.abs(W),
        "you multiply entry by entry; scale each column by one number."),
    Option(lambda d, W, top, bottom: d * W,
        "you multiply entry by entry by W; scale each column by one number."),
    Option(lambda d, W, top, bottom: top / bottom + 0 * d, "you return the factor: multiply d by it."),
    Option(lambda d, W, top, bottom: d + top / bottom, "the factor is added: multiply d by it."),
    Option(lambda d, W, top, bottom: d * (top - bottom),
        "you multiply by the difference of the lengths: by their ratio."),
    Option(lambda d, W, top, bottom: d * np.minimum(top / bottom, 1),
        "you only shorten columns: those that are too short are to be made longer."),
)  # fmt: skip
DIRECTION_PARTS = {"measure": MEASURES, "top": TOPS, "bottom": BOTTOMS, "way": WAYS}


def scaled(
    p: tuple[np.ndarray, np.ndarray], measure: How, top: How | None, bottom: How | None, way: How
) -> np.ndarray:
    """Return d with each column scaled, the parts done so; nan where NumPy could not line shapes up."""
    d, W = p
    try:
        return np.asarray(way(d, W, (top or measure)(W), (bottom or measure)(d)))
    except ValueError:
        return np.full(d.shape, np.nan)


UNIT = "your direction is g itself: divide it by its length, u = g / ‖g‖."
STEPS = (
    Option(lambda g: g / np.linalg.norm(g)),
    Option(lambda g: g, UNIT),
    Option(lambda g: g / np.linalg.norm(g) ** 2,
        "you divide g by the square of its length, ‖g‖²: u = g / ‖g‖."),
    Option(lambda g: g / np.sqrt(np.linalg.norm(g)),
        "you divide g by the root of its length: np.linalg.norm is the length already."),
    Option(lambda g: g * np.linalg.norm(g), "you multiply g by its length: divide by it."),
    Option(lambda g: g / np.abs(g).sum(),
        "you divide g by the sum of its sizes: the length is the root of the sum of squares."),
    Option(lambda g: g / g.sum(),
        "you divide g by the sum of its entries: the length is the root of the sum of squares."),
    Option(lambda g: g / np.abs(g).max(),
        "you divide g by its largest entry: the length is the root of the sum of squares."),
    Option(lambda g: g / np.sqrt(np.mean(g**2)),
        "you divide g by its root mean square: the length is the root of the sum, √Σ g²."),
    Option(lambda g: g / g.std(),
        "you divide g by its standard deviation: the length is the root of the sum, √Σ g²."),
    Option(lambda g: g / len(g), "you divide g by the number of its entries: divide by its length."),
    Option(np.sign, "you step by the signs of g: step along u = g / ‖g‖."),
    Option(lambda g: np.sign(g) / np.sqrt(len(g)), "you step by the signs of g: step along u = g / ‖g‖."),
    Option(np.ones_like, "theta + h moves every coordinate by h; move along the gradient, by h * u."),
    Option(np.abs, "the signs of g are lost, and it is not 1 long: u = g / ‖g‖."),
    Option(lambda g: np.abs(g) / np.linalg.norm(g), "the signs of g are lost: u = g / ‖g‖."),
    Option(lambda g: np.eye(len(g))[0], "you step along the first coordinate: step along u = g / ‖g‖."),
    Option(lambda g: np.ones_like(g) / np.sqrt(len(g)),
        "you step along all coordinates alike: step along u = g / ‖g‖."),
)  # fmt: skip
STARTS = (
    Option(lambda p: p.theta),
    Option(lambda p: 0 * p.theta, "start at theta, not at 0: loss(theta + h * u)."),
    Option(
        lambda p: p.theta + p.h * p.g / np.linalg.norm(p.g),
        "the middle is not theta but h further: take theta + h u, theta and theta − h u.",
    ),
    Option(lambda p: p.g, "start at theta, not at g: loss(theta + h * u)."),
)
THREE = "f(θ+hu) - 2 f(θ) + f(θ-hu)."
SUMS = (
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / h**2),
    Option(lambda f, h: f(h) - 2 * f(0) + f(-h) / h**2,
        "divide the whole difference by h²: mind the brackets."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / h,
        "divide by h², not by h: it is a second derivative."),
    Option(lambda f, h: f(h) - 2 * f(0) + f(-h), "divide by h²."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / (2 * h),
        "that divides by 2h; a second difference divides by h²."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) * h**2, "you multiply by h²: divide by it."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / h * h,
        "/ h * h divides and multiplies again: write / h ** 2."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / h**3, "you divide by h³: divide by h²."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / h**4,
        "h is forgotten in the step (theta + h u and theta − h u), or you divide by h² twice."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / np.sqrt(h), "you divide by √h: divide by h²."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / (2 * h**2),
        "there is no 2 below: divide by h² (two slopes that lie h apart: by h)."),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(-h)) / (4 * h**2),
        "a quarter comes out: take the points h from the middle (not h / 2), and divide by h² (not 4 h²)."),
    Option(lambda f, h: 2 * (f(h) - 2 * f(0) + f(-h)) / h**2,
        "there is no 2 on top: divide by h², not by h² / 2."),
    Option(lambda f, h: (f(h) - f(0) + f(-h)) / h**2, f"the middle counts twice: {THREE}"),
    Option(lambda f, h: (f(h) - 4 * f(0) + f(-h)) / h**2,
        f"the middle counts twice, not four times: {THREE}"),
    Option(lambda f, h: (f(h) + 2 * f(0) + f(-h)) / h**2, f"the middle is subtracted: {THREE}"),
    Option(lambda f, h: (f(h) - 2 * f(0) - f(-h)) / h**2, f"the last one is added: {THREE}"),
    Option(lambda f, h: (f(h) - 2 * f(0) + f(h)) / h**2,
        f"one step goes back: {THREE} Both of yours go forward."),
    Option(lambda f, h: (f(-h) - 2 * f(0) + f(-h)) / h**2,
        f"one step goes forward: {THREE} Both of yours go back."),
    Option(lambda f, h: (f(h) + f(-h)) / h**2, f"the middle is missing: {THREE}"),
    Option(lambda f, h: (f(h) - f(-h)) / (2 * h),
        "that is the slope, the first derivative. Take the second difference."),
    Option(lambda f, h: (f(h) - f(-h)) / h,
        "that is twice the slope, the first derivative. Take the second difference."),
    Option(lambda f, h: (f(h) - f(-h)) / h**2,
        f"the slope's difference is divided by h²; the second one has the middle in it: {THREE}"),
    Option(lambda f, h: (f(h) - f(-h)) / (4 * h**2),
        f"the slope's difference is divided by 4h²; the second one has the middle in it: {THREE}"),
    Option(lambda f, h: (f(h) - f(0)) / h, "that is the slope to one side. Take the second difference."),
    Option(lambda f, h: (f(0) - f(-h)) / h, "that is the slope to one side. Take the second difference."),
    Option(lambda f, h: (f(h) - f(0)) / h**2,
        f"that is the slope to one side, divided by h once more: {THREE} (If you move theta itself: − 2 h "
        "u leads from one side to the other.)"),
    Option(lambda f, h: 2 * (f(h) - f(0)) / h**2, f"one side alone keeps the slope in it: {THREE}"),
    Option(lambda f, h: (f(2 * h) - 2 * f(h) + f(0)) / h**2,
        f"your three points lie on one side of theta: take theta in the middle, {THREE}"),
    Option(lambda f, h: (f(0) - 2 * f(-h) + f(-2 * h)) / h**2,
        f"your three points lie on one side of theta: take theta in the middle, {THREE}"),
    Option(lambda f, h: (f(2 * h) - 2 * f(0) + f(-2 * h)) / h**2,
        "your points are 2h apart: take theta + h u and theta − h u."),
    Option(lambda f, h: (f(h / 2) - 2 * f(0) + f(-h / 2)) / h**2,
        "your points are h / 2 apart, and h² divides: take theta + h u and theta − h u."),
    Option(lambda f, h: (f(1) - 2 * f(0) + f(-1)) / h**2,
        "h is forgotten in the step: theta + h u and theta − h u."),
    Option(lambda f, h: (f(1) - 2 * f(0) + f(-1)), "h is forgotten: step by h u, and divide by h²."),
    Option(lambda f, h: (f(h**2) - 2 * f(0) + f(-(h**2))) / h**2,
        "you step by h² u: step by h u, and divide by h²."),
    Option(lambda f, h: (-f(2 * h) + 16 * f(h) - 30 * f(0) + 16 * f(-h) - f(-2 * h)) / h**2,
           "the five-point formula divides by 12 h²."),
    Option(lambda f, h: f(0), "that is the loss at theta. Take the second difference."),
)  # fmt: skip
ENDS = (
    Option(lambda value, p: value),
    Option(lambda value, p: abs(value),
        "where a surface bends down its curvature is negative: take no absolute value."),
    Option(lambda value, p: -value, "the sign is turned around."),
    Option(lambda value, p: value / np.linalg.norm(p.g),
        "divided by ‖g‖ once too often: u is 1 long already."),
    Option(lambda value, p: value / np.linalg.norm(p.g) ** 2,
        "divided by ‖g‖² once too often: u is 1 long already."),
    Option(lambda value, p: value * np.linalg.norm(p.g), "multiplied by ‖g‖: u is 1 long."),
    Option(lambda value, p: value * np.linalg.norm(p.g) ** 2, "multiplied by ‖g‖²: u is 1 long."),
    Option(lambda value, p: value / len(p.g),
        "divided by the number of coordinates: it is a curvature along one line."),
    Option(lambda value, p: round(value), "it is rounded: return the number as it is."),
    Option(lambda value, p: max(value, 0.0),
        "where a surface bends down its curvature is negative: do not cut it at 0."),
    Option(lambda value, p: np.sqrt(abs(value)), "a root is taken at the end: leave it out."),
)  # fmt: skip
CURVATURE_PARTS = {"sum": SUMS, "step": STEPS, "start": STARTS, "end": ENDS}


def second_difference(p: Any, sum: How, step: How, start: How, end: How) -> np.ndarray:
    """Return the curvature with the parts done so."""
    at, along = start(p), step(p.g)
    return np.asarray(end(sum(lambda t: p.loss(at + t * along), p.h), p))
