"""Softmax and cross-entropy, edited as students get them wrong: each row changes a right program."""

import pytest

from coursekit.exercises import check_cross_entropy, check_mended_softmax, check_softmax
from tests.exercises.answers import rows, try_edited

SOFTMAX = """
def softmax(z):
    n, k = z.shape
    m = z.max(axis=1, keepdims=True)
    e = np.exp(z - m)
    p = e / e.sum(axis=1, keepdims=True)
    return p
"""

SOFTMAX_ROWS = {
    "axis 0": ("e.sum(axis=1, keepdims=True) => e.sum(axis=0)", ("axis 0",)),
    "axis 0, both": ("m = z.max(axis=1, keepdims=True) => m = z.max(axis=0) | e.sum(axis=1, keepdims=True) => e.sum(axis=0)", ("axis 0",)),
    "all": ("e.sum(axis=1, keepdims=True) => e.sum()", ("everything",)),
    "no keepdims": ("e.sum(axis=1, keepdims=True) => e.sum(axis=1)", ("keepdims",)),
    "max without keepdims": ("m = z.max(axis=1, keepdims=True) => m = z.max(axis=1)", ("keepdims",)),
    "no max": ("np.exp(z - m) => np.exp(z)", ("largest",)),
    "max of all": ("m = z.max(axis=1, keepdims=True) => m = z.max()", ("needs its own",)),
    "max of the column": ("m = z.max(axis=1, keepdims=True) => m = z.max(axis=0)", ("column",)),
    "mean": ("m = z.max(axis=1, keepdims=True) => m = z.mean(axis=1, keepdims=True)", ("mean",)),
    "min": ("m = z.max( => m = z.min(", ("smallest",)),
    "m - z": ("z - m => m - z", ("sign",)),
    "z + m": ("z - m => z + m", ("largest score is added",)),
    "z / m": ("z - m => z / m", ("divide",)),
    "max after exp": ("e = np.exp(z - m) => e = np.exp(z) - np.exp(m)", ("after exp",)),
    "max divided after exp": ("e = np.exp(z - m) => e = np.exp(z) / np.exp(m)", ("inf",)),
    "only the denominator": ("p = e / => p = np.exp(z) /", ("below the fraction alone",)),
    "only the numerator": ("p = e / e.sum(axis=1, keepdims=True) => p = e / np.exp(z).sum(axis=1, keepdims=True)", ("numerator alone",)),
    "log": ("return p => return np.log(p)", ("log",)),
    "argmax": ("return p => return np.eye(k)[p.argmax(axis=1)]", ("argmax",)),
    "argmax numbers": ("return p => return p.argmax(axis=1)", ("One number a row",)),
    "sigmoid": ("e = np.exp(z - m) => e = 1 / (1 + np.exp(-z))", ("sigmoid",)),
    "sigmoid alone": ("return p => return 1 / (1 + np.exp(-z))", ("sigmoid",)),
    "base 2": ("np.exp( => np.exp2(", ("2 to the power",)),
    "eps in the sum": ("e.sum(axis=1, keepdims=True) => (e.sum(axis=1, keepdims=True) + 1e-2)", ("added to the sum",)),
    "mean for sum": ("e.sum( => e.mean(", ("mean of the row",)),
    "twice": ("return p => q = np.exp(p); return q / q.sum(axis=1, keepdims=True)", ("twice",)),
    "scores over their sum": ("e = np.exp(z - m) => e = z", ("exp is missing",)),
    "shifted scores over their sum": ("e = np.exp(z - m) => e = z - z.min(axis=1, keepdims=True)", ("exp is missing",)),
    "float32 overflow": ("e = np.exp(z - m) => e = np.exp(z.astype(np.float32))", ("right on small",)),
    "clip": ("np.exp(z - m) => np.exp(np.clip(z, -50, 50))", ("cut off",)),
    "nan_to_num": ("e = np.exp(z - m) => e = np.nan_to_num(np.exp(z))", ("right on small",)),
    "in place": ("m = z.max( => z -= 1; m = z.max(", ("changes",)),
    "in place, max": ("e = np.exp(z - m) => z -= m; e = np.exp(z)", ("changes",)),
    "rounded": ("return p => return np.round(p, 2)", ("rounded",)),
    "first row only": ("return p => return p[0]", ("shape",)),
    "transposed": ("return p => return p.T", ("side",)),
    "no division": ("return p => return e", ("divide",)),
    "loop with the last row's sum": ("p = e / e.sum(axis=1, keepdims=True) => p = e / e[-1].sum()", ("last row",)),
    "first row's sum": ("p = e / e.sum(axis=1, keepdims=True) => p = e / e[0].sum()", ("first row",)),
    "sum of z": ("p = e / e.sum(axis=1, keepdims=True) => p = e / z.sum(axis=1, keepdims=True)", ("sum of the scores",)),
    "exp of p": ("return p => return np.exp(p)", ("exp is taken of the prob",)),
    "temperature": ("np.exp(z - m) => np.exp((z - m) / 2)", ("temperature",)),
    "10 classes": ("e.sum(axis=1, keepdims=True) => e.sum(axis=1, keepdims=True) / k", ("number of classes",)),
    "forgotten return": ("    return p\n => ", ("return is missing",)),
}  # fmt: skip

