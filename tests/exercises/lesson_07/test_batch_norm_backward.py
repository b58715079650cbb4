"""The checkers of lesson 07: right answers in many forms, and each wrong one by the name of its node."""

import numpy as np
import pytest

from coursekit.exercises import check_batchnorm_backward, check_batchnorm_gamma_beta
from coursekit.exercises.lesson_07.batch_norm_backward import PROBLEMS
from coursekit.exercises.slips.paths import factors, known_mistakes, paths


def backward(
    dy, x, gamma, eps, *,
    axis=0, ddof=0, two=2.0, half=0.5, n_v=None, n_mu=None, sign_mu=-1, sign_r=-1, power_r=2, power_s=1,
    direct=1, mean=1, variance=1, use=lambda c, x: c, gamma_of_z=lambda g: g, root=np.sqrt,
):  # fmt: skip
    """Stage by stage; every option is a place where a learner can go wrong."""
    n = len(x)
    c = x - x.mean(axis=0)
    v = (c**2).sum(axis=0) / (n - ddof)
    s = root(v + eps)
    x_hat = c / s
    dbeta = dy.sum(axis=0)
    dgamma = (x_hat * dy).sum(axis=0)
    dx_hat = gamma_of_z(gamma) * dy
    dr = (use(c, x) * dx_hat).sum(axis=0)
    ds = sign_r * dr / s**power_r
    dv = ds * half / s**power_s
    dq = np.ones_like(x) * dv / (n_v or n)
    dc = direct * dx_hat / s + variance * two * c * dq
    dmu = sign_mu * dc.sum(axis=0)
    return dc + mean * dmu / (n_mu or n), dgamma, dbeta


def with_(**options):
    return lambda dy, x, gamma, eps: backward(dy, x, gamma, eps, **options)


def closed(dy, x, gamma, eps):
    n = x.shape[0]
    s = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / s
    dbeta, dgamma = dy.sum(axis=0), (dy * x_hat).sum(axis=0)
    return gamma / (n * s) * (n * dy - dbeta - x_hat * dgamma), dgamma, dbeta


def with_means(dy, x, gamma, eps):
    r = (x.var(axis=0) + eps) ** -0.5
    x_hat = (x - x.mean(axis=0)) * r
    inner = dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0)
    return [(gamma * r * inner).tolist(), np.einsum("ik,ik->k", dy, x_hat), np.ones(len(dy)) @ dy]


def the_paper_s(dy, x, gamma, eps):
    """Ioffe & Szegedy's chain, with the term in ∂C/∂μ that is always zero."""
    m, mu, v = len(x), x.mean(axis=0), x.var(axis=0)
    d_hat = dy * gamma
    dv = (d_hat * (x - mu)).sum(axis=0) * -0.5 * (v + eps) ** -1.5
    dmu = -d_hat.sum(axis=0) / np.sqrt(v + eps) + dv * (-2 * (x - mu)).sum(axis=0) / m
    dx = d_hat / np.sqrt(v + eps) + dv * 2 * (x - mu) / m + dmu / m
    return dx, (dy * (x - mu) / np.sqrt(v + eps)).sum(axis=0), dy.sum(axis=0)


def by_the_jacobian(dy, x, gamma, eps):
    """The whole matrix ∂x̂/∂x of each feature."""
    n, dx = len(x), np.empty_like(x)
    s = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / s
    for k in range(x.shape[1]):
        jacobian = (np.eye(n) - 1 / n - np.outer(x_hat[:, k], x_hat[:, k]) / n) / s[k]
        dx[:, k] = gamma[k] * jacobian.T @ dy[:, k]
    return dx, (dy * x_hat).sum(axis=0), dy.sum(axis=0)


def in_float32(*arguments):
    return tuple(a.astype(np.float32) for a in closed(*arguments))


