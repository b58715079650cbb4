"""Steps of gradient descent and batches, edited as students get them wrong: each row changes a right program."""

import pytest

from coursekit.exercises import (
    check_data_iter,
    check_mended_descent,
    check_momentum_step,
    check_sgd_step,
)
from tests.exercises.answers import rows, try_edited

STEP = """
def sgd_step(w, b, x, targets, rate):
    n, k = x.shape
    error = x @ w + b - targets
    dw = x.T @ error / n
    db = error.mean()
    new_w = w - rate * dw
    new_b = b - rate * db
    return new_w, new_b
"""

STEP_ROWS = {
    "uphill": ("new_w = w - rate => new_w = w + rate | new_b = b - rate => new_b = b + rate", ("uphill",)),
    "w uphill": ("new_w = w - rate => new_w = w + rate", ("w goes uphill",)),
    "b uphill": ("new_b = b - rate => new_b = b + rate", ("b goes uphill",)),
    "target - prediction": ("error = x @ w + b - targets => error = targets - x @ w - b", ("uphill",)),
    "b missing": ("x @ w + b - targets => x @ w - targets", ("b is missing",)),
    "b with minus": ("x @ w + b - targets => x @ w - b - targets", ("b is subtracted",)),
    "targets added": ("b - targets => b + targets", ("targets are added",)),
    "targets missing": ("b - targets => b", ("targets are not subtracted",)),
    "sum": ("x.T @ error / n => x.T @ error | error.mean() => error.sum()", ("summed over the batch",)),
    "w sum": ("x.T @ error / n => x.T @ error", ("w's gradient is a sum",)),
    "b sum": ("error.mean() => error.sum()", ("b's gradient is a sum",)),
    "factor 2": ("x.T @ error / n => 2 * x.T @ error / n | error.mean() => 2 * error.mean()", ("factor 2",)),
    "factor 2 in w": ("x.T @ error / n => 2 * x.T @ error / n", ("w", "factor 2")),
    "factor 2 in b": ("error.mean() => 2 * error.mean()", ("b", "factor 2")),
    "half": ("x.T @ error / n => 0.5 * x.T @ error / n | error.mean() => 0.5 * error.mean()", ("½",)),
    "over k": ("x.T @ error / n => x.T @ error / k | error.mean() => error.sum() / k", ("number of features",)),
    "w over k": ("x.T @ error / n => x.T @ error / k", ("w", "number of features")),
    "over size": ("x.T @ error / n => x.T @ error / x.size | error.mean() => error.sum() / x.size", ("all entries of x",)),
    "mean of all": ("dw = x.T @ error / n => dw = (x * error[:, None]).mean()", ("all entries", "axis")),
    "twice": ("x.T @ error / n => x.T @ error / n / n | error.mean() => error.mean() / n", ("twice",)),
    "no rate": ("rate * dw => dw | rate * db => db", ("rate is missing",)),
    "no rate for b": ("rate * db => db", ("b", "rate is missing")),
    "divided by the rate": ("rate * dw => dw / rate | rate * db => db / rate", ("divide by the learning rate",)),
    "gradients": ("return new_w, new_b => return dw, db", ("return the gradients",)),
    "b with the new w": ("db = error.mean() => db = 0; pass | new_b = b - rate * db => new_b = b - rate * (x @ new_w + b - targets).mean()", ("new w",)),
    "squared": ("b - targets => b - targets; error = error ** 2", ("squared",)),
    "absolute": ("b - targets => b - targets; error = np.abs(error)", ("sign", "np.abs")),
    "sign": ("b - targets => b - targets; error = np.sign(error)", ("sign",)),
    "b by x": ("db = error.mean() => db = (error * x[:, 0]).mean()", ("multiplied by x",)),
    "x not in dw": ("dw = x.T @ error / n => dw = error.mean() + 0 * w", ("w's gradient lacks x",)),
    "first sample": ("error = x @ w + b - targets => x, targets = x[:1], targets[:1]; n = 1; error = x @ w + b - targets", ("first sample",)),
    "last sample": ("error = x @ w + b - targets => x, targets = x[-1:], targets[-1:]; n = 1; error = x @ w + b - targets", ("last sample",)),
    "w in place": ("new_w = w - rate * dw => w -= rate * dw; new_w = w", ("changes",)),
    "order": ("return new_w, new_b => return new_b, new_w", ("order",)),
    "w only": ("return new_w, new_b => return new_w", ("two things",)),
    "forgotten return": ("    return new_w, new_b\n => ", ("return is missing",)),
    "not transposed": ("x.T @ error => x @ error", ("transpose",)),
    "normalized": ("new_w = w - rate * dw => new_w = w - rate * dw / np.linalg.norm(dw)", ("length",)),
    "targets as a column": ("b - targets => b - targets[:, None]", ("(B,)", "shape")[1:]),
    "b an array": ("db = error.mean() => db = error", ("b", "one number")),
    "weight decay": ("rate * dw => rate * (dw + 0.01 * w)", ("should be", "another direction", "b moves as it should")),
    "sum and uphill": ("x.T @ error / n => x.T @ error | error.mean() => error.sum() | b - targets => b - targets; error = -error", ("summed", "uphill")),
    "rate squared": ("rate * dw => rate ** 2 * dw | rate * db => rate ** 2 * db", ("rate", "twice")),
}  # fmt: skip

