"""Batch normalization of images as students write it, with reshapes, loops and axes of all kinds."""

import numpy as np
import pytest

from coursekit.exercises import check_batchnorm_channels
from tests.exercises.answers import try_right, try_wrong

ALL = (0, 2, 3)


def flat(x, g, b, e, ddof=0):
    return g * (x - x.mean(0)) / np.sqrt(x.var(0, ddof=ddof) + e) + b


def nchw(x, mean, var, g, b, e):
    g, b = (np.reshape(v, (1, -1, 1, 1)) for v in (g, b))
    return g * (x - mean) / np.sqrt(var + e) + b


def axes(over, ddof=0):
    return lambda x, g, b, e: nchw(
        x, x.mean(over, keepdims=True), x.var(over, keepdims=True, ddof=ddof), g, b, e
    )


def mixed(mean, var):
    return lambda x, g, b, e: nchw(x, x.mean(mean, keepdims=True), x.var(var, keepdims=True), g, b, e)


def rows(there, back, size=lambda x: (-1, x.shape[1])):
    def answer(x, g, b, e):
        turned = x.transpose(there)
        y = flat(turned.reshape(size(x)), g, b, e)
        return back(y, x.shape, turned.shape)

    return answer


def straight(y, shape, turned):
    return y.reshape(shape)


def right_back(y, shape, turned):
    return y.reshape(turned).transpose(0, 3, 1, 2)


def c_first_no_transpose(x, g, b, e):
    rows = x.reshape(x.shape[1], -1)
    y = (rows - rows.mean(1, keepdims=True)) / np.sqrt(rows.var(1, keepdims=True) + e)
    return (g[:, None] * y + b[:, None]).reshape(x.shape)


def affine_after(x, g, b, e):
    rows = x.reshape(-1, x.shape[1])
    return nchw(flat(rows, 1, 0, e).reshape(x.shape), 0, 1, g, b, 0)


def std_averaged(x, g, b, e):
    return nchw(
        x, x.mean(ALL, keepdims=True), x.std((2, 3), keepdims=True).mean(0, keepdims=True) ** 2, g, b, e
    )


def written(eps, outside=False):
    def answer(x, g, b, e):
        m, v = x.mean(ALL, keepdims=True), x.var(ALL, keepdims=True)
        if outside:
            return nchw(x, m, (np.sqrt(v) + eps) ** 2, g, b, 0)
        return nchw(x, m, v, g, b, eps)

    return answer


def eps_outside_n_1(x, g, b, e):
    m, s = x.mean(ALL, keepdims=True), x.std(ALL, keepdims=True, ddof=1)
    return nchw(x, m, (s + e) ** 2, g, b, 0)


def outside(x, g, b, e):
    return nchw(x, x.mean(ALL, keepdims=True), (x.std(ALL, keepdims=True) + e) ** 2, g, b, 0)


def scaled(g_shape):
    def answer(x, g, b, e):
        h = (x - x.mean(ALL, keepdims=True)) / np.sqrt(x.var(ALL, keepdims=True) + e)
        return g_shape(g, x) * h + g_shape(b, x)

    return answer


def divided_by(n):
    def answer(x, g, b, e):
        m = x.mean(ALL, keepdims=True)
        return nchw(x, m, ((x - m) ** 2).sum(ALL, keepdims=True) / n(*x.shape), g, b, e)

    return answer


