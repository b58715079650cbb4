"""The backward pass of batch norm as students write it: stages, the paper's formulas, the short form."""

import numpy as np
import pytest

from coursekit.exercises import check_batchnorm_backward, check_batchnorm_gamma_beta
from tests.exercises.answers import try_right, try_wrong


def paper(dvar=None, dmean=None, dx=None, dxhat=None, sums=None, eps=None, ddof=0):
    """The paper's formulas, with one line replaced. A line is given n, c, v, e, s and what came before."""

    def backward(dy, x, gamma, e):
        e = e if eps is None else eps
        n, mu, v = len(x), x.mean(0), x.var(0, ddof=ddof)
        c, s = x - mu, np.sqrt(v + e)
        known = {"dy": dy, "x": x, "g": gamma, "n": n, "c": c, "v": v, "e": e, "s": s, "k": x.shape[1]}

        def line(name, change, usual):
            known[name] = eval(change or usual, {"np": np}, known)

        line("dxh", dxhat, "dy * g")
        line("dv", dvar, "(dxh * c).sum(0) * -0.5 * (v + e) ** -1.5")
        line("dm", dmean, "(-dxh / s).sum(0) + dv * (-2 * c).mean(0)")
        line("dx", dx, "dxh / s + dv * 2 * c / n + dm / n")
        line("ends", sums, "((dy * c / s).sum(0), dy.sum(0))")
        return known["dx"], *known["ends"]

    return backward


def short(formula, sums="((dy * h).sum(0), dy.sum(0))"):
    """The closed form; `formula` is of n, dy, h (x̂), s, g, c, db, dg."""

    def backward(dy, x, gamma, eps):
        c, s = x - x.mean(0), np.sqrt(x.var(0) + eps)
        known = {
            "dy": dy,
            "x": x,
            "g": gamma,
            "n": len(x),
            "c": c,
            "s": s,
            "h": c / s,
            "k": x.shape[1],
            "e": eps,
        }
        known |= {"db": dy.sum(0), "dg": (dy * c / s).sum(0), "v": x.var(0)}
        return eval(formula, {"np": np}, known), *eval(sums, {"np": np}, known)

    return backward


RIGHT_DX = "g / s / n * (n * dy - db - h * dg)"
OUTSIDE = (
    "g / (np.sqrt(v) + e) * (dy - dy.mean(0) - c / (np.sqrt(v) + e) * (dy * c / (np.sqrt(v) + e)).mean(0))"
)