STEP_RIGHT = {
    "as it is": "",
    "mean of products": "dw = x.T @ error / n => dw = (x * error[:, None]).mean(axis=0)",
    "error turned": "error = x @ w + b - targets => error = targets - x @ w - b | new_w = w - rate => new_w = w + rate | new_b = b - rate => new_b = b + rate",
    "loop": "dw = x.T @ error / n => dw = sum(e * r for e, r in zip(error, x)) / n",
    "einsum": "dw = x.T @ error / n => dw = np.einsum('n,nk->k', error, x) / n",
    "augmented": "return new_w, new_b => a = np.column_stack([x, np.ones(n)]); q = np.append(w, b); q = q - rate * a.T @ (a @ q - targets) / n; return q[:-1], q[-1]",
    "list": "return new_w, new_b => return [list(new_w), np.array(new_b)]",
}  # fmt: skip

MOMENTUM = """
def momentum_step(w, v, gradient, rate, beta):
    new_v = beta * v + gradient
    new_w = w - rate * new_v
    return new_w, new_v
"""
V = "new_v = beta * v + gradient => new_v = "
M = "new_w = w - rate * new_v => new_w = "

MOMENTUM_ROWS = {
    "averaged": (V + "beta * v + (1 - beta) * gradient", ("(1 − β) g",)),
    "rate in v": (V + "beta * v + rate * gradient | " + M + "w - new_v", ("rate",)),
    "Sutskever": (V + "beta * v - rate * gradient | " + M + "w + new_v", ("another convention",)),
    "rate in v and in w": (V + "beta * v + rate * gradient", ("rate stands inside v",)),
    "minus g": (V + "beta * v - gradient", ("subtracted from v",)),
    "minus g, plus": (V + "beta * v - gradient | " + M + "w + rate * new_v", ("subtracted from v",)),
    "plus": (M + "w + rate * new_v", ("uphill",)),
    "old v": (M + "w - rate * v", ("old v",)),
    "no rate": (M + "w - new_v", ("rate is missing",)),
    "no beta": (V + "v + gradient", ("never forget",)),
    "no past": (V + "gradient", ("β v is missing",)),
    "beta at g": (V + "v + beta * gradient", ("β stands at the gradient",)),
    "beta at both": (V + "beta * (v + gradient)", ("β multiplies the gradient too",)),
    "beta and rate": (V + "rate * v + gradient | " + M + "w - beta * new_v", ("rate", "β")),
    "1 - beta": (V + "(1 - beta) * v + gradient", ("1 − β",)),
    "Adam's": (V + "(1 - beta) * v + beta * gradient", ("exchanged",)),
    "Nesterov": (M + "w - rate * (gradient + beta * new_v)", ("Nesterov",)),
    "gradient alone": (M + "w - rate * gradient", ("gradient alone",)),
    "gradient and v": (M + "w - rate * gradient - rate * new_v", ("there twice",)),
    "gradient and old v": (M + "w - rate * gradient - beta * v", ("β v", "rate")),
    "old v returned": ("return new_w, new_v => return new_w, v", ("old one",)),
    "gradient returned": ("return new_w, new_v => return new_w, gradient", ("gradient in the place of v",)),
    "order": ("return new_w, new_v => return new_v, new_w", ("wrong order", "place")[:1]),
    "change": ("return new_w, new_v => return new_w - w, new_v", ("change of w",)),
    "w stays": ("return new_w, new_v => return w, new_v", ("stays",)),
    "v in place": (V + "v; v *= beta; v += gradient; new_v = v", ("changes",)),
    "w in place": (M + "w; w -= rate * new_v", ("changes",)),
    "w only": ("return new_w, new_v => return new_w", ("two things",)),
    "0.9": (V + "0.9 * v + gradient", ("0.9", "handed in")),
    "beta squared": (V + "beta ** 2 * v + gradient", ("β", "twice")),
    "bias corrected": (M + "w - rate * new_v / (1 - beta)", ("1 − β", "Adam")),
    "0.01": (M + "w - 0.01 * new_v", ("0.01", "handed in")),
    "sign": (M + "w - rate * np.sign(new_v)", ("sign",)),
    "squared gradient": (V + "beta * v + gradient ** 2", ("squared",)),
    "RMSprop": (V + "beta * v + (1 - beta) * gradient ** 2 | " + M + "w - rate * gradient / np.sqrt(new_v + 1)", ("should be", "What was measured")),
    "norm": (M + "w - rate * new_v / np.linalg.norm(new_v)", ("length",)),
    "beta times step": (M + "beta * w - rate * new_v", ("β", "w")),
    "rate doubled": (M + "w - rate * rate * new_v", ("rate", "twice")),
    "forgotten return": ("    return new_w, new_v\n => ", ("return is missing",)),
    "averaged, uphill": (V + "beta * v + (1 - beta) * gradient | " + M + "w + rate * new_v", ("(1 − β) g", "uphill")),
}  # fmt: skip

