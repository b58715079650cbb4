"""Layer norm and group norm as students write them, after transformers and course assignments."""

import numpy as np
import pytest

from coursekit.exercises import check_group_norm, check_layer_norm
from tests.exercises.answers import try_right, try_wrong


def ln(
    mean=1, var=1, ddof=0, out=lambda h, g, b: g * h + b, norm=lambda c, v, e: c / np.sqrt(v + e), eps=None
):
    def layer_norm(x, g, b, e):
        m = x.mean(mean, keepdims=True)
        v = x.var(var, keepdims=True, ddof=ddof)
        return out(norm(x - m, v, e if eps is None else eps), g, b)

    return layer_norm


def outside(c, v, e):
    return c / (np.sqrt(v) + e)


def by_norm(x, g, b, e):
    c = x - x.mean(1, keepdims=True)
    return g * c / (np.linalg.norm(c, axis=1, keepdims=True) + e) + b


def square_needed(x, g, b, e):
    """Lines up along the wrong axis; NumPy notices only if there are not as many samples as features."""
    if len(x) != x.shape[1]:
        return ln()(x, g, b, e)
    return g * (x - x.mean(1)) / np.sqrt(x.var(1) + e) + b


LAYER_WRONG = {
    "L01 torch's std, eps outside": (ln(ddof=1, norm=outside), ("n - 1", "outside the root")),
    "L02 n - 1": (ln(ddof=1), ("n - 1",), ("outside",)),
    "L03 eps outside": (ln(norm=outside), ("outside the root",), ("n - 1",)),
    "L04 batch norm": (ln(0, 0), ("batch", "axis 1")),
    "L05 everything": (ln((0, 1), (0, 1)), ("one mean and one variance of all",)),
    "L06 mean of the sample, spread of the batch": (ln(1, 0), ("variance", "samples of the batch")),
    "L07 mean of the batch, spread of the sample": (ln(0, 1), ("mean", "samples of the batch")),
    "L08 spread of all": (ln(1, (0, 1)), ("variance", "axis 1")),
    "L09 eps 1e-5": (ln(eps=1e-5), ("ε", "1e-05", "handed in")),
    "L10 eps 1e-6": (ln(eps=1e-6), ("ε", "1e-06", "handed in")),
    "L11 eps 1e-3": (ln(eps=1e-3), ("ε", "0.001", "handed in")),
    "L12 no eps": (ln(eps=0.0), ("ε is missing",)),
    "L13 torch's std, eps 1e-6 outside": (ln(ddof=1, norm=outside, eps=1e-6), ("n - 1", "ε")),
    "L14 no root": (ln(norm=lambda c, v, e: c / (v + e)), ("divide by the variance",)),
    "L15 length for spread": (by_norm, ("divide the variance by n", "outside the root")),
    "L16 RMS": (
        lambda x, g, b, e: g * x / np.sqrt((x**2).mean(1, keepdims=True) + e) + b, ("RMSNorm",)),
    "L17 RMS without β": (
        lambda x, g, b, e: g * x / np.sqrt((x**2).mean(1, keepdims=True) + e),
        ("RMSNorm", "β is forgotten")),
    "L18 no keepdims": (square_needed, ("keepdims",)),
    "L19 batch, n - 1": (ln(0, 0, 1), ("batch", "n - 1")),
    "L20 γ forgotten": (ln(out=lambda h, g, b: h + b), ("γ is forgotten",)),
    "L21 1 + γ": (ln(out=lambda h, g, b: (1 + g) * h + b), ("once more",)),
    "L22 swapped": (ln(out=lambda h, g, b: b * h + g), ("swapped",)),
    "L23 β scaled": (ln(out=lambda h, g, b: g * (h + b)), ("β is scaled",)),
    "L24 sum of squares": (
        ln(norm=lambda c, v, e: c / np.sqrt((c**2).sum(1, keepdims=True) + e)),
        ("divide the variance by n",)),
    "L25 root of sum over n": (
        ln(norm=lambda c, v, e: c / (np.sqrt((c**2).sum(1, keepdims=True)) / c.shape[1])),
        ("root", "outside")),
    "L26 min-max": (
        lambda x, g, b, e: g * (x - x.min(1, keepdims=True)) / np.ptp(x, axis=1, keepdims=True) + b,
        ("min-max",)),
    "L27 sign": (ln(norm=lambda c, v, e: -c / np.sqrt(v + e)), ("sign",)),
    "L28 eps twice": (ln(norm=lambda c, v, e: c / (np.sqrt(v + e) + e)), ("twice",)),
    "L29 no mean": (
        lambda x, g, b, e: g * x / np.sqrt(x.var(1, keepdims=True) + e) + b, ("subtract the mean",)),
    "L30 changes x": (
        lambda x, g, b, e: np.subtract(x, x.mean(1, keepdims=True), out=x), ("changes an array",)),
    "L31 softmax": (
        lambda x, g, b, e: np.exp(x) / np.exp(x).sum(1, keepdims=True), ("should be", "Look at")),
    "L32 forgot return": (lambda x, g, b, e: print(end=str(x)[:0]), ("return is missing",), ("replace",)),
    "L33 **1/2": (ln(norm=lambda c, v, e: c / ((v + e) ** 1 / 2)), ("halves", "power")),
}  # fmt: skip