SOFTMAX_RIGHT = {
    "as it is": "",
    "logsumexp": "p = e / e.sum(axis=1, keepdims=True) => p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))",
    "transposed": "p = e / e.sum(axis=1, keepdims=True) => p = (e.T / e.sum(axis=1)).T",
    "newaxis": "e.sum(axis=1, keepdims=True) => e.sum(1)[:, None]",
    "loop": "p = e / e.sum(axis=1, keepdims=True) => p = np.zeros((n, k)); p[:] = [np.exp(r - max(r)) / sum(np.exp(r - max(r))) for r in z]",
    "einsum": "p = e / e.sum(axis=1, keepdims=True) => p = e / np.einsum('ij->i', e).reshape(-1, 1)",
    "sigmoids of differences": "p = e / e.sum(axis=1, keepdims=True) => p = 1 / np.exp(np.minimum(z[:, None, :] - z[:, :, None], 700)).sum(axis=2)",
    "a little more": "z - m => z - m - 1",
}

CROSS = """
def cross_entropy(z, labels):
    n, k = z.shape
    s = z - z.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -log_p[np.arange(n), labels].mean()
    dz = p.copy()
    dz[np.arange(n), labels] -= 1
    dz /= n
    return loss, dz
"""

CROSS_ROWS = {
    "sum": ("labels].mean() => labels].sum()", ("sum over the samples",)),
    "columns": ("log_p[np.arange(n), labels].mean() => log_p[:, labels].mean()", ("p[:, labels]",)),
    "rows": ("log_p[np.arange(n), labels].mean() => log_p[labels].mean()", ("p[labels]",)),
    "no minus": ("loss = -log_p => loss = log_p", ("minus",)),
    "log2": ("loss = -log_p => loss = -(log_p / np.log(2))", ("base 2",)),
    "all classes": ("loss = -log_p[np.arange(n), labels].mean() => loss = -log_p.sum(axis=1).mean()", ("all classes",)),
    "over k too": ("loss = -log_p[np.arange(n), labels].mean() => loss = -(np.eye(k)[labels] * log_p).mean()", ("classes",)),
    "divided by k": ("labels].mean() => labels].sum() / k", ("number of classes",)),
    "entropy": ("loss = -log_p[np.arange(n), labels].mean() => loss = -(p * log_p).sum(axis=1).mean()", ("entropy",)),
    "1 - p": ("loss = -log_p[np.arange(n), labels].mean() => loss = (1 - p[np.arange(n), labels]).mean()", ("log is missing",)),
    "p·m": ("loss = -log_p[np.arange(n), labels].mean() => loss = -(p[np.arange(n), labels] * log_p[np.arange(n), labels]).mean()", ("multiplied by p",)),
    "brier": ("loss = -log_p[np.arange(n), labels].mean() => loss = ((p - np.eye(k)[labels]) ** 2).mean()", ("squared error",)),
    "log of the mean": ("-log_p[np.arange(n), labels].mean() => -np.log(p[np.arange(n), labels].mean())", ("log of the mean", "mean of the logs")),
    "labels from 1": ("loss = -log_p[np.arange(n), labels] => loss = -log_p[np.arange(n), labels - 1]", ("count from 0",)),
    "argmax": ("loss = -log_p[np.arange(n), labels] => loss = -log_p[np.arange(n), p.argmax(axis=1)]", ("largest",)),
    "axis 0": ("s = z - z.max(axis=1, keepdims=True) => s = z - z.max(axis=0) | np.exp(s).sum(axis=1, keepdims=True) => np.exp(s).sum(axis=0)", ("axis 0",)),
    "softmax twice": ("p = np.exp(log_p) => p = np.exp(log_p); log_p = p - np.log(np.exp(p).sum(axis=1, keepdims=True)); p = np.exp(log_p)", ("twice",)),
    "no softmax": ("p = np.exp(log_p) => p = z; log_p = np.log(z)", ("softmax is missing",)),
    "eps in the log": ("loss = -log_p[np.arange(n), labels].mean() => loss = -np.log(p[np.arange(n), labels] + 1e-12).mean()", ("small number added",)),
    "eps 1e-3 in the log": ("loss = -log_p[np.arange(n), labels].mean() => loss = -np.log(p[np.arange(n), labels] + 1e-3).mean()", ("added to p", "0.001")),
    "clip 1e-2": ("loss = -log_p[np.arange(n), labels].mean() => loss = -np.log(np.clip(p[np.arange(n), labels], 1e-7, 1)).mean()", ("small number added, or by clipping",)),
    "log of p": ("loss = -log_p[np.arange(n), labels].mean() => loss = -np.log(p[np.arange(n), labels]).mean()", ("log(0)",)),
    "no max": ("s = z - z.max(axis=1, keepdims=True) => s = z", ("nan", "1000")),
    "max of all": ("s = z - z.max(axis=1, keepdims=True) => s = z - z.max()", ("right on small",)),
    "gradient not over n": ("    dz /= n\n => ", ("divided by N",)),
    "gradient over n twice": ("dz /= n => dz /= n * n", ("N twice",)),
    "gradient over k": ("dz /= n => dz /= k", ("classes K",)),
    "gradient over n k": ("dz /= n => dz /= n * k", ("N · K",)),
    "gradient of columns": ("dz[np.arange(n), labels] -= 1 => dz[:, labels] -= 1", ("whole columns",)),
    "gradient of rows": ("dz[np.arange(n), labels] -= 1 => dz[labels] -= 1", ("whole rows",)),
    "gradient y - p": ("dz = p.copy() => dz = -p | dz[np.arange(n), labels] -= 1 => dz[np.arange(n), labels] += 1", ("sign",)),
    "gradient without -1": ("    dz[np.arange(n), labels] -= 1\n => ", ("not taken off",)),
    "gradient + 1": ("dz[np.arange(n), labels] -= 1 => dz[np.arange(n), labels] += 1", ("added",)),
    "gradient only at the label": ("dz = p.copy() => dz = np.zeros((n, k)) | dz[np.arange(n), labels] -= 1 => dz[np.arange(n), labels] = p[np.arange(n), labels] - 1", ("only the label's",)),
    "gradient -1/p": ("dz = p.copy() => dz = np.zeros((n, k)) | dz[np.arange(n), labels] -= 1 => dz[np.arange(n), labels] = -1 / p[np.arange(n), labels]", ("-1/p",)),
    "gradient times p(1-p)": ("dz /= n => dz *= p * (1 - p) / n", ("squared error",)),
    "gradient = 1 at the label": ("dz[np.arange(n), labels] -= 1 => dz[np.arange(n), labels] = 1", ("set to 1",)),
    "gradient of logits": ("dz = p.copy() => dz = z.copy()", ("softmax is missing",)),
    "gradient of log p": ("dz = p.copy() => dz = log_p.copy()", ("log p",)),
    "gradient times the loss": ("dz /= n => dz *= loss / n", ("multiplied by the loss",)),
    "gradient summed": ("return loss, dz => return loss, dz.sum(axis=0)", ("shape",)),
    "gradient averaged": ("dz /= n => dz = np.tile(dz.mean(axis=0), (n, 1))", ("averaged over the samples",)),
    "gradient with labels": ("dz[np.arange(n), labels] -= 1 => dz -= labels[:, None]", ("label's number",)),
    "loss and gradient swapped": ("return loss, dz => return dz, loss", ("wrong order",)),
    "loss only": ("return loss, dz => return loss", ("two things",)),
    "loss a vector": ("return loss, dz => return -log_p[np.arange(n), labels], dz", ("mean",)),
    "loss as (1,)": ("return loss, dz => return np.array([loss]), dz", ("one number",)),
    "in place": ("s = z - z.max(axis=1, keepdims=True) => z -= z.max(axis=1, keepdims=True); s = z", ("changes",)),
    "labels in place": ("dz = p.copy() => labels -= 0; labels += 1; dz = p.copy()", ("changes",)),
    "factor 2": ("dz /= n => dz *= 2 / n", ("factor 2",)),
    "sum and no n: a pair": ("labels].mean() => labels].sum() |     dz /= n\n => ", ("sum over the samples",)),
    "binary": ("loss = -log_p[np.arange(n), labels].mean() => y = np.eye(k)[labels]; loss = -(y * log_p + (1 - y) * np.log(1 - p)).sum(axis=1).mean()", ("sigmoids",)),
}  # fmt: skip

