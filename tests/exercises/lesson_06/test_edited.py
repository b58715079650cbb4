"""Batch norm's forward pass, edited as students get it wrong: each row changes a right program."""

import pytest

from coursekit.exercises import check_batchnorm_channels, check_batchnorm_forward
from tests.exercises.answers import rows, try_edited

FORWARD = """
def forward(x, gamma, beta, mean, var, training, momentum, eps):
    n, k = x.shape
    if training:
        mu = x.mean(axis=0)
        c = x - mu
        v = (c ** 2).mean(axis=0)
        x_hat = c / np.sqrt(v + eps)
        mean = momentum * mean + (1 - momentum) * mu
        var = momentum * var + (1 - momentum) * v
    else:
        x_hat = (x - mean) / np.sqrt(var + eps)
    y = gamma * x_hat + beta
    return y, mean, var
"""

FORWARD_ROWS = {
    "x in place": ("c = x - mu => x -= mu; c = x", ("changes", "x"), ("running",)),
    "x in place in prediction": ("x_hat = (x - mean) / => x -= mean; x_hat = x /", ("changes",)),
    "gamma in place": ("y = gamma * x_hat + beta => gamma *= 1.1; y = gamma / 1.1 * x_hat + beta", ("changes", "gamma")),
    "beta in place": ("y = gamma * x_hat + beta => beta += 1; y = gamma * x_hat + beta - 1", ("changes", "beta")),
    "mean distance": ("(c ** 2).mean(axis=0) => np.abs(c).mean(axis=0)", ("mean distance", "square")),
    "affine twice": ("y = gamma * x_hat + beta => y = gamma * (gamma * x_hat + beta) + beta", ("γ and β are applied twice",)),
    "eps in v and again": ("(c ** 2).mean(axis=0) => (c ** 2).mean(axis=0) + eps", ("ε is added twice",)),
    "around the updated mean": (
        "c = x - mu => mean = momentum * mean + (1 - momentum) * mu; c = x - mean | "
        "\n        mean = momentum * mean + (1 - momentum) * mu\n        var => \n        var",
        ("training", "running", "updated")),
    "var the wrong way round": ("momentum * var + (1 - momentum) * v => (1 - momentum) * var + momentum * v", ("running variance", "wrong way round"), ("running mean",)),
    "eps outside in prediction": ("np.sqrt(var + eps) => (np.sqrt(var) + eps)", ("prediction", "outside the root")),
    "beta forgotten in prediction": ("np.sqrt(var + eps)\n => np.sqrt(var + eps)\n        return gamma * x_hat, mean, var\n", ("prediction", "β is forgotten")),
    "affine forgotten in prediction": ("np.sqrt(var + eps)\n => np.sqrt(var + eps)\n        return x_hat, mean, var\n", ("prediction", "γ and β are forgotten")),
    "no root in prediction": ("np.sqrt(var + eps) => (var + eps)", ("prediction", "divide by the variance")),
    "keras": ("np.sqrt(v + eps) => np.sqrt(v + 1e-3) | np.sqrt(var + eps) => np.sqrt(var + 1e-3) | momentum * mean + (1 - momentum) * => 0.99 * mean + 0.01 * | momentum * var + (1 - momentum) * => 0.99 * var + 0.01 *", ("ε", "0.001", "handed in")),
    "std": ("np.sqrt(v + eps) => x.std(axis=0)", ("training", "ε is missing")),
    "x_hat returned": ("return y, => return x_hat,", ("γ and β are forgotten",)),
    "batch's own returned": ("return y, mean, var => return (y, mu, v) if training else (y, mean, var)", ("replaced",)),
    "added": ("mean = momentum * mean + (1 - momentum) * mu => mean = mean + mu | var = momentum * var + (1 - momentum) * v => var = var + v", ("only added",)),
    "lerp": ("momentum * mean + (1 - momentum) * mu => mean + momentum * (mu - mean) | momentum * var + (1 - momentum) * v => var + momentum * (v - var)", ("wrong way round",)),
    "spreads blended": ("momentum * var + (1 - momentum) * v => (momentum * np.sqrt(var) + (1 - momentum) * np.sqrt(v)) ** 2", ("running variance", "standard deviations")),
    "whole numbers": ("y = gamma * x_hat + beta => y = np.zeros(x.shape, int); y[:] = gamma * x_hat + beta", ("whole numbers",)),
    "two things": ("return y, mean, var => return y, (mean, var)", ("three things",)),
    "gamma as a column": ("y = gamma * => y = gamma.reshape(-1, 1) *", ("γ and β",)),
    "v over k": ("(c ** 2).mean(axis=0) => (c ** 2).sum(axis=0) / k", ("other axis",)),
    "mu over k": ("mu = x.mean(axis=0) => mu = x.sum(axis=0) / k", ("other axis", "mean")),
    "v over all": ("(c ** 2).mean(axis=0) => (c ** 2).sum(axis=0) / x.size", ("number of all entries",)),
    "v of all features": ("(c ** 2).mean(axis=0) => (c ** 2).mean()", ("variance", "axis 0")),
    "cube root": ("c / np.sqrt(v + eps) => c / np.cbrt(v + eps)", ("third root", "cube root")[:1]),
    "x for c": ("(c ** 2).mean(axis=0) => (x ** 2).mean(axis=0)", ("mean of x²",)),
    "no square": ("(c ** 2).mean(axis=0) => c.mean(axis=0)", ("square them",)),
    "n - 1 and eps outside, stored so": ("(c ** 2).mean(axis=0) => (c ** 2).sum(axis=0) / (n - 1) | np.sqrt(v + eps) => (np.sqrt(v) + eps)", ("n - 1", "outside the root")),
    "n - 1 and momentum": ("(c ** 2).mean(axis=0) => x.var(axis=0, ddof=1) | momentum * mean + (1 - momentum) * mu => (1 - momentum) * mean + momentum * mu", ("n - 1",)),
    "running mean only in prediction": ("(x - mean) / np.sqrt(var + eps) => x - mean", ("prediction", "only subtract the mean")),
    "prediction standardizes with gamma first": ("x_hat = (x - mean) / np.sqrt(var + eps) => x_hat = x / np.sqrt(var + eps) - mean", ("prediction", "brackets")),
    "mean stored after x_hat": ("(1 - momentum) * mu => (1 - momentum) * x_hat.mean(axis=0)", ("running mean", "x̂")),
    "momentum power": ("momentum * mean + (1 - momentum) * mu => momentum * mean + (1 - momentum ** 2) * mu", ("running mean", "momentum")),
    "var from the std": ("(1 - momentum) * v => (1 - momentum) * np.std(x, axis=0)", ("standard deviation",)),
    "forgets to return the running ones": ("return y, mean, var => return y", ("three things",)),
    "eps in front of the mean": ("c / np.sqrt(v + eps) => (c + eps) / np.sqrt(v)", ("ε",)),
    "abs root": ("np.sqrt(v + eps) => np.sqrt(np.abs(mu) + eps)", ("should be", "where √(v + ε) is")),
}  # fmt: skip