WRONG = {
    "B01 dv without ε": (paper(dvar="(dxh * c).sum(0) * -0.5 * v ** -1.5"), ("ε", "variance")),
    "B02 mean and direct without ε": (
        paper(dmean="(-dxh / np.sqrt(v)).sum(0)", dx="dxh / np.sqrt(v) + dv * 2 * c / n + dm / n"), ("ε",)),
    "B03 dm without ε": (paper(dmean="(-dxh / np.sqrt(v)).sum(0)"), ("ε", "mean")),
    "B04 direct path without ε": (paper(dx="dxh / np.sqrt(v) + dv * 2 * c / n + dm / n"), ("ε", "direct")),
    "B05 ε 1e-5 in dv": (paper(dvar="(dxh * c).sum(0) * -0.5 * (v + 1e-5) ** -1.5"), ("ε", "handed in")),
    "B06 ε 1e-8 everywhere": (paper(eps=1e-8), ("ε", "handed in")),
    "B07 ε 1e-5 everywhere": (paper(eps=1e-5), ("ε", "handed in")),
    "B08 no ε": (paper(eps=0.0), ("ε is forgotten",)),
    "B09 n - 1": (paper(ddof=1), ("n − 1",)),
    "B10 own sample": (
        short("g * dy * (1 - 1 / n - h ** 2 / n) / s"), ("other", "sample")),
    "B11 own sample, mean only": (short("g * dy * (1 - 1 / n) / s"), ("other", "sample")),
    "B12 features for samples": (short("g / s / k * (k * dy - db - h * dg)"), ("features",)),
    "B13 features in dv": (paper(dx="dxh / s + dv * 2 * c / k + dm / n"), ("features",)),
    "B14 features in dm": (paper(dx="dxh / s + dv * 2 * c / n + dm / k"), ("features",)),
    "B15 size for n": (paper(dx="dxh / s + dv * 2 * c / dy.size + dm / dy.size"), ("all entries",)),
    "B16 dv sign": (paper(dvar="(dxh * c).sum(0) * 0.5 * (v + e) ** -1.5"), ("sign", "variance")),
    "B17 dv without 1/2": (paper(dvar="-(dxh * c).sum(0) * (v + e) ** -1.5"), ("½",)),
    "B18 dv power -1/2": (paper(dvar="(dxh * c).sum(0) * -0.5 * (v + e) ** -0.5"), ("s² is missing",)),
    "B19 dv power -1": (paper(dvar="(dxh * c).sum(0) * -0.5 / (v + e)"), ("one power of s",)),
    "B20 dv power -3": (paper(dvar="(dxh * c).sum(0) * -0.5 * (v + e) ** -3"), ("too many",)),
    "B21 dv power 1.5": (paper(dvar="(dxh * c).sum(0) * -0.5 * (v + e) ** 1.5"), ("sign of the power",)),
    "B22 dv of x": (paper(dvar="(dxh * x).sum(0) * -0.5 * (v + e) ** -1.5"), ("x stands in place of c",)),
    "B23 2x for 2c": (paper(dx="dxh / s + dv * 2 * x / n + dm / n"), ("x stands in place of c",)),
    "B24 2 forgotten": (paper(dx="dxh / s + dv * c / n + dm / n"), ("factor 2",)),
    "B25 n forgotten in dv": (paper(dx="dxh / s + dv * 2 * c + dm / n"), ("1/n is missing at the node v",)),
    "B26 n forgotten in dm": (paper(dx="dxh / s + dv * 2 * c / n + dm"), ("1/n is missing at the node μ",)),
    "B27 dm forgotten": (paper(dx="dxh / s + dv * 2 * c / n"), ("mean is missing",)),
    "B28 dv forgotten": (paper(dx="dxh / s + dm / n"), ("variance is missing",)),
    "B29 direct only": (paper(dx="dxh / s"), ("both paths",)),
    "B30 γ forgotten": (paper(dxhat="dy"), ("γ is forgotten",)),
    "B31 γ and ε forgotten": (paper(dxhat="dy", dvar="(dxh * c).sum(0) * -0.5 * v ** -1.5"), ("γ", "ε")),
    "B32 2 and n forgotten": (paper(dx="dxh / s + dv * c + dm / n"), ("factor 2", "1/n")),
    "B33 dv over all": (paper(dvar="(dxh * c).sum() * -0.5 * (v + e) ** -1.5"), ("axis",)),
    "B34 dm over all": (paper(dmean="(-dxh / s).sum()"), ("all entries",)),
    "B35 keepdims": (
        short(RIGHT_DX, "((dy * h).sum(0, keepdims=True), dy.sum(0, keepdims=True))"),
        ("(1, 3)", "keepdims")),
    "B36 matrix product": (short(RIGHT_DX, "(dy.T @ h, dy.sum(0))"), ("(3, 3)", "entry by entry")),
    "B37 axis 1": (short(RIGHT_DX, "((dy * h).sum(1), dy.sum(1))"), ("axis=0",)),
    "B38 column": (short(RIGHT_DX, "((dy * h).sum(1, keepdims=True), dy.sum(0))"), ("keepdims", "axis=0")),
    "B39 dgamma mean": (short(RIGHT_DX, "((dy * h).mean(0), dy.sum(0))"), ("dgamma", "mean")),
    "B40 both means": (short(RIGHT_DX, "((dy * h).mean(0), dy.mean(0))"), ("dbeta", "mean")),
    "B41 dgamma over features": (
        short(RIGHT_DX, "((dy * h).sum(0) / k, dy.sum(0))"), ("dgamma", "features")),
    "B42 dgamma without ε": (short(RIGHT_DX, "((dy * c / np.sqrt(v)).sum(0), dy.sum(0))"), ("dgamma", "ε")),
    "B43 dgamma ε 1e-5": (
        short(RIGHT_DX, "((dy * c / np.sqrt(v + 1e-5)).sum(0), dy.sum(0))"), ("dgamma", "ε", "handed in")),
    "B44 dgamma of x": (short(RIGHT_DX, "((dy * x).sum(0), dy.sum(0))"), ("dgamma", "uses x;")),
    "B45 γ in dgamma": (
        short(RIGHT_DX, "((dy * h * g).sum(0), dy.sum(0))"), ("dgamma", "γ does not belong")),
    "B46 last sample only": (short(RIGHT_DX, "((dy * h)[-1], dy.sum(0))"), ("last sample",)),
    "B47 total in all": (short(RIGHT_DX, "((dy * h).sum(0), 0 * g + dy.sum())"), ("everything",)),
    "B48 n times too large": (short("g / s * (n * dy - db - h * dg)"), ("divide the whole by n",)),
    "B49 plus": (short("g / s / n * (n * dy - db + h * dg)"), ("sign", "variance")),
    "B50 dg without x̂": (short("g / s / n * (n * dy - db - dg)"), ("x̂ is missing",)),
    "B51 c for x̂": (short("g / s / n * (n * dy - db - c * dg)"), ("s",)),
    "B52 x for x̂": (short("g / s / n * (n * dy - db - x * dg)"), ("x stands where x̂",)),
    "B53 axis 1 in the short form": (
        short("g / s * (dy - dy.mean(1, keepdims=True) - h * (dy * h).mean(1, keepdims=True))"),
        ("features",)),
    "B54 ε outside": (short(OUTSIDE), ("outside the root",)),
    "B55 no s": (short("g / n * (n * dy - db - h * dg)"), ("not divided by s",)),
    "B56 divided by v + ε": (short("g / s ** 2 / n * (n * dy - db - h * dg)"), ("root is missing",)),
    "B57 n - 1 in the mean": (
        paper(dx="dxh / s + dv * 2 * c / n + dm / (n - 1)"), ("n − 1 at the node μ",)),
    "B58 batch of 8": (short("g / s / 8 * (8 * dy - db - h * dg)"), ("size fixed",)),
    "B59 returns dy": (short("dy"), ("dy as it came",)),
    "B60 stops at x̂": (short("dy * g"), ("stops at x̂",)),
    "B61 unknown": (short("np.sin(dy) * h"), ("no sum of the three paths", "look at"), ("In dx, dx",)),
    "B62 forgot return": (
        lambda dy, x, g, e: np.copyto(dy.copy(), x), ("return is missing",), ("replace",)),
    "B63 transposed": (short("dy.T"), ("(n, K)",)),
    "B64 summed dx": (short("dy.sum(0)"), ("summed",)),
    "B65 direct twice": (paper(dx="2 * dxh / s + dv * 2 * c / n + dm / n"), ("twice",)),
    "B66 dm not negative": (paper(dmean="(dxh / s).sum(0)"), ("sign", "mean")),
    "B67 dm with x": (
        paper(dmean="(-dxh / s).sum(0) + dv * (-2 * x).mean(0)"), ("x stands in place of c",)),
    "B68 n - 1 and γ forgotten": (
        paper(ddof=1, dxhat="dy", sums="((dy * c / np.sqrt(c.var(0) + e)).sum(0), dy.sum(0))"),
                                  ("n − 1", "γ")),
}  # fmt: skip