MOMENTUM_RIGHT = {
    "as it is": "",
    "one line": M + "w - rate * beta * v - rate * gradient",
    "lists": "return new_w, new_v => return [new_w.tolist(), new_v.tolist()]",
    "copies": V + "v.copy(); new_v *= beta; new_v += gradient",
    "negative": V + "-(-beta * v - gradient)",
    "stack": "return new_w, new_v => return np.stack([new_w, new_v])[0], new_v",
}

DATA = """
def data_iter(x, targets, batch_size, rng):
    n = len(x)
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], targets[rows]
"""

DATA_ROWS = {
    "last lost": ("range(0, n, batch_size) => range(0, n - batch_size, batch_size)", ("last batch", "missing")),
    "n // size": ("range(0, n, batch_size) => range(0, n // batch_size * batch_size, batch_size)", ("last batch", "missing")),
    "last filled": ("order[start : start + batch_size] => order[np.arange(start, start + batch_size) % n]", ("filled up",)),
    "return": ("yield x[rows] => return x[rows]", ("only one batch",)),
    "no shuffle": ("order = rng.permutation(n) => order = np.arange(n)", ("old order",)),
    "slices of x": ("yield x[rows], targets[rows] => yield x[start : start + batch_size], targets[start : start + batch_size]", ("old order",)),
    "x only shuffled": ("yield x[rows], targets[rows] => yield x[rows], targets[start : start + batch_size]", ("belong together",)),
    "two permutations": ("yield x[rows], targets[rows] => yield x[rows], targets[rng.permutation(n)[start : start + batch_size]]", ("belong together",)),
    "replacement": ("rng.permutation(n) => rng.integers(n, size=n)", ("with replacement",)),
    "choice": ("rows = order[start : start + batch_size] => rows = rng.choice(n, batch_size)", ("batch",)),
    "choice each": ("rows = order[start : start + batch_size] => rows = rng.choice(n, min(batch_size, n - start), replace=False)", ("drawn anew",)),
    "starts shuffled": ("order = rng.permutation(n) => order = np.arange(n) | range(0, n, batch_size) => rng.permutation(np.arange(0, n, batch_size))", ("neighbours",)),
    "inside only": ("order = rng.permutation(n) => order = np.arange(n) | rows = order[start : start + batch_size] => rows = rng.permutation(order[start : start + batch_size])", ("inside each batch",)),
    "one too many": ("start + batch_size] => start + batch_size + 1]", ("one sample too many",)),
    "one too few": ("start + batch_size] => start + batch_size - 1]", ("lacks one sample",)),
    "steps of one": ("range(0, n, batch_size) => range(0, n)", ("overlap",)),
    "number of batches": ("range(0, n, batch_size) => range(batch_size)", ("batches",)),
    "from 1": ("range(0, n, batch_size) => range(1, n, batch_size)", ("first",)),
    "seeded": ("order = rng.permutation(n) => order = np.random.default_rng(0).permutation(n)", ("another rng",)),
    "global": ("order = rng.permutation(n) => order = np.random.permutation(n)", ("same rng",)),
    "in place": ("order = rng.permutation(n) => rng.shuffle(x); order = np.arange(n)", ("shuffles the arrays", "belong together")[:1]),
    "shuffle returns nothing": ("order = rng.permutation(n) => order = rng.shuffle(np.arange(n))", ("NoneType", "rng.shuffle")),
    "x as order": ("order = rng.permutation(n) => order = rng.permutation(x)", ("raised", "places")[:1]),
    "targets first": ("yield x[rows], targets[rows] => yield targets[rows], x[rows]", ("wrong order",)),
    "rows yielded": ("yield x[rows], targets[rows] => yield rows", ("yield x[rows]",)),
    "x only": ("yield x[rows], targets[rows] => yield x[rows]", ("two arrays",)),
    "only one sample": ("yield x[rows], targets[rows] => yield x[rows[0]], targets[rows[0]]", ("shape",)),
    "whole": ("yield x[rows], targets[rows] => yield x[order], targets[order]", ("holds all samples",)),
    "endless": ("for start in range(0, n, batch_size): => start = 0; while True:", ("never end",)),
    "columns": ("yield x[rows], targets[rows] => yield x[:, rows[:2] % 2], targets[rows]", ("shape", "together")[:0]),
    "shuffled at each batch": ("rows = order[start : start + batch_size] => order = rng.permutation(n); rows = order[start : start + batch_size]", ("drawn anew",)),
    "n of the features": ("n = len(x) => n = x.shape[1]", ("features", "len(x)")),
    "list of batches, split": ("yield x[rows], targets[rows] => pass; yield x[rows].T, targets[rows]", ("shape",)),
    "stops after one": ("yield x[rows], targets[rows] => yield x[rows], targets[rows]; return", ("inside the loop",)),
    "size 32": ("range(0, n, batch_size) => range(0, n, 32)", ("only 1 of 6",)),
}  # fmt: skip

