"""Batch normalization as students write it: slips of public courses and questions,
each in its own words."""

import numpy as np
import pytest

from coursekit.exercises import check_batchnorm_forward
from tests.exercises.answers import try_right, try_wrong

RULE = "(1 - momentum)"


def bn(
    own=lambda x: (x.mean(axis=0), x.var(axis=0)),
    use=None,
    test=None,
    norm=lambda x, m, v, e: (x - m) / np.sqrt(v + e),
    out=lambda h, g, b: g * h + b,
    run=lambda r, s, p: p * r + (1 - p) * s,
    kept=None,
    start=lambda m, v: (m, v),
    back=lambda y, m, v: (y, m, v),
):
    """A student's function, with one line or two of its own."""

    def forward(x, gamma, beta, r_mean, r_var, train, momentum, eps):
        r_mean, r_var = start(r_mean, r_var)
        m, v = own(x)
        if train:
            sm, sv = kept(x, eps) if kept else (m, v)
            if use:
                m, v = use(x, r_mean, r_var)
            r_mean, r_var = run(r_mean, sm, momentum), run(r_var, sv, momentum)
        else:
            m, v = test(x, r_mean, r_var) if test else (r_mean, r_var)
        return back(out(norm(x, m, v, eps), gamma, beta), r_mean, r_var)

    return forward


def mode_as_text(x, gamma, beta, mean, var, mode, momentum, eps):
    if mode == "train":
        mean, var = x.mean(0), x.var(0)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


def modes_swapped(x, gamma, beta, mean, var, training, momentum, eps):
    return bn()(x, gamma, beta, mean, var, not training, momentum, eps)


def no_return(x, gamma, beta, mean, var, training, momentum, eps):
    y = gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta
    y += 0


def return_in_training_only(x, gamma, beta, mean, var, training, momentum, eps):
    if training:
        return bn()(x, gamma, beta, mean, var, training, momentum, eps)


def eps_in_training_only(x, g, b, m, v, t, p, e):
    return bn()(x, g, b, m, v, t, p, e if t else 0.0)


def updates_the_wrong_one(x, g, b, m, v, t, p, e):
    y, m, v = bn()(x, g, b, m, v, t, p, e)
    return (y, v, v) if t else (y, m, v)


def with_sums(x, g, b, m, v, t, p, e):
    return bn(own=lambda x: (x.sum(0) / x.shape[1], x.var(0)))(x, g, b, m, v, t, p, e)


def after_updating(x, g, b, m, v, t, p, e):
    _, m, v = bn()(x, g, b, m, v, t, p, e)
    return g * (x - m) / np.sqrt(v + e) + b, m, v


def around_running(x, m, v):
    return x.mean(0), ((x - m) ** 2).mean(0)


def unbiased(x):
    return x.mean(0), x.var(0, ddof=1)


def eps_outside(x, m, v, e):
    return (x - m) / (np.sqrt(v) + e)


