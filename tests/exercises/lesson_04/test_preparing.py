"""The checkers of preparing: right ways pass, slips of students are named, alone and in pairs."""

import itertools

import numpy as np
import pytest

from coursekit.datasets import fashion_split
from coursekit.exercises import check_mended_normalized, check_standardize, check_whiten
from tests.exercises.answers import try_right, try_wrong


def standardize(
    mean=lambda a, b: a.mean(axis=0),
    std=lambda a, b: a.std(axis=0),
    guard=lambda s, eps: s + eps,
    order=lambda x, m, s: (x - m) / s,
):
    """Both parts by the same statistics, with each step done so."""

    def answer(x_train, x_test, eps):
        m, s = mean(x_train, x_test), guard(std(x_train, x_test), eps)
        return order(x_train, m, s), order(x_test, m, s)

    return answer


def both(a, b):
    return np.concatenate([a, b])


def own(x_train, x_test, eps):
    return tuple((x - x.mean(axis=0)) / (x.std(axis=0) + eps) for x in (x_train, x_test))


def in_loops(x_train, x_test, eps):
    ready = [np.zeros(x.shape) for x in (x_train, x_test)]
    for k in range(x_train.shape[1]):
        column = x_train[:, k]
        mean = sum(column) / len(column)
        spread = (sum((v - mean) ** 2 for v in column) / len(column)) ** 0.5
        for part, x in zip(ready, (x_train, x_test), strict=True):
            part[:, k] = (x[:, k] - mean) / (spread + eps)
    return ready


def by_moments(x_train, x_test, eps):
    m = x_train.sum(0) / len(x_train)
    s = np.sqrt(np.maximum((x_train**2).mean(0) - m**2, 0))
    return (x_train - m) / (s + eps), (x_test - m) / (s + eps)


def with_keepdims(x_train, x_test, eps):
    m, s = (f(axis=0, keepdims=True) for f in (x_train.mean, x_train.std))
    return [np.divide(x - m, s + eps) for x in (x_train, x_test)]


STANDARDIZE_RIGHT = [standardize(), in_loops, by_moments, with_keepdims]
LEAK, OWN, ALL = "leak into the statistics", "by its own statistics", "over all entries"
STANDARDIZE_WRONG = {
    "leak": (
        standardize(lambda a, b: both(a, b).mean(axis=0), lambda a, b: both(a, b).std(axis=0)),
        (LEAK,),
        ("Also",),
    ),
    "leak of the spread": (standardize(std=lambda a, b: both(a, b).std(axis=0)), (LEAK,)),
    "own": (own, ("by its own mean", "Also, the test part is divided by its own spread")),
    "of the test part": (
        standardize(lambda a, b: b.mean(axis=0), lambda a, b: b.std(axis=0)),
        ("of x_test is used for both",),
    ),
    "all entries": (standardize(lambda a, b: a.mean(), lambda a, b: a.std()), (ALL,), ("Also",)),
    "mean of all entries": (standardize(lambda a, b: a.mean()), (ALL,)),
    "spread of all entries": (standardize(std=lambda a, b: a.std()), (ALL,)),
    "rows": (
        lambda a, b, eps: tuple(
            (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=1, keepdims=True) + eps) for x in (a, b)
        ),
        ("of each sample",),
    ),
    "rows without keepdims": (standardize(lambda a, b: a.mean(axis=1)), ("shapes do not fit",)),
    "n - 1": (standardize(std=lambda a, b: a.std(axis=0, ddof=1)), ("divides by N − 1",)),
    "leak and n - 1": (
        standardize(lambda a, b: both(a, b).mean(axis=0), lambda a, b: both(a, b).std(axis=0, ddof=1)),
        (LEAK, "divides by N − 1"),
    ),
    "not centred": (standardize(lambda a, b: 0), ("nothing is subtracted",)),
    "divided first": (standardize(order=lambda x, m, s: x / s - m), ("divide before you centre",)),
    "no brackets": (standardize(order=lambda x, m, s: x - m / s), ("brackets are missing",)),
    "multiplied": (standardize(order=lambda x, m, s: (x - m) * s), ("multiply by the spread",)),
    "added": (standardize(order=lambda x, m, s: (x + m) / s), ("you add the mean",)),
    "variance": (standardize(std=lambda a, b: a.var(axis=0)), ("divide by the variance",)),
    "range": (standardize(std=lambda a, b: np.ptp(a, axis=0)), ("divide by the range",)),
    "median": (standardize(lambda a, b: np.median(a, axis=0)), ("the median",)),
    "not divided": (standardize(std=lambda a, b: 1, guard=lambda s, e: s), ("centring alone",)),
    "zero spread": (standardize(guard=lambda s, eps: s), ("never changes", "spread 0")),
    "under the root": (standardize(guard=lambda s, eps: np.sqrt(s**2 + eps)), ("under the root",)),
    "replaced by 1": (
        standardize(guard=lambda s, eps: np.where(s == 0, 1, s)),
        ("spread of 0 is replaced by 1",),
    ),
    "the larger": (standardize(guard=lambda s, eps: np.maximum(s, eps)), ("larger of std and eps",)),
    "an eps of one's own": (standardize(guard=lambda s, eps: s + 1e-8), ("eps is 1e-8",)),
    "root mean square": (
        standardize(std=lambda a, b: np.sqrt((a**2).mean(axis=0))),
        ("of x as it came",),
    ),
    "only one": (lambda a, b, eps: standardize()(a, b, eps)[0], ("return two arrays",)),
    "turned round": (lambda a, b, eps: standardize()(a, b, eps)[::-1], ("should have the shape",)),
    "in place": (lambda a, b, eps: (a.__isub__(1.0), b), ("changes an array",)),
    "another": (lambda a, b, eps: (a + 1, b), ("should be",)),
}