DATA_RIGHT = {
    "as it is": "",
    "array_split": "    for start in range(0, n, batch_size): =>     yield from ((x[r], targets[r]) for r in np.split(order, range(batch_size, n, batch_size)))\n    for start in []:",
    "shuffle": "order = rng.permutation(n) => order = np.arange(n); rng.shuffle(order)",
    "argsort": "order = rng.permutation(n) => order = rng.random(n).argsort()",
    "list": "order = rng.permutation(n) => order = list(rng.permutation(n))",
    "choice": "order = rng.permutation(n) => order = rng.choice(n, n, replace=False)",
    "shuffled copies": "order = rng.permutation(n) => order = rng.permutation(n); x, targets, order = x[order], targets[order], np.arange(n)",
    "min": "start + batch_size] => min(start + batch_size, n)]",
}  # fmt: skip

LOOP = """
def train(x, targets, rate, batch_size, epochs, rng):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            error = x[rows] @ w + b - targets[rows]
            w = w - rate * x[rows].T @ error / len(rows)
            b = b - rate * error.mean()
    return w, b
"""

LOOP_ROWS = {
    "last lost": ("range(0, len(x), batch_size) => range(0, len(x) - batch_size, batch_size)", ("last batch",)),
    "short last lost": ("range(0, len(x), batch_size) => range(0, len(x) // batch_size * batch_size, batch_size)", ("last batch",)),
    "b missing": ("@ w + b - targets => @ w - targets", ("b is missing",)),
    "turned": ("error = x[rows] @ w + b - targets[rows] => error = targets[rows] - x[rows] @ w - b", ("uphill",)),
    "turned, b missing": ("error = x[rows] @ w + b - targets[rows] => error = targets[rows] - x[rows] @ w", ("uphill", "b is missing")),
    "w over batch_size": ("error / len(rows) => error / batch_size", ("batch_size",)),
    "w not averaged": ("error / len(rows) => error", ("w's gradient is not averaged",)),
    "b a sum": ("error.mean() => error.sum()", ("b's gradient is not averaged",)),
    "b over batch_size": ("error.mean() => error.sum() / batch_size", ("b", "batch_size")),
    "w over len(x)": ("error / len(rows) => error / len(x)", ("w", "len(rows)")),
    "b over len(x)": ("error.mean() => error.sum() / len(x)", ("b", "len(x)")),
    "no shuffle": ("rng.permutation(len(x)) => np.arange(len(x))", ("not shuffled",)),
    "replacement": ("rng.permutation(len(x)) => rng.integers(len(x), size=len(x))", ("replacement",)),
    "shuffled once": ("    for _ in range(epochs):\n        order = rng.permutation(len(x)) =>     order = rng.permutation(len(x))\n    for _ in range(epochs):", ("every epoch",)),
    "w uphill": ("w = w - rate => w = w + rate", ("w goes uphill",)),
    "b uphill": ("b = b - rate => b = b + rate", ("b", "uphill")),
    "both uphill": ("w = w - rate => w = w + rate | b = b - rate => b = b + rate", ("uphill",)),
    "b new error": ("b = b - rate * error.mean() => b = b - rate * (x[rows] @ w + b - targets[rows]).mean()", ("new w",)),
    "b first": ("            b = b - rate * error.mean()\n =>             b = b - 0 * rate\n | w = w - rate * => b = b - rate * error.mean(); error = x[rows] @ w + b - targets[rows]; w = w - rate *", ("new b",)),
    "factor 2": ("w = w - rate * => w = w - 2 * rate * | b = b - rate * => b = b - 2 * rate *", ("factor 2",)),
    "factor 2 in w": ("w = w - rate * => w = w - 2 * rate *", ("w", "factor 2")),
    "one epoch": ("range(epochs) => range(1)", ("epoch",)),
    "one epoch less": ("range(epochs) => range(epochs - 1)", ("epoch",)),
    "no rate in b": ("b = b - rate * => b = b -", ("b", "rate")),
    "b not updated": ("            b = b - rate * error.mean()\n => ", ("b is not updated",)),
    "w reset": ("        order = rng =>         w, b = np.zeros(x.shape[1]), 0.0\n        order = rng", ("afresh",)),
    "ones": ("w, b = np.zeros(x.shape[1]), 0.0 => w, b = np.ones(x.shape[1]), 0.0", ("start",)),
    "random start": ("w, b = np.zeros(x.shape[1]), 0.0 => w, b = rng.standard_normal(x.shape[1]), 0.0", ("start",)),
    "return order": ("return w, b => return b, w", ("order",)),
    "return inside": ("    return w, b => \n        return w, b", ("epoch",)),
    "all samples": ("rows = order[start : start + batch_size] => rows = order", ("all samples",)),
    "full batch": ("range(0, len(x), batch_size) => range(1) | rows = order[start : start + batch_size] => rows = order", ("all samples",)),
    "own rng": ("rng.permutation(len(x)) => np.random.default_rng(0).permutation(len(x))", ("rng", "handed in")),
    "four of five": ("error / len(rows) => error / batch_size | @ w + b - targets => @ w - targets | error.mean() => error.sum() | range(0, len(x), batch_size) => range(0, len(x) - batch_size, batch_size)", ("b is missing", "last batch", "b's gradient")),
    "x in place": ("error = x[rows] => x *= 1.01; error = x[rows]", ("changes",)),
}  # fmt: skip

