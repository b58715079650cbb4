"""Filter-normalised directions and curvatures as students write them."""

import numpy as np
import pytest

from coursekit.exercises import check_curvature_along, check_filter_normalise
from tests.exercises.answers import try_right, try_wrong

norm = np.linalg.norm


def filters(formula):
    return lambda d, W: eval(formula, {"np": np, "norm": norm}, {"d": d, "W": W})


FILTER_WRONG = {
    "as it is": (filters("d + 0"), ("as it is",)),
    "unit columns": (filters("d / norm(d, axis=0)"), ("length 1",)),
    "no division": (filters("d * norm(W, axis=0)"), ("divide by the length of d",)),
    "rows": (
        filters("d * norm(W, axis=1, keepdims=True) / norm(d, axis=1, keepdims=True)"), ("rows", "axis 0")),
    "rows, kept by none": (filters("d * norm(W, axis=1) / norm(d, axis=1)"), ("rows", "axis=0")),
    "whole": (filters("d * norm(W) / norm(d)"), ("one factor",)),
    "W's columns, d's whole": (filters("d * norm(W, axis=0) / norm(d)"), ("of d", "one factor")),
    "W's whole, d's columns": (filters("d * norm(W) / norm(d, axis=0)"), ("of W", "one factor")),
    "squares": (filters("d * (W**2).sum(0) / (d**2).sum(0)"), ("squared",)),
    "squares of d": (filters("d * norm(W, axis=0) / (d**2).sum(0)"), ("of d", "squared")),
    "squares of W": (filters("d * (W**2).sum(0) / norm(d, axis=0)"), ("of W", "squared")),
    "stds": (filters("d * W.std(0) / d.std(0)"), ("standard deviation",)),
    "sizes": (filters("d * np.abs(W).sum(0) / np.abs(d).sum(0)"), ("sum of sizes",)),
    "largest": (filters("d * np.abs(W).max(0) / np.abs(d).max(0)"), ("largest",)),
    "upside down": (filters("d * norm(d, axis=0) / norm(W, axis=0)"), ("upside down",)),
    "W": (filters("W * norm(d, axis=0) / norm(W, axis=0)"), ("scale W",)),
    "W itself": (filters("W + 0"), ("return W",)),
    "added": (filters("W + d * norm(W, axis=0) / norm(d, axis=0)"), ("W is added",)),
    "sign": (filters("-d * norm(W, axis=0) / norm(d, axis=0)"), ("sign",)),
    "entry by entry": (filters("d * np.abs(W)"), ("entry by entry",)),
    "signs of d": (filters("np.sign(d) * np.abs(W)"), ("W's sizes",)),
    "factor": (filters("norm(W, axis=0) / norm(d, axis=0)"), ("multiply d by it",)),
    "1e-3 below": (filters("d * norm(W, axis=0) / (norm(d, axis=0) + 1e-3)"), ("added",)),
    "sums": (filters("d * W.sum(0) / d.sum(0)"), ("square",)),
    "twice": (filters("2 * d * norm(W, axis=0) / norm(d, axis=0)"), ("yours have 2, 2, 2 times",)),
    "spectral": (filters("d * norm(W, 2) / norm(d, 2)"), ("spectral",)),
    "transposed": (filters("(d * norm(W, axis=0) / norm(d, axis=0)).T"), ("transposed",)),
    "root mean square of W": (
        filters("d * np.sqrt((W**2).mean(0)) / norm(d, axis=0)"), ("root mean square",)),
    "unit rows": (filters("d / norm(d, axis=1, keepdims=True)"), ("rows",)),
    "in place": (
        filters("np.multiply(d, norm(W, axis=0) / norm(d, axis=0), out=d)"), ("changes an array",)),
    "forgot return": (lambda d, W: np.copyto(d.copy(), W), ("return is missing",), ("replace",)),
}  # fmt: skip

FILTER_RIGHT = {
    "einsum": filters("d * np.sqrt(np.einsum('ij,ij->j', W, W) / np.einsum('ij,ij->j', d, d))"),
    "float32": filters("(d.astype('f4') * norm(W.astype('f4'), axis=0) / norm(d.astype('f4'), axis=0))"),
    "tuple": filters("tuple(map(tuple, d * norm(W, axis=0) / norm(d, axis=0)))"),
    "root mean squares": filters("d * np.sqrt((W**2).mean(0) / (d**2).mean(0))"),
    "a loop": filters("np.array([norm(w) * c / norm(c) for c, w in zip(d.T, W.T)]).T"),
    "1e-10 below": filters("d * norm(W, axis=0) / (norm(d, axis=0) + 1e-10)"),
}


def along(formula, step="g / norm(g)", start="t"):
    def curvature(loss, theta, g, h):
        u = eval(step, {"np": np, "norm": norm}, {"g": g, "t": theta})
        at = eval(start, {}, {"t": theta})
        return eval(formula, {"np": np, "norm": norm}, {"f": lambda s: loss(at + s * u), "h": h, "g": g})

    return curvature


THREE = "(f(h) - 2 * f(0) + f(-h)) / h**2"