WRONG = {
    "F01 n - 1": (bn(own=unbiased), ("n - 1",), ("outside",)),
    "F02 eps outside": (bn(norm=eps_outside), ("outside the root",), ("n - 1",)),
    "F03 running mean, own spread in prediction": (
        bn(test=lambda x, m, v: (m, x.var(0))), ("prediction", "own", "mixed"), ("training",)),
    "F04 own mean, running spread in prediction": (
        bn(test=lambda x, m, v: (x.mean(0), v)), ("prediction", "own", "mixed"), ("training",)),
    "F05 running mean, own spread in training": (
        bn(use=lambda x, m, v: (m, x.var(0))), ("training", "mixed", "running"), ("prediction",)),
    "F06 own mean, running spread in training": (
        bn(use=lambda x, m, v: (x.mean(0), v)), ("training", "mixed", "running"), ("prediction",)),
    "F07 running ones in training": (
        bn(use=lambda x, m, v: (m, v)), ("training", "running statistics"), ("mixed",)),
    "F08 own ones in prediction": (
        bn(test=lambda x, m, v: (x.mean(0), x.var(0))), ("prediction", "own"), ("mixed",)),
    "F09 n - 1 and eps outside": (bn(own=unbiased, norm=eps_outside), ("n - 1", "outside the root")),
    "F10 n - 1 and no eps": (
        bn(own=unbiased, norm=lambda x, m, v, e: (x - m) / np.sqrt(v)), ("n - 1", "ε is missing")),
    "F11 sum of squares": (
        bn(own=lambda x: (x.mean(0), ((x - x.mean(0)) ** 2).sum(0))), ("divide the variance by n",)),
    "F12 eps 1e-5": (bn(norm=lambda x, m, v, e: (x - m) / np.sqrt(v + 1e-5)), ("ε", "1e-05", "handed in")),
    "F13 eps 1e-8": (bn(norm=lambda x, m, v, e: (x - m) / np.sqrt(v + 1e-8)), ("ε", "handed in")),
    "F14 eps 1e-3": (bn(norm=lambda x, m, v, e: (x - m) / np.sqrt(v + 1e-3)), ("ε", "0.001", "handed in")),
    "F15 eps 1e-5 outside": (
        bn(norm=lambda x, m, v, e: (x - m) / (np.sqrt(v) + 1e-5)), ("ε", "handed in")),
    "F16 momentum 0.99": (bn(run=lambda r, s, p: 0.99 * r + 0.01 * s), ("momentum", "handed in", "0.99")),
    "F17 momentum 0.1 for the new": (bn(run=lambda r, s, p: 0.9 * r + 0.1 * s), ("momentum", "handed in")),
    "F18 momentum 0.1 for the old": (
        bn(run=lambda r, s, p: 0.1 * r + 0.9 * s), ("momentum", "handed in", "0.1")),
    "F19 momentum 0.999": (bn(run=lambda r, s, p: 0.999 * r + 0.001 * s), ("momentum", "handed in")),
    "F20 PyTorch's momentum": (bn(run=lambda r, s, p: (1 - p) * r + p * s), ("wrong way round", RULE)),
    "F21 afresh from 0 and 1": (bn(start=lambda m, v: (0 * m, 0 * v + 1)), ("handed in",), ("wrong way",)),
    "F22 new not weighted": (bn(run=lambda r, s, p: p * r + s), ("not weighted", RULE)),
    "F23 replaced": (bn(run=lambda r, s, p: s), ("replaced", RULE)),
    "F24 not updated": (bn(run=lambda r, s, p: r), ("not updated", RULE)),
    "F25 simple average": (bn(run=lambda r, s, p: (r + s) / 2), ("momentum", "average")),
    "F26 stores n - 1": (bn(kept=lambda x, e: unbiased(x)), ("n - 1", "running variance")),
    "F27 stores the std": (
        bn(kept=lambda x, e: (x.mean(0), x.std(0))), ("standard deviation", "running variance")),
    "F28 stores √(v + ε)": (bn(kept=lambda x, e: (x.mean(0), np.sqrt(x.var(0) + e))), ("√(v + ε)",)),
    "F29 stores 1/√(v + ε)": (
        bn(kept=lambda x, e: (x.mean(0), 1 / np.sqrt(x.var(0) + e))), ("1 / √(v + ε)",)),
    "F30 stores n - 1 the wrong way round": (
        bn(kept=lambda x, e: unbiased(x), run=lambda r, s, p: (1 - p) * r + p * s), ("wrong way round",)),
    "F31 mean in both": (updates_the_wrong_one, ("running mean",)),
    "F32 modes swapped": (modes_swapped, ("modes are swapped",)),
    "F33 mode as text": (mode_as_text, ("training", "running statistics")),
    "F34 no return": (no_return, ("return is missing",), ("replace",)),
    "F35 return in one branch": (return_in_training_only, ("return is missing", "prediction")),
    "F36 eps only in training": (eps_in_training_only, ("prediction", "ε is missing")),
    "F37 mean divided by K": (with_sums, ("training",)),
    "F38 normalized after the update": (after_updating, ("training", "running statistics")),
    "F39 root of sum over n": (
        bn(norm=lambda x, m, v, e: (x - m) / (np.sqrt(v * len(x)) / len(x))), ("root", "n outside")),
    "F40 variance over n again": (
        bn(own=lambda x: (x.mean(0), x.var(0) / len(x))), ("n once too often",)),
    "F41 E[x²] - E[x]": (
        bn(own=lambda x: (x.mean(0), np.abs((x**2).mean(0) - 0 * x.mean(0)))), ("mean of x²",)),
    "F42 affine reversed": (bn(out=lambda h, g, b: g * (h + b)), ("β is scaled",)),
    "F43 batch around the running mean": (bn(use=around_running), ("training", "running mean")),
    "F44 PyTorch's correction in prediction": (
        bn(test=lambda x, m, v: (m, v * len(x) / (len(x) - 1))), ("prediction", "n - 1")),
    "F45 running variance for a spread": (
        bn(norm=lambda x, m, v, e: (x - m) / (v + e)), ("divide by the variance",)),
    "F46 no eps, γ forgotten": (
        bn(norm=lambda x, m, v, e: (x - m) / np.sqrt(v), out=lambda h, g, b: h + b),
        ("ε is missing", "γ is forgotten")),
    "F47 median": (bn(own=lambda x: (np.median(x, axis=0), x.var(0))), ("median",)),
    "F48 max and min": (bn(own=lambda x: (x.min(0), np.ptp(x, axis=0) ** 2)), ("min-max",)),
    "F49 keepdims in the running ones": (
        bn(own=lambda x: (x.mean(0, keepdims=True), x.var(0, keepdims=True))), ("(1, 3)", "keepdims")),
    "F50 debiased": (bn(run=lambda r, s, p: (p * r + (1 - p) * s) / (1 - p)), ("1 - momentum",)),
    "F51 torch's keyword": (lambda x, *a: x.mean(0, keepdim=True), ("keepdims",)),
    "F52 dim": (lambda x, *a: x.mean(dim=0), ("axis",)),
    "F53 view": (lambda x, *a: x.view(-1, 2, 1).permute(0), ("function raised",)),
    "F54 y only": (lambda *a: bn()(*a)[0], ("three things",)),
    "F55 order": (bn(back=lambda y, m, v: (m, v, y)), ("shape",)),
    "F56 returns the batch's own in prediction": (
        lambda x, g, b, m, v, t, p, e: bn()(x, g, b, m, v, t, p, e)
        if t else (bn()(x, g, b, m, v, t, p, e)[0], x.mean(0), x.var(0)),
        ("prediction", "batch's own", "handed in")),
    "F57 something unknown": (
        bn(norm=lambda x, m, v, e: np.tanh((x - m) / np.sqrt(v + e))), ("should be", "Look at")),
    "F58 three slips": (
        bn(own=unbiased, norm=eps_outside, out=lambda h, g, b: g * h),
        ("n - 1", "outside the root", "β is forgotten")),
    "F59 larger of v and eps": (
        bn(norm=lambda x, m, v, e: (x - m) / np.sqrt(np.maximum(v, e))), ("larger of v and ε",)),
    "F60 all entries": (bn(own=lambda x: (x.mean(), x.var())), ("all entries",)),
}  # fmt: skip