CROSS_RIGHT = {
    "as it is": "",
    "one-hot": "loss = -log_p[np.arange(n), labels].mean() => loss = -(np.eye(k)[labels] * log_p).sum() / n",
    "take_along_axis": "loss = -log_p[np.arange(n), labels].mean() => loss = -np.take_along_axis(log_p, labels[:, None], axis=1).mean()",
    "loop": "loss = -log_p[np.arange(n), labels].mean() => loss = -sum(log_p[i, l] for i, l in enumerate(labels)) / n",
    "logaddexp": "loss = -log_p[np.arange(n), labels].mean() => loss = (np.logaddexp.reduce(z, axis=1) - z[np.arange(n), labels]).mean()",
    "p - y": "dz /= n => dz = (p - np.eye(k)[labels]) / n",
    "list": "return loss, dz => return [float(loss), dz.tolist()]",
    "where": "dz /= n => dz = np.where(np.arange(k) == labels[:, None], p - 1, p) / n",
}  # fmt: skip

MENDED = """
def train(x, labels, w, rate, steps):
    n, losses = len(x), []
    for _ in range(steps):
        z = x @ w
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        losses.append(-np.log(p[np.arange(n), labels]).mean())
        p[np.arange(n), labels] -= 1
        w = w - rate * x.T @ p / n
    return losses, w
"""

