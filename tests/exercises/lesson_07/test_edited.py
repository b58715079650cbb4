"""Batch norm's backward pass, edited as students get it wrong: each row changes a right program."""

import pytest

from coursekit.exercises import check_batchnorm_backward, check_batchnorm_gamma_beta
from tests.exercises.answers import rows, try_edited

BACKWARD = """
def backward(dy, x, gamma, eps):
    n, k = x.shape
    mu = x.mean(axis=0)
    c = x - mu
    v = (c ** 2).mean(axis=0)
    s = np.sqrt(v + eps)
    x_hat = c / s
    dbeta = dy.sum(axis=0)
    dgamma = (dy * x_hat).sum(axis=0)
    dx_hat = gamma * dy
    dr = (dx_hat * c).sum(axis=0)
    ds = -dr / s ** 2
    dv = ds / (2 * s)
    dq = dv / n
    dc = dx_hat / s + 2 * c * dq
    dmu = -dc.sum(axis=0)
    dx = dc + dmu / n
    return dx, dgamma, dbeta
"""

BACKWARD_ROWS = {
    "2 eps": ("s = np.sqrt(v + eps) => s = np.sqrt(v + 2 * eps)", ("ε is added twice", "node s")),
    "2 eps in dx only": ("dx_hat = gamma * dy => s = np.sqrt(v + 2 * eps); dx_hat = gamma * dy", ("ε is added twice",)),
    "eps squared": ("s = np.sqrt(v + eps) => s = np.sqrt(v + eps ** 2)", ("ε is squared",)),
    "eps outside": ("s = np.sqrt(v + eps) => s = np.sqrt(v) + eps", ("outside the root",)),
    "n - 1 and eps outside": ("s = np.sqrt(v + eps) => s = x.std(axis=0, ddof=1) + eps", ("n − 1", "outside")),
    "n - 1 in s": ("v = (c ** 2).mean(axis=0) => v = x.var(axis=0, ddof=1)", ("n − 1",)),
    "no eps": ("np.sqrt(v + eps) => np.sqrt(v)", ("ε is forgotten",)),
    "no eps in dx": ("dx_hat = gamma * dy => s = np.sqrt(v); dx_hat = gamma * dy", ("ε is forgotten",)),
    "no eps in ds": ("-dr / s ** 2 => -dr / v", ("ε", "node r")),
    "no eps in dv": ("ds / (2 * s) => ds / (2 * np.sqrt(v))", ("ε", "root")),
    "eps 1e-3 in dx": ("dx_hat = gamma * dy => s = np.sqrt(v + 1e-3); dx_hat = gamma * dy", ("0.001", "handed in")),
    "eps 1e-5 in ds": ("-dr / s ** 2 => -dr / (v + 1e-5)", ("1e-05", "handed in", "node r")),
    "eps 1e-8 in the direct path": ("dc = dx_hat / s => dc = dx_hat / np.sqrt(v + 1e-8)", ("1e-08", "handed in")),
    "mean distance for s": ("s = np.sqrt(v + eps) => s = np.abs(c).mean(axis=0)", ("mean distance",)),
    "std for v": ("v = (c ** 2).mean(axis=0) => v = x.std(axis=0)", ("root twice",)),
    "cube root": ("s = np.sqrt(v + eps) => s = np.cbrt(v + eps)", ("third root",)),
    "s = v + eps": ("s = np.sqrt(v + eps) => s = v + eps", ("root is missing",)),
    "2c forgotten": ("2 * c * dq => c * dq", ("2", "node q")),
    "half forgotten": ("ds / (2 * s) => ds / s", ("½",)),
    "s forgotten in dv": ("ds / (2 * s) => ds / 2", ("power of s", "slope of the root")[:1]),
    "dv times": ("ds / (2 * s) => ds * 2 * s", ("node s",)),
    "sign of ds": ("ds = -dr => ds = dr", ("sign", "variance")),
    "sign of dmu": ("dmu = -dc => dmu = dc", ("sign", "mean")),
    "both signs": ("ds = -dr => ds = dr | dmu = -dc => dmu = dc", ("sign",)),
    "dmu from dx_hat": ("dmu = -dc.sum(axis=0) => dmu = -dx_hat.sum(axis=0)", ("mean", "division by s")),
    "dmu as a mean": ("dmu = -dc.sum(axis=0) => dmu = -dc.mean(axis=0)", ("divided by n twice", "mean")),
    "dmu without / n": ("dc + dmu / n => dc + dmu", ("1/n is missing", "μ")),
    "dq without / n": ("dq = dv / n => dq = dv", ("1/n is missing", "node v")),
    "dq / k": ("dq = dv / n => dq = dv / k", ("number of features", "node v")),
    "dmu / k": ("dc + dmu / n => dc + dmu / k", ("number of features", "node μ")),
    "dq / n², dmu / n²": ("dq = dv / n => dq = dv / n ** 2 | dmu / n => dmu / n ** 2", ("divided by n twice",)),
    "gamma forgotten": ("dx_hat = gamma * dy => dx_hat = dy", ("γ is forgotten",)),
    "gamma twice": ("dc + dmu / n => gamma * (dc + dmu / n)", ("γ is there twice",)),
    "gamma in dr only": ("dx_hat = gamma * dy => dx_hat = dy | dr = (dx_hat * => dr = (gamma * dx_hat *", ("γ is forgotten", "direct")),
    "dr with x": ("dr = (dx_hat * c) => dr = (dx_hat * x)", ("x stands", "node r")),
    "dr with x_hat": ("dr = (dx_hat * c) => dr = (dx_hat * x_hat)", ("division by s too many",)),
    "dr not summed": ("dr = (dx_hat * c).sum(axis=0) => dr = dx_hat * c", ("sum", "node r")),
    "dr a mean": ("dr = (dx_hat * c).sum(axis=0) => dr = (dx_hat * c).mean(axis=0)", ("divided by n twice",)),
    "dr over axis 1": ("dr = (dx_hat * c).sum(axis=0) => dr = (dx_hat * c).sum(axis=1, keepdims=True)", ("features", "axis 1")),
    "overwrites": ("dc = dx_hat / s + 2 * c * dq => dc = 2 * c * dq", ("direct",)),
    "mean path forgotten": ("dx = dc + dmu / n => dx = dc", ("mean is missing",)),
    "variance path forgotten": ("+ 2 * c * dq => ", ("variance is missing",)),
    "dx is dmu": ("dx = dc + dmu / n => dx = dmu / n + 0 * c", ("mean", "direct", "missing")[1:]),
    "dgamma a mean": ("dgamma = (dy * x_hat).sum(axis=0) => dgamma = (dy * x_hat).mean(axis=0)", ("dgamma", "mean")),
    "dgamma of x": ("dgamma = (dy * x_hat) => dgamma = (dy * x)", ("node γ", "x̂")),
    "dgamma of c": ("dgamma = (dy * x_hat) => dgamma = (dy * c)", ("division by s",)),
    "dgamma of y": ("dgamma = (dy * x_hat) => dgamma = (gamma * dy * x_hat)", ("γ does not belong",)),
    "dbeta of dx_hat": ("dbeta = dy.sum(axis=0) => dbeta = (gamma * dy).sum(axis=0)", ("node β", "γ does not belong")),
    "dbeta keepdims": ("dbeta = dy.sum(axis=0) => dbeta = dy.sum(axis=0, keepdims=True)", ("keepdims",)),
    "dbeta everything": ("dbeta = dy.sum(axis=0) => dbeta = dy.sum()", ("summed over everything",)),
    "x in place": ("c = x - mu => x -= mu; c = x", ("changes",)),
    "dy in place": ("dx_hat = gamma * dy => dy *= gamma; dx_hat = dy", ("changes",)),
    "order": ("return dx, dgamma, dbeta => return dx, dbeta, dgamma", ("place",)),
    "mu over axis 1": ("mu = x.mean(axis=0) => mu = x.mean(axis=1, keepdims=True)", ("features",)),
    "v over all": ("v = (c ** 2).mean(axis=0) => v = (c ** 2).mean()", ("all entries",)),
    "dv times n": ("dq = dv / n => dq = dv * n", ("n² times", "multiplied by n")[1:]),
    "1/sqrt stored as ivar, used as s": ("dc = dx_hat / s + => dc = dx_hat * s +", ("multiplied by s",)),
    "n - 1 in dq": ("dq = dv / n => dq = dv / (n - 1)", ("n − 1", "node v")),
    "n - 1 in both": ("dq = dv / n => dq = dv / (n - 1) | dmu / n => dmu / (n - 1)", ("n − 1",)),
    "forgotten return": ("    return dx, dgamma, dbeta\n => ", ("return is missing",), ("replace",)),
}  # fmt: skip

