"""Softmax as students write it: slips of public questions and courses, each in its own words."""

import math

import numpy as np
import pytest

from coursekit.exercises import check_softmax
from tests.exercises.answers import try_right, try_wrong


def right(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def naive(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def over_columns(z):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=0)


def columns_both(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def over_all(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def no_keepdims(z):
    return np.exp(z) / np.sum(np.exp(z), axis=1)


def exp_of_all(z):
    return np.exp(z / np.sum(np.exp(z), axis=1, keepdims=True))


def into_whole_numbers(z):
    out = np.zeros_like(z)
    for i, row in enumerate(z):
        e = np.exp(row - row.max())
        out[i] = e / e.sum()
    return out


def in_place(z):
    z -= z.max(axis=1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def forgets_the_shift_below(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return np.exp(shifted) / np.exp(z).sum(axis=1, keepdims=True)


def clipped(z):
    return naive(np.clip(z, -500, 500))


def per_column_shift(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=1, keepdims=True)


def sigmoids(z):
    return 1 / (1 + np.exp(-z))


WRONG = {
    "S01 no shift": (naive, ("nothing is subtracted", "nan"), ("axis=0",)),
    "S02 columns": (over_columns, ("axis 0", "samples")),
    "S03 columns twice": (columns_both, ("axis 0",)),
    "S04 over everything": (over_all, ("over everything",)),
    "S05 no keepdims": (no_keepdims, ("shapes do not fit", "keepdims=True")),
    "S06 max over everything": (
        lambda z: naive(z - z.max()), ("right on small", "largest score of all", "0/0")),
    "S07 mean taken off": (
        lambda z: naive(z - z.mean(axis=1, keepdims=True)), ("mean of the row is taken off",)),
    "S08 min taken off": (
        lambda z: naive(z - z.min(axis=1, keepdims=True)), ("smallest score is taken off",)),
    "S09 divided by the max": (lambda z: naive(z / z.max(axis=1, keepdims=True)), ("subtract it",)),
    "S10 max minus z": (lambda z: naive(z.max(axis=1, keepdims=True) - z), ("max - z in place of",)),
    "S11 exp missing": (lambda z: z / z.sum(axis=1, keepdims=True), ("exp is missing",)),
    "S12 no division": (lambda z: np.exp(z), ("do not divide",)),
    "S13 sigmoid": (sigmoids, ("sigmoid",)),
    "S14 sigmoid and sum": (lambda z: sigmoids(z) / sigmoids(z).sum(1, keepdims=True), ("sigmoid",)),
    "S15 log softmax": (lambda z: np.log(right(z)), ("log of the probabilities",)),
    "S16 twice": (lambda z: right(right(z)), ("taken twice",)),
    "S17 argmax": (lambda z: np.eye(z.shape[1])[z.argmax(1)], ("argmax",)),
    "S18 argmax as numbers": (lambda z: z.argmax(1), ("One number a row", "all K")),
    "S19 whole numbers": (into_whole_numbers, ("whole numbers", "zeros_like")),
    "S20 in place": (in_place, ("changes an array",)),
    "S21 clip": (clipped, ("right on small", "cut off at a limit")),
    "S22 nan to 0": (lambda z: np.nan_to_num(naive(z)), ("replaced by 0", "hides")),
    "S23 shift of columns": (per_column_shift, ("of each column",)),
    "S24 sign": (lambda z: right(-z), ("sign of z is turned round",)),
    "S25 base 2": (lambda z: 2**z / (2**z).sum(1, keepdims=True), ("2 to the power",)),
    "S26 on its side": (lambda z: right(z).T, ("on its side", "a row a sample")),
    "S27 mean for sum": (
        lambda z: np.exp(z) / np.exp(z).mean(1, keepdims=True), ("by the mean of the row",)),
    "S28 absolute max": (
        lambda z: naive(z - np.abs(z).max(axis=1, keepdims=True)), ("without its sign",)),
    "S29 torch": (lambda z: np.exp(z) / np.exp(z).sum(dim=1), ("axis",)),
    "S30 library": (lambda z: z.softmax(1), ("function raised",)),
    "S31 scores over sum before exp": (exp_of_all, ("should be", "first row sums")),
    "S32 shift in one place only": (forgets_the_shift_below, ("numerator alone",)),
    "S33 spread divided": (
        lambda z: naive((z - z.mean(1, keepdims=True)) / z.std(1, keepdims=True)), ("temperature",)),
    "S34 percent": (lambda z: 100 * right(z), ("percent",)),
    "S35 math.exp": (lambda z: math.exp(z), ("function raised",)),
    "S36 columns and no exp": (lambda z: z / z.sum(axis=0), ("exp is missing", "axis 0")),
}  # fmt: skip


def by_loops(z):
    rows = []
    for row in z:
        top = max(row)
        powers = [math.exp(v - top) for v in row]
        rows.append([p / sum(powers) for p in powers])
    return rows


def by_logs(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))


def turned(z):
    e = np.exp(z.T - z.max(axis=1))
    return (e / e.sum(axis=0)).T


def in_float32(z):
    return right(z.astype(np.float32))


def with_a_little_more(z):
    e = np.exp(z - z.max(axis=-1)[:, None])
    return e / (e.sum(axis=-1)[:, None] + 1e-12)


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name):
    case = WRONG[name]
    try_wrong(check_softmax, (case[0], case[1], (*case[2:3], ())[0]))


@pytest.mark.parametrize("answer", [right, by_loops, by_logs, turned, in_float32, with_a_little_more])
def test_right(answer):
    try_right(check_softmax, answer)


def test_no_answers(no_answer):
    assert not check_softmax(no_answer).passed
