"""Initializers, edited as students get them wrong: each row changes a right program."""

import pytest

from coursekit.exercises import check_he_normal, check_xavier_uniform
from tests.exercises.answers import rows, try_edited

XAVIER = """
def xavier_uniform(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    W = rng.uniform(-a, a, (fan_in, fan_out))
    return W
"""
A = "a = np.sqrt(6 / (fan_in + fan_out)) => a = "
W = "W = rng.uniform(-a, a, (fan_in, fan_out)) => W = "

XAVIER_ROWS = {
    "cube root": (A + "np.cbrt(6 / (fan_in + fan_out))", ("third root",)),
    "no root of the sum": (A + "np.sqrt(6) / (fan_in + fan_out)", ("root the whole",)),
    "minus": (A + "np.sqrt(6 / (fan_in - fan_out)) if fan_in > fan_out else np.sqrt(6 / (fan_out - fan_in))", ("|fan_in − fan_out|",)),
    "half the fans": (A + "np.sqrt(6 / ((fan_in + fan_out) / 2))", ("use 6",)),
    "2 in place of 6": (A + "np.sqrt(2 / (fan_in + fan_out))", ("standard deviation", "√6")),
    "1 in place of 6": (A + "np.sqrt(1 / (fan_in + fan_out))", ("√(1 / (fan_in + fan_out))",)),
    "4 in place of 6": (A + "np.sqrt(4 / (fan_in + fan_out))", ("√(4 / (fan_in + fan_out))",)),
    "9 in place of 6": (A + "np.sqrt(9 / (fan_in + fan_out))", ("√(9 / (fan_in + fan_out))",)),
    "LeCun": (A + "np.sqrt(3 / fan_in)", ("LeCun",)),
    "fan_in twice": (A + "np.sqrt(6 / (fan_in + fan_in))", ("LeCun", "both fans")[1:]),
    "fan_out twice": (A + "np.sqrt(6 / (2 * fan_out))", ("fan_out",)),
    "with a bias": (A + "np.sqrt(6 / (fan_in + fan_out + 1))", ("added to the sizes",)),
    "1/n": (A + "1 / fan_in", ("1 / fan_in",)),
    "1/n²": (A + "6 / (fan_in + fan_out) ** 2", ("square",)),
    "0.05": (A + "0.05", ("0.05 whatever", "Keras")),
    "0.02": (A + "0.02", ("0.02 whatever",)),
    "0.3": (A + "0.3", ("0.3 whatever",)),
    "gain √2": (A + "np.sqrt(2) * np.sqrt(6 / (fan_in + fan_out))", ("gain of √2",)),
    "std of He": (A + "np.sqrt(2 / fan_in)", ("√(2 / fan_in)",)),
    "of the product of roots": (A + "np.sqrt(6) / np.sqrt(fan_in * fan_out)", ("add them",)),
    "log": (A + "6 / np.log(fan_in + fan_out)", ("look at",)),
    "of max": (A + "np.sqrt(6 / max(fan_in, fan_out))", ("max(fan_in, fan_out)",)),
    "rand for uniform": (W + "rng.random((fan_in, fan_out)) * a", ("from -a to a",)),
    "rand twice, minus a half": (W + "rng.random((fan_in, fan_out)) * 2 * a - a / 2", ("-a to a", "-a / 2")[:1]),
    "2 rand - a": (W + "rng.random((fan_in, fan_out)) * 2 - a", ("lower end is right", "brackets")),
    "rand a - a": (W + "rng.random((fan_in, fan_out)) * a - a", ("lower end is right",)),
    "only size": (W + "rng.uniform(size=(fan_in, fan_out)) * a", ("from -a to a",)),
    "uniform(a, -a)": (W + "rng.uniform(a, -a, (fan_in, fan_out))", ("high - low < 0",)),
    "randn": (W + "rng.standard_normal((fan_in, fan_out)) * a", ("bell-shaped", "limit")),
    "normal of LeCun": (W + "rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)", ("bell-shaped",)),
    "truncated": (W + "np.clip(rng.standard_normal((fan_in, fan_out)) * a, -a, a)", ("clipped",)),
    "transposed": (W + "rng.uniform(-a, a, (fan_out, fan_in))", ("(fan_in, fan_out)",)),
    "one axis": (W + "rng.uniform(-a, a, fan_in)", ("(600,)",)),
    "a vector of columns": (W + "rng.uniform(-a, a, (fan_in, 1)) * np.ones((1, fan_out))", ("columns are alike",)),
    "np.random": (W + "np.random.default_rng(0).uniform(-a, a, (fan_in, fan_out))", ("fixed seed",)),
    "rounded": (W + "np.round(rng.uniform(-a, a, (fan_in, fan_out)), 2)", ("rounded",)),
    "integers": (W + "rng.integers(-1, 2, (fan_in, fan_out)) * a", ("interval", "whole numbers")[:1]),
    "mean first": (W + "rng.normal(a, 1, (fan_in, fan_out))", ("bell-shaped",)),
    "triangle": (W + "(rng.uniform(-a, a, (fan_in, fan_out)) + rng.uniform(-a, a, (fan_in, fan_out))) / 2", ("sum of two",)),
    "forgotten return": ("    return W\n => ", ("return is missing",)),
    "returns a": ("return W => return a", ("one number",)),
    "rng overwritten": (W + "np.random.RandomState(1).uniform(-a, a, (fan_in, fan_out))", ("fixed seed",)),
}  # fmt: skip