BACKWARD_RIGHT = {
    "as it is": "",
    "short": "dx = dc + dmu / n => dx = gamma / s * (dy - dbeta / n - x_hat * dgamma / n)",
    "paper": "dx = dc + dmu / n => dv = -0.5 * (dx_hat * c).sum(0) * (v + eps) ** -1.5; dm = -dx_hat.sum(0) / s - 2 * dv * c.mean(0); dx = dx_hat / s + dv * 2 * c / n + dm / n",
    "projection": "dx = dc + dmu / n => P = np.eye(n) - 1 / n; dx = (P @ dx_hat - x_hat * (x_hat * dx_hat).mean(0)) / s",
    "loops": "dx = dc + dmu / n => dx = np.array([[gamma[j] / s[j] * (dy[i, j] - dbeta[j] / n - x_hat[i, j] * dgamma[j] / n) for j in range(k)] for i in range(n)])",
    "jacobian": "dx = dc + dmu / n => dx = np.stack([((np.eye(n) - 1 / n - np.outer(h, h) / n) / t).T @ d for h, t, d in zip(x_hat.T, s, dx_hat.T)], axis=1)",
    "list": "return dx, dgamma, dbeta => return [dx, list(dgamma), dbeta]",
    "einsum": "dgamma = (dy * x_hat).sum(axis=0) => dgamma = np.einsum('ij,ij->j', dy, x_hat)",
}  # fmt: skip