def einsum(x, g, b, m, v, t, p, e):
    if t:
        n = len(x)
        mu = np.einsum("ik->k", x) / n
        c = x - mu
        sq = np.einsum("ik,ik->k", c, c) / n
        m, v = p * m + (1 - p) * mu, p * v + (1 - p) * sq
    else:
        c, sq = x - m, v
    return np.einsum("k,ik,k->ik", g, c, (sq + e) ** -0.5) + b, m, v


def step_by_step(x, g, b, m, v, t, p, e):
    if not t:
        std = np.sqrt(v + e)
        return ((x - m) / std) * g + b, m, v
    mu = 1.0 / len(x) * np.sum(x, axis=0)
    xmu = x - mu
    var = 1.0 / len(x) * np.sum(xmu**2, axis=0)
    ivar = 1.0 / np.sqrt(var + e)
    m += (1 - p) * (mu - m)
    v -= (1 - p) * (v - var)
    return [list(map(list, g * (xmu * ivar) + b)), m.tolist(), tuple(v)]


def folded(x, g, b, m, v, t, p, e):
    """One scale and one shift, as nets are made faster in use."""
    used = (x.mean(0), x.var(0)) if t else (m, v)
    a = g / np.sqrt(used[1] + e)
    if t:
        m, v = (
            np.average([old, new], axis=0, weights=[p, 1 - p])
            for old, new in zip((m, v), used, strict=True)
        )
    return a * x + (b - a * used[0]), m, v


def by_columns(x, g, b, m, v, t, p, e):
    done = [bn()(x[:, [k]], g[[k]], b[[k]], m[[k]], v[[k]], t, p, e) for k in range(x.shape[1])]
    return tuple(np.concatenate(one, axis=-1) for one in zip(*done, strict=True))


def in_float32(*a):
    return tuple(
        one.astype(np.float32) for one in bn()(*(np.asarray(v, np.float32) for v in a[:5]), *a[5:])
    )


def on_its_own_copies(x, g, b, m, v, t, p, e):
    x, m, v = x.copy(), m.copy(), v.copy()
    mu, var = (x.mean(0), x.var(0)) if t else (m.copy(), v.copy())
    x -= mu
    x /= np.sqrt(var + e)
    if t:
        m *= p
        m += mu * (1 - p)
        v *= p
        v += var * (1 - p)
    return x * g + b, m, v


RIGHT = {f.__name__: f for f in (einsum, step_by_step, folded, by_columns, in_float32, on_its_own_copies)}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name):
    try_wrong(check_batchnorm_forward, WRONG[name])


@pytest.mark.parametrize("name", RIGHT)
def test_right(name):
    try_right(check_batchnorm_forward, RIGHT[name])
