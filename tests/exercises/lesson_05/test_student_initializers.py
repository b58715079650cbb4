"""Initial weights and a σ as students write them: other laws, other libraries' constants, other roots."""

import math

import numpy as np
import pytest

from coursekit.exercises import check_he_normal, check_sigma, check_xavier_uniform
from tests.exercises.answers import try_right, try_wrong


def normal(std):
    return lambda i, o, rng: rng.normal(0, std(i, o), (i, o))


def even(a):
    return lambda i, o, rng: rng.uniform(-a(i, o), a(i, o), (i, o))


def std(i, o):
    return math.sqrt(2 / i)


def limit(i, o):
    return math.sqrt(6 / (i + o))


def cut(at, width, wider=1.0):
    def draw(i, o, rng):
        z = rng.standard_normal((i, o))
        while (far := np.abs(z) > at).any():
            z[far] = rng.standard_normal(far.sum())
        return z * width(i, o) * wider

    return draw


HE_WRONG = {
    "I01 rand": (lambda i, o, rng: rng.random((i, o)) * std(i, o), ("rng.normal", "0 to 1")),
    "I02 rand - 0.5": (lambda i, o, rng: (rng.random((i, o)) - 0.5) * std(i, o), ("rng.normal", "evenly")),
    "I03 He's uniform": (even(lambda i, o: math.sqrt(6 / i)), ("rng.normal", "limit of He's uniform")),
    "I04 1/√n": (normal(lambda i, o: i**-0.5), ("√(1 / fan_in)", "double")),
    "I05 fan_out": (normal(lambda i, o: math.sqrt(2 / o)), ("√(2 / fan_out)", "fan_in")),
    "I06 Xavier": (normal(lambda i, o: math.sqrt(2 / (i + o))), ("Xavier",), ("cut",)),
    "I07 variance": (normal(lambda i, o: 2 / i), ("that is the variance",)),
    "I08 0.01": (normal(lambda i, o: 0.01), ("0.01 whatever the sizes",)),
    "I09 0.02": (normal(lambda i, o: 0.02), ("0.02 whatever the sizes",)),
    "I10 0.05": (normal(lambda i, o: 0.05), ("0.05 whatever the sizes",), ("√",)[1:]),
    "I11 0.1": (normal(lambda i, o: 0.1), ("0.1 whatever the sizes",)),
    "I12 1": (lambda i, o, rng: rng.standard_normal((i, o)), ("1 whatever the sizes",)),
    "I13 0.001": (normal(lambda i, o: 0.001), ("whatever the sizes",)),
    "I14 cut at 2": (cut(2, std), ("cut", "two standard deviations"), ("Xavier",)),
    "I15 cut at 1": (cut(1, std), ("cut",), ("Xavier",)),
    "I16 cut, 1/√n": (cut(2, lambda i, o: i**-0.5), ("cut", "√(1 / fan_in)")),
    "I17 cut, 0.05": (cut(2, lambda i, o: 0.05), ("cut",)),
    "I18 clipped": (lambda i, o, rng: np.clip(normal(std)(i, o, rng), -0.05, 0.05), ("clipped",)),
    "I19 absolute": (lambda i, o, rng: np.abs(normal(std)(i, o, rng)), ("no weight is negative",)),
    "I20 mean first": (
        lambda i, o, rng: rng.normal(std(i, o), 1, (i, o)), ("the first argument of rng.normal",)),
    "I21 root twice": (normal(lambda i, o: (2 / i) ** 0.25), ("fourth root", "twice")),
    "I22 both fans": (normal(lambda i, o: math.sqrt(2 / (i * o))), ("fan_in · fan_out", "fan_in alone")),
    "I23 upside down": (normal(lambda i, o: math.sqrt(i / 2)), ("upside down",)),
    "I24 times": (normal(lambda i, o: math.sqrt(2 * i)), ("do not multiply",)),
    "I25 2 outside": (normal(lambda i, o: 2 / math.sqrt(i)), ("2 belongs under the root",)),
    "I26 root of 2 only": (normal(lambda i, o: math.sqrt(2) / i), ("root the whole",)),
    "I27 √6": (normal(lambda i, o: math.sqrt(6 / i)), ("√(6 / fan_in)", "limit")),
    "I28 gain of tanh": (normal(lambda i, o: 5 / 3 * math.sqrt(1 / i)), ("should be",)),
    "I29 gain twice": (normal(lambda i, o: math.sqrt(2) * std(i, o)), ("2 belongs under the root",)),
    "I30 max of both": (normal(lambda i, o: math.sqrt(2 / max(i, o))), ("max(fan_in, fan_out)",)),
    "I31 half of both": (normal(lambda i, o: math.sqrt(4 / (i + o))), ("fan_in alone",)),
    "I32 transposed": (lambda i, o, rng: rng.normal(0, std(i, o), (o, i)), ("(170, 600)", "(600, 170)")),
    "I33 sizes from the other axis": (
        lambda i, o, rng: (W := rng.standard_normal((i, o))) * math.sqrt(2 / W.shape[1]), ("fan_out",)),
    "I34 0.8 times": (normal(lambda i, o: 0.8 * std(i, o)), ("0.8 times",)),
    "I35 log": (normal(lambda i, o: math.log(i) / o), ("the std of your weights", "look at")),
    "I36 global": (
        lambda i, o, rng: np.random.randn(i, o) * std(i, o), ("np.random or another generator",)),  # noqa: NPY002
    "I37 rng.randn": (lambda i, o, rng: rng.randn(i, o) * std(i, o), ("standard_normal",)),
    "I38 flat": (lambda i, o, rng: rng.normal(0, std(i, o), i * o), ("(102000,)",)),
    "I39 with biases": (lambda i, o, rng: (normal(std)(i, o, rng), np.zeros(o)), ("array of numbers",)),
    "I40 forgot return": (lambda i, o, rng: np.zeros(3).sort(), ("return is missing",), ("replace",)),
    "I41 seeded": (lambda i, o, rng: normal(std)(i, o, np.random.default_rng(42)), ("fixed seed",)),
    "I42 zeros": (lambda i, o, rng: np.zeros((i, o)), ("equal",)),
    "I43 Student's t": (lambda i, o, rng: rng.standard_t(3, (i, o)) * std(i, o), ("tails",)),
    "I44 integers": (lambda i, o, rng: np.sqrt(2 // i) * rng.standard_normal((i, o)), ("//",)),
    "I45 signs": (lambda i, o, rng: rng.choice([-1, 1], (i, o)) * std(i, o), ("rng.normal",)),
}  # fmt: skip

HE_RIGHT = {
    "loops": lambda i, o, rng: [[rng.normal(0, std(i, o)) for _ in range(o)] for _ in range(i)],
    "by variance": lambda i, o, rng: rng.standard_normal((i, o)) * (2.0 / i) ** 0.5,
    "float32": lambda i, o, rng: normal(std)(i, o, rng).astype(np.float32),
    "reshaped": lambda i, o, rng: rng.normal(0, std(i, o), i * o).reshape(i, o),
    "in place": lambda i, o, rng: np.multiply(z := rng.standard_normal((i, o)), std(i, o), out=z),
    "tuple": lambda i, o, rng: tuple(normal(std)(i, o, rng)),
    "many": lambda i, o, rng: rng.multivariate_normal([0.0], [[2 / i]], (i, o))[..., 0],
    "Keras's, widened again": cut(2, std, 1 / 0.87962566),
}

XAVIER_WRONG = {
    "I51 ±0.1": (even(lambda i, o: 0.1), ("0.1 whatever the sizes",), ("He",)),
    "I52 ±0.05": (even(lambda i, o: 0.05), ("0.05 whatever the sizes", "Keras")),
    "I53 ±0.07": (even(lambda i, o: 0.07), ("0.07 whatever the sizes",)),
    "I54 ±0.5": (even(lambda i, o: 0.5), ("0.5 whatever the sizes",)),
    "I55 ±0.088": (even(lambda i, o: 0.0883), ("compute it from the sizes",)),
    "I56 no root": (even(lambda i, o: 6 / (i + o)), ("root is missing",)),
    "I57 std": (even(lambda i, o: math.sqrt(2 / (i + o))), ("standard deviation",)),
    "I58 fan_in": (even(lambda i, o: math.sqrt(6 / i)), ("√(6 / fan_in)", "fan_out")),
    "I59 fan_out": (even(lambda i, o: math.sqrt(6 / o)), ("√(6 / fan_out)",)),
    "I60 1/√n": (even(lambda i, o: i**-0.5), ("1/√fan_in", "PyTorch")),
    "I61 √3": (even(lambda i, o: math.sqrt(3 / (i + o))), ("use 6",)),
    "I62 √12": (even(lambda i, o: math.sqrt(12 / (i + o))), ("√(12",)),
    "I63 root of 6 alone": (even(lambda i, o: math.sqrt(6) / (i + o)), ("root the whole",)),
    "I64 brackets": (even(lambda i, o: math.sqrt(6 / i + o)), ("brackets",)),
    "I65 6 outside": (even(lambda i, o: 6 / math.sqrt(i + o)), ("6 belongs under the root",)),
    "I66 upside down": (even(lambda i, o: math.sqrt((i + o) / 6)), ("upside down",)),
    "I67 product": (even(lambda i, o: math.sqrt(6 / (i * o))), ("add them",)),
    "I68 gain": (even(lambda i, o: 5 / 3 * limit(i, o)), ("5/3",)),
    "I69 for sigmoids": (even(lambda i, o: 4 * limit(i, o)), ("four times", "sigmoid")),
    "I70 rand": (lambda i, o, rng: rng.random((i, o)) * limit(i, o), ("from -a to a", "rng.random")),
    "I71 0 to a": (lambda i, o, rng: rng.uniform(0, limit(i, o), (i, o)), ("from -a to a",)),
    "I72 half": (
        lambda i, o, rng: (rng.random((i, o)) - 0.5) * limit(i, o), ("rng.random() - 0.5", "half")),
    "I73 brackets of the interval": (
        lambda i, o, rng: rng.random((i, o)) * 2 * limit(i, o) - 1, ("interval runs from -a to a",)),
    "I74 normal": (normal(lambda i, o: math.sqrt(2 / (i + o))), ("bell-shaped", "xavier_normal")),
    "I75 normal with the limit": (normal(limit), ("bell-shaped", "no standard deviation")),
    "I76 cut": (cut(2, lambda i, o: math.sqrt(2 / (i + o))), ("bell-shaped", "cut")),
    "I77 one end": (lambda i, o, rng: rng.uniform(-limit(i, o), size=(i, o)), ("Give both",)),
    "I78 transposed": (lambda i, o, rng: even(limit)(o, i, rng), ("(170, 600)",)),
    "I79 root twice": (even(lambda i, o: (6 / (i + o)) ** 0.25), ("twice",)),
    "I80 squared": (even(lambda i, o: (6 / (i + o)) ** 2), ("square",)),
    "I81 integers": (lambda i, o, rng: rng.integers(-1, 2, (i, o)) * limit(i, o), ("interval",)),
    "I82 global": (
        lambda i, o, rng: np.random.uniform(-limit(i, o), limit(i, o), (i, o)),  # noqa: NPY002
        ("np.random or another",)),
    "I83 0.9 times": (even(lambda i, o: 0.9 * limit(i, o)), ("0.9 times",)),
    "I84 own rule": (even(lambda i, o: math.log(i) / o), ("the limit of your weights", "look at")),
    "I85 list of fans": (lambda i, o, rng: rng.uniform(-limit(i, o), limit(i, o), [i + o]), ("(770,)",)),
    "I86 LeCun": (even(lambda i, o: math.sqrt(3 / i)), ("LeCun",)),
}  # fmt: skip

XAVIER_RIGHT = {
    "loops": lambda i, o, rng: [
        [rng.uniform(-limit(i, o), limit(i, o)) for _ in range(o)] for _ in range(i)
    ],
    "2a": lambda i, o, rng: (rng.random((i, o)) - 0.5) * 2 * limit(i, o),
    "float32": lambda i, o, rng: even(limit)(i, o, rng).astype(np.float32),
    "reshaped": lambda i, o, rng: rng.uniform(-limit(i, o), limit(i, o), i * o).reshape(i, o),
    "in place": lambda i, o, rng: np.multiply(z := rng.uniform(-1, 1, (i, o)), limit(i, o), out=z),
    "by average": lambda i, o, rng: rng.uniform(-1, 1, (o, i)).T * math.sqrt(3 / ((i + o) / 2)),
    "tuple": lambda i, o, rng: tuple(even(limit)(i, o, rng)),
}

N = 300
SIGMA_WRONG = {
    "2 / n": (2 / N, ("variance", "root")),
    "1 / n": (1 / N, ("variance", "root")),
    "√2 / n": (math.sqrt(2) / N, ("root the whole fraction",)),
    "2 / √n": (2 / math.sqrt(N), ("2 belongs under the root",)),
    "1 / √n": (1 / math.sqrt(N), ("tanh's rule",)),
    "1 / √(2n)": (1 / math.sqrt(2 * N), ("numerator",)),
    "√(6 / n)": (math.sqrt(6 / N), ("limit", "standard deviation")),
    "pixels": (math.sqrt(2 / 784), ("pixels",)),
    "both sizes": (math.sqrt(2 / (784 + N)), ("pixels",)),
    "layers": (math.sqrt(2 / 20), ("number of layers",)),
    "upside down": (math.sqrt(N / 2), ("upside down",)),
    "1": (1.0, ("too wide", "shrink")),
    "0.01": (0.01, ("σ = 0.12 of the spread", "larger")),
    "0.02": (0.02, ("σ = 0.24 of the spread", "larger")),
    "0.05": (0.05, ("σ = 0.61 of the spread", "larger")),
    "0.1": (0.1, ("45 ×", "smaller")),
    "0.06": (0.06, ("too narrow", "larger")),
    "0.12": (0.12, ("too wide", "smaller")),
    "0": (0.0, ("no spread", "larger")),
    "negative": (-0.08, ("never negative",)),
    "a function": (lambda: 0.08, ("not a function",)),
    "text": ("0.08", ("must be a number",)),
    "an array": (np.array([0.08, 0.09]), ("must be a number",)),
    "nan": (math.nan, ("finite",)),
    "squared": ((2 / N) ** 2, ("root",)),
}


@pytest.mark.parametrize("name", HE_WRONG)
def test_wrong_he(name):
    try_wrong(check_he_normal, HE_WRONG[name])


@pytest.mark.parametrize("name", HE_RIGHT)
def test_right_he(name):
    try_right(check_he_normal, HE_RIGHT[name])


@pytest.mark.parametrize("name", XAVIER_WRONG)
def test_wrong_xavier(name):
    try_wrong(check_xavier_uniform, XAVIER_WRONG[name])


@pytest.mark.parametrize("name", XAVIER_RIGHT)
def test_right_xavier(name):
    try_right(check_xavier_uniform, XAVIER_RIGHT[name])


@pytest.mark.parametrize("name", SIGMA_WRONG)
def test_wrong_sigma(name):
    try_wrong(check_sigma, SIGMA_WRONG[name])
