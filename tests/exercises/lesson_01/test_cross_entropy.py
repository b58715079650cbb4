"""The cross-entropy from logits as students write it: slips of public questions, each in its own words."""

import numpy as np
import pytest

from coursekit.exercises import check_cross_entropy
from tests.exercises.answers import try_right, try_wrong


def soft(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def log_soft(z):
    s = z - z.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True))


def hot(p, y):
    return np.eye(p.shape[1])[y]


def at(p, y):
    return p[np.arange(len(y)), y]


def made(
    p=soft,
    loss=lambda p, y: -np.log(at(p, y)).mean(),
    slope=lambda p, y: (p - hot(p, y)) / len(p),
):
    """A student's function, with one line or two of its own."""

    def cross_entropy(z, labels):
        return loss(p(z), labels), slope(p(z), labels)

    return cross_entropy


def stable(loss=lambda lp, y: -at(lp, y).mean(), slope=lambda p, y: (p - hot(p, y)) / len(p)):
    """The same from the log of the probabilities: no log of 0."""

    def cross_entropy(z, labels):
        lp = log_soft(z)
        return loss(lp, labels), slope(np.exp(lp), labels)

    return cross_entropy


def with_eps(eps):
    return made(loss=lambda p, y: -np.log(at(p, y) + eps).mean())


def binary(p, y):
    return -(hot(p, y) * np.log(p) + (1 - hot(p, y)) * np.log(1 - p)).sum(axis=1).mean()