def stages(dy, x, g, e):
    n = x.shape[0]
    mu = 1 / n * x.sum(axis=0)
    c = x - mu
    s = np.sqrt(1 / n * (c**2).sum(axis=0) + e)
    r = 1 / s
    dxh = dy * g
    dr = (dxh * c).sum(axis=0)
    dsq = 1 / n * np.ones_like(x) * 0.5 / s * (-1 / s**2) * dr
    dc = dxh * r + 2 * c * dsq
    return dc + 1 / n * np.ones_like(x) * -dc.sum(axis=0), (dy * c * r).sum(axis=0), dy.sum(axis=0)


def einsum(dy, x, g, e):
    c = x - np.einsum("ik->k", x) / len(x)
    r = (np.einsum("ik,ik->k", c, c) / len(x) + e) ** -0.5
    dgamma, dbeta = np.einsum("ik,ik,k->k", dy, c, r), np.einsum("ik->k", dy)
    return np.einsum("ik,k->ik", dy - dbeta / len(x) - c * r * dgamma / len(x), g * r), dgamma, dbeta


def loops(dy, x, g, e):
    n, k = x.shape
    dx, dgamma, dbeta = [[0.0] * k for _ in range(n)], [0.0] * k, [0.0] * k
    for j in range(k):
        mu = sum(x[:, j]) / n
        s = (sum((x[i, j] - mu) ** 2 for i in range(n)) / n + e) ** 0.5
        h = [(x[i, j] - mu) / s for i in range(n)]
        dbeta[j] = float(sum(dy[:, j]))
        dgamma[j] = float(sum(dy[i, j] * h[i] for i in range(n)))
        for i in range(n):
            dx[i][j] = g[j] / s * (dy[i, j] - dbeta[j] / n - h[i] * dgamma[j] / n)
    return dx, dgamma, dbeta


def in_float32(dy, x, g, e):
    return tuple(
        one.astype(np.float32) for one in short(RIGHT_DX)(*(a.astype(np.float32) for a in (dy, x, g)), e)
    )


def transposed(dy, x, g, e):
    t, d = np.moveaxis(x, 0, 1), dy.T
    c = t - t.mean(1, keepdims=True)
    s = np.sqrt(c.var(1, keepdims=True) + e)
    inner = d - d.mean(1, keepdims=True) - c / s * (d * c / s).mean(1, keepdims=True)
    return (g[:, None] / s * inner).T, (d * c / s).sum(1), d.sum(1)