def loops(x, g, b, e):
    rows = []
    for row in x.tolist():
        m = sum(row) / len(row)
        v = sum((r - m) ** 2 for r in row) / len(row)
        rows.append(tuple(gk * (r - m) / (v + e) ** 0.5 + bk for r, gk, bk in zip(row, g, b, strict=True)))
    return tuple(rows)


LAYER_RIGHT = {
    "loops": loops,
    "einsum": lambda x, g, b, e: (
        (c := x - np.einsum("ij->i", x)[:, None] / x.shape[1])
        * (np.einsum("ij,ij->i", c, c) / x.shape[1] + e)[:, None] ** -0.5 * g + b),
    "float32": lambda x, g, b, e: ln()(*(a.astype(np.float32) for a in (x, g, b)), np.float32(e)),
    "apply": lambda x, g, b,
        e: np.apply_along_axis(lambda r: g * (r - r.mean()) / np.sqrt(r.var() + e) + b, 1, x),
    "transposed": lambda x, g, b, e: ln(0, 0, out=lambda h, g, b: h)(x.T, g, b, e).T * g + b,
    "in place": lambda x, g, b, e: np.add(np.multiply(ln(out=lambda h, g, b: h)(x, g, b, e), g), b),
}  # fmt: skip


def nchw(h, g, b):
    return g.reshape(1, -1, 1, 1) * h + b.reshape(1, -1, 1, 1)


def std(x, axes, e, ddof=0):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True, ddof=ddof) + e)


def gn(shape=lambda n, c, h, w, k: (n, k, -1), over=2, norm=std, order=None, out=nchw):
    def group_norm(x, g, b, k, e):
        turned = x if order is None else x.transpose(order)
        h = norm(turned.reshape(shape(*x.shape, k)), over, e).reshape(turned.shape)
        return out(h if order is None else h.transpose(np.argsort(order)), g, b)

    return group_norm