FORWARD_RIGHT = {
    "as it is": "",
    "lerp": "momentum * mean + (1 - momentum) * mu => mean - (1 - momentum) * (mean - mu)",
    "running ones in place": "mean = momentum * mean + (1 - momentum) * mu => mean *= momentum; mean += (1 - momentum) * mu",
    "E[x²] - μ²": "(c ** 2).mean(axis=0) => (x ** 2).mean(axis=0) - mu ** 2",
    "dot": "(c ** 2).mean(axis=0) => np.diag(c.T @ c) / n",
    "power": "c / np.sqrt(v + eps) => c * (v + eps) ** -0.5",
    "list": "return y, mean, var => return [y.tolist(), mean, var]",
    "folded": "y = gamma * x_hat + beta => y = x_hat @ np.diag(gamma) + beta",
    "std of the sum": "np.sqrt(v + eps) => np.hypot(c.std(axis=0), eps ** 0.5)",
}  # fmt: skip

CHANNELS = """
def channels(x, gamma, beta, eps):
    n, c, h, w = x.shape
    mu = x.mean(axis=(0, 2, 3), keepdims=True)
    v = x.var(axis=(0, 2, 3), keepdims=True)
    x_hat = (x - mu) / np.sqrt(v + eps)
    g, b = gamma.reshape(1, c, 1, 1), beta.reshape(1, c, 1, 1)
    y = g * x_hat + b
    return y
"""

