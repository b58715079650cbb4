"""Layer norm and group norm, edited as students get them wrong: each row changes a right program."""

import pytest

from coursekit.exercises import check_group_norm, check_layer_norm
from tests.exercises.answers import rows, try_edited

LAYER = """
def layer_norm(x, gamma, beta, eps):
    n, k = x.shape
    mu = x.mean(axis=1, keepdims=True)
    c = x - mu
    v = (c ** 2).mean(axis=1, keepdims=True)
    x_hat = c / np.sqrt(v + eps)
    y = gamma * x_hat + beta
    return y
"""

LAYER_ROWS = {
    "mean distance": ("(c ** 2).mean => np.abs(c).mean", ("mean distance", "square")),
    "mean distance divides": ("np.sqrt(v + eps) => (np.abs(c).mean(axis=1, keepdims=True) + eps)", ("mean distance",)),
    "affine twice": ("y = gamma * x_hat + beta => y = gamma * (gamma * x_hat + beta) + beta", ("applied twice",)),
    "2 eps": ("v + eps => v + 2 * eps", ("ε is added twice",)),
    "eps squared": ("v + eps => v + eps ** 2", ("ε is squared",)),
    "cube root": ("np.sqrt(v + eps) => np.cbrt(v + eps)", ("third root",)),
    "over n": ("(c ** 2).mean(axis=1, keepdims=True) => (c ** 2).sum(axis=1, keepdims=True) / n", ("other axis",)),
    "mu over n": ("mu = x.mean(axis=1, keepdims=True) => mu = x.sum(axis=1, keepdims=True) / n", ("mean", "other axis")),
    "over all entries": ("(c ** 2).mean(axis=1, keepdims=True) => (c ** 2).sum(axis=1, keepdims=True) / x.size", ("number of all entries",)),
    "n - 1, eps outside, 1e-6": ("np.sqrt(v + eps) => (x.std(axis=1, ddof=1, keepdims=True) + 1e-6)", ("n - 1", "ε", "1e-06")),
    "bert's 1e-12": ("v + eps => v + 1e-12", ("ε", "handed in")),
    "eps 1e-3": ("v + eps => v + 1e-3", ("ε", "0.001")),
    "mean of batch": ("mu = x.mean(axis=1, keepdims=True) => mu = x.mean(axis=0)", ("mean", "samples of the batch")),
    "spread of batch": ("v = (c ** 2).mean(axis=1, keepdims=True) => v = x.var(axis=0)", ("variance", "samples of the batch")),
    "all, no axis": ("mu = x.mean(axis=1, keepdims=True) => mu = x.mean() | (c ** 2).mean(axis=1, keepdims=True) => (c ** 2).mean()", ("one mean and one variance of all",)),
    "axis 0": ("mu = x.mean(axis=1 => mu = x.mean(axis=0 | (c ** 2).mean(axis=1 => (c ** 2).mean(axis=0", ("batch",)),
    "no keepdims": ("mu = x.mean(axis=1, keepdims=True) => mu = x.mean(axis=1) | (c ** 2).mean(axis=1, keepdims=True) => (c ** 2).mean(axis=1)", ("keepdims",)),
    "gamma a column": ("y = gamma * x_hat => y = gamma[:, None] * x_hat", ("γ",)),
    "x for c": ("x_hat = c / => x_hat = x /", ("subtract",)),
    "mean of squares": ("(c ** 2).mean => (x ** 2).mean", ("mean of x²",)),
    "std and eps outside, β forgotten": ("np.sqrt(v + eps) => (x.std(axis=1, keepdims=True) + eps) | y = gamma * x_hat + beta => y = gamma * x_hat", ("outside the root", "β is forgotten")),
    "in place": ("c = x - mu => x -= mu; c = x", ("changes",)),
    "gamma in place": ("y = gamma * => gamma *= 2; y = gamma / 2 *", ("changes",)),
    "forgotten return": ("    return y\n => ", ("return is missing",), ("replace",)),
    "returns more": ("return y => return y, mu, v", ("y",)),
    "returns one row": ("return y => return y[0]", ("shape",)),
    "returns the sum": ("return y => return y.sum(axis=0)", ("shape",)),
    "√v + √ε": ("np.sqrt(v + eps) => (np.sqrt(v) + np.sqrt(eps))", ("√v + √ε",)),
    "whole numbers": ("y = gamma * x_hat + beta => y = np.zeros(x.shape, dtype=int); y[:] = gamma * x_hat + beta", ("whole numbers",)),
    "rounded": ("y = gamma * x_hat + beta => y = np.round(gamma * x_hat + beta, 2)", ("rounded",)),
    "statistics of the neighbour": ("x_hat = c / np.sqrt(v + eps) => x_hat = c / np.sqrt(np.roll(v, 1, axis=0) + eps)", ("should be", "where √(v + ε) is")),
    "first sample for all": ("x_hat = c / np.sqrt(v + eps) => x_hat = (x - mu[0]) / np.sqrt(v[0] + eps)", ("first sample",)),
    "median": ("mu = x.mean(axis=1, keepdims=True) => mu = np.median(x, axis=1, keepdims=True)", ("median",)),
    "no eps, n - 1": ("np.sqrt(v + eps) => x.std(axis=1, ddof=1, keepdims=True)", ("n - 1", "ε is missing")),
    "1 + γ": ("y = gamma * x_hat => y = (1 + gamma) * x_hat", ("once more",)),
    "sigmoid at the end": ("return y => return 1 / (1 + np.exp(-y))", ("should be",)),
    "y divided by its length": ("return y => return y / np.linalg.norm(y, axis=1, keepdims=True)", ("should be",)),
    "eps also with the mean": ("c = x - mu => c = x - mu + eps", ("ε is added to x − μ",)),
    "running": ("v + eps => 0.9 * 1 + 0.1 * v + eps", ("running", "variance")),
}  # fmt: skip