def in_place(dy, x, g, e):
    dy = dy.copy()
    dbeta, h = dy.sum(0), (x - x.mean(0)) / np.sqrt(x.var(0) + e)
    dgamma = (dy * h).sum(0)
    dy -= dbeta / len(x)
    dy -= h * (dgamma / len(x))
    dy *= g / np.sqrt(x.var(0) + e)
    return [dy, dgamma, dbeta]


RIGHT = {f.__name__: f for f in (stages, einsum, loops, in_float32, transposed, in_place)} | {
    "paper": paper(), "short": short(RIGHT_DX)
}  # fmt: skip


def sums(formula):
    return lambda dy, x_hat: eval(
        formula, {"np": np}, {"d": dy, "h": x_hat, "n": len(dy), "k": dy.shape[1]}
    )


SUMS_WRONG = {
    "both means": (sums("((d * h).mean(0), d.mean(0))"), ("dbeta", "mean")),
    "gamma a mean": (sums("((d * h).mean(0), d.sum(0))"), ("dgamma", "mean")),
    "beta a mean": (sums("((d * h).sum(0), d.mean(0))"), ("dbeta", "mean")),
    "swapped": (sums("(d.sum(0), (d * h).sum(0))"), ("each other's place",)),
    "axis 1": (sums("((d * h).sum(1), d.sum(1))"), ("features", "axis=0")),
    "axis -1": (sums("((d * h).sum(-1), d.sum(0))"), ("features", "axis=0")),
    "axis 1, kept": (sums("((d * h).sum(1, keepdims=True), d.sum(0))"), ("keepdims", "axis=0")),
    "everything": (sums("((d * h).sum(), d.sum())"), ("everything",)),
    "everything, kept": (sums("((d * h).sum(keepdims=True), d.sum(0))"), ("everything", "keepdims")),
    "keepdims": (sums("((d * h).sum(0, keepdims=True), d.sum(0, keepdims=True))"), ("(1, 3)", "keepdims")),
    "keepdims of beta": (
        sums("((d * h).sum(0), d.sum(0, keepdims=True))"),
        ("dbeta", "(1, 3)", "keepdims"),
    ),
    "not summed": (sums("(d * h, d)"), ("Sum over the samples",)),
    "beta not summed": (sums("((d * h).sum(0), d)"), ("dbeta", "Sum over the samples")),
    "matrix product": (sums("(d.T @ h, d.sum(0))"), ("entry by entry",)),
    "the other product": (sums("(h @ d.T, d.sum(0))"), ("entry by entry",)),
    "no δ": (sums("(h.sum(0), d.sum(0))"), ("dgamma",)),
    "no x̂": (sums("(d.sum(0), d.sum(0))"), ("x̂ is missing",)),
    "product of sums": (sums("(d.sum(0) * h.sum(0), d.sum(0))"), ("it is 0",)),
    "n for beta": (sums("((d * h).sum(0), np.full(k, float(n)))"), ("δ is not in it",)),
    "ones for beta": (sums("((d * h).sum(0), np.ones(k))"), ("dbeta",)),
    "signs": (sums("(-(d * h).sum(0), -d.sum(0))"), ("sign",)),
    "divided by K": (sums("((d * h).sum(0) / k, d.sum(0))"), ("features",)),
    "divided by all": (sums("((d * h).sum(0) / d.size, d.sum(0))"), ("all entries",)),
    "x̂ squared": (sums("((d * h ** 2).sum(0), d.sum(0))"), ("squared",)),
    "last sample": (sums("((d * h)[-1], d.sum(0))"), ("last sample",)),
    "first sample of beta": (sums("((d * h).sum(0), d[0])"), ("first sample",)),
    "x̂ in beta": (sums("((d * h).sum(0), (d * h).sum(0))"), ("dbeta", "dgamma")),
    "forgot return": (lambda d, h: d.copy().sort(), ("return is missing",)),
    "one array": (sums("(d * h).sum(0)"), ("2 arrays",)),
    "column": (sums("((d * h).sum(0)[:, None], d.sum(0))"), ("(3, 1)",)),
    "unknown": (sums("(np.sin((d * h).sum(0)), d.sum(0))"), ("should be", "yours is")),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name):
    try_wrong(check_batchnorm_backward, WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name):
    try_right(check_batchnorm_backward, RIGHT[name])


@pytest.mark.parametrize("name", SUMS_WRONG)
def test_wrong_sums(name):
    try_wrong(check_batchnorm_gamma_beta, SUMS_WRONG[name])