CHANNELS_ROWS = {
    "spread of the image means": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = x.mean(axis=(2, 3), keepdims=True).var(axis=0, keepdims=True)", ("images' means",)),
    "variance of image means, shape (1, C, 1, 1)": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = x.mean(axis=(2, 3)).var(axis=0).reshape(1, -1, 1, 1)", ("images' means",)),
    "std for var": ("x.var( => x.std(", ("root twice",)),
    "n - 1": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = x.var(axis=(0, 2, 3), keepdims=True, ddof=1)", ("n - 1",)),
    "n - 1 and no eps": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = x.var(axis=(0, 2, 3), keepdims=True, ddof=1) | v + eps => v", ("n - 1", "ε is missing")),
    "n - 1 and eps outside": ("np.sqrt(v + eps) => (x.std(axis=(0, 2, 3), keepdims=True, ddof=1) + eps)", ("n - 1", "outside the root")),
    "affine twice": ("y = g * x_hat + b => y = g * (g * x_hat + b) + b", ("applied twice",)),
    "mean distance": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = np.abs(x - mu).mean(axis=(0, 2, 3), keepdims=True)", ("mean distance",)),
    "eps 1e-3": ("v + eps => v + 1e-3", ("0.001", "handed in")),
    "eps 1e-5": ("v + eps => v + 1e-5", ("1e-05", "handed in")),
    "2 eps": ("v + eps => v + 2 * eps", ("ε is added twice",)),
    "mean of images, spread of the channel": ("mu = x.mean(axis=(0, 2, 3), => mu = x.mean(axis=(2, 3),", ("mean", "unlike")),
    "spread of pixels": ("v = x.var(axis=(0, 2, 3), => v = x.var(axis=(2, 3),", ("variance", "unlike")),
    "spread of all": ("v = x.var(axis=(0, 2, 3), => v = x.var(axis=(0, 1, 2, 3),", ("variance", "unlike")),
    "axis 1": ("mu = x.mean(axis=(0, 2, 3), => mu = x.mean(axis=1, | v = x.var(axis=(0, 2, 3), => v = x.var(axis=1,", ("channels",)),
    "no keepdims": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = x.var(axis=(0, 2, 3))", ("keepdims",)),
    "gamma not reshaped": ("y = g * x_hat + b => y = gamma * x_hat + beta", ("(1, C, 1, 1)",)),
    "gamma as (C, 1, 1) is right, beta not": ("y = g * x_hat + b => y = g * x_hat + beta", ("reshape(1, -1, 1, 1)",)),
    "rows not transposed": ("x_hat = (x - mu) / np.sqrt(v + eps) => r = x.reshape(-1, c); x_hat = ((r - r.mean(0)) / np.sqrt(r.var(0) + eps)).reshape(x.shape)", ("transpose",)),
    "moveaxis and no way back": ("y = g * x_hat + b => r = np.moveaxis(x, 1, -1).reshape(-1, c); y = (gamma * (r - r.mean(0)) / np.sqrt(r.var(0) + eps) + beta).reshape(n, c, h, w)", ("transpose",)),
    "nhwc returned": ("return y => return np.moveaxis(y, 1, -1)", ("transpose",)),
    "rows returned": ("return y => return np.moveaxis(y, 1, -1).reshape(-1, c)", ("back to the shape",)),
    "loop over images": ("x_hat = (x - mu) / np.sqrt(v + eps) => x_hat = np.stack([(i - i.mean((1, 2), keepdims=True)) / np.sqrt(i.var((1, 2), keepdims=True) + eps) for i in x])", ("instance norm",)),
    "loop over channels, last left out": ("y = g * x_hat + b => y = g * x_hat + b; y[:, -1] = 0", ("last channel",)),
    "first channel's statistics": ("y = g * x_hat + b => m = x[:, 0].mean(); y = g * (x - m) / np.sqrt(x[:, 0].var() + eps) + b", ("first channel",)),
    "gamma per image": ("y = g * x_hat + b => y = np.resize(gamma, n).reshape(-1, 1, 1, 1) * x_hat + b", ("γ",)),
    "x in place": ("x_hat = (x - mu) => x -= mu; x_hat = x", ("changes",)),
    "sum of squares": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = ((x - mu) ** 2).sum(axis=(0, 2, 3), keepdims=True)", ("divide the variance by n",)),
    "over n only": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = ((x - mu) ** 2).sum(axis=(0, 2, 3), keepdims=True) / n", ("divided by N",)),
    "mean over h w only": ("mu = x.mean(axis=(0, 2, 3), keepdims=True) => mu = x.sum(axis=(0, 2, 3), keepdims=True) / (h * w)", ("mean", "H · W")),
    "mean over n only": ("mu = x.mean(axis=(0, 2, 3), keepdims=True) => mu = x.sum(axis=(0, 2, 3), keepdims=True) / n", ("mean", "N")),
    "beta forgotten, eps outside": ("y = g * x_hat + b => y = g * x_hat | np.sqrt(v + eps) => (np.sqrt(v) + eps)", ("β is forgotten", "outside")),
    "mean of means of rows": ("v = x.var(axis=(0, 2, 3), keepdims=True) => v = x.std(axis=(2, 3), keepdims=True).mean(axis=0, keepdims=True) ** 2", ("standard deviations of the images",)),
    "gamma in reverse": ("g, b = gamma.reshape(1, c, 1, 1), beta.reshape(1, c, 1, 1) => g, b = gamma[::-1].reshape(1, c, 1, 1), beta[::-1].reshape(1, c, 1, 1)", ("γ", "reverse")),
}  # fmt: skip