SUMS = """
def sums(dy, x_hat):
    n, k = dy.shape
    dbeta = dy.sum(axis=0)
    dgamma = (dy * x_hat).sum(axis=0)
    return dgamma, dbeta
"""

SUMS_ROWS = {
    "means": ("dbeta = dy.sum => dbeta = dy.mean | dgamma = (dy * x_hat).sum => dgamma = (dy * x_hat).mean", ("mean",)),
    "mean of dgamma": ("dgamma = (dy * x_hat).sum => dgamma = (dy * x_hat).mean", ("dgamma", "mean")),
    "axis 1": ("dbeta = dy.sum(axis=0) => dbeta = dy.sum(axis=1)", ("features", "axis=0")),
    "dgamma axis 1": ("dgamma = (dy * x_hat).sum(axis=0) => dgamma = (dy * x_hat).sum(axis=1)", ("features", "axis=0")),
    "keepdims": ("dbeta = dy.sum(axis=0) => dbeta = dy.sum(axis=0, keepdims=True)", ("keepdims",)),
    "dgamma keepdims": ("dgamma = (dy * x_hat).sum(axis=0) => dgamma = (dy * x_hat).sum(axis=0, keepdims=True)", ("keepdims",)),
    "all": ("dgamma = (dy * x_hat).sum(axis=0) => dgamma = (dy * x_hat).sum()", ("everything",)),
    "not summed": ("dgamma = (dy * x_hat).sum(axis=0) => dgamma = dy * x_hat", ("Sum over the samples",)),
    "beta not summed": ("dbeta = dy.sum(axis=0) => dbeta = dy", ("Sum over the samples",)),
    "matrix product": ("dgamma = (dy * x_hat).sum(axis=0) => dgamma = dy.T @ x_hat", ("entry by entry",)),
    "matrix product, n": ("dgamma = (dy * x_hat).sum(axis=0) => dgamma = dy @ x_hat.T", ("entry by entry",)),
    "product of sums": ("dgamma = (dy * x_hat).sum(axis=0) => dgamma = dy.sum(axis=0) * x_hat.sum(axis=0)", ("sum of x̂ alone",)),
    "only x_hat": ("dgamma = (dy * x_hat).sum => dgamma = x_hat.sum", ("x̂ alone",)),
    "ones": ("dbeta = dy.sum(axis=0) => dbeta = np.ones(k)", ("1",)),
    "n": ("dbeta = dy.sum(axis=0) => dbeta = np.full(k, float(n))", ("δ is not in it",)),
    "swapped": ("return dgamma, dbeta => return dbeta, dgamma", ("place",)),
    "dgamma in both": ("dbeta = dy.sum => dbeta = (dy * x_hat).sum", ("that is dgamma",)),
    "dbeta in both": ("dgamma = (dy * x_hat).sum => dgamma = dy.sum", ("that is dbeta",)),
    "minus": ("return dgamma, dbeta => return -dgamma, -dbeta", ("sign",)),
    "minus in dgamma": ("return dgamma, dbeta => return -dgamma, dbeta", ("sign",)),
    "squares": ("dgamma = (dy * x_hat) => dgamma = (dy * x_hat ** 2)", ("squared",)),
    "over n - 1": ("return dgamma, dbeta => return dgamma / (n - 1), dbeta", ("n − 1",)),
    "over k": ("return dgamma, dbeta => return dgamma, dbeta / k", ("number of features",)),
    "over n twice": ("return dgamma, dbeta => return dgamma / n ** 2, dbeta / n ** 2", ("n twice",)),
    "first only": ("dbeta = dy.sum(axis=0) => dbeta = dy[0]", ("first sample",)),
    "last only, in a loop": ("dbeta = dy.sum(axis=0) => dbeta = 0; dbeta = [d for d in dy][-1]", ("last sample",)),
    "absolute": ("dbeta = dy.sum(axis=0) => dbeta = np.abs(dy).sum(axis=0)", ("sign of δ",)),
    "normalized": ("return dgamma, dbeta => return dgamma / np.linalg.norm(dgamma), dbeta", ("should be",)),
    "column": ("return dgamma, dbeta => return dgamma[:, None], dbeta", ("column",)),
    "one thing": ("return dgamma, dbeta => return dgamma + dbeta", ("2 arrays",)),
    "in place": ("dgamma = (dy * x_hat).sum(axis=0) => dy *= x_hat; dgamma = dy.sum(axis=0)", ("changes",)),
    "cumulative": ("dbeta = dy.sum(axis=0) => dbeta = np.cumsum(dy, axis=0)", ("Sum over the samples", "cumsum")[:1]),
    "dict": ("return dgamma, dbeta => return {'gamma': dgamma, 'beta': dbeta}", ("2 arrays",)),
    "forgotten return": ("    return dgamma, dbeta\n => ", ("return is missing",)),
}  # fmt: skip

SUMS_RIGHT = {
    "as it is": "",
    "einsum": "dgamma = (dy * x_hat).sum(axis=0) => dgamma = np.einsum('nk,nk->k', dy, x_hat)",
    "ones": "dbeta = dy.sum(axis=0) => dbeta = np.ones(n) @ dy",
    "diagonal": "dgamma = (dy * x_hat).sum(axis=0) => dgamma = np.diag(dy.T @ x_hat)",
    "loop": "dbeta = dy.sum(axis=0) => dbeta = sum(row for row in dy)",
    "transposed": "dbeta = dy.sum(axis=0) => dbeta = dy.T.sum(axis=1)",
    "vdot": "dgamma = (dy * x_hat).sum(axis=0) => dgamma = [np.vdot(a, b) for a, b in zip(dy.T, x_hat.T)]",
}


@pytest.mark.parametrize("row", rows(BACKWARD_ROWS, BACKWARD_RIGHT))
def test_backward(row):
    try_edited(check_batchnorm_backward, BACKWARD, row)


@pytest.mark.parametrize("row", rows(SUMS_ROWS, SUMS_RIGHT))
def test_sums(row):
    try_edited(check_batchnorm_gamma_beta, SUMS, row)
