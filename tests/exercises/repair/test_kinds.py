# ruff: noqa: E501 (a table)
"""Each kind of slip that beginners make, on programs of several subjects: the search undoes it and says so."""

import pytest

from coursekit.exercises.repair.search import repaired
from tests.exercises.repair.subjects import SUBJECTS, asks, with_source

# kind: rows of subject, what is right, what is written, words of the sentence
KINDS = {
    "a minus is missing": [
        ("cross_entropy", "loss = -log_p[", "loss = log_p[", "sign"),
        ("backward", "ds = -dr", "ds = dr", ""),
        ("xavier", "uniform(-a, a", "uniform(a, a", "sign"),
    ],
    "a minus too many": [
        ("softmax", "e = np.exp(z - m)", "e = np.exp(-(z - m))", "sign"),
        ("momentum", "beta * v", "-beta * v", "sign"),
    ],
    "the other sign": [
        ("momentum", "w - rate", "w + rate", "added where it should be subtracted"),
        ("spread", "x - m", "x + m", "subtracted"),
        ("adam", "(1 - b)", "(1 + b)", "subtracted"),
    ],
    "the sides of a minus or a division are exchanged": [
        ("step", "x @ w + b - targets", "targets - (x @ w + b)", "exchanged"),
        ("effect", "with_it - without", "without - with_it", "exchanged"),
        ("xavier", "6 / (fan_in + fan_out)", "(fan_in + fan_out) / 6", "exchanged"),
    ],
    "two arguments are exchanged": [
        ("xavier", "uniform(-a, a,", "uniform(a, -a,", "a"),
        ("group", "gamma.reshape(1, -1, 1, 1)", "gamma.reshape(-1, 1, 1, 1)", "exchanged"),
        ("distances", "np.zeros((len(a), len(b)))", "np.zeros((len(b), len(a)))", "order"),
    ],
    "the names of a tuple stand in the wrong order": [
        ("step", "return new_w, new_b", "return new_b, new_w", "`return new_w, new_b`"),
        ("field", "for k, s in", "for s, k in", "order"),
        ("layer", "n, k = x.shape\n    mu = x.mean(axis=1, keepdims=True)",
         "k, n = x.shape\n    mu = x.sum(axis=1, keepdims=True) / k", ""),
        ("backward", "return dx, dgamma, dbeta", "return dx, dbeta, dgamma", "order"),
    ],
    "the wrong entry": [
        ("effect", "n = len(d)", "n = d.shape[1]", "the length of another axis"),
        ("distances", "len(b)))", "b.shape[1]))", "the length of another axis"),
    ],
    "another axis": [
        ("softmax", "e.sum(axis=1", "e.sum(axis=0", "axis"),
        ("backward", "dbeta = dy.sum(axis=0)", "dbeta = dy.sum(axis=1)", "axis"),
        ("backward", "dbeta = dy.sum(axis=0)", "dbeta = np.sum(dy, 1)", "axis"),
        ("group", "r.var(axis=(2, 3, 4)", "r.var(axis=(2, 3)", "ax"),
        ("layer", "x.mean(axis=1, keepdims=True)", "x.mean()", "axis"),
    ],
    "keepdims": [
        ("softmax", "e / e.sum(axis=1, keepdims=True)", "e / e.sum(axis=1)", "keepdims=True is missing"),
        ("softmax", "e / e.sum(axis=1, keepdims=True)", "e / np.sum(e, 1)", "keepdims=True is missing"),
        ("softmax", "e / e.sum(axis=1, keepdims=True)", "e / e.sum(1)", "keepdims=True is missing"),
        ("backward", "dbeta = dy.sum(axis=0)", "dbeta = dy.sum(axis=0, keepdims=True)", "keepdims leaves an axis too many"),
    ],
    "a square is missing": [
        ("spread", "np.mean(d ** 2)", "np.mean(d)", "square"),
        ("forward", "v = (c ** 2).mean", "v = c.mean", "square"),
        ("adam", "g ** 2", "g", "square"),
        ("clipped", "g ** 2", "g", "square"),
    ],
    "a root is missing": [
        ("spread", "np.sqrt(np.mean(d ** 2))", "np.mean(d ** 2)", "root"),
        ("layer", "np.sqrt(v + eps)", "(v + eps)", "root"),
        ("effect", "np.sqrt(n)", "n", "root"),
    ],
    "a root or a square too many": [
        ("layer", "np.sqrt(v + eps)", "np.sqrt(np.sqrt(v + eps))", "too many"),
        ("momentum", "beta * v", "beta * v ** 2", "does not belong"),
    ],
    "1 − it": [
        ("adam", "(1 - b) * g", "b * g", "1"),
        ("dropout", "/ (1 - p)", "/ p", "1"),
        ("forward", "(1 - momentum) * mu", "momentum * mu", "1"),
    ],
    "1 more or less": [
        ("effect", "(n - 1)", "n", "1"),
        ("pool", "// size + 1", "// size", ""),
        ("field", "(k - 1)", "k", "1"),
        ("pool", "// size + 1", "// size + 2", "off by 1"),
    ],
    "= where += belongs": [
        ("field", "sees += (k", "sees = (k", "added to"),
        ("accuracy", "hits += 1", "hits = 1", "added to"),
        ("accuracy", "hits += 1", "hits =+ 1", "hits += 1"),
        ("accuracy", "hits += 1", "hits + 1", "hits += 1"),
        ("descent", "w -= rate", "w = rate", "subtracted from"),
        ("descent", "w -= rate", "w =- rate", "w -= rate"),
        ("descent", "w -= rate * x.T @ error / len(x)", "w - rate * x.T @ error / len(x)", "w -= rate"),
        ("field", "jump *= s", "jump = s", "jump *= s"),
        ("cross_entropy", "dz /= n", "dz / n", "dz /= n"),
    ],
    "+= where = belongs": [
        ("distances", "            d = a[i] - b[j]", "            d += a[i] - b[j]", "take its place"),
    ],
    "+= in place of another": [
        ("descent", "w -= rate", "w += rate", "subtracted"),
        ("field", "jump *= s", "jump += s", "multiplied"),
    ],
    "another variable": [
        ("backward", "dx = dc + dmu / n", "dx = dc + dv / n", "dmu belongs there"),
        ("forward", "momentum * mean +", "momentum * mu +", "mean belongs there"),
        ("momentum", "w - rate * new_v", "w - rate * v", "new_v belongs there"),
        ("adam", "1 - b ** t", "1 - a ** t", "b belongs there"),
        ("distances", "b[j]", "b[i]", "j belongs there"),
        ("distances", "range(len(b))", "range(len(a))", "b belongs there"),
        ("descent", "return w, losses", "return x, losses", "w belongs there"),
    ],
    "a statement with less indent": [
        ("field", "    return sees", "        return sees", "less indent"),
        ("distances", "    return found", "            return found", "less indent"),
        ("distances", "    return found", "        return found", "less indent"),
        ("forward", "    y = gamma", "        y = gamma", "less indent"),
        ("accuracy", "    return hits", "            return hits", "less indent"),
    ],
    "a statement with more indent": [
        ("field", "        jump *= s", "    jump *= s", "more indent"),
        ("distances", "            found[i, j]", "        found[i, j]", "more indent"),
        ("clipped", "        g = g * most / norm", "        pass\n    g = g * most / norm", "more indent"),
    ],
    "before the loop or in it": [
        ("field", "    sees, jump = 1, 1\n    for k, s in layers:\n", "    jump = 1\n    for k, s in layers:\n        sees = 1\n", "before"),
        ("accuracy", "    hits = 0\n    for i in range(len(labels)):\n", "    for i in range(len(labels)):\n        hits = 0\n", "before"),
        ("descent", "    for _ in range(steps):\n        error = x @ w - y\n", "    error = x @ w - y\n    for _ in range(steps):\n", "into"),
    ],
    "where a range begins and ends": [
        ("accuracy", "range(len(labels))", "range(1, len(labels))", ""),
        ("accuracy", "range(len(labels))", "range(len(labels) - 1)", ""),
        ("descent", "range(steps)", "range(1, steps)", ""),
        ("descent", "range(steps)", "range(steps + 1)", ""),
        ("pool", "range(n)", "range(1, n)", ""),
        ("batches", "range(0, n, batch_size)", "range(0, n - 1, batch_size)", ""),
        ("batches", "range(0, n, batch_size)", "range(1, n, batch_size)", "off by 1"),
        ("batches", "range(0, n, batch_size)", "range(0, n)", "steps of batch_size"),
        ("batches", "range(0, n, batch_size)", "range(n)", "steps of batch_size"),
    ],
    "where a slice begins and ends": [
        ("batches", "start : start + batch_size", "start : batch_size", "start"),
        ("batches", "start : start + batch_size", "start : start + batch_size - 1", "does not belong"),
        ("pool", "i * size : i * size + size", "i : i + size", "size"),
        ("pool", "i * size : i * size + size", "i * size + 1 : i * size + size", "does not belong"),
    ],
    "// and /": [
        ("pool", "(len(x) - size) // size", "(len(x) - size) / size", "whole numbers"),
        ("accuracy", "hits / len", "hits // len", "divided"),
        ("group", "c // groups", "c / groups", "whole numbers"),
    ],
    "a comparison": [
        ("dropout", ">= p", "<= p", "belongs there, not"),
        ("clipped", "norm > most", "norm < most", "belongs there, not"),
        ("accuracy", "== labels", "!= labels", "belongs there, not"),
        ("dropout", "p == 0", "p != 0", "belongs there, not"),
        ("dropout", ">= p", "< p", "belongs there, not"),
    ],
    "and, or, not": [
        ("dropout", "not training or p == 0", "not training and p == 0", "or"),
        ("dropout", "not training or", "training or", "wrong way round"),
        ("forward", "if training", "if not training", "opposite"),
    ],
    "where the largest stands, for the largest": [
        ("accuracy", "np.argmax(scores[i])", "np.max(scores[i])", "argmax"),
        ("accuracy", "np.argmax(scores[i])", "max(scores[i])", "argmax"),
        ("pool", "].max()", "].argmax()", "max belongs"),
        ("accuracy", "np.argmax(scores[i])", "np.argmin(scores[i])", "argmax"),
    ],
    "sum and mean": [
        ("step", "error.mean()", "error.sum()", "mean"),
        ("softmax", "e / e.sum", "e / e.mean", "sum"),
        ("spread", "np.mean(d", "np.sum(d", "mean"),
        ("backward", "-dc.sum(axis=0)", "-dc.mean(axis=0)", ""),
    ],
    "var and std": [("group", "v = r.var", "v = r.std", "var")],
    "max and min": [("pool", "].max()", "].min()", "max")],
    "the mean is missing": [
        ("step", "error.mean()", "error", "mean"),
        ("step", "error.mean()", "error[0]", "mean"),
        ("step", "error.mean()", "error.mean", "()"),
    ],
    "a transposition": [
        ("step", "x.T @ error", "x @ error", "transposition"),
        ("descent", "x @ w - y", "x.T @ w - y", "transposition"),
    ],
    "the order of a product of matrices": [
        ("step", "x @ w + b", "w @ x + b", ""),
        ("descent", "x.T @ error", "(error @ x.T)", ""),
        ("step", "x.T @ error", "x.T * error", "matrix product"),
    ],
    "a number where a parameter belongs": [
        ("adam", "1 - b ** t", "1 - 0.999 ** t", "b belongs there"),
        ("momentum", "beta * v", "0.9 * v", "beta belongs there"),
        ("layer", "v + eps", "v + 1e-5", "eps belongs there"),
        ("pool", "i * size + size", "i * size + 2", "size belongs there"),
        ("clipped", "norm > most", "norm > 1", "most belongs there"),
    ],
    "a line too many": [
        ("softmax", "    return p", "    p = p / n\n    return p", "line too many"),
        ("momentum", "    new_w", "    new_v = new_v / 2\n    new_w", "line too many"),
        ("field", "        jump *= s", "        jump *= s\n        sees += 1", "line too many"),
    ],
    "two lines in the wrong order": [
        ("field", "        sees += (k - 1) * jump\n        jump *= s", "        jump *= s\n        sees += (k - 1) * jump", "before"),
        ("descent", "        losses.append(np.mean(error ** 2))\n        w -= rate * x.T @ error / len(x)",
         "        w -= rate * x.T @ error / len(x)\n        losses.append(np.mean((x @ w - y) ** 2))", "before"),
        ("adam", "    m = a * m + (1 - a) * g\n    v = b * v + (1 - b) * g ** 2\n    m_hat = m / (1 - a ** t)\n",
         "    m_hat = m / (1 - a ** t)\n    m = a * m + (1 - a) * g\n    v = b * v + (1 - b) * g ** 2\n", "before"),
    ],
    "a copy is missing": [
        ("descent", "w = w.copy()", "w = w", "copy"),
        ("cross_entropy", "dz = p.copy()\n    dz[np.arange(n), labels] -= 1\n    dz /= n\n    return loss, dz",
         "dz = z\n    dz[:] = p\n    dz[np.arange(n), labels] -= 1\n    dz /= n\n    return loss, dz", "copy"),
    ],
    "brackets": [
        ("clipped", "np.sum(g ** 2)", "np.sum(g) ** 2", "np.sum(g ** 2)"),
        ("spread", "np.mean(d ** 2)", "np.mean(d) ** 2", "np.mean(d ** 2)"),
        ("distances", "np.sum(d ** 2)", "(np.sum(d) ** 2)", "np.sum(d ** 2)"),
        ("forward", "(c ** 2).mean(axis=0)", "c.mean(axis=0) ** 2", "(c ** 2).mean(axis=0)"),
        ("effect", "((d - mean) ** 2).sum()", "(d - mean).sum() ** 2", "((d - mean) ** 2).sum()"),
        ("effect", "((d - mean) ** 2).sum()", "(d - mean ** 2).sum()", "((d - mean) ** 2).sum()"),
        ("layer", "v = (c ** 2).mean(", "v = (x - mu ** 2).mean(", "((x - mu) ** 2).mean("),
        ("layer", "np.sqrt(v + eps)", "(np.sqrt(v) + eps)", "np.sqrt(v + eps)"),
        ("pool", "(len(x) - size) // size + 1", "len(x) - size // size + 1", "brackets"),
        ("field", "(k - 1) * jump", "k - 1 * jump", "brackets"),
        ("xavier", "np.sqrt(6 / (fan_in + fan_out))", "np.sqrt(6 / fan_in + fan_out)", "brackets"),
        ("xavier", "np.sqrt(6 / (fan_in + fan_out))", "np.sqrt(6) / (fan_in + fan_out)", "np.sqrt(6 / (fan_in + fan_out))"),
        ("descent", "np.mean(error ** 2)", "np.mean(error) ** 2", "np.mean(error ** 2)"),
        ("effect", "np.sqrt(((d - mean) ** 2).sum() / (n - 1))", "np.sqrt(((d - mean) ** 2).sum()) / (n - 1)", "brackets"),
    ],
    "two calls in the wrong order": [
        ("spread", "np.sqrt(np.mean(d ** 2))", "np.mean(np.sqrt(d ** 2))", "order"),
        ("cross_entropy", "np.log(np.exp(s).sum(axis=1, keepdims=True))", "np.log(np.exp(s)).sum(axis=1, keepdims=True)", "order"),
    ],
    "an entry, or all": [
        ("accuracy", "np.argmax(scores[i])", "np.argmax(scores)", "scores[i]"),
        ("accuracy", "== labels[i]", "== labels", "labels[i]"),
        ("distances", "a[i] - b[j]", "a[i] - b", "b[j]"),
        ("pool", "y[i] = ", "y = ", "entry i"),
    ],
}  # fmt: skip
ROWS = [
    pytest.param(*row, id=f"{kind}: {row[0]} {i}")
    for kind, rows in KINDS.items()
    for i, row in enumerate(rows)
]


@pytest.mark.parametrize(("subject", "right", "wrong", "word"), ROWS)
def test_the_slip_is_undone_and_said(subject, right, wrong, word):
    program, _ = SUBJECTS[subject]
    assert program.count(right) == 1
    ask = asks(subject)
    assert ask(with_source(program)) is None
    function = with_source(program.replace(right, wrong))
    assert ask(function) is not None
    said = repaired(function, ask, 1.0)
    assert word in said, said
    assert said.startswith("`"), said
    assert " Also, " not in said, said