CHANNELS_RIGHT = {
    "swapaxes gathers": "y = g * x_hat + b => r = x.swapaxes(0, 1).reshape(c, -1).T; y = (gamma * (r - r.mean(0)) / np.sqrt(r.var(0) + eps) + beta).reshape(n, h, w, c).transpose(0, 3, 1, 2)",
    "as it is": "",
    "rows": "y = g * x_hat + b => r = x.transpose(0, 2, 3, 1).reshape(-1, c); y = (gamma * (r - r.mean(0)) / np.sqrt(r.var(0) + eps) + beta).reshape(n, h, w, c).transpose(0, 3, 1, 2)",
    "columns": "y = g * x_hat + b => r = x.swapaxes(0, 1).reshape(c, -1); y = ((gamma * (r.T - r.mean(1)) / np.sqrt(r.var(1) + eps) + beta).T).reshape(c, n, h, w).swapaxes(0, 1)",
    "newaxis": "gamma.reshape(1, c, 1, 1) => gamma[None, :, None, None]",
    "loop": "y = g * x_hat + b => y = np.empty_like(x); y[:] = np.stack([gamma[k] * (x[:, k] - x[:, k].mean()) / np.sqrt(x[:, k].var() + eps) + beta[k] for k in range(c)], axis=1)",
    "mean of squares": "x.var(axis=(0, 2, 3), keepdims=True) => (x ** 2).mean(axis=(0, 2, 3), keepdims=True) - mu ** 2",
    "law of total variance": "x.var(axis=(0, 2, 3), keepdims=True) => x.var(axis=(2, 3), keepdims=True).mean(0, keepdims=True) + x.mean(axis=(2, 3), keepdims=True).var(0, keepdims=True)",
    "list": "return y => return y.tolist()",
}  # fmt: skip


@pytest.mark.parametrize("row", rows(FORWARD_ROWS, FORWARD_RIGHT))
def test_forward(row):
    try_edited(check_batchnorm_forward, FORWARD, row)


@pytest.mark.parametrize("row", rows(CHANNELS_ROWS, CHANNELS_RIGHT))
def test_channels(row):
    try_edited(check_batchnorm_channels, CHANNELS, row)