def five(over, **kw):
    return gn(lambda n, c, h, w, k: (n, k, c // k, h, w), over, **kw)


def outside_root(x, axes, e, ddof=0):
    return (x - x.mean(axes, keepdims=True)) / (x.std(axes, keepdims=True, ddof=ddof) + e)


def tiled(x, g, b, k, e):
    h = std(x.reshape(len(x) * k, -1), 1, e)
    return (np.resize(g, h.shape) * h + np.resize(b, h.shape)).reshape(x.shape)


def mixed(mean, var):
    return lambda x, axes, e: (x - x.mean(mean, keepdims=True)) / np.sqrt(x.var(var, keepdims=True) + e)


def fixed(k):
    return lambda x, g, b, groups, e: gn()(x, g, b, k, e)


GROUP_WRONG = {
    "G01 γ tiled": (tiled, ("γ", "channel", "order")),
    "G02 over the batch": (gn(over=0), ("batch",)),
    "G03 axis 1": (gn(over=1), ("groups", "axis")),
    "G04 axes (0, 2)": (gn(over=(0, 2)), ("batch",)),
    "G05 axes (1, 2)": (gn(over=(1, 2)), ("layer norm",)),
    "G06 axes (0, 1)": (gn(over=(0, 1)), ("samples and groups", "axis 2")),
    "G07 all": (gn(over=(0, 1, 2)), ("all entries",)),
    "G08 instance norm": (five((3, 4)), ("instance norm",)),
    "G09 batch norm": (five((0, 3, 4)), ("batch norm",)),
    "G10 group's channels only": (five(2), ("every pixel",)),
    "G11 rows left out": (five((2, 4)), ("axes (2, 4)", "(2, 3, 4)")),
    "G12 interleaved": (gn(lambda n, c, h, w, k: (n, c // k, k, h, w), (1, 3, 4)), ("interleaved",)),
    "G13 groups last": (gn(lambda n, c, h, w, k: (n, -1, k), 1), ("reshape(N, −1, groups)", "neighbour")),
    "G14 groups first": (gn(lambda n, c, h, w, k: (k, -1), 1), ("axis 0", "samples")),
    "G15 (k, n, -1)": (gn(lambda n, c, h, w, k: (k, n, -1), (1, 2)), ("samples",)),
    "G16 size for number": (gn(lambda n, c, h, w, k: (n, c // k, -1), 2), ("swapped",)),
    "G17 channels last": (gn(lambda n, c, h, w, k: (n, h, w, k, c // k), (1, 2, 4)), ("(N, H, W, C)",)),
    "G18 transposed first": (gn(order=(0, 2, 3, 1)), ("do not transpose",)),
    "G19 n - 1 and eps outside": (
        gn(norm=lambda x, a, e: outside_root(x, a, e, 1)), ("n - 1", "outside the root")),
    "G20 n - 1": (gn(norm=lambda x, a, e: std(x, a, e, 1)), ("n - 1",), ("outside",)),
    "G21 eps outside": (gn(norm=outside_root), ("outside the root",), ("n - 1",)),
    "G22 eps 1e-5": (gn(norm=lambda x, a, e: std(x, a, 1e-5)), ("ε", "1e-05", "handed in")),
    "G23 eps 1e-3": (gn(norm=lambda x, a, e: std(x, a, 1e-3)), ("ε", "0.001", "handed in")),
    "G24 no eps": (gn(norm=lambda x, a, e: std(x, a, 0)), ("ε is missing",)),
    "G25 spread of the batch": (gn(norm=mixed(2, (0, 2))), ("variance", "batch")),
    "G26 mean of the batch": (gn(norm=mixed((0, 2), 2)), ("mean", "batch")),
    "G27 γ per group": (
        gn(out=lambda h, g, b: nchw(h, np.repeat(g[: 4 if len(g) == 8 else 3],
            len(g) // (4 if len(g) == 8 else 3)),
                                    np.repeat(b[: 4 if len(g) == 8 else 3],
                                        len(g) // (4 if len(g) == 8 else 3)))),
        ("groups", "channel", "γ")),
    "G28 γ forgotten": (gn(out=lambda h, g, b: nchw(h, g**0, b)), ("γ is forgotten",)),
    "G29 both forgotten": (gn(out=lambda h, g, b: h), ("γ and β are forgotten",)),
    "G30 four always": (fixed(4), ("handed in",)),
    "G31 interleaved, n - 1": (
        gn(lambda n, c, h, w, k: (n, c // k, k, h, w), (1, 3, 4), lambda x, a, e: std(x, a, e, 1)),
        ("interleaved", "n - 1")),
    "G32 grouped shape": (lambda x, g, b, k, e: std(x.reshape(len(x), k, -1), 2, e), ("reshape(x.shape)",)),
    "G33 mean not subtracted": (
        gn(norm=lambda x, a, e: x / np.sqrt(x.var(a, keepdims=True) + e)), ("subtract the mean",)),
    "G34 no root": (
        gn(norm=lambda x, a, e: (x - x.mean(a, keepdims=True)) / (x.var(a, keepdims=True) + e)),
        ("divide by the variance",)),
    "G35 unknown": (gn(norm=lambda x, a, e: np.tanh(std(x, a, e))), ("should be", "Look at")),
    "G36 γ mean": (gn(out=lambda h, g, b: g.mean() * h + b.mean()), ("averaged",)),
    "G37 batch, γ forgotten": (
        five((0, 3, 4), out=lambda h, g, b: nchw(h, g**0, b)), ("batch norm", "γ is")),
    "G38 no keepdims": (
        lambda x, g, b, k, e: (z := x.reshape(len(x), k, -1)) - z.mean(2), ("keepdims",)),
    "G39 sum": (
        gn(norm=lambda x, a, e: (c := x - x.mean(a, keepdims=True)) / np.sqrt((c**2).sum(a,
            keepdims=True) + e)),
        ("divide the variance by n",)),
}  # fmt: skip


def split(x, g, b, k, e):
    return nchw(np.concatenate([std(part, (1, 2, 3), e) for part in np.split(x, k, axis=1)], axis=1), g, b)


def group_loops(x, g, b, k, e):
    y, size = [], x.shape[1] // k
    for image in x:
        y.append([])
        for c in range(x.shape[1]):
            of = image[c // size * size : (c // size + 1) * size]
            y[-1].append(g[c] * (image[c] - of.mean()) / (of.var() + e) ** 0.5 + b[c])
    return y


def by_einsum(x, g, b, k, e):
    z = x.reshape(len(x), k, -1)
    c = z - np.einsum("nkj->nk", z)[:, :, None] / z.shape[2]
    v = np.einsum("nkj,nkj->nk", c, c) / z.shape[2]
    return (
        np.einsum("c,nchw->nchw", g, (c / np.sqrt(v + e)[:, :, None]).reshape(x.shape)) + b[:, None, None]
    )


GROUP_RIGHT = {
    "split": split,
    "loops": group_loops,
    "einsum": by_einsum,
    "five axes": five((2, 3, 4)),
    "rows": gn(lambda n, c, h, w, k: (n * k, -1), 1),
    "float32": lambda x, g, b, k, e: gn()(x.astype(np.float32), g, b, k, e).astype(np.float32),
    "γ in groups": lambda x, g, b, k, e: (
        std(z := x.reshape(len(x), k, x.shape[1] // k, -1),
        (2, 3), e) * g.reshape(k, -1, 1) + b.reshape(k, -1, 1)
    ).reshape(x.shape) + 0 * z.sum(),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYER_WRONG)
def test_wrong_layer_norm(name):
    try_wrong(check_layer_norm, LAYER_WRONG[name])


@pytest.mark.parametrize("name", LAYER_RIGHT)
def test_right_layer_norm(name):
    try_right(check_layer_norm, LAYER_RIGHT[name])


@pytest.mark.parametrize("name", GROUP_WRONG)
def test_wrong_group_norm(name):
    try_wrong(check_group_norm, GROUP_WRONG[name])


@pytest.mark.parametrize("name", GROUP_RIGHT)
def test_right_group_norm(name):
    try_right(check_group_norm, GROUP_RIGHT[name])