LAYER_RIGHT = {
    "as it is": "",
    "transposed": "x_hat = c / np.sqrt(v + eps) => x_hat = ((x.T - x.mean(1)) / np.sqrt(x.var(1) + eps)).T",
    "negative axis": "mu = x.mean(axis=1, keepdims=True) => mu = np.mean(x, -1)[:, np.newaxis]",
    "E[x²] - μ²": "(c ** 2).mean(axis=1, keepdims=True) => (x ** 2).mean(axis=1, keepdims=True) - mu ** 2",
    "rows in a list": "return y => return [row.tolist() for row in y]",
    "power": "c / np.sqrt(v + eps) => c * (v + eps) ** -0.5",
    "sum over k": "(c ** 2).mean(axis=1, keepdims=True) => np.einsum('ij,ij->i', c, c)[:, None] / k",
}

GROUP = """
def group_norm(x, gamma, beta, groups, eps):
    n, c, h, w = x.shape
    r = x.reshape(n, groups, c // groups, h, w)
    mu = r.mean(axis=(2, 3, 4), keepdims=True)
    v = r.var(axis=(2, 3, 4), keepdims=True)
    x_hat = ((r - mu) / np.sqrt(v + eps)).reshape(n, c, h, w)
    y = gamma.reshape(1, -1, 1, 1) * x_hat + beta.reshape(1, -1, 1, 1)
    return y
"""