WRONG = {
    "K01 rows without transpose": (rows((0, 1, 2, 3), straight), ("transpose", "channel")),
    "K02 (C, -1) without transpose": (c_first_no_transpose, ("transpose", "channel")),
    "K03 rows, affine afterwards": (affine_after, ("transpose", "channel")),
    "K04 transposed there, not back": (rows((0, 2, 3, 1), straight), ("transpose back",)),
    "K05 transposed back otherwise": (
        rows((0, 2, 3, 1), lambda y, s, t: y.reshape(s[0], s[1], s[3], s[2]).transpose(0, 1, 3, 2)),
        ("transpose",)),
    "K06 NHWC comes back": (rows((0, 2, 3, 1), lambda y, s, t: y.reshape(t)), ("transpose(0, 3, 1, 2)",)),
    "K07 H and W swapped": (
        rows((0, 3, 2, 1), lambda y, s, t: y.reshape(s[0], s[2], s[3], s[1]).transpose(0, 3, 1, 2)),
        ("transpose",)),
    "K08 rows come back": (rows((0, 2, 3, 1), lambda y, s, t: y), ("shape of x",)),
    "K09 image by image": (axes((2, 3)), ("every image", "(0, 2, 3)")),
    "K10 over the batch only": (axes((0,)), ("every pixel", "(0, 2, 3)")),
    "K11 layer norm": (axes((1, 2, 3)), ("all channels of an image",)),
    "K12 last axis": (axes((0, 1, 2)), ("(N, H, W, C)",)),
    "K13 everything": (axes((0, 1, 2, 3)), ("all entries",)),
    "K14 across channels": (axes((1,)), ("channels of each pixel",)),
    "K15 axes (0, 2)": (axes((0, 2)), ("axes (0, 2)", "(0, 2, 3)")),
    "K16 axes (0, 3)": (axes((0, 3)), ("axes (0, 3)", "(0, 2, 3)")),
    "K17 axes (0, 1)": (axes((0, 1)), ("axes (0, 1)", "(0, 2, 3)")),
    "K18 own variance of each image": (mixed(ALL, (2, 3)), ("variance", "axes (2, 3)")),
    "K19 own mean of each image": (mixed((2, 3), ALL), ("mean", "axes (2, 3)")),
    "K20 average of stds": (std_averaged, ("average", "standard deviations")),
    "K21 n - 1": (axes(ALL, 1), ("n - 1",), ("outside",)),
    "K22 n - 1 and eps outside": (eps_outside_n_1, ("n - 1", "outside the root")),
    "K23 eps outside": (outside, ("outside the root",), ("n - 1",)),
    "K24 eps 1e-5": (written(1e-5), ("ε", "1e-05", "handed in")),
    "K25 eps 1e-3": (written(1e-3), ("ε", "0.001", "handed in")),
    "K26 eps 1e-8 outside": (written(1e-8, outside=True), ("ε", "handed in")),
    "K27 no eps": (written(0.0), ("ε is missing",)),
    "K28 γ along W": (scaled(lambda v, x: np.resize(v, x.shape[3])), ("γ", "columns of pixels")),
    "K29 γ tiled": (scaled(lambda v, x: np.resize(v, x.shape)), ("γ", "channel", "order")),
    "K30 γ repeated": (
        scaled(lambda v, x: np.repeat(v, x.size // len(v)).reshape(x.shape)), ("γ", "channel")),
    "K31 γ by image": (scaled(lambda v, x: np.resize(v, len(x))[:, None, None, None]), ("γ", "images")),
    "K32 γ averaged": (scaled(lambda v, x: v.mean()), ("averaged",)),
    "K33 divided by N": (divided_by(lambda n, c, h, w: n), ("divided by N,",)),
    "K34 divided by H W": (divided_by(lambda n, c, h, w: h * w), ("H · W",)),
    "K35 sum": (divided_by(lambda n, c, h, w: 1), ("divide the variance by n",)),
    "K36 no keepdims": (lambda x, g, b, e: (x - x.mean(ALL)) / np.sqrt(x.var(ALL) + e), ("keepdims",)),
    "K37 squeeze": (lambda x, g, b, e: axes(ALL)(x, g, b, e)[0], ("shape",)),
    "K38 per image, γ forgotten": (
        lambda x, g, b, e: axes((2, 3))(x, 0 * g + 1, b, e), ("every image", "γ is")),
    "K39 n - 1 and β forgotten": (
        lambda x, g, b, e: axes(ALL, 1)(x, g, 0 * b, e), ("n - 1", "β is forgotten")),
    "K40 rows, n - 1": (
        lambda x, g, b, e: flat(x.reshape(-1, x.shape[1]), g, b, e, 1).reshape(x.shape),
        ("transpose", "n - 1")),
    "K41 unknown": (lambda x, g, b, e: np.sin(axes(ALL)(x, g, b, e)), ("should be", "Look at")),
    "K42 no return": (
        lambda x, g, b, e: [].append(axes(ALL)(x, g, b, e)), ("return is missing",), ("replace",)),
}  # fmt: skip


def moved(x, g, b, e):
    last = np.moveaxis(x, 1, -1)
    return np.moveaxis(flat(last.reshape(-1, len(g)), g, b, e).reshape(last.shape), -1, 1)


def swapped(x, g, b, e):
    y = x.swapaxes(0, 1).reshape(len(g), -1).T
    return flat(y, g, b, e).T.reshape(len(g), len(x), *x.shape[2:]).swapaxes(0, 1)


def looped(x, g, b, e):
    y = np.zeros(x.shape, np.float32)
    for c in range(len(g)):
        y[:, c] = flat(x[:, c].ravel(), g[c], b[c], e).reshape(len(x), *x.shape[2:])
    return y


def einsum(x, g, b, e):
    n = x.size / len(g)
    c = x - (np.einsum("nchw->c", x) / n)[:, None, None]
    return (
        np.einsum("c,nchw->nchw", g / np.sqrt(np.einsum("nchw,nchw->c", c, c) / n + e), c)
        + b[None, :, None, None]
    )


def in_place(x, g, b, e):
    y = x.copy()
    y -= y.mean(ALL)[:, None, None]
    y /= np.sqrt((y**2).mean(ALL) + e)[:, None, None]
    y *= g[:, None, None]
    y += b[:, None, None]
    return y.tolist()


def per_image(x, g, b, e):
    """Image by image and pixel by pixel, from sums."""
    total, squares = sum(i.sum((1, 2)) for i in x), sum((i**2).sum((1, 2)) for i in x)
    n = x.size / len(g)
    a = g / np.sqrt(squares / n - (total / n) ** 2 + e)
    return [a[:, None, None] * (i - (total / n)[:, None, None]) + b[:, None, None] for i in x]


RIGHT = {f.__name__: f for f in (moved, swapped, looped, einsum, in_place, per_image)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name):
    try_wrong(check_batchnorm_channels, WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name):
    try_right(check_batchnorm_channels, RIGHT[name])