CURVE_WRONG = {
    "g itself": (along(THREE, "g"), ("divide it by its length",)),
    "g / ‖g‖²": (along(THREE, "g / norm(g) ** 2"), ("square of its length",)),
    "g / Σ|g|": (along(THREE, "g / np.abs(g).sum()"), ("sum of its sizes",)),
    "g / max": (along(THREE, "g / np.abs(g).max()"), ("largest entry",)),
    "signs": (along(THREE, "np.sign(g)"), ("signs",)),
    "all coordinates": (along(THREE, "np.ones(3)"), ("every coordinate",)),
    "at 0": (along(THREE, start="0 * t"), ("start at theta",)),
    "h": (along("(f(h) - 2 * f(0) + f(-h)) / h"), ("h²",)),
    "2h": (along("(f(h) - 2 * f(0) + f(-h)) / (2 * h)"), ("2h",)),
    "2h²": (along("(f(h) - 2 * f(0) + f(-h)) / (2 * h**2)"), ("no 2 below",)),
    "4h²": (along("(f(h) - 2 * f(0) + f(-h)) / (4 * h**2)"), ("not 4 h²",)),
    "no h": (along("f(h) - 2 * f(0) + f(-h)"), ("divide by h²",)),
    "/ h * h": (along("(f(h) - 2 * f(0) + f(-h)) / h * h"), ("h²",)),
    "brackets": (along("f(h) - 2 * f(0) + f(-h) / h**2"), ("brackets",)),
    "no 2": (along("(f(h) - f(0) + f(-h)) / h**2"), ("counts twice",)),
    "plus": (along("(f(h) + 2 * f(0) + f(-h)) / h**2"), ("subtracted",)),
    "no middle": (along("(f(h) + f(-h)) / h**2"), ("middle",)),
    "slope": (along("(f(h) - f(-h)) / (2 * h)"), ("slope",)),
    "one side": (along("(f(h) - f(0)) / h"), ("slope to one side",)),
    "difference over h²": (along("(f(h) - f(-h)) / h**2"), ("middle",)),
    "forward": (along("(f(2 * h) - 2 * f(h) + f(0)) / h**2"), ("one side of theta",)),
    "2h apart": (along("(f(2 * h) - 2 * f(0) + f(-2 * h)) / h**2"), ("2h apart",)),
    "absolute": (along("abs(f(h) - 2 * f(0) + f(-h)) / h**2"), ("absolute",)),
    "sign": (along("(2 * f(0) - f(h) - f(-h)) / h**2"), ("sign",)),
    "both forward": (along("(f(h) - 2 * f(0) + f(h)) / h**2"), ("goes back",)),
    "g itself, h": (along("(f(h) - 2 * f(0) + f(-h)) / h", "g"), ("length", "h²")),
    "g itself, slope": (along("(f(h) - f(-h)) / (2 * h)", "g"), ("length", "slope")),
    "divided by ‖g‖²": (along("(f(h) - 2 * f(0) + f(-h)) / h**2 / norm(g)**2"), ("‖g‖²",)),
    "no step": (along("(f(1) - 2 * f(0) + f(-1)) / h**2"), ("h is forgotten",)),
    "five points": (
        along("(-f(2 * h) + 16 * f(h) - 30 * f(0) + 16 * f(-h) - f(-2 * h)) / h**2"), ("12",)),
    "unknown": (along("(f(h) - 2 * f(0) + f(-h)) / h**2 + 0.37"), ("the curvature is", "Look at")),
    "a list": (along("[f(h), f(0), f(-h)]"), ("one number",)),
    "changes theta": (lambda f, t, g, h: t.__iadd__(h) @ g, ("changes theta",)),
    "forgot return": (lambda f, t, g, h: [].append(f(t)), ("return is missing",), ("replace",)),
}  # fmt: skip

CURVE_RIGHT = {
    "as written": along(THREE),
    "float32": along(f"np.float64({THREE})"),
    "five points": along("(-f(2 * h) + 16 * f(h) - 30 * f(0) + 16 * f(-h) - f(-2 * h)) / (12 * h**2)"),
    "half the step": along("(f(h / 2) - 2 * f(0) + f(-h / 2)) / (h / 2)**2"),
    "downhill": along(THREE, "-g / norm(g)"),
    "a list of one": along(f"np.array([{THREE}]).sum()"),
    "slopes": along("((f(h) - f(0)) / h - (f(0) - f(-h)) / h) / h"),
}


@pytest.mark.parametrize("name", FILTER_WRONG)
def test_wrong_filters(name):
    try_wrong(check_filter_normalise, FILTER_WRONG[name])


@pytest.mark.parametrize("name", FILTER_RIGHT)
def test_right_filters(name):
    try_right(check_filter_normalise, FILTER_RIGHT[name])


@pytest.mark.parametrize("name", CURVE_WRONG)
def test_wrong_curvatures(name):
    try_wrong(check_curvature_along, CURVE_WRONG[name])


@pytest.mark.parametrize("name", CURVE_RIGHT)
def test_right_curvatures(name):
    try_right(check_curvature_along, CURVE_RIGHT[name])