MENDED_ROWS = {
    "no max": ("z - z.max(axis=1, keepdims=True) => z", ("1 slip", "largest score")),
    "max of all": ("z.max(axis=1, keepdims=True) => z.max()", ("1 slip", "largest score")),
    "max of column": ("z.max(axis=1, keepdims=True) => z.max(axis=0)", ("1 slip", "largest score")),
    "axis 0": ("e.sum(axis=1, keepdims=True) => e.sum(axis=0)", ("axis 0",)),
    "all": ("e.sum(axis=1, keepdims=True) => e.sum()", ("everything",)),
    "mean": ("e.sum(axis=1, => e.mean(axis=1,", ("mean",)),
    "no keepdims": ("e.sum(axis=1, keepdims=True) => e.sum(axis=1)", ("keepdims",)),
    "columns in the loss": ("(p[np.arange(n), labels]) => (p[:, labels])", ("these columns",)),
    "rows in the loss": ("(p[np.arange(n), labels]) => (p[labels])", ("whole rows",)),
    "sum": (".mean() => .sum()", ("sum and no mean",)),
    "no minus": ("losses.append(-np => losses.append(np", ("minus",)),
    "largest p": ("(p[np.arange(n), labels]) => (p.max(axis=1))", ("largest",)),
    "columns lowered": ("p[np.arange(n), labels] -= 1 => p[:, labels] -= 1", ("whole columns",)),
    "rows lowered": ("p[np.arange(n), labels] -= 1 => p[labels] -= 1", ("whole rows",)),
    "not lowered": ("        p[np.arange(n), labels] -= 1\n => ", ("not taken off",)),
    "raised": ("labels] -= 1 => labels] += 1", ("added to p",)),
    "not over n": ("@ p / n => @ p", ("not divided",)),
    "over k": ("@ p / n => @ p / 3", ("number of classes",)),
    "over n twice": ("@ p / n => @ p / n ** 2", ("twice",)),
    "over size": ("@ p / n => @ p / p.size", ("number of classes",)),
    "uphill": ("w - rate => w + rate", ("uphill",)),
    "no rate": ("rate * x.T => x.T", ("rate is missing",)),
    "last step left out": ("range(steps) => range(steps - 1)", ("3 losses", "4 steps")),
    "one step more": ("range(steps) => range(steps + 1)", ("steps",)),
    "loss after": ("losses.append(-np.log(p[np.arange(n), labels]).mean())\n => losses.append(0)\n", ("first loss should be",)),
    "w not updated": ("w = w - rate => q = w - rate", ("stay the same",)),
    "w replaced": ("w = w - rate => w = -rate", ("old weights are lost",)),
    "return order": ("return losses, w => return w, losses", ("losses",)),
    "return w": ("return losses, w => return w", ("two things",)),
    "return inside": ("    return losses, w => \n        return losses, w", ("steps", "return")),
    "two: sum, uphill": (".mean() => .sum() | w - rate => w + rate", ("2 slips", "sum and no mean", "uphill")),
    "three": (".mean() => .sum() | @ p / n => @ p | z - z.max(axis=1, keepdims=True) => z", ("3 slips",)),
    "factor 2": ("w - rate => w - 2 * rate", ("factor 2",)),
}  # fmt: skip

MENDED_RIGHT = {
    "as it is": "",
    "in place": "w = w - rate * => w -= rate *",
    "one-hot": "p[np.arange(n), labels] -= 1 => p = p - np.eye(w.shape[1])[labels]",
    "negative": "w = w - rate * x.T @ p / n => w = w + rate * (x.T @ -p) / n",
    "einsum": "x.T @ p / n => np.einsum('ni,nk->ik', x, p / n)",
    "array": "return losses, w => return np.array(losses), w",
}


@pytest.mark.parametrize("row", rows(SOFTMAX_ROWS, SOFTMAX_RIGHT))
def test_softmax(row):
    try_edited(check_softmax, SOFTMAX, row)


@pytest.mark.parametrize("row", rows(CROSS_ROWS, CROSS_RIGHT))
def test_cross_entropy(row):
    try_edited(check_cross_entropy, CROSS, row)


@pytest.mark.parametrize("row", rows(MENDED_ROWS, MENDED_RIGHT))
def test_mended(row):
    try_edited(check_mended_softmax, MENDED, row)