RIGHT = {
    "stages": backward,
    "closed form": closed,
    "closed form with means": with_means,
    "the paper's": the_paper_s,
    "Jacobian": by_the_jacobian,
    "2 and ½ both left out": with_(two=1, half=1),
    "float32": in_float32,
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_of_every_form_pass(name):
    feedback = check_batchnorm_backward(RIGHT[name])
    assert feedback.passed, feedback


def scaled(factor_of):
    """The right dx times a factor computed from the batch."""

    def function(dy, x, gamma, eps):
        dx, dgamma, dbeta = closed(dy, x, gamma, eps)
        return dx * factor_of(x, gamma, np.sqrt(x.var(axis=0) + eps)), dgamma, dbeta

    return function


def only_dx(formula):
    """Replace dx by a closed form of dy, x̂, γ / s."""

    def function(dy, x, gamma, eps):
        _, dgamma, dbeta = closed(dy, x, gamma, eps)
        s = np.sqrt(x.var(axis=0) + eps)
        return formula(dy, (x - x.mean(axis=0)) / s, gamma / s), dgamma, dbeta

    return function


def with_others(change):
    """Change dgamma and dbeta of a right answer."""

    def function(dy, x, gamma, eps):
        dx, dgamma, dbeta = closed(dy, x, gamma, eps)
        return dx, *change(dgamma, dbeta, dy, x, gamma, eps)

    return function


def keeping_gammas(change):
    """A bug in the statistics alone: dx from changed eps or ddof, dgamma right."""

    def function(dy, x, gamma, eps):
        return change(dy, x, gamma, eps)[0], *closed(dy, x, gamma, eps)[1:]

    return function


def in_place(dy, x, gamma, eps):
    dx, dgamma, dbeta = closed(dy, x, gamma, eps)
    dy *= gamma
    return dx, dgamma, dbeta


def fixed_size(dy, x, gamma, eps):
    dx, dgamma, dbeta = with_(n_mu=8, n_v=8)(dy, x, gamma, eps)
    return dx, dgamma, dbeta


def x_hat_of(x, eps):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


WRONG = {
    "prediction mode": (with_(mean=0, variance=0), "treats μ and v as constants"),
    "mean path dropped": (with_(mean=0), "path through the mean is missing (node μ)"),
    "variance path dropped": (with_(variance=0), "path through the variance is missing"),
    "direct path dropped": (with_(direct=0), "the direct one is missing (node x̂)"),
    "direct path overwritten": (
        only_dx(lambda dy, x_hat, g: -g * (dy.mean(axis=0) + x_hat * (dy * x_hat).mean(axis=0))),
        "direct path is missing (node x̂)",
    ),
    "sign of the mean path": (with_(sign_mu=1), "sign of the path through the mean is wrong (node μ)"),
    "sign of the variance path": (with_(sign_r=1), "the path through the variance is wrong (node r)"),
    "2 missing": (with_(two=1), "factor 2 is missing at the node q"),
    "½ missing": (with_(half=1), "factor ½ is missing at the node s"),
    "1/n missing at v": (with_(n_v=1), "1/n is missing at the node v"),
    "1/n missing at μ": (with_(n_mu=1), "1/n is missing at the node μ"),
    "1/n missing at both": (with_(n_v=1, n_mu=1), "1/n is missing at both"),
    "n-fold": (scaled(lambda x, gamma, s: len(x)), "n times too large"),
    "n missing beside δ": (
        only_dx(lambda dy, h, g: g / len(dy) * (dy - dy.sum(axis=0) - h * (dy * h).sum(axis=0))),
        "it has to be n δ",
    ),
    "n - 1 at μ": (lambda dy, x, g, e: backward(dy, x, g, e, n_mu=len(x) - 1), "n − 1 at the node μ"),
    "n - 1 at v, back": (lambda dy, x, g, e: backward(dy, x, g, e, n_v=len(x) - 1),"at the node v: tr"),
    "n - 1 at both": (
        lambda dy, x, g, e: backward(dy, x, g, e, n_v=len(x) - 1, n_mu=len(x) - 1),
        "n − 1 at the nodes μ and v",
    ),
    "n - 1 forward, dgamma too": (with_(ddof=1), "divides by n − 1 (node v)"),
    "n - 1 forward": (keeping_gammas(with_(ddof=1)), "variance divided by n − 1 (node v)"),
    "n - 1 forward and backward": (
        keeping_gammas(lambda dy, x, g, e: backward(dy, x, g, e, ddof=1, n_v=len(x) - 1)),
        "forward and backward",
    ),
    "ε forgotten, dgamma too": (lambda dy, x, g, e: backward(dy, x, g, 0), "ε is forgotten in x̂ (node s)"),
    "ε forgotten": (
        keeping_gammas(lambda dy, x, g, e: backward(dy, x, g, 0)),
        "ε is forgotten at the node s",
    ),
    "root missing, dgamma too": (with_(root=lambda v: v), "the root is missing (node s)"),
    "γ forgotten": (with_(gamma_of_z=np.ones_like), "γ is forgotten (node z)"),
    "γ twice": (with_(gamma_of_z=np.square), "γ is there twice"),
    "γ forgotten in the variance path": (
        only_dx(
            lambda dy, h, g: g * (dy - dy.mean(axis=0)) - h * (dy * h).mean(axis=0) * scale(h)
        ),
        "γ is forgotten in the path through the variance",
    ),
    "not divided by s": (scaled(lambda x, gamma, s: s), "not divided by s (node x̂)"),
    "divided by v + ε": (scaled(lambda x, gamma, s: 1 / s), "the root is missing (node s)"),
    "1/s for 1/s²": (with_(power_r=1), "one power of s is missing"),
    "no 1/s²": (with_(power_r=0), "1/s has the slope −1/s² (node r); or"),
    "slope of the root missing": (with_(half=1, power_s=0), "slope of the root is missing (node s)"),
    "1/s³ too many": (with_(power_r=3), "one division by s too many"),
    "x for c": (with_(use=lambda c, x: x), "x stands in place of c"),
    "sign of all": (scaled(lambda x, gamma, s: -1), "sign of the whole dx"),
    "sums over features": (
        only_dx(
            lambda dy, x_hat, g: (
                g * (dy - dy.mean(axis=1, keepdims=True) - x_hat * (dy * x_hat).mean(axis=1, keepdims=True))
            )
        ),
        "sums run over the features (axis 1)",
    ),
    "sums over everything": (
        only_dx(lambda dy, x_hat, g: g * (dy - dy.mean() - x_hat * (dy * x_hat).mean())),
        "sums run over all entries",
    ),
    "x̂ forgotten before the mean": (
        only_dx(lambda dy, x_hat, g: g * (dy - dy.mean(axis=0) - (dy * x_hat).mean(axis=0))),
        "x̂ is missing in front of the mean of δ x̂",
    ),
    "x̂ forgotten in the mean": (
        only_dx(lambda dy, x_hat, g: g * (dy - dy.mean(axis=0) - x_hat * dy.mean(axis=0))),
        "x̂ is missing inside the second mean",
    ),
    "two bugs": (with_(two=1, n_mu=1), "has the slope 2c. Also, 1/n is missing at the node μ"),
    "mean path doubled": (with_(mean=2), "path through the mean (node μ) is 2 times"),
    "something else": (scaled(lambda x, gamma, s: x), "no sum of the three paths"),
    "dx is zero": (scaled(lambda x, gamma, s: 0), "zero everywhere"),
    "changes its argument": (in_place, "changes an array"),
    "fixed batch size": (fixed_size, "is a size fixed"),
    "dbeta a mean": (with_others(lambda g, b, dy, *r: (g, b / len(dy))), "node β (dbeta): it is the mean"),
    "dbeta unsummed": (with_others(lambda g, b, dy, *r: (g, dy)), "dbeta should have the shape (3,)"),
    "dbeta over features": (with_others(lambda g, b, dy, *r: (g, dy.sum(axis=1))), "over the features"),
    "dbeta over all": (with_others(lambda g, b, dy, *r: (g, dy.sum())), "summed over everything"),
    "dbeta without δ": (with_others(lambda g, b, dy, *r: (g, np.ones(dy.shape[1]))), "δ is not in it"),
    "dbeta with γ": (with_others(lambda g, b, dy, x, gamma, e: (g, b * gamma)), "γ does not belong here"),
    "swapped": (
        with_others(lambda g, b, *r: (b, g)),
        "each other's place, return dx, dgamma, dbeta",
    ),
    "dx last": (lambda *a: (*closed(*a)[1:], closed(*a)[0]), "another order: return dx, dgamma, dbeta"),
    "dx in the middle": (lambda *a: [closed(*a)[i] for i in (1, 0, 2)], "return dx, dgamma, dbeta"),
    "dgamma with x": (
        with_others(lambda g, b, dy, x, *r: ((dy * x).sum(axis=0), b)),
        "node γ (dgamma): it uses x;",
    ),
    "dgamma with c": (
        with_others(lambda g, b, dy, x, *r: ((dy * (x - x.mean(axis=0))).sum(axis=0), b)),
        "it uses x − μ",
    ),
    "dgamma with γ": (with_others(lambda g, b, dy, x, gamma, e: (g * gamma, b)), "its own gradient"),
    "dgamma a mean": (with_others(lambda g, b, dy, *r: (g / len(dy), b)), "mean of δ x̂"),
    "dgamma is dbeta": (with_others(lambda g, b, *r: (b, b)), "that is dbeta"),
    "dgamma's sign": (with_others(lambda g, b, *r: (-g, b)), "node γ (dgamma): its sign"),
    "dgamma otherwise": (with_others(lambda g, b, *r: (g + 1, b)), "has the slope x̂"),
    "dbeta otherwise": (with_others(lambda g, b, *r: (g, b + 1)), "has the slope 1"),
    "two arrays": (lambda *a: closed(*a)[:2], "return dx, dgamma, dbeta, 3 arrays"),
    "dx transposed": (lambda *a: (closed(*a)[0].T, *closed(*a)[1:]), "dx should have the shape (8, 3)"),
    "dots inside": (lambda *a: (..., *closed(*a)[1:]), "dx is not there yet"),
    "nan inside": (scaled(lambda x, gamma, s: np.nan), "dx holds nan or infinite numbers"),
}  # fmt: skip


def scale(x_hat):
    """1 / s of the batch whose x̂ this is; the checker's own problems are the only ones it meets."""
    return next(1 / p.graph.std.value for p in PROBLEMS if p.x.shape == x_hat.shape)


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_named(name):
    function, words = WRONG[name]
    feedback = check_batchnorm_backward(function)
    assert not feedback.passed
    assert words in feedback.message


def test_every_known_mistake_has_its_own_factors_and_words():
    lists = [known_mistakes(p.graph, p.gamma) for p in PROBLEMS]
    said = [message for _, message in lists[0]]
    assert len(set(said)) >= 90
    rows = [
        [np.concatenate([np.broadcast_to(f, p.gamma.shape) for f in expected]) for expected, _ in known]
        for p, known in zip(PROBLEMS, lists, strict=True)
    ]
    table = np.array([np.concatenate(one) for one in zip(*rows, strict=True)])
    for i in range(len(table)):
        for j in range(i):
            if said[i] != said[j]:
                assert np.abs(table[i] - table[j]).max() > 1e-3, (said[i], said[j])
        assert np.abs(table[i] - 1).max() > 0.01


def test_the_three_paths_add_up_and_are_told_apart():
    for p in PROBLEMS:
        parts = paths(p.graph)
        np.testing.assert_allclose(parts.sum(axis=0), p.graph.x.gradient, rtol=1e-12)
        for mix in ((1, 1, 1), (0.3, -2, 7)):
            dx = sum(f * part for f, part in zip(mix, parts, strict=True))
            np.testing.assert_allclose(factors(dx, p.graph), np.tile(np.array(mix)[:, None], p.gamma.size))
        # No path is so narrow that its absence could be overlooked.
        sizes = np.linalg.norm(parts, axis=1)
        assert (sizes > 0.1 * np.linalg.norm(p.graph.x.gradient, axis=0)).all()


GAMMA_BETA_RIGHT = {
    "sums": lambda dy, x_hat: ((dy * x_hat).sum(axis=0), dy.sum(axis=0)),
    "einsum": lambda dy, x_hat: (np.einsum("ik,ik->k", dy, x_hat), np.einsum("ik->k", dy)),
    "a diagonal": lambda dy, x_hat: (np.diag(dy.T @ x_hat), np.ones(len(dy)) @ dy),
    "a loop": lambda dy, x_hat: (sum(d * h for d, h in zip(dy, x_hat, strict=True)), sum(dy)),
    "means times n": lambda dy, x_hat: [len(dy) * (dy * x_hat).mean(axis=0), len(dy) * dy.mean(axis=0)],
}
GAMMA_BETA_WRONG = {
    "means": (lambda dy, h: ((dy * h).sum(axis=0), dy.mean(axis=0)), "the mean of δ"),
    "mean for γ": (lambda dy, h: ((dy * h).mean(axis=0), dy.sum(axis=0)), "the mean of δ x̂"),
    "swapped": (lambda dy, h: (dy.sum(axis=0), (dy * h).sum(axis=0)), "place, return dgamma, dbeta"),
    "axis 1": (lambda dy, h: ((dy * h).sum(axis=1), dy.sum(axis=1)), "summed over the features"),
    "all": (lambda dy, h: ((dy * h).sum(), dy.sum()), "summed over everything"),
    "unsummed": (lambda dy, h: (dy * h, dy), "Sum over the samples"),
    "no δ": (lambda dy, h: (h.sum(axis=0), dy.sum(axis=0)), "it is 0, as the sum of x̂ alone is"),
    "no x̂": (lambda dy, h: (dy.sum(axis=0), dy.sum(axis=0)), "x̂ is missing"),
    "sign": (lambda dy, h: (-(dy * h).sum(axis=0), dy.sum(axis=0)), "node γ (dgamma): its sign"),
    "count": (lambda dy, h: ((dy * h).sum(axis=0), np.full(dy.shape[1], len(dy))), "not 1"),
    "one array": (lambda dy, h: dy.sum(axis=0), "return dgamma, dbeta"),
    "dots": (lambda dy, h: (..., ...), "dgamma is not there yet"),
}


@pytest.mark.parametrize("name", GAMMA_BETA_RIGHT)
def test_gamma_and_beta_right(name):
    assert check_batchnorm_gamma_beta(GAMMA_BETA_RIGHT[name]).passed


@pytest.mark.parametrize("name", GAMMA_BETA_WRONG)
def test_gamma_and_beta_wrong(name):
    function, words = GAMMA_BETA_WRONG[name]
    feedback = check_batchnorm_gamma_beta(function)
    assert not feedback.passed
    assert words in feedback.message


def test_what_is_no_answer_gets_a_sentence(no_answer):
    for check in (check_batchnorm_backward, check_batchnorm_gamma_beta):
        feedback = check(no_answer)
        assert not feedback.passed
        assert len(feedback.message) > 10


@pytest.mark.parametrize(
    "pack",
    [
        lambda a, b, c: (object(), b, c),
        lambda a, b, c: ("dx", b, c),
        lambda a, b, c: (a.astype(complex), b, c),
        lambda a, b, c: (a, None, c),
        lambda a, b, c: (a, b, [[1], [2, 3]]),
        lambda a, b, c: (a, b, c, c),
        lambda a, b, c: {"dx": a, "dgamma": b, "dbeta": c},
    ],
)
def test_strange_parts_of_an_answer(pack):
    assert not check_batchnorm_backward(lambda *args: pack(*closed(*args))).passed