@pytest.mark.parametrize("answer", STANDARDIZE_RIGHT)
def test_right_standardizing_passes(answer):
    try_right(check_standardize, answer)


@pytest.mark.parametrize("name", STANDARDIZE_WRONG)
def test_wrong_standardizing_is_named(name):
    try_wrong(check_standardize, STANDARDIZE_WRONG[name])


PAIRS = {
    "mean": (lambda a, b: a.mean(), ALL),
    "std": (lambda a, b: a.std(axis=0, ddof=1), "divides by N − 1"),
    "guard": (lambda s, eps: np.sqrt(s**2 + eps), "under the root"),
    "order": (lambda x, m, s: x / s - m, "divide before you centre"),
}


@pytest.mark.parametrize("pair", list(itertools.combinations(PAIRS, 2)))
def test_pairs_are_named(pair):
    answer = standardize(**{name: PAIRS[name][0] for name in pair})
    try_wrong(check_standardize, (answer, [PAIRS[name][1] for name in pair]))


def test_standardizing_by_hand():
    # mean 3, spread 2; the second feature never changes
    train, test = np.array([[1.0, 7.0], [5.0, 7.0]]), np.array([[9.0, 8.0]])
    for answer in STANDARDIZE_RIGHT:
        a, b = answer(train, test, 1.0)
        np.testing.assert_allclose(a, [[-2 / 3, 0], [2 / 3, 0]])
        np.testing.assert_allclose(b, [[2, 1]])


def whiten(
    centre=lambda a, b: a.mean(axis=0),
    cov=lambda a, b: np.cov(a.T, bias=True),
    scale=lambda v, eps: 1 / np.sqrt(v + eps),
    turn=lambda away, u, s: away @ u * s,
):
    def answer(x_train, x, eps):
        values, u = np.linalg.eigh(cov(x_train, x))
        return turn(x - centre(x_train, x), u, scale(values, eps))

    return answer


def by_svd(x_train, x, eps):
    mean = x_train.mean(axis=0)
    _, s, rows = np.linalg.svd(x_train - mean, full_matrices=False)
    return (x - mean) @ rows.T / np.sqrt(s**2 / len(x_train) + eps)


def by_cholesky(x_train, x, eps):
    cov = np.cov(x_train, rowvar=False, ddof=0) + eps * np.eye(x.shape[1])
    return np.linalg.solve(np.linalg.cholesky(cov), (x - x_train.mean(axis=0)).T).T