GROUP_ROWS = {
    "axis 1 of five": ("mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=1 | v = r.var(axis=(2, 3, 4) => v = r.var(axis=1", ("groups", "axis 1")),
    "(n, groups, -1), axis 1": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, groups, -1) | mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=1 | v = r.var(axis=(2, 3, 4) => v = r.var(axis=1", ("groups", "axis 1")),
    "batch and axis 1": ("mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=(0, 1) | v = r.var(axis=(2, 3, 4) => v = r.var(axis=(0, 1)", ("samples and groups",)),
    "groups first, batch inside": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(groups, -1) | mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=1 | v = r.var(axis=(2, 3, 4) => v = r.var(axis=1", ("across the samples",)),
    "(groups, n·…) after a transpose, axis 1": (
        "r = x.reshape(n, groups, c // groups, h, w) => r = x.transpose(1, 0, 2, 3).reshape(groups, -1) | mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=1 | v = r.var(axis=(2, 3, 4) => v = r.var(axis=1 | "
        ".reshape(n, c, h, w) => .reshape(c, n, h, w).transpose(1, 0, 2, 3)", ("the samples share",)),
    "keepdims wrong axis: (0, 2, 3, 4)": ("mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=(0, 2, 3, 4) | v = r.var(axis=(2, 3, 4) => v = r.var(axis=(0, 2, 3, 4)", ("batch",)),
    "mean over batch too": ("mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=(0, 2, 3, 4)", ("mean", "batch")),
    "mean distance": ("v = r.var(axis=(2, 3, 4), keepdims=True) => v = np.abs(r - mu).mean(axis=(2, 3, 4), keepdims=True)", ("mean distance",)),
    "affine twice": ("return y => return gamma.reshape(1, -1, 1, 1) * y + beta.reshape(1, -1, 1, 1)", ("applied twice",)),
    "2 eps": ("v + eps => v + 2 * eps", ("ε is added twice",)),
    "cube root": ("np.sqrt(v + eps) => np.cbrt(v + eps)", ("third root",)),
    "eps 1e-3": ("v + eps => v + 1e-3", ("0.001",)),
    "eps 1e-5 outside": ("np.sqrt(v + eps) => (np.sqrt(v) + 1e-5)", ("ε", "1e-05")),
    "n - 1 and eps outside": ("np.sqrt(v + eps) => (r.std(axis=(2, 3, 4), ddof=1, keepdims=True) + eps)", ("n - 1", "outside")),
    "channels last": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, h, w, groups, c // groups) | mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=(1, 2, 4) | v = r.var(axis=(2, 3, 4) => v = r.var(axis=(1, 2, 4)", ("(N, H, W, C)",)),
    "channels last, turned": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, h, w, groups, c // groups).transpose(0, 3, 4, 1, 2)", ("(N, H, W, C)",)),
    "size for number": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, c // groups, groups, h, w)", ("swapped",)),
    "interleaved": ("mu = r.mean(axis=(2, 3, 4) => r = x.reshape(n, c // groups, groups, h, w); mu = r.mean(axis=(1, 3, 4) | v = r.var(axis=(2, 3, 4) => v = r.var(axis=(1, 3, 4)", ("interleaved",)),
    "sums": ("v = r.var(axis=(2, 3, 4), keepdims=True) => v = ((r - mu) ** 2).sum(axis=(2, 3, 4), keepdims=True)", ("by n",)),
    "over h w": ("v = r.var(axis=(2, 3, 4), keepdims=True) => v = ((r - mu) ** 2).sum(axis=(2, 3, 4), keepdims=True) / (h * w)", ("H · W",)),
    "mean over h w": ("mu = r.mean(axis=(2, 3, 4), keepdims=True) => mu = r.sum(axis=(2, 3, 4), keepdims=True) / (h * w)", ("mean", "H · W")),
    "mean per channel": ("mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=(3, 4)", ("mean", "channel")),
    "spread per channel": ("v = r.var(axis=(2, 3, 4) => v = r.var(axis=(3, 4)", ("variance", "unlike")),
    "spread of channel means": ("v = r.var(axis=(2, 3, 4), keepdims=True) => v = r.mean(axis=(3, 4), keepdims=True).var(axis=2, keepdims=True)", ("channels' means",)),
    "std for var": ("r.var( => r.std(", ("root twice",)),
    "γ last axis": ("gamma.reshape(1, -1, 1, 1) * x_hat => gamma * x_hat", ("(1, C, 1, 1)",)),
    "γ as (C, 1)": ("gamma.reshape(1, -1, 1, 1) * x_hat => gamma[:, None] * x_hat", ("(1, C, 1, 1)",)),
    "γ before reshape by group": ("reshape(n, c, h, w)\n => reshape(n, c, h, w)\n    gamma, beta = np.repeat(gamma[:groups], c // groups), np.repeat(beta[:groups], c // groups)\n", ("γ", "groups")),
    "γ forgotten, n - 1": ("gamma.reshape(1, -1, 1, 1) * x_hat => x_hat | v = r.var( => v = r.var(ddof=1, ", ("γ is forgotten", "n - 1")),
    "in place": ("mu = r.mean( => r -= 0.5; mu = r.mean(", ("changes",)),
    "grouped shape returned": ("return y => return y.reshape(n, groups, -1)", ("reshape(x.shape)",)),
    "one group": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, 1, c, h, w)", ("one group",)),
    "groups of two": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, c // 2, 2, h, w)", ("2 channels",)),
    "two groups": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, 2, c // 2, h, w)", ("2 groups",)),
    "last group left out": ("return y => y[:, -(c // groups):] = x[:, -(c // groups):]; return y", ("wrong: channel",)),
    "first group's statistics": ("x_hat = ((r - mu) / np.sqrt(v + eps)) => x_hat = ((r - mu[:, :1]) / np.sqrt(v[:, :1] + eps))", ("Right: channel 0",)),
    "pixels cut": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.transpose(0, 2, 3, 1).reshape(n, groups, -1, 1, 1) | .reshape(n, c, h, w) => .reshape(n, h, w, c).transpose(0, 3, 1, 2)", ("rows of pixels",)),
    "no way back after a transpose": ("x_hat = ((r - mu) / np.sqrt(v + eps)).reshape => x_hat = ((r - mu) / np.sqrt(v + eps)).transpose(0, 2, 1, 3, 4).reshape", ("order",)),
    "forgotten return": ("    return y\n => ", ("return is missing",), ("replace",)),
    "bare reshape error": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, groups, groups, h, w)", ("reshape",)),
    "batch norm": ("r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, c, 1, h, w) | mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=(0, 2, 3, 4) | v = r.var(axis=(2, 3, 4) => v = r.var(axis=(0, 2, 3, 4)", ("batch norm",)),
}  # fmt: skip

GROUP_RIGHT = {
    "as it is": "",
    "three axes": "r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n, groups, -1) | mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=2 | v = r.var(axis=(2, 3, 4) => v = r.var(axis=-1",
    "rows": "r = x.reshape(n, groups, c // groups, h, w) => r = x.reshape(n * groups, -1) | mu = r.mean(axis=(2, 3, 4) => mu = r.mean(axis=1 | v = r.var(axis=(2, 3, 4) => v = r.var(axis=1",
    "columns": "x_hat = ((r - mu) / np.sqrt(v + eps)) => q = x.reshape(n * groups, -1).T; x_hat = ((q - q.mean(0)) / np.sqrt(q.var(0) + eps)).T",
    "affine in rows": "y = gamma.reshape(1, -1, 1, 1) * x_hat + beta.reshape(1, -1, 1, 1) => y = (gamma * x_hat.transpose(0, 2, 3, 1) + beta).transpose(0, 3, 1, 2)",
    "array_split": "return y => return np.concatenate([gamma[i, None, None] * ((q - q.mean((1, 2, 3), keepdims=True)) / np.sqrt(q.var((1, 2, 3), keepdims=True) + eps)) + beta[i, None, None] for i, q in zip(np.split(np.arange(c), groups), np.split(x, groups, 1))], axis=1)",
    "list": "return y => return y.tolist()",
}  # fmt: skip


@pytest.mark.parametrize("row", rows(LAYER_ROWS, LAYER_RIGHT))
def test_layer(row):
    try_edited(check_layer_norm, LAYER, row)


@pytest.mark.parametrize("row", rows(GROUP_ROWS, GROUP_RIGHT))
def test_group(row):
    try_edited(check_group_norm, GROUP, row)