LOOP_RIGHT = {
    "as it is": "",
    "mean of products": "x[rows].T @ error / len(rows) => (x[rows] * error[:, None]).mean(axis=0)",
    "turned twice": "error = x[rows] @ w + b - targets[rows] => error = targets[rows] - x[rows] @ w - b | w = w - rate => w = w + rate | b = b - rate => b = b + rate",
    "shuffle": "order = rng.permutation(len(x)) => order = np.arange(len(x)); rng.shuffle(order)",
    "in place": "w = w - rate * => w -= rate *",
    "sum over size": "error.mean() => error.sum() / rows.size",
}


@pytest.mark.parametrize("row", rows(STEP_ROWS, STEP_RIGHT))
def test_step(row):
    try_edited(check_sgd_step, STEP, row)


@pytest.mark.parametrize("row", rows(MOMENTUM_ROWS, MOMENTUM_RIGHT))
def test_momentum(row):
    try_edited(check_momentum_step, MOMENTUM, row)


@pytest.mark.parametrize("row", rows(DATA_ROWS, DATA_RIGHT))
def test_data_iter(row):
    try_edited(check_data_iter, DATA, row)


@pytest.mark.parametrize("row", rows(LOOP_ROWS, LOOP_RIGHT))
def test_loop(row):
    try_edited(check_mended_descent, LOOP, row)