XAVIER_RIGHT = {
    "as it is": "",
    "product of roots": A + "np.sqrt(6) / np.sqrt(fan_in + fan_out)",
    "power": A + "(6 / (fan_in + fan_out)) ** 0.5",
    "by variance": A + "np.sqrt(3 * 2 / (fan_in + fan_out))",
    "by the mean fan": A + "np.sqrt(3 / ((fan_in + fan_out) / 2))",
    "2 random - 1": W + "(2 * rng.random((fan_in, fan_out)) - 1) * a",
    "keywords": W + "rng.uniform(low=-a, high=a, size=[fan_in, fan_out])",
    "columns": W + "np.stack([rng.uniform(-a, a, fan_in) for _ in range(fan_out)], axis=1)",
}

HE = """
def he_normal(fan_in, fan_out, rng):
    std = np.sqrt(2 / fan_in)
    W = rng.normal(0, std, (fan_in, fan_out))
    return W
"""
S = "std = np.sqrt(2 / fan_in) => std = "
N = "W = rng.normal(0, std, (fan_in, fan_out)) => W = "

HE_ROWS = {
    "cube root": (S + "np.cbrt(2 / fan_in)", ("third root",)),
    "variance": (S + "2 / fan_in", ("that is the variance",)),
    "upside down": (S + "np.sqrt(fan_in / 2)", ("upside down",)),
    "divides by √(2/n)": (N + "rng.standard_normal((fan_in, fan_out)) / std", ("upside down",)),
    "√2 / n": (S + "np.sqrt(2) / fan_in", ("root the whole",)),
    "1 / n": (S + "1 / fan_in", ("square root",)),
    "1 / √n": (S + "1 / np.sqrt(fan_in)", ("tanh",)),
    "both fans": (S + "np.sqrt(2 / (fan_in + fan_out))", ("Xavier",)),
    "half of both fans": (S + "np.sqrt(2 / ((fan_in + fan_out) / 2))", ("fan_in alone",)),
    "fan_out": (S + "np.sqrt(2 / fan_out)", ("fan_in",)),
    "1/√fan_out": (S + "np.sqrt(1 / fan_out)", ("take fan_in",)),
    "product": (S + "np.sqrt(2 / fan_in / fan_out)", ("fan_in alone",)),
    "with a bias": (S + "np.sqrt(2 / (fan_in + 1))", ("added to the sizes",)),
    "minus 1": (S + "np.sqrt(2 / (fan_in - 1)) * 1.05", ("should be",)),
    "0.05": (S + "0.05", ("0.05 whatever",)),
    "0.02": (S + "0.02", ("0.02 whatever",)),
    "0.2": (S + "0.2", ("0.2 whatever",)),
    "for 784": (S + "np.sqrt(2 / 784)", ("784",)),
    "leaky": (S + "np.sqrt(2 / (1 + 0.01 ** 2) / fan_in) * 0.9", ("0.9 times",)),
    "leaky 0.2": (S + "np.sqrt(2 / (1 + 0.2 ** 2) / fan_in)", ("leaky ReLU",)),
    "PyTorch's default": (S + "np.sqrt(2 / (1 + 5) / fan_in)", ("√(1/3 / fan_in)",)),
    "SELU's 3/4": (S + "np.sqrt(0.75 / fan_in)", ("√(0.75 / fan_in)",)),
    "3/n": (S + "np.sqrt(3 / fan_in)", ("limit",)),
    "rand": (N + "rng.random((fan_in, fan_out)) * std", ("0 to 1",)),
    "rand - 0.5": (N + "(rng.random((fan_in, fan_out)) - 0.5) * 2 * std", ("evenly",)),
    "He's uniform": (N + "rng.uniform(-np.sqrt(6 / fan_in), np.sqrt(6 / fan_in), (fan_in, fan_out))", ("He's uniform",)),
    "mean = std": (N + "rng.normal(std, std, (fan_in, fan_out))", ("mean", "should be 0")),
    "loc forgotten": (N + "rng.normal(std, size=(fan_in, fan_out))", ("first argument",)),
    "variance under normal": (N + "rng.normal(0, std ** 2, (fan_in, fan_out))", ("variance",)),
    "randn + std": (N + "rng.standard_normal((fan_in, fan_out)) + std", ("multipl",)),
    "exp": (N + "rng.exponential(std, (fan_in, fan_out))", ("no weight is negative",)),
    "laplace": (N + "rng.laplace(0, std, (fan_in, fan_out))", ("tails",)),
    "rounded": (N + "np.round(rng.normal(0, std, (fan_in, fan_out)), 1)", ("rounded",)),
    "gain twice": (S + "np.sqrt(2) * np.sqrt(2 / fan_in)", ("√(4 / fan_in)",)),
    "half the std": (S + "np.sqrt(2 / fan_in) / 2", ("√(0.5 / fan_in)",)),
    "transposed": (N + "rng.normal(0, std, (fan_out, fan_in))", ("(fan_in, fan_out)",)),
    "sizes as arguments": (N + "rng.normal(0, std, fan_in, fan_out)", ("one pair in brackets",)),
    "standard_normal of two": (N + "rng.standard_normal(fan_in, fan_out) * std", ("pair",)),
    "one row repeated": (N + "np.tile(rng.normal(0, std, fan_out), (fan_in, 1))", ("rows are alike",)),
    "one column repeated": (N + "np.tile(rng.normal(0, std, (fan_in, 1)), fan_out)", ("columns are alike",)),
    "global": (N + "np.random.standard_normal((fan_in, fan_out)) * std", ("np.random or another",)),
    "sqrt of W": (N + "np.sqrt(np.abs(rng.normal(0, 2 / fan_in, (fan_in, fan_out))))", ("no weight is negative",)),
    "shape with 1": (N + "rng.normal(0, std, (1, fan_in, fan_out))", ("(1, 600, 170)",)),
}  # fmt: skip

HE_RIGHT = {
    "as it is": "",
    "divide": S + "1 / np.sqrt(fan_in / 2)",
    "√2/√n": S + "np.sqrt(2) / np.sqrt(fan_in)",
    "standard_normal": N + "rng.standard_normal((fan_in, fan_out)) * std",
    "scale": N + "rng.normal(size=(fan_in, fan_out), scale=std)",
    "rows": N + "[rng.normal(0, std, fan_out) for _ in range(fan_in)]",
    "transposed back": N + "rng.normal(0, std, (fan_out, fan_in)).T",
    "float32": N + "rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(std)",
}


@pytest.mark.parametrize("row", rows(XAVIER_ROWS, XAVIER_RIGHT))
def test_xavier(row):
    try_edited(check_xavier_uniform, XAVIER, row)


@pytest.mark.parametrize("row", rows(HE_ROWS, HE_RIGHT))
def test_he(row):
    try_edited(check_he_normal, HE, row)