def sorted_down(x_train, x, eps):
    mean = x_train.mean(axis=0)
    values, u = np.linalg.eigh((x_train - mean).T @ (x_train - mean) / len(x_train))
    order = values.argsort()[::-1]
    return ((x - mean) @ u[:, order]) / np.sqrt(values[order] + eps)


def by_eig(x_train, x, eps):
    values, u = np.linalg.eig(np.cov(x_train.T, bias=True))
    return (x - x_train.mean(axis=0)) @ u @ np.diag((values + eps) ** -0.5)


WHITEN_RIGHT = [
    whiten(),
    whiten(turn=lambda away, u, s: away @ u * s @ u.T),  # turned back, ZCA
    whiten(turn=lambda away, u, s: -away @ u * s),
    by_svd,
    by_cholesky,
    sorted_down,
    by_eig,
]
WHITEN_WRONG = {
    "rows": (whiten(turn=lambda away, u, s: away @ u.T * s), ("taken as rows",)),
    "rows, turned back": (whiten(turn=lambda away, u, s: away @ u.T * s @ u), ("taken as rows",)),
    "n - 1": (whiten(cov=lambda a, b: np.cov(a.T)), ("divides by N − 1",)),
    "sum": (
        whiten(cov=lambda a, b: (a - a.mean(0)).T @ (a - a.mean(0))),
        ("covariance is a sum",),
    ),
    "covariance of x": (whiten(cov=lambda a, b: np.cov(b.T, bias=True)), ("is that of x:",)),
    "all of x": (
        whiten(lambda a, b: b.mean(axis=0), lambda a, b: np.cov(b.T, bias=True)),
        ("own mean", "is that of x:"),
    ),
    "leak": (
        whiten(lambda a, b: both(a, b).mean(axis=0), lambda a, b: np.cov(both(a, b).T, bias=True)),
        (LEAK,),
    ),
    "uncentred moments": (whiten(cov=lambda a, b: a.T @ a / len(a)), ("as it came",)),
    "correlations": (whiten(cov=lambda a, b: np.corrcoef(a.T)), ("that is the correlation",)),
    "not centred": (whiten(lambda a, b: 0), ("nothing is subtracted",)),
    "centred by all": (whiten(lambda a, b: a.mean()), (ALL,)),
    "own mean": (whiten(lambda a, b: b.mean(axis=0)), ("by its own mean",)),
    "no root": (whiten(scale=lambda v, eps: 1 / (v + eps)), ("by its root",)),
    "multiplied": (whiten(scale=lambda v, eps: np.sqrt(v + eps)), ("multiply by the root",)),
    "no eps": (whiten(scale=lambda v, eps: 1 / np.sqrt(v)), ("eps is not used",)),
    "eps outside": (whiten(scale=lambda v, eps: 1 / (np.sqrt(v) + eps)), ("outside the root",)),
    "turned only": (whiten(scale=lambda v, eps: np.ones(len(v))), ("that is PCA",)),
    "other order": (whiten(turn=lambda away, u, s: away @ u * s[::-1]), ("another order",)),
    "scaled first": (whiten(turn=lambda away, u, s: away * s @ u), ("scale before you turn",)),
    "standardized": (
        lambda a, b, eps: (b - a.mean(axis=0)) / a.std(axis=0),
        ("that is standardizing",),
    ),
    "two": (
        whiten(lambda a, b: 0, lambda a, b: np.cov(a.T)),
        ("nothing is subtracted", "divides by N − 1"),
    ),
    "x_train": (lambda a, b, eps: whiten()(a, a, eps), ("You return x_train whitened",)),
    "the matrix": (lambda a, b, eps: np.cov(a.T), ("That is the matrix",)),
    "turned shape": (lambda a, b, eps: whiten()(a, b, eps).T, ("should have the shape",)),
    "in place": (lambda a, b, eps: b.__isub__(1.0), ("changes an array",)),
    "another": (lambda a, b, eps: b + 1, ("should be",)),
}