def no_shift(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def lowered_columns(p, y):
    p = p.copy()
    p[:, y] -= 1
    return p / len(p)


def label_only(p, y):
    g = np.zeros_like(p)
    g[np.arange(len(y)), y] = at(p, y) - 1
    return g / len(p)


def minus_one_over_p(p, y):
    g = np.zeros_like(p)
    g[np.arange(len(y)), y] = -1 / at(p, y)
    return g / len(p)


def changes_p_first(z, y):
    p = soft(z)
    p[np.arange(len(y)), y] -= 1
    return -np.log(at(p, y)).mean(), p / len(y)


def one_hot_expected(z, y):
    return -(y * np.log(soft(z))).sum(axis=1).mean(), (soft(z) - y) / len(z)


WRONG = {
    "C01 log(0)": (made(), ("right on small", "log(0)")),
    "C02 sum": (stable(loss=lambda lp, y: -at(lp, y).sum()), ("sum over the samples", "mean")),
    "C03 not over N": (stable(slope=lambda p, y: p - hot(p, y)), ("loss is right", "not divided by N")),
    "C04 twice": (made(p=lambda z: soft(soft(z))), ("softmax is taken twice",)),
    "C05 axis 0": (made(p=lambda z: soft(z.T).T), ("axis 0",)),
    "C06 no softmax": (made(p=lambda z: z), ("softmax is missing",)),
    "C07 p[:, labels]": (made(loss=lambda p, y: -np.log(p[:, y]).mean()), ("p[:, labels]", "N × N")),
    "C08 p[labels]": (made(loss=lambda p, y: -np.log(p[y]).mean()), ("p[labels]", "whole rows")),
    "C09 all classes": (made(loss=lambda p, y: -np.log(p).sum(1).mean()), ("all classes",)),
    "C10 over K too": (made(loss=lambda p, y: -(hot(p, y) * np.log(p)).mean()), ("K times too small",)),
    "C11 no minus": (made(loss=lambda p, y: np.log(at(p, y)).mean()), ("minus is missing",)),
    "C12 binary": (made(loss=binary), ("several sigmoids",)),
    "C13 1 - p": (made(loss=lambda p, y: (1 - at(p, y)).mean()), ("log is missing",)),
    "C14 base 2": (made(loss=lambda p, y: -np.log2(at(p, y)).mean()), ("base 2",)),
    "C15 base 10": (made(loss=lambda p, y: -np.log10(at(p, y)).mean()), ("base 10",)),
    "C16 largest": (made(loss=lambda p, y: -np.log(p.max(1)).mean()), ("largest probability",)),
    "C17 label as a factor": (
        made(loss=lambda p, y: -(np.log(p).sum(1) * y).mean()), ("multiplied as numbers",)),
    "C18 squared error": (made(loss=lambda p, y: ((p - hot(p, y)) ** 2).sum(1).mean()), ("squared error",)),
    "C19 no shift": (made(p=no_shift), ("right on small", "nan", "inf")),
    "C20 max of all": (made(p=lambda z: no_shift(z - z.max())), ("right on small", "0/0")),
    "C21 1e-12": (with_eps(1e-12), ("right on small", "small number added")),
    "C22 1e-9": (with_eps(1e-9), ("small number added",)),
    "C23 clip": (
        made(loss=lambda p, y: -np.log(np.clip(at(p, y), 1e-15, 1)).mean()), ("clipping",)),
    "C24 one loss a sample": (made(loss=lambda p, y: -np.log(at(p, y))), ("One loss a sample",)),
    "C25 N by N": (made(loss=lambda p, y: -np.log(p[:, y])), ("p[:, labels]",)),
    "C26 a number for each class": (
        made(loss=lambda p, y: -hot(p, y) * np.log(p)), ("A number for each class",)),
    "C27 y - p": (stable(slope=lambda p, y: (hot(p, y) - p) / len(p)), ("sign is turned round",)),
    "C28 no one taken off": (stable(slope=lambda p, y: p / len(p)), ("1 of the label is not taken off",)),
    "C29 label's entry only": (stable(slope=label_only), ("only the label's entry",)),
    "C30 -1/p": (stable(slope=minus_one_over_p), ("-1/p",)),
    "C31 over K": (stable(slope=lambda p, y: (p - hot(p, y)) / p.shape[1]), ("number of classes",)),
    "C32 over N K": (stable(slope=lambda p, y: (p - hot(p, y)) / p.size), ("N · K",)),
    "C33 columns lowered": (stable(slope=lowered_columns), ("whole columns",)),
    "C34 index as one-hot": (
        stable(slope=lambda p, y: (p - y[:, None]) / len(p)), ("label's number",)),
    "C35 sigmoid slope": (stable(slope=lambda p, y: p * (1 - p) / len(p)), ("p (1 - p)",)),
    "C36 squared error's slope": (
        stable(slope=lambda p, y: 2 * (p - hot(p, y)) / len(p)), ("factor 2",)),
    "C37 p changed too early": (changes_p_first, ("the loss",)),
    "C38 expects one-hot": (one_hot_expected, ("shapes do not fit", "say which class")),
    "C39 loss only": (lambda z, y: -at(log_soft(z), y).mean(), ("return two things",)),
    "C40 order": (lambda z, y: stable()(z, y)[::-1], ("wrong order",)),
    "C41 softmax twice, sum": (
        made(p=lambda z: soft(soft(z)), loss=lambda p, y: -np.log(at(p, y)).sum()), ("twice", "sum")),
    "C42 N - 1": (
        stable(loss=lambda lp, y: -at(lp, y).sum() / (len(y) - 1)), ("N - 1",)),
    "C43 labels from 1": (made(loss=lambda p, y: -np.log(at(p, y - 1)).mean()), ("do not take 1 off",)),
    "C44 entropy": (made(loss=lambda p, y: -(p * np.log(p)).sum(1).mean()), ("entropy",)),
    "C45 torch": (lambda z, y: F.cross_entropy(z, y), ("NumPy",)),  # noqa: F821
    "C46 sigmoid": (made(p=lambda z: 1 / (1 + np.exp(-z))), ("sigmoid",)),
    "C47 half": (stable(loss=lambda lp, y: -at(lp, y).mean() / 2), ("factor ½",)),
}  # fmt: skip


def by_loops(z, labels):
    n, k = z.shape
    loss, gradient = 0.0, np.zeros((n, k))
    for i in range(n):
        top = z[i].max()
        total = np.exp(z[i] - top).sum()
        loss += top + np.log(total) - z[i, labels[i]]
        for j in range(k):
            gradient[i, j] = (np.exp(z[i, j] - top) / total - (j == labels[i])) / n
    return loss / n, gradient


def by_logaddexp(z, labels):
    total = np.logaddexp.reduce(z, axis=1)
    p = np.exp(z - total[:, None])
    p[range(len(z)), labels] -= 1
    return np.average(total - z[range(len(z)), labels]), p / len(z)


def one_hot_sum(z, labels):
    lp, y = log_soft(z), hot(z, labels)
    return -np.sum(np.where(y == 1, lp, 0)) / len(z), ((np.exp(lp) - y) / len(z)).tolist()


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name):
    try_wrong(check_cross_entropy, WRONG[name])


@pytest.mark.parametrize("answer", [stable(), by_loops, by_logaddexp, one_hot_sum])
def test_right(answer):
    try_right(check_cross_entropy, answer)


def test_no_answers(no_answer):
    assert not check_cross_entropy(no_answer).passed