@pytest.mark.parametrize("answer", WHITEN_RIGHT)
def test_right_whitening_passes(answer):
    try_right(check_whiten, answer)


@pytest.mark.parametrize("name", WHITEN_WRONG)
def test_wrong_whitening_is_named(name):
    try_wrong(check_whiten, WHITEN_WRONG[name])


def normalized(centred=True, of_both=False, unbiased=False, by_range=True):
    """The program of the lesson with each of its errors in or out."""

    def answer(x_train, x_test):
        kept = x_train.std(axis=0) != 0
        if by_range:
            kept = x_train.min(axis=0) < x_train.max(axis=0)
        a, b = x_train[:, kept], x_test[:, kept]
        spread = (both(a, b) if of_both else a).std(axis=0, ddof=int(unbiased))
        mean = a.mean(axis=0) if centred else 0
        return (a - mean) / spread, (b - mean) / spread

    return answer


SAYS = {
    "centred": (False, "nothing is subtracted"),
    "of_both": (True, LEAK),
    "unbiased": (True, "divides by N − 1"),
}


@pytest.mark.parametrize("left", [c for k in (1, 2, 3) for c in itertools.combinations(SAYS, k)])
def test_what_is_left_is_said(left):
    answer = normalized(**{name: SAYS[name][0] for name in left})
    others = [said for name, (_, said) in SAYS.items() if name not in left]
    try_wrong(check_mended_normalized, (answer, [SAYS[name][1] for name in left], others))


def test_the_constant_pixel_comes_first():
    said = ("a rounding error", "x_train.min(axis=0) < x_train.max(axis=0)")
    try_wrong(check_mended_normalized, (normalized(by_range=False), said))
    try_wrong(check_mended_normalized, (normalized(False, True, True, by_range=False), said))


def kept(prepare):
    """A way to prepare, used on the pixels that change."""

    def answer(x_train, x_test):
        changes = x_train.min(axis=0) < x_train.max(axis=0)
        return prepare(x_train[:, changes], x_test[:, changes], 0.0)

    return answer


SAID_BEFORE = ("leak", "own", "of the test part", "all entries", "n - 1", "leak and n - 1", "not centred")
SAID_BEFORE += (
    "divided first",
    "no brackets",
    "variance",
    "range",
    "not divided",
    "root mean square",
    "rows",
)
SAID_BEFORE += ("rows", "only one", "turned round")


@pytest.mark.parametrize("name", SAID_BEFORE)
def test_other_slips_in_the_program_are_named_too(name):
    answer, words = STANDARDIZE_WRONG[name][:2]
    try_wrong(check_mended_normalized, (kept(answer), words))


def test_the_constant_pixel_is_found_in_a_list_and_nothing_crashes():
    try_wrong(check_mended_normalized, (lambda a, b: [a / 2, b / 2], ("a rounding error",)))
    assert not check_mended_normalized(lambda a, b: (a, [[1], [2, 3]])).passed
    assert not check_standardize(lambda a, b, eps: (a, [[1], [2, 3]])).passed


MENDED_RIGHT = [
    normalized(),
    lambda a, b: standardize()(a[:, np.ptp(a, axis=0) > 0], b[:, np.ptp(a, axis=0) > 0], 0.0),
    lambda a, b: standardize()(a[:, a.std(axis=0) > 1e-3], b[:, a.std(axis=0) > 1e-3], 0.0),
    lambda a, b: standardize()(a[:, ~(a == a[0]).all(0)], b[:, ~(a == a[0]).all(0)], 0.0),
]


@pytest.mark.parametrize("answer", MENDED_RIGHT)
def test_mended_programs_pass(answer):
    try_right(check_mended_normalized, answer)


def test_the_mended_program_does_what_it_should():
    data = fashion_split(500, 1000)
    a, b = normalized()(data.x_train, data.x_test)
    assert a.shape == (500, 778)
    np.testing.assert_allclose(a.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(a.std(axis=0), 1, rtol=1e-3)
    assert np.isfinite(b).all()


def test_no_answers_are_answered(no_answer):
    for check in (check_standardize, check_whiten, check_mended_normalized):
        assert not check(no_answer).passed
